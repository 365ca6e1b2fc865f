# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""OVHcloud's log of the account's calls: how far it is read, with how many calls, and what is not known then."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from types import SimpleNamespace

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api import call_log, client, shared
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api.client import Client
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api.pace import Turn
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api.shared import Shared

NOW = datetime(2026, 11, 24, 12, 0, 0, tzinfo=timezone.utc)
LINE = "xdsl-ab12345-1"
POST = f"/xdsl/{LINE}/requestPPPLoginMail"


def ago(seconds):
    return NOW - timedelta(seconds=seconds)


class Account:
    """An account's log, newest first; an entry is a path and how many seconds ago it was, or None if unreadable.

    ``calls``: what was asked for: ``list``, or how many entries, or one by its name.
    """

    def __init__(self, *entries, batch=True):
        self.batch, self.calls, self.entries, self.refuses = batch, [], {}, None
        self.add(*entries)

    def add(self, *entries):
        for entry in entries:
            self.entries[str(1000 + len(self.entries))] = entry

    def _entry(self, name):
        entry = self.entries[name]
        if entry is None:
            return None
        path, seconds = entry
        method, path = ("POST", path) if path == POST else ("GET", path)
        return {"date": ago(seconds).isoformat(), "method": method, "path": path, "ip": "192.0.2.7"}

    def get(self, path):
        self.calls.append("list" if path == call_log.PATH else path[len(call_log.PATH) + 1 :])
        if self.refuses:
            raise Failure(self.refuses, "No.")
        return list(self.entries) if path == call_log.PATH else self._entry(path[len(call_log.PATH) + 1 :])

    def get_batch(self, path, ids):
        assert path == call_log.PATH
        self.calls.append(len(ids))
        found = [self._entry(name) for name in ids] if self.batch else []
        return [entry for entry in found if entry] or None


def every(count, seconds, first=0):
    """Calls of a monitoring job, oldest first."""
    return [("/me", first + number * seconds) for number in range(count)][::-1]


def log(account):
    return call_log.RequestLog(account, POST)


# --- back to a time


@pytest.mark.parametrize(
    ("entries", "since", "far", "calls", "unknown"),
    [
        # one that is older than far ends it
        (every(300, 10), 900, 900, ["list", 100], ""),
        (every(300, 10), 900, 980, ["list", 100], ""),
        (every(300, 10), 900, 990, ["list", 100, 100], ""),
        (every(300, 10), 900, 9999, ["list", 100, 100, 100], ""),
        # far is worth twenty batches, what must be known sixty
        (every(2200, 1), 900, 99999, ["list", *[100] * 20], ""),
        (every(3000, 1), 1998, 99999, ["list", *[100] * 20], ""),
        (every(3000, 1), 1999, 99999, ["list", *[100] * 21], ""),
        (every(3000, 1), 2500, 99999, ["list", *[100] * 26], ""),
        (every(6200, 1), 5998, 99999, ["list", *[100] * 60], ""),
        (every(6200, 1), 5999, 99999, ["list", *[100] * 60], "its newest 6000 entries are all younger"),
        (every(6200, 1), 9999, 99999, ["list", *[100] * 60], "its newest 6000 entries are all younger"),
        (every(1900, 1), 9999, 99999, ["list", *[100] * 19], ""),
        # an entry that cannot be read may be the one, unless it is older than what must be known
        ([*every(50, 10), None], 900, 900, ["list", 51], "1 of its entries cannot be read"),
        ([None, None, *every(51, 10, 900)], 900, 900, ["list", 53], "2 of its entries cannot be read"),
        ([None, *every(50, 10, 901)], 900, 900, ["list", 51], ""),
        ([*every(100, 1, 950), *every(50, 1, 10), None], 900, 9999, ["list", 100, 51], "1 of its entries cannot be"),
    ],
)
def test_how_far_it_is_read(entries, since, far, calls, unknown):
    account = Account(*entries)
    found = log(account).back_to(ago(since), ago(far))
    assert account.calls == calls
    assert found.times == () and (found.unknown.startswith(unknown) if unknown else found.unknown == "")


