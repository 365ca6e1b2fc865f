# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What every driver is: what it hands over hides the password, and what no router takes is refused."""

from __future__ import annotations

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers import port
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.port import Credentials


class Driver:
    """Takes no password that begins with a blank."""

    def unfit(self, credentials: Credentials) -> str:
        return "No blank." if credentials.password.startswith(" ") else ""


def test_credentials_hide_the_password() -> None:
    assert "Kanarie" not in repr(Credentials("me", "Kanarie"))


@pytest.mark.parametrize(
    ("login", "password", "said"),
    [
        ("", "x", "The login is empty"),
        ("me", "", "The password is empty"),
        ("me", "a\tb", "control character"),
        ("a\x7f", "x", "control"),
    ],
)
def test_what_no_router_takes(login: str, password: str, said: str) -> None:
    assert said in port.unfit_characters(Credentials(login, password))


def test_what_is_taken() -> None:
    assert port.unfit_characters(Credentials("me", " a'\u00e9 ")) == ""


def test_it_is_refused_with_what_was_not_done() -> None:
    driver: port.Router = Driver()  # type: ignore[assignment]
    port.refuse_unfit(driver, Credentials("me", "x"))
    for password in ("", " x"):
        with pytest.raises(Failure, match="Nothing was written on the router") as caught:
            port.refuse_unfit(driver, Credentials("me", password))
        assert caught.value.code == "router_option"
