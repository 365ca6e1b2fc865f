# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A connection whose other end is gone is noticed in seconds, by the API's client and the mailbox's."""

from __future__ import annotations

import socket

import pytest
import requests

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils import _dead_connections as dead
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api import bounded


def noticed(connection):
    return connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == dead.SILENT * 1000


@pytest.fixture
def server():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening


def test_a_socket(server):
    with socket.create_connection(server.getsockname()) as connection:
        assert not noticed(connection)
        dead.notice(connection)
        assert noticed(connection) and connection.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)


@pytest.mark.parametrize("proxied", [False, True])
def test_each_connection_of_the_api_s_client(server, monkeypatch, proxied):
    at = f"http://127.0.0.1:{server.getsockname()[1]}"
    seen = []
    real = socket.socket.connect

    def connect(self, address):
        real(self, address)
        seen.append(noticed(self))
        raise OSError("seen enough")

    monkeypatch.setattr(socket.socket, "connect", connect)
    with requests.Session() as session:
        session.trust_env = False
        bounded.bound(session)
        with pytest.raises(requests.ConnectionError):
            session.get(f"{at}/1.0/me", proxies={"http": at} if proxied else {}, timeout=5)
    assert seen == [True]


def test_what_this_system_does_not_know_is_left_out(server, monkeypatch):
    monkeypatch.setattr(dead, "OPTIONS", [(socket.IPPROTO_TCP, 9999, 1), *dead.OPTIONS])
    with socket.create_connection(server.getsockname()) as connection:
        dead.notice(connection)
        assert noticed(connection)
