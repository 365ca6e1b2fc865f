# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import datetime
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.port import Credentials, Interface
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.vyos import compare, words

MOMENTS = st.datetimes(datetime.datetime(2000, 1, 1), datetime.datetime(2099, 12, 31)).map(
    lambda moment: moment.replace(microsecond=0)
)
ZONES = st.sampled_from(["UTC ", "CEST ", "EEST ", "+03 ", "-0330 ", ""])
#: C form of 1.3; 12-hour and day-first of 1.4: vyos-1x pull request 2124.
FORMS = ["%a %b {day:2} %H:%M:%S {zone}%Y", "%a %b {day:2} %I:%M:%S %p {zone}%Y", "%a {day:2} %b %H:%M:%S {zone}%Y"]
VALUES = st.text([c for c in map(chr, range(32, 127)) if c not in "'\""], min_size=1, max_size=128)


@pytest.mark.parametrize("form", FORMS)
@given(moment=MOMENTS, zone=ZONES)
def test_each_form_of_the_clock_is_read(form: str, moment: datetime.datetime, zone: str) -> None:
    said = moment.strftime(form.format(day=moment.day, zone=zone))
    assert words.clock(f"{said}\n") == moment


@pytest.mark.parametrize(
    ("said", "moment"),
    [
        ("Tue Nov 24 08:23:54 UTC 2026", (2026, 11, 24, 8, 23, 54)),
        ("Tue Aug  1 12:33:45 PM EEST 2023", (2023, 8, 1, 12, 33, 45)),
        ("Tue Aug  1 12:33:45 AM EEST 2023", (2023, 8, 1, 0, 33, 45)),
        ("Tue Aug  1 01:33:45 PM EEST 2023", (2023, 8, 1, 13, 33, 45)),
        ("Tue  1 Aug 12:34:09 EEST 2023", (2023, 8, 1, 12, 34, 9)),
        ("show date\r\nTue  1 Aug 00:34:09 EEST 2023\n", (2023, 8, 1, 0, 34, 9)),
    ],
)
def test_the_clock_as_it_was_seen(said: str, moment: tuple[int, ...]) -> None:
    assert words.clock(said) == datetime.datetime(*moment)  # type: ignore[arg-type]  # six numbers, no time zone


@pytest.mark.parametrize(
    "said",
    [
        "",
        "None",
        "Invalid command: [date]",
        "2026-11-24T08:23:54",
        "Tue Feb 30 08:23:54 UTC 2026",
        "Tue Nov 24 13:23:54 PM UTC 2026",
        "Tue Nov 24 00:23:54 AM UTC 2026",
        "Tue Nov 24 25:23:54 UTC 2026",
        "Die Xyz 24 08:23:54 UTC 2026",
    ],
)
def test_another_form_of_the_clock_is_not_guessed(said: str) -> None:
    assert words.clock(said) is None


@given(st.text())
def test_no_text_breaks_a_reader(text: str) -> None:
    words.clock(text)
    words.heard(text)
    words.Log.read(text)
    words.seen(text, text, text, "pppoe0")
    words.counted(text, "pppoe0")
    compare.Changes.read(text, "pppoe0")
    words.Configuration.read(text, "pppoe0")


# -- answers


def test_an_answer_ends_with_a_prompt() -> None:
    assert words.heard("pppoe0: Coming up\r\n\r\nvyos@vyos:~$ ") == words.Answer("pppoe0: Coming up", False)
    assert words.heard("\n[edit]\nvyos@r-1.example# ") == words.Answer("", True)
    assert words.heard("exit\n[edit interfaces pppoe pppoe0]\nvyos@vyos#") == words.Answer("exit", True)
    assert words.heard("exit\nroot@vyos:~# ") == words.Answer("exit", False)
    assert words.heard("exit\nvyos@vyos:mgmt:~$ ") == words.Answer("exit", False)
    for cut in ("None", "", "pppoe0: Com", "set a b\nvyos@", "vyos@vyos:~$ show"):
        assert words.heard(cut) is None


