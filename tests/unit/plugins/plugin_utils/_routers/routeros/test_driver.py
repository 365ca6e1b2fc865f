# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The driver over a played router, on a clock of its own: what is asked, what is written, what is said."""

from __future__ import annotations

from typing import Any

import pytest
from routeros.client import clock as older_release
from routeros.driving import driver, in_state
from routeros.played import API_PASSWORD, GOOD, LOGIN, OTHER, Play, play

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure, Outcome
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.port import (
    Counter,
    Credentials,
    Dial,
    Interface,
    Mark,
    Session,
)
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.routeros import facts
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.routeros.api import (
    Api,
    ApiOptions,
    Lost,
)
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.routeros.driver import RouterOs
from ansible_collections.ownrouter.ovhcloud.tests.unit.plugins.plugin_utils._routers.conformance import (
    CANARY,
    Conformance,
)

MAILED = Credentials(LOGIN, GOOD)
SET = [f"=password={GOOD}"]
BLIND = "api read write"  # without sensitive


def applied(played: Play, router: RouterOs | None = None, **more: Any) -> tuple[Any, RouterOs]:
    router = router or driver(played)
    return router.apply(MAILED, **{"dial": Dial.AUTO, "age": None, "check": False, **more}), router


def failing(played: Play, **more: Any) -> Failure:
    with pytest.raises(Failure) as found:
        applied(played, **more)
    assert GOOD not in str(found.value) + repr(found.value) + repr(found.value.details)
    assert OTHER not in str(found.value)
    return found.value


class Line:
    """The played router as every driver's is tried: see conformance.Played."""

    login, password = LOGIN, GOOD

    def __init__(self) -> None:
        self.found = play()

    def driver(self) -> RouterOs:
        return driver(self.found)

    def accept(self, password: str) -> None:
        self.found.client.accepts = password
        self.found.client.redial()

    def cut(self) -> None:
        self.found.client.answers = False
        self.found.client.redial()

    def lose(self) -> None:
        self.found.router.gone = True

    def writes(self) -> int:
        return sum(any(word.startswith(("=user=", "=password=")) for word in words) for words in self.found.sets())

    def dials(self) -> int:
        return sum("=disabled=no" in words for words in self.found.sets())

    def stored(self) -> str:
        return self.found.client.row["password"]


class TestConformance(Conformance):
    driver = RouterOs

    @pytest.fixture
    def played(self) -> Line:
        return Line()

    def test_never_dial(self, played: Line) -> None:
        """RouterOS dials by itself when one of both changes: that is said, and nothing is done besides."""
        applied = self.apply(played, CANARY, dial=Dial.NEVER)
        assert (applied.written, applied.dialled, played.stored(), played.dials()) == (True, True, CANARY, 0)
        assert applied.warnings == ("RouterOS dials by itself when login or password change, although dial is never.",)


@pytest.mark.parametrize(
    ("state", "up", "changed"), [("right", True, False), ("differing", True, True), ("down", False, False)]
)
def test_each_state(state: str, up: bool, changed: bool) -> None:
    router, found = in_state(state)
    assert router.probe(prove=False).session.up is up
    assert router.session(wait=0, since=None).up is up
    done, router = applied(found, router)
    assert (done.changed, done.dialled) == (changed, changed)
    assert router.session(wait=9, since=done.mark).up is up


# -- probe


def test_a_look_changes_nothing_and_tells_what_there_is() -> None:
    found = play()
    before = dict(found.client.row)
    probe = driver(found).probe(prove=True)
    assert (probe.login, probe.writable, probe.why, probe.tried, probe.warnings) == (LOGIN, True, "", True, ())
    assert probe.session == Session(True, "203.0.113.10", 3600.0)
    assert probe.counter == Counter("pppoe-out1", 123456, 4567)
    assert probe.reached_by == "bridge"
    assert found.sets() == [["=comment="]]  # as it was
    assert (found.client.row, found.client.dials) == (before, 0)
    assert found.router.writes() == []


def test_without_a_session_there_is_no_counter() -> None:
    probe = driver(play(up=False)).probe(prove=False)
    assert (probe.session, probe.counter) == (Session(False, error="the router says: dialing..."), None)


