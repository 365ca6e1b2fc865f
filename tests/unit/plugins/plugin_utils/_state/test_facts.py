# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The facts of a run, and the few questions that they answer of themselves."""

from __future__ import annotations

import dataclasses

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state import facts
from ansible_collections.ownrouter.ovhcloud.tests.unit.plugins.plugin_utils.run_states import (
    ASKED,
    INTENT,
    NEW_MAIL,
    NOW,
)


@pytest.mark.parametrize(
    ("phases", "complete", "watches"),
    [
        (facts.PHASES, True, False),
        (tuple(facts.FINISH), True, False),
        (("verify",), False, True),
        (("preflight", "renew"), False, False),
        ((), False, False),
    ],
)
def test_what_the_tags_leave(phases, complete, watches):
    intent = dataclasses.replace(INTENT, phases=phases)
    assert (intent.complete, intent.watches_only) == (complete, watches)


@pytest.mark.parametrize("reason", ["flag_unset", "already_renewed", "age_unknown", "pending", "requested"])
def test_a_renewal_is_under_way_when_its_request_counts(reason):
    renewal = dataclasses.replace(ASKED, reason=reason)
    assert renewal.under_way is (reason in ("pending", "requested"))
    assert not dataclasses.replace(renewal, requested_at=None).under_way


def test_from_when_credentials_are():
    assert facts.Hand(True, "me", NEW_MAIL, kept_at=NOW).dated == NEW_MAIL.date
    assert facts.Hand(True, "me", kept_at=NOW).dated == NOW
    assert facts.Hand(True, "me").dated is None


def test_no_fact_has_a_place_for_a_password():
    kinds = [kind for kind in vars(facts).values() if dataclasses.is_dataclass(kind)]
    assert len(kinds) > 10
    assert not [kind for kind in kinds for field in dataclasses.fields(kind) if "password" in field.name]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("1_1@adsl.ovh", "1_1@ADSL.OVH", True), ("a@b", "a@c", False), ("", "a@b", False), ("FTI/x", "fti/x", True)],
)
def test_a_login_in_capitals_is_the_same(one, other, same):
    assert facts.same_login(one, other) is same
