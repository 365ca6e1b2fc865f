# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The text of a vars file that keeps PPPoE credentials by line (pure): everything else in it stays as it is."""

from __future__ import annotations

import dataclasses
import typing as t

import yaml

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure

#: The variable that holds the credentials, by service name.
KEY = "router_pppoe_stored"
HEADER = "---\n# PPPoE credentials by line, kept by ownrouter.ovhcloud.\n"


@dataclasses.dataclass(frozen=True)
class Credentials:
    """Login and password of one line."""

    login: str
    password: str = dataclasses.field(repr=False)


@dataclasses.dataclass(frozen=True)
class _Block:
    """Where our variable stands in a text, and what it holds."""

    start: int
    end: int
    entries: dict[str, Credentials] = dataclasses.field(repr=False)


def read(text: str) -> dict[str, Credentials]:
    """The credentials in a vars file.

    :raises Failure: ``vault_file`` when the text is not a vars file, or somebody gave our variable another form.
    """
    block = _find(text)
    return block.entries if block else {}


def put(text: str, service_name: str, credentials: Credentials) -> str:
    """The text with the credentials of one line; other lines, variables and comments are kept.

    :raises Failure: as :func:`read`.
    """
    block = _find(text)
    entries = {**(block.entries if block else {}), service_name: credentials}
    written = _written(entries)
    if block is None:
        before = text or HEADER
        result = before + ("" if before.endswith("\n") else "\n") + written + "\n"
    else:
        if text[block.end - 1] == "\n":
            written += "\n"
        result = text[: block.start] + written + text[block.end :]
    if read(result) != entries:
        raise _unusable(f"the variable {KEY} cannot be put into it")
    return result


def _written(entries: t.Mapping[str, Credentials]) -> str:
    lines = [f"{KEY}:"]
    for name, one in entries.items():
        # "!unsafe": Ansible must never take a password for a template.
        lines += [
            f"  {_quoted(name)}:",
            f"    login: !unsafe {_quoted(one.login)}",
            f"    password: !unsafe {_quoted(one.password)}",
        ]
    return "\n".join(lines)


def _quoted(text: str) -> str:
    # In one line and in ASCII, whatever the text holds.
    return str(yaml.safe_dump(text, default_style='"', width=2**30, allow_unicode=False)).rstrip("\n")


def _find(text: str) -> _Block | None:
    try:
        top = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError:
        # The parser's own text quotes lines, which may be secret.
        raise _unusable("it is not YAML, or holds more than one document") from None
    if top is None:
        return None
    if not isinstance(top, yaml.MappingNode) or top.flow_style:
        raise _unusable("it is not a list of variables, one a line (name: value)")
    for key, value in top.value:
        if isinstance(key, yaml.ScalarNode) and key.value == KEY:
            return _Block(key.start_mark.index, _end(value), dict(map(_entry, _pairs(value))))
    return None


def _end(node: yaml.Node) -> int:
    """Where the last scalar of a node ends: a block's own end mark lies behind the comments that follow it."""
    if isinstance(node, yaml.MappingNode) and not node.flow_style and node.value:
        return _end(node.value[-1][1])
    return int(node.end_mark.index)


def _pairs(node: yaml.Node) -> list[tuple[yaml.Node, yaml.Node]]:
    if not isinstance(node, yaml.MappingNode):
        raise _unusable(f"its variable {KEY} is not a mapping by service name")
    return list(node.value)


def _entry(pair: tuple[yaml.Node, yaml.Node]) -> tuple[str, Credentials]:
    name, value = pair
    fields = {key.value: field for key, field in _pairs(value)}
    texts = [fields.get("login"), fields.get("password")]
    if len(fields) != 2 or not all(
        isinstance(field, yaml.ScalarNode) and field.tag in ("!unsafe", "tag:yaml.org,2002:str") for field in texts
    ):
        raise _unusable(f"its variable {KEY} holds something else than login and password of each line")
    return str(name.value), Credentials(*(str(field.value) for field in texts if field is not None))


def _unusable(why: str) -> Failure:
    return Failure("vault_file", f"{why}.", {"why": why})
