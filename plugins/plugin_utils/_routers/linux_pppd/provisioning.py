# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Gives a pppd router the peer of a line, without its password: one look, and one step under the lock of a write."""

from __future__ import annotations

import dataclasses
import hashlib
import posixpath
import re
import time
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure, Outcome
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.differences import differences, lines_left
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.linux_pppd import making, steps
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.linux_pppd.dialling import action
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.linux_pppd.facts import (
    Keeper,
    has_unit,
    keeper,
    mount_of,
)
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.linux_pppd.plan import (
    Facts,
    Redial,
    dial_command_of,
    facts_of,
    option_files,
)
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.linux_pppd.reasons import refuse_step
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.linux_pppd.words import has_secret
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.port import (
    Credentials,
    Difference,
    Interface,
    Mark,
    Provisioned,
    unfit_characters,
)
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.races import turns
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.shell import (
    Told,
    call,
    decoded,
    encoded,
    one_line,
    words_of,
)

#: Runs a step of that name on the router.
Run = t.Callable[..., Told]
#: The plugins by which pppd speaks PPPoE, the ports, what starts programs here, and a link with its VLAN.
LOOK = r"""
t plugins; ls /usr/lib/pppd/*/pppoe.so /usr/lib/pppd/*/rp-pppoe.so 2>/dev/null
t ports; ls -1 /sys/class/net
[ ! -d /run/systemd/system ] || t systemd
type ifup >/dev/null 2>&1 && t ifupdown
[ ! -e "/sys/class/net/$1/brport" ] || t bridged
[ ! -L "$3" ] || t wanted
t vlan; cat "/proc/net/vlan/$2" 2>/dev/null
t flags; cat "/sys/class/net/$1/flags" "/sys/class/net/$2/flags" 2>/dev/null
"""
PLUGINS = ("pppoe.so", "rp-pppoe.so")


@dataclasses.dataclass(frozen=True)
class Plan:
    """What is to be done in one step.

    :param files: path, old and new content
    :param commands: what is run behind the writing, each may be run again
    :param peer: the peer itself changes, so that a pppd that runs has to be started again
    :param differs: what a peer that has a password has otherwise
    """

    files: tuple[tuple[str, bytes | None, bytes], ...]
    commands: tuple[str, ...]
    waiting: bool
    diff: tuple[str, ...]
    peer: bool
    differs: tuple[Difference, ...] = ()

    @property
    def changes(self) -> bool:
        return bool(self.files or self.commands)


