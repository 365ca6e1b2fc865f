# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whose a mail is: its one sender, and what the user's own mail server found out about it (pure).

The user's server writes its findings into ``Authentication-Results`` (RFC 8601) at the top of a mail. Anybody can write
such a header further down, and no server is bound to write one. So a finding never makes a mail better: ``dmarc=fail``
refuses it, unless the same header vouches for a forwarder that the user named.
"""

from __future__ import annotations

import collections
import dataclasses
import email.message
import email.utils
import re
import typing as t

#: Domains that OVHcloud's guide against phishing names as its own ("How to recognise fraudulent emails", 2026-03), and
#: the last one, of its telecom brand, which is our addition.
OVHCLOUD = (
    *("ovhcloud.com", "services.ovhcloud.com", "news.ovhcloud.com", "events.ovhcloud.com", "ovh.com", "ovh.fr"),
    *("clientmanager.fr", "kimsufi.com", "services.kimsufi.com", "soyoustart.com", "news.soyoustart.com", "ovh.ca"),
    *("ovh.com.au", "ovh.co.uk", "ovh.ie", "ovh.de", "ovh.es", "ovh.it", "ovh.lt", "ovh-hosting.fi", "ovh.net"),
    *("robot.ovh.net", "ovh.nl", "ovh.pl", "ovh.pt", "ovh.sn", "ovh.us", "ovhtelecom.fr"),
)
#: Names below these are those of customers' servers (vps-….vps.ovh.net, ns….ovh.net, ks….kimsufi.com): whoever rents
#: one can send mails from there. So of these only the domain itself counts, and a name below it if it is given itself.
HOSTED = ("ovh.net", "ovh.ca", "ovh.us", "kimsufi.com", "soyoustart.com")
#: So many senders with the same first label are searched for by that label.
ALIKE = 3

_ADDRESS_RE = re.compile(r"(?:.*<)?([^\s<>@\"(),;:]+)@([A-Za-z0-9.-]+)>?", re.DOTALL)
_RESULT_RE = re.compile(r"\s*([a-z0-9-]+)\s*(?:/\s*\d+)?\s*=\s*([a-z]+)", re.I)
_VOUCHED_RE = re.compile(r"\b(?:smtp\.mailfrom|header\.(?:d|i))\s*=\s*(?:[^\s;@]*@)?([A-Za-z0-9.-]+)", re.I)
#: What mail programs put in front of the title of a mail that they send on, in OVHcloud's languages.
_FORWARD_RE = re.compile(r"(?:fwd?|tr|wg|wl|rv|i|enc|pd|doorst|fw)\s*:", re.I)
_SRS_RE = re.compile(r"\bSRS[01][=+-]", re.I)
_RULE_HEADERS = ("Resent-From", "Resent-To", "X-Forwarded-For", "X-Forwarded-To")


@dataclasses.dataclass(frozen=True)
class Refusal:
    """Why a mail is not accepted, whatever it says. ``advice``: what to do where a rule that forwards explains it.

    ``by_rule``: the mail shows that a rule forwarded it. ``stranger``: its sender is none of the given domains.
    """

    why: str
    advice: str = ""
    by_rule: bool = False
    stranger: bool = False


@dataclasses.dataclass(frozen=True)
class Results:
    """What the user's server says: ``server`` names itself; ``vouched``: domains that passed SPF or DKIM beside DMARC.

    ``elsewhere``: another server, further down, wrote ``dmarc=pass``.
    """

    server: str = ""
    dmarc: str = ""
    vouched: tuple[str, ...] = ()
    elsewhere: bool = False


def judged(headers: email.message.Message, senders: t.Sequence[str]) -> Refusal | None:
    """Why a mail is not from one of the senders, as far as can be told; None when it is.

    :param senders: domains, lower case.
    """
    address = address_of(headers)
    domain = address.rpartition("@")[2]
    if not is_of(domain, senders):
        if not address or "ovh" in domain:  # as forgers write it: nothing to be advised
            why = f"its sender, {address}, is not OVHcloud" if address else "it has not exactly one sender"
            return Refusal(why, stranger=True)
        return Refusal(
            f"its sender is {address}, which imap_from does not name",
            f"If {address} is yours, and a rule there forwards OVHcloud's mails to this mailbox: let it redirect them "
            f"unchanged, in place of sending them on as its own, or add {domain} to imap_from. If it is not yours, the "
            "mail is forged.",
            _FORWARD_RE.match(" ".join(str(headers.get("Subject", "")).split())) is not None,
            True,
        )
    found = results_of(headers)
    if found.dmarc != "fail" or any(is_of(one, senders) for one in found.vouched):
        return None
    by_rule = found.elsewhere or any(name in headers for name in _RULE_HEADERS) or _rewritten(headers)
    others = [one for one in found.vouched if one != domain]
    name = f", or add its domain, {others[0]}, to imap_from (your mail server vouches for it)" if others else ""
    doubt = "A rule" if by_rule else "Unless it is forged, a rule"
    return Refusal(
        f"your mail server{f' {found.server}' if found.server else ''} says dmarc=fail: its sender is not proven to be "
        f"{domain}",
        f"{doubt} forwards OVHcloud's mails to this mailbox and changes them on the way, so that they cannot be told "
        f"from forged ones. Let it redirect them unchanged{name}, or read the mailbox that OVHcloud sends to.",
        by_rule,
    )


def address_of(headers: email.message.Message) -> str:
    """The one sender's address, lower case; empty when the header can be read in two ways."""
    lines = headers.get_all("From", [])
    if len(lines) != 1:
        return ""
    # The address is looked for in the header as it stands: decoded words may hold anything.
    raw = " ".join(str(lines[0]).split())
    match = _ADDRESS_RE.fullmatch(raw)
    addresses = email.utils.getaddresses([raw])
    if not match or len(addresses) != 1 or addresses[0][1] != f"{match[1]}@{match[2]}":
        return ""
    return f"{match[1]}@{match[2]}".lower()


