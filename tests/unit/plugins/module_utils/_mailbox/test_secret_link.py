# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A mail with a one-time link in place of the password: opened once, and only when the password is requested."""

from __future__ import annotations

import time
import uuid
from datetime import datetime, timedelta, timezone

import pytest
from ovh_api import mails

LINE = "xdsl-ab12345-1"
LOGIN = "0320123456_1@adsl.ovh"
CANARY = "Kanarie-7391:x<&>y"


@pytest.fixture
def look(run, ak):
    """Run xdsl_ppp_credentials_info on the first line and ask for the password, unless told otherwise."""

    def call(**options):
        return run(
            "xdsl_ppp_credentials_info",
            **{**ak, "service_name": LINE, "timeout": 0, "return_password": True, **options},
        )

    return call


@pytest.fixture
def link(api):
    """Renew the line's password elsewhere, with a mail that gives a link. Called with the world's settings."""

    def renew(**settings):
        api.set(mail_kind="secret_link", mail_delay=0, next_password=CANARY, **settings)
        api.admin("POST", f"/line/{LINE}/rotate")

    return renew


def retrievals(api):
    return api.calls("POST", "/secret/retrieve")


def clean(api, result):
    """Neither the password nor the id that opens the link is in anything that was written."""
    assert CANARY not in result.written.replace(f'"password": "{CANARY}"', "")
    assert not [one for one in api.world.state["secrets"] if one in result.written]


@pytest.mark.parametrize("mail_format", ["both", "text", "html"])
@pytest.mark.parametrize("language", sorted(mails.PPP_WORDS))
def test_the_link_is_opened_once(api, look, link, mail_format, language):
    link(mail_format=mail_format, mail_language=language)
    result = look()
    assert (result.get("password"), result["login"], result["secret_link"]) == (CANARY, LOGIN, True), result
    assert result["password_length"] == len(CANARY)
    (call,) = retrievals(api)
    assert call["credential"] is None and call["status"] == 200
    clean(api, result)


def test_both_kinds_of_credentials_work_and_neither_is_shown_to_the_call(run, keys, api, link):
    link()
    result = run("xdsl_ppp_credentials_info", **keys, service_name=LINE, return_password=True)
    assert result.get("password") == CANARY, result
    assert [call["credential"] for call in retrievals(api)] == [None]


@pytest.mark.parametrize(
    "options",
    [{"return_password": False}, {"open_link": False}, {"check_mode": True}, {"check_mode": True, "diff": True}],
)
def test_looking_leaves_the_link_alone(api, look, link, options):
    link()
    result = look(**options)
    assert result["found"] is True and result["secret_link"] is True and result["login"] == LOGIN, result
    assert result.get("password") is None and result["password_length"] is None
    assert retrievals(api) == []
    clean(api, result)
    assert look()["password"] == CANARY


def test_a_mail_with_a_password_has_no_link(api, look):
    assert look()["secret_link"] is False and retrievals(api) == []


@pytest.mark.parametrize("settings", [{"secret_reads": 0}, {"secret_lifetime": -1}])
def test_a_link_that_does_not_open_any_more(api, look, link, settings):
    link(**settings)
    result = look()
    assert result.failed and result.code == "secret_link_gone", result
    for words in ("renewed_since", "by hand", "EU.ext-1.", result["failure"]["details"]["mail"]["id"]):
        assert words in result["msg"], words
    assert len(retrievals(api)) == 1
    clean(api, result)


@pytest.mark.parametrize(("days", "opens"), [(6.9, True), (7.1, False)])
def test_once_opened_it_lives_for_seven_days(api, look, link, days, opens):
    link(secret_reads=5)
    assert look()["password"] == CANARY
    (kept,) = api.world.state["secrets"].values()
    with api.world.change():
        kept["expires"] -= days * 86400  # so much later
    result = look()
    assert (result.get("password") == CANARY) if opens else (result.code == "secret_link_gone"), result
    clean(api, result)


