# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the tests of the tutorials share: those of the platforms, and a local API that knows the key of the pages."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
for folder in (TESTS, TESTS / "tools", TESTS / "sandbox"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

# E402: found on the path that is set just above.
from platforms import conftest as of_platforms  # noqa: E402
from platforms import needs  # noqa: E402
from role.lab import Lab  # noqa: E402
from role.site import Site  # noqa: E402

collections, others = of_platforms.collections, of_platforms.others
#: The names of the pages.
KEY = {
    "application_key": "your-application-key",
    "application_secret": "your-application-secret",
    "consumer_key": "your-consumer-key",
}


def pytest_configure(config: pytest.Config) -> None:
    """What is missing is said once, with the command that installs it."""
    config.addinivalue_line("markers", "soak: too long for `make test`; `make soak` runs it")
    if packages := needs.missing_packages():
        raise pytest.UsageError(f"apt-get install -y --no-install-recommends {' '.join(packages)}")


def taught(site: Site) -> Site:
    """The local API takes the key of the pages, and no other; its mail comes after a second."""
    record = site.admin("GET", "/state")["credentials"]["test-ck"]
    applications = {KEY["application_key"]: KEY["application_secret"]}
    credentials = {KEY["consumer_key"]: {**record, "application_key": KEY["application_key"]}}
    site.admin("PUT", "/state", {"applications": applications, "credentials": credentials, "mail_delay": 1})
    return site


@pytest.fixture
def world(collections: Path, others: Path) -> Iterator[Site]:
    """A site without its router."""
    with Site(collections, others) as site:
        yield taught(site)


@pytest.fixture
def lab(collections: Path) -> Iterator[Lab]:
    """A site with a Debian router, whose pppd is played."""
    with Lab(collections, holdoff=0.5) as one:
        yield taught(one)  # type: ignore[misc]