def test_the_posts_of_this_line_oldest_first():
    other = ("/xdsl/xdsl-ab12345-12/requestPPPLoginMail", 5)
    account = Account((POST, 700), (POST, 80), *every(5, 10), other, (f"/xdsl/{LINE}", 1))
    assert log(account).back_to(ago(900), ago(900)) == call_log.Posts((ago(700), ago(80)))


@pytest.mark.parametrize(
    ("entry", "counts"),
    [
        ({"method": "POST", "path": f"/1.0{POST}/"}, True),
        ({"method": "GET", "path": POST}, False),
        ({"method": "POST", "path": None}, False),
        ({"method": "POST", "path": POST, "date": "soon"}, False),
    ],
)
def test_which_entry_is_a_post(entry, counts):
    account = Account(*every(2, 10))
    full = {"date": ago(60).isoformat(), **entry}
    account._entry = lambda _name: full
    assert bool(log(account).back_to(ago(900), ago(900)).times) is counts


@pytest.mark.parametrize("code", ["not_granted", "forbidden", "not_found", "bad_request"])
def test_a_log_that_may_not_be_read(code):
    account = Account(("/me", 5))
    account.refuses = code
    asked = log(account)
    assert asked.back_to(ago(900), ago(900)) is None and asked.again() == []


def test_a_log_that_cannot_be_had_now():
    account = Account(("/me", 5))
    account.refuses = "server_error"
    for look in (lambda asked: asked.back_to(ago(900), ago(900)), lambda asked: asked.again()):
        with pytest.raises(Failure):
            look(log(account))


# --- where the API answers for one entry at a time


@pytest.mark.parametrize(
    ("entries", "read", "unknown"),
    [
        (every(10, 100), 10, ""),
        (every(10, 100, 1), 10, ""),
        ([("/me", 2000), ("/me", 901), ("/me", 900)], 2, ""),
        (every(60, 1), 60, ""),
        (every(61, 1), 60, "its newest 60 entries are all younger, and they can only be read one by one"),
        ([*every(10, 10), None], 11, "some of its entries cannot be read"),
    ],
)
def test_one_by_one(entries, read, unknown):
    account = Account(*entries, batch=False)
    found = log(account).back_to(ago(900), ago(9999))
    names = list(account.entries)[::-1]
    assert account.calls == ["list", min(len(names), 100), *names[:read]]
    assert found == call_log.Posts((), unknown)


def test_the_batch_is_asked_for_once():
    account = Account(*every(5, 300), batch=False)
    asked = log(account)
    asked.back_to(ago(900), ago(900))
    account.add(("/me", 0), ("/me", 0))
    account.calls.clear()
    asked.again()
    assert account.calls == ["list", "1006", "1005", "list"]


def test_one_entry_needs_no_batch():
    account = Account((POST, 60))
    assert log(account).back_to(ago(900), ago(900)).times == (ago(60),)
    assert account.calls == ["list", "1000"]


def test_a_batch_that_fails_halfway_goes_on_one_by_one():
    account = Account(("/me", 2000), (POST, 300), *every(100, 1))
    asked = log(account)
    real = account.get_batch
    account.get_batch = lambda path, ids: real(path, ids) if ids[0] == "1101" else account.calls.append("no") or None
    assert asked.back_to(ago(900), ago(900)).times == (ago(300),)
    assert account.calls == ["list", 100, "no", "1001", "1000"]


# --- again, directly before the request


def test_again_reads_what_is_new():
    account = Account(*every(3, 10))
    asked = log(account)
    asked.back_to(ago(900), ago(900))
    account.add((POST, 1), ("/me", 1))
    account.calls.clear()
    assert asked.again() == [ago(1)]
    assert asked.again() == [] and asked.times == [ago(1)]
    assert account.calls == ["list", 2, "list", "list", "list"]


