# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The lines that make pppd dial: for each way to do so, and only while pppd is as it was seen."""

from __future__ import annotations

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.linux_pppd import dialling
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.linux_pppd.plan import Redial
from ansible_collections.ownrouter.ovhcloud.tests.unit.plugins.plugin_utils._routers.linux_pppd.test_plan import (
    INIT,
    UNIT,
    facts,
)

UP = facts(INIT, up=True)


@pytest.mark.parametrize("redial", list(Redial), ids=lambda one: one.name)
def test_each_way_has_lines_and_none_holds_a_secret(redial: Redial) -> None:
    lines = dialling.action(UP, redial, "pon dsl")
    assert lines.endswith("\n") and "old" not in lines.split("dsl")[0]


def test_a_signal_is_sent_to_the_pppd_that_was_seen_alone() -> None:
    lines = dialling.action(UP, Redial.HANG_UP, "pon dsl")
    assert "kill -HUP 100" in lines and '"$($c)" != "$w"' in lines


def test_a_unit_is_restarted_and_not_waited_for() -> None:
    assert (
        dialling.action(facts(UNIT, up=True), Redial.UNIT, "x")
        == "r dial systemctl --no-block restart ppp@dsl.service\n"
    )


def test_what_starts_it_is_quoted() -> None:
    assert "'pon dsl; reboot'" in dialling.action(facts(None), Redial.START, "pon dsl; reboot")


def test_same_names_what_was_read_and_what_was_not_there() -> None:
    condition = dialling.same(UP)
    assert "/etc/ppp/chap-secrets" in condition and "[ ! -e /etc/ppp/options ]" in condition and "z 100" in condition
