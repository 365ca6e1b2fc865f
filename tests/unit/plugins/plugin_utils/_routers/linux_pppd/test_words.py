# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""pppd's words, the lines of its secrets files, and the order of its options: each form that files are met in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.linux_pppd.words import (
    Options,
    options,
    quoted,
    replaced,
    with_secret,
    words,
)

LOGIN = b"0320123456_1@adsl.ovh"


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        (b"", []),
        (b"\n\n \t\r\x0b\x0c\n", []),
        (b"one two\n", [b"one", b"two"]),
        (b"'one two' \"three four\"", [b"one two", b"three four"]),
        (b"a'b c'd\"e f\"g", [b"ab cde fg"]),
        (b"a#b c\nd", [b"a", b"d"]),
        (b"# a b\n#\nc # d", [b"c"]),
        (b"'a#b' \"#c\"", [b"a#b", b"#c"]),
        (b"a\\ b \\# \\'", [b"a b", b"#", b"'"]),
        (b'\'it\\\'s\' "say \\"no\\""', [b"it's", b'say "no"']),
        (b"\\a\\b\\f\\n\\r\\s\\t\\q", [b"\a\b\f\n\r \tq"]),
        (b"\\101\\60\\7x \\1011 \\400", [b"A0\ax", b"A1", b""]),
        (b"\\x41\\x4ax \\x4G \\xg", [b"AJx", b"\x04G", b""]),
        (b"one\\\ntwo three", [b"onetwo", b"three"]),
        (b"'two\nlines'", [b"two\nlines"]),
        (b"\\\none", [b"one"]),
        (b"one \\", [b"one"]),
        (b"one\\", [b"one"]),
        (b"'not ended", [b"not ended"]),
        (b'"" x', [b"", b"x"]),
        (b'x ""', [b"x"]),
        (b"\xc3\xa9\\\xc3\xbc", [b"\xc3\xa9\xc3\xbc"]),
        (b"a" * 2000, [b"a" * 1023]),
        (b"a\\000b c", [b"a", b"c"]),
    ],
)
def test_words(content: bytes, wanted: list[bytes]) -> None:
    assert [word.text for word in words(content)] == wanted


def test_lines_begin_with_their_first_word() -> None:
    content = b"# none\none two \\\nthree\n\n  four 'fi\nve' six # seven\n\\\neight"
    assert [word.text for word in words(content) if word.first] == [b"one", b"four", b"eight"]


@given(st.binary(max_size=80))
def test_any_file_is_read(content: bytes) -> None:
    found = words(content)
    assert all(0 <= word.start < word.end <= len(content) for word in found)
    assert all(one.end <= two.start for one, two in zip(found, found[1:]))


@given(st.lists(st.binary(min_size=1, max_size=20).filter(lambda text: b"\0" not in text), max_size=5))
def test_quoting_comes_back(texts: list[bytes]) -> None:
    assert [word.text for word in words(b" ".join(map(quoted, texts)) + b"\n")] == texts