class Busy(Account):
    """Each list shows the look's own calls, and so many of others, before it."""

    def __init__(self, others, **options):
        super().__init__(**options)
        self.others, self.seen = list(others), 0

    def get(self, path):
        if path == call_log.PATH:
            own = len(self.calls) - self.seen
            self.seen = len(self.calls)
            self.add(*[("/me/api/logs/self", 0)] * own, *[("/me", 0)] * (self.others.pop(0) if self.others else 0))
        return super().get(path)


@pytest.mark.parametrize(
    ("others", "calls"),
    [
        # own calls alone: list, read, list
        ([3], ["list", 3, "list"]),
        # somebody came between: once more, and then what is left is read all the same
        ([3, 1], ["list", 3, "list", 3, "list"]),
        ([3, 1, 1], ["list", 3, "list", 3, "list", 3]),
        ([150, 1], ["list", 100, 50, "list", 4, "list"]),
    ],
)
def test_again_until_nothing_of_others_is_left(others, calls):
    account = Busy(others)
    log(account).again()
    assert account.calls == calls


def test_after_a_request_one_look_is_enough_when_those_of_the_same_moment_have_arrived(monkeypatch):
    account, slept = Busy([3, 1, 1]), []
    monkeypatch.setattr(call_log, "SETTLED", 0.5)
    monkeypatch.setattr(call_log.time, "monotonic", lambda: 100.2)
    monkeypatch.setattr(call_log.time, "sleep", slept.append)
    log(account).again(100.0)
    assert account.calls == ["list", 3] and slept == pytest.approx([0.3])
    log(account).again(99.0)
    assert len(slept) == 1


def test_again_one_by_one_reads_ten():
    account = Account(*every(30, 1), batch=False)
    log(account).again()
    assert account.calls == ["list", 30, *[str(1029 - number) for number in range(10)], "list"]


# --- the newest entries


@pytest.mark.parametrize(
    ("entries", "count", "batch", "calls", "seconds"),
    [
        (every(5, 10), 3, True, ["list", 3], [0, 10, 20]),
        (every(2, 10), 3, True, ["list", 2], [0, 10]),
        ([("/me", 7)], 3, True, ["list", "1000"], [7]),
        (every(5, 10), 3, False, ["list", 3, "1004", "1003", "1002"], [0, 10, 20]),
        (every(30, 1), 30, False, ["list", 30, *[str(1029 - number) for number in range(10)]], list(range(10))),
        ([("/me", 5), None, ("/me", 1)], 3, False, ["list", 3, "1002", "1001", "1000"], [1, 5]),
        ([], 3, True, ["list"], []),
        # the order of the answer is not promised
        ([("/me", 1), ("/me", 5), ("/me", 3)], 3, True, ["list", 3], [1, 3, 5]),
    ],
)
def test_the_newest(entries, count, batch, calls, seconds):
    account = Account(*entries, batch=batch)
    assert [entry["date"] for entry in call_log.newest(account, count)] == [ago(one).isoformat() for one in seconds]
    assert account.calls == calls


def test_an_answer_that_is_no_list():
    account = Account()
    account.get = lambda _path: {"message": "?"}
    assert list(call_log.newest(account, 3)) == []
    assert log(account).back_to(ago(900), ago(900)) == call_log.Posts(())


# --- shared with other lines


class Together(Account):
    """One line's client of an account that others read, too."""

    def __init__(self, account, folder, name):
        super().__init__(batch=account.batch)
        self.account, self.entries = account, account.entries
        self.shared = Shared(str(folder), ["key"], name)

    def skew(self):
        return 0

    def held_for(self):
        return 0.0

    def short(self):
        return self.is_short

    is_short = False

    def _entry(self, name):
        entry = super()._entry(name)
        return entry and {**entry, "logId": int(name)}


