# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The steps on a pppd router are shell that every POSIX shell takes, and hold no secret of their own."""

from __future__ import annotations

import subprocess

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.linux_pppd import steps
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.shell import BEGIN

STEPS = {name: value for name, value in vars(steps).items() if name.isupper() and isinstance(value, str)}


@pytest.mark.parametrize("shell", ["dash", "bash"])
@pytest.mark.parametrize("name", sorted(STEPS))
def test_each_is_one(name: str, shell: str) -> None:
    done = subprocess.run([shell, "-n"], input=BEGIN + STEPS[name], text=True, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def test_they_write_where_they_are_told_alone() -> None:
    """Files of the router are named by the driver, and made in their own folder."""
    assert len(STEPS) >= 6 and "/tmp/" not in "".join(STEPS.values())
    assert "mktemp" in steps.WRITE and "trap" in steps.WRITE
