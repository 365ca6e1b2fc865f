# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# ruff: noqa: E501
"""Whole messages, with their headers and encodings."""

from __future__ import annotations

import base64

from ansible_collections.ownrouter.ovhcloud.tests.unit.mails.met import GOOD, Met, filled

HEAD = "From: support@ovh.com\r\nSubject: Vos identifiants PPPoE\r\nMIME-Version: 1.0\r\n"
BODY = "Identifiant : @L\r\nMot de passe : @P\r\n"


def _part(kind: str, body: str | bytes, encoding: str = "8bit") -> str:
    data = body.encode() if isinstance(body, str) else body
    return f"Content-Type: {kind}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n{data.decode('latin-1')}"


def _mail(*parts: str, kind: str = "alternative", head: str = HEAD) -> bytes:
    if len(parts) == 1:
        return filled(head + parts[0]).encode("latin-1")
    joined = "".join(f"--=_b\r\n{part}\r\n" for part in parts)
    text = f'{head}Content-Type: multipart/{kind}; boundary="=_b"\r\n\r\n{joined}--=_b--\r\n'
    return filled(text).encode("latin-1")


TEXT, HTML = "text/plain; charset=utf-8", "text/html; charset=utf-8"
PAGE = "<p>Identifiant : @L</p><p>Mot de passe : @P</p>"
B64 = base64.encodebytes(filled(BODY).encode()).decode().replace("\n", "\r\n")
FLOWED = "text/plain; charset=utf-8; format=flowed"
DELSP = FLOWED + "; delsp=yes"
OLD, OTHER, CUT = (BODY.replace("@P", value) for value in ("@D", "@E", "gT7xRw"))

