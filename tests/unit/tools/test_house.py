# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The house is as CONTRIBUTING.md draws it: a test stands where its code stands, and arrows point one way."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PLUGINS, TESTS = ROOT / "plugins", ROOT / "tests" / "unit" / "plugins"
FILES = sorted(path for wing in ("module_utils", "plugin_utils") for path in (PLUGINS / wing).rglob("*.py"))


def beside(path: Path) -> Path:
    """Where the test of that file stands."""
    return TESTS / path.relative_to(PLUGINS).parent / f"test_{path.stem.lstrip('_')}.py"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PLUGINS)))
def test_each_file_has_its_test_beside_it(path: Path) -> None:
    test = beside(path)
    assert test.is_file(), f"write {test.relative_to(ROOT)}"
    text = test.read_text(encoding="utf-8")
    assert "def test_" in text and path.stem in text, f"{test.relative_to(ROOT)} does not test {path.stem}"


def test_there_are_files() -> None:
    assert len(FILES) > 100


#: From what knows nothing of the others to what knows most. A folder, or a file beside the folders.
ORDER = {
    "module_utils": ("_mail", "_ovh_api", "_ways", "_mailbox", "_argspec", "_line"),
    "plugin_utils": (
        "_process",
        "_routers",
        "_state",
        "_command",
        "_beyond_ppp",
        "_given",
        "_own_tasks",
        "_store",
        "_ways",
        "_ovh",
        "_preflight",
        "_messages",
        "_run",
        "_sites",
        "_lookup",
        "_inventory",
        "_task_given",
        "_unexpected",
    ),
}
IMPORTED = re.compile(r"ovhcloud\.plugins\.(module_utils|plugin_utils)(?:\.| import )(_\w+)")


def place(wing: str, name: str) -> int:
    """Of module_utils, most files beside the folders are tools of all: they come first."""
    if wing == "module_utils" and name not in ORDER[wing] and (PLUGINS / wing / f"{name}.py").is_file():
        return -1
    return ORDER[wing].index(name)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PLUGINS)))
def test_arrows_point_one_way(path: Path) -> None:
    wing, first = path.relative_to(PLUGINS).parts[:2]
    own = place(wing, Path(first).stem)
    for other, name in IMPORTED.findall(path.read_text(encoding="utf-8")):
        assert other == "module_utils" or wing == "plugin_utils", f"{other} is above {wing}"
        assert other != wing or place(wing, name) <= own, f"{name} is above {first}"


def test_each_place_is_there() -> None:
    for wing, names in ORDER.items():
        there = {path.stem for path in (PLUGINS / wing).glob("_*") if path.name != "__pycache__"}
        assert set(names) <= there and len(set(names)) == len(names)
        assert wing != "plugin_utils" or there == set(names)
