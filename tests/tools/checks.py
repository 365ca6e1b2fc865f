# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is checked: one function for each check."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from xml.etree import ElementTree

import docsite
import workspace
from needs import Missing, find_python, newest_python
from workspace import REQUIREMENTS, ROOT, CheckFailed, environment, run

ANSIBLE = {"2.19": "3.11", "2.20": "3.12", "2.21": "3.13"}  # ansible-core: the Python that it is tested with
OLDEST = min(ANSIBLE)  # as text: all are 2.1x and 2.2x
# What community.routeros speaks with: the least release that the driver takes, and the newest.
LIBROUTEROS = {"2.19": "librouteros == 3.2.1"}
# On the newest ansible-core, in two checks: one would outlast all others. What the oldest does with modules and role,
# the fault matrix sees: it runs there. A target leaves out promises that another folder keeps in `make test`, too;
# `make soak` has all of them (scenarios). (ansible-core, the check's name, its seconds, ansible-test's words)
INTEGRATION: list[tuple[str, str, int, tuple[str, ...]]] = [
    ("2.21", "integration", 250, ("--exclude", "role_mails")),
    ("2.21", "integration of mails", 110, ("role_mails",)),
]
# The oldest gets the tests of each module's and action's own behaviour. Pure functions, the ways to OVHcloud, the
# reading of mails and the local API know nothing of ansible-core: once is enough. What lies between gets sanity.
# Two of the modules are in each cell of the fault matrix, on the oldest as well: their tests are there for `make soak`.
# (ansible-core: ansible-test's words)
MODULES = [str(path.relative_to(ROOT)) for path in sorted(ROOT.glob("tests/unit/plugins/modules/test_xdsl_*.py"))]
BY_FAULTS = ("test_xdsl_ppp_login_mail.py", "test_xdsl_ppp_credentials_info.py")
# Besides, the API of RouterOS: another librouteros, and a Python whose TLS is less strict.
UNITS: dict[str, tuple[str, ...]] = {
    "2.19": (
        *(path for path in MODULES if not path.endswith(BY_FAULTS)),
        "tests/unit/plugins/plugin_utils/_routers/routeros/test_api.py",
    ),
    "2.21": (),
}
# Every sanity test on the newest. On the others what asks ansible-core itself, and not a linter of the same files; on
# the oldest, whose Python is the oldest, each file is imported as well. (ansible-core: ansible-test's words)
ASKING = tuple(f"--test={name}" for name in ("ansible-doc", "runtime-metadata", "validate-modules"))
SANITY: dict[str, tuple[str, ...]] = {"2.19": ("--test=import", *ASKING), "2.20": ASKING}
CLIENT = ROOT / "meta" / "ee-requirements.txt"
SANDBOX = ROOT / "tests" / "sandbox" / "ovh_api" / "requirements.txt"
UNIT = ROOT / "tests" / "unit" / "requirements.txt"
# The Pythons that the tools run on, the best first.
LINT = ("3.13", "3.12", "3.11")
IMPORTER = ("3.13", "3.12")


def had(get: Callable[[], Path]) -> Path:
    """What a folder of tests unpacks for itself, out of Debian's packages."""
    try:
        return get()
    except RuntimeError as error:
        raise CheckFailed(str(error)) from None


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
    return workspace.venv("lint", newest_python(*LINT), [REQUIREMENTS / "lint.txt", CLIENT, SANDBOX])


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
    names = (
        "tools",
        "sandbox",
        "demo.py",
        "lab",
        "bench",
        "fleets",
        "faults",
        "leaks",
        "mutation",
        "platforms",
        "provisioning",
        "role",
        "routers",
        "tutorials",
        "ways",
    )
    folders = [tree.collection / "tests" / name for name in names]
    # Without tests, and what imports pytest: that is in the environments that run the tests, not in this one.
    every = sorted(path for place in folders for path in (place.rglob("*.py") if place.is_dir() else [place]))
    found = [path for path in every if not path.name.startswith(("test_", "conftest"))]
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


def docs_site(tree: Tree) -> str:
    """The docs site, without a warning: each link of each page leads somewhere."""
    site = tree.folder / "site"
    site.mkdir()
    return docsite.build(tree.collection, site, partial(tree.command, lint_bin()))[1]


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
    binaries = workspace.venv("importer", newest_python(*IMPORTER), [REQUIREMENTS / "importer.txt"])
    archive = built(tree)
    text = tree.command(binaries, "python", "-m", "galaxy_importer.main", archive, cwd=archive.parent)
    # What it finds, it only says: its exit code tells nothing but whether the archive can be imported.
    if re.search(r"(?m)^(WARNING|ERROR)", text) or "processing completed successfully" not in text:
        raise CheckFailed(text)


# --- ansible-test ---------------------------------------------------------------------------------------------------


