# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Habits of mail servers that were met in public, each with its source, and what the run says to them."""

from __future__ import annotations

import imaplib
import re
import shutil
import ssl
import threading
import time
from datetime import datetime, timedelta, timezone

import pytest
from mailserver import maildir
from mailserver.dovecot import PASSWORD, USER, Dovecot

from .box import OLDER, UNDATED, Box, fresh, internal, now
from .conftest import ANSWERS, CANARY, MAIL, credentials_mail

# --- the day of arrival


@pytest.mark.parametrize(
    "facts",
    [
        b"FLAGS ()",  # left out: closeio/sync-engine #365, imapsync #94
        b"INTERNALDATE NIL",
        b'INTERNALDATE "00-Jan-0000 00:00:00 +0000"',  # Domino 10: MailKit #1236
        b'INTERNALDATE "01-Jan-1970 00:00:00 +0000"',
        b'INTERNALDATE "01-Jan-2099 00:00:00 +0000"',
        b'INTERNALDATE "soon"',
    ],
)
@pytest.mark.parametrize("given", [{}, {"newer_than": now(minutes=-5)}])
def test_no_day_of_arrival_but_a_date_header(scripted, look, facts, given):
    box = Box({6: (internal(days=-3), OLDER), 7: (facts, fresh())})
    result = look(scripted(box.answers), **given)
    assert result.get("password") == CANARY, result
    assert "no usable day of arrival (INTERNALDATE)" in str(result["warnings"])


def test_a_day_of_arrival_in_a_mails_own_form(scripted, look):
    """``Tue, 24 Nov 2026 …`` in place of ``24-Nov-2026 …``: asimap #458."""
    sent = datetime.now(timezone.utc) - timedelta(hours=2)
    box = Box({7: (sent.strftime('INTERNALDATE "%a, %d %b %Y %H:%M:%S +0000"').encode(), MAIL)})
    result = look(scripted(box.answers))
    assert result["password"] == CANARY and "warnings" not in result
    assert result["mail"]["date"] == sent.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_neither_day_nor_date_the_order_of_uids(scripted, look):
    before = internal(days=-2)
    box = Box({6: (before, OLDER), 7: (b"FLAGS ()", UNDATED), 9: (internal(days=-1), MAIL.replace(b"PPP", b"QQQ"))})
    result = look(scripted(box.answers))
    assert result["mail"]["id"] == "INBOX/9"
    del box.mails[9]
    result = look(scripted(box.answers))
    assert result["password"] == CANARY and result["mail"]["id"] == "INBOX/7"
    assert "order of UIDs" in str(result["warnings"])
    # Right after the mail before it: too old for this request.
    assert look(scripted(box.answers), newer_than=now(days=-1))["found"] is False


def test_neither_day_nor_date_of_a_mail_that_comes_while_waiting(scripted, look):
    box = Box({6: (internal(days=-2), OLDER)}, uidnext=7)
    server = scripted(box.answers)
    threading.Timer(1.5, box.mails.update, [{7: (b"FLAGS ()", UNDATED)}]).start()
    result = look(server, newer_than=now(), timeout=15, interval=1)
    assert result.get("password") == CANARY, result
    # What was there before has no date either, and does not count.
    old = Box({6: (b"FLAGS ()", re.sub(rb"(?m)^Date: .*\r\n", b"", OLDER))}, uidnext=7)
    assert look(scripted(old.answers), newer_than=now(), timeout=2, interval=1).code == "mail_not_found"


# --- refusals