@pytest.mark.parametrize(("batch", "cost"), [(True, ["list", 100, 50]), (False, None)])
def test_what_one_line_has_read_no_other_reads(tmp_path, batch, cost):
    account = Account(*every(100, 1, 30), (POST, 20), *every(49, 1, 1), batch=batch)
    one, other = (Together(account, tmp_path / "state", name) for name in ("one", "other"))
    back = log(one).back_to(ago(900), ago(900))
    assert cost is None or one.calls == cost
    told = log(other)
    if batch:
        assert told.back_to(ago(900), ago(900)) == back == call_log.Posts((ago(20),))
        assert other.calls == [], "a list of half a minute ago"
        assert told.again() == [] and other.calls == [], "a list of a moment ago"
    else:
        assert len(one.calls) == 2 + call_log.SINGLE_DEPTH
        told.back_to(ago(900), ago(900))
        assert len(other.calls) <= 2 + call_log.SINGLE_DEPTH


def test_a_request_of_a_moment_ago_is_seen_by_all(tmp_path):
    account = Account(*every(3, 10))
    one, other = (Together(account, tmp_path / "state", name) for name in ("one", "other"))
    first, second = log(one), log(other)
    first.back_to(ago(900), ago(900)), second.back_to(ago(900), ago(900))
    before = call_log.time.monotonic()
    account.add((POST, 0))
    assert second.again(before) == [ago(0)]
    assert first.again(before) == [ago(0)]


