# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Dovecot does not do, and other servers may: a scripted server, with Dovecot's certificate."""

from __future__ import annotations

import re
import threading
import time

import pytest
from mailserver.scripted import HANG_UP

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mailbox import imap

from .conftest import ANSWERS, CANARY, FETCHED, MAIL


def test_the_table_is_enough(scripted, look):
    server = scripted({})
    assert look(server)["password"] == CANARY
    words = " ".join(server.said)
    assert "EXAMINE" in words and "BODY.PEEK" in words
    assert not re.search(r"\b(?:SELECT|STORE|COPY|MOVE|EXPUNGE|CLOSE|DELETE|APPEND)\b", words)
    # One search, one fetch: what a look costs, whatever the folder's size.
    assert len([line for line in server.said if " UID " in line]) == 2


def test_login_where_plain_is_not_offered(scripted, look):
    server = scripted({"CAPABILITY": b"* CAPABILITY IMAP4rev1\r\n"})
    assert look(server, imap_user='us"er', imap_password='a "b\\c')["password"] == CANARY
    assert any(r'LOGIN "us\"er" "a \"b\\c"' in line for line in server.said)


def test_a_password_that_login_cannot_carry(scripted, look):
    server = scripted({"CAPABILITY": b"* CAPABILITY IMAP4rev1\r\n"})
    result = look(server, imap_password="p\u00e4ssword")
    assert result.code == "imap_login_refused" and "AUTH=PLAIN" in result["msg"]
    assert not any("LOGIN" in line for line in server.said)


def test_no_access_token_where_it_is_not_offered(scripted, look):
    result = look(scripted({}), imap_password=None, imap_access_token="token")
    assert result.code == "imap_login_refused" and "AUTH=XOAUTH2" in result["msg"]


@pytest.mark.parametrize("code", ["UNAVAILABLE", "INUSE"])
def test_a_login_refused_for_now_does_not_end_a_wait(scripted, look, code):
    server = scripted({"AUTHENTICATE": b"@ NO [%s] later\r\n" % code.encode()})
    threading.Timer(1.2, server.answers.update, [{"AUTHENTICATE": b""}]).start()
    result = look(server, timeout=15, interval=1)
    assert result.get("password") == CANARY, result
    server.answers["AUTHENTICATE"] = b"@ NO [%s] later\r\n" % code.encode()
    assert look(server).code == "imap_unavailable"


def test_a_secret_that_the_server_repeats_is_not_shown(scripted, look):
    result = look(scripted({"AUTHENTICATE": b"@ NO wrong password Canary-2\r\n"}), imap_password="Canary-2")
    assert result.code == "imap_login_refused" and "wrong password ***. " in result["msg"]
    assert "Canary-2" not in result.written


def test_words_slipped_in_before_tls_are_refused(scripted, look):
    """Who sits in between could answer in the server's name else (CVE-2011-0411 and its like)."""
    offer = b"* CAPABILITY IMAP4rev1 STARTTLS\r\n"
    server = scripted({"CAPABILITY": offer, "STARTTLS": b"@ OK go\r\n* PREAUTH in\r\n"}, implicit=False)
    result = look(server, "starttls")
    assert result.code == "imap_unreachable" and "between STARTTLS and the TLS handshake" in result["msg"]


@pytest.mark.parametrize(("answer", "said"), [(None, "does not offer STARTTLS"), (b"@ NO no\r\n", "refused STARTTLS")])
def test_starttls_not_to_be_had(scripted, look, answer, said):
    offer = b"* CAPABILITY IMAP4rev1 STARTTLS\r\n" if answer else b"* CAPABILITY IMAP4rev1\r\n"
    server = scripted({"CAPABILITY": offer, **({"STARTTLS": answer} if answer else {})}, implicit=False)
    result = look(server, "starttls")
    assert result.failed and said in result["msg"]
    assert not any("AUTHENTICATE" in line or "LOGIN" in line for line in server.said)


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({"UID SEARCH": b"@ NO not now\r\n"}, "imap_refused"),
        ({"UID SEARCH": b"@ BAD what\r\n"}, "imap_refused"),
        ({"UID FETCH": b"@ NO not now\r\n"}, "imap_refused"),
        ({"UID FETCH": b"* 1 FETCH (BODY[] {99999999999}\r\n"}, "imap_unreachable"),
        ({"EXAMINE": b"@ NO no such folder\r\n"}, "imap_folder"),
        ({"EXAMINE": b"@ BAD what\r\n"}, "imap_folder"),
        ({"UID SEARCH": b"@ nonsense\r\n"}, "imap_unreachable"),
    ],
)
def test_answers_that_are_no_answer(scripted, look, answers, code):
    """Above all: a search that was refused is not a folder without mails."""
    assert look(scripted(answers)).code == code


@pytest.mark.parametrize(
    "form",
    [
        b'* 1 FETCH (BODY[]<0> {%d}\r\n%s INTERNALDATE "24-Nov-2026 09:00:00 +0100" UID 7)\r\n',
        b'* 9 EXISTS\r\n* 1 FETCH (FLAGS (\\Seen))\r\n* 1 FETCH (UID 7 INTERNALDATE " 4-nov-2026 09:00:00 -0930" '
        b"BODY[]<0> {%d}\r\n%s FLAGS ())\r\n",
    ],
)
def test_forms_of_the_answer(scripted, look, form):
    assert look(scripted({"UID FETCH": form % (len(MAIL), MAIL)}))["password"] == CANARY


