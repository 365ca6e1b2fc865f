# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A control node in a network namespace of its own: real routes, and an uplink that is really lost.

Run by test_offline.py as ``unshare --net python -m leaks.namespace COLLECTIONS``; prints JSON.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from role.lab import Lab

ROUTER = "192.0.2.1"
LAN = ("addr add 192.0.2.2/24 dev lo", f"route add default via {ROUTER} dev lo metric 600")


def ip(command: str) -> None:
    subprocess.run(["ip", *command.split()], check=True)


def cut(collections: Path) -> dict[str, Any]:
    """Renew from behind the line; everything but this machine itself is gone for 20 s from the request on."""
    for command in ("link set lo up", *LAN):
        ip(command)
    with Lab(collections, holdoff=1) as lab:
        path = lab.top / "inventory.json"
        inventory = json.loads(path.read_text(encoding="utf-8"))
        inventory["routers"]["hosts"]["router1"].update(ansible_host=ROUTER, ansible_connection="local")
        path.write_text(json.dumps(inventory), encoding="utf-8")
        lab.admin("PUT", "/state", {"mail_delay": 3, "caller_ip": "203.0.113.10"})
        flag = ("-e", "router_pppoe_renew=true")
        refused = lab.play(*flag)
        posts_then = len(lab.posts())

        def lose() -> None:
            while not lab.posts():
                time.sleep(0.05)
            time.sleep(1.0)  # the answer to the request is still heard
            ip("link set lo down")
            time.sleep(20)
            ip("link set lo up")

        thread = threading.Thread(target=lose, daemon=True)
        thread.start()
        run = lab.play(*flag, "-e", "router_pppoe_accept_offline=true")
        thread.join(60)
        return {
            "refused": refused.output,
            "posts_then": posts_then,
            "code": run.code,
            "output": run.output,
            "took": run.ended - run.began,
            "posts": len(lab.posts()),
            "up": lab.line()["session"]["up"],
        }


if __name__ == "__main__":
    print(json.dumps(cut(Path(sys.argv[1]))))