@given(st.binary(max_size=60), st.binary(min_size=1, max_size=20).filter(lambda text: b"\0" not in text), st.data())
def test_one_word_is_replaced(content: bytes, text: bytes, data: st.DataObject) -> None:
    found = words(content)
    if not found:
        return
    number = data.draw(st.integers(0, len(found) - 1))
    after = [word.text for word in words(replaced(content + b"\n", found[number], text))]
    assert after[number] == text and after[:number] == [word.text for word in found[:number]]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"%L * old *\n", b'%L * "new" *\n'),
        (b"'%L'\t*\told\n", b"'%L'\t*\t\"new\"\n"),
        (b'  "%L"  "srv"  "o ld"  10.0.0.1 # note\n', b'  "%L"  "srv"  "new"  10.0.0.1 # note\n'),
        (b"0320123456\\_1@adsl.ovh * old\\ one *\n", b'0320123456\\_1@adsl.ovh * "new" *\n'),
        (b"0320123456\\1371@adsl.ovh * old *\n", b'0320123456\\1371@adsl.ovh * "new" *\n'),
        (b"%L * old *\na * b *\n%L * older *\n", b'%L * "new" *\na * b *\n%L * "new" *\n'),
        (b"%L * old *", b'%L * "new" *'),
        (b"%L * old *\r\n", b'%L * "new" *\r\n'),
        (b"%L * old# note\n", b'%L * "new"# note\n'),
        (b"%L \\\n * old \\\n *\n", b'%L \\\n * "new" \\\n *\n'),
        (b"%L * @/etc/ppp/secret *\n", b'%L * "new" *\n'),
        (b"", b'"%L" * "new" *\n'),
        (b"a * b *", b'a * b *\n"%L" * "new" *\n'),
        (b"* * any *\n", b'* * any *\n"%L" * "new" *\n'),
        (b"# %L * old *\n", b'# %L * old *\n"%L" * "new" *\n'),
        (b"x%L * old *\n%Lx * old *\n", b'x%L * old *\n%Lx * old *\n"%L" * "new" *\n'),
        (b"srv %L secret *\n\n\t\n", b'srv %L secret *\n\n\t\n"%L" * "new" *\n'),
        (b"%L *\n", b'%L *\n"%L" * "new" *\n'),
        (b'%L * "a\\"b" *\nx * \'y z\' *\n', b"%L * \"new\" *\nx * 'y z' *\n"),
        ("é * \\ü *\n%s * %d *\n".encode(), 'é * \\ü *\n%s * %d *\n"%L" * "new" *\n'.encode()),
        (b"\xff\xfe * \x00 *\n%L * old *\n", b'\xff\xfe * \x00 *\n%L * "new" *\n'),
    ],
)
def test_the_login_s_line_is_found_in_every_form(before: bytes, after: bytes) -> None:
    """And every other byte stays as it was."""
    before, after = before.replace(b"%L", LOGIN), after.replace(b"%L", LOGIN)
    assert with_secret(before, LOGIN, b"new") == after
    assert with_secret(after, LOGIN, b"new") == after
    assert chosen(after, LOGIN, None) == b"new"


@pytest.mark.parametrize("before", [b"a * 'b", b"a * b *\\", b'a * "b\n'])
def test_a_line_that_would_not_be_read_is_not_added(before: bytes) -> None:
    if before.endswith(b"\\"):  # the line that is added would be the end of the one before
        assert b"\\\n" in before + b"\n"
    with pytest.raises(ValueError, match="ends within a quoted or continued line"):
        with_secret(before, LOGIN, b"new")


def test_no_line_is_added_where_none_is_wanted() -> None:
    assert with_secret(b"a * b *\n", LOGIN, b"new", add=False) == b"a * b *\n"


ARBITRARY = st.binary(max_size=30)


@given(st.lists(st.tuples(ARBITRARY, ARBITRARY), max_size=6), st.binary(min_size=1, max_size=20))
def test_others_keep_their_secrets(lines: list[tuple[bytes, bytes]], secret: bytes) -> None:
    secret = secret.replace(b"\0", b"")[:20] or b"x"
    clean = [(one.replace(b"\0", b"") + b"x", two.replace(b"\0", b"") + b"y") for one, two in lines]
    content = b"".join(quoted(one) + b" * " + quoted(two) + b" *\n" for one, two in clean if one != LOGIN)
    after = with_secret(content, LOGIN, secret)
    assert after.startswith(content) and chosen(after, LOGIN, None) == secret


# -- the order of the options


def read(peer: str, *command_line: str, **files: str) -> Options:
    """Options of a peer; files by their names, with __ for a slash and _ for a dot."""
    known = {"/etc/ppp/" + name.replace("__", "/").replace("_", "."): text.encode() for name, text in files.items()}
    known.setdefault("/etc/ppp/options", b"")
    known["/root/.ppprc"] = known.pop("/etc/ppp/ppprc", b"")
    known["/etc/ppp/peers/dsl"] = peer.encode()
    return options(command_line or ("call", "dsl"), "/etc/ppp", "/root", known)


