# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import dataclasses

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.port import (
    Applied,
    Credentials,
    Dial,
    Difference,
    Interface,
    Mark,
    Provisioned,
)
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.vyos.driver import VyOs
from ansible_collections.ownrouter.ovhcloud.tests.unit.plugins.plugin_utils._routers import conformance
from ansible_collections.ownrouter.ovhcloud.tests.unit.plugins.plugin_utils._routers.vyos.played import (
    BASE,
    CANARY,
    LOGIN,
    LOOK,
    PASSWORD,
    RELEASES,
    WRITE,
    Played,
    Vyos,
    apply,
    configuring,
    fails,
)

WANTED = Interface("eth0", 835, 1492, LOGIN)


@pytest.fixture(params=["1.4", "1.5"])
def played(request: pytest.FixtureRequest) -> Vyos:
    return Vyos(request.param)


class TestConformance(conformance.Conformance):
    driver = VyOs
    looks_ahead = False

    def test_never_dial(self, played: conformance.Played) -> None:
        """A commit of login or password restarts pppd, so VyOS cannot write without a dial: that is said."""
        applied = self.apply(played, CANARY, dial=Dial.NEVER)
        assert (applied.written, applied.dialled, played.stored()) == (True, True, CANARY)
        assert applied.warnings == ("VyOS dials at each commit of login or password, whatever dial is.",)


# -- preflight


@pytest.mark.parametrize("release", RELEASES)
def test_preflight_sets_nothing(release: str) -> None:
    router = Vyos(release)
    probe = router.driver().probe(prove=True)
    assert (probe.login, probe.writable, probe.session.up) == (LOGIN, True, True)
    assert probe.session.uptime == (None if release == "1.3" else pytest.approx(3600, abs=2))
    assert probe.counter is not None and (probe.counter.received, probe.counter.sent) == (134, 99)
    assert configuring(router) == LOOK
    assert PASSWORD not in repr(probe)


@pytest.mark.parametrize("interface", ["wan", "", "pppoe", "pppoe0; reboot", "PPPOE0"])
def test_an_interface_of_another_name_is_refused_before_anything_is_typed(interface: str) -> None:
    router = Vyos()
    driver = VyOs(Played(router), interface)
    for call in (
        lambda: driver.probe(prove=False),
        lambda: driver.provision(WANTED, check=False),
        lambda: driver.apply(Credentials(LOGIN, "x"), dial=Dial.AUTO, age=None, check=False),
    ):
        with pytest.raises(Failure) as caught:
            call()
        assert caught.value.code == "router_option" and "pppoe0, pppoe1" in caught.value.message
    assert router.typed == []


def test_an_interface_that_is_not_there() -> None:
    router = Vyos()
    with pytest.raises(Failure, match=r"no pppoe7 \(it has pppoe0\). Set O\(interface\).") as caught:
        VyOs(Played(router), "pppoe7").probe(prove=False)
    assert caught.value.code == "router_refused" and configuring(router) == []


@pytest.mark.parametrize(
    ("router", "why"),
    [
        (Vyos("1.4", level="operator"), "vyos may not enter the configuration mode. Use a user of the level admin."),
        (Vyos("1.4", f"{BASE} disable"), "pppoe0 is disabled in its configuration"),
        (Vyos("1.4", f"{BASE} connect-on-demand"), "pppoe0 dials on demand"),
    ],
)
def test_why_it_is_not_writable(router: Vyos, why: str) -> None:
    probe = router.driver().probe(prove=True)
    assert not probe.writable and why in probe.why and probe.why.endswith(".")
    assert probe.tried == (router.level == "admin")


@pytest.mark.parametrize("release", RELEASES)
def test_changes_of_somebody_else_that_are_not_saved_stop(release: str) -> None:
    router = Vyos(release)
    router.running["interfaces ethernet eth1 description"] = "interfaces ethernet eth1 description 'LAN'"
    probe = router.driver().probe(prove=False)
    assert not probe.writable and "has changes that are not saved" in probe.why
    own = Vyos(release)
    own.saved[f"{BASE} authentication password"] = f"{BASE} authentication password 'before'"
    assert own.driver().probe(prove=False).writable


def test_a_configuration_that_cannot_be_read() -> None:
    router = Vyos()
    router.events = [("show configuration", "\n  Invalid command: show [configuration]\n")]
    assert 'lacks the right to "show configuration commands"' in router.driver().probe(prove=False).why
    router.events = [("show configuration", "\n  Invalid command: show [configuration]\n")]
    assert "Nothing was written" in fails(router, "router_refused").message


