# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The verdict of a preflight: what it says follows from what was seen, and from nothing else."""

from __future__ import annotations

import dataclasses
import datetime
import json
import typing as t

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ways.facts import CROSSES, LIVES, UNKNOWN, Way
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._preflight import verdict as verdicts
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._preflight.key import Key
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._preflight.rehearsed import Rehearsal
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._preflight.verdict import (
    Ground,
    Sight,
    Verdict,
    judge,
    text,
)
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.facts import Latest, Line, Mail, Router, Session
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.records import as_data, from_data

AT = datetime.datetime(2026, 3, 1, 12, 0, tzinfo=datetime.timezone.utc)
LOGIN = "0320123456_1@adsl.ovh"
RENEW = "ansible-playbook -i hosts.yml ownrouter.ovhcloud.renew -e target=office -e router_pppoe_renew=true"
REHEARSE = "ansible-playbook -i hosts.yml ownrouter.ovhcloud.rehearse -e target=office"
CONVERGE = "ansible-playbook -i hosts.yml ownrouter.ovhcloud.renew -e target=office"
MAIL = Mail("7", AT, "Vos identifiants PPPoE")
LINE = Line(True, LOGIN, None, 0)
WAYS = (
    Way("router", LIVES, "it is on the LAN"),
    Way("api_host", LIVES, "it is here"),
    Way("api", LIVES, "seen elsewhere"),
)
GOOD = Sight(
    "xdsl-ab12345-1",
    "office",
    True,
    ground=Ground(Key("validated"), (), True, True),
    line=LINE,
    latest=Latest(True, LOGIN, MAIL),
    router=Router(LOGIN, Session(True, "203.0.113.7", 7200.0)),
    same=True,
    ways=WAYS,
    renew=RENEW,
    rehearse=REHEARSE,
    converge=CONVERGE,
)


def varied(**parts):
    return dataclasses.replace(GOOD, **parts)


def ground(**parts):
    return varied(ground=dataclasses.replace(GOOD.ground, **parts))


def line(**parts):
    return varied(line=dataclasses.replace(LINE, **parts))


def api_way(accepted):
    return varied(ways=(*WAYS[:2], Way("api", UNKNOWN, "its address", accepted)))


def latest(**parts):
    return varied(latest=dataclasses.replace(GOOD.latest, **parts), **({"same": None} if parts else {}))


def test_a_line_that_could_be_renewed():
    verdict = judge(GOOD)
    assert verdict.could_renew is True
    assert (verdict.stops, verdict.warnings, verdict.mail, verdict.same_password) == ((), (), MAIL, True)
    assert [one.what for one in verdict.unproven] == [
        "whether this router comes back when it is made to dial",
        "whether OVHcloud takes the request and its mail comes in time",
    ]
    said = text(verdict)
    assert said.startswith("xdsl-ab12345-1: could renew now: yes.\n")
    assert said.endswith(f"This cuts the line until its router has dialled in again:\n    {RENEW}")
    assert f"offline:\n    {REHEARSE}\n" in said
    assert '"Vos identifiants PPPoE" of 2026-03-01T12:00:00Z (id 7)' in said
    assert len(said.splitlines()) <= 25
    assert all(len(one) <= 118 for one in said.splitlines() if "ansible-playbook" not in one)


@pytest.mark.parametrize(
    ("sight", "part"),
    [
        (GOOD, "holds every right that a renewal needs, and does not expire"),
        (ground(key=Key("validated", AT)), "and is valid until 2026-03-01T12:00:00Z"),
        (ground(key=None), "holds every right that a renewal needs."),
        (GOOD, "active and its credentials mail goes to this account"),
        (ground(to_this_account=None), "OVHcloud lists the line as active."),
        (GOOD, "its password is the one on the router: the mails of this account are read"),
        (line(accepted_at=AT + datetime.timedelta(1)), "its password is the one on the router"),
        (
            dataclasses.replace(line(accepted_at=AT + datetime.timedelta(1)), same=None),
            "read, and OVHcloud accepted its login since",
        ),
        (latest(secret_link=True), "recognised. It gives a one-time link."),
        (latest(found=False, mail=None), "The account's mail history can be read."),
        (varied(mailbox=True, latest=Latest(False), same=None), "The mailbox can be read."),
        (GOOD, "as far as its rights tell, and dials with this line's login"),
        (GOOD, "Its session is up, for 2 hours."),
        (varied(router=Router(LOGIN, Session(True, "", None))), "Its session is up."),
        (varied(router=Router(LOGIN, Session(False, error="LCP timeout"))), "Its session is down (LCP timeout)."),
        (varied(router=Router(LOGIN, Session(False), waiting=True)), "its interface waits for the first password"),
        (GOOD, "The network path between this machine and the router works without the line: it is on the LAN."),
        (
            dataclasses.replace(api_way("accept_offline"), rehearsed=Rehearsal("office", AT, True, True, None, True)),
            "OVHcloud's API answered this machine while the line was down, at 2026-03-01T12:00:00Z.",
        ),
        (GOOD, "The journal of requests can be written."),
        (varied(store="file", kept=False), "The encrypted file that keeps the password opens and can be written."),
        (
            varied(rehearsed=Rehearsal("office", AT, True, True, True, False)),
            "rehearsed at 2026-03-01T12:00:00Z: a new session came up; the router answered while the line was down, "
            "OVHcloud's API did not answer while the line was down.",
        ),
    ],
)
def test_what_is_proven(sight, part):
    assert [one for one in judge(sight).proven if part in one], judge(sight).proven


