# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The reader tried on a saved mail: nothing is sent, no key is needed, no password is shown."""

from __future__ import annotations

from email.message import EmailMessage

import pytest
from ovh_api import mails

LINE = "xdsl-ab12345-1"
LOGIN = "0320123456_1@adsl.ovh"
CANARY = "Zq7-canary_9x&<é>7"


@pytest.fixture
def read(run, tmp_path):
    """Run xdsl_ppp_credentials_info on a file of these bytes, without any connection option."""

    def call(source, **options):
        path = tmp_path / "mail.eml"
        path.write_bytes(source)
        return run("xdsl_ppp_credentials_info", service_name=LINE, mail_file=str(path), **options)

    return call


def message(text, html=None, title=None, **encoding):
    mail = EmailMessage()
    mail["Subject"] = title or f"[{LINE}] Vos identifiants de connexion PPPoE – été"
    mail["From"] = "OVHcloud <support@ovhcloud.com>"
    mail["Date"] = "Tue, 3 Mar 2026 05:02:41 +0100"
    mail.set_content(text, **encoding)
    if html:
        mail.add_alternative(html, subtype="html")
    return mail.as_bytes()


TEXT = mails.ppp_mail(LINE, LOGIN, CANARY)[1]


@pytest.mark.parametrize(
    "source",
    [
        message(TEXT),
        message(TEXT, cte="base64"),
        message(TEXT, cte="quoted-printable"),
        message(TEXT, charset="iso-8859-1"),
        message(TEXT, mails.as_html(TEXT)),
        message("See the HTML part.", mails.as_html(TEXT)),
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("utf-16"),
        TEXT.replace("\n", "\r\n").encode(),
        mails.as_html(TEXT).encode(),
    ],
)
def test_saved_mails(api, read, source):
    result = read(source)
    assert result["found"] is True, result
    assert (result["login"], result["password_length"]) == (LOGIN, len(CANARY))
    assert result["mail"]["id"] == "mail.eml"
    assert CANARY not in result.written and "canary" not in result.written
    if source.startswith(b"Subject"):
        assert result["mail"]["date"] == "2026-03-03T04:02:41Z"
        # Python 3.12 and older write such a title without the blank between its encoded words.
        assert result["mail"]["title"].replace(" ", "").endswith("PPPoE–été")
    assert api.calls() == []
    assert read(source, return_password=True)["password"] == CANARY


def test_why_a_mail_is_passed_over(read):
    (other,) = read(message(mails.bill_mail("FR1")[1], title="Facture"))["passed_over"]
    assert other["why"] == "it does not speak of PPPoE credentials"
    (other,) = read(message(mails.modem_mail(LINE, CANARY)[1], title=mails.modem_mail(LINE, "")[0]))["passed_over"]
    assert "modem" in other["why"]
    assert read(b"")["passed_over"][0]["why"] == "the mail is empty"


def test_why_a_mail_cannot_be_read(read):
    result = read(message(TEXT.replace(CANARY, "********")))
    assert result.failed and result.code == "mail_unreadable" and "masked" in result["msg"]


def test_a_link_is_not_opened(api, read):
    link = "https://www.ovh.com/manager/secret/#?id=0e3bd2a6-7a35-4a1c-9a3a-1f2e3d4c5b6a"
    for options in ({}, {"return_password": True}):
        result = read(message(TEXT.replace(CANARY, link)), **options)
        assert result["found"] and result["secret_link"] and result["password_length"] is None, result
        assert "0e3bd2a6" not in result.written
    assert api.calls() == []


def test_patterns_are_tried_on_it(read):
    source = message(
        f"Greetings,\n\nline {LINE}\nPPP peer is {LOGIN}\nPPP token is {CANARY}\n", title="Your connection"
    )
    assert read(source)["found"] is False
    options = {"mail_title": "Your", "mail_password_pattern": "token is (.+)"}
    assert read(source, login=LOGIN, **options)["password_length"] == len(CANARY)
    result = read(source, login=LOGIN, mail_password_pattern="token was (.+)", mail_title="Your")
    assert result.failed and "matches nothing" in result["msg"]


@pytest.mark.parametrize("path", ["/nonexistent/mail.eml", "/"])
def test_a_file_that_cannot_be_read(run, path):
    result = run("xdsl_ppp_credentials_info", service_name=LINE, mail_file=path)
    assert result.failed and result.code == "invalid_option" and "mail_file" in result["msg"], result


def test_a_file_that_is_no_mail(read):
    result = read(b"x" * ((1 << 22) + 1))
    assert result.failed and result.code == "invalid_option" and "larger" in result["msg"]
    assert read(bytes(range(256)) * 400)["found"] is False


def test_an_earlier_layout_proves_a_password_of_digits(read):
    digits = message(TEXT.replace(CANARY, "73910462"))
    assert read(digits).code == "mail_unreadable"
    layout = read(message(TEXT))["layout"]
    assert layout and read(digits, proven_layout=layout)["password_length"] == 8
    assert read(digits, proven_layout="0" * 64).code == "mail_unreadable"
