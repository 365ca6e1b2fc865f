# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether and how a pppd router is made to dial, by what it told."""

from __future__ import annotations

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.linux_pppd.plan import (
    Facts,
    Redial,
    dial_command_of,
    facts_of,
    plan,
)
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.port import Credentials, Dial
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.shell import File, Told

# -- whether and how to dial

LOGIN = "me@adsl.ovh"


def facts(
    lines: str | None,
    *,
    up: bool = False,
    link: bool = False,
    peer: str = "persist",
    chap: str = "old",
    pap: str = "",
    words: str = "pppd call dsl",
    units: str = "",
    interfaces: str = "",
    age: int = 500,
    spoke: str = "",
) -> Facts:
    """A look at a router whose process is described by `lines` of z; no process when they are empty."""
    told = ""
    if lines is not None:
        told = f"pid 100 {lines.partition(' ')[0]} 100000 {'link' if link else 'idle'}\nargv\t" + words.replace(
            " ", "\t"
        )
        told += f"\t\n{lines.partition(' ')[2]}\n"
        if up:
            told += f"file\t100\tppp0\t\t{5000 - age} 7 x\t5: ppp0 inet 203.0.113.9\n"
    said = (("own root 2000 5000", b""), ("state", told.encode()), ("units", units.encode()), ("loaded", b""))
    said += (("providers", interfaces.encode()), ("spoke", spoke.encode()))
    marks = ("1", "2", "3", "600", "0", "0", "100")
    files = {
        "/etc/ppp/options": "none",
        "/root/.ppprc": "none",
        "/etc/ppp/peers/dsl": f"user {LOGIN}\n{peer}\n",
        "/etc/ppp/chap-secrets": f'{LOGIN} * "{chap}"\n',
        "/etc/ppp/pap-secrets": f'{LOGIN} * "{pap or chap}"\n',
    }
    known = {path: text if text == "none" else File(path, path, marks, text.encode()) for path, text in files.items()}
    return facts_of("dsl", "/etc/ppp", Told(known, {}, said))


INIT, RUNIT = "1 +parent\t/sbin/init", "80 +parent\trunsv\tdsl"
UNIT = "1 +unit ppp@dsl.service MainPID=100"


