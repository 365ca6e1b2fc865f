# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The text of a peer file: whatever stood there, it is changed once, or refused."""

from __future__ import annotations

import dataclasses

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.linux_pppd import making
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.linux_pppd.words import given_options
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.port import Interface

PEER = "dsl-provider"
WANTED = Interface("eth1", 835, 1492, "0320123456_1@adsl.ovh")


@given(st.binary(max_size=200), st.sampled_from([0, 835]))
def test_any_file_is_changed_once(old: bytes, vlan: int) -> None:
    """And what was its own is still read as it was."""
    wanted = dataclasses.replace(WANTED, vlan=vlan)
    try:
        new, edits = making.peer_text(old, PEER, wanted, "pppoe.so")
        assert (new != old) == bool(edits)
        again, none = making.peer_text(new, PEER, wanted, "pppoe.so")
    except Failure:
        return
    assert again == new and none == []
    names = {name for name, _word, _value in given_options(new)}
    assert {b"mtu", b"mru", b"plugin", b"noauth"} <= names
