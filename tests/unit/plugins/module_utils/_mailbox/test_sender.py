# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a sender is worth, what servers' refusals and dates say: decisions without a wire."""

from __future__ import annotations

import email.message
import email.parser
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mailbox import (
    imap_answers,
    imap_folder,
    search,
    sender,
)
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mailbox.message import parsed

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=timezone.utc)


def headers(text):
    return email.parser.BytesHeaderParser().parsebytes(text.encode())


def judged(results, senders=("ovhcloud.com",)):
    return sender.judged(headers(f"{results}From: OVHcloud <noreply@ovhcloud.com>\r\n\r\n"), senders)


def test_the_default_is_the_guides_list():
    assert len(sender.OVHCLOUD) == len(set(sender.OVHCLOUD)) == 28
    assert set(sender.HOSTED) <= set(sender.OVHCLOUD)


@pytest.mark.parametrize(
    ("senders", "terms"),
    [
        (["ovhcloud.com"], ["ovhcloud.com"]),
        (["ovh.com", "ovh.fr"], ["ovh.com", "ovh.fr"]),
        (["ovh.com", "ovh.fr", "x.ovh.fr", "ovh.de"], ["ovh."]),
        (["relay.example.org", "example.org"], ["example.org"]),
    ],
)
def test_search_terms(senders, terms):
    assert sender.search_terms(senders) == terms


@given(st.lists(st.from_regex(r"([a-z]{1,3}\\.){1,3}[a-z]{2}", fullmatch=True), min_size=1, max_size=8))
def test_every_sender_is_searched_for(domains):
    terms = sender.search_terms(domains)
    assert terms and all(any(term in one for term in terms) for one in domains)


@pytest.mark.parametrize("method", ["dmarc", "DMARC", "dmarc/1"])
def test_a_failure_is_seen(method):
    assert judged(f"Authentication-Results: mx.example.org; {method}=fail (p=none)\r\n")
    assert judged(f"Authentication-Results: mx.example.org 1; spf=pass; {method} = FAIL\r\n")
    assert not judged(f"Authentication-Results: mx.example.org; {method}=pass\r\n")
    assert not judged("Authentication-Results: mx.example.org; x=pass (dmarc=fail)\r\n")


@pytest.mark.parametrize(
    ("results", "accepted"),
    [
        ("mx; dmarc=fail; spf=pass smtp.mailfrom=a@fwd.example", True),
        ("mx; dmarc=fail; spf=pass smtp.mailfrom=fwd.example", True),
        ("mx; dmarc=fail; dkim=pass header.d=fwd.example", True),
        ("mx; dmarc=fail; dkim=pass header.i=@x.fwd.example", True),
        ("mx; dmarc=fail; spf=fail smtp.mailfrom=a@fwd.example", False),
        ("mx; dmarc=fail; spf=pass smtp.mailfrom=a@fwd.example.net", False),
        ("mx; dmarc=fail; spf=pass smtp.helo=fwd.example", False),
        ("mx; dmarc=fail; spf=pass smtp.mailfrom=evil.example; spf=pass smtp.mailfrom=fwd.example", False),
        ('mx; dmarc=fail; spf=pass smtp.mailfrom="fwd.example"@evil.example', False),
        ('mx; dmarc=fail; spf=pass (of "a); dkim=pass header.d=fwd.example (b"@e.example)', False),
        ("mx; dmarc=fail; spf=pass (smtp.mailfrom=fwd.example) smtp.mailfrom=evil.example", False),
    ],
)
def test_a_forwarder_must_be_vouched_for(results, accepted):
    refusal = judged(f"Authentication-Results: {results}\r\n", ("ovhcloud.com", "fwd.example"))
    assert (refusal is None) is accepted, refusal


# No parser of bytes makes a lone surrogate.
@given(st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), max_size=120))
def test_no_header_is_too_odd(text):
    message = email.message.Message()
    message["Authentication-Results"] = text
    message["From"] = "noreply@ovhcloud.com"
    found = sender.results_of(message)
    assert found.dmarc != "pass" or "dmarc" in text.lower()
    sender.judged(message, ["ovhcloud.com"])


