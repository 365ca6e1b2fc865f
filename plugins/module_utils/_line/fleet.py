# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All lines of an account at once, with as few requests as OVHcloud's API allows."""

from __future__ import annotations

import dataclasses
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line import access
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api.client import NOT_READABLE, Client


@dataclasses.dataclass(frozen=True)
class Line:
    """What an inventory tells of a line: no postal address, no IP address, no secret.

    :param login: PPPoE login of the newest dial-in; None where it was not asked for, or is not told
    """

    service_name: str
    access_type: str | None
    status: str
    description: str | None
    role: str | None
    provider: str | None
    profile: str | None
    vlan: int | None
    mtu: int = access.MTU
    login: str | None = None

    def as_kept(self) -> dict[str, t.Any]:
        """For a cache."""
        return dataclasses.asdict(self)


def kept(found: t.Any) -> list[Line] | None:
    """The lines that a cache has; None for anything else that stands there."""
    if not isinstance(found, list):
        return None
    try:
        return [Line(**one) for one in found]
    except TypeError:
        return None


def of_access(service_name: str, answer: t.Mapping[str, t.Any]) -> Line:
    """What is told of ``GET /xdsl/{serviceName}`` (pure). Each value is a text of OVHcloud's, or none."""

    def text(name: str) -> str | None:
        value = answer.get(name)
        return None if value is None else str(value)

    profile = access.modem_profile(answer)
    return Line(
        service_name=service_name,
        access_type=text("accessType"),
        status=text("status") or "unknown",
        description=text("description"),
        role=text("role"),
        provider=text("provider"),
        profile=profile,
        vlan=access.VLANS[profile] if profile else None,
    )


def read(client: Client, names: t.Sequence[str]) -> tuple[list[Line], dict[str, Failure]]:
    """These lines, and why others of them cannot be read with these credentials.

    One request for :data:`access.BATCH` of them where the API takes that form, else one for each.

    :raises Failure: where it is no matter of one line
    """
    lines: list[Line] = []
    unreadable: dict[str, Failure] = {}
    together = True
    for start in range(0, len(names), access.BATCH):
        part = names[start : start + access.BATCH]
        answers = access.together(client, part) if together and len(part) > 1 else None
        together = answers is not None
        for name in part:
            answer = (answers or {}).get(name)
            try:
                lines.append(of_access(name, answer if answer is not None else access.read(client, name)))
            except Failure as failure:
                if failure.code not in (*NOT_READABLE, "unknown_service"):
                    raise
                unreadable[name] = failure
    return lines, unreadable


def with_login(client: Client, line: Line) -> Line:
    """The same with the login that last dialled in, where the RADIUS log tells it: one request."""
    events = access.session_log_if_allowed(client, line.service_name)
    return dataclasses.replace(line, login=events[0].login) if events else line