@pytest.mark.parametrize(
    ("sight", "part", "how"),
    [
        (ground(unproven_rights=("POST /xdsl/x",)), "whether the API key may call POST /xdsl/x", "policy"),
        (ground(to_this_account=None), "goes to the account of this key", "administrative contact"),
        (
            latest(found=False, mail=None),
            "whether the credentials mail of this line can be read",
            "mail history holds none yet",
        ),
        (latest(secret_link=True), "whether that link opens", "a renewal opens"),
        (varied(same=False), "the router has another one", CONVERGE),
        (varied(same=None, uncompared="so it is"), "is the one on the router", "because so it is"),
        (varied(same=None), "is the one on the router", "the router was not looked at"),
        (varied(looks=False, router=None, same=None), "whether the router can be set", "tasks of your own"),
        (line(login="another"), f"whether {LOGIN} is this line's login", "compare"),
        (
            api_way("accept_offline"),
            "whether this machine has another Internet access: its address:",
            REHEARSE,
        ),
        (
            api_way("api_out_of_band"),
            "API or mailbox works without the line: its address:",
            "router_pppoe_api_out_of_band is set",
        ),
        (ground(folder=None), "whether the journal", "router_pppoe_api_host"),
        (varied(store="tasks"), "whether your store", "by themselves"),
        (varied(rehearsed=Rehearsal("office", AT, True, False)), "whether this router comes back", REHEARSE),
        (varied(rehearsable=False), "whether this router comes back", "have it dial by hand"),
        (GOOD, "whether OVHcloud takes the request", "only a renewal shows that"),
    ],
)
def test_what_is_not_proven_and_how_it_could_be(sight, part, how):
    lines = [f"{one.what}: {one.how}: {one.command}" for one in judge(sight).unproven]
    found = [one for one in lines if part in one]
    assert len(found) == 1, judge(sight).unproven
    assert how in found[0]


@pytest.mark.parametrize("store", ["file", "folder"])
def test_a_store_that_was_not_opened_is_not_proven(store):
    proven = judge(varied(store=store), ["The vault file cannot be used."]).proven
    assert not [one for one in proven if "store" in one or "file" in one]


def test_no_mail_is_said_to_be_read_where_it_is_of_no_use():
    imap = varied(mailbox=True, ground=Ground(Key("validated"), (), None, True))
    assert not [one for one in judge(imap).unproven if "account of this key" in one.what]
    assert not [one for one in judge(varied(looks=False, same=None)).unproven if "on the router" in one.what]


def test_without_the_flag_nothing_is_said_of_a_renewal():
    verdict = judge(varied(asked=False))
    assert verdict.could_renew is None
    said = text(verdict)
    assert "not asked, since router_pppoe_renew is not set" in said
    assert RENEW not in said
    assert "right" not in said.replace("as far as its rights tell", "")


def test_a_line_that_could_not():
    verdict = judge(varied(router=None, same=None, hosts=3), ["its status is doing.", "the key expired."])
    assert verdict.could_renew is False and verdict.stops == ("its status is doing.", "the key expired.")
    said = text(verdict)
    assert said.startswith(
        "xdsl-ab12345-1: could renew now: NO. Why not is in the error message of this task.\n  Proven:\n"
    )
    assert "This play has 3 hosts: a renewal of all of them cuts as many lines." in said
    assert "When that is mended, this cuts the line" in said
    assert "only a renewal shows" not in said
    assert "status is doing" not in said, "the task's message has it, and is shown beside"


