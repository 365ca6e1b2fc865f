# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Two lines on one router, each an entry of the inventory, set at the same time: both are in the same files of pppd."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from router.site import Site

from . import lines, runs
from .host import Keys
from .lines import Line
from .pppd import EVENTS, PEER, SECRETS, Pppd, quoted

SECOND = "dsl-second"


def add_second(host: Pppd, line: Line) -> Path:
    """Another peer, and its pppd on ppp1: the file with what that does."""
    events, folder = host.path("/var/log/second.events"), host.path("/usr/lib/router/second")
    folder.mkdir()
    standin = host.path("/usr/lib/router/pppd").read_text(encoding="utf-8")
    (folder / "pppd").write_text(replaced(standin, 'INTERFACE = "ppp0"', 'INTERFACE = "ppp1"'), encoding="utf-8")
    run = host.path("/usr/sbin/pppd").read_text(encoding="utf-8")
    for old, new in {
        "/usr/lib/router/pppd": "/usr/lib/router/second/pppd",
        EVENTS: "/var/log/second.events",
        host.line.service: line.service,
    }.items():
        run = replaced(run, old, new)
    (folder / "run").write_text(run, encoding="utf-8")
    peer = host.path(f"/etc/ppp/peers/{PEER}").read_text(encoding="utf-8")
    host.path(f"/etc/ppp/peers/{SECOND}").write_text(replaced(peer, host.line.login, line.login), encoding="utf-8")
    for name in SECRETS:
        with host.path(f"/etc/ppp/{name}").open("a", encoding="utf-8") as file:
            file.write(f"{quoted(line.login)} * {quoted(line.before)} *\n")
    host.spawn(["/bin/sh", "/usr/lib/router/second/run", "call", SECOND, "nodetach"])
    end = time.monotonic() + 15
    while "refused" not in done(events):
        assert time.monotonic() < end, host.log
        time.sleep(0.05)
    return events


def replaced(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new)


def done(events: Path) -> list[str]:
    """What that pppd did so far."""
    text = events.read_text(encoding="utf-8") if events.exists() else ""
    return [json.loads(line)["event"] for line in text.splitlines()]


def test_both_are_set_at_once(collections: list[Path]) -> None:
    with Site(*collections) as site, runs.scratch() as folder:
        known = lines.add(site, ["one", "two"], runs.PASSWORD)
        with Pppd(folder / "host", Keys(folder / "keys"), known["one"], "dropbear", "bash", "root") as host:
            host.dial()
            events = add_second(host, known["two"])

            def entry(name: str, interface: str) -> dict[str, Any]:
                line = known[name]
                credentials = {"login": line.login, "password": line.password, "interface": interface}
                return {**host.variables, "platform": "linux_pppd", **credentials}

            site.write_inventory({"one": entry("one", PEER), "two": entry("two", SECOND)})
            seen = {name: runs.Seen(line, {}) for name, line in known.items()}
            runs.play(site, seen, runs.WRITES)
            for name, one in seen.items():
                changed = [one.results[step]["changed"] for step in ("set", "again")]
                assert changed == [True, False], (name, one.results)
                assert one.results["connected"]["session"]["up"], (name, one.results)
            for name in SECRETS:
                text = host.secret(name)
                assert all(f"{quoted(line.login)} * {quoted(line.password)} *\n" in text for line in known.values()), (
                    name
                )
                assert not any(line.before in text for line in known.values()), name
            for happened in ([event["event"] for event in host.events()], done(events)):
                assert [happened.count(event) for event in ("started", "hup", "up", "down")] == [1, 1, 1, 0], happened
