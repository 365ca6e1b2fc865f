# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What preflight makes of its answers."""

from __future__ import annotations

import dataclasses
import datetime

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._given.options import Options
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._preflight import preflight
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._preflight.preflight import Place
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.facts import (
    Latest,
    Line,
    Mail,
    Router,
    Session,
)

LINE, LOGIN = "xdsl-ab12345-1", "0320123456_1@adsl.ovh"
AT = datetime.datetime(2026, 3, 1, 12, 0, tzinfo=datetime.timezone.utc)
MAIL = {"id": "7", "date": "2026-03-01T12:00:00Z", "title": "Yours"}
EVENT = {"date": "2026-03-01T12:00:00Z", "state": "OK"}
ACCESS = {"login": LOGIN, "status": "active", "last_connection": EVENT, "mail_to_this_account": True}
TOLD = {"accesses": [ACCESS], "clock_skew": 3}
LATEST = {"found": True, "login": LOGIN, "mail": MAIL, "secret_link": False, "layout": "2024"}
BY_HAND = {"login": LOGIN, "password": "x"}
RENEW = {"renew": True}


def options(**given):
    return Options({"service_name": LINE, **given})


def only(found, part):
    """The one sentence, with that part in it; "" is none at all."""
    found = list(found)
    if not part:
        assert found == []
        return
    assert len(found) == 1, found
    assert part in found[0]


@pytest.mark.parametrize(
    ("given", "part"),
    [
        ({}, ""),
        (RENEW, ""),
        (BY_HAND, ""),
        ({"login": LOGIN}, ""),
        ({**BY_HAND, **RENEW}, "keep one of the two"),
        ({"password": "x"}, "without router_pppoe_login"),
        ({**BY_HAND, "password": "x\ny"}, "control character"),
        ({**BY_HAND, "login": "\x7fx"}, "control character"),
        ({"platform": "custom"}, "router_pppoe_platform_dir must name"),
        ({"platform": "custom", "platform_dir": "/x"}, ""),
        ({"platform_dir": "/x"}, "router_pppoe_platform is linux_pppd"),
        ({"provision": True}, "without router_pppoe_provision_device"),
        ({"provision": True, "provision_device": "eth0"}, ""),
        ({"cooldown": "soon"}, "router_pppoe_cooldown"),
        ({"max_age": "old"}, "router_pppoe_max_age"),
        ({"renewed_since": "tomorrow"}, "router_pppoe_renewed_since"),
        ({"cooldown": "1h", "max_age": "90d", "renewed_since": "2026-03-01"}, ""),
    ],
)
def test_options_that_do_not_go_together(given, part):
    only(preflight.of_options(options(**given), Place()), part)


CUSTOM = {"platform": "custom", "platform_dir": "/x"}


@pytest.mark.parametrize(
    ("given", "over", "part"),
    [
        (CUSTOM, {"router_pppoe_login"}, "router_pppoe_login is given as extra variable (-e, a survey)"),
        (CUSTOM, {"router_pppoe_password"}, "router_pppoe_password is given"),
        (
            CUSTOM,
            {"router_pppoe_login", "router_pppoe_password"},
            "router_pppoe_login and router_pppoe_password are given as extra variables (",
        ),
        ({"store": "/x.yml"}, {"router_pppoe_login"}, "router_pppoe_login is given"),
        ({}, {"router_pppoe_login"}, ""),
        ({**CUSTOM, **BY_HAND}, {"router_pppoe_login", "router_pppoe_password"}, ""),
        (CUSTOM, {"target"}, ""),
        (CUSTOM, {"_router_pppoe_step"}, "_router_pppoe_step is given as extra variable (-e, a survey)"),
        ({}, {"_router_pppoe_proof", "router_pppoe_session"}, "_router_pppoe_proof and router_pppoe_session are given"),
        (CUSTOM, {"router_pppoe_session_timeout", "router_pppoe_keep_mails", "my_router_pppoe_step"}, ""),
    ],
)
def test_an_extra_variable_that_would_take_the_place_of_the_new_password(given, over, part):
    only(preflight.of_options(options(**given), Place(over=frozenset(over))), part)


@pytest.mark.parametrize(
    ("given", "place", "part"),
    [
        (RENEW, Place(batch=3, forks=2, as_tasks="so"), "3 routers go through this play together, with 2 forks"),
        (RENEW, Place(batch=2, forks=2, as_tasks="so"), ""),
        (RENEW, Place(batch=3, forks=5, throttle=1, as_tasks="so"), "together, with throttle 1, and"),
        (RENEW, Place(batch=3, forks=2, throttle=2, as_tasks="so"), "forks to 3 or more"),
        (RENEW, Place(batch=3, forks=5, throttle=3, as_tasks="so"), ""),
        (RENEW, Place(batch=3, forks=5, throttle=1), ""),
        (RENEW, Place(batch=3, forks=2), ""),
        ({}, Place(batch=3, forks=2, as_tasks="so"), ""),
    ],
)
def test_lines_that_would_wait_for_a_worker(given, place, part):
    only(preflight.of_options(options(**given), place), part)


