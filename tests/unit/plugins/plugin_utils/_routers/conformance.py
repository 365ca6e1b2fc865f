# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What every driver keeps: its test module inherits :class:`Conformance`, and gives it a router that is played.

A driver that lacks a method, or has it with other parameters, fails here; nothing is skipped.
"""

from __future__ import annotations

import dataclasses
import inspect
import typing as t

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers import port
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.port import Credentials, Dial, Mark

#: Looks like no word of a message, and like no other password.
CANARY = "Zq7Kanarie9Vx2"
METHODS = [name for name, _value in inspect.getmembers(port.Router, inspect.isfunction) if not name.startswith("_")]
#: What a driver may see before it is given the password.
LOOKS: dict[str, t.Callable[[port.Router], object]] = {
    "ahead": lambda driver: driver.look_ahead(),
    "probe": lambda driver: driver.probe(prove=False),
    "proof": lambda driver: driver.probe(prove=True),
}
WANTED = port.Interface(device="eth1", vlan=835, mtu=1492, login="")


class Played(t.Protocol):
    """A router that is played: its session is up on `login` and `password`, which the provider accepts."""

    login: str
    password: str

    def driver(self) -> port.Router:
        """A driver of it; each call a new one, as each task of a play has."""

    def accept(self, password: str) -> None:
        """The provider takes this password from now on, and has cut the session."""

    def cut(self) -> None:
        """The session ends, and does not come back by itself."""

    def lose(self) -> None:
        """The router is not reached any more."""

    def writes(self) -> int:
        """How often login or password were written so far."""

    def dials(self) -> int:
        """How often the driver made the router dial so far."""

    def stored(self) -> str:
        """The password that the router would dial with."""


class Conformance:
    """Inherit it, and give a fixture `played`, a new :class:`Played` for each test."""

    #: The driver's class.
    driver: t.ClassVar[type]
    #: Does it look at the router before there is a password?
    looks_ahead: t.ClassVar[bool] = True
    #: Does the router tell its password, so that a difference can be seen without writing?
    compares: t.ClassVar[bool] = True

    @pytest.mark.parametrize("name", METHODS)
    def test_has_each_method_as_the_port_has_it(self, name: str) -> None:
        assert name in vars(self.driver), f"{self.driver.__name__} does not have {name}"
        wanted = inspect.signature(getattr(port.Router, name)).parameters
        has = inspect.signature(getattr(self.driver, name)).parameters
        assert [(one.name, one.kind) for one in has.values()] == [(one.name, one.kind) for one in wanted.values()]

    def test_a_look_changes_nothing(self, played: Played) -> None:
        probe = played.driver().probe(prove=False)
        assert (probe.login, probe.writable, probe.why, probe.tried) == (played.login, True, "", False)
        assert probe.session.up and probe.session.address and not probe.session.error
        assert (played.writes(), played.dials(), played.stored()) == (0, 0, played.password)

    def test_the_way_back_and_the_counter_change_nothing(self, played: Played) -> None:
        driver = played.driver()
        line = driver.probe(prove=False).counter
        assert driver.way_back().interface == driver.probe(prove=False).reached_by
        found = driver.counted(0)
        # A pppd that is played has no interface to count.
        assert (found and found[0].interface) == (line and line.interface)
        assert found is None or found[1] == 0
        assert (played.writes(), played.dials(), played.stored()) == (0, 0, played.password)

    def test_a_proof_leaves_nothing_behind(self, played: Played) -> None:
        probe = played.driver().probe(prove=True)
        assert probe.writable and probe.tried
        assert (played.writes(), played.dials(), played.stored()) == (0, 0, played.password)
        assert played.driver().probe(prove=False).session.up

    def test_the_same_password_is_left_alone(self, played: Played) -> None:
        applied = self.apply(played, played.password)
        assert (applied.changed, applied.written, applied.dialled) == (False, False, False)
        assert (played.writes(), played.dials()) == (0, 0)

    def test_check_mode_predicts_and_writes_nothing(self, played: Played) -> None:
        applied = self.apply(played, CANARY, check=True)
        assert (applied.changed, applied.written) == (True, True)
        assert (played.writes(), played.dials(), played.stored()) == (0, 0, played.password)

    def test_another_password_is_written_once_and_dialled_once(self, played: Played) -> None:
        before = played.driver().probe(prove=False).session
        played.accept(CANARY)
        applied = self.apply(played, CANARY)
        assert (applied.changed, applied.written, applied.dialled) == (True, True, True)
        assert (played.writes(), played.stored()) == (1, CANARY)
        session = played.driver().session(wait=20, since=applied.mark)
        assert session.up and session.address and not session.error
        assert not before.identity or session.identity != before.identity
        again = self.apply(played, CANARY)
        assert (again.changed, played.writes()) == (False, 1)

    def test_looking_ahead_changes_nothing(self, played: Played) -> None:
        driver = played.driver()
        driver.look_ahead()
        driver.look_ahead()
        driver.close()
        assert (played.writes(), played.dials(), played.stored()) == (0, 0, played.password)

    @pytest.mark.parametrize("cut", ["before the look", "after the look"])
    @pytest.mark.parametrize("look", LOOKS)
    def test_a_password_that_comes_after_a_look(self, played: Played, look: str, cut: str) -> None:
        driver = played.driver()
        if cut == "before the look":
            played.accept(CANARY)
        LOOKS[look](driver)
        if cut == "after the look":
            played.accept(CANARY)
        credentials = Credentials(played.login, CANARY)
        applied = driver.apply(credentials, dial=Dial.AUTO, age=None, check=False)
        assert (applied.changed, applied.written, applied.dialled) == (True, True, True)
        assert (played.writes(), played.stored()) == (1, CANARY)
        assert driver.session(wait=20, since=applied.mark).up
        again = driver.apply(credentials, dial=Dial.AUTO, age=None, check=False)
        assert (again.changed, played.writes()) == (False, 1)

    @pytest.mark.parametrize("look", LOOKS)
    def test_a_look_that_holds_no_more_is_not_gone_by(self, played: Played, look: str) -> None:
        """Somebody else was faster: it is found so, and neither written nor dialled again."""
        driver = played.driver()
        LOOKS[look](driver)
        played.accept(CANARY)
        other = played.driver()
        mark = other.apply(Credentials(played.login, CANARY), dial=Dial.AUTO, age=None, check=False).mark
        assert other.session(wait=20, since=mark).up
        dials = played.dials()
        applied = driver.apply(Credentials(played.login, CANARY), dial=Dial.AUTO, age=None, check=False)
        assert (applied.changed, applied.written, applied.dialled) == (False, False, False)
        assert (played.writes(), played.dials()) == (1, dials)

    def test_a_session_from_before_does_not_count(self, played: Played) -> None:
        now = played.driver().probe(prove=False).session
        mark = Mark(at=float(2**40), identity=now.identity)
        session = played.driver().session(wait=0, since=mark)
        assert not session.up and session.error

    def test_any_session_counts_without_a_mark(self, played: Played) -> None:
        assert played.driver().session(wait=0, since=None).up

    def test_no_session_has_a_reason(self, played: Played) -> None:
        played.cut()
        session = played.driver().session(wait=0, since=None)
        assert not session.up and not session.address and session.error

    def test_never_dial(self, played: Played) -> None:
        applied = self.apply(played, CANARY, dial=Dial.NEVER)
        assert (applied.written, applied.dialled) == (True, False)
        assert (played.stored(), played.dials()) == (CANARY, 0)

    def test_always_dial(self, played: Played) -> None:
        applied = self.apply(played, played.password, dial=Dial.ALWAYS)
        assert (applied.changed, applied.dialled) == (True, True)
        assert played.driver().session(wait=20, since=applied.mark).up

    def test_an_old_session_on_a_younger_password_is_ended(self, played: Played) -> None:
        """Its age is more than that of the password: a run that was killed before it dialled."""
        uptime = played.driver().probe(prove=False).session.uptime
        assert uptime is not None and uptime > 30, "the played session is to be older than half a minute"
        applied = self.apply(played, played.password, age=uptime - 20)
        assert applied.dialled and applied.changed

    def test_what_no_router_takes_is_refused(self, played: Played) -> None:
        for login, password in ((played.login, ""), ("", "x"), (played.login, "a\nb"), ("a\rb", "x"), ("a", "b\0c")):
            with pytest.raises(Failure) as caught:
                port.refuse_unfit(played.driver(), Credentials(login, password))
            assert caught.value.code == "router_option" and "Nothing was written" in caught.value.message
        assert played.writes() == 0

    @pytest.mark.parametrize("password", ["abcDEF123456", "a" * 64, "0" * 12])
    def test_ordinary_passwords_are_taken(self, played: Played, password: str) -> None:
        assert played.driver().unfit(Credentials(played.login, password)) == ""

    def test_provisioning_has_a_typed_answer(self, played: Played) -> None:
        try:
            made = played.driver().provision(dataclasses.replace(WANTED, login=played.login), check=True)
        except Failure as failure:
            assert failure.code in ("router_option", "router_refused")
            return
        assert isinstance(made, (port.Provisioned, port.Unable))
        assert not isinstance(made, port.Unable) or made.why.endswith(".")

    def test_a_lost_router_is_told_as_such(self, played: Played) -> None:
        played.lose()
        calls: list[t.Callable[[], t.Any]] = [
            lambda: played.driver().probe(prove=False),
            lambda: self.apply(played, CANARY),
            lambda: played.driver().session(wait=0, since=None),
        ]
        if self.looks_ahead:
            calls.append(lambda: played.driver().look_ahead())
        for call in calls:
            with pytest.raises(Failure) as caught:
                call()
            assert caught.value.code == "router_unreachable"
            assert CANARY not in repr(caught.value.details) + caught.value.message

    def test_no_secret_is_in_what_is_returned(self, played: Played) -> None:
        played.accept(CANARY)
        seen = [played.driver().probe(prove=True), self.apply(played, CANARY)]
        assert CANARY not in repr(seen) and played.password not in repr(seen)

    @staticmethod
    def apply(
        played: Played, password: str, *, dial: Dial = Dial.AUTO, age: float | None = None, check: bool = False
    ) -> port.Applied:
        return played.driver().apply(Credentials(played.login, password), dial=dial, age=age, check=check)
