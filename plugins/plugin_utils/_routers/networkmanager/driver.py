# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Routers whose line is a connection profile of NetworkManager, by nmcli over a shell.

Login and password go to "nmcli connection edit" on its standard input: "nmcli connection modify" would show them in the
process list. Times are of the router's uptime: its clock may jump when the line comes back.
"""

from __future__ import annotations

import contextlib
import dataclasses
import time
import typing as t
from shlex import quote

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure, Outcome
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ways.facts import Back
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers import ways_back
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.networkmanager import plan as plans
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.networkmanager.facts import (
    Look,
    look_of,
    profile_of,
    session_of,
    state_of,
    uptime_of,
)
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.port import (
    PUT_BACK,
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
)
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.shell import Shell, Told

#: In the locale C nmcli shows a question mark for each letter that ASCII has not.
BEGIN = "LC_ALL=C.UTF-8; unset LANGUAGE\n"
#: Seconds between two looks at a session that is waited for.
POLL = 1.0
#: NetworkManager ends and starts a pppd for each session; its pid file has the name of the interface.
STATE = """\
r state nmcli -t -e no -f GENERAL,IP4 connection show id "$i"
x=$(nmcli -e no -g GENERAL.IP-IFACE connection show id "$i" 2>/dev/null)
read -r x y 2>/dev/null <"/run/$x.pid" || read -r x y 2>/dev/null <"/run/pppd/$x.pid" || x=none
r pppd cat "/proc/$x/stat"
r uptime cat /proc/uptime
"""
PROFILE = """\
r profiles nmcli -t -e no -f TYPE,NAME,FILENAME connection show
p=pppoe
r profile nmcli -t -e no -s -f connection.type,$p.username,$p.password,$p.password-flags connection show id "$i"
"""
LOOK = """\
r printf type printf
r rights nmcli -t -e no general permissions
"""
#: Two files of random bytes in the folder $d.
TRY = """\
d=$d/.ownrouter-$n
trap 'rm -f "$d".?' EXIT; trap 'exit 1' HUP PIPE TERM
w() { for p in 1 2; do dd if=/dev/urandom of="$d.$p" bs="$z" count=1 || return 1; done; mv "$d.2" "$d.3"; }
r try w
"""
#: "nmcli connection edit" ends with 0 whatever happened: what was written is read back. It keeps what it is fed in
#: ~/.nmcli-history, so it has no home.
WRITE = """\
IFS= read -r l; IFS= read -r p
printf 'set pppoe.username %s\\nset pppoe.password %s\\nsave persistent\\nquit\\n' "$l" "$p" |
  HOME=/nonexistent nmcli connection edit id "$i" >/dev/null 2>&1
