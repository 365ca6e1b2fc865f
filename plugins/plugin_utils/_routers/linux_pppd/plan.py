# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a pppd router is, and what to do on it: decided from what one look told, without any I/O."""

from __future__ import annotations

import dataclasses
import enum
import hashlib
import shlex

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.linux_pppd.facts import (
    Keeper,
    Mount,
    PidFile,
    Process,
    State,
    has_unit,
    keeper,
    mounts,
    state,
    unit_of,
)
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.linux_pppd.words import (
    Options,
    options,
    quoted,
    with_secret,
)
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.port import Credentials, Dial, Mark, Session
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.shell import File, Told, decoded, encoded

#: Whose .ppprc pppd reads, when it is not started by somebody else.
HOME = "/root"
#: How long a supervisor may pause between two pppd, seconds.
PAUSE = 10.0
#: How long before its end pppd may say its last word: it waits for its scripts (child-timeout, 5 s), and the router's
#: time is told in whole seconds.
_LAST_WORD = 6.0


@dataclasses.dataclass(frozen=True)
class Facts:
    """One look.

    :param options: those of the pppd that runs, else those that the peer has
    :param process: the pppd of this line
    :param twins: further ones of it
    :param unread: files that have to be read as well
    """

    peer: str
    ppp_dir: str
    told: Told = dataclasses.field(repr=False)
    options: Options
    state: State
    process: Process | None
    twins: tuple[Process, ...]
    unread: tuple[str, ...]
    now: int

    @property
    def pid(self) -> int:
        """Of the process; 0 for none."""
        return self.process.pid if self.process else 0

    @property
    def session(self) -> PidFile | None:
        return self.state.session(self.process.pid) if self.process else None

    @property
    def login(self) -> str:
        user = self.options.user
        return decoded(user.text) if user else ""

    @property
    def persist(self) -> bool:
        return "persist" in self.options.flags

    @property
    def mounts(self) -> list[Mount]:
        return mounts(self.content("mounts"))

    @property
    def unit(self) -> str:
        """The unit of systemd that starts this peer's pppd, if there is one."""
        return unit_of(self.content("units"), self.content("loaded"), self.peer)

    @property
    def by_ifupdown(self) -> bool:
        """Does ifupdown start it? By pon, once: it does not start it again."""
        return self.peer in [line.split()[-1] for line in self.content("providers").splitlines() if line.strip()]

    @property
    def log(self) -> str:
        """The file that pppd logs to, beside the system's log; "" for none."""
        return "" if "nolog" in self.options.flags else self.options.text("logfile")

    @property
    def silent(self) -> float:
        """For how many seconds no pppd has been started or has ended, as far as its logs tell; 0 when they do not."""
        times = [float(line.split()[0]) for line in self.content("spoke").splitlines() if line[:1].isdigit()]
        return max(0.0, self.now - max(times) - _LAST_WORD) if times else 0.0

    @property
    def user(self) -> str:
        return self.header("own").split()[0]

    @property
    def started(self) -> float:
        """When the process was started, by the router's clock as it is now."""
        uptime, now = map(float, self.header("own").split()[1:])
        return now - uptime + (self.process.started / 100 if self.process else 0)

    def headers(self, kind: str) -> list[str]:
        return [header[len(kind) + 1 :] for header, _content in self.told.said if header.split(" ")[0] == kind]

    def header(self, kind: str) -> str:
        return next(iter(self.headers(kind)), "")

    def content(self, kind: str) -> str:
        return next((decoded(content) for header, content in self.told.said if header.split(" ")[0] == kind), "")


def option_files(ppp_dir: str, peer: str) -> list[str]:
    names = ("options", f"peers/{peer}", "pap-secrets", "chap-secrets")
    return [f"{HOME}/.ppprc", *(f"{ppp_dir}/{name}" for name in names)]


