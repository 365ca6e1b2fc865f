# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which endpoint and which credentials to use: options, then environment, then ``ovh.conf``.

The order and the file names are those of the ``ovh`` client 1.2.0 (its ``ovh/config.py``). The lookup is
repeated here only to say where a missing or clashing value came from.
"""

from __future__ import annotations

import configparser
import dataclasses
import errno
import ipaddress
import os
import typing as t
import unicodedata
from urllib.parse import urlsplit

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api import clock

KEY_OPTIONS = ("application_key", "application_secret", "consumer_key")
OAUTH2_OPTIONS = ("client_id", "client_secret")

#: By growing priority, as the ``ovh`` client reads them.
CONFIG_FILES = ("/etc/ovh.conf", "~/.ovh.conf", "./ovh.conf")


@dataclasses.dataclass(frozen=True)
class Connection:
    """Endpoint and credentials, complete and of one kind.

    ``region`` is a region name of the ``ovh`` client or, for a custom endpoint, its base URL.
    ``secrets`` are the values that no message may contain.
    """

    region: str
    base_url: str
    token_url: str | None
    values: t.Mapping[str, str] = dataclasses.field(repr=False)
    sources: t.Mapping[str, str]

    @property
    def kind(self) -> str:
        """``oauth2`` or ``application_key``."""
        return "oauth2" if "client_id" in self.values else "application_key"

    @property
    def secrets(self) -> tuple[str, ...]:
        return tuple(
            self.values[name] for name in ("application_secret", "consumer_key", "client_secret") if name in self.values
        )

    @property
    def identity(self) -> str:
        """The public half of the credentials: names a key in messages."""
        return self.values.get("client_id") or self.values["application_key"]


def is_loopback(host: str) -> bool:
    """Tell whether a host name or address of a URL can only mean this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _endpoint_failure(value: str, regions: t.Mapping[str, str], source: str, why: str) -> Failure:
    return Failure(
        "configuration",
        f"endpoint (from {source}) is {value!r}: {why}. It takes a region name ({', '.join(sorted(regions))}) or a "
        "base URL such as https://eu.api.ovh.com/1.0; http:// only to a loopback address. Nothing was sent.",
        {"option": "endpoint", "value": value, "source": source},
    )


def resolve_endpoint(value: str, regions: t.Mapping[str, str], source: str) -> tuple[str, str]:
    """Turn the ``endpoint`` option into (region or URL, base URL without a trailing slash).

    :param regions: region name -> base URL, the ``ovh`` client's own map.
    :raises Failure: ``configuration`` for an unknown region, a malformed URL or plain http to another machine.
    """
    if value in regions:
        return value, regions[value]
    if "://" not in value:
        raise _endpoint_failure(value, regions, source, "not a region that the ovh client knows")
    url = value.rstrip("/")
    for region, known in regions.items():
        if url == known:
            return region, known
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        raise _endpoint_failure(value, regions, source, "not a URL") from None
    if not host or parts.query or parts.fragment:
        raise _endpoint_failure(value, regions, source, "not a base URL")
    if parts.username or parts.password:
        raise _endpoint_failure(f"{parts.scheme}://{host}", regions, source, "it carries credentials in the URL")
    if parts.scheme == "http" and not is_loopback(host):
        raise _endpoint_failure(value, regions, source, "plain http:// to another machine would expose the key")
    if parts.scheme not in ("http", "https"):
        raise _endpoint_failure(value, regions, source, f"scheme {parts.scheme!r} is not supported")
    return url, url


class _Lookup:
    """Finds a value and remembers where it stood."""

    def __init__(self, params: t.Mapping[str, t.Any]) -> None:
        self._params = params
        self._files: list[tuple[str, configparser.RawConfigParser]] = []
        #: files that are there and cannot be read: they may have what is missing
        self.unread: list[str] = []
        paths = [os.path.expanduser(path) for path in CONFIG_FILES]
        explicit = params.get("config_file")
        if explicit:
            paths.append(os.path.expanduser(explicit))
            if not os.path.exists(paths[-1]):
                raise Failure(
                    "configuration",
                    f"config_file {explicit!r} does not exist on this host. Nothing was sent.",
                    {"option": "config_file", "value": explicit},
                )
        for path in reversed(paths):
            parser = configparser.RawConfigParser()
            try:
                if not os.path.exists(path):
                    continue
                if not os.path.isfile(path):  # a pipe would be waited for
                    raise OSError(errno.EINVAL, "it is no file")
                with open(path, encoding="utf-8-sig") as file:
                    parser.read_file(file)
            except OSError as error:
                why = f"{path} cannot be read by this user: {error.strerror}"
                if explicit and path == paths[-1]:
                    raise Failure("configuration", f"{why}. Nothing was sent.", {"file": path}) from None
                self.unread.append(why)
                continue
            except (configparser.Error, UnicodeDecodeError):
                # The parser's own text quotes the line, which may hold a secret.
                raise Failure(
                    "configuration",
                    f"{path} cannot be understood as an ovh.conf (UTF-8, sections [default] and [<region>], name=value "
                    "lines). Nothing was sent.",
                    {"file": path},
                ) from None
            self._files.append((path, parser))

    def told(self) -> str:
        """The files that could not be read, as sentences."""
        return "".join(f"{one}. " for one in self.unread)

    def find(self, name: str, section: str) -> tuple[str, str] | None:
        """Return (value, source), or None; an empty value counts as not set."""
        variable = f"OVH_{name.upper()}"
        value = self._params.get(name)
        if value:
            # Ansible's env fallback has already put the variable's value in the option.
            same = os.environ.get(variable) == value
            return str(value), f"environment variable {variable}" if same else f"option {name}"
        if os.environ.get(variable):
            return os.environ[variable], f"environment variable {variable}"
        for path, parser in self._files:
            if parser.has_option(section, name) and parser.get(section, name):
                return parser.get(section, name), f"{path} [{section}]"
        return None


