# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is to be done on an OpenWrt router that was looked at, and may it be done: for apply, provision and probe."""

from __future__ import annotations

import dataclasses
import re
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.differences import port_of
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.openwrt.facts import FILE, Look, Section
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.port import (
    Credentials,
    Dial,
    Existing,
    Interface,
)
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.shell import Ran, words_of

#: What uci adds to the file when it writes it: longer values, at most.
MARGIN = 1024
#: Login and password are words of pppd's command line: MAXNAMELEN and MAXSECRETLEN of its pppd.h, with their NUL.
LONGEST = 255
_DISABLED = ("1", "true")  # netifd, config.c


@dataclasses.dataclass(frozen=True)
class Plan:
    """What is to be done in one step.

    :param sets: names such as "network.wan.mtu" with the values that they are to have
    :param calls: methods of netifd, in order: "down", "reload", "up"
    """

    sets: t.Mapping[str, str] = dataclasses.field(default_factory=dict, repr=False)
    calls: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def disabled(section: Section) -> bool:
    return section.get("disabled") in _DISABLED


def reload_by_hand(interface: str) -> str:
    return f"On the router: ubus call network reload; ubus call network.interface.{interface} up"


def pppoe_section(look: Look, interface: str) -> Section:
    """The interface in the configuration.

    :raises Failure: ``router_option`` when it is none, or one of another protocol
    """
    section = look.sections.get(interface)
    if section is None or section.kind != "interface":
        others = sorted(
            name
            for name, one in look.sections.items()
            if one.kind == "interface" and one.get("proto") == "pppoe" and not name.startswith("@")
        )
        empty = "" if look.content.strip() else ", which is empty: a full flash can do that. Restore it from a backup"
        raise Failure(
            "router_option",
            f"There is no interface {interface} in {FILE}{empty}. PPPoE interfaces of this router: "
            f"{' '.join(others) or 'none'}. Set O(interface).",
        )
    if section.get("proto") != "pppoe":
        raise Failure(
            "router_option",
            f"The interface {interface} has the protocol {section.get('proto') or 'none'}, not pppoe. "
            "Set O(interface).",
        )
    return section


def refuse_foreign(look: Look, interface: str, what: str) -> None:
    """:raises Failure: ``router_refused`` when somebody's changes are not committed: our commit would be theirs"""
    names = look.changes.foreign
    if not names:
        return
    # A run of ours for another line leaves those two when it is killed between them and its commit.
    lines = {name.split(".")[1] for name in names if re.fullmatch(r"network\.\w+\.(username|password)", name)}
    ours = all(re.fullmatch(r"network\.\w+\.(username|password)", name) for name in names)
    hint = (
        f" It may be what a run for {' '.join(sorted(lines))} left that was killed: running that one again ends it."
        if ours
        else ""
    )
    raise Failure(
        "router_refused",
        f"Somebody's changes of {FILE} are not committed, and {what} would commit them: {' '.join(names)}. Nothing was "
        f"written.{hint} On the router, 'uci commit network' keeps them, 'uci revert network' drops them.",
        {"changes": list(names), "interface": interface},
    )


def plan_of(look: Look, interface: str, credentials: Credentials, dial: Dial, age: float | None) -> Plan:
    """What setting login and password comes to.

    Without a write, too, netifd may run with another password than the file has: a run was killed between its commit
    and the reload. The reload dials an interface only when netifd runs with something else, so that a session on the
    right password is never cut.
    """
    section, status = pppoe_section(look, interface), look.status
    wanted = {f"network.{interface}.username": credentials.login, f"network.{interface}.password": credentials.password}
    write = look.changes.ours or any(section.get(name.rpartition(".")[2]) != value for name, value in wanted.items())
    sets = wanted if write else {}
    if disabled(section):
        return Plan(sets, (), (f"The interface {interface} is disabled: it is not dialled.",))
    if dial is Dial.NEVER:
        return Plan(sets)
    if dial is Dial.ALWAYS:
        # Down first: then the reload does not dial, and "up" dials once, whatever netifd ran with.
        return Plan(sets, ("down", "reload", "up") if status.known else ("reload",))
    start = () if status.autostart else ("up",)
    if write:
        # A reload does not dial what is stopped, and takes down what is up but not to be dialled by itself.
        return Plan(sets, ("reload", *start))
    if status.stopped:
        return Plan(warnings=(f"The interface {interface} is stopped. Set O(dial) to always to start it.",))
    if not status.up or (age is not None and status.uptime > age + 2):
        return Plan(calls=("reload", *start))
    return Plan()


