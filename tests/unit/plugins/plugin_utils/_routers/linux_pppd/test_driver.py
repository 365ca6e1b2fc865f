# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The driver of pppd over real shells, with a pppd that is played, and its decisions by the dozen."""

from __future__ import annotations

import concurrent.futures
import os
import shutil
import subprocess
import time
import typing as t
from pathlib import Path

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.linux_pppd import driver as linux_pppd
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.linux_pppd.driver import LinuxPppd
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.linux_pppd.plan import Facts
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.linux_pppd.words import with_secret
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.port import Credentials, Dial
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.shell import Shell
from ansible_collections.ownrouter.ovhcloud.tests.unit.plugins.plugin_utils._routers.conformance import Conformance
from ansible_collections.ownrouter.ovhcloud.tests.unit.plugins.plugin_utils._routers.linux_pppd.bench import (
    OLD,
    SHELLS,
    Bench,
)


class TestConformance(Conformance):
    driver = LinuxPppd

    @pytest.fixture
    def played(self, tmp_path: Path) -> t.Iterator[Bench]:
        with Bench(tmp_path, ["sh"]) as made:
            made.start()
            yield made


#: Names a password would have to survive: quotes, what shells and printf make much of, words of pppd's own.
PASSWORDS = [
    "plain123",
    "'\"$;\\ #<>&é: $(id) `id` \\n\\101 \\\\two ",
    "%s%d%%-n",
    "-n",
    "".join(map(chr, range(32, 127))),
]


def test_there_are_shells() -> None:
    assert len(SHELLS) >= 2