def ansible_bin(core: str) -> Path:
    """An environment with that ansible-core and all that units, integration and our modules import."""
    interpreter = find_python(ANSIBLE[core])
    wanted: list[str | Path] = [f"ansible-core ~= {core}.0", LIBROUTEROS.get(core, "librouteros >= 4.2")]
    wanted += [REQUIREMENTS / "ansible.txt", CLIENT, SANDBOX, UNIT]
    binaries = workspace.venv(f"ansible-{core}", interpreter, wanted)
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
    cases = [
        case
        for file in (tree.collection / "tests" / "output" / "junit").glob("*.xml")
        for case in ElementTree.parse(file).iter("testcase")
    ]
    left_out = [f"{case.get('name')}: {why.get('message')}" for case in cases for why in case.iter("skipped")]
    if left_out:
        raise CheckFailed("\n".join(["what is skipped does not pass:", *left_out]))
    if not cases:
        raise CheckFailed(f"{text}\nran no test: a check that checks nothing does not pass")
    return f"{len(cases)} tests"


def prepare(core: str, _tree: Tree) -> None:
    ansible_bin(core)


def distinct(pattern: str, text: str, what: str) -> str:
    """How many different things of a kind ansible-test said that it ran."""
    names = set(re.findall(pattern, text))
    if not names:
        raise CheckFailed(f"{text}\nran no {what}: a check that checks nothing does not pass")
    return f"{len(names)} {what}"


def sanity(core: str, tree: Tree) -> str:
    return distinct(
        r'(?m)^Running sanity test "?([a-z0-9-]+)', ansible_test(tree, core, "sanity", *SANITY.get(core, ())), "tests"
    )


def units(core: str, tree: Tree) -> str:
    """The unit tests of UNITS, or all: then ansible-test, which forks for each, runs the files that are not pure."""
    if UNITS[core]:
        return tests_run(tree, ansible_test(tree, core, "units", *UNITS[core]))
    names = tree.folder / "not-pure"
    pure = pure_pytest(tree, ansible_bin(core), f"--left-out={names}")
    others = names.read_text(encoding="utf-8").split()
    if not others:
        raise CheckFailed("no unit test starts a program or the local API: ansible-test would run all of them")
    return f"{pure}, and {tests_run(tree, ansible_test(tree, core, 'units', *others))} by ansible-test"


def module_units(tree: Tree) -> str:
    """The unit tests of all modules on the oldest ansible-core."""
    return f"{tests_run(tree, ansible_test(tree, OLDEST, 'units', *MODULES))}, on ansible-core {OLDEST}"


def pure_pytest(tree: Tree, binaries: Path, *options: str) -> str:
    """The unit tests that start no program and no local API, in one process for each core."""
    words = ["-q", "-p", "no:cacheprovider", "--color=no", "--import-mode=importlib", "-n", "2", "--pure", *options]
    where = environment({"PYTHONPATH": str(tree.folder)}, path=binaries)
    text = run([binaries / "python", "-B", "-m", "pytest", *words, "tests/unit"], cwd=tree.collection, env=where)
    if re.search(r"\d+ skipped", text):
        raise CheckFailed(f"{text}\nwhat is skipped does not pass")
    return counted(r"(\d+) passed", text, "tests")


def pure_units(tree: Tree, *, search: bool = False) -> str:
    """The unit tests that start no program and no local API.

    With few made-up cases of each property, and without the tests that read thousands of made mails; to ``search`` is
    to draw many new cases instead, of those as well.
    """
    core, binaries = newest_ansible()
    mails = "tests/unit/plugins/module_utils/_mail"
    few = ["--few", f"--ignore={mails}/test_blind.py", f"--ignore={mails}/test_corpus.py"]
    return f"{pure_pytest(tree, binaries, *(['--search'] if search else few))}, on ansible-core {core}"


def integration(core: str, words: tuple[str, ...], tree: Tree) -> str:
    text = ansible_test(tree, core, "integration", *words)
    targets = distinct(r"(?m)^Running (\S+) integration test role", text, "targets")
    return f"{targets}, {tests_run(tree, text)}"


# --- pytest, on the newest ansible-core that this machine can run ----------------------------------------------------


def newest_ansible() -> tuple[str, Path]:
    """The newest ansible-core that this machine can run, and its programs."""
    for core in sorted(ANSIBLE, key=lambda core: [int(number) for number in core.split(".")], reverse=True):
        try:
            return core, ansible_bin(core)
        except Missing:
            if core == OLDEST:
                raise
    raise AssertionError("there is an oldest ansible-core")


def pytest_folder(tree: Tree, name: str, *options: str, on: str = "", **extra: str) -> str:
    """Run the tests of a folder below tests/, with EXTRA in their environment; what they say of themselves is kept.

    ON: that ansible-core, and no other.
    """
    core, binaries = (on, ansible_bin(on)) if on else newest_ansible()
    words = ("-B", "-m", "pytest", "-q", "-rsfE", "-p", "no:cacheprovider", "--color=no", *options, f"tests/{name}")
    text = run([binaries / "python", *words], cwd=tree.collection, env=environment(extra, path=binaries))
    passed = counted(r"(\d+) passed", text, "tests")
    if re.search(r"\d+ skipped", text):
        raise CheckFailed(f"{text}\nwhat is skipped does not pass")
    return "; ".join([f"{passed}, on ansible-core {core}", *re.findall(r"(?m)^(?:searched|cells:) .*$", text)])


