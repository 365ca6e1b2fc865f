# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who logs in to a host of the tests: the shells with the noise that people put into their start files, and the ways
to become root. All of it is files of the host, written before it starts.
"""

from __future__ import annotations

import dataclasses
import functools
import subprocess
from pathlib import Path
from typing import Any

#: The user that logs in where there is a way to become root, and that user's and root's own passwords.
USER = "admin"
USER_ID = 4711
PASSWORD = 'user\'s "own" $ecret'
ROOT_PASSWORD = "root's \\own"
HOMES = {"root": "/home/root", USER: f"/home/{USER}"}
#: Login shells: their programs. "ash" is busybox' own.
SHELLS = {
    "sh": "/bin/sh",
    "bash": "/bin/bash",
    "ash": "/usr/lib/router/ash",
    "fish": "/usr/bin/fish",
    "tcsh": "/usr/bin/tcsh",
}
LOGIN = "/usr/lib/router/login"
REQUESTS = "/var/log/exec-requests"
#: What a test may put there happens before each command.
MEANWHILE = "/var/log/meanwhile"
#: The login shell: notes each command that the SSH server was asked for, then is the shell. sh and ash read no file of
#: the user's for a command: here the site's own wrapper makes their noise.
WRAPPER = """\
#!/bin/sh
[ "${{1-}}" != -c ] || printf '%s\\0' "$2" >>{requests}
[ ! -e {meanwhile} ] || . {meanwhile}
{run}
"""
NOISY = """\
echo "noise of the site"; echo "noise of the site" >&2
SHELL "$@"
code=$?
echo "bye of the site"; echo "bye of the site" >&2
exit $code"""
RC = {
    ".bashrc": """\
echo "noise of .bashrc"
echo "noise of .bashrc" >&2
stty erase '^H'
trap 'echo "bye of .bashrc"; echo "bye of .bashrc" >&2' EXIT
""",
    ".config/fish/config.fish": """\
echo "noise of config.fish"
echo "noise of config.fish" >&2
stty erase '^H'
function bye --on-event fish_exit
    echo "bye of config.fish"
    echo "bye of config.fish" >&2
end
""",
    ".tcshrc": """\
echo "noise of .tcshrc"
sh -c 'echo "noise of .tcshrc" >&2'
stty erase '^H'
""",
    # What OpenSSH runs by /bin/sh before any command.
    ".ssh/rc": 'echo "noise of ssh/rc"; echo "noise of ssh/rc" >&2\n',
}
BANNER = "*** This router is watched. ***\n@begin {} $(id) `id` %s\n"


@dataclasses.dataclass(frozen=True)
class Become:
    """A way to become root, or not to.

    :param user: who logs in
    :param variables: what the inventory says of it
    :param files: what the host has for it; below /, all of root
    """

    user: str
    variables: dict[str, Any] = dataclasses.field(default_factory=dict)
    files: dict[str, str] = dataclasses.field(default_factory=dict)


def _by(method: str, password: str = "", **files: str) -> Become:
    variables: dict[str, Any] = {"ansible_become": True, "ansible_become_method": method}
    if password:
        variables["ansible_become_password"] = password
    return Become(
        USER, variables, {path.replace("__", "/").replace("_dot_", "."): text for path, text in files.items()}
    )


_SUDO = "etc__sudoers.d__router"
_DOAS = "etc__doas_dot_conf"
BECOMES: dict[str, Become] = {
    "root": Become("root"),
    "nobody": Become(USER),
    "sudo": _by("sudo", **{_SUDO: f"{USER} ALL=(ALL) NOPASSWD: ALL\n"}),
    "sudo password": _by("sudo", PASSWORD, **{_SUDO: f"{USER} ALL=(ALL) ALL\n"}),
    "sudo password missing": _by("sudo", **{_SUDO: f"{USER} ALL=(ALL) ALL\n"}),
    "sudo requiretty": _by("sudo", **{_SUDO: f"Defaults requiretty\n{USER} ALL=(ALL) NOPASSWD: ALL\n"}),
    "su": _by("su", etc__pam_dot_d__su="auth sufficient pam_wheel.so trust group=admin\n"),
    "su password": _by("su", ROOT_PASSWORD),
    "su password missing": _by("su"),
    "doas": _by("community.general.doas", **{_DOAS: f"permit nopass {USER} as root\n"}),
    "doas password": _by("community.general.doas", PASSWORD, **{_DOAS: f"permit {USER} as root\n"}),
}


@functools.cache
def crypted(password: str) -> str:
    """As /etc/shadow has it."""
    words = ["openssl", "passwd", "-6", "-stdin"]
    return subprocess.run(words, input=password, capture_output=True, text=True, check=True).stdout.strip()


def wrapper(program: str) -> str:
    """The login shell that is that shell; sh and ash make noise, too."""
    noise = Path(program).name in ("sh", "ash")
    run = NOISY.replace("SHELL", program) if noise else f'exec {program} "$@"'
    return WRAPPER.format(requests=REQUESTS, meanwhile=MEANWHILE, run=run)


def write(upper: Path, shell: str, become: Become, public_key: str) -> None:
    """The accounts of a host, below the folder with its own files. Who logs in has that shell, root has it as well."""

    def put(path: str, text: str, mode: int = 0o644) -> None:
        file = upper / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        file.chmod(mode)

    others = [
        line for line in Path("/etc/passwd").read_text(encoding="utf-8").splitlines() if not line.startswith("root:")
    ]
    # Who logs in has the wrapper; who is only become has the bare shell: what "su" asks it for is no exec request.
    root = LOGIN if become.user == "root" else SHELLS[shell]
    accounts = [f"root:x:0:0:root:{HOMES['root']}:{root}", f"{USER}:x:{USER_ID}:{USER_ID}::{HOMES[USER]}:{LOGIN}"]
    put("etc/passwd", "\n".join([*accounts, *others, ""]))
    passwords = {"root": ROOT_PASSWORD, USER: PASSWORD}
    lines = [f"{name}:{crypted(password)}:19000:0:99999:7:::\n" for name, password in passwords.items()]
    put("etc/shadow", "".join(lines), 0o640)
    put("etc/group", Path("/etc/group").read_text(encoding="utf-8") + f"{USER}:x:{USER_ID}:{USER}\n")
    put("etc/shells", "\n".join([*SHELLS.values(), LOGIN, ""]))
    put("etc/motd", "Message of the day: @end\n")
    put("etc/issue.net", BANNER)
    put(LOGIN[1:], wrapper(SHELLS[shell]), 0o755)
    put(REQUESTS[1:], "", 0o666)
    for path, text in become.files.items():
        if path.startswith("etc/pam.d/"):
            text += (Path("/") / path).read_text(encoding="utf-8")
        put(path, text, 0o440)
    for home in HOMES.values():
        for path, text in {**RC, ".ssh/authorized_keys": public_key}.items():
            put(f"{home[1:]}/{path}", text)
    subprocess.run(["chown", "-R", f"{USER_ID}:{USER_ID}", str(upper / HOMES[USER][1:])], check=True)
