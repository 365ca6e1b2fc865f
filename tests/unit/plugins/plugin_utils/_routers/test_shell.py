# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Steps over a shell: what is sent arrives byte for byte, and what is told is told from the noise."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import typing as t
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure, Outcome
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers import shell
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.shell import Shell, call

#: The shells that this machine has; `make test` installs busybox, and dash is Debian's sh.
SHELLS = [words for words in (["dash"], ["bash"], ["busybox", "ash"], ["sh"]) if shutil.which(words[0])]
#: What a login shell's own files may say before and after.
NOISE = "Welcome!\n\x1b[1mMOTD\x1b[0m @begin\n"


def runner(words: t.Sequence[str], before: str = "", after: str = "", seen: list[t.Any] | None = None) -> shell.Execute:
    """Runs commands here, as sshd would with this login shell; `seen` gets command and standard input."""

    def execute(command: str, data: bytes) -> tuple[int, bytes, str]:
        if seen is not None:
            seen.append((command, data))
        done = subprocess.run([*words, "-c", command], input=data, capture_output=True, timeout=30, check=False)
        return done.returncode, before.encode() + done.stdout + after.encode(), done.stderr.decode() + before

    return execute


def test_there_are_shells() -> None:
    assert len(SHELLS) >= 2


@pytest.mark.parametrize("words", SHELLS, ids=" ".join)
def test_bytes_arrive_and_come_back(words: list[str], tmp_path: Path) -> None:
    content = bytes(range(256)) * 3 + b"no end of line"
    path = tmp_path / "a file's name"
    path.write_bytes(content)
    secret = "a\\b'\"$(id)`id`;%s\\n\\0101 é\u20ac {x} \x7f\ttab "
    run = Shell(runner(words, NOISE, "logout\n"))
    told = run(
        call("f", str(path), str(tmp_path), str(tmp_path / "none"))
        + 'IFS= read -r x\nt said that\nprintf %s "$x"\n'
        + call("r", "one", "sh", "-c", "echo out; echo err >&2; exit 3"),
        secret,
    )
    found = told.file(str(path))
    assert found is not None and found.content == content and found.real == str(path)
    assert found.marks[3] == "644" and found.text.encode("utf-8", "surrogateescape") == content
    assert told.files[str(tmp_path)] == "other" and told.files[str(tmp_path / "none")] == "none"
    assert told.said == (("said that", secret.encode()),)
    assert (told.ran["one"].code, told.ran["one"].text) == (3, "out\nerr\n")
    assert told.file(str(tmp_path)) is None and told.file("never asked for") is None


@pytest.mark.parametrize("words", SHELLS, ids=" ".join)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(exclude_characters="\n\r\0", codec="utf-8"), max_size=60))
def test_any_given_line_arrives(words: list[str], text: str) -> None:
    told = Shell(runner(words))('IFS= read -r x\nt x\nprintf %s "$x"\n', text)
    assert told.said == (("x", text.encode()),)


@given(st.text())
def test_a_step_is_one_printable_line(text: str) -> None:
    line = shell.one_line(text)
    assert line.isascii() and (line.isprintable() or not line)


def test_the_command_is_short_and_always_the_same() -> None:
    seen: list[t.Any] = []
    run = Shell(runner(SHELLS[0], seen=seen))
    run("t nothing\n" + ": " + "x" * 20000 + "\n", "Zq7Kanarie9Vx2", name="write")
    ((command, data),) = seen
    assert command == ': ownrouter write; IFS= read -r s && eval "$(printf %b "$s")"'
    # As Ansible sends it, with become: quoted twice more.
    become = f"sudo -H -S -p {shlex.quote('[sudo via ansible, key=' + 32 * 'x' + '] password:')} -u root /bin/sh -c "
    sent = "/bin/sh -c " + shlex.quote(become + shlex.quote("echo BECOME-SUCCESS-" + 32 * "x" + " ; " + command))
    assert len(sent) < 500 and "\n" not in sent and "!" not in sent
    assert data.count(b"\n") == 2 and b"Zq7Kanarie9Vx2" in data


