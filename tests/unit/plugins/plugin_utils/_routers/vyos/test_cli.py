# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The command line of a VyOS whose connection breaks: looks are made again, and what is not known is said."""

from __future__ import annotations

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.shell import Unreachable
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.vyos import cli
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.vyos.words import Answer


class Line:
    """A command line that answers what it is told to."""

    user = "renew"

    def __init__(self, *answers: Answer | Exception) -> None:
        self.answers, self.typed, self.anew = list(answers), list[str](), 0

    def type(self, line: str, *, slow: bool = False) -> Answer:
        self.typed.append(line)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def again(self) -> None:
        self.anew += 1


def told(text: str = "", configuring: bool = False) -> Answer:
    return Answer(text, configuring)


def talk(*answers: Answer | Exception) -> tuple[cli.Talk, Line]:
    line = Line(*answers)
    return cli.Talk(line, "pppoe0", lambda _seconds: None, lambda: 0.0), line


def test_a_look() -> None:
    one, line = talk(told("up"))
    assert one.show("show x") == "up" and line.anew == 0


@pytest.mark.parametrize("first", [cli.Lost("cut"), told("x", configuring=True)])
def test_a_look_is_made_again_on_a_new_connection(first: Answer | Exception) -> None:
    one, line = talk(first, told("up"))
    assert one.show("show x") == "up" and (line.typed, line.anew) == (["show x", "show x"], 1)


def test_who_may_not_configure_has_nothing_unsaved() -> None:
    one, line = talk(told("not allowed"))
    assert one.unsaved() is None and line.typed == ["configure"] and one.entered == "not allowed"


def test_a_comparison_that_was_cut_is_made_again() -> None:
    one, line = talk(cli.Lost("cut"), told("", True), told("[edit]\n", True), told())
    assert one.unsaved() is not None and line.anew == 1
    assert line.typed == ["configure", "configure", "compare saved", "exit"]


def test_a_look_that_cannot_be_made_says_that_nothing_was_written() -> None:
    with pytest.raises(Failure, match=r"cannot be reached: no route.* Nothing was written") as caught, cli.reached():
        raise Unreachable("no route.")
    assert caught.value.code == "router_unreachable"


def test_a_dial_that_is_refused_is_none() -> None:
    one, line = talk(told("Invalid command: [disconnect]"))
    with pytest.raises(Failure, match="may not make the router dial"):
        one.dial()
    assert line.typed == ["disconnect interface pppoe0"]
