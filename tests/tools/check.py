# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the checks of this collection, one line for each.

A WORD picks the checks whose name or group starts with it (lint, build, ansible-2.21, sanity, ...); none picks all.
An interpreter that this machine lacks is skipped with a notice, and is a failure where CI=true or STRICT=1.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import workspace
from workspace import REQUIREMENTS, ROOT, CheckFailed, CheckSkipped, environment, run

ANSIBLE = {"2.19": "3.11", "2.20": "3.12", "2.21": "3.13"}  # ansible-core: the Python that it is tested with
INTEGRATION = ("2.19", "2.21")  # the oldest and the newest are enough
CLIENT = ROOT / "meta" / "ee-requirements.txt"
SANDBOX = ROOT / "tests" / "sandbox" / "ovh_api" / "requirements.txt"
UNIT = ROOT / "tests" / "unit" / "requirements.txt"


@dataclass(frozen=True)
class Check:
    """One line of the report."""

    name: str
    group: str
    run: Callable[[Tree], str | None]


@dataclass
class Tree:
    """The copy that all checks of one run look at, and what was made from it."""

    folder: Path
    _copy: Path | None = field(default=None)

    @property
    def collection(self) -> Path:
        if self._copy is None:
            self._copy = workspace.copy_collection(self.folder)
        return self._copy

    def command(self, binaries: Path, *words: str | Path, cwd: Path | None = None) -> str:
        """Run a program of that virtual environment in the copy."""
        env = environment(
            {"ANSIBLE_COLLECTIONS_PATH": str(self.folder), "ANSIBLE_HOME": str(self.folder / "home")}, path=binaries
        )
        return run([binaries / words[0], *words[1:]], cwd=cwd or self.collection, env=env)


def counted(pattern: str, text: str, what: str) -> str:
    """The number that PATTERN finds in a tool's output; none at all means that the tool looked at nothing."""
    found = re.search(pattern, text)
    if found is None or int(found[1]) == 0:
        raise CheckFailed(f"{text}\nlooked at no {what}: a check that checks nothing does not pass")
    return f"{found[1]} {what}"


# --- lint -----------------------------------------------------------------------------------------------------------


def lint_bin() -> Path:
    python = workspace.newest_python("3.13", "3.12", "3.11")
    return workspace.venv("lint", python, [REQUIREMENTS / "lint.txt", CLIENT])


def lint_environment(_tree: Tree) -> None:
    lint_bin()


def ruff_format(tree: Tree) -> str:
    return counted(
        r"(\d+) files? already", tree.command(lint_bin(), "ruff", "format", "--no-cache", "--check"), "files"
    )


def ruff_check(tree: Tree) -> None:
    if "No Python files" in (text := tree.command(lint_bin(), "ruff", "check", "--no-cache")):
        raise CheckFailed(text)


def mypy(tree: Tree, *paths: str, options: tuple[str, ...] = ()) -> str:
    settings = tree.collection / "pyproject.toml"
    options = ("--config-file", str(settings), "--cache-dir", str(workspace.VENVS / "mypy"), *options)
    folder = tree.collection.relative_to(tree.folder)
    where = [folder / path for path in paths]
    return counted(r"in (\d+) source", tree.command(lint_bin(), "mypy", *options, *where, cwd=tree.folder), "files")


def mypy_plugins(tree: Tree) -> str:
    return mypy(tree, "plugins")


def mypy_tests(tree: Tree) -> str:
    parts = ("tests/tools", "tests/sandbox/ovh_api", "tests/sandbox/router", "tests/sandbox/demo.py")
    return mypy(tree, *(part for part in parts if (tree.collection / part).exists()))


def yamllint(tree: Tree) -> None:
    tree.command(lint_bin(), "yamllint", "--strict", ".")


def reuse(tree: Tree) -> str:
    text = tree.command(lint_bin(), "reuse", "lint")
    return counted(r"Files with license information: (\d+)", text, "files")


def changelog(tree: Tree) -> None:
    tree.command(lint_bin(), "antsibull-changelog", "lint")


def docs(tree: Tree) -> None:
    options = ("--plugin-docs", "--validate-collection-refs", "all")
    tree.command(lint_bin(), "antsibull-docs", "lint-collection-docs", *options, ".")


def ansible_lint(tree: Tree) -> str:
    text = tree.command(lint_bin(), "ansible-lint", "--profile", "production", "--offline", "--strict", "-q")
    return text.strip().splitlines()[-1] if text.strip() else ""


