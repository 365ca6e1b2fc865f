# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Opens the one-time link that a mail gives in place of the password: once, for the newest mail of the right line.

``POST /secret/retrieve {"id": uuid}`` -> ``{"secret", "expiration"}``, without authentication (OVHcloud's API
description). OVHcloud's mails about servers say that such a link is valid for 30 days, and for 7 once it was opened.
Whether that holds for every link is not published, so one is taken to be used up by reading it: one request, no second
try, and an unknown outcome is said to be so.
"""

from __future__ import annotations

import datetime
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure, Outcome
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail import reader
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail.value import why_no_secret
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mailbox.search import ServiceMail
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api.client import Client

PATH = "/secret/retrieve"
#: How long a link opens, by OVHcloud's mails: in all, and once it was opened.
LIFETIME = datetime.timedelta(days=30)
OPENED_LIFETIME = datetime.timedelta(days=7)
WAYS_OUT = (
    "If the password was kept when the link was opened (by a browser, by a store of yours), enter it by hand. "
    "Otherwise it is lost, and only another renewal, which cuts the line again, gives a new one: xdsl_ppp_login_mail "
    "with renew, and with renewed_since set to the current time, once cooldown has passed."
)


def opened(client: Client, mail: ServiceMail, reading: reader.Reading, service_name: str) -> str:
    """Open the link of a mail and return the password behind it.

    :param reading: what the reader said of the mail; it has ``secret`` and ``login``.
    :raises Failure: ``secret_link_gone``, ``secret_link_unknown``, ``secret_link_not_opened`` or ``secret_unusable``;
        neither the link's id nor what stands behind it is in it.
    """
    shown = mail.as_result()
    named = (
        f"The credentials mail of {service_name} (id {mail.id}, {shown['date']}, {mail.title!r}) gives a one-time link"
    )
    try:
        answer = client.post(PATH, {"id": reading.secret or ""}, need_auth=False)
    except Failure as failure:
        raise _not_opened(failure, named, shown, _lifetime(mail)) from None
    secret = answer.get("secret") if isinstance(answer, dict) else None
    if not isinstance(secret, str):
        why = "OVHcloud's answer holds no secret"
    else:
        password, why = _password(secret, reading.login or "", service_name)
        if password is not None:
            return password
    raise Failure(
        "secret_unusable",
        f"{named}. It was opened, but what stands behind it cannot be taken for the password: {why}. Nothing was "
        f"guessed, and the link may be used up by now. Try to open it in a browser. {WAYS_OUT}",
        {"mail": shown, "why": why},
    )


def too_old(mail: ServiceMail, now: datetime.datetime) -> str:
    """Words for a link that is older than links open; empty for a younger one."""
    if now - mail.date <= LIFETIME:
        return ""
    return (
        f"The mail {mail.title!r} (id {mail.id}) gives a one-time link and is {(now - mail.date).days} days old. "
        f"According to OVHcloud's mails such a link opens for {LIFETIME.days} days, and for {OPENED_LIFETIME.days} "
        "once it was opened, so it has most likely expired."
    )


def _lifetime(mail: ServiceMail) -> str:
    days = (datetime.datetime.now(datetime.timezone.utc) - mail.date).days
    return (
        f"Such a link opens for {LIFETIME.days} days, and for {OPENED_LIFETIME.days} once it was opened; this mail is "
        f"{days} {'day' if days == 1 else 'days'} old."
    )


def _not_opened(failure: Failure, named: str, shown: dict[str, str], lifetime: str) -> Failure:
    # OVHcloud's own words are left out: they may quote the id, which opens the link.
    status, query_id = failure.details.get("status"), failure.details.get("query_id")
    details: dict[str, t.Any] = {"mail": shown, "status": status, "query_id": query_id, "cause": failure.code}
    seen = f"{failure.code}, status {status or 'none'}, OVH query id {query_id or 'none'}"
    if failure.outcome is Outcome.UNKNOWN:
        return Failure(
            "secret_link_unknown",
            f"{named}. The link was requested, but no readable answer came ({seen}): whether the link is used up now "
            f"is not known, so it was not tried again. Run the same command again to try it once more. "
            f"{lifetime} {WAYS_OUT}",
            details,
            failure.outcome,
        )
    if failure.outcome is Outcome.REFUSED and status in (400, 403, 404, 409, 410):
        return Failure(
            "secret_link_gone",
            f"{named} in place of the password, and OVHcloud does not open it ({seen}): it has expired, or it was "
            "opened before, by an earlier run that was stopped before the router had the password, or by somebody "
            f"else. {lifetime} {WAYS_OUT}",
            details,
            failure.outcome,
        )
    return Failure(
        "secret_link_not_opened",
        f"{named}. It was not opened ({seen}), so it can still be: run the same command again.",
        details,
        failure.outcome,
    )


def _password(secret: str, login: str, service_name: str) -> tuple[str | None, str]:
    """The password that a secret is, or that its lines give; else why there is none."""
    text = secret.removesuffix("\n").removesuffix("\r")
    lines = reader.Line(service_name, login)
    with_login = text if login.lower() in text.lower() else f"Login: {login}\n{text}"
    reading = reader.read("", with_login, None, lines)
    if reading.verdict is reader.Verdict.CREDENTIALS:
        return reading.password, ""
    if "\n" in text or "\r" in text:
        return None, f"it has several lines, and as a mail {reading.why}"
    why = why_no_secret(text, login)
    return (None, why) if why else (text, "")
