# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The wait for one credentials mail, and what it says."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import time
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._argspec import mail_patterns_spec
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import PASSING, Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line import access
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line.renewal import (
    DATE_SLACK,
    check_range,
    parse_date,
)
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail import patterns as mail_patterns
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail import reader, reasons
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mailbox import secret_link as _secret_link
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mailbox.looked import Looked
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mailbox.search import Search, ServiceMail, newest
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mailbox.source import open_mailbox
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api.client import Client, connect
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api.pace import Turn
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._times import iso
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ways import here

#: So many senders are named in a message.
NAMED = 3
#: Hears None when a look begins, and then why it failed, as sentences, or "" when it was answered.
Hear = t.Callable[[t.Optional[str]], None]
#: Makes the API's client of a module's options.
Connect = t.Callable[[t.Mapping[str, t.Any]], Client]


def unheard(_why: str | None) -> None:
    """Nobody is told before the end."""


def _forget(_id: str) -> None:
    """It is not noted which mails are none of the line's."""


class Wait:
    """The wait for one mail, against a monotonic clock."""

    def __init__(self, params: t.Mapping[str, t.Any], hear: Hear = unheard, connected: Connect = connect) -> None:
        self._hear = hear
        self._connect = connected
        self._patterns = mail_patterns.compiled(params)
        self._params = params
        self._requests = int(params.get("requests") or 1)
        self._connected: Client | None = None
        self._routes = here.defaults()
        self._since: datetime.datetime | None = None
        expected_at: datetime.datetime | None = None
        if params["newer_than"] is not None:
            asked_at = parse_date("newer_than", params["newer_than"])
            # The mail's date may come from another machine than the request's.
            self._since = asked_at - DATE_SLACK
            expected_at = asked_at + datetime.timedelta(seconds=params["expected_after"])
        by = (params["login"], *(params.get(name) for name in mail_patterns_spec()))
        folder, interval = params.get("state_dir"), float(params["interval"])
        waits = bool(params["timeout"])
        self._looked = Looked(folder, params["service_name"], by) if folder and not waits else None
        age = interval if waits else None
        self._mailbox = open_mailbox(params, self.client, interval, expected_at, self._looked or (), age)
        self._started = time.monotonic()
        self.polls = 0
        self.warnings: list[str] = []

    @property
    def elapsed(self) -> float:
        return round(time.monotonic() - self._started, 1)

    @property
    def skew(self) -> int | None:
        """Of OVHcloud's clock, as the last call has shown it; None where that was not asked."""
        return self._connected.known_skew if self._connected else None

    def client(self) -> Client:
        """The API, when it is needed: a mailbox of the user's own and a known login do without."""
        if self._connected is None:
            self._connected = self._connect(self._params)
            if self._params["timeout"]:
                self._connected.wait()
                self._connected.turn = Turn.LOOK
        return self._connected

    def search(self) -> Search:
        """Look until a mail of this access is there or the time is up.

        :raises Failure: ``mail_not_found`` at the end of a wait, or what kept the history from being read.
        """
        login = self._params["login"]
        line: reader.Line | None = None
        found = Search(None, None, [])
        deadline = self._started + self._params["timeout"]
        last_failure: Failure | None = None
        while True:
            try:
                self._hear(None)
                self._notice()
                if line is None:
                    if not login and not self._params["mail_file"]:
                        login = access.login_of_log(self.client(), self._params["service_name"])
                    line = reader.Line(
                        self._params["service_name"], login, self._patterns, self._params["proven_layout"]
                    )
                self.polls += 1
                found = newest(
                    self._mailbox,
                    line,
                    self._since,
                    # Older ones than a mail whose password is in hand are of no interest.
                    self._since is not None and not self._params.get("known_mail"),
                    bool(self._params["mail_file"]),
                    self._requests,
                    self._params.get("known_mail") or "",
                    self._looked.add if self._looked else _forget,
                )
                if self._looked:
                    self._looked.save()
                last_failure = None
                self._hear("")
            except Failure as failure:
                if failure.code == "too_many_mails" and self._since is None:
                    self.warnings.append(failure.message)
                    return Search(None, None, [])
                if self._params["timeout"] == 0 or failure.code not in PASSING:
                    raise
                last_failure = failure
                self._hear(failure.message)
            if 0 < len(found.dates) < self._requests:
                found = _of_an_earlier_request(found, self._requests)
            remaining = deadline - time.monotonic()
            if found.mail or self._params["timeout"] == 0:
                return self._proven(found, line) if line else found
            if remaining <= 0:
                raise last_failure or self._not_found(found)
            self._mailbox.wait(remaining)

    def _notice(self) -> None:
        """With another way out, a connection by the one before is dead."""
        routes = here.defaults()
        if self._connected is not None and routes != self._routes:
            self._connected.leave()
        self._routes = routes

    def _proven(self, found: Search, line: reader.Line) -> Search:
        """Read a mail that was refused for its password's shape again, if an earlier mail has proven its layout.

        That is the newest one before it, when OVHcloud accepted the line's login after that mail: with its password.
        """
        mail = found.mail
        if mail is None or found.reading is None or found.reading.why != reasons.ONE_KIND:
            return found
        with contextlib.suppress(Failure):
            for earlier in self._mailbox.recent(None):
                if earlier.refused:
                    continue
                known = reader.read(earlier.title, earlier.text, earlier.html, line)
                if earlier.date >= mail.date or known.verdict is reader.Verdict.NOT_THIS_MAIL:
                    continue
                events = access.session_log(self.client(), self._params["service_name"]) if known.layout else []
                if any(event.accepted and earlier.date < event.date < mail.date for event in events):
                    proven = dataclasses.replace(line, proven=known.layout)
                    again = reader.read(mail.title, mail.text, mail.html, proven)
                    return dataclasses.replace(found, reading=again)
                break
        return found

    def _set_back(self) -> str:
        """That OVHcloud's clock is behind the time that the mail has to be newer than, if it is; a sentence."""
        if self._since is None or self._connected is None:
            return ""
        try:
            now = self._connected.now_anew()
        except Failure:
            return ""
        if now >= self._since:
            return ""
        return (
            f" OVHcloud's clock says {iso(now)}, which is before that: it was set back, or newer_than is wrong, and a "
            "mail that it dates now is taken for an older one and left alone. Read it yourself."
        )

    def _not_found(self, found: Search) -> Failure:
        service_name = self._params["service_name"]
        since = f" newer than {self._params['newer_than']}" if self._params["newer_than"] else ""
        where = "the mailbox of the account's contact"
        if self._params["source"] == "imap":
            senders = self._params["imap_from"]
            more = f" and {len(senders) - NAMED} more (imap_from)" if len(senders) > NAMED else ""
            where = (
                f"another folder than {self._params['imap_folder'] or 'INBOX'}, or come from another sender than "
                f"{', '.join(senders[:NAMED])}{more}"
            )
        return Failure(
            "mail_not_found",
            f"No credentials mail of {service_name}{since} came within {self._params['timeout']} s.{self._set_back()}"
            f"{found.told()}{' ' + found.forwarded['what_to_do'] if found.forwarded else ''} If a "
            "renewal was requested, the previous password is no longer valid and the mail may still come: run the same "
            f"command again, it does not request a second time. It may also lie in {where}.",
            {"service_name": service_name, "passed_over": found.passed_over, "polls": self.polls},
        )