@pytest.mark.parametrize("new", [3, call_log.BATCH + 5, (call_log.AHEAD + 1) * call_log.BATCH])
def test_what_came_since_is_read_by_the_one_that_lists(tmp_path, new):
    """Others are told of the list at once, and would each read it."""
    account = Account(*every(30, 1, 100))
    one, other = (Together(account, tmp_path / "state", name) for name in ("one", "other"))
    told = log(one)
    told.back_to(ago(900), ago(900)), log(other).back_to(ago(900), ago(900))
    account.add((POST, 0), *every(new - 1, 0, 0))
    one.calls.clear()
    other.calls.clear()
    log(other)._list()
    chunks = [call_log.BATCH] * (min(new, call_log.AHEAD * call_log.BATCH) // call_log.BATCH)
    assert other.calls == ["list", *chunks, *([new % call_log.BATCH] if new % call_log.BATCH else [])]
    found = told.again()
    if new <= call_log.AHEAD * call_log.BATCH:
        assert found == [ago(0)] and one.calls == []


def test_a_line_alone_reads_nothing_ahead(tmp_path):
    """The list is the last call before its request."""
    account = Account(*every(30, 1, 100))
    one = Together(account, tmp_path / "state", "one")
    told = log(one)
    told.back_to(ago(900), ago(900))
    account.add(*every(3, 1))
    one.calls.clear()
    assert told.again() == [] and one.calls[0] == "list" == one.calls[-1]
    account.add(*every(3, 1))
    one.calls.clear()
    told._list()
    assert one.calls == ["list"]


def test_who_is_the_first_to_read_reads_as_far_as_it_wants(tmp_path):
    account = Account(*every(500, 1, 100))
    one = Together(account, tmp_path / "state", "one")
    log(one)._list()
    assert one.calls == ["list"]


@pytest.mark.parametrize(("short", "seconds"), [(False, call_log.COMPANY), (True, call_log.MOMENT)])
def test_others_are_waited_for_after_a_request_while_they_may_look(tmp_path, monkeypatch, short, seconds):
    """Where the budget is short, the next ones look at their moment."""
    account, now = Account(*every(3, 10)), [5000.0]
    one, other = (Together(account, tmp_path / "state", name) for name in ("one", "other"))
    one.is_short = other.is_short = short
    first, second = log(one), log(other)
    first.back_to(ago(900), ago(900)), second.back_to(ago(900), ago(900))
    clock = SimpleNamespace(monotonic=lambda: now[0], sleep=lambda pause: now.append(now.pop() + pause))
    now[0] = call_log.time.monotonic()
    monkeypatch.setattr(call_log, "time", clock)
    began = now[0]
    second.again(began)
    assert seconds <= now[0] - began <= seconds + 1


def test_no_address_of_a_call_is_kept(tmp_path):
    account = Account(*every(3, 10), (POST, 1))
    log(Together(account, tmp_path / "state", "one")).back_to(ago(900), ago(900))
    for file in (tmp_path / "state").iterdir():
        assert b"192.0.2.7" not in file.read_bytes()


@pytest.mark.parametrize("kept", [None, [], {"1000": {}}, {"1003": {"date": 1, "method": "", "path": ""}}, "x"])
def test_entries_that_are_none_of_ours_are_read(tmp_path, kept):
    account = Account(*every(3, 10), (POST, 1))
    one = Together(account, tmp_path / "state", "one")
    one.shared.keep(call_log.OF_ENTRIES, "entries", lambda _kept: kept)
    assert log(one).back_to(ago(900), ago(900)).times == (ago(1),)


class Alone(Together):
    """The client of a line that is alone in its run, or has others beside it."""

    def __init__(self, account, folder, several=False, run="7.1"):
        super().__init__(account, folder, LINE)
        self.shared = Shared(str(folder), ["key"], LINE, run, several)

    in_run, turn = Client.in_run, Turn.READ


def test_the_list_of_its_preflight_will_do_where_another_look_follows(tmp_path):
    """And an entry is not read twice; what others have sent since is seen by the look before the request."""
    account = Account(*every(5, 10, 30))
    line = Alone(account, tmp_path / "state")
    assert [entry["ip"] for entry in call_log.newest(line, 30)] == ["192.0.2.7"] * 5
    assert line.calls == ["list", 5]
    account.add((POST, 1))
    told = log(line)
    assert told.back_to(ago(900), ago(900), just_listed=True) == call_log.Posts(())
    assert line.calls == ["list", 5]
    assert told.again() == [ago(1)]


def test_what_a_preflight_shows_of_this_host_is_of_now(tmp_path):
    account = Account(*every(5, 10, 30))
    line = Alone(account, tmp_path / "state")
    list(call_log.newest(line, 30))
    account.add(("/me", 0))
    assert len(list(call_log.newest(line, 30))) == 6
    assert {entry["ip"] for entry in call_log.newest(line, 30)} == {"192.0.2.7"}


@pytest.mark.parametrize("wanted", [False, True])
@pytest.mark.parametrize("more", [{"several": True}, {"run": ""}, {"run": "8.1"}, {}])
def test_a_list_of_preflight_is_taken_for_nothing_else(tmp_path, more, wanted):
    """Not in a run of several lines, not without a run, not in another run, and not where no other look follows."""
    account = Account(*every(5, 10, 30))
    list(call_log.newest(Alone(account, tmp_path / "state"), 30))
    line = Alone(account, tmp_path / "state", **more)
    log(line).back_to(ago(900), ago(900), just_listed=wanted)
    assert (line.calls[:1] == ["list"]) is not (wanted and not more)


def test_it_is_asked_for_unless_somebody_says_so(tmp_path):
    line = Alone(Account(*every(5, 10, 30)), tmp_path / "state")
    list(call_log.newest(line, 30))
    line.calls.clear()
    log(line).back_to(ago(900), ago(900))
    assert line.calls == ["list"]


def test_a_moment_of_the_next_lines_is_waited_for_whole():
    assert call_log.moments.EVERY < call_log.MOMENT < 2 * call_log.moments.EVERY


def test_a_list_of_preflight_is_soon_too_old(tmp_path, monkeypatch):
    account, now = Account(*every(5, 10, 30)), [5000.0]
    monkeypatch.setattr(shared, "time", SimpleNamespace(monotonic=lambda: now[0], sleep=lambda _pause: None))
    line = Alone(account, tmp_path / "state")
    for later, calls in ((client.NEXT_STEP - 1, 1), (client.NEXT_STEP + 1, 2)):
        line.calls.clear()
        list(call_log.newest(line, 30))
        now[0] += later
        log(line).back_to(ago(900), ago(900), just_listed=True)
        assert line.calls.count("list") == calls


class Clock:
    """Time that passes when somebody sleeps."""

    def __init__(self):
        self.now = 1000.0

    def monotonic(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds


@pytest.mark.parametrize(
    ("together", "shared", "asked", "age"),
    [
        # the list of another line comes after a second, and what it reads of it a moment later
        (True, True, 1.2, 1.5 + call_log.PAUSE),
        (True, True, 0.0, call_log.PAUSE + call_log.PAUSE),
        # none comes
        (True, True, 99.0, call_log.COMPANY),
        # nobody else looks
        (False, True, 99.0, 0.0),
        (True, False, 0.0, 0.0),
    ],
)
def test_another_lines_list_is_waited_for(monkeypatch, together, shared, asked, age):
    clock = Clock()
    monkeypatch.setattr(call_log, "time", clock)
    account = Account()
    account.short = lambda: False
    told = log(account)
    told.together = together

    class Others:
        def asked_since(self, topic, name, when):
            assert (topic, name, when) == (call_log.TOPIC, call_log.LIST, 1000.0)
            return clock.now >= when + asked

    told._shared = Others() if shared else None
    assert told._company(1000.0) == pytest.approx(age)


def test_without_other_lines_the_whole_list_counts():
    account = Account(*every(call_log.LISTED + 5, 1))
    assert len(log(account)._list()) == call_log.LISTED + 5


def test_the_clock_is_asked_before_others_are_kept_waiting(tmp_path):
    one = Together(Account(*every(3, 10)), tmp_path / "state", "one")
    one.skew = lambda: one.calls.append("skew")
    log(one).back_to(ago(900), ago(900))
    assert one.calls[:2] == ["skew", "list"]


def test_two_that_no_line_has_read_are_one_request(tmp_path):
    account = Account(*every(3, 10))
    one = Together(account, tmp_path / "state", "one")
    log(one).back_to(ago(900), ago(900))
    account.add(("/me", 2), ("/me", 1))
    other = Together(account, tmp_path / "state", "other")
    # Whoever asked for the list has gone.
    other.shared.keep(call_log.TOPIC, call_log.LIST, lambda _kept: [])
    told = log(other)
    told.back_to(ago(900), ago(900))
    assert other.calls == ["list", 2]
    assert told._single("1004") and told._single("1004") and other.calls == ["list", 2]


def test_two_beside_what_is_known_are_one_request():
    account = Account(*every(5, 10))
    told = log(account)
    told._known = {"1000": {"date": ago(50).isoformat(), "method": "", "path": ""}}
    assert len(told._batch(["1000", "1003", "1004"])) == 3 and account.calls == [2]
    assert len(told._batch(["1000", "1003"])) == 2 and account.calls == [2, "1003"]


def test_what_was_read_one_by_one_is_kept_for_others_too(tmp_path):
    account = Account(*every(4, 10), (POST, 1), batch=False)
    one, other = (Together(account, tmp_path / "state", name) for name in ("one", "other"))
    assert log(one).back_to(ago(900), ago(900)) == log(other).back_to(ago(900), ago(900))
    assert other.calls == []


def test_alone_an_entry_is_read_once():
    class Named(Account):
        def _entry(self, name):
            return {**super()._entry(name), "logId": name}

    account = Named(*every(2, 10), batch=False)
    told = log(account)
    assert told._single("1000") and told._single("1000")
    assert account.calls == ["1000"]


@pytest.mark.parametrize(("kept", "fit"), [(["1", "2"], True), ([], True), ([1], False), ("12", False), (None, False)])
def test_a_list_that_was_kept(kept, fit):
    assert call_log._listed(kept) == (kept if fit else None)


def test_a_list_that_is_kept_has_all_that_may_be_read_of_it():
    assert call_log.LISTED > call_log.MUST_BATCHES * call_log.BATCH