def test_a_mail_without_its_uid_is_not_taken(scripted, look):
    facts = b'INTERNALDATE "24-Nov-2026 09:00:00 +0100"'
    answer = b"* 1 FETCH (%s BODY[]<0> {%d}\r\n%s)\r\n" % (facts, len(MAIL), MAIL)
    assert look(scripted({"UID FETCH": answer}))["found"] is False


def test_idle_that_is_refused_becomes_polling(scripted, look):
    offer = b"* CAPABILITY IMAP4rev1 AUTH=PLAIN IDLE\r\n"
    server = scripted({"CAPABILITY": offer, "IDLE": b"@ NO not here\r\n", "UID SEARCH": b"* SEARCH\r\n"})
    threading.Timer(1.5, server.answers.update, [{"UID SEARCH": b"* SEARCH 7\r\n"}]).start()
    began = time.monotonic()
    result = look(server, timeout=15, interval=1)
    assert result.get("password") == CANARY, result
    assert time.monotonic() - began < 12
    assert len([line for line in server.said if line.startswith("idle IDLE")]) == 1


def test_a_mail_told_of_during_the_look_is_not_waited_for(scripted, look):
    """It came after the search was answered: the server tells of it then, and would not tell IDLE again."""
    offer = b"* CAPABILITY IMAP4rev1 AUTH=PLAIN IDLE\r\n"
    server = scripted({"CAPABILITY": offer, "IDLE": b"+ idling\r\n", "UID SEARCH": b"* SEARCH\r\n* 2 EXISTS\r\n"})
    threading.Timer(0.5, server.answers.update, [{"UID SEARCH": b"* SEARCH 7\r\n"}]).start()
    result = look(server, timeout=25)
    assert result.get("password") == CANARY and result["elapsed"] < 15, result


OFFER = b"* CAPABILITY IMAP4rev1 STARTTLS"


def test_capabilities_are_asked_again_after_starttls(scripted, look):
    """What was offered in the clear may be another's word: what counts is said within TLS."""
    server = scripted({"CAPABILITY": OFFER + b" AUTH=PLAIN\r\n", "STARTTLS": b""}, implicit=False)
    server.secured = {"CAPABILITY": b"* CAPABILITY IMAP4rev1\r\n"}
    result = look(server, "starttls", imap_password="plain")
    assert result.get("password") == CANARY, result
    assert not any("AUTHENTICATE" in line for line in server.said)
    assert len([line for line in server.said if " LOGIN " in line]) == 1


def test_a_cut_in_the_middle_of_the_login_is_no_refusal(scripted, look):
    server = scripted({"AUTHENTICATE": HANG_UP})
    result = look(server)
    assert result.code == "imap_unreachable" and "imap_password" not in result["msg"], result
    threading.Timer(1.2, server.answers.update, [{"AUTHENTICATE": b""}]).start()
    result = look(server, timeout=15, interval=1)
    assert result.get("password") == CANARY, result
    assert server.connections > 2


def test_a_folder_that_cannot_be_opened_because_of_a_cut(scripted, look):
    assert look(scripted({"EXAMINE": HANG_UP})).code == "imap_unreachable"


def test_noop_before_each_look_but_the_first(scripted, look):
    """A server without IDLE may tell of new mails only when it is asked something."""
    server = scripted({"UID SEARCH": b"* SEARCH\r\n"})
    threading.Timer(2.4, server.answers.update, [{"UID SEARCH": b"* SEARCH 7\r\n"}]).start()
    result = look(server, timeout=15, interval=1)
    assert result.get("password") == CANARY and result["polls"] > 2, result
    order = [line.split()[1] for line in server.said if " NOOP" in line or " FROM " in line]
    assert order == ["UID", *["NOOP", "UID"] * (result["polls"] - 1)]
    assert server.connections == 1


def test_the_time_out_after_idle_is_that_of_answers_again(scripted, look, monkeypatch):
    """IDLE ends in fractions of a second here; the search after it is answered slowly, and waited for."""
    monkeypatch.setattr(imap, "IDLE_LIMIT", 0.2)
    offer = b"* CAPABILITY IMAP4rev1 AUTH=PLAIN IDLE\r\n"
    server = scripted({"CAPABILITY": offer, "IDLE": b"+ idling\r\n", "UID SEARCH": b"* SEARCH\r\n"})
    server.delays = {"NOOP": 0.8}
    threading.Timer(1.0, server.answers.update, [{"UID SEARCH": b"* SEARCH 7\r\n"}]).start()
    result = look(server, timeout=15, interval=1)
    assert result.get("password") == CANARY, result
    assert server.connections == 1


@pytest.mark.parametrize("anew", [True, False])
def test_the_uids_of_before_after_a_cut(scripted, look, anew):
    """RFC 3501, 2.3.1.1: with another UIDVALIDITY they name other mails. Else a mail is fetched once in a wait."""
    other = MAIL.replace(b"xdsl-ab12345-1", b"xdsl-ab12345-9").replace(b"0320123456_1", b"0320123456_9")
    server = scripted({"EXAMINE": ANSWERS["EXAMINE"].replace(b"VALIDITY 5", b"VALIDITY %d" % (5 + anew))})
    server.once = {
        "EXAMINE": ANSWERS["EXAMINE"],
        "UID FETCH": FETCHED % (len(other), other),
        "NOOP": HANG_UP,
    }
    result = look(server, timeout=3, interval=1)
    assert server.connections == 2
    if anew:
        assert result.get("password") == CANARY, result
    else:
        assert result.code == "mail_not_found", result
        assert len([line for line in server.said if " FETCH " in line]) == 1