@pytest.mark.parametrize("line", ["a\nb", "a\rb", "a\0b"])
def test_a_line_break_is_never_sent(line: str) -> None:
    with pytest.raises(ValueError, match="line break"):
        Shell(runner(SHELLS[0]))("t x\n", line)


def test_nothing_ran() -> None:
    for err, words in (
        ("sudo: a password is required\nbye\n", "sudo: a password is required. Check ansible_become"),
        ("hello\ndoas: Authentication required\nbye\nbye\nbye\n", "doas: Authentication required. This user cannot"),
        ("sudo: sorry, you must have a tty to run sudo\n", "run sudo. This user cannot become root without a terminal"),
        ("", "exit code 1."),
        ("a\x1b]0;title\x07b\nlast line\n", "last line."),
    ):
        with pytest.raises(Failure) as caught:
            Shell(lambda _command, _data, err=err: (1, b"hello\n@x begin\n", err))("t x\n")  # type: ignore[misc] # a default
        assert caught.value.code == "router_refused" and words in caught.value.message
        assert caught.value.outcome is Outcome.NOT_SENT and "\x1b" not in caught.value.message


def test_the_connection_breaks_in_the_middle() -> None:
    run = Shell(runner(["sh"]))
    with pytest.raises(Failure) as caught:
        run("t half\nprintf word\nkill -9 $$\n")
    assert (caught.value.code, caught.value.outcome) == ("router_lost", Outcome.UNKNOWN)


def test_no_connection() -> None:
    def execute(_command: str, _data: bytes) -> tuple[int, bytes, str]:
        raise shell.Unreachable("Connection refused")

    with pytest.raises(Failure) as caught:
        Shell(execute)("t x\n")
    assert caught.value.code == "router_unreachable" and "Connection refused" in caught.value.message


def test_a_file_that_may_not_be_read_is_told_as_such() -> None:
    """Root may read all, so somebody else looks."""

    def execute(command: str, data: bytes) -> tuple[int, bytes, str]:
        nobody = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}
        done = subprocess.run(["sh", "-c", command], input=data, capture_output=True, check=False, **nobody)
        return done.returncode, done.stdout, done.stderr.decode()

    assert Shell(execute)(call("f", "/etc/shadow")).files["/etc/shadow"] == "shut"


@pytest.mark.parametrize("words", SHELLS, ids=" ".join)
@pytest.mark.parametrize("asked", ["a/file", "linked", "there/file", "a//file", "a/../a/file", "./a/file"])
def test_the_path_without_links(words: list[str], asked: str, tmp_path: Path) -> None:
    """By no process where the shell sees that there is none: readlink is not to be found."""
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "file").write_text("x")
    (tmp_path / "linked").symlink_to("a/file")
    (tmp_path / "there").symlink_to("a")
    path = f"{tmp_path}/{asked}"
    told = Shell(runner(words))(("readlink() { false; }\n" if asked == "a/file" else "") + call("f", path))
    found = told.file(path)
    assert found is not None and (found.real, found.content) == (f"{tmp_path}/a/file", b"x")


def test_marks_without_stat(tmp_path: Path) -> None:
    """A stock OpenWrt has no stat: equal marks still mean that nobody wrote."""
    path = tmp_path / "network"
    path.write_text("one")
    run = Shell(runner(["sh"]))
    step = "stat() { return 127; }\n" + call("f", str(path))
    first, again = run(step).file(str(path)), run(step).file(str(path))
    (tmp_path / "new").write_text("two")
    (tmp_path / "new").rename(path)
    after = run(step).file(str(path))
    assert first and again and after
    assert first.marks == again.marks != after.marks and after.content == b"two"


@pytest.mark.parametrize(
    ("err", "words"),
    [("", ""), ("one\n", "one"), ("a\nb\nc\nd\n", "b; c; d"), ("x\r\n\ty  z \x07\n", "x; y z"), ("end.\n", "end")],
)
def test_words_of(err: str, words: str) -> None:
    assert shell.words_of(err) == words
