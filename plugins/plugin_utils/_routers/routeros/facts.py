# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What RouterOS tells of a PPPoE client, read and judged: pure functions over the words of its API.

Property names and values are those of MikroTik's manual ("PPPoE", "API", "User", "Console"). Texts are UTF-8 with
surrogate escapes for bytes that are none, so nothing that the router told is lost before it is compared.
"""

from __future__ import annotations

import contextlib
import dataclasses
import ipaddress
import re
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.port import (
    Counter,
    Credentials,
    Dial,
    Session,
)
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.shell import encoded

Row = dict[str, str]

#: The comment of a disabled client that is not to be enabled before it has its password.
WAITING = "provisioned, waits for its first password"
#: What is read of a client. "invalid" and "dial-on-demand" are in every print of one (seen with releases 6 and 7).
PROPERTIES = ".id,name,user,password,disabled,invalid,dial-on-demand,interface,profile,comment"
#: RouterOS prints "1w2d3h4m5s", and clocks ("2d03:04:05") for the part below a day in older releases.
TIME = re.compile(
    r"(?:([0-9]{1,9})w)?(?:([0-9]{1,9})d)?"
    r"(?:([0-9]{1,9}):([0-5]?[0-9]):([0-5]?[0-9])"
    r"|(?:([0-9]{1,9})h)?(?:([0-9]{1,9})m(?!s))?(?:([0-9]{1,9})s)?(?:[0-9]{1,9}ms)?)"
)
#: One octet holds the length of either (RFC 1334, 2.2.1).
LONGEST = 255


@dataclasses.dataclass(frozen=True)
class Client:
    """An entry of /interface/pppoe-client.

    :param number: its .id, which stays as long as the entry exists
    :param password: None where it is not told, or told so that nothing can be compared with it
    """

    number: str
    name: str
    user: str
    password: str | None = dataclasses.field(repr=False)
    disabled: bool
    invalid: bool
    on_demand: bool
    interface: str
    profile: str
    comment: str

    @property
    def waiting(self) -> bool:
        """Made for the line, and disabled until it gets its first password."""
        return self.disabled and self.comment == WAITING

    @property
    def there(self) -> str:
        """How a command on the router's terminal names it."""
        return f"[find name={quoted(self.name)}]" if self.name.isprintable() else self.number


@dataclasses.dataclass(frozen=True)
class Change:
    """What setting a client comes to.

    :param values: what is written, in one command; RouterOS dials by itself when one of them changes
    :param redial: nothing is written, and the client is disabled and enabled
    :param dials: the router dials because of it
    """

    values: t.Mapping[str, str] = dataclasses.field(repr=False)
    redial: bool
    dials: bool


def boolean(text: str | None) -> bool:
    """A yes or no; API answers have true and false, commands yes and no."""
    return text in ("true", "yes")


def shown(text: str) -> str:
    """A text of the router's for people: bytes that are no UTF-8 are taken for Winbox's Western code page.

    RouterOS stores bytes, and Winbox sends those of its Windows code page (luqasz/librouteros issue 30, pull 10).
    """
    return text if text.isprintable() else encoded(text).decode("cp1252", "replace")


def quoted(text: str) -> str:
    """A string of RouterOS' terminal; release 6 takes a "?" for a call for help, inside of quotes too (its forum, topic
    183221), and release 7 knows no "\\?" any more."""
    return '"' + re.sub(r'(["\\$])', r"\\\1", text).replace("?", r"\3F") + '"'


def seconds(text: str) -> float | None:
    """A time as RouterOS prints it, in seconds; None for one that cannot be read."""
    found = TIME.fullmatch(text)
    if not text or found is None:
        return None
    weeks, days, hours, minutes, rest, h, m, s = (int(part or 0) for part in found.groups())
    return float(((weeks * 7 + days) * 24 + hours + h) * 3600 + (minutes + m) * 60 + rest + s)


def client_of(row: Row) -> Client:
    """A client as the router told it.

    Its password is not told to a user without the policy sensitive: left out, empty or masked.
    """
    password = row.get("password", "")
    return Client(
        number=row.get(".id", ""),
        name=row.get("name", ""),
        user=row.get("user", ""),
        password=password if password.strip("*") else None,
        disabled=boolean(row.get("disabled")),
        invalid=boolean(row.get("invalid")),
        on_demand=boolean(row.get("dial-on-demand")),
        interface=row.get("interface", ""),
        profile=row.get("profile", ""),
        comment=row.get("comment", ""),
    )


def client_named(rows: t.Sequence[Row], name: str) -> Client:
    """The client of that name, as it is or as Winbox shows it.

    :raises Failure: ``router_option`` when there is none
    """
    clients = [client_of(row) for row in rows]
    exact = [client for client in clients if client.name == name]
    found = exact or [client for client in clients if shown(client.name) == name]
    if len(found) == 1:
        return found[0]
    names = ", ".join(sorted(shown(client.name) for client in clients))
    raise Failure(
        "router_option",
        f"The router has no PPPoE client {name}; it has: {names or 'none'}. Nothing was changed on it. "
        "Correct O(interface).",
        {"option": "interface", "names": sorted(shown(client.name) for client in clients)},
    )


def session_of(row: Row) -> Session:
    """What "monitor" told of a client's session."""
    address = row.get("local-address", "").partition("/")[0]
    status = row.get("status", "nothing")
    if status != "connected":
        return Session(up=False, error=f"the router says: {shown(status)}")
    if not address:
        return Session(up=False, error="the router says: connected, but tells no address")
    return Session(up=True, address=address, uptime=seconds(row.get("uptime", "")))


