# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""RouterOS between a look and the command after it: other .ids, somebody else's changes; and a router that repeats."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from routeros.driving import driver
from routeros.played import GOOD, LOGIN, OTHER, Play, play
from routeros.words import Reply, Row

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.port import Credentials, Dial
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.routeros import facts
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.routeros.api import Lost, outcome

MAILED = Credentials(LOGIN, GOOD)


def rows(found: Play) -> dict[str, Row]:
    return {client.row["name"]: dict(client.row) for client in found.router.clients.values()}


def before(monkeypatch: pytest.MonkeyPatch, found: Play, word: str, happens: Callable[[], None]) -> None:
    """Let something happen when the router is told a sentence with that word, once, before it has an effect."""
    usual, done = found.router.run, []

    def run(name: str, words: list[str]) -> Iterator[Reply]:
        if word in words and not done:
            done.append(True)
            happens()
        return usual(name, words)

    monkeypatch.setattr(found.router, "run", run)


def numbered_anew(found: Play) -> Callable[[], None]:
    """The connection is lost, and on the next one the clients have each other's .id."""

    def happens() -> None:
        clients = [found.client, *(one for one in found.router.clients.values() if one is not found.client)]
        found.router.clients = {f"*{number}": client for number, client in enumerate(clients, 1)}
        raise EOFError

    return happens


@pytest.mark.parametrize(
    "word", ["=once=yes", "/ppp/profile/print", "/user/active/print", "/user/group/print", "=comment=mine"]
)
def test_the_proof_of_the_right_to_write_is_of_this_client(monkeypatch: pytest.MonkeyPatch, word: str) -> None:
    """An .id holds for one connection (luqasz/librouteros issue 20)."""
    found = play(OTHER, comment="mine")
    have = rows(found)
    before(monkeypatch, found, word, numbered_anew(found))
    seen = driver(found).probe(prove=True)
    assert rows(found) == have
    assert seen.writable and seen.session.up and seen.session.address == "203.0.113.10"


@pytest.mark.parametrize("word", ["=once=yes", "/interface/print", f"=password={GOOD}"])
def test_the_password_is_of_this_client(monkeypatch: pytest.MonkeyPatch, word: str) -> None:
    found = play(OTHER)
    found.client.tells_age = word != "/interface/print"
    have = rows(found)
    before(monkeypatch, found, word, numbered_anew(found))
    assert driver(found).apply(MAILED, dial=Dial.AUTO, age=60, check=False).written
    have["pppoe-out1"]["password"] = GOOD
    assert rows(found) == have


@pytest.mark.parametrize("word", ["=disabled=yes", "=disabled=no"])
def test_the_redial_is_of_this_client(monkeypatch: pytest.MonkeyPatch, word: str) -> None:
    found = play(GOOD)
    have = rows(found)
    before(monkeypatch, found, word, numbered_anew(found))
    assert driver(found).apply(MAILED, dial=Dial.ALWAYS, age=None, check=False).dialled
    assert rows(found) == have


@pytest.mark.parametrize("policies", ["api read write sensitive", "api read write"])
def test_a_client_that_was_made_anew_after_the_look_is_written(monkeypatch: pytest.MonkeyPatch, policies: str) -> None:
    found = play(OTHER, policies=policies)

    def happens() -> None:
        found.router.clients["*7"] = found.router.clients.pop("*2")

    before(monkeypatch, found, f"=password={GOOD}", happens)
    assert driver(found).apply(MAILED, dial=Dial.AUTO, age=60, check=False).written
    assert found.client.row["password"] == GOOD and len(found.sets()) == 2


def test_a_client_that_was_removed_after_the_look_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    found = play(OTHER)
    before(monkeypatch, found, f"=password={GOOD}", lambda: found.router.clients.__delitem__("*2"))
    with pytest.raises(Failure, match="it has: pppoe-backup") as error:
        driver(found).apply(MAILED, dial=Dial.AUTO, age=60, check=False)
    assert error.value.code == "router_option"


