# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Try linux_pppd.sh hard, in every POSIX shell that this machine has: ``check.py SCRIPT``."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

LOGIN = "0320123456_1@adsl.ovh"
OLD = "old-secret"
PASSWORDS = [
    "plain123",
    "it's",
    'say "no"',
    "$HOME $(id) `id`",
    "a;b|c",
    "back\\slash\\\\two\\n\\101",
    "#hash#",
    "two words  and a tab\tend ",
    "<angle> & ampersand",
    "été:€",
    "'\"$;\\ #<>&é:",
    "%s%d%%",
    "-n",
    "*",
    "@at",
    "~",
    "!history",
    "=",
]
FAKE_PPPD = """#!{python}
import os, signal, sys, time
run = sys.argv[-1]
def up():
    open(run + "/ppp0.pid", "w").write("%d\\n" % os.getpid())
def hup(*_):
    open(run + "/hups", "a").write("hup\\n")
    if os.path.exists(run + "/ppp0.pid"):
        os.unlink(run + "/ppp0.pid")  # and a hold-off begins, which the next signal ends
    else:
        up()
signal.signal(signal.SIGHUP, hup)
up()
open(run + "/started", "a").write("started\\n")
while True:
    time.sleep(0.1)
"""
FAKE_IP = """#!/bin/sh
for interface; do :; done
[ -e "{run}/$interface.pid" ] || exit 1
echo "7: $interface    inet 203.0.113.10 peer 198.51.100.1/32 scope global $interface"
"""


class Failed(Exception):
    """A check did not hold."""


def words(line: str) -> list[str]:
    """pppd's getword(), for lines without octal escapes: the test's own reading of a secrets line."""
    found: list[str] = []
    for token in re.findall(r'(?:[^\s"\'\\]|\\.|"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\')+', line):
        word, quote, position = "", "", 0
        while position < len(token):
            char = token[position]
            position += 1
            if char == "\\":
                word += token[position]
                position += 1
            elif quote:
                if char == quote:
                    quote = ""
                else:
                    word += char
            elif char in "\"'":
                quote = char
            else:
                word += char
        found.append(word)
    return found


