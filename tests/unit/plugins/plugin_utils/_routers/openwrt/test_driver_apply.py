# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""OpenWrt: setting login and password, in what state ever the router is."""

from __future__ import annotations

import concurrent.futures
import fcntl
import os
import signal
import typing as t
from pathlib import Path

import pytest
from openwrt.played import LOGIN, PASSWORD, Line, shells

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure, Outcome
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.openwrt.driver import OpenWrt
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.port import (
    Credentials,
    Dial,
    Mark,
    Session,
)
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.shell import Shell, Unreachable
from ansible_collections.ownrouter.ovhcloud.tests.unit.plugins.plugin_utils._routers.conformance import CANARY
from ansible_collections.ownrouter.ovhcloud.tests.unit.plugins.plugin_utils._routers.openwrt.router import (
    Router,
)

UP = "network.interface.wan up"
RELOAD = "network reload"
OTHER_LINE = "\nconfig interface 'wan2'\n\toption device 'lan9'\n\toption proto 'pppoe'\n\toption username 'other'\n"


@pytest.fixture
def router(tmp_path: Path) -> t.Iterator[Router]:
    with Router(tmp_path / "router", shells()[-1]) as made:
        yield made


def fresh(router: Router, wait: float = 15, since: Mark | None = None) -> bool:
    return router.driver().session(wait=wait, since=since).up


class TestChanges:
    @pytest.mark.parametrize(
        ("line", "name"),
        [
            ("set network.lan.key=somebodys-secret", "network.lan.key"),
            ("delete network.wan.mtu", "network.wan.mtu"),
            ("delete network.wan.password", "network.wan.password"),
            ("add_list network.lan.dns=somebodys-secret", "network.lan.dns"),
            ("del_list network.lan.dns=somebodys-secret", "network.lan.dns"),
            ("reorder network.wan=0", "network.wan"),
            ("rename network.lan=home", "network.lan"),
        ],
    )
    def test_somebodys_are_never_committed(self, router: Router, line: str, name: str) -> None:
        router.uci(line)
        before = router.box.network.read_bytes()
        slept: list[float] = []
        for call in (
            lambda driver: driver.probe(prove=True),
            lambda driver: driver.apply(Credentials(LOGIN, "new"), dial=Dial.AUTO, age=None, check=False),
        ):
            driver = router.driver()
            driver._sleep = slept.append
            failure = router.refused(lambda call=call, driver=driver: call(driver))  # type: ignore[misc]
            assert failure.code == "router_refused" and f"would commit them: {name}. Nothing was" in failure.message
            assert "somebodys-secret" not in failure.message and failure.details["changes"] == [name]
        assert slept == [1] * 6
        assert router.box.network.read_bytes() == before and router.writes() == 0

    def test_those_that_are_committed_in_a_moment_are_waited_for(self, router: Router) -> None:
        router.uci("set network.lan.mtu=1400")
        driver = router.driver()
        driver._sleep = lambda _seconds: router.uci("commit network")
        assert driver.apply(Credentials(LOGIN, "new"), dial=Dial.AUTO, age=None, check=False).written
        assert router.stored() == "new"

    def test_what_a_killed_run_for_another_line_left(self, router: Router) -> None:
        router.box.network.write_text(router.box.network.read_text("utf-8") + OTHER_LINE, "utf-8")
        router.uci("set network.wan2.username=x", "set network.wan2.password=somebodys-secret")
        driver = router.driver()
        driver._sleep = lambda _seconds: None
        failure = router.refused(lambda: driver.probe(prove=False))
        assert "what a run for wan2 left that was killed" in failure.message
        assert "somebodys-secret" not in failure.message
        assert router.apply("x", "x", "wan2").written and router.apply("new").written

    def test_two_lines_at_the_same_moment(self, router: Router) -> None:
        """Each is written and dialled, and neither cuts the other's session."""
        line = Line("two")
        second = router.box.another("wan2", "eth2.835", line, LOGIN, "before")
        second.dial_seconds = second.idle_seconds = 0.05
        router.until(lambda: line.refused == ["before"])
        router.accept("one")

        def run(password: str, interface: str) -> Session:
            applied = router.apply(password, interface=interface)
            assert (applied.written, applied.dialled) == (True, True)
            return router.driver(interface).session(wait=15, since=applied.mark)

        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            runs = [pool.submit(run, "one", "wan"), pool.submit(run, "two", "wan2")]
            assert all(one.result().up for one in runs)
        sections = router.box.uci.load("network", pending=False)
        assert [sections[name].options["password"] for name in ("wan", "wan2")] == ["one", "two"]
        assert router.box.uci.changes("network") == []
        counted = [router.driver(name).probe(prove=False).counter for name in ("wan", "wan2")]
        assert [one.interface for one in counted if one] == ["pppoe-wan", "pppoe-wan2"]
        assert (router.box.netifd.index, second.index) == (12, 11), "a session too many"

    def test_one_run_writes_at_a_time(self, router: Router) -> None:
        folder = os.open(router.box.network.parent, os.O_RDONLY)
        fcntl.flock(folder, fcntl.LOCK_EX)
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            run = pool.submit(router.apply, "new")
            router.until(lambda: "ownrouter write" in router.steps[-1][0] if router.steps else False)
            with pytest.raises(concurrent.futures.TimeoutError):
                run.result(0.5)
            assert router.writes() == 0
            os.close(folder)
            assert run.result(20).written and router.stored() == "new"