@pytest.mark.parametrize(("days", "told"), [(29, False), (31, True)])
def test_a_link_that_is_too_old_is_told_before_it_is_needed(api, look, link, days, told):
    """A look opens nothing; the mail's age says enough."""
    link()
    with api.world.change() as state:
        state["mails"][-1]["at"] -= days * 86400
        for kept in state["secrets"].values():
            kept["expires"] -= days * 86400
    result = look(open_link=False)
    assert result["secret_link"] is True and retrievals(api) == []
    said = str(result.get("warnings"))
    assert told == ("31 days old" in said and "30 days, and for 7" in said), said
    result = look()
    if told:
        assert result.code == "secret_link_gone" and "this mail is 31 days old" in result["msg"], result


@pytest.mark.parametrize(
    "form", ["engine/api/secret/retrieve?id={}", "engine/api/secret?id={}", "engine/api/secret/?id={}"]
)
@pytest.mark.parametrize("mail_format", ["text", "html"])
def test_the_control_panels_own_address_is_a_link_too(api, look, link, form, mail_format):
    link(mail_format=mail_format)
    made = next(iter(api.world.state["secrets"]))
    with api.world.change() as state:
        mail = state["mails"][-1]
        for part in ("text", "html"):
            if mail[part]:
                mail[part] = mail[part].replace(f"manager/secret/#?id={made}", form.format(made))
                assert "engine/api" in mail[part]
    result = look()
    assert result.get("password") == CANARY, result
    clean(api, result)


@pytest.mark.parametrize(
    "address",
    [
        "https://www.ovh.com.example/engine/api/secret/retrieve?id={}",
        "http://www.ovh.com/engine/api/secret/retrieve?id={}",
        "https://www.ovh.com/engine/api/secret/retrieve?id={}&next=x",
        "https://example.org/engine/api/secret/retrieve?id={}",
    ],
)
def test_an_address_that_only_looks_like_it(api, look, link, address):
    link(mail_format="text")
    made = next(iter(api.world.state["secrets"]))
    with api.world.change() as state:
        mail = state["mails"][-1]
        mail["text"] = mail["text"].replace(f"https://www.ovh.com/manager/secret/#?id={made}", address.format(made))
    assert look().code == "mail_unreadable" and retrievals(api) == []


def test_a_second_run_finds_it_used_up(api, look, link):
    link()
    assert look()["password"] == CANARY
    assert look().code == "secret_link_gone"


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("cut_after", "secret_link_unknown"),
        ("cut_before", "secret_link_unknown"),
        ("html_502", "secret_link_unknown"),
        ("empty_200", "secret_link_unknown"),
        ("status:500", "secret_link_unknown"),
        ("json_list_error", "secret_link_unknown"),
        ("status:400", "secret_link_gone"),
        ("status:403", "secret_link_gone"),
        ("status:404", "secret_link_gone"),
        ("status:409", "secret_link_gone"),
        ("status:410", "secret_link_gone"),
        ("rate_limit", "secret_link_not_opened"),
        ("status:401", "secret_link_not_opened"),
    ],
)
def test_it_is_never_tried_twice(api, look, link, kind, code):
    link()
    api.fault(kind, "POST", "/secret/retrieve")
    result = look(newer_than="2026-01-01", timeout=5)
    assert result.failed and result.code == code, result
    time.sleep(0.2)  # a cut connection is noticed sooner than the server notes the call
    assert len(retrievals(api)) == 1
    assert CANARY not in result.written
    clean(api, result)


def test_a_redirection_is_not_followed(api, look, link):
    """It leads back to the same path, which would hand the password out."""
    link()
    api.fault("redirect", "POST", "/secret/retrieve")
    result = look()
    assert result.failed and result.code == "secret_link_not_opened", result
    assert [call["status"] for call in retrievals(api)] == [307]