def test_somebody_elses_comment_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Written between the first look and the proof."""
    found = play(OTHER, comment="old")
    before(monkeypatch, found, "/user/group/print", lambda: found.client.row.update(comment="new"))
    assert driver(found).probe(prove=True).writable
    assert found.client.row["comment"] == "new"


def stopped(found: Play) -> None:
    found.client.row["disabled"] = "true"
    found.client.redial()


def put_back(found: Play) -> None:
    """As a script of the scheduler does, or the management system of a provider (TR-069)."""
    found.client.row["password"] = OTHER
    found.client.redial()


@pytest.mark.parametrize(
    ("happens", "said"),
    [
        (stopped, '/interface pppoe-client enable [find name="pppoe-out1"]'),
        (put_back, "has put another login or password there"),
    ],
)
@pytest.mark.parametrize("early", [True, False])
def test_what_was_changed_meanwhile_is_told(happens: Callable[[Play], None], said: str, early: bool) -> None:
    """Before the write (after the preflight), or behind it."""
    found = play(OTHER)
    router = driver(found)
    assert router.probe(prove=True).writable
    if early and happens is stopped:
        happens(found)
    done = router.apply(MAILED, dial=Dial.AUTO, age=60, check=False)
    happens(found)
    session = router.session(wait=5, since=done.mark if done.dialled else None)
    assert not session.up and said in session.error and GOOD not in session.error and OTHER not in session.error
    assert len([words for words in found.sets() if words != ["=comment="]]) == 1


@pytest.mark.parametrize(
    ("policies", "code", "said"),
    [
        ("api read write sensitive", "router_write", "was told 3 times, and did not take"),
        ("api read write", "router_lost", "is not known"),
    ],
)
def test_a_write_that_never_arrives_is_given_up(
    monkeypatch: pytest.MonkeyPatch, policies: str, code: str, said: str
) -> None:
    """What was not written is not missed later: nobody has put anything back."""
    found = play(OTHER, policies=policies)
    usual = found.router.run

    def run(name: str, words: list[str]) -> Iterator[Reply]:
        if words[0].endswith("/set"):
            raise EOFError
        return usual(name, words)

    monkeypatch.setattr(found.router, "run", run)
    router = driver(found)
    with pytest.raises(Failure, match=said) as error:
        router.apply(MAILED, dial=Dial.AUTO, age=60, check=False)
    assert error.value.code == code and "Run the same command again" in error.value.message
    assert found.client.row["password"] == OTHER and len(found.sets()) == 3
    found.client.begun(0)
    found.client.since = None
    assert "has put another" not in router.session(wait=1, since=None).error


SECRETS = ["Kanarie  7391", "Kanarie\t7391", "x" * 40 + "Kanarie7391", 'Ka"nar\\ie$7391?', "Kanärie 7391", "é" * 80]


@pytest.mark.parametrize("fill", [0, 290, 310])
@pytest.mark.parametrize("secret", SECRETS)
def test_what_the_router_repeats_is_not_handed_on(secret: str, fill: int) -> None:
    """Nor a part of it, where a long message is cut to its last words."""
    for form in ("{}", '"{}"', "{:.12}...", "\x1b[31m{}\x1b[m"):
        for echo in (secret, facts.quoted(secret)[1:-1]):
            found = play(OTHER)
            found.router.refusal = f"invalid value for argument password: {form.format(echo)} {'z' * fill}"
            with pytest.raises(Failure) as error:
                driver(found).apply(Credentials(LOGIN, secret), dial=Dial.AUTO, age=None, check=False)
            said = error.value.message + repr(error.value.details)
            pieces = {piece for piece in re.split(r"\s+", secret) if len(piece) > 3} | {secret[:6], secret[-6:]}
            assert not [piece for piece in pieces if piece in said], said
            assert error.value.message.endswith("Nothing was written on the router.")


def test_a_refusal_that_repeats_the_password_is_still_told_from_a_loss() -> None:
    said = f"action timed out at {GOOD[:8]}"
    lost = outcome([{"message": said}], ["/interface/pppoe-client/set", f"=password={GOOD}"])
    assert isinstance(lost, Lost) and GOOD[:8] not in str(lost)


@pytest.mark.parametrize("name", ["pppoe?out", 'a"b', "a\\b", "a$b", "a b?"])
def test_a_name_on_the_routers_terminal(name: str) -> None:
    """Release 6 asks for help at "?", in quotes too (forum.mikrotik.com, topic 183221)."""
    typed = facts.quoted(name)
    assert "?" not in typed
    assert re.sub(r"\\(3F|.)", lambda found: "?" if found[1] == "3F" else found[1], typed[1:-1]) == name
