# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a mail quotes an older one."""

from __future__ import annotations

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail.older import begins


@pytest.mark.parametrize(
    "text",
    [
        "Le 3 mars 2026 \u00e0 10:00, OVH a \u00e9crit :",
        "On Tue, 3 Mar 2026, OVH wrote:",
        "Am 03.03.2026 schrieb OVH:",
        "-----Original Message-----",
        "-------- Message d'origine --------",
        "From: OVH\nSent: Tuesday",
        "De : OVH\nEnvoy\u00e9 : mardi",
    ],
)
def test_it_begins_here(text):
    assert begins(f"Hello\n\n{text}\n") < len("Hello\n\n") + 2


@pytest.mark.parametrize("text", ["Password: from us", "Your login from: today", "We wrote to you.", "- original"])
def test_it_does_not_begin_here(text):
    assert begins(f"Hello\n\n{text}\n") == len(f"Hello\n\n{text}\n")
