# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What RouterOS prints and how it is read, and what follows from it."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from routeros.client import clock, duration

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.port import (
    Counter,
    Credentials,
    Dial,
    Session,
)
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.routeros import facts

ROW = {".id": "*2", "name": "pppoe-out1", "user": "login", "password": "old", "disabled": "false", "profile": "default"}
NEW = Credentials("login", "new")
HOUR = Session(True, "192.0.2.7", 3600.0)
DOWN = Session(False, error="the router says: dialing...")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0s", 0),
        ("5s", 5),
        ("1m2s", 62),
        ("2h", 7200),
        ("1w", 604800),
        ("1w2d3h4m5s", 788645),
        ("00:00:05", 5),
        ("01:02:03", 3723),
        ("2d01:02:03", 176523),
        ("2d03:04:05", 183845),
        ("1w2d03:04:05", 788645),
        ("3s530ms", 3),
        ("1m30ms", 60),
        ("120ms", 0),
        ("100:00:00", 360000),
    ],
)
def test_times(text: str, expected: int) -> None:
    assert facts.seconds(text) == expected


@pytest.mark.parametrize("text", ["", "soon", "1y", "5", "-1s", "1d2", "1:2", "01:60:00", "٣s", "1s ", "1s\n"])
def test_no_times(text: str) -> None:
    assert facts.seconds(text) is None


@given(st.integers(0, 10**9))
def test_every_time_that_it_prints_is_read(seconds: int) -> None:
    assert facts.seconds(duration(seconds)) == facts.seconds(clock(seconds)) == seconds


@given(st.text(max_size=12))
def test_no_text_breaks_the_reading_of_times(text: str) -> None:
    found = facts.seconds(text)
    assert found is None or found >= 0


@pytest.mark.parametrize("password", [None, "", "*", "*****"])
def test_hidden_passwords(password: str | None) -> None:
    row = {key: value for key, value in ROW.items() if key != "password"}
    assert facts.client_of(row if password is None else {**row, "password": password}).password is None


@pytest.mark.parametrize("password", ["x", "*x*", "0123", "7", "true", "yes", "1_000", " ", "=a", "é", "\udce9"])
def test_shown_passwords_are_compared_as_they_are(password: str) -> None:
    """Those too that the Python library reads as booleans and numbers: its reading of values is not used."""
    client = facts.client_of({**ROW, "password": password})
    assert client.password == password
    assert not facts.change(client, HOUR, Credentials("login", password), Dial.AUTO, None).values
    assert (
        password.strip() == ""
        or password not in repr(dataclasses.replace(client, name="", number="", user=""))
        or (len(password) < 3)
    )


def test_a_password_is_in_no_repr() -> None:
    client = facts.client_of({**ROW, "password": "Kanarie7391"})
    change = facts.change(client, HOUR, Credentials("login", "Kanarie7392"), Dial.AUTO, None)
    assert "Kanarie" not in repr(client) + repr(change)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"status": "connected", "uptime": "1h", "local-address": "192.0.2.7/32"}, HOUR),
        ({"status": "connected", "uptime": "1h", "local-address": "192.0.2.7"}, HOUR),
        ({"status": "connected", "uptime": "ages", "local-address": "192.0.2.7"}, Session(True, "192.0.2.7", None)),
        ({"status": "connected", "local-address": "192.0.2.7"}, Session(True, "192.0.2.7", None)),
        ({"status": "connected"}, Session(False, error="the router says: connected, but tells no address")),
        ({"status": "dialing..."}, Session(False, error="the router says: dialing...")),
        ({}, Session(False, error="the router says: nothing")),
    ],
)
def test_sessions(told: dict[str, str], expected: Session) -> None:
    assert facts.session_of(told) == expected


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"name": "a", "rx-byte": "1", "tx-byte": "20"}, Counter("a", 1, 20)),
        ({"name": "a", "rx-byte": "1"}, None),
        ({"name": "a", "rx-byte": "1k", "tx-byte": "2"}, None),
        ({}, None),
    ],
)
def test_counters(row: dict[str, str], expected: Counter | None) -> None:
    assert facts.counter_of(row) == expected


OWN = {"address": "192.168.88.10", "via": "api"}
LAN = {"address": "192.168.88.1/24", "interface": "bridge"}