# --- a real line ----------------------------------------------------------------------------------------------------


def line(which: str, tree: Tree) -> str:
    """The end-to-end tests in user-mode Linux guests. WHICH tests: "soak", or "not soak"."""
    from lab import packages

    where = {"LAB_COLLECTIONS": str(tree.folder), "LAB_PACKAGES": str(had(packages.fetch))}
    several = ("-n", "2", "--dist", "worksteal") if which == "soak" else ()
    return pytest_folder(tree, "lab", "-m", which, *several, **where)


# --- the routers ----------------------------------------------------------------------------------------------------


def platforms(which: str, tree: Tree) -> str:
    """Each platform of the role against its router, real or played. WHICH tests: "soak", or "not soak"."""
    from platforms.needs import networkmanager

    others = workspace.collections(*newest_ansible())
    where = {"PLATFORMS_COLLECTIONS": str(tree.folder), "PLATFORMS_OTHERS": str(others)}
    where["PLATFORMS_NETWORKMANAGER"] = str(had(networkmanager))
    return pytest_folder(tree, "platforms", "-n", "2", "--dist", "worksteal", "-m", which, **where)


def routers(which: str, tree: Tree) -> str:
    """The drivers on real SSH servers, shells and ways to root, and under faults. WHICH tests: "soak" for all cells."""
    from routers.needs import busybox

    where = {"ROUTERS_COLLECTIONS": str(tree.folder), "ROUTERS_BUSYBOX": str(had(busybox).parents[1])}
    where["ROUTERS_OTHERS"] = str(workspace.collections(*newest_ansible()))
    return pytest_folder(tree, "routers", *(() if which == "soak" else ("-m", "not soak")), **where)


def tutorials(which: str, tree: Tree) -> str:
    """The pages of docs/tutorials, word by word. WHICH tests: "soak" for all but the one that the gate has."""
    others = workspace.collections(*newest_ansible())
    where = {"PLATFORMS_COLLECTIONS": str(tree.folder), "PLATFORMS_OTHERS": str(others)}
    return pytest_folder(tree, "tutorials", "-m", which, **where)


def ways(which: str, tree: Tree) -> str:
    """The topologies in which a renewal may run, and must not. WHICH rows: "soak" for all of them."""
    return pytest_folder(tree, "ways", *(() if which == "soak" else ("-m", "not soak")))


def fleets(which: str, tree: Tree) -> str:
    """Many lines on one key, killed, and on two nodes. WHICH tests: "soak", or "not soak"."""
    return pytest_folder(tree, "fleets", "-m", which)


# --- a real mail server ---------------------------------------------------------------------------------------------


def imap(tree: Tree) -> str:
    """The IMAP source against a private Dovecot."""
    return pytest_folder(tree, "imap")


# --- faults ---------------------------------------------------------------------------------------------------------


def fault_matrix(tree: Tree) -> str:
    """The promises of the fault matrix and of each kind of way to start, and some kills: the rest is behind --soak."""
    return pytest_folder(tree, "faults", "-m", "not soak", on=OLDEST)


def starts(tree: Tree) -> str:
    """The whole table of ways to start the role, and that of printed commands."""
    return pytest_folder(tree, "faults/test_starts.py", "tests/faults/test_printed.py", on=OLDEST)


def scenarios(tree: Tree) -> str:
    """The promises of the role, those too that no integration target runs."""
    _core, binaries = newest_ansible()
    tests, kept = tree.collection / "tests", 0
    for path in sorted((tests / "role").glob("*scenarios.py")):
        words: list[str | Path] = [binaries / "python", "-B", "-m", f"role.{path.stem}", tree.folder]
        text = run(
            words, cwd=tree.collection, env=environment({"PYTHONPATH": f"{tests}:{tests}/sandbox"}, path=binaries)
        )
        kept += len(re.findall(r"(?m)^ok ", text))
    return f"{kept} promises kept"


# --- secrets --------------------------------------------------------------------------------------------------------


def leaks(which: str, tree: Tree) -> str:
    """Where secrets are kept, how they are handed over, and that they are nowhere else. WHICH tests: "soak", or
    "not soak"."""
    if which != "soak":
        return pytest_folder(tree, "leaks", "-m", which)
    rulebook = workspace.venv("rulebook", newest_python(*IMPORTER), [REQUIREMENTS / "rulebook.txt"])
    return pytest_folder(tree, "leaks", "-m", which, LEAKS_RULEBOOK=str(rulebook))


# --- provisioning -----------------------------------------------------------------------------------------------------


def provisioning(which: str, tree: Tree) -> str:
    """The first set-up, the store, and the nights of a year. WHICH tests: "soak", or "not soak"."""
    from platforms.needs import passwords

    where = {"PLATFORMS_PASS": str(passwords())} if which == "soak" else {}
    return pytest_folder(tree, "provisioning", "-m", which, **where)
