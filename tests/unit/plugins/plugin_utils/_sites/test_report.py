# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report of a run: what came of each site, how long its line was down, and the command that goes on."""

from __future__ import annotations

import json

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._command.command import Command, Standing, command_for
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._sites import report as site_report
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._sites import sites as all_sites
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.facts import Renewal, Seen, Session, Write
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.records import as_data
from ansible_collections.ownrouter.ovhcloud.tests.unit.plugins.plugin_utils.run_states import (
    ASKED,
    CONVERGED,
    DOWN,
    FRESH,
    LINE,
    NOW,
    SET,
    TYPED,
    ago,
    varied,
)

HOSTS = ("a", "b", "c")
SITES = all_sites.Sites("1", "renew", HOSTS, tuple(f"xdsl-{host}-1" for host in HOSTS))
ONLINE = Seen(Session(True, "203.0.113.7", 10.0), True, at=NOW)
RENEWED = varied(SET, seen=ONLINE)


def row(told, playbook="renew"):
    return site_report.row(playbook, "a", LINE, told)


def ended(state):
    return {"line": {"run": "1"}, "ended": {"state": as_data(state)}}


@pytest.mark.parametrize(
    ("state", "outcome", "offline"),
    [
        # Asked for 120 s ago; the new session began 10 s ago.
        (RENEWED, "renewed", 110),
        # Nothing was asked for and nothing set.
        (varied(CONVERGED, seen=ONLINE), "unchanged", 0),
        # Set, and dialled 20 s ago: the session was up before.
        (varied(CONVERGED, write=Write(True, True, ago(20)), seen=ONLINE), "converged", 10),
        # It was down before, since nobody knows when.
        (
            varied(
                CONVERGED,
                proof=varied(CONVERGED.proof, router={"session": DOWN}),
                write=Write(True, True, ago(20)),
                seen=ONLINE,
            ),
            "converged",
            None,
        ),
        # Asked for by an earlier run, set by this one.
        (varied(RENEWED, renewal=Renewal("pending", "confirmed", ago(600), 1, ago(600))), "renewed", 590),
        # A mail that is on the router already: nothing was done now.
        (varied(CONVERGED, renewal=Renewal("already_renewed"), seen=ONLINE), "unchanged", 0),
        # Only the store was written.
        (varied(CONVERGED, stored=True, seen=ONLINE), "converged", 0),
        # Check mode foresees it.
        (varied(FRESH, intent={"check": True}, renewal=Renewal("requested", "none")), "renewed", None),
        # The router does not tell how old its session is.
        (varied(SET, seen=Seen(Session(True), True, at=NOW)), "renewed", 120),
    ],
)
def test_what_came_of_a_site(state, outcome, offline):
    found = row(ended(state))
    assert (found.outcome, found.offline) == (outcome, offline)


def test_a_renewal_is_told_where_the_steps_are_tasks():
    assert row({"line": {"run": "1"}, "step": {"state": as_data(RENEWED)}}).outcome == "renewed"


def test_where_a_task_of_the_users_own_leaves_the_line():
    """After the end the line is done, before the first look nothing was touched, and else it is not known."""
    done = {"line": {"run": "1"}, "step": {"state": as_data(RENEWED)}}
    assert site_report.left_as("renew", done) == "The line itself is done: renewed. What comes after its end is not."
    assert site_report.left_as("renew", {}) == all_sites.UNTOUCHED == site_report.left_as("audit", {})
    assert site_report.left_as("renew", {"line": {"run": "1"}}) == ""
    assert site_report.left_as("renew", {**done, "step": {"failed": True}}) == ""
    assert site_report.left_as("preflight", done) == ""


def test_a_site_without_a_line_fails_in_whole_words():
    found = site_report.row("renew", "a", "", {"site": {"msg": "Task failed: 'x' is undefined"}})
    assert found.why == "Task failed: 'x' is undefined"


def test_what_a_preflight_comes_to():
    assert row({"line": {"run": "1"}}, "preflight").outcome == "ready"


def test_nothing_came_to_a_site():
    found = row({})
    assert (found.outcome, found.why) == ("not tried", "This run ended before it came to this site.")
    assert row({"line": {"not_tried": "not tried: b failed."}}).why == "Not tried: b failed."


def test_a_standby_router_is_left_to_the_active_one():
    found = row({"line": {"standby_of": "b"}})
    assert (found.outcome, found.why) == ("standby", "Set by the run of b.")


COMMAND = "ansible-playbook -i hosts.yml --limit a ownrouter.ovhcloud.renew"
SAID = f"{LINE}: The mail did not come. The line is down. Then run the same command again:\n{COMMAND}\nGive x again."


def test_a_failure_is_taken_apart():
    found = row({"line": {}, "site": {"msg": SAID, "state": "The line is down."}})
    assert (found.outcome, found.why) == ("failed", "The mail did not come.")
    assert (found.state, found.command) == ("The line is down.", COMMAND)


