# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A message as a person sees it: its texts, not its attachments; what is sealed is told."""

from __future__ import annotations

import email.message
import email.mime.application
import email.mime.message
import email.mime.multipart
import email.mime.text

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mailbox import message


def made(*parts, subject="Vos identifiants", kind="mixed"):
    whole = email.mime.multipart.MIMEMultipart(kind)
    whole["Subject"], whole["Date"] = subject, "Sun, 1 Mar 2026 10:00:00 +0100"
    for part in parts:
        whole.attach(part)
    return whole.as_bytes()


def text(content, subtype="plain"):
    return email.mime.text.MIMEText(content, subtype, "utf-8")


def test_both_texts_and_the_date():
    found = message.parsed(made(text("Passwort: \u00e9"), text("<p>x</p>", "html"), kind="alternative"))
    assert (found.text, found.html, found.written.hour) == ("Passwort: \u00e9", "<p>x</p>", 9)
    assert found.title == "Vos identifiants" and "Passwort" not in repr(found)


def test_attachments_and_forwarded_mails_are_not_its_text():
    inner = email.message.Message()
    inner.set_payload("Password: old")
    forwarded = email.mime.message.MIMEMessage(inner)
    attached = text("Password: attached")
    attached["Content-Disposition"] = "attachment"
    found = message.parsed(made(text("mine"), attached, forwarded))
    assert found.text == "mine"


@pytest.mark.parametrize(
    ("part", "why"),
    [
        (email.mime.application.MIMEApplication(b"x", "pkcs7-mime"), message.SMIME),
        (email.mime.application.MIMEApplication(b"x", "pgp-encrypted"), message.PGP),
        (email.mime.application.MIMEApplication(b"x", "ms-tnef"), message.TNEF),
        (text("-----BEGIN PGP MESSAGE-----\nx"), message.PGP),
    ],
)
def test_what_is_sealed_is_told_and_not_read(part, why):
    found = message.parsed(made(text("mine"), part))
    assert found.text is None and why in found.sealed.why


@pytest.mark.parametrize("source", [b"", b"\xff\xfe", b"Content-Type: multipart/mixed\n\n--", b"Date: x\n\nhi"])
def test_it_never_raises(source):
    assert message.parsed(source).written is None


def test_a_header_in_any_charset_on_one_line():
    assert message.header_text("=?utf-8?q?Identifiants_=C3=A9?=\n =?utf-8?q?_x?=") == "Identifiants \u00e9 x"
    assert message.header_text("=?nonsense?q?a?=") and message.header_text(None) == ""


@pytest.mark.parametrize(
    ("text", "delsp", "lines"),
    [
        ("a \nb", False, "a b"),
        ("a \nb", True, "ab"),
        ("a\n b", False, "a\nb"),
        ("> a \nb", False, "> a \nb"),
        ("-- \nme", False, "-- \nme"),
    ],
)
def test_flowed_texts(text, delsp, lines):
    assert message.unflowed(text, delsp) == lines
