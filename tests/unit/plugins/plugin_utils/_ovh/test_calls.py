# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The modules as functions: what they are given is validated as a module's, and a failure is a result."""

from __future__ import annotations

import threading
import types

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._ovh import calls as ovh


@pytest.mark.parametrize("module", ovh.BODIES)
def test_each_has_the_spec_of_its_module(module):
    spec, body = ovh.BODIES[module]
    assert "service_name" in spec() and callable(body)


def test_wrong_options_are_a_failure_before_any_call():
    result = ovh.in_process(ovh.RENEW, {"service_name": "xdsl-1", "renew": "perhaps"}, False)
    assert result["failed"] and result["failure"]["code"] == "invalid_option" and result["outcome"] == "not_sent"
    assert "Nothing was requested" in result["msg"]
    result = ovh.in_process(ovh.LINE, {"service_name": "../me"}, True)
    assert result["failed"] and "no service name" in result["msg"]


def test_by_modules_the_check_mode_is_that_of_the_call():
    seen = []
    action = types.SimpleNamespace(_task=types.SimpleNamespace(check_mode=False))

    def execute(**given):
        seen.append((given["module_name"], given["module_args"], action._task.check_mode))
        return {"changed": False}

    action._execute_module = execute
    assert ovh.by_modules(action, {}, lambda: None)(ovh.LINE, {"service_name": "x"}, True) == {"changed": False}
    assert seen == [("ownrouter.ovhcloud.xdsl_info", {"service_name": "x"}, True)] and action._task.check_mode is False


def test_by_modules_it_is_given_back_where_it_fails():
    action = types.SimpleNamespace(_task=types.SimpleNamespace(check_mode=False))

    def execute(**_given):
        raise KeyError

    action._execute_module = execute
    with pytest.raises(KeyError):
        ovh.by_modules(action, {}, lambda: None)(ovh.LINE, {}, True)
    assert action._task.check_mode is False


def test_the_library_is_here():
    assert ovh.library_here()


@pytest.mark.parametrize(("module", "limit"), [(ovh.DIAL_INS, "BY_HAND_DIAL_INS"), (ovh.LINE, "BY_HAND")])
def test_an_ovhcloud_that_need_not_be_there_is_not_waited_for(monkeypatch, module, limit):
    monkeypatch.setattr(ovh, limit, 0.05)
    ended = threading.Event()
    monkeypatch.setattr(ovh, "in_process", lambda *_given: ended.wait(20))
    result = ovh.in_time(module, {}, False)
    ended.set()
    assert result == {"failed": True, "msg": "no answer within 0.05 s"}
    monkeypatch.setattr(ovh, "in_process", lambda *given: {"given": given})
    monkeypatch.setattr(ovh, limit, 5.0)
    assert ovh.in_time(module, {"a": 1}, True) == {"given": (module, {"a": 1}, True)}
