# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The whole role with the mail read over IMAP: local API, router stand-in, real mail server."""

from __future__ import annotations

import json

import pytest
from mailserver.dovecot import PASSWORD
from role.lab import LOGIN, Lab
from role.scenarios import FLAG, failed, must, succeeded

from .conftest import TESTS, options_of

CANARY = "Kanarie-7391_x"


@pytest.fixture
def lab(inbox):
    """A line and its router; the key may not read mails, and the line's mails arrive in the mailbox."""
    with Lab(TESTS.parents[3]) as running:
        running.admin("POST", "/maildir", {"path": str(inbox.inbox)})
        rules = running.admin("GET", "/state")["credentials"]["test-ck"]["rules"]
        allowed = [rule for rule in rules if "notification" not in rule["path"]]
        assert len(allowed) == len(rules) - 4
        running.admin("PUT", "/state", {"credentials": {"test-ck": {"rules": allowed}}, "next_password": CANARY})
        yield running


def handed(lab, inbox, **more):
    """The role's options as a file of variables."""
    options = {f"router_pppoe_{name}": value for name, value in {**options_of(inbox), **more}.items()}
    options["router_pppoe_mail_source"] = options.pop("router_pppoe_source")
    path = lab.top / "mailbox.json"
    path.write_text(json.dumps(options), encoding="utf-8")
    return ("-e", f"@{path}")


def mail_calls(lab):
    return [call for call in lab.admin("GET", "/calls") if "notification" in call["path"]]


def test_renewal_and_refusals(lab, inbox):
    before = inbox.flags()
    words = (*FLAG, *handed(lab, inbox))
    # Nothing is requested when the mailbox cannot be read: it is proven before.
    wrong = handed(lab, inbox, imap_password="Wrong-canary")
    run = lab.play(*FLAG, *wrong)
    failed(lab, run, 0, 0, "refused the login", "imap_password", "no new password was requested")
    handed(lab, inbox)
    run = lab.play(*words, "-vvvv", "--diff")
    succeeded(lab, run, changed=1, posts=1, hups=1)
    must(lab.line()["password"] == CANARY, "the password is the new one", run)
    for secret in (CANARY, PASSWORD, json.dumps(PASSWORD)[1:-1], "Canary-p"):
        must(secret not in run.output, "no password is shown", run)
    run = lab.play(*words)
    succeeded(lab, run, changed=0, posts=1, hups=1)
    assert mail_calls(lab) == []
    after = inbox.flags()
    assert len(after) == len(before) + 1 and set(after.values()) == {""}


def test_converging_with_options_from_the_environment(lab, inbox):
    """Renewed elsewhere: the router gets the password of the mail in the mailbox."""
    lab.admin("PUT", "/state", {"mail_delay": 0})
    lab.admin("POST", "/line/xdsl-ab12345-1/rotate")
    lab.wait_for("refused")
    names = ("host", "port", "security", "ca_file", "user", "password")
    environment = {f"OVH_IMAP_{name.upper()}": str(options_of(inbox)[f"imap_{name}"]) for name in names}
    source = ("-e", "router_pppoe_mail_source=imap")
    run = lab.play(*source, playbook="ownrouter.ovhcloud.preflight", **environment, OVH_IMAP_FOLDER="Sent")
    must(run.code == 0 and "router_pppoe_imap_from" in run.output, "it says what an empty folder leaves open", run)
    run = lab.play(*source, **environment)
    succeeded(lab, run, changed=1, posts=0, hups=1)
    assert LOGIN in (lab.etc / "chap-secrets").read_text(encoding="utf-8")
    assert mail_calls(lab) == []
