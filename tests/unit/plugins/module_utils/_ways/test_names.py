# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names that are known from before the cut."""

from __future__ import annotations

import socket

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ways import names


class Server:
    """A name server that can be gone, and numbers that need none."""

    def __init__(self):
        self.gone, self.asked, self.now = False, [], 0.0
        self.names = names.Names(self.look_up, lambda: self.now)

    def look_up(self, host, port, family=0, kind=0):
        if host in ("198.51.100.1", "2001:db8::1"):
            if family == socket.AF_INET and ":" in host:
                raise socket.gaierror("of the other family")
            return [(family, kind, 0, "", (host, port))]
        self.asked.append(host)
        if self.gone or host != "api":
            raise socket.gaierror("no name server")
        return [(0, kind, 0, "", (one, port)) for one in ("2001:db8::1", "198.51.100.1")]


def test_a_name_is_known_when_its_server_is_gone():
    server = Server()
    before = server.names("api", 443, 0, 1)
    server.gone = True
    assert server.names("api", 443, 0, 1) == before
    assert server.names(b"api", 993) == [(0, 0, 0, "", (one, 993)) for one in ("2001:db8::1", "198.51.100.1")]
    assert [one[4][0] for one in server.names("api", 443, socket.AF_INET)] == ["198.51.100.1"]


def test_one_that_was_never_known_fails():
    server = Server()
    with pytest.raises(socket.gaierror):
        server.names("imap", 993)
    server.gone = True
    with pytest.raises(socket.gaierror):
        server.names("api", 443)


def test_a_server_that_is_gone_is_asked_now_and_then():
    server = Server()
    server.names("api", 443)
    server.gone = True
    for second in (0, 1, 29, 31, 32, 62):
        server.now = second
        server.names("api", 443)
    assert len(server.asked) == 1 + 3
    server.gone, server.now = False, 100
    server.names("api", 443)
    server.names("api", 443)
    assert len(server.asked) == 1 + 3 + 2


def test_it_is_one_wrapper_for_a_process(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", socket.getaddrinfo)
    names.remember()
    first = socket.getaddrinfo
    names.remember()
    assert socket.getaddrinfo is first and socket.getaddrinfo("127.0.0.1", 9)[0][4] == ("127.0.0.1", 9)
    assert socket.getaddrinfo(None, 9)


def test_what_another_process_was_answered_is_known_here():
    server = Server()
    server.names.learn({"api": ["198.51.100.1"], "odd": 7})
    server.gone = True
    assert server.names("api", 443) == [(0, 0, 0, "", ("198.51.100.1", 443))]
    assert server.names.known == {"api": ("198.51.100.1",)}


def test_a_name_is_lost_where_it_was_answered_and_is_not():
    server = Server()
    server.names("api", 443)
    assert server.names.lost("api") == () == server.names.lost("never")
    server.gone = True
    assert server.names.lost("api") == server.names.known["api"] != ()
    assert server.names.lost("198.51.100.1") == ()
