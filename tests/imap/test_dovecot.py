# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The IMAP source against a real Dovecot: ways in, refusals, what is read and what is left alone."""

from __future__ import annotations

import imaplib
import os
import re
import ssl
import threading
import time
from datetime import datetime, timedelta, timezone

import pytest
from mailserver.dovecot import PASSWORD, USER
from mailserver.maildir import compose
from ovh_api import mails

from .conftest import CANARY, LINE, LOGIN, credentials_mail, options_of


def now(**delta):
    return (datetime.now(timezone.utc) + timedelta(**delta)).strftime("%Y-%m-%dT%H:%M:%SZ")


def says_no_secret(result, *secrets):
    for secret in (PASSWORD, PASSWORD.encode("unicode_escape").decode(), "p\u00e4ssw", *secrets):
        assert secret not in result.written, secret


# --- ways in


@pytest.mark.parametrize("security", ["tls", "starttls"])
@pytest.mark.parametrize("kind", ["password", "access token"])
def test_ways_in(inbox, look, security, kind):
    inbox.deliver(credentials_mail())
    token = {"imap_password": None, "imap_access_token": inbox.access_token()} if kind == "access token" else {}
    result = look(inbox, security, **token)
    assert (result["found"], result["login"], result["password"]) == (True, LOGIN, CANARY), result
    assert result["mail"]["id"].startswith("INBOX/") and LINE in result["mail"]["title"]
    method = "XOAUTH2" if kind == "access token" else "PLAIN"
    last = [line for line in inbox.log().splitlines() if ": Login: " in line][-1]
    assert f"method={method}" in last and "TLS" in last


def test_no_api_key_is_needed_and_no_call_made(inbox, look, api):
    inbox.deliver(credentials_mail())
    assert look(inbox)["found"]
    assert api.calls() == []


def test_options_from_the_environment(inbox, run, monkeypatch):
    inbox.deliver(credentials_mail())
    environment = {
        "HOST": "localhost",
        "PORT": inbox.ports["starttls"],
        "SECURITY": "starttls",
        "CA_FILE": inbox.ca_file,
        "USER": USER,
        "PASSWORD": PASSWORD,
        "FOLDER": "INBOX",
    }
    for name, value in environment.items():
        monkeypatch.setenv(f"OVH_IMAP_{name}", str(value))
    result = run("xdsl_ppp_credentials_info", service_name=LINE, login=LOGIN, source="imap")
    assert result["found"] and result["password_length"] == len(CANARY)
    assert CANARY not in result.written


# --- refusals


@pytest.mark.parametrize("security", ["tls", "starttls"])
@pytest.mark.parametrize(
    ("options", "code", "named"),
    [
        ({"imap_password": "Wrong-canary-1"}, "imap_login_refused", "imap_password"),
        ({"imap_password": None, "imap_access_token": "Wrong-canary-2"}, "imap_login_refused", "imap_access_token"),
        ({"imap_user": "somebody@example.org"}, "imap_login_refused", "imap_user"),
        ({"imap_ca_file": None}, "imap_certificate", "imap_ca_file"),
        ({"imap_host": "ip6-localhost.localhost"}, "imap_certificate", "imap_host"),
        ({"imap_folder": "OVHcloud"}, "imap_folder", "INBOX, Sent"),
        ({"imap_ca_file": "/nowhere.pem"}, "configuration", "imap_ca_file"),
        ({"imap_host": "nowhere.invalid"}, "imap_unreachable", "imap_host"),
    ],
)
def test_refusals(inbox, look, monkeypatch, security, options, code, named):
    if options.get("imap_host") == "ip6-localhost.localhost":
        resolve_to_loopback(monkeypatch)
    began = time.monotonic()
    result = look(inbox, security, **options)
    assert result.failed and result.code == code, result
    assert named in result["msg"]
    assert time.monotonic() - began < 14  # less than the time-out of a connection
    says_no_secret(result, "Wrong-canary")


def resolve_to_loopback(monkeypatch):
    """Whatever the name, it is this machine: as when a name is right and the certificate is another's."""
    import socket

    real = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *rest, **more: real("127.0.0.1", *rest, **more))


def test_a_refusal_ends_a_wait_at_once(inbox, look):
    began = time.monotonic()
    result = look(inbox, imap_password="wrong", timeout=60)
    assert result.code == "imap_login_refused" and time.monotonic() - began < 30


@pytest.mark.parametrize(("security", "port_of"), [("tls", "starttls"), ("starttls", "tls")])
def test_the_wrong_port(inbox, look, monkeypatch, security, port_of):
    from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mailbox import imap_client

    monkeypatch.setattr(imap_client, "CONNECT_TIMEOUT", 1.0)
    result = look(inbox, security, imap_port=inbox.ports[port_of])
    assert result.code == ("imap_tls" if security == "tls" else "imap_unreachable"), result
    assert "imap_security" in result["msg"]


