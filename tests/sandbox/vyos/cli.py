# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The command line of one SSH session, and the router that all sessions share.

Sources: vyatta-op and vyatta-cfg (the shell), the op-mode definitions of vyos-1x (branches equuleus and sagitta). The
words of a commit that is locked or fails, and of an exit with changes, are those of vyatta-cfg and of cli.rst in VyOS'
documentation. A connection that breaks or hangs, and a router that is gone, are no habit of VyOS': the line that the
commit cuts may be what carries it.
"""

from __future__ import annotations

import json
import re
import threading
import time
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any

from .config import Configuration, Refused, Schema, compared, words
from .ppp import Client

LINE = "eth0.835"  # the port and the VLAN that the provider's equipment hears
VERSIONS = {"1.3": "VyOS 1.3.8", "1.4": "VyOS 1.4.1"}
# "system option time-format" of 1.4 (vyos-1x pull request 2124), and the C form that 1.3 has; by the setting "clock".
CLOCKS = {"c": "%a %b %e %H:%M:%S %Z %Y", "12-hour": "%a %b %e %I:%M:%S %p %Z %Y", "24-hour": "%a %e %b %H:%M:%S %Z %Y"}
CLOCKS["iso"] = "%Y-%m-%dT%H:%M:%S%z"  # of no release: what one that is not known yet might say
#: Where whoever logs in is said to be, and the route there in the words of FRR's vtysh (show-ip-route.xml.in), as seen
#: on a console of 1.4 in a public note of an operator: newer releases with the weight.
CONTROL_NODE = "192.0.2.10"
ROUTE = """\
Routing entry for 192.0.2.0/24
  Known via "connected", distance 0, metric 0, best
  Last update 11:07:39 ago
  * directly connected, eth1, weight 1