def login(found: Options) -> str:
    return found.user.text.decode() if found.user else ""


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("a", read("user a")),
        ("b", read("user a\nuser b")),
        ("a", read("user a\nname b")),
        ("a", read("name b\nuser a")),
        ("b", read("name b")),
        ("", read("# user a")),
        ("", read("ipparam user a")),
        ("a b", read("user 'a b'")),
        ("a", read("user a", options="user sys")),
        ("sys", read("persist", options="user sys")),
        ("rc", read("persist", options="user sys", ppprc="user rc")),
        ("a", read("user a", ppprc="user rc")),
        ("line", read("user a", "call", "dsl", "user", "line")),
        ("a", read("user a", "user", "line", "call", "dsl")),
        ("in", read("user a\ncall inner", peers__inner="user in")),
        ("a", read("call inner\nuser a", peers__inner="user in")),
        ("f", read("user a\nfile /etc/ppp/more", more="user f")),
        ("deep", read("call one", peers__one="call two", peers__two="file /etc/ppp/three", three="user deep")),
        ("a", read("call dsl\nuser a")),
        ("two", read("user a\ncall two", peers__two="call dsl\nuser two")),
        ("ua", read("user a\n+ua /etc/ppp/uafile", uafile="ua\nsecret\n")),
        ("a", read("+ua /etc/ppp/uafile\nuser a", uafile="ua\nsecret\n")),
        # the options of a network device count as much as the command line, and come last
        ("nic", read("plugin pppoe.so\nnic-eth0\nuser a", options_eth0="user nic")),
        ("nic", read("plugin rp-pppoe.so\neth0\nuser a", "call", "dsl", "user", "line", options_eth0="user nic")),
        ("a", read("plugin rp-pppoe.so\nnic-eth1\nuser a", options_eth0="user nic")),
        ("a", read("nic-eth0\nuser a", options_eth0="user nic")),
        # those of a tty count less
        ("a", read("/dev/ttyS0\nuser a", options_ttyS0="user tty")),
        ("tty", read("ttyS0\npersist", options_ttyS0="user tty")),
        ("tty", read("/dev/ttyS0", options="user sys", options_ttyS0="user tty")),
        ("", read("/dev/ttyS0\npty 'pppoe -I eth0'", options_ttyS0="user tty")),
    ],
)
def test_the_login_that_counts(wanted: str, found: Options) -> None:
    assert login(found) == wanted


def test_the_place_of_a_value_is_told() -> None:
    found = read("user a\ncall inner", peers__inner="# x\npassword 'se cret'")
    assert found.password is not None and found.password.word is not None
    assert (found.password.path, found.password.text) == ("/etc/ppp/peers/inner", b"se cret")
    assert (found.password.word.start, found.password.word.end) == (13, 22)
    assert "se cret" not in repr(found)


def test_a_password_of_ua_is_none() -> None:
    """2.4.9 and 2.5.2 take the login alone from there."""
    assert read("+ua /etc/ppp/uafile", uafile="ua\nsecret\n").password is None


def test_files_that_are_not_known_yet_are_told() -> None:
    found = read("call other\nfile /srv/more\n+ua /srv/ua")
    assert found.unread == ("/etc/ppp/peers/other", "/srv/more", "/srv/ua")
    assert not read("file /etc/ppp/more", more="x").unread


@pytest.mark.parametrize(
    ("persists", "found"),
    [
        (True, read("persist")),
        (False, read("persist\nnopersist")),
        (True, read("nopersist\npersist")),
        (True, read("demand")),
        (False, read("user persist")),
        (False, read("persist", "call", "dsl", "nopersist")),
        (True, read("", options="persist")),
    ],
)
def test_who_persists(persists: bool, found: Options) -> None:
    assert ("persist" in found.flags) is persists


def test_other_values() -> None:
    found = read("linkname l\nifname wan0\nholdoff 5\nlogfile '/var/log/p p'\nplugin /usr/lib/pppd/2.5.2/pppoe.so")
    assert [found.text(name) for name in ("linkname", "ifname", "holdoff", "logfile")] == [
        "l",
        "wan0",
        "5",
        "/var/log/p p",
    ]
    assert found.plugins == ("pppoe.so",) and found.calls == ("dsl",) and found.text("unit", "none") == "none"


