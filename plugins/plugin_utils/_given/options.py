# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role's variables: their types and defaults, and what each of them is to the parts that take it (pure)."""

from __future__ import annotations

import typing as t

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api.rate_limit import default_state_dir
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils import _beyond_ppp
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._given import wrong_values
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.choose import PLATFORMS, interface_of
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.facts import same_login

PREFIX = "router_pppoe_"
CUSTOM = "custom"

_TEXT = {"type": "str"}
_SECRET = {"type": "str", "no_log": True}
_PATH = {"type": "path"}
_NUMBER = {"type": "int"}
_FLAG = {"type": "bool", "default": False}

#: By name without the prefix; roles/router_pppoe/meta/argument_specs.yml describes the same to people.
SPEC: dict[str, dict[str, t.Any]] = {
    "service_name": {"type": "str", "required": True},
    "renew": _FLAG,
    "renewed_since": _TEXT,
    "max_age": _TEXT,
    "max_age_jitter": _TEXT,
    "renew_between": _TEXT,
    "before_cut": _PATH,
    "after": _PATH,
    "cooldown": {"type": "str", "default": "15m"},
    "state_dir": _PATH,
    "platform": {"type": "str", "choices": [*PLATFORMS, CUSTOM], "default": "linux_pppd"},
    "platform_dir": _PATH,
    "interface": _TEXT,
    "provision": _FLAG,
    "provision_device": _TEXT,
    "provision_vlan": _NUMBER,
    "provision_changes": _FLAG,
    "mail_timeout": {"type": "int", "default": 900},
    "mail_expected_after": {"type": "int", "default": 120},
    "mail_interval": {"type": "int", "default": 1},
    "mail_source": {"type": "str", "choices": ["api", "imap"], "default": "api"},
    "imap_host": _TEXT,
    "imap_port": _NUMBER,
    "imap_security": {"type": "str", "choices": ["tls", "starttls"]},
    "imap_ca_file": _PATH,
    "imap_user": _TEXT,
    "imap_password": _SECRET,
    "imap_access_token": _SECRET,
    "imap_folder": _TEXT,
    "imap_from": {"type": "list", "elements": "str"},
    "mail_title": _TEXT,
    "mail_login_pattern": _TEXT,
    "mail_password_pattern": {"type": "str", "no_log": False},
    "session_timeout": {"type": "int", "default": 180},
    "must_answer": {"type": "list", "elements": "str"},
    "accept_offline": _FLAG,
    "out_of_band": _FLAG,
    "api_out_of_band": _FLAG,
    "standby_hosts": {"type": "list", "elements": "str"},
    "store": _PATH,
    "store_vault_file": _PATH,
    "store_vault_id": _TEXT,
    "line_login": _TEXT,
    "replaces_login": _TEXT,
    "forget": _FLAG,
    "login": _TEXT,
    "password": _SECRET,
    "api_host": {"type": "str", "default": "localhost"},
    "endpoint": _TEXT,
    "application_key": {"type": "str", "no_log": False},
    "application_secret": _SECRET,
    "consumer_key": _SECRET,
    "client_id": _TEXT,
    "client_secret": _SECRET,
    "config_file": _PATH,
    "requests_per_minute": _NUMBER,
    "ppp_dir": {"type": "path", "default": "/etc/ppp"},
    "run_dir": {"type": "path", "default": "/run"},
    "dial_command": _TEXT,
    "routeros_username": _TEXT,
    "routeros_password": _SECRET,
    "routeros_port": {"type": "int", "default": 8729},
    "routeros_ca_path": _PATH,
    "routeros_validate_certs": {"type": "bool", "default": True},
    "routeros_validate_hostname": {"type": "bool", "default": True},
    "routeros_timeout": {"type": "int", "default": 10},
    "routeros_redial_after": {"type": "int", "default": 20},
}
CONNECTION = (
    "endpoint",
    "application_key",
    "application_secret",
    "consumer_key",
    "client_id",
    "client_secret",
    "config_file",
    "state_dir",
    "requests_per_minute",
)
#: Seconds that a list of the account's mails may be old, which another line has made.
FRESH = 2
#: The same where the router is left alone whatever the newest mail says.
LEISURE = 30
MAILBOX = tuple(name for name in SPEC if name.startswith("imap_"))
PATTERNS = ("mail_title", "mail_login_pattern", "mail_password_pattern")
ROUTER = (
    "ppp_dir",
    "run_dir",
    "dial_command",
    *(name for name in SPEC if name.startswith("routeros_")),
)
#: Of the line: blanks around them are a slip of who typed or copied them.
PPP = ("login", "password", "line_login", "replaces_login")
#: What a driver's sentence calls an option, where the role calls it something else than prefix and name.
OPTION_NAMES = {"": PREFIX, **{name: f"{PREFIX}provision_{name}" for name in ("device", "vlan", "changes")}}