@pytest.mark.parametrize("command", ["show interfaces", "show date", "show configuration", "compare saved", "show log"])
def test_a_connection_that_broke_before_is_made_anew(command: str) -> None:
    router = Vyos()
    router.events = [(command, "lost")]
    assert router.driver().probe(prove=False).writable
    router.events = [(command, "gone")]
    with pytest.raises(Failure) as caught:
        router.driver().probe(prove=False)
    assert caught.value.code == "router_unreachable" and "Nothing was written" in caught.value.message


# -- the write


@pytest.mark.parametrize("release", RELEASES)
def test_what_a_write_types(release: str) -> None:
    router = Vyos(release)
    router.accept(CANARY)
    assert apply(router, check=True) == Applied(True, True, True)
    assert configuring(router) == []
    applied = apply(router)
    assert (applied.changed, applied.written, applied.dialled, applied.warnings) == (True, True, True, ())
    assert configuring(router) == WRITE and router.saved == router.running and router.commits == 1
    assert router.driver().session(wait=20, since=applied.mark).up
    del router.typed[:]
    assert not apply(router).changed and configuring(router) == LOOK and router.commits == 1


@pytest.mark.parametrize("password", ["it's", 'say "x"', "caf\u00e9", "x" * 129, "back\\slash", "what?"])
def test_what_cannot_be_typed_is_refused_before_anything_is_written(password: str) -> None:
    router = Vyos()
    for check in (True, False):
        failure = fails(router, "router_option", password=password, check=check)
        assert "Nothing was written" in failure.message and password not in failure.message
    assert configuring(router) == []


def test_what_was_typed_by_hand_is_left() -> None:
    router = Vyos("1.4", f"{BASE} authentication password 'back\\\\slash?'")
    assert not apply(router, "back\\slash?").changed


@pytest.mark.parametrize("password", ["a b", " x ", "#", "r1#", "$(id)", "`id`;!x", "x" * 128])
def test_other_passwords_are_written_as_they_are(password: str) -> None:
    router = Vyos()
    apply(router, password)
    assert router.stored() == password


def test_the_first_password_enables_what_was_provisioned() -> None:
    router = Vyos("1.4", line=False)
    made = router.driver().provision(WANTED, check=True)
    assert isinstance(made, Provisioned) and made.changed and made.waiting and router.commits == 0
    assert f"+set {BASE} mtu '1492'" in made.diff
    assert router.driver().provision(WANTED, check=False) == made
    assert router.saved == router.running and f"{BASE} disable" in router.running
    assert router.driver().provision(WANTED, check=False) == Provisioned(False, True)
    router.accept("first")
    applied = apply(router, "first")
    assert applied.dialled and f"{BASE} disable" not in router.running and router.saved == router.running
    assert router.driver().session(wait=10, since=applied.mark).up
    assert router.driver().provision(WANTED, check=False) == Provisioned(False, False)


def test_an_interface_that_is_there_is_told_and_changed_with_the_option() -> None:
    """Another MTU or IPv6 is taken over by the session; another port below ends it."""
    router = Vyos("1.4")
    base = f"{BASE} "
    for words in ("source-interface 'eth0.835'", "mtu '1400'"):
        router.running[base + words.split()[0]] = base + words
    router.saved = dict(router.running)
    router.running["interfaces ethernet eth0 vif 835"] = "interfaces ethernet eth0 vif 835"
    router.saved = dict(router.running)
    wanted = dataclasses.replace(WANTED, device="eth0", vlan=835)
    left = router.driver().provision(wanted, check=False)
    assert isinstance(left, Provisioned) and not left.changed and router.commits == 0
    assert [dataclasses.astuple(one) for one in left.differs] == [("MTU", "1400", "1492"), ("IPv6", "off", "on")]
    made = router.driver().provision(wanted, check=False, change=True)
    assert isinstance(made, Provisioned) and made.changed and not made.dials and router.commits == 1
    assert router.driver().provision(wanted, check=False, change=True) == Provisioned(False, False)
    other = router.driver().provision(dataclasses.replace(wanted, vlan=0), check=True, change=True)
    assert isinstance(other, Provisioned) and other.dials and other.differs == (Difference("VLAN", "835", "none"),)