"""
ARCHIVE_SECONDS = 4.0  # an upload of commit-archive, inside the commit: 10 s a location (vyos-1x, commit hooks)


class Closed(Exception):
    """The session has ended."""


class Lost(Exception):
    """The connection breaks before the command has answered."""


class Follows(Exception):
    """The command prints for ever, until Ctrl-C."""


class Hangs(Exception):
    """No answer comes, and the connection stays: a firewall that forgets it, an uplink that is cut under it."""


@dataclass
class Settings:
    """What a test wants: see __main__.py."""

    release: str
    config: list[str]
    users: dict[str, dict[str, str]]  # name -> {"password": …, "level": "admin" or "operator"}
    api: str
    service: str
    folder: str  # trace.jsonl is written here, state.json too; faults.json is read here
    unsaved: tuple[str, ...] = ()  # set commands that are running, but not saved
    clock: str = ""  # of CLOCKS; that of the release when left out
    vrf: str = ""  # "service ssh vrf": the one that SSH is in
    host: str = "vyos"
    #: "system login banner post-login"; a slow router takes a while from there to its prompt.
    banner: str = "Welcome to VyOS!\n"
    entering: str = ""  # what "configure" says (configure.xml.in of vyos-1x, consoles in public notes)
    dial_seconds: float = 0.3
    holdoff: float = 2.0


class Router:
    """Running and saved configuration, the PPPoE client, and the record of what was done."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.folder = FilePath(settings.folder)
        self.lock = threading.RLock()
        self.commits = 0
        self.gone = False  # does it answer nobody any more?
        self.schema = Schema(settings.release)
        self.running = Configuration(self.schema)
        for line in settings.config:
            self.running.set(tuple(words(line)[1:]))
        self.saved = self.running.copy()
        for line in settings.unsaved:
            self.running.set(tuple(words(line)[1:]))
        self.clients: dict[str, Client] = {}
        for name in sorted({path[2] for path in self.running.paths if path[:2] == ("interfaces", "pppoe")}):
            self.dial(name)
        self.keep()

    def trace(self, event: str, **more: Any) -> None:
        with self.lock, open(self.folder / "trace.jsonl", "a", encoding="utf-8") as file:
            file.write(json.dumps({"at": time.time(), "event": event, **more}) + "\n")

    def keep(self) -> None:
        """Write down what is running and what a reboot would bring."""
        state = {"running": self.running.commands(), "saved": self.saved.commands()}
        temporary = self.folder / "state.tmp"
        temporary.write_text(json.dumps(state, indent=1), encoding="utf-8")
        temporary.replace(self.folder / "state.json")

    def fault(self, name: str) -> bool:
        """Was this fault ordered?  Each order is good for one time."""
        file = self.folder / "faults.json"
        orders: list[str] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else []
        if name not in orders:
            return False
        orders.remove(name)
        file.write_text(json.dumps(orders), encoding="utf-8")
        return True

    def credentials(self, name: str, config: Configuration) -> tuple[str | None, str | None]:
        base = ("interfaces", "pppoe", name)
        source = config.value(*base, "source-interface")
        if (*base, "disable") in config.paths or source != LINE:
            return None, None
        login = config.value(*base, "authentication", "user" if self.schema.release == "1.3" else "username")
        return login, config.value(*base, "authentication", "password")

    def dial(self, name: str) -> None:
        """(Re)start pppd for the interface, as the commit does."""
        settings = self.settings
        client = self.clients.get(name)
        if client is None:
            client = Client(settings.api, settings.service, self.trace, settings.dial_seconds, settings.holdoff)
            self.clients[name] = client
            client.start()
        client.restart(*self.credentials(name, self.running))

    def dialler(self, verb: str, name: str) -> str:
        """Without a change: connect_disconnect.py of vyos-1x."""
        client = self.clients.get(name)
        if client is None:
            return f"Interface {name} does not exist!\n"
        if verb == "disconnect":
            client.restart(None, None)
            return f"Interface {name}: disconnecting...\n"
        if self.fault("connect locked"):  # connect_disconnect.py looks for a commit first
            return "Cannot connect while a commit is in progress\n"
        if client.credentials:
            return (
                f"Interface {name}: {'already connected' if client.address else 'connection is being established'}!\n"
            )
        self.dial(name)
        return f"Interface {name}: connecting...\n"

    def verify(self, candidate: Configuration) -> str:
        """What a commit refuses in PPPoE interfaces (interfaces-pppoe.py of vyos-1x); nothing when it takes them."""
        for name in sorted({path[2] for path in candidate.paths if path[:2] == ("interfaces", "pppoe")}):
            base = ("interfaces", "pppoe", name)
            source = candidate.value(*base, "source-interface") or ""
            port, _dot, vlan = source.partition(".")
            own = ("interfaces", "ethernet", port, *(["vif", vlan] if vlan else []))
            word = "user" if self.schema.release == "1.3" else "username"
            said = [candidate.value(*base, "authentication", one) for one in (word, "password")]
            wrong = (
                "PPPoE source-interface missing!"
                if not source
                else f"Source-interface {source} does not exist"
                if not any(path[: len(own)] == own for path in candidate.paths)
                else f"Authentication requires both {word} and password to be set!"
                if None in said and said != [None, None]
                else ""
            )
            if wrong:
                return f"[ {' '.join(base)} ]\n{wrong}\n\n[[{' '.join(base)}]] failed\nCommit failed\n"
        return ""

    def commit(self, candidate: Configuration) -> str:
        with self.lock:
            if said := self.verify(candidate):
                return said
            if self.fault("commit locked"):
                return "Configuration system temporarily locked due to another commit in progress\n"
            if self.fault("commit fails"):
                return "[ interfaces pppoe ]\nno such device\n\n[[interfaces pppoe]] failed\nCommit failed\n"
            if self.fault("commit slow"):  # commit-archive, over the line that this commit cuts
                time.sleep(ARCHIVE_SECONDS)
            before, self.running = self.running, candidate.copy()
            changed = {path[2] for path in before.paths ^ candidate.paths if path[:2] == ("interfaces", "pppoe")}
            for name in sorted(changed):
                if any(path[:3] == ("interfaces", "pppoe", name) for path in candidate.paths):
                    self.dial(name)
            self.keep()
        return ""

    def save(self) -> str:
        with self.lock:
            if self.fault("save fails"):
                return "Cannot write /config/config.boot\n\n  Invalid command: [save]\n\n"
            self.saved = self.running.copy()
            self.keep()
        return "Saving configuration to '/config/config.boot'...\nDone\n"