def test_an_age_that_cannot_be_read_is_not_known() -> None:
    found = play()
    found.client.tells_age = False
    assert driver(found).probe(prove=False).session == Session(True, "203.0.113.10", None)
    found.client.tells_age, found.client.prints = True, older_release
    assert driver(found).probe(prove=False).session.uptime == 3600


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"disabled": "true"}, '/interface pppoe-client enable [find name="pppoe-out1"]'),
        ({"dial-on-demand": "true"}, "dial-on-demand=no"),
        ({"invalid": "true"}, "its interface vlan835 is not there any more"),
        ({"profile": "saving"}, '/ppp profile set [find name="saving"] idle-timeout=0s'),
    ],
)
def test_what_cannot_keep_a_session_is_not_writable(row: dict[str, str], said: str) -> None:
    found = play(**row)
    found.router.profiles.append({"name": "saving", "idle-timeout": "10m"})
    probe = driver(found).probe(prove=True)
    assert (probe.writable, probe.login) == (False, LOGIN)
    assert said in probe.why
    assert found.sets() == []


def test_a_client_that_waits_for_its_password_is_writable() -> None:
    probe = driver(play("", up=False, disabled="true", comment=facts.WAITING)).probe(prove=False)
    assert (probe.writable, probe.session.error) == (True, "the interface has no password yet")


def test_safe_mode_stops_where_it_shows() -> None:
    found = play()
    found.router.safe_mode = "admin"
    assert driver(found).probe(prove=False).writable  # nothing shows it before something is written
    probe = driver(found).probe(prove=True)
    assert (probe.writable, "Safe Mode is on (changes by admin)" in probe.why) == (False, True)


def test_a_write_under_safe_mode_is_told() -> None:
    found = play(OTHER)
    found.router.safe_mode = "admin"
    done, _router = applied(found)
    assert "The router was set, and may undo that. Safe Mode is on" in done.warnings[0]
    found.router.end_safe_mode()
    assert found.client.row["password"] == OTHER


# -- rights


def test_a_user_who_may_not_write_is_told() -> None:
    found = play(policies="api read")
    probe = driver(found).probe(prove=True)
    assert (probe.writable, probe.tried) == (False, False)
    assert "The group of the API user renew lacks the policy write" in probe.why
    assert found.sets() == []


@pytest.mark.parametrize(("policies", "writable"), [("api read write", True), ("api read", False)])
def test_a_group_that_is_not_told_among_the_active_is_asked_for_once_more(policies: str, writable: bool) -> None:
    found = play(policies=policies)
    found.router.active_has_groups = False
    probe = driver(found).probe(prove=False)
    assert (probe.writable, probe.tried, probe.warnings) == (writable, False, ())
    assert ["/user/print", "=.proplist=group", "?name=renew"] in found.asked


@pytest.mark.parametrize(
    "comment", [None, "Ligne à Nanterre", b"Ligne \xe0 Nanterre".decode("utf-8", "surrogateescape")]
)
def test_rights_that_are_not_told_are_proven_by_a_write_of_nothing(comment: str | None) -> None:
    found = play(**({} if comment is None else {"comment": comment}))
    found.router.tells_groups = False
    before = dict(found.client.row)
    assert "is not known before the first write" in driver(found).probe(prove=False).warnings[0]
    assert found.sets() == []
    probe = driver(found).probe(prove=True)
    assert (probe.writable, probe.tried, probe.warnings) == (True, True, ())
    assert found.sets() == [[f"=comment={comment or ''}"]]
    assert found.client.row == before
    assert found.client.since is not None  # nothing was dialled


@pytest.mark.parametrize(
    ("policies", "refusal", "said"),
    [
        ("api read", "", "lacks the policy write"),
        ("api read write", "failure: not allowed by device-mode", "/system device-mode print"),
    ],
)
def test_a_write_of_nothing_that_is_refused(policies: str, refusal: str, said: str) -> None:
    found = play(policies=policies)
    found.router.tells_groups, found.router.refusal = False, refusal
    probe = driver(found).probe(prove=True)
    assert (probe.writable, probe.tried) == (False, True)
    assert said in probe.why


def test_a_user_who_may_not_read_is_told() -> None:
    with pytest.raises(
        Failure, match=r"does not let the user renew read .* Give the user's group the policies api and read"
    ):
        driver(play(policies="api write")).probe(prove=False)


# -- names


def test_another_name_is_a_wrong_option() -> None:
    with pytest.raises(Failure, match="has no PPPoE client pppoe-out9; it has: pppoe-backup, pppoe-out1") as error:
        driver(play(), "pppoe-out9").probe(prove=False)
    assert error.value.code == "router_option"
    assert error.value.details["option"] == "interface"