def test_provisioning_that_is_refused_says_what_was_not_taken() -> None:
    router = Vyos("1.4", line=False)
    router.events = [("commit", "[ interfaces pppoe ]\n\nCommit failed\n")]
    with pytest.raises(Failure, match="did not take: set interfaces ethernet eth0 vif 835; set") as caught:
        router.driver().provision(WANTED, check=False)
    assert caught.value.code == "router_refused"
    router.running["interfaces ethernet eth1 description"] = "interfaces ethernet eth1 description 'LAN'"
    with pytest.raises(Failure, match="has changes that are not saved"):
        router.driver().provision(WANTED, check=False)
    with pytest.raises(Failure, match="may not enter the configuration mode"):
        Vyos("1.4", line=False, level="operator").driver().provision(WANTED, check=False)


# -- the session


def test_a_session_of_unknown_age_counts_after_a_commit_only() -> None:
    router = Vyos("1.3")
    assert router.driver().session(wait=0, since=Mark(at=0.0)).up
    assert router.driver().probe(prove=False).session.uptime is None
    # Nothing is dialled because of an age that nobody knows.
    assert apply(router, PASSWORD, age=10.0) == Applied(False, False, False)


def test_a_session_that_began_before_the_mark_does_not_count() -> None:
    router = Vyos()
    at = router.now  # the router's clock is UTC
    assert router.driver().session(wait=0, since=Mark(at=at - 3700)).up
    session = router.driver().session(wait=0, since=Mark(at=at - 3500))
    assert not session.up and session.error == "the previous session of pppoe0 is still up"


@pytest.mark.parametrize("release", ["1.4", "1.5"])
def test_the_session_is_waited_for(release: str) -> None:
    router = Vyos(release)
    router.accept(CANARY)
    applied = apply(router)
    router.began = router.now + 7
    session = router.driver().session(wait=20, since=applied.mark)
    assert session.up and session.uptime is not None and session.uptime < 2
    router.accept("another")
    began = router.now
    session = router.driver().session(wait=5, since=applied.mark)
    assert not session.up and "the provider refused the login and password" in session.error
    assert 5 <= router.now - began < 8


def test_a_router_that_is_lost_after_a_write_is_not_said_to_be_as_before() -> None:
    router = Vyos()
    applied = apply(router)
    router.lose()
    with pytest.raises(Failure) as caught:
        router.driver().session(wait=3, since=applied.mark)
    assert caught.value.code == "router_unreachable" and "Nothing was written" not in caught.value.message


def test_a_router_that_answers_again_in_time() -> None:
    router = Vyos()
    router.events = [("show interfaces", "lost"), ("show interfaces", "lost"), ("show log", "lost")]
    assert router.driver().session(wait=20, since=None).up


def test_dialling_without_a_change() -> None:
    router = Vyos()
    router.events = [("^connect", "Cannot connect while a commit is in progress\n")] * 3
    applied = apply(router, PASSWORD, dial=Dial.ALWAYS)
    assert applied == Applied(True, False, True, applied.mark) and applied.mark.at is not None
    assert router.connects == 1 and router.commits == 0
    router.events = [("^connect", "Cannot connect while a commit is in progress\n")] * 100
    failure = fails(router, "router_write", password=PASSWORD, dial=Dial.ALWAYS)
    assert "On the router: connect interface pppoe0." in failure.message
    router.events = [("^disconnect", "\n  Invalid command: [disconnect]\n")]
    assert "Nothing was done" in fails(router, "router_refused", password=PASSWORD, dial=Dial.ALWAYS).message
    router.events = [("^connect", "gone")]
    assert "told to end its session" in fails(router, "router_lost", password=PASSWORD, dial=Dial.ALWAYS).message


def test_the_age_of_the_password_makes_an_older_session_end() -> None:
    router = Vyos()
    assert apply(router, PASSWORD, age=4000.0) == Applied(False, False, False)
    assert apply(router, PASSWORD, age=100.0, check=True) == Applied(True, False, True)
    assert apply(router, PASSWORD, age=100.0, dial=Dial.NEVER) == Applied(False, False, False)
    assert router.connects == 0
    assert apply(router, PASSWORD, age=100.0).dialled and router.connects == 1


@pytest.mark.parametrize(
    ("more", "users", "interface"),
    [
        ("", None, "eth1"),
        ("policy local-route rule 10 set table '100'", None, ""),
        ("service ssh vrf 'management'", None, ""),
        ("", "Invalid command: [users]\n", ""),
    ],
)
def test_by_which_interface_it_answers(more: str, users: str | None, interface: str) -> None:
    router = Vyos("1.4", *([more] if more else []))
    router.users = router.users if users is None else users
    assert router.driver().probe(prove=False).reached_by == interface
    assert router.typed.count("show ip route 192.0.2.10") == (interface != "")
