# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is said of an interface that exists and is not what its line needs (pure)."""

from __future__ import annotations

import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.differences import in_words
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.port import Difference

Differs = t.Sequence[Difference]
#: A driver's word for the option; whoever shows the sentence names it.
CHANGES = "O(changes)"


def left(interface: str, differs: Differs) -> str:
    """It was not changed."""
    return (
        f"The interface {interface} exists, and is not what the line needs: {in_words(differs)}. It was left as it is. "
        f"Set {CHANGES} to have it changed."
    )


def changes(interface: str, differs: Differs, address: str, *, only_told: bool) -> str:
    """It is about to be changed, or would be.

    :param address: of a session that ends by that; "" for none
    """
    would = "would be" if only_told else "is now"
    said = f"The interface {interface} {would} changed: {in_words(differs)}."
    if not address:
        return said
    return (
        f"{said} That {'would end' if only_told else 'ends'} its session ({address}); the router dials anew by itself."
    )


def without_session(interface: str, differs: Differs) -> str:
    """Nothing comes of another password there, so none is requested."""
    return (
        f"the interface {interface} has no session, and is not on the line: {in_words(differs)}. A new password would "
        "not bring it up. Set router_pppoe_provision_changes to have it changed; if it is right as it is, unset "
        "router_pppoe_provision."
    )


def no_session_since(interface: str, differs: Differs, seconds: float, why: str) -> str:
    """A change took a session down for good; no password is requested on top of that."""
    before = ", ".join(f"{one.what} {one.has}" for one in differs)
    return (
        f"the interface {interface} was changed, and no session came within {seconds:g} s ({why.rstrip('.')}). Before, "
        f"it had: {before}. Put that back on the router, or correct router_pppoe_provision_device and "
        "router_pppoe_provision_vlan."
    )
