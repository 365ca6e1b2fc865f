# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action behind the modules: secrets go to those that take them, and a run that only looks stays one."""

from __future__ import annotations

import types

import pytest
from ansible import context
from ansible.utils.display import Display

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._ovh import action

HANDED = {"application_secret": "a", "imap_password": "b", "consumer_key": ""}


def made(module, arguments=(), check=None, cli=False, monkeypatch=None):
    """The action of a task, and what its module was given."""
    monkeypatch.setattr(context, "CLIARGS", {"check": cli})
    one = object.__new__(action.OvhAction)
    task = types.SimpleNamespace(
        action=f"ownrouter.ovhcloud.{module}", args=dict(arguments), async_val=0, check_mode=check
    )
    one._task, one._templar = task, types.SimpleNamespace(template=lambda value: value)
    seen = {}

    def execute(**given):
        seen.update(given, verbosity=Display().verbosity)
        return {"changed": False}

    one._execute_module = execute
    return one, seen


@pytest.mark.parametrize(
    ("module", "given"),
    [
        ("xdsl_info", {"application_secret": "a"}),
        ("xdsl_ppp_login_mail", {"application_secret": "a", "imap_password": "b"}),
        ("xdsl_ppp_credentials_info", {"application_secret": "a", "imap_password": "b"}),
    ],
)
def test_each_module_gets_what_it_takes(monkeypatch, module, given):
    one, seen = made(module, monkeypatch=monkeypatch)
    assert one.execute({action.SECRETS: HANDED}) == {"changed": False}
    assert seen["module_args"] == given and seen["verbosity"] == 0


def test_an_argument_of_the_task_wins(monkeypatch):
    one, seen = made("xdsl_info", {"application_secret": "mine"}, monkeypatch=monkeypatch)
    one.execute({action.SECRETS: HANDED})
    assert seen["module_args"] == {"application_secret": "mine"}


def test_a_run_that_only_looks_is_not_overruled(monkeypatch):
    one, _seen = made("xdsl_info", check=False, cli=True, monkeypatch=monkeypatch)
    one.execute({})
    assert one._task.check_mode is True
