# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a failure tells: a person in sentences, a program by its code."""

from __future__ import annotations

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import NEXT_STEP, PASSING, Failure, Outcome


def test_the_next_step_is_for_the_task_alone():
    failure = Failure("rate_limited", "OVHcloud asks to wait.", {"status": 429})
    result = failure.as_result()
    assert result["msg"] == f"OVHcloud asks to wait. {NEXT_STEP['rate_limited']}"
    assert result["failure"] == {
        "code": "rate_limited",
        "message": "OVHcloud asks to wait.",
        "details": {"status": 429},
    }


def test_a_code_without_a_step_says_it_itself():
    assert Failure("router_lost", "It broke.").as_result()["msg"] == "It broke."


def test_what_is_not_said_of_the_effect_is_that_nothing_was_sent():
    assert Failure("x", "y").outcome is Outcome.NOT_SENT
    assert Failure("x", "y", outcome=Outcome.UNKNOWN).outcome is Outcome.UNKNOWN


def test_details_are_its_own():
    details = {"a": 1}
    failure = Failure("x", "y", details)
    failure.details["b"] = 2
    assert details == {"a": 1}


@pytest.mark.parametrize("code", sorted(NEXT_STEP))
def test_each_step_is_whole_sentences(code):
    assert NEXT_STEP[code].endswith(".")


def test_what_passes_is_none_that_a_person_has_to_correct():
    assert not set(PASSING) & {"invalid_credentials", "not_granted", "configuration", "unknown_service"}
