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
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from xml.etree import ElementTree

import workspace
from workspace import REQUIREMENTS, ROOT, CheckFailed, CheckSkipped, environment, run

ANSIBLE = {"2.19": "3.11", "2.20": "3.12", "2.21": "3.13"}  # ansible-core: the Python that it is tested with
# All targets on the newest ansible-core, and the main job on the oldest: they take minutes.
INTEGRATION: dict[str, tuple[str, ...]] = {"2.19": ("role_flag",), "2.21": ()}
# Units on the oldest and the newest: what lies between gets the sanity tests, which import every module.
UNITS = ("2.19", "2.21")
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
    """One check's own copy of the collection, and what it makes there: checks run beside each other."""

    folder: Path
    collection: Path

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
    return workspace.venv("lint", python, [REQUIREMENTS / "lint.txt", CLIENT, SANDBOX])


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
    options = (
        "--config-file",
        str(settings),
        "--cache-dir",
        str(workspace.VENVS / "mypy" / tree.folder.name),
        *options,
    )
    folder = tree.collection.relative_to(tree.folder)
    where = [folder / path for path in paths]
    return counted(r"in (\d+) source", tree.command(lint_bin(), "mypy", *options, *where, cwd=tree.folder), "files")


def mypy_plugins(tree: Tree) -> str:
    return mypy(tree, "plugins")


def mypy_tests(tree: Tree) -> str:
    names = ("tools", "sandbox", "lab", "bench", "faults", "leaks", "platforms")
    folders = [tree.collection / "tests" / name for name in names]
    # Without what imports pytest: that is in the environments that run the tests, not in this one.
    found = sorted(path for folder in folders for path in folder.rglob("*.py"))
    files = [path for path in found if not re.search(r"(?m)^import pytest$", path.read_text(encoding="utf-8"))]
    return mypy(tree, *(str(path.relative_to(tree.collection)) for path in files))


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
    text = tree.command(lint_bin(), "ansible-lint", "--profile", "production", "--offline", "--strict", "--nocolor")
    return counted(r"in (\d+) files processed", text, "files")


# --- build ----------------------------------------------------------------------------------------------------------


def built(tree: Tree) -> Path:
    """The collection's archive."""
    folder = tree.folder / "built"
    tree.command(lint_bin(), "ansible-galaxy", "collection", "build", "--output-path", folder)
    archives = list(folder.glob("ownrouter-ovhcloud-*.tar.gz"))
    if len(archives) != 1:
        raise CheckFailed(f"ansible-galaxy made no ownrouter-ovhcloud archive, but {[*folder.iterdir()]}")
    return archives[0]


def build(tree: Tree) -> str:
    archive = built(tree)
    target = tree.folder / "installed"
    tree.command(lint_bin(), "ansible-galaxy", "collection", "install", "--offline", "--force", "-p", target, archive)
    if not (target / "ansible_collections" / "ownrouter" / "ovhcloud" / "MANIFEST.json").exists():
        raise CheckFailed(f"{archive.name} did not install")
    return f"{archive.name}, {archive.stat().st_size // 1024} KiB"


# --- galaxy-importer ------------------------------------------------------------------------------------------------


def galaxy_importer(tree: Tree) -> None:
    python = workspace.newest_python("3.13", "3.12")
    binaries = workspace.venv("importer", python, [REQUIREMENTS / "importer.txt"])
    archive = built(tree)
    text = tree.command(binaries, "python", "-m", "galaxy_importer.main", archive, cwd=archive.parent)
    # What it finds, it only says: its exit code tells nothing but whether the archive can be imported.
    if re.search(r"(?m)^(WARNING|ERROR)", text) or "processing completed successfully" not in text:
        raise CheckFailed(text)


# --- ansible-test ---------------------------------------------------------------------------------------------------


def ansible_bin(core: str) -> Path:
    """An environment with that ansible-core and all that units, integration and our modules import."""
    python = workspace.find_python(ANSIBLE[core])
    wanted: list[str | Path] = [f"ansible-core ~= {core}.0", REQUIREMENTS / "ansible.txt", CLIENT, SANDBOX, UNIT]
    binaries = workspace.venv(f"ansible-{core}", python, wanted)
    workspace.seed_get_pip(binaries)
    return binaries


def ansible_test(tree: Tree, core: str, command: str, *targets: str) -> str:
    binaries = ansible_bin(core)
    return tree.command(
        binaries,
        "ansible-test",
        command,
        "--local",
        *("--python", ANSIBLE[core], "--color", "no", "--truncate", "0"),
        *targets,
    )


def tests_run(tree: Tree, text: str) -> str:
    """How many tests ansible-test's JUnit files hold; a failing one has failed the command already."""
    ran = skipped = 0
    for file in (tree.collection / "tests" / "output" / "junit").glob("*.xml"):
        for suite in ElementTree.parse(file).iter("testsuite"):
            ran += int(suite.get("tests", "0"))
            skipped += int(suite.get("skipped", suite.get("disabled", "0")))
    if ran - skipped < 1:
        raise CheckFailed(f"{text}\nran no test: a check that checks nothing does not pass")
    return f"{ran} tests" + (f", {skipped} of them skipped" if skipped else "")


