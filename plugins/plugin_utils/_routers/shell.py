# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a driver talks to a router with a POSIX shell: a short command, and everything else by standard input.

dropbear ends the connection at any exec request over 9,000 bytes (its log: "Exit (root): String too long"; seen with
Debian's 2022.83), and a login shell that is a fish or a csh chokes on long quoted texts. So the command is one short
line for whatever shell; it reads the step from standard input, as one line, and the step reads its secrets behind that.

Nothing of a step or of what it tells is a command's argument, an environment variable or a file on the router.
"""

from __future__ import annotations

import dataclasses
import re
import secrets
import shlex
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure, Outcome

#: Reads one line of text (newlines as \n, backslashes doubled) and runs it. The name is for whoever looks at processes.
COMMAND = ': ownrouter {name}; IFS= read -r s && eval "$(printf %b "$s")"'
#: What every step begins with. ulimit -c: a core dump of this shell could hold a password.
#: real FILE: its path without links, by a process of its own only where there is a link.
BEGIN = """\
set -u
umask 077
ulimit -c 0 2>/dev/null
LC_ALL=C PATH=${PATH:-/usr/bin:/bin}:/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin
export LC_ALL PATH
t() { printf '\\n@%s %s\\n' "$n" "$*"; }
real() {
  case $1 in [!/]*|*//*|*/./*|*/../*) o=. ;; *) o=$1 ;; esac
  while [ "${o#.}" ] && [ ! -L "$o" ]; do o=${o%/*}; done
  if [ "$o" ]; then readlink -f "$1"; else printf '%s\\n' "$1"; fi
}
f() {
  for p; do
    if [ ! -e "$p" ]; then t none "$p"
    elif [ ! -f "$p" ]; then t other "$p"
    elif [ ! -r "$p" ]; then t shut "$p"
    else t file "$p"; real "$p"; stat -L -c '%d %i %s %a %u %g %Y' "$p" 2>/dev/null || ls -lniL "$p"; cat "$p"
    fi
  done
}
r() { l=$1; shift; t run "$l"; "$@" 2>&1 </dev/null; t code "$?"; }
"""


class Unreachable(Exception):
    """The connection could not be made, or broke; the text says why, without any secret."""


#: Runs a command on the router with these bytes as its standard input: (exit code, standard output, standard error).
#: :raises Unreachable: without a connection.
Execute = t.Callable[[str, bytes], tuple[int, bytes, str]]


@dataclasses.dataclass(frozen=True)
class File:
    """A file of the router.

    :param real: its path without symbolic links
    :param marks: device, inode, size, mode (octal), uid, gid, time of change, as "stat" told: equal if nobody wrote.
        A stock OpenWrt has no "stat" (its package/utils/busybox/Config-defaults.in): then the words of "ls -lniL"
    """

    path: str
    real: str
    marks: tuple[str, ...]
    content: bytes = dataclasses.field(repr=False)

    @property
    def text(self) -> str:
        """Its content; bytes that are no UTF-8 come back as they were by :func:`encoded`."""
        return decoded(self.content)


@dataclasses.dataclass(frozen=True)
class Ran:
    """A command of the router: its exit code, and what it printed on either stream."""

    code: int
    content: bytes = dataclasses.field(repr=False)

    @property
    def text(self) -> str:
        return decoded(self.content)


@dataclasses.dataclass(frozen=True)
class Told:
    """What a step told.

    :param files: by the path that was asked for; a word instead of a file that is none, other or shut (not readable)
    :param ran: commands by their label
    :param said: the other sections: (header, content), in their order
    """

    files: t.Mapping[str, File | str]
    ran: t.Mapping[str, Ran]
    said: tuple[tuple[str, bytes], ...] = ()

    def file(self, path: str) -> File | None:
        """The file, if it is there and can be read."""
        found = self.files.get(path)
        return found if isinstance(found, File) else None


def decoded(content: bytes) -> str:
    return content.decode("utf-8", "surrogateescape")


def encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def one_line(text: str) -> str:
    """A text as the one line that :data:`COMMAND` takes: ``printf %b`` gives it back, byte for byte, in every shell."""
    return "".join(
        f"\\0{byte:03o}" if byte < 32 or byte > 126 else "\\\\" if byte == 92 else chr(byte) for byte in encoded(text)
    )


def call(name: str, *words: str) -> str:
    """A line of a step: a function or command with its words, quoted."""
    return " ".join([name, *map(shlex.quote, words)]) + "\n"


class Shell:
    """Steps on one router."""

    def __init__(self, execute: Execute) -> None:
        self._execute = execute

    def __call__(self, step: str, *given: str, name: str = "look") -> Told:
        """Run a step and take what it told.

        :param step: lines of POSIX shell, with ``t``, ``f`` and ``r`` of :data:`BEGIN` at hand
        :param given: what the step reads by ``IFS= read -r``, a line each; may be secret, holds no line break
        :param name: one word: look, try, write, wait
        :raises Failure: ``router_unreachable``, ``router_refused`` when no command runs there, ``router_lost``
        """
        if any("\n" in line or "\r" in line or "\0" in line for line in given):
            raise ValueError("a line break or NUL in what a step is given")
        nonce = secrets.token_hex(8)
        lines = [one_line(f"n={nonce}\n{BEGIN}t begin\n{step}t end\n"), *given, ""]
        try:
            code, out, err = self._execute(COMMAND.format(name=name), encoded("\n".join(lines)))
        except Unreachable as error:
            raise Failure("router_unreachable", f"The router cannot be reached: {str(error).rstrip('.')}.") from None
        return parse(nonce, code, out, err)


def parse(nonce: str, code: int, out: bytes, err: str) -> Told:
    """What a step told, out of all that came: a banner, an MOTD and the noise of a login shell are left out.

    :raises Failure: as :meth:`Shell.__call__`
    """
    parts = re.split(rf"\n@{nonce} ([^\n]*)\n".encode(), b"\n" + out)
    headers = [decoded(header) for header in parts[1::2]]
    if "begin" not in headers:
        why = why_not(err) or f"exit code {code}."
        raise Failure("router_refused", f"No command could be run on the router: {why}")
    if headers[-1] != "end":
        raise Failure(
            "router_lost",
            f"The connection to the router ended while it ran commands: {words_of(err) or f'exit code {code}'}.",
            outcome=Outcome.UNKNOWN,
        )
    files: dict[str, File | str] = {}
    ran: dict[str, Ran] = {}
    said: list[tuple[str, bytes]] = []
    label, printed = "", b""
    for header, content in zip(headers, parts[2::2]):
        kind, _blank, rest = header.partition(" ")
        if kind == "file":
            real, marks, text = content.split(b"\n", 2)
            files[rest] = File(rest, decoded(real), tuple(decoded(marks).split()), text)
        elif kind in ("none", "other", "shut"):
            files[rest] = kind
        elif kind == "run":
            label, printed = rest, content
        elif kind == "code":
            ran[label] = Ran(int(rest), printed)
        elif kind not in ("begin", "end"):
            said.append((header, content))
    return Told(files, ran, tuple(said))


#: What sudo, su and doas say when they refuse (seen with Debian 12's, 90 hosts), and what helps.
NO_TERMINAL = re.compile(r"tty|terminal|Authentication (?:required|failed)")
REFUSALS = re.compile(
    r"(?im)^.*(?:must have a tty|a tty is required|a terminal is required|run from a terminal"
    r"|Authentication (?:required|failed)|a password is required|not in the sudoers file|is not allowed to"
    r"|Operation not permitted|command not found).*$"
)
REMEDY = (
    "This user cannot become root without a terminal, and commands are run here without one. Let it become root "
    "without one (sudo: NOPASSWD, and '!requiretty' for it; doas: 'permit nopass'), or set another "
    "ansible_become_method."
)


def why_not(err: str) -> str:
    """Why no command ran, out of an error stream that a banner and a login shell write to as well; whole sentences."""
    found = REFUSALS.search(err)
    if not found:
        return f"{words_of(err)}." if words_of(err) else ""
    said = words_of(found[0])
    return f"{said}. {REMEDY}" if NO_TERMINAL.search(said) else f"{said}. Check ansible_become and its options."


def words_of(err: str, most: int = 300) -> str:
    """The last words of an error stream, as one line of printable characters."""
    lines = [" ".join("".join(c if c.isprintable() else " " for c in line).split()) for line in err.splitlines()]
    return "; ".join([line for line in lines if line][-3:])[-most:].rstrip(".")
