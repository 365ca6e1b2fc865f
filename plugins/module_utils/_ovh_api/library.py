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
import typing as t

from ansible.module_utils.compat.version import LooseVersion

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api import bounded
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api.failures import Response

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


class OvhClient(t.Protocol):
    """The part of ``ovh.Client`` that is used here; ``ovh`` has no type stubs."""

    #: Seconds that OVH's clock is ahead, None until known: private, and set here to spare the client its own request.
    _time_delta: int | None
    #: Seconds to connect, and to wait for bytes.
    _timeout: tuple[float, float]

    def raw_call(
        self,
        method: str,
        path: str,
        data: t.Any,
        need_auth: bool,
        headers: dict[str, str],
    ) -> Response: ...


class Nothing:
    """In place of the ovh client's look-up in environment and files: it finds nothing."""

    def get(self, _section: str, _name: str) -> None:
        return None


def timed_session(oauth2: t.Any, timeout: tuple[float, float]) -> type:
    """Its OAuth2 session asks for a token without a time-out and follows redirections; this one does neither.

    :param oauth2: the module ``ovh.oauth2``
    :param timeout: seconds to connect, and to wait for bytes
    """
    # The library's own class: an earlier call has put ours in its place, and a process may make many clients.
    known = oauth2.RefreshOAuth2Session.__mro__
    session: t.Any = next(one for one in known if one.__module__ == oauth2.__name__)

    class TimedSession(session):  # type: ignore[misc]  # ovh has no stubs
        def __init__(self, *args: t.Any, **kwargs: t.Any) -> None:
            super().__init__(*args, **kwargs)
            self.max_redirects = 0
            bounded.bound(self)

        def request(self, *args: t.Any, **kwargs: t.Any) -> t.Any:
            if kwargs.get("timeout") is None:
                kwargs["timeout"] = timeout
            return super().request(*args, **kwargs)

    return TimedSession
