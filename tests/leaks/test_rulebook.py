# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The example of a line that repairs itself, by the real ansible-rulebook: a refusal in a log, and the line is back."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from role.lab import Lab
from role.scenarios import cut_elsewhere

EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "examples" / "rulebook"
TOKEN = "Tk4402Rb7Ys"
REFUSED = "pppd[7]: PAP authentication failed"


def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def post(at: int, body: dict[str, Any], token: str = TOKEN) -> int:
    request = urllib.request.Request(
        f"http://127.0.0.1:{at}/", json.dumps(body).encode(), {"Authorization": f"Bearer {token}"}
    )
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


@pytest.mark.soak
def test_a_refused_line_repairs_itself(lab: Lab) -> None:
    """Once, that line alone, and nothing is asked for; a stranger's, a hostile and another event do nothing."""
    assert shutil.which("java"), "a Java runtime is missing: apt-get install openjdk-17-jre-headless"
    for name in ("repair.yml", "converge.yml"):
        shutil.copy(EXAMPLE / name, lab.top)
    # The flag stands in the inventory: a repair asks for nothing all the same.
    inventory = json.loads(lab.inventory.read_text(encoding="utf-8"))
    inventory["routers"]["vars"] = {"router_pppoe_renew": True, "router_pppoe_cooldown": "0s"}
    lab.inventory.write_text(json.dumps(inventory), encoding="utf-8")
    at, said = port(), lab.top / "rulebook.log"
    words = ["-r", "repair.yml", "-i", str(lab.inventory), "--env-vars", "REPAIR_TOKEN,REPAIR_PORT", "-v"]
    with said.open("w", encoding="utf-8") as log:
        process = subprocess.Popen(
            [Path(os.environ["LEAKS_RULEBOOK"]) / "ansible-rulebook", *words],
            cwd=lab.top,
            env=lab.environment(REPAIR_TOKEN=TOKEN, REPAIR_PORT=str(at)),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    try:
        until(lambda: listens(at), 90, said)
        cut_elsewhere(lab)
        assert post(at, {"host": "router1", "line": REFUSED}, "a stranger's") == 401
        for body in (
            {"host": "all,localhost", "line": REFUSED},
            {"host": ["router1"], "line": REFUSED},
            {"host": "router1", "line": "link up"},
            {"line": REFUSED},
        ):
            assert post(at, body) == 200
        time.sleep(5)
        assert "PLAY [" not in said.read_text(encoding="utf-8") and not lab.line()["session"]["up"]
        for _time in range(3):
            assert post(at, {"host": "router1", "line": REFUSED}) == 200
        until(lambda: "PLAY RECAP" in said.read_text(encoding="utf-8"), 180, said)
        until(lambda: bool(lab.line()["session"]["up"]), 20, said)
        time.sleep(5)
    finally:
        process.terminate()
        process.wait(30)
    text = said.read_text(encoding="utf-8")
    assert text.count("PLAY RECAP") == 1, text
    assert "Report of renew, 1 site: 1 converged." in text, text
    assert lab.posts() == [] and lab.line()["password"] not in text


def until(so: Any, seconds: float, said: Path) -> None:
    end = time.monotonic() + seconds
    while not so():
        assert time.monotonic() < end, said.read_text(encoding="utf-8")
        time.sleep(0.5)


def listens(at: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", at), 1).close()
    except OSError:
        return False
    return True
