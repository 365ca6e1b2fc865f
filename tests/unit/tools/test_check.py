# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The program behind `make test`: what a machine lacks is named with what gets it, and nothing skipped is green."""

from __future__ import annotations

import inspect
import os
import subprocess
import sys
from pathlib import Path

import pytest

TOOLS = Path(__file__).resolve().parents[2] / "tools"
sys.path.insert(0, str(TOOLS))

# E402: found on the path that is set just above.
import check  # noqa: E402
import checks  # noqa: E402
import needs  # noqa: E402
import plan  # noqa: E402
import workspace  # noqa: E402

NAMES = {one.name for one in plan.CHECKS}


def bare(tmp_path, *programs):
    """Runs check.py where PATH has only these."""
    for name, text in programs:
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)
    home = {"PATH": str(tmp_path), "HOME": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}

    def run(*words):
        command = [sys.executable, str(TOOLS / "check.py"), *words]
        return subprocess.run(command, env=home, capture_output=True, text=True, check=False)

    return run


@pytest.mark.parametrize("words", [(), ("--quick",), ("ruff",), ("--build",)])
def test_without_git_it_says_so_and_fails(tmp_path, words):
    done = bare(tmp_path)(*words)
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr.startswith("Nothing was checked, because this machine lacks:\n")
    assert "git" in done.stderr and f"{needs.INSTALL} git" in done.stderr
    assert "Traceback" not in done.stderr


def test_all_that_a_bare_machine_lacks_is_told_at_once(monkeypatch):
    monkeypatch.setattr(needs, "SYSTEM_PATH", "/nonexistent")
    monkeypatch.setattr(needs.shutil, "which", lambda *_words, **_more: None)
    monkeypatch.setattr(needs.sys, "executable", "/nonexistent/python3")
    monkeypatch.setattr(needs, "homes", list)
    monkeypatch.setattr(needs, "becoming_root", lambda: ("sudo ", ""))
    monkeypatch.setattr(needs.os, "geteuid", lambda: 1000)
    said = check.lacking(plan.CHECKS, [])
    command = next(line for line in said.splitlines() if needs.INSTALL in line)
    assert command.startswith(f"  sudo {needs.INSTALL} ")
    for package in ("git", "ppp", "dovecot-imapd", "strace", "openssh-server", "fish", "busybox-static"):
        assert f" {package} " in f"{command} "
    for version in ("3.11", "3.12", "3.13"):
        assert f"Python {version}" in said and f"pyenv install {version}" in said
    assert "stands beside it:\n  Python 3.11, Python 3.12, Python 3.13\nThen:\n" in said
    assert "root" in said and "Then:\n  sudo make test\n" in said and said.endswith("  make quick")


