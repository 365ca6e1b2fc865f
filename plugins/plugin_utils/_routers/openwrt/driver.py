# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""OpenWrt and what is made of it (OverTheBox, Turris, GL.iNet): uci and netifd, over a shell, without any Python there.

The login and the password go to "uci batch" on its standard input: never an argument of a process, never a file of
ours. All JSON is parsed here. Times are of the router's uptime: its clock jumps when the line comes back.
"""

from __future__ import annotations

import math
import re
import time
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure, Outcome
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ways.facts import Back
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers import ways_back
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.differences import differences, lines_left
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.openwrt import plan as plans
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.openwrt.facts import (
    FILE,
    Look,
    look_of,
    quoted,
    session_of,
    status_of,
    watched,
)
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.openwrt.plan import Plan
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.port import (
    Applied,
    Counter,
    Credentials,
    Dial,
    Interface,
    Mark,
    Probe,
    Provisioned,
    Session,
    Unable,
    refuse_unfit,
    unfit_characters,
)
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.races import turns
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.shell import (
    Shell,
    Told,
    decoded,
    one_line,
    words_of,
)

#: Seconds to pause at most before a file that somebody else has written is looked at again.
LOT = 0.7
#: Seconds that one step waits at most, so that a connection that is silent for long is no matter.
WATCH = 25
NO_PACKAGE = "The router cannot dial: the package that makes the protocol pppoe is missing (ppp-mod-pppoe)."
MOVING = f"Something else keeps changing {FILE}, so nothing was written. Run the same command again in a minute."

STATE = """\
r status ubus call network.interface.$i status
r uptime cat /proc/uptime
r links grep . /sys/class/net/*/ifindex
"""
LOOK = """\
r printf type printf
r file cat /etc/config/network
r show uci show network
r changes uci changes network
r handlers ubus call network get_proto_handlers
r room df -k /etc/config/.
r mounts cat /proc/mounts
[ ! -w /etc/config/network ] || [ ! -w /etc/config/. ] || t may
"""
#: Two files of random bytes (they do not shrink on a flash that compresses) of size $z beside the real configuration.
TRY = """\
d=$(readlink -f /etc/config/network); d=${d%/*}/.ownrouter-$n
trap 'rm -f "$d".?' EXIT; trap 'exit 1' HUP PIPE TERM
w() { for p in 1 2; do dd if=/dev/urandom of="$d.$p" bs="$z" count=1 || return 1; done; mv "$d.2" "$d.3"; }
r try w
"""
#: What is about to be done, for people.
PASSWORD = "writing the password"
#: Reads the file and the changes as they were seen (the "." behind each keeps their line ends), then name, value and
#: line for "uci batch" of each option. That ends with 0 whatever happened, and on a full flash leaves the file empty:
#: what was written is read back, and the file that was is kept in this shell, in RAM, and put back when names are lost.
#: One run of ours at a time, by a lock on the folder: of two commits at once, uci can lose one without a word (file.c
#: opens the file, waits for its lock, and reads what the other commit has replaced meanwhile).
WRITE = """\
k() { uci -q show network | sed -n 's/^\\(network[.][^=]*\\)=.*/\\1/p'; }
l() { printf '%s\\n' "$k" | grep -vxF -e "$(k)"; }
p() {
  while [ $# -gt 1 ]; do [ "$(uci -q get "$1")" = "$2" ] || return 1; shift 2; done
  [ -z "$(uci -q changes network | grep "^network[.]$i[.=]")" ] && [ -z "$(l)" ]
}
IFS= read -r a; IFS= read -r c; a=$(printf %b "$a") c=$(printf %b "$c") b=''; set --
while IFS= read -r x && [ -n "$x" ]; do
  IFS= read -r v; IFS= read -r q; set -- "$@" "$x" "$v"; b="$b$q
"
done
w=moved
{
  flock 9 2>/dev/null; k=$(k)
  if [ "$(cat /etc/config/network; printf .)$(uci changes network 2>&1; printf .)" = "$a$c" ]; then
    printf '%scommit network\\n' "$b" | uci -q batch >/dev/null 2>&1
    if p "$@"; then w=yes
    else
      w=same; [ -z "$(l)" ] || { printf %s "${a%.}" >/etc/config/network; w=restored; }
      uci -q revert "network.$i"
      [ -z "$(l)" ] || w=damaged
    fi
  fi
} 9</etc/config
t wrote "$w"; [ "$w" != yes ] || d
"""
#: Tells the state as soon as it is not the one that was seen, or after $z seconds of the router's uptime. The sleep of
#: a stock OpenWrt takes whole seconds only (BUSYBOX_DEFAULT_FLOAT_DURATION n).
WAIT = """\
IFS= read -r a; a=$(printf %b "$a")
g() { ubus call network.interface.$i status 2>&1 | grep -Ev '"(uptime|preferred|valid)":'; }
read -r e x </proc/uptime; e=$((${e%.*} + z))
while [ "$(g)" = "$a" ] && read -r y x </proc/uptime && [ "${y%.*}" -lt "$e" ]; do
  sleep 0.25 2>/dev/null || sleep 1
done
"""


class OpenWrt:
    """The PPPoE interface of an OpenWrt router.

    :param interface: its name in /etc/config/network
    """

    def __init__(
        self,
        shell: Shell,
        interface: str,
        *,
        sleep: t.Callable[[float], object] = time.sleep,
        monotonic: t.Callable[[], float] = time.monotonic,
    ) -> None:
        self._shell, self.interface = shell, interface
        self._sleep, self._monotonic = sleep, monotonic
        self._line = ""
        self._ahead: Look | None = None

    def close(self) -> None:
        """See :meth:`port.Router.close`: the connection is the task's."""

    def way_back(self) -> Back:
        """As :meth:`port.Router.way_back`."""
        return ways_back.look(self._shell)

    def counted(self, down: int, up: int = 0) -> tuple[Counter, int] | None:
        """As :meth:`port.Router.counted`; the interface is that of the last probe."""
        return ways_back.counted(self._shell, self._line, down, up) if self._line else None

    def probe(self, *, prove: bool) -> Probe:
        """As :meth:`port.Router.probe`. Proven is that two files of the configuration's size can be made beside it."""
        look = self._settled(PASSWORD)
        section = plans.pppoe_section(look, self.interface)
        if not plans.disabled(section):
            self._need_netifd(look)
        why = plans.unwritable(look, self.interface, room=not prove)
        tried = prove and not why
        if tried:
            size = len(look.content) + plans.MARGIN
            why = plans.untried(look, self._shell(f"z={size}\n{TRY}", name="try").ran["try"])
        self._ahead = look
        counter = ways_back.counter(look.told, look.status.device) if look.session.up else None
        self._line = counter.interface if counter else ""
        return Probe(
            login=section.get("username"),
            writable=not why,
            session=look.session,
            why=why,
            tried=tried,
            reached_by=ways_back.reached_by(look.told),
            counter=counter,
            warnings=plans.forgetful(look.told.ran["mounts"].text),
        )

    def unfit(self, credentials: Credentials) -> str:
        """uci takes any printable byte; pppd, whose command line gets them, has limits."""
        for name, value in (("login", credentials.login), ("password", credentials.password)):
            if len(value.encode("utf-8", "surrogateescape")) > plans.LONGEST:
                return f"The {name} is longer than the {plans.LONGEST} bytes that pppd takes."
        return ""

    def provision(self, wanted: Interface, *, check: bool, change: bool = False) -> Provisioned | Unable:
        """As :meth:`port.Router.provision`. No other section than the interface's is changed."""
        if why := unfit_characters(Credentials(wanted.login, "none yet")):
            raise Failure("router_option", f"{why} Nothing was written on the router.")
        for _turn in turns(self._sleep, lot=LOT):
            look = self._settled("provisioning the interface")
            if '"pppoe"' not in look.told.ran["handlers"].text:
                raise Failure("router_refused", NO_PACKAGE)
            plan, waiting, diff = plans.provision_plan(look, self.interface, wanted)
            has = plans.existing(look, self.interface)
            differs = differences(has, wanted)
            if has and not (differs and change):
                return Provisioned(False, waiting, lines_left(self.interface, differs), differs)
            if plan.sets and (why := plans.unwritable(look, self.interface)):
                raise Failure("router_refused", f"{why} Nothing was written.")
            at = None if check else self._done(look, plan, "interface")
            if check or at is not None:
                mark = Mark(at, look.session.identity) if plan.calls and not check else Mark()
                return Provisioned(bool(plan.sets), waiting, diff, differs, bool(plan.calls), mark)
        raise Failure("router_write", MOVING)

    def look_ahead(self) -> None:
        """As :meth:`port.Router.look_ahead`. What is written compares the file and the changes with that look."""
        self._ahead = None
        self._ahead = self._settled(PASSWORD)

    def apply(self, credentials: Credentials, *, dial: Dial, age: float | None, check: bool) -> Applied:
        """As :meth:`port.Router.apply`."""
        refuse_unfit(self, credentials)
        ahead, self._ahead = self._ahead, None
        # A kept look is compared by the write alone; check mode does nothing that could go by an old one.
        if ahead and not check and not plans.plan_of(ahead, self.interface, credentials, dial, age).sets:
            ahead = None
        for _turn in turns(self._sleep, lot=LOT):
            look, ahead = ahead or self._settled(PASSWORD), None
            plan = plans.plan_of(look, self.interface, credentials, dial, age)
            at = None if check else self._done(look, plan, "password")
            if check or at is not None:
                mark = Mark(at, look.session.identity) if plan.calls and not check else Mark()
                written, dialled = bool(plan.sets), bool(plan.calls)
                return Applied(written or dialled, written, dialled, mark, plan.warnings)
        raise Failure("router_write", MOVING)

    def session(self, *, wait: float, since: Mark | None) -> Session:
        """As :meth:`port.Router.session`. It does not wait for an interface that netifd does not dial."""
        end, seen = self._monotonic() + wait, ""
        while True:
            left = end - self._monotonic()
            seconds = min(WATCH, max(0, math.ceil(left)))
            told = self._shell(f"{self._named()}z={seconds}\n{WAIT}{STATE}", one_line(seen), name="wait")
            status = status_of(told.ran["status"])
            session = session_of(told, status, since, self.interface)
            if session.up or status.stopped or self._monotonic() >= end:
                return session
            seen = watched(told.ran["status"])

    # -- steps

    def _named(self) -> str:
        """The line that tells a step the interface.

        :raises Failure: ``router_option`` when uci cannot have a section of that name
        """
        if not re.fullmatch("[A-Za-z0-9_]+", self.interface):
            raise Failure("router_option", f"{self.interface!r} is not the name of an interface. Set O(interface).")
        return f"i={self.interface}\n"

    def _look(self) -> Look:
        told = self._shell(self._named() + LOOK + STATE + ways_back.STEP, name="look")
        return look_of(told, self.interface)

    def _settled(self, what: str) -> Look:
        """A look with nothing uncommitted but ours; a run for another line of this router commits in a moment.

        :param what: for people, what would commit the changes
        """
        look = self._look()
        if what == PASSWORD:  # a wrong name is no matter of somebody's changes
            plans.pppoe_section(look, self.interface)
        for _second in range(3):
            if not look.changes.foreign:
                return look
            self._sleep(1)
            look = self._look()
        plans.refuse_foreign(look, self.interface, what)
        return look

    def _need_netifd(self, look: Look) -> None:
        if not look.status.known:
            trouble = f" ({look.status.trouble})" if look.status.trouble else ""
            raise Failure(
                "router_refused",
                f"netifd does not know the interface {self.interface}{trouble}: on the router, 'ubus call network "
                f"reload' shows it {FILE}",
            )
        if look.status.protocol != "pppoe":
            raise Failure("router_refused", NO_PACKAGE)

    def _done(self, look: Look, plan: Plan, what: str) -> float | None:
        """Carry out a plan. The router's uptime before it dialled, 0 without a dial; None when the file has changed.

        :param what: "password" or "interface", for people
        :raises Failure: ``router_write``, ``router_lost``
        """
        if not plan.sets and not plan.calls:
            return 0
        object_of = {"reload": "network"}
        calls = [
            f"r {method} ubus call {object_of.get(method, f'network.interface.{self.interface}')} {method}\n"
            for method in plan.calls
        ]
        # A connection that breaks does not stop it half-way.
        step = f"trap '' HUP PIPE\n{self._named()}d() {{\nread -r y x </proc/uptime; t at \"$y\"\n{''.join(calls)}}}\n"
        given: list[str] = []
        if plan.sets:
            was = decoded(look.content), look.told.ran["changes"].text
            given = [one_line(f"{text}.") for text in was]
            for name, value in plan.sets.items():
                given += [name, value, f"set {name}={quoted(value)}"]
            given.append("")
        try:
            told = self._shell(step + (WRITE if plan.sets else "d\n"), *given, name="write")
        except Failure as failure:
            if failure.code not in ("router_lost", "router_unreachable"):
                raise
            # The look before it came through: where the connection broke, nobody knows.
            unknown = f"Whether the new {what} is written is not known. Run the same command again: it looks first."
            raise Failure("router_lost", f"{failure.message} {unknown}", outcome=Outcome.UNKNOWN) from None
        said = dict(header.partition(" ")[::2] for header, _content in told.said)
        if plan.sets and said.get("wrote") != "yes":
            return self._not_written(said.get("wrote", ""), what)
        self._need_calls(told, plan, what)
        return float(said.get("at") or 0)

    @staticmethod
    def _not_written(how: str, what: str) -> None:
        """None when somebody else was at it; else what is true now."""
        if how == "moved":
            return
        if how == "restored":
            state = (
                f"On its full flash, uci left {FILE} without what was in it. The file was put back as it was, byte for "
                "byte. Make room on the router (df -k /etc/config), then run the same command again."
            )
        elif how == "damaged":
            state = (
                f"{FILE} has lost what was in it, and could not be put back. netifd still runs with what it has: do "
                "not restart the router, and restore the file from a backup. Is the flash full (df -k /etc/config)?"
            )
        else:
            state = (
                f"{FILE} is as it was, and the change was reverted: is the flash full (df -k /etc/config), or "
                "read-only? Mend that, then run the same command again."
            )
        raise Failure(
            "router_write", f"uci did not take the new {what}. The router still runs with the old one. {state}"
        )

    def _need_calls(self, told: Told, plan: Plan, what: str) -> None:
        for method in plan.calls:
            ran = told.ran[method]
            if ran.code:
                raise Failure(
                    "router_write",
                    f"The new {what} is written, but netifd was not told ('{method}' ended with exit code {ran.code}: "
                    f"{words_of(ran.text, 100) or 'no word'}). {plans.reload_by_hand(self.interface)}",
                )
