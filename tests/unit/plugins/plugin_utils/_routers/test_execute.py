# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A step goes by Ansible's own connection; what it refuses is said, and nothing of what passes is shown."""

from __future__ import annotations

import typing as t

import pytest
from ansible.errors import AnsibleConnectionFailure, AnsibleError
from ansible.utils.display import Display

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.execute import NOT_BECOME, over_connection
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.shell import Unreachable


class Action:
    """Answers once."""

    def __init__(self, answer: dict[str, t.Any] | Exception) -> None:
        self.answer, self.verbosity = answer, -1

    def _low_level_execute_command(self, command: str, in_data: bytes) -> dict[str, t.Any]:
        self.verbosity = Display().verbosity
        if isinstance(self.answer, Exception):
            raise self.answer
        return {**self.answer, "stdout": f"{self.answer['stdout']} {command} {in_data.decode()}"}


def run(answer: dict[str, t.Any] | Exception) -> tuple[int, bytes, str]:
    return over_connection(t.cast(t.Any, Action(answer)))("step", b"given")


def test_bytes_come_as_they_are() -> None:
    assert run({"rc": 3, "stdout": "\udce9", "stderr": "err"}) == (3, b"\xe9 step given", "err")


def test_nothing_is_shown_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Display(), "verbosity", 4)
    action = Action({"rc": 0, "stdout": "", "stderr": ""})
    over_connection(t.cast(t.Any, action))("step", b"")
    assert (action.verbosity, Display().verbosity) == (0, 4)


def test_no_connection_is_unreachable() -> None:
    with pytest.raises(Unreachable, match="No route to host"):
        run(AnsibleConnectionFailure("No route to host"))


@pytest.mark.parametrize(
    "error", [AnsibleConnectionFailure(f"Timeout {NOT_BECOME}: secret prompt"), AnsibleError("Incorrect sudo password")]
)
def test_who_does_not_become_root_is_refused(error: AnsibleError) -> None:
    with pytest.raises(Failure) as caught:
        run(error)
    assert caught.value.code == "router_refused" and "ansible_become_password" in caught.value.message
    assert "secret prompt" not in caught.value.message
