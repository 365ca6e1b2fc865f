# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The state of the local OVH: account, keys, lines, mails, logs. One JSON document, saved atomically."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import threading
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, cast

from mailserver import maildir

from . import mails

State = dict[str, Any]

NICHANDLE = "ab12345-ovh"
LINE_1 = "xdsl-ab12345-1"
LINE_2 = "ftth-ab12345-2"
DAY = 86400.0

RULES = [
    {"method": "GET", "path": "/auth/*"},
    {"method": "GET", "path": "/me"},
    {"method": "GET", "path": "/me/api/logs/self"},
    {"method": "GET", "path": "/me/api/logs/self/*"},
    {"method": "GET", "path": "/me/notification/email/history"},
    {"method": "GET", "path": "/me/notification/email/history/*"},
    {"method": "GET", "path": "/v2/notification/history"},
    {"method": "GET", "path": "/v2/notification/history/*"},
    {"method": "GET", "path": "/xdsl"},
    {"method": "GET", "path": "/xdsl/*"},
    {"method": "POST", "path": f"/xdsl/{LINE_1}/requestPPPLoginMail"},
    {"method": "POST", "path": f"/xdsl/{LINE_2}/requestPPPLoginMail"},
]

ACTIONS = [
    "account:apiovh:me/get",
    "account:apiovh:me/api/logs/self/get",
    "account:apiovh:me/notification/email/history/get",
    "account:apiovh:notification/history/get",
    "xdsl:apiovh:get",
    "xdsl:apiovh:ips/get",
    "xdsl:apiovh:radiusConnectionLogs/get",
    "xdsl:apiovh:serviceInfos/get",
    "xdsl:apiovh:requestPPPLoginMail",
]


def iso_v1(at: float) -> str:
    """Dates as API v1 writes them: whole seconds, French local time (winter)."""
    return datetime.fromtimestamp(int(at), timezone(timedelta(hours=1))).isoformat()