#: Name, message, password (None: nothing may be read), whether a refusal is a fault.
RAW: tuple[tuple[str, bytes, str | None, bool], ...] = (
    ("8bit", _mail(_part(TEXT, BODY)), GOOD, True),
    ("base64", _mail(_part(TEXT, B64, "base64")), GOOD, True),
    ("base64 in one line", _mail(_part(TEXT, B64.replace("\r\n", ""), "BASE64")), GOOD, True),
    ("soft break in it", _mail(_part(TEXT, BODY.replace("@P", "gT7x=\r\nRw2m"), "quoted-printable")), GOOD, True),
    ("soft break, blanks", _mail(_part(TEXT, BODY.replace("@P", "gT7x= \r\nRw2m"), "quoted-printable")), GOOD, False),
    ("escaped letters", _mail(_part(TEXT, BODY.replace("@P", "gT7=78Rw2m"), "quoted-printable")), GOOD, True),
    ("escaped =", _mail(_part(TEXT, BODY.replace("@P", "gT7=3DRw2m"), "quoted-printable")), "gT7=Rw2m", False),
    ("raw = in QP", _mail(_part(TEXT, BODY.replace("@P", "gT7=Rw2m"), "quoted-printable")), "gT7=Rw2m", False),
    ("raw =41 in QP", _mail(_part(TEXT, BODY.replace("@P", "gT7=4AE2m"), "quoted-printable")), "gT7JE2m", False),
    ("QP not declared", _mail(_part(TEXT, BODY.replace(" :", "=C2=A0:").replace("@P", "gT7=\r\nxRw2m"))), GOOD, False),
    ("QP declared twice", _mail(_part(TEXT, BODY.replace("@P", "gT7=3D3DRw"), "quoted-printable")), "gT7=3DRw", False),
    ("unknown encoding", _mail(_part(TEXT, BODY, "x-unknown")), GOOD, False),
    ("no type", _mail("\r\n" + BODY), GOOD, True),
    (
        "latin-1",
        _mail(
            _part("text/plain; charset=iso-8859-1", "Bonjour, à \u00e9t\u00e9\r\n".encode("latin-1") + BODY.encode())
        ),
        GOOD,
        True,
    ),
    ("latin-1 said utf-8", _mail(_part(TEXT, "\u00e9t\u00e9\r\n".encode("latin-1") + BODY.encode())), GOOD, False),
    ("utf-8 said latin-1", _mail(_part("text/plain; charset=iso-8859-1", "Numéro\u00a0:\r\n" + BODY)), GOOD, False),
    (
        "nbsp, utf-8 said latin-1",
        _mail(_part("text/plain; charset=iso-8859-1", BODY.replace(" :", "\u00a0:"))),
        GOOD,
        False,
    ),
    ("é in it, latin-1 said utf-8", _mail(_part(TEXT, BODY.replace("@P", "gT7éRw2").encode("latin-1"))), None, False),
    (
        "é in it, utf-8 said latin-1",
        _mail(_part("text/plain; charset=iso-8859-1", BODY.replace("@P", "gT7éRw2"))),
        "gT7éRw2",
        False,
    ),
    ("unknown charset", _mail(_part("text/plain; charset=x-foo", BODY)), GOOD, False),
    ("utf-7", _mail(_part("text/plain; charset=utf-7", BODY.replace("@P", "gT7+AGE-w2"))), "gT7aw2", False),
    ("utf-16", _mail(_part("text/plain; charset=utf-16", B64, "base64")), None, False),
    ("ebcdic", _mail(_part("text/plain; charset=cp500", BODY)), None, False),
    ("flowed", _mail(_part(FLOWED, "Bonjour, \r\n\r\n" + BODY)), GOOD, True),
    ("flowed label", _mail(_part(FLOWED, BODY.replace("passe : ", "passe : \r\n"))), GOOD, False),
    ("flowed value", _mail(_part(FLOWED, BODY.replace("@P", "gT7x \r\nRw2m"))), None, False),
    ("delsp value", _mail(_part(DELSP, BODY.replace("@P", "gT7x \r\nRw2m"))), GOOD, False),
    ("delsp label", _mail(_part(DELSP, BODY.replace("passe : ", "passe :  \r\n"))), GOOD, False),
    ("flowed stuffed", _mail(_part(FLOWED, BODY.replace("@P", "\r\n >T7xRw2m"))), ">T7xRw2m", False),
    ("flowed quote", _mail(_part(FLOWED, "> Identifiant : @L \r\n> Mot de passe : @D\r\n")), None, False),
    ("agree", _mail(_part(TEXT, BODY), _part(HTML, PAGE)), GOOD, True),
    ("disagree", _mail(_part(TEXT, OTHER), _part(HTML, PAGE)), None, False),
    ("text cut", _mail(_part(TEXT, CUT), _part(HTML, PAGE)), None, False),
    ("text longer", _mail(_part(TEXT, BODY.replace("@P", "@P9")), _part(HTML, PAGE)), None, False),
    ("case differs", _mail(_part(TEXT, BODY.replace("@P", "GT7XRW2M")), _part(HTML, PAGE)), None, False),
    ("text says no HTML", _mail(_part(TEXT, "Votre logiciel ne lit pas le HTML.\r\n"), _part(HTML, PAGE)), GOOD, True),
    ("text empty", _mail(_part(TEXT, "\r\n"), _part(HTML, PAGE)), GOOD, True),
    ("html empty", _mail(_part(TEXT, BODY), _part(HTML, "<html><body></body></html>")), GOOD, False),
    ("html first", _mail(_part(HTML, PAGE), _part(TEXT, BODY)), GOOD, False),
    ("two texts agree", _mail(_part(TEXT, BODY), _part(TEXT, BODY), kind="mixed"), GOOD, False),
    ("two texts disagree", _mail(_part(TEXT, BODY), _part(TEXT, OTHER), kind="mixed"), None, False),
    (
        "text over two parts",
        _mail(_part(TEXT, "Identifiant : @L\r\n"), _part(TEXT, "Mot de passe : @P\r\n"), kind="mixed"),
        GOOD,
        False,
    ),
    (
        "list footer part",
        _mail(_part(TEXT, BODY), _part(TEXT, "_____\r\nInterne mailing list\r\n"), kind="mixed"),
        GOOD,
        False,
    ),
    (
        "attached text",
        _mail(
            _part(TEXT, "Bonjour\r\n"),
            _part(TEXT + "\r\nContent-Disposition: attachment; filename=a.txt", OLD),
            kind="mixed",
        ),
        None,
        False,
    ),
    (
        "attached page",
        _mail(
            _part(TEXT, "Bonjour\r\n"),
            _part(HTML + "\r\nContent-Disposition: attachment", PAGE.replace("@P", "@D")),
            kind="mixed",
        ),
        None,
        False,
    ),
    (
        "attached mail",
        _mail(_part(TEXT, "Bonjour @S\r\n"), _part("message/rfc822", HEAD + _part(TEXT, OLD)), kind="mixed"),
        None,
        False,
    ),
    (
        "ours and attached mail",
        _mail(_part(TEXT, BODY), _part("message/rfc822", HEAD + _part(TEXT, OLD)), kind="mixed"),
        GOOD,
        False,
    ),
    (
        "digest",
        _mail(
            _part("message/rfc822", HEAD + _part(TEXT, OLD)),
            _part("message/rfc822", HEAD + _part(TEXT, OLD)),
            kind="digest",
        ),
        None,
        False,
    ),
    (
        "bounce",
        _mail(
            _part(TEXT, "Undelivered mail\r\n"),
            _part("message/delivery-status", "Action: failed\r\n"),
            _part("message/rfc822", HEAD + _part(TEXT, OLD)),
            kind="report",
        ),
        None,
        False,
    ),
    (
        "bounce with text",
        _mail(
            _part(
                TEXT,
                "Undelivered mail\r\n\r\n--- Below this line is a copy of the message.\r\n\r\n" + HEAD + "\r\n" + OLD,
            ),
            _part("message/delivery-status", "Action: failed\r\n"),
            kind="report",
        ),
        None,
        False,
    ),
    (
        "bounce, qmail",
        _mail(
            _part(
                TEXT,
                "Hi. This is the qmail-send program at example.org.\r\n\r\n--- Below this line is a copy of the message."
                "\r\n\r\nReturn-Path: <a@example.org>\r\n" + HEAD + "\r\n" + OLD,
            )
        ),
        None,
        False,
    ),
    ("uuencoded", _mail(_part(TEXT, BODY + "\r\nbegin 644 a.txt\r\n#0V%T\r\n`\r\nend\r\n")), GOOD, False),
    ("boundary never closed", _mail(_part(TEXT, BODY), _part(HTML, PAGE)).replace(b"--=_b--\r\n", b""), GOOD, False),
    ("boundary wrong", _mail(_part(TEXT, BODY), _part(HTML, PAGE)).replace(b'"=_b"', b'"other"'), None, False),
    ("bare LF", _mail(_part(TEXT, BODY)).replace(b"\r\n", b"\n"), GOOD, True),
    ("bare CR", _mail(_part(TEXT, BODY.replace("\r\n", "\r"))), GOOD, False),
    ("NUL", _mail(_part(TEXT, BODY.replace("@P", "gT7\0xRw2m"))), None, False),
    ("cut in the value", _mail(_part(TEXT, B64[:64], "base64")), None, False),
    ("cut in base64", _mail(_part(TEXT, base64.b64encode(filled(BODY).encode()).decode()[:-8], "base64")), None, False),
    ("signed by list", _mail(_part(TEXT, BODY), _part("application/pgp-signature", "x"), kind="signed"), GOOD, False),
    (
        "inline PGP signed",
        _mail(
            _part(
                TEXT,
                "-----BEGIN PGP SIGNED MESSAGE-----\r\nHash: SHA256\r\n\r\n"
                + BODY
                + "-----BEGIN PGP SIGNATURE-----\r\n\r\niQEz\r\n-----END PGP SIGNATURE-----\r\n",
            )
        ),
        GOOD,
        False,
    ),
    (
        "PGP dash-escaped",
        _mail(_part(TEXT, "-----BEGIN PGP SIGNED MESSAGE-----\r\n\r\n- Identifiant : @L\r\n- Mot de passe : @P\r\n")),
        GOOD,
        False,
    ),
    ("text/enriched", _mail(_part("text/enriched", BODY.replace("@P", "gT7<<Rw2m"))), None, False),
    ("text/markdown", _mail(_part("text/markdown; charset=utf-8", BODY.replace("@P", "gT7\\_Rw2m"))), None, False),
    ("text/rtf", _mail(_part("text/rtf", "{\\rtf1 Mot de passe : @E}")), None, False),
    ("text/calendar", _mail(_part(TEXT, BODY), _part("text/calendar", "DESCRIPTION:Mot de passe : @E")), GOOD, False),
    ("dot-stuffed", _mail(_part(TEXT, BODY.replace("@P", "\r\n..T7xRw2m"))), None, False),
    ("From stuffed", _mail(_part(TEXT, "Bonjour\r\n>From OVH\r\n" + BODY)), GOOD, False),
    ("very long", _mail(_part(TEXT, "Bonjour.\r\n" * 30000 + BODY)), GOOD, False),
    ("one very long line", _mail(_part(TEXT, "Bonjour. " * 30000 + "\r\n" + BODY)), GOOD, False),
    ("long after it", _mail(_part(TEXT, BODY + "Bonjour.\r\n" * 30000)), GOOD, False),
)

RAW_MAILS = [Met(f"message: {name}", raw=raw, expect=expect, must=must) for name, raw, expect, must in RAW]