"""
#: NetworkManager stumbles over a connection that is activated a second time while it is active: so down, then up.
DIAL = """\
r uptime cat /proc/uptime
r down nmcli connection down id "$i"
r up nmcli --wait 0 connection up id "$i"
"""


class NetworkManager:
    """A PPPoE profile of NetworkManager.

    :param name: the profile's, in "nmcli connection show"
    """

    def __init__(
        self,
        shell: Shell,
        name: str,
        *,
        sleep: t.Callable[[float], object] = time.sleep,
        monotonic: t.Callable[[], float] = time.monotonic,
    ) -> None:
        self._shell, self._name = shell, name
        self._sleep, self._monotonic = sleep, monotonic
        self._line = ""
        self._wrote: Credentials | None = None

    def close(self) -> None:
        """See :meth:`port.Router.close`: the connection is the task's."""

    def way_back(self) -> Back:
        """As :meth:`port.Router.way_back`."""
        return ways_back.look(self._shell)

    def counted(self, down: int, up: int = 0) -> tuple[Counter, int] | None:
        """As :meth:`port.Router.counted`; the interface is that of the last probe."""
        return ways_back.counted(self._shell, self._line, down, up) if self._line else None

    def probe(self, *, prove: bool) -> Probe:
        """As :meth:`port.Router.probe`. Proven is that two files can be made beside the profile's."""
        look = self._look()
        why = plans.unwritable(look)
        tried = prove and not why
        if tried:
            folder = look.profile.folder
            told = self._shell(f"d={quote(folder)} z={plans.MARGIN}\n{TRY}", name="try")
            why = plans.untried(told.ran["try"], folder)
        session = session_of(look.state, look.now, None, self._name)
        counter = ways_back.counter(look.told, look.state.interface) if session.up else None
        self._line = counter.interface if counter else ""
        return Probe(
            login=look.profile.login,
            writable=not why,
            session=session,
            why=why,
            tried=tried,
            reached_by=ways_back.reached_by(look.told),
            counter=counter,
        )

    def unfit(self, credentials: Credentials) -> str:
        """As :meth:`port.Router.unfit`."""
        return plans.unfit(credentials)

    def provision(self, wanted: Interface, *, check: bool, change: bool = False) -> Provisioned | Unable:
        """As :meth:`port.Router.provision`."""
        return Unable(
            "The platform networkmanager makes no profile. Make it on the router: nmcli connection add type pppoe "
            f"con-name {self._name!r} ifname ppp0 pppoe.parent {wanted.link} username {wanted.login!r} "
            "autoconnect no."
        )

    def look_ahead(self) -> None:
        """As :meth:`port.Router.look_ahead`: the connection is kept alive, and :meth:`apply` looks for itself."""
        self._look()

    def apply(self, credentials: Credentials, *, dial: Dial, age: float | None, check: bool) -> Applied:
        """As :meth:`port.Router.apply`."""
        refuse_unfit(self, credentials)
        look = self._look()
        plan = plans.plan_of(look, credentials, dial, age)
        if plan.writes and (why := plans.unwritable(look)):
            raise Failure("router_refused", f"{why} Nothing was written.")
        changed = plan.writes or plan.dials
        if check or not changed:
            return Applied(changed, plan.writes, plan.dials)
        if plan.writes:
            self._write(credentials)
        self._wrote = credentials
        mark = self._dial(plan.writes, look.state.identity) if plan.dials else Mark()
        return Applied(changed, plan.writes, plan.dials, mark)

    def session(self, *, wait: float, since: Mark | None) -> Session:
        """As :meth:`port.Router.session`."""
        end = self._monotonic() + wait
        while True:
            told = self._shell(self._named() + STATE, name="wait")
            session = session_of(state_of(told), uptime_of(told.ran["uptime"]), since, self._name)
            if session.up or self._monotonic() >= end:
                return session if session.up else self._explained(session)
            self._sleep(POLL)

    # -- steps

    def _named(self) -> str:
        """The lines that a step begins with: its letters, and the profile.

        :raises Failure: ``router_option`` for a name with a line break
        """
        if not self._name.isprintable():
            raise Failure("router_option", f"{self._name!r} is no name of a connection profile. Set O(interface).")
        return f"{BEGIN}i={quote(self._name)}\n"

    def _look(self) -> Look:
        told = self._shell(self._named() + LOOK + PROFILE + STATE + ways_back.STEP, name="look")
        return look_of(told, self._name)

    def _changed(self, step: str, *given: str) -> Told:
        """A step that changes something; a connection that breaks does not stop it half-way.

        :raises Failure: ``router_lost`` when nobody knows whether it was done
        """
        try:
            return self._shell(f"trap '' HUP PIPE\n{self._named()}{step}", *given, name="write")
        except Failure as failure:
            if failure.code not in ("router_lost", "router_unreachable"):
                raise
            # The look before it came through: where the connection broke, nobody knows.
            unknown = "Whether the new password is written is not known. Run the same command again: it looks first."
            raise Failure("router_lost", f"{failure.message} {unknown}", outcome=Outcome.UNKNOWN) from None

    def _write(self, credentials: Credentials) -> None:
        """:raises Failure: ``router_write`` when the profile has not got it afterwards"""
        told = self._changed(WRITE + PROFILE, credentials.login, credentials.password)
        profile = profile_of(told.ran["profile"], told.ran["profiles"].text, self._name)
        if not plans.written(profile, credentials):
            raise Failure(
                "router_write",
                f"NetworkManager did not take the new password of {self._name}, and goes on with what it had. What it "
                "says of that is in its log on the router: journalctl -u NetworkManager.",
            )

    def _dial(self, writes: bool, identity: str) -> Mark:
        """Dial once.

        :param writes: something was written just now
        :param identity: the session before
        :raises Failure: ``router_write`` when NetworkManager does not even begin
        """
        told = self._changed(DIAL)
        if told.ran["up"].code:
            has = "It has the new password, but NetworkManager" if writes else "NetworkManager"
            # What nmcli says could quote nothing secret: it is given the profile's name alone.
            said = " ".join(told.ran["up"].text.split())[:200].rstrip(".")
            raise Failure("router_write", f"{has} does not dial {self._name} ({said}).")
        return Mark(uptime_of(told.ran["uptime"]), identity)

    def _explained(self, session: Session) -> Session:
        """A session that did not come after a write, with what was changed on the router since."""
        if self._wrote is None:
            return session
        with contextlib.suppress(Failure):
            if not plans.written(self._look().profile, self._wrote):
                return dataclasses.replace(session, error=f"{session.error}; {PUT_BACK}")
        return session
