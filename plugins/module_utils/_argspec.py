# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options that modules share, as argument specs, and the way a module ends."""

from __future__ import annotations

import re
import typing as t

from ansible.module_utils.basic import AnsibleModule, env_fallback

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils import _core_dumps
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure

SERVICE_NAME = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*")


def connection_spec() -> dict[str, t.Any]:
    """Argument spec of the doc fragment ``ownrouter.ovhcloud.connection``."""
    spec: dict[str, t.Any] = {
        "endpoint": {"type": "str"},
        "application_key": {"type": "str", "no_log": False},
        "application_secret": {"type": "str", "no_log": True},
        "consumer_key": {"type": "str", "no_log": True},
        "client_id": {"type": "str"},
        "client_secret": {"type": "str", "no_log": True},
        "config_file": {"type": "path"},
    }
    for name, option in spec.items():
        option["fallback"] = (env_fallback, [f"OVH_{name.upper()}"])
    spec["clock_skew"] = {"type": "int"}
    spec["requests_per_minute"] = {
        "type": "int",
        "default": 60,
        "fallback": (env_fallback, ["OVH_REQUESTS_PER_MINUTE"]),
    }
    return spec


def mail_source_spec() -> dict[str, t.Any]:
    """Argument spec of the doc fragment ``ownrouter.ovhcloud.mail_source``."""
    spec: dict[str, t.Any] = {
        "imap_host": {"type": "str"},
        "imap_port": {"type": "int"},
        "imap_security": {"type": "str", "choices": ["tls", "starttls"]},
        "imap_ca_file": {"type": "path"},
        "imap_user": {"type": "str"},
        "imap_password": {"type": "str", "no_log": True},
        "imap_access_token": {"type": "str", "no_log": True},
        "imap_folder": {"type": "str"},
    }
    for name, option in spec.items():
        option["fallback"] = (env_fallback, [f"OVH_{name.upper()}"])
    return {
        **spec,
        "source": {"type": "str", "choices": ["api", "imap"], "default": "api"},
        "imap_from": {"type": "list", "elements": "str", "default": ["ovhcloud.com", "ovh.com", "ovhtelecom.fr"]},
    }


def mail_patterns_spec() -> dict[str, t.Any]:
    """Argument spec of the doc fragment ``ownrouter.ovhcloud.mail_patterns``."""
    return {
        "mail_title": {"type": "str"},
        "mail_login_pattern": {"type": "str"},
        "mail_password_pattern": {"type": "str", "no_log": False},
    }


def run(module: AnsibleModule, body: t.Callable[[AnsibleModule], dict[str, t.Any]]) -> None:
    """End the module with what ``body`` returns, or with its Failure in the one form that failures have.

    :param body: returns the module's result; a ``warnings`` list in it is shown as warnings.
    """
    _core_dumps.forbid()
    try:
        _check_service_name(module.params.get("service_name"))
        result = body(module)
    except Failure as failure:
        module.fail_json(**failure.as_result())
    for warning in result.pop("warnings", []):
        module.warn(warning)
    module.exit_json(**result)


def _check_service_name(name: str | None) -> None:
    """Refuse what can be no service name but a path, before any call.

    :raises Failure: ``invalid_option``.
    """
    if name is not None and not SERVICE_NAME.fullmatch(name):
        raise Failure(
            "invalid_option",
            f"service_name is {name!r}, which is no service name: it takes letters, digits, single dots, - and _, such "
            "as xdsl-ab12345-1. Nothing was sent.",
            {"option": "service_name", "value": name},
        )
