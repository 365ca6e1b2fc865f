# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How this machine reaches a host: its addresses, and the kernel's routes to them."""

from __future__ import annotations

import contextlib
import dataclasses
import socket
import subprocess
import typing as t
import urllib.request
from urllib.parse import urlsplit

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ways import bsd, forwards, kernel
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ways.facts import Route, Target

#: Seconds for one address to answer.
ANSWER = 4.0
RESOLV_CONF = "/etc/resolv.conf"
RELEASE = "/proc/sys/kernel/osrelease"
WSL = "this is WSL, which uses the network of Windows, and its routes are not seen from here"


def addresses(name: str) -> tuple[str, ...]:
    """The addresses of a name, in the order in which they are tried; none without any."""
    try:
        found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return ()
    return tuple(dict.fromkeys(str(info[4][0]) for info in found))


class Routes:
    """The routes of this machine."""

    def __init__(self) -> None:
        try:
            self._kernel: kernel.Kernel | None = kernel.Netlink() if hasattr(socket, "AF_NETLINK") else None
        except OSError:
            self._kernel = None
        self._untold = WSL if wsl() else ""

    def to(self, address: str, port: int = 0) -> Route:
        """The kernel's own look-up; one without an interface where there is no route, or nothing that tells."""
        try:
            if self._kernel is not None:
                return kernel.route(self._kernel, address, port, self._untold)
            return bsd.route(address, _said(bsd.command(address)))
        except (OSError, ValueError, subprocess.SubprocessError):
            return Route(address)


def _said(words: t.Sequence[str]) -> str:
    # An action asks, too, and has no module to run a command by.
    # pylint: disable-next=ansible-bad-function
    done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=10, check=False)
    return done.stdout


def wsl(release: str = RELEASE) -> bool:
    """Is this Linux one of the Windows Subsystem? Its kernel's release says so (docs of WSL: "microsoft")."""
    try:
        with open(release, encoding="utf-8") as file:
            return "microsoft" in file.read().lower()
    except (OSError, UnicodeError):
        return False


def target(what: str, name: str, port: int = 0, *, connect: bool = False) -> Target:
    """A host, and how this machine reaches it.

    :param connect: find out which of its addresses is the one that is used, by a connection without a word
    """
    routes = Routes()
    found = addresses(name)
    answering = next(filter(None, (_answers(one, port) for one in found)), "") if connect and port else ""
    used = [answering] if answering else found
    return Target(what, name, port, found, tuple(_further(routes.to(one, port), port) for one in used))


def _further(route: Route, port: int) -> Route:
    """The kernel's route ends at the loopback: does whoever listens there take it further?"""
    if not route.loopback or not port:
        return route
    return dataclasses.replace(route, untold=forwards.told(port))


def _answers(address: str, port: int) -> str:
    try:
        with socket.create_connection((address, port), timeout=ANSWER) as connection:
            return str(connection.getpeername()[0])
    except OSError:
        return ""


def of_url(url: str, what: str = "the API") -> Target:
    """The host of a URL, or the proxy that the environment puts before it, as the client library would take it."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or (80 if parts.scheme == "http" else 443)
    proxy = proxy_of(parts.scheme, f"{host}:{port}", host)
    if not proxy:
        return target(what, host, port, connect=True)
    at = urlsplit(proxy if "//" in proxy else f"//{proxy}")
    first = target(what, at.hostname or "", at.port or 80, connect=True)
    return dataclasses.replace(first, name=host, port=port, proxy=f"{first.name}:{first.port}")


def proxy_of(scheme: str, netloc: str, host: str) -> str:
    """The proxy that HTTPS_PROXY, ALL_PROXY and NO_PROXY name; "" for none."""
    with contextlib.suppress(Exception):  # an odd environment is the client library's to complain of
        proxies = urllib.request.getproxies()
        found = str(proxies.get(scheme) or proxies.get("all") or "")
        return "" if not found or urllib.request.proxy_bypass(netloc) or urllib.request.proxy_bypass(host) else found
    return ""


def name_servers(path: str = RESOLV_CONF) -> tuple[str, ...]:
    """The name servers in resolv.conf(5)."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            words = [line.split() for line in file]
    except OSError:
        return ()
    return tuple(dict.fromkeys(word[1] for word in words if len(word) > 1 and word[0] == "nameserver"))


def defaults(folder: str = "/proc/net") -> tuple[str, ...]:
    """The default routes of Linux' main tables, each by interface and gateway; none where nothing tells.

    The columns are those of proc(5) and of net/ipv6/route.c: interface and gateway stand at 0 and 2, and at 9 and 4.
    """
    found: set[str] = set()
    for name, interface, destination, mask, gateway, any_ in (
        ("route", 0, 1, 7, 2, "00000000"),
        ("ipv6_route", 9, 0, 1, 4, "0" * 32),
    ):
        with contextlib.suppress(OSError), open(f"{folder}/{name}", encoding="ascii", errors="replace") as file:
            for words in map(str.split, file):
                if len(words) >= 9 and words[destination] == any_ and words[mask] in ("00000000", "00"):
                    found.add(f"{words[interface]} {words[gateway]}")
    return tuple(sorted(found))


def servers() -> tuple[Target, ...]:
    """The name servers of this machine, and the routes to them."""
    routes = Routes()
    return tuple(Target("the name server", one, 53, (one,), (routes.to(one, 53),)) for one in name_servers())
