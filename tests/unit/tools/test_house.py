# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The house is as CONTRIBUTING.md draws it: a test stands where its code stands, under the same name."""

from __future__ import annotations

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
