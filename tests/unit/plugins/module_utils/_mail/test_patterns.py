# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the user says of the mail: patterns that are refused where they cannot do, and never search for ever."""

from __future__ import annotations

import re
import time

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail import patterns


def compiled(**given):
    none = dict.fromkeys(("mail_title", "mail_login_pattern", "mail_password_pattern"))
    return patterns.compiled({**none, **given})


def test_patterns_of_options():
    found = compiled(mail_title="(?i)pppoe", mail_password_pattern="^Pass: (\\S+)$")
    assert found.title.search("PPPoE") and found.login is None
    assert patterns.places(found.password, "password", "x\nPass: abc\n") == [(8, 11)]


@pytest.mark.parametrize(
    ("option", "source", "why"),
    [
        ("mail_title", "(", "is not a regular expression"),
        ("mail_title", "a" * 501, "is too long"),
        ("mail_login_pattern", "abc", "has 0 groups"),
        ("mail_login_pattern", "(a)(b)", "has 2 groups"),
        ("mail_password_pattern", "(?:a+)+(b)$", "may take for ever"),
    ],
)
def test_what_is_refused(option, source, why):
    with pytest.raises(Failure) as caught:
        compiled(**{option: source})
    assert caught.value.code == "invalid_option" and option in caught.value.message and why in caught.value.message


def test_a_named_group_among_several():
    found = compiled(mail_login_pattern="(a|b)=(?P<login>\\S+)")
    assert patterns.places(found.login, "login", "a=me b=me b=you") == [(2, 4), (12, 15)]


def test_what_takes_too_long_is_interrupted():
    began = time.monotonic()
    with pytest.raises(patterns.TooSlow), patterns.limited(0.05):
        re.match("(a|a)*b", "a" * 40)
    assert time.monotonic() - began < 20
