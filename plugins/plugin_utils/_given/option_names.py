# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the options of the OVHcloud modules are called by the role's user, who sets variables (pure)."""

from __future__ import annotations

import re
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._given.options import (
    CONNECTION,
    MAILBOX,
    PATTERNS,
    PREFIX,
)

#: Options of the modules that are variables of the role under the same name.
SAME = frozenset(
    {*CONNECTION, *MAILBOX, *PATTERNS, "service_name", "renewed_since", "max_age", "max_age_jitter"}
    | {"renew_between", "cooldown"}
)
#: Those that the role calls something else, by the words that name them.
OTHERS = {"the login option": f"{PREFIX}line_login", "source is imap": f"{PREFIX}mail_source is imap"}
#: Where a result has sentences.
SENTENCES = frozenset({"msg", "message", "why", "warnings", "problems", "what_to_do"})
# "endpoint=" is a line of ovh.conf. What came from there or from the environment is no variable.
_NAME = re.compile(rf"(?<![\w./=-])({'|'.join(sorted(SAME))})(?![\w/]|(?<=endpoint)=| \(?from (?!option ))")
_OTHER = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, OTHERS))})")


def of_role(sentence: str) -> str:
    """A sentence of a module, as one of the role."""
    sentence = _OTHER.sub(lambda found: OTHERS[found[0]], sentence)
    return _NAME.sub(lambda found: f"{PREFIX}{found[1]}", sentence)


def told(result: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """A module's result, whose sentences name the variables of the role."""
    return {name: _in(value, name in SENTENCES) for name, value in result.items()}


def _in(value: t.Any, sentence: bool) -> t.Any:
    if isinstance(value, dict):
        return told(value)
    if isinstance(value, list):
        return [_in(one, sentence) for one in value]
    return of_role(value) if sentence and isinstance(value, str) else value
