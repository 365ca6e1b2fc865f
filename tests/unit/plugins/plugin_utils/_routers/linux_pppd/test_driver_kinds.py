# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The kinds of pppd routers that are met: where the password stands, who keeps pppd, on what its files lie."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
import typing as t
from pathlib import Path

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.port import (
    Counter,
    Credentials,
    Dial,
    Interface,
    Probe,
)
from ansible_collections.ownrouter.ovhcloud.tests.unit.plugins.plugin_utils._routers.linux_pppd.bench import OLD, Bench

root_only = pytest.mark.skipif(os.geteuid() != 0, reason="namespaces, mounts and other users need root")


def look(bench: Bench, *, prove: bool = False, **options: t.Any) -> Probe:
    return bench.driver(**options).probe(prove=prove)


class TestWhereThePasswordStands:
    @pytest.mark.parametrize("way", ["peer", "options", "file", "call", "deep", "device"])
    def test_an_option_password_is_written_where_it_is_read(self, bench: Bench, way: str) -> None:
        """And a pppd that runs is started again, as it reads its options at its start alone."""
        line = "# before\npassword 'old one' # behind\n"
        more, path = "", "more"
        if way == "options":
            path = "options"
        elif way == "file":
            more = f"file {bench.etc}/more\n"
        elif way == "call":
            more, path = "call more\n", "peers/more"
        elif way == "deep":
            more, path = "call one\n", "three"
            bench.write("peers/one", f"call one\ncall two\nfile {bench.etc}/three\n")
            bench.write("peers/two", f"password nope\ncall {bench.peer}\n")
        elif way == "device":
            path = "options.eth0.835"
        if way == "peer":
            more, path = line, f"peers/{bench.peer}"
        bench.write(f"peers/{bench.peer}", bench.read(f"peers/{bench.peer}") + more)
        if way != "peer":
            bench.write(path, line, mode=0o640)
        before = bench.read(path)
        bench.program("pon", f"#!/bin/sh\necho pon >>{bench.run_dir}/pons\nexec {bench.bin}/pppd call $1\n")
        bench.start(before=["setsid", "-f"])
        assert look(bench).writable
        applied = bench.apply('ne"w')
        assert applied.written and applied.dialled
        assert bench.read(path) == before.replace("'old one'", '"ne\\"w"')
        assert (bench.etc / path).stat().st_mode & 0o777 == (0o600 if way == "peer" else 0o640)
        assert (bench.run_dir / "pons").read_text() == "pon\n" and len(bench.log("ended")) == 1
        assert bench.secret() == 'ne"w' and not bench.apply('ne"w', dial=Dial.NEVER).changed

    def test_a_run_that_was_killed_before_the_start_is_taken_up(self, bench: Bench) -> None:
        bench.start(before=["setsid", "-f"])
        bench.write("options", 'password "new"\n')
        for name in ("chap-secrets", "pap-secrets"):
            bench.write(name, f'"{bench.login}" * "new" *\n')
        bench.accept("new")
        time.sleep(1.1)
        os.utime(bench.etc / "options")
        bench.program("pon", f"#!/bin/sh\nexec {bench.bin}/pppd call $1\n")
        applied = bench.apply("new")
        assert (applied.written, applied.dialled) == (False, True)
        bench.wait(lambda: len(bench.log("started")) == 2)

    def test_no_line_is_added_to_the_secrets_when_an_option_holds_it(self, bench: Bench) -> None:
        bench.write("options", "password old\n")
        bench.write("chap-secrets", "# none\n")
        bench.apply("new", dial=Dial.NEVER)
        assert bench.read("chap-secrets") == "# none\n" and bench.read("options") == 'password "new"\n'

    def test_the_login_of_ua_counts_and_its_file_is_kept_right(self, bench: Bench) -> None:
        bench.write("ua", f"{bench.login}\nold\nmore\n")
        bench.write(f"peers/{bench.peer}", f"persist\n+ua {bench.etc}/ua\n")
        assert look(bench).login == bench.login
        bench.apply("new", dial=Dial.NEVER)
        assert bench.read("ua") == f"{bench.login}\nnew\nmore\n" and bench.secret() == "new"

    def test_files_that_ppp_2_5_is_told_of(self, bench: Bench) -> None:
        bench.write("my-chap", "")
        bench.write("options", f"chap-secrets {bench.etc}/my-chap\n")
        bench.apply("new", dial=Dial.NEVER)
        assert bench.secret("my-chap") == "new" and bench.secret("chap-secrets") == OLD

    def test_another_login_is_written_where_it_is_read(self, bench: Bench) -> None:
        bench.write(f"peers/{bench.peer}", f"persist\nfile {bench.top}/elsewhere\n")
        (bench.top / "elsewhere").write_text(f"# login\nuser {bench.login}\n")
        applied = bench.apply("new", login="other@adsl.ovh", dial=Dial.NEVER)
        assert applied.written and (bench.top / "elsewhere").read_text() == '# login\nuser "other@adsl.ovh"\n'
        assert bench.read("pap-secrets").endswith('"other@adsl.ovh" * "new" *\n') and bench.secret() == OLD

    @pytest.mark.parametrize(
        ("peer", "why"),
        [
            ("persist\n", "has no option user"),
            ("user x\nplugin passwordfd.so\n", "Remove that plugin"),
        ],
    )
    def test_what_cannot_be_written_is_told(self, bench: Bench, peer: str, why: str) -> None:
        bench.write(f"peers/{bench.peer}", peer)
        probe = look(bench)
        assert not probe.writable and why in probe.why
        with pytest.raises(Failure, match="Nothing was written") as caught:
            bench.apply("new")
        assert caught.value.code == "router_refused" and bench.secret() == OLD

    def test_a_password_or_login_on_the_command_line_is_told(self, bench: Bench) -> None:
        bench.start("call", bench.peer, "user", bench.login, "password", "????")
        assert "command line" in look(bench).why or "with the option password" in look(bench).why

    def test_another_login_on_the_command_line_is_told(self, bench: Bench) -> None:
        bench.start("call", bench.peer, "user", bench.login)
        with pytest.raises(Failure, match=r"with the login .* on its command line") as caught:
            bench.apply("new", login="other")
        assert caught.value.code == "router_option" and bench.secret() == OLD

    @pytest.mark.parametrize("end", ["a * 'b", "a * b *\\"])
    def test_a_file_that_takes_no_line_is_told(self, bench: Bench, end: str) -> None:
        bench.write("chap-secrets", end)
        probe = look(bench)
        assert not probe.writable and "ends within a quoted or continued line" in probe.why

    def test_an_unknown_peer_is_told_with_those_there_are(self, bench: Bench) -> None:
        for peer in ("absent", "../options", "-d", "a b"):
            with pytest.raises(Failure) as caught:
                look(bench, peer=peer)
            assert caught.value.code == "router_option" and "interface" in caught.value.message
        with pytest.raises(Failure, match=f"Those that exist: {bench.peer}"):
            look(bench, peer="absent")

    def test_provisioning_looks_first(self, each: Bench) -> None:
        """In each shell. What is made is seen on the line (tests/lab), and planned in test_provisioning.py."""
        before = each.left()
        with pytest.raises(Failure, match=r"The router has no port nosuch0|no pppd that speaks PPPoE"):
            each.driver().provision(Interface("nosuch0", 835, 1492, "l@x"), check=False)
        assert each.left() == before

    @pytest.mark.parametrize(
        ("login", "password", "why"),
        [("x", "a" * 256, "password is longer"), ("é" * 128, "a", "login is longer"), ("x", "@/etc/passwd", "begins")],
    )
    def test_what_pppd_does_not_take(self, bench: Bench, login: str, password: str, why: str) -> None:
        assert why in bench.driver().unfit(Credentials(login, password))
        assert bench.driver().unfit(Credentials("x", "é" * 64)) == ""