def test_nothing_listens(inbox, look):
    result = look(inbox, imap_port=1)
    assert result.code == "imap_unreachable" and "imap_port" in result["msg"]


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"imap_host": None}, "imap_host"),
        ({"imap_user": None}, "imap_user"),
        ({"imap_password": None}, "imap_password"),
        ({"imap_access_token": "both"}, "imap_access_token"),
        ({"imap_port": 70000}, "imap_port"),
        ({"imap_from": []}, "imap_from"),
        ({"imap_from": ["ovh"]}, "imap_from"),
        ({"imap_from": ['ovh.com" TEXT "x.fr']}, "imap_from"),
        ({"imap_folder": "INBOX\r\nx DELETE INBOX"}, "imap_folder"),
    ],
)
def test_malformed_options(dovecot, look, options, named):
    before = dovecot.log()
    result = look(dovecot, **options)
    assert result.code == "configuration" and named in result["msg"], result
    assert dovecot.log() == before
    says_no_secret(result)


# --- what is left alone


def test_nothing_is_marked_moved_or_deleted(inbox, look):
    inbox.deliver(credentials_mail())
    inbox.deliver(compose("Bonjour", "Rien.", None), seen=True)
    inbox.deliver(compose("Facture", "Une facture.", None))
    before = inbox.flags()
    assert sorted(before.values()) == ["", "", "S"]
    assert look(inbox)["found"]
    assert inbox.flags() == before
    context = ssl.create_default_context(cafile=str(inbox.ca_file))
    with imaplib.IMAP4_SSL("localhost", inbox.ports["tls"], ssl_context=context) as other:
        other.authenticate("PLAIN", lambda _challenge: f"\0{USER}\0{PASSWORD}".encode())
        other.select("INBOX", readonly=True)
        assert other.search(None, "UNSEEN")[1][0].split() == [b"1", b"3"]
    assert not re.search(r"(?:deleted|expunged|trashed)=[1-9]", inbox.log())


# --- what is read


@pytest.mark.parametrize("style", ["both", "text", "html"])
@pytest.mark.parametrize("language", sorted(mails.PPP_WORDS))
def test_languages_and_forms(inbox, look, style, language):
    inbox.deliver(credentials_mail(CANARY, style=style, language=language))
    assert look(inbox)["password"] == CANARY


def test_the_newest_wins_whatever_the_order_of_arrival(inbox, look):
    for number, age in enumerate((500, 50, 5000)):
        at = time.time() - age
        inbox.deliver(credentials_mail(f"x7-password-{number}", at), at)
    assert look(inbox)["password"] == "x7-password-1"


def test_an_old_mail_does_not_count(inbox, look):
    at = time.time() - 3600
    inbox.deliver(credentials_mail(at=at), at)
    assert look(inbox, newer_than=now(hours=-2))["found"] is True
    assert look(inbox, newer_than=now(minutes=-30))["found"] is False


def test_a_mail_held_up_on_its_way_does_not_count(inbox, look):
    """It arrives after the request, but was written before it: its password is dead."""
    inbox.deliver(credentials_mail(at=time.time() - 900))
    assert look(inbox, newer_than=now(minutes=-5))["found"] is False
    inbox.deliver(credentials_mail("x7-password-2"))
    assert look(inbox, newer_than=now(minutes=-5))["password"] == "x7-password-2"


def test_a_date_in_the_future_is_not_believed(inbox, look):
    at = time.time() - 3600
    inbox.deliver(credentials_mail("x7-password-1", at=time.time() + 86400), at)
    inbox.deliver(credentials_mail("x7-password-2"))
    assert look(inbox)["password"] == "x7-password-2"


@pytest.mark.parametrize(
    "sender",
    [
        "OVHcloud <noreply@ovhcloud.com.example.org>",
        "noreply@notovhcloud.com",
        '"OVHcloud <noreply@ovhcloud.com>" <thief@example.org>',
        "noreply@ovhcloud.com, thief@example.org",
        "thief@example.org, noreply@ovhcloud.com",
        "=?utf-8?q?noreply=40ovhcloud=2Ecom?= <thief@example.org>",
        "noreply@ovhcloud.com <thief@example.org>",
        "thief@example.org(noreply@ovhcloud.com)",
        "noreply@ovhcloud.com(x)@example.org",
        "thief",
    ],
)
def test_other_senders(inbox, look, sender):
    inbox.deliver(b"From: " + sender.encode() + b"\r\n" + without_sender(credentials_mail()))
    result = look(inbox)
    assert not result.failed and result["found"] is False, result
    assert CANARY not in result.written


def test_two_senders_in_two_headers(inbox, look):
    headers = b"From: OVHcloud <noreply@ovhcloud.com>\r\nFrom: thief@example.org\r\n"
    inbox.deliver(headers + without_sender(credentials_mail()))
    assert look(inbox)["found"] is False


def without_sender(message):
    return message.partition(b"\n")[2] if message.startswith(b"From:") else pytest.fail("the sender is not first")


