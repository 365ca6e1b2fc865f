# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a text may be a password, and why not."""

from __future__ import annotations

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail import reasons, value

LOGIN = "0320123456_1@adsl.ovh"


@pytest.mark.parametrize("text", ["Ab3dEf5h", "k7#mQ2-x", "xY9!zK4mQ", "7GhT2kLp9w"])
def test_passwords(text):
    assert value.why_no_password(text, LOGIN) is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("********", reasons.MASKED),
        ("{{ password }}", reasons.PLACEHOLDER),
        (LOGIN, None),
        ("unchanged", None),
        ("https://example.net/x", None),
        ("2026-03-01", None),
        ("", None),
        ("x" * 256, None),
    ],
)
def test_what_is_none(text, why):
    found = value.why_no_password(text, LOGIN)
    assert found and (why is None or found == why)


def test_what_was_given_as_the_password_alone():
    assert value.why_no_secret("Ab3dEf5h", LOGIN) is None
    for text in ("", LOGIN, "x" * 300, "a\nb"):
        assert value.why_no_secret(text, LOGIN)


def test_a_reason_ends_the_reading():
    value.refuse(None)
    with pytest.raises(value.Refused) as caught:
        value.refuse("it is masked")
    assert caught.value.near_miss