class TestTheSession:
    @pytest.mark.parametrize("ifname", ["wan0", "ppp-dsl", "a.b"])
    def test_the_interface_may_have_any_name(self, tmp_path: Path, ifname: str) -> None:
        with Bench(tmp_path, peer_lines=f"persist\nifname {ifname}\n", ifname=ifname) as bench:
            bench.start()
            session = look(bench).session
            assert session.up and session.identity.startswith(f"{ifname} ")

    def test_the_pid_file_of_a_link_is_none_of_an_interface(self, bench: Bench) -> None:
        bench.start()
        pid = (bench.run_dir / "ppp0.pid").read_text()
        (bench.run_dir / f"ppp-{bench.peer}.pid").write_text(f"{pid}ppp0\n")
        assert look(bench).session.identity.startswith("ppp0 ")

    def test_pid_files_of_2_5(self, tmp_path: Path) -> None:
        with Bench(tmp_path, ifname="pppd/ppp0") as bench:
            bench.program("ip", (bench.bin / "ip").read_text().replace("$interface.pid", "pppd/$interface.pid"))
            bench.start()
            assert look(bench).session.up

    def test_without_an_address_there_is_none(self, bench: Bench) -> None:
        bench.start()
        bench.program("ip", "#!/bin/sh\nexit 0\n")
        assert not look(bench).session.up

    def test_the_counter_and_the_way_are_told(self, bench: Bench) -> None:
        bench.start()
        (bench.run_dir / "lo.pid").write_text((bench.run_dir / "ppp0.pid").read_text())
        (bench.run_dir / "ppp0.pid").rename(bench.run_dir / "kept")
        probe = look(bench)
        (bench.run_dir / "kept").rename(bench.run_dir / "ppp0.pid")
        assert probe.reached_by == "eth7"
        assert isinstance(probe.counter, Counter) and probe.counter.interface == "lo" and probe.counter.received > 0

    def test_the_provider_s_refusal_is_told(self, bench: Bench) -> None:
        bench.start()
        bench.cut()
        log = bench.top / "ppp.log"
        log.write_text("CHAP authentication succeeded\nCHAP authentication failed: no\nConnection terminated.\n")
        bench.write("options", f"logfile {log}\n")
        session = bench.driver().session(wait=0, since=None)
        assert session.error.endswith("pppd says that the provider refused the login and password")
        log.write_text("PAP authentication failed\nPAP authentication succeeded\n")
        assert "refused" not in bench.driver().session(wait=0, since=None).error


