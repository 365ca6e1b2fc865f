# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""VyOS as owners have it: prompts, what other tasks leave behind, clocks that step, a commit that says more."""

from __future__ import annotations

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.port import Applied, Credentials, Dial
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.vyos import compare, words
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.vyos.driver import VyOs
from ansible_collections.ownrouter.ovhcloud.tests.unit.plugins.plugin_utils._routers.vyos.played import (
    BASE,
    CANARY,
    LOGIN,
    PASSWORD,
    Played,
    Vyos,
    apply,
    fails,
)

WANTED = Credentials(LOGIN, CANARY)


def driver(router: Vyos, cli: Played) -> VyOs:
    return VyOs(cli, "pppoe0", sleep=router.sleep, monotonic=lambda: router.now)


@pytest.mark.parametrize(
    ("prompt", "configuring"),
    [
        ("vyos@vyos:~$ ", False),
        ("vyos@gw-1.example.net:~$", False),
        ("a.b@dom@gw_1:/config/scripts$ ", False),
        ("vyos@vyos:mgmt:~$ ", False),  # SSH in a VRF: .bashrc of vyos-1x
        ("vyos@vyos(vrf:mgmt):~$ ", False),  # with colours
        ("root@vyos:~# ", False),
        ("op@vyos> ", False),  # the level operator: vyatta-unpriv of vyatta-op, ytti/oxidized issue 3111
        ("vyos@vyos# ", True),
        ("vyos@gw-1.example.net#", True),
        ("vyos@vyos(vrf:mgmt)# ", True),  # get_shell_prompt() of vyatta-cfg
        ("vyos@vyos(vrf:mgmt)(ns:lab)# ", True),
    ],
)
def test_prompts(prompt: str, configuring: bool) -> None:
    assert words.heard(f"said\r\n[edit]\r\n{prompt}") == words.Answer("said", configuring)


@pytest.mark.parametrize("tail", ["> ", "said", "vyos@vyos:~", "Continue? [y/N]", "Password: "])
def test_what_is_no_prompt(tail: str) -> None:
    assert words.heard(f"said\r\n{tail}") is None


@pytest.mark.parametrize("edited", [False, True])
def test_a_connection_that_another_task_left_in_the_configuration_mode(edited: bool) -> None:
    """As after a vyos_config that failed half way: what it set is neither committed nor in the way."""
    router = Vyos()
    router.accept(CANARY)
    cli = Played(router)
    foreign = "interfaces ethernet eth1 description"

    def leave() -> None:
        cli.candidate = {**router.running, **({foreign: f"{foreign} 'LAN'"} if edited else {})}

    leave()
    assert driver(router, cli).probe(prove=True).writable
    leave()
    applied = driver(router, cli).apply(WANTED, dial=Dial.AUTO, age=None, check=False)
    assert applied.written and router.stored() == CANARY and router.saved == router.running
    leave()
    assert driver(router, cli).session(wait=20, since=applied.mark).up
    assert foreign not in router.running and router.commits == 1


@pytest.mark.parametrize("age", [None, 120])
def test_a_pppd_that_is_stopped_dials_again(age: float | None) -> None:
    """As a run leaves it that was killed between "disconnect" and "connect", or somebody by hand: none would dial."""
    router = Vyos()
    router.events = [("^connect", "gone")]
    fails(router, "router_lost", password=PASSWORD, dial=Dial.ALWAYS)
    router.reachable = True
    assert router.stopped
    predicted = apply(router, PASSWORD, age=age, check=True)
    done = apply(router, PASSWORD, age=age)
    for told in (predicted, done):
        assert (told.changed, told.written, told.dialled) == (True, False, True)
    assert router.driver().session(wait=10, since=done.mark).up and router.connects == 1
    assert not apply(router, PASSWORD, age=age).changed


def test_a_pppd_that_is_stopped_is_left_so_without_a_wish_to_dial() -> None:
    router = Vyos()
    router.began, router.stopped = None, True
    assert not apply(router, PASSWORD, dial=Dial.NEVER).changed
    router.running[f"{BASE} disable"] = f"{BASE} disable"
    router.saved = dict(router.running)
    assert not apply(router, PASSWORD).changed and router.connects == 0


@pytest.mark.parametrize("before", ["up", "down", "down since the boot", "up since before the log"])
@pytest.mark.parametrize("step", [-3600, -300, 0, 300, 3600])
def test_a_clock_that_steps_while_the_line_comes_up(monkeypatch: pytest.MonkeyPatch, before: str, step: int) -> None:
    """The end of summer time, or a router that gets its time over this line: the journal keeps the times of before."""
    router = Vyos()
    old = f"{router.stamp(router.now - 3600, '%b %d %H:%M:%S')} pppd[{router.pid}]: local  IP address 203.0.113.9\n"
    log = "" if before in ("down since the boot", "up since before the log") else old
    if before.startswith("down"):
        router.began = None
    usual, stamp, first = router.journal, router.stamp, router.pid
    monkeypatch.setattr(router, "journal", lambda: log + (usual() if router.pid != first else ""))
    router.accepted = CANARY
    applied = apply(router)
    assert not router.driver().session(wait=0, since=applied.mark).up
    router.now += 3
    monkeypatch.setattr(router, "stamp", lambda at, form: stamp(at + (step if "%Y" in form else 0), form))
    assert router.driver().session(wait=5, since=applied.mark).up


