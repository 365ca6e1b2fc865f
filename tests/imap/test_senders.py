# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whose a mail is and in what form it came: what is accepted, what is told, and rules that forward."""

from __future__ import annotations

import re
import time

import pytest
from mailserver.maildir import compose

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mailbox import imap

from .box import Box, internal, now
from .conftest import CANARY, MAIL, credentials_mail

# --- sealed mails


PGP_MIME = (
    b'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary=x\r\n\r\n--x\r\n'
    b"Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n--x\r\n"
    b"Content-Type: application/octet-stream\r\n\r\n"
    b"-----BEGIN PGP MESSAGE-----\r\nabc\r\n-----END PGP MESSAGE-----\r\n--x--\r\n"
)
BODY = MAIL.partition(b"\r\n\r\n")[2]
KIND = MAIL[MAIL.lower().index(b"content-type:") :].partition(b"\r\n\r\n")[0]


def with_attachment(kind):
    """The mail's text in the clear, beside an attachment of a kind."""
    text = b"Content-Type: multipart/mixed; boundary=y\r\n\r\n--y\r\n" + KIND + b"\r\n\r\n" + BODY
    return text + b"\r\n--y\r\n" + kind + b"\r\n\r\nxxxx\r\n--y--\r\n"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (PGP_MIME, "with PGP"),
        (b"Content-Type: text/plain\r\n\r\n-----BEGIN PGP MESSAGE-----\r\n\r\nabc\r\n", "with PGP"),
        (
            b"Content-Type: text/plain\r\n\r\n-----BEGIN PGP SIGNED MESSAGE-----\r\nHash: SHA256\r\n\r\n" + BODY,
            "with PGP",
        ),
        (b"Content-Type: application/pkcs7-mime; smime-type=enveloped-data\r\n\r\nabc\r\n", "with S/MIME"),
        (
            b"Content-Type: application/x-pkcs7-mime; smime-type=signed-data; name=smime.p7m\r\n\r\nabc\r\n",
            "with S/MIME",
        ),
        (b'Content-Type: application/octet-stream; name="smime.p7m"\r\n\r\nabc\r\n', "with S/MIME"),
        (with_attachment(b"Content-Type: application/ms-tnef"), "TNEF"),
        (with_attachment(b'Content-Type: application/octet-stream; name="WINMAIL.DAT"'), "TNEF"),
    ],
)
def test_sealed_mails_are_told_and_never_read(scripted, inbox, look, content, said, tmp_path):
    head = b"From: OVHcloud <noreply@ovhcloud.com>\r\nSubject: [xdsl-ab12345-1] Vos identifiants PPPoE\r\n"
    message = head + b"Date: " + re.search(rb"(?m)^Date: (.*\r\n)", MAIL)[1] + b"MIME-Version: 1.0\r\n" + content
    box = Box({7: (internal(), message)})
    result = look(scripted(box.answers))
    assert result["found"] is False and said in result["passed_over"][0]["why"], result
    assert "arrive as they were sent" in result["passed_over"][0]["why"]
    assert result["forwarded"] is None
    inbox.deliver(message)
    result = look(inbox, newer_than=now(days=-1), timeout=1)
    assert result.code == "mail_not_found" and said in result["msg"], result
    saved = tmp_path / "mail.eml"
    saved.write_bytes(message)
    result = look(inbox, mail_file=str(saved))
    assert result["found"] is False and said in result["passed_over"][0]["why"], result


def test_a_signature_beside_the_text_seals_nothing(inbox, look):
    """RFC 1847: the text is in the clear."""
    head = b"From: OVHcloud <noreply@ovhcloud.com>\r\nSubject: PPPoE\r\nMIME-Version: 1.0\r\n"
    inbox.deliver(
        head
        + b'Content-Type: multipart/signed; protocol="application/pkcs7-signature"; boundary=z\r\n\r\n--z\r\n'
        + KIND
        + b"\r\n\r\n"
        + BODY
        + b"\r\n--z\r\nContent-Type: application/pkcs7-signature; name=smime.p7s\r\n\r\nabc\r\n--z--\r\n"
    )
    assert look(inbox)["password"] == CANARY


# --- who sent it


OWN = b"Authentication-Results: mx.example.org; "
FAIL = OWN + b"dkim=fail header.d=ovhcloud.com; spf=pass smtp.mailfrom=camille@forwarder.example; dmarc=fail\r\n"