@given(st.text(max_size=40))
def test_every_folder_name_is_read_as_it_was_written(name):
    if "\ud800" <= max(name, default="") <= "\udfff":
        return
    assert imap_folder.read_name(imap_folder.utf7(name).encode()) == name


@given(st.binary(max_size=60))
def test_no_folder_name_is_too_odd(raw):
    assert isinstance(imap_folder.read_name(raw), str)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("24-Nov-2026 09:00:00 +0100", "2026-11-24T08:00:00"),
        (" 4-nov-2026 09:00:00 -0930", "2026-11-04T18:30:00"),
        ("4-Nov-2026 09:00:60 +0000", "2026-11-04T09:00:59"),
        ("24-Nov-2026 09:00:00", "2026-11-24T09:00:00"),
        ("Tue, 24 Nov 2026 09:00:00 +0100", "2026-11-24T08:00:00"),
        ("27-Nov-2026 11:00:00 +0000", "2026-11-27T11:00:00"),
        ("28-Nov-2026 09:00:00 +0000", None),
        ("00-Jan-0000 00:00:00 +0000", None),
        ("01-Jan-1970 00:00:00 +0000", None),
        ("31-Feb-2026 00:00:00 +0000", None),
        ("24-Xyz-2026 00:00:00 +0000", None),
        ("24-Nov-2026 09:00:00 +9900", None),
        ("", None),
    ],
)
def test_days_of_arrival(text, date):
    found = imap_answers.internal_date(f'UID 7 INTERNALDATE "{text}"'.encode(), NOW)
    assert (found.strftime("%Y-%m-%dT%H:%M:%S") if found else None) == date


@given(st.binary(max_size=80))
def test_no_date_is_too_odd(raw):
    imap_answers.internal_date(b'INTERNALDATE "' + raw + b'"', NOW)


@pytest.mark.parametrize(
    ("said", "passes"),
    [
        ("[UNAVAILABLE] down", True),
        ("[LIMIT] Too much", True),
        ("User rate limit exceeded", True),
        ("Too many concurrent connections", True),
        ("System is too busy", True),
        ("Service temporarily unavailable", True),
        ("please try later", True),
        ("Account exceeded command or bandwidth limits. (Failure)", True),
        ("[AUTHENTICATIONFAILED] Invalid credentials, temporarily", False),
        ("[AUTHORIZATIONFAILED] try again later", False),
        ("Bad username or password, try again", False),
        ("Too many wrong passwords", False),
        ("Application-specific password required", False),
        ("no", False),
    ],
)
def test_refusals(said, passes):
    assert imap_answers.passes(said) is passes


def test_thousands_of_parts_are_no_sealed_mail_and_no_error():
    source = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(3000))
    assert parsed(b"From: a@b.c\r\n" + source).text is None


@pytest.mark.parametrize(
    ("refusal", "like", "accepted", "found", "told"),
    [
        (sender.Refusal("why", "advice"), True, None, None, True),
        (sender.Refusal("why", "advice"), True, 1, None, True),
        (sender.Refusal("why", "advice"), True, 1, 1, False),
        (sender.Refusal("why", "advice"), True, -1, -1, True),
        (sender.Refusal("why", "advice"), False, None, None, False),
        (sender.Refusal("why", "advice", by_rule=True), False, -1, None, True),
        (sender.Refusal("why", "advice", by_rule=True), False, 1, None, False),
        (sender.Refusal("why", "advice", stranger=True), True, None, None, True),
        (sender.Refusal("why", "advice", stranger=True), True, -1, None, False),
        (sender.Refusal("why", "advice", True, True), False, None, None, True),
        (sender.Refusal("why", "advice", True, True), False, -1, None, False),
        (sender.Refusal("why"), True, None, None, False),
    ],
)
def test_what_shows_that_a_rule_forwards(refusal, like, accepted, found, told):
    """``accepted`` and ``found``: hours after the refused mail."""
    mail = search.ServiceMail("INBOX/1", NOW, "Title", None, None, refusal)
    at = [NOW + timedelta(hours=one) if one else None for one in (accepted, found)]
    assert bool(search._forwarded([(mail, like)], *at)) is told