@pytest.mark.parametrize(
    "said",
    [
        b"[UNAVAILABLE] Maximum number of connections from user+IP exceeded",  # Dovecot: node-imap #606
        b"[INUSE] locked",
        b"[LIMIT] Rate limit hit",
        b"[ALERT] Too many simultaneous connections. (Failure)",  # Google: MailKit #377
        b"Server Unavailable. 15",  # Exchange: imapfilter #146
        b"Request is throttled. Suggested Backoff Time: 89117 milliseconds",  # email-oauth2-proxy #191
        b"Login failed: server busy",
        b"Temporary authentication failure",
        b"Please try again",
    ],
)
def test_a_refusal_that_passes(scripted, look, said):
    server = scripted({"AUTHENTICATE": b"@ NO " + said + b"\r\n"})
    result = look(server)
    assert result.code == "imap_unavailable" and "Try again later" in result["msg"], result
    assert server.connections == 1  # no time is left


@pytest.mark.parametrize("command", ["AUTHENTICATE", "EXAMINE", "UID SEARCH", "UID FETCH"])
def test_a_refusal_that_passes_is_waited_out(scripted, look, command):
    server = scripted({command: b"@ NO [ALERT] Too many simultaneous connections. (Failure)\r\n"})
    threading.Timer(1.2, server.answers.update, [{command: ANSWERS[command]}]).start()
    assert look(server, timeout=15, interval=1).get("password") == CANARY


@pytest.mark.parametrize("greeting", [b"* BYE Too many connections, try again later\r\n", b"* BYE server busy\r\n"])
def test_a_greeting_that_refuses(scripted, look, greeting):
    server = scripted({})
    server.greeting = greeting
    result = look(server)
    assert result.code == "imap_unavailable" and "It says: " in result["msg"], result


@pytest.mark.parametrize(
    "said",
    [
        b"[AUTHENTICATIONFAILED] Authentication failed, please try again later",
        b"[EXPIRED] That password isn't valid any more",
        b"[CONTACTADMIN] try again",
        b"Invalid credentials (Failure)",
        b"LOGIN failed.",
        b"Wrong password, try again",
        b"Too many failed attempts",
    ],
)
def test_a_refusal_that_stays_ends_at_once(scripted, look, said):
    server = scripted({"AUTHENTICATE": b"@ NO " + said + b"\r\n"})
    began = time.monotonic()
    result = look(server, timeout=30, interval=1)
    assert result.code == "imap_login_refused" and "Correct imap_user and imap_password" in result["msg"], result
    assert server.connections == 1 and time.monotonic() - began < 10


def test_the_pauses_grow_and_end_with_the_time(scripted, look):
    server = scripted({"AUTHENTICATE": b"@ NO [UNAVAILABLE] later\r\n"})
    result = look(server, timeout=14, interval=1)  # two seconds at least
    assert result.code == "imap_unavailable"
    pauses = [later - earlier for earlier, later in zip(server.at, server.at[1:])]
    assert [round(one) for one in pauses[:2]] == [4, 8] and len(pauses) == 3, pauses


def test_a_refusal_of_the_second_login(scripted, look):
    """A cut in the middle of a wait; the server takes no login for a while, then the mail is there."""
    server = scripted({"UID SEARCH": b"* SEARCH\r\n"})

    def cut():
        server.once = {"NOOP": b"hang up"}
        server.answers["AUTHENTICATE"] = b"@ NO [UNAVAILABLE] restarting\r\n"

    threading.Timer(1.2, cut).start()
    threading.Timer(7, server.answers.update, [{"AUTHENTICATE": b"", "UID SEARCH": b"* SEARCH 7\r\n"}]).start()
    result = look(server, timeout=20, interval=1)
    assert result.get("password") == CANARY, result
    assert server.connections >= 3


@pytest.mark.parametrize("answer", [b"BAD", b"NO"])
def test_microsoft_takes_the_login_and_has_no_mailbox(scripted, look, answer):
    """MailKit #1494, getmail6 #214, node-imap #689."""
    server = scripted({"EXAMINE": b"@ " + answer + b" User is authenticated but not connected.\r\n"})
    result = look(server)
    assert result.code == "imap_unavailable", result
    for part in ("authenticated but not connected", "imap_user", "IMAP.AccessAsUser.All", "shared mailbox"):
        assert part in result["msg"], part
    threading.Timer(1.2, server.answers.update, [{"EXAMINE": ANSWERS["EXAMINE"]}]).start()
    assert look(server, timeout=15, interval=1).get("password") == CANARY


