# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why a pppd router cannot be set, and what should be known before it is: sentences with the remedy."""

from __future__ import annotations

import re
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure, Outcome
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.linux_pppd.facts import (
    Keeper,
    forgets,
    keeper,
    mount_of,
)
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.linux_pppd.plan import (
    Facts,
    Place,
    real,
    to_be_written,
)
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.shell import Told, words_of

_BECOME = "Set ansible_become to true"


def refuse_step(told: Told) -> None:
    """:raises Failure: when this router's shell cannot take a step as it has to be."""
    said = [header.partition(" ")[::2] for header, _content in told.said]
    if not any(kind == "printf" and "builtin" in more for kind, more in said):
        raise Failure(
            "router_refused",
            "The shell of this router has no built-in printf, so a password would be seen in the list of processes."
            " Nothing was written.",
        )
    if missing := [more for kind, more in said if kind == "missing"]:
        raise Failure("router_refused", f"The command {missing[0]} is missing on this router. Nothing was written.")


def refuse(facts: Facts) -> None:
    """:raises Failure: when there is no such peer, or not even a look is possible."""
    refuse_step(facts.told)
    peer = f"{facts.ppp_dir}/peers/{facts.peer}"
    shut = [*facts.headers("closed"), *(path for path, found in facts.told.files.items() if found == "shut")]
    if shut:
        raise Failure(
            "router_option",
            f"{shut[0]} on the router may not be read by {facts.user}. {_BECOME}, so that the router is set by root.",
        )
    if not re.fullmatch(r"(?!-)[^\s]+", facts.peer) or ".." in facts.peer or facts.peer.startswith("/"):
        raise Failure(
            "router_option", f"O(interface) is {facts.peer}, which is not the name of a pppd peer. Correct it."
        )
    if facts.told.file(peer) is None and facts.process is None:
        names = [name for name in facts.content("peers").split("\n") if name]
        there = f"Those that exist: {', '.join(names)}." if names else f"There is none in {facts.ppp_dir}/peers."
        raise Failure(
            "router_option",
            f"This router has no pppd peer {facts.peer}. {there} Set O(interface) to its name.",
        )


def reason(facts: Facts, dial_command: str) -> str:
    """Why this router cannot be set, as sentences with the remedy; "" when it can, as far as a look tells."""
    given = facts.options.password
    if not facts.login:
        return (
            f"{facts.ppp_dir}/peers/{facts.peer} has no option user: pppd would not know its login. Add a line user"
            " with the login of the line."
        )
    if given is not None and not given.path:
        return (
            f"pppd (process {facts.pid}) was started with the option password, which overrides every file. Start it"
            " without that option: the password belongs in the secrets files."
        )
    for plugin in facts.options.plugins:
        if plugin.partition(".")[0] in ("passwordfd", "passprompt", "winbind"):
            return f"pppd gets its password from the plugin {plugin}, not from a file. Remove that plugin."
    if facts.twins:
        pids = ", ".join(str(process.pid) for process in (facts.process, *facts.twins) if process)
        return f"More than one pppd runs for this line (processes {pids}). End all of them but one."
    try:
        found = to_be_written(facts)
    except Failure as failure:
        return failure.message
    for place in found:
        if why := _closed(facts, place):
            return why
    process = facts.process
    if process is None:
        return ""
    if process.barred:
        return f"{facts.user} may not send signals to pppd (process {process.pid}). {_BECOME}."
    if keeper(process, facts.options.flags) is Keeper.UNKNOWN and not dial_command:
        return (
            f"It cannot be told who starts pppd (process {process.pid}) again when it ends: it has no option persist,"
            f" and was started by {' '.join(process.parent_words[:2])}. Set O(dial_command) to the command that dials."
        )
    return ""


def _closed(facts: Facts, place: Place) -> str:
    """Why a file cannot be written, by what is known without trying."""
    paths = [
        path for path, found in facts.told.files.items() if real(facts.told, path) == place.real or path == place.real
    ]

    def told(word: str) -> bool:
        return any(path in facts.headers(word) for path in paths)

    kind = next((facts.told.files.get(path) for path in paths), "none")
    if kind == "other":
        return f"{place.real} is not a regular file. Replace it with one."
    if place.old is None and told("link"):
        return f"{place.real} is a symbolic link that leads nowhere. Remove it."
    mount = mount_of(place.real, facts.mounts)
    if mount is not None and mount.read_only:
        return (
            f"{place.real} lies on a mount that is read-only ({mount.point}). Remount it read-write: "
            f"mount -o remount,rw {mount.point}."
        )
    if place.old is not None and told("fixed"):
        return f"{place.real} may not be written by {facts.user}. {_BECOME}."
    if not place.inside and told("walled"):
        return f"The folder of {place.real} may not be written by {facts.user}. {_BECOME}."
    return ""


def warnings(facts: Facts) -> tuple[str, ...]:
    """What does not stop a run and should be known before it."""
    try:
        found = to_be_written(facts)
    except Failure:
        return ()
    points = dict.fromkeys(forgets(place.real, facts.mounts) for place in found)
    return tuple(
        f"What is written below {point} on the router is gone at its next start: that mount keeps its files in memory."
        " The old password will be back then."
        for point in points
        if point
    )


def refuse_failure(told: Told, said: t.Mapping[str, str], command: str) -> None:
    """:raises Failure: ``router_write`` when a file could not be written, or pppd not be made to dial."""
    write, dial = told.ran["write"], told.ran.get("dial")
    if write.code != 0:
        raise Failure(
            "router_write",
            f"A file of pppd could not be written ({last_words(write.text)}). It is as it was, others may have"
            " the new password; pppd was not made to dial. Run the same command again when there is room.",
            outcome=Outcome.UNKNOWN,
        )
    if said.get("ended") == "1":
        raise Failure(
            "router_write",
            "Login and password are written, but pppd does not end, so it was not started again. End it by hand "
            "(kill), and start it.",
        )
    code = said.get("dialled", "") or (str(dial.code) if dial else "")
    if code not in ("", "0"):
        what = "systemctl restart" if dial else command
        raise Failure(
            "router_write",
            f"Login and password are written, but the command that dials ended with exit code {code}: {what}. Set"
            " O(dial_command) to one that does.",
        )


def last_words(printed: str) -> str:
    """The last words of a command."""
    return words_of(printed, 200) or "no reason was given"
