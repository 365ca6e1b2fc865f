# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which requests still wait for their mail: journal and log put together."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line.asked import ARRIVES_WITHIN, Asked, asked
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line.journal import Entry

NOW = datetime(2026, 11, 24, 12, 0, 0, tzinfo=timezone.utc)


def ago(seconds):
    return NOW - timedelta(seconds=seconds)


def entry(outcome, at, requests=1, since=None, refused=None):
    known = [None if one is None else ago(one) for one in (since, refused)]
    return Entry(ago(at), outcome, None, requests, *known)


# journal's entry, POSTs of the log, session (seconds ago) | newest, first, count, confirmed
CASES = [
    (None, [], None, None),
    (entry("refused", 100), [], None, None),
    (None, [100], None, (100, 100, 1, True)),
    (None, [100, 500], None, (100, 500, 2, True)),
    # the journal alone
    (entry("sending", 100), [], None, (100, 100, 1, False)),
    (entry("unknown", 100), [], None, (100, 100, 1, False)),
    (entry("confirmed", 100), [], None, (100, 100, 1, True)),
    (entry("confirmed", 100, 3, 900), [], None, (100, 900, 3, True)),
    # the log confirms it: from two seconds before to 45 after
    (entry("unknown", 100), [100], None, (100, 100, 1, True)),
    (entry("unknown", 100), [102], None, (100, 100, 1, True)),
    (entry("unknown", 100), [103], None, (100, 100, 1, False)),
    (entry("unknown", 100), [55], None, (100, 100, 1, True)),
    (entry("confirmed", 100), [99], None, (100, 100, 1, True)),
    # another one's, at the same moment and later
    (entry("confirmed", 100), [99, 98], None, (100, 100, 2, True)),
    (entry("confirmed", 100), [102, 99], None, (100, 100, 2, True)),
    (entry("confirmed", 100), [103, 99], None, (100, 100, 1, True)),
    (entry("unknown", 100), [54], None, (54, 100, 1, True)),
    (entry("confirmed", 100), [99, 50], None, (50, 100, 2, True)),
    (entry("confirmed", 100), [900], None, (100, 100, 1, True)),
    # refused ones do not count, though the log shows them
    (entry("refused", 100), [99], None, None),
    (entry("not_sent", 100), [99, 20], None, (20, 20, 1, True)),
    (entry("refused", 100), [99, 98], None, (98, 98, 1, True)),
    (entry("refused", 100), [90], None, None),
    (entry("refused", 100), [89], None, (89, 89, 1, True)),
    (entry("confirmed", 100, 2, 900, 500), [899, 499, 99], None, (100, 900, 2, True)),
    (entry("unknown", 900, refused=100), [99], None, (900, 900, 1, False)),
    # what lies before a session is done with; two minutes are left for the cut
    (None, [500], 380, None),
    (None, [500], 381, (500, 500, 1, True)),
    (None, [500, 100], 300, (100, 100, 1, True)),
    (entry("confirmed", 500), [499, 100], 300, (100, 100, 1, True)),
    (entry("confirmed", 500), [499], 300, (500, 500, 1, True)),
    (entry("confirmed", 500), [100], 380, (100, 100, 1, True)),
    (entry("confirmed", 500), [499, 400], 100, (400, 400, 1, True)),
]


@pytest.mark.parametrize(("noted", "posts", "session", "wanted"), CASES)
def test_table(noted, posts, session, wanted):
    found = asked(noted, [ago(post) for post in posts], None if session is None else ago(session))
    assert found == (wanted and Asked(ago(wanted[0]), ago(wanted[1]), *wanted[2:]))


SECONDS = st.integers(0, 5000)
ENTRIES = st.builds(
    entry,
    st.sampled_from(["sending", "unknown", "confirmed", "refused", "not_sent"]),
    SECONDS,
    st.integers(1, 3),
    st.none(),
    st.one_of(st.none(), SECONDS),
)


@given(st.one_of(st.none(), ENTRIES), st.lists(SECONDS, max_size=6), st.one_of(st.none(), SECONDS))
def test_rules_for_every_case(noted, posts, session):
    times = [ago(post) for post in posts]
    found = asked(noted, times, None if session is None else ago(session))
    if noted is not None and noted.counts:
        assert found is not None and found.newest >= noted.requested_at
    if found is None:
        return
    assert found.first <= found.newest and found.count >= 1
    # Nothing is newer, but what was refused or arrived as the journal's.
    known = [noted.refused_at, noted.requested_at] if noted else []
    for post in times:
        assert post <= found.newest or any(at and post <= at + ARRIVES_WITHIN for at in known) or session is not None