def unwritable(look: Look, interface: str, *, room: bool = True) -> str:
    """Why login and password cannot be written, as far as a look tells; a sentence, or "".

    :param room: go by what "df" says of the flash, as when nothing is tried
    """
    section = look.sections.get(interface)
    if section and disabled(section):
        return (
            f"The interface {interface} is disabled, and is not enabled by us. On the router: "
            f"uci delete network.{interface}.disabled; uci commit network; ubus call network reload."
        )
    if read_only(look.told.ran["mounts"].text):
        return f"{FILE} is on a file system that is mounted read-only."
    if not any(header == "may" for header, _content in look.told.said):
        return f"{FILE} is not writable for this user. Log in as root: ansible_user."
    needed, free = 2 * (len(look.content) + MARGIN), room_of(look.told.ran["room"])
    return full(needed, free) if room and free is not None and free < needed else ""


def full(needed: int, room: int | None) -> str:
    """That there is no room, as a sentence.

    :param room: the bytes that are free, as far as the router tells: with enough of them, it is short of inodes
    """
    free = "" if room is None else f", {room} are free"
    inodes = " Its inodes may be used up: df -i." if room is not None and room >= needed else ""
    return (
        f"There is no room for two copies of {FILE} ({needed} bytes{free}), and on a full flash uci leaves that file "
        f"empty.{inodes} Make room on the router, first: df -k /etc/config."
    )


def untried(look: Look, ran: Ran) -> str:
    """Why the two files could not be made beside the configuration; a sentence, or ""."""
    if ran.code == 0:
        return ""
    if "No space left" in ran.text:
        return full(2 * (len(look.content) + MARGIN), room_of(look.told.ran["room"]))
    if "Read-only" in ran.text:
        return f"{FILE} is on a file system that is mounted read-only."
    return f"No file can be made beside {FILE}: {words_of(ran.text, 150)}."


def room_of(df: Ran) -> int | None:
    """The bytes that are free, as "df -k" tells; a long name of a device has a line of its own."""
    found = re.search(r"\s(\d+)\s+(\d+)\s+(\d+)\s+\d+%\s", df.text) if df.code == 0 else None
    return int(found[3]) * 1024 if found else None


def _mount(mounts: str, folder: str) -> tuple[str, str]:
    """Type and options of what `folder` lies on (proc(5), /proc/mounts); the last mount on the longest path."""
    best = ("", "", "")
    for line in mounts.splitlines():
        words = line.split()
        if len(words) > 3 and len(words[1]) >= len(best[0]) and f"{folder}/".startswith(words[1].rstrip("/") + "/"):
            best = (words[1], words[2], words[3])
    return best[1], best[2]


def read_only(mounts: str, path: str = FILE) -> bool:
    return "ro" in _mount(mounts, path)[1].split(",")


def forgetful(mounts: str) -> tuple[str, ...]:
    """A warning when what is written is gone after a reboot: OpenWrt's overlay is in RAM while its flash has none."""
    kind, options = _mount(mounts, FILE)
    upper = re.search(r"upperdir=([^,]+)", options)
    if kind == "overlay" and upper and _mount(mounts, upper[1])[0] in ("tmpfs", "ramfs"):
        return (f"{FILE} lies in RAM (overlay {upper[1]}): after a reboot the router has its old password again.",)
    return ()