def test_a_name_of_winbox_in_its_code_page_is_found_and_written() -> None:
    found = play(OTHER)
    found.client.row["name"] = b"fibre-\xe9".decode("utf-8", "surrogateescape")
    router = driver(found, "fibre-é")
    assert router.probe(prove=False).counter == Counter("fibre-é", 123456, 4567)
    assert applied(found, router)[0].written
    found.client.row["disabled"] = "true"
    assert "/interface pppoe-client enable *2" in router.probe(prove=False).why


# -- apply


def test_what_is_right_is_left_alone() -> None:
    found = play()
    done, router = applied(found)
    assert (done.changed, done.written, done.dialled, done.mark.at) == (False, False, False, None)
    assert found.sets() == []
    assert router.session(wait=0, since=done.mark).up


def test_what_differs_is_written_once_and_dials_once() -> None:
    found = play(OTHER)
    done, router = applied(found, age=120)
    assert (done.changed, done.written, done.dialled, done.warnings) == (True, True, True, ())
    assert found.sets() == [SET]
    session = router.session(wait=60, since=done.mark)
    assert (session.up, session.uptime) == (True, 0.0)
    assert found.clock.now - 1000 <= 1.3  # a dial takes a second
    assert (found.client.dials, found.sets()) == (1, [SET])
    again, _router = applied(found, age=130)
    assert not again.changed


@pytest.mark.parametrize(("password", "changed"), [(GOOD, False), (OTHER, True)])
@pytest.mark.parametrize("policies", ["api read write sensitive", BLIND])
def test_check_mode_predicts_and_writes_nothing(password: str, changed: bool, policies: str) -> None:
    found = play(password, policies=policies)
    predicted, _router = applied(found, check=True, age=60)
    assert found.sets() == []
    done, _router = applied(found, age=60)
    told = (predicted.changed, predicted.written, predicted.dialled)
    assert told == (done.changed, done.written, done.dialled)
    assert predicted.mark == Mark()
    assert done.changed is (changed or done.dialled)


@pytest.mark.parametrize("value", ['l\'eau "de" vie\\$dollar;#&<>é€', "=equals", "?query", "!trap", "true", "0123"])
def test_every_password_arrives_as_it_is(value: str) -> None:
    found = play(OTHER)
    credentials = Credentials(LOGIN, value)
    assert driver(found).apply(credentials, dial=Dial.AUTO, age=None, check=False).written
    assert found.client.row["password"] == value
    assert not driver(found).apply(credentials, dial=Dial.AUTO, age=None, check=False).changed
    assert found.sets() == [[f"=password={value}"]]


@pytest.mark.parametrize(
    ("credentials", "said"),
    [
        (Credentials(LOGIN, ""), "The password is empty."),
        (Credentials("a\nb", GOOD), "The login holds a line break"),
        (Credentials(LOGIN, "x" * 256), "The password is 256 bytes long"),
    ],
)
def test_what_no_client_takes_is_refused_before_the_router_is_asked(credentials: Credentials, said: str) -> None:
    found = play(OTHER)
    with pytest.raises(Failure, match=said) as error:
        driver(found).apply(credentials, dial=Dial.AUTO, age=None, check=False)
    assert (error.value.code, found.asked) == ("router_option", [])


def test_without_sensitive_an_up_session_is_left_alone() -> None:
    found = play(OTHER, policies=BLIND)
    assert not applied(found)[0].changed
    assert found.sets() == []


@pytest.mark.parametrize("password", [GOOD, OTHER])
def test_without_sensitive_nothing_was_compared(password: str) -> None:
    for up in (True, False):
        assert applied(play(password, up=up, policies=BLIND), check=True)[0].compared is False
        assert applied(play(password, up=up), check=True)[0].compared is True


def test_without_sensitive_a_renewal_writes_once() -> None:
    found = play(OTHER, policies=BLIND)
    done, router = applied(found, age=120)
    assert done.written
    assert router.session(wait=60, since=done.mark).up
    found.clock.sleep(5)
    again, _router = applied(found, age=126)
    assert (again.changed, found.sets(), found.client.dials) == (False, [SET], 1)


def test_without_sensitive_a_session_that_is_down_gets_its_password() -> None:
    found = play(OTHER, up=False, policies=BLIND)
    assert applied(found)[0].written
    assert found.sets() == [SET]