class TestWriting:
    def test_every_password_arrives_byte_for_byte_and_once(self, each: Bench) -> None:
        for password in PASSWORDS:
            applied = each.apply(password, dial=Dial.NEVER)
            assert (applied.changed, applied.written, applied.dialled) == (True, True, False), password
            for name in ("chap-secrets", "pap-secrets"):
                assert each.secret(name) == password
                assert (each.etc / name).stat().st_mode & 0o777 == 0o600
            assert each.read("chap-secrets").splitlines()[::2] == ["# Secrets", 'other * "keep me" *']
            before = (each.etc / "chap-secrets").stat()
            again = each.apply(password, dial=Dial.NEVER)
            assert (again.changed, again.written, again.dialled) == (False, False, False)
            after = (each.etc / "chap-secrets").stat()
            assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
        assert each.left() == ["chap-secrets", "pap-secrets", "peers"]

    def test_owner_mode_and_link_are_kept(self, each: Bench) -> None:
        """But a mode that lets others read is not."""
        if os.geteuid() == 0:
            os.chown(each.etc / "chap-secrets", 12, 34)
        (each.etc / "chap-secrets").chmod(0o640)
        (each.etc / "pap-secrets").chmod(0o644)
        (each.etc / "pap-secrets").rename(each.top / "real")
        (each.etc / "pap-secrets").symlink_to(each.top / "real")
        each.apply("new", dial=Dial.NEVER)
        state = (each.etc / "chap-secrets").stat()
        assert state.st_mode & 0o777 == 0o640
        assert os.geteuid() != 0 or (state.st_uid, state.st_gid) == (12, 34)
        assert (each.etc / "pap-secrets").is_symlink() and each.secret("pap-secrets") == "new"
        assert (each.top / "real").stat().st_mode & 0o777 == 0o600

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
    @pytest.mark.parametrize("owner", [(0, 0), (0, 34), (12, 0)])
    def test_a_folder_that_gives_its_group_to_files_changes_no_owner(self, each: Bench, owner: tuple[int, int]) -> None:
        os.chown(each.etc, 0, 56)
        each.etc.chmod(0o2755)
        os.chown(each.etc / "chap-secrets", *owner)
        each.apply("new", dial=Dial.NEVER)
        state = (each.etc / "chap-secrets").stat()
        assert (state.st_uid, state.st_gid) == owner and each.secret("chap-secrets") == "new"

    def test_both_names_of_one_file_are_written_once(self, bench: Bench) -> None:
        (bench.etc / "pap-secrets").unlink()
        (bench.etc / "pap-secrets").symlink_to("chap-secrets")
        bench.apply("new", dial=Dial.NEVER)
        assert (bench.etc / "pap-secrets").is_symlink() and bench.secret() == "new"
        assert not bench.apply("new", dial=Dial.NEVER).changed

    def test_a_file_that_is_not_there_is_made(self, each: Bench) -> None:
        (each.etc / "pap-secrets").unlink()
        each.apply("new", dial=Dial.NEVER)
        assert each.read("pap-secrets") == f'"{each.login}" * "new" *\n'
        assert (each.etc / "pap-secrets").stat().st_mode & 0o777 == 0o600

    def test_what_a_killed_run_left_is_removed(self, each: Bench) -> None:
        each.write(".chap-secrets.ownrouter.123", "half of a secret")
        each.apply("new", dial=Dial.NEVER)
        assert each.left() == ["chap-secrets", "pap-secrets", "peers"]

    def test_a_change_in_between_is_looked_at_again(self, bench: Bench) -> None:
        """Somebody writes another line between our look and our write: both stand in the end."""
        turns = []

        def execute(command: str, given: bytes) -> tuple[int, bytes, str]:
            if "ownrouter write" in command and not turns:
                turns.append(1)
                bench.write("chap-secrets", bench.read("chap-secrets") + "third * line *\n")
            return bench.execute(command, given)

        driver = LinuxPppd(Shell(execute), bench.peer, ppp_dir=str(bench.etc), run_dir=str(bench.run_dir))
        applied = driver.apply(Credentials(bench.login, "new"), dial=Dial.NEVER, age=None, check=False)
        assert applied.written and bench.secret() == "new" and "third * line *\n" in bench.read("chap-secrets")

    def test_changes_without_end_are_told(self, bench: Bench) -> None:
        def execute(command: str, given: bytes) -> tuple[int, bytes, str]:
            if "ownrouter write" in command:
                bench.write("chap-secrets", bench.read("chap-secrets") + "one more line\n")
            return bench.execute(command, given)

        driver = LinuxPppd(Shell(execute), bench.peer, ppp_dir=str(bench.etc), run_dir=str(bench.run_dir))
        with pytest.raises(Failure, match="Nothing was written") as caught:
            driver.apply(Credentials(bench.login, "new"), dial=Dial.NEVER, age=None, check=False)
        assert caught.value.code == "router_refused" and bench.secret() == OLD

    def test_no_secret_is_an_argument(self, each: Bench) -> None:
        strace = shutil.which("strace")
        assert strace, "install strace"
        canary, trace = "Canary-7391-secret", each.top / "trace"
        each.shell = [strace, "-f", "-qq", "-e", "trace=execve", "-v", "-s", "100000", "-o", str(trace), *each.shell]
        each.apply(canary, dial=Dial.NEVER)
        each.driver().probe(prove=True)
        seen = trace.read_text(encoding="utf-8", errors="replace")
        assert each.secret() == canary and "execve(" in seen
        assert canary not in seen and OLD not in seen and "keep me" not in seen


