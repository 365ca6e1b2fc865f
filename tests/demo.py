# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One renewal from end to end on this machine, then the same command again.

Real: the collection as ansible-galaxy installs it, the ovh client, the role, its shell script on the "router".
Played: the OVH API (tests/sandbox/ovh_api) and pppd (tests/sandbox/pppd). Nothing but loopback is contacted.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from role.lab import SERVICE, Lab, LabError, Run

ROOT = Path(__file__).resolve().parents[1]
MAIL_DELAY = 6


class Broken(Exception):
    """Something is not as promised."""


def install(collections: Path) -> None:
    """Install this work tree the way a user would install a release."""
    done = subprocess.run(
        ["ansible-galaxy", "collection", "install", "--offline", "-p", str(collections), str(ROOT)],
        env={**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ.get('PATH', '')}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Broken(done.stdout)


def show(text: str = "") -> None:
    print(text, flush=True)


def must(truth: bool, what: str, run: Run) -> None:
    if not truth:
        raise Broken(f"{run.output}\nNot as promised: {what}")


def story(lab: Lab, run: Run) -> None:
    """What happened, second by second, and how long the router was offline."""
    lines: list[tuple[float, str]] = []
    posted = max(call["at"] for call in lab.posts())
    lines.append(
        (posted, "OVHcloud is asked for a new password: the session is cut, the previous password is no longer valid")
    )
    mails = [mail["at"] for mail in lab.admin("GET", "/state")["mails"] if posted < mail["at"] < run.ended]
    lines.extend((at, "the mail with the new password is there") for at in mails)
    written = (lab.etc / "chap-secrets").stat().st_mtime
    lines.append((written, "the new password is on the router"))
    said = {
        "refused": "the router dials with the old password: refused",
        "hup": "the router is told to dial, once",
        "up": "a new session is up",
    }
    online = run.ended
    for event in lab.events():
        if posted <= event["at"] <= run.ended and event["event"] in said:
            lines.append((event["at"], said[event["event"]]))
            if event["event"] == "up":
                online = event["at"]
    for at, what in sorted(lines):
        show(f"  {at - run.began:5.1f} s  {what}")
    show(f"  {run.ended - run.began:5.1f} s  the run ends: the new session is seen, also in the RADIUS log")
    if mails:
        show(f"\n  Offline for {online - posted:.1f} s, of which {online - max(mails):.1f} s after the mail was there.")


def summary(run: Run) -> str:
    """The role's own last words."""
    found = [line for line in run.output.splitlines() if f"{SERVICE}:" in line and "session" in line]
    return found[-1].strip().removeprefix('"msg": ').strip('"') if found else ""


def demo(collections: Path) -> None:
    with Lab(collections) as lab:
        lab.admin("PUT", "/state", {"mail_delay": MAIL_DELAY})
        show(f"The router's session is up on {lab.line()['session'].get('ip', 'the line')}.")
        show(f"The mail takes {MAIL_DELAY} s here, and two to three minutes at OVHcloud.\n")
        show("$ ansible-playbook ownrouter.ovhcloud.renew -e router_pppoe_renew=true")
        old = lab.line()["password"]
        first = lab.play("-e", "router_pppoe_renew=true")
        must(first.code == 0, "the run succeeds", first)
        must(len(lab.posts()) == 1, "exactly one request", first)
        line = lab.line()
        must(bool(line["session"]["up"]), "the session is up", first)
        must(line["password"] != old, "the password is a new one", first)
        must(line["password"] not in first.output, "the password is not in the output", first)
        must(len(lab.events("hup")) == 1, "exactly one hang-up", first)
        story(lab, first)
        show(f"  {summary(first)}\n")

        show("$ ansible-playbook ownrouter.ovhcloud.renew -e router_pppoe_renew=true      (the same again)")
        second = lab.play("-e", "router_pppoe_renew=true")
        must(second.code == 0, "the second run succeeds", second)
        must(len(lab.posts()) == 1, "no second request", second)
        must(second.recap("changed") == 0, "changed=0", second)
        must(len(lab.events("hup")) == 1, "no second hang-up", second)
        show(f"  {second.ended - second.began:5.1f} s  changed=0, requests sent in all: {len(lab.posts())}")
        show(f"  {summary(second)}")


def main() -> int:
    try:
        with tempfile.TemporaryDirectory(prefix="ownrouter-demo.") as folder:
            install(Path(folder))
            demo(Path(folder))
    except (Broken, LabError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
