# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The line's login and the router's are two facts: a router from elsewhere, on a line that is new or moved."""

from __future__ import annotations

import pytest
from role.lab import LOGIN, SERVICE, Lab
from role.scenarios import FLAG, failed, must, succeeded

OLD = "fti/other@example.net"
REPLACES = ("-e", f"router_pppoe_replaces_login={OLD}")


def of_another_provider(lab: Lab) -> None:
    """The router has been set for another provider, and does not come up here."""
    peer = lab.etc / "peers" / lab.peer
    peer.write_text(peer.read_text(encoding="utf-8").replace(LOGIN, OLD), encoding="utf-8")
    for name in ("chap-secrets", "pap-secrets"):
        path = lab.etc / name
        path.write_text(path.read_text(encoding="utf-8").replace(LOGIN, OLD), encoding="utf-8")
    lab.stop_pppd()
    lab.admin("PUT", "/state", {"lines": {SERVICE: {"session": {"up": False}}}})


def brand_new(lab: Lab) -> None:
    """Nothing tells the login of the line."""
    lab.admin("DELETE", "/mails")
    lab.admin("PUT", "/state", {"lines": {SERVICE: {"radius": []}}})


def test_on_a_brand_new_line(lab: Lab) -> None:
    """Stopped before the request, with the real step; with the login that may go, set up by one request."""
    brand_new(lab)
    of_another_provider(lab)
    run = lab.play(*FLAG)
    failed(lab, run, 0, 0, OLD, "set router_pppoe_replaces_login to it", "Nothing was changed")
    must("correct the inventory" not in run.said, "the inventory is right", run)
    run = lab.play(*FLAG, *REPLACES, "--check")
    must(run.code == 0 and run.recap("changed") == 1, "check mode predicts", run)
    run = lab.play(*FLAG, *REPLACES)
    must(run.code == 0, "it is set up", run)
    must(len(lab.posts()) == 1 and bool(lab.line()["session"]["up"]), "one request, and a session", run)
    assert f'user "{LOGIN}"' in (lab.etc / "peers" / lab.peer).read_text(encoding="utf-8")
    # The option may stay where it is.
    succeeded(lab, lab.play(*REPLACES), changed=0, posts=1, hups=0)


@pytest.mark.soak
def test_on_a_line_with_a_mail(lab: Lab) -> None:
    """The mail is the line's, whatever login the router has; any other login than the one named still stops."""
    of_another_provider(lab)
    failed(lab, lab.play(), 0, 0, f"set router_pppoe_replaces_login to {OLD}")
    failed(lab, lab.play("-e", "router_pppoe_replaces_login=yet@another"), 0, 0, "another router or another line")
    run = lab.play(*REPLACES)
    must(run.code == 0 and run.recap("changed") == 1, "it is set", run)
    must(not lab.posts() and bool(lab.line()["session"]["up"]), "without a request", run)


@pytest.mark.soak
def test_a_login_that_is_named(lab: Lab) -> None:
    """The user's word stands for the log and the mail that a new line does not have."""
    brand_new(lab)
    named = ("-e", f"router_pppoe_line_login={LOGIN}")
    succeeded(lab, lab.play(*FLAG, *named), changed=1, posts=1, hups=1)
    run = lab.play("-e", "router_pppoe_line_login=moved@ftth.ovh")
    failed(lab, run, 1, 1, "has the login moved@ftth.ovh")


@pytest.mark.soak
def test_a_login_in_capitals(lab: Lab) -> None:
    """One login, however somebody wrote it: nothing is written or dialled for that, nor by a renewal."""
    named = ("-e", f"router_pppoe_line_login={LOGIN.upper()}")
    succeeded(lab, lab.play(*named), changed=0, posts=0, hups=0)
    succeeded(lab, lab.play(*FLAG, *named), changed=1, posts=1, hups=1)
    assert f'user "{LOGIN}"' in (lab.etc / "peers" / lab.peer).read_text(encoding="utf-8")
