# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each kind of router dials, redials and stops the way its owner has it do that: nothing of ours runs here."""

from __future__ import annotations

import pytest

from lab.kinds import EVERY, UNIT, Kind
from lab.line import Line

# Long, and of the lab alone: what `make test` has of the kinds is in test_driver.py.
pytestmark = pytest.mark.soak


def as_promised(line: Line) -> None:
    """It is the router that its kind says."""
    kind, (pid,) = line.kind, line.pppds()
    assert line.router("pppd --version 2>&1").split()[-1] == kind.ppp
    assert f"/{kind.ppp}/" in line.router(f"grep -o '/usr/lib/pppd/[0-9.]*/.*pppoe.so' /proc/{pid}/maps")
    assert bool(line.router("pidof dropbear || true")) == (kind.sshd == "dropbear")
    assert ("BusyBox" in line.router("ls --version 2>&1 || true")) == kind.busybox
    cgroup = line.router(f"cat /proc/{pid}/cgroup").strip()
    parent = line.router(f"grep PPid /proc/{pid}/status").split()[1]
    assert parent == "1"
    if kind.keeper == "supervisor":
        assert cgroup.endswith(f"/{UNIT}")
        assert (
            line.router(f"systemctl show -p MainPID --value {UNIT}; systemctl is-active {UNIT}") == f"{pid}\nactive\n"
        )
    elif kind.keeper == "ifupdown":
        assert "dsl-provider=dsl-provider" in line.router("ifquery --state")


@pytest.mark.parametrize("kind", EVERY, ids=str)
def test_a_router_of_each_kind(kind: Kind) -> None:
    with Line(holdoff=1, kind=kind) as line:
        line.watch()
        line.dial()
        first = line.session()
        assert first.up and line.pings()
        as_promised(line)
        assert (line.provider.dials(), line.most()) == (1, 1)

        line.router(kind.redial)
        line.provider.wait_for("start", line.provider.told("start")[0].at + 0.001)
        line.wait_up()
        assert line.session().identity != first.identity
        assert len(line.pppds()) == 1
        assert (line.provider.dials(), len(line.provider.told("accept"))) == (2, 2)

        line.router(kind.stop)
        line.machines.wait_for("router", "! pidof pppd", 10)
        line.router("sleep 3")
        assert line.pppds() == [], "it was started again"
        assert line.provider.dials() == 2


@pytest.mark.parametrize("kind", [Kind(keeper="supervisor")], ids=str)
def test_a_service_manager_starts_pppd_again(kind: Kind) -> None:
    """The stand-in keeps what it promises: a pppd that ends is started again, after a second."""
    with Line(kind=kind) as line:
        line.dial()
        (old,), began = line.pppds(), line.provider.told("start")[0].at + 0.001
        line.provider.cut()
        line.provider.wait_for("start", began)
        (new,) = line.pppds()
        assert new != old
        assert line.router(f"systemctl show -p MainPID,NRestarts {UNIT}") == f"MainPID={new}\nNRestarts=1\n"
