# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How the evidence is gathered, step by step, without a server: what is looked for, how far back, in which order."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from types import SimpleNamespace

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line import evidence
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line.access import SessionEvent
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line.evidence import Session
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line.journal import Entry
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line.renewal import RenewalPolicy
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mailbox.search import Search, ServiceMail
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api.call_log import Posts

NOW = datetime(2026, 11, 24, 12, 0, 0, tzinfo=timezone.utc)
LINE = "xdsl-ab12345-1"
LOGIN = "0320123456_1@adsl.ovh"
DAY = 86400
NO_POSTS = Posts(())
MAX_AGE = timedelta(days=10)


def ago(seconds):
    return NOW - timedelta(seconds=seconds)


def event(seconds, state="OK", login=LOGIN):
    return SessionEvent(ago(seconds), login, state, "")


class Gathered:
    """A record whose sources are played; ``steps`` holds what was looked for, in seconds ago.

    ``mails``: the line's credentials mails, in seconds ago. ``fails``: what a search from so many seconds ago raises.
    """

    def __init__(self, monkeypatch, noted=None, posts=NO_POSTS, mails=(), events=None, uptime=None, **more):
        self.steps, self.mails, self.posts = [], sorted(mails), posts
        self.fails, self.passed_over = more.pop("fails", {}), more.pop("passed_over", [])
        self.ours = more.pop("ours", False)
        status, seen_ago = more.pop("status", "active"), timedelta(seconds=more.pop("seen_ago", 0))
        policy = RenewalPolicy(True, timedelta(seconds=900), **more)
        monkeypatch.setattr(evidence.access, "read_in_run", lambda _client, _name: {"status": status})
        monkeypatch.setattr(evidence.access, "session_log_in_run", lambda _client, _name: events)
        monkeypatch.setattr(evidence, "newest", self.newest)
        self.log = SimpleNamespace(back_to=self.back_to, times=list(posts.times if posts else ()))
        monkeypatch.setattr(evidence.call_log, "RequestLog", lambda *_: self.log)
        client = SimpleNamespace(now=lambda: NOW)
        kept = SimpleNamespace(last=lambda now: noted)
        up_for = None if uptime is None else timedelta(seconds=uptime)
        more_known = (evidence.Known(), seen_ago)
        self.record = evidence.Record(client, None, LINE, policy, kept, None, up_for, *more_known)

    def newest(self, _mailbox, line, since, at_least):
        self.line = line
        back = None if since is None else int((NOW - since).total_seconds())
        self.steps.append(("mails", back, at_least))
        if back in self.fails:
            raise self.fails[back]
        dates = [ago(one) for one in self.mails if back is None or one <= back]
        mail = ServiceMail("1", dates[0], "", None, None) if dates else None
        return Search(mail, None, self.passed_over, dates=dates, ours_passed_over=self.ours)

    def back_to(self, since, far, just_listed=False):
        self.steps.append(("log", *(int((NOW - at).total_seconds()) for at in (since, far))))
        return self.posts

    def decide(self):
        return self.record.decide()


@pytest.fixture
def gathered(monkeypatch):
    return lambda **known: Gathered(monkeypatch, **known)


# --- sessions


def test_a_session_that_was_seen_some_time_ago_began_before_that(gathered):
    """Else a request that another host sent meanwhile would be taken for one from before it."""
    run = gathered(uptime=10, seen_ago=200, posts=Posts((ago(150),)))
    decision = run.decide()
    assert run.record.session.ok_at == ago(210)
    assert (decision.reason, decision.since) == ("pending", ago(150))


@pytest.mark.parametrize(
    ("events", "uptime", "session"),
    [
        (None, None, Session()),
        (None, 3600, Session(ok_at=ago(3600))),
        ([], None, Session(known=True)),
        ([], 3600, Session(ok_at=ago(3600), known=True)),
        ([event(100), event(200)], None, Session(LOGIN, ago(100), True)),
        ([event(100, login="")], None, Session(None, ago(100), True)),
        ([event(100)], 50, Session(LOGIN, ago(50), True)),
        ([event(100)], 150, Session(LOGIN, ago(100), True)),
        ([event(50, "KO")], None, Session(LOGIN, None, True, refused_since=True)),
        ([event(50, "KO"), event(100)], None, Session(LOGIN, ago(100), True, refused_since=True)),
        ([event(100), event(100, "KO"), event(300, "KO")], None, Session(LOGIN, ago(100), True)),
        ([event(50, "KO"), event(100)], 40, Session(LOGIN, ago(40), True)),
    ],
)
def test_sessions(gathered, events, uptime, session):
    run = gathered(events=events, uptime=uptime)
    run.decide()
    assert run.record.session == session and run.line.login == session.login
    known = run.record.evidence
    assert (known.session_ok_at, known.session_known) == (session.ok_at, session.known)
    assert known.refused_since == session.refused_since


def test_a_session_stands_until_one_is_refused():
    assert Session(ok_at=NOW).stands == NOW and Session().stands is None
    assert Session(ok_at=NOW, refused_since=True).stands is None
    assert Session().known is False