@pytest.mark.parametrize(
    ("own", "addresses", "expected"),
    [
        ([OWN], [LAN], "bridge"),
        ([OWN, OWN], [{"address": "10.0.0.1/8", "interface": "ether2"}, LAN], "bridge"),
        ([{**OWN, "via": "api-ssl"}], [{"address": "192.168.0.1/16", "interface": "wide"}, LAN], "bridge"),
        ([OWN], [{**LAN, "actual-interface": "vlan1"}], "vlan1"),
        ([OWN], [{**LAN, "disabled": "true"}], ""),
        ([OWN, {**OWN, "address": "10.0.0.7"}], [LAN], ""),  # which one is this?
        ([OWN, {**OWN, "address": "10.0.0.7", "via": "ssh"}], [LAN], "bridge"),
        ([{**OWN, "address": "203.0.113.7"}], [LAN, {"address": "203.0.113.10/32", "interface": "pppoe-out1"}], ""),
        ([{**OWN, "address": "2001:db8::1"}], [LAN], ""),
        ([{"via": "api"}], [LAN], ""),
        ([OWN], [{"address": "odd"}, {}], ""),
        ([], [LAN], ""),
    ],
)
def test_the_interface_that_this_machine_is_behind(
    own: list[dict[str, str]], addresses: list[dict[str, str]], expected: str
) -> None:
    assert facts.reached_by(own, addresses) == expected


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([{"policy": "read,write,!test"}], frozenset(["read", "write"])),
        ([{"policy": "!read,!write"}], frozenset()),
        ([{"policy": ""}], frozenset([""])),
        ([{}], None),
        ([], None),
    ],
)
def test_policies(rows: list[dict[str, str]], expected: frozenset[str] | None) -> None:
    assert facts.policies_of(rows) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("plain", '"plain"'),
        ('a "b" $c \\d', '"a \\"b\\" \\$c \\\\d"'),
    ],
)
def test_strings_of_the_terminal(name: str, expected: str) -> None:
    assert facts.quoted(name) == expected


def raw(text: bytes) -> str:
    return text.decode("utf-8", "surrogateescape")


def test_a_client_is_found_by_what_winbox_shows() -> None:
    rows = [{".id": "*1", "name": raw(b"fibre-\xe9t\xe9")}, {".id": "*2", "name": "fibre-été2"}]
    assert facts.client_named(rows, "fibre-été").number == "*1"
    assert facts.client_named(rows, "fibre-été2").number == "*2"
    assert facts.client_named(rows, "fibre-été").there == "*1"
    assert facts.client_named([*rows, {".id": "*3", "name": "fibre-été"}], "fibre-été").number == "*3"
    with pytest.raises(
        Failure, match=r"has no PPPoE client dsl; it has: fibre-été, fibre-été2\. .* Correct O\(interface\)\."
    ):
        facts.client_named(rows, "dsl")
    with pytest.raises(Failure, match="it has: none"):
        facts.client_named([], "dsl")


@given(st.binary(max_size=20))
def test_whatever_bytes_are_shown_can_be_printed(name: bytes) -> None:
    facts.shown(raw(name)).encode()


@pytest.mark.parametrize(
    ("row", "idle", "said"),
    [
        ({}, "", ""),
        ({}, "none", ""),
        ({}, "0s", ""),
        ({}, "00:00:00", ""),
        ({"dial-on-demand": "no", "invalid": "no", "disabled": "no"}, "", ""),
        ({"disabled": "true", "comment": facts.WAITING}, "", ""),
        ({"disabled": "true"}, "", '/interface pppoe-client enable [find name="pppoe-out1"]'),
        ({"disabled": "yes", "comment": "kept off"}, "", "is disabled"),
        (
            {"invalid": "true", "interface": "vlan835"},
            "",
            "calls the PPPoE client pppoe-out1 invalid: its interface vlan835",
        ),
        ({"dial-on-demand": "yes"}, "", '/interface pppoe-client set [find name="pppoe-out1"] dial-on-demand=no'),
        ({"dial-on-demand": "true"}, "", "depends on traffic"),
        ({}, "5m", '/ppp profile set [find name="default"] idle-timeout=0s'),
        ({}, "00:05:00", "ends a session without traffic after 00:05:00"),
        ({}, "whenever", "whenever"),
    ],
)
def test_obstacles(row: dict[str, str], idle: str, said: str) -> None:
    found = facts.obstacle(facts.client_of({**ROW, **row}), idle)
    assert said in found
    assert bool(found) == bool(said)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], ""),
        ([{"by": "admin"}, {"by": "admin", "floating-undo": "false"}], ""),
        ([{"by": "admin", "floating-undo": "true"}, {"by": "admin", "floating-undo": "yes"}], "(changes by admin)"),
        ([{"floating-undo": "true"}], "(changes by somebody)"),
    ],
)
def test_safe_mode(rows: list[dict[str, str]], said: str) -> None:
    found = facts.safe_mode(rows)
    assert said in found
    assert bool(found) == bool(said)


HIDDEN: dict[str, str] = {"password": "*****"}
SAME = {"password": "new"}
WAITS = {"disabled": "true", "comment": facts.WAITING, "password": ""}
ENABLE = {"disabled": "no", "comment": ""}
YOUNG = Session(True, "192.0.2.7", 5.0)
AGELESS = Session(True, "192.0.2.7", None)


