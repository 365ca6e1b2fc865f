# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names that were looked up before the cut are known after it: a site's name server may go with the line."""

from __future__ import annotations

import socket
import time
import typing as t

#: Seconds for which a name server that failed is not asked again: each time it may take that long to fail.
REST = 30.0
LookUp = t.Callable[..., t.Any]


class Names:
    """A look-up that falls back on what it answered before.

    :param look_up: :func:`socket.getaddrinfo`, or one like it
    """

    def __init__(self, look_up: LookUp, clock: t.Callable[[], float] = time.monotonic) -> None:
        self._look_up, self._clock = look_up, clock
        self._known: dict[str, tuple[str, ...]] = {}
        self._failed: dict[str, float] = {}

    @property
    def known(self) -> dict[str, tuple[str, ...]]:
        """What was answered so far."""
        return dict(self._known)

    def learn(self, known: t.Mapping[str, t.Any]) -> None:
        """Fall back on what another process was answered, where this one was not."""
        for name, addresses in known.items():
            if isinstance(addresses, (list, tuple)):
                self._known.setdefault(str(name), tuple(map(str, addresses)))

    def lost(self, name: str) -> tuple[str, ...]:
        """The addresses of a name that is not answered any more, and was; none of one that is, or never was."""
        if name not in self._known or name in self._known[name]:
            return ()
        try:
            self._look_up(name, None)
        except OSError:
            return self._known[name]
        return ()

    def __call__(self, host: t.Any, port: t.Any, *more: t.Any, **named: t.Any) -> t.Any:
        """As :func:`socket.getaddrinfo`.

        :raises OSError: where that fails, and the name was not known before
        """
        name = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
        rests = self._clock() - self._failed.get(name, -REST) < REST
        if not (rests and name in self._known):
            try:
                found = self._look_up(host, port, *more, **named)
            except OSError:
                if name not in self._known:
                    raise
                self._failed[name] = self._clock()
            else:
                self._failed.pop(name, None)
                if host:
                    self._known[name] = tuple(dict.fromkeys(str(one[4][0]) for one in found))
                return found
        return [one for address in self._known[name] for one in self._numeric(address, port, more, named)]

    def _numeric(self, address: str, port: t.Any, more: tuple[t.Any, ...], named: dict[str, t.Any]) -> list[t.Any]:
        try:
            return list(self._look_up(address, port, *more, **named))
        except OSError:  # of the other address family
            return []


def remember() -> Names:
    """From here on, for all look-ups of this process."""
    if not isinstance(socket.getaddrinfo, Names):
        socket.getaddrinfo = Names(socket.getaddrinfo)
    return socket.getaddrinfo