def facts_of(peer: str, ppp_dir: str, told: Told) -> Facts:
    """What the steps told, put together."""
    files = {path: found.content if isinstance(found, File) else None for path, found in told.files.items()}
    said = {header.split(" ")[0]: (header, content) for header, content in told.said}
    seen = state(decoded(said["state"][1]))
    now = int(said["now"][0].split()[1]) if "now" in said else int(said["own"][0].split()[-1])
    wanted = options(("call", peer), ppp_dir, HOME, files)
    unread = list(wanted.unread)
    login = wanted.user
    ours: list[tuple[Process, Options]] = []
    candidates = [process for process in seen.processes if process.command_line is not None]
    for each in candidates:
        if each.parent in [other.pid for other in candidates]:  # a child: of pty, of a script, of detaching
            continue
        found = options(each.command_line or (), ppp_dir, HOME, files)
        unread += found.unread
        called = {real(told, f"{ppp_dir}/peers/{name}") for name in found.calls}
        same_login = login is not None and found.user is not None and found.user.text == login.text
        if (
            peer in found.calls
            or real(told, f"{ppp_dir}/peers/{peer}") in called | {real(told, path) for path in found.read}
            or peer in (found.text("linkname"), found.text("ifname"))
            or (not found.calls and same_login)
        ):
            ours.append((each, found))
    process = ours[0][0] if ours else None
    effective = ours[0][1] if ours else wanted
    twins = tuple(other for other, _options in ours[1:])
    more = [effective.text(name) for name in ("pap-secrets", "chap-secrets") if effective.text(name)]
    unread += [path for path in more if path not in files]
    return Facts(peer, ppp_dir, told, effective, seen, process, twins, tuple(dict.fromkeys(unread)), now)


def real(told: Told, path: str) -> str:
    found = told.files.get(path)
    return found.real if isinstance(found, File) else path


def at(facts: Facts, told: Told) -> Facts:
    """The same look with what a later step told of the state."""
    later = [part for part in told.said if part[0].split(" ")[0] in ("state", "now")]
    kept = [part for part in facts.told.said if part[0].split(" ")[0] not in ("state", "now")]
    return facts_of(facts.peer, facts.ppp_dir, dataclasses.replace(facts.told, said=tuple(kept + later)))


@dataclasses.dataclass(frozen=True)
class Place:
    """A file that login or password stand in.

    :param seen: its marks and its sum, as "k" of pppd_steps tells them
    :param inside: it is a mount of its own, and cannot be replaced but only written
    :param restart: a pppd that runs does not read it again
    :param changed: when, by the router's clock
    """

    real: str
    old: bytes | None = dataclasses.field(repr=False)
    new: bytes = dataclasses.field(repr=False)
    seen: str
    mode: str
    owner: str
    inside: bool
    restart: bool
    changed: float


def places(facts: Facts, credentials: Credentials) -> list[Place]:
    """Every file that login and password have to stand in, as it is and as it is to be.

    :raises Failure: ``router_refused`` when one of them cannot be rewritten
    """
    login, password = encoded(credentials.login), encoded(credentials.password)
    user, given = facts.options.user, facts.options.password
    if user is not None and not user.path and user.text != login:
        raise Failure(
            "router_option",
            f"pppd (process {facts.pid}) was started with the login {facts.login} on its command line, not with"
            f" {credentials.login}. Nothing was written. Correct O(login), or start pppd with the other one.",
        )
    wanted: dict[str, bytes] = {}
    server = encoded(facts.options.text("remotename"))
    secret_files = [facts.options.text(name, f"{facts.ppp_dir}/{name}") for name in ("pap-secrets", "chap-secrets")]
    for path in secret_files:
        try:
            wanted[path] = with_secret(_old(facts, path) or b"", login, password, server=server, add=given is None)
        except ValueError as error:
            raise Failure("router_refused", f"{path} cannot be written: {error}. Correct its end.") from None
    edits = [(value, text) for value, text in ((user, login), (given, password)) if value and value.word]
    edits.sort(key=lambda edit: -edit[0].word.start if edit[0].word else 0)
    for value, text in edits:
        if value.word and value.text != text:
            content = wanted.get(value.path, _old(facts, value.path) or b"")
            wanted[value.path] = content[: value.word.start] + quoted(text) + content[value.word.end :]
        else:
            wanted.setdefault(value.path, _old(facts, value.path) or b"")
    if facts.options.ua:
        lines = (_old(facts, facts.options.ua) or b"").split(b"\n")
        lines[:2] = [login if user and user.path == facts.options.ua else lines[0], password][: max(1, len(lines[:2]))]
        wanted[facts.options.ua] = b"\n".join(lines)
    found: dict[str, Place] = {}
    for path, new in wanted.items():
        file = facts.told.file(path)
        real = file.real if file else path
        secrets = path in secret_files
        mode = file.marks[3] if file else "600"
        found.setdefault(
            real,
            Place(
                real,
                file.content if file else None,
                new,
                f"{' '.join(file.marks)} {hashlib.sha256(file.content).hexdigest()}  -" if file else " ",
                "600" if secrets and not mode.endswith("0") else mode,
                ":".join(file.marks[4:6]) if file else "",
                any(mount.point == real for mount in facts.mounts),
                not secrets and not (path == facts.options.ua and user is not None and user.text == login),
                float(file.marks[6]) if file else 0.0,
            ),
        )
    return list(found.values())


