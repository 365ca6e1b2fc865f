# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A pppd router that is played on this machine: real shells and files, a pppd of Python, a provider that is a file."""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import signal
import subprocess
import sys
import time
import typing as t
from pathlib import Path

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.linux_pppd.driver import LinuxPppd
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.linux_pppd.words import words
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.port import Applied, Credentials, Dial
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.shell import Shell, Unreachable

#: The shells that this machine has; `make test` installs busybox, and dash is Debian's sh.
SHELLS = [found for found in (["dash"], ["bash", "--posix"], ["busybox", "ash"]) if shutil.which(found[0])]
OLD = "old-secret"
_NUMBER = itertools.count(1)
#: As 2.4.9 was watched on a line: a signal ends a session, and a hold-off follows; a signal in it makes it dial.
PPPD = """#!{python}
import os, re, signal, sys, time
run, hold, persist = {run!r}, {hold!r}, {persist!r}
link, state = None, "idle"
def log(word):
    with open(run + "/log", "a") as out:
        out.write(word + "\\n")
def secret():
    for name in ("pap-secrets", "chap-secrets"):
        for line in open({etc!r} + "/" + name, encoding="utf-8", errors="surrogateescape"):
            found = re.findall(r'(?:[^\\s"\\\\]|\\\\.|"(?:[^"\\\\]|\\\\.)*")+', line)
            if len(found) > 2 and found[0].strip('"') == {login!r}:
                return re.sub(r"\\\\(.)", r"\\1", re.sub(r'(?<!\\\\)"', "", found[2]))
    return ""
def dial():
    global link
    log("dial")
    link = open({dev!r})
    had = secret()
    end = time.monotonic() + 30
    while os.path.exists(run + "/slow") and not signalled and time.monotonic() < end:
        time.sleep(0.02)
    if signalled:
        signalled.clear()
        log("cut")
        had = None
    if had == open(run + "/accepted", encoding="utf-8", errors="surrogateescape").read():
        with open(run + "/{ifname}.pid", "w") as out:
            out.write("%d\\n" % os.getpid())
    else:
        down("refused")
def down(why):
    global link
    if os.path.exists(run + "/{ifname}.pid"):
        os.unlink(run + "/{ifname}.pid")
    log(why)
    link.close()
    link = None
    if not persist:
        os._exit(5)
def hup(*_):
    log("hup")
    signalled.append(1)
def term(*_):
    if link is not None:
        down("down")
    log("ended")
    os._exit(5)
signalled = []
signal.signal(signal.SIGHUP, hup)
signal.signal(signal.SIGTERM, term)
log("started %d" % os.getpid())
until = time.monotonic() + (hold or 0)
dial()
while True:
    time.sleep(0.02)
    if link is not None and (signalled or not os.path.exists(run + "/{ifname}.pid")):
        signalled.clear()
        down("down")
        until = time.monotonic() + hold
    elif link is None and (signalled or hold is not None and time.monotonic() > until):
        signalled.clear()
        dial()
        until = time.monotonic() + hold
"""
IP = """#!/bin/sh
for interface; do :; done
case "$*" in *route*) echo "192.0.2.1 dev eth7 src 192.0.2.2"; exit 0 ;; esac
[ -e "{run}/$interface.pid" ] || exit 1
echo "7: $interface    inet 203.0.113.10 peer 198.51.100.1/32 scope global $interface\\       valid_lft forever"
"""