class Session:
    """One login: operational mode, or configuration mode with a candidate of its own."""

    def __init__(self, router: Router, user: str) -> None:
        self.router, self.user, self.host = router, user, router.settings.host
        self.level = router.settings.users[user].get("level", "admin")
        self.candidate: Configuration | None = None
        self.base = router.running.copy()

    @property
    def prompt(self) -> str:
        """That of .bashrc (vyos-1x), of the level operator (vyatta-unpriv), of the configuration mode (vyatta-cfg)."""
        vrf = self.router.settings.vrf
        if self.candidate is not None:
            return f"[edit]\n{self.user}@{self.host}{f'(vrf:{vrf})' if vrf else ''}# "
        if self.level != "admin":
            return f"{self.user}@{self.host}> "
        return f"{self.user}@{self.host}{f':{vrf}' if vrf else ''}:~$ "

    def line(self, text: str) -> str:
        """Run one line; returns what is printed."""
        if self.router.gone:
            raise Lost
        mode = "op" if self.candidate is None else "config"
        self.router.trace("line", mode=mode, line=text)
        if not text.strip():
            return ""
        try:
            if self.candidate is None:
                return self.operate(text)
            return self.configure(words(text), self.candidate)
        except Refused as refused:
            return str(refused)

    # -- operational mode

    def operate(self, text: str) -> str:
        command, piped, filtered = text.partition(" | ")
        if piped:
            pipe = words(filtered)
            if len(pipe) != 2 or pipe[0] != "match":
                raise Refused(f"\n  Invalid command: [{filtered}]\n\n")
            pattern = re.compile(pipe[1], re.IGNORECASE)
            return "".join(line + "\n" for line in self.show(words(command)).splitlines() if pattern.search(line))
        found = words(command)
        if (
            found[:2] == ["set", "terminal"]
            and len(found) == 4
            and found[2] in ("length", "width")
            and found[3].isdigit()
        ):
            return ""
        if found == ["configure"]:
            if self.level != "admin":
                raise Refused("\n  Invalid command: [configure]\n\n")
            self.base = self.router.running.copy()
            self.candidate = self.base.copy()
            return self.router.settings.entering
        if found == ["exit"]:
            raise Closed
        return self.show(found)

    def show(self, found: list[str]) -> str:
        router = self.router
        if found == ["show", "version"]:
            return (
                f"Version:          {VERSIONS[router.schema.release]}\nRelease train:    x\n\nHardware model:   KVM\n"
            )
        if found == ["show", "host", "name"]:
            return f"{self.host}\n"
        if found == ["show", "date"]:
            form = router.settings.clock or ("c" if router.schema.release == "1.3" else "12-hour")
            return time.strftime(CLOCKS[form] + "\n")
        if found == ["show", "users"]:  # who -H (op-mode-definitions/show-users.xml.in)
            return (
                "NAME     LINE         TIME             COMMENT\n"
                f"{self.user:<9}pts/0        {time.strftime('%Y-%m-%d %H:%M')} ({CONTROL_NODE})\n"
            )
        if found[:3] == ["show", "ip", "route"] and len(found) == 4:
            if found[3] != CONTROL_NODE:
                return "% Network not in table\n"
            return ROUTE
        if found == ["show", "configuration", "commands"]:
            if router.commits and router.fault("closed after commit"):
                raise Closed
            lines = router.running.commands()
            if self.level != "admin":
                lines = [re.sub(r"( password) '.*'$", r"\1 '****************'", line) for line in lines]
            return "".join(line + "\n" for line in lines)
        if found[:3] == ["show", "interfaces", "pppoe"] and len(found) == 4:
            if router.commits and router.fault("gone after commit"):
                router.gone = True
                raise Lost
            return self.show_pppoe(found[3])
        if found[:3] == ["show", "interfaces", "pppoe"] and len(found) == 5 and found[4] == "log":
            if router.schema.release == "1.4":  # journalctl --follow (show-interfaces-pppoe.xml.in, sagitta)
                raise Follows
            return self.show_log(found[3])
        if found[:4] == ["show", "log", "pppoe", "interface"] and len(found) == 5 and router.schema.release == "1.4":
            return self.show_log(found[4])
        if found[:1] in (["connect"], ["disconnect"]) and found[1:2] == ["interface"] and len(found) == 3:
            return router.dialler(found[0], found[2])
        raise Refused(f"\n  Invalid command: {' '.join(found[:-1])} [{found[-1]}]\n\n")

    def show_pppoe(self, name: str) -> str:
        client = self.router.clients.get(name)
        if client is None:
            return ""
        if not client.address:
            return f"{name}: {'Coming up' if client.credentials else 'Link down'}\n"
        return (
            f"{name}: <POINTOPOINT,MULTICAST,NOARP,UP,LOWER_UP> mtu 1492 qdisc fq_codel state UNKNOWN group default\n"
            "    link/ppp \n"
            f"    inet {client.address} peer 203.0.113.1/32 scope global {name}\n"
            "       valid_lft forever preferred_lft forever\n"
            "    inet6 fe80::1 peer fe80::2/128 scope link nodad \n"
            "       valid_lft forever preferred_lft forever\n\n"
            "    RX:  bytes  packets  errors  dropped  overrun       mcast\n"
            "           134       11       0        0        0           0\n"
            "    TX:  bytes  packets  errors  dropped  carrier  collisions\n"
            "            99        9       0        0        0           0\n"
        )

    def show_log(self, name: str) -> str:
        client = self.router.clients.get(name)
        begin = "-- Journal begins at Mon 2026-01-05 10:00:00 UTC. --\n"
        return begin + "".join(line + "\n" for line in (client.log if client else []))

    # -- configuration mode

    def configure(self, found: list[str], candidate: Configuration) -> str:
        router = self.router
        verb, rest = found[0], tuple(found[1:])
        if verb in ("set", "delete") and rest and router.fault("set lingers"):
            # The lock of a commit that is just over: without any reason (vyos-1x pull request 5411, T9218).
            raise Refused(f"\n  {verb.capitalize()} failed\n\n")
        if verb == "set" and rest:
            if router.fault("lost at set"):
                raise Lost
            return candidate.set(rest)
        if verb == "delete" and rest:
            return candidate.delete(rest)
        if found == ["compare"]:
            return compared(self.base, candidate) or "No changes between working and active configurations.\n\n"
        if found == ["compare", "saved"]:
            # config.boot that is not there, or cannot be parsed (python/vyos/config_mgmt.py of vyos-1x).
            if router.fault("compare saved fails") or (router.commits and router.fault("compare fails after commit")):
                return "Traceback (most recent call last):\n  File ...\nValueError: Failed to parse config: line 1\n"
            nothing = (
                "" if router.schema.release == "1.3" else "No changes between working and saved configurations.\n\n"
            )
            return compared(router.saved, candidate) or nothing
        if found == ["commit"] or (found[:2] == ["commit", "comment"] and len(found) == 3):
            if candidate.paths == self.base.paths:
                return "No configuration changes to commit\n"
            said = router.commit(candidate)
            if not said:
                self.base = candidate.copy()
                router.commits += 1
                router.trace("committed")
                if router.fault("lost after commit"):
                    raise Lost
                if router.fault("hangs after commit"):
                    raise Hangs
            return said
        if found == ["save"]:
            said = router.save()
            router.trace("saved")
            return said
        if found == ["exit"] and candidate.paths != self.base.paths:
            return "Cannot exit: configuration modified.\nUse 'exit discard' to discard the changes and exit.\n"
        if found in (["exit"], ["exit", "discard"]):
            self.candidate = None
            # "Exiting from the configuration mode" in VyOS's documentation (cli.rst); no refusal.
            unsaved = router.running.paths != router.saved.paths
            return f"{'Warning: configuration changes have not been saved.' if unsaved else ''}\nexit\n".lstrip()
        raise Refused(f"\n  Invalid command: [{verb}]\n\n")
