# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Faults to order: lost answers, cut connections, proxies that answer in HTML."""

from __future__ import annotations

import contextlib
import fnmatch
import json
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Request, Response

from .world import State, World

#: A proxy's own page.
HTML = (
    "<html>\r\n<head><title>{0}</title></head>\r\n<body>\r\n"
    "<center><h1>{0}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
)
NUMBERED = ("status", "html")
# kind: does the call take effect before the fault? (a fault may say otherwise with "effect": true/false)
KINDS: dict[str, bool] = {
    "timeout_before": False,
    "timeout_after": True,
    "cut_before": False,
    "cut_after": True,
    "html_502": False,
    "html": False,
    "empty_200": True,
    "status": False,
    "json_list_error": False,
    "rate_limit": False,
    "redirect": False,
    "endless": True,
}


@dataclass(frozen=True)
class Fault:
    """One fault, taken from the list for one call."""

    kind: str
    status: int
    effect: bool
    seconds: float
    retry_after: int | None
    body: Any

    @property
    def lost(self) -> bool:
        """Does the caller get no answer at all?"""
        return self.kind.startswith(("cut_", "timeout_"))

    @property
    def foreign(self) -> bool:
        """Does the answer come from something in between?"""
        return self.kind.startswith("html")


def parse(order: Any) -> State:
    """Check one entry of POST /admin/faults."""
    if not isinstance(order, dict):
        raise ValueError("a fault is an object")
    unknown = set(order) - {"method", "path", "kind", "times", "seconds", "retry_after", "effect", "body"}
    if unknown:
        raise ValueError(f"unknown keys: {', '.join(sorted(unknown))}")
    kind, _colon, number = str(order.get("kind", "")).partition(":")
    if kind not in KINDS or (kind in NUMBERED) != bool(number) or (number and not number.isdigit()):
        raise ValueError(f"unknown kind {order.get('kind')!r}; known: {', '.join(KINDS)} ({NUMBERED} as status:NNN)")
    return {
        "method": order.get("method", "*"),
        "path": order.get("path", "*"),
        "kind": kind,
        "status": int(number or 0),
        "times": int(order.get("times", 1)),
        "seconds": float(order.get("seconds", 0)),
        "retry_after": order.get("retry_after"),
        "effect": order.get("effect", KINDS[kind]),
        "body": order.get("body"),
    }


def take(world: World, method: str, path: str) -> Fault | None:
    """The first fault ordered for this call, if any; one of its times is used up (a negative number never ends)."""
    short = path.removeprefix("/1.0")
    with world.change() as state:
        for entry in state["faults"]:
            if not fnmatch.fnmatchcase(method, entry["method"]):
                continue
            if not any(fnmatch.fnmatchcase(one, entry["path"]) for one in (path, short)):
                continue
            if entry["times"] > 0:
                entry["times"] -= 1
                if entry["times"] == 0:
                    state["faults"].remove(entry)
            return Fault(
                entry["kind"], entry["status"], entry["effect"], entry["seconds"], entry["retry_after"], entry["body"]
            )
    return None


def answer(fault: Fault, request: Request) -> Response:
    """What the caller gets instead of the answer."""
    if fault.seconds:
        time.sleep(fault.seconds)
    if fault.lost:
        return hang_up(request)
    if fault.foreign:
        status = fault.status or 502
        return Response(HTML.format(f"{status} of a proxy"), status, content_type="text/html")
    if fault.kind == "empty_200":
        return Response("", 200, content_type="application/json")
    if fault.kind == "json_list_error":
        return as_json(fault.body if fault.body is not None else ["Internal server error"], 500)
    if fault.kind == "rate_limit":
        return too_many(fault.retry_after)
    if fault.kind == "endless":
        return Response(_drip(), 200, content_type="application/json")
    if fault.kind == "redirect":
        return Response("", 307, headers={"Location": request.path})
    body = fault.body
    if body is None:
        family = "Server" if fault.status >= 500 else "Client"
        body = {"class": f"{family}::Error{fault.status}", "message": f"Ordered error {fault.status}"}
    response = as_json(body, fault.status)
    if fault.retry_after is not None:
        response.headers["Retry-After"] = str(fault.retry_after)
    return response


def _drip() -> Iterator[bytes]:
    """A byte now and then, for longer than any test waits."""
    for _count in range(200):
        yield b" "
        time.sleep(0.02)


def too_many(retry_after: int | None) -> Response:
    """429, with Retry-After unless None."""
    body = {"class": "Client::TooManyRequests", "message": "Too many requests, please retry later"}
    response = as_json(body, 429)
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response


def as_json(body: Any, status: int = 200) -> Response:
    """A JSON answer; null is `null`, as OVH writes it."""
    return Response(json.dumps(body), status, content_type="application/json; charset=utf-8")


def hang_up(request: Request) -> Response:
    """Close the connection without an answer. The response returned here never reaches anybody."""
    connection = request.environ.get("werkzeug.socket")
    if isinstance(connection, socket.socket):
        with contextlib.suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)
    return Response("", 500)