def to_be_written(facts: Facts) -> list[Place]:
    """The files that another password than the present one is written to.

    :raises Failure: as :func:`places`
    """
    return [place for place in places(facts, Credentials(facts.login, "x" * 64)) if place.new != place.old]


def _old(facts: Facts, path: str) -> bytes | None:
    file = facts.told.file(path)
    return file.content if file else None


class Redial(enum.Enum):
    """How pppd is made to dial."""

    NONE = "not at all"
    HANG_UP = "a signal now; another when a hold-off follows"
    WAIT = "a signal as soon as the dial that is under way has ended"
    UNIT = "its unit is started again"
    END = "it is ended, and whoever keeps it starts it"
    CYCLE = "it is ended, then started by the command"
    START = "it is started by the command"
    AWAIT = "it is started by the command, if nobody else does so within some seconds"


def plan(facts: Facts, credentials: Credentials, *, dial: Dial, age: float | None, command: str) -> Redial:
    """Whether and how to dial.

    Dial when the password is new, or was written by a run that was killed before it dialled: then another file lacks
    it and there is no session, or the session is older than the password. A session that is up on the right password
    stays; a pppd that runs redials by itself.

    :param command: the user's for dialling; "" for none
    """
    found = places(facts, credentials)
    changes = [place for place in found if place.new != place.old]
    decisive = [place for place in found if place.restart] if facts.options.password else []
    held = any(place.new == place.old for place in decisive or [place for place in found if not place.restart])
    held = held and not any(place.restart for place in changes)
    process, session = facts.process, facts.session
    if process is not None and session is None and any(place.changed > facts.started for place in decisive):
        held = False  # a run was killed before it started pppd again, which reads that file at its start alone
    if dial is Dial.NEVER:
        return Redial.NONE
    old = session is not None and age is not None and facts.now - session.changed > age + 2
    if dial is Dial.AUTO and held and process is not None and not old and (session is not None or not changes):
        return Redial.NONE
    if process is None:
        if facts.unit:
            return Redial.UNIT
        # One that is kept by somebody else would have been started again by now, or is so within the rest of the pause.
        idle = facts.persist or facts.by_ifupdown or command or facts.silent >= PAUSE
        return Redial.START if idle else Redial.AWAIT
    restart = any(place.restart for place in changes) or any(place.changed > facts.started for place in decisive)
    kept = keeper(process, facts.options.flags)
    if kept is Keeper.UNIT or (restart and has_unit(process)):
        return Redial.UNIT
    if kept is Keeper.ITSELF and restart:
        kept = keeper(process, facts.options.flags - {"persist"})
    if kept is Keeper.ITSELF:
        dialling = process.link and session is None and "demand" not in facts.options.flags
        return Redial.WAIT if dialling else Redial.HANG_UP
    if kept is Keeper.SUPERVISOR:
        # A dial that is under way takes the new password, or is refused and then made again.
        return Redial.NONE if process.link and session is None and not restart else Redial.END
    return Redial.CYCLE


def dial_command_of(facts: Facts, dial_command: str) -> str:
    """The command that dials when nobody else starts pppd."""
    if dial_command:
        return dial_command
    words = [word for word in (facts.process.words if facts.process else ()) if word not in ("nodetach", "-detach")]
    if facts.process is not None and "call" not in words:
        return " ".join(map(shlex.quote, words))
    more = words[words.index(facts.peer) + 1 :] if facts.peer in words else []
    return " ".join(["pon", *map(shlex.quote, [facts.peer, *more])])


def session_of(facts: Facts, since: Mark | None) -> Session:
    """The session, if it is another one than that of the mark."""
    found = facts.session
    if found is not None and (since is None or found.marks != since.identity):
        return Session(True, found.address, max(0.0, facts.now - found.changed), "", found.marks)
    if found is not None:
        return Session(False, error=f"the session on {found.name} is still the previous one, from before the change")
    if facts.process is None:
        return Session(False, error=f"no pppd runs for the peer {facts.peer}")
    return Session(False, error=f"pppd (process {facts.process.pid}) has no session")
