# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""RouterOS as owners have it: a router that restarts or gives up in a write, values of every kind, missing words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from routeros.driving import driver
from routeros.played import GOOD, LOGIN, OTHER, Play, play
from routeros.router import Trap
from routeros.words import Reply, Row

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.port import Applied, Credentials, Dial
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.routeros import facts
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.routeros.api import (
    Api,
    ApiOptions,
    Lost,
    Refused,
    outcome,
)

MAILED = Credentials(LOGIN, GOOD)
BLIND = "api read write"  # without sensitive
GAVE_UP = (
    "action timed out - try again, if error continues contact MikroTik support and send a supout file (13)",
    "std failure: timeout (13)",
)


def apply(found: Play, credentials: Credentials = MAILED, **more: Any) -> Applied:
    return driver(found).apply(credentials, **{"dial": Dial.AUTO, "age": None, "check": False, **more})


# -- the API: what is said on the wire, behind librouteros


class Wire:
    """In place of librouteros' connection: sentences in turn, the last one again and again."""

    def __init__(self, *sentences: list[str]) -> None:
        self.sentences, self.protocol, self.transport, self.sock = list(sentences), self, self, self

    def writeSentence(self, *_words: str) -> None:
        """Nobody listens."""

    def readSentence(self) -> tuple[str, list[str]]:
        found = self.sentences.pop(0) if len(self.sentences) > 1 else self.sentences[0]
        return found[0], found[1:]

    def close(self) -> None:
        """Nothing is open."""


def api_over(*sentences: list[str]) -> Api:
    api = Api(ApiOptions("192.0.2.1"))
    api._api = Wire(*sentences)
    return api


@pytest.mark.parametrize(
    ("sentences", "rows"),
    [
        ([["!re", "=.id=*1", "=name=a"], ["!done"]], [{".id": "*1", "name": "a"}]),
        ([["!empty"], ["!done"]], []),
        ([["!done"]], []),
        ([["!re", "=.id=*1", ".tag=3", "=name=a"], ["!done", ".tag=3"]], [{".id": "*1", "name": "a"}]),
        ([["!re"], ["!done"]], [{}]),
        ([["!unheard-of", "=x=y"], ["!re", "=name=a"], ["!done"]], [{"name": "a"}]),
        ([["!re", "=comment=", "=name=a=b"], ["!done"]], [{"comment": "", "name": "a=b"}]),
    ],
)
def test_shapes_of_an_answer(sentences: list[list[str]], rows: list[Row]) -> None:
    assert api_over(*sentences).run("/interface/print") == rows


@pytest.mark.parametrize(
    ("traps", "kind"),
    [
        ([{}], Refused),
        ([{"category": "4"}], Refused),
        ([{"message": "no such item"}, {"message": "failure"}], Refused),
        ([{"message": "not enough permissions (9)"}], Refused),
        ([{"message": "invalid value for argument keepalive-timeout", "category": "1"}], Refused),
        ([{"category": "2"}], Lost),
        *(([{"message": said}], Lost) for said in GAVE_UP),
    ],
)
def test_what_a_refusal_comes_to(traps: list[Row], kind: type[Exception]) -> None:
    assert outcome(traps, ()).__class__ is kind
    words = [["!trap", *(f"={key}={value}" for key, value in trap.items())] for trap in traps]
    with pytest.raises(kind):
        api_over(*words, ["!done"]).run("/interface/pppoe-client/set")


# -- a write, and a router that gives up or restarts in it


@pytest.mark.parametrize("policies", ["api read write sensitive", BLIND])
@pytest.mark.parametrize("effect", [False, True])
@pytest.mark.parametrize("said", GAVE_UP)
def test_a_router_that_gives_up_in_a_write_is_looked_at(
    monkeypatch: pytest.MonkeyPatch, said: str, effect: bool, policies: str
) -> None:
    """Its own words for a command that may have had its effect: no refusal, and one dial in all."""
    found = play(OTHER, policies=policies)
    usual, tries = found.router._set, []

    def once(*given: Any) -> bool:
        tries.append(given)
        done = usual(*given) if effect or len(tries) > 1 else True
        if len(tries) == 1:
            raise Trap(said)
        return done

    monkeypatch.setattr(found.router, "_set", once)
    router = driver(found)
    done = router.apply(MAILED, dial=Dial.AUTO, age=60, check=False)
    assert done.written and found.client.row["password"] == GOOD
    assert router.session(wait=60, since=done.mark).up
    assert (found.client.dials, len(tries)) == (1, 1 if effect else 2)


def restarts(
    monkeypatch: pytest.MonkeyPatch, found: Play, at: str, seconds: float = 75, *, effect: bool = True
) -> None:
    """Let the router restart for SECONDS when it is told AT; its clients have other .ids then.

    :param effect: what it was told has its effect
    """
    usual, back = found.router.run, []

    def run(name: str, words: list[str]) -> Iterator[Reply]:
        if back and found.clock.now < back[0]:
            found.clock.sleep(0.1)
            raise ConnectionRefusedError
        last = not back and at in words
        replies = [] if last and not effect else list(usual(name, words))
        if last:
            back.append(found.clock.now + seconds)
            clients = [found.client, *(one for one in found.router.clients.values() if one is not found.client)]
            found.router.clients = {f"*{number}": client for number, client in enumerate(clients, 1)}
            raise EOFError
        return iter(replies)

    monkeypatch.setattr(found.router, "run", run)