def test_quick_needs_neither_root_nor_debian(monkeypatch):
    monkeypatch.setattr(needs.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(needs, "SYSTEM_PATH", "/nonexistent")
    assert not [
        lack for lack in needs.missing(need for one in plan.quick() for need in one.needs) if lack.what == "root"
    ]
    assert not any(lack.package for lack in needs.missing(need for one in plan.quick() for need in one.needs))


def python(folder, said, code=0):
    path = folder / "python3.11"
    path.write_text(f"#!/bin/sh\necho '{said}'\nexit {code}\n")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize(
    ("system", "packages", "package"),
    [
        ("/usr/bin/python3.11", ("python3.11-venv",), "python3-venv"),
        ("/usr/bin/python3.12", ("python3.11-venv",), "python3.11-venv"),
        ("/usr/bin/python3", (), "python3-venv"),
    ],
)
def test_a_python_without_venv_is_told_with_its_package(tmp_path, monkeypatch, system, packages, package):
    found = python(tmp_path, "3.11 /usr/bin/python3.11", 1)
    monkeypatch.setattr(needs.shutil, "which", lambda *_words, **_more: str(found))
    monkeypatch.setattr(needs, "homes", list)
    monkeypatch.setattr(needs, "packaged", lambda name: name in packages)
    monkeypatch.setattr(needs.os.path, "realpath", lambda _path: system)
    with pytest.raises(needs.Missing) as missing:
        needs.find_python("3.11")
    assert str(missing.value) == f"Python 3.11's venv module: {needs.INSTALL} {package}"


@pytest.mark.parametrize("place", [".pyenv/versions/3.11.9/bin/python", ".local/bin/python3.11"])
def test_under_sudo_the_interpreters_of_the_caller_are_found(tmp_path, monkeypatch, place):
    (tmp_path / place).parent.mkdir(parents=True)
    python(tmp_path, "3.11 /there/python3.11").rename(tmp_path / place)
    monkeypatch.setattr(needs.shutil, "which", lambda *_words, **_more: None)
    monkeypatch.setattr(needs.sys, "executable", "/nonexistent/python3")
    monkeypatch.setattr(needs, "homes", lambda: [tmp_path])
    assert needs.find_python("3.11") == Path("/there/python3.11")


def test_a_folder_that_git_does_not_know_is_no_traceback(tmp_path, monkeypatch):
    monkeypatch.setattr(needs, "ROOT", tmp_path)
    assert "git clone" in str(needs.clone()[0])
    with pytest.raises(needs.Missing):
        workspace.copy_collection(tmp_path / "copy")


def test_a_whole_name_picks_that_check_alone():
    assert [one.name for one in check.picked(["ansible-2.21 integration"])] == ["ansible-2.21 integration"]
    assert {one.name for one in check.picked(["ansible-2.21"])} > {"ansible-2.21 sanity", "ansible-2.21 units"}
    assert {one.name for one in check.picked([])} == NAMES


def test_what_make_test_leaves_out_is_in_make_soak():
    halves = [one.run.func.__name__ for one in plan.CHECKS if getattr(one.run, "args", ())[:1] == ("not soak",)]
    soak = inspect.getsource(check.soak)
    assert len(halves) >= 8
    assert [name for name in halves if f'{name}("soak", tree)' not in soak] == []
    # Promises of the role, unit tests of modules, the rest of the fault matrix: those have no such half.
    for whole in ("scenarios(tree)", "module_units(tree)", "pure_units(tree, search=True)", '"faults", "--soak"'):
        assert whole in soak
    assert set(checks.UNITS[checks.OLDEST][:-1]) < set(checks.MODULES)
    assert {Path(one).name for one in checks.MODULES} > set(checks.BY_FAULTS)


def test_a_failing_check_says_how_it_is_repeated_alone(tmp_path, monkeypatch, capsys):
    (tmp_path / "snapshot").mkdir()
    monkeypatch.delenv("SUDO_UID", raising=False)

    def broken(_tree):
        raise workspace.CheckFailed("found something")

    outcome = check.report(plan.Check("mypy tests", "lint", 1, broken, ()), tmp_path / "snapshot")
    assert not outcome.passed
    printed = capsys.readouterr().out
    assert "found something" in printed and "check.py 'mypy tests'" in printed
    assert check.picked(["mypy tests"])[0].name == "mypy tests"


def test_the_slowest_are_told_at_the_end():
    outcomes = [check.Outcome(f"check {number}", number != 3, float(number)) for number in range(9)]
    first, *others = check.summary(outcomes).splitlines()
    assert first == "slowest: check 8 8 s, check 7 7 s, check 6 6 s, check 5 5 s, check 4 4 s"
    assert others[0].startswith("failed: ") and "'check 3'" in others[0] and others[-1] == "8 passed, 1 failed"


def test_why_a_check_failed_is_told_at_the_end():
    log = "\n".join(["E   assert 2 == 1", "FAILED tests/a.py::test_b", *["teardown"] * 50])
    lines = check.summary([check.Outcome("one", False, 1.0, log), check.Outcome("two", False, 1.0, "a\n" * 50)])
    assert lines.splitlines()[2:4] == ["    E   assert 2 == 1", "    FAILED tests/a.py::test_b"]
    assert lines.splitlines()[5:-1] == ["    a"] * check.LAST


def test_a_skipped_test_is_a_failure(tmp_path):
    import checks

    folder = tmp_path / "tests" / "output" / "junit"
    folder.mkdir(parents=True)
    case = '<testcase name="test_it"><skipped message="no real uci"/></testcase>'
    (folder / "x.xml").write_text(f'<testsuites><testsuite><testcase name="other"/>{case}</testsuite></testsuites>')
    with pytest.raises(workspace.CheckFailed, match="test_it: no real uci"):
        checks.tests_run(checks.Tree(tmp_path, tmp_path), "")


def test_sudo_leaves_the_environments_to_its_caller(tmp_path, monkeypatch):
    (tmp_path / "venv" / "lint").mkdir(parents=True)
    (tmp_path / "venv" / "lint" / "file").write_text("")
    given = []
    monkeypatch.setattr(workspace, "VENVS", tmp_path / "venv")
    monkeypatch.setattr(workspace.os, "geteuid", lambda: 0)
    monkeypatch.setattr(workspace.os, "chown", lambda path, uid, gid, **_more: given.append((Path(path), uid, gid)))
    monkeypatch.setitem(os.environ, "SUDO_UID", "1000")
    monkeypatch.setitem(os.environ, "SUDO_GID", "1001")
    workspace.give_back()
    assert {(tmp_path / "venv" / name, 1000, 1001) for name in ("", "lint", "lint/file")} == set(given)


def test_what_the_demonstration_lacks_is_told_with_how_to_go_on(monkeypatch, capsys):
    def main():
        raise needs.Missing([needs.Lack("Python 3.11's venv module", "python3-venv")])

    monkeypatch.setattr(check, "main", main)
    monkeypatch.setattr(check.signal, "signal", lambda *_unused: None)
    monkeypatch.setattr(workspace, "give_back", lambda: None)
    assert check.guarded() == 1
    lines = capsys.readouterr().err.splitlines()
    how = f"Python 3.11's venv module: {needs.INSTALL} python3-venv"
    assert lines == ["This machine lacks:", how, "Then run the same command again."]
