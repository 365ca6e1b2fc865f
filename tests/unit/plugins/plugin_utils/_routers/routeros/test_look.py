# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The questions to the API of a router: asked again once when an answer is lost, and a no is told as one."""

from __future__ import annotations

import pytest
from routeros.driving import in_state
from routeros.played import GOOD, LOGIN

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.routeros.api import ApiOptions, Lost, Refused
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.routeros.look import Look
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.routeros.reasons import PERMISSION


class Api:
    """Answers what it is told to, and notes what it was asked."""

    def __init__(self, *answers):
        self.answers, self.asked = list(answers), []

    def run(self, *words):
        self.asked.append(words)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def look(*answers):
    api = Api(*answers)
    return Look(api, ApiOptions("192.0.2.1", username="renew", password="x"), "pppoe-out1"), api


def test_a_question_whose_answer_was_lost_is_asked_once_more():
    one, api = look(Lost("cut"), [{"a": "1"}])
    assert one.ask("/x/print") == [{"a": "1"}] and len(api.asked) == 2


def test_a_question_that_is_lost_twice_is_a_router_that_is_not_reached():
    one, api = look(Lost("cut"), Lost("cut"))
    with pytest.raises(Failure) as caught:
        one.ask("/x/print")
    assert caught.value.code == "router_unreachable" and len(api.asked) == 2


def test_what_this_user_may_not_ask_is_refused():
    one, _api = look(Refused(f"{PERMISSION} (9)"))
    with pytest.raises(Failure) as caught:
        one.ask("/x/print")
    assert caught.value.code == "router_refused"


def test_a_client_and_its_session():
    driver, _played = in_state("right")
    client = driver._look.client() if hasattr(driver, "_look") else None
    probe = driver.probe(prove=False)
    assert probe.login == LOGIN and probe.session.up and GOOD not in repr(client)
