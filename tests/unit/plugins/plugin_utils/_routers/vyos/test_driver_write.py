# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What VyOS, its connection and other people can do to a write."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure, Outcome
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.port import Applied, Credentials, Dial
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.vyos.driver import VyOs
from ansible_collections.ownrouter.ovhcloud.tests.unit.plugins.plugin_utils._routers.vyos.played import (
    BASE,
    CANARY,
    LOCKED,
    LOGIN,
    LOOK,
    PASSWORD,
    SET,
    Played,
    Vyos,
    apply,
    configuring,
    fails,
)

# -- somebody else's commit


@pytest.mark.parametrize(
    "event",
    [
        ("commit", LOCKED),
        ("^set", "\n  Set failed\n"),
        ("^set", LOCKED),
        ("^compare$", '[interfaces ethernet eth1]\n- description "LAN"\n'),
    ],
)
@pytest.mark.parametrize("times", [1, 8])
def test_a_commit_of_somebody_else_is_waited_for(event: tuple[str, str], times: int) -> None:
    router = Vyos()
    router.events = [event] * times
    assert apply(router).written and router.commits == 1 and router.saved == router.running
    assert router.stored() == CANARY


def test_it_is_not_waited_for_without_end() -> None:
    router = Vyos()
    router.events = [("commit", LOCKED)] * 1000
    began = router.now
    failure = fails(router, "router_refused")
    assert "did not take the new password, and goes on with the old one. Another commit" in failure.message
    assert 60 <= router.now - began < 90 and router.stored() == PASSWORD
    assert "exit discard" in router.typed[-1]


def test_somebody_elses_commit_of_the_same_password_is_seen() -> None:
    router = Vyos()

    class Meanwhile(Played):
        def type(self, line: str, *, slow: bool = False) -> t.Any:
            answer = super().type(line, slow=slow)
            if line == "exit discard":
                router.running[f"{BASE} authentication password"] = f"{BASE} authentication password '{CANARY}'"
            return answer

    router.events = [("commit", LOCKED)]
    driver = VyOs(Meanwhile(router), "pppoe0", sleep=router.sleep, monotonic=lambda: router.now)
    driver.apply(Credentials(LOGIN, CANARY), dial=Dial.AUTO, age=None, check=False)
    assert router.commits == 0 and router.saved == router.running


# -- what goes wrong


@pytest.mark.parametrize(
    "event",
    [
        ("commit", "[ interfaces pppoe ]\nno such device\n\n[[interfaces pppoe]] failed\nCommit failed\n"),
        ("commit", "some words of a release to come\n"),
        ("^set", "\n  Configuration path: interfaces [pppoe] is not valid\n  Set failed\n\n"),
        ("^compare$", "No changes between working and active configurations.\n"),
    ],
)
def test_a_refused_write_leaves_the_old_password(event: tuple[str, str]) -> None:
    router = Vyos()
    router.events = [event] * 2
    failure = fails(router, "router_refused")
    assert "VyOS did not take the new password, and goes on with the old one. Look on the router" in failure.message
    assert failure.outcome is Outcome.REFUSED and router.stored() == PASSWORD and router.written == 0


def test_a_commit_that_says_nothing_and_does_nothing_is_seen() -> None:
    """As with a release that refuses in another way: the configuration is read back, and nothing is tried again."""
    router = Vyos()

    class Forgets(Played):
        def type(self, line: str, *, slow: bool = False) -> t.Any:
            assert len(router.typed) < 100
            if line.startswith("commit"):
                self.candidate = dict(router.running)
            return super().type(line, slow=slow)

    driver = VyOs(Forgets(router), "pppoe0", sleep=router.sleep, monotonic=lambda: router.now)
    with pytest.raises(Failure, match="did not take the new password"):
        driver.apply(Credentials(LOGIN, CANARY), dial=Dial.AUTO, age=None, check=False)
    assert router.typed.count(SET) == 1 and router.stored() == PASSWORD


def test_words_that_look_like_a_refusal_prove_nothing() -> None:
    """The configuration is read back: it has the password."""
    router = Vyos()

    class Warns(Played):
        def type(self, line: str, *, slow: bool = False) -> t.Any:
            answer = super().type(line, slow=slow)
            return type(answer)("Cannot reach the archive\n", True) if line.startswith("commit") else answer

    driver = VyOs(Warns(router), "pppoe0", sleep=router.sleep, monotonic=lambda: router.now)
    assert driver.apply(Credentials(LOGIN, CANARY), dial=Dial.AUTO, age=None, check=False).written
    assert router.commits == 1 and router.saved == router.running


def test_a_write_that_is_not_saved_is_told_and_saved_by_the_next_run() -> None:
    router = Vyos()
    router.events = [("^save$", "Cannot write /config/config.boot\n")]
    failure = fails(router, "router_write")
    assert "the new password is in use, but not saved: a reboot would bring the old one back. Look" in failure.message
    del router.typed[:]
    assert apply(router, check=True) == Applied(True, False, False)
    applied = apply(router)
    assert applied == Applied(True, False, False)
    assert configuring(router)[3:] == [
        *LOOK,
        *LOOK[:2],
        "save",
        "compare saved",
        "exit",
    ]
    assert router.saved == router.running and router.commits == 1


def test_changes_of_somebody_else_are_never_saved() -> None:
    """They came after preflight: the line gets its password, and they are left to whom they belong."""
    router = Vyos()
    router.running["interfaces ethernet eth1 description"] = "interfaces ethernet eth1 description 'LAN'"
    failure = fails(router, "router_write")
    assert "in use, but not saved" in failure.message and "Somebody else has changes" in failure.message
    assert router.stored() == CANARY and "save" not in router.typed
    assert not apply(router).changed


@pytest.mark.parametrize("command", ["configure", "^set", "^compare$", "commit", "compare saved", "^save", "^exit$"])
@pytest.mark.parametrize("how", ["lost", "lost after"])
def test_a_lost_connection_is_looked_behind(command: str, how: str) -> None:
    """Once at each command of the write, before and after its effect: one write, one dial, saved."""
    router = Vyos()
    router.accept(CANARY)
    router.events = [(command, how)]
    applied = apply(router)
    assert (applied.written, router.written, router.commits) == (True, 1, 1)
    assert router.saved == router.running and router.stored() == CANARY
    assert router.driver().session(wait=20, since=applied.mark).up


def test_a_connection_that_breaks_again_and_again_is_given_up() -> None:
    router = Vyos()
    router.events = [("^set", "lost")] * 10
    failure = fails(router, "router_unreachable")
    assert "Nothing was written" in failure.message and len(router.events) == 6


@pytest.mark.parametrize(
    ("command", "how", "code", "said"),
    [
        ("^set", "gone after", "router_unreachable", "Nothing was written."),
        ("commit", "gone", "router_lost", "whether it has the new password is not known. Look on the router"),
        ("commit", "gone after", "router_lost", "whether it has the new password is not known. Look on the router"),
        ("^save", "gone", "router_lost", "whether it has the new password is not known. Look on the router"),
    ],
)
def test_a_router_that_stays_away(command: str, how: str, code: str, said: str) -> None:
    router = Vyos()
    router.events = [(command, how)]
    began = router.now
    failure = fails(router, code)
    assert said in failure.message and router.now - began < 90
    assert failure.outcome is (Outcome.UNKNOWN if code == "router_lost" else Outcome.NOT_SENT)
