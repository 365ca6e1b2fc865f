# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A cell on the modules alone: run in this process, in the role's order, over HTTP, with the unchanged ovh client.

The router is one remembered password that dials the provider. Only the waiting times between two tries are shortened.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any
from unittest import mock

from ovh_api.running import Api, build, running
from ovh_api.world import World

from .bench import LOGIN, SERVICE, Seen, asked
from .strikes import Strikes

PLUGINS = "ansible_collections.ownrouter.ovhcloud.plugins"
KEYS = {
    "OVH_REQUESTS_PER_MINUTE": "0",  # cells follow each other faster than a key would bear
    "OVH_APPLICATION_KEY": "test-ak",
    "OVH_APPLICATION_SECRET": "test-as",
    "OVH_CONSUMER_KEY": "test-ck",
}
#: Options of the modules that are durations of a wait, in the order of the role.
SHORT_WAITS = {"_ovh_api.client.MAX_BACKOFF": 0.05, "_ovh_api.client.TIMEOUT": (1.0, 1.0)}


class ModuleBench(Strikes):
    """See :class:`.bench.Bench`."""

    look_every = 0.02

    def __init__(self, collections: Path) -> None:
        super().__init__(Path(tempfile.mkdtemp(prefix="ownrouter-modules.")))
        self.collections = collections
        self.world = World()
        self._running = contextlib.ExitStack()
        self.api: Api = self._running.enter_context(running(prepared=(self.world, _app(self.world))))
        self.reset()

    def close(self) -> None:
        """Leave no thread and no file behind."""
        self.heal()
        self._running.close()
        shutil.rmtree(self.top, ignore_errors=True)

    def reset(self) -> None:
        """The world, the router and the control node as they are before every cell."""
        self.heal()
        self.world.reset()
        self.set(mail_delay=0)
        for name in ("state", "one", "two"):
            shutil.rmtree(self.top / name, ignore_errors=True)
        self.state_dir = self.top / "state"
        self.spoken = []
        self.environment: dict[str, str] = {}
        self.password = self.first_password = str(self.api.line(SERVICE)["password"])
        self.passwords = {self.password}
        self.dials = 0

    # -- what a cell does

    def admin(self, method: str, path: str, body: Any = None) -> Any:
        return self.api.admin(method, path, body)

    def posts(self) -> list[dict[str, Any]]:
        return self.api.posts()

    def patch(self, target: str, value: Any) -> None:
        """Replace something of this process until :meth:`heal`."""
        patcher = mock.patch(target, value)
        patcher.start()
        self.undo(patcher.stop)

    def uplink_lost(self, seconds: float) -> None:
        """The provider cannot be reached for a while: nothing listens on its port any more."""
        port = int(self.api.url.rpartition(":")[2])
        self._running.close()
        time.sleep(seconds)
        server = build(self.world, port, _app(self.world))
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()

        def stop() -> None:
            server.shutdown()
            server.server_close()
            thread.join(5)

        self._running.callback(stop)

    # -- the run

    def run(self, options: Mapping[str, Any]) -> Seen:
        began = time.monotonic()
        said: list[str] = []
        with self.striking():
            ok = self._phases(dict(options), said)
        line = self.api.line(SERVICE)
        self.passwords.add(str(line["password"]))
        router = "kept" if self.password == self.first_password else "set"
        if router == "set" and self.password != line["password"]:
            router = "other"
        text = " ".join(" ".join(said).split())
        up = bool(line["session"]["up"])
        return Seen(ok, asked(self.api.posts()), router, up, text, time.monotonic() - began)

    def _phases(self, options: dict[str, Any], said: list[str]) -> bool:
        """The modules in the role's order; False when one failed."""
        service = options.pop("service_name", SERVICE)
        mail_timeout = options.pop("mail_timeout", 5)
        options.setdefault("state_dir", str(self.state_dir))
        rights = ["access", "service_mails", *(["renew"] if options.get("renew") else [])]

        def step(name: str, **more: Any) -> dict[str, Any] | None:
            result = self.module(name, service_name=service, **more)
            said.append(json.dumps({key: value for key, value in result.items() if key != "password"}))
            self.spoken.append(said[-1])
            if result.get("failed"):
                said[:] = [str(result["msg"])]
                return None
            return result

        if step("xdsl_info", required_rights=rights) is None:
            return False
        if step("xdsl_ppp_credentials_info") is None:
            return False
        renewal = step("xdsl_ppp_login_mail", **options)
        if renewal is None:
            return False
        under_way = renewal["reason"] in ("requested", "pending")
        mail = step(
            "xdsl_ppp_credentials_info",
            login=LOGIN,
            return_password=True,
            interval=1,
            expected_after=0,
            timeout=mail_timeout if under_way else 0,
            **({"newer_than": renewal["requests_since"]} if renewal["requested_at"] else {}),
            requests=renewal["requests"],
        )
        if mail is None:
            return False
        if not mail["found"]:
            return True
        applied = datetime.now(timezone.utc).isoformat()
        if self.password != mail["password"] or not self.api.line(SERVICE)["session"]["up"]:
            self.password = mail["password"]
            self.dials += 1
            self.admin("POST", "/dial", {"login": LOGIN, "password": self.password})
        session = step("xdsl_ppp_session_info")
        if session is None:
            return False
        if session["allowed"] and not session["connected"]:
            said[:] = [f"No session since {applied}: the router was set. Run the same command again."]
            return False
        return True

    def module(self, name: str, **options: Any) -> dict[str, Any]:
        """One module, as ansible-core starts it, and its JSON."""
        from ansible.module_utils.common import warnings
        from ansible.module_utils.testing import patch_module_args

        module = importlib.import_module(f"{PLUGINS}.modules.{name}")
        arguments = {**options, "_ansible_remote_tmp": str(self.top / "tmp"), "_ansible_tmpdir": None}
        for store in (warnings._global_warnings, warnings._global_deprecations):
            store.clear()  # a process of its own for each module, in real life
        written = io.StringIO()
        ended = contextlib.suppress(SystemExit)
        with self._clean_machine(), patch_module_args(arguments), contextlib.redirect_stdout(written), ended:
            module.main()
        result: dict[str, Any] = json.loads(written.getvalue().strip().splitlines()[-1])
        return result

    @contextlib.contextmanager
    def _clean_machine(self) -> Iterator[None]:
        import ovh.client

        kept = {name: value for name, value in os.environ.items() if not name.startswith("OVH_")}
        kept = {name: value for name, value in kept.items() if not name.lower().endswith("_proxy")}
        wanted = {**kept, **KEYS, "OVH_ENDPOINT": self.api.endpoint, "HOME": str(self.top), **self.environment}
        wanted = {name: value for name, value in wanted.items() if value}
        with contextlib.ExitStack() as stack:
            stack.enter_context(mock.patch.dict(os.environ, wanted, clear=True))
            stack.enter_context(mock.patch.dict(ovh.client.ENDPOINTS))
            stack.enter_context(mock.patch.dict(ovh.client.OAUTH2_TOKEN_URLS))
            for name, value in SHORT_WAITS.items():
                stack.enter_context(mock.patch(f"{PLUGINS}.module_utils.{name}", value))
            stack.enter_context(mock.patch(f"{PLUGINS}.module_utils._line.trigger.EVIDENCE_PAUSE", 0.05))
            yield

    # -- what must not be there

    def again(self, options: Mapping[str, Any]) -> Seen:
        """Modules print no command."""
        return self.run(options)

    def hang_ups(self) -> int:
        return self.dials

    def leftovers(self) -> list[str]:
        return journal_problems(self.state_dir)


def journal_problems(state_dir: Path) -> list[str]:
    """What is wrong with a journal's folder after a run that succeeded."""
    problems = []
    for path in state_dir.glob("*") if state_dir.is_dir() else []:
        text = path.read_text(encoding="utf-8", errors="replace")
        if path.suffix == ".new":
            problems.append(f"a temporary file is left: {path.name}")
        if path.suffix == ".json" and '"outcome": "sending"' in text:
            problems.append("the journal was left open")
        if path.stat().st_mode & 0o077:
            problems.append(f"{path.name} has the mode {path.stat().st_mode & 0o777:o}")
    return problems


def _app(world: World) -> Any:
    from ovh_api.app import create_app

    return create_app(world)
