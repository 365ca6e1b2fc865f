# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The renewal on a real PPPoE line: real CHAP, real pppd, real SSH. Only OVHcloud's API is played."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import pytest

from lab.kinds import PPPD, Kind
from lab.line import Line, Run, quoted
from lab.provider import ALIVE, SERVICE, TERMINATE

FLAG = ("-e", "router_pppoe_renew=true")
SLOW_PPPD = """\
pid=$(pgrep -x pppd)
kill -STOP $pid
touch /run/mark
(
  until [ /etc/ppp/chap-secrets -nt /run/mark ]; do sleep 0.2; done
  sleep 40
  kill -CONT $pid
) >/dev/null 2>&1 </dev/null &
"""
REDIAL = 12  # seconds from the write to the good CHAP response: 1 to 2 as a rule, up to 30 when nothing redials
UNKEPT = 30  # where no pppd is left and its keeper cannot be seen: that one is waited for, before pppd is started


def succeeded(run: Run) -> None:
    assert run.code == 0, run.output
    assert run.recap("failed") == 0, run.output


def online_anew(line: Line, before: str, since: float, run: Run) -> None:
    """The router is online, in another session, younger than the write, with the new password.

    Younger is what the concentrator says: pppd's pid file is as old as the dial, and the secret is read seconds later.
    """
    session = line.session()
    assert session.up, run.output
    assert session.identity != before, f"the session is still the old one\n{run.output}"
    assert session.address == "203.0.113.10"
    assert quoted(line.provider.line["password"]) in line.secret(), "the router has another password"
    written = float(line.router("stat -c %Y /etc/ppp/chap-secrets"))
    accepted = line.provider.told("accept", max(since, written - 1))
    assert accepted, f"the concentrator saw no good CHAP response since the write: {line.provider.events}"
    assert line.pings(), "nothing answers through the line"
    assert line.provider.line["password"] not in run.output


def prompt(line: Line, since: float, within: float = REDIAL) -> None:
    """The router dialled soon after the write."""
    written = float(line.router("stat -c %Y /etc/ppp/chap-secrets"))
    took = line.provider.told("accept", since)[0].at - written
    said = line.router("tail -n 60 /var/log/ppp-dsl.log")
    assert took < within, f"nobody dialled for {took:.1f} s: {line.provider.events}\n{said}"


@contextmanager
def dialling(line: Line) -> Iterator[None]:
    """Until the secrets file is written, pppd waits for the verdict on the old password.

    It is a pppd that was just started: an older one may have a timer left that ends any hold-off early.
    """
    line.router("touch /run/before; poff dsl-provider")
    line.provider.answering.clear()
    began = time.time()
    line.router("pon dsl-provider")
    line.provider.wait_for("ask", began)

    def play() -> None:
        try:
            line.machines.wait_for("router", "[ /etc/ppp/chap-secrets -nt /run/before ]", 30)
            time.sleep(1)
        finally:
            line.provider.answering.set()

    player = threading.Thread(target=play)
    player.start()
    yield
    player.join()


def kept(line: Line) -> None:
    """What is not the role's business is as it was."""
    said = line.router(
        "stat -c '%a %U %G' /etc/ppp/chap-secrets /etc/ppp/pap-secrets; grep -c other-secret /etc/ppp/*-secrets"
    )
    assert said.splitlines()[:2] == ["600 root root"] * 2, said
    assert "chap-secrets:1" in said and "pap-secrets:1" in said, said
    assert line.router("ls -A /etc/ppp | grep ownrouter || true") == "", "a temporary file is left"


