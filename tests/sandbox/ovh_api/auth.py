# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who is calling, and may they? Signatures, consumer keys, OAuth2 tokens, rights."""

from __future__ import annotations

import fnmatch
import hashlib
import hmac
import ipaddress
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Request

from .world import State, World

TIME_WINDOW = 30


class ApiError(Exception):
    """An error answer in OVH's form. Without `code` it has neither errorCode nor httpCode (API v2, IAM)."""

    def __init__(self, status: int, name: str, message: str, code: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.name = name
        self.message = message
        self.code = code

    def body(self) -> dict[str, str]:
        """The JSON body."""
        body = {"class": f"Client::{self.name}", "message": self.message}
        if self.code is not None:
            words = {400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found"}
            body["errorCode"] = self.code
            body["httpCode"] = f"{self.status} {words.get(self.status, 'Error')}"
        return body


@dataclass(frozen=True)
class Caller:
    """An authenticated caller: by consumer key or by OAuth2 client."""

    credential: str
    method: str
    record: State


def full_url(request: Request) -> str:
    """The URL exactly as the client wrote it: that is what it signed."""
    return f"{request.scheme}://{request.headers.get('Host', '')}{request.environ['REQUEST_URI']}"


def authenticate(world: World, request: Request) -> Caller:
    """Find out who calls, or raise the error that OVH would answer."""
    header = request.headers.get("Authorization", "")
    if header.startswith("Bearer "):
        return _by_token(world, header[len("Bearer ") :])
    return _by_signature(world, request)


def _by_token(world: World, token: str) -> Caller:
    with world.lock:
        known = world.state["tokens"].get(token)
        client = world.state["oauth2_clients"].get(known["client_id"]) if known else None
        if known is None or client is None or known["expires_at"] <= world.now():
            raise ApiError(401, "Unauthorized", "You must login first")
        return Caller(known["client_id"], "oauth2", client)


def _by_signature(world: World, request: Request) -> Caller:
    application = request.headers.get("X-Ovh-Application")
    consumer = request.headers.get("X-Ovh-Consumer")
    timestamp = request.headers.get("X-Ovh-Timestamp")
    signature = request.headers.get("X-Ovh-Signature")
    state = world.state
    if not application:
        raise ApiError(401, "Unauthorized", "You must login first", "NOT_CREDENTIAL")
    secret = state["applications"].get(application)
    if secret is None:
        raise ApiError(403, "Forbidden", "This application key is invalid", "INVALID_KEY")
    if not consumer or not timestamp or not signature:
        raise ApiError(401, "Unauthorized", "You must login first", "NOT_CREDENTIAL")
    record = state["credentials"].get(consumer)
    if record is None or record["application_key"] != application:
        raise ApiError(403, "Forbidden", "This credential does not exist", "NOT_CREDENTIAL")
    body = request.get_data(as_text=True)
    text = "+".join([secret, consumer, request.method, full_url(request), body, timestamp])
    wanted = "$1$" + hashlib.sha1(text.encode()).hexdigest()
    if not hmac.compare_digest(wanted, signature):
        raise ApiError(400, "BadRequest", "Invalid signature", "INVALID_SIGNATURE")
    if not timestamp.isdigit() or abs(int(timestamp) - world.now()) > TIME_WINDOW:
        raise ApiError(400, "BadRequest", "Query out of time", "QUERY_TIME_OUT")
    expiration = record.get("expiration")
    expired = expiration and datetime.fromisoformat(expiration).timestamp() <= world.now()
    if record["status"] != "validated" or expired:
        raise ApiError(403, "Forbidden", "This credential is not valid", "INVALID_CREDENTIAL")
    allowed = record.get("allowedIPs")
    if allowed:
        caller = ipaddress.ip_address(state["caller_ip"] or request.remote_addr or "127.0.0.1")
        if not any(caller in ipaddress.ip_network(one, strict=False) for one in allowed):
            raise ApiError(403, "Forbidden", "Your IP is not allowed to use this credential", "FORBIDDEN")
    return Caller(consumer, "ovh", record)


def authorize(world: World, caller: Caller, method: str, path: str, action: str | None) -> None:
    """Check the right to make this call. `path` is the path below /1.0, or the whole /v2 path."""
    if action is None and not world.state["auth_routes_need_rights"]:
        return
    if caller.method == "oauth2":
        if action is not None and not any(fnmatch.fnmatchcase(action, one) for one in caller.record["actions"]):
            raise ApiError(403, "Forbidden", "User not granted for this request")
        return
    rules = caller.record["rules"]
    if not any(rule["method"] == method and rule_matches(rule["path"], path) for rule in rules):
        raise ApiError(403, "Forbidden", "This call has not been granted", "NOT_GRANTED_CALL")


def rule_matches(pattern: str, path: str) -> bool:
    """A `*` counts at the end only: whether OVH takes one in the middle is not documented."""
    if pattern.endswith("*"):
        return path.startswith(pattern[:-1])
    return path == pattern


def issue_token(world: World, request: Request) -> tuple[dict[str, Any], int]:
    """The OAuth2 token endpoint, client-credentials grant."""
    form = request.form
    basic = request.authorization
    client_id = form.get("client_id") or (basic.username if basic is not None else None) or ""
    given = form.get("client_secret") or (basic.password if basic is not None else None) or ""
    if form.get("grant_type") != "client_credentials":
        return {"error": "unsupported_grant_type", "error_description": "Unsupported grant_type"}, 400
    with world.change() as state:
        client = state["oauth2_clients"].get(client_id)
        if client is None or not hmac.compare_digest(client["secret"].encode(), given.encode()):
            return {"error": "invalid_client", "error_description": "Client authentication failed"}, 401
        token = secrets.token_urlsafe(24)
        state["tokens"][token] = {"client_id": client_id, "expires_at": world.now() + client["expires_in"]}
        scope = form.get("scope", "all")
        answer = {"access_token": token, "token_type": "Bearer", "expires_in": client["expires_in"], "scope": scope}
        return answer, 200


def describe_credential(caller: Caller) -> dict[str, Any]:
    """GET /auth/currentCredential."""
    hidden = {"application_key"}
    return {key: value for key, value in caller.record.items() if key not in hidden} | {
        "allowedIPs": caller.record.get("allowedIPs"),
        "expiration": caller.record.get("expiration"),
    }


def describe_identity(world: World, caller: Caller) -> dict[str, Any]:
    """GET /auth/details."""
    account = world.state["account"]["nichandle"]
    oauth2 = caller.method == "oauth2"
    identity = f"credential:{account}/oauth2-{caller.credential}" if oauth2 else f"account:{account}"
    return {
        "account": account,
        "allowedRoutes": caller.record.get("allowed_routes") if oauth2 else caller.record["rules"],
        "description": "",
        "identities": [f"urn:v1:eu:identity:{identity}"],
        "method": "oauth2" if oauth2 else "account",
        "roles": [],
        "user": None,
    }
