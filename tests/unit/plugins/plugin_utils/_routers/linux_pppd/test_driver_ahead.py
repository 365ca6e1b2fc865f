# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The driver of pppd that looked at the router before it had the password, over real shells."""

from __future__ import annotations

import dataclasses
import itertools
import os
import signal
import typing as t

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.port import Credentials, Dial
from ansible_collections.ownrouter.ovhcloud.tests.unit.plugins.plugin_utils._routers.linux_pppd.bench import (
    OLD,
    Bench,
)


class TestLookingAhead:
    """With a look that holds, a write is one step; whatever is not as it was seen is looked at again, and set."""

    @staticmethod
    def steps(bench: Bench, meanwhile: t.Callable[[], object]) -> list[str]:
        """The steps up to the write that was done; looks in a row are one, a pppd that dials is looked at twice."""
        bench.start()
        bench.accept("new-Secret1")
        driver = bench.driver()
        driver.look_ahead()
        meanwhile()
        bench.steps.clear()
        applied = driver.apply(Credentials(bench.login, "new-Secret1"), dial=Dial.AUTO, age=None, check=False)
        names = [command.split(";")[0].split()[-1] for command, _given in bench.steps]
        assert applied.written and applied.dialled and driver.session(wait=20, since=applied.mark).up
        assert (bench.secret("chap-secrets"), bench.secret("pap-secrets")) == ("new-Secret1", "new-Secret1")
        assert bench.writes() == 1
        return [name for name, _same in itertools.groupby(names)]

    def test_a_look_that_holds(self, each: Bench) -> None:
        assert self.steps(each, lambda: None) == ["write"]

    def test_a_session_that_came_meanwhile(self, bench: Bench) -> None:
        def dialled_again() -> None:
            bench.accept(OLD)
            os.kill(bench.processes[-1].pid, signal.SIGHUP)
            bench.wait((bench.run_dir / "ppp0.pid").exists)
            (bench.run_dir / "accepted").write_text("new-Secret1", encoding="utf-8")

        assert self.steps(bench, dialled_again)[:3] == ["write", "look", "write"]

    @pytest.mark.parametrize("name", ["options", "chap-secrets", "peers"])
    def test_a_file_that_was_written(self, bench: Bench, name: str) -> None:
        path = f"peers/{bench.peer}" if name == "peers" else name
        before = bench.read(path) if (bench.etc / path).exists() else ""
        steps = self.steps(bench, lambda: bench.write(path, f"{before}# more\n"))
        assert steps[:3] == ["write", "look", "write"]
        if name == "chap-secrets":
            assert "# more" in bench.read(path)

    def test_a_file_that_was_written_and_looks_the_same(self, each: Bench) -> None:
        """As long as before, and within the second that "stat" tells."""

        def written() -> None:
            path = each.etc / "chap-secrets"
            before = path.stat()
            text = each.read("chap-secrets").replace("keep me", "kept me")
            assert "kept me" in text
            with path.open("r+", encoding="utf-8") as file:
                file.write(text)
            os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

        assert self.steps(each, written)[:3] == ["write", "look", "write"]
        assert '"kept me"' in each.read("chap-secrets")

    def test_a_look_is_taken_again_where_something_changed(self, each: Bench) -> None:
        """Else the next one asks whether all is as it was: a mail that comes waits for its end."""
        each.start()
        driver = each.driver()

        def looks() -> list[bool]:
            each.steps.clear()
            driver.look_ahead()
            return [b"mountinfo" in given for _command, given in each.steps]

        assert looks()[0] and looks() == [False]
        each.write("options", "# more\n")
        assert looks()[:2] == [False, True] and looks() == [False]
        assert driver._ahead is not None
        driver._ahead = dataclasses.replace(driver._ahead, now=5)
        assert looks() == [False]
        each.accept("new-Secret1")
        applied = driver.apply(Credentials(each.login, "new-Secret1"), dial=Dial.AUTO, age=None, check=False)
        assert applied.written and each.secret() == "new-Secret1" and each.writes() == 1
        assert (applied.mark.at or 0) > 5, "the time of the look that found nothing changed"
