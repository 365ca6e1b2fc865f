# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Mails as programs and people make them, and neither generator does: written before they were tried on the reader.

``expect``: the password; None where nothing may be read. ``must``: a refusal is a fault as well.
"""

from __future__ import annotations

import dataclasses
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail import reader
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mailbox import message

SERVICE = "ftth-bn20417-ovh-1"
LOGIN, GOOD = "0472335566_1@ovh.kosc", "gT7xRw2m"
#: A password that is dead, and another service's.
DEAD, ELSE = "wasOK58z", "aB3cD4eF9"


@dataclasses.dataclass(frozen=True)
class Met:
    name: str
    text: str | None = None
    html: str | None = None
    expect: str | None = None
    must: bool = False
    title: str = "Vos identifiants de connexion PPPoE"
    raw: bytes | None = None
    login: str | None = LOGIN


def filled(text: str) -> str:
    """@L the login, @P the password, @D the dead one, @E another service's, @S the service name."""
    for mark, value in (("@L", LOGIN), ("@P", GOOD), ("@D", DEAD), ("@E", ELSE), ("@S", SERVICE)):
        text = text.replace(mark, value)
    return text


def texts(kind: str, outcome: str, mails: t.Iterable[str]) -> list[Met]:
    """``outcome``: must, may (the password, or a refusal), never."""
    return [
        Met(f"{kind} {n}", filled(text), expect=None if outcome == "never" else GOOD, must=outcome == "must")
        for n, text in enumerate(mails)
    ]


def pages(kind: str, outcome: str, mails: t.Iterable[str]) -> list[Met]:
    return [dataclasses.replace(met, text=None, html=met.text) for met in texts(f"html {kind}", outcome, mails)]


def pairs(kind: str, outcome: str, values: t.Iterable[str]) -> list[Met]:
    """Values as they stand behind the label, in the plainest mail."""
    return texts(kind, outcome, (f"Identifiant : @L\nMot de passe : {value}\n" for value in values))


def lines(kind: str, outcome: str, rows: t.Iterable[str]) -> list[Met]:
    """What stands under the login."""
    return texts(kind, outcome, (f"Identifiant PPPoE : @L\n{row}\n" for row in rows))


def faults(mails: t.Iterable[Met]) -> t.Iterator[str]:
    """What the reader does wrong with such mails."""
    for met in mails:
        mail = message.parsed(met.raw) if met.raw is not None else met
        got = reader.read(mail.title, mail.text, mail.html, reader.Line(SERVICE, met.login)).password
        if got != met.expect and (got is not None or met.must):
            yield f"{met.name}: {got!r}, not {met.expect!r}: {(met.text or met.html or str(met.raw))[:300]!r}"