class TestWhichPppd:
    @pytest.mark.parametrize("way", ["file", "linkname", "same login", "link"])
    def test_it_is_found_however_it_was_started(self, bench: Bench, way: str) -> None:
        path = f"{bench.etc}/peers/{bench.peer}"
        arguments = ["file", path]
        if way == "linkname":
            bench.write("lines", f"user someone\nlinkname {bench.peer}\npersist\n")
            arguments = ["file", f"{bench.etc}/lines"]
        elif way == "same login":
            bench.write("lines", f"user {bench.login}\npersist\n")
            arguments = ["file", f"{bench.etc}/lines"]
        elif way == "link":
            (bench.etc / "peers/provider").symlink_to(bench.peer)
            arguments = ["call", "provider"]
        bench.start(*arguments)
        assert look(bench).session.up

    def test_a_peer_that_is_no_file_is_found_by_its_link(self, bench: Bench) -> None:
        bench.write("lines", f"user {bench.login}\nlinkname other\npersist\n")
        bench.start("file", f"{bench.etc}/lines")
        assert look(bench, peer="other").session.up

    def test_that_of_another_line_is_left_alone(self, bench: Bench) -> None:
        bench.write("peers/backup", "user backup@adsl.ovh\npersist\n")
        bench.start("call", "backup")
        assert not look(bench).session.up and look(bench).session.error.startswith("no pppd runs")

    def test_two_of_one_line_are_told(self, bench: Bench) -> None:
        bench.start()
        bench.start("call", bench.peer, "unit", "1")
        probe = look(bench)
        assert not probe.writable and "More than one pppd" in probe.why
        assert all(str(process.pid) in probe.why for process in bench.processes)

    def test_a_child_of_it_is_no_second_one(self, bench: Bench) -> None:
        text = (bench.bin / "pppd").read_text()
        child = "signalled = []\nif os.fork() == 0: time.sleep(5), os._exit(0)"
        bench.program("pppd", text.replace("signalled = []", child, 1))
        bench.start()
        assert look(bench).writable

    @root_only
    @pytest.mark.parametrize("space", [["--net"], ["--pid", "--fork", "--kill-child"]])
    def test_that_of_a_container_is_not_ours(self, bench: Bench, space: list[str]) -> None:
        bench.start()
        other = subprocess.Popen(
            ["unshare", *space, str(bench.bin / "pppd"), "call", bench.peer, "unit", "7"],
            env={"PATH": f"{bench.bin}:/usr/bin:/bin"},
        )
        bench.processes.append(other)
        first = str(bench.processes[0].pid)
        bench.wait(lambda: (bench.run_dir / "ppp0.pid").read_text().strip() not in ("", first))
        (bench.run_dir / "ppp0.pid").write_text(f"{bench.processes[0].pid}\n")
        os.utime(bench.run_dir / "ppp0.pid", (time.time() - 99, time.time() - 99))
        probe = look(bench)
        assert probe.writable and probe.session.up and (probe.session.uptime or 0) > 50


