# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The cells of the matrix that are about the router, or about the role itself: by ansible-playbook alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from .bench import LOGIN, SERVICE, STOPPED, Action, Cell, Promise
from .inject import all_of, freeze, mail_of, once_out, setting

#: An ssh that runs the command here, as long as the file FOLDER/gone does not say otherwise.
SSH = """\
#!/bin/sh
[ "$1" != -G ] || exec ssh "$@"
for command; do :; done
what=$(cat "{folder}/gone" 2>/dev/null)
case $what:$command in
always:*) echo "ssh: connect to host router1 port 22: No route to host" >&2; exit 255 ;;
apply:*"ownrouter write"*) echo "ssh: connect to host router1 port 22: No route to host" >&2; exit 255 ;;
answer:*"ownrouter write"*)
  /bin/sh -c "$command" >/dev/null 2>&1
  echo "client_loop: send disconnect: Broken pipe" >&2
  exit 255
  ;;
status:*"ownrouter write"*) echo written >"{folder}/gone" ;;
written:*"ownrouter look"*) echo "ssh: connect to host router1 port 22: No route to host" >&2; exit 255 ;;
esac
exec /bin/sh -c "$command"
"""
#: A shell for the router's commands in which no file can grow: what a full disk does to a write, for root too.
FULL = """\
#!/bin/sh
trap '' XFSZ
case $2 in *"ownrouter write"*) ulimit -f 0 ;; esac
exec /bin/sh "$@"
"""
#: A shell for the router's commands that dies as soon as the first secrets file has been written.
DIES = """\
#!/bin/sh
case $2 in
*"ownrouter write"*)
  exec 3<&0
  setsid /bin/sh "$@" <&3 &
  child=$!
  while kill -0 "$child" 2>/dev/null && ! [ "{etc}/pap-secrets" -nt "{folder}/mark" ]; do :; done
  kill -KILL -$child
  exit 137
  ;;
esac
exec /bin/sh "$@"
"""


def script(bench: Any, name: str, text: str) -> Path:
    """A program in the lab's folder, until the fault is healed."""
    path: Path = bench.lab.top / name
    path.write_text(text.format(folder=bench.lab.top, etc=bench.lab.etc) if "{folder}" in text else text, "utf-8")
    path.chmod(0o755)
    return path


def host(**values: Any) -> Action:
    """More variables of the router in the inventory, until the fault is healed."""

    def act(bench: Any) -> None:
        path: Path = bench.lab.top / "inventory.json"
        good = path.read_text(encoding="utf-8")
        inventory = json.loads(good)
        inventory["routers"]["hosts"]["router1"].update(values)
        path.write_text(json.dumps(inventory), encoding="utf-8")
        bench.undo(lambda: path.write_text(good, encoding="utf-8"))

    return act


def gone(when: str) -> Action:
    """The router is reached by ssh, and at that point it is not reached any more."""

    def act(bench: Any) -> None:
        ssh = script(bench, "ssh", SSH)
        mark = bench.lab.top / "gone"
        mark.unlink(missing_ok=True)
        host(ansible_connection="ssh", ansible_host="127.0.0.1", ansible_ssh_executable=str(ssh))(bench)
        if when == "after":
            bench.while_waiting(lambda: mark.write_text("always", encoding="utf-8"))
        else:
            mark.write_text(when, encoding="utf-8")
        bench.undo(lambda: mark.unlink(missing_ok=True))

    return act


def shell(name: str, text: str) -> Action:
    """The router's commands go through another shell."""

    def act(bench: Any) -> None:
        (bench.lab.top / "mark").touch()
        host(ansible_shell_executable=str(script(bench, name, text)))(bench)

    return act


def frozen(bench: Any) -> None:
    """The folder of the secrets files takes no write, not even from root where the file system has that."""
    freeze(bench, bench.lab.etc, lambda: dangling(bench))


def dangling(bench: Any) -> None:
    """chap-secrets is a link into a folder that is not there."""
    path = bench.lab.etc / "chap-secrets"
    content = path.read_bytes()
    path.unlink()
    path.symlink_to(bench.lab.top / "not-there" / "chap-secrets")

    def back() -> None:
        path.unlink()
        path.write_bytes(content)
        path.chmod(0o600)

    bench.undo(back)


def peer(old: str, new: str) -> Action:
    """Another word in the peer's options file."""

    def act(bench: Any) -> None:
        path = bench.lab.etc / "peers" / bench.lab.peer
        good = path.read_text(encoding="utf-8")
        path.write_text(good.replace(old, new), encoding="utf-8")
        bench.before = bench.files()

        def back() -> None:
            path.write_text(good, encoding="utf-8")
            bench.before = bench.files()

        bench.undo(back)

    return act


def refused_session(bench: Any) -> None:
    """OVHcloud does not take the password of its own mail, until the fault is healed."""

    def turn() -> None:
        good = bench.lab.line()["password"]
        bench.passwords.add(good)
        bench.set(lines={SERVICE: {"password": "Unmailed7391"}})
        bench.undo(lambda: bench.set(lines={SERVICE: {"password": good}}))

    bench.while_waiting(turn)


