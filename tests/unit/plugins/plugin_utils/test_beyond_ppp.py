# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What has to answer over the line: how it is named, waited for and told."""

from __future__ import annotations

import socket
import threading

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils import _beyond_ppp as beyond
from ansible_collections.ownrouter.ovhcloud.tests.unit.plugins.plugin_utils.run_states import LINE, WORDS

A, B = beyond.Target("192.0.2.10", 443), beyond.Target("2001:db8::1", 22)


class Site:
    """Each target answers from a second on, by a clock of its own."""

    def __init__(self, **answers):
        self.now, self.answers, self.asked = 0.0, answers, []

    def connect(self, target):
        self.asked.append(target)
        return "" if self.now >= self.answers[target.host[0]] else "No route to host"

    def sleep(self, seconds):
        self.now += seconds

    def silent(self, seconds, wanted=(A, B)):
        def clock():
            return self.now

        return beyond.silent(wanted, seconds, self.connect, sleep=self.sleep, clock=clock)


def test_hosts_with_ports():
    given = ["192.0.2.10:443", " [2001:db8::1]:22 ", "vpn.example.org:1194"]
    assert beyond.targets(given) == (A, B, beyond.Target("vpn.example.org", 1194))
    assert [str(one) for one in beyond.targets(given)] == [one.strip() for one in given]


@pytest.mark.parametrize(
    "text",
    [
        "192.0.2.10",
        "2001:db8::1:22",
        "[::1]",
        "host:0",
        "host:65536",
        ":22",
        "https://host:443",
        "a b:1",
        "",
        "a..b:443",
        "..:1",
        f"{'x' * 64}.example:443",
    ],
)
def test_anything_else_is_refused_by_name(text):
    with pytest.raises(Failure) as refused:
        beyond.targets([text])
    assert refused.value.code == "invalid_option" and beyond.OPTION in refused.value.message


def test_many_that_are_silent_take_as_long_as_one():
    """Each waits for all the others: one after the other, none would come to its end."""
    together = threading.Barrier(20, timeout=5)

    def connect(_target):
        together.wait()
        return "timed out"

    many = [beyond.Target("192.0.2.10", port) for port in range(1, 21)]
    assert len(beyond.silent(many, 0, connect)) == 20 and not together.broken


def test_what_answers_is_not_asked_again():
    site = Site(**{"1": 0, "2": 3})
    assert site.silent(10) == () and site.now == 3
    assert site.asked.count(A) == 1 and site.asked.count(B) == 4


def test_what_stays_silent_is_told_with_its_reason():
    assert Site(**{"1": 0, "2": 99}).silent(5) == ("[2001:db8::1]:22 (No route to host)",)
    site = Site(**{"1": 99, "2": 0})
    assert site.silent(0) == ("192.0.2.10:443 (No route to host)",) and site.asked == [A, B], "one look, no wait"
    assert Site().silent(60, ()) == ()


def test_a_connection_is_opened_and_nothing_is_sent():
    with socket.create_server(("127.0.0.1", 0)) as server:
        target = beyond.Target("127.0.0.1", server.getsockname()[1])
        assert beyond.by_tcp(target) == ""
        connection, _peer = server.accept()
        with connection:
            assert connection.recv(1) == b""
    assert beyond.by_tcp(target) == "Connection refused"


def test_the_sentences_say_what_is_true_and_what_to_do():
    quiet = ("192.0.2.10:443 (timed out)",)
    assert "Nothing was requested" in beyond.before(quiet) and beyond.OPTION in beyond.before(quiet)
    said = beyond.after(quiet, WORDS, "203.0.113.7", 180.0)
    assert said.startswith(f"{LINE}: ") and "(address 203.0.113.7)" in said and "within 180 s" in said
    assert WORDS.command.text in said