def test_a_flag_that_stands_where_every_run_finds_it():
    (warning,) = judge(varied(bare=True)).warnings
    for part in (
        "router_pppoe_renewed_since",
        "router_pppoe_max_age",
        "each run of the role cuts this line",
        "-e only",
    ):
        assert part in warning
    assert "\n  - router_pppoe_renew is set" in text(judge(varied(bare=True)))


def test_where_there_is_no_command_to_give_again():
    assert text(judge(varied(renew=""))).endswith(f"again:\n    {verdicts.YOURS}")


def test_at_the_head_of_a_renewal_there_is_no_command():
    said = text(judge(GOOD), now=True)
    assert said.endswith("\n  This line is cut now, until its router has dialled in again.")
    assert RENEW not in said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0 seconds"), (0.5, "0 seconds"), (1, "1 second"), (60, "1 minute"), (7199, "1 hour"), (86400 * 3, "3 days")],
)
def test_ages(seconds, said):
    assert f"up, for {said}." in text(judge(varied(router=Router(LOGIN, Session(True, "", float(seconds))))))


# -- anything

WORD = st.text(max_size=200)
SOME = st.none() | st.booleans()
WHEN = st.datetimes(
    datetime.datetime(2000, 1, 1), datetime.datetime(2100, 1, 1), timezones=st.just(datetime.timezone.utc)
)
SESSIONS = st.builds(Session, st.booleans(), WORD, st.none() | st.floats(0, 1e9), WORD)
MAILS = st.builds(Mail, WORD, WHEN, WORD)
NAMED, VERDICTS = st.sampled_from(["router", "api_host", "api"]), st.sampled_from([LIVES, CROSSES, UNKNOWN])
ANSWERS = st.sampled_from(["", "out_of_band", "api_out_of_band", "accept_offline"])
SIGHTS = st.builds(
    Sight,
    st.just("xdsl-ab12345-1"),
    WORD,
    st.booleans(),
    mailbox=st.booleans(),
    store=st.sampled_from(["", "file", "tasks"]),
    looks=st.booleans(),
    ground=st.none() | st.builds(Ground, st.none() | st.builds(Key, WORD, st.none() | WHEN), st.just(()), SOME, SOME),
    line=st.none() | st.builds(Line, st.booleans(), WORD, st.none() | WHEN, st.none()),
    ways=st.lists(st.builds(Way, NAMED, VERDICTS, WORD, ANSWERS), max_size=3).map(tuple),
    latest=st.none() | st.builds(Latest, st.booleans(), WORD, st.none() | MAILS, st.booleans(), WORD),
    router=st.none() | st.builds(Router, WORD, SESSIONS, st.booleans(), st.booleans()),
    same=SOME,
    uncompared=WORD,
    rehearsed=st.none() | st.builds(Rehearsal, WORD, WHEN, st.booleans(), st.booleans(), SOME, SOME),
    rehearsable=st.booleans(),
    bare=st.booleans(),
    hosts=st.integers(1, 500),
    renew=st.just(RENEW),
    rehearse=st.just(REHEARSE),
    converge=st.just(CONVERGE),
    notes=st.lists(WORD, max_size=2).map(tuple),
)


@given(SIGHTS, st.lists(WORD, max_size=3), st.booleans())
def test_whatever_was_seen_it_is_told_in_a_few_lines_that_move_no_cursor(sight, stops, now):
    verdict = judge(sight, stops)
    assert verdict.could_renew is (False if stops else True if sight.asked else None)
    lines = text(verdict, now).split("\n")
    # Words of others may be long.
    assert len(lines) <= 60, lines
    assert all(one.isprintable() for one in lines), lines
    assert lines[0].startswith("xdsl-ab12345-1: could renew now: ")
    assert all(one.how and one.what.startswith("whether ") for one in verdict.unproven)
    commands = {one.strip() for one in lines if "ansible-playbook" in one}
    assert commands <= {RENEW, REHEARSE, CONVERGE}, "each is copied whole"
    assert verdict.same_password is sight.same
    if any("are read correctly" in one for one in verdict.proven):
        assert sight.same is True
        assert not sight.latest.secret_link
    assert from_data(Verdict, json.loads(json.dumps(as_data(verdict)))) == verdict


def test_no_record_of_it_has_a_place_for_a_password():
    kinds, seen = [Sight, Verdict], set()
    while kinds:
        kind = kinds.pop()
        seen.add(kind)
        for name, hint in t.get_type_hints(kind).items():
            assert "password" not in name or hint == (bool | None), (kind, name)
            kinds += [one for one in (hint, *t.get_args(hint)) if dataclasses.is_dataclass(one) and one not in seen]
    assert {Ground, Key, Rehearsal, verdicts.Point} < seen
