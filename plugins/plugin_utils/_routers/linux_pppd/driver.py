# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A Linux router whose PPPoE line is kept by pppd, with its files in /etc/ppp."""

from __future__ import annotations

import dataclasses
import hashlib
import posixpath
import secrets
import time
import typing as t
from shlex import quote

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ways.facts import Back
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers import ways_back
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.linux_pppd import steps
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.linux_pppd.dialling import (
    action,
    as_read,
    same,
    signal,
)
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.linux_pppd.plan import (
    PAUSE,
    Facts,
    Place,
    Redial,
    at,
    dial_command_of,
    facts_of,
    option_files,
    places,
    plan,
    session_of,
    to_be_written,
)
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.linux_pppd.provisioning import Provisioning
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.linux_pppd.reasons import (
    last_words,
    reason,
    refuse,
    refuse_failure,
    warnings,
)
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.linux_pppd.words import LONGEST_NAME
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
)
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.races import turns
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.shell import (
    Shell,
    Told,
    call,
    decoded,
    encoded,
    one_line,
)

#: How long a step may wait on the router, seconds.
_STEP = 20.0
#: How long a dial that is under way may last before we stop waiting for its end, seconds.
_DIALLING = 15.0
#: How long another run may hold a lock, seconds.
_LOCKED = 60
_NOW = 't now "$(date +%s)"\n'