def test_the_codes_of_a_terminal_are_no_part_of_an_answer() -> None:
    """Bash 5.1 sends those of bracketed paste around each line; other terminals colours and a title."""
    prompt = "\x1b]0;vyos@vyos: ~\x07\x1b[?2004h\x1b[01;32mvyos@vyos\x1b[00m:~$ "
    raw = f"\x1b[?2004l\rTue  1 Aug 12:34:09 EEST 2023\r\n{prompt}"
    assert words.heard(raw) == words.Answer("Tue  1 Aug 12:34:09 EEST 2023", False)


def test_a_lock_that_lingers_is_told_from_a_refusal() -> None:
    """Vyos-1x pull request 5411: after a commit, set and delete can fail without any reason for a moment."""
    for said in ("\n  Set failed\n", "Delete failed", "\n\n  Set failed\n\n"):
        assert words.LINGERS.fullmatch(said)
    refused = "\n  Configuration path: interfaces pppoe pppoe0 authentication [user] is not valid\n  Set failed\n"
    assert not words.LINGERS.fullmatch(refused) and words.REFUSED.search(refused)


@pytest.mark.parametrize(
    "said",
    [
        "\n  Invalid command: [configure]\n\n",
        "\n  Cannot use the single quote (') character in a value string\n\n  Set failed\n\n",
        "[ interfaces pppoe ]\nno such device\n\n[[interfaces pppoe]] failed\nCommit failed\n",
        "Cannot connect while a commit is in progress",
        "Cannot exit: configuration modified.\n",
    ],
)
def test_a_refusal_is_seen(said: str) -> None:
    assert words.REFUSED.search(said)


@pytest.mark.parametrize(
    "said", ["", "exit\n", "Warning: configuration changes have not been saved.\nexit\n", "Done", "No changes"]
)
def test_what_is_no_refusal(said: str) -> None:
    assert not words.REFUSED.search(said) and not words.LOCKED.search(said)


# -- the session

UP = "pppoe0: <UP> mtu 1492\n    link/ppp \n    inet 203.0.113.10 peer 203.0.113.1/32 scope global pppoe0\n"
NOW = "Tue Nov 24 08:23:54 UTC 2026"


def entry(stamp: str, said: str = "local  IP address 203.0.113.10", pid: int = 2471) -> str:
    return f"{stamp} pppd[{pid}]: {said}\n"


@pytest.mark.parametrize(
    ("stamp", "uptime"),
    [
        ("Nov 24 08:23:44", 10),
        ("Nov 24 08:23:54", 0),
        ("Nov 24 08:24:54", 0),  # the clock was set back meanwhile
        ("Nov 23 08:23:54", 86400),
        ("Dec 31 08:23:54", 86400 * 328),  # of the year before
        ("Feb 29 08:23:54", None),  # neither year has one
        ("Xyz 24 08:23:54", None),
    ],
)
def test_the_age_comes_from_the_journal(stamp: str, uptime: float | None) -> None:
    session = words.seen(UP, NOW, "-- Journal begins --\n" + entry(stamp), "pppoe0")
    assert (session.up, session.address, session.uptime) == (True, "203.0.113.10", uptime)
    assert (session.identity != "") and session.error == ""


@given(now=MOMENTS, age=st.integers(0, 300 * 86400))
def test_any_age_is_read(now: datetime.datetime, age: int) -> None:
    began = now - datetime.timedelta(seconds=age)
    date = now.strftime("%a %d %b %H:%M:%S UTC %Y")
    session = words.seen(UP, date, entry(began.strftime("%b %d %H:%M:%S")), "pppoe0")
    # A 29 February is in one of the two years only: within 300 days it is the right one.
    assert session.uptime == age


@pytest.mark.parametrize("journal", ["", "\n  Invalid command: show log [pppoe]\n", "-- No entries --\n"])
def test_without_a_journal_the_age_is_not_known(journal: str) -> None:
    session = words.seen(UP, NOW, journal, "pppoe0")
    assert (session.up, session.uptime, session.identity) == (True, None, "")
    assert words.seen(UP, "24.11.2026 08:23", entry("Nov 24 08:23:44"), "pppoe0").uptime is None


def test_two_sessions_of_one_second_are_two() -> None:
    one, two = (words.seen(UP, NOW, entry("Nov 24 08:23:54", pid=pid), "pppoe0") for pid in (1, 2))
    assert one.identity != two.identity