def identity_of(row: Row) -> str:
    """What /interface tells of the current session, as a text that another session does not have; or ""."""
    parts = (row.get("link-downs", ""), row.get("last-link-up-time", ""))
    return "/".join(parts) if any(parts) else ""


def counter_of(row: Row) -> Counter | None:
    """The bytes that an interface has carried, as /interface tells them."""
    received, sent = row.get("rx-byte", ""), row.get("tx-byte", "")
    if not (received.isdecimal() and sent.isdecimal()):
        return None
    return Counter(shown(row.get("name", "")), int(received), int(sent))


def reached_by(own: t.Sequence[Row], addresses: t.Sequence[Row]) -> str:
    """The interface whose network this control node is in, as the router sees it; "" for any other way.

    Routes are not asked for: a router may have a million of them.

    :param own: the sessions of the user of the API, from /user/active
    :param addresses: of /ip/address
    """
    seen = {row.get("address", "") for row in own if row.get("via", "").startswith("api")}
    networks: list[tuple[int, str]] = []
    for row in addresses if len(seen) == 1 else ():
        with contextlib.suppress(ValueError):
            network = ipaddress.ip_interface(row.get("address", "")).network
            if ipaddress.ip_address(next(iter(seen))) in network and not boolean(row.get("disabled")):
                networks.append((network.prefixlen, shown(row.get("actual-interface") or row.get("interface", ""))))
    return max(networks)[1] if networks else ""


def policies_of(rows: t.Sequence[Row]) -> frozenset[str] | None:
    """The policies of a group; "!word" is one that it lacks."""
    if not rows or "policy" not in rows[0]:
        return None
    return frozenset(word for word in rows[0]["policy"].split(",") if not word.startswith("!"))


def safe_mode(rows: t.Sequence[Row]) -> str:
    """Why nothing should be changed now: somebody's Safe Mode, which shows in /system/history; or "".

    MikroTik's manual, "Console": what is changed meanwhile, from other sessions too, is marked floating-undo there, and
    undone when that session ends abnormally (up to nine minutes after its connection was cut).
    """
    users = sorted({shown(row.get("by") or "somebody") for row in rows if boolean(row.get("floating-undo"))})
    if not users:
        return ""
    return (
        f"Safe Mode is on (changes by {', '.join(users)}), and RouterOS undoes what is changed meanwhile, from here "
        "too, when that session ends abnormally. End Safe Mode there (Ctrl-X in a terminal, the button in Winbox)."
    )


def obstacle(client: Client, idle_timeout: str = "") -> str:
    """Why this client is not to be written, as a sentence with the remedy; or "".

    :param idle_timeout: that of its profile; "" when it is not known
    """
    name = shown(client.name)
    here = f"On the router: /interface pppoe-client set {client.there}"
    if client.disabled and not client.waiting:
        return (
            f"The PPPoE client {name} is disabled, and one that somebody disabled is not enabled from here. "
            f"On the router: /interface pppoe-client enable {client.there}"
        )
    if client.invalid:
        return (
            f"The router itself calls the PPPoE client {name} invalid: its interface {shown(client.interface)} is not "
            f"there any more. {here} interface=..."
        )
    if client.on_demand:
        return (
            f"The PPPoE client {name} dials on demand, so its session depends on traffic and cannot be waited for. "
            f"{here} dial-on-demand=no"
        )
    if idle_timeout not in ("", "none") and seconds(idle_timeout) != 0:
        return (
            f"The profile {shown(client.profile)} of the PPPoE client {name} ends a session without traffic after "
            f"{shown(idle_timeout)}. On the router: /ppp profile set [find name={quoted(shown(client.profile))}] "
            "idle-timeout=0s"
        )
    return ""


def has(client: Client, credentials: Credentials) -> bool:
    """Whether a client that shows its password has these."""
    return (client.user, client.password) == (credentials.login, credentials.password)


def change(client: Client, session: Session, credentials: Credentials, dial: Dial, age: float | None) -> Change:
    """What there is to do on a client.

    Without the policy sensitive nothing can be compared: the password is then written where it must be new (the client
    waits for its first one, its session is down or older than the request), so a second run neither changes nor dials.

    RouterOS dials without end by itself, so a session that is down is no reason to disable and enable the client.

    :param age: seconds since the password was requested; None if it was not
    """
    runs_on_another = age is not None and session.up and session.uptime is not None and session.uptime >= age
    values: dict[str, str] = {}
    if client.user != credentials.login:
        values["user"] = credentials.login
    if client.password is not None:
        if client.password != credentials.password:
            values["password"] = credentials.password
    elif (
        values or client.waiting or not session.up or (age is not None and (session.uptime is None or runs_on_another))
    ):
        values["password"] = credentials.password
    enables = client.waiting and dial is not Dial.NEVER
    if enables:
        values.update({"disabled": "no", "comment": ""})
    redial = not values and not client.disabled and (dial is Dial.ALWAYS or (dial is Dial.AUTO and runs_on_another))
    return Change(values, redial, dials=redial or enables or (bool(values) and not client.disabled))


def unfit(credentials: Credentials) -> str:
    """Why RouterOS cannot take that login or password; "" when it can. Its API carries every byte as it is."""
    for name, value in (("login", credentials.login), ("password", credentials.password)):
        try:
            length = len(value.encode())
        except UnicodeEncodeError:
            return f"The {name} holds a character that is none of Unicode's."
        if length > LONGEST:
            return f"The {name} is {length} bytes long, and PPP takes {LONGEST}."
    return ""