@pytest.mark.parametrize(
    ("content", "server", "wanted"),
    [
        (b"l other old *\n", b"erx", b'l other old *\n"l" * "new" *\n'),
        (b"l other o2 *\nl erx old *\n", b"erx", b'l other o2 *\nl erx "new" *\n'),
        (b"l * old *\nl other o2\n", b"erx", b'l * "new" *\nl other o2\n'),
        (b"l other old *\n", b"", b'l other "new" *\n'),
        # without a line for any server, what counts may be a line of any client
        (b"* erx old\nl other o2 *\n", b"", b'* erx old\nl other "new" *\n"l" * "new" *\n'),
        (b"* * old\nl other new\n", b"", b'* * old\nl other new\n"l" * "new" *\n'),
        (b"* erx old\nl * o2\n", b"", b'* erx old\nl * "new"\n'),
    ],
)
def test_lines_for_another_server_are_of_another_line(content: bytes, server: bytes, wanted: bytes) -> None:
    """With remotename pppd takes the secret of that server or of any; attacked: it stood where pppd never looks."""
    assert with_secret(content, b"l", b"new", server=server) == wanted


# -- which line of a secrets file counts


def chosen(content: bytes, login: bytes, server: bytes | None) -> bytes | None:
    """The secret that pppd takes, as its scan_authfile() does (pppd/auth.c, 2.4.9 and 2.5.2).

    A line that names the client is better than one of any client, then one that names the server better than one of
    any; the first of equals counts.

    :param server: None when pppd does not know it: with PAP, without the option remotename
    """
    best, secret = -1, None
    lines: list[list[bytes]] = []
    for word in words(content):
        if word.first:
            lines.append([])
        lines[-1].append(word.text)
    for line in [line for line in lines if len(line) > 2]:
        fits = line[0] in (b"*", login) and (server is None or line[1] in (b"*", server))
        rank = 2 * (line[0] != b"*") + (line[1] != b"*")
        if fits and rank > best:
            best, secret = rank, line[2]
    return secret


NAMED, ANY = b"l * right *\n", b"* isp wrong *\n"


@pytest.mark.parametrize(
    ("content", "server", "wanted"),
    [
        # Debian's own pap-secrets has the last of these lines
        *((content, server, b"right") for server in (b"isp", None) for content in (NAMED + ANY, ANY + NAMED)),
        (b'* hostname "" *\n' + NAMED, None, b"right"),
        (b"* isp wrong\n* * other\n", b"isp", b"wrong"),
        (b"* isp wrong\n* * other\n", b"elsewhere", b"other"),
        (b"l * one\nl isp two\nl isp three\n", b"isp", b"two"),
        (b"l * one\nl isp two\n", None, b"two"),
        (b"l * one\nl isp two\n", b"elsewhere", b"one"),
        (b"m * one\n", None, None),
    ],
)
def test_the_line_of_the_login_is_the_best(content: bytes, server: bytes | None, wanted: bytes | None) -> None:
    assert chosen(content, b"l", server) == wanted


_NAME = st.sampled_from([b"*", b"l", b"m", b"isp", b"bas-2", b'""'])
_LINE = st.builds(lambda *parts: b" ".join(parts) + b"\n", _NAME, _NAME, st.sampled_from([b"old", b'"o2"', b"#"]))


@given(
    st.lists(_LINE, max_size=6).map(b"".join),
    st.sampled_from([b"", b"isp"]),
    st.sampled_from([None, b"isp", b"bas-2", b""]),
)
def test_no_other_line_outranks_what_was_written(content: bytes, remotename: bytes, told: bytes | None) -> None:
    """Whatever else the file has, and whatever name the provider's side gives itself.

    :param told: that name, as CHAP tells it; None with PAP, which tells none
    """
    written, server = with_secret(content, b"l", b"new", server=remotename), remotename or told
    # A login whose lines are all for other servers, and no line of any client: no line was ever up with that file.
    assert chosen(written, b"l", server) == b"new" or chosen(content, b"l", server) is None
    assert with_secret(written, b"l", b"new", server=remotename) == written
