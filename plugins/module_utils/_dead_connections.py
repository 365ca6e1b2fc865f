# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A connection from before this machine lost its line is dead, and nobody says so: it has to be noticed soon."""

from __future__ import annotations

import contextlib
import socket
import typing as t

#: Seconds for what was sent to be acknowledged, and for a silent other end to answer a probe of TCP (tcp(7)).
SILENT = 8
#: Level, option, value; those that this system knows.
OPTIONS: list[tuple[int, int, int]] = [
    (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
    *(
        (socket.IPPROTO_TCP, getattr(socket, name), value)
        for name, value in (
            ("TCP_USER_TIMEOUT", SILENT * 1000),
            ("TCP_KEEPIDLE", SILENT // 2),
            ("TCP_KEEPINTVL", SILENT // 4),
            ("TCP_KEEPCNT", 2),
        )
        if hasattr(socket, name)
    ),
]


def notice(connection: socket.socket) -> None:
    """Have reads and writes fail within :data:`SILENT` seconds or so once the other end is not there any more.

    An answer that takes long is none of that: the other end's system acknowledges what came meanwhile.
    """
    for option in OPTIONS:
        with contextlib.suppress(OSError):
            connection.setsockopt(*option)


def noticing(adapter: t.Any) -> t.Any:
    """A subclass of ``requests``' HTTPAdapter whose connections are such ones."""
    from urllib3.connection import HTTPConnection

    options = [*HTTPConnection.default_socket_options, *OPTIONS]

    class Noticing(adapter):  # type: ignore[misc]  # requests has no stubs here
        """To a host, and to a proxy."""

        def init_poolmanager(self, *args: t.Any, **kwargs: t.Any) -> None:
            super().init_poolmanager(*args, **{**kwargs, "socket_options": options})

        def proxy_manager_for(self, *args: t.Any, **kwargs: t.Any) -> t.Any:
            return super().proxy_manager_for(*args, **{**kwargs, "socket_options": options})

    return Noticing