@pytest.mark.parametrize("policies", ["api read write sensitive", BLIND])
@pytest.mark.parametrize("effect", [False, True])
def test_a_router_that_restarts_in_the_write(monkeypatch: pytest.MonkeyPatch, effect: bool, policies: str) -> None:
    found = play(OTHER, policies=policies)
    restarts(monkeypatch, found, f"=password={GOOD}", effect=effect)
    router = driver(found)
    done = router.apply(MAILED, dial=Dial.AUTO, age=60, check=False)
    assert done.written and len(found.sets()) == (1 if effect else 2)
    assert router.session(wait=60, since=done.mark).up
    passwords = {client.row["name"]: client.row["password"] for client in found.router.clients.values()}
    assert passwords == {"pppoe-out1": GOOD, "pppoe-backup": "other"}


def test_a_router_that_restarts_before_its_session_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """An .id holds for one connection (luqasz/librouteros issue 20): afterwards it may be another client's."""
    found = play(OTHER)
    router = driver(found)
    done = router.apply(MAILED, dial=Dial.AUTO, age=60, check=False)
    restarts(monkeypatch, found, "=once=yes", 20)
    session = router.session(wait=60, since=done.mark)
    assert session.up and session.address == "203.0.113.10", session


def test_a_router_that_restarts_while_its_client_is_disabled(monkeypatch: pytest.MonkeyPatch) -> None:
    """That client is enabled, and no other: the one that has its .id by then is disabled by somebody."""
    found = play(OTHER)
    found.client.redials_on_change = False
    restarts(monkeypatch, found, "=disabled=yes")
    router = driver(found, redial_after=2)
    done = router.apply(MAILED, dial=Dial.AUTO, age=60, check=False)
    assert router.session(wait=200, since=done.mark).up
    disabled = {client.row["name"]: client.row["disabled"] for client in found.router.clients.values()}
    assert disabled == {"pppoe-out1": "false", "pppoe-backup": "true"}


def test_a_session_that_comes_up_and_is_refused_is_not_redialled() -> None:
    found = play(OTHER)
    router = driver(found)
    done = router.apply(MAILED, dial=Dial.AUTO, age=None, check=False)
    found.client.accepts = "another"
    session = router.session(wait=60, since=done.mark)
    assert not session.up and "failed to authenticate" in session.error and len(found.sets()) == 1


# -- words and values


@pytest.mark.parametrize(
    "status",
    [
        "initializing...",
        "dialing...",
        "waiting for packets...",
        "link established",
        "authenticating",
        "authenticated",
        "terminating...",
        "disconnected",
        "disabled",
        "",
    ],
)
def test_only_connected_is_up(status: str) -> None:
    session = facts.session_of({"status": status, "uptime": "5s", "local-address": "203.0.113.1"})
    assert not session.up and status in session.error


@pytest.mark.parametrize("idle", ["none", "0s", "00:00:00", ""])
def test_no_idle_timeout(idle: str) -> None:
    found = play()
    found.router.profiles[0]["idle-timeout"] = idle
    assert driver(found).probe(prove=False).writable


@pytest.mark.parametrize("missing", ["disabled", "dial-on-demand", "invalid", "profile", "comment", "interface"])
def test_properties_that_a_release_does_not_tell(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    found = play(OTHER)
    usual = found.router._client_rows
    monkeypatch.setattr(
        found.router,
        "_client_rows",
        lambda user: [{key: value for key, value in row.items() if key != missing} for row in usual(user)],
    )
    assert driver(found).probe(prove=False).writable
    assert apply(found).written


@pytest.mark.parametrize("login", ["0320123456", "007", "yes", "1_000", " spaced@x ", "é@x", "a=b", '"q"'])
def test_every_login_is_read_as_it_is(login: str) -> None:
    found = play()
    found.client.row["user"] = login
    assert driver(found).probe(prove=False).login == login
    assert not apply(found, Credentials(login, GOOD)).changed


@pytest.mark.parametrize(
    "password",
    ["".join(map(chr, range(32, 127))), " x ", "**a**", "é" * 32, "x" * 64, "x" * 255, "1_0", "٣", "no", "+5", "!done"],
)
def test_every_password_is_written_once(password: str) -> None:
    found = play(OTHER)
    assert apply(found, Credentials(LOGIN, password)).written
    assert found.client.row["password"] == password
    assert not apply(found, Credentials(LOGIN, password)).changed


@pytest.mark.parametrize("comment", ["007", "yes", "1_000", ' "q" ', "a=b", "l1\r\nl2", "\udce9", "x" * 300])
def test_the_proof_of_the_right_to_write_leaves_every_comment(comment: str) -> None:
    found = play(comment=comment)
    before = dict(found.client.row)
    assert driver(found).probe(prove=True).writable and found.client.row == before
