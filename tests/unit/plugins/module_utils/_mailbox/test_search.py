# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which mail counts: this line's, of this renewal, the newest; and mails that only the user's patterns can read."""

from __future__ import annotations

import signal
import time
from datetime import datetime, timedelta, timezone

import pytest
from ovh_api import mails

LINE = "xdsl-ab12345-1"
LOGIN = "0320123456_1@adsl.ovh"
CANARY = "Zq7-canary_9x"
PATTERNS = {
    "mail_title": "(?i)your connection",
    "mail_login_pattern": r"^PPP peer is (\S+)$",
    "mail_password_pattern": r"^PPP token is (?P<password>.+)$",
}
UNKNOWN = f"Greetings,\n\nline {LINE} was set up anew.\n\nPPP peer is {LOGIN}\nPPP token is {CANARY}\n\nBye\n"


@pytest.fixture
def look(run, ak):
    """Run xdsl_ppp_credentials_info on the first line; looks once unless told."""

    def call(**options):
        return run(
            "xdsl_ppp_credentials_info",
            **{**ak, "service_name": LINE, "timeout": 0, "return_password": True, **options},
        )

    return call


def at(api, **delta):
    """A time of OVHcloud's clock."""
    moment = datetime.fromtimestamp(api.world.now(), timezone.utc) + timedelta(**delta)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def put(api, title, text, **more):
    return api.admin("POST", "/mails", {"title": title, "text": text, **more})


# --- the clock


@pytest.mark.parametrize("skew", [-600, 0, 600])
def test_the_request_and_its_mail_are_of_one_clock(api, renew, look, skew):
    """OVHcloud's clock and this machine's are ten minutes apart: the mail before the request is not taken."""
    api.set(clock_skew=skew, mail_delay=1)
    put(api, *mails.ppp_mail(LINE, LOGIN, "one-before-7"), age=30)
    requested = renew(renew=True, cooldown="10s")
    assert requested["reason"] == "requested", requested
    assert look(newer_than=requested["requested_at"])["found"] is False
    result = look(newer_than=requested["requested_at"], timeout=10, expected_after=0, interval=1)
    assert result.get("password") == api.line(LINE)["password"], result
    assert result["other_mails"] == [] and "warnings" not in result


def test_two_seconds_are_the_tolerance(api, look):
    put(api, *mails.ppp_mail(LINE, LOGIN, "too-old-7"), age=5)
    assert look(newer_than=at(api))["found"] is False
    put(api, *mails.ppp_mail(LINE, LOGIN, "just-so-7"), age=1)
    assert look(newer_than=at(api))["password"] == "just-so-7"


# --- several renewals


@pytest.mark.parametrize("version", ["v2", "v1"])
@pytest.mark.parametrize("bodies", [True, False])
def test_two_renewals_at_once(api, look, version, bodies):
    api.set(v2_list_bodies=bodies)
    if version == "v1":
        rules = [rule for rule in api.world.state["credentials"]["test-ck"]["rules"] if "/v2/" not in rule["path"]]
        api.set(credentials={"test-ck": {"rules": rules}})
    asked = at(api, seconds=-60)
    older = put(api, *mails.ppp_mail(LINE, LOGIN, "dead-already-7"), age=20)
    put(api, *mails.modem_mail(LINE, "Modem-7"), age=15)
    newer = put(api, *mails.ppp_mail(LINE, LOGIN, CANARY), age=10)
    result = look(newer_than=asked)
    assert result["password"] == CANARY
    key = "id" if version == "v1" else "uuid"
    assert result["mail"]["id"] == str(newer[key])
    assert [one["id"] for one in result["other_mails"]] == [str(older[key])]
    assert len(result["warnings"]) == 1
    warning = str(result["warnings"])
    for part in (result["mail"]["date"], result["other_mails"][0]["date"], str(older[key]), "somebody else"):
        assert part in warning
    assert "dead-already-7" not in result.written


def test_older_renewals_are_nothing_to_warn_of(api, look):
    """Without newer_than, and before it, there are older mails as a rule."""
    put(api, *mails.ppp_mail(LINE, LOGIN, CANARY), age=10)
    for options in ({}, {"newer_than": at(api, seconds=-15)}):
        result = look(**options)
        assert result["password"] == CANARY and result["other_mails"] == [] and "warnings" not in result


def test_looking_for_others_costs_little(api, look):
    """Mails without contents in the list have to be opened: a few, not all."""
    with api.world.change():
        for number in range(30):
            api.world.add_mail(f"PPPoE {number}", "Bonjour,\n\nRien.\n", at=api.world.now() - 100 - number)
    put(api, *mails.ppp_mail(LINE, LOGIN, CANARY), age=10)
    assert look(newer_than=at(api, seconds=-900))["password"] == CANARY
    assert len(api.calls("GET")) <= 9, [call["path"] for call in api.calls()]


# --- the user's patterns


@pytest.mark.parametrize("mail_format", ["text", "html", "both"])
@pytest.mark.parametrize("given", [{}, {"login": LOGIN}])
def test_a_mail_that_only_patterns_can_read(api, look, mail_format, given):
    api.admin("DELETE", "/mails")
    api.set(mail_format=mail_format)
    put(api, "Your connection", UNKNOWN)
    assert look(**given).get("password") is None
    result = look(**given, **PATTERNS)
    assert (result.get("login"), result.get("password")) == (LOGIN, CANARY), result
    assert look(**given, **{**PATTERNS, "mail_title": "another"})["found"] is False


