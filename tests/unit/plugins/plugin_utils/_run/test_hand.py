# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Login and password of a line: whose clock counts, and what a store is given of them."""

from __future__ import annotations

import dataclasses
import datetime

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._ovh import calls as ovh
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._run.hand import present
from ansible_collections.ownrouter.ovhcloud.tests.unit.plugins.plugin_utils._run.test_flow import MAILED, World, run_of
from ansible_collections.ownrouter.ovhcloud.tests.unit.plugins.plugin_utils.run_states import (
    ASKED,
    CONVERGED,
    DOWN,
    IN_HAND,
    NEW_MAIL,
    NOW,
    UP,
    ago,
    varied,
)


def kept(state):
    run = run_of(World(), state)
    run.password = "Kanarie7391"
    return run.to_keep(state)


def test_what_is_kept_of_a_mail_after_a_request():
    found = kept(IN_HAND)
    assert (found.login, found.password) == (IN_HAND.hand.login, "Kanarie7391")
    assert (found.mail_id, found.mail_date) == (NEW_MAIL.id, NEW_MAIL.date)
    assert found.requested_at == ASKED.requested_at and found.kept_at is None
    assert "Kanarie" not in repr(found)


def test_without_a_request_none_is_kept():
    assert kept(CONVERGED).requested_at is None


def test_what_no_mail_gave_counts_from_now_or_from_when_it_was_kept():
    by_hand = varied(CONVERGED, hand={"mail": None})
    assert kept(by_hand).kept_at == NOW and kept(by_hand).mail_id == ""
    assert kept(varied(by_hand, hand={"kept_at": ago(99)})).kept_at == ago(99)


def test_ovhcloud_s_time():
    run = run_of(World(), IN_HAND)
    assert run.their_time(None) == NOW and run.their_time(-40) == NOW - datetime.timedelta(seconds=40)


def test_options_that_were_given():
    assert present({"a": None, "b": 0, "c": "", "d": False}) == {"b": 0, "c": "", "d": False}


NEWER = {"id": "3", "date": "2026-02-28T00:00:00+00:00", "title": "Yours", "why": "its login is another one"}
DOUBTED = {**MAILED, "doubtful": True, "passed_over": [NEWER]}


@pytest.mark.parametrize("up", [True, False])
def test_an_older_mail_is_written_on_no_router_where_a_newer_one_is_doubtful(up):
    """Nobody knows that its password is not dead."""
    router = dataclasses.replace(CONVERGED.proof.router, session=UP if up else DOWN)
    state = varied(CONVERGED, hand=None, proof={"router": router})
    run = run_of(World(**{ovh.COLLECT: DOUBTED}), state)
    found = run._collect(state).hand
    assert not found.complete and run.password == ""
    said = " ".join(run.warnings) if up else found.untold
    assert "may be out of date" in said and "set router_pppoe_line_login" in said and NEWER["title"] in said
    assert bool(found.untold) is not up


def test_after_a_request_its_own_mail_counts_whatever_else_came():
    state = varied(IN_HAND, hand=None)
    run = run_of(World(**{ovh.COLLECT: DOUBTED}), state)
    assert run._collect(state).hand.complete and run.password == MAILED["password"]