def iso_v2(at: float) -> str:
    """Dates as API v2 writes them: UTC, with a fraction."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _password() -> str:
    """Groups of a capital, a digit and a letter: one random text in 1,500 looks like a mask, a remark or a number."""
    groups = (secrets.choice("ABCDEFGHJKLMNPQRSTUVWYZ") + secrets.choice("23456789") for _number in range(4))
    return "".join(group + secrets.choice("abcdefghijkmnpqrstuvwyz") for group in groups)


def _line(number: int, service: str, kind: str, login: str, address: str) -> State:
    return {
        "access": {
            "accessName": f"{service} Boutique Exemple",
            "accessType": kind,
            "address": {
                "building": None,
                "city": "Roubaix",
                "door": None,
                "firstName": "Camille",
                "floor": "3",
                "inseeCode": "59512",
                "lastName": "Tarbouriech",
                "numberStreet": "2",
                "residence": None,
                "rivoliCode": "4850",
                "stairs": None,
                "street": "RUE KELLERMANN",
                "zipCode": "59100",
            },
            "capabilities": {
                "canApplyLnsRateLimit": True,
                "canChangeDslamProfile": False,
                "canChangeLns": True,
                "canGetRadiusConnectionLogs": True,
                "canResetDslamPort": False,
                "hasDslamPort": False,
            },
            "description": f"Agence {number}",
            "iam": {
                "displayName": service,
                "id": str(uuid.uuid5(uuid.NAMESPACE_DNS, service)),
                "tags": {},
                "urn": f"urn:v1:eu:resource:xdsl:{service}",
            },
            "ipv6Enabled": True,
            "lnsRateLimit": None,
            "mailSending": "enabled",
            "monitoring": False,
            "nra": "ROU59",
            "packName": f"pack-{service}",
            "pairsNumber": 1,
            "provider": "ft",
            "providerInfra": "ORANGE",
            "role": "main",
            "status": "active",
        },
        "service_infos": {
            "canDeleteAtExpiration": True,
            "contactAdmin": NICHANDLE,
            "contactBilling": NICHANDLE,
            "contactTech": NICHANDLE,
            "creation": "2024-03-04",
            "domain": service,
            "engagedUpTo": None,
            "expiration": "2027-03-04",
            "possibleRenewPeriod": [1],
            "renew": {
                "automatic": True,
                "deleteAtExpiration": False,
                "forced": False,
                "manualPayment": False,
                "period": 1,
            },
            "renewalType": "automaticV2016",
            "serviceId": 7000000 + number,
            "status": "ok",
        },
        "ips": [
            {"dnsList": ["91.121.161.184"], "ip": address, "range": 32, "status": "active", "version": "v4"},
            {
                "dnsList": ["2001:41d0:1:e2b8::1"],
                "ip": f"2001:db8:{number}:100::",
                "range": 56,
                "status": "active",
                "version": "v6",
            },
        ],
        "login": login,
        "password": _password(),
        "session": {"up": False, "since": None, "ip": None},
        "radius": [],
        "requests": 0,
    }


class World:
    """Everything the local OVH knows. Hold `lock` (or use `change()`) around a read-modify-write."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path
        self.lock = threading.RLock()
        self.state: State = {}
        self.starts: dict[str, list[float]] = {}  # for the rate limit: when each caller called
        if path is not None and path.exists() and path.stat().st_size:
            self.state = json.loads(path.read_text(encoding="utf-8"))
        else:
            self.reset()

    # -- time and storage

    def now(self) -> float:
        """OVH's clock: ours plus the skew that a scenario asks for."""
        return time.time() + float(self.state.get("clock_skew", 0))

    @contextlib.contextmanager
    def change(self) -> Iterator[State]:
        """Change the state under the lock, then save it."""
        with self.lock:
            yield self.state
            self.save()

    def save(self) -> None:
        """Write the state file atomically: a reader or a restart sees the old or the new, never a half."""
        if self.path is None:
            return
        temporary = self.path.with_name(f".{self.path.name}.{os.getpid()}.tmp")
        with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump(self.state, file, indent=1)
        os.replace(temporary, self.path)

    def reset(self) -> None:
        """The default world: one account, one key, one OAuth2 client, two lines, a history of mails."""
        with self.lock:
            self.starts.clear()
            self.state = {
                "mail_delay": 2,
                "mail_language": "fr",
                "mail_format": "both",
                "mail_kind": "password",
                "secret_text": "{password}",
                "secret_reads": 1,
                "secret_lifetime": 30 * DAY,
                "secrets": {},
                "maildir": None,
                "v2_list_bodies": False,
                "v2_title_search": True,
                "next_password": None,
                "clock_skew": 0,
                "answer_delay": 0,
                "rate_limit": 0,
                "retry_after": 1,
                "caller_ip": None,
                "api_log_delay": 0,
                "auth_routes_need_rights": False,
                "batch": True,
                "account": {
                    "nichandle": NICHANDLE,
                    "email": "camille@example.org",
                    "firstname": "Camille",
                    "name": "Tarbouriech",
                    "address": "2 RUE KELLERMANN",
                    "city": "Roubaix",
                    "zip": "59100",
                    "country": "FR",
                    "customerCode": "1234-5678-90",
                    "currency": {"code": "EUR", "symbol": "€"},
                    "language": "fr_FR",
                    "legalform": "individual",
                    "organisation": None,
                    "ovhCompany": "ovh",
                    "ovhSubsidiary": "FR",
                    "phone": "+33.320200000",
                    "state": "complete",
                    "kycValidated": False,
                },
                "applications": {"test-ak": "test-as"},
                "credentials": {
                    "test-ck": {
                        "credentialId": 123456789,
                        "applicationId": 98765,
                        "application_key": "test-ak",
                        "allowedIPs": None,
                        "creation": "2026-01-05T10:00:00+01:00",
                        "expiration": None,
                        "lastUse": None,
                        "ovhSupport": False,
                        "status": "validated",
                        "rules": [dict(rule) for rule in RULES],
                    }
                },
                "oauth2_clients": {
                    "EU.test-client": {
                        "secret": "test-client-secret",
                        "actions": list(ACTIONS),
                        "expires_in": 3599,
                        "allowed_routes": None,
                    }
                },
                "tokens": {},
                "lines": {
                    LINE_1: _line(1, LINE_1, "ftth", "0320123456_1@adsl.ovh", "203.0.113.10"),
                    LINE_2: _line(2, LINE_2, "ftth", "0320654321_1@adsl.ovh", "203.0.113.20"),
                },
                "mails": [],
                "next_mail_id": 412000300,
                "api_logs": [],
                "next_log_id": 990000100,
                "calls": [],
                "faults": [],
            }
            now = self.now()
            self._history()
            self.add_mail(*mails.modem_mail(LINE_1, "Modem" + _password()), at=now - 30 * DAY)
            for month in (3, 2, 1):
                self.add_mail(*mails.bill_mail(f"FR7300010{month}"), at=now - (month * 30 - 5) * DAY)
            self.save()

    def with_lines(self, count: int) -> None:
        """An account of so many lines, ``xdsl-ab12345-1`` and on, in place of the default world's two."""
        with self.change() as state:
            state["mails"] = []
            names = [f"xdsl-ab12345-{number}" for number in range(1, count + 1)]
            state["lines"] = {
                name: _line(
                    number, name, "ftth", f"0320{number:06}_1@adsl.ovh", f"198.18.{number // 250}.{number % 250 + 1}"
                )
                for number, name in enumerate(names, 1)
            }
            key = state["credentials"]["test-ck"]
            key["rules"] = [*RULES, {"method": "POST", "path": "/xdsl/*"}]
            self._history()

    def _history(self) -> None:
        """Each line's session, and the mail that its password came with."""
        now = self.now()
        for number, (service, line) in enumerate(self.state["lines"].items()):
            login, password = line["login"], line["password"]
            self.add_mail(*mails.ppp_mail(service, login, password), at=now - (120 - number % 100) * DAY)
            self._radius(line, "OK", "", now - 2 * DAY)
            line["session"] = {"up": True, "since": now - 2 * DAY, "ip": line["ips"][0]["ip"]}

    # -- mails

    def add_mail(self, title: str, text: str | None, html: str | None = None, at: float | None = None) -> State:
        """Put a mail into the history; one dated in the future shows up when its time has come."""
        style = self.state["mail_format"]
        if html is None and text is not None and style != "text":
            html = mails.as_html(text)
        with self.lock:
            mail = {
                "id": self.state["next_mail_id"],
                "uuid": str(uuid.uuid4()),
                "at": round(self.now() if at is None else at, 6),
                "title": title,
                "text": None if style == "html" else text,
                "html": html,
                "to": self.state["account"]["email"],
            }
            self.state["next_mail_id"] += 7
            self.state["mails"].append(mail)
            if self.state["maildir"]:
                self._send(mail)
        return mail

    def send_to(self, folder: str) -> None:
        """Deliver every mail to a Maildir as well from now on, and those of the history at once."""
        with self.change() as state:
            state["maildir"] = folder
            for mail in state["mails"]:
                self._send(mail)

    def _send(self, mail: State) -> None:
        """Deliver a mail when its time has come. Its arrival is dated by another clock than OVH's."""
        arrival = mail["at"] - float(self.state["clock_skew"])
        message = maildir.compose(mail["title"], mail["text"], mail["html"], mail["at"])
        target = (Path(self.state["maildir"]), message, arrival)
        delay = arrival - time.time()
        if delay <= 0:
            maildir.deliver(*target)
        else:
            timer = threading.Timer(delay, maildir.deliver, target)
            timer.daemon = True
            timer.start()

    def published(self) -> list[State]:
        """The mails that can be seen by now."""
        now = self.now()
        return [mail for mail in self.state["mails"] if mail["at"] <= now]

    # -- lines

    def renew_password(self, service: str, asked_by_api: bool) -> None:
        """What requestPPPLoginMail does: a new password, the session cut, a mail some time later.

        A line may have a "mail_delay" and a "next_password" of its own.
        """
        with self.change() as state:
            line = state["lines"][service]
            line["password"] = line.pop("next_password", None) or state["next_password"] or _password()
            state["next_password"] = None
            line["session"] = {"up": False, "since": None, "ip": None}
            line["requests"] += int(asked_by_api)
            shown = line["password"]
            if state["mail_kind"] == "secret_link":
                shown = self._secret_link(state["secret_text"].format(**line))
            title, text = mails.ppp_mail(service, line["login"], shown, state["mail_language"])
            self.add_mail(title, text, at=self.now() + float(line.get("mail_delay", state["mail_delay"])))

    def _secret_link(self, secret: str) -> str:
        """Keep a secret, and return the link that opens it."""
        identifier = str(uuid.uuid4())
        expires = self.now() + float(self.state["secret_lifetime"])
        self.state["secrets"][identifier] = {
            "secret": secret,
            "reads": int(self.state["secret_reads"]),
            "expires": expires,
        }
        return f"https://www.ovh.com/manager/secret/#?id={identifier}"

    def dial(self, login: str, password: str) -> State:
        """What the access concentrator answers to a router that dials."""
        with self.change() as state:
            now = self.now()
            line = next((one for one in state["lines"].values() if one["login"] == login), None)
            if line is None:
                return {"ok": False, "ip": None, "message": "wrong login or password"}
            if line["access"]["status"] != "active" or line["password"] != password:
                self._radius(line, "KO", "wrong login or password", now)
                return {"ok": False, "ip": None, "message": "wrong login or password"}
            self._radius(line, "OK", "", now)
            address = line["ips"][0]["ip"]
            line["session"] = {"up": True, "since": now, "ip": address}
            return {"ok": True, "ip": address, "message": "session established"}

    @staticmethod
    def _radius(line: State, result: str, message: str, at: float) -> None:
        entry = {"date": iso_v1(at), "login": line["login"], "message": message, "state": result}
        line["radius"] = [entry, dict(entry), *line["radius"]][:50]

    # -- records

    def record_call(self, call: State) -> None:
        """Remember an API call for the tests."""
        with self.change() as state:
            state["calls"].append(call)

    def record_log(self, method: str, path: str, route: str, address: str) -> None:
        """Remember a call the way OVH does, in the account's own list."""
        with self.lock:
            state = self.state
            number = cast(int, state["next_log_id"])
            state["next_log_id"] = number + 3
            state["api_logs"].append(
                {
                    "logId": number,
                    "at": self.now() + float(state["api_log_delay"]),
                    "date": iso_v1(self.now()),
                    "ip": state["caller_ip"] or address,
                    "method": method,
                    "path": path,
                    "route": route,
                    "account": state["account"]["nichandle"],
                }
            )


def merge_patch(target: Any, patch: Any, top: bool = True) -> Any:
    """RFC 7396: null removes (a setting at the top becomes null), objects merge, everything else replaces."""
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None and not top:
            result.pop(key, None)
        else:
            result[key] = merge_patch(result.get(key), value, top=False)
    return result