@pytest.mark.parametrize(
    "sender",
    ["noreply@ovhcloud.com", "OVHcloud <support@events.ovhcloud.com>", '"OVH, support" <SUPPORT@OVH.COM>'],
)
def test_senders_that_count(inbox, look, sender):
    inbox.deliver(credentials_mail(sender=sender))
    assert look(inbox)["found"] is True


def test_a_sender_of_ones_own_choice(inbox, look):
    inbox.deliver(credentials_mail(sender="Forwarder <robot@example.org>"))
    assert look(inbox)["found"] is False
    assert look(inbox, imap_from=["example.com", "example.org"])["found"] is True


# --- waiting


def waits(server, look, after=1.5, **options):
    """Deliver the mail so many seconds into a wait; return the result, and the seconds from then to the end."""
    delivered = []

    def deliver():
        server.deliver(credentials_mail())
        delivered.append(time.monotonic())

    timer = threading.Timer(after, deliver)
    timer.start()
    result = look(server, newer_than=now(), timeout=20, **options)
    took = time.monotonic() - delivered[0] if delivered else None
    timer.join()
    assert result.get("password") == CANARY, result
    return result, took


def test_idle_tells_at_once(inbox, look):
    """`interval` and `expected_after` do not slow it down."""
    result, took = waits(inbox, look, interval=15, expected_after=60)
    assert result["polls"] == 2
    assert took < 10


def test_polling_without_idle(dovecot_without_idle, look):
    dovecot_without_idle.empty()
    # It looks every two seconds, however short the interval is.
    result, took = waits(dovecot_without_idle, look, after=3, interval=1)
    assert result["polls"] >= 3
    assert took < 10


@pytest.mark.parametrize("idle", [True, False])
def test_a_restart_while_waiting(inbox, dovecot_without_idle, look, idle):
    server = inbox if idle else dovecot_without_idle
    server.empty()

    def restart():
        server.stop()
        time.sleep(1.5)
        server.start()

    thread = threading.Timer(0.4, restart)
    thread.start()
    delivery = threading.Timer(3.0, lambda: server.deliver(credentials_mail()))
    delivery.start()
    result = look(server, newer_than=now(), timeout=30, interval=1)
    thread.join()
    delivery.join()
    assert result.get("password") == CANARY, result
    assert result["elapsed"] < 20


def test_not_found_in_time(inbox, look):
    began = time.monotonic()
    result = look(inbox, newer_than=now(), timeout=2, imap_folder="Sent")
    assert result.code == "mail_not_found"
    assert 1.5 <= time.monotonic() - began < 15
    assert "Sent" in result["msg"] and "ovhcloud.com" in result["msg"]


def test_the_server_stays_away(dovecot_without_idle, look):
    dovecot_without_idle.stop()
    try:
        result = look(dovecot_without_idle, newer_than=now(), timeout=2, interval=1)
    finally:
        dovecot_without_idle.start()
    assert result.code == "imap_unreachable"


# --- the evidence of a renewal


def test_the_mailbox_is_the_evidence(inbox, run, ak, state_dir, api):
    """The key may not read mails: the mailbox tells that the password is young enough, or is not."""
    rules = [rule for rule in api.world.state["credentials"]["test-ck"]["rules"] if "notification" not in rule["path"]]
    api.set(credentials={"test-ck": {"rules": rules}})
    at = time.time() - 40 * 86400
    inbox.deliver(credentials_mail(at=at), at)
    given = {**ak, **options_of(inbox), "service_name": LINE, "state_dir": state_dir, "renew": True}
    young = run("xdsl_ppp_login_mail", **given, max_age="60d")
    assert young["reason"] == "already_renewed" and young["mail"]["id"].startswith("INBOX/"), young
    assert run("xdsl_ppp_login_mail", **given, renewed_since=now(days=-41))["reason"] == "already_renewed"
    refused = run("xdsl_ppp_login_mail", **{**given, "imap_password": "wrong"}, max_age="30d")
    assert refused.code == "imap_login_refused" and api.posts() == []
    old = run("xdsl_ppp_login_mail", **given, max_age="30d")
    assert old["reason"] == "requested" and not old.get("warnings") and len(api.posts()) == 1, old


# --- a large folder


def test_ten_thousand_mails(inbox, look):
    one = inbox.deliver(compose(*mails.other_mail(1), None, time.time() - 86400), time.time() - 86400)
    for number in range(9_999):
        os.link(one, one.with_name(f"{one.name}-{number}"))
    at = time.time() - 3600
    inbox.deliver(credentials_mail(at=at), at)
    look(inbox)  # Dovecot builds its index of the folder once
    before = inbox.log()
    began = time.monotonic()
    result = look(inbox)
    assert result["found"] and time.monotonic() - began < 15
    while "Disconnected: " not in (last := inbox.log()[len(before) :]) and time.monotonic() - began < 25:
        time.sleep(0.05)
    assert "body_count=10 " in last, last
