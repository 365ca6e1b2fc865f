# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which line of a secrets file a real pppd takes, and that it says when it ends: what the driver goes by.

None of ours runs.
"""

from __future__ import annotations

import time

import pytest

from lab.kinds import PPPS, Kind, Ppp
from lab.line import Line, quoted

# Long, and a fact that holds: no test of a change of ours.
pytestmark = pytest.mark.soak

#: The line of any client for this provider, whose name is isp-ac.
ANY = "* isp-ac wrong *\n"


def came_to(line: Line, secrets: str) -> str:
    """Dial with these secrets: "accept" or "reject"."""
    line.router("umask 077; cat >/etc/ppp/chap-secrets; cp /etc/ppp/chap-secrets /etc/ppp/pap-secrets", stdin=secrets)
    began = time.time()
    line.router(line.kind.dial)
    end = time.monotonic() + 30
    while not (told := [what for what in ("accept", "reject") if line.provider.told(what, began)]):
        assert time.monotonic() < end, line.router("tail -n 30 /var/log/ppp-dsl.log")
        time.sleep(0.1)
    if told == ["accept"]:
        line.router(line.kind.stop)
    line.machines.wait_for("router", "! pidof pppd", 10)
    # By which the driver tells for how long nobody has started one (Facts.silent).
    silent = int(line.router("echo $(($(date +%s) - $(stat -c %Y /var/log/ppp-dsl.log)))"))
    assert 0 <= silent <= 5, f"pppd said its last word {silent} s before its end"
    return told[0]


@pytest.mark.parametrize("ppp", PPPS)
def test_the_line_that_counts(ppp: Ppp) -> None:
    with Line(kind=Kind(ppp, persist=False)) as line:
        login, password = quoted(line.provider.line["login"]), quoted(line.provider.line["password"])
        ours, elsewhere = f"{login} * {password} *\n", f"{login} elsewhere {password} *\n"
        assert came_to(line, ANY) == "reject", "nobody looks at the line of any client"
        assert came_to(line, ANY + ours) == "accept"
        assert came_to(line, ours + ANY) == "accept"
        assert came_to(line, elsewhere + ANY) == "reject", "why with_secret() adds a line"
        assert came_to(line, elsewhere + ANY + ours) == "accept"
