# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run one POSIX shell script on a router that has no Python, handing it secrets on standard input only."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleActionFail, AnsibleConnectionFailure
from ansible.plugins.action import ActionBase

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils import _core_dumps

RESULT_LINE = re.compile(r"^([a-z][a-z0-9_]*)=(.*)$")


def parse_result(stdout: str) -> dict[str, str]:
    """Pick the C(key=value) lines out of what the script printed; anything else is noise of the remote shell."""
    result: dict[str, str] = {}
    for line in stdout.splitlines():
        found = RESULT_LINE.match(line.rstrip("\r"))
        if found:
            result[found.group(1)] = found.group(2)
    return result


def diff_lines(stdout: str) -> str:
    """What the script tells with C(diff=…): a line of its diff each."""
    lines = (line.rstrip("\r") for line in stdout.splitlines())
    return "".join(f"{line.removeprefix('diff=')}\n" for line in lines if line.startswith("diff="))


def secret_lines(secret: dict[Any, Any]) -> bytes:
    """One raw line for each secret, in the order given.  Never quotes a value in an error."""
    lines: list[str] = []
    for name, value in secret.items():
        text = str(value)
        if any(character in text for character in "\n\r\0"):
            raise AnsibleActionFail(f"The secret {name} holds a line break or a NUL character: no router accepts that.")
        lines.append(text)
    # Never empty: with data on standard input, no connection plugin asks for a terminal.
    return ("\n".join(lines) + "\n").encode("utf-8", "surrogateescape")


class ActionModule(ActionBase):  # type: ignore[misc]  # ansible-core publishes no types
    """See plugins/modules/router_script.py for the options."""

    TRANSFERS_FILES = False
    _supports_check_mode = True
    _supports_async = False
    _requires_connection = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        _core_dumps.forbid()
        result: dict[str, Any] = super().run(tmp, task_vars or {})
        _validation, args = self.validate_argument_spec(
            argument_spec={
                "script": {"type": "path", "required": True},
                "arguments": {"type": "list", "elements": "str", "default": []},
                "secret": {"type": "dict", "default": {}, "no_log": True},
            }
        )
        path = Path(args["script"])
        if not path.is_absolute():
            raise AnsibleActionFail(f"script must be an absolute path on the control node, not {path}")
        try:
            script = path.read_text(encoding="utf-8")
        except OSError as error:
            raise AnsibleActionFail(f"Cannot read the script {path}: {error.strerror}") from error

        words = ["/bin/sh", "-c", script, "router_script", *args["arguments"]]
        command = " ".join(
            [f"ROUTER_CHECK_MODE={1 if self._task.check_mode else 0}", *(shlex.quote(str(word)) for word in words)]
        )
        environment = self._compute_environment_string()
        if environment:
            command = f"{environment} {command}"

        try:
            done = self._low_level_execute_command(command, in_data=secret_lines(args["secret"]))
        except AnsibleConnectionFailure as error:
            # Not left to ansible-core, which would drop the host without another word: the role still has to say
            # where that leaves the line.
            return {**result, "failed": True, "rc": 255, "result": {}, "msg": f"The router cannot be reached: {error}"}
        output = parse_result(done["stdout"])
        if output.pop("diff", None) and self._task.diff:
            result["diff"] = {"prepared": diff_lines(done["stdout"])}
        result.update(rc=done["rc"], result=output, changed=output.get("changed") == "true")
        result["msg"] = output.get("error") or output.get("message") or ""
        if done["rc"] != 0:
            result["failed"] = True
            result["changed"] = False
            result["msg"] = output.get("error") or done["stderr"].strip() or f"The script ended with {done['rc']}."
        return result
