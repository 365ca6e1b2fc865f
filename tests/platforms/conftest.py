# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the tests of the platforms share: a site with the local OVH API, and no router yet."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
for folder in (TESTS, TESTS / "tools", TESTS / "sandbox"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

# E402: found on the path that is set just above.
from role.site import Site  # noqa: E402

from platforms import needs  # noqa: E402

#: Tells at the end how much was looked through.
pytest_plugins = ["leaks.hunt"]


def pytest_configure(config: pytest.Config) -> None:
    """Nothing of the platforms is skipped: what is missing is said once, with the command that installs it."""
    config.addinivalue_line("markers", "soak: too long for `make test`; `make soak` runs it")
    if packages := needs.missing_packages():
        raise pytest.UsageError(f"apt-get install -y --no-install-recommends {' '.join(packages)}")


@pytest.fixture(scope="session")
def collections(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder with this collection and no other: PLATFORMS_COLLECTIONS, or a copy of the work tree."""
    given = os.environ.get("PLATFORMS_COLLECTIONS")
    if given:
        yield Path(given)
        return
    import workspace

    folder = tmp_path_factory.mktemp("collections")
    workspace.copy_collection(folder)
    yield folder


@pytest.fixture(scope="session")
def others(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the collections of other routers: PLATFORMS_OTHERS, or the work tree's own."""
    given = os.environ.get("PLATFORMS_OTHERS")
    if given:
        return Path(given)
    import workspace
    from ansible.release import __version__

    return workspace.collections(".".join(__version__.split(".")[:2]), Path(sys.executable).parent)


@pytest.fixture
def world(collections: Path, others: Path) -> Iterator[Site]:
    """A site whose line has its session; the mail comes a second after the request."""
    with Site(collections, others) as site:
        site.admin("PUT", "/state", {"mail_delay": 1})
        yield site


@pytest.fixture
def bare_world(collections: Path) -> Iterator[Site]:
    """A site without any other collection."""
    with Site(collections) as site:
        site.admin("PUT", "/state", {"mail_delay": 1})
        yield site
