# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a store holds of a line, and what it answers (pure).

A mail's life ends, and a router's does not: with the password, a store keeps the mail that gave it and the request that
this mail answers. Times are UTC on OVHcloud's clock, in whole seconds.
"""

from __future__ import annotations

import dataclasses
import datetime
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line.asked import asked
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line.journal import Entry
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line.renewal import (
    DATE_SLACK,
    Evidence,
    RenewalPolicy,
    decide,
)
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._times import iso, parse_time
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.facts import Mail, Renewal

TEXTS = ("login", "password", "mail_id")
TIMES = ("mail_date", "requested_at", "kept_at")
FIELDS = (*TEXTS, *TIMES)
NEEDED = ("login", "password")


@dataclasses.dataclass(frozen=True)
class Kept:
    """Login and password of one line.

    :param mail_id: of the mail that gave them; "" for none that is known
    :param requested_at: the request that this mail answers, where it was asked for here
    :param kept_at: when they were put there, where no mail gave them
    """

    login: str
    password: str = dataclasses.field(repr=False)
    mail_id: str = ""
    mail_date: datetime.datetime | None = None
    requested_at: datetime.datetime | None = None
    kept_at: datetime.datetime | None = None

    @property
    def dated(self) -> datetime.datetime | None:
        """From when they are, at the latest: an older mail is not newer than they are."""
        return self.mail_date or self.kept_at

    @property
    def mail(self) -> Mail | None:
        """The mail that gave them, without its title."""
        return Mail(self.mail_id, self.mail_date, "") if self.mail_id and self.mail_date else None


class Misread(Exception):
    """These fields are none of a store's; the text says why, to follow "it"."""


def as_fields(kept: Kept) -> dict[str, str]:
    """What is written: texts, and only what is known."""
    found = {name: getattr(kept, name) for name in FIELDS}
    return {
        name: value if isinstance(value, str) else iso(value)
        for name, value in found.items()
        if value or name in NEEDED
    }


def from_fields(fields: t.Any) -> Kept | None:
    """What :func:`as_fields` wrote, or a person; None for nothing.

    :raises Misread: for anything else. No value is quoted.
    """
    if fields is None or (isinstance(fields, (t.Mapping, str)) and not fields):
        return None
    if not isinstance(fields, t.Mapping):
        raise Misread("is no mapping")
    if missing := [name for name in NEEDED if not fields.get(name)]:
        raise Misread(f"has no {' and no '.join(missing)}")
    if set(map(str, fields)) - set(FIELDS):
        raise Misread(f"holds something else than {', '.join(FIELDS)}")
    if numbers := [name for name in NEEDED if not isinstance(fields[name], str)]:
        raise Misread(f"has a {' and a '.join(numbers)} that is no text: YAML takes 0123 for 83; put it in quotes")
    login, password, mail_id = ("" if fields.get(name) is None else str(fields[name]) for name in TEXTS)
    return Kept(login, password, mail_id, *(_time(name, fields.get(name)) for name in TIMES))


def _time(name: str, value: t.Any) -> datetime.datetime | None:
    if not value:
        return None
    # YAML reads a date as one.
    found = parse_time(value.isoformat() if isinstance(value, datetime.datetime) else str(value))
    if found is None:
        raise Misread(f"has a {name} that is no time (ISO 8601)")
    return found


def newest(stores: t.Iterable[Kept | None]) -> Kept | None:
    """The one that counts, of several stores; the first of those of one age."""
    found = [one for one in stores if one is not None]
    dated = [one for one in found if one.dated is not None]
    return max(dated, key=lambda one: one.dated or datetime.datetime.min, default=found[0] if found else None)


def updated(old: Kept | None, new: Kept) -> Kept | None:
    """What to write into a store; None where it says all of it already.

    What is known of the same password is kept.
    """
    if old is None or (old.login, old.password) != (new.login, new.password):
        return new
    merged = dataclasses.replace(
        old,
        mail_id=new.mail_id or old.mail_id,
        mail_date=new.mail_date or old.mail_date,
        requested_at=new.requested_at or old.requested_at,
        kept_at=old.kept_at or (None if new.mail_date or old.mail_date else new.kept_at),
    )
    return None if merged == old else merged


def answers(kept: Kept, renewal: Renewal) -> bool:
    """Is that the password of the request under way?"""
    if kept.requested_at is not None and kept.requested_at == renewal.requested_at:
        return True
    since = renewal.requests_since or renewal.requested_at
    return since is not None and renewal.requests <= 1 and kept.dated is not None and kept.dated >= since - DATE_SLACK


def follows(kept: Kept, noted: Entry | None) -> bool:
    """Is that of the last request of the journal, or put there by hand after it? What was before it is dead."""
    if noted is None or not noted.counts:
        return True
    renewal = Renewal("pending", noted.outcome, noted.requested_at, noted.requests, noted.since)
    by_hand = kept.mail_date is None and kept.kept_at is not None and kept.kept_at > noted.requested_at
    return answers(kept, renewal) or by_hand


def evidence_of(kept: Kept) -> dict[str, str]:
    """What a store knows of the password's age, as options of the module that asks for a new one."""
    known = {
        "known_mail_date": kept.mail_date,
        "known_request": kept.requested_at,
        "known_by_hand": None if kept.mail_date else kept.kept_at,
    }
    return {name: iso(at) for name, at in known.items() if at is not None}


def fulfils(kept: Kept, policy: RenewalPolicy, noted: Entry | None, now: datetime.datetime) -> bool:
    """Does the store alone show that no renewal is due, so that OVHcloud need not be asked for its age?

    :param noted: the last request in the journal
    """
    known = asked(noted, (), None)
    evidence = Evidence(mail_at=kept.mail_date, handed_at=None if kept.mail_date else kept.kept_at)
    if known:
        mine = kept.requested_at is not None and kept.requested_at == known.newest
        later = kept.mail_date is not None and kept.mail_date >= known.first - DATE_SLACK
        evidence = dataclasses.replace(
            evidence,
            request_at=known.newest,
            confirmed=known.confirmed,
            requests=known.count,
            mails=known.count if mine else int(later),
        )
    try:
        return decide(policy, evidence, now).reason == "already_renewed"
    except Failure:
        return False
