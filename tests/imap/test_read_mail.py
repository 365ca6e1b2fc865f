# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A message as it travels becomes a service mail, or nothing; never an exception."""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail import reader
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mailbox import imap, imap_folder
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mailbox import source as mail_source
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mailbox.search import ServiceMail

from .conftest import LINE, LOGIN, credentials_mail

RECEIVED = datetime(2026, 11, 24, 9, 0, 0, tzinfo=timezone.utc)
HEAD = b"From: OVHcloud <noreply@ovhcloud.com>\r\n"
SENDERS = ["ovhcloud.com"]


def read(source):
    return imap.read_mail(source, RECEIVED, "INBOX/1", SENDERS)


@pytest.mark.parametrize(
    ("head", "body", "text"),
    [
        (b"Content-Type: text/plain; charset=iso-8859-1", b"Cl\xe9", "Cl\u00e9"),
        (b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64", b"Q2zDqQ==", "Cl\u00e9"),
        (
            b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable",
            b"Cl=C3=A9 a=3Db",
            "Cl\u00e9 a=b",
        ),
        (b"Content-Type: text/plain; charset=windows-1252", b"\x80 5", "\u20ac 5"),
        (b"X-None: x", b"plain", "plain"),
        (b"Content-Type: text/plain; charset=us-ascii", b"Cl\xe9", "Cl\ufffd"),
        (b"Content-Type: text/plain; charset=no-such", b"Cl\xc3\xa9", "Cl\u00e9"),
        (b"Content-Type: text/plain; charset=hex", b"Cl", "Cl"),
        (b"Content-Type: application/octet-stream", b"Cl", None),
        (b"Content-Type: text/plain\r\nContent-Disposition: attachment; filename=x", b"Cl", None),
        (b"Content-Type: message/rfc822", b"Subject: inner\r\n\r\nCl", None),
    ],
)
def test_decoding(head, body, text):
    mail = read(HEAD + head + b"\r\n\r\n" + body)
    assert (mail.text or "").strip() == (text or "") and mail.html is None


FLOWED = b"Content-Type: text/plain; charset=utf-8; format=flowed"


@pytest.mark.parametrize(
    ("head", "body", "text"),
    [
        (FLOWED, b"one \r\ntwo\r\nthree", "one two\nthree"),
        (FLOWED + b"; delsp=yes", b"Zq7- \r\ncanary \r\n \r\nx", "Zq7-canary\nx"),
        (FLOWED + b"; DelSp=Yes", b"one  \r\ntwo", "one two"),
        # stuffed for the way: a blank, a quotation's sign and "From " at the start
        (FLOWED, b" >not quoted\r\n From me\r\n  indented", ">not quoted\nFrom me\n indented"),
        # quotations go on by themselves
        (FLOWED, b">one \r\n> two\r\n>> other \r\nthree", "> one two\n>> other \nthree"),
        # the line before a signature ends there
        (FLOWED, b"end \r\n-- \r\nme", "end \n-- \nme"),
        (b"Content-Type: text/plain; format=fixed", b"one \r\ntwo", "one \ntwo"),
        (b"Content-Type: text/plain", b"one \r\n two", "one \n two"),
    ],
)
def test_flowed_text(head, body, text):
    """RFC 3676, section 4."""
    shown = read(HEAD + head + b"\r\n\r\n" + body).text.replace("\r\n", "\n")
    assert shown == text


def test_a_flowed_mail_is_read_as_it_was_written():
    lines = f"Your login is {LOGIN} and your \r\npassword is Zq7-canary_9x.\r\n"
    mail = read(HEAD + b"Subject: PPPoE\r\n" + FLOWED + b"\r\n\r\n" + lines.encode())
    assert reader.read(mail.title, mail.text, mail.html, reader.Line(LINE, LOGIN)).password == "Zq7-canary_9x"


def test_a_character_that_could_not_be_decoded_makes_no_password():
    source = credentials_mail("Zq7-c\u00e0nary", style="text").decode().replace("utf-8", "us-ascii").encode()
    mail = read(source)
    assert "\ufffd" in mail.text
    reading = reader.read(mail.title, mail.text, mail.html, reader.Line(LINE, LOGIN))
    assert reading.password is None


@pytest.mark.parametrize(
    ("subject", "title"),
    [
        (b"=?utf-8?b?Q2zDqQ==?= =?utf-8?q?_PPP?=", "Cl\u00e9 PPP"),
        (b"=?iso-8859-1?q?Cl=E9?=", "Cl\u00e9"),
        (b"one\r\n two", "one two"),
        (b"=?no-such?q?Cl?=", "=?no-such?q?Cl?="),
        (b"=?utf-8?b?!!!?=", None),
    ],
)
def test_titles(subject, title):
    mail = read(HEAD + b"Subject: " + subject + b"\r\n\r\n")
    assert title is None or mail.title == title


@pytest.mark.parametrize(
    ("header", "date"),
    [
        (b"Tue, 24 Nov 2026 09:59:58 +0100", RECEIVED - timedelta(seconds=2)),
        (b"Tue, 24 Nov 2026 12:00:00 +0100", RECEIVED),
        (b"Tue, 24 Nov 2026 08:00:00 -0000", RECEIVED - timedelta(hours=1)),
        (b"yesterday", RECEIVED),
        (b"Tue, 24 Nov 99999 08:00:00 +0000", RECEIVED),
        (b"Fri, 31 Dec 9999 23:59:59 -2359", RECEIVED),
        (b"", RECEIVED),
    ],
)
def test_dates(header, date):
    assert read(HEAD + b"Date: " + header + b"\r\n\r\n").date == date


def test_parts_without_end():
    """Thousands of parts inside each other break Python's parser; the mail is one without a text then."""
    parts = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(5000))
    began = time.monotonic()
    mail = read(HEAD + parts[:262144])
    assert mail is not None and mail.text is None
    assert time.monotonic() - began < 20