def prepare(core: str, _tree: Tree) -> None:
    ansible_bin(core)


def distinct(pattern: str, text: str, what: str) -> str:
    """How many different things of a kind ansible-test said that it ran."""
    names = set(re.findall(pattern, text))
    if not names:
        raise CheckFailed(f"{text}\nran no {what}: a check that checks nothing does not pass")
    return f"{len(names)} {what}"


def sanity(core: str, tree: Tree) -> str:
    return distinct(r'(?m)^Running sanity test "?([a-z0-9-]+)', ansible_test(tree, core, "sanity"), "tests")


def units(core: str, tree: Tree) -> str:
    return tests_run(tree, ansible_test(tree, core, "units"))


def integration(core: str, tree: Tree) -> str:
    text = ansible_test(tree, core, "integration", *INTEGRATION[core])
    targets = distinct(r"(?m)^Running (\S+) integration test role", text, "targets")
    return f"{targets}, {tests_run(tree, text)}"


# --- a real line ----------------------------------------------------------------------------------------------------


def line(tree: Tree) -> str:
    """The end-to-end tests in user-mode Linux guests, on the newest ansible-core that this machine can run."""
    sys.path.insert(0, str(ROOT / "tests"))
    from lab import needs

    try:
        needs.check()
    except needs.Unavailable as error:
        raise CheckSkipped(str(error)) from error
    return pytest_folder(tree, "lab", {"LAB_COLLECTIONS": str(tree.folder)})


def newest_ansible() -> tuple[str, Path]:
    """The newest ansible-core that this machine can run, and its programs."""
    reasons: list[str] = []
    for core in sorted(ANSIBLE, key=lambda core: [int(number) for number in core.split(".")], reverse=True):
        try:
            return core, ansible_bin(core)
        except CheckSkipped as error:
            reasons.append(str(error))
    raise CheckSkipped(reasons[-1])


def pytest_folder(tree: Tree, name: str, extra: dict[str, str], *options: str) -> str:
    """Run the tests of a folder below tests/ on the newest ansible-core."""
    core, binaries = newest_ansible()
    words = ("-B", "-m", "pytest", "-q", "-p", "no:cacheprovider", "--color=no", *options, f"tests/{name}")
    text = run([binaries / "python", *words], cwd=tree.collection, env=environment(extra, path=binaries))
    passed = counted(r"(\d+) passed", text, "tests")
    return f"{passed}, on ansible-core {core}"


# --- the routers ----------------------------------------------------------------------------------------------------


def platforms(tree: Tree) -> str:
    """Each platform of the role against its router, real or played."""
    sys.path.insert(0, str(ROOT / "tests"))
    from platforms.needs import missing_packages

    if packages := missing_packages():
        raise CheckSkipped(f"apt-get install -y --no-install-recommends {' '.join(packages)}")
    others = workspace.collections(*newest_ansible())
    extra = {"PLATFORMS_COLLECTIONS": str(tree.folder), "PLATFORMS_OTHERS": str(others)}
    return pytest_folder(tree, "platforms", extra, "-n", "2")


# --- a real mail server ---------------------------------------------------------------------------------------------


def imap(tree: Tree) -> str:
    """The IMAP source against a private Dovecot."""
    sys.path.insert(0, str(ROOT / "tests" / "sandbox"))
    from mailserver import dovecot

    if lack := dovecot.missing():
        raise CheckSkipped(lack)
    return pytest_folder(tree, "imap", {})


# --- faults ---------------------------------------------------------------------------------------------------------


def fault_matrix(tree: Tree) -> str:
    """The promises of the fault matrix, and a few kills: the rest of both is behind --soak."""
    return pytest_folder(tree, "faults", {})


# --- secrets --------------------------------------------------------------------------------------------------------


def leaks_bin() -> Path:
    python = workspace.newest_python("3.13", "3.12", "3.11")
    return workspace.venv("leaks", python, [REQUIREMENTS / "leaks.txt", CLIENT, SANDBOX])


def leaks(tree: Tree) -> str:
    """Where secrets are kept, how they are handed over, and that they are nowhere else."""
    binaries = leaks_bin()
    words = ("-B", "-m", "pytest", "-q", "-p", "no:cacheprovider", "--color=no", "tests/leaks")
    text = run([binaries / "python", *words], cwd=tree.collection, env=environment(path=binaries))
    searched = re.findall(r"(?m)^searched .*$", text)
    return "; ".join([counted(r"(\d+) passed", text, "tests"), *searched])


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
    Check("galaxy-importer", "build", galaxy_importer),
]
# The long ones first: two run at a time, and none should be left over at the end.
CHECKS.append(Check("real PPPoE line", "line", line))
CHECKS.append(Check("leaks", "leaks", leaks))
CHECKS.append(Check("fault matrix", "faults", fault_matrix))
CHECKS.append(Check("platforms", "platforms", platforms))
CHECKS.append(Check("IMAP source", "imap", imap))
for version in reversed(ANSIBLE):
    group = f"ansible-{version}"
    CHECKS.append(Check(f"{group} environment", group, partial(prepare, version)))
    if version in INTEGRATION:
        CHECKS.append(Check(f"{group} integration", group, partial(integration, version)))
    if version in UNITS:
        CHECKS.append(Check(f"{group} units", group, partial(units, version)))
    CHECKS.append(Check(f"{group} sanity", group, partial(sanity, version)))


