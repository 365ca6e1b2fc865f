# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The package ovh: old, missing, broken, or another Python's."""

from __future__ import annotations

import importlib.machinery
import importlib.metadata
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api import library

COLLECTIONS = Path(__file__).resolve().parents[8]


@pytest.mark.parametrize("version", ["1.1.0", "broken"])
def test_a_library_that_is_old_or_broken(tmp_path, version):
    """Another Python's package does not count: the message has the one that runs, and the command for it."""
    package = tmp_path / "ovh"
    package.mkdir()
    (package / "__init__.py").write_text("import no_such_module\n" if version == "broken" else "", encoding="utf-8")
    for name in () if version == "broken" else ("client", "config"):
        (package / f"{name}.py").write_text("", encoding="utf-8")
    marks = tmp_path / f"ovh-{'1.2.0' if version == 'broken' else version}.dist-info"
    marks.mkdir()
    (marks / "METADATA").write_text(f"Metadata-Version: 2.1\nName: ovh\nVersion: {marks.name[4:9]}\n", encoding="utf-8")
    words = (
        "from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api import client, library\n"
        "from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure\n"
        "print(library.here())\n"
        "try: client.connect({'endpoint': 'ovh-eu'})\n"
        "except Failure as failure: print(failure.code, failure.message)\n"
    )
    path = os.pathsep.join([str(tmp_path), str(COLLECTIONS)])
    done = subprocess.run(
        [sys.executable, "-c", words],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    here, _line, said = done.stdout.partition("\n")
    assert here == "False" and said.startswith("missing_library The Python package ovh")
    assert f"Install it ({sys.executable} -m pip install 'ovh>=1.2.0')." in said, said
    why = {"1.1.0": "ovh 1.1.0 is too old", "broken": "(No module named 'no_such_module')"}
    assert why[version] in said, said


def test_a_library_that_is_missing(monkeypatch):
    def none(name):
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "version", none)
    said = library.missing(ImportError("No module named 'ovh'")).message
    assert said.startswith(f"The Python package ovh is missing, in the Python that runs this: {sys.executable}, on")


def test_the_library_that_is_there():
    assert library.here()


@pytest.mark.parametrize(
    ("version", "why"),
    [
        ("1.1.9", "ovh 1.1.9 is too old"),
        ("1.2.0", "ovh 1.2.0 cannot be imported (no such thing)"),
        ("1.10.0", "ovh 1.10.0 cannot be imported"),
    ],
)
def test_which_version_is_too_old(monkeypatch, version, why):
    monkeypatch.setattr(importlib.metadata, "version", lambda _name: version)
    assert f"The Python package {why}" in library.missing(ImportError("no such thing")).message


def test_a_file_of_that_name_is_not_the_library(monkeypatch):
    for spec in (None, importlib.machinery.ModuleSpec("ovh", None)):
        monkeypatch.setattr(importlib.util, "find_spec", lambda _name, spec=spec: spec)
        assert library.here() is False
