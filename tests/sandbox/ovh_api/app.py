# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The routes of the local OVHcloud API: v1 below /1.0, v2 below /v2, and the OAuth2 token endpoint."""

from __future__ import annotations

import hashlib
import re
import time
import uuid
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

from flask import Blueprint, Flask, Response, g, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound

from . import admin, auth, faults, secret_links
from .auth import ApiError
from .faults import as_json
from .world import State, World, iso_v1, iso_v2

View = Callable[..., Any]


def create_app(world: World) -> Flask:
    """The whole server."""
    app = Flask("ovh_api")
    app.register_blueprint(admin.blueprint(world))
    app.register_blueprint(_routes(world))

    def record(status: int | None) -> None:
        """Note a call for the tests: one whose answer is lost before the caller can have given up waiting for it."""
        world.record_call(
            {
                "at": g.at,
                "method": request.method,
                "path": request.path,
                "query": request.query_string.decode(),
                "status": status,
                "credential": g.credential,
                "query_id": g.query_id,
            }
        )

    @app.before_request
    def before() -> Response | None:
        if request.path.startswith("/admin/"):
            return None
        g.query_id = f"EU.ext-1.{uuid.uuid4().hex[:8]}.{time.monotonic_ns() % 100000}.{uuid.uuid4().hex}"
        g.credential = None
        g.at = time.time()
        g.fault = faults.take(world, request.method, request.path)
        if world.state["answer_delay"]:
            time.sleep(float(world.state["answer_delay"]))
        if g.fault is not None and not g.fault.effect:
            if g.fault.lost:
                record(None)
            return faults.answer(g.fault, request)
        if _over_limit(world):
            return faults.too_many(world.state["retry_after"])
        return None

    @app.after_request
    def after(response: Response) -> Response:
        response.date = datetime.fromtimestamp(world.now(), timezone.utc)
        if request.path.startswith("/admin/"):
            return response
        fault = g.fault
        if fault is not None and fault.effect:
            if fault.lost:
                record(None)
            response = faults.answer(fault, request)
        if fault is None or not fault.lost:
            record(response.status_code)
        if fault is None or not fault.foreign:
            response.headers["X-OVH-QUERYID"] = g.query_id
        return response

    @app.errorhandler(ApiError)
    def api_error(error: ApiError) -> Response:
        if request.path.startswith("/v2/"):
            error.code = None
        return as_json(error.body(), error.status)

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> Response:
        status = error.code or 500
        if isinstance(error, NotFound):
            return as_json(ApiError(404, "NotFound", "Got an invalid (or empty) URL", "INVALID_URL").body(), 404)
        if isinstance(error, MethodNotAllowed):
            return as_json({"class": "Client::MethodNotAllowed", "message": "Method not allowed"}, 405)
        return as_json({"class": "Client::BadRequest", "message": error.description or error.name}, status)

    return app


def _over_limit(world: World) -> bool:
    limit = int(world.state["rate_limit"] or 0)
    if limit <= 0:
        return False
    who = request.headers.get("X-Ovh-Consumer") or request.headers.get("Authorization")
    if who is None or request.path == "/auth/oauth2/token":
        return False
    now = time.monotonic()
    with world.lock:
        recent = [one for one in world.starts.get(who, []) if one > now - 60]
        world.starts[who] = recent
        if len(recent) >= limit:
            return True
        recent.append(now)
        return False