class TestApply:
    def test_killed_between_set_and_commit(self, router: Router) -> None:
        router.uci("set network.wan.password=new")
        assert router.driver().probe(prove=False).login == LOGIN
        assert router.apply("new").written and router.stored() == "new"
        assert router.box.uci.changes("network") == []

    def test_killed_between_commit_and_reload(self, router: Router) -> None:
        """The old session is still up, on the old password."""
        router.line.password, router.box.netifd.keeps_old_session = "new", True
        router.uci("set network.wan.password=new", "commit network")
        applied = router.apply("new", age=30)
        assert (applied.written, applied.dialled, router.calls()) == (False, True, [RELOAD])
        assert fresh(router, since=applied.mark)
        assert not router.apply("new", age=30).changed, "a session on the right password is kept"
        assert not router.apply("new").changed

    def test_a_session_that_is_down_is_reloaded_without_a_write(self, router: Router) -> None:
        router.cut()
        applied = router.apply(PASSWORD)
        assert (applied.changed, applied.written, applied.dialled, router.calls()) == (True, False, True, [RELOAD])

    def test_a_stopped_interface_is_dialled_by_a_run_that_writes(self, router: Router) -> None:
        router.box.netifd.down()
        router.line.password = "new"
        left = router.apply(PASSWORD)
        assert (left.changed, router.calls()) == (False, []) and "is stopped. Set O(dial) to always" in left.warnings[0]
        steps = len(router.steps)
        assert "does not dial it by itself" in router.driver().session(wait=60, since=None).error
        assert len(router.steps) == steps + 1, "nothing is waited for"
        applied = router.apply("new")
        assert (applied.dialled, router.calls()) == (True, [RELOAD, UP])
        assert fresh(router, since=applied.mark) and router.line.refused == [] and router.box.netifd.dials == 2

    def test_a_stopped_interface_is_dialled_when_it_is_always_to_be(self, router: Router) -> None:
        router.box.netifd.down()
        applied = router.apply(PASSWORD, dial=Dial.ALWAYS)
        assert (applied.written, applied.dialled) == (False, True)
        assert fresh(router, since=applied.mark) and router.box.netifd.dials == 2

    def test_always_is_one_dial(self, router: Router) -> None:
        """Whatever netifd ran with before."""
        for password in (PASSWORD, "new"):
            dials, router.line.password = router.box.netifd.dials, password
            router.uci(f"set network.wan.password='{password.replace(chr(39), chr(39) + chr(92) + chr(39) + chr(39))}'")
            applied = router.apply(password, dial=Dial.ALWAYS)
            assert fresh(router, since=applied.mark)
            assert router.box.netifd.dials == dials + 1 and router.line.refused == []

    def test_a_limit_of_refusals_stops_it_and_is_told(self, router: Router) -> None:
        router.uci("set network.wan.authfail=1", "commit network")
        router.box.netifd.reload()
        router.accept("right")
        router.until(lambda: not router.box.netifd.autostart)
        applied = router.apply("wrong")
        session = router.driver().session(wait=60, since=applied.mark)
        assert not session.up and "the provider refused the login and password (AUTH_FAILED)" in session.error
        assert "it is stopped" in session.error
        assert fresh(router, since=router.apply("right").mark)

    def test_a_read_only_configuration_leaves_no_password_behind(self, router: Router) -> None:
        before = router.box.network.read_bytes()
        with router.faulty("read-only"):
            failure = router.refused(lambda: router.apply(CANARY))
            assert failure.code == "router_write" and "is as it was, and the change was reverted" in failure.message
            assert "still runs with the old one" in failure.message and CANARY not in failure.message
            assert router.box.network.read_bytes() == before and router.calls() == []
        for path in (router.root / "tmp").rglob("*"):
            assert path.is_dir() or CANARY not in path.read_text("utf-8"), path

    def test_a_file_that_cannot_be_put_back(self, router: Router) -> None:
        """uci empties it, and then nothing may be written to it."""

        def shut(words: list[str]) -> None:
            if words[:2] == ["uci", "-q"] and router.box.network.is_file() and not router.box.network.read_bytes():
                router.box.network.unlink()
                router.box.network.mkdir()

        router.box.before_call = shut
        with router.faulty("full"):
            failure = router.refused(lambda: router.apply("new"))
            assert "could not be put back" in failure.message and "do not restart the router" in failure.message
        assert router.calls() == []

    def test_uci_does_not_take_it(self, router: Router) -> None:
        """And says nothing of it: "uci batch" ends with 0."""
        if router.box.real:
            pytest.skip("the real uci takes it")
        router.box.uci._set = lambda *_words: None  # type: ignore[method-assign]
        failure = router.refused(lambda: router.apply("new"))
        assert "uci did not take the new password" in failure.message and "is as it was" in failure.message
        assert router.stored() == PASSWORD and router.calls() == []

    def test_a_file_that_was_cut_short(self, router: Router) -> None:
        """Login and password are there, but sections of others are not: the file is put back, and nothing dialled."""
        before = router.box.network.read_bytes()

        def cut(words: list[str]) -> None:
            if words[2:3] == ["get"] and router.box.network.read_bytes() != before:
                text = router.box.network.read_text("utf-8")
                router.box.network.write_text(text[text.index("config interface 'wan'") :], "utf-8")

        router.box.before_call = cut
        failure = router.refused(lambda: router.apply("new"))
        assert failure.code == "router_write" and "put back as it was, byte for byte" in failure.message
        assert router.box.network.read_bytes() == before and router.calls() == []

    def test_netifd_is_not_told(self, router: Router) -> None:
        def stop(words: list[str]) -> None:
            if words[-1] == "reload":
                router.box.netifd.uci.config = Path("/nonexistent")

        router.box.before_call = stop
        failure = router.refused(lambda: router.apply("new"))
        assert "is written, but netifd was not told ('reload' ended with exit code 9" in failure.message
        assert router.stored() == "new"

    @pytest.mark.parametrize("seen", [None, b"", b"begin"])
    def test_a_connection_that_breaks(self, router: Router, seen: bytes | None) -> None:
        """Behind the write: what is true is not known, and the same again looks first."""

        def broken(command: str, given: bytes) -> tuple[int, bytes, str]:
            code, out, err = router.execute(command, given)
            if "ownrouter write" not in command:
                return code, out, err
            if seen is None:
                raise Unreachable("Connection closed by 192.0.2.1")
            return 255, out.partition(b" begin\n")[0] + b" begin\n" if seen else b"", "Broken pipe"

        driver = OpenWrt(Shell(broken), "wan")
        failure = router.refused(lambda: driver.apply(Credentials(LOGIN, "new"), dial=Dial.AUTO, age=None, check=False))
        if seen != b"":
            assert failure.code == "router_lost" and failure.outcome is Outcome.UNKNOWN
            assert "Whether the new password is written is not known" in failure.message
        again = router.apply("new")
        assert not again.written and router.writes() == 1

    def test_a_connection_that_breaks_stops_nothing_half_way(self, router: Router) -> None:
        """The server hangs up under "uci batch": the step goes on to its end, and the line has its session."""
        router.accept("new")

        def hung_up(command: str, given: bytes) -> tuple[int, bytes, str]:
            if "ownrouter write" not in command:
                return router.execute(command, given)
            process, given = router.start(command, given)
            assert process.stdin and process.stdout and process.stderr
            streams = process.stdout, process.stderr

            def hang_up(words: list[str]) -> None:
                if words[-1] == "batch":
                    for stream in streams:
                        stream.close()
                    process.send_signal(signal.SIGHUP)

            router.box.before_call = hang_up
            process.stdin.write(given)
            process.stdin.close()
            process.wait(20)
            raise Unreachable("Connection closed by 192.0.2.1")

        driver = OpenWrt(Shell(hung_up), "wan")
        with pytest.raises(Failure, match="is not known"):
            driver.apply(Credentials(LOGIN, "new"), dial=Dial.AUTO, age=None, check=False)
        assert router.stored() == "new" and router.calls() == [RELOAD]
        assert fresh(router)

    def test_a_file_that_moves_all_the_time(self, router: Router) -> None:
        mtu = iter(range(1400, 1500))

        def write(command: str) -> None:
            if "ownrouter write" in command:
                router.uci(f"set network.lan.mtu={next(mtu)}", "commit network")

        router.between = write
        failure = router.refused(lambda: router.apply("new"))
        assert failure.code == "router_write" and "nothing was written" in failure.message
        assert router.writes() == 0 and router.stored() == PASSWORD

    def test_a_disabled_interface_gets_its_password_and_no_dial(self, router: Router) -> None:
        router.uci("set network.wan.disabled=1", "commit network")
        router.box.netifd.reload()
        applied = router.apply("new")
        assert (applied.written, applied.dialled) == (True, False) and "is disabled" in applied.warnings[0]
        assert router.stored() == "new" and router.calls() == []
        assert "netifd does not know the interface wan" in router.driver().session(wait=0, since=None).error