def test_why_there_is_no_session() -> None:
    down = words.seen("pppoe0: Coming up\n", NOW, entry("Nov 24 08:23:44"), "pppoe0")
    assert (down.up, down.uptime, down.error) == (False, None, "the router says: pppoe0: Coming up")
    refused = entry("Nov 24 08:23:44") + entry("Nov 24 08:23:50", "CHAP authentication failed: Access denied")
    said = words.seen("", NOW, refused, "pppoe0").error
    assert said.endswith("nothing about pppoe0; pppd says that the provider refused the login and password")
    later = refused + entry("Nov 24 08:23:53", "CHAP authentication succeeded")
    assert "refused" not in words.seen("", NOW, later, "pppoe0").error


def test_the_counter_needs_both_ways() -> None:
    way = "    {}:  bytes  packets  errors\n         {}       11       0\n"
    assert words.counted(UP + way.format("RX", 134), "pppoe0") is None
    counter = words.counted(UP + way.format("RX", 134) + way.format("TX", 99), "pppoe0")
    assert counter is not None and (counter.interface, counter.received, counter.sent) == ("pppoe0", 134, 99)


# -- the configuration


@given(login=VALUES, password=VALUES)
def test_values_come_back_as_they_are(login: str, password: str) -> None:
    text = (
        f"set interfaces pppoe pppoe0 authentication password '{password}'\n"
        f"set interfaces pppoe pppoe0 authentication username '{login}'\n"
        "set interfaces pppoe pppoe01 authentication password 'other'\n"
    )
    config = words.Configuration.read(text, "pppoe0")
    assert (config.login, config.password, config.login_word) == (login, password, "username")
    assert config.names == ("pppoe0", "pppoe01")
    assert config.lines(Credentials(login, password)) == ()
    assert "password=" not in repr(config)


def test_the_older_release_says_user() -> None:
    config = words.Configuration.read("set interfaces pppoe pppoe0 authentication user 'a'\n", "pppoe0")
    assert (config.login, config.login_word) == ("a", "user")
    assert config.lines(Credentials("b", "x")) == (
        "set interfaces pppoe pppoe0 authentication user 'b'",
        "set interfaces pppoe pppoe0 authentication password 'x'",
    )


def test_a_password_that_was_typed_by_hand_is_right() -> None:
    text = r"set interfaces pppoe pppoe0 authentication password 'back\\slash?'" + "\n"
    config = words.Configuration.read(text, "pppoe0")
    assert config.lines(Credentials("", r"back\slash?")) == ()
    assert config.lines(Credentials("", "back/slash?")) != ()


def test_an_interface_that_waits_is_enabled_with_its_first_password() -> None:
    base = "set interfaces pppoe pppoe0 "
    waiting = f"{base}authentication password '{words.PLACEHOLDER}'\n{base}disable\n"
    assert words.Configuration.read(waiting, "pppoe0").lines(Credentials("", "x"))[-1] == (
        "delete interfaces pppoe pppoe0 disable"
    )
    disabled = f"{base}authentication password 'x'\n{base}disable\n"
    config = words.Configuration.read(disabled, "pppoe0")
    assert config.disabled and not config.waits and config.lines(Credentials("", "x")) == ()


def test_what_is_not_there_is_said_with_what_is() -> None:
    text = "set interfaces pppoe pppoe0 mtu '1492'\nset interfaces pppoe pppoe3 mtu '1492'\n"
    assert words.Configuration.read(text, "pppoe7").absent == (
        "The router has no pppoe7 (it has pppoe0, pppoe3). Set O(interface)."
    )
    assert "no PPPoE interface at all" in words.Configuration.read("", "pppoe7").absent
    assert not words.Configuration.read("\n  Invalid command: [show]\n", "pppoe0").readable


OWN = [
    '[interfaces pppoe pppoe0 authentication]\n- password "a"\n+ password "b"\n\n',
    '[edit interfaces pppoe pppoe0 authentication]\n>password "b"\n',
    '[edit interfaces pppoe pppoe0 authentication]\n>password "b"\n>user "c"\n',
    '[interfaces pppoe pppoe0]\n- disable\n\n[interfaces pppoe pppoe0 authentication]\n+ username "b"\n',
    '[interfaces pppoe pppoe0]\n+ authentication {\n+     password "b"\n+ }\n',
]
OTHERS = [
    '[interfaces ethernet eth1]\n+ description "LAN"\n',
    '[edit interfaces pppoe pppoe0]\n>mtu "1400"\n',
    '[interfaces pppoe pppoe1 authentication]\n- password "a"\n+ password "b"\n',
    "[interfaces pppoe pppoe0]\n+ disable\n",
    '[interfaces pppoe pppoe0]\n- authentication {\n-     password "b"\n- }\n',
    "[edit]\n+firewall {\n+}\n",
]


