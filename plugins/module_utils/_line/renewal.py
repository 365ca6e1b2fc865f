# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Renew or not: the decision, pure, and the forms of the options that it depends on."""

from __future__ import annotations

import dataclasses
import datetime
import re
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line.schedule import Hours, parse_hours, share
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._times import YEARS, iso

UTC = datetime.timezone.utc
#: The API's dates have whole seconds, and a mail may be dated by another machine than the request.
DATE_SLACK = datetime.timedelta(seconds=2)
#: OVHcloud says when it took a request, not when it cuts the session (the mail comes two to three minutes later). Only
#: a session that began later than this after a request has the new password, and only one that has lasted longer than
#: this proves that no request ended it.
CUT_WITHIN = datetime.timedelta(minutes=2)

# The numbers of digits keep within what a timedelta holds.
_DURATION_RE = re.compile(r"(?:(\d{1,5})w)?(?:(\d{1,5})d)?(?:(\d{1,6})h)?(?:(\d{1,7})m)?(?:(\d{1,9})s)?")
#: Beyond it, no date is left to look back from.
_LONGEST = datetime.timedelta(days=36525)
_DURATION_FORMS = "numbers with their units, from the largest to the smallest, such as 90d, 12h, 15m, 900s, 1d12h, 2w"
_DATE_FORMS = "ISO 8601 such as 2026-03-01, 2026-03-01T04:00:00Z or 2026-03-01T05:00:00+01:00 (without offset: UTC)"


@dataclasses.dataclass(frozen=True)
class RenewalPolicy:
    """What the user asks for.

    ``max_age``: with the line's own share of its jitter. ``between``: the hours of the day in which a request is sent.
    """

    renew: bool
    cooldown: datetime.timedelta
    renewed_since: datetime.datetime | None = None
    max_age: datetime.timedelta | None = None
    between: Hours | None = None


@dataclasses.dataclass(frozen=True)
class Evidence:
    """What is known of this line's past, all times UTC on OVH's clock.

    ``mail_at``: date of its newest credentials mail. ``request_at``: its newest request, from OVH's API log or the
    local journal; ``confirmed``: OVHcloud took it. ``requests``: so many requests, that one included, had no mail when
    the next was sent; ``mails``: so many credentials mails came since the first of them. ``session_ok_at``: newest
    accepted dial-in; ``session_known``: the RADIUS log was read; ``refused_since``: a later dial-in was refused.
    ``handed_at``: when the current password was given by hand, where no mail tells its age.
    """

    mail_at: datetime.datetime | None = None
    request_at: datetime.datetime | None = None
    session_ok_at: datetime.datetime | None = None
    session_known: bool = False
    confirmed: bool = False
    requests: int = 1
    mails: int = 0
    refused_since: bool = False
    handed_at: datetime.datetime | None = None

    @property
    def answered(self) -> bool:
        """Did the mail of the newest request come? A mail cannot be told from that of an earlier one, so all count."""
        if self.request_at is None or self.mail_at is None:
            return False
        if self.requests > 1:
            return self.mails >= self.requests
        return self.mail_at >= self.request_at - DATE_SLACK

    @property
    def proven(self) -> bool:
        """Does a session show that the line has the password of the newest request, mail or no mail?"""
        if self.request_at is None or self.session_ok_at is None or self.refused_since:
            return False
        return self.session_ok_at >= self.request_at + CUT_WITHIN


@dataclasses.dataclass(frozen=True)
class Decision:
    """``reason`` is the module's return value; ``requested`` means: send the request.

    ``offer``: how to request a new password all the same.
    """

    reason: str
    why: str
    since: datetime.datetime | None = None
    offer: str = ""

    @property
    def request(self) -> bool:
        return self.reason == "requested"


def decide(policy: RenewalPolicy, evidence: Evidence, now: datetime.datetime) -> Decision:
    """Decide whether to request a new password.

    :returns: reason ``flag_unset``, ``already_renewed``, ``pending``, ``age_unknown``, ``not_now`` or ``requested``;
        ``since`` is the time of the request, or mail, that counts.
    """
    if not policy.renew:
        return Decision("flag_unset", "renew is false, so nothing is requested.")
    mail, request = evidence.mail_at, evidence.request_at
    if request is not None and now - request < policy.cooldown:
        ago = f"{_seconds(now - request)} s ago, within cooldown ({_seconds(policy.cooldown)} s)"
        if evidence.answered:
            return Decision("already_renewed", f"A request was sent {ago}, and its mail has arrived.", request)
        return Decision("pending", f"A request was sent {ago}; its mail is not there yet.", request)
    if request is not None and _is_open(policy, evidence, request):
        return Decision(
            "pending",
            f"OVHcloud took a request at {iso(request)}, and its mail is not there yet. Until it is, no other one is "
            "sent by the same command.",
            request,
            _again(now),
        )
    made = _made_at(evidence)
    if made is not None:
        what = (
            "The latest credentials mail" if made == mail else "The password that the current session shows to be set"
        )
        if policy.renewed_since is not None and made >= policy.renewed_since:
            return Decision("already_renewed", f"{what} is not older than renewed_since.", made)
        if policy.max_age is not None and now - made < policy.max_age:
            return Decision("already_renewed", f"{what} is younger than max_age.", made)
    elif evidence.handed_at is not None and policy.max_age is not None and now - evidence.handed_at < policy.max_age:
        why = "The current password was given by hand less than max_age ago, and no other record tells its age."
        return Decision("already_renewed", why, evidence.handed_at)
    if mail is not None and now - mail < policy.cooldown:
        return Decision(
            "already_renewed", "A credentials mail younger than cooldown exists: somebody just renewed.", mail
        )
    if evidence.answered and request is not None and policy.renewed_since is None and policy.max_age is None:
        used = evidence.session_ok_at is not None and mail is not None and evidence.session_ok_at >= mail - DATE_SLACK
        if evidence.session_known and not used:
            return Decision(
                "already_renewed",
                "The password of the last request has not been used yet: that renewal is not finished. "
                "To ask for another one all the same, set renewed_since to the current time.",
                request,
            )
    # An old renewed_since beside max_age asks for nothing now.
    explicit = policy.renewed_since is not None and (
        policy.max_age is None or now - policy.renewed_since < policy.max_age
    )
    if (made or evidence.handed_at) is None and policy.max_age is not None and not explicit:
        return Decision(
            "age_unknown",
            "Neither a credentials mail nor the journal nor OVHcloud's call log tells how old the current password is, "
            "so whether a new one is due is not known. Nothing was requested.",
            offer=_again(now),
        )
    if policy.between is not None and not policy.between.hold(now):
        why = f"A new password is due, and is requested from {policy.between.told(now)} on (renew_between), not now."
        return Decision("not_now", why)
    return Decision("requested", "Nothing shows that this renewal was made already.", now)


