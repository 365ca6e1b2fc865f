# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""VyOS whose saved configuration cannot be compared, whose boot failed, that runs from an image, or is too old."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.port import Credentials, Dial
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.vyos import compare, words
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.vyos.driver import VyOs
from ansible_collections.ownrouter.ovhcloud.tests.unit.plugins.plugin_utils._routers.vyos.played import (
    BASE,
    CANARY,
    LOGIN,
    Played,
    Vyos,
    apply,
    fails,
    key,
)

#: What vyos-1x (python/vyos/config_mgmt.py) comes to when config.boot cannot be parsed, or is not there.
BROKEN = [
    'Traceback (most recent call last):\n  File "/usr/libexec/vyos/x", line 8\nValueError: Failed to parse config: 3\n',
    "FileNotFoundError: [Errno 2] No such file or directory: '/config/config.boot'\n",
    "\n  Invalid command: [saved]\n\n",
]
BOOT_FAILED = (
    "WARNING: There was a config error on boot: saving the configuration now could overwrite data.\n"
    "You may want to check and reload the boot config\n"
)
LIVE = "WARNING: You are currently configuring a live-ISO environment, changes will not persist until installed\n"
#: To all who are logged in, as shutdown(8) sends it.
WALL = "\nBroadcast message from root@vyos (Fri 2026-11-27 10:00:00 UTC):\n\nThe system will reboot at 10:10!\n\n"


class Says(Played):
    """A command line on which some commands say something first.

    :param often: how many times; the answer proper is left out when it is a text in place of it
    """

    def __init__(self, router: Vyos, pattern: str, said: str, often: int = 99, instead: bool = False) -> None:
        super().__init__(router)
        self.pattern, self.said, self.often, self.instead = pattern, said, often, instead

    def type(self, line: str, *, slow: bool = False) -> words.Answer:
        answer = super().type(line, slow=slow)
        if self.often <= 0 or not re.search(self.pattern, line):
            return answer
        self.often -= 1
        return words.Answer(self.said + ("" if self.instead else answer.text), answer.configuring)


def driver(cli: Says) -> VyOs:
    return VyOs(cli, "pppoe0", sleep=cli.router.sleep, monotonic=lambda: cli.router.now)


@pytest.mark.parametrize("said", BROKEN)
def test_a_saved_configuration_that_cannot_be_compared_stops_the_preflight(said: str) -> None:
    seen = driver(Says(Vyos(), "^compare saved", said, instead=True)).probe(prove=True)
    assert not seen.writable and "cannot compare" in seen.why and "/config/config.boot" in seen.why


@pytest.mark.parametrize("said", BROKEN)
def test_what_cannot_be_compared_after_a_write_is_not_said_to_be_saved(said: str) -> None:
    router = Vyos()
    router.accept(CANARY)
    with pytest.raises(Failure, match="Whether it is saved is not known") as error:
        driver(Says(router, "^compare saved", said, instead=True)).apply(
            Credentials(LOGIN, CANARY), dial=Dial.AUTO, age=None, check=False
        )
    assert error.value.code == "router_write" and CANARY not in error.value.message
    assert router.stored() == CANARY and router.commits == 1
    assert apply(router).changed and router.saved == router.running  # the same command finishes it, once that is mended


def test_a_candidate_that_cannot_be_compared_is_not_committed() -> None:
    router = Vyos()
    router.events = [("^compare$", BROKEN[0])] * 2
    assert "goes on with the old one" in fails(router, "router_refused").message
    assert router.commits == 0


