# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One look at a line: which rights are missing, which are not proven, and whose account it is."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line import look
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ways.facts import Exit, Route, Target

LINE = "xdsl-ab12345-1"
ALL = [{"method": "*", "path": "/*"}]


def reached(what, name):
    """A host behind a gateway."""
    return Target(what, name, routes=(Route("198.51.100.1", "eth0", "192.0.2.254", "192.0.2.2"),))


class Looked:
    """``answers``: by path, a failure to raise among them. ``calls``: the paths asked for."""

    def __init__(self, monkeypatch):
        self.answers = {"/me": {"nichandle": "ab12345-ovh"}, "/auth/currentCredential": {"rules": ALL}}
        self.calls, self.kind, self.log_allowed = [], "application_key", True
        self.seen_as, self.mailbox = "198.51.100.9", {"source": "api"}
        monkeypatch.setattr(look, "connect", lambda _params: self)
        monkeypatch.setattr(look.access, "list_names", lambda _client: ["xdsl-a", "xdsl-b"])
        monkeypatch.setattr(look.access, "describe", self.describe)
        monkeypatch.setattr(look.exits, "look", lambda _client, _name, _trail, _folder: Exit((self.seen_as,)))
        monkeypatch.setattr(look.here, "of_url", lambda _url: reached("the API", "api.test"))
        monkeypatch.setattr(look.here, "target", lambda what, name, port, connect: reached(what, f"{name}:{port}"))
        monkeypatch.setattr(look.here, "addresses", lambda name: (name,))
        monkeypatch.setattr(look.here, "servers", tuple)

    @property
    def connection(self):
        return SimpleNamespace(kind=self.kind, base_url="https://api.test/1.0")

    def describe(self, _client, name, nichandle):
        return {"service_name": name, "of": nichandle, "session_log_allowed": self.log_allowed, "ips": ["192.0.2.7"]}

    def skew(self):
        return 7

    def in_run(self, _name, ask, _take):
        return ask()

    def get(self, path):
        self.calls.append(path)
        answer = self.answers[path]
        if isinstance(answer, Failure):
            raise answer
        return answer

    def __call__(self, service_name=LINE, purposes=("access", "renew", "session_log"), router=None):
        params = {"service_name": service_name, "required_rights": list(purposes), "router_address": router}
        params.update(self.mailbox)
        return look.look(params, False)


@pytest.fixture
def looked(monkeypatch):
    return Looked(monkeypatch)


def rights(found):
    return [(right["right"], right["path"]) for right in found]


RENEW = ("renew", f"/xdsl/{LINE}/requestPPPLoginMail")
LOG = ("session_log", f"/xdsl/{LINE}/radiusConnectionLogs")


def test_all_lines(looked):
    assert looked(service_name=None, purposes=()) == {
        "changed": False,
        "accesses": [looked.describe(None, name, "ab12345-ovh") for name in ("xdsl-a", "xdsl-b")],
        "clock_skew": 7,
    }
    assert looked.calls == ["/me"]


def test_one_line_with_all_rights(looked):
    found = looked()
    assert found["missing_rights"] == found["unproven_rights"] == [] and "control_node" not in found
    assert [one["service_name"] for one in found["accesses"]] == [LINE] and found["clock_skew"] == 7


def test_no_rights_asked_for(looked):
    found = looked(purposes=())
    assert found["missing_rights"] == found["unproven_rights"] == [] and looked.calls == ["/me"]


def test_missing_rights(looked):
    looked.answers["/auth/currentCredential"] = {"rules": [{"method": "GET", "path": "/*"}]}
    found = looked()
    assert rights(found["missing_rights"]) == [RENEW] and found["unproven_rights"] == []


@pytest.mark.parametrize(
    "answer",
    [Failure("not_granted", "No."), Failure("not_found", "No."), {"rules": []}, {"rules": {"a": 1}}, ["rules"]],
)
def test_rights_that_cannot_be_told(looked, answer):
    """What this look used is proven by it; the rest is not."""
    looked.answers["/auth/currentCredential"] = answer
    found = looked()
    assert found["missing_rights"] == [] and rights(found["unproven_rights"]) == [RENEW]
    looked.log_allowed = False
    assert rights(looked()["unproven_rights"]) == [RENEW, LOG]


def test_a_credential_that_cannot_be_asked_for(looked):
    looked.answers["/auth/currentCredential"] = Failure("server_error", "No.")
    with pytest.raises(Failure):
        looked()


def test_an_oauth2_client(looked):
    looked.kind = "oauth2"
    looked.answers["/auth/details"] = {"allowedRoutes": ALL, "rules": [{"method": "GET", "path": "/me"}]}
    assert looked()["missing_rights"] == [] and looked.calls == ["/auth/details", "/me"]


@pytest.mark.parametrize(
    ("answer", "name"), [(Failure("not_granted", "No."), ""), ([], ""), ({}, ""), ({"nichandle": None}, "")]
)
def test_an_account_that_does_not_say_whose_it_is(looked, answer, name):
    looked.answers["/me"] = answer
    assert looked()["accesses"][0]["of"] == name


def test_an_account_that_cannot_be_asked(looked):
    looked.answers["/me"] = Failure("server_error", "No.")
    with pytest.raises(Failure):
        looked()


def test_what_this_host_needs_of_the_line(looked):
    found = looked(router="192.0.2.1")["control_node"]
    assert (found["behind_line"], found["address"]) == (False, "198.51.100.9") and "eth0" in found["reason"]
    assert [one["name"] for one in found["facts"]["targets"]] == ["api.test"]
    assert found["facts"]["blocks"] == ["192.0.2.7"]


def test_a_host_that_ovhcloud_sees_at_the_line_s_address(looked):
    looked.seen_as = "192.0.2.7"
    assert looked(router="192.0.2.1")["control_node"]["behind_line"] is True


def test_a_host_whose_gateway_is_the_router(looked):
    assert looked(router="192.0.2.254")["control_node"]["behind_line"] is True


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({}, "mail.test:993"),
        ({"imap_security": "starttls"}, "mail.test:143"),
        ({"imap_security": "starttls", "imap_port": 1143}, "mail.test:1143"),
    ],
)
def test_the_mail_server_is_one_of_the_hosts(looked, given, name):
    looked.mailbox = {"source": "imap", "imap_host": "mail.test", "imap_port": None, "imap_security": None, **given}
    facts = looked(router="192.0.2.1")["control_node"]["facts"]
    assert [one["name"] for one in facts["targets"]] == ["api.test", name]


def test_without_a_mail_server_s_name_there_is_none(looked):
    looked.mailbox = {"source": "imap", "imap_host": None, "imap_port": None, "imap_security": None}
    assert len(looked(router="192.0.2.1")["control_node"]["facts"]["targets"]) == 1
