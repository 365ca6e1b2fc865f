# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The lines of a step that make pppd dial, for each way to do so. All pure."""

from __future__ import annotations

import hashlib
import typing as t
from shlex import quote

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.linux_pppd.plan import Facts, Place, Redial
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.shell import File, call


def action(facts: Facts, redial: Redial, command: str) -> str:
    """Lines that make pppd dial, or begin to.

    :param command: the one that starts it
    """
    pid = facts.pid
    if redial is Redial.HANG_UP:
        return signal(facts)
    if redial is Redial.UNIT:
        unit = facts.process.unit if facts.process and facts.process.unit else facts.unit
        return call("r", "dial", "systemctl", "--no-block", "restart", unit)
    others = len(facts.state.processes) - (pid != 0)
    end = f'kill -{"TERM" if facts.persist else "HUP"} {pid}\nq={pid}\nu 10 e 1\nt ended "$v"\n'
    start = call("d", str(others), command)
    if redial is Redial.END:
        return end
    if redial is Redial.CYCLE:
        return f'{end}[ "$v" = 1 ] || {{\nsleep 1\n{start}}}\n'
    return start if redial is Redial.START else ":\n"


def same(facts: Facts) -> str:
    """A condition: pppd and each file that was read are as they were seen."""
    files = [file for file in facts.told.files.values() if isinstance(file, File)]
    none = [path for path, file in facts.told.files.items() if file == "none"]
    marks = "\n".join(" ".join(file.marks) for file in files)
    stat = f"stat -L -c '%d %i %s %a %u %g %Y' {' '.join(quote(file.path) for file in files)} 2>/dev/null"
    conditions = [f'[ "$(z {facts.pid})" = {quote(facts.state.of(facts.pid))} ]', f'[ "$({stat})" = {quote(marks)} ]']
    return " && ".join([*conditions, *(f"[ ! -e {quote(path)} ]" for path in none)])


def as_read(found: t.Sequence[Place]) -> str:
    """A condition: these files hold what was read of them; by two processes, however many they are."""
    there = [place for place in found if place.old is not None]
    total = hashlib.sha256(b"".join(place.old or b"" for place in there)).hexdigest() + "  -"
    return f'[ "$(cat /dev/null {" ".join(quote(place.real) for place in there)} | sha256sum)" = {quote(total)} ]'


def signal(facts: Facts) -> str:
    """Lines that signal pppd, if it is as it was seen, and wait a moment for what it does."""
    pid = facts.pid
    return (
        f"c='z {pid}' w={quote(facts.state.of(pid))}\n"
        f'[ "$($c)" != "$w" ] || {{ kill -HUP {pid} && t acted; u 2 "$c" "$w"; }}\n'
    )