def provision_plan(look: Look, interface: str, wanted: Interface) -> tuple[Plan, bool, tuple[str, ...]]:
    """All of the interface but its password: the plan, whether it waits for its password, and the lines of a diff.

    Committed is not dialled: without a password, netifd is not told.

    :raises Failure: when something there is somebody else's
    """
    need_port(look, wanted.device)
    section = look.sections.get(interface)
    have = section or Section("", {})
    sets: dict[str, str] = {}
    diff: list[str] = []

    def want(name: str, value: str) -> None:
        old = have.get(name)
        if old == value:
            return
        diff.extend([f"-network.{interface}.{name}='{old}'"] if old else [])
        diff.append(f"+network.{interface}.{name}='{value}'")
        sets[f"network.{interface}.{name}"] = value

    if section is None:
        sets[f"network.{interface}"] = "interface"
        diff.append(f"+network.{interface}=interface")
        want("proto", "pppoe")
    else:
        _may_be_ours(section, interface, wanted.login)
    # Releases before 21.02 know "ifname" alone, and their configuration says so.
    old_release = bool(look.sections.get("loopback", have).get("ifname"))
    has = existing(look, interface)
    if has is None or (has.device, has.vlan) != (wanted.device, wanted.vlan):
        want("ifname" if old_release else "device", wanted.link)
    want("mtu", str(wanted.mtu))
    # "1" is IPv6 with an interface of one's own for the prefix.
    if have.get("ipv6") != "1":
        want("ipv6", "auto")
    want("username", wanted.login)
    waiting = not have.get("password") or not look.status.known
    return Plan(sets, ("reload",) if sets and not waiting else ()), waiting, tuple(diff)


def existing(look: Look, interface: str) -> Existing | None:
    """What the interface is set to; None where there is none, or one without login and password, which cannot dial.

    What is not set is what netifd's ppp.sh and the PPPoE plugin of pppd take then: 1492, and IPv6 unless it is "0".
    """
    section = look.sections.get(interface)
    if section is None or not (section.get("username") and section.get("password")):
        return None
    name = section.get("device") or section.get("ifname")
    port, vlan = port_of(name)
    for one in look.sections.values():
        if (one.kind, one.get("type"), one.get("name")) == ("device", "8021q", name) and one.get("vid").isdigit():
            port, vlan = one.get("ifname"), int(one.get("vid"))
    return Existing(port, vlan, section.get("mtu") or "1492", section.get("ipv6") != "0")


def need_port(look: Look, port: str) -> None:
    """:raises Failure: ``router_option`` unless the port is there, and carries nothing but the line"""
    if port not in look.ports:
        raise Failure(
            "router_option", f"The router has no port {port}. It has: {' '.join(look.ports)}. Correct O(device)."
        )
    for name, section in look.sections.items():
        if port in " ".join(section.options.get("ports", ())).split():
            raise Failure(
                "router_option",
                f"The port {port} belongs to a bridge, and no other section than the interface's is changed by us. On "
                f"the router: uci del_list network.{name}.ports='{port}'; uci commit network; ubus call network reload",
            )


def _may_be_ours(section: Section, interface: str, login: str) -> None:
    if section.kind != "interface":
        raise Failure("router_option", f"{FILE} has a section {interface} that is no interface: set O(interface).")
    if section.get("proto") != "pppoe":
        raise Failure(
            "router_option",
            f"The interface {interface} exists with the protocol {section.get('proto') or 'none'}, and is not taken "
            f"over by us. If it may go: uci delete network.{interface}; uci commit network; ubus call network reload. "
            "Or give the line another one: set O(interface).",
        )
    if disabled(section):
        raise Failure(
            "router_refused",
            f"The interface {interface} is disabled, and is not enabled by us: uci delete "
            f"network.{interface}.disabled; uci commit network",
        )
    if section.get("username") not in ("", login):
        raise Failure(
            "router_option",
            f"The interface {interface} dials with the login {section.get('username')}, but the line has the login "
            f"{login}. This is another line: set O(interface).",
        )
