# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an audit finds of a line, and of nothing else."""

from __future__ import annotations

import datetime

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._sites import audit as site_audit

NOW = datetime.datetime(2026, 3, 1, 12, 0, tzinfo=datetime.timezone.utc)
MAIL = {"id": "1", "date": "2025-11-01T12:00:00+00:00", "title": "Your xDSL credentials"}
AGREES = {"same_password": True, "mail": MAIL, "unproven": []}
OK = {"state": "OK", "date": "2026-02-01T00:00:00Z"}


def row(verdict, dial_in=(), older_than=None, **more):
    told = {"line": {"run": "1", "dial_in": OK if dial_in == () else dial_in}, "proof": {"verdict": verdict}, **more}
    return site_audit.row("a", "xdsl-a-1", told, older_than, NOW)


def test_router_and_mail_agree():
    found = row(AGREES)
    assert (found.outcome, found.why) == ("agrees", "")
    assert row(AGREES, None).outcome == "agrees"
    assert row(AGREES, older_than="120d").outcome == "agrees"


@pytest.mark.parametrize(
    ("verdict", "dial_in", "older_than", "why"),
    [
        ({**AGREES, "same_password": False}, OK, None, "The router has another password than the latest"),
        ({**AGREES, "same_password": None}, OK, None, "Whether the router has the password of the latest mail is not"),
        (
            {
                "same_password": None,
                "unproven": [
                    {"what": "whether", "how": "they were not compared, because no mail gives one in plain text"}
                ],
            },
            OK,
            None,
            "is not known, because no mail gives one in plain text.",
        ),
        (
            AGREES,
            {"state": "REJECT", "date": "2026-02-28T00:00:00Z", "message": "bad"},
            "",
            "is a refusal, at 2026-02-28",
        ),
        (AGREES, OK, "119d", "The password is 120 days old, of 2025-11-01T12:00:00Z."),
        ({**AGREES, "mail": None}, OK, "119d", "How old the password is, is not known"),
    ],
)
def test_what_is_found(verdict, dial_in, older_than, why):
    found = row(verdict, dial_in, older_than)
    assert found.outcome == "found" and why in found.why


def test_a_site_that_could_not_be_looked_at_is_a_failure_with_all_that_was_seen():
    found = row(
        AGREES, {"state": "REJECT", "date": "x", "message": "bad"}, site={"msg": "xdsl-a-1: no router.", "state": ""}
    )
    assert found.outcome == "failed"
    assert found.why == "OVHcloud's last RADIUS entry is a refusal, at x: bad. No router."


def test_an_age_has_a_unit():
    assert site_audit.wrong_age("90").startswith("older_than is '90'; it takes")
    assert site_audit.wrong_age("90d") == site_audit.wrong_age("") == site_audit.wrong_age(None) == ""