@pytest.mark.parametrize("release", ["1.3", "1.4", "1.5"])
@pytest.mark.parametrize("command", ["^compare$", "^compare saved", "^set ", "^save", "^exit", "^show ", "^configure"])
def test_a_message_to_all_who_are_logged_in_changes_nothing(release: str, command: str) -> None:
    router = Vyos(release)
    router.accept(CANARY)
    told = driver(Says(router, command, WALL, often=1))
    assert told.probe(prove=True).writable
    told = driver(Says(router, command, WALL, often=1))
    done = told.apply(Credentials(LOGIN, CANARY), dial=Dial.AUTO, age=60, check=False)
    assert done.written and router.saved == router.running and router.commits == 1


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (f"{BASE} disable", "delete interfaces pppoe pppoe0 disable"),
        (f"{BASE} authentication password 'other'", "has put another login or password there"),
        ("", "The router has no pppoe0"),
    ],
)
def test_what_was_changed_after_the_write_is_told(line: str, said: str) -> None:
    """By a commit-confirm of somebody that was not confirmed, say: 1.5 goes back without a reboot."""
    router = Vyos()
    router.accept(CANARY)
    told = router.driver()
    done = told.apply(Credentials(LOGIN, CANARY), dial=Dial.AUTO, age=60, check=False)
    if line:
        router.running[key(line)] = line
        router.dial()
    else:
        router.running = {one: value for one, value in router.running.items() if not one.startswith(BASE)}
        router.began = None
    session = told.session(wait=3, since=done.mark)
    assert not session.up and said in session.error and CANARY not in session.error and router.commits == 1


def test_what_was_never_written_is_not_missed() -> None:
    router = Vyos()
    router.accept(CANARY)
    router.events = [("^commit", "Commit failed\n")]
    told = router.driver()
    with pytest.raises(Failure, match="goes on with the old one"):
        told.apply(Credentials(LOGIN, CANARY), dial=Dial.AUTO, age=60, check=False)
    assert "has put another" not in told.session(wait=1, since=None).error


def test_an_echo_is_no_answer() -> None:
    for text in ("compare saved\n", "vyos@vyos# compare saved\n[edit]\n", "compa re saved\n", "", "\n"):
        assert compare.Changes.read(text, "pppoe0") == compare.Changes(False, False)


@given(st.text(st.sampled_from("abc -+>[]{}\n\"'"), max_size=40))
def test_a_comparison_says_no_changes_or_is_not_taken_for_none(text: str) -> None:
    found = compare.Changes.read(text, "pppoe0")
    silent = all(not line.strip() or re.match(r"\[.*\]\s*$", line) for line in text.splitlines())
    assert found.any is not silent


def test_a_boot_that_failed_stops_whatever_is_saved() -> None:
    """A save would overwrite what VyOS did not load."""
    seen = driver(Says(Vyos(), "^configure", BOOT_FAILED)).probe(prove=True)
    assert not seen.writable and "a save would lose the rest" in seen.why


def test_a_boot_that_failed_is_not_said_to_be_somebodys_unsaved_changes() -> None:
    """Of those it is said that they may be saved, which would lose what is in the file only."""
    router = Vyos()
    router.saved["protocols static"] = "protocols static"
    seen = driver(Says(router, "^configure", BOOT_FAILED)).probe(prove=True)
    assert "then save or undo them" not in seen.why and "config.boot" in seen.why


def test_a_live_image_is_warned_of() -> None:
    seen = driver(Says(Vyos(), "^configure", LIVE)).probe(prove=True)
    assert seen.writable and seen.warnings == (compare.NOT_KEPT,)
    assert Vyos().driver().probe(prove=True).warnings == ()


@pytest.mark.parametrize("where", ["ethernet eth0 vif 835 pppoe 0", "ethernet eth0 pppoe 0", "bonding bond0 pppoe 1"])
def test_a_client_of_an_older_release_is_named(where: str) -> None:
    """VyOS 1.2 and EdgeOS have it below the port."""
    router = Vyos("1.3", f"interfaces {where} user-id 'x'", f"interfaces {where} password 'y'", line=False)
    with pytest.raises(Failure, match=f"Its PPPoE client is {where}") as error:
        router.driver().probe(prove=True)
    assert error.value.code == "router_refused"
    assert where in fails(router, "router_refused").message
