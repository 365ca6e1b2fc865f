# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The lookup in this process: what it takes from options and variables, and its failures. Whole plays: provisioning."""

from __future__ import annotations

import pytest
from ansible import constants
from ansible.errors import AnsibleLookupError
from ansible.parsing.dataloader import DataLoader
from ansible.parsing.vault import VaultLib, VaultSecret
from ansible.template import Templar

from ansible_collections.ownrouter.ovhcloud.plugins.lookup.xdsl_ppp_credentials import LookupModule

LINE, LINE_2 = "xdsl-ab12345-1", "ftth-ab12345-2"
SECRET = VaultSecret(b"opened")
KEPT = 'router_pppoe_stored:\n  {}:\n    login: "{}"\n    password: "{}"\n    mail_date: "{}"\n'


@pytest.fixture
def look_up(api, tmp_path, monkeypatch):
    """look_up(*names, variables={}, **options), as a new process of the same run would do."""
    monkeypatch.setattr(constants, "DEFAULT_LOCAL_TMP", str(tmp_path))
    for name, value in (("APPLICATION_KEY", "test-ak"), ("APPLICATION_SECRET", "test-as"), ("CONSUMER_KEY", "test-ck")):
        monkeypatch.setenv(f"OVH_{name}", value)

    def ask(*names, variables=None, **options):
        given = {"router_pppoe_endpoint": api.endpoint, **(variables or {})}
        loader = DataLoader()
        loader.set_vault_secrets([("default", SECRET)])
        return LookupModule(loader=loader, templar=Templar(loader, given)).run(list(names), given, **options)

    return ask


@pytest.fixture
def store(tmp_path):
    def made(line, login, password, at):
        path = tmp_path / "store.yml"
        path.write_bytes(VaultLib().encrypt(KEPT.format(line, login, password, at), SECRET))
        return {"router_pppoe_store_vault_file": str(path)}

    return made


def refused(look_up, *names, **options):
    with pytest.raises(AnsibleLookupError) as failed:
        look_up(*names, **options)
    return str(failed.value)


def rotated(api):
    """Somebody else has renewed the line, and its mail is there."""
    api.set(mail_delay=0)
    api.admin("POST", f"/line/{LINE}/rotate")


def test_each_line_its_own(look_up, api):
    """Names in a list or not; one list and one look at the clock for all, and nothing is asked for."""
    for names in ((LINE, LINE_2), ([LINE, LINE_2],)):
        found = look_up(*names)
        assert [(one["login"], one["password"]) for one in found] == [
            (api.line(name)["login"], api.line(name)["password"]) for name in (LINE, LINE_2)
        ]
        assert {one["source"] for one in found} == {"mail"} and set(found[0]["mail"]) == {"id", "date", "title"}
    paths = [call["path"] for call in api.calls()]
    assert paths.count("/1.0/auth/time") == paths.count("/v2/notification/history") == 1
    assert sum("radius" in path for path in paths) == 2 and not api.calls("POST")


def test_the_store(look_up, store, api):
    words = store(LINE, "l@x", "Kx7mQ2vR8tW4", "2099-01-01T00:00:00Z")
    (found,) = look_up(LINE, variables=words)
    assert (found["source"], found["password"], found["mail"]) == ("store", "Kx7mQ2vR8tW4", None)
    calls = len(api.calls())
    assert look_up(LINE, variables=words, look_for_newer=False) == [found] and len(api.calls()) == calls == 2
    words = store(LINE, api.line(LINE)["login"], "of before", "2020-01-01T00:00:00Z")
    assert look_up(LINE, variables=words)[0]["source"] == "mail"


def test_variables_of_the_host(look_up):
    """Its login is that of its own line; a template of the inventory is filled in; what is empty is not given."""
    host = {"router_pppoe_service_name": LINE, "router_pppoe_line_login": "moved@ftth.ovh"}
    assert "its login is another line's" in refused(look_up, LINE, variables=host)
    assert look_up(LINE_2, variables=host)[0]["source"] == "mail"
    empty = dict.fromkeys(("router_pppoe_store", "router_pppoe_store_vault_file", "router_pppoe_mail_source"), "")
    assert look_up(LINE, variables=empty)[0]["source"] == "mail"


def test_a_link_is_left_as_it_is(look_up, api):
    api.set(mail_kind="secret_link")
    rotated(api)
    said = refused(look_up, LINE)
    assert "gives a one-time link, which a lookup never opens" in said and not api.calls("POST")


def test_a_mail_that_came_after_the_list(look_up, api):
    """Another use has listed before it came: where that list gives nothing, one more is asked for."""
    api.admin("DELETE", "/mails")
    assert "has no credentials mail" in refused(look_up, LINE)
    rotated(api)
    assert look_up(LINE)[0]["password"] == api.line(LINE)["password"]


def test_failures(look_up, api, tmp_path):
    """Each with what to do; nothing is sent for a slip."""
    assert "is no service name" in refused(look_up, "../x")
    assert "pasword: no such option" in refused(look_up, LINE, pasword="x")
    assert "login is for one service name" in refused(look_up, LINE, LINE_2, login="x")
    assert "it takes one of api, imap" in refused(look_up, LINE, source="pop")
    assert "whose tasks a lookup cannot run" in refused(look_up, LINE, variables={"router_pppoe_store": str(tmp_path)})
    assert api.calls() == []
    assert "is not an access of this account" in refused(look_up, "xdsl-zz9-9")
    (tmp_path / "plain.yml").write_text("plain: text\n", encoding="utf-8")
    assert "it is not encrypted" in refused(look_up, LINE, store_vault_file=str(tmp_path / "plain.yml"))
    (tmp_path / "plain.yml").unlink()
    (tmp_path / "plain.yml").mkdir()
    assert "plain.yml cannot be used: it is not a regular file" in refused(
        look_up, LINE, store_vault_file=str(tmp_path / "plain.yml")
    )


def test_an_older_mail_is_not_the_answer(look_up, api):
    """The newest one has what is no login to the reader: it is said, and the dead password before it is not given."""
    api.set(lines={LINE: {"login": "a login", "radius": []}})
    rotated(api)
    assert "no PPPoE login stands in it" in refused(look_up, LINE)


@pytest.mark.parametrize("login", ["x@ovh.ftth", "fti/xyz12", "fti/x", "0320123456_1@adsl.ovh"])
def test_realms_of_any_form(look_up, api, login):
    api.set(lines={LINE: {"login": login, "radius": []}})
    rotated(api)
    (found,) = look_up(LINE)
    assert (found["login"], found["password"]) == (login, api.line(LINE)["password"])