@pytest.mark.parametrize(
    ("row", "session", "dial", "age", "values", "redial", "dials"),
    [
        # compared: what is right stays, what differs is written, and RouterOS dials by itself
        ({}, HOUR, "auto", None, {"password": "new"}, False, True),
        ({}, DOWN, "auto", None, {"password": "new"}, False, True),
        ({"user": "x"}, HOUR, "auto", None, {"user": "login", "password": "new"}, False, True),
        ({**SAME, "user": "x"}, HOUR, "auto", None, {"user": "login"}, False, True),
        (SAME, HOUR, "auto", None, {}, False, False),
        (SAME, DOWN, "auto", None, {}, False, False),
        (SAME, AGELESS, "auto", 60, {}, False, False),
        (SAME, YOUNG, "auto", 60, {}, False, False),
        # the session is older than the request: it runs on another password
        (SAME, HOUR, "auto", 60, {}, True, True),
        (SAME, HOUR, "never", 60, {}, False, False),
        ({}, HOUR, "auto", 60, {"password": "new"}, False, True),
        # what dial says
        (SAME, HOUR, "always", None, {}, True, True),
        (SAME, DOWN, "always", None, {}, True, True),
        ({}, HOUR, "always", None, {"password": "new"}, False, True),
        ({}, HOUR, "never", None, {"password": "new"}, False, True),
        # hidden: written where it must be new, and never again
        (HIDDEN, HOUR, "auto", None, {}, False, False),
        (HIDDEN, DOWN, "auto", None, {"password": "new"}, False, True),
        (HIDDEN, HOUR, "auto", 60, {"password": "new"}, False, True),
        (HIDDEN, YOUNG, "auto", 60, {}, False, False),
        (HIDDEN, AGELESS, "auto", None, {}, False, False),
        (HIDDEN, AGELESS, "auto", 60, {"password": "new"}, False, True),
        ({**HIDDEN, "user": "x"}, HOUR, "auto", None, {"user": "login", "password": "new"}, False, True),
        # made for the line: the first password enables it, in one command
        (WAITS, DOWN, "auto", None, {"password": "new", **ENABLE}, False, True),
        (WAITS, DOWN, "always", None, {"password": "new", **ENABLE}, False, True),
        (WAITS, DOWN, "never", None, {"password": "new"}, False, False),
        ({**WAITS, "password": "new"}, DOWN, "auto", None, ENABLE, False, True),
        # one that somebody disabled is not enabled
        ({"disabled": "true"}, DOWN, "auto", None, {"password": "new"}, False, False),
        ({**SAME, "disabled": "true"}, DOWN, "always", None, {}, False, False),
    ],
)
def test_what_there_is_to_do(
    row: dict[str, str],
    session: Session,
    dial: str,
    age: float | None,
    values: dict[str, str],
    redial: bool,
    dials: bool,
) -> None:
    found = facts.change(facts.client_of({**ROW, **row}), session, NEW, Dial(dial), age)
    assert (dict(found.values), found.redial, found.dials) == (values, redial, dials)


@given(
    st.sampled_from([{}, SAME, HIDDEN, WAITS, {"user": "x"}, {"disabled": "true"}]),
    st.sampled_from([HOUR, YOUNG, AGELESS, DOWN]),
    st.sampled_from(list(Dial)),
    st.none() | st.floats(1, 10000),
)
def test_a_second_time_there_is_nothing_to_do(row: Any, session: Session, dial: Dial, age: float | None) -> None:
    """With a session that is younger than all that; but for a dial that is asked for."""
    first = facts.change(facts.client_of({**ROW, **row}), session, NEW, dial, age)
    after = {**ROW, **row, **first.values}
    if row is HIDDEN:
        after["password"] = "*****"
    up = after["disabled"] not in ("true", "yes")
    second = facts.change(facts.client_of(after), Session(True, "x", 0.0) if up else DOWN, NEW, dial, age and age + 9)
    assert not second.values
    assert second.redial == (dial is Dial.ALWAYS and up)


@pytest.mark.parametrize(
    ("login", "password", "said"),
    [
        ("login", 'l\'eau "de" vie\\$dollar;#&<>é€', ""),
        ("login", "x" * 255, ""),
        ("login", "x" * 256, "The password is 256 bytes long, and PPP takes 255."),
        ("login", "é" * 128, "The password is 256 bytes long"),
        ("x" * 256, "p", "The login is 256 bytes long"),
        ("login", "\ud800", "The password holds a character that is none of Unicode's."),
    ],
)
def test_unfit(login: str, password: str, said: str) -> None:
    found = facts.unfit(Credentials(login, password))
    assert found.startswith(said)
    assert bool(found) == bool(said)
