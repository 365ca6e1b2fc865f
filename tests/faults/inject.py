# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How the faults of the matrix are made to strike, on both levels."""

from __future__ import annotations

import errno
import importlib
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ovh_api import mails

from .bench import LOGIN, SERVICE, Action

CLIENT = "ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api.client"
EVER: Mapping[str, Any] = {"times": -1}
LINE = f"/xdsl/{SERVICE}"
HISTORY = "/v2/notification/history*"
LOGS = "/me/api/logs/self*"
RADIUS = f"{LINE}/radiusConnectionLogs"
OAUTH2 = {
    "OVH_APPLICATION_KEY": "",
    "OVH_APPLICATION_SECRET": "",
    "OVH_CONSUMER_KEY": "",
    "OVH_CLIENT_ID": "EU.test-client",
    "OVH_CLIENT_SECRET": "test-client-secret",
}
#: Holds a lock as another run does, until it is killed.
HOLD = """\
import sys, time
sys.path.insert(0, sys.argv[1])
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line.journal import Journal
with Journal(sys.argv[2], sys.argv[3]).locked():
    print("locked", flush=True)
    time.sleep(600)
"""


def fault(kind: str, path: str, method: str = "GET", **more: Any) -> Action:
    """Order a fault of the API."""
    return lambda bench: bench.fault(kind, method, path, **more)


def setting(**settings: Any) -> Action:
    """Change the provider's state."""
    return lambda bench: bench.set(**settings)


def environment(**values: str) -> Action:
    """Other keys, in the environment of the first run alone."""

    def act(bench: Any) -> None:
        bench.environment.update(values)
        bench.undo(bench.environment.clear)

    return act


def all_of(*actions: Action) -> Action:
    """Several injections of one cell."""

    def act(bench: Any) -> None:
        for action in actions:
            action(bench)

    return act


def once_out(action: Action) -> Action:
    """Strike as soon as the request is out."""
    return lambda bench: bench.while_waiting(lambda: action(bench))


def key(**changes: Any) -> Action:
    """Change the consumer key's record at OVHcloud, until the fault is healed."""

    def act(bench: Any) -> None:
        before = dict(bench.admin("GET", "/state")["credentials"]["test-ck"])
        bench.set(credentials={"test-ck": changes})
        bench.undo(lambda: bench.set(credentials={"test-ck": before}))

    return act


def without_right(words: str, method: str = "GET") -> Action:
    """Take the rules with this method and these words from the consumer key."""

    def act(bench: Any) -> None:
        rules = bench.admin("GET", "/state")["credentials"]["test-ck"]["rules"]
        left = [rule for rule in rules if not (rule["method"] == method and words in rule["path"])]
        key(rules=left)(bench)

    return act


def access(**changes: Any) -> Action:
    """Change the line's record at OVHcloud, until the fault is healed."""

    def act(bench: Any) -> None:
        before = bench.admin("GET", "/state")["lines"][SERVICE]["access"]
        bench.set(lines={SERVICE: {"access": changes}})
        bench.undo(lambda: bench.set(lines={SERVICE: {"access": {name: before[name] for name in changes}}}))

    return act


def no_names(after: Callable[[Any], bool] = lambda _bench: True) -> Action:
    """Name resolution fails for every host, once AFTER says so."""

    def act(bench: Any) -> None:
        real = socket.getaddrinfo

        def fail(host: Any, *rest: Any, **more: Any) -> Any:
            if after(bench):
                raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
            return real(host, *rest, **more)

        importlib.import_module(CLIENT)
        bench.patch("socket.getaddrinfo", fail)

    return act


def sending(bench: Any) -> bool:
    """The journal says that the request is about to go out: what fails from here on, the POST meets."""
    path = bench.state_dir / f"{SERVICE}.json"
    return path.exists() and '"sending"' in path.read_text(encoding="utf-8")


def mail(title: str, text: str, age: float = 0.0) -> Action:
    """Another mail in the account's history, dated AGE seconds ago."""
    return lambda bench: bench.admin("POST", "/mails", {"title": title, "text": text, "age": age})


