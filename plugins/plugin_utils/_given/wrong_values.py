# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong with the role's variables: a sentence for each, and for each name that is none of theirs (pure)."""

from __future__ import annotations

import difflib
import typing as t

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

#: What the role hands to the user's own tasks, takes from them, or keeps in the store; no variable that one sets.
HANDED = frozenset(
    {
        "router",
        "session",
        "applied",
        "provisioned",
        "provision_wanted",
        "credentials",
        "ended",
        "renewed",
        "stored",
        "keep",
        "kept",
        "dial",
        "wait",
    }
)
TAKES = {
    "bool": "true or false",
    "int": "a whole number",
    "list": "a list",
    "str": "a text",
    "path": "a path",
}
#: Ends of names whose values count letter by letter.
AS_WRITTEN = ("password", "login")
#: How alike two names are where one is a slip for the other: 0 to 1. Two letters in ten may differ.
ALIKE = 0.8
LONGEST = 40


def sentences(specs: t.Mapping[str, t.Mapping[str, t.Any]], given: t.Mapping[str, t.Any]) -> list[str]:
    """One for each option whose value cannot be taken.

    :param specs: as an AnsibleModule takes them, by name
    """
    found = []
    for name, spec in specs.items():
        if name not in given:
            if spec.get("required"):
                found.append(f"{name} is not set.")
        elif not _fits(name, spec, given[name]):
            found.append(f"{name} is {_shown(given[name], spec)}, but it takes {_takes(given[name], spec)}.")
    return found


def unknown(given: t.Iterable[str], known: t.Iterable[str], prefix: str, shared: bool) -> list[str]:
    """One for each variable that looks like one of the role's and is none.

    :param given: names of variables
    :param known: the role's, without the prefix
    :param shared: tasks of the user's own run in the role, and may have variables with the prefix: only slips are told
    """
    right = [f"{prefix}{name}" for name in known]
    handed = {f"{prefix}{name}" for name in HANDED}
    found = []
    for name in sorted(set(given) - set(right) - handed):
        if name.startswith(f"_{prefix}"):
            continue  # of the role itself
        ours = name.startswith(prefix)
        if not ours and difflib.SequenceMatcher(None, name[: len(prefix)], prefix).ratio() < ALIKE:
            continue
        near = difflib.get_close_matches(
            name.removeprefix(prefix) if ours else name, known if ours else right, 1, ALIKE
        )
        if near:
            meant = f"{prefix}{near[0].removeprefix(prefix)}"
            found.append(f"{name} is no variable of the role and has no effect. Is {meant} meant?")
        elif ours and not shared:
            found.append(f"{name} is no variable of the role and has no effect.")
    return found


def _fits(name: str, spec: t.Mapping[str, t.Any], value: t.Any) -> bool:
    if spec.get("type", "str") in ("str", "path") and isinstance(value, (t.Mapping, list, tuple)):
        return False  # ansible-core would take the text that Python shows of it
    if name.endswith(AS_WRITTEN) and isinstance(value, (bool, int, float)):
        return False  # YAML reads 0123 as 83 and 1e3 as 1000.0
    one = {key: part for key, part in spec.items() if key != "default"}
    return not ArgumentSpecValidator({name: one}).validate({name: value}).error_messages


def _takes(value: t.Any, spec: t.Mapping[str, t.Any]) -> str:
    if spec.get("type", "str") == "str" and isinstance(value, (bool, int, float)):
        return "a text, in quotes"
    choices = [str(one) for one in spec.get("choices", ())]
    if not choices:
        return TAKES[spec.get("type", "str")]
    near = difflib.get_close_matches(str(value), choices, 1)
    said = f"one of {', '.join(choices)}"
    return f"{said} (is {near[0]} meant?)" if near else said


def _shown(value: t.Any, spec: t.Mapping[str, t.Any]) -> str:
    """The value, shortened, where it is a plain one that is no secret; else its kind."""
    if isinstance(value, t.Mapping):
        return "a dictionary"
    if isinstance(value, (list, tuple)):
        return "a list"
    if spec.get("no_log"):
        return "of another kind"
    text = repr(value if isinstance(value, (bool, int, float)) else str(value))
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."
