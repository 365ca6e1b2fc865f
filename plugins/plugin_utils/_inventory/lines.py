# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How the lines of an account become hosts: which of them, under what names, in what groups (pure)."""

from __future__ import annotations

import difflib
import fnmatch
import re
import typing as t
from collections import Counter

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line.fleet import Line

#: What lines can be picked by.
FILTERS = ("service_name", "access_type", "status", "description", "role", "provider", "profile")
#: What each has a group for.
GROUPED = ("status", "access_type", "provider", "profile")

#: What Ansible takes for every host, or for the control node, which tasks are delegated to.
RESERVED = ("all", "ungrouped", "localhost", "127.0.0.1", "::1")


def patterns(filters: t.Mapping[str, t.Any]) -> dict[str, list[str]]:
    """The filters as lists of shell patterns.

    :raises Failure: ``invalid_option``, naming the filter
    """
    found: dict[str, list[str]] = {}
    for name, value in filters.items():
        if name not in FILTERS:
            raise Failure("invalid_option", f"filters has {name}, but lines can be picked by {', '.join(FILTERS)}.")
        wanted = value if isinstance(value, (list, tuple)) else [value]
        if any(one is None or isinstance(one, (dict, list, tuple)) for one in wanted):
            raise Failure("invalid_option", f"filters.{name} takes a text, or a list of texts.")
        found[str(name)] = [str(one) for one in wanted]
    return found


def picked(value: str | None, wanted: t.Sequence[str] | None) -> bool:
    """Does one of these patterns match? No pattern at all takes everything."""
    return wanted is None or any(fnmatch.fnmatchcase((value or "").lower(), one.lower()) for one in wanted)


def passes(line: Line, wanted: t.Mapping[str, t.Sequence[str]]) -> bool:
    """Do all filters take the line?"""
    return all(picked(getattr(line, name), those) for name, those in wanted.items())


def unknown_names(names: t.Sequence[str], wanted: t.Mapping[str, t.Sequence[str]]) -> list[str]:
    """Service names that are asked for, without a wildcard, and that the account does not have."""
    asked = [one for one in wanted.get("service_name", ()) if not re.search(r"[*?\[]", one)]
    known = {name.lower() for name in names}
    return [one for one in asked if one.lower() not in known]


def host_names(lines: t.Sequence[Line], by: str, groups: t.Iterable[str] = ()) -> dict[str, str]:
    """The name of each line's host, by service name.

    :param by: "description": the user's own, with what a name of a host cannot hold as "-"; a line without one, or with
        that of another line, or one that means something else to Ansible, goes by its service name, as all do otherwise
    :param groups: that there are: ``--limit`` with such a name would be all hosts of the group
    """
    described = {line.service_name: _host_name(line.description or "") for line in lines} if by == "description" else {}
    taken = Counter(name.lower() for name in described.values())
    taken.update(name.lower() for name in (*RESERVED, *groups, *(one for line in lines for one in groups_of(line))))
    taken.update(line.service_name.lower() for line in lines)
    return {
        line.service_name: name if name and taken[name.lower()] == 1 else line.service_name
        for line in lines
        for name in [described.get(line.service_name, "")]
    }


def unknown_options(given: t.Iterable[str], known: t.Collection[str]) -> str:
    """Which options the plugin does not have, as sentences: one without effect leaves other hosts than meant."""
    told = []
    for name in sorted(set(map(str, given)) - set(known)):
        near = difflib.get_close_matches(name, known, 1)
        told.append(f"{name} is no option of it.{f' Is {near[0]} meant?' if near else ''}")
    return " ".join([*told, f"It takes {', '.join(sorted(known))}."] if told else [])


def _host_name(text: str) -> str:
    """What --limit, groups and files of variables take without quotes."""
    return re.sub(r"[^\w.]+", "-", text).strip("-.")


def groups_of(line: Line) -> list[str]:
    """Such as xdsl_status_active."""
    values = {name: getattr(line, name) for name in GROUPED}
    return [f"xdsl_{name}_{re.sub('[^a-z0-9]+', '_', str(value).lower())}" for name, value in values.items() if value]


def variables(line: Line) -> dict[str, t.Any]:
    """The service name is the role's own variable; the rest tells of the line and is nobody's option."""
    told = line.as_kept()
    name = told.pop("service_name")
    if told["login"] is None:
        del told["login"]
    return {"router_pppoe_service_name": name, **{f"xdsl_{key}": value for key, value in told.items()}}
