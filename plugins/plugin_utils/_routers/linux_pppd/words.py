# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""pppd's words and options, and the lines of its secrets files: read as pppd reads them, rewritten byte for byte.

The source of every rule here is ppp's own, releases 2.4.9 and 2.5.2: pppd/options.c (getword, process_option,
readfile, callfile, options_for_tty), pppd/auth.c (the options, setupapfile, scan_authfile), pppd/main.c (the order)
and pppd/plugins/pppoe/plugin.c (PPPOEDeviceOptions).
"""

from __future__ import annotations

import dataclasses
import posixpath
import typing as t

_SPACE = b" \t\n\v\f\r"
_ESCAPES = {b"a": 7, b"b": 8, b"f": 12, b"n": 10, b"r": 13, b"s": 32, b"t": 9}
#: Words longer than this are cut, as are logins and passwords (MAXWORDLEN, MAXNAMELEN, MAXSECRETLEN).
_LONGEST_WORD = 1023
LONGEST_NAME = 255
#: Options that take one argument; all others take none.
_ONE_ARGUMENT = frozenset(
    b"""
    +ua -as active-filter allow-ip allow-number asyncmap bsdcomp bundle ca call callback capath cert chap-interval
    chap-max-challenge chap-restart chap-secrets chap-timeout child-timeout connect connect-delay crl crl-dir datarate
    defaultroute-metric deflate disconnect domain eap-interval eap-max-rreq eap-max-sreq eap-restart
    eap-timeout endpoint escape file holdoff host-uniq idle ifname init ip-down-script ip-pre-up-script ip-up-script
    ipcp-max-configure ipcp-max-failure ipcp-max-terminate ipcp-restart ipparam ipv6 ipv6-down-script ipv6-up-script
    ipv6cp-max-configure ipv6cp-max-failure ipv6cp-max-terminate ipv6cp-restart ipx-network ipx-node ipx-router-name
    ipx-routing ipxcp-max-configure ipxcp-max-failure ipxcp-max-terminate ipxcp-restart kdebug key lcp-echo-failure
    lcp-echo-interval lcp-max-configure lcp-max-failure lcp-max-terminate lcp-restart lcp-rtt-file linkname logfd
    logfile max-tls-version maxconnect maxfail maxoctets mo mo-direction mo-timeout mrru mru ms-dns ms-wins
    mschap-challenge mschap2-peer-challenge mtu name net-down-script net-init-script net-pre-up-script netmask
    pap-max-authreq pap-restart pap-secrets pap-timeout pass-filter password passwordfd pkcs12 plugin pppoe-ac
    pppoe-host-uniq pppoe-mac pppoe-padi-attempts pppoe-padi-timeout pppoe-service pppoe-sess pppoe-verbose privgroup
    promptprog pty record remotename remotenumber rp_pppoe_ac rp_pppoe_service rp_pppoe_sess rp_pppoe_verbose set
    socket srp-interval srp-pn-secret stop-bits tls-verify-method unit unset user vj-max-slots welcome
    """.split()
)
#: The priorities of a file read before the command line, and of the command line with all that it draws in.
_FILE, _COMMAND_LINE = 1, 2


@dataclasses.dataclass(frozen=True)
class Word:
    """A word of a file.

    :param start: the first byte of it as it is written
    :param end: the byte after it
    :param text: its meaning
    :param first: a line begins with it
    """

    start: int
    end: int
    text: bytes = dataclasses.field(repr=False)
    first: bool


def words(content: bytes) -> list[Word]:
    """All words of a file, as getword() takes them: quotes, escapes, comments, continued lines."""
    found: list[Word] = []
    position, first = 0, True
    while True:
        word, position, newline = _word(content, position)
        if word is None:
            return found
        found.append(dataclasses.replace(word, first=first or newline))
        first = False


def _word(content: bytes, position: int) -> tuple[Word | None, int, bool]:
    """The next word, where to go on, and whether a line began before it."""
    size, newline, start = len(content), False, -1
    while position < size:  # blanks, comments and continued lines
        char = content[position : position + 1]
        if char == b"\\" and content[position + 1 : position + 2] == b"\n":
            position += 2
        elif char == b"\n":
            newline, position = True, position + 1
        elif char == b"#":
            position = content.find(b"\n", position)
            if position < 0:
                return None, size, newline
        elif char in _SPACE:
            position += 1
        else:
            start = position
            break
    if start < 0 or content[start:] == b"\\":
        return None, size, newline
    text, quote = bytearray(), b""
    while position < size:
        char = content[position : position + 1]
        if char == b"\\":
            value, position = _escape(content, position + 1)
            text += value
            continue
        if quote:
            if char == quote:
                quote = b""
            else:
                text += char
        elif char in b"\"'":
            quote = char
        elif char in _SPACE or char == b"#":
            break
        else:
            text += char
        position += 1
    if not text and position >= size:
        return None, size, newline
    return Word(start, position, bytes(text[:_LONGEST_WORD]).split(b"\0")[0], False), position, newline


def _escape(content: bytes, position: int) -> tuple[bytes, int]:
    """What the characters after a backslash stand for, and where to go on."""
    char = content[position : position + 1]
    if char in (b"", b"\n"):
        return b"", min(position + 1, len(content))
    if char in _ESCAPES:
        return bytes([_ESCAPES[char]]), position + 1
    for base, digits, most, begin in ((8, b"01234567", 3, position), (16, b"0123456789abcdefABCDEF", 2, position + 1)):
        if (base == 8 and char in digits) or (base == 16 and char == b"x"):
            end = begin
            while end < begin + most and content[end : end + 1] and content[end : end + 1] in digits:
                end += 1
            return bytes([int(content[begin:end] or b"0", base) & 255]), end
    return char, position + 1


def quoted(text: bytes) -> bytes:
    """A text as a word between double quotes."""
    return b'"' + text.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'


def replaced(content: bytes, word: Word, text: bytes) -> bytes:
    """The file with another meaning of this word, and every other byte as it was."""
    return content[: word.start] + quoted(text) + content[word.end :]


# -- the secrets files


def _entries(content: bytes) -> list[list[Word]]:
    """The lines that may count: client, server, secret, and what follows."""
    lines: list[list[Word]] = []
    for word in words(content):
        if word.first:
            lines.append([])
        lines[-1].append(word)
    return [line for line in lines if len(line) > 2]


def _logins(entries: t.Sequence[list[Word]], login: bytes, server: bytes) -> list[list[Word]]:
    """Those of the login that count for that server."""
    ours = [line for line in entries if line[0].text == login]
    return [line for line in ours if not server or line[1].text in (b"*", server)]


def has_secret(content: bytes, login: bytes) -> bool:
    """Does a secrets file have a line of this login, for any server?"""
    return bool(_logins(_entries(content), login, b""))


def with_secret(content: bytes, login: bytes, secret: bytes, *, server: bytes = b"", add: bool = True) -> bytes:
    """A secrets file with this secret in each line of this login, or in a new line where pppd may take another one.

    pppd takes the best line (scan_authfile): one that names the client before one of any client ("*"), then one that
    names the server. So a line of the login for any server is better than all that do not name the login; but where
    the login has lines for named servers alone, and the provider's name is another one, a line of any client counts.

    :param server: the peer's name by the option remotename: lines for others are of other lines; "" when nobody knows
    :param add: a new line may be added
    :raises ValueError: when a line added would not be read as one, for the file ends within a quoted word
    """
    entries = _entries(content)
    found = _logins(entries, login, server)
    for line in reversed(found):
        if line[2].text != secret:
            content = replaced(content, line[2], secret)
    named = not server and all(line[1].text != b"*" for line in found)
    added = add and (not found or (named and any(line[0].text == b"*" for line in entries)))
    if added:
        end = b"" if not content or content.endswith(b"\n") else b"\n"
        content += end + quoted(login) + b" * " + quoted(secret) + b" *\n"
    after = _logins(_entries(content), login, server)
    if len(after) != len(found) + added or any(line[2].text != secret for line in after):
        raise ValueError("the file ends within a quoted or continued line")
    return content


# -- the options


def given_options(content: bytes) -> list[tuple[bytes, Word, Word | None]]:
    """The options that a file itself has: name, its word, and the word of its value; None for one that takes none."""
    left = iter(words(content))
    return [(word.text, word, next(left, None) if word.text in _ONE_ARGUMENT else None) for word in left]


@dataclasses.dataclass(frozen=True)
class Value:
    """The value of an option, and where it stands.

    :param path: "" on the command line
    :param word: None on the command line, and in a file of +ua
    """

    text: bytes = dataclasses.field(repr=False)
    path: str = ""
    word: Word | None = None


@dataclasses.dataclass(frozen=True)
class Options:
    """What pppd takes from its files and its command line.

    :param user: the login: by user, name or +ua
    :param ua: the file of the last +ua
    :param calls: the peers that were called, by whichever way
    :param read: every file that was asked for, in the order of reading
    :param unread: those of them of which nothing is known yet
    :param bare: every option without a value, the last one last
    """

    values: t.Mapping[str, Value]
    flags: frozenset[str]
    ua: str
    calls: tuple[str, ...]
    plugins: tuple[str, ...]
    read: tuple[str, ...]
    unread: tuple[str, ...]
    bare: tuple[str, ...] = ()

    @property
    def user(self) -> Value | None:
        return self.values.get("user") or self.values.get("name")

    @property
    def password(self) -> Value | None:
        return self.values.get("password")

    def text(self, name: str, default: str = "") -> str:
        value = self.values.get(name)
        return value.text.decode("utf-8", "surrogateescape") if value else default


class _Reader:
    def __init__(self, ppp_dir: str, files: t.Mapping[str, bytes | None]) -> None:
        self.ppp_dir = ppp_dir.rstrip("/")
        self.files = files
        self.values: dict[str, Value] = {}
        self.priorities: dict[str, int] = {}
        self.flags: set[str] = set()
        self.bare: dict[bytes, None] = {}
        self.calls: list[str] = []
        self.plugins: list[str] = []
        self.read: list[str] = []
        self.unread: list[str] = []
        self.ua = ""
        self.depth: list[str] = []

    def file(self, path: str, priority: int) -> None:
        """Options of a file. A file that draws itself in is read once: pppd would never get to its end."""
        content = self.content(path)
        if content is None or path in self.depth:
            return
        self.depth.append(path)
        self.options([(word.text, word) for word in words(content)], path, priority)
        self.depth.pop()

    def content(self, path: str) -> bytes | None:
        if path not in self.read:
            self.read.append(path)
            if path not in self.files:
                self.unread.append(path)
        return self.files.get(path)

    def options(self, given: t.Sequence[tuple[bytes, Word | None]], path: str, priority: int) -> None:
        left = iter(given)
        for option, _word in left:
            if option not in _ONE_ARGUMENT:
                self.flag(option, priority)
                continue
            argument = next(left, None)
            if argument is None:
                return
            text, word = argument
            name = option.decode()
            shown = text.decode("utf-8", "surrogateescape")
            if name == "file":
                self.file(posixpath.join("/", shown), priority)
            elif name == "call":
                self.calls.append(shown)
                self.file(f"{self.ppp_dir}/peers/{shown}", priority)
            elif name == "plugin":
                self.plugins.append(posixpath.basename(shown))
            elif name == "+ua":
                self.ua = posixpath.join("/", shown)
                lines = (self.content(self.ua) or b"").split(b"\n")
                # Its second line was a password once; 2.4.9 and 2.5.2 ask for an option "passwd", which there is not.
                self.value("user", Value(lines[0][: LONGEST_NAME - 1], self.ua), priority)
            else:
                self.value(name, Value(text, path, word), priority)

    def value(self, name: str, value: Value, priority: int) -> None:
        if priority >= self.priorities.get(name, 0):
            self.priorities[name] = priority
            self.values[name] = value

    def flag(self, option: bytes, priority: int) -> None:
        self.bare.pop(option, None)
        self.bare[option] = None
        name = option.decode("utf-8", "surrogateescape")
        if name in ("persist", "nopersist"):
            if priority >= self.priorities.get("persist", 0):
                self.priorities["persist"] = priority
                (self.flags.add if name == "persist" else self.flags.discard)("persist")
        elif name == "demand":
            self.flags |= {"demand", "persist"}
        elif name in ("nodetach", "-detach"):
            self.flags.add("nodetach")
        elif name in ("detach", "updetach"):
            self.flags.discard("nodetach")
        elif name in ("notty", "nolog"):
            self.flags.add(name)

    def device(self) -> None:
        """The options of the line's device, which are read behind the command line.

        Those of a network device count as much as the command line, those of a tty less; none are read with a pty.
        """
        if "pty" in self.values or "socket" in self.values or "notty" in self.flags:
            return
        for path in self.files:
            folder, _slash, name = path.rpartition("/")
            if folder == self.ppp_dir and name.startswith("options."):
                device = name[len("options.") :].encode("utf-8", "surrogateescape")
                ttys = {word.rpartition(b"/dev/")[2].replace(b"/", b".") for word in self.bare}
                if any("pppoe" in plugin for plugin in self.plugins):
                    if device in self.bare or b"nic-" + device in self.bare:
                        self.file(path, _COMMAND_LINE)
                elif device in ttys:
                    self.file(path, _FILE)


def options(command_line: t.Sequence[str], ppp_dir: str, home: str, files: t.Mapping[str, bytes | None]) -> Options:
    """What pppd takes from the system's options, the user's, its command line and the device's, in this order.

    The last one of an option counts, where it has the priority of those before.

    :param command_line: without the program
    :param home: the folder of .ppprc; "" for none
    :param files: those that were read; None for one that is not there or cannot be read
    """
    reader = _Reader(ppp_dir, files)
    reader.file(f"{reader.ppp_dir}/options", _FILE)
    if home:
        reader.file(f"{home}/.ppprc", _FILE)
    reader.options([(word.encode("utf-8", "surrogateescape"), None) for word in command_line], "", _COMMAND_LINE)
    reader.device()
    return Options(
        reader.values,
        frozenset(reader.flags),
        reader.ua,
        tuple(reader.calls),
        tuple(reader.plugins),
        tuple(reader.read),
        tuple(reader.unread),
        tuple(option.decode("utf-8", "surrogateescape") for option in reader.bare),
    )