@pytest.mark.parametrize(
    ("given", "age", "dial", "wanted"),
    [
        # the password is right
        (facts(INIT, up=True, chap="new"), None, Dial.AUTO, Redial.NONE),
        (facts(INIT, up=True, chap="new"), 600, Dial.AUTO, Redial.NONE),
        (facts(INIT, up=True, chap="new"), 499, Dial.AUTO, Redial.NONE),
        (facts(INIT, up=True, chap="new"), 490, Dial.AUTO, Redial.HANG_UP),
        (facts(INIT, up=True, chap="new"), None, Dial.ALWAYS, Redial.HANG_UP),
        (facts(INIT, chap="new"), None, Dial.AUTO, Redial.NONE),
        (facts(INIT, chap="new", pap="old"), None, Dial.AUTO, Redial.HANG_UP),
        (facts(INIT, chap="new", pap="old", up=True), None, Dial.AUTO, Redial.NONE),
        (facts(None, chap="new"), None, Dial.AUTO, Redial.START),
        # it is not
        (facts(INIT, up=True), None, Dial.NEVER, Redial.NONE),
        (facts(INIT, up=True), None, Dial.AUTO, Redial.HANG_UP),
        (facts(INIT), None, Dial.AUTO, Redial.HANG_UP),
        (facts(INIT, link=True), None, Dial.AUTO, Redial.WAIT),
        (facts(INIT, link=True, up=True), None, Dial.AUTO, Redial.HANG_UP),
        (facts(INIT, link=True, peer="demand"), None, Dial.AUTO, Redial.HANG_UP),
        (facts(INIT, up=True, peer=""), None, Dial.AUTO, Redial.CYCLE),
        (facts(INIT, link=True, peer=""), None, Dial.AUTO, Redial.CYCLE),
        (facts(RUNIT, up=True, peer=""), None, Dial.AUTO, Redial.END),
        (facts(RUNIT, link=True, peer=""), None, Dial.AUTO, Redial.NONE),
        (facts(RUNIT, up=True), None, Dial.AUTO, Redial.HANG_UP),
        (facts(UNIT, up=True, peer=""), None, Dial.AUTO, Redial.UNIT),
        (facts(UNIT, up=True), None, Dial.AUTO, Redial.HANG_UP),
        (facts(None), None, Dial.AUTO, Redial.START),
        (facts(None, peer=""), None, Dial.AUTO, Redial.AWAIT),
        (facts(None, peer="", spoke="4984"), None, Dial.AUTO, Redial.START),
        (facts(None, peer="", spoke="4985"), None, Dial.AUTO, Redial.AWAIT),
        (facts(None, peer="", interfaces="  provider dsl\n"), None, Dial.AUTO, Redial.START),
        (facts(None, peer="", interfaces="\tprovider\tother\n\n"), None, Dial.AUTO, Redial.AWAIT),
        (facts(None, units="x.wants/a.service:ExecStart=/usr/sbin/pppd call dsl"), None, Dial.AUTO, Redial.UNIT),
        # an option holds it: a pppd that runs does not read that again
        (facts(INIT, up=True, peer="persist\npassword old"), None, Dial.AUTO, Redial.CYCLE),
        (facts(RUNIT, up=True, peer="persist\npassword old"), None, Dial.AUTO, Redial.END),
        (facts(RUNIT, link=True, peer="persist\npassword old"), None, Dial.AUTO, Redial.END),
        (facts(UNIT, up=True, peer="persist\npassword old"), None, Dial.AUTO, Redial.UNIT),
        (facts(INIT, up=True, peer="persist\npassword new"), None, Dial.AUTO, Redial.NONE),
    ],
)
def test_how_it_is_made_to_dial(given: Facts, age: float | None, dial: Dial, wanted: Redial) -> None:
    assert plan(given, Credentials(LOGIN, "new"), dial=dial, age=age, command="") is wanted


def test_the_user_s_command_is_not_waited_with() -> None:
    given = facts(None, peer="")
    assert plan(given, Credentials(LOGIN, "new"), dial=Dial.AUTO, age=None, command="start it") is Redial.START
    assert dial_command_of(given, "start it") == "start it"


JOURNAL = "4950.123456 router pppd[77]: Exit.\n"


@pytest.mark.parametrize(
    ("spoke", "wanted"),
    [
        # nothing is known: neither has pppd's word
        ("", 0),
        ("-- No entries --\n", 0),
        ("4900\n", 94),
        (JOURNAL, 43.876544),
        # the last word counts, wherever it stands; a clock that was set back tells nothing
        (f"{JOURNAL}4900\n", 43.876544),
        (f"{JOURNAL}4999\n", 0),
        ("6000\n", 0),
    ],
)
def test_for_how_long_pppd_was_silent(spoke: str, wanted: float) -> None:
    assert facts(None, peer="", spoke=spoke).silent == pytest.approx(wanted)


def test_a_log_that_pppd_is_told_not_to_write_tells_nothing() -> None:
    assert facts(None, peer="logfile /var/log/ppp.log").log == "/var/log/ppp.log"
    assert facts(None, peer="logfile /var/log/ppp.log\nnolog").log == ""


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("pppd call dsl", "pon dsl"),
        ("/usr/sbin/pppd call dsl unit 3 nodetach", "pon dsl unit 3"),
        ("/usr/sbin/pppd nodetach file /etc/ppp/peers/dsl", "/usr/sbin/pppd file /etc/ppp/peers/dsl"),
    ],
)
def test_the_command_that_started_it_starts_it_again(words: str, wanted: str) -> None:
    assert dial_command_of(facts(INIT, words=words), "") == wanted
    assert dial_command_of(facts(None), "") == "pon dsl"
