# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The service mails of the account: what they say and how they look.

The wording of the real mails is not published as text. These are close to what OVHcloud
writes, in French by default, with the other mails that stand around them in a history.
"""

from __future__ import annotations

import re
from html import escape

# language: (title, greeting, intro, label of the login, label of the password, farewell)
PPP_WORDS: dict[str, tuple[str, str, str, str, str, str]] = {
    "fr": (
        "[{service}] Vos identifiants de connexion PPPoE",
        "Bonjour,",
        "Vous trouverez ci-dessous les identifiants de connexion PPPoE de votre accès à Internet {service}.",
        "Identifiant",
        "Mot de passe",
        "Merci de votre confiance.\n\nLe support OVHcloud",
    ),
    "en": (
        "[{service}] Your PPPoE login details",
        "Hello,",
        "Please find below the PPPoE login details of your internet access {service}.",
        "Login",
        "Password",
        "Thank you for choosing OVHcloud.\n\nThe OVHcloud support team",
    ),
    "de": (
        "[{service}] Ihre PPPoE-Zugangsdaten",
        "Guten Tag,",
        "anbei finden Sie die PPPoE-Zugangsdaten Ihres Internetanschlusses {service}.",
        "Benutzername",
        "Passwort",
        "Vielen Dank für Ihr Vertrauen.\n\nIhr OVHcloud Support",
    ),
    "es": (
        "[{service}] Sus credenciales de conexión PPPoE",
        "Hola:",
        "A continuación encontrará las credenciales PPPoE de su acceso a Internet {service}.",
        "Usuario",
        "Contraseña",
        "Gracias por su confianza.\n\nEl equipo de soporte de OVHcloud",
    ),
    "it": (
        "[{service}] Le tue credenziali di connessione PPPoE",
        "Buongiorno,",
        "ecco le credenziali PPPoE del tuo accesso a Internet {service}.",
        "Identificativo",
        "Password",
        "Grazie per la fiducia.\n\nIl supporto OVHcloud",
    ),
    "nl": (
        "[{service}] Uw PPPoE-inloggegevens",
        "Geachte klant,",
        "Hieronder vindt u de PPPoE-inloggegevens van uw internettoegang {service}.",
        "Gebruikersnaam",
        "Wachtwoord",
        "Dank u voor uw vertrouwen.\n\nOVHcloud support",
    ),
    "pl": (
        "[{service}] Dane logowania PPPoE",
        "Dzień dobry,",
        "poniżej znajdują się dane logowania PPPoE do łącza {service}.",
        "Identyfikator",
        "Hasło",
        "Dziękujemy za zaufanie.\n\nPomoc OVHcloud",
    ),
    "pt": (
        "[{service}] Os seus dados de acesso PPPoE",
        "Olá,",
        "Encontrará abaixo os dados de acesso PPPoE do seu acesso à Internet {service}.",
        "Identificador",
        "Palavra-passe",
        "Obrigado pela sua confiança.\n\nO suporte OVHcloud",
    ),
}


def as_html(text: str) -> str:
    """The same mail as OVHcloud's HTML part: paragraphs, breaks, entities."""
    paragraphs = "".join(f"<p>{escape(part).replace(chr(10), '<br />')}</p>\n" for part in text.split("\n\n"))
    paragraphs = re.sub(r"(https://[^/\s]+/manager/secret/[^\s<]+)", r'<a href="\1">\1</a>', paragraphs)
    style = "<style>p { color: #000e9c; }</style>"
    return f"<!DOCTYPE html>\n<html><head><title>OVHcloud</title>{style}</head>\n<body>\n{paragraphs}</body></html>\n"


def ppp_mail(service: str, login: str, password: str, language: str = "fr") -> tuple[str, str]:
    """Title and text of the mail that carries login and password of a line."""
    title, hello, intro, login_label, password_label, bye = PPP_WORDS[language]
    colon = " :" if language == "fr" else ":"
    text = (
        f"{hello}\n\n{intro.format(service=service)}\n\n"
        f"{login_label}{colon} {login}\n{password_label}{colon} {password}\n\n"
        f"{bye}\nhttps://www.ovhtelecom.fr/\n"
    )
    return title.format(service=service), text


def modem_mail(service: str, password: str) -> tuple[str, str]:
    """The mail with the password of the OVHcloud modem's web page: never a PPP password."""
    text = (
        f"Bonjour,\n\nLe mot de passe de l'interface web du modem de votre accès {service} a été réinitialisé.\n\n"
        f"Identifiant : admin\nMot de passe : {password}\n\nL'interface est à l'adresse http://192.168.1.254/\n\n"
        "Le support OVHcloud\n"
    )
    return f"[{service}] Réinitialisation du mot de passe du modem de votre accès", text


def bill_mail(number: str) -> tuple[str, str]:
    """An invoice: the most frequent mail of any history."""
    text = (
        f"Bonjour,\n\nVotre facture {number} d'un montant de 35,99 EUR est disponible dans votre espace client :\n"
        f"https://www.ovh.com/manager/#/billing/history?id={number}\n\nLe service comptabilité OVHcloud\n"
    )
    return f"[ab12345-ovh] Facture OVHcloud {number}", text


def other_mail(number: int) -> tuple[str, str]:
    """What accounts with servers and domains get all day."""
    title, text = (
        (f"[vps{number}] Votre serveur redémarre", "Le redémarrage de votre serveur est terminé."),
        (f"[example-{number}.org] Votre nom de domaine expire bientôt", "Pensez à le renouveler."),
        (f"[ns{number}] Intervention sur votre serveur", "Un technicien intervient sur votre serveur."),
        (f"Votre ticket CS{number} a été mis à jour", "Une réponse vous attend dans votre espace client."),
        (f"[ab12345-ovh] Facture OVHcloud FR{number}", "Votre facture est disponible."),
    )[number % 5]
    return title, f"Bonjour,\n\n{text}\n\nLe support OVHcloud\n"