class Options:
    """The values of the role's variables for one host. An empty one was not given."""

    def __init__(self, given: t.Mapping[str, t.Any]) -> None:
        """
        :param given: by name without the prefix, templated
        :raises Failure: ``invalid_option``, naming the variable
        """
        present = {f"{PREFIX}{name}": value for name, value in given.items() if value not in (None, "", [])}
        specs = {f"{PREFIX}{name}": spec for name, spec in SPEC.items()}
        if wrong := wrong_values.sentences(specs, present):
            raise Failure("invalid_option", " ".join(wrong))
        checked = ArgumentSpecValidator(specs).validate(present)
        if checked.error_messages:
            raise Failure("invalid_option", f"{'; '.join(map(str, checked.error_messages))}.")
        self.values: dict[str, t.Any] = {
            name.removeprefix(PREFIX): value for name, value in checked.validated_parameters.items()
        }
        self.values |= {name: one.strip() for name in PPP if isinstance(one := self.values.get(name), str)}
        #: what answers over the line
        self.answering = _beyond_ppp.targets(self.hosts("must_answer"))

    def text(self, name: str) -> str:
        """A text; "" when it was not given."""
        value = self.values[name]
        return "" if value is None else str(value)

    def flag(self, name: str) -> bool:
        return bool(self.values[name])

    def number(self, name: str) -> int:
        """A number that has a default."""
        return int(self.values[name])

    def hosts(self, name: str) -> tuple[str, ...]:
        """A list of hosts; empty when it was not given."""
        return tuple(map(str, self.values[name] or ()))

    @property
    def service_name(self) -> str:
        return self.text("service_name")

    @property
    def by_hand(self) -> bool:
        """Was the password given by hand?"""
        return bool(self.text("password"))

    @property
    def custom(self) -> bool:
        return self.text("platform") == CUSTOM

    @property
    def stores(self) -> bool:
        """Does the user want the new password kept?"""
        return bool(self.text("store") or self.text("store_vault_file"))

    @property
    def store_folder(self) -> str:
        """The user's own store that is read, too; "" for none. A single task file is only written."""
        store = self.text("store")
        return store if store and not store.endswith((".yml", ".yaml")) else ""

    @property
    def store_name(self) -> str:
        return self.text("store_vault_file") or self.text("store")

    @property
    def interface(self) -> str:
        return interface_of(self.text("platform"), self.text("interface"))

    @property
    def mail_place(self) -> str:
        return "the mailbox" if self.text("mail_source") == "imap" else "the account"

    @property
    def state_dir(self) -> str:
        """The folder of journals, locks and what lines share."""
        return self.text("state_dir") or default_state_dir()

    def connection(self) -> dict[str, t.Any]:
        """Options of every OVHcloud module."""
        return {"service_name": self.service_name, **self._given(CONNECTION)}

    def mailbox(self) -> dict[str, t.Any]:
        """Further options of the modules that read mails."""
        shared = {"source": self.text("mail_source"), "list_age": FRESH}
        return {**shared, **self._given(MAILBOX), **self._given(PATTERNS)}

    def renewal(self) -> dict[str, t.Any]:
        """Options of the module that requests a new password."""
        policy = self._given(("renewed_since", "max_age", "max_age_jitter", "renew_between", "cooldown"))
        return {**self.connection(), **self.mailbox(), **policy, "renew": True}

    def router(self) -> dict[str, t.Any]:
        """Options of a driver, as plugins/modules/pppoe_client.py names them."""
        own = {name: self.values[name] for name in ROUTER}
        return {"platform": self.text("platform"), "interface": self.interface, **own}

    def replaceable(self, login: str, of_line: str) -> bool:
        """May a login that the router has be replaced by another one?

        :param of_line: the line's; "" where it is not known
        """
        # An interface that was made before the line's login was known has its name in that place.
        return not same_login(login, of_line) and login in ("", self.text("replaces_login"), self.service_name)

    def without_request(self) -> Options:
        """The same for a run that has no renewal to make."""
        return Options({**self.values, "renew": False})

    def _given(self, names: t.Iterable[str]) -> dict[str, t.Any]:
        return {name: self.values[name] for name in names if self.values[name] is not None}
