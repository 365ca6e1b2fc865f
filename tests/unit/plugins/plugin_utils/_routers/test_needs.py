# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a driver needs on this machine, and the command that gets it."""

from __future__ import annotations

import sys

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers import needs


@pytest.mark.parametrize(
    ("text", "found"), [("a.b", ("a.b", "")), (" a-b >= 1.2 ", ("a-b", "1.2")), ("x>=3", ("x", "3"))]
)
def test_a_requirement(text: str, found: tuple[str, str]) -> None:
    assert needs.parse_requirement(text) == found


@pytest.mark.parametrize("text", ["", "a b", "a==1", "a>1", "a>=", "; rm"])
def test_what_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="neither NAME"):
        needs.parse_requirement(text)


@pytest.mark.parametrize(
    ("version", "least", "good"),
    [(None, "", False), ("", "9", True), ("1.10", "1.9", True), ("1.8", "1.9", False), ("2.0", "", True)],
)
def test_enough(version: str | None, least: str, good: bool) -> None:
    assert needs.enough(version, least) is good


def test_what_is_here() -> None:
    assert needs.package_version("pytest") and needs.package_version("no-such-package-of-ours") is None
    assert needs.collection_version("no.such") is None
    assert needs.collection_version("ownrouter.ovhcloud") is not None
    assert needs.missing_packages(["pytest", "no-such | pytest>=1"]) == []


def test_what_is_missing_is_said_with_its_command() -> None:
    (said,) = needs.missing_packages(["no-such>=2 | no-other"])
    assert "no-such 2 or newer (not installed) or no-other (not installed)" in said
    assert said.endswith("-m pip install 'no-such>=2'") and sys.executable in said
    (said,) = needs.missing_packages(["pytest>=9999"])
    assert "is installed" in said
    (said,) = needs.missing_collections(["no.such>=3"])
    assert said.endswith("ansible-galaxy collection install 'no.such:>=3'")


def test_a_platform_that_lacks_something_is_refused() -> None:
    needs.refuse_lacking("x", [], ["pytest"])
    with pytest.raises(Failure, match=r"The platform x needs on this machine .*no-such.*The router was not asked"):
        needs.refuse_lacking("x", ["no.such"], ["no-such"])
