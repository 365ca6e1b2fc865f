# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Small mails, each of a kind that was met: values that are none, labels that are none's, other services, marks.

``SMALL`` says of each what must be read; None where nothing may be. ``must``: a refusal is a fault as well.
"""

from __future__ import annotations

import dataclasses

SERVICE = "ftth-tn30915-ovh-4"
LOGIN = "0298774411_1@ovh.kosc"
GOOD, GONE = "bX6nLr2v", "wasGood58"
#: The values with a mark inside.
HALVES = ("wQ4", "zb9m")


@dataclasses.dataclass(frozen=True)
class Small:
    name: str
    text: str | None
    html: str | None = None
    expect: str | None = None
    must: bool = False

    @property
    def title(self) -> str:
        return "Vos informations de connexion PPPoE"


def _value(value: str) -> str:
    return f"Identifiant : {LOGIN}\nMot de passe : {value}\n"


def _label(label: str, value: str) -> Small:
    return Small(f"label: {label}", f"Identifiant : {LOGIN}\n{label} : {value}\n")


NO_VALUES = {
    "date": "14/02/2026",
    "date in words": "14 février 2026",
    "time": "2026-02-14 08:45",
    "phone number": "+33 9 72 44 11 20",
    "dash": "—",
    "dots": ".......",
    "not applicable": "n/a",
    "short number": "36",
    "percentage": "75 %",
    "order number": "BC-20260214-3310",
    "ticket": "#5520417",
    "nichandle": "tn30915-ovh",
    "service name": SERVICE,
    "login": LOGIN,
    "IPv4 address": "203.0.113.88",
    "IPv6 address": "2001:db8:77::9",
    "MAC address": "02-00-5e-44-00-17",
    "host": "radius.ovh.example",
    "e-mail address": "bureau@example.net",
    "price": "29.90 EUR",
    "UUID": "a41d7e90-5b2c-4f83-9d10-667788990011",
    "version": "3.11.2",
    "yes": "oui",
    "word itself": "mot de passe",
    "unchanged": "inchangé",
    "sent apart": "transmis par courrier",
    "crossed out": "XXXXXXXXXX",
}
NO_LABELS = (
    _label("Mot de passe expiré le", "14022026"),
    _label("Date du mot de passe", "20260214"),
    _label("Longueur minimale du mot de passe", "00000012"),
    _label("Ancien mot de passe", GONE),
    _label("Password changed by", "tn30915xyz"),
    _label("Old password", GONE),
    _label("Password hint", "grosChat42"),
    _label("Passwortlänge", "0000000012"),
    _label("Altes Passwort", GONE),
    _label("Contraseña anterior", GONE),
    _label("Password precedente", GONE),
    _label("Vorig wachtwoord", GONE),
    _label("Poprzednie hasło", GONE),
    _label("Indice du mot de passe", "maRue1987"),
    _label("Numéro de demande de mot de passe", "R20260214"),
)
OTHERS = {
    "Wi-Fi": "Nom du réseau : Accueil-5G\nClé : radioKEY31bb\n",
    "customer area": "Espace client\nIdentifiant : tn30915-ovh\nMot de passe : espacePW61\n",
    "modem page": "Accès à l'interface du modem\nIdentifiant : admin\nMot de passe : modemPW72\n",
    "telephone": "Votre ligne 0033972000444\nMot de passe SIP : phonePW83\n",
    "mailbox": "Adresse : accueil@example.net\nMot de passe : posteP94w\n",
    "FTP": "Serveur FTP : ftp.example.net\nMot de passe : fichPW05x\n",
}
OURS = f"Connexion PPPoE\nIdentifiant : {LOGIN}\n"
WRAPPED = {
    "bold tags in a text part": f"<b>{GOOD}</b>",
    "strong tags": f"<strong>{GOOD}</strong>",
    "two stars": f"**{GOOD}**",
    "one star": f"*{GOOD}*",
    "backquotes": f"`{GOOD}`",
    "square brackets": f"[{GOOD}]",
    "round brackets": f"({GOOD})",
    "angle brackets": f"<{GOOD}>",
    "curly quotes": f"\u201c{GOOD}\u201d",
    "French quotes": f"\u00ab {GOOD} \u00bb",
    "German quotes": f"\u201e{GOOD}\u201c",
}
IN_HTML = {
    "&amp;": "&",
    "&": "&",
    "&lt;": "<",
    "&lt": "&lt",
    "&copy": "&copy",
    "&quot;": '"',
    "&#39;": "'",
    "&nb": "&nb",
}
ONE_KIND = ("pgkdrwmz", "58203941", "QZTKBRNM")
LAYOUTS = {
    "dots lead": f"Identifiant PPPoE ............ {LOGIN}\nMot de passe ................. {GOOD}\n",
    "sentence FR": f"Votre identifiant est {LOGIN} et votre mot de passe est {GOOD}.\n",
    "sentence DE": f"Ihr Benutzername lautet {LOGIN}, Ihr Passwort lautet {GOOD}.\n",
    "sentence EN": f"Your login is {LOGIN} and your password is {GOOD}.\n",
    "arrow": f"Identifiant -> {LOGIN}\nMot de passe -> {GOOD}\n",
    "pipes": f"| Identifiant | {LOGIN} |\n| Mot de passe | {GOOD} |\n",
    "tab list": f"\t- Identifiant : {LOGIN}\n\t- Mot de passe : {GOOD}\n",
    "next line": f"Identifiant\n{LOGIN}\n\nMot de passe\n{GOOD}\n",
    "label Pass": f"Login: {LOGIN}\nPass: {GOOD}\n",
    "label Passwd": f"Login: {LOGIN}\nPasswd: {GOOD}\n",
    "label Clé": f"Identifiant : {LOGIN}\nClé : {GOOD}\n",
    "label Secret": f"Username: {LOGIN}\nSecret: {GOOD}\n",
    "compound DE": f"PPPoE-Benutzername: {LOGIN}\nPPPoE-Passwort: {GOOD}\n",
    "compound DE 2": f"Einwahlkennung: {LOGIN}\nEinwahlkennwort: {GOOD}\n",
    "columns": f"Identifiant              Mot de passe    VLAN   MTU\n{LOGIN}    {GOOD}        835    1492\n",
    "old and new": f"Identifiant : {LOGIN}\nAncien mot de passe : {GONE}\nNouveau mot de passe : {GOOD}\n",
}
OUTLOOK = (
    "<div class=WordSection1><p class=MsoNormal>Identifiant&nbsp;: <o:p></o:p></p>"
    f"<p class=MsoNormal>{LOGIN}<o:p></o:p></p><p class=MsoNormal>Mot de passe&nbsp;: <o:p></o:p></p>"
    f"<p class=MsoNormal>{GOOD}<o:p></o:p></p></div>"
)
OLDER = {
    "Outlook FR": "De : OVHcloud <a@example.net>\nEnvoyé : samedi 14 février 2026 08:45\nÀ : Accueil\nObjet : PPPoE\n",
    "Outlook EN": "From: OVHcloud <a@example.net>\nSent: Saturday, 14 February 2026 08:45\nTo: Desk\nSubject: PPPoE\n",
    "Gmail": "Le sam. 14 févr. 2026 à 08:45, OVHcloud <aide@example.net> a écrit :\n",
    "rule": "-----Message d'origine-----\nDe : OVHcloud\n",
    "forward": "---------- Forwarded message ---------\nFrom: OVHcloud\n",
}


def _all() -> list[Small]:
    cases = [Small(f"value is a {name}", _value(value)) for name, value in NO_VALUES.items()] + [*NO_LABELS]
    for name, other in OTHERS.items():
        apart = f"{OURS}Le mot de passe vous est adressé séparément.\n"
        cases += [
            Small(f"{name} before, ours apart", f"{other}\n{apart}"),
            Small(f"{name} after, ours masked", f"{OURS}Mot de passe : ********\n\n{other}"),
            Small(f"{name} after, ours given", f"{OURS}Mot de passe : {GOOD}\n\n{other}", None, GOOD, True),
        ]
    cases += [Small(f"wrapped: {name}", _value(value), None, GOOD) for name, value in WRAPPED.items()]
    cases += [
        Small("a footnote star behind it", _value(f"{GOOD} *") + "\n* à garder\n", None, GOOD),
        Small("a remark behind it", _value(f"{GOOD} (attention à la casse)"), None, GOOD),
    ]
    for mark in ":=-.;/#@!'\"<&\\,$%{":
        word = mark.join(HALVES)
        cases.append(Small(f"text, inside: {word}", _value(word), None, word))
    for source, shown in IN_HTML.items():
        html = f"<p>Identifiant : {LOGIN}</p><p>Mot de passe : {source.join(HALVES)}</p>"
        cases.append(Small(f"html, inside: {source}", None, html, shown.join(HALVES)))
    for label in ("Identifiant", "Login"):
        for mark in ":=":
            word = mark.join(HALVES)
            text = f"{label}        {LOGIN}\nMot de passe       {word}\n"
            cases.append(Small(f"spaces for a mark, {label} {mark}", text, None, word))
    cases += [Small(f"one kind only: {word}", _value(word), None, word) for word in ONE_KIND]
    cases += [Small(f"layout: {name}", text, None, GOOD, True) for name, text in LAYOUTS.items()]
    cases.append(Small("layout: Outlook HTML", None, OUTLOOK, GOOD, True))
    cases += [Small(f"kinds: {word}", _value(word), None, word, True) for word in ("k4tbnw8z2q6d", "K4TBNW8Z")]
    for name, head in OLDER.items():
        older = f"{head}\nIdentifiant : {LOGIN}\nMot de passe : {GONE}\n"
        cases += [
            Small(f"quoted {name}", f"Bonjour, voici l'ancien message.\n\n{older}"),
            Small(f"new above quoted {name}", f"{_value(GOOD)}\n{older}", None, GOOD),
        ]
    return cases


SMALL = _all()
