# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Nothing is shown or logged while a secret is carried, and everything is as it was afterwards."""

from __future__ import annotations

import pytest
from ansible import constants
from ansible.utils.display import Display

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.unseen import unseen


def state():
    return Display().verbosity, Display().log_verbosity, constants.DEFAULT_DEBUG


@pytest.fixture
def talkative(monkeypatch):
    monkeypatch.setattr(Display(), "verbosity", 5)
    monkeypatch.setattr(Display(), "log_verbosity", 3)
    monkeypatch.setattr(constants, "DEFAULT_DEBUG", True)


def test_silent_inside_and_as_before_outside(talkative):
    with unseen():
        assert state() == (0, 0, False)
    assert state() == (5, 3, True)


def test_as_before_where_it_fails(talkative):
    with pytest.raises(KeyError), unseen():
        raise KeyError
    assert state() == (5, 3, True)


def test_one_within_another(talkative):
    with unseen(), unseen():
        pass
    assert state() == (5, 3, True)