# --- how far back the call log is read: what must be known, and what is worth it


@pytest.mark.parametrize(
    ("known", "must", "far"),
    [
        ({}, 900, 21600),
        ({"uptime": 1020}, 120, 120),
        ({"uptime": 1020, "seen_ago": 170}, 290, 290),
        ({"uptime": 1019}, 900, 1139),
        ({"uptime": 1019, "seen_ago": 10}, 900, 1149),
        ({"uptime": 100}, 900, 900),
        ({"renewed_since": ago(300)}, 300, 21600),
        ({"renewed_since": ago(3000)}, 900, 21600),
        ({"renewed_since": ago(100), "uptime": 5000}, 100, 120),
        ({"events": [event(3000)]}, 900, 3120),
        ({"events": [event(100)]}, 900, 900),
        ({"events": [event(50, "KO"), event(3000)]}, 900, 21600),
    ],
)
def test_the_window_of_the_log(gathered, known, must, far):
    run = gathered(**known)
    assert run.decide().reason == "requested"
    assert run.steps[-1] == ("log", must, far)


# --- how far back mails are searched


@pytest.mark.parametrize(
    ("known", "steps"),
    [
        ({}, [("mails", 902, 1)]),
        ({"renewed_since": ago(3000)}, [("mails", 3002, 1)]),
        ({"renewed_since": ago(300)}, [("mails", 902, 1)]),
        ({"max_age": MAX_AGE, "mails": [DAY]}, [("mails", 10 * DAY + 2, 1)]),
        ({"noted": Entry(ago(5000), "unknown")}, [("mails", 5002, 1)]),
        ({"noted": Entry(ago(60), "confirmed", None, 3, ago(7000))}, [("mails", 7002, 3)]),
        # a younger mail than max_age is not there: an older one, and all of them
        ({"max_age": MAX_AGE, "mails": [40 * DAY]}, [("mails", 10 * DAY + 2, 1), ("mails", 50 * DAY, 1)]),
        (
            {"max_age": MAX_AGE, "mails": [51 * DAY]},
            [("mails", 10 * DAY + 2, 1), ("mails", 50 * DAY, 1), ("mails", None, 1)],
        ),
        ({"max_age": MAX_AGE}, [("mails", 10 * DAY + 2, 1), ("mails", 50 * DAY, 1), ("mails", None, 1)]),
        # requests that only the log shows, nearer and further than what was searched
        ({"posts": Posts((ago(60),))}, [("mails", 902, 1)]),
        ({"posts": Posts((ago(900),))}, [("mails", 902, 1)]),
        ({"posts": Posts((ago(901),))}, [("mails", 902, 1), ("mails", 903, 1)]),
        ({"posts": Posts((ago(80), ago(60)))}, [("mails", 902, 1), ("mails", 902, 2)]),
    ],
)
def test_the_search_for_mails(gathered, known, steps):
    run = gathered(**known)
    run.decide()
    assert [step for step in run.steps if step[0] == "mails"] == steps


@pytest.mark.parametrize(("first", "mails", "came"), [(100, [102, 50], 2), (100, [103, 50], 1), (100, [], 0)])
def test_mails_since_the_first_request_are_counted(gathered, first, mails, came):
    run = gathered(noted=Entry(ago(60), "confirmed", None, 2, ago(first)), mails=mails)
    assert run.decide().reason == ("already_renewed" if came == 2 else "pending")
    known = run.record.evidence
    assert (known.mails, known.requests, known.request_at, known.confirmed) == (came, 2, ago(60), True)
    assert known.mail_at == (ago(mails[-1]) if mails else None)


@pytest.mark.parametrize(("code", "passes"), [("too_many_mails", True), ("server_error", False)])
def test_a_search_that_is_too_long_is_told(gathered, code, passes):
    failure = Failure(code, "Too many.")
    run = gathered(max_age=MAX_AGE, fails={50 * DAY: failure})
    if not passes:
        with pytest.raises(Failure):
            run.decide()
    else:
        assert run.decide().reason == "age_unknown" and run.record.warnings == ["Too many."]


@pytest.mark.parametrize("code", ["not_granted", "forbidden", "server_error"])
@pytest.mark.parametrize("policy", [{}, {"max_age": MAX_AGE}, {"renewed_since": ago(3000)}])
def test_mails_that_may_not_be_read(gathered, code, policy):
    back = {"max_age": 10 * DAY + 2, "renewed_since": 3002}.get(next(iter(policy), ""), 902)
    run = gathered(**policy, fails={back: Failure(code, "No.")})
    if policy or code == "server_error":
        with pytest.raises(Failure) as error:
            run.decide()
        needed = " renewed_since and max_age need it. Nothing was requested."
        assert error.value.message == f"No.{'' if code == 'server_error' else needed}"
    else:
        assert run.decide().reason == "requested"
        assert run.record.warnings == ["Only the journal and the call log could be consulted. No."]
        assert run.record.search == Search(None, None, [])


# --- what the log says