class TestWhoMay:
    @root_only
    def test_without_become_it_is_told_what_may_not_be_read(self) -> None:
        with tempfile.TemporaryDirectory() as folder, Bench(Path(folder)) as bench:  # pytest shuts its own to others
            Path(folder).chmod(0o755)
            self.without_become(bench)

    @staticmethod
    def without_become(bench: Bench) -> None:
        bench.shell = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "sh"]
        for path in ("peers", f"peers/{bench.peer}", "chap-secrets"):
            for folder in (bench.etc, bench.etc / "peers"):
                folder.chmod(0o755)
            for file in (f"peers/{bench.peer}", "chap-secrets", "pap-secrets"):
                (bench.etc / file).chmod(0o644)
            (bench.etc / path).chmod(0o700 if path == "peers" else 0o600)
            with pytest.raises(Failure, match="Set ansible_become to true") as caught:
                look(bench)
            assert caught.value.code == "router_option" and f"{bench.etc}/{path} " in caught.value.message
        (bench.etc / "chap-secrets").chmod(0o644)
        probe = look(bench)
        assert not probe.writable and "may not be written by nobody" in probe.why and "ansible_become" in probe.why
        bench.shell = ["sh"]
        bench.start()
        bench.shell = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "sh"]
        for path in (
            bench.etc,
            bench.etc / "chap-secrets",
            bench.etc / "pap-secrets",
            bench.etc / "peers" / bench.peer,
        ):
            path.chmod(0o777)
        probe = look(bench)
        assert not probe.writable and "may not send signals to pppd" in probe.why

    def test_missing_tools_are_named(self, bench: Bench) -> None:
        tools = bench.top / "tools"
        tools.mkdir()
        for name in os.listdir("/usr/bin"):
            if name not in ("sha256sum",):
                (tools / name).symlink_to(f"/usr/bin/{name}")
        execute = bench.execute

        def fewer(command: str, given: bytes) -> tuple[int, bytes, str]:
            # BEGIN of shell.py adds the usual folders: take them away again
            return execute(command, given.replace(b":/usr/bin:/bin", b"").replace(b":/usr/sbin:/sbin", b""))

        bench.bin_path = str(tools)
        bench.execute = fewer  # type: ignore[method-assign]
        with pytest.raises(Failure, match="The command sha256sum is missing"):
            look(bench)