# --- build ----------------------------------------------------------------------------------------------------------


def built(tree: Tree) -> Path:
    """The archive of this run; made by the check of that name, or by whoever needs it first."""
    folder = tree.folder / "built"
    if not folder.exists():
        tree.command(lint_bin(), "ansible-galaxy", "collection", "build", "--output-path", folder)
    return next(folder.glob("ownrouter-ovhcloud-*.tar.gz"))


def build(tree: Tree) -> str:
    archive = built(tree)
    target = tree.folder / "installed"
    tree.command(lint_bin(), "ansible-galaxy", "collection", "install", "--offline", "--force", "-p", target, archive)
    if not (target / "ansible_collections" / "ownrouter" / "ovhcloud" / "MANIFEST.json").exists():
        raise CheckFailed(f"{archive.name} did not install")
    return f"{archive.name}, {archive.stat().st_size // 1024} KiB"


# --- report ---------------------------------------------------------------------------------------------------------

CHECKS = [
    Check("lint environment", "lint", lint_environment),
    Check("ruff format", "lint", ruff_format),
    Check("ruff check", "lint", ruff_check),
    Check("mypy plugins", "lint", mypy_plugins),
    Check("mypy tests", "lint", mypy_tests),
    Check("yamllint", "lint", yamllint),
    Check("reuse", "lint", reuse),
    Check("changelog", "lint", changelog),
    Check("docs", "lint", docs),
    Check("ansible-lint", "lint", ansible_lint),
    Check("build and install", "build", build),
]


def report(check: Check, tree: Tree, strict: bool) -> str:
    """Run one check, print its line, and return passed, failed or skipped."""
    began = time.monotonic()
    log = ""
    try:
        outcome, note = "passed", check.run(tree) or ""
    except CheckSkipped as error:
        outcome, note = ("failed" if strict else "skipped"), str(error)
    except CheckFailed as error:
        outcome, note, log = "failed", "", str(error)
    print(f"{outcome:8}{check.name:34}{time.monotonic() - began:7.1f} s  {note}".rstrip(), flush=True)
    if log:
        print("\n".join(f"    {line}" for line in log.splitlines()), flush=True)
    return outcome


def reformat() -> None:
    """Rewrite the Python files of the work tree."""
    binaries = lint_bin()
    for words in (("check", "--fix", "--exit-zero", "--quiet"), ("format",)):
        print(run([binaries / "ruff", *words, "--no-cache"]), end="")


def demo() -> int:
    """Hand over to the demonstration, in an environment of its own; needs no git."""
    python = workspace.newest_python("3.11", "3.12", "3.13", "3.14")
    binaries = workspace.venv("demo", python, [REQUIREMENTS / "demo.txt", CLIENT, SANDBOX])
    command = [str(binaries / "python"), str(ROOT / "tests" / "sandbox" / "demo.py")]
    os.chdir(ROOT)
    os.execve(command[0], command, environment(path=binaries))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--list", action="store_true", help="print the checks and stop")
    parser.add_argument("word", nargs="*", help="start of a check's name or group")
    parser.add_argument("--build", action="store_true", help="leave the archive in the project's folder and stop")
    parser.add_argument("--demo", action="store_true", help="run the demonstration and stop")
    parser.add_argument(
        "--format", action="store_true", help="rewrite the Python files in the project's format and stop"
    )
    options = parser.parse_args()
    try:
        if options.demo:
            return demo()
        if options.format:
            reformat()
            return 0
    except (CheckFailed, CheckSkipped) as error:
        print(error, file=sys.stderr)
        return 1
    words = tuple(options.word)
    checks = [check for check in CHECKS if not words or check.name.startswith(words) or check.group.startswith(words)]
    if options.list or not checks:
        print("\n".join(f"{check.group:16}{check.name}" for check in checks or CHECKS))
        return 0 if checks else 2
    if options.build:
        checks = [check for check in CHECKS if check.group == "build"]
    strict = os.environ.get("CI") == "true" or os.environ.get("STRICT") == "1"
    with tempfile.TemporaryDirectory(prefix="ovhcloud-check-") as folder:
        tree = Tree(Path(folder).resolve())
        outcomes = [report(check, tree, strict) for check in checks]
        if options.build and "failed" not in outcomes:
            print(shutil.copy2(built(tree), ROOT))
    counts = {outcome: outcomes.count(outcome) for outcome in ("passed", "failed", "skipped")}
    print(f"{counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped")
    return 1 if counts["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
