# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A host of the API that is away after the cut is waited for within the mail's time, and no other failure is."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleConnectionFailure, AnsibleError

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._ways import lost_host
from ansible_collections.ownrouter.ovhcloud.tests.unit.plugins.plugin_utils._ways.test_lost_router import Clock


class Host(Clock):
    """Away for some seconds, on a clock of its own."""

    def __init__(self, away, error=AnsibleConnectionFailure):
        super().__init__(away)
        self.error, self.asked, self.heard = error, [], []

    def ask(self, seconds):
        self.asked.append(seconds)
        if self.now < self.away:
            raise self.error("no such name.")
        return "answer"

    def run(self, seconds):
        def clock():
            return self.now

        return lost_host.until_answered(self.ask, self.again, self.heard.append, seconds, sleep=self.sleep, clock=clock)


def test_a_host_that_answers_is_asked_once():
    host = Host(0)
    assert host.run(900) == "answer" and (host.asked, host.heard, host.anew) == ([900], [], 0)


def test_it_is_asked_again_with_the_time_that_is_left():
    host = Host(7)
    assert host.run(900) == "answer"
    assert host.asked == [900, 897, 894, 891] and host.anew == 3
    assert host.heard == ["The host that talks to the API cannot be reached: no such name.", ""] * 3


@pytest.mark.parametrize("seconds", [0, 10])
def test_it_is_not_waited_for_longer_than_the_mail(seconds):
    host = Host(1e9)
    with pytest.raises(AnsibleConnectionFailure):
        host.run(seconds)
    assert seconds <= host.now <= seconds + lost_host.PAUSE and min(host.asked) == 0


def test_another_error_is_no_reason_to_ask_again():
    host = Host(5, AnsibleError)
    with pytest.raises(AnsibleError):
        host.run(900)
    assert host.asked == [900]