def by_address(headers: email.message.Message, senders: t.Sequence[str]) -> bool:
    """Whether only its address, and not its display name, shows that a mail is of one of the senders."""
    name = " ".join(str(headers.get("From", "")).split()).lower().rpartition("<")[0]
    return not any(term in name for term in search_terms(senders))


def is_of(domain: str, senders: t.Iterable[str]) -> bool:
    """Whether a domain is one of the senders' or, except below :data:`HOSTED`, below one."""
    senders = tuple(senders)
    if domain in senders:
        return True
    return any(domain.endswith(f".{one}") for one in senders if one not in HOSTED)


def search_terms(senders: t.Sequence[str]) -> list[str]:
    """What to search for, so that each sender's mails hold one of it: few words, as servers limit a search."""
    tops = [one for one in dict.fromkeys(senders) if not any(one.endswith(f".{other}") for other in senders)]
    alike = collections.Counter(one.partition(".")[0] for one in tops)
    first = {one: one.partition(".")[0] for one in tops}
    return list(dict.fromkeys(f"{first[one]}." if alike[first[one]] >= ALIKE else one for one in tops))


def results_of(headers: email.message.Message) -> Results:
    """What the user's own server says of DMARC: the first header with a result that has the name of the topmost one.

    Microsoft and some others leave their name out. The same empty name counts then.
    """
    lines = [" ".join(str(line).split()) for line in headers.get_all("Authentication-Results", [])]
    read = [_results(line) for line in lines]
    chain = [" ".join(str(line).split()) for line in headers.get_all("ARC-Authentication-Results", [])]
    own = next((one for one in read if one.server == read[0].server and one.dmarc), Results())
    others = [one for one in read if one.server != own.server] + [
        one for one in (_results(line.partition(";")[2]) for line in chain) if one.server != own.server
    ]
    return dataclasses.replace(own, elsewhere=any(one.dmarc == "pass" for one in others))


def _results(line: str) -> Results:
    """One header. What the sender chose is in it too (the envelope's address, echoed): so it is read with care."""
    clean, whole = _bare(line)
    server, *rest = clean.split(";")
    if "=" in server:
        server, rest = "", [server, *rest]
    found: dict[str, list[tuple[str, str]]] = {}
    for part in rest:
        match = _RESULT_RE.match(part)
        if match:
            found.setdefault(match[1].lower(), []).append((match[2].lower(), part))
    verdicts = {result for result, _part in found.get("dmarc", [])}
    if not whole and re.search(r"dmarc\s*=\s*fail", line, re.I):
        verdicts.add("fail")
    vouched: list[str] = []
    if '"' not in line and "\\" not in line and whole:
        for method in ("spf", "dkim"):
            results = found.get(method, [])
            if method == "spf" and len(results) > 1:
                continue
            for result, part in results:
                vouched += [one.lower() for one in _VOUCHED_RE.findall(part)] if result == "pass" else []
    dmarc = "fail" if "fail" in verdicts else next(iter(sorted(verdicts)), "")
    return Results((server.split() or [""])[0].lower(), dmarc, tuple(dict.fromkeys(vouched)))


def _bare(line: str) -> tuple[str, bool]:
    """A header without comments and quoted texts; and whether all of them end."""
    kept: list[str] = []
    depth, quoted, escaped = 0, False, False
    for sign in line:
        if escaped:
            escaped = False
        elif sign == "\\" and (quoted or depth):
            escaped = True
        elif quoted:
            quoted = sign != '"'
        elif depth:
            depth += {"(": 1, ")": -1}.get(sign, 0)
        elif sign == '"':
            quoted = True
        elif sign == "(":
            depth = 1
        else:
            kept.append(sign)
    return "".join(kept), not depth and not quoted


def _rewritten(headers: email.message.Message) -> bool:
    """The envelope's sender was rewritten by a forwarder (SRS)."""
    return _SRS_RE.search(str(headers.get("Return-Path", ""))) is not None