# --- the search


@pytest.mark.parametrize("name", [b"OVHcloud", b"OVH support"])
@pytest.mark.parametrize("given", [{}, {"newer_than": now(days=-2)}])
def test_a_search_that_looks_at_display_names_only(scripted, look, name, given):
    """Microsoft: imapfilter #33, alpine #30."""
    mail = MAIL.replace(b"From: OVHcloud ", b"From: " + name + b" ")
    others = {uid: (internal(hours=-9), b"From: Bob <bob@example.org>\r\n\r\nHi\r\n") for uid in range(20, 60)}
    box = Box({6: (internal(days=-3), OLDER), 7: (internal(hours=-1), mail), **others}, by_name=True)
    result = look(scripted(box.answers), **given)
    assert result.get("password") == CANARY, result
    assert "search by sender or day did not find it" in str(result["warnings"])


def test_a_search_by_display_name_that_finds_some(scripted, look):
    """One mail has the domain in its sender's name, the newest has not."""
    named = OLDER.replace(b"From: OVHcloud ", b'From: "OVH (ovhcloud.com)" ')
    box = Box({6: (internal(days=-3), named), 7: (internal(hours=-1), MAIL)}, by_name=True)
    assert look(scripted(box.answers)).get("password") == CANARY


def test_waiting_on_such_a_server_reads_each_header_once(scripted, look):
    others = {uid: (internal(hours=-9), b"From: Bob <bob@example.org>\r\n\r\nHi\r\n") for uid in range(20, 60)}
    box = Box(others, by_name=True)
    server = scripted(box.answers)
    threading.Timer(2.5, lambda: box.mails.update({70: (internal(), fresh())})).start()
    result = look(server, newer_than=now(), timeout=15, interval=1)
    assert result.get("password") == CANARY, result
    fetched = [line for line in server.said if "HEADER.FIELDS" in line]
    assert len(fetched) == 2 and " 70 " in fetched[1], fetched


def test_few_words_are_searched_for(scripted, look):
    """Twenty-four domains, seven words: servers limit how deep a search may be."""
    server = scripted({})
    look(server)
    (search,) = [line for line in server.said if "SEARCH" in line]
    assert search.count(' FROM "') == 7 and '"ovh."' in search and '"ovhcloud.com"' in search, search


# --- folders

LISTED = (
    b'* LIST (\\HasChildren) "." "INBOX"\r\n* LIST (\\Noselect \\HasChildren) "." "INBOX.Kunden"\r\n'
    b'* LIST (\\HasNoChildren) "." "INBOX.Kunden.Entw&APw-rfe"\r\n* LIST () "." {13}\r\nINBOX.a"b & c\r\n'
)


def only(raw):
    return lambda rest: ANSWERS["EXAMINE"] if rest == b"EXAMINE " + raw else b"@ NO [NONEXISTENT] no such folder\r\n"


@pytest.mark.parametrize(
    ("listed", "folder", "opened"),
    [
        (LISTED, "INBOX.Kunden.Entw\u00fcrfe", b'"INBOX.Kunden.Entw&APw-rfe"'),
        (LISTED, "Kunden/Entw\u00fcrfe", b'"INBOX.Kunden.Entw&APw-rfe"'),
        (LISTED, "kunden.entwu\u0308rfe", b'"INBOX.Kunden.Entw&APw-rfe"'),
        (LISTED, 'a"b & c', b'"INBOX.a\\"b & c"'),
        # UTF-8 as it stands: RFC 9051, stalwart #1697
        (
            '* LIST () "/" "Entw\u00fcrfe"\r\n'.encode(),
            "Entw\u00fcrfe",
            '"Entw\u00fcrfe"'.encode(),
        ),
        (b'* LIST () "\\\\" "Public\\\\OVH"\r\n', "Public/OVH", b'"Public\\\\OVH"'),
        (b'* LIST () NIL "OVH"\r\n', "ovh", b'"OVH"'),
    ],
)
def test_folder_names_as_servers_write_them(scripted, look, listed, folder, opened):
    server = scripted({"EXAMINE": only(opened), "LIST": listed})
    result = look(server, imap_folder=folder)
    assert result.get("password") == CANARY, result