@pytest.mark.parametrize("text", OWN)
def test_our_own_changes_are_not_foreign(text: str) -> None:
    assert compare.Changes.read(text, "pppoe0") == compare.Changes(True, False)


@pytest.mark.parametrize("text", OTHERS)
@pytest.mark.parametrize("own", ["", *OWN])
def test_changes_of_somebody_else_are_seen(own: str, text: str) -> None:
    assert compare.Changes.read(own + text, "pppoe0") == compare.Changes(True, True)


@pytest.mark.parametrize("text", ["", "No changes between working and saved configurations.\n", "compare saved\n"])
def test_no_changes(text: str) -> None:
    assert compare.Changes.read(text, "pppoe0") == compare.Changes(False, False)


# -- what cannot be written

SPECIAL = "$HOME `id` a;b #c &d |e <f> (g) [h] {i} *j !k ~l ^m %n @o =p +q ,r .s :t -u _v /w"


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("it's", "not even typed by hand"),
        ('say "x"', "not even typed by hand"),
        ("caf\u00e9", "not even typed by hand"),
        ("x" * 129, "not even typed by hand"),
        ("back\\slash", "a second backslash beside each backslash"),
        ("what?", "Ctrl-V before each question mark"),
    ],
)
@pytest.mark.parametrize("name", ["login", "password"])
def test_what_cannot_be_typed_is_refused_with_a_way(name: str, value: str, why: str) -> None:
    credentials = Credentials(**{"login": "a", "password": "b", name: value})
    said = words.unfit(credentials) or words.untypable(credentials, "pppoe3")
    assert why in said and said.startswith(f"The {name} ") and value not in said
    assert said.endswith(".") and ("pppoe3" in said or "only way" in said)


@given(st.text(string.printable[:95].translate({ord(c): None for c in "'\"\\?"}), min_size=1, max_size=128))
def test_everything_else_is_taken(value: str) -> None:
    for credentials in (Credentials(value, value), Credentials("a", SPECIAL)):
        assert words.unfit(credentials) == "" == words.untypable(credentials, "pppoe0")


# -- a new interface

WANTED = Interface(device="eth0", vlan=835, mtu=1492, login="a@b")
PORTS = "set interfaces ethernet eth0 hw-id '02::'\nset interfaces ethernet eth1 hw-id '02::'\n"


@pytest.mark.parametrize(("release", "word"), [("1.3.8", "user"), ("1.4.1", "username"), ("1.5-rolling", "username")])
def test_a_new_interface_is_disabled_with_a_placeholder(release: str, word: str) -> None:
    base = "set interfaces pppoe pppoe0 "
    lines = words.wanted_lines(PORTS, WANTED, "pppoe0", f"Version:          VyOS {release}\n")
    assert lines == (
        "set interfaces ethernet eth0 vif 835",
        f"{base}source-interface 'eth0.835'",
        f"{base}mtu '1492'",
        f"{base}ipv6 address autoconf",
        f"{base}authentication {word} 'a@b'",
        f"{base}authentication password '{words.PLACEHOLDER}'",
        f"{base}disable",
    )
    text = PORTS + "\n".join(lines) + "\n"
    assert words.wanted_lines(text, WANTED, "pppoe0", release) == ()
    config = words.Configuration.read(text, "pppoe0")
    assert config.waits and words.obstacle(text, WANTED, config) == ""
    there = text.replace(words.PLACEHOLDER, "x").replace(f"{base}disable\n", "").replace("1492", "1400")
    assert words.wanted_lines(there, WANTED, "pppoe0", release) == (f"{base}mtu '1492'",)


def test_no_vlan() -> None:
    wanted = Interface("eth1", 0, 1492, "a@b")
    lines = words.wanted_lines(PORTS, wanted, "pppoe0", "")
    assert lines[0] == "set interfaces pppoe pppoe0 source-interface 'eth1'"


