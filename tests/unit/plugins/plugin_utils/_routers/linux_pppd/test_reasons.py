# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why a pppd router cannot be set, as sentences with the remedy."""

from __future__ import annotations

import dataclasses

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.linux_pppd import reasons
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.linux_pppd.plan import Facts, facts_of
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.shell import Ran, Told
from ansible_collections.ownrouter.ovhcloud.tests.unit.plugins.plugin_utils._routers.linux_pppd.test_plan import (
    INIT,
    facts,
)

GOOD = facts(INIT, up=True)


def with_said(*said: tuple[str, bytes], files: dict[str, str] | None = None) -> Facts:
    """That look, with more said, and other words for files."""
    told = dataclasses.replace(GOOD.told, said=(*GOOD.told.said, *said), files={**GOOD.told.files, **(files or {})})
    return facts_of(GOOD.peer, GOOD.ppp_dir, told)


def test_one_that_can_be_set() -> None:
    assert reasons.reason(GOOD, "") == "" and reasons.warnings(GOOD) == ()


def test_a_shell_without_printf_is_not_looked_at_further() -> None:
    with pytest.raises(Failure, match="no built-in printf"):
        reasons.refuse(GOOD)
    reasons.refuse(with_said(("printf printf is a shell builtin", b"")))


@pytest.mark.parametrize(
    ("said", "files", "message"),
    [
        (("missing sha256sum", b""), {}, "The command sha256sum is missing"),
        (("x", b""), {"/etc/ppp/chap-secrets": "shut"}, "/etc/ppp/chap-secrets on the router may not be read"),
    ],
)
def test_what_stops_a_look(said: tuple[str, bytes], files: dict[str, str], message: str) -> None:
    with pytest.raises(Failure, match=message):
        reasons.refuse(with_said(("printf printf is a shell builtin", b""), said, files=files))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (facts(INIT, peer="password 'x'", words="pppd call dsl password x"), "was started with the option password"),
        (facts(INIT, peer="plugin passwordfd.so"), "from the plugin passwordfd.so"),
        (facts("80 +parent\t-bash", peer="", words="pppd call dsl nodetach"), "Set O(dial_command)"),
    ],
)
def test_why_it_cannot_be_set(given: Facts, said: str) -> None:
    assert said in reasons.reason(given, "")


def test_the_user_s_command_settles_who_starts_it() -> None:
    assert reasons.reason(facts("80 +parent\t-bash", peer="", words="pppd call dsl nodetach"), "pon dsl") == ""


def test_a_peer_that_is_none_is_named_with_those_that_are() -> None:
    stopped = facts(None)
    said = (*stopped.told.said, ("printf printf is a shell builtin", b""), ("peers", b"dsl\n"))
    looked = facts_of("wan", "/etc/ppp", Told({}, {}, said))
    with pytest.raises(Failure, match=r"This router has no pppd peer wan\. Those that exist: dsl"):
        reasons.refuse(looked)


@pytest.mark.parametrize(
    ("ran", "said", "words"),
    [
        ({"write": Ran(1, b"No space left on device")}, {}, "could not be written (No space left on device)"),
        ({"write": Ran(1, b"")}, {}, "(no reason was given)"),
        ({"write": Ran(0, b"")}, {"ended": "1"}, "pppd does not end"),
        ({"write": Ran(0, b"")}, {"dialled": "7"}, "that dials ended with exit code 7: pon x. Set O(dial_command)"),
        ({"write": Ran(0, b""), "dial": Ran(4, b"")}, {}, "ended with exit code 4: systemctl restart"),
    ],
)
def test_a_write_that_failed(ran: dict[str, Ran], said: dict[str, str], words: str) -> None:
    with pytest.raises(Failure) as caught:
        reasons.refuse_failure(Told({}, ran), said, "pon x")
    assert caught.value.code == "router_write" and words in caught.value.message


def test_a_write_that_went_well() -> None:
    reasons.refuse_failure(Told({}, {"write": Ran(0, b""), "dial": Ran(0, b"")}), {"dialled": "0"}, "pon x")