def finish_by_hand(bench: Any) -> None:
    """Somebody reads the mail elsewhere and finishes by hand; only then does the run see it."""
    line = bench.lab.line()
    path = bench.lab.etc / "given.json"
    given = {"router_pppoe_login": line["login"], "router_pppoe_password": line["password"]}
    path.write_text(json.dumps(given), encoding="utf-8")
    bench.spoken.append(bench.lab.play("-e", f"@{path}", playbook="ownrouter.ovhcloud.by_hand").output)
    path.unlink()
    mail_of(SERVICE)(bench)


def store(text: str) -> Action:
    """The user's own store."""

    def act(bench: Any) -> None:
        path = bench.lab.top / "store.yml"
        path.write_text(text, encoding="utf-8")
        bench.extra["router_pppoe_store"] = str(path)
        bench.undo(lambda: bench.extra.pop("router_pppoe_store"))

    return act


def extra(**values: Any) -> Action:
    """More variables of the first run."""

    def act(bench: Any) -> None:
        bench.extra.update(values)
        bench.undo(lambda: [bench.extra.pop(name) for name in values])

    return act


def role(name: str, phase: str, fault: str, how: str, first: Promise, **more: Any) -> Cell:
    """A cell of the role alone."""
    return Cell(name, phase, fault, how, first, level="role", only=True, **more)


#: Words of a failure after the request: what is dead, what was not done.
DEAD_WORDS = ("the mail", "has the new one")

ROLE_CELLS: list[Cell] = [
    role(
        "router-gone-before",
        "preflight",
        "the router is gone before the request",
        "ssh: No route to host",
        STOPPED,
        inject=gone("always"),
        soak=True,
    ),
    role(
        "router-gone-after",
        "apply",
        "the router is gone after the request",
        "ssh: No route to host, from the POST on",
        Promise(False, 1, "kept", False),
        inject=gone("after"),
        soak=True,
    ),
    role(
        "router-gone-at-apply",
        "apply",
        "the router is gone when it is to be set",
        "ssh: No route to host, for apply",
        Promise(False, 1, "kept", False),
        inject=gone("apply"),
        soak=True,
    ),
    role(
        "router-gone-in-apply",
        "apply",
        "the connection breaks after the router was set",
        "ssh runs apply and ends with 255",
        Promise(True, 1, "set", True),  # it is tried again, and found set
        inject=gone("answer"),
        soak=True,
    ),
    role(
        "router-gone-at-verify",
        "verify",
        "the router is gone when its session is looked at",
        "ssh: No route to host, for status",
        Promise(False, 1, "set", None),
        inject=gone("status"),
        soak=True,
    ),
    role(
        "router-dies-in-apply",
        "apply",
        "the router's shell dies between the two secrets files",
        "SIGKILL once pap-secrets is new",
        Promise(False, 1, None, None, DEAD_WORDS),
        inject=shell("dies", DIES),
    ),
    role(
        "router-disk-full",
        "apply",
        "no space for the secrets files",
        "RLIMIT_FSIZE 0 in the router's shell",
        Promise(False, 1, "kept", False, ("could not be written", "It is as it was", *DEAD_WORDS)),
        inject=shell("full", FULL),
        soak=True,
    ),
    role(
        "router-read-only",
        "preflight",
        "the secrets files cannot be written",
        "chattr +i on the folder (root), or mode 0500",
        Promise(False, 0, "kept", True),
        inject=frozen,
        soak=True,
    ),
    role(
        "router-dangling",
        "preflight",
        "a secrets file leads into a folder that is not there",
        "symbolic link",
        Promise(False, 0, "other", True, ("leads nowhere",)),
        inject=dangling,
        soak=True,
    ),
    role(
        "router-other-login",
        "preflight",
        "the router dials with another login",
        "user of the peer",
        Promise(
            False, 0, "kept", True, ("dials with the login 0320999999_1@adsl.ovh", "another router or another line")
        ),
        inject=peer(LOGIN, "0320999999_1@adsl.ovh"),
        soak=True,
    ),
    role(
        "session-refused",
        "verify",
        "the router is set, and the session refused",
        "OVHcloud has another password than its mail",
        Promise(False, 1, "other", False, ("the router was set, but no new session", "wrong login or password")),
        inject=refused_session,
        soak=True,
    ),
    role(
        "finished-by-hand",
        "apply",
        "somebody finishes by hand while the run waits for the mail",
        "playbook by_hand, then the mail",
        Promise(True, 1, "set", True, ("the router was left as it is; session up, address",)),
        inject=all_of(setting(mail_delay=86400), once_out(finish_by_hand)),
    ),
    role(
        "finished-by-hand-skewed",
        "apply",
        "the same, and the clocks of OVHcloud and of this machine differ",
        "clock_skew 3600",
        Promise(True, 1, "set", True, ("the router was left as it is; session up, address",)),
        inject=all_of(setting(clock_skew=3600, mail_delay=86400), once_out(finish_by_hand)),
        soak=True,
    ),
    role(
        "store-fails",
        "store",
        "the user's store fails",
        "a store file that fails",
        Promise(False, 1, "set", True, ("were not kept",)),
        inject=store("- ansible.builtin.fail:\n    msg: the safe is locked\n"),
    ),
    role(
        "dial-command-fails",
        "apply",
        "the command that dials fails, and pppd does not run",
        "router_pppoe_dial_command=false, pppd stopped",
        Promise(False, 1, "set", False, ("ended with exit code 1: false",)),
        inject=lambda bench: (extra(router_pppoe_dial_command="false")(bench), bench.lab.stop_pppd()),
        soak=True,
    ),
]
