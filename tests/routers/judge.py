# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a cell kept what it was promised. Pure: what was promised and what was seen, to what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .pppd import SECRETS, secrets
from .runs import LOOKS, WRITES, Seen, Tree
from .table import Cell, Refused, Set

LONGEST = 1000  # bytes of a command, at most; dropbear ends the connection at 9,000


def broken(cell: Cell, seen: Seen) -> list[str]:
    """What is not as promised; nothing when the cell is kept.

    :raises KeyError: for a promise that nobody can judge
    """
    wrong = JUDGES[type(cell.promised)](cell, seen)
    asked = [name for name, *_more in (*LOOKS, *WRITES)]
    wrong += [f"{name}: was not run" for name in asked if name not in seen.results]
    if not seen.requests:
        wrong.append("the SSH server was asked for nothing")
    if seen.longest >= LONGEST:
        wrong.append(f"a command of {seen.longest} bytes")
    if any(seen.line.needle.encode() in request for request in seen.requests):
        wrong.append("the password in a command")
    if seen.shown:
        wrong.append("the password in the output")
    if seen.found:
        wrong.append(f"the password in {', '.join(seen.found)}")
    if seen.looked != seen.before:
        wrong.append(f"the looks changed {differing(seen.before, seen.looked)}")
    return wrong


def words(cell: Cell, seen: Seen) -> str:
    """What was seen, in a few words."""
    for step in ("set", "prove", "look"):
        message = said(seen.results.get(step, {}))
        if message:
            return f"{step}: {message}"
    return f"{'up' if seen.up else 'down'}, made to dial {seen.orders}×"


def said(result: dict[str, Any]) -> str:
    """Why a step failed, or why the router is not writable."""
    failed = result.get("failed")
    why = "" if failed else result.get("router", {}).get("why", "")
    return " ".join(str(why or (result.get("msg", "no message") if failed else "")).split())


def differing(one: Tree, other: Tree) -> str:
    """The files that are not the same in both."""
    return ", ".join(sorted(name for name in {*one, *other} if one.get(name) != other.get(name)))


def _set(cell: Cell, seen: Seen) -> list[str]:
    """See :class:`table.Set`."""
    assert isinstance(cell.promised, Set)
    wrong = [f"{name}: {said(result)}" for name, result in seen.results.items() if said(result)]
    results = {name: seen.results.get(name, {}) for name, *_more in (*LOOKS, *WRITES)}
    prove, applied = results["prove"].get("router", {}), results["set"].get("applied", {})
    session = results["set"].get("session", {})
    wanted = {
        "look: the login": (results["look"].get("router", {}).get("login"), seen.line.login),
        "look: session": (results["look"].get("session", {}).get("up"), False),
        "prove: tried and writable": ((prove.get("tried"), prove.get("writable")), (True, True)),
        "check: changed": (results["check"].get("changed"), True),
        "set: changed": (results["set"].get("changed"), True),
        "set: written and dialled": ((applied.get("written"), applied.get("dialled")), (True, True)),
        "set: session": (session.get("up"), True),
        "again: changed": (results["again"].get("changed"), False),
        "connected: session": (results["connected"].get("session", {}).get("up"), True),
        "the line": (seen.up, True),
        "how often the router was made to dial": (seen.orders, cell.promised.orders),
    }
    wrong += [f"{name}: {found!r}, not {value!r}" for name, (found, value) in wanted.items() if found != value]
    expected = written(cell, seen)
    if cell.promised.added:
        *marks, content = expected[SECRETS[0]]
        expected[SECRETS[0]] = (marks[0], marks[1], marks[2], content + cell.promised.added.encode())
    if seen.after != expected:
        wrong.append(f"not as they were to be: {differing(expected, seen.after)}")
    warnings = " ".join(map(str, [*results["look"].get("warnings", []), *results["prove"].get("warnings", [])]))
    if cell.promised.warned not in warnings or (warnings and not cell.promised.warned):
        wrong.append(f"warnings: {warnings!r}")
    return wrong


def written(cell: Cell, seen: Seen) -> Tree:
    """The files as they were, but for the password."""
    line, expected = seen.line, dict(seen.before)
    names = SECRETS if cell.platform == "linux_pppd" else ("network",)
    for name in names:
        mode, owner, group, content = expected[name]
        if cell.platform == "linux_pppd":
            new = secrets(line.login, line.password)
        else:
            new = content.decode().replace(uci_quoted(line.before), uci_quoted(line.password))
        expected[name] = (mode, owner, group, new.encode())
    return expected


def uci_quoted(value: str) -> str:
    """As a configuration file of uci has it."""
    return "'" + value.replace("'", "'\\''") + "'"


def _refused(cell: Cell, seen: Seen) -> list[str]:
    """See :class:`table.Refused`."""
    assert isinstance(cell.promised, Refused)
    reason = said(seen.results.get("prove", {}))
    wrong = [f"prove: {word!r} is not in: {reason!r}" for word in cell.promised.words if word not in reason]
    expected = written(cell, seen) if cell.promised.written else seen.before
    if seen.after != expected:
        wrong.append(f"not as they were to be: {differing(expected, seen.after)}")
    if not seen.results.get("set", {}).get("failed"):
        wrong.append("set: did not fail")
    if seen.orders:
        wrong.append(f"the router was made to dial {seen.orders}×")
    if seen.up:
        wrong.append("the line is up")
    return wrong


JUDGES: dict[type, Callable[[Cell, Seen], list[str]]] = {Set: _set, Refused: _refused}
