# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The platform vyos against a stand-in with VyOS's command line: see tests/sandbox/vyos."""

from __future__ import annotations

from typing import Any

import pytest
from router.site import SERVICE, Site
from vyos.config import Configuration, Refused, Schema, is_open, words
from vyos.running import Vyos

LINE_2 = "ftth-ab12345-2"
PASSWORD = "set interfaces pppoe pppoe0 authentication password "
LOOK = ["compare saved", "exit"]  # what preflight does in configuration mode


def router(world: Site, name: str = "r", password: str | None = None, service: str = SERVICE, **more: Any) -> Vyos:
    """A router on that line, with the line's password unless another is given."""
    line = world.line(service)
    own = line["password"] if password is None else password
    return Vyos(world.top / name, world.url, service, line["login"], own, **more)


def written(password: str) -> list[str]:
    """What is typed in configuration mode for one change, between preflight's look and its own end."""
    return [
        f"{PASSWORD}'{password}'",
        "compare",
        'commit comment "PPPoE credentials"',
        "exit",
        "compare saved",
        "save",
        "exit",
    ]


def test_the_standin_has_the_rules_of_the_shell_and_of_the_values() -> None:
    assert words('set a \'b $c \\ d\' "e\\"f" g\\ h') == ["set", "a", "b $c \\ d", 'e"f', "g h"]
    assert is_open("set a 'b")
    for line in ("show version | cat", "show $(id)", "a ; b"):
        with pytest.raises(Refused, match="Invalid command"):
            words(line)
    config = Configuration(Schema("1.4"))
    base = ("interfaces", "pppoe", "pppoe0", "authentication")
    for path, said in [
        ((*base, "user", "x"), r"\[user\] is not valid"),
        ((*base, "password", "it's"), "single quote"),
        ((*base, "password", 'say "x"'), "double quote"),
        ((*base, "password", "é"), "is not valid"),
        ((*base, "password", "x" * 129), "is not valid"),
        (("interfaces", "pppoe", "wan", "mtu", "1492"), "is not valid"),
    ]:
        with pytest.raises(Refused, match=said):
            config.set(path)
    assert config.set((*base, "password", "x")) == ""
    assert "already exists" in config.set((*base, "password", "x"))
    assert config.commands() == [f"{PASSWORD}'x'"]


def test_a_dead_password_is_repaired_on_the_older_release(world: Site) -> None:
    """1.3 says "user", has no log of the session: check mode, the repair, and nothing more to do."""
    with router(world, release="1.3") as vyos:
        vyos.wait_for("up")
        world.write_inventory({"router1": vyos.inventory()})
        world.admin("PUT", "/state", {"mail_delay": 0})
        world.admin("POST", f"/line/{SERVICE}/rotate")
        vyos.wait_for("refused")
        run = world.play("--check")
        assert (run.code, run.recap("changed")) == (0, 1), run.output
        assert vyos.typed() == LOOK
        run = world.play()
        assert (run.code, run.recap("changed"), len(world.posts())) == (0, 1, 0), run.output
        assert vyos.typed() == [*LOOK, *LOOK, *written(world.line()["password"])]
        assert world.line()["session"]["up"]
        run = world.play()
        assert (run.code, run.recap("changed")) == (0, 0), run.output
        assert (len(vyos.events("ppp restarted")), len(vyos.events("committed"))) == (2, 1)


def test_a_router_that_knows_better_is_left_alone(world: Site) -> None:
    """Its session is younger than the latest mail, by its log (1.4) or by the RADIUS log alone (1.3)."""
    world.admin("PUT", "/state", {"mail_delay": 86400})
    for service in (SERVICE, LINE_2):
        world.admin("POST", f"/line/{service}/rotate")
    with router(world, "new") as new, router(world, "old", service=LINE_2, release="1.3") as old:
        new.wait_for("up")
        old.wait_for("up")
        world.write_inventory({"new": new.inventory(), "old": old.inventory()})
        run = world.play()
        assert (run.code, run.recap("changed", "new"), run.recap("changed", "old")) == (0, 0, 0), run.output
        assert run.said.count("so it has a newer one. The router is left alone") == 2
        assert new.typed() == old.typed() == LOOK