@pytest.mark.parametrize(
    ("known", "posts", "reason", "since", "warned"),
    [
        ({}, Posts(()), "requested", NOW, False),
        ({}, None, "requested", NOW, True),
        ({}, Posts((), "why not"), "pending", None, False),
        ({}, Posts((ago(60),), "why not"), "pending", ago(60), False),
        ({"max_age": MAX_AGE}, Posts((ago(60),)), "pending", ago(60), False),
        ({"max_age": MAX_AGE}, Posts((), "why not"), "age_unknown", None, False),
        ({"max_age": MAX_AGE}, None, "age_unknown", None, True),
    ],
)
def test_what_the_log_changes(gathered, known, posts, reason, since, warned):
    run = gathered(posts=posts, **known)
    decision = run.decide()
    assert (decision.reason, decision.since) == (reason, since)
    assert ("why not" in decision.why) is (reason == "pending" and since is None)
    assert ["GET /me/api/logs/self" in one for one in run.record.warnings] == [True] * warned


def test_where_no_request_follows_the_log_of_now_counts(gathered):
    """Preflight's list may lack the last of several requests, and those of the others do not count."""
    run = gathered(posts=Posts((ago(60),)))
    looked = run.back_to

    def back_to(since, far, just_listed=False):
        if not just_listed:
            run.log.times.append(ago(2))
        return looked(since, far)

    run.log.back_to = back_to
    decision = run.decide()
    assert (decision.reason, decision.since, run.record.asked.count) == ("pending", ago(2), 2)


@pytest.mark.parametrize(
    ("known", "reason"),
    [
        ({"noted": Entry(ago(60), "unknown")}, "pending"),
        ({"mails": [60]}, "already_renewed"),
        ({"max_age": MAX_AGE, "mails": [DAY]}, "already_renewed"),
    ],
)
def test_the_log_is_not_read_where_nothing_depends_on_it(gathered, known, reason):
    run = gathered(**known)
    assert run.decide().reason == reason
    assert "log" not in [step[0] for step in run.steps]


# --- what is said of mails that were passed over


PASSED = [{"id": "1", "date": "2026-11-24T11:00:00Z", "title": "Hello", "why": "it says nothing"}]
TOLD = " Passed over: 'Hello' of 2026-11-24T11:00:00Z, it says nothing."


@pytest.mark.parametrize("known", [{"noted": Entry(ago(1800), "confirmed")}, {"max_age": MAX_AGE}])
def test_mails_that_were_passed_over(gathered, known):
    said = gathered(**known, passed_over=PASSED).decide().why
    assert TOLD in said and "set renewed_since to 2026-11-24T12:00:00Z (the current time)." in said
    said = gathered(**known, passed_over=PASSED, ours=True).decide().why
    assert said.endswith(f"{TOLD} {evidence.READ_IT}") and "renewed_since to" not in said


def test_where_a_mail_counts_none_is_told(gathered):
    run = gathered(mails=[60], passed_over=PASSED, ours=True)
    assert run.decide().why == "A credentials mail younger than cooldown exists: somebody just renewed."
    run = gathered(noted=Entry(ago(60), "unknown"))
    assert run.decide().why.endswith("its mail is not there yet.")


# --- what stops before that


def test_an_access_that_is_not_active(gathered):
    run = gathered(status="slamming")
    with pytest.raises(Failure) as error:
        run.decide()
    assert error.value.code == "access_not_active" and "its status is slamming" in error.value.message
    assert error.value.details == {"service_name": LINE, "status": "slamming"} and run.steps == []


def test_a_wish_of_the_future(gathered):
    run = gathered(renewed_since=ago(-61))
    with pytest.raises(Failure):
        run.decide()
    assert run.steps == []


def test_the_path_of_the_request():
    assert evidence.path_of("xdsl-a/b") == "/xdsl/xdsl-a%2Fb/requestPPPLoginMail"


# --- what was kept beside the password


@pytest.mark.parametrize(
    ("mails", "kept", "at", "count"),
    [
        ([2000], None, 2000, 1),
        # the same mail again, and another one, that the account does not show any more
        ([2000], 2000, 2000, 1),
        ([2000], 1500, 1500, 2),
        ([], 1500, 1500, 1),
        # from before the request
        ([2000], 5000, 2000, 1),
    ],
)
def test_a_mail_that_was_kept_counts_once(gathered, mails, kept, at, count):
    run = gathered(noted=Entry(ago(3000), "confirmed"), mails=mails)
    run.record._of_password = evidence.Known(mail_at=None if kept is None else ago(kept))
    run.decide()
    assert (run.record.evidence.mail_at, run.record.evidence.mails) == (ago(at), count)


@pytest.mark.parametrize(("request_at", "mails"), [(None, 0), (3000, 1), (2999, 0)])
def test_a_password_that_is_the_requests_own_has_answered_it(gathered, request_at, mails):
    run = gathered(noted=Entry(ago(3000), "confirmed"))
    run.record._of_password = evidence.Known(request_at=None if request_at is None else ago(request_at))
    run.decide()
    assert run.record.evidence.mails == mails


def test_the_clock_as_the_last_call_has_shown_it(gathered):
    run = gathered()
    run.record._client.known_skew = 7
    assert run.record.skew == 7
