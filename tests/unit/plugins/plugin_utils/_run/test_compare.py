# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether the mail's password is the one on the router, by the router's own driver, without a write."""

from __future__ import annotations

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers import port
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._run import compare

MAIL = {"login": "me@isp", "password": "of the mail"}


class Driver:
    """Answers one apply, in check mode."""

    def __init__(self, answer):
        self.answer, self.asked = answer, []

    def unfit(self, _credentials):
        return ""

    def apply(self, credentials, *, dial, age, check):
        self.asked.append((credentials.password, dial, check))
        if isinstance(self.answer, Failure):
            raise self.answer
        return self.answer


@pytest.mark.parametrize(("written", "same"), [(True, False), (False, True)])
def test_compared(written, same):
    driver = Driver(port.Applied(written, written, False))
    assert compare.compared(driver, "me@isp", MAIL) == (same, "")
    assert driver.asked == [("of the mail", port.Dial.NEVER, True)], "nothing is written, nothing dials"
    assert compare.compared(driver, "Me@ISP", MAIL) == (same, ""), "one login, as the router writes it"


@pytest.mark.parametrize(
    ("answer", "login", "mail", "why"),
    [
        (None, "me@isp", {"login": "me@isp"}, "no mail gives one in plain text"),
        (None, "you@isp", MAIL, "that mail is for the login me@isp"),
        (Failure("router_refused", "It says no."), "me@isp", MAIL, "the router does not accept it: It says no"),
        (port.Applied(True, True, False, compared=False), "me@isp", MAIL, "does not show its password"),
    ],
)
def test_what_cannot_be_compared(answer, login, mail, why):
    same, said = compare.compared(Driver(answer), login, mail)
    assert same is None and why in said


def test_credentials_of_a_mail():
    assert compare.credentials_of({"login": "x", "password": ""}) is None
    found = compare.credentials_of(MAIL)
    assert (found.login, found.password) == ("me@isp", "of the mail") and "of the mail" not in repr(found)