def test_what_ovhcloud_told_of_the_line():
    assert preflight.line_of(TOLD, LATEST) == Line(True, LOGIN, AT, 3)
    refused = {**TOLD, "accesses": [{**ACCESS, "login": None, "last_connection": {**EVENT, "state": "KO"}}]}
    assert preflight.line_of(refused, {"login": "by mail"}).login == "by mail"
    assert preflight.line_of(refused, {}).accepted_at is None
    assert preflight.line_of({}, {}) == Line(False, "", None, None)
    assert preflight.line_of({**TOLD, "clock_skew": 0}, {}).skew == 0


def test_what_the_mailbox_told():
    assert preflight.latest_of(LATEST) == Latest(True, LOGIN, Mail("7", AT, "Yours"), False, "2024")
    assert preflight.latest_of({"found": False, "mail": None}) == Latest(False)
    assert preflight.latest_of({**LATEST, "secret_link": True}).secret_link
    assert preflight.mail_of(None) is None
    assert preflight.mail_of({**MAIL, "date": "yesterday"}) is None


RIGHT = {"method": "POST", "path": "/xdsl/x", "iam_action": "xdsl:apiovh:x"}


def access(**parts):
    return {**TOLD, "accesses": [{**ACCESS, **parts}]}


@pytest.mark.parametrize(
    ("given", "told", "latest", "part"),
    [
        (RENEW, TOLD, LATEST, ""),
        (RENEW, TOLD, {"found": False}, ""),
        ({}, {"msg": "No key."}, {}, "No key."),
        ({}, {}, {}, "OVHcloud could not be asked."),
        ({}, {"accesses": []}, {}, "OVHcloud could not be asked."),
        (BY_HAND, {}, {}, ""),
        (BY_HAND, TOLD, {}, ""),
        ({}, {**TOLD, "missing_rights": [RIGHT]}, {}, "lacks POST /xdsl/x (IAM action xdsl:apiovh:x). Create a key"),
        (RENEW, access(status="doing"), LATEST, "its status is doing, not active"),
        (RENEW, access(status=None), LATEST, "its status is unknown"),
        ({}, access(status="doing"), LATEST, ""),
        (RENEW, access(mail_to_this_account=False, mail_contact="ab1-ovh"), LATEST, "mail goes to ab1-ovh, whose"),
        (RENEW, access(mail_to_this_account=False), LATEST, "mail goes to another account, whose"),
        (RENEW, access(mail_to_this_account=None), LATEST, ""),
        ({}, access(mail_to_this_account=False), LATEST, ""),
        ({**RENEW, "mail_source": "imap"}, access(mail_to_this_account=False), LATEST, ""),
        ({}, TOLD, {"msg": "No right."}, "the credentials mail cannot be read: No right."),
        ({}, TOLD, {}, "cannot be read: no answer"),
    ],
)
def test_what_keeps_a_run_from_finishing(given, told, latest, part):
    only(preflight.of_line(options(**given), told, latest), part)


@pytest.mark.parametrize(
    ("given", "told", "latest", "part"),
    [
        ({}, TOLD, LATEST, ""),
        (BY_HAND, {"msg": "No way."}, {}, "could not be asked about the line (No way.)"),
        (BY_HAND, {}, {}, "(no answer)"),
        (BY_HAND, TOLD, {}, ""),
        ({}, access(problems=["A fault is open."]), LATEST, "A fault is open."),
        ({}, {**TOLD, "unproven_rights": [{"path": "/me"}]}, LATEST, "may lack the right to /me"),
        ({"mail_source": "imap"}, TOLD, {"found": False}, "the mailbox holds no credentials mail"),
        ({"mail_source": "imap"}, TOLD, LATEST, ""),
        ({}, TOLD, {"found": False}, ""),
        ({}, TOLD, {**LATEST, "secret_link": True}, "gives a one-time link"),
        ({"store": "/x.yml"}, TOLD, {**LATEST, "secret_link": True}, ""),
    ],
)
def test_what_could_not_be_proven(given, told, latest, part):
    known = [*preflight.notes(options(**given), told), *preflight.notes_of_mail(options(**given), latest)]
    only([*known, *preflight.unknown(told)], part)


