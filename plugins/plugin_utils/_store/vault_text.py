# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The text of a vars file that keeps PPPoE credentials by line (pure): everything else in it stays as it is."""

from __future__ import annotations

import dataclasses
import typing as t

import yaml

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._store.kept import (
    Kept,
    Misread,
    as_fields,
    from_fields,
)

#: The variable that holds the credentials, by service name.
KEY = "router_pppoe_stored"
HEADER = "---\n# PPPoE credentials by line, kept by ownrouter.ovhcloud.\n"


@dataclasses.dataclass(frozen=True)
class _Block:
    """Where our variable stands in a text, and what it holds."""

    start: int
    end: int
    entries: dict[str, Kept] = dataclasses.field(repr=False)


def read(text: str) -> dict[str, Kept]:
    """The credentials in a vars file.

    :raises Failure: ``vault_file`` when the text is not a vars file, or somebody gave our variable another form.
    """
    block = _find(text)
    return block.entries if block else {}


def prove(text: str, service_name: str) -> None:
    """:raises Failure: when :func:`put` would fail, whatever it is given"""
    put(text, service_name, Kept("login", "password"))


def put(text: str, service_name: str, kept: Kept) -> str:
    """The text with the credentials of one line; other lines, variables and comments are kept.

    :raises Failure: as :func:`read`.
    """
    block = _find(text)
    entries = {**(block.entries if block else {}), service_name: kept}
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


def _written(entries: t.Mapping[str, Kept]) -> str:
    lines = [f"{KEY}:"]
    for name, one in entries.items():
        # "!unsafe": Ansible must never take a password for a template.
        lines += [
            f"  {_quoted(name)}:",
            *(f"    {field}: !unsafe {_quoted(value)}" for field, value in as_fields(one).items()),
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
    ours = [(key, value) for key, value in top.value if isinstance(key, yaml.ScalarNode) and key.value == KEY]
    if len(ours) > 1:
        # As a merge of two files leaves it: Ansible takes the last one, and the lines of the others are lost to it.
        raise _unusable(f"it has the variable {KEY} {len(ours)} times; have all lines below one")
    for key, value in ours:
        entries = _pairs(value)
        if any(node.start_mark.index < key.start_mark.index for node in _nodes(value)):
            raise _unusable(f"its variable {KEY} has a part elsewhere in the file, by an alias (*name); write it out")
        return _Block(key.start_mark.index, _end(value), dict(map(_entry, entries)))
    return None


def _nodes(node: yaml.Node) -> t.Iterator[yaml.Node]:
    yield node
    for pair in node.value if isinstance(node, yaml.MappingNode) else ():
        for one in pair:
            yield from _nodes(one)


def _end(node: yaml.Node) -> int:
    """Where the last scalar of a node ends: a block's own end mark lies behind the comments that follow it."""
    if isinstance(node, yaml.MappingNode) and not node.flow_style and node.value:
        return _end(node.value[-1][1])
    return int(node.end_mark.index)


def _pairs(node: yaml.Node) -> list[tuple[yaml.Node, yaml.Node]]:
    if isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:null":
        return []
    if not isinstance(node, yaml.MappingNode):
        raise _unusable(f"its variable {KEY} is not a mapping by service name")
    names = [name.value for name, _value in node.value]
    if any(names.count(name) > 1 for name in names):
        # Which of them is right nobody can tell, and YAML takes the last one.
        raise _unusable(f"its variable {KEY} has a line, or something of a line, twice; leave the one that is right")
    return list(node.value)


def _entry(pair: tuple[yaml.Node, yaml.Node]) -> tuple[str, Kept]:
    name, value = pair
    fields = _pairs(value)
    texts = ("!unsafe", "tag:yaml.org,2002:str", "tag:yaml.org,2002:timestamp")
    if not all(isinstance(field, yaml.ScalarNode) and field.tag in texts for _key, field in fields):
        raise _unusable(f"its variable {KEY} holds something else than texts of each line")
    try:
        found = from_fields({str(key.value): str(field.value) for key, field in fields})
    except Misread as error:
        raise _unusable(f"in its variable {KEY}, a line {error}") from None
    if found is None:
        raise _unusable(f"in its variable {KEY}, a line has nothing")
    return str(name.value), found


def _unusable(why: str) -> Failure:
    return Failure("vault_file", f"{why}.", {"why": why})