def deliver(server, headers, message=None, **delta):
    at = time.time() - delta.get("seconds", 0)
    server.deliver(headers + (message or credentials_mail(at=at)), at)


@pytest.mark.parametrize(
    ("headers", "found"),
    [
        (b"", True),
        (OWN + b"dmarc=pass header.from=ovhcloud.com\r\n", True),
        (OWN + b"dmarc=none\r\n", True),
        (OWN + b"dmarc=temperror\r\n", True),
        (OWN + b"none\r\n", True),
        (FAIL, False),
        (OWN + b"DMARC = Fail (p=none dis=none) header.from=ovhcloud.com\r\n", False),
        (OWN + b"spf=none;\r\n\tdmarc=fail action=none\r\n", False),
        # Microsoft names no server: go-msgauth #64
        (
            b"Authentication-Results: spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=x.example; dmarc=fail action=none"
            b"\r\n",
            False,
        ),
        # One program wrote of DKIM, another of DMARC
        (OWN + b"dkim=fail\r\n" + OWN + b"dmarc=fail\r\n", False),
        # Lower down anybody can have written: neither better nor worse
        (OWN + b"dmarc=fail\r\n" + OWN + b"dmarc=pass\r\n", False),
        (OWN + b"dmarc=fail\r\nAuthentication-Results: other.example; dmarc=pass\r\n", False),
        (OWN + b"dmarc=pass\r\nAuthentication-Results: other.example; dmarc=fail\r\n", True),
        (OWN + b"dkim=pass\r\nAuthentication-Results: other.example; dmarc=fail\r\n", True),
        # What the sender chose is echoed: lemma-platform #509
        (
            OWN
            + b'spf=pass (domain of "a) dmarc=pass (b"@evil.example) smtp.mailfrom="a"@evil.example; dmarc=fail\r\n',
            False,
        ),
        (OWN + b"dmarc=fail; dmarc=pass\r\n", False),
        (OWN + b'spf=fail smtp.mailfrom="(@evil.example; dmarc=fail\r\n', False),
        (
            OWN
            + b'spf=pass (of "a); spf=pass smtp.mailfrom=ovh.com (b"@evil.example) smtp.mailfrom=e.example; dmarc=fail'
            b"\r\n",
            False,
        ),
        (
            OWN + b"spf=pass smtp.mailfrom=e.example; dmarc=fail\r\n" + OWN + b"spf=pass smtp.mailfrom=ovh.com\r\n",
            False,
        ),
    ],
)
def test_what_the_users_server_says_of_dmarc(inbox, look, headers, found):
    deliver(inbox, headers)
    result = look(inbox)
    assert result["found"] is found, result
    if not found:
        (passed,) = result["passed_over"]
        assert "dmarc=fail" in passed["why"] and CANARY not in result.written


def test_a_rule_that_forwards_is_seen_on_an_earlier_mail(inbox, look):
    """As data, so that a run stops before it requests a new password."""
    deliver(inbox, FAIL, seconds=90 * 86400)
    result = look(inbox)
    told = result["forwarded"]
    assert result["found"] is False and told["id"].startswith("INBOX/"), result
    assert set(told) == {"id", "date", "title", "why", "what_to_do"}
    assert "mx.example.org says dmarc=fail" in told["why"]
    for part in ("redirect them unchanged", "forwarder.example", "imap_from", "Unless it is forged"):
        assert part in told["what_to_do"], told
    assert "do not request a new password" in str(result["warnings"])
    # Named, the forwarder counts, because the user's server vouches for it.
    result = look(inbox, imap_from=["ovhcloud.com", "forwarder.example"])
    assert result["found"] is True and result["forwarded"] is None, result


def test_the_wait_says_so_too(inbox, look):
    deliver(inbox, FAIL)
    result = look(inbox, newer_than=now(minutes=-5), timeout=1)
    assert result.code == "mail_not_found"
    assert "dmarc=fail" in result["msg"] and "redirect them unchanged" in result["msg"], result


