# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Five lines on one router, each an entry of the inventory, set in one play: all of them are in the same files."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from role.site import Site
from routeros.router import Provider

from . import lines, runs
from .host import Keys, Machine
from .lines import Line
from .openwrt import OpenWrt
from .pppd import EVENTS, PEER, SECRETS, Pppd, quoted

NAMES = ["one", "two", "three", "four", "five"]


def set_at_once(site: Site, host: Machine, known: dict[str, Line], interfaces: dict[str, str]) -> None:
    """One play of all lines: each is written once, needs nothing at the second run, and is up."""
    inventory: dict[str, dict[str, Any]] = {}
    for name, line in known.items():
        platform = "openwrt" if isinstance(host, OpenWrt) else "linux_pppd"
        credentials = {"login": line.login, "password": line.password, "interface": interfaces[name]}
        inventory[name] = {**host.variables, "platform": platform, **credentials}
    site.write_inventory(inventory)
    seen = {name: runs.Seen(line, {}) for name, line in known.items()}
    runs.play(site, seen, runs.WRITES)
    for name, one in seen.items():
        changed = [one.results[step].get("changed") for step in ("set", "again")]
        assert changed == [True, False], (name, one.results)
        assert one.results["connected"]["session"]["up"], (name, one.results)


# -- pppd: a peer and a process for each line, and all of them in the two secrets files


def add(host: Pppd, number: int, line: Line) -> tuple[str, Path]:
    """Another peer, and its pppd on an interface of its own: its name, and the file with what that pppd does."""
    peer, name = f"dsl-line{number}", f"line{number}"
    events, folder = host.path(f"/var/log/{name}.events"), host.path(f"/usr/lib/router/{name}")
    folder.mkdir()
    standin = host.path("/usr/lib/router/pppd").read_text(encoding="utf-8")
    (folder / "pppd").write_text(
        replaced(standin, 'INTERFACE = "ppp0"', f'INTERFACE = "ppp{number}"'), encoding="utf-8"
    )
    run = host.path("/usr/sbin/pppd").read_text(encoding="utf-8")
    for old, new in {
        "/usr/lib/router/pppd": f"/usr/lib/router/{name}/pppd",
        EVENTS: f"/var/log/{name}.events",
        host.line.service: line.service,
    }.items():
        run = replaced(run, old, new)
    (folder / "run").write_text(run, encoding="utf-8")
    text = host.path(f"/etc/ppp/peers/{PEER}").read_text(encoding="utf-8")
    host.path(f"/etc/ppp/peers/{peer}").write_text(replaced(text, host.line.login, line.login), encoding="utf-8")
    for secrets in SECRETS:
        with host.path(f"/etc/ppp/{secrets}").open("a", encoding="utf-8") as file:
            file.write(f"{quoted(line.login)} * {quoted(line.before)} *\n")
    host.spawn(["/bin/sh", f"/usr/lib/router/{name}/run", "call", peer, "nodetach"])
    return peer, events


def replaced(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new)


def done(events: Path) -> list[str]:
    """What that pppd did so far."""
    text = events.read_text(encoding="utf-8") if events.exists() else ""
    return [json.loads(line)["event"] for line in text.splitlines()]


def test_pppd(collections: list[Path]) -> None:
    with Site(*collections) as site, runs.scratch() as folder:
        known = lines.add(site, NAMES, runs.PASSWORD)
        with Pppd(folder / "host", Keys(folder / "keys"), known["one"], "dropbear", "bash", "root") as host:
            host.dial()
            peers, events = {"one": PEER}, {"one": host.path(EVENTS)}
            for number, name in enumerate(NAMES[1:], 1):
                peers[name], events[name] = add(host, number, known[name])
            end = time.monotonic() + 15
            while not all("refused" in done(one) for one in events.values()):
                assert time.monotonic() < end, host.log
                time.sleep(0.05)
            set_at_once(site, host, known, peers)
            for secrets in SECRETS:
                text = host.secret(secrets)
                for line in known.values():
                    assert text.count(f"{quoted(line.login)} * {quoted(line.password)} *\n") == 1, secrets
                    assert line.before not in text, secrets
            for one in events.values():
                happened = done(one)
                assert [happened.count(event) for event in ("started", "hup", "up", "down")] == [1, 1, 1, 0], happened


# -- OpenWrt: an interface for each line, and all of them in /etc/config/network


def test_openwrt(collections: list[Path]) -> None:
    with Site(*collections) as site, runs.scratch() as folder:
        known = lines.add(site, NAMES, runs.PASSWORD)
        with OpenWrt(folder / "host", Keys(folder / "keys"), known["one"]) as host:
            assert host.box is not None
            interfaces, all_netifd = {"one": "wan"}, {"one": host.box.netifd}
            for number, name in enumerate(NAMES[1:], 1):
                line, interfaces[name] = known[name], f"wan{number}"
                provider = Provider(line.url, line.service)
                device = f"eth1.{835 + number}"
                all_netifd[name] = host.box.another(interfaces[name], device, provider, line.login, line.before)
            set_at_once(site, host, known, interfaces)
            sections = host.box.uci.load("network", pending=False)
            for name, line in known.items():
                assert sections[interfaces[name]].options["password"] == line.password, name
                assert all_netifd[name].running["password"] == line.password, name
