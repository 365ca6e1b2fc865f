# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an interface that exists has otherwise than its line needs, for every platform, and how that is told (pure)."""

from __future__ import annotations

import re
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.port import Difference, Existing, Interface

#: Without a session, none comes over these as long as they are others.
LINK = ("device", "VLAN")


def differences(has: Existing | None, wanted: Interface) -> tuple[Difference, ...]:
    """Each setting that differs, in a fixed order; none of an interface that is still to be made."""
    if has is None:
        return ()
    pairs = (
        ("device", has.device or "none", wanted.device),
        ("VLAN", _vlan(has.vlan), _vlan(wanted.vlan)),
        ("MTU", has.mtu, str(wanted.mtu)),
        ("IPv6", "on" if has.ipv6 else "off", "on"),
    )
    return tuple(Difference(what, found, needs) for what, found, needs in pairs if found != needs)


def port_of(name: str) -> tuple[str, int]:
    """Port and VLAN of an interface that is called after both, such as eth1.835."""
    found = re.fullmatch(r"(.+)\.([1-9]\d{0,3})", name)
    return (found[1], int(found[2])) if found else (name, 0)


def in_words(differs: t.Iterable[Difference]) -> str:
    """Such as "VLAN none instead of 835, MTU 1480 instead of 1492"."""
    return ", ".join(f"{one.what} {one.has} instead of {one.needs}" for one in differs)


def lines_left(interface: str, differs: t.Iterable[Difference]) -> tuple[str, ...]:
    """Lines of a diff for what is left as it is: neither a "-" nor a "+" begins one."""
    return tuple(f" {interface}: {one.what} {one.has}, not {one.needs}: left as it is" for one in differs)


def of_link(differs: t.Iterable[Difference]) -> bool:
    """Is one of them such that no session comes?"""
    return any(one.what in LINK for one in differs)


def _vlan(number: int) -> str:
    return str(number or "none")
