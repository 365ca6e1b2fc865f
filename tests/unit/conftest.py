# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fixtures of all unit tests: a local OVH API, and modules run for real in this process.

Only the way arguments come in and results go out is replaced (by ansible-core's own test helper); every other
line of a module runs, over HTTP, with the unchanged ``ovh`` client.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from pathlib import Path

import pytest
from ansible.module_utils import _internal
from ansible.module_utils.common import warnings
from ansible.module_utils.testing import patch_module_args
from hypothesis import HealthCheck, settings

TESTS = Path(__file__).resolve().parents[1]
COLLECTIONS = TESTS.parents[3]
for folder in (TESTS / "sandbox", COLLECTIONS):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

# E402: all stand below the path that is set just above, on which the last three are found.
import ovh  # noqa: E402
import ovh.client  # noqa: E402
from ovh_api.app import create_app  # noqa: E402
from ovh_api.running import running  # noqa: E402
from ovh_api.world import World  # noqa: E402

UTILS = "ansible_collections.ownrouter.ovhcloud.plugins.module_utils"
MODULES = "ansible_collections.ownrouter.ovhcloud.plugins.modules"
# Made and imported once: ansible-test runs every test in a process forked from this one.
WORLD = World()
APP = create_app(WORLD)
for file in sorted((TESTS.parent / "plugins" / "modules").glob("*.py")):
    importlib.import_module(f"{MODULES}.{file.stem}")
LINE = "xdsl-ab12345-1"
LOGIN = "0320123456_1@adsl.ovh"
AK = {"application_key": "test-ak", "application_secret": "test-as", "consumer_key": "test-ck"}
OAUTH2 = {"client_id": "EU.test-client", "client_secret": "test-client-secret"}
# A busy machine is no fault: what a test promises of time, it measures itself.
calm = [*settings().suppress_health_check, HealthCheck.too_slow]
# The same cases each time: a change is refused for what it breaks, not for what a new draw finds in old code. New ones
# are drawn by `--search` (make soak).
settings.register_profile(
    "units", parent=settings(), deadline=None, suppress_health_check=calm, derandomize=True, database=None
)
settings.load_profile("units")


def pytest_addoption(parser):
    parser.addoption("--pure", action="store_true", help="only tests that start no program and no local OVH API")
    parser.addoption("--left-out", metavar="FILE", help="with --pure: write there which files hold the other tests")
    parser.addoption("--few", action="store_true", help="few made-up cases where a test has no say")
    parser.addoption(
        "--search", action="store_true", help="new made-up cases, ten times as many where a test has no say"
    )


def starts_programs(module):
    """Does that file of tests, or one of ours that it takes names from, know how to start a program?"""
    origins = {
        getattr(value, "__module__", None) or getattr(value, "__name__", None) for value in vars(module).values()
    }
    ours = [sys.modules[name] for name in origins if isinstance(name, str) and name in sys.modules]
    files = [one for one in ours if str(TESTS) in (getattr(one, "__file__", None) or "")]
    return any("subprocess" in vars(one) for one in [module, *files])


def pytest_collection_modifyitems(config, items):
    if not config.getoption("--pure"):
        return
    left_out = [item for item in items if "server" in item.fixturenames or starts_programs(item.module)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in set(left_out)]
    if path := config.getoption("--left-out"):
        files = {item.path.relative_to(TESTS.parent).as_posix() for item in left_out}
        Path(path).write_text("".join(f"{file}\n" for file in sorted(files)), encoding="utf-8")


def no_program(event, _details):
    if event == "subprocess.Popen":
        raise RuntimeError("with --pure no test starts a program: import subprocess in the file that does")


def pytest_configure(config):
    if config.getoption("--few"):
        settings.register_profile("few", parent=settings.get_profile("units"), max_examples=20)
        settings.load_profile("few")
    if config.getoption("--search"):
        settings.register_profile(
            "search", parent=settings.get_profile("units"), derandomize=False, max_examples=1000, print_blob=True
        )
        settings.load_profile("search")


def pytest_runtestloop(session):
    if session.config.getoption("--pure"):
        sys.addaudithook(no_program)


@pytest.fixture(autouse=True)
def clean_machine(monkeypatch, tmp_path):
    """No key of the developer's, no ovh.conf, no proxy: only what a test sets."""
    for name in list(os.environ):
        if name.startswith("OVH_") or name.lower().endswith("_proxy") or name == "OAUTHLIB_INSECURE_TRANSPORT":
            monkeypatch.delenv(name)
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setenv("OVH_REQUESTS_PER_MINUTE", "0")  # no test but those of the budget waits for its turn
    monkeypatch.chdir(home)
    monkeypatch.setattr(ovh.client, "ENDPOINTS", dict(ovh.client.ENDPOINTS))
    monkeypatch.setattr(ovh.client, "OAUTH2_TOKEN_URLS", dict(ovh.client.OAUTH2_TOKEN_URLS))


@pytest.fixture
def patient():
    """Asks for the real waiting times between two tries of a read."""


@pytest.fixture(autouse=True)
def short_waits(request, monkeypatch):
    """Reads are repeated after a twentieth of a second, unless the test is about the waiting itself."""
    if "patient" not in request.fixturenames:
        monkeypatch.setattr(importlib.import_module(f"{UTILS}._ovh_api.client"), "MAX_BACKOFF", 0.05)
        monkeypatch.setattr(importlib.import_module(f"{UTILS}._line.trigger"), "EVIDENCE_PAUSE", 0.05)
        monkeypatch.setattr(importlib.import_module(f"{UTILS}._ovh_api.call_log"), "SETTLED", 0.0)
        monkeypatch.setattr(importlib.import_module(f"{UTILS}._line.dial_ins"), "INTERVAL", 0.5)


@pytest.fixture(scope="session")
def server():
    """One local OVH API for all tests."""
    with running(prepared=(WORLD, APP)) as api:
        yield api


@pytest.fixture
def api(server):
    """The local OVH API with a fresh default world; mails come at once."""
    server.world.reset()
    with server.world.change() as state:
        state["mail_delay"] = 0.2
    return server


class Result(dict):
    """What a module returned, with everything it wrote (``written``) and whether it failed (``failed``)."""

    written = ""
    failed = False

    @property
    def code(self):
        """failure.code"""
        return self.get("failure", {}).get("code")


@pytest.fixture
def run(capfd, tmp_path, monkeypatch):
    """run(module, **options) -> Result. `check_mode=True` and `diff=True` are Ansible's own switches."""

    def run_module(name, check_mode=False, diff=False, **options):
        module = importlib.import_module(f"{MODULES}.{name}")
        arguments = {
            **options,
            "_ansible_check_mode": check_mode,
            "_ansible_diff": diff,
            "_ansible_verbosity": 4,
            "_ansible_remote_tmp": str(tmp_path / "remote"),
            "_ansible_tmpdir": None,
        }
        for store in (warnings._global_warnings, warnings._global_deprecations):
            store.clear()  # a process of its own for each module, in real life
        capfd.readouterr()
        # A test of an action plugin before this one loaded the controller, to whose display warnings would go.
        monkeypatch.setattr(_internal, "is_controller", False)
        with patch_module_args(arguments), pytest.raises(SystemExit) as ended:
            module.main()
        written = capfd.readouterr()
        result = Result(json.loads(written.out.strip().splitlines()[-1]))
        result.written = written.out + written.err
        result.failed = bool(result.get("failed"))
        assert bool(ended.value.code) == result.failed, result.written
        assert "deprecations" not in result, result["deprecations"]
        # Ansible shows the invocation of a module at -vvv: it is output too, and part of `written`.
        assert "Traceback" not in result.written, result.written
        return result

    return run_module


@pytest.fixture(params=["ak", "oauth2"])
def keys(request, api):
    """Connection options of the local API, by application key and by OAuth2 client."""
    return {"endpoint": api.endpoint, **(AK if request.param == "ak" else OAUTH2)}


@pytest.fixture
def ak(api):
    """Connection options of the local API, by application key."""
    return {"endpoint": api.endpoint, **AK}


@pytest.fixture
def state_dir(tmp_path):
    """A journal folder of its own."""
    folder = tmp_path / "state"
    return str(folder)


@pytest.fixture
def renew(run, ak, state_dir):
    """Run xdsl_ppp_login_mail on the first line with a key and a journal."""

    def call(**options):
        return run("xdsl_ppp_login_mail", **{**ak, "service_name": LINE, "state_dir": state_dir, **options})

    return call