def mail_of(service: str) -> Action:
    """The credentials mail of that line, with its password, dated now."""

    def act(bench: Any) -> None:
        line = bench.admin("GET", f"/line/{service}")
        mail(*mails.ppp_mail(service, line["login"], line["password"]))(bench)

    return act


other_line = mail_of("ftth-ab12345-2")


def masked(bench: Any) -> None:
    """The mail that comes shows stars in place of the password; the real one is never published."""
    title, text = mails.ppp_mail(SERVICE, LOGIN, "**********")
    mail(title, text)(bench)


def two_mails(bench: Any) -> None:
    """Somebody renews in the same instant: two mails, and the second one has the password that is alive."""
    bench.admin("POST", f"/line/{SERVICE}/rotate")
    *older, first, second = bench.admin("GET", "/state")["mails"]
    # They come by one write, before their time: a look that fell between the two would find the first alone.
    now = time.time()
    bench.set(mails=[*older, {**first, "at": now - 0.001}, {**second, "at": now}])


def modem(bench: Any) -> None:
    """The mail with the password of the modem's web page."""
    title, text = mails.modem_mail(SERVICE, "NotThePppPassword1")
    mail(title, text)(bench)


def stale(bench: Any) -> None:
    """An older credentials mail of this line, with a password that is dead."""
    title, text = mails.ppp_mail(SERVICE, LOGIN, "dead-and-gone-1")
    mail(title, text, age=7200)(bench)


def pause(seconds: float) -> Action:
    """Let time pass."""
    return lambda _bench: time.sleep(seconds)


# -- the control node


def journal_file(bench: Any) -> Path:
    """The line's journal."""
    path: Path = bench.state_dir / f"{SERVICE}.json"
    return path


def journal(content: str) -> Action:
    """The journal holds this, until the fault is healed."""

    def act(bench: Any) -> None:
        bench.state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        journal_file(bench).write_text(content, encoding="utf-8")
        journal_file(bench).chmod(0o600)
        bench.undo(lambda: journal_file(bench).unlink(missing_ok=True))

    return act


def no_folder(bench: Any) -> None:
    """A file stands where the folder of the journal should be made."""
    bench.state_dir.parent.mkdir(parents=True, exist_ok=True)
    bench.state_dir.write_text("in the way", encoding="utf-8")
    bench.undo(bench.state_dir.unlink)


def read_only(bench: Any) -> None:
    """The folder of the journal takes no new file: by its mode, or for root by the file system's mark."""
    bench.state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    freeze(bench, bench.state_dir, lambda: no_folder_inside(bench))


def no_folder_inside(bench: Any) -> None:
    """Root on a file system without such marks: folders stand where the files should be made."""
    for name in (f"{SERVICE}.lock", f"{SERVICE}.json.new"):
        (bench.state_dir / name).mkdir()
        bench.undo((bench.state_dir / name).rmdir)


def freeze(bench: Any, folder: Path, otherwise: Callable[[], Any]) -> None:
    """Let a folder take no write, not even from root where the file system has a mark for that."""
    if os.geteuid() != 0:
        folder.chmod(0o500)
        bench.undo(lambda: folder.chmod(0o700))
    elif shutil.which("chattr") and subprocess.run(["chattr", "+i", str(folder)], check=False).returncode == 0:
        bench.undo(lambda: subprocess.run(["chattr", "-i", str(folder)], check=True))
    else:
        otherwise()


def full_disk(bench: Any) -> None:
    """No file of this process can grow, as on a full disk (EFBIG in place of ENOSPC; root is no exception)."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    bench.undo(lambda: resource.setrlimit(resource.RLIMIT_FSIZE, before))


def thrown_away(bench: Any) -> None:
    """Journal and locks are gone, as in a fresh container."""
    shutil.rmtree(bench.state_dir, ignore_errors=True)


def no_locks(bench: Any) -> None:
    """The folder is on storage that has no locks."""

    def fail(*_unused: Any) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    bench.patch("fcntl.flock", fail)


def held(bench: Any) -> None:
    """Another process holds the line's lock; it is killed when the fault is healed, and nobody takes the lock away."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(bench.collections), str(bench.state_dir), SERVICE],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None and process.stdout.readline() == "locked\n"

    def kill() -> None:
        process.kill()
        process.communicate()

    bench.undo(kill)
