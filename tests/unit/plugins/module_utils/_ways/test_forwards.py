# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ports of this machine's loopback that are forwards."""

from __future__ import annotations

import os
import socket

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ways import forwards
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ways.forwards import Process, Sockets

HEAD = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
# As a little-endian kernel prints them: "ssh -L 2222:192.168.1.1:22 192.0.2.20", and who is logged in to this machine.
TABLE = (
    HEAD
    + """\
   0: 0100007F:08AE 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 501 1 0 100 0 0 10 0
   1: 0A0200C0:A002 140200C0:0016 01 00000000:00000000 00:00000000 00000000     0        0 502 1 0 100 0 0 10 0
   2: 0100007F:A004 0100007F:08AE 01 00000000:00000000 00:00000000 00000000     0        0 503 1 0 100 0 0 10 0
   3: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 504 1 0 100 0 0 10 0
   4: 0A0200C0:0016 630200C0:A006 01 00000000:00000000 00:00000000 00000000     0        0 505 1 0 100 0 0 10 0
   5: 0A0200C0:A008 140200C0:01BB 02 00000000:00000000 00:00000000 00000000     0        0 506 1 0 100 0 0 10 0
"""
)
TABLE6 = (
    HEAD
    + """\
   0: 00000000000000000000000001000000:1F90 00000000000000000000000000000000:0000 0A 00:00 00:00 00 0 0 601 1
   1: 0000000000000000FFFF00000100007F:A004 0000000000000000FFFF00000100007F:08AE 01 00:00 00:00 00 0 0 602 1
"""
)


@pytest.fixture(autouse=True)
def little_endian(monkeypatch):
    monkeypatch.setattr(forwards.sys, "byteorder", "little")


def test_what_the_kernel_s_tables_tell():
    assert forwards.sockets([TABLE, TABLE6], 2222) == Sockets(frozenset({"501"}), frozenset({"502", "505", "506"}))
    assert forwards.sockets([TABLE, TABLE6], 8080).listening == {"601"}
    assert forwards.sockets([TABLE, TABLE6], 23).listening == frozenset()


SSH = Process("ssh", 1, frozenset({"501", "502"}))
SSHD = {7: Process("sshd", 1, frozenset({"504"})), 8: Process("sshd-session", 7, frozenset({"505"}))}


@pytest.mark.parametrize(
    ("port", "processes", "part"),
    [
        (2222, {5: SSH, **SSHD}, "it is a port forward by the program ssh,"),
        (2222, {5: Process("bridge", 1, frozenset({"501"})), 6: Process("bridge", 5, frozenset({"506"}))}, "bridge"),
        (2222, SSHD, "what listens there is not seen from here"),
        (2222, {5: Process("dovecot", 1, frozenset({"501"})), 6: SSH._replace(sockets=frozenset({"502"}))}, ""),
        # A server that others are logged in to forwards nothing by that.
        (22, SSHD, ""),
        (23, {}, ""),
    ],
)
def test_it_is_told_by_what_the_listening_program_does(port, processes, part):
    said = forwards.forwards(forwards.sockets([TABLE], port), processes)
    assert part in said and bool(said) is bool(part)


def test_a_port_of_this_very_process():
    """The kernel's own tables: it listens, and is connected to nobody outside."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with open("/proc/net/tcp", encoding="ascii") as file:
            number = forwards.sockets([file.read()], port).listening
        assert number <= forwards.processes()[os.getpid()].sockets and number
        assert forwards.told(port) == ""
    assert forwards.told(port) == ""
