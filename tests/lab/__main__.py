# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A lab to play with, from the project's folder: ``PYTHONPATH=tests python -m lab up``.

up              start provider and router, dial, and stay in the background; prints how to reach both
down            end it; nothing is left
ssh GUEST CMD…  run a command in a guest (isp or router)
rotate          the password changes elsewhere: the session is cut, the mail comes later
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from types import FrameType
from typing import Any

from .machines import GUESTS, LabError
from .needs import Unavailable

CARD = "lab.json"


def cards(name: str) -> list[dict[str, Any]]:
    """What the running labs of that name left in their folders."""
    found = []
    for path in Path(tempfile.gettempdir()).glob(f"ownrouter-line.*/{CARD}"):
        try:
            card: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        if card["name"] == name and Path(f"/proc/{card['pid']}").exists():
            found.append(card)
    return found


def the(name: str) -> dict[str, Any]:
    if not (found := cards(name)):
        raise LabError(f"no lab named {name} is up: python -m lab up --name {name}")
    return found[0]


def hold(name: str, holdoff: int, mail_delay: float) -> int:
    """Keep a lab until SIGTERM or Ctrl-C."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    from .line import Line

    with Line(holdoff=holdoff, mail_delay=mail_delay) as line:
        line.dial()
        top = line.machines.top
        card = {
            "name": name,
            "pid": os.getpid(),
            "folder": str(top),
            "ssh": f"ssh -F {line.machines.ssh_config}",
            "inventory": str(top / "inventory.json"),
            "endpoint": f"{line.provider.url}/1.0",
            "admin": f"{line.provider.url}/admin",
        }
        (top / CARD).write_text(json.dumps(card), encoding="utf-8")
        print(json.dumps(card, indent=1), flush=True)
        while True:
            signal.pause()


def up(options: argparse.Namespace) -> int:
    if cards(options.name):
        raise LabError(f"a lab named {options.name} is up already")
    words = [sys.executable, "-m", "lab", "hold", "--name", options.name]
    words += ["--holdoff", str(options.holdoff), "--mail-delay", str(options.mail_delay)]
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[1])}
    with tempfile.TemporaryFile() as log:
        holder = subprocess.Popen(
            words, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )
        while holder.poll() is None:
            if found := cards(options.name):
                print(json.dumps(found[0], indent=1))
                return 0
            time.sleep(0.1)
        log.seek(0)
        print(log.read().decode(errors="replace"), file=sys.stderr, end="")
    return 1


def down(options: argparse.Namespace) -> int:
    card = the(options.name)
    os.kill(card["pid"], signal.SIGTERM)
    end = time.monotonic() + 30
    while Path(card["folder"]).exists() or Path(f"/proc/{card['pid']}").exists():
        if time.monotonic() > end:
            raise LabError(f"process {card['pid']} does not end")
        time.sleep(0.05)
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="lab", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="do", required=True, metavar="up|down|ssh|rotate")
    for name in ("up", "hold", "down", "ssh", "rotate"):
        one = commands.add_parser(name)
        one.add_argument("--name", default="line", help="several labs can be up side by side")
        if name in ("up", "hold"):
            one.add_argument("--holdoff", type=int, default=30, help="pppd's wait after a refusal, seconds")
            one.add_argument("--mail-delay", type=float, default=8, help="seconds from a request to its mail")
        if name == "ssh":
            one.add_argument("guest", choices=GUESTS)
            one.add_argument("words", nargs=argparse.REMAINDER, metavar="CMD")
    options = parser.parse_args()
    try:
        if options.do == "up":
            return up(options)
        if options.do == "down":
            return down(options)
        if options.do == "hold":
            return hold(options.name, options.holdoff, options.mail_delay)
        card = the(options.name)
        if options.do == "rotate":
            request = urllib.request.Request(f"{card['admin']}/line/xdsl-ab12345-1/rotate", method="POST")
            with urllib.request.urlopen(request, timeout=10) as answer:
                print(answer.read().decode(), end="")
            return 0
        os.execvp("ssh", ["ssh", "-F", f"{card['folder']}/ssh_config", options.guest, *options.words])
    except (LabError, Unavailable) as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
