# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Processes that hold a password really crash, where core dumps are allowed: they leave none."""

from __future__ import annotations

import json
import os
import re
import resource
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers import shell

FORBID = "from ansible_collections.ownrouter.ovhcloud.plugins.module_utils import _core_dumps; _core_dumps.forbid()"
SETTINGS = """
import ctypes, resource
print(resource.getrlimit(resource.RLIMIT_CORE)[0], ctypes.CDLL(None).prctl(3, 0, 0, 0, 0), flush=True)  # 3: PR_GET
"""
MODULE = """
import importlib, json, sys
from ansible.module_utils.testing import patch_module_args
module = importlib.import_module("ansible_collections.ownrouter.ovhcloud.plugins.modules." + sys.argv[1])
with patch_module_args(json.loads(sys.argv[2])):
    module.main()
"""
KEY = {"application_key": "ak", "application_secret": "Kanarie7391", "consumer_key": "Kanarie7392"}
MODULES = {
    "xdsl_info": {},
    "xdsl_ppp_login_mail": {"renew": True},
    "xdsl_ppp_credentials_info": {},
    "xdsl_ppp_session_info": {},
}


def start(tmp_path: Path, *command: str, **more: object) -> subprocess.Popen[bytes]:
    """A process that may leave a core dump of any size, in that folder where the kernel writes it to a file."""
    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    return subprocess.Popen(
        command,
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (hard, hard)),
        **more,
    )


def crash(process: subprocess.Popen[bytes], number: int = signal.SIGSEGV) -> bool:
    """Crash it; whether the kernel says that a core was dumped, to a file or to a program."""
    os.kill(process.pid, number)
    _pid, status = os.waitpid(process.pid, 0)
    process.returncode = -os.WTERMSIG(status)
    process.communicate()
    assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == number
    return os.WCOREDUMP(status)


def soft_limit(process: subprocess.Popen[bytes]) -> str:
    found = re.search(r"(?m)^Max core file size +(\S+)", Path(f"/proc/{process.pid}/limits").read_text("utf-8"))
    assert found
    return found[1]


@pytest.fixture
def silent():
    """A server that takes a call and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGABRT])
def test_no_core_dump(tmp_path, number):
    """Beside a process that does not forbid it: that one leaves a core, where this machine lets anything leave one."""
    outcomes = {}
    for name, before in (("open", ""), ("forbidden", FORBID)):
        process = start(tmp_path, sys.executable, "-c", f"{before}{SETTINGS}import time; time.sleep(60)")
        limit, dumpable = process.stdout.readline().split()
        outcomes[name] = (int(limit), int(dumpable), crash(process, number))
        left = list(tmp_path.glob("core*"))
        assert name == "open" or left == [], left
        for path in left:
            path.unlink()
    assert outcomes["forbidden"] == (0, 0, False)
    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    assert outcomes["open"][:2] == (hard, 1)
    pattern = Path("/proc/sys/kernel/core_pattern").read_text("utf-8")
    if hard and not pattern.startswith(("|", "/")):
        assert outcomes["open"][2], "the crash would leave a core dump"


def test_programs_that_it_starts_leave_none(tmp_path):
    """What ssh, or a module of another collection, is started with."""
    process = start(tmp_path, sys.executable, "-c", f"{FORBID}\nimport os; os.execlp('sleep', 'sleep', '60')")
    while Path(f"/proc/{process.pid}/comm").read_text("utf-8") != "sleep\n":
        time.sleep(0.01)
    assert soft_limit(process) == "0"
    assert not crash(process)


@pytest.mark.parametrize("name", MODULES)
def test_a_module_that_crashes(tmp_path, silent, name):
    """While it waits for OVHcloud's answer, with the key in its memory."""
    options = {**KEY, **MODULES[name], "service_name": "xdsl-ab12345-1", "requests_per_minute": 0}
    options["endpoint"] = f"http://127.0.0.1:{silent.getsockname()[1]}/1.0"
    options.update(_ansible_remote_tmp=str(tmp_path), _ansible_tmpdir=None)
    if name == "xdsl_ppp_login_mail":
        options["state_dir"] = str(tmp_path / "state")
    process = start(tmp_path, sys.executable, "-c", MODULE, name, json.dumps(options))
    silent.settimeout(30)
    with silent.accept()[0] as calling:
        assert calling.recv(4) == b"GET "
        assert soft_limit(process) == "0"
        assert not crash(process)
    assert not list(tmp_path.glob("core*"))


def test_a_step_on_the_router(tmp_path):
    """While it reads the password from its standard input."""
    command = shell.COMMAND.format(name="write")
    process = start(tmp_path, "/bin/sh", "-c", command, stdin=subprocess.PIPE)
    step = shell.one_line(f"n=x\n{shell.BEGIN}IFS= read -r password\n")
    process.stdin.write(f"{step}\nKanarie7391".encode())
    process.stdin.flush()
    end = time.monotonic() + 20
    while soft_limit(process) != "0" and time.monotonic() < end:
        time.sleep(0.01)
    assert soft_limit(process) == "0"
    assert not crash(process)