class TestDialling:
    def test_a_session_is_hung_up_and_its_hold_off_ended(self, each: Bench) -> None:
        each.start()
        (each.run_dir / "accepted").write_text("new")
        applied = each.apply("new")
        assert (applied.written, applied.dialled, each.hups()) == (True, True, 2)
        session = each.driver().session(wait=10, since=applied.mark)
        assert (session.up, session.address, session.error) == (True, "203.0.113.10", "")
        assert session.uptime is not None and session.uptime < 10

    @pytest.mark.parametrize("holdoff", ["holdoff 0", "holdoff 1"])
    def test_a_short_hold_off_is_waited_for(self, tmp_path: Path, holdoff: str) -> None:
        with Bench(tmp_path, peer_lines=f"persist\n{holdoff}\n", hold=0.5) as bench:
            bench.start()
            (bench.run_dir / "accepted").write_text("new")
            assert bench.apply("new").dialled and bench.hups() == 1

    def test_completing_a_file_does_not_dial(self, bench: Bench) -> None:
        bench.start()
        bench.write("pap-secrets", "# none\n")
        applied = bench.apply(OLD)
        assert (applied.written, applied.dialled, bench.hups()) == (True, False, 0)
        assert bench.driver().session(wait=0, since=applied.mark).up

    def test_a_session_older_than_the_password_is_ended(self, bench: Bench) -> None:
        bench.start(age=100)
        assert not bench.apply(OLD, age=200).changed
        applied = bench.apply(OLD, age=50)
        assert (applied.written, applied.dialled, bench.hups()) == (False, True, 2)
        assert bench.driver().session(wait=10, since=applied.mark).up
        assert not bench.apply(OLD, age=50).changed

    def test_in_the_hold_off_one_signal_is_enough(self, each: Bench) -> None:
        each.start()
        each.accept("new")
        applied = each.apply("new")
        assert (applied.dialled, each.hups()) == (True, 1)
        each.cut()
        assert not each.apply("new").changed, "pppd redials by itself"
        assert each.hups() == 1
        each.write("chap-secrets", f'"{each.login}" * "old" *\n')
        applied = each.apply("new")
        assert (applied.written, applied.dialled, each.hups()) == (True, True, 2), "a killed run wrote one file only"

    def test_a_dial_that_is_under_way_is_not_cut(self, bench: Bench) -> None:
        """It is waited for: in vain, then a signal ends the hold-off that follows."""
        bench.start()
        bench.accept("new")
        bench.dial_slowly()

        def execute(command: str, given: bytes) -> tuple[int, bytes, str]:
            if "ownrouter wait" in command:
                (bench.run_dir / "slow").unlink(missing_ok=True)
            return bench.execute(command, given)

        driver = LinuxPppd(Shell(execute), bench.peer, ppp_dir=str(bench.etc), run_dir=str(bench.run_dir))
        applied = driver.apply(Credentials(bench.login, "new"), dial=Dial.AUTO, age=None, check=False)
        assert (applied.written, applied.dialled, bench.hups()) == (True, True, 2)  # the first one is the test's own
        assert bench.log("refused") and not bench.log("cut")

    def test_nothing_runs(self, each: Bench) -> None:
        dial = f"echo dialled >>{each.run_dir}/dials"
        applied = each.apply("new", dial_command=dial)
        assert applied.dialled and (each.run_dir / "dials").read_text() == "dialled\n"
        session = each.driver().session(wait=0, since=None)
        assert not session.up and session.error.startswith(f"no pppd runs for the peer {each.peer}")
        with pytest.raises(Failure, match=r"ended with exit code 7: exit 7\. Set O\(dial_command\)") as caught:
            each.apply("newer", dial_command="exit 7")
        assert caught.value.code == "router_write" and each.secret() == "newer"

    def test_pon_is_the_command(self, bench: Bench) -> None:
        bench.program("pon", f'#!/bin/sh\necho "$@" >>{bench.run_dir}/pons\n')
        assert bench.apply("new").dialled
        assert (bench.run_dir / "pons").read_text() == f"{bench.peer}\n"

    def test_what_pon_was_given_is_given_again(self, tmp_path: Path) -> None:
        with Bench(tmp_path, peer_lines="") as bench:
            bench.program("pon", f'#!/bin/sh\necho "$@" >>{bench.run_dir}/pons\n')
            bench.start("call", bench.peer, "unit", "3", before=["setsid", "-f"])
            assert bench.apply("new").dialled
            assert (bench.run_dir / "pons").read_text() == f"{bench.peer} unit 3\n"

    def test_without_persist_it_is_started_again_once(self, tmp_path: Path) -> None:
        with Bench(tmp_path, peer_lines="") as bench:
            bench.start(before=["setsid", "-f"])
            applied = bench.apply("new", dial_command=f"echo dialled >>{bench.run_dir}/dials")
            assert (applied.dialled, bench.hups()) == (True, 1)
            assert (bench.run_dir / "dials").read_text() == "dialled\n"

    @pytest.mark.parametrize("pause", [0.0, 1.5])
    def test_a_supervisor_starts_it_again(self, tmp_path: Path, pause: float) -> None:
        """Refused ones too, between which there is none for a while: never a second one of ours beside it."""
        with Bench(tmp_path, peer_lines="") as bench:
            bench.program("pon", f'#!/bin/sh\necho "$@" >>{bench.run_dir}/pons\n')
            loop = bench.top / "supervise"
            loop.write_text(f"while :; do {bench.bin}/pppd call {bench.peer} nodetach; sleep {pause}; done\n")
            bench.start(before=["sh", str(loop)])
            if pause:
                bench.accept("new")
                bench.wait(lambda: len(bench.log("refused")) >= 2)
            (bench.run_dir / "accepted").write_text("new")
            applied = bench.apply("new")
            assert applied.dialled and bench.driver().session(wait=20, since=applied.mark).up
            assert not (bench.run_dir / "pons").exists()

    def test_without_persist_and_supervisor_pon_starts_it(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(linux_pppd, "PAUSE", 1.0)
        with Bench(tmp_path, peer_lines="") as bench:
            bench.program("pon", f'#!/bin/sh\necho "$@" >>{bench.run_dir}/pons\n')
            assert bench.apply("new").dialled and (bench.run_dir / "pons").read_text() == f"{bench.peer}\n"

    @pytest.mark.parametrize(("age", "least", "most"), [(60, 0, 0), (8, 1, 8), (-60, 10, 10)])
    def test_it_is_waited_for_as_long_as_pppd_may_be_started_by_somebody_else(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, age: int, least: int, most: int
    ) -> None:
        """A pppd says when it starts and ends: what its log was silent for need not be waited for again.

        :param least: the seconds that the router is asked to wait, at least; `most`: less when this machine is slow
        """
        log = tmp_path / "ppp.log"
        log.write_text("Exit.\n")
        now = [0.0]

        def watch(_driver: LinuxPppd, facts: Facts, seconds: float) -> Facts:
            now[0] += seconds
            return facts

        monkeypatch.setattr(LinuxPppd, "_watch", watch)
        with Bench(tmp_path / "router", peer_lines=f"logfile {log}\n") as bench:
            bench.program("pon", f'#!/bin/sh\necho "$@" >>{bench.run_dir}/pons\n')
            os.utime(log, (time.time() - age,) * 2)
            driver = bench.driver(monotonic=lambda: now[0])
            assert driver.apply(Credentials(bench.login, "new"), dial=Dial.AUTO, age=None, check=False).dialled
            assert (bench.run_dir / "pons").read_text() == f"{bench.peer}\n"
        assert least <= now[0] <= most

    def test_one_that_was_killed_outright_said_nothing(self, tmp_path: Path) -> None:
        """But its pid file is there still: then the log tells nothing."""
        log = tmp_path / "ppp.log"
        log.write_text("Connect: ppp0\n")
        os.utime(log, (time.time() - 60,) * 2)
        with Bench(tmp_path / "router", peer_lines=f"logfile {log}\n") as bench:
            bench.start()
            bench.processes[-1].kill()
            bench.processes[-1].wait()
            driver = bench.driver()
            seen = driver._with_starters(driver._look())
            assert (seen.process, seen.silent) == (None, 0)
            (bench.run_dir / "ppp0.pid").unlink()
            assert driver._with_starters(driver._look()).silent > 50

    def test_a_supervisor_whose_pppd_has_just_ended_is_waited_for(self, tmp_path: Path) -> None:
        log = tmp_path / "ppp.log"
        log.write_text("Exit.\n")
        with Bench(tmp_path / "router", peer_lines=f"logfile {log}\n") as bench:
            bench.program("pon", f'#!/bin/sh\necho "$@" >>{bench.run_dir}/pons\n')
            bench.accept("new")
            with concurrent.futures.ThreadPoolExecutor(1) as pool:
                run = pool.submit(bench.apply, "new")
                bench.wait(lambda: bench.secret("pap-secrets") == "new")
                time.sleep(1.5)
                bench.start("call", bench.peer, "nodetach", before=["sh", "-c", '"$@"; :', "supervise"])
                assert run.result(20).written
            assert not (bench.run_dir / "pons").exists() and len(bench.log("started")) == 1

    def test_somebody_at_a_shell_starts_nothing_again(self, tmp_path: Path) -> None:
        with Bench(tmp_path, peer_lines="") as bench:
            shell = subprocess.Popen(["sh"], stdin=subprocess.PIPE, env={"PATH": f"{bench.bin}:/usr/bin:/bin"})
            assert shell.stdin is not None
            shell.stdin.write(f"pppd call {bench.peer} nodetach\n".encode())
            shell.stdin.flush()
            bench.processes.append(shell)
            bench.wait((bench.run_dir / "ppp0.pid").exists)
            probe = bench.driver().probe(prove=False)
            assert not probe.writable and "Set O(dial_command)" in probe.why
            assert bench.driver(dial_command="true").probe(prove=False).writable

    def test_several_runs_at_once_write_and_dial_once(self, each: Bench) -> None:
        each.start()
        for turn in range(1, 4):
            each.accept(f"new{turn}")
            with concurrent.futures.ThreadPoolExecutor(3) as pool:
                ended = list(pool.map(lambda _number, turn=turn: each.apply(f"new{turn}"), range(3)))
            assert sorted(run.written for run in ended) == [False, False, True]
            assert sorted(run.dialled for run in ended) == [False, False, True]
            assert (each.secret("pap-secrets"), each.hups()) == (f"new{turn}", turn)
        assert each.left() == ["chap-secrets", "pap-secrets", "peers"]

    @pytest.mark.parametrize("right", [False, True])
    def test_several_runs_at_once_start_it_once(self, bench: Bench, right: bool) -> None:
        if right:
            bench.apply("new", dial=Dial.NEVER)
        dial = f"echo dialled >>{bench.run_dir}/dials; exec {bench.bin}/pppd call {bench.peer}"
        bench.accept("new")
        with concurrent.futures.ThreadPoolExecutor(3) as pool:
            list(pool.map(lambda _number: bench.apply("new", dial_command=dial), range(3)))
        assert (bench.run_dir / "dials").read_text() == "dialled\n" and len(bench.log("started")) == 1

    def test_two_lines_at_once_lose_nothing(self, bench: Bench) -> None:
        bench.write("peers/backup", "user backup@adsl.ovh\n")
        for name in ("chap-secrets", "pap-secrets"):  # long, so that each run is at it for a while
            bench.write(name, "".join(f'"user{number}" * "secret" *\n' for number in range(200)))
        wanted = [(bench.peer, bench.login, "new"), ("backup", "backup@adsl.ovh", "other")]
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            ended = list(
                pool.map(lambda one: bench.apply(one[2], peer=one[0], login=one[1], dial_command="true"), wanted)
            )
        assert [run.written for run in ended] == [True, True]
        for name in ("chap-secrets", "pap-secrets"):
            content = (bench.etc / name).read_bytes()
            for _peer, login, password in wanted:
                assert with_secret(content, login.encode(), password.encode(), add=False) == content
            assert len(content.splitlines()) == 202

    def test_the_lock_of_a_killed_run_is_taken_over(self, each: Bench) -> None:
        for name in ("ownrouter.lock", f"ownrouter-{each.peer}.lock"):
            (each.run_dir / name).symlink_to(str(os.getpid()))  # another program has that number now
        assert each.apply("new", dial=Dial.NEVER).written
        assert not list(each.run_dir.glob("*.lock"))

    def test_a_run_that_has_the_lock_is_named(self, bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(linux_pppd, "_LOCKED", 1)
        with subprocess.Popen(["sh", "-c", ": ownrouter write; read line"], stdin=subprocess.PIPE) as other:
            (bench.run_dir / "ownrouter.lock").symlink_to(str(other.pid))
            with pytest.raises(Failure, match=f"Another run .process {other.pid} ") as caught:
                bench.apply("new", dial=Dial.NEVER)
            other.kill()
        assert caught.value.code == "router_refused" and "Nothing was written" in caught.value.message
        assert [path.name for path in bench.run_dir.glob("*.lock")] == ["ownrouter.lock"] and bench.secret() == OLD

    def test_check_mode_predicts(self, bench: Bench) -> None:
        bench.start()
        assert bench.apply("new", check=True).changed and not bench.apply(OLD, check=True).changed
        assert (bench.secret(), bench.hups()) == (OLD, 0)
        assert bench.left() == ["chap-secrets", "pap-secrets", "peers"]
