# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Commands of a run, and those in its last words: each can be run."""

from __future__ import annotations

import pathlib
import shlex

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line.renewal import parse_date, parse_duration
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._command.command import JOB as JOBS
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._command.command import Standing, command_of
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._given.options import PREFIX, SPEC
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.acts import Why
from ansible_collections.ownrouter.ovhcloud.tests.unit.plugins.plugin_utils.run_states import HOST, NOW

PLAYBOOKS = pathlib.Path(__file__).resolve().parents[4] / "playbooks"
AGAIN = "ansible-playbook -i hosts.yml -e router_pppoe_renew=true --limit router1 ownrouter.ovhcloud.renew"
BY_HAND = "ansible-playbook -i hosts.yml --limit router1 ownrouter.ovhcloud.by_hand"
SITE = command_of(
    ["ansible-playbook", "-i", "hosts.yml", "-e", "mine=x", "site.yml"], {}, Standing(HOST, (HOST,), (HOST,))
)
JOB = command_of(
    ["ansible-playbook", "-i", "/runner/hosts", "site.yml"], {JOBS: "/runner"}, Standing(HOST, (HOST, "b"))
)
CHECKED = command_of(["ansible-playbook", "--check", "ownrouter.ovhcloud.renew"], {}, Standing(HOST, (HOST,)))
STOPS = sorted(set(Why) - {Why.NONE, Why.PREDICTED}, key=lambda why: why.value)


def commands(text):
    """The commands in a text, each a line of its own, as playbook and variables; each can be run."""
    found = []
    for line in text.splitlines():
        if not line.startswith("ansible-playbook "):
            assert "ansible-playbook" not in line, text
            continue
        words = shlex.split(line)
        playbook = words[-1].removeprefix("ownrouter.ovhcloud.")
        assert (PLAYBOOKS / f"{playbook}.yml").is_file()
        assert words[words.index("--limit") + 1] == HOST
        given = dict(word.split("=", 1) for word, before in zip(words[1:], words, strict=False) if before == "-e")
        assert {name.removeprefix(PREFIX) for name in given} <= set(SPEC)
        if since := given.get("router_pppoe_renewed_since"):
            assert parse_date("renewed_since", since) == NOW
        parse_duration("cooldown", given.get("router_pppoe_cooldown", "15m"))
        found.append((playbook, given))
    return found