header = st.one_of(
    st.binary(max_size=60),
    st.text(max_size=60).map(lambda text: text.encode("utf-8", "replace")),
    st.sampled_from(
        [b"=?utf-8?b?", b"<a@ovhcloud.com>", b"multipart/mixed; boundary=x", b'text/plain; charset="', b"\x00"]
    ),
)


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                [
                    b"From",
                    b"Subject",
                    b"Date",
                    b"Content-Type",
                    b"Content-Disposition",
                    b"Content-Transfer-Encoding",
                    b"MIME-Version",
                ]
            ),
            header,
        ),
        max_size=8,
    ),
    st.binary(max_size=300),
    st.booleans(),
)
def test_nothing_raises(headers, body, ours):
    source = (HEAD if ours else b"") + b"".join(name + b": " + value + b"\r\n" for name, value in headers)
    mail = read(source + b"\r\n" + body)
    if mail is not None:
        assert mail.date <= RECEIVED and "\n" not in mail.title
        reader.read(mail.title, mail.text, mail.html, reader.Line(LINE, LOGIN))


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("INBOX", "INBOX"),
        ("Entw\u00fcrfe", "Entw&APw-rfe"),
        ("~peter/mail/\u53f0\u5317/\u65e5\u672c\u8a9e", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"),
    ],
)
def test_folder_names(name, written):
    """The last one is RFC 3501's own example (5.1.3)."""
    assert imap_folder.utf7(name) == written
    assert imap_folder.read_name(written.encode()) == name == imap_folder.read_name(name.encode())


def test_an_ampersand_in_a_folder_name():
    assert imap_folder.utf7("R&D") == "R&-D" and imap_folder.read_name(b"R&-D") == "R&D"


@pytest.mark.parametrize("secret", ["imap_password", "imap_access_token"])
def test_no_secret_in_what_is_printed_of_an_account(secret):
    params = {
        **dict.fromkeys(
            ("imap_port", "imap_security", "imap_ca_file", "imap_password", "imap_access_token", "imap_folder")
        ),
        "imap_host": "h.example",
        "imap_user": "u",
        "imap_from": ["ovh.com"],
        secret: "Canary-1",
    }
    account = mail_source._account(params)
    assert account.port == 993 and account.folder == "INBOX"
    assert "Canary" not in repr(account) and "Canary" in (account.password or account.access_token)


def test_no_secret_in_what_is_printed_of_a_mail():
    mail = ServiceMail("1", RECEIVED, "Title", "Canary-1", "<p>Canary-1</p>")
    assert "Title" in repr(mail) and "Canary" not in repr(mail)
    assert "Canary" not in str(mail.as_result())
