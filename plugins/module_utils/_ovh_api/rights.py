# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rights that the collection needs, by purpose, and whether a set of rules grants them (pure).

Paths and IAM actions are those of OVHcloud's published OpenAPI descriptions.
"""

from __future__ import annotations

import dataclasses
import re
import typing as t


@dataclasses.dataclass(frozen=True)
class Right:
    """One call: the purpose it serves, its method, path and IAM action."""

    purpose: str
    method: str
    path: str
    iam_action: str

    def on(self, service_name: str) -> Right:
        """The same right for one access."""
        return dataclasses.replace(self, path=self.path.replace("{serviceName}", service_name))

    def as_result(self) -> dict[str, str]:
        return {
            "right": self.purpose,
            "method": self.method,
            "path": self.path,
            "iam_action": self.iam_action,
        }


V2_MAILS = (
    Right("service_mails", "GET", "/v2/notification/history", "account:apiovh:notification/history/get"),
    Right("service_mails", "GET", "/v2/notification/history/*", "account:apiovh:notification/history/get"),
)
V1_MAILS = (
    Right(
        "service_mails",
        "GET",
        "/me/notification/email/history",
        "account:apiovh:me/notification/email/history/get",
    ),
    Right(
        "service_mails",
        "GET",
        "/me/notification/email/history/*",
        "account:apiovh:me/notification/email/history/get",
    ),
)
RIGHTS: dict[str, tuple[Right, ...]] = {
    "access": (
        Right("access", "GET", "/xdsl/{serviceName}", "xdsl:apiovh:get"),
        Right("access", "GET", "/xdsl/{serviceName}/ips", "xdsl:apiovh:ips/get"),
        Right("access", "GET", "/xdsl/{serviceName}/serviceInfos", "xdsl:apiovh:serviceInfos/get"),
        Right("access", "GET", "/me", "account:apiovh:me/get"),
    ),
    "renew": (Right("renew", "POST", "/xdsl/{serviceName}/requestPPPLoginMail", "xdsl:apiovh:requestPPPLoginMail"),),
    "session_log": (
        Right(
            "session_log",
            "GET",
            "/xdsl/{serviceName}/radiusConnectionLogs",
            "xdsl:apiovh:radiusConnectionLogs/get",
        ),
    ),
    "service_mails": V2_MAILS,
}
_OTHERS = (
    Right("access", "GET", "/xdsl", "xdsl:apiovh:get"),
    Right("access", "GET", "/xdsl/{serviceName}/ips/{ip}", "xdsl:apiovh:ips/get"),
    Right("api_log", "GET", "/me/api/logs/self", "account:apiovh:me/api/logs/self/get"),
    Right("api_log", "GET", "/me/api/logs/self/{id}", "account:apiovh:me/api/logs/self/get"),
)


def right_of(method: str, path: str) -> str | None:
    """The IAM action of a call, or None when it is not one of ours."""
    known = [right for rights in RIGHTS.values() for right in rights] + list(V1_MAILS) + list(_OTHERS)
    for right in known:
        pattern = re.sub(r"\{[^}]+\}|\*", "[^/]+", right.path)
        if right.method == method and re.fullmatch(pattern, path):
            return right.iam_action
    return None


def granted(right: Right, rules: t.Iterable[t.Mapping[str, t.Any]]) -> bool:
    """Tell whether consumer-key rules ({method, path}, a final ``*`` matches anything) allow a call."""
    paths = [right.path]
    if right.path.startswith("/v2/"):
        paths.append(right.path[len("/v2") :])
    for rule in rules:
        method, path = str(rule.get("method", "")), str(rule.get("path", ""))
        if method not in (right.method, "*"):
            continue
        # A "*" counts at the end only: in the middle of a path OVHcloud does not document it.
        if any(wanted.startswith(path[:-1]) if path.endswith("*") else wanted == path for wanted in paths):
            return True
    return False


def missing(purposes: t.Iterable[str], service_name: str, rules: t.Sequence[t.Mapping[str, t.Any]]) -> list[Right]:
    """The rights that the rules lack for the purposes; service mails by v2 or, failing that, by v1."""
    lacking: list[Right] = []
    for purpose in purposes:
        wanted = [right.on(service_name) for right in RIGHTS[purpose]]
        absent = [right for right in wanted if not granted(right, rules)]
        if purpose == "service_mails" and absent and all(granted(right, rules) for right in V1_MAILS):
            continue
        lacking += absent
    return lacking