def check_numbers(params: t.Mapping[str, t.Any]) -> None:
    """:raises Failure: ``invalid_option`` for a difference of clocks, or a budget, that cannot be"""
    skew = params.get("clock_skew")
    if skew is not None and abs(skew) > len(clock.TIMES):
        raise Failure(
            "invalid_option",
            f"clock_skew is {skew}, which no two clocks differ by; it takes seconds. Nothing was sent.",
            {"option": "clock_skew", "value": skew},
        )
    per_minute = params.get("requests_per_minute") or 0
    if per_minute < 0:
        raise Failure(
            "invalid_option",
            f"requests_per_minute is {per_minute}; it takes a number of requests, such as 60, or 0 for no limit. "
            "Nothing was sent.",
            {"option": "requests_per_minute", "value": per_minute},
        )


def check_files(params: t.Mapping[str, t.Any]) -> None:
    """Read every ``ovh.conf``.

    :raises Failure: ``configuration`` for one that cannot be read, without a word of what stands in it.
    """
    _Lookup(params)


def resolve(params: t.Mapping[str, t.Any], regions: t.Mapping[str, str], token_urls: t.Mapping[str, str]) -> Connection:
    """Find endpoint and credentials for a module's connection options.

    :param params: module parameters (``endpoint``, ``application_key``, …, ``config_file``).
    :param regions: the ``ovh`` client's region -> base URL map.
    :param token_urls: the ``ovh`` client's region -> OAuth2 token URL map.
    :raises Failure: ``configuration``, naming the missing or clashing option and where each part came from.
    """
    lookup = _Lookup(params)
    endpoint, source = lookup.find("endpoint", "default") or ("", "")
    if not endpoint:
        raise Failure(
            "configuration",
            "No endpoint: set the endpoint option, OVH_ENDPOINT, or endpoint= in the [default] section of ovh.conf "
            f"(for example ovh-eu). {lookup.told()}Nothing was sent.",
            {"option": "endpoint"},
        )
    region, base_url = resolve_endpoint(endpoint, regions, source)
    values: dict[str, str] = {}
    sources: dict[str, str] = {"endpoint": source}
    for name in KEY_OPTIONS + OAUTH2_OPTIONS:
        found = lookup.find(name, region)
        if found:
            values[name], sources[name] = found
    _check_kind(values, sources, region, lookup.told())
    _check_signs(values, sources)
    token_url = None
    if "client_id" in values:
        token_url = token_urls.get(region)
        if token_url is None:
            if region != base_url:
                raise Failure(
                    "configuration",
                    f"client_id (from {sources['client_id']}) cannot be used with endpoint {region}: OVHcloud gives "
                    f"OAuth2 tokens only for {', '.join(sorted(token_urls))}. Nothing was sent.",
                    {"option": "endpoint", "value": region},
                )
            token_url = _token_url(base_url, regions, token_urls)
    return Connection(region, base_url, token_url, values, sources)


def _token_url(base_url: str, regions: t.Mapping[str, str], token_urls: t.Mapping[str, str]) -> str:
    """Where the API at this URL has its tokens: another host, for OVHcloud's own; else beside the API."""
    parts = urlsplit(base_url)
    for region, known in regions.items():
        if region in token_urls and urlsplit(known).netloc == parts.netloc:
            return token_urls[region]
    return f"{parts.scheme}://{parts.netloc}/auth/oauth2/token"


def _check_signs(values: t.Mapping[str, str], sources: t.Mapping[str, str]) -> None:
    """No key of OVHcloud's has other signs than those of ASCII: one that has was cut, or copied with something else."""
    for name, value in values.items():
        odd = next((sign for sign in value if not "!" <= sign <= "~"), None)
        if odd is None:
            continue
        named = unicodedata.name(odd, f"the character U+{ord(odd):04X}")
        raise Failure(
            "configuration",
            f"{name} (from {sources[name]}) holds a character that no key has ({named}): it was cut, or copied "
            "together with something else. Copy it again, whole. Nothing was sent.",
            {"option": name, "source": sources[name]},
        )


def _check_kind(values: t.Mapping[str, str], sources: t.Mapping[str, str], region: str, unread: str) -> None:
    """:param unread: files that may have what is missing, as sentences"""
    keys = [name for name in KEY_OPTIONS if name in values]
    oauth2 = [name for name in OAUTH2_OPTIONS if name in values]
    where = ", ".join(f"{name} (from {sources[name]})" for name in keys + oauth2)
    if keys and oauth2:
        raise Failure(
            "configuration",
            f"Two kinds of credentials at once: {where}. Keep either application_key, application_secret and "
            "consumer_key, or client_id and client_secret. Nothing was sent.",
            {"clashing": {name: sources[name] for name in keys + oauth2}},
        )
    wanted = OAUTH2_OPTIONS if oauth2 else KEY_OPTIONS
    missing = [name for name in wanted if name not in values]
    if not missing:
        return
    if keys or oauth2:
        raise Failure(
            "configuration",
            f"Missing {' and '.join(missing)}: only {where} found. Set the option, the variable "
            f"{' and '.join('OVH_' + name.upper() for name in missing)}, or the line in [{region}] of ovh.conf. "
            f"{unread}Nothing was sent.",
            {"missing": missing, "found": {name: sources[name] for name in keys + oauth2}},
        )
    raise Failure(
        "configuration",
        "No API credentials: set application_key, application_secret and consumer_key, or client_id and "
        "client_secret, as options, as OVH_* variables, or in "
        f"[{region}] of ovh.conf. {unread}Nothing was sent.",
        {"missing": list(KEY_OPTIONS)},
    )