@pytest.mark.parametrize(
    ("password", "pattern"),
    [
        ("a b c", "^PPP token is (.*)$"),
        ("word", "^PPP token is (.*)$"),
        ("Zq7.", "PPP token is (.*)"),
        ("x:=<>&\"'9", r"PPP token is (?P<password>\S+)(x)?"),
        ("\u00e9\u00df7-\u20ac", "(?i)^ppp TOKEN is (.*)"),
    ],
)
def test_what_a_pattern_marks_is_taken_as_it_stands(api, look, password, pattern):
    api.set(mail_format="html")
    put(api, "Your connection", UNKNOWN.replace(CANARY, password))
    result = look(login=LOGIN, mail_title="Your", mail_password_pattern=pattern)
    assert result.get("password") == password, result


@pytest.mark.parametrize(
    ("secret", "pattern"),
    [
        (CANARY, "^PPP code is (.+)$"),
        (f"{CANARY}\nPPP token is {CANARY}2", "^PPP token is (.+)$"),
        (f"{CANARY}\nPPP token is {CANARY}2", r"(?s)is (Zq7.*2)"),
        ("********", "^PPP token is (.+)$"),
        ("{{ password }}", "^PPP token is (.+)$"),
        (LOGIN, "^PPP token is (.+)$"),
        ("", "^PPP token is(.*)$"),
        ("x" * 300, "^PPP token is (.+)$"),
    ],
)
def test_what_a_pattern_marks_may_be_refused(api, look, secret, pattern):
    put(api, "Your PPPoE connection, your password", UNKNOWN.replace(CANARY, secret))
    result = look(login=LOGIN, mail_title="Your", mail_password_pattern=pattern)
    assert result.failed and result.code == "mail_unreadable", result
    assert CANARY not in result.written and "x" * 300 not in result.written


def test_the_same_value_twice_is_one_value(api, look):
    put(api, "Your connection", f"{UNKNOWN}\nPPP token is {CANARY}\n")
    assert look(**PATTERNS).get("password") == CANARY


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (f"[{LINE}] Réinitialisation du mot de passe du modem", UNKNOWN),
        ("Your connection", UNKNOWN.replace(LINE, "ftth-ab12345-2").replace(LOGIN, "0320654321_1@adsl.ovh")),
        ("Your connection", UNKNOWN.replace(LOGIN, "0320654321_1@adsl.ovh")),
    ],
)
def test_patterns_do_not_make_another_mail_this_one(api, look, title, text):
    api.admin("DELETE", "/mails")
    put(api, title, text)
    result = look(login=LOGIN, **{**PATTERNS, "mail_title": "."})
    assert result["found"] is False, result
    assert CANARY not in result.written


def test_a_link_that_a_pattern_marks_is_opened(api, look):
    api.admin("DELETE", "/mails")
    api.set(mail_kind="secret_link", mail_delay=0, next_password=CANARY)
    api.admin("POST", f"/line/{LINE}/rotate")
    made = next(iter(api.world.state["secrets"]))
    api.admin("DELETE", "/mails")
    put(api, "Your connection", UNKNOWN.replace(CANARY, f"https://www.ovh.com/manager/secret/#?id={made}"))
    assert look(**PATTERNS).get("password") == CANARY


@pytest.mark.parametrize("module", ["xdsl_ppp_credentials_info", "xdsl_ppp_login_mail"])
@pytest.mark.parametrize(
    ("option", "pattern", "said"),
    [
        ("mail_title", "(", "regular expression"),
        ("mail_title", "", "empty"),
        ("mail_title", "a" * 501, "too long"),
        ("mail_password_pattern", "Password: .*", "0 groups"),
        ("mail_password_pattern", "(Password): (.*)", "2 groups"),
        ("mail_login_pattern", "(?P<password>.*)(x)", "2 groups"),
        ("mail_password_pattern", "Password: (a+)+$", "for ever"),
        ("mail_password_pattern", r"^(([a-z0-9 ])*)*x$(?P<password>)", "for ever"),
        ("mail_login_pattern", r"(?P<login>(.*)*)@@", "for ever"),
        ("mail_login_pattern", "(?:x+x+)+y(.)", "for ever"),
        ("mail_login_pattern", "(?:x|xx|(x))*y(?P<login>.)", "for ever"),
    ],
)
def test_a_bad_pattern_fails_before_anything_is_sent(api, run, ak, state_dir, module, option, pattern, said):
    more = {"renew": True, "state_dir": state_dir} if module == "xdsl_ppp_login_mail" else {}
    began = time.monotonic()
    result = run(module, **ak, service_name=LINE, **more, **{option: pattern})
    assert result.failed and result.code == "invalid_option", result
    assert option in result["msg"] and said in result["msg"]
    assert api.calls() == []
    assert time.monotonic() - began < 10


def test_a_pattern_that_turns_out_slow_is_refused_for_that_mail(api, look):
    """The trials cannot know every mail: a search is cut off, too."""
    put(api, "Your PPPoE connection", UNKNOWN.replace("Greetings", "xyz" * 300 + "!\n" + "yz" * 400))
    began = time.monotonic()
    result = look(
        login=LOGIN, mail_title="PPPoE", mail_password_pattern=r"(?:xyz|yz|x)*(?:yz|zx|xy|z|y)*(?:x|yz|y|z)*#(.)"
    )
    assert result.failed and result.code in ("mail_unreadable", "invalid_option"), result
    assert time.monotonic() - began < 15
    assert signal.getsignal(signal.SIGALRM) in (signal.SIG_DFL, signal.SIG_IGN)


def test_evidence_is_found_with_patterns(api, renew):
    """Without them no mail of a renewal would ever be recognised."""
    api.admin("DELETE", "/mails")
    put(api, "Your connection", UNKNOWN, age=3600)
    options = {"renew": True, "max_age": "90d"}
    assert renew(**options, **PATTERNS)["reason"] == "already_renewed"
    assert renew(check_mode=True, **options)["reason"] == "age_unknown"
