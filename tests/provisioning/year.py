# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Nights of a year in seconds: all that the provider, the store and the journal have grows older between two runs.

The steps of the role are called as its tasks call them, in this process: against the local API over HTTP, a real vault
file, and a router of a few lines that dials there.
"""

from __future__ import annotations

import dataclasses
import datetime
import json
import re
import shutil
import time
from pathlib import Path
from typing import Any

from ansible.parsing.vault import VaultSecret
from ovh_api.running import Api
from ovh_api.world import DAY, LINE_1, iso_v1

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ways.facts import Back
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._command.command import Command
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._command.words import Words
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._given.options import Options
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._ovh import calls as ovh
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._preflight.preflight import Place
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers import port
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._run.flow import Run
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._run.looks import Looks
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._run.means import Means
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._run.settled import settled
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._run.steps import Steps
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.facts import Intent
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._store.kept import Kept
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._store.vault_file import VaultFile

#: Seconds: how long OVHcloud keeps a mail here.
MAILS = 60 * DAY
SECRET = ("default", VaultSecret(b"a vault password"))
DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def earlier(text: str, seconds: float) -> str:
    """The text with each of its dates so much earlier."""

    def shifted(date: re.Match[str]) -> str:
        at = datetime.datetime.fromisoformat(f"{date[0][:-1]}+00:00") - datetime.timedelta(seconds=seconds)
        return at.strftime("%Y-%m-%dT%H:%M:%SZ")

    return DATE.sub(shifted, text)


class OneRouter:
    """A router that dials at the local API; every method as :class:`port.Router` says."""

    def __init__(self, api: Api, login: str, password: str) -> None:
        self._api, self.login, self.password = api, login, password
        self.dialled_at = time.time()
        self.writes = 0
        api.world.dial(login, password)

    def _up(self) -> bool:
        return bool(self._api.line(LINE_1)["session"]["up"]) and self._api.line(LINE_1)["password"] == self.password

    def probe(self, *, prove: bool) -> port.Probe:
        return port.Probe(self.login, True, self.session(wait=0, since=None))

    def unfit(self, credentials: port.Credentials) -> str:
        return ""

    def look_ahead(self) -> None:
        """Nothing to keep ready."""

    def apply(self, credentials: port.Credentials, *, dial: port.Dial, age: float | None, check: bool) -> port.Applied:
        write = (credentials.login, credentials.password) != (self.login, self.password)
        if write and not check:
            self.login, self.password, self.writes = credentials.login, credentials.password, self.writes + 1
            self._api.world.dial(self.login, self.password)
            self.dialled_at = time.time()
        return port.Applied(write, write, write, port.Mark(self.dialled_at))

    def session(self, *, wait: float, since: port.Mark | None) -> port.Session:
        return port.Session(self._up(), "203.0.113.10", time.time() - self.dialled_at)

    def provision(self, wanted: port.Interface, *, check: bool, change: bool = False) -> port.Provisioned | port.Unable:
        return port.Unable("not here")

    def way_back(self) -> Back:
        return Back("lan")

    def counted(self, down: int, up: int = 0) -> None:
        return None

    def close(self) -> None:
        """Nothing is open."""


@dataclasses.dataclass(frozen=True)
class Night:
    """What came of one run."""

    changed: bool
    posts: int
    asked: int
    links: int
    said: str
    handed: str = ""


class Year:
    """One line, its router, and its store.

    :param keeps_home: the journal is there in the next night, too
    """

    def __init__(self, api: Api, top: Path, keeps_home: bool = True) -> None:
        self.api, self._home, self._keeps_home = api, top / "home", keeps_home
        self.vault = VaultFile(str(top / "pppoe.vault.yml"), [SECRET], None)
        line = api.line(LINE_1)
        self.router = OneRouter(api, line["login"], line["password"])
        self.day = 0

    def pass_days(self, days: int) -> None:
        """Make all that there is so much older, and end the life of what is too old."""
        self.day += days
        with self.api.world.change() as state:
            for mail in state["mails"]:
                mail["at"] -= days * DAY
            state["mails"] = [mail for mail in state["mails"] if mail["at"] > self.api.world.now() - MAILS]
            for secret in state["secrets"].values():
                secret["expires"] -= days * DAY
            for line in state["lines"].values():
                for event in line["radius"]:
                    at = datetime.datetime.fromisoformat(event["date"]).timestamp()
                    event["date"] = iso_v1(at - days * DAY)
                line["radius"] = line["radius"][:4]
            state["api_logs"], state["calls"] = [], []
        self.router.dialled_at -= days * DAY
        with self.vault.locked():
            if text := self.vault.read():
                self.vault.write(earlier(text, days * DAY), SECRET)
        for path in self._home.glob("shared-*.json"):
            # What lines share is seconds old at most.
            path.unlink()
        for path in self._home.glob("*.json") if self._keeps_home else ():
            path.write_text(earlier(path.read_text(encoding="utf-8"), days * DAY), encoding="utf-8")
        if not self._keeps_home:
            shutil.rmtree(self._home, ignore_errors=True)

    def kept(self) -> Kept | None:
        found: Kept | None = self.vault.kept(LINE_1)
        return found

    def night(self, entry: str, **given: Any) -> Night:
        """One run of an entry point, with the standing policy."""
        self.api.admin("DELETE", "/calls")
        warnings, result = self._ran(entry, given)
        calls = self.api.calls()
        posts, links = self.api.posts(), self.api.calls("POST", "/secret/retrieve")
        said = " ".join([result["msg"], *warnings])
        handed = (result.get("credentials") or {}).get("password", "")
        return Night(bool(result["changed"]), len(posts), len(calls), len(links), said, handed)

    def _ran(self, entry: str, given: dict[str, Any]) -> tuple[list[str], dict[str, Any]]:
        options = Options({**self._intent(), **given})
        done = settled(options, entry, self.kept)
        options = options.without_request() if done else options
        intent = Intent(
            LINE_1,
            "router1",
            options.flag("renew"),
            False,
            False,
            router=entry == "main",
            stores=bool(options.text("store_vault_file")),
            settled=done,
        )
        words = Words(LINE_1, Command(), renew=True, by_hand=False, store=self.vault.path)
        warnings: list[str] = []

        def run() -> Run:
            return Run(options, intent, words, self._means(bool(options.text("store_vault_file"))))

        line = json.loads(json.dumps(Looks(run(), Place(), json.loads, entry).line("127.0.0.1")))
        last = run()
        if entry == "credentials":
            result = Steps(last, entry).credentials(line)
        else:
            proof = json.loads(json.dumps(Looks(run(), Place(), json.loads, entry).router(line, {})))["proof"]
            result = Steps(last, entry).whole(proof)
        return [*warnings, *last.warnings], result

    def _intent(self) -> dict[str, Any]:
        return {
            "service_name": LINE_1,
            "renew": True,
            "max_age": "90d",
            "state_dir": str(self._home),
            "store_vault_file": self.vault.path,
            "mail_expected_after": 0,
            "mail_interval": 1,
            "mail_timeout": 30,
            "out_of_band": True,
            "api_out_of_band": True,
            "endpoint": self.api.endpoint,
            "application_key": "test-ak",
            "application_secret": "test-as",
            "consumer_key": "test-ck",
        }

    def _means(self, stores: bool) -> Means:
        return Means(
            calls=ovh.in_process,
            router=lambda: self.router,
            keep=lambda wanted: stores and bool(self.vault.keep(LINE_1, wanted, False)["changed"]),
            now=lambda: datetime.datetime.now(datetime.timezone.utc),
            kept=self.kept if stores else lambda: None,
        )
