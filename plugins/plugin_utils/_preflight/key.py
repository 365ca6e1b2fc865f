# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Does the consumer key last for the whole run, wherever this machine's calls come from then? (pure)"""

from __future__ import annotations

import dataclasses
import datetime
import ipaddress
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._times import iso, parse_time
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ways.facts import Network, network
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._given.options import Options
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._preflight.preflight import DOCS

#: Seconds beside the two waits: looks before the request, the write, and the RADIUS log.
BESIDE = 600
#: OVHcloud's word for a key that may be used (its API, GET /auth/currentCredential).
VALID = "validated"


@dataclasses.dataclass(frozen=True)
class Key:
    """A consumer key, as OVHcloud describes it. OAuth2 has none.

    :param expires: None for never
    :param networks: addresses and blocks that it may be used from; () for any
    """

    status: str
    expires: datetime.datetime | None = None
    networks: tuple[str, ...] = ()


def key_of(told: t.Mapping[str, t.Any]) -> Key | None:
    """The key in what :mod:`xdsl_info` returned."""
    found = told.get("consumer_key")
    if not found:
        return None
    return Key(
        str(found.get("status") or ""),
        parse_time(found.get("expiration")),
        tuple(str(one) for one in found.get("allowed_ips") or []),
    )


def lasts(options: Options) -> datetime.timedelta:
    """How long a run may take at most."""
    return datetime.timedelta(seconds=options.number("mail_timeout") + options.number("session_timeout") + BESIDE)


def moves(options: Options, behind: bool | None) -> bool:
    """Will this machine's calls come from another address once the line is cut, as far as that is known?

    :param behind: does it reach the API through the line? None when that is not known
    """
    return options.flag("accept_offline") and behind is not False


def of_key(key: Key | None, now: datetime.datetime, span: datetime.timedelta) -> t.Iterator[str]:
    """Why the key does not last for the run.

    :param span: the time that it may take
    """
    if key is None:
        return
    if key.status == "pendingValidation":
        yield (
            "the consumer key is not validated yet: nobody has logged in on its validation page. Log in there, or "
            f"create another key ({DOCS})."
        )
    elif key.status not in ("", VALID):
        yield f"the status of the consumer key is {key.status}, not validated. Create another key ({DOCS})."
    if key.expires and key.expires <= now:
        yield f"the consumer key expired at {iso(key.expires)}. Create another key ({DOCS})."
    elif key.expires and key.expires <= now + span:
        minutes = int(span.total_seconds() // 60)
        yield (
            f"the consumer key expires at {iso(key.expires)}, and a run may take {minutes} minutes: it could end "
            f"between the request and the mail. Create another key ({DOCS})."
        )


def of_line(key: Key | None, addresses: t.Iterable[str]) -> t.Iterator[str]:
    """Why a key that OVHcloud has just taken shows that this machine's calls go through the line.

    :param addresses: the line's
    """
    line = [one for one in map(network, addresses) if one]
    known = [network(one) for one in key.networks] if key else []
    if known and all(one is not None and any(_within(one, block) for block in line) for one in known):
        yield (
            f"the consumer key may be used from {', '.join(key.networks if key else ())} only, which is the line that "
            "would be cut, and OVHcloud takes it here: this machine's calls go through the line, and none would be "
            "taken from anywhere else. Run this from another Internet access, with a key that may be used there."
        )


def of_networks(key: Key | None, address: str, addresses: t.Iterable[str]) -> t.Iterator[str]:
    """Why a key that is bound to addresses is lost once this machine's calls come from another one.

    :param address: where they come from now, as OVHcloud sees it; "" when nothing tells
    :param addresses: the line's
    """
    if key is None or not key.networks:
        return
    known = [network(one) for one in key.networks]
    lost = [one for one in map(network, [address, *addresses]) if one]
    if any(one is not None and not any(_within(one, gone) for gone in lost) for one in known):
        # One of them may be the second access's.
        return
    yield (
        f"the consumer key may be used from {', '.join(key.networks)} only, and router_pppoe_accept_offline says that "
        "this machine goes on by another Internet access, from another address. Create a key without addresses, or "
        "one that names that access's address, too."
    )


def _within(inner: Network, outer: Network) -> bool:
    if isinstance(inner, ipaddress.IPv4Network) and isinstance(outer, ipaddress.IPv4Network):
        return inner.subnet_of(outer)
    if isinstance(inner, ipaddress.IPv6Network) and isinstance(outer, ipaddress.IPv6Network):
        return inner.subnet_of(outer)
    return False