def _routes(world: World) -> Blueprint:
    api = Blueprint("api", __name__)

    def route(method: str, rule: str, action: str | None, public: bool = False) -> Callable[[View], View]:
        """One API route with its IAM action. `rule` is in Flask's syntax, below /1.0 unless it starts with /v2."""
        template = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule)
        flask_rule = rule if rule.startswith("/v2") else f"/1.0{rule}"

        def wrap(view: View) -> View:
            def call(**arguments: str) -> Response:
                if not public:
                    path = request.path.removeprefix("/1.0")
                    g.caller = auth.authenticate(world, request)
                    g.credential = g.caller.credential
                    auth.authorize(world, g.caller, method, path, action)
                    if method == "POST" and request.get_data().strip() not in (b"", b"{}", b"null"):
                        raise ApiError(400, "BadRequest", "Received not described parameters in the body")
                    world.record_log(method, path, template, request.remote_addr or "")
                answer = view(**arguments)
                return answer if isinstance(answer, Response) else as_json(answer)

            api.add_url_rule(flask_rule, f"{method} {rule}", call, methods=[method])
            return view

        return wrap

    def line(service: str) -> State:
        found: State | None = world.state["lines"].get(service)
        if found is None:
            raise ApiError(404, "NotFound", "This service does not exist", "NOT_FOUND")
        return found

    @api.post("/auth/oauth2/token")
    def token() -> Response:
        body, status = auth.issue_token(world, request)
        return as_json(body, status)

    @route("GET", "/auth/time", None, public=True)
    def auth_time() -> int:
        return int(world.now())

    @route("GET", "/auth/currentCredential", None)
    def current_credential() -> Any:
        if g.caller.method == "oauth2":
            raise ApiError(403, "Forbidden", "This call is not available with this authentication method")
        return auth.describe_credential(g.caller)

    @route("GET", "/auth/details", None)
    def details() -> Any:
        return auth.describe_identity(world, g.caller)

    @route("GET", "/me", "account:apiovh:me/get")
    def me() -> Any:
        return world.state["account"]

    @route("GET", "/me/api/logs/self", "account:apiovh:me/api/logs/self/get")
    def logs() -> Any:
        with world.lock:
            return _no_order([one["logId"] for one in world.state["api_logs"] if one["at"] <= world.now()])

    @route("GET", "/me/api/logs/self/<logId>", "account:apiovh:me/api/logs/self/get")
    def log(logId: str) -> Any:
        with world.lock:
            entries = {
                str(one["logId"]): {key: value for key, value in one.items() if key != "at"}
                for one in world.state["api_logs"]
                if one["at"] <= world.now()
            }
        separator = request.headers.get("X-Ovh-Batch")
        if separator and world.state["batch"]:
            return [
                {"key": key, "value": entries.get(key), "error": _missing(key, entries)}
                for key in logId.split(separator)
            ]
        if logId not in entries:
            raise ApiError(404, "NotFound", "This log does not exist", "NOT_FOUND")
        return entries[logId]

    @route("GET", "/xdsl", "xdsl:apiovh:get")
    def lines() -> Any:
        return list(world.state["lines"])

    @route("GET", "/xdsl/<serviceName>", "xdsl:apiovh:get")
    def access(serviceName: str) -> Any:
        separator = request.headers.get("X-Ovh-Batch")
        if separator and world.state["batch"]:
            known = world.state["lines"]
            return [
                {"key": key, "value": known[key]["access"] if key in known else None, "error": _missing(key, known)}
                for key in serviceName.split(separator)
            ]
        return line(serviceName)["access"]

    @route("GET", "/xdsl/<serviceName>/ips", "xdsl:apiovh:ips/get")
    def ips(serviceName: str) -> Any:
        return [one["ip"] for one in line(serviceName)["ips"]]

    @route("GET", "/xdsl/<serviceName>/ips/<ip>", "xdsl:apiovh:ips/get")
    def ip(serviceName: str, ip: str) -> Any:
        for one in line(serviceName)["ips"]:
            if one["ip"] == ip:
                return one
        raise ApiError(404, "NotFound", "The requested object (ip) does not exist", "NOT_FOUND")

    @route("GET", "/xdsl/<serviceName>/serviceInfos", "xdsl:apiovh:serviceInfos/get")
    def service_infos(serviceName: str) -> Any:
        return line(serviceName)["service_infos"]

    @route("GET", "/xdsl/<serviceName>/radiusConnectionLogs", "xdsl:apiovh:radiusConnectionLogs/get")
    def radius(serviceName: str) -> Any:
        found = line(serviceName)
        if not found["access"].get("capabilities", {}).get("canGetRadiusConnectionLogs"):
            raise ApiError(403, "Forbidden", "This action is not available on this access", "FORBIDDEN")
        return found["radius"]

    @route("POST", "/xdsl/<serviceName>/requestPPPLoginMail", "xdsl:apiovh:requestPPPLoginMail")
    def request_mail(serviceName: str) -> Any:
        if line(serviceName)["access"]["status"] != "active":
            raise ApiError(409, "Conflict", "This action is not possible on an access that is not active", "CONFLICT")
        world.renew_password(serviceName, asked_by_api=True)
        return None

    @route("GET", "/me/notification/email/history", "account:apiovh:me/notification/email/history/get")
    def history_v1() -> Any:
        with world.lock:
            return _no_order([mail["id"] for mail in world.published()])

    @route("GET", "/me/notification/email/history/<numbers>", "account:apiovh:me/notification/email/history/get")
    def mail_v1(numbers: str) -> Any:
        separator = request.headers.get("X-Ovh-Batch")
        with world.lock:
            known = {str(mail["id"]): mail for mail in world.published()}
        if separator and world.state["batch"]:
            return [
                {"key": key, "value": _as_v1(known[key]) if key in known else None, "error": _missing(key, known)}
                for key in numbers.split(separator)
            ]
        if not numbers.isdigit():
            raise ApiError(400, "BadRequest", f"[id] Given data ({numbers}) is not of type long", "INVALID_ARGUMENT")
        if numbers not in known:
            raise ApiError(404, "NotFound", "The requested object (id) does not exist", "NOT_FOUND")
        return _as_v1(known[numbers])

    @route("POST", "/secret/retrieve", None, public=True)
    def retrieve_secret() -> Any:
        with world.change() as state:
            return secret_links.retrieve(state, request, world.now())

    @route("GET", "/v2/notification/history", "account:apiovh:notification/history/get")
    def history_v2() -> Any:
        return _page_v2(world)

    @route("GET", "/v2/notification/history/<identifier>", "account:apiovh:notification/history/get")
    def mail_v2(identifier: str) -> Any:
        for mail in world.published():
            if mail["uuid"] == identifier:
                return _as_v2(mail, True)
        raise ApiError(404, "NotFound", "Notification not found")

    return api