def test_a_failure_without_a_state_is_told_whole():
    found = row({"line": {}, "site": {"msg": f"{LINE}: router_pppoe_renew is 3."}})
    assert (found.why, found.state, found.command) == ("router_pppoe_renew is 3.", "", "")


def made(*rows, check=False, go_on=None):
    go_on = go_on or command_for(TYPED, {}, ["b", "c"], Standing("b", HOSTS, HOSTS))
    report = site_report.report(SITES, rows, check, (ago(60), NOW), go_on.text)
    return report, site_report.text(report, go_on)


def test_a_table_for_people():
    failed = row({"line": {}, "site": {"msg": SAID, "state": "The line is down."}})
    rows = [
        site_report.Row("a", "xdsl-a-1", "renewed", 41),
        site_report.Row("b", "xdsl-b-1", "failed", None, failed.why, failed.state, failed.command),
        site_report.Row("c\x1b[2J", "xdsl-c-1", "not tried", None, "Not tried: b failed."),
    ]
    _report, text = made(*rows)
    assert text.splitlines() == [
        "Report of renew, 3 sites: 1 renewed, 1 failed, 1 not tried.",
        "",
        "  site      line      outcome    offline",
        "  a         xdsl-a-1  renewed    41 s",
        "  b         xdsl-b-1  failed     -",
        "  c\\x1b[2J  xdsl-c-1  not tried  -",
        "",
        "b: The mail did not come. The line is down.",
        "",
        "c\\x1b[2J: Not tried: b failed.",
        "",
        "To go on with the 2 sites that are left:",
        "ansible-playbook -i hosts.yml -e router_pppoe_renew=true --limit b,c ownrouter.ovhcloud.renew",
    ]


def test_of_a_site_that_is_alone_the_reason_is_not_said_twice():
    report, text = made(site_report.Row("b", "xdsl-b-1", "failed", None, "The mail did not come."))
    assert "b: the message above says why, and how to go on." in text.splitlines()
    assert "To go on" not in text and "did not come" not in text and report.sites[0].why == "The mail did not come.", (
        "programs have it"
    )


def test_many_that_were_not_tried_are_one_paragraph_and_thirty_fit_two_screens():
    rows = [site_report.Row(f"s{one}", "xdsl-x-1", "not tried", None, "Not tried: s0 failed.") for one in range(30)]
    _report, text = made(*rows)
    assert text.count("Not tried: s0 failed.") == 1
    assert len(text.splitlines()) < 45


def test_in_check_mode_it_would_be():
    _report, text = made(site_report.Row("a", "xdsl-a-1", "renewed"), check=True)
    assert "1 would be renewed" in text and "would be renewed" in text.splitlines()[3]
    assert "To go on" not in text


def test_a_document_for_programs():
    report, _text = made(
        site_report.Row("a", "xdsl-a-1", "renewed", 41), site_report.Row("b:1", "xdsl-b-1", "failed", None, "Why.")
    )
    data = json.loads(json.dumps(site_report.as_document(report)))
    assert data["counts"] == {"renewed": 1, "failed": 1}
    assert (data["left"], data["limit"]) == (["b:1"], "~b\\x3a1$")
    assert data["sites"][0] == {
        "host": "a",
        "service_name": "xdsl-a-1",
        "outcome": "renewed",
        "offline": 41,
        "why": "",
        "state": "",
        "command": "",
    }
    assert data["ended"] == "2026-03-01T12:00:00+00:00"


def test_the_command_for_all_is_the_same_one():
    assert command_for([*TYPED, "--limit", "x*"], {}, HOSTS, Standing("a", HOSTS, HOSTS)).text.endswith(
        "--limit 'x*' ownrouter.ovhcloud.renew"
    )


def test_the_command_for_some_names_them():
    standing = Standing("b", HOSTS, HOSTS)
    assert "--limit b,c " in command_for([*TYPED, "--limit", "x*"], {}, ["b", "c"], standing).text
    assert command_for(["ansible-playbook", "own.yml"], {}, ["b", "c"], standing).text.endswith(
        "--limit b,c,localhost own.yml"
    )
    job = command_for(TYPED, {"AWX_ISOLATED_DATA_DIR": "/runner"}, ["b", "c"], standing)
    assert job.phrase == "launch the same job again, limited to the hosts b, c"


def test_a_job_has_words_in_place_of_a_command():
    job = command_for(TYPED, {"AWX_ISOLATED_DATA_DIR": "/runner"}, ["b", "c"], Standing("b", HOSTS, HOSTS))
    rows = (site_report.Row("a", "xdsl-a-1", "renewed"), site_report.Row("b", "xdsl-b-1", "failed", None, "Why."))
    _report, text = made(*rows, go_on=job)
    assert text.splitlines()[-1] == (
        "To go on with the 1 site that is left: launch the same job again, limited to the hosts b, c."
    )


def test_no_report_without_a_request_has_an_outage():
    assert site_report.offline(varied(FRESH, renewal=ASKED)) is None
    assert Command().text == ""