def test_dial_never_writes_and_says_that_the_router_dials() -> None:
    done, _router = applied(play(OTHER), dial=Dial.NEVER)
    assert (done.written, done.dialled) == (True, True)
    assert "RouterOS dials by itself" in done.warnings[0]
    assert applied(play(), dial=Dial.NEVER)[0].changed is False


def test_dial_always_dials_once_where_nothing_is_written() -> None:
    found = play()
    done, router = applied(found, dial=Dial.ALWAYS)
    assert (done.changed, done.written, done.dialled) == (True, False, True)
    assert found.sets() == [["=disabled=yes"], ["=disabled=no"]]
    assert router.session(wait=60, since=done.mark).up
    assert found.client.dials == 1


def test_a_session_that_is_older_than_the_request_is_dialled_anew() -> None:
    """The right password is there, and the session from before the request is still up."""
    found = play()
    done, router = applied(found, age=120)
    assert (done.written, done.dialled) == (False, True)
    assert router.session(wait=60, since=done.mark).up
    assert not applied(found, age=130)[0].changed


def test_a_client_that_waits_is_enabled_with_its_first_password_in_one_command() -> None:
    found = play("", up=False, disabled="true", comment=facts.WAITING)
    done, router = applied(found)
    assert (done.written, done.dialled) == (True, True)
    assert found.sets() == [[*SET, "=disabled=no", "=comment="]]
    assert router.session(wait=60, since=done.mark).up


# -- refusals and lost answers


@pytest.mark.parametrize(
    ("refusal", "said"),
    [
        ("not enough permissions (9)", "lacks the policy write"),
        ("failure: not allowed by device-mode", "/system device-mode print"),
        ("no such item", "Somebody removed the PPPoE client meanwhile"),
        (f"invalid value {GOOD} for argument password", "invalid value ******** for argument password"),
    ],
)
def test_a_refusal_is_a_refusal(refusal: str, said: str) -> None:
    found = play(OTHER)
    found.router.refusal = refusal
    failure = failing(found)
    assert (failure.code, failure.outcome) == ("router_refused", Outcome.REFUSED)
    assert said in failure.message
    assert failure.message.endswith("Nothing was written on the router.")
    assert len(found.sets()) == (2 if "item" in refusal else 1)  # one that was made anew is looked for, once


@pytest.mark.parametrize("policies", ["api read write sensitive", BLIND])
@pytest.mark.parametrize("how", ["late", "before the answer", "interrupted"])
def test_an_answer_that_is_late_or_lost_is_looked_after(how: str, policies: str) -> None:
    """The write took effect: it is not repeated, and is no failure."""
    found = play(OTHER, policies=policies)
    if how == "late":
        found.router.late = 12.0
    elif how == "interrupted":
        found.router.interrupts = True
    else:
        found.router.breaks = how
    done, router = applied(found, age=120)
    assert done.written
    assert found.sets() == [SET]
    assert router.session(wait=60, since=done.mark).up
    assert found.client.dials == 1


def test_a_late_answer_within_routeros_timeout_is_no_matter() -> None:
    found = play(OTHER)
    found.router.late = 12.0
    done, _router = applied(found, driver(found, timeout=15))
    assert done.written
    assert found.clock.slept == []


@pytest.mark.parametrize("policies", ["api read write sensitive", BLIND])
def test_a_write_that_was_lost_on_its_way_is_repeated(policies: str) -> None:
    found = play(OTHER, policies=policies)
    found.router.breaks = "before the write"
    done, router = applied(found, age=120)
    assert done.written
    assert found.sets() == [SET, SET]
    assert router.session(wait=60, since=done.mark).up
    assert found.client.dials == 1


def test_a_router_that_is_gone_after_the_write_is_not_known() -> None:
    found = play(OTHER)
    router = driver(found)
    found.router.breaks = "before the answer"
    rows = found.rows
    found.rows = lambda words, timeout: _gone(found, rows, words, timeout)  # type: ignore[method-assign]  # a fault
    with pytest.raises(Failure, match="Whether the router has the new login and password is not known") as error:
        applied(found, router)
    assert (error.value.code, error.value.outcome) == ("router_lost", Outcome.UNKNOWN)
    assert "port 8729 refuses connections" in error.value.message
    assert 90 <= sum(found.clock.slept) <= 120  # long enough for a restart