def test_a_server_that_speaks_utf8_only(scripted, look):
    """RFC 6855, section 4."""
    server = scripted(
        {
            "CAPABILITY": b"* CAPABILITY IMAP4rev1 AUTH=PLAIN ENABLE UTF8=ONLY\r\n",
            "ENABLE": b"* ENABLED UTF8=ACCEPT\r\n",
            "EXAMINE": only('"Entw\u00fcrfe"'.encode()),
        }
    )
    assert look(server, imap_folder="Entw\u00fcrfe").get("password") == CANARY
    assert any("ENABLE UTF8=ACCEPT" in line for line in server.said)


def test_a_folder_that_holds_only_folders(scripted, look):
    result = look(scripted({"EXAMINE": b"@ NO no\r\n", "LIST": LISTED}), imap_folder="Kunden")
    assert result.code == "imap_folder", result
    for part in (
        "INBOX.Kunden holds other folders",
        "\\Noselect",
        "one of: INBOX, INBOX.Kunden.Entw\u00fcrfe, INBOX.a",
    ):
        assert part in result["msg"], result["msg"]
    assert "one of: INBOX, INBOX.Kunden," not in result["msg"]


def test_a_name_that_can_mean_two_folders_means_none(scripted, look):
    listed = b'* LIST () "/" "Lists/OVH"\r\n* LIST () "/" "lists/ovh"\r\n'
    server = scripted({"EXAMINE": b"@ NO no\r\n", "LIST": listed})
    result = look(server, imap_folder="lists.ovh")
    assert result.code == "imap_folder" and "one of: Lists/OVH, lists/ovh" in result["msg"]
    assert len([line for line in server.said if "EXAMINE" in line]) == 1


# --- folders and refusals as Dovecot has them


def test_a_folder_below_another(inbox, look):
    """Dovecot writes ``Kunden.Entw&APw-rfe``, and lists ``Kunden``, which is none, as \\Noselect."""
    folder = inbox.inbox / ".Kunden.Entw&APw-rfe"
    maildir.make(folder)
    maildir.deliver(folder, credentials_mail())
    for name in ("Kunden.Entw\u00fcrfe", "Kunden/Entw\u00fcrfe", "INBOX/Kunden/Entw\u00fcrfe", "Kunden.Entw&APw-rfe"):
        assert look(inbox, imap_folder=name).get("password") == CANARY, name
    result = look(inbox, imap_folder="Kunden")
    assert result.code == "imap_folder", result
    assert "Kunden holds other folders, and no mails" in result["msg"]
    assert "one of: INBOX, Kunden.Entw\u00fcrfe, Sent" in result["msg"]
    shutil.rmtree(folder)


def test_too_many_connections(look):
    """Dovecot's own words, with [LIMIT] in 2.3 and [UNAVAILABLE] before; a server of its own, as all of it is full."""
    with Dovecot() as server:
        server.deliver(credentials_mail())
        context = ssl.create_default_context(cafile=str(server.ca_file))
        others = []
        for _number in range(10):
            others.append(imaplib.IMAP4_SSL("localhost", server.ports["tls"], ssl_context=context))
            others[-1].authenticate("PLAIN", lambda _challenge: f"\0{USER}\0{PASSWORD}".encode())
        result = look(server)
        assert result.code == "imap_unavailable", result
        assert "] Maximum number of connections" in result["msg"] and "Try again later" in result["msg"]
        threading.Timer(1.5, lambda: [one.logout() for one in others]).start()
        assert look(server, timeout=20, interval=1).get("password") == CANARY
