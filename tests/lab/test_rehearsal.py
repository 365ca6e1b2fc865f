# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A rehearsal on a real PPPoE line: one dial on the password that the router has, and nothing asked for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lab.line import Line
from lab.provider import SERVICE

REHEARSE = "ownrouter.ovhcloud.rehearse"


@pytest.mark.soak
def test_one_dial_a_new_session_and_no_request(collections: Path) -> None:
    """The concentrator saw one good CHAP response and no refusal, and the router's files are what they were."""
    with Line(collections) as line:
        line.dial()
        assert line.pings()
        before, secrets = line.session().identity, line.router("stat -c '%y %i' /etc/ppp/chap-secrets")

        run = line.play("--check", playbook=REHEARSE)
        assert run.code == 0 and run.recap("changed") == 1, run.output
        assert line.session().identity == before, "check mode dials nothing"

        run = line.play(playbook=REHEARSE)
        assert run.code == 0 and run.recap("changed") == 1, run.output
        assert line.provider.posts() == 0
        session = line.session()
        assert session.up and session.identity != before, run.output
        assert len(line.provider.told("accept", run.began)) == 1, "one dial"
        assert not line.provider.told("reject", run.began), line.provider.events
        assert line.pings(), "nothing answers through the line"
        assert line.router("stat -c '%y %i' /etc/ppp/chap-secrets") == secrets
        assert line.router("ls -A /etc/ppp | grep -e ownrouter -e trial || true") == "", "a temporary file is left"
        assert line.provider.line["password"] not in run.output
        shown = json.loads((line.machines.top / "journal" / f"{SERVICE}.rehearsed.json").read_text(encoding="utf-8"))
        assert shown["dialled"] and shown["session"], shown
        # The router is reached beside its line; a look that comes after the new session tells nothing.
        assert shown["router_answered"] is not False, shown

        # Somebody has the router dial on another password that OVHcloud's mail does not have.
        line.router('sed -i \'s/^\\("[^"]*" \\* \\).*/\\1"another one"/\' /etc/ppp/chap-secrets')
        after = line.session().identity
        run = line.play(playbook=REHEARSE)
        assert run.code != 0 and "the router has another password" in " ".join(run.output.split()), run.output
        assert line.session().identity == after, "a refused one dials nothing"