class Router:
    """A router's folders, with a pretended pppd."""

    def __init__(self, shell: list[str], script: str, peer_lines: str = "persist\n") -> None:
        self.shell = shell
        self.script = Path(script).read_text(encoding="utf-8")
        self.top = Path(tempfile.mkdtemp(prefix="linux_pppd."))
        self.etc, self.run_dir, self.bin = self.top / "etc", self.top / "run", self.top / "bin"
        for folder in (self.etc / "peers", self.run_dir, self.bin):
            folder.mkdir(parents=True)
        self.write("peers/dsl", f'plugin rp-pppoe.so\nnic-eth0.835\nuser "{LOGIN}"\n{peer_lines}')
        self.write("chap-secrets", f'# Secrets\n"{LOGIN}" * "{OLD}" *\nother * "keep me" *\n')
        self.write("pap-secrets", f'# Secrets\n"{LOGIN}" * "{OLD}" *\n')
        self.program("pppd", FAKE_PPPD.format(python=sys.executable))
        self.program("ip", FAKE_IP.format(run=self.run_dir))
        # busybox takes its own ip before the one in PATH
        self.script = self.script.replace("$(ip -4", f"$({self.bin}/ip -4")
        self.pppd: subprocess.Popen[bytes] | None = None

    def program(self, name: str, text: str) -> None:
        (self.bin / name).write_text(text, encoding="utf-8")
        (self.bin / name).chmod(0o755)

    def write(self, name: str, text: str, mode: int = 0o600) -> None:
        (self.etc / name).write_text(text, encoding="utf-8")
        (self.etc / name).chmod(mode)

    def read(self, name: str) -> str:
        return (self.etc / name).read_bytes().decode("utf-8")

    def start(self, age: int = 100) -> None:
        self.pppd = subprocess.Popen([str(self.bin / "pppd"), "call", "dsl", str(self.run_dir)])
        pid_file = self.run_dir / "ppp0.pid"
        end = time.monotonic() + 10
        while not (self.run_dir / "started").exists():
            if time.monotonic() > end:
                raise Failed("the pretended pppd did not start")
            time.sleep(0.02)
        os.utime(pid_file, (time.time() - age, time.time() - age))

    def close(self) -> None:
        if self.pppd:
            self.pppd.kill()
            self.pppd.wait()
        shutil.rmtree(self.top)

    def hups(self) -> int:
        time.sleep(0.15)
        log = self.run_dir / "hups"
        return len(log.read_text(encoding="utf-8").splitlines()) if log.exists() else 0

    def begin(self, command: str, *more: str, peer: str = "dsl", check: bool = False) -> subprocess.Popen[bytes]:
        environment = {"PATH": f"{self.bin}:/usr/bin:/bin", "ROUTER_CHECK_MODE": "1" if check else "0"}
        return subprocess.Popen(
            [*self.shell, "-c", self.script, "router_script", command, peer, str(self.etc), str(self.run_dir), *more],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    @staticmethod
    def end(process: subprocess.Popen[bytes], stdin: str = "\n") -> tuple[int, dict[str, str]]:
        out, err = process.communicate(stdin.encode(), timeout=60)
        if err:
            raise Failed(f"it wrote on stderr: {err!r}")
        return process.returncode, dict(line.split("=", 1) for line in out.decode().splitlines())

    def call(self, command: str, *more: str, stdin: str = "\n", check: bool = False) -> tuple[int, dict[str, str]]:
        return self.end(self.begin(command, *more, check=check), stdin)

    def all_at_once(self, *given: tuple[str, str, str], dial: str) -> list[tuple[int, dict[str, str]]]:
        """Apply for each (peer, login, password) at the same moment."""
        runs = [self.begin("apply", "", "", dial, peer=peer) for peer, _login, _password in given]
        for run, (_peer, login, password) in zip(runs, given, strict=True):
            assert run.stdin is not None
            run.stdin.write(f"{login}\n{password}\n".encode())
            run.stdin.flush()
        return [self.end(run, "") for run in runs]

    def apply(self, password: str, check: bool = False, since: str = "", dial: str = "false") -> dict[str, str]:
        code, found = self.call(
            "apply", str(int(time.time())), since, dial, stdin=f"{LOGIN}\n{password}\n", check=check
        )
        if code:
            raise Failed(f"apply failed: {found}")
        return found


def expect(what: str, seen: object, wanted: object) -> None:
    if seen != wanted:
        raise Failed(f"{what}: {seen!r} instead of {wanted!r}")


def no_leftover(router: Router) -> None:
    expect(
        "files in the folder",
        sorted(path.name for path in router.etc.iterdir()),
        ["chap-secrets", "pap-secrets", "peers"],
    )


def passwords(router: Router) -> None:
    """Every password arrives byte for byte, and only once."""
    router.start()
    for turn, password in enumerate(PASSWORDS, start=1):
        (
            router.run_dir / "ppp0.pid"
        ).unlink()  # the provider cut the session: no hold-off to be ended after the hang-up
        found = router.apply(password)
        expect("changed", found["changed"], "true")
        for name in ("chap-secrets", "pap-secrets"):
            expect("secret", words(router.read(name).splitlines()[1]), [LOGIN, "*", password, "*"])
            expect("mode", oct((router.etc / name).stat().st_mode & 0o777), "0o600")
        expect("others", router.read("chap-secrets").splitlines()[::2], ["# Secrets", 'other * "keep me" *'])
        expect("hang-ups", router.hups(), turn)
        before = (router.etc / "chap-secrets").stat()
        again = router.apply(password)
        expect("second apply", (again["changed"], again["written"], again["dialled"]), ("false", "false", "false"))
        after = (router.etc / "chap-secrets").stat()
        expect("untouched", (after.st_ino, after.st_mtime_ns), (before.st_ino, before.st_mtime_ns))
        expect("hang-ups", router.hups(), turn)
    no_leftover(router)


def forms(router: Router) -> None:
    """The login's line is found in every form, everything else is kept as it was."""
    router.start()
    rows = [
        (f"{LOGIN} * old *\n", f'{LOGIN} * "new" *\n'),
        (f"'{LOGIN}'\t*\told\n", f"'{LOGIN}'\t*\t\"new\"\n"),
        (f'  "{LOGIN}"  "srv"  "o ld"  10.0.0.1 # note\n', f'  "{LOGIN}"  "srv"  "new"  10.0.0.1 # note\n'),
        ("0320123456\\_1@adsl.ovh * old\\ one *\n", '0320123456\\_1@adsl.ovh * "new" *\n'),
        ("0320123456\\1371@adsl.ovh * old *\n", '0320123456\\1371@adsl.ovh * "new" *\n'),
        (f"{LOGIN} * old *\na * b *\n{LOGIN} * older *\n", f'{LOGIN} * "new" *\na * b *\n{LOGIN} * "new" *\n'),
        (f"{LOGIN} * old *", f'{LOGIN} * "new" *'),
        (f"{LOGIN} * old *\r\n", f'{LOGIN} * "new" *\r\n'),
        ("", f'"{LOGIN}" * "new" *\n'),
        ("a * b *", f'a * b *\n"{LOGIN}" * "new" *\n'),
        (f"# {LOGIN} * old *\n", f'# {LOGIN} * old *\n"{LOGIN}" * "new" *\n'),
        (f"x{LOGIN} * old *\n{LOGIN}x * old *\n", f'x{LOGIN} * old *\n{LOGIN}x * old *\n"{LOGIN}" * "new" *\n'),
        (f"srv {LOGIN} secret *\n\n\t\n", f'srv {LOGIN} secret *\n\n\t\n"{LOGIN}" * "new" *\n'),
        (f'{LOGIN} * "a\\"b" *\nx * \'y z\' *\n', f"{LOGIN} * \"new\" *\nx * 'y z' *\n"),
        ("é * \\ü *\n%s * %d *\n", f'é * \\ü *\n%s * %d *\n"{LOGIN}" * "new" *\n'),
    ]
    for before, after in rows:
        router.write("chap-secrets", before)
        router.write("pap-secrets", before)
        router.apply("new")
        expect(f"from {before!r}", router.read("chap-secrets"), after)
        expect(f"from {before!r}", router.read("pap-secrets"), after)
        expect("again", router.apply("new")["changed"], "false")
    no_leftover(router)


def owner(router: Router) -> None:
    """Owner, mode and symbolic link are kept; a mode that lets others read is not."""
    if os.geteuid() == 0:
        os.chown(router.etc / "chap-secrets", 12, 34)
    (router.etc / "chap-secrets").chmod(0o640)
    (router.etc / "pap-secrets").chmod(0o644)
    (router.etc / "pap-secrets").rename(router.run_dir / "real")
    (router.etc / "pap-secrets").symlink_to(router.run_dir / "real")
    router.start()
    router.apply("new")
    state = (router.etc / "chap-secrets").stat()
    if os.geteuid() == 0:
        expect("owner", (state.st_uid, state.st_gid), (12, 34))
    expect("mode", oct(state.st_mode & 0o777), "0o640")
    expect("link", (router.etc / "pap-secrets").is_symlink(), True)
    expect("mode", oct((router.run_dir / "real").stat().st_mode & 0o777), "0o600")
    expect("secret", words((router.run_dir / "real").read_text(encoding="utf-8").splitlines()[1])[2], "new")


def check_mode(router: Router) -> None:
    """Predicts, writes nothing, dials nothing."""
    router.start()
    before = router.read("chap-secrets")
    expect("prediction", router.apply("new", check=True)["changed"], "true")
    expect("prediction", router.apply(OLD, check=True)["changed"], "false")
    expect("file", router.read("chap-secrets"), before)
    expect("hang-ups", router.hups(), 0)
    no_leftover(router)


def dialling(router: Router) -> None:
    """A hang-up for a change or a session that is too old, one to end the hold-off; none to complete a file."""
    router.start()
    router.write("pap-secrets", "# none\n")
    found = router.apply(OLD)
    expect("pap alone", (found["written"], found["dialled"], router.hups()), ("true", "false", 0))
    found = router.apply(OLD, since=str(int(time.time()) - 50))
    expect("old session", (found["written"], found["dialled"], router.hups()), ("false", "true", 2))
    found = router.apply(OLD, since=str(int(time.time()) - 50))
    expect("young session", (found["changed"], router.hups()), ("false", 2))
    found = router.apply("new")
    expect("change", (found["dialled"], router.hups()), ("true", 4))
    code, state = router.call("status", "5", found["applied_at"], found["old_session"])
    expect("status", (code, state["up"], state["address"], state["ifname"]), (0, "true", "203.0.113.10", "ppp0"))
    # Nothing answers the hang-up: the session from before the change is no success.
    code, state = router.call("status", "1", str(int(time.time()) + 60), "")
    expect("old session", (state["up"], "before the change" in state["error_detail"]), ("false", True))
    (router.run_dir / "ppp0.pid").unlink()
    code, state = router.call("status", "1", "", "")
    expect("no session", (state["up"], "has no session" in state["error_detail"]), ("false", True))
    found = router.apply("newer")
    expect("hold-off", (found["dialled"], router.hups()), ("true", 5))
    (router.run_dir / "ppp0.pid").unlink()
    found = router.apply("newer")
    expect("both files held it", (found["changed"], router.hups()), ("false", 5))
    router.write("chap-secrets", f'"{LOGIN}" * "new" *\n')
    found = router.apply("newer")
    expect("one file held it", (found["written"], found["dialled"], router.hups()), ("true", "true", 6))


def two_at_once(router: Router) -> None:
    """Several runs at the same moment: one writes and dials, the others find the router right."""
    router.start()
    for turn in range(1, 6):
        (router.run_dir / "ppp0.pid").unlink(missing_ok=True)  # the provider cut the session
        ended = router.all_at_once(*[("dsl", LOGIN, f"new{turn}")] * 3, dial="false")
        expect("exit status", [(code, found.get("error")) for code, found in ended], [(0, None)] * 3)
        for word in ("written", "dialled"):
            expect(word, sorted(found[word] for _code, found in ended), ["false", "false", "true"])
        for name in ("chap-secrets", "pap-secrets"):
            expect("secret", words(router.read(name).splitlines()[1])[2], f"new{turn}")
        expect("hang-ups", router.hups(), turn)
    no_leftover(router)


def two_lines(router: Router) -> None:
    """Two lines of one router at the same moment: their passwords share the files, and none is lost."""
    router.write("peers/backup", "user backup@adsl.ovh\n")
    for name in ("chap-secrets", "pap-secrets"):  # long, so that each run is at it for a while
        router.write(name, "".join(f'"user{number}" * "secret" *\n' for number in range(200)))
    router.start()
    for turn in range(1, 4):
        wanted = {LOGIN: f"new{turn}", "backup@adsl.ovh": f"other{turn}"}
        given = [(peer, login, wanted[login]) for peer, login in (("dsl", LOGIN), ("backup", "backup@adsl.ovh"))]
        ended = router.all_at_once(*given, dial="true")
        expect("ends", [(code, found.get("written")) for code, found in ended], [(0, "true")] * 2)
        for name in ("chap-secrets", "pap-secrets"):
            lines = [words(line) for line in router.read(name).splitlines()]
            expect(name, {line[0]: line[2] for line in lines if line[0] in wanted}, wanted)


def held_lock(router: Router) -> None:
    """The lock of a run that was killed is taken over; a run that still has it is named, and nothing is written."""
    router.start()
    for name in ("ownrouter.lock", "ownrouter-dsl.lock"):
        (router.run_dir / name).symlink_to(str(os.getpid()))  # another program has that number now
    expect("taken over", router.apply("new")["written"], "true")
    expect("locks", list(router.run_dir.glob("*.lock")), [])
    router.script = router.script.replace("now + 60", "now + 1")
    with subprocess.Popen(["sh", "-c", "read line", "router_script"], stdin=subprocess.PIPE) as other:
        (router.run_dir / "ownrouter.lock").symlink_to(str(other.pid))
        code, found = router.call("apply", "", "", "false", stdin=f"{LOGIN}\nnewer\n")
        other.kill()
    expect("held", (code, f"another run (process {other.pid} " in found["error"]), (1, True))
    expect("locks", [path.name for path in router.run_dir.glob("*.lock")], ["ownrouter.lock"])
    expect("secret", words(router.read("chap-secrets").splitlines()[1])[2], "new")
    expect("hang-ups", router.hups(), 2)


def not_running(router: Router) -> None:
    """Without a pppd the dial command is used, and its failure told."""
    dial = f"echo dialled >>{router.run_dir}/dials"
    found = router.apply("new", dial=dial)
    expect("dialled", (found["dialled"], (router.run_dir / "dials").read_text()), ("true", "dialled\n"))
    code, state = router.call("status", "0", "", "")
    expect("status", (state["up"], state["error_detail"]), ("false", "no pppd runs for the peer dsl"))
    code, found = router.call("apply", "", "", "exit 7", stdin=f"{LOGIN}\nnewer\n")
    expect("failure", (code, "ended with 7" in found["error"]), (1, True))


def not_persistent(router: Router) -> None:
    """A pppd that ends at the hang-up is started again, once."""
    router.program(
        "pppd", FAKE_PPPD.format(python=sys.executable).replace("  # and a hold-off begins", "; os._exit(0)  #")
    )
    router.write("peers/dsl", f"user {LOGIN}\n")
    router.start()
    assert router.pppd is not None
    reaper = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        router.apply("new", dial=f"echo dialled >>{router.run_dir}/dials")
    finally:
        signal.signal(signal.SIGCHLD, reaper)
    expect("hang-ups", router.hups(), 1)
    expect("dials", (router.run_dir / "dials").read_text(), "dialled\n")


def refusals(router: Router) -> None:
    """What stops the probe or the apply, and leaves the files alone."""
    router.start()
    before = router.read("chap-secrets")
    code, found = router.call("probe")
    expect("probe", (code, found["login"], found["writable"], found["up"]), (0, LOGIN, "true", "true"))
    code, found = router.call("apply", "", "", "false", stdin="someone@else\nnew\n")
    expect("other login", (code, "nothing was written" in found["error"]), (1, True))
    for stdin in ("", f"{LOGIN}\n", f"{LOGIN}\n\n", f"{LOGIN}\n@/etc/passwd\n"):
        code, found = router.call("apply", "", "", "false", stdin=stdin)
        expect(f"stdin {stdin!r}", (code, "error" in found), (1, True))
    router.write("peers/dsl", f'user "{LOGIN}"\npassword "x"\n')
    code, found = router.call("probe")
    expect("password option", (code, "overrides" in found["error"]), (1, True))
    router.write("peers/dsl", "persist\n")
    code, found = router.call("probe")
    expect("no user", (code, "no option user" in found["error"]), (1, True))
    router.write("options", f"name '{LOGIN}'\n")
    code, found = router.call("probe")
    expect("name option", (code, found["login"]), (0, LOGIN))
    (router.etc / "options").unlink()
    (router.etc / "peers/dsl").unlink()
    code, found = router.call("probe")
    expect("no peer", (code, "no pppd peer" in found["error"]), (1, True))
    expect("file", router.read("chap-secrets"), before)
    expect("hang-ups", router.hups(), 0)
    no_leftover(router)


def process_list(router: Router) -> None:
    """The password is in no process's arguments or environment while the script works."""
    canary = "Canary-7391-secret"
    seen: list[str] = []
    big = "".join(f'"user{number}@{LOGIN}" * "secret" *\n' for number in range(300))
    router.write("chap-secrets", big)
    trace = shutil.which("strace")
    if trace:
        log = str(router.run_dir / "trace")
        router.shell = [trace, "-f", "-e", "trace=execve", "-v", "-s", "100000", "-o", log, *router.shell]
    process = router.begin("apply", "", "", "true")
    assert process.stdin is not None
    process.stdin.write(f"{LOGIN}\n{canary}\n".encode())
    process.stdin.close()
    while process.poll() is None:
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit() and int(folder.name) != os.getpid():
                for name in ("cmdline", "environ"):
                    try:
                        if canary.encode() in (folder / name).read_bytes():
                            seen.append(f"{folder}/{name}")
                    except OSError:
                        pass
    if trace and canary in (router.run_dir / "trace").read_text(encoding="utf-8", errors="replace"):
        seen.append("execve")
    expect("exit status", process.returncode, 0)
    expect("seen", seen, [])
    expect("secret", words(router.read("chap-secrets").splitlines()[-1]), [LOGIN, "*", canary, "*"])


CASES = [
    passwords,
    forms,
    owner,
    check_mode,
    dialling,
    two_at_once,
    two_lines,
    held_lock,
    not_running,
    not_persistent,
    refusals,
    process_list,
]


def main() -> int:
    shells = [["dash"], ["busybox", "sh"], ["bash", "--posix"], ["sh"]]
    failures = 0
    for shell in shells:
        if not shutil.which(shell[0]):
            print(f"skipped: {shell[0]} is not on this machine")
            continue
        for case in CASES:
            if sys.argv[2:] and case.__name__ not in sys.argv[2:]:
                continue
            router = Router([str(shutil.which(shell[0])), *shell[1:]], sys.argv[1])
            try:
                case(router)
                print(f"ok      {' '.join(shell)}: {case.__name__}")
            except Failed as failure:
                failures += 1
                print(f"FAILED  {' '.join(shell)}: {case.__name__}: {failure}")
            finally:
                router.close()
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