def report(check: Check, snapshot: Path, strict: bool) -> str:
    """Run one check on a copy of the snapshot, print its line, and return passed, failed or skipped."""
    began = time.monotonic()
    log = ""
    folder = snapshot.parent / re.sub(r"\W+", "-", check.name)
    try:
        shutil.copytree(snapshot, folder, symlinks=True)
        tree = Tree(folder, folder / workspace.COLLECTION)
        outcome, note = "passed", check.run(tree) or ""
    except CheckSkipped as error:
        outcome, note = ("failed" if strict else "skipped"), str(error)
    except CheckFailed as error:
        outcome, note, log = "failed", "", str(error)
    except Exception:  # a check that breaks has failed, and the others still run
        outcome, note, log = "failed", "", traceback.format_exc()
    said = f"{outcome:8}{check.name:34}{time.monotonic() - began:7.1f} s  {note}".rstrip()
    print("\n".join([said, *(f"    {line}" for line in log.splitlines())]), flush=True)
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


def bench() -> int:
    """Hand over to the measurement of the outage, in the demonstration's environment."""
    python = workspace.newest_python("3.11", "3.12", "3.13", "3.14")
    binaries = workspace.venv("demo", python, [REQUIREMENTS / "demo.txt", CLIENT, SANDBOX])
    command = [str(binaries / "python"), "-B", "-m", "bench", "--out", "docs/outage.md"]
    os.chdir(ROOT)
    os.execve(command[0], command, environment({"PYTHONPATH": str(ROOT / "tests")}, path=binaries))


def soak() -> int:
    """Fuzz for five minutes, then hand over to the whole fault matrix and the many kills."""
    _core, binaries = newest_ansible()
    with tempfile.TemporaryDirectory(prefix="ovhcloud-fuzz-") as folder:
        workspace.copy_collection(Path(folder))
        path = f"{folder}:tests:tests/sandbox"
        fuzz: list[str | Path] = [binaries / "python", "-B", "-m", "leaks.fuzz", "300"]
        print(run(fuzz, cwd=ROOT, env=environment({"PYTHONPATH": path}, path=binaries)), end="", flush=True)
    command = [str(binaries / "python"), "-B", "-m", "faults", "--soak"]
    os.chdir(ROOT)
    os.execve(command[0], command, environment({"PYTHONPATH": "tests:tests/sandbox"}, path=binaries))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--list", action="store_true", help="print the checks and stop")
    jobs = max(1, min(2, os.cpu_count() or 1))
    parser.add_argument(
        "--jobs", type=int, default=jobs, metavar="N", help="run N checks at a time (here: %(default)s)"
    )
    parser.add_argument("word", nargs="*", help="start of a check's name or group")
    parser.add_argument("--build", action="store_true", help="leave the archive in the project's folder and stop")
    parser.add_argument("--demo", action="store_true", help="run the demonstration and stop")
    parser.add_argument("--bench", action="store_true", help="measure the outage, write docs/outage.md, and stop")
    parser.add_argument("--soak", action="store_true", help="run the whole fault matrix and 50 kills, and stop")
    parser.add_argument(
        "--format", action="store_true", help="rewrite the Python files in the project's format and stop"
    )
    options = parser.parse_args()
    try:
        if options.demo:
            return demo()
        if options.bench:
            return bench()
        if options.soak:
            return soak()
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
        checks = [check for check in CHECKS if check.name == "build and install"]
    signal.signal(signal.SIGTERM, lambda *_unused: sys.exit(143))  # so that what was started ends, too
    strict = os.environ.get("CI") == "true" or os.environ.get("STRICT") == "1"
    with tempfile.TemporaryDirectory(prefix="ovhcloud-check-") as folder:
        snapshot = Path(folder).resolve() / "snapshot"
        workspace.copy_collection(snapshot)
        with ThreadPoolExecutor(options.jobs) as pool:
            try:
                outcomes = list(pool.map(lambda check: report(check, snapshot, strict), checks))
            except BaseException:  # interrupted: what waits is not begun, what runs ends
                pool.shutdown(wait=False, cancel_futures=True)
                workspace.stop_all()
                raise
        if options.build and "failed" not in outcomes:
            print(shutil.copy2(next(snapshot.parent.glob("*/built/*.tar.gz")), ROOT))
    counts = {outcome: outcomes.count(outcome) for outcome in ("passed", "failed", "skipped")}
    print(f"{counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped")
    return 1 if counts["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