def _gone(found: Play, rows: Any, words: list[str], timeout: float) -> Any:
    try:
        return rows(words, timeout)
    except EOFError:
        found.router.gone = True
        raise


def test_a_router_that_is_gone_after_the_answer_was_set() -> None:
    found = play(OTHER)
    found.router.breaks = "for good"
    done, router = applied(found)
    assert done.written
    with pytest.raises(Failure, match=r"The API of the router at 192\.0\.2\.1 port 8729 refuses connections") as error:
        router.session(wait=4, since=done.mark)
    assert error.value.code == "router_unreachable"


def test_an_unreachable_router_is_told_and_nothing_done() -> None:
    router, found = in_state("unreachable")
    for act in (
        lambda: router.probe(prove=False),
        lambda: applied(found, router),
        lambda: router.session(wait=0, since=None),
        lambda: router.provision(Interface("ether1", 835, 1492, LOGIN), check=False),
    ):
        with pytest.raises(Failure) as error:
            act()
        assert error.value.code == "router_unreachable"


# -- session


def test_a_session_that_does_not_come_is_told_with_the_routers_reason() -> None:
    found = play(OTHER)
    found.client.accepts = "another"
    done, router = applied(found)
    session = router.session(wait=4, since=done.mark)
    assert (session.up, session.error) == (
        False,
        "the router says: terminating... - failed to authenticate ourselves to peer",
    )
    assert 4 <= found.clock.now - 1000 <= 4.3
    assert found.sets() == [SET]


def test_an_old_session_that_stays_is_redialled_once() -> None:
    found = play(OTHER)
    found.client.redials_on_change = False
    done, router = applied(found, driver(found, redial_after=2))
    session = router.session(wait=60, since=done.mark)
    assert session.up
    assert found.sets() == [SET, ["=disabled=yes"], ["=disabled=no"]]
    assert found.clock.now - 1000 <= 3.6


@pytest.mark.parametrize("asleep", [180.0, 0.0])
def test_a_session_that_came_while_this_machine_slept_is_new(asleep: float) -> None:
    """Its monotonic clock stood still meanwhile, and the session's age went on."""
    found = play(OTHER)
    done, router = applied(found)
    found.clock.sleep(180)
    before = router._monotonic() - 180
    router._monotonic, router._asleep = (lambda: before), (lambda: asleep)
    assert router.session(wait=0, since=done.mark).up is bool(asleep)


def test_one_redial_and_no_second() -> None:
    found = play(OTHER)
    found.client.redials_on_change = False
    done, router = applied(found, driver(found, redial_after=1))
    found.client.redial = lambda: None  # type: ignore[method-assign]  # whatever is done, it stays
    for _call in range(2):
        session = router.session(wait=10, since=done.mark)
        assert (session.up, session.address, session.error) == (
            False,
            "203.0.113.10",
            "the previous session is still up",
        )
    assert found.sets() == [SET, ["=disabled=yes"], ["=disabled=no"]]


def test_no_redial_without_a_wish() -> None:
    found = play(OTHER)
    found.client.redials_on_change = False
    done, router = applied(found, driver(found, redial_after=0))
    assert not router.session(wait=30, since=done.mark).up
    assert found.sets() == [SET]


def test_any_session_will_do_without_a_mark() -> None:
    router = driver(play())
    assert router.session(wait=0, since=None).up
    assert router.session(wait=0, since=Mark()).up


@pytest.mark.parametrize("stays", [True, False])
def test_a_session_of_unknown_age_is_new_by_what_the_interface_tells(stays: bool) -> None:
    found = play(OTHER)
    found.client.tells_age, found.client.redials_on_change = False, not stays
    done, router = applied(found, driver(found, redial_after=0))
    assert done.mark.identity == "0/session 1"
    session = router.session(wait=5, since=done.mark)
    assert (session.up, session.uptime) == (not stays, None)
    assert session.error == ("the previous session is still up" if stays else "")


def test_a_session_of_unknown_age_without_one_before_is_new() -> None:
    found = play(OTHER, up=False)
    found.client.tells_age = False
    done, router = applied(found)
    assert router.session(wait=5, since=done.mark).up


def test_a_look_that_fails_is_repeated() -> None:
    """A connection that breaks while the router dials is made anew."""
    found = play(OTHER)
    done, router = applied(found)
    found.router.gone = True
    sleep = found.clock.sleep

    def back(seconds: float) -> None:
        sleep(seconds)
        found.router.gone = found.clock.now < 1003

    router._sleep = back
    assert router.session(wait=60, since=done.mark).up
    assert found.sets() == [SET]


