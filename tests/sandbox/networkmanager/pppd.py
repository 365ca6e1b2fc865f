# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Stands where NetworkManager looks for pppd: the line is played, NetworkManager and its D-Bus calls are the real ones.

It asks NetworkManager for the secrets as pppd's plugin does, hands them to the test at /run/line, and reports the
address. It ends when the line is cut, as pppd does without the option persist.
"""

from __future__ import annotations

import ast
import ipaddress
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

PATH = sys.argv[sys.argv.index("ipparam") + 1]
AUTHENTICATE, RUNNING = 5, 9  # phases of pppd that its plugin reports as such to NetworkManager


def call(method: str, *arguments: str) -> str:
    """One call of NetworkManager's interface for pppd's plugin."""
    where = ("--dest", "org.freedesktop.NetworkManager", "--object-path", PATH)
    command = ["gdbus", "call", "--system", *where, "--method", f"org.freedesktop.NetworkManager.PPP.{method}"]
    return subprocess.run([*command, *arguments], capture_output=True, text=True, check=True).stdout


def number(address: str) -> int:
    """As NetworkManager counts addresses: the four bytes in network order, read as this machine's number."""
    return int.from_bytes(ipaddress.ip_address(address).packed, sys.byteorder)


def end(*_signal: object) -> None:
    """What pppd does when it is told to end: its interface goes with it."""
    subprocess.run(["ip", "link", "del", "ppp0"], stderr=subprocess.DEVNULL, check=False)
    sys.exit(5)


def main() -> int:
    signal.signal(signal.SIGTERM, end)
    call("SetState", f"uint32 {AUTHENTICATE}")
    login, password = ast.literal_eval(call("NeedSecrets"))
    time.sleep(0.3)
    with socket.socket(socket.AF_UNIX) as line:
        line.connect("/run/line")
        line.sendall(json.dumps({"login": login, "password": password}).encode() + b"\n")
        with line.makefile() as answers:
            answer = json.loads(answers.readline())
            if not answer["ok"]:
                time.sleep(1)
                return 19  # pppd: failed to authenticate ourselves to the peer
            limit = time.monotonic() + 5
            while subprocess.run(["ip", "link", "show", "ppp0"], capture_output=True, check=False).returncode == 0:
                if time.monotonic() > limit:  # of the pppd before this one
                    return 1
                time.sleep(0.05)
            for words in ("add ppp0 type veth peer name bas0", "set ppp0 up", "set bas0 up"):
                subprocess.run(["ip", "link", *words.split()], check=True)
            index = subprocess.run(["ip", "-o", "link", "show", "ppp0"], capture_output=True, text=True, check=True)
            Path("/run/ppp0.pid").write_text(f"{os.getpid()}\n", encoding="ascii")  # as pppd does, with its interface
            call("SetIfindex", f"int32 {index.stdout.partition(':')[0]}")
            call("SetState", f"uint32 {RUNNING}")
            own, peer = number(answer["ip"]), number("203.0.113.1")
            config = f"'address': <uint32 {own}>, 'gateway': <uint32 {peer}>, 'prefix': <uint32 32>"
            call("SetIp4Config", f"{{'interface': <'ppp0'>, {config}}}")
            answers.readline()  # until the line is cut, or NetworkManager ends the session
            subprocess.run(["ip", "link", "del", "ppp0"], check=False)
    return 16  # pppd: the link was terminated by the modem hanging up


if __name__ == "__main__":
    sys.exit(main())