class LinuxPppd:
    """The pppd of one peer.

    :param peer: its name below peers in `ppp_dir`
    :param ppp_dir: the folder of pppd's options and secrets
    :param run_dir: the folder of its pid files; ppp 2.5 has them in "pppd" below it
    :param dial_command: what starts it when nobody else does; "" for: find out, else pon
    """

    def __init__(
        self,
        shell: Shell,
        peer: str,
        *,
        ppp_dir: str = "/etc/ppp",
        run_dir: str = "/run",
        dial_command: str = "",
        sleep: t.Callable[[float], None] = time.sleep,
        monotonic: t.Callable[[], float] = time.monotonic,
    ) -> None:
        self._shell = shell
        self._peer = peer
        self._ppp_dir = ppp_dir.rstrip("/")
        self._dial_command = dial_command
        self._sleep = sleep
        self._monotonic = monotonic
        #: The interface of the session, as of the last probe.
        self._line = ""
        self._ahead: Facts | None = None
        self._begin = steps.VARIABLES.format(quote(self._ppp_dir), quote(run_dir.rstrip("/")), _LOCKED) + steps.STATE

    # -- the port

    def unfit(self, credentials: Credentials) -> str:
        for name, value in (("login", credentials.login), ("password", credentials.password)):
            if len(encoded(value)) > LONGEST_NAME:
                return f"The {name} is longer than {LONGEST_NAME} bytes, which pppd does not take."
        if credentials.password.startswith("@/"):
            return "The password begins with @/, which pppd takes for the name of a file."
        return ""

    def provision(self, wanted: Interface, *, check: bool, change: bool = False) -> Provisioned | Unable:
        making = Provisioning(self._run, self._peer, self._ppp_dir, self._dial_command, self._sleep)
        return making.provision(wanted, check=check, change=change)

    def close(self) -> None:
        """See :meth:`port.Router.close`: the connection is the task's."""

    def way_back(self) -> Back:
        """See :meth:`port.Router.way_back`."""
        return ways_back.look(self._shell)

    def counted(self, down: int, up: int = 0) -> tuple[Counter, int] | None:
        """See :meth:`port.Router.counted`; the interface is that of the last look."""
        return ways_back.counted(self._shell, self._line, down, up) if self._line else None

    def probe(self, *, prove: bool) -> Probe:
        facts = self._look()
        why = reason(facts, self._dial_command)
        found = to_be_written(facts) if not why else []
        if prove and not why:
            why = self._try(found)
        self._keep(facts)
        session = session_of(facts, None)
        self._line = facts.session.name if session.up and facts.session else ""
        return Probe(
            login=facts.login,
            writable=not why,
            session=session,
            why=why,
            tried=prove and bool(found),
            reached_by=ways_back.reached_by(facts.told),
            counter=ways_back.counter(facts.told, facts.session.name) if session.up and facts.session else None,
            warnings=warnings(facts),
        )

    def look_ahead(self) -> None:
        ahead, self._ahead = self._ahead, None
        self._keep((ahead and self._as_seen(ahead)) or self._look())

    def _as_seen(self, facts: Facts) -> Facts | None:
        """The same facts some seconds later, if nothing has changed: a third of a look, for whose end a mail waits."""
        said = dict(self._run("look", f"if {same(facts)}; then t same; fi\n{_NOW}").said)
        now = next(header.split(" ")[1] for header in said if header.startswith("now "))
        return dataclasses.replace(facts, now=int(now)) if "same" in said else None

    def _keep(self, facts: Facts) -> None:
        """For the write, which compares. Where no pppd runs, how long it has been silent counts: that takes a fresh
        look."""
        self._ahead = facts if facts.process and not reason(facts, self._dial_command) else None

    def apply(self, credentials: Credentials, *, dial: Dial, age: float | None, check: bool) -> Applied:
        written, mark, command = False, None, ""
        ahead, self._ahead = self._ahead, None
        # Without lots: the lock on the router has one run win each turn. A pppd of another line may come and go, too.
        for _turn in turns(self._sleep, lot=0):
            facts, ahead, kept = ahead or self._with_starters(self._look()), None, ahead is not None
            if why := reason(facts, self._dial_command):
                raise Failure("router_refused", f"{why} Nothing was written.")
            found = places(facts, credentials)
            changes = any(place.new != place.old for place in found)
            redial = self._plan_again(facts)
            if mark is None:
                redial = plan(facts, credentials, dial=dial, age=age, command=self._dial_command)
                command = dial_command_of(facts, self._dial_command)
            dialled = redial is not Redial.NONE
            if check:
                return Applied(changes or dialled, changes, dialled, Mark(), warnings(facts))
            if kept and not changes:
                continue
            if not changes and not dialled:
                break
            told = self._write(facts, found, redial, command, kept)
            if told is None:
                continue
            written = written or changes
            if not dialled:
                break
            before = facts.session.marks if facts.session else ""
            mark = mark or Mark(float(facts.now), before)
            if redial is Redial.AWAIT and not self._comes_back(facts, told):
                continue
            if redial in (Redial.HANG_UP, Redial.WAIT):
                if not self._hang_up(facts, told, before):
                    mark = None
                break
            if not any(header == "unlike" for header, _content in told.said):
                break
        else:
            begun = written or mark is not None
            raise Failure(
                "router_write" if begun else "router_refused",
                f"What pppd has in {self._ppp_dir} changed again and again while it was being set."
                f" {'The password is in place, pppd was not made to dial.' if begun else 'Nothing was written.'}"
                " Run the same command again.",
            )
        return Applied(written or mark is not None, written, mark is not None, mark or Mark(), warnings(facts))

    def _comes_back(self, facts: Facts, told: Told) -> bool:
        """Does somebody start pppd, without being asked? A supervisor pauses between two that were refused."""
        end = self._monotonic() + PAUSE - facts.silent
        facts = at(facts, told)
        while facts.process is None and self._monotonic() < end:
            facts = self._watch(facts, end - self._monotonic())
        return facts.process is not None

    def _plan_again(self, facts: Facts) -> Redial:
        """After pppd was ended, and another one was seen than that one: start it, if it is not there."""
        return Redial.NONE if facts.process else Redial.START

    def session(self, *, wait: float, since: Mark | None) -> Session:
        facts = self._look()
        end = self._monotonic() + wait
        while True:
            found = session_of(facts, since)
            left = end - self._monotonic()
            if found.up or left <= 0:
                break
            facts = self._watch(facts, min(left, _STEP))
        return found if found.up else dataclasses.replace(found, error=found.error + self._refusal(facts))

    # -- looking

    def _run(self, name: str, step: str, *given: str) -> Told:
        return self._shell(self._begin + step, *given, name=name)

    def _look(self) -> Facts:
        """All facts. A pppd that detaches is two for a moment: two are looked at again before they count."""
        facts = self._seen()
        for _turn in range(3):
            if not facts.twins:
                break
            self._sleep(0.5)
            facts = self._seen()
        return facts

    def _seen(self) -> Facts:
        """All facts, in one round trip; one more for each depth of files that draw in others from elsewhere."""
        wanted = option_files(self._ppp_dir, self._peer)
        told = self._run("look", steps.FILES + call("a", *wanted) + ways_back.STEP + steps.LOOK)
        files = dict(told.files)
        said = list(told.said)
        for _depth in range(12):
            facts = facts_of(self._peer, self._ppp_dir, dataclasses.replace(told, files=files, said=tuple(said)))
            if not facts.unread:
                break
            more = self._run("look", steps.FILES + call("a", *facts.unread))
            files.update(more.files)
            said += more.said
        refuse(facts)
        return facts

    def _with_starters(self, facts: Facts) -> Facts:
        """The same look, and who could start a pppd where none runs."""
        if facts.process is not None:
            return facts
        said = facts.told.said + self._run("look", steps.UNITS + steps.SPOKE.format(quote(facts.log))).said
        return dataclasses.replace(facts, told=dataclasses.replace(facts.told, said=said))

    def _watch(self, facts: Facts, seconds: float) -> Facts:
        """Wait on the router until pppd's state is another one, at most for some seconds."""
        step = f"u {max(1, round(seconds))} z {quote(facts.state.text)}\n"
        return at(facts, self._run("wait", step + "t state; printf '%s\\n' \"$v\"\n" + _NOW))

    def _refusal(self, facts: Facts) -> str:
        """What pppd last said about the password, as the end of a sentence."""
        if facts.log:
            step = call("r", "log", "tail", "-n", "60", facts.log)
        else:
            step = "r log journalctl -q -t pppd -n 60 --since -10min -o cat\n"
        said = [line for line in self._run("look", step).ran["log"].text.splitlines() if "AP authentication " in line]
        refused = bool(said) and "authentication failed" in said[-1]
        return "; pppd says that the provider refused the login and password" if refused else ""

    # -- writing

    def _try(self, found: t.Sequence[Place]) -> str:
        """Make what writing needs, by the same commands, and undo it; why that fails, or ""."""
        step, given = "", []
        for number, place in enumerate(found):
            folder, name = posixpath.split(place.real)
            # A line's own: what is left of a killed run goes first, and another line may try at this moment.
            trial = f"{folder}/.{name}.trial-{posixpath.basename(self._peer)}"
            lines = [f"true >>{quote(place.real)}"] if place.old is not None else []
            if not place.inside:
                filler = secrets.token_hex(max(len(place.old or b""), len(place.new)) // 2 + 1)
                total = hashlib.sha256(encoded(filler)).hexdigest() + "  -"
                lines += [call("w", trial, place.mode, place.owner, total, "").strip()] * 2
                given += [filler, ""] * 2
            step += f"x() {{ {' && '.join(lines)}; y=$?; rm -f {quote(trial)}; return $y; }}\nr 'try {number}' x\n"
        ran = self._run("try", steps.WRITE + step, *given).ran
        for number, place in enumerate(found):
            done = ran[f"try {number}"]
            if done.code != 0:
                return (
                    f"{place.real} could not be written when that was tried ({last_words(done.text)}). Make room, or"
                    " mount its folder so that files in it can be replaced."
                )
        return ""

    def _write(self, facts: Facts, found: t.Sequence[Place], redial: Redial, command: str, kept: bool) -> Told | None:
        """Write what differs and begin to dial, under a lock.

        :param kept: the look is not fresh, so that all of it has to hold still
        :return: None when something is not as it was seen; then nothing was done
        """
        changes = [place for place in found if place.new != place.old]
        locks = [f"ownrouter-{posixpath.basename(self._peer)}.lock", *(["ownrouter.lock"] if changes else [])]
        checks = [call("l", name).strip() for name in locks]
        seen = [call("k", place.real, place.seen).strip() for place in found]
        checks += [as_read(found), same(facts)] if kept else seen
        writes, given = [], []
        for place in changes:
            how = "inside" if place.inside else ""
            total = hashlib.sha256(place.new).hexdigest() + "  -"
            writes.append(call("w", place.real, place.mode, place.owner, total, how).strip())
            given += [one_line(decoded(place.new)), one_line(decoded(place.old or b"")) if place.inside else ""]
        dial = action(facts, redial, command)
        step = (
            f"{steps.WRITE}x() {{ {' && '.join([*writes, 'ok=1'])}; }}\nok=''\nif {' && '.join(checks)}; then\n"
            f'r write x\n[ -z "$ok" ] || {{\n{dial}}}\nfi\n'
        )
        told = self._run("write", step + steps.TELL, *given)
        said = {header.partition(" ")[0]: header.partition(" ")[2] for header, _content in told.said}
        if "held" in said:
            holder, _blank, lock = said["held"].partition(" ")
            raise Failure(
                "router_refused",
                f"Another run (process {holder} on the router, {lock}) has been setting it for a minute."
                " Nothing was written.",
            )
        if "write" not in told.ran:
            return None
        refuse_failure(told, said, command)
        return told

    def _hang_up(self, facts: Facts, told: Told, before: str) -> bool:
        """Let pppd dial with what it has now, by signals that cut no dial; whether it was made to.

        A pppd of 2.4.9 that had a session hangs up, and then waits its hold-off (30 s as a rule) before it dials: a
        second signal ends that wait. A dial that is under way takes the new password or is refused; a signal would end
        it and begin a whole hold-off (2.5.2 dials at once after either).

        :param before: the session that was up before the write
        """
        signalled = _acted(told)
        if signalled and (not before or facts.options.text("holdoff") in ("0", "1")):
            return True
        facts = at(facts, told)
        end = self._monotonic() + _DIALLING
        while facts.process is not None:
            session = facts.session
            if session is not None and session.marks != before:
                return signalled
            idle = session is None and ("demand" in facts.options.flags or not facts.process.link)
            if idle or (session is not None and not signalled):
                told = self._run("write", signal(facts) + steps.TELL)
                signalled = _acted(told) or signalled
                if idle and _acted(told):
                    return True
                facts = at(facts, told)
            elif self._monotonic() >= end:
                break
            else:
                facts = self._watch(facts, max(1.0, end - self._monotonic()))
        return signalled


def _acted(told: Told) -> bool:
    return any(header == "acted" for header, _content in told.said)