def test_a_mail_that_is_looked_for_later_is_judged_later():
    unread = {"msg": "No right."}
    only(preflight.of_line(options(), TOLD, None), "")
    only(preflight.of_line(options(), TOLD, unread), "cannot be read: No right.")
    only(preflight.of_mail(options(), unread), "cannot be read: No right.")
    only(preflight.of_mail(options(**RENEW), {**LATEST, "forwarded": {"what_to_do": "Let it."}}), "mailbox. Let it.")
    only(preflight.of_mail(options(), {**LATEST, "forwarded": {"what_to_do": "Let it."}}), "")


def test_mails_that_were_passed_over():
    assert preflight.told_passed_over({}) == ""
    one = {**MAIL, "why": "it is another line's"}
    said = '"Yours" of 2026-03-01T12:00:00Z (id 7): it is another line\'s'
    assert preflight.told_passed_over({"passed_over": [one, one]}) == f"Passed over: {said}; {said}."


UP = Session(True)


@pytest.mark.parametrize(
    ("router", "why", "login", "part"),
    [
        (Router(LOGIN, UP), "", LOGIN, ""),
        (Router(LOGIN, UP), "", "", ""),
        (Router("", UP, replaceable=True), "", LOGIN, ""),
        (Router("of another provider", UP, replaceable=True), "", LOGIN, ""),
        (Router(LOGIN, UP), "Read only.", LOGIN, "the router cannot be set. Read only."),
        (Router("other", UP), "", LOGIN, f"the router dials with the login other, but {LINE} has the login {LOGIN}."),
    ],
)
def test_a_router_that_is_not_the_one(router, why, login, part):
    only(preflight.of_router(options(), router, why, Line(True, login)), part)


def test_a_login_that_nothing_shows_to_be_the_lines_stops_a_request_alone():
    """It is told which of the two options says so."""
    router, line = Router("other", UP), Line(True)
    only(preflight.of_router(options(renew=True), router, "", line), "set router_pppoe_line_login to it")
    only(preflight.of_router(options(), router, "", line), "")
    only(preflight.of_router(options(renew=True), dataclasses.replace(router, replaceable=True), "", line), "")


def test_which_logins_may_be_replaced():
    one = options(replaces_login="old@isp")
    assert [one.replaceable(login, LOGIN) for login in ("", "old@isp", LINE, LOGIN, "x")] == [True] * 3 + [False] * 2
    assert not options().replaceable("old@isp", LOGIN)
    # The router has it already, in whatever case it is written there.
    assert not options(replaces_login=LOGIN).replaceable(LOGIN, LOGIN)
    assert not options(replaces_login=LOGIN.upper()).replaceable(LOGIN.upper(), LOGIN)
    only(preflight.of_router(options(renew=True), Router(LOGIN.upper(), UP), "", Line(True, LOGIN)), "")


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (5, 5.0),
        ("5.5", 5.5),
        (0, 0.0),
        (preflight.LONGEST, preflight.LONGEST),
        (preflight.LONGEST + 1, None),
        (-1, None),
        ("", None),
        (None, None),
        ("nan", None),
        ("inf", None),
        (10**400, None),
        ([], None),
    ],
)
def test_ages_of_the_users_own_tasks(value, seconds):
    assert preflight.session_of({"up": True, "uptime": value}) == Session(True, uptime=seconds)


def test_a_session_of_the_users_own_tasks():
    facts = {"up": True, "address": "203.0.113.7", "uptime": 5, "error": "none"}
    assert preflight.session_of(facts) == Session(True, "203.0.113.7", 5.0, "none")
    assert preflight.session_of({"up": "yes"}) == preflight.session_of("up") == preflight.session_of(None)
    assert preflight.session_of(None) == Session(False)


ROUTER, SESSION = {"login": LOGIN, "writable": True}, {"up": False}


@pytest.mark.parametrize(
    ("router", "session", "part"),
    [
        (ROUTER, SESSION, ""),
        (None, SESSION, "/x/probe.yml does not set the fact router_pppoe_router"),
        ({}, SESSION, "/x/probe.yml does not set the fact router_pppoe_router"),
        ("text", SESSION, "/x/probe.yml does not set the fact router_pppoe_router"),
        ({"writable": True}, SESSION, "without the key login"),
        ({**ROUTER, "login": 5}, SESSION, "without the key login"),
        ({**ROUTER, "writable": "yes"}, SESSION, "without the key writable"),
        (ROUTER, None, "/x/status.yml does not set the fact router_pppoe_session"),
        (ROUTER, {}, "/x/status.yml does not set the fact router_pppoe_session"),
        (ROUTER, ["up"], "/x/status.yml does not set the fact router_pppoe_session"),
        (ROUTER, {"up": "yes"}, "without the key up"),
    ],
)
def test_the_contract_of_the_users_own_tasks(router, session, part):
    only(preflight.of_contract("/x", router, session), part)