class Provisioning:
    """The peer of one line.

    :param run: a step on the router, as the driver runs it
    """

    def __init__(
        self,
        run: Run,
        peer: str,
        ppp_dir: str,
        dial_command: str,
        sleep: t.Callable[[float], object] = time.sleep,
    ) -> None:
        self._run, self._peer, self._ppp_dir = run, peer, ppp_dir
        self._dial_command, self._sleep = dial_command, sleep

    def provision(self, wanted: Interface, *, check: bool, change: bool = False) -> Provisioned:
        """See :meth:`port.Router.provision`."""
        if not making.PEER.fullmatch(self._peer):
            raise Failure("router_option", f"{self._peer!r} is not the name of a peer that is made here: {NAMES}.")
        if why := unfit_characters(Credentials(wanted.login, "none yet")):
            raise Failure("router_option", f"{why} Nothing was written on the router.")
        for _turn in turns(self._sleep, lot=0):
            facts = self._look(wanted)
            plan = planned(facts, wanted, change=change)
            if check or not plan.changes or self._write(facts, plan):
                dials = _redial(facts, plan) is not Redial.NONE
                before = facts.session.marks if facts.session else ""
                mark = Mark(float(facts.now), before) if dials and not check else Mark()
                return Provisioned(plan.changes, plan.waiting, plan.diff, plan.differs, dials, mark)
        raise Failure(
            "router_refused",
            f"The files of pppd in {self._ppp_dir} changed again and again while the peer was being made. Nothing was"
            " written. Run the same command again.",
        )

    def _look(self, wanted: Interface) -> Facts:
        link = making.link_of(wanted)
        files = [*option_files(self._ppp_dir, self._peer), making.INTERFACES]
        files += [making.starter(self._peer, wanted, systemd=one).path for one in (True, False)]
        step = (
            steps.FILES
            + call("a", *files)
            + f"set -- {wanted.device} {link} {_wants(self._peer)}\n"
            + LOOK
            + "set --\n"
        )
        told = self._run("look", step + steps.LOOK + steps.UNITS)
        refuse_step(told)
        return facts_of(self._peer, self._ppp_dir, told)

    def _write(self, facts: Facts, plan: Plan) -> bool:
        """Write what differs, bring up the link, and start a pppd that runs on something else again.

        :return: False when something is not as it was seen; then nothing was done
        :raises Failure: ``router_write``
        """
        checks = [call("l", name).strip() for name in (f"ownrouter-{self._peer}.lock", "ownrouter.lock")]
        writes, given = [], []
        for path, old, new in plan.files:
            file = facts.told.file(path)
            seen = f"{' '.join(file.marks)} {hashlib.sha256(file.content).hexdigest()}  -" if file else " "
            mode, owner = (file.marks[3], ":".join(file.marks[4:6])) if file else (_mode(path, self._ppp_dir), "")
            real = file.real if file else path
            checks.append(call("k", real, seen).strip())
            inside = "inside" if any(mount.point == real for mount in facts.mounts) else ""
            writes.append(call("w", real, mode, owner, hashlib.sha256(new).hexdigest() + "  -", inside).strip())
            given += [one_line(decoded(new)), one_line(decoded(old or b"")) if inside else ""]
        dial = action(facts, _redial(facts, plan), dial_command_of(facts, self._dial_command))
        commands = "".join(f"r 'made {number}' sh -c {_quoted(one)}\n" for number, one in enumerate(plan.commands))
        step = (
            f"{steps.WRITE}x() {{ {' && '.join([*writes, 'ok=1'])}; }}\nok=''\nif {' && '.join(checks)}; then\n"
            f'r write x\n[ -z "$ok" ] || {{\n{commands}{dial}}}\nfi\n'
        )
        told = self._run("write", step + steps.TELL, *given)
        if "write" not in told.ran:
            return False
        for label, ran in told.ran.items():
            if ran.code == 0 or label == "dial":
                continue
            what = (
                "A file of the peer could not be written" if label == "write" else plan.commands[int(label.split()[1])]
            )
            raise Failure(
                "router_write",
                f"{what}: {words_of(ran.text, 200) or f'exit code {ran.code}'}. The peer {self._peer} is made in part,"
                " and nothing dials it yet. Put that right, and run the same command again: it makes what is missing.",
                outcome=Outcome.UNKNOWN,
            )
        return True


NAMES = "letters, digits, - and _, with a letter or a digit first"


def planned(facts: Facts, wanted: Interface, *, change: bool = False) -> Plan:
    """What makes the peer what the line needs.

    :param change: change a peer that has a password, too
    :raises Failure: ``router_option``, ``router_refused``
    """
    plugin = _plugin(facts)
    link = making.link_of(wanted)
    _need_port(facts, wanted, link)
    path = f"{facts.ppp_dir}/peers/{facts.peer}"
    file = facts.told.file(path)
    old = file.content if file else None
    new, edits = making.peer_text(old, facts.peer, wanted, plugin)
    has = None
    if old is not None and not _waiting(facts, wanted):
        has = making.existing(facts.options, facts.content("ports").split(), wanted)
    differs = differences(has, wanted)
    if differs and not change:
        # What starts it has the port and the VLAN in it, too.
        return Plan((), (), False, lines_left(facts.peer, differs), False, differs)
    if has and not differs and old is not None:
        new, edits = old, []
    files = [(path, old, new)] if new != old else []
    diff = making.shown(path, edits)
    commands: list[str] = []
    starter = _starter(facts, wanted)
    if starter.path:
        there = facts.told.file(starter.path)
        written = there is None or there.text != starter.text
        if written:
            files.append((starter.path, there.content if there else None, encoded(starter.text)))
            before = there.text.splitlines() if there else []
            diff += [f"-{starter.path}: {line}" for line in before if line not in starter.text.splitlines()]
            diff += [f"+{starter.path}: {line}" for line in starter.text.splitlines() if line and line not in before]
        if starter.unit and (written or not facts.headers("wanted")):
            link_path = _wants(facts.peer)
            diff += [] if facts.headers("wanted") else [f"+{link_path}: ../{starter.unit}"]
            commands.append("systemctl daemon-reload")
            commands.append(f"mkdir -p {posixpath.dirname(link_path)} && ln -sf ../{starter.unit} {link_path}")
    # IFF_UP of linux/if.h, of the port and of what PPPoE runs on; two of one name where there is no VLAN.
    if [int(one, 16) & 1 for one in facts.content("flags").split()] != [1, 1]:
        diff.append(f"+{link}: {f'VLAN {wanted.vlan} of {wanted.device}, ' if wanted.vlan else ''}up")
        commands += making.link_commands(wanted)
    for name, _old, _new in files:
        _need_writable(facts, name)
    return Plan(tuple(files), tuple(commands), _waiting(facts, wanted), tuple(diff), new != old, differs)