class Bench:
    """A router's folders and its pppd; ``with Bench(folder) as bench``."""

    driver_class = LinuxPppd

    def __init__(
        self,
        top: Path,
        shell: t.Sequence[str] = ("sh",),
        peer_lines: str = "persist\n",
        *,
        hold: float = 600.0,
        ifname: str = "ppp0",
    ) -> None:
        self.top, self.shell, self.ifname = top, list(shell), ifname
        # Names of their own: pppd is found by them, and other tests may run on this machine.
        number = f"{os.getpid()}-{next(_NUMBER)}"
        self.peer, self.login, self.password = f"dsl-{number}", f"0320123456_{number}@adsl.ovh", OLD
        self.etc, self.run_dir, self.bin, dev = top / "etc", top / "run", top / "bin", top / "dev"
        for folder in (self.etc / "peers", self.run_dir / "pppd", self.bin, dev):
            folder.mkdir(parents=True)
        (dev / "ppp").touch()
        self.write(f"peers/{self.peer}", f'plugin rp-pppoe.so\nnic-eth0.835\nuser "{self.login}"\n{peer_lines}')
        self.write("chap-secrets", f'# Secrets\n"{self.login}" * "{OLD}" *\nother * "keep me" *\n')
        self.write("pap-secrets", f'# Secrets\n"{self.login}" * "{OLD}" *\n')
        self.accept(OLD)
        self.pppd(persist="persist" in peer_lines or "demand" in peer_lines, hold=hold)
        self.program("ip", IP.format(run=self.run_dir))
        self.processes: list[subprocess.Popen[bytes]] = []
        self.bin_path = "/usr/bin:/bin"
        self.reachable, self.steps = True, []  # type: bool, list[tuple[str, bytes]]
        self._writes = 0

    def __enter__(self) -> Bench:
        return self

    def __exit__(self, *_error: object) -> None:
        for process in self.processes:
            process.kill()
            process.wait()
        for line in self.log("started"):
            pid = line.split()[1]
            with contextlib.suppress(OSError):
                if str(self.bin).encode() in Path(f"/proc/{pid}/cmdline").read_bytes():
                    os.kill(int(pid), signal.SIGKILL)

    def pppd(self, *, persist: bool, hold: float = 600.0) -> None:
        settings = {"python": sys.executable, "run": str(self.run_dir), "etc": str(self.etc), "login": self.login}
        text = PPPD.format(**settings, dev=str(self.top / "dev/ppp"), ifname=self.ifname, persist=persist, hold=hold)
        self.program("pppd", text)

    def program(self, name: str, text: str) -> None:
        (self.bin / name).write_text(text, encoding="utf-8")
        (self.bin / name).chmod(0o755)

    def write(self, name: str, text: str, mode: int = 0o600) -> None:
        (self.etc / name).write_text(text, encoding="utf-8")
        (self.etc / name).chmod(mode)

    def read(self, name: str) -> str:
        return (self.etc / name).read_bytes().decode("utf-8")

    def secret(self, name: str = "chap-secrets") -> str:
        """The secret of the login's first line."""
        found = words((self.etc / name).read_bytes())
        for number, word in enumerate(found):
            if word.first and word.text == self.login.encode():
                return found[number + 2].text.decode()
        return ""

    def execute(self, command: str, given: bytes) -> tuple[int, bytes, str]:
        if not self.reachable:
            raise Unreachable("connection refused")
        self.steps.append((command, given))
        # busybox takes its own ip before the one in PATH
        data = given.replace(b"ip -4", str(self.bin / "ip").encode() + b" -4").replace(
            b"ip -o", str(self.bin / "ip").encode() + b" -o"
        )
        environment = {"PATH": f"{self.bin}:{self.bin_path}", "SSH_CONNECTION": "192.0.2.1 1 192.0.2.2 22"}
        done = subprocess.run(
            [*self.shell, "-c", command], input=data, capture_output=True, timeout=90, check=False, env=environment
        )
        # One that found something changed has written nothing.
        self._writes += "ownrouter write" in command and b"x() { w " in given and b" run write\n" in done.stdout
        return done.returncode, done.stdout, done.stderr.decode()

    def driver(self, **options: t.Any) -> LinuxPppd:
        folders = {"ppp_dir": str(self.etc), "run_dir": str(self.run_dir)}
        return LinuxPppd(Shell(self.execute), options.pop("peer", self.peer), **folders, **options)

    def apply(
        self, password: str, *, dial: Dial = Dial.AUTO, age: float | None = None, check: bool = False, **options: t.Any
    ) -> Applied:
        credentials = Credentials(options.pop("login", self.login), password)
        return self.driver(**options).apply(credentials, dial=dial, age=age, check=check)

    # -- pppd and its provider

    def start(self, *arguments: str, age: float = 100.0, before: t.Sequence[str] = ()) -> None:
        """Start pppd, and wait for its session, `age` seconds old."""
        command = [*before, str(self.bin / "pppd"), *(arguments or ("call", self.peer))]
        count = len(self.log("dial"))
        self.processes.append(subprocess.Popen(command, env={"PATH": f"{self.bin}:/usr/bin:/bin"}))
        self.wait(lambda: len(self.log("dial")) > count)
        pid_file = self.run_dir / f"{self.ifname}.pid"
        if (self.run_dir / "accepted").read_text(encoding="utf-8") == self.secret("pap-secrets"):
            # Its file is there before its number is in it.
            self.wait(lambda: pid_file.exists() and pid_file.stat().st_size > 0)
            os.utime(pid_file, (time.time() - age, time.time() - age))

    @staticmethod
    def wait(condition: t.Callable[[], bool], seconds: float = 10.0) -> None:
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, "what was waited for did not come"
            time.sleep(0.01)

    def log(self, word: str) -> list[str]:
        path = self.run_dir / "log"
        return [line for line in path.read_text().splitlines() if line.startswith(word)] if path.exists() else []

    def hups(self) -> int:
        time.sleep(0.1)
        return len(self.log("hup"))

    def accept(self, password: str) -> None:
        """The provider takes this password from now on, and has cut the session."""
        (self.run_dir / "accepted").write_text(password, encoding="utf-8")
        self.cut()

    def cut(self) -> None:
        downs = len(self.log("down"))
        if (self.run_dir / f"{self.ifname}.pid").exists():
            (self.run_dir / f"{self.ifname}.pid").unlink()
            self.wait(lambda: len(self.log("down")) > downs)

    def dial_slowly(self) -> None:
        """Let pppd, in its hold-off, begin a dial with the secret of now, which lasts until `slow` is removed."""
        (self.run_dir / "slow").touch()
        dials = len(self.log("dial"))
        os.kill(self.processes[-1].pid, signal.SIGHUP)
        self.wait(lambda: len(self.log("dial")) > dials)

    def lose(self) -> None:
        self.reachable = False

    def writes(self) -> int:
        return self._writes

    def dials(self) -> int:
        return len(self.log("dial")) - 1

    def stored(self) -> str:
        return self.secret()

    def left(self) -> list[str]:
        """The files of the folder, leftovers among them."""
        locks = [path.name for path in self.run_dir.iterdir() if "ownrouter" in path.name]
        return sorted([path.name for path in self.etc.iterdir()] + locks)
