# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a command's extra variables are: those of ours that hold no secret, and the names of all others (pure)."""

from __future__ import annotations

import json
import typing as t

import yaml
from ansible.errors import AnsibleError
from ansible.parsing.splitter import parse_kv, split_args

PREFIX = "router_pppoe_"
#: Of the playbooks of this collection.
PLAYBOOKS = frozenset({"target", "batch", "max_lines", "report", "older_than"})
#: Variables that hold no secret, without their prefix: a closed list. What is new is told by name until it stands here.
PLAIN = frozenset(
    {
        "service_name",
        "renew",
        "renewed_since",
        "max_age",
        "max_age_jitter",
        "renew_between",
        "before_cut",
        "after",
        "cooldown",
        "state_dir",
        "platform",
        "platform_dir",
        "interface",
        "provision",
        "provision_device",
        "provision_vlan",
        "provision_changes",
        "mail_timeout",
        "mail_expected_after",
        "mail_interval",
        "mail_source",
        "imap_host",
        "imap_port",
        "imap_security",
        "imap_ca_file",
        "imap_user",
        "imap_folder",
        "imap_from",
        "mail_title",
        "mail_login_pattern",
        "mail_password_pattern",
        "session_timeout",
        "must_answer",
        "accept_offline",
        "api_out_of_band",
        "out_of_band",
        "standby_hosts",
        "store",
        "store_vault_file",
        "store_vault_id",
        "line_login",
        "replaces_login",
        "forget",
        "api_host",
        "endpoint",
        "config_file",
        "requests_per_minute",
        "ppp_dir",
        "run_dir",
        "dial_command",
        "routeros_username",
        "routeros_port",
        "routeros_ca_path",
        "routeros_validate_certs",
        "routeros_validate_hostname",
        "routeros_timeout",
        "routeros_redial_after",
    }
)
UNNAMED = "the rest of -e"


def plain(name: str, value: t.Any) -> bool:
    """Can that be shown?"""
    known = name in PLAYBOOKS or (name.startswith(PREFIX) and name.removeprefix(PREFIX) in PLAIN)
    # A URL may hold a user's password.
    return known and "@" not in str(value).partition("://")[2].partition("/")[0]


def variables(text: str) -> tuple[list[tuple[str, t.Any]], list[str]]:
    """The value of one ``-e`` that is no file.

    :returns: names and values of ours that can be shown, and the names of the others
    """
    pairs, whole = _read(text)
    known: list[tuple[str, t.Any]] = []
    left_out: list[str] = []
    for name, value in pairs:
        if plain(name, value):
            known.append((name, value))
        else:
            # A word behind a secret may belong to it: somebody forgot the quotes.
            certain = whole or not left_out or name.startswith(PREFIX)
            left_out.append(name if certain and name.isidentifier() and name.isascii() else UNNAMED)
    if not pairs and text.strip():
        left_out.append(UNNAMED)
    return known, left_out


def _read(text: str) -> tuple[list[tuple[str, t.Any]], bool]:
    """Names and values, and whether each name is one for certain."""
    if text[:1] in ("{", "["):
        found = _structure(text)
        return [(str(name), value) for name, value in found.items()] if isinstance(found, dict) else [], True
    try:
        words = split_args(text)
        pairs = [pair for word in words for pair in parse_kv(word).items()]
    except (AnsibleError, ValueError):
        return [], False
    return [(str(name), value) for name, value in pairs], len(words) == 1


def _structure(text: str) -> t.Any:
    """As Ansible reads it: JSON, else YAML; None for neither."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError):
        return None