def _plugin(facts: Facts) -> str:
    """pppd's PPPoE plugin of this router: 2.5 calls it otherwise than 2.4 does."""
    names = [posixpath.basename(line) for line in facts.content("plugins").split()]
    for name in PLUGINS:
        if name in names:
            return name
    raise Failure(
        "router_refused",
        "This router has no pppd that speaks PPPoE. On the router: apt-get install ppp. Nothing was written.",
    )


def _need_port(facts: Facts, wanted: Interface, link: str) -> None:
    ports = [one for one in facts.content("ports").split() if one != "lo"]
    if wanted.device not in ports:
        raise Failure(
            "router_option",
            f"The router has no port {wanted.device}. It has: {' '.join(ports)}. Correct O(device).",
        )
    if facts.headers("bridged"):
        raise Failure(
            "router_option",
            f"The port {wanted.device} belongs to a bridge, and is not taken out of it by us. On the router: ip link "
            f"set dev {wanted.device} nomaster, and in what makes the bridge; or correct O(device).",
        )
    told = facts.content("vlan")
    number, lower = re.search(r"VID: (\d+)", told), re.search(r"(?m)^Device: (\S+)", told)
    if (
        link in ports
        and wanted.vlan
        and not (number and int(number[1]) == wanted.vlan and lower and lower[1] == wanted.device)
    ):
        raise Failure(
            "router_option",
            f"The router has an interface {link} that is not VLAN {wanted.vlan} of {wanted.device}. Give it another "
            "name, or correct O(device) and O(vlan).",
        )


def _starter(facts: Facts, wanted: Interface) -> making.Starter:
    """:raises Failure: ``router_refused`` where nothing could start pppd at boot"""
    systemd = bool(facts.headers("systemd"))
    ours = making.starter(facts.peer, wanted, systemd=systemd)
    if facts.told.file(ours.path) is not None:
        return ours
    if facts.unit or facts.by_ifupdown or facts.process:
        # The router's own.
        return making.Starter()
    if systemd:
        return ours
    interfaces = facts.told.file(making.INTERFACES)
    if not facts.headers("ifupdown") or interfaces is None:
        raise Failure(
            "router_refused",
            "Neither systemd nor ifupdown runs on this router, so nothing would start pppd at boot. Nothing was "
            f"written. Have something start it (pppd call {facts.peer}), and run the same command again.",
        )
    if not making.sources(interfaces.text):
        raise Failure(
            "router_refused",
            f"{making.INTERFACES} on the router does not read {making.INTERFACES}.d. Nothing was written. Add the line "
            f"to it: source {making.INTERFACES}.d/*",
        )
    return ours


def _waiting(facts: Facts, wanted: Interface) -> bool:
    """Has the login no password yet?"""
    login = encoded(wanted.login)
    names = [f"{facts.ppp_dir}/{name}" for name in ("pap-secrets", "chap-secrets")]
    files = [facts.told.file(facts.options.text(name.rpartition("/")[2], name)) for name in names]
    return facts.options.password is None and not any(file and has_secret(file.content, login) for file in files)


def _need_writable(facts: Facts, path: str) -> None:
    mount = mount_of(path, facts.mounts)
    if mount is not None and mount.read_only:
        raise Failure(
            "router_refused",
            f"{path} lies on a mount that is read-only ({mount.point}). Remount it read-write: "
            f"mount -o remount,rw {mount.point}.",
        )
    if facts.told.files.get(path) == "shut" or path in facts.headers("fixed" if facts.told.file(path) else "walled"):
        raise Failure(
            "router_refused",
            f"{path} may not be written by {facts.user}. Set ansible_become to true. Nothing was written.",
        )


def _redial(facts: Facts, plan: Plan) -> Redial:
    """How a pppd that runs gets the peer's new options: it reads them at its start alone."""
    process = facts.process
    if process is None or not plan.peer or plan.waiting:
        return Redial.NONE
    if has_unit(process):
        return Redial.UNIT
    supervised = keeper(process, facts.options.flags - {"persist"}) is Keeper.SUPERVISOR
    return Redial.END if supervised else Redial.CYCLE


def _wants(peer: str) -> str:
    """The link by which systemd starts the unit at boot; made last, it says that the unit is known."""
    return f"{making.UNITS}/multi-user.target.wants/pppoe-{peer}.service"


def _mode(path: str, ppp_dir: str) -> str:
    return "640" if path.startswith(f"{ppp_dir}/") else "644"


def _quoted(command: str) -> str:
    return "'" + command.replace("'", "'\\''") + "'"