def test_the_session_from_before_a_mark_stays_the_one_from_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the clock does: here it steps forth, and the log has no new session yet."""
    router = Vyos()
    stamp = router.stamp
    mark = router.driver()._mark()
    monkeypatch.setattr(router, "stamp", lambda at, form: stamp(at + (7200 if "%Y" in form else 0), form))
    session = router.driver().session(wait=1, since=mark)
    assert not session.up and "previous session of pppoe0 is still up" in session.error


@pytest.mark.parametrize(
    "said",
    [
        "[ interfaces pppoe pppoe0 ]\nWARNING: MTU is deprecated\n\n",
        "Error: upload to 192.0.2.1 failed\n",
        "Cannot reach the archive\n",
        "curl: (28) Operation timed out\n",
    ],
)
def test_a_commit_that_took_effect_says_more(said: str) -> None:
    """Such as commit-archive's words, inside the commit: what the configuration says counts."""
    router = Vyos()
    router.accept(CANARY)

    class Chatty(Played):
        def type(self, line: str, *, slow: bool = False) -> words.Answer:
            answer = super().type(line, slow=slow)
            return words.Answer(said, answer.configuring) if line.startswith("commit") else answer

    applied = driver(router, Chatty(router)).apply(WANTED, dial=Dial.AUTO, age=None, check=False)
    assert applied.written and router.saved == router.running and router.commits == 1


def test_a_save_onto_a_full_disk_is_told() -> None:
    router = Vyos()
    router.accept(CANARY)
    router.events = [("^save", "Traceback (most recent call last):\nOSError: [Errno 28] No space left on device\n")]
    assert "in use, but not saved: a reboot would bring the old one back" in fails(router, "router_write").message
    assert apply(router) == Applied(True, False, False) and router.saved == router.running


@pytest.mark.parametrize(
    "date",
    [
        "Thu Nov 26 21:22:08 -03 2026",
        "Thu Nov 26 09:22:08 PM +0530 2026",
        "Thu 26 Nov 21:22:08 CET 2026",
    ],
)
def test_zones_without_a_name(date: str) -> None:
    moment = words.clock(date)
    assert moment is not None and moment.isoformat() == "2026-11-26T21:22:08"


@pytest.mark.parametrize(("release", "word"), [("1.3", "user"), ("1.4", "username"), ("1.5", "username")])
def test_an_interface_that_has_no_login_yet(release: str, word: str) -> None:
    """As somebody made it by hand: the release tells what the login is called, as no configuration does."""
    router = Vyos(release)
    for name in (word, "password"):
        del router.running[f"{BASE} authentication {name}"]
    router.saved = dict(router.running)
    router.accepted = CANARY
    done = apply(router)
    assert done.written and f"set {BASE} authentication {word} '{LOGIN}'" in router.typed
    assert not apply(router).changed


@pytest.mark.parametrize(
    ("text", "foreign"),
    [
        ('[interfaces pppoe pppoe0]\n+ authentication {\n+     password "a {"\n+     username "u"\n+ }\n', False),
        ("[edit interfaces pppoe pppoe0]\n+authentication {\n+    password a}\n+    user u\n+}\n[edit]\n", False),
        ('[interfaces pppoe pppoe0]\n+ authentication {\n+     password "a"\n+ }\n+ mtu "1492"\n', True),
        ('[interfaces pppoe pppoe1]\n+ authentication {\n+     password "a"\n+ }\n', True),
        ('[interfaces pppoe]\n+ pppoe0 {\n+     authentication {\n+         password "a"\n+     }\n+ }\n', True),
        ('[system login]\n+ user eve {\n+     authentication {\n+         password "a"\n+     }\n+ }\n', True),
        ("[interfaces pppoe pppoe0]\n+ disable\n", True),
        ("[interfaces pppoe pppoe0]\n- authentication\n", True),
        ("[interfaces pppoe pppoe0]\n- disable\n", False),
        ("}\n+ }\n", True),
    ],
)
def test_whole_nodes_in_a_comparison(text: str, foreign: bool) -> None:
    assert compare.Changes.read(text, "pppoe0") == compare.Changes(True, foreign)


def test_names_that_begin_alike() -> None:
    text = (
        "set interfaces pppoe pppoe0 authentication password 'a'\n"
        "set interfaces pppoe pppoe0 authentication username 'u0'\n"
        f"set interfaces pppoe pppoe0 description 'set {BASE} disable'\n"
        "set interfaces pppoe pppoe10 authentication password 'b'\n"
        "set interfaces pppoe pppoe10 authentication username 'u10'\n"
        "set interfaces pppoe pppoe10 disable\n"
    )
    found = words.Configuration.read(text, "pppoe0")
    assert (found.login, found.password, found.disabled) == ("u0", "a", False)
    assert words.Configuration.read(text, "pppoe1").absent


@pytest.mark.parametrize(
    "shown",
    [
        "pppoe0: Link down\n",
        "",
        "Traceback (most recent call last):\nKeyError: ''\n",  # a state that interfaces.py of vyos-1x does not know
        "pppoe0: <POINTOPOINT> mtu 1492\n    inet6 fe80::1 peer fe80::2/128\n    Description: inet 203.0.113.9\n",
    ],
)
def test_no_session(shown: str) -> None:
    assert not words.seen(shown, "", "", "pppoe0").up


def test_every_character_that_can_be_typed() -> None:
    password = " " + "".join(chr(one) for one in range(32, 127) if chr(one) not in "\"'?\\") + " "
    wanted = Credentials(LOGIN, password)
    assert not words.unfit(wanted) and not words.untypable(wanted, "pppoe0")
    text = f"set {BASE} authentication username '{LOGIN}'\nset {BASE} authentication password '{password}'\n"
    assert words.Configuration.read(text, "pppoe0").lines(wanted) == ()
