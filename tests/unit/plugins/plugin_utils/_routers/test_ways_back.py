# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""By which interface a router answers: its own word, for whoever is logged in by SSH, behind sudo as well."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers import ways_back
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.shell import Shell

SHELLS = [found for found in (["dash"], ["bash", "--posix"], ["busybox", "ash"]) if shutil.which(found[0])]
IP = """\
#!/bin/sh
case "$*" in
"route get 192.0.2.7"*) echo "192.0.2.7 via 198.51.100.1 dev eth7 src 192.0.2.1" ;;
*) exit 2 ;;
esac
"""


@pytest.mark.parametrize("words", SHELLS, ids=" ".join)
@pytest.mark.parametrize(
    ("connection", "kept", "wanted"),
    [
        ("192.0.2.7 50000 192.0.2.1 22", True, "eth7"),
        ("192.0.2.7 50000 192.0.2.1 22", False, "eth7"),
        ("::ffff:192.0.2.7 50000 ::ffff:192.0.2.1 22", True, "eth7"),
        ("fe80::1%eth5 50000 fe80::2%eth5 22", False, "eth5"),
        ("192.0.2.9 50000 192.0.2.1 22", True, ""),
    ],
)
def test_the_way_back_is_found(words: list[str], connection: str, kept: bool, wanted: str, tmp_path: Path) -> None:
    """`kept`: in the environment of the step itself; else in that of the session that it is in, as with sudo."""
    (tmp_path / "ip").write_text(IP)
    (tmp_path / "ip").chmod(0o755)

    def execute(command: str, given: bytes) -> tuple[int, bytes, str]:
        if words[0] == "busybox":  # it takes its own ip before the one in PATH
            given = given.replace(b" ip route", f" {tmp_path}/ip route".encode())
        inner = ["env", "-u", "none" if kept else "SSH_CONNECTION", *words, "-c", command]
        environment = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "SSH_CONNECTION": connection}
        session = ["sh", "-c", '"$@"; exit "$?"', "session", *inner]
        done = subprocess.run(session, input=given, capture_output=True, check=False, env=environment, timeout=30)
        return done.returncode, done.stdout, done.stderr.decode()

    told = Shell(execute)(ways_back.STEP)
    assert ways_back.reached_by(told) == wanted
    found = ways_back.counter(told, "lo")
    assert found is not None and found.interface == "lo" and ways_back.counter(told, "none") is None
