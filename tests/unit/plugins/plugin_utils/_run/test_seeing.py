# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A line as far as it was looked at: what stops it is said with what was not done, and what is noted is warned of."""

from __future__ import annotations

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._preflight.preflight import Place
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._run.means import Stopped
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._run.seeing import Seeing
from ansible_collections.ownrouter.ovhcloud.tests.unit.plugins.plugin_utils._run.test_flow import World, run_of
from ansible_collections.ownrouter.ovhcloud.tests.unit.plugins.plugin_utils.run_states import FRESH, LINE


def seeing(entry="main", **given):
    return Seeing(run_of(World(), FRESH, **given), Place(hosts=3), entry)


@pytest.mark.parametrize(
    ("given", "store"),
    [
        ({}, ""),
        ({"store_vault_file": "/x.yml"}, "file"),
        ({"store": "/x.yml"}, "tasks"),
    ],
)
def test_which_store(given, store):
    assert seeing(**given).sight.store == store


def test_nothing_to_say_stops_nothing():
    seeing()._stop_at([])


def test_what_stops_it_says_that_nothing_was_changed():
    with pytest.raises(Stopped) as caught:
        seeing()._stop_at(["The first.", "The second."])
    said = str(caught.value)
    assert said.startswith(f"{LINE}: The first. The second.") and "Nothing was changed" in said
    assert caught.value.failure["code"] == "preflight" and caught.value.verdict["could_renew"] is False


def test_a_command_that_lacks_an_option_is_not_given_without_it():
    with pytest.raises(Stopped) as caught:
        seeing()._stop_at(["No vault password."], add=["--ask-vault-pass"])
    assert "same command" not in str(caught.value) and "Then, with it:" in str(caught.value)


def test_a_note_is_a_warning_and_stands_in_the_verdict():
    one = seeing()
    one._note(["careful"])
    one._note(["only a warning"], seen=False)
    assert one.sight.notes == ("careful",)
    assert one.run.warnings == [f"{LINE}: careful", f"{LINE}: only a warning"]


def test_a_preflight_alone_has_its_notes_in_the_verdict():
    one = seeing("preflight")
    one._note(["careful"])
    assert one.run.warnings == [] and one.sight.notes == ("careful",)