@root_only
class TestMounts:
    """In a mount namespace of the router's own."""

    @pytest.fixture
    def bench(self, tmp_path: Path) -> t.Iterator[Bench]:
        with Bench(tmp_path) as made:
            holder = subprocess.Popen(["unshare", "-m", "sleep", "300"])
            made.processes.append(holder)
            made.wait(lambda: os.readlink(f"/proc/{holder.pid}/ns/mnt") != os.readlink("/proc/self/ns/mnt"))
            made.shell = ["nsenter", "-t", str(holder.pid), "-m", "sh"]
            yield made

    @staticmethod
    def inside(bench: Bench, script: str) -> str:
        return subprocess.run([*bench.shell, "-ec", script], check=True, capture_output=True, text=True).stdout

    def test_a_mounted_file_is_written_in_place(self, bench: Bench) -> None:
        real = bench.top / "real"
        real.write_text(bench.read("chap-secrets") + "# a long line that is there as well\n" * 3)
        real.chmod(0o600)
        self.inside(bench, f"mount --bind {real} {bench.etc}/chap-secrets")
        assert look(bench, prove=True).writable
        assert bench.apply("new", dial=Dial.NEVER).written
        assert f'"{bench.login}" * "new" *\n' in real.read_text() and bench.secret("pap-secrets") == "new"
        assert not bench.apply("new", dial=Dial.NEVER).changed

    def test_a_mounted_file_is_put_back_when_there_is_no_room(self, bench: Bench) -> None:
        """It fills its block but for a few bytes, and the disk has no other one."""
        before = bench.read("chap-secrets")
        bench.write("chap-secrets", before + "#" * (4090 - len(before)))
        self.inside(
            bench,
            f"mkdir {bench.top}/small; mount -t tmpfs -o size=64k none {bench.top}/small; cd {bench.top}/small;"
            f" cp -p {bench.etc}/chap-secrets .; dd if=/dev/zero of=full bs=4k 2>/dev/null || :;"
            f" mount --bind chap-secrets {bench.etc}/chap-secrets",
        )
        with pytest.raises(Failure) as caught:
            bench.apply("n" * 64)
        assert caught.value.code == "router_write"
        assert self.inside(bench, f"cat {bench.etc}/chap-secrets") == bench.read("chap-secrets")

    @pytest.mark.parametrize("what", ["", "/chap-secrets"])
    def test_a_read_only_mount_is_told(self, bench: Bench, what: str) -> None:
        self.inside(
            bench, f"mount --bind {bench.etc}{what} {bench.etc}{what}; mount -o remount,ro,bind {bench.etc}{what}"
        )
        probe = look(bench)
        assert not probe.writable and f"a mount that is read-only ({bench.etc}{what})" in probe.why

    @pytest.mark.parametrize("options", ["size=64k", "nr_inodes=5"])
    def test_a_full_disk_is_told_when_it_is_tried(self, bench: Bench, options: str) -> None:
        self.inside(
            bench,
            f"cp -a {bench.etc} {bench.top}/copy; mount -t tmpfs -o {options} none {bench.etc};"
            f" cp -a {bench.top}/copy/. {bench.etc};"
            + ("" if "inodes" in options else f" dd if=/dev/zero of={bench.etc}/full bs=4k 2>/dev/null || :"),
        )
        assert look(bench).writable, "that is not seen without trying"
        probe = look(bench, prove=True)
        assert not probe.writable and "could not be written when that was tried" in probe.why and probe.tried
        assert "No space left" in probe.why or "I/O error" in probe.why  # dash's word for it
        before = self.inside(bench, f"cd {bench.etc}; ls -A; cat chap-secrets")
        with pytest.raises(Failure) as caught:
            bench.apply("new")
        assert caught.value.code == "router_write" and "could not be written" in caught.value.message
        assert self.inside(bench, f"cd {bench.etc}; ls -A; cat chap-secrets") == before

    def test_what_is_tried_for_one_line_leaves_another_line_s_alone(self, bench: Bench) -> None:
        """Two lines of one router are prepared at the same moment; what a killed run of the own line left goes."""
        others = bench.etc / "..pap-secrets.trial-other.ownrouter.7"
        left = bench.etc / f"..pap-secrets.trial-{bench.peer}.ownrouter.7"
        others.write_text("x")
        left.write_text("x")
        assert look(bench, prove=True).writable
        assert others.exists() and not left.exists()

    def test_a_file_in_memory_is_told(self, bench: Bench) -> None:
        self.inside(
            bench,
            f"cd {bench.top}; mkdir upper; mount -t tmpfs none upper; mkdir upper/u upper/w; mount -t overlay"
            f" -o lowerdir={bench.etc},upperdir={bench.top}/upper/u,workdir={bench.top}/upper/w none {bench.etc}",
        )
        probe = look(bench, prove=True)
        assert probe.writable and f"What is written below {bench.etc} on the router is gone" in probe.warnings[0]

    def test_a_file_that_may_not_be_replaced_is_told_when_tried(self, bench: Bench) -> None:
        path = bench.etc / "chap-secrets"
        if subprocess.run(["chattr", "+i", str(path)], capture_output=True, check=False).returncode != 0:
            pytest.skip("this machine's file system has no immutable files")
        try:
            assert not look(bench, prove=True).writable
        finally:
            subprocess.run(["chattr", "-i", str(path)], check=True)

    def test_a_unit_is_asked_to_start_it(self, bench: Bench) -> None:
        units = bench.top / "units"
        (units / "multi-user.target.wants").mkdir(parents=True)
        unit = units / "multi-user.target.wants" / (f"ppp@{bench.peer}.service".replace("-", "\\x2d"))
        unit.write_text("[Service]\nExecStart=/usr/sbin/pppd call %I nodetach\n")
        self.inside(bench, f"mkdir -p /etc/systemd/system; mount --bind {units} /etc/systemd/system")
        bench.program("systemctl", f'#!/bin/sh\necho "$@" >>{bench.run_dir}/asked\n')
        bench.program("pon", f"#!/bin/sh\necho pon >>{bench.run_dir}/asked\n")
        assert bench.apply("new").dialled
        asked = (bench.run_dir / "asked").read_text().splitlines()
        assert asked[-1] == f"--no-block restart {unit.name}" and "pon" not in asked


def test_signals_are_sent_to_it_alone(bench: Bench) -> None:
    bench.write("peers/backup", "user backup@adsl.ovh\npersist\n")
    bench.start("call", "backup")
    bench.start()
    bench.apply("new")
    assert bench.processes[0].poll() is None
