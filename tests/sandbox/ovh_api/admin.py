# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The admin interface: tests set scenarios here and read what was called. OVH has nothing of the kind."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from . import faults
from .faults import as_json
from .world import DAY, World, merge_patch


def blueprint(world: World) -> Blueprint:
    """All routes below /admin."""
    admin = Blueprint("admin", __name__, url_prefix="/admin")

    def payload() -> Any:
        return request.get_json(force=True)

    @admin.post("/reset")
    def reset() -> Response:
        world.reset()
        return as_json({"ok": True})

    @admin.get("/state")
    def get_state() -> Response:
        with world.lock:
            return as_json(world.state)

    @admin.put("/state")
    def put_state() -> Response:
        with world.change() as state:
            patch = payload()
            unknown = sorted(set(patch) - set(state))
            if unknown:
                return as_json({"error": f"unknown keys: {', '.join(unknown)}"}, 400)
            world.state = merge_patch(state, patch)
            return as_json(world.state)

    @admin.get("/calls")
    def get_calls() -> Response:
        with world.lock:
            return as_json(world.state["calls"])

    @admin.delete("/calls")
    def delete_calls() -> Response:
        with world.change() as state:
            state["calls"] = []
        return as_json({"ok": True})

    @admin.post("/faults")
    def post_faults() -> Response:
        orders = payload()
        try:
            parsed = [faults.parse(one) for one in (orders if isinstance(orders, list) else [orders])]
        except ValueError as error:
            return as_json({"error": str(error)}, 400)
        with world.change() as state:
            state["faults"].extend(parsed)
            return as_json(state["faults"])

    @admin.delete("/faults")
    def delete_faults() -> Response:
        with world.change() as state:
            state["faults"] = []
        return as_json({"ok": True})

    @admin.post("/dial")
    def dial() -> Response:
        given = payload()
        return as_json(world.dial(str(given.get("login", "")), str(given.get("password", ""))))

    @admin.get("/line/<service>")
    def get_line(service: str) -> Response:
        with world.lock:
            line = world.state["lines"].get(service)
            if line is None:
                return as_json({"error": f"no line {service}"}, 404)
            return as_json({key: line[key] for key in ("password", "login", "session", "requests")})

    @admin.post("/line/<service>/rotate")
    def rotate(service: str) -> Response:
        if service not in world.state["lines"]:
            return as_json({"error": f"no line {service}"}, 404)
        world.renew_password(service, asked_by_api=False)
        return get_line(service)

    @admin.post("/mails")
    def post_mails() -> Response:
        """{title, text, html, age_days | age (seconds, negative: comes later)}."""
        given = payload()
        age = float(given.get("age", 0)) + float(given.get("age_days", 0)) * DAY
        with world.change():
            mail = world.add_mail(given["title"], given.get("text"), given.get("html"), at=world.now() - age)
            return as_json(mail)

    @admin.post("/maildir")
    def post_maildir() -> Response:
        """{path}: a Maildir that all mails are delivered to as well."""
        world.send_to(str(payload()["path"]))
        return as_json({"ok": True})

    @admin.delete("/mails")
    def delete_mails() -> Response:
        with world.change() as state:
            state["mails"] = []
        return as_json({"ok": True})

    return admin