@pytest.mark.parametrize(
    ("more", "device", "why"),
    [
        ("", "eth7", "The router has no port eth7, but eth0, eth1. Correct O(device)."),
        ("set interfaces bridge br0 member interface eth0\n", "eth0", "eth0 is a member of a bridge"),
        ("set interfaces pppoe pppoe1 source-interface 'eth0.835'\n", "eth0", "Another PPPoE interface is on eth0.835"),
        (
            "set interfaces pppoe pppoe0 authentication user 'c@d'\n",
            "eth0",
            "the login c@d, but the line has the login",
        ),
        (
            "set interfaces pppoe pppoe0 authentication user 'a@b'\nset interfaces pppoe pppoe0 disable\n",
            "eth0",
            "pppoe0 is disabled, and is not enabled here",
        ),
        ("set interfaces pppoe pppoe0 authentication user 'a@b'\n", "eth0", ""),
        ("set interfaces bridge br0 member interface eth0.835\n", "eth0", ""),
    ],
)
def test_what_stands_in_the_way(more: str, device: str, why: str) -> None:
    text = PORTS + more
    wanted = Interface(device, 835, 1492, "a@b")
    said = words.obstacle(text, wanted, words.Configuration.read(text, "pppoe0"))
    assert said.startswith(why) or why in said
    assert bool(said) == bool(why)


#: who -H of coreutils, as VyOS' "show users" runs it.
USERS = "NAME     LINE         TIME             COMMENT\nvyos     ttyS0        2026-11-24 08:00\n"


@pytest.mark.parametrize(
    ("more", "user", "address"),
    [
        ("vyos     pts/0        2026-11-24 08:23 (192.0.2.10)\n", "vyos", "192.0.2.10"),
        ("vyos     pts/0        2026-11-24 08:23 (192.0.2.10)\n" * 2, "vyos", "192.0.2.10"),
        ("vyos     pts/0        2026-11-24 08:23 (192.0.2.10)\nvyos pts/1 2026-11-24 08:24 (192.0.2.11)\n", "vyos", ""),
        ("admin    pts/0        2026-11-24 08:23 (192.0.2.10)\n", "vyos", ""),
        ("vyos2    pts/0        2026-11-24 08:23 (192.0.2.10)\n", "vyos", ""),
        ("vyos     pts/0        2026-11-24 08:23 (laptop.example)\n", "vyos", ""),
        ("vyos     pts/0        2026-11-24 08:23 (2001:db8::10)\n", "vyos", ""),
        ("vyos     pts/0        2026-11-24 08:23 (192.0.2.10)\n", "", ""),
        ("", "vyos", ""),
    ],
)
def test_where_the_user_came_from(more: str, user: str, address: str) -> None:
    assert words.came_from(USERS + more, user) == address


@pytest.mark.parametrize(
    ("entries", "interface"),
    [
        # A console of vtysh, in a comment of a public Go program.
        (
            ('"connected", distance 0, metric 0, best\n  Last update 22:16:28 ago\n  * directly connected, eth0',),
            "eth0",
        ),
        (('"kernel", distance 0, metric 0, best\n  Last update 22:16:51 ago\n  * 192.168.100.1, via eth1',), "eth1"),
        # A console of VyOS 1.4, in a public note: two entries of one address, of which one is best.
        (
            (
                '"kernel", distance 0, metric 0\n  Last update 00:00:50 ago\n  * unreachable (blackhole), weight 1',
                '"local", distance 0, metric 0, best\n  Last update 11:07 ago\n  * directly connected, eth0, weight 1',
            ),
            "eth0",
        ),
        (('"static", distance 1, metric 0, best\n  * directly connected, pppoe0, weight 1',), "pppoe0"),
        (('"static", distance 1, metric 0, best\n  * 192.0.2.1, via eth0\n  * 192.0.2.2, via eth2',), ""),
        (('"static", distance 1, metric 0, best\n  * unreachable (blackhole), weight 1',), ""),
        (('"static", distance 1, metric 0\n  * 192.0.2.1, via eth0',), ""),
        ((), ""),
    ],
)
def test_by_which_interface_a_route_leaves(entries: tuple[str, ...], interface: str) -> None:
    said = "".join(f"Routing entry for 192.0.2.0/24\n  Known via {entry}\n\n" for entry in entries)
    assert words.leaves_by(said or "% Network not in table\n") == interface