def test_renewal_that_terminates_the_session(collections: Path) -> None:
    """The session ends at once; pppd tries again after its hold-off of 30 s and is refused; then the mail comes."""
    with Line(collections, mail_delay=42) as line:
        line.dial()
        assert line.pings()
        before = line.session().identity

        run = line.play(*FLAG)
        succeeded(run)
        assert line.provider.posts() == 1
        refused = line.provider.told("reject", run.began)
        assert refused, "the concentrator refused nobody: was the line ever cut?"
        assert line.refusals() >= 1, "the router's pppd was not refused"
        entries = [one for one in line.provider.line["radius"] if one["state"] == "KO"]
        assert entries and entries[0]["message"] == "wrong login or password"
        online_anew(line, before, run.began, run)
        assert len(line.provider.told("accept", run.began)) == 1, "one dial, and no second outage"
        prompt(line, run.began)
        kept(line)
        assert run.recap("changed") == 1, run.output

        after = line.session().identity
        again = line.play(*FLAG)
        succeeded(again)
        assert again.recap("changed") == 0, again.output
        assert line.provider.posts() == 1, "a second password was requested"
        assert line.session().identity == after, "the second run cut the session"

        converge(line, TERMINATE)
        converge(line, ALIVE)
        replaced(line)


def converge(line: Line, cut_mode: str) -> None:
    """The password changes elsewhere: a run without the flag repairs the router and asks for nothing.

    Where the session was cut, pppd is in the midst of a dial with the old password at the moment of the write.
    """
    line.provider.world.state["mail_delay"] = 1
    line.provider.cut_mode = cut_mode
    posts, before, began = line.provider.posts(), line.session().identity, time.time()
    line.provider.rotate()
    if cut_mode == TERMINATE:
        line.provider.wait_for("stop", began)
    time.sleep(1.5)  # the mail
    with dialling(line) if cut_mode == TERMINATE else nullcontext():
        run = line.play()
    succeeded(run)
    assert line.provider.posts() == posts, "a password was requested without the flag"
    online_anew(line, before, began, run)
    prompt(line, began)
    kept(line)
    assert run.recap("changed") == 1, run.output


def replaced(line: Line) -> None:
    """A new router with the right peer file, no secret, and no pppd running: the run without the flag sets it up."""
    line.replace_router()
    assert not line.session().up
    posts, began = line.provider.posts(), time.time()
    run = line.play()
    succeeded(run)
    assert line.provider.posts() == posts
    online_anew(line, "", began, run)
    again = line.play()
    succeeded(again)
    assert again.recap("changed") == 0, again.output


def test_renewal_that_leaves_the_session_alive(collections: Path) -> None:
    """The old session stays up until it dials again: up is not enough, the role has to make a new one.

    Here pppd obeys only seconds after it was told to dial, and OVHcloud's RADIUS log may not be read: a role that takes
    the old session for the new one has nothing to save it.
    """
    with Line(collections, holdoff=5, mail_delay=8) as line:
        line.provider.cut_mode = ALIVE
        line.provider.line["access"]["capabilities"]["canGetRadiusConnectionLogs"] = False
        line.dial()
        before = line.session().identity
        line.router(SLOW_PPPD)
        run = line.play(*FLAG)
        succeeded(run)
        assert line.provider.posts() == 1
        online_anew(line, before, run.began, run)
        assert len(line.provider.told("accept", run.began)) == 1, "one dial, and no second outage"
        kept(line)
        again = line.play(*FLAG)
        succeeded(again)
        assert again.recap("changed") == 0, again.output
        assert line.provider.posts() == 1, f"{SERVICE}: a second password was requested"


@pytest.mark.soak
@pytest.mark.parametrize("kind", PPPD, ids=str)
def test_renewal_on_each_kind_of_router(collections: Path, kind: Kind) -> None:
    """Whoever keeps pppd, and whatever pppd that is: one request, one pppd, one dial, a new session."""
    with Line(collections, mail_delay=12, kind=kind) as line:
        line.watch()
        line.dial()
        before = line.session().identity
        run = line.play(*FLAG)
        succeeded(run)
        assert line.provider.posts() == 1
        online_anew(line, before, run.began, run)
        assert len(line.provider.told("accept", run.began)) == 1, "one dial, and no second outage"
        prompt(line, run.began, REDIAL if kind.dials_again else UNKEPT)
        assert len(line.pppds()) == 1 and line.most() == 1, "two pppd on one line"
        kept(line)
        after = line.session().identity
        again = line.play(*FLAG)
        succeeded(again)
        assert again.recap("changed") == 0, again.output
        assert line.provider.posts() == 1, "a second password was requested"
        assert line.session().identity == after, "the second run cut the session"