class Flaky(Api):
    """A router whose commands fail in this order (True: it fails); its client has another .id at each look."""

    def __init__(self, *fails: bool) -> None:
        super().__init__(ApiOptions("192.0.2.1"))
        self.fails, self.asked, self.looks = list(fails), [], 0

    def run(self, *words: str) -> list[facts.Row]:
        if words[0].endswith("/print"):
            self.looks += 1
            return [{".id": f"*{self.looks}", "name": "pppoe-out1", "disabled": "true"}]
        self.asked.append(" ".join(words[1:]))
        if self.fails.pop(0):
            raise Lost("it is gone.")
        return []


CLIENT = facts.client_of({".id": "*1", "name": "pppoe-out1"})


@pytest.mark.parametrize("fails", [(False, False), (True, False), (True, True, False), (False, True, True, False)])
def test_a_client_is_enabled_whatever_became_of_the_disabling(fails: tuple[bool, ...]) -> None:
    api = Flaky(*fails)
    RouterOs(ApiOptions("192.0.2.1"), "pppoe-out1", sleep=lambda _seconds: None, api=api)._redial(CLIENT)
    # After a loss it may have another .id: the router may have restarted.
    numbers = [f"*{1 + sum(fails[:turn])}" for turn in range(len(fails))]
    assert api.asked == [f"=.id={one} =disabled={'no' if turn else 'yes'}" for turn, one in enumerate(numbers)]


def test_a_client_that_stays_disabled_is_an_error_with_the_command() -> None:
    api = Flaky(False, *[True] * 20)
    slept: list[float] = []
    with pytest.raises(Failure, match=r"could not be enabled again: it is gone\. On the router: /interface") as error:
        RouterOs(ApiOptions("192.0.2.1"), "pppoe-out1", sleep=slept.append, api=api)._redial(CLIENT)
    assert (error.value.code, error.value.outcome) == ("router_write", Outcome.UNKNOWN)
    assert error.value.message.endswith('pppoe-client enable [find name="pppoe-out1"]')
    assert sum(slept) >= 90  # long enough for a restart


def test_no_secret_in_a_repr() -> None:
    options = ApiOptions("192.0.2.1", username="renew", password=API_PASSWORD)
    assert API_PASSWORD not in repr(options) + repr(Api(options)) + repr(RouterOs(options, "x"))


def test_a_router_that_is_gone_right_after_its_answer_was_set() -> None:
    """What is asked after the write is no part of it."""
    found = play(OTHER)
    rows = found.rows

    def answer(words: list[str], timeout: float) -> list[dict[str, str]]:
        told = rows(words, timeout)
        found.router.gone = words[0].endswith("/set")
        return told

    found.rows = answer  # type: ignore[method-assign]  # a fault
    done, _router = applied(found)
    assert (done.written, done.warnings) == (True, ())


def test_a_session_of_which_nothing_is_told_is_not_taken_for_a_new_one() -> None:
    found = play(OTHER)
    found.client.tells_age = False
    rows = found.rows

    def answer(words: list[str], timeout: float) -> list[dict[str, str]]:
        return [] if words[0] == "/interface/print" else rows(words, timeout)

    found.rows = answer  # type: ignore[method-assign]  # a release that does not count sessions
    done, router = applied(found, driver(found, redial_after=0))
    session = router.session(wait=5, since=done.mark)
    assert (session.up, session.error.startswith("the router does not tell how old the session is")) == (False, True)


@pytest.mark.parametrize("times", [1, 2])
def test_a_look_whose_answer_was_lost_is_asked_for_once_more(times: int) -> None:
    found = play()
    rows, left = found.rows, [EOFError()] * times

    def answer(words: list[str], timeout: float) -> list[dict[str, str]]:
        if left and words[0].endswith("pppoe-client/print"):
            raise left.pop()
        return rows(words, timeout)

    found.rows = answer  # type: ignore[method-assign]  # a fault
    if times == 1:
        assert driver(found).probe(prove=False).writable
        return
    with pytest.raises(Failure, match=r"gives no answer within 10 s .* raise O\(routeros_timeout\)") as error:
        driver(found).probe(prove=False)
    assert error.value.code == "router_unreachable"