def _is_open(policy: RenewalPolicy, evidence: Evidence, request: datetime.datetime) -> bool:
    """Does a request that OVHcloud took, however long ago, still answer this policy?"""
    if not evidence.confirmed or evidence.answered or evidence.proven:
        return False
    return policy.renewed_since is None or policy.renewed_since <= request


def _made_at(evidence: Evidence) -> datetime.datetime | None:
    """When the current password was made, as far as is known."""
    set_by_hand = evidence.request_at if evidence.confirmed and evidence.proven else None
    return max((at for at in (evidence.mail_at, set_by_hand) if at is not None), default=None)


def _again(now: datetime.datetime) -> str:
    """How to ask for one renewal explicitly."""
    return f"To request a new password all the same, set renewed_since to {iso(now)} (the current time)."


def not_known(policy: RenewalPolicy, now: datetime.datetime, why: str) -> Decision:
    """The decision where OVHcloud's call log could not be read back far enough."""
    return Decision(
        "pending",
        f"OVHcloud's call log could not be read back {_seconds(policy.cooldown)} s (cooldown): {why}. A request that "
        "another host sent in that time cannot be ruled out, so nothing was requested. If there was one, its mail "
        "comes within minutes.",
        offer=f"{_again(now)} Then the log counts from that time on.",
    )


def parse_duration(name: str, value: str) -> datetime.timedelta:
    """Read an option such as ``90d``, ``1d12h``, ``15m`` or ``900s``. A bare number is refused: it may mean days.

    :raises Failure: ``invalid_option`` with the value and the accepted forms.
    """
    text = value.strip().lower()
    match = _DURATION_RE.fullmatch(text)
    if not match or not any(match.groups()):
        raise _invalid(name, value, _DURATION_FORMS)
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    found = datetime.timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    if found > _LONGEST:
        raise _invalid(name, value, "a hundred years at most")
    return found


def parse_date(name: str, value: str) -> datetime.datetime:
    """Read an ISO 8601 option as UTC.

    :raises Failure: ``invalid_option`` with the value and the accepted forms.
    """
    text = value.strip()
    if text.endswith(("Z", "z")):  # which Python reads from 3.11 on
        text = f"{text[:-1]}+00:00"
    try:
        when = datetime.datetime.fromisoformat(text)
    except ValueError:
        raise _invalid(name, value, _DATE_FORMS) from None
    if when.year not in YEARS:
        raise _invalid(name, value, f"a date from {YEARS[0]} on")
    return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)


def policy_of(params: t.Mapping[str, t.Any]) -> RenewalPolicy:
    """The policy in a module's parameters.

    :raises Failure: ``invalid_option``.
    """
    since, age, between = params["renewed_since"], params["max_age"], params.get("renew_between")
    spread = parse_duration("max_age_jitter", params["max_age_jitter"]) if params.get("max_age_jitter") else None
    whole = parse_duration("max_age", age) if age is not None else None
    if whole is not None and spread is not None:
        whole += share(str(params["service_name"]), spread)
    return RenewalPolicy(
        renew=params["renew"],
        cooldown=parse_duration("cooldown", params["cooldown"]),
        renewed_since=parse_date("renewed_since", since) if since is not None else None,
        max_age=whole,
        between=parse_hours("renew_between", between) if between else None,
    )


def check_range(params: t.Mapping[str, t.Any], **least: int) -> None:
    """Refuse a number that is too small, naming the option.

    :raises Failure: ``invalid_option``.
    """
    for name, minimum in least.items():
        if params[name] < minimum:
            raise _invalid(name, str(params[name]), f"a whole number of seconds from {minimum} up")


def check_policy(policy: RenewalPolicy, now: datetime.datetime) -> None:
    """Refuse a ``renewed_since`` in the future: no mail would ever do for it, and each run would ask again."""
    if policy.renewed_since is not None and policy.renewed_since > now + datetime.timedelta(minutes=1):
        raise Failure(
            "invalid_option",
            f"renewed_since is {policy.renewed_since:%Y-%m-%dT%H:%M:%SZ}, in the future (OVHcloud's clock says "
            f"{now:%Y-%m-%dT%H:%M:%SZ}): no mail could ever satisfy it. Nothing was requested.",
            {"option": "renewed_since"},
        )


def _invalid(name: str, value: str, forms: str) -> Failure:
    return Failure(
        "invalid_option",
        f"{name} is {value!r}; it takes {forms}. Nothing was requested.",
        {"option": name, "value": value},
    )


def _seconds(delta: datetime.timedelta) -> int:
    return int(delta.total_seconds())