@pytest.mark.parametrize(
    ("text", "password"),
    [
        ("{password}\n", CANARY),
        ("{password}\r\n", CANARY),
        ("Login: {login}\nPassword: {password}", CANARY),
        ("Identifiant : {login}\r\nMot de passe : {password}\r\n", CANARY),
        ("Password: {password}", CANARY),
        ("with a space inside", "with a space inside"),
        ("correct", "correct"),
    ],
)
def test_what_may_stand_behind_it(api, look, link, text, password):
    link(secret_text=text)
    assert look().get("password") == password


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        " {password}",
        "{password}\t",
        "{password}\n{password}",
        "a\x07b",
        "\u202e{password}",
        "x" * 300,
        "********",
        "null",
        "{login}",
        "Password:",
        "https://www.ovh.com/manager/secret/#?id=0e3bd2a6-7a35-4a1c-9a3a-1f2e3d4c5b6a",
        "Login: 0320999999_1@adsl.ovh\nPassword: {password}",
        "Modem password: {password}",
        "Password: {password}\nPassword: {password}2",
    ],
)
def test_what_stands_behind_it_is_not_guessed(api, look, link, text):
    link(secret_text=text)
    result = look()
    assert result.failed and result.code == "secret_unusable", result
    assert "by hand" in result["msg"]
    clean(api, result)


def test_an_answer_without_a_secret(api, look, link):
    link()
    api.fault("status:200", "POST", "/secret/retrieve", body={"expiration": "2026-01-01T00:00:00Z"})
    assert look().code == "secret_unusable"


@pytest.mark.parametrize(
    ("title", "body"),
    [
        # two links
        (None, "Identifiant : {login}\nMot de passe : {link}\n{other}"),
        # not OVHcloud's
        (None, "Identifiant : {login}\nMot de passe : {foreign}"),
        # another line's, the modem's
        ("[ftth-ab12345-2] Vos identifiants PPPoE", "Identifiant : 0320654321_1@adsl.ovh\nMot de passe : {link}"),
        (None, "Identifiant : 0320654321_1@adsl.ovh\nMot de passe : {link}"),
        (f"[{LINE}] Réinitialisation du mot de passe du modem de votre accès", "Mot de passe : {link}"),
        # a password as well
        (None, "Identifiant : {login}\nMot de passe : Zq7-abc_9x\n{link}"),
        # of something else
        (None, "Identifiant : {login}\nMot de passe Wi-Fi : {link}"),
    ],
)
def test_what_is_never_opened(api, look, link, title, body):
    api.admin("DELETE", "/mails")
    link(mail_format="text")
    made = next(iter(api.world.state["secrets"]))
    places = {
        "login": LOGIN,
        "link": f"https://www.ovh.com/manager/secret/#?id={made}",
        "other": f"https://www.ovh.com/manager/secret/#?id={uuid.uuid4()}",
        "foreign": f"https://www.ovh.com.example/manager/secret/#?id={made}",
    }
    api.admin("DELETE", "/mails")
    title = title or f"[{LINE}] Vos identifiants de connexion PPPoE"
    api.admin(
        "POST", "/mails", {"title": title, "text": f"Bonjour,\n\nVotre accès PPPoE.\n\n{body.format(**places)}\n"}
    )
    result = look(login=LOGIN)
    assert result.get("password") is None
    assert retrievals(api) == []
    clean(api, result)


def test_the_newest_mail_wins_and_only_its_link_is_opened(api, look, link):
    link()
    time.sleep(1.1)
    link(secret_text="newest-{password}")
    assert look()["password"] == f"newest-{CANARY}"
    assert sorted(kept["reads"] for kept in api.world.state["secrets"].values()) == [0, 1]


def test_waiting_for_the_mail(api, look):
    asked = (datetime.now(timezone.utc) - timedelta(seconds=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    api.set(mail_kind="secret_link", mail_delay=1.5, next_password=CANARY)
    api.admin("POST", f"/line/{LINE}/rotate")
    result = look(newer_than=asked, timeout=10, expected_after=0, interval=1)
    assert result.get("password") == CANARY, result
    assert len(retrievals(api)) == 1
