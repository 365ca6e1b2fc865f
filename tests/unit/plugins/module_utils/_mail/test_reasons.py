# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why a mail is not read: each reason is one of its own, and ends a sentence that begins elsewhere."""

from __future__ import annotations

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail import reasons

ALL = {name: value for name, value in vars(reasons).items() if name.isupper() and isinstance(value, str)}


def test_they_are_many_and_apart():
    assert len(ALL) > 20 and len(set(ALL.values())) == len(ALL)


@pytest.mark.parametrize("name", sorted(ALL))
def test_each_goes_on_from_because(name):
    text = ALL[name]
    assert text[0].islower() and not text.endswith((".", " ")) and "\n" not in text
