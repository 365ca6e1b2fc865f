# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of the modules: their secrets are marked, and what is no service name is refused before any call."""

from __future__ import annotations

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils import _argspec as spec
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure

SPECS = [spec.line_spec, spec.login_mail_spec, spec.credentials_spec, spec.session_spec]
SECRETS = {"application_secret", "consumer_key", "client_secret", "imap_password", "imap_access_token"}


@pytest.mark.parametrize("make", SPECS, ids=lambda make: make.__name__)
def test_each_has_the_connection_and_hides_its_secrets(make):
    found = make()
    assert set(spec.connection_spec()) <= set(found)
    for name, option in found.items():
        assert (option.get("no_log") is True) == (name in SECRETS), name


def test_each_key_falls_back_to_its_variable():
    for name in ("endpoint", "application_key", "client_secret"):
        _function, names = spec.connection_spec()[name]["fallback"]
        assert names == [f"OVH_{name.upper()}"]


@pytest.mark.parametrize("name", [None, "xdsl-ab12345-1", "ftth-x.y_z"])
def test_service_names(name):
    spec.check_service_name(name)


@pytest.mark.parametrize("name", ["", "../me", "a/b", "a..b", ".a", "a b", "a\n", "a?x=1", "\u00e9"])
def test_what_is_none(name):
    with pytest.raises(Failure) as caught:
        spec.check_service_name(name)
    assert caught.value.code == "invalid_option" and "Nothing was sent" in caught.value.message


class Module:
    """What a module is to :func:`run`."""

    def __init__(self, **params):
        self.params, self.check_mode, self.warned, self.ended = params, True, [], None

    def warn(self, text):
        self.warned.append(text)

    def exit_json(self, **result):
        self.ended = ("ok", result)

    def fail_json(self, **result):
        self.ended = ("failed", result)
        raise SystemExit


def test_a_body_ends_the_module():
    module = Module(service_name="xdsl-1")
    spec.run(module, lambda params, check: {"changed": check, "of": params["service_name"], "warnings": ["careful"]})
    assert module.ended == ("ok", {"changed": True, "of": "xdsl-1"}) and module.warned == ["careful"]


def test_a_failure_ends_it_in_the_one_form():
    module = Module(service_name="../me")
    with pytest.raises(SystemExit):
        spec.run(module, lambda _params, _check: pytest.fail("nothing is done"))
    how, result = module.ended
    assert how == "failed" and result["failure"]["code"] == "invalid_option"
