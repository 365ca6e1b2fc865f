# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fixtures: the unit tests' local API and way to run a module, and a real mail server beside them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
for folder in (TESTS, TESTS / "sandbox"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

# E402: found on the path that is set just above.
from mailserver.dovecot import PASSWORD, USER, Dovecot  # noqa: E402
from mailserver.maildir import compose  # noqa: E402
from mailserver.scripted import Scripted  # noqa: E402
from ovh_api import mails  # noqa: E402

pytest_plugins = ["unit.conftest"]
LINE = "xdsl-ab12345-1"
LOGIN = "0320123456_1@adsl.ovh"


@pytest.fixture(scope="session")
def dovecot():
    """One mail server for the tests that change nothing but its mails."""
    with Dovecot() as running:
        yield running


@pytest.fixture(scope="session")
def dovecot_without_idle():
    """One that does not offer IDLE."""
    with Dovecot(idle=False) as running:
        yield running


@pytest.fixture
def inbox(dovecot):
    """The mail server with an empty inbox."""
    dovecot.empty()
    return dovecot


def options_of(mail_server, security="tls", **more):
    """The module's options for a mail server."""
    return {
        "source": "imap",
        "imap_host": "localhost",
        "imap_port": mail_server.ports[security],
        "imap_security": security,
        "imap_ca_file": str(mail_server.ca_file),
        "imap_user": USER,
        "imap_password": PASSWORD,
        **more,
    }


@pytest.fixture
def look(run):
    """look(server, **options): run xdsl_ppp_credentials_info on a mail server; looks once unless told."""

    def call(mail_server, security="tls", **options):
        given = options_of(mail_server, security, service_name=LINE, login=LOGIN, return_password=True, **options)
        return run("xdsl_ppp_credentials_info", **{name: value for name, value in given.items() if value is not None})

    return call


CANARY = "Zq7-canary_9x"


def credentials_mail(password=CANARY, at=None, style="both", language="fr", **more):
    """OVHcloud's mail for the first line."""
    title, text = mails.ppp_mail(LINE, LOGIN, password, language)
    html = mails.as_html(text)
    return compose(title, None if style == "html" else text, None if style == "text" else html, at, **more)


MAIL = credentials_mail().replace(b"\n", b"\r\n")
FETCHED = b'* 1 FETCH (UID 7 INTERNALDATE "24-Nov-2026 09:00:00 +0100" BODY[]<0> {%d}\r\n%s)\r\n'
#: What a scripted server answers: one mail, UID 7.
ANSWERS = {
    "CAPABILITY": b"* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n",
    "AUTHENTICATE": b"",
    "LOGIN": b"",
    "EXAMINE": b"* 1 EXISTS\r\n* OK [UIDVALIDITY 5] fine\r\n",
    "UID SEARCH": b"* SEARCH 7\r\n",
    "UID FETCH": FETCHED % (len(MAIL), MAIL),
    "LIST": b"",
    "NOOP": b"",
}


@pytest.fixture
def scripted(dovecot):
    """scripted(answers): a server that answers so, with Dovecot's certificate."""
    servers = []

    def start(answers, implicit=True):
        servers.append(Scripted(dovecot.top, dovecot.ca_file, {**ANSWERS, **answers}, implicit))
        return servers[-1]

    yield start
    for server in servers:
        server.close()
