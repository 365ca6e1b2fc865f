# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``python -m bench.detection``: how soon each source of mails notices one, and the table for docs/mail-sources.md.

The module waits as a process of its own, on a local OVHcloud API and, for IMAP, on a private Dovecot. A mail is made at
a moment that falls anywhere between two looks; the clock stops when the process has ended with the password.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

TESTS = Path(__file__).resolve().parents[1]
COLLECTIONS = TESTS.parents[3]
sys.path[:0] = [str(TESTS / "sandbox"), str(COLLECTIONS)]

# E402: found on the path that is set just above.
from mailserver.dovecot import PASSWORD, USER, Dovecot  # noqa: E402
from ovh_api.running import Api, running  # noqa: E402
from role.lab import LOGIN, SERVICE, Lab  # noqa: E402

MODULE = "ansible_collections.ownrouter.ovhcloud.plugins.modules.xdsl_ppp_credentials_info"
SOURCES = ("API v2", "API v1", "IMAP, IDLE", "IMAP, polling")
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"


@dataclass(frozen=True)
class Outcome:
    """One source: seconds from mail to password for each try, and the requests of one whole renewal."""

    source: str
    seconds: list[float]
    requests: int
    mail_requests: int


@contextlib.contextmanager
def mailbox(source: str) -> Iterator[Dovecot | None]:
    """The mail server of an IMAP source."""
    if not source.startswith("IMAP"):
        yield None
        return
    with Dovecot(idle=source.endswith("IDLE")) as server:
        yield server


def imap_options(server: Dovecot) -> dict[str, Any]:
    return {
        "imap_host": "localhost",
        "imap_port": server.ports["tls"],
        "imap_ca_file": str(server.ca_file),
        "imap_user": USER,
        "imap_password": PASSWORD,
    }


def rules(source: str, granted: list[dict[str, str]]) -> list[dict[str, str]]:
    """The rights that the source needs, and no other to read mails."""
    unwanted = {"API v2": "/me/notification", "API v1": "/v2/notification"}.get(source, "notification")
    return [rule for rule in granted if unwanted not in rule["path"]]


def wait_once(api: Api, options: dict[str, Any], folder: Path) -> float:
    """Let the module wait for a mail; return the seconds from the mail to the module's end."""
    given = {
        **options,
        "newer_than": datetime.now(UTC).isoformat(timespec="seconds"),
        "_ansible_remote_tmp": str(folder),
    }
    arguments = folder / f"{time.monotonic_ns()}.json"
    arguments.write_text(json.dumps({"ANSIBLE_MODULE_ARGS": given}), encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, "-m", MODULE, str(arguments)],
        env={**os.environ, "PYTHONPATH": str(COLLECTIONS), "XDG_STATE_HOME": str(folder)},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        time.sleep(random.uniform(4, 7))
        made = time.monotonic()
        api.world.renew_password(SERVICE, asked_by_api=False)
        output, _nothing = process.communicate(timeout=120)
        took = time.monotonic() - made
    result = json.loads(output.strip().splitlines()[-1])
    if result.get("password") != api.line(SERVICE)["password"]:
        raise SystemExit(f"the module did not bring the password: {result.get('msg', result)}")
    return took


def detect(source: str, tries: int) -> list[float]:
    """The waits for one source."""
    with running() as api, mailbox(source) as server, tempfile.TemporaryDirectory() as folder:
        api.set(mail_delay=0)
        granted = api.world.state["credentials"]["test-ck"]["rules"]
        api.set(credentials={"test-ck": {"rules": rules(source, granted)}})
        options: dict[str, Any] = {
            "endpoint": api.endpoint,
            "application_key": "test-ak",
            "application_secret": "test-as",
            "consumer_key": "test-ck",
            "service_name": SERVICE,
            "login": LOGIN,
            "timeout": 100,
            "expected_after": 0,
            "return_password": True,
        }
        if server:
            api.world.send_to(str(server.inbox))
            options.update(source="imap", **imap_options(server))
        taken = []
        for _try in range(tries):
            taken.append(wait_once(api, options, Path(folder)))
            time.sleep(3)  # so that the next wait does not take this mail
        return taken


def renew(source: str, mail_after: float) -> tuple[int, int]:
    """One renewal by the role, with its defaults: its requests to the API, and those among them for mails."""
    with mailbox(source) as server, Lab(COLLECTIONS) as lab:
        granted = lab.admin("GET", "/state")["credentials"]["test-ck"]["rules"]
        state = {"mail_delay": mail_after, "credentials": {"test-ck": {"rules": rules(source, granted)}}}
        lab.admin("PUT", "/state", state)
        given: dict[str, Any] = {
            "router_pppoe_renew": True,
            "router_pppoe_mail_expected_after": 120,
            "router_pppoe_mail_timeout": 900,
        }
        if server:
            lab.admin("POST", "/maildir", {"path": str(server.inbox)})
            given["router_pppoe_mail_source"] = "imap"
            given.update({f"router_pppoe_{name}": value for name, value in imap_options(server).items()})
        file = lab.top / "given.json"
        file.write_text(json.dumps(given), encoding="utf-8")
        run = lab.play("-e", f"@{file}")
        if run.code:
            raise SystemExit(run.output)
        calls = lab.admin("GET", "/calls")
        return len(calls), len([call for call in calls if "notification" in call["path"]])


def measured(source: str, options: argparse.Namespace) -> Outcome:
    taken = detect(source, options.tries)
    requests, mail_requests = renew(source, options.mail_after)
    print(source, [round(one, 2) for one in taken], requests, mail_requests, file=sys.stderr, flush=True)
    return Outcome(source, taken, requests, mail_requests)


def table(options: argparse.Namespace) -> str:
    """The document's part that is measured."""
    with ThreadPoolExecutor(len(SOURCES)) as pool:
        outcomes = list(pool.map(lambda source: measured(source, options), SOURCES))
    lines = [
        f"Command: `python -m bench.detection` in `tests/`; {options.tries} waits and one renewal for each source, all",
        f"four at a time; {os.cpu_count()} processors, Python {platform.python_version()}, ansible-core "
        f"{version('ansible-core')}.",
        "",
        f"| source | mail → password: median (s) | worst (s) | API requests of a renewal whose mail takes "
        f"{options.mail_after:.0f} s | of these for mails |",
        "|---|---|---|---|---|",
    ]
    for one in outcomes:
        cells = (
            one.source,
            f"{statistics.median(one.seconds):.1f}",
            f"{max(one.seconds):.1f}",
            str(one.requests),
            str(one.mail_requests),
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> int:
    """Measure; print the figures, or put them into a document between its marks."""
    parser = argparse.ArgumentParser(prog="python -m bench.detection", description=__doc__)
    parser.add_argument("--tries", type=int, default=20, help="waits for each source (here: %(default)s)")
    parser.add_argument("--mail-after", type=float, default=150, help="seconds that a renewal's mail takes")
    parser.add_argument("--out", type=Path, help="document whose figures are replaced")
    options = parser.parse_args()
    text = table(options)
    print(text)
    if options.out:
        before, _begin, rest = options.out.read_text(encoding="utf-8").partition(BEGIN)
        _old, _end, after = rest.partition(END)
        options.out.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