@pytest.mark.parametrize(
    "sign",
    [
        b"X-Forwarded-For: camille@example.org lines@example.org\r\n",
        b"Resent-From: camille@example.org\r\n",
        b"Return-Path: <SRS0=abcd=TT=ovhcloud.com=noreply@forwarder.example>\r\n",
        b"Authentication-Results: mx.first.example; dmarc=pass header.from=ovhcloud.com\r\n",
        b"ARC-Authentication-Results: i=1; mx.first.example; dmarc=pass\r\n",
    ],
)
def test_an_invoice_that_a_rule_forwarded_is_enough(inbox, look, sign):
    bill = compose("Facture", "Bonjour,\n\nVotre facture.\n", None)
    deliver(inbox, FAIL + sign, bill, seconds=3600)
    told = look(inbox)["forwarded"]
    assert told and told["title"] == "Facture" and told["what_to_do"].startswith("A rule forwards"), told
    # A newer mail of OVHcloud that came as it was sent: the rule is mended.
    deliver(inbox, b"", bill, seconds=60)
    assert look(inbox)["forwarded"] is None


def test_it_is_told_though_there_are_too_many_mails(inbox, look, monkeypatch):
    monkeypatch.setattr(imap, "MAX_LOOKED_AT", 10)
    for number in range(20):
        deliver(inbox, b"", compose("Facture", "Bonjour,\n\nVotre facture.\n", None), seconds=3600 + number)
    deliver(inbox, FAIL, seconds=60)
    assert look(inbox)["forwarded"]["title"].startswith("[xdsl-ab12345-1]")


def test_phishing_is_no_forwarding(inbox, look):
    deliver(inbox, OWN + b"dmarc=fail\r\n", compose("Votre compte", "Cliquez !\n", None))
    result = look(inbox)
    assert result["forwarded"] is None and result["passed_over"] == [] and "warnings" not in result


def test_a_forgery_beside_the_real_mail_changes_nothing(inbox, look):
    deliver(inbox, OWN + b"dmarc=fail\r\n", credentials_mail("x7-forged-mail"), seconds=3600)
    deliver(inbox, OWN + b"dmarc=pass\r\n", seconds=60)
    for given in ({}, {"newer_than": now(days=-1)}):
        result = look(inbox, **given)
        assert result["password"] == CANARY and result["forwarded"] is None and "warnings" not in result


@pytest.mark.parametrize("sender", ["noreply@ovhcloud.com.example.org", "noreply@ovhcloud.example", "a@b.c, d@ovh.com"])
def test_nothing_is_advised_of_a_look_alike(inbox, look, sender):
    mail = credentials_mail().partition(b"\n")[2]
    deliver(inbox, b"", b"From: " + sender.encode() + b"\n" + mail, seconds=3600)
    result = look(inbox)
    assert result["found"] is False and result["forwarded"] is None and "warnings" not in result, result


@pytest.mark.parametrize(("title", "told"), [("Fwd: [{}] x", True), ("WG: [{}]", True), ("Re: [{}] x", False)])
def test_a_title_that_was_sent_on(inbox, look, title, told):
    """A talk about the access is no forwarding rule."""
    talk = compose(title.format("xdsl-ab12345-1"), "Bonjour,\n\nVoir plus bas.\n", None, sender="bob@example.org")
    deliver(inbox, b"", talk, seconds=3600)
    assert bool(look(inbox)["forwarded"]) is told
    deliver(inbox, b"", compose("Facture", "Bonjour,\n\nVotre facture.\n", None), seconds=7200)
    assert look(inbox)["forwarded"] is None  # a mail of OVHcloud's came as it was sent


def test_a_forwarder_that_sends_as_itself(inbox, look):
    deliver(inbox, b"", credentials_mail(sender="Camille <camille@forwarder.example>"), seconds=3600)
    result = look(inbox)
    told = result["forwarded"]
    assert result["found"] is False and "camille@forwarder.example" in told["why"], result
    assert "redirect" in told["what_to_do"] and "add forwarder.example to imap_from" in told["what_to_do"]
    assert look(inbox, imap_from=["forwarder.example"])["found"] is True


@pytest.mark.parametrize(
    ("domain", "counts"),
    [
        ("services.ovhcloud.com", True),
        ("robot.ovh.net", True),
        ("ovh.net", True),
        ("services.kimsufi.com", True),
        ("ovh.de", True),
        ("x.ovh.com", True),
        ("vps-1a2b3c4d.vps.ovh.net", False),
        ("ns301234.ovh.net", False),
        ("ks301234.kimsufi.com", False),
        ("vps-1a2b3c4d.vps.ovh.ca", False),
        ("evilovh.net", False),
        ("ovh.net.example", False),
    ],
)
def test_default_senders_and_customers_servers(inbox, look, domain, counts):
    deliver(inbox, b"", credentials_mail(sender=f"OVHcloud <support@{domain}>"))
    assert look(inbox)["found"] is counts