def _no_order(numbers: list[int]) -> list[int]:
    """OVH promises no order of ids: ours is stable, and useless."""
    return sorted(numbers, key=lambda number: hashlib.sha256(str(number).encode()).digest())


def _missing(key: str, known: dict[str, State]) -> str | None:
    return None if key in known else "The requested object (id) does not exist"


def _as_v1(mail: State) -> State:
    body = mail["text"] if mail["text"] is not None else mail["html"]
    lines = (body or "").replace("\r\n", "\n").replace("\n", "\r\n")
    return {"id": mail["id"], "date": iso_v1(mail["at"]), "subject": mail["title"], "body": lines}


def _as_v2(mail: State, bodies: bool) -> State:
    return {
        "id": mail["uuid"],
        "title": mail["title"],
        "text": mail["text"] if bodies else None,
        "html": mail["html"] if bodies else None,
        "createdAt": iso_v2(mail["at"]),
        "contacts": [{"to": mail["to"], "status": "SENT", "error": None}],
    }


def _page_v2(world: World) -> Response:
    known = {"createdAfter", "createdBefore", "sortCreatedAt"}
    unknown = set(request.args) - known - ({"titleContains"} if world.state["v2_title_search"] else set())
    if unknown:
        raise ApiError(400, "BadRequest", f"Unknown query parameter: {', '.join(sorted(unknown))}")
    after, before = _instant("createdAfter"), _instant("createdBefore")
    order = request.args.get("sortCreatedAt", "DESC")
    if order not in ("ASC", "DESC"):
        raise ApiError(400, "BadRequest", f"Invalid value for sortCreatedAt: {order}")
    part = request.args.get("titleContains", "").lower()
    size = request.headers.get("X-Pagination-Size", "25")
    cursor = request.headers.get("X-Pagination-Cursor", "")
    if not size.isdigit() or not 1 <= int(size) <= 1000:
        raise ApiError(400, "BadRequest", f"Invalid X-Pagination-Size: {size}")
    with world.lock:
        found = [
            mail
            for mail in world.published()
            if (after is None or mail["at"] > after)
            and (before is None or mail["at"] < before)
            and part in mail["title"].lower()
        ]
    found.sort(key=lambda mail: mail["at"], reverse=order == "DESC")
    names = [mail["uuid"] for mail in found]
    if cursor and cursor not in names:
        raise ApiError(400, "BadRequest", "Invalid pagination cursor")
    start = names.index(cursor) if cursor else 0
    end = start + int(size)
    response = as_json([_as_v2(mail, world.state["v2_list_bodies"]) for mail in found[start:end]])
    if end < len(found):
        response.headers["X-Pagination-Cursor-Next"] = names[end]
    return response


def _instant(name: str) -> float | None:
    value = request.args.get(name)
    if value is None:
        return None
    try:
        parsed = datetime.fromisoformat(value)
    except ValueError:
        parsed = None
    if parsed is None or parsed.tzinfo is None:
        raise ApiError(400, "BadRequest", f"Invalid value for {name}: {value}")
    return parsed.timestamp()
