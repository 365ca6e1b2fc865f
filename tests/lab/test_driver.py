# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action pppoe_client alone, on each kind of router: a password that was made elsewhere gets onto the line."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from lab.kinds import EVERY, PEER, Kind
from lab.line import Line, Run
from lab.provider import ALIVE, TERMINATE
from lab.test_end_to_end import REDIAL, UNKEPT, kept, online_anew, prompt, succeeded

PLAYBOOK = f"""\
- hosts: router
  gather_facts: false
  tasks:
    - name: Set login and password
      ownrouter.ovhcloud.pppoe_client:
        platform: linux_pppd
        interface: {PEER}
        state: set
        login: "{{{{ lookup('env', 'LINE_LOGIN') }}}}"
        password: "{{{{ lookup('env', 'LINE_PASSWORD') }}}}"
        wait: 60
      no_log: true
"""

#: That of `make test`: with test_end_to_end.py's own router, each pppd and SSH server once.
QUICK = [Kind("2.5.2", "supervisor", sshd="dropbear")]
EACH = [pytest.param(kind, id=str(kind), marks=() if kind in QUICK else pytest.mark.soak) for kind in EVERY]


def given(line: Line) -> Run:
    """The router is given the line's login and password."""
    playbook = line.machines.top / "set.yml"
    playbook.write_text(PLAYBOOK)
    account = line.provider.line
    return line.play(playbook=str(playbook), LINE_LOGIN=account["login"], LINE_PASSWORD=account["password"])


@pytest.mark.parametrize("kind", EACH)
def test_one_dial_on_each_kind_of_router(collections: Path, kind: Kind) -> None:
    """First the old session lives on, then it was cut and the old password refused."""
    with Line(collections, kind=kind) as line:
        line.watch()
        line.dial()
        for cut_mode in (ALIVE, TERMINATE):
            line.provider.cut_mode = cut_mode
            before, began = line.session().identity, time.time()
            line.provider.rotate()
            if cut_mode == TERMINATE:
                line.provider.wait_for("reject" if kind.dials_again else "stop", began)
            run = given(line)
            succeeded(run)
            assert run.recap("changed") == 1, run.output
            online_anew(line, before, began, run)
            assert len(line.provider.told("accept", began)) == 1, "one dial, and no second outage"
            prompt(line, began, REDIAL if kind.dials_again else UNKEPT)
            assert len(line.pppds()) == 1 and line.most() == 1, "two pppd on one line"
            kept(line)
        after = line.session().identity
        again = given(line)
        succeeded(again)
        assert again.recap("changed") == 0, again.output
        assert line.session().identity == after, "the second run cut the session"
