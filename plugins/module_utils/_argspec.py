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
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mailbox import sender
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._plain_text import harmless

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
    spec["state_dir"] = {"type": "path"}
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
        "imap_from": {"type": "list", "elements": "str", "default": list(sender.OVHCLOUD)},
        "list_age": {"type": "int", "default": 0},
    }


def mail_patterns_spec() -> dict[str, t.Any]:
    """Argument spec of the doc fragment ``ownrouter.ovhcloud.mail_patterns``."""
    return {
        "mail_title": {"type": "str"},
        "mail_login_pattern": {"type": "str"},
        "mail_password_pattern": {"type": "str", "no_log": False},
    }


def line_spec() -> dict[str, t.Any]:
    """Argument spec of :mod:`xdsl_info`."""
    purposes = ["access", "renew", "service_mails", "session_log"]
    return {
        **connection_spec(),
        "service_name": {"type": "str"},
        "required_rights": {"type": "list", "elements": "str", "default": [], "choices": purposes},
        "router_address": {"type": "str"},
        **{name: mail_source_spec()[name] for name in ("source", "imap_host", "imap_port", "imap_security")},
    }


def login_mail_spec() -> dict[str, t.Any]:
    """Argument spec of :mod:`xdsl_ppp_login_mail`."""
    return {
        **connection_spec(),
        **mail_source_spec(),
        **mail_patterns_spec(),
        "service_name": {"type": "str", "required": True},
        "renew": {"type": "bool", "default": False},
        "renewed_since": {"type": "str"},
        "max_age": {"type": "str"},
        "max_age_jitter": {"type": "str"},
        "renew_between": {"type": "str"},
        "cooldown": {"type": "str", "default": "15m"},
        "session_uptime": {"type": "int"},
        "session_seen_at": {"type": "str"},
        "known_mail_date": {"type": "str"},
        "known_request": {"type": "str"},
        "known_by_hand": {"type": "str"},
        "not_after": {"type": "str"},
    }


def credentials_spec() -> dict[str, t.Any]:
    """Argument spec of :mod:`xdsl_ppp_credentials_info`."""
    return {
        **connection_spec(),
        **mail_source_spec(),
        **mail_patterns_spec(),
        "service_name": {"type": "str", "required": True},
        "login": {"type": "str"},
        "newer_than": {"type": "str"},
        "requests": {"type": "int", "default": 1},
        "timeout": {"type": "int", "default": 0},
        "expected_after": {"type": "int", "default": 120},
        "interval": {"type": "int", "default": 1},
        "progress_note": {"type": "str", "default": ""},
        "return_password": {"type": "bool", "default": False, "no_log": False},
        "open_link": {"type": "bool", "default": True},
        "known_mail": {"type": "str"},
        "proven_layout": {"type": "str"},
        "mail_file": {"type": "path"},
    }


def session_spec() -> dict[str, t.Any]:
    """Argument spec of :mod:`xdsl_ppp_session_info`."""
    return {
        **connection_spec(),
        "service_name": {"type": "str", "required": True},
        "newer_than": {"type": "str"},
        "timeout": {"type": "int", "default": 0},
    }


#: What a module does: its options and whether nothing may be written, to its result.
Body = t.Callable[[t.Mapping[str, t.Any], bool], dict[str, t.Any]]


def run(module: AnsibleModule, body: Body) -> None:
    """End the module with what ``body`` returns, or with its Failure in the one form that failures have.

    :param body: returns the module's result; a ``warnings`` list in it is shown as warnings.
    """
    _core_dumps.forbid()
    try:
        check_service_name(module.params.get("service_name"))
        result = body(module.params, module.check_mode)
    except Failure as failure:
        module.fail_json(**harmless(failure.as_result()))
    for warning in result.pop("warnings", []):
        module.warn(harmless(warning))
    module.exit_json(**harmless(result))


def check_service_name(name: str | None) -> None:
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
