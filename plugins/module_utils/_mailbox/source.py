# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From a module's options to the mailbox that they describe."""

from __future__ import annotations

import datetime
import re
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mailbox import imap_client
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mailbox.api import ApiMailbox
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mailbox.file import FileMailbox
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mailbox.imap import ImapMailbox
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mailbox.search import Mailbox
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api.client import Client

#: Seconds between two looks, at least, where a mail server does not tell of new mails by itself.
IMAP_PAUSE = 2.0
_DOMAIN_RE = re.compile(r"@?(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}")


def open_mailbox(
    params: t.Mapping[str, t.Any],
    connect: t.Callable[[], Client],
    interval: float = 2.0,
    expected_at: datetime.datetime | None = None,
    skipped: t.Container[str] = (),
    age: float | None = None,
) -> Mailbox:
    """The mailbox of ``source``, or the saved mail of ``mail_file``. Nothing is sent yet.

    :param params: module parameters; see :func:`_argspec.mail_source_spec`.
    :param connect: makes the API client; called for ``source=api`` only.
    :param interval: seconds between two looks of a wait.
    :param expected_at: when the API source begins to look every ``interval`` seconds.
    :param skipped: ids of mails that the API source does not open.
    :param age: seconds that its list of mails may be old, where another line has made it; None for ``list_age``.
    :raises Failure: ``configuration`` when an option is missing or malformed.
    """
    if params.get("mail_file"):
        return FileMailbox(params["mail_file"])
    if params["source"] == "api":
        age = float(params.get("list_age") or 0) if age is None else age
        return ApiMailbox(
            connect(), interval, expected_at, params["service_name"], params.get("known_mail") or "", skipped, age
        )
    pause = max(interval, IMAP_PAUSE)
    return ImapMailbox(_account(params), _senders(params["imap_from"]), pause, params["service_name"])


def _account(params: t.Mapping[str, t.Any]) -> imap_client.Account:
    for name in ("imap_host", "imap_user"):
        if not params[name]:
            raise _configuration(name, f"source is imap, but {name} is not set. Set it, or OVH_{name.upper()}.")
    if bool(params["imap_password"]) == bool(params["imap_access_token"]):
        both = "both of them are" if params["imap_password"] else "neither of them is"
        raise _configuration(
            "imap_password",
            f"source is imap and takes one of imap_password and imap_access_token (or OVH_IMAP_PASSWORD, "
            f"OVH_IMAP_ACCESS_TOKEN), but {both} set.",
        )
    security = params["imap_security"] or "tls"
    port = params["imap_port"] or imap_client.PORTS[security]
    if not 0 < port < 65536:
        raise _configuration("imap_port", f"imap_port is {port}; it takes a number from 1 to 65535.")
    for name in ("imap_user", "imap_password", "imap_access_token", "imap_folder"):
        if re.search(r"[\x00-\x1f\x7f]", params[name] or ""):
            raise _configuration(name, f"{name} holds a control character, such as the end of a line. Remove it.")
    return imap_client.Account(
        host=params["imap_host"],
        port=port,
        security=security,
        ca_file=params["imap_ca_file"],
        user=params["imap_user"],
        password=params["imap_password"],
        access_token=params["imap_access_token"],
        folder=params["imap_folder"] or "INBOX",
    )


def _senders(domains: t.Sequence[str]) -> list[str]:
    for domain in domains:
        if not _DOMAIN_RE.fullmatch(domain):
            raise _configuration("imap_from", f"imap_from has {domain!r}; it takes domains, such as ovhcloud.com.")
    if not domains:
        raise _configuration("imap_from", "imap_from is empty; it takes the domains of OVHcloud's senders.")
    return list(domains)


def _configuration(option: str, text: str) -> Failure:
    return Failure("configuration", f"{text} The mail server was not called.", {"option": option})
