# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Python package ovh: is it there, in the Python that runs, and new enough?"""

from __future__ import annotations

import importlib.machinery
import importlib.metadata
import importlib.util
import shlex
import sys

from ansible.module_utils.compat.version import LooseVersion

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure

#: The first release with OAuth2.
LEAST = "1.2.0"


def here() -> bool:
    """Can this process itself ask OVHcloud?"""
    try:
        found = importlib.util.find_spec("ovh")
    except (ImportError, ValueError):  # of a package that is broken, or half removed
        return False
    if found is None or found.submodule_search_locations is None:
        return False
    # Without an import of ovh, which reads every ovh.conf, and fails with a line of one that is damaged.
    inner = importlib.machinery.PathFinder.find_spec("ovh.oauth2", list(found.submodule_search_locations))
    return inner is not None


def missing(error: ImportError) -> Failure:
    """What to say where it is not, or too old, with the command that installs it for the very Python that runs."""
    python = sys.executable or "python3"
    try:
        version = importlib.metadata.version("ovh")
    except importlib.metadata.PackageNotFoundError:
        why = "ovh is missing"
    else:
        old = LooseVersion(version) < LooseVersion(LEAST)
        why = f"ovh {version} is too old" if old else f"ovh {version} cannot be imported ({error})"
    return Failure(
        "missing_library",
        f"The Python package {why}, in the Python that runs this: {python}, on the host that runs this module (by "
        f"default the control node). {LEAST} or newer is needed. Nothing was sent. Install it "
        f"({shlex.quote(python)} -m pip install 'ovh>={LEAST}').",
        {"package": "ovh", "python": python},
    )