def _of_an_earlier_request(found: Search, requests: int) -> Search:
    """Too few mails have come: none of them is known to be the last request's."""
    mails = [*([found.mail.as_result()] if found.mail else []), *found.others]
    why = (
        f"it may answer an earlier request: {requests} were sent, only the mail of the last one has the password that "
        f"counts, and {len(found.dates)} came so far"
    )
    passed_over = [*found.passed_over, *({**mail, "why": why} for mail in mails)]
    return Search(None, None, passed_over, forwarded=found.forwarded)


def _several(service_name: str, mail: ServiceMail, others: list[dict[str, str]]) -> str:
    older = ", ".join(f"{one['title']!r} of {one['date']} (id {one['id']})" for one in others)
    return (
        f"More than one credentials mail of {service_name} came since newer_than. The newest counts: {mail.title!r} "
        f"of {iso(mail.date)} (id {mail.id}). Older, and most likely no longer valid: {older}. If one renewal was "
        "asked for here, somebody else asked for the other. A mail may overtake another: where the newest password is "
        "refused, give the older one by hand."
    )


def collect(
    params: t.Mapping[str, t.Any], check_mode: bool, hear: Hear = unheard, connected: Connect = connect
) -> dict[str, t.Any]:
    """Find the mail, wait for it, read it.

    :param params: the options of plugins/modules/xdsl_ppp_credentials_info.py
    :param check_mode: open no one-time link
    :param hear: is told while it waits
    :returns: what that module returns, with ``warnings``; the password when ``return_password`` is set
    :raises Failure: when there is no mail in time, or it cannot be read
    """
    check_range(params, timeout=0, expected_after=0, interval=1)
    if params.get("requests") is not None:
        check_range(params, requests=0)
    # Check mode looks once: there is nothing to wait for.
    wait = Wait({**params, "timeout": 0} if check_mode else params, hear, connected)
    found = wait.search()
    mail, reading = found.mail, found.reading
    if mail and found.others:
        wait.warnings.append(_several(params["service_name"], mail, found.others))
    if mail and mail.remark:
        wait.warnings.append(f"Of the mail {mail.title!r} (id {mail.id}): {mail.remark}.")
    wait.warnings += found.told_forwarded()
    result: dict[str, t.Any] = {
        "changed": False,
        "found": False,
        "login": None,
        "password_length": None,
        "known": False,
        "secret_link": False,
        "layout": reading.layout if reading else None,
        "mail": mail.as_result() if mail else None,
        "passed_over": found.passed_over,
        "doubtful": found.doubtful,
        "other_mails": found.others,
        "forwarded": found.forwarded,
        "elapsed": wait.elapsed,
        "polls": wait.polls,
        "clock_skew": wait.skew,
        "warnings": wait.warnings,
    }
    if mail is None or reading is None:
        return result
    if mail.id == params.get("known_mail"):
        result.update(found=True, known=True)
        return result
    password = reading.password
    if reading.secret is not None:
        result.update(found=True, login=reading.login, secret_link=True)
        expired = _secret_link.too_old(mail, datetime.datetime.now(datetime.timezone.utc))
        wait.warnings += [expired] if expired else []
        wanted = params["return_password"] and params["open_link"] and not params["mail_file"]
        if not wanted or check_mode:
            return result
        password = _secret_link.opened(wait.client(), mail, reading, params["service_name"])
    if password is None:
        raise Failure(
            "mail_unreadable",
            f"The newest credentials mail of {params['service_name']} (id {mail.id}, {result['mail']['date']}, "
            f"{mail.title!r}) cannot be read: {reading.why}. Nothing was guessed. Read it yourself in the OVHcloud "
            "control panel (service e-mails) and enter the credentials by hand, or mark the password in it with "
            "mail_password_pattern.",
            {"mail": mail.as_result(), "why": reading.why},
        )
    result.update(found=True, login=reading.login, password_length=len(password))
    if params["return_password"]:
        result["password"] = password
    return result
