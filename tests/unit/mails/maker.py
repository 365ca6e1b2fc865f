# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A second generator of mails, written from the rules of what a mail may say: each with its outcome by construction.

It shares nothing with ``corpus``: other words, layouts, services, noise. A mail has one section for the line, or none
with a password in it, and any number of sections of other services around it; what must be read is what was put into
the line's section. ``plain``: the section and a greeting, nothing else, so that a refusal is a fault.
"""

from __future__ import annotations

import dataclasses
import quopri
import random
import typing as t
from html import escape

LANGUAGES = ("fr", "en", "de", "es", "it", "nl", "pl", "pt")
LOWER, UPPER, DIGITS, MARKS = "abcdefghijkmnopqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789", "-_!@#$%&+=/.,;?"

LOGIN_LABELS = {
    "fr": (
        "Identifiant",
        "Votre identifiant",
        "Identifiant de connexion",
        "Nom d'utilisateur",
        "Login PPPoE",
        "Utilisateur",
    ),
    "en": ("Login", "Username", "User name", "Your login", "PPPoE username", "User ID"),
    "de": (
        "Benutzername",
        "Ihr Benutzername",
        "Zugangskennung",
        "PPPoE-Benutzername",
        "Einwahlkennung",
        "Benutzerkennung",
    ),
    "es": ("Usuario", "Nombre de usuario", "Su usuario", "Identificador", "Usuario PPPoE", "Login"),
    "it": ("Nome utente", "Utente", "Il tuo nome utente", "Identificativo", "Nome utente PPPoE", "Login"),
    "nl": ("Gebruikersnaam", "Uw gebruikersnaam", "Inlognaam", "PPPoE-gebruikersnaam", "Gebruiker", "Login"),
    "pl": ("Login", "Nazwa użytkownika", "Identyfikator", "Użytkownik", "Twój login", "Login PPPoE"),
    "pt": ("Utilizador", "Nome de utilizador", "O seu utilizador", "Identificador", "Utilizador PPPoE", "Usuário"),
}
PASSWORD_LABELS = {
    "fr": (
        "Mot de passe",
        "Votre mot de passe",
        "Mot de passe de connexion",
        "Clé",
        "MDP",
        "Nouveau mot de passe",
        "Pass",
    ),
    "en": ("Password", "Your password", "PPPoE password", "Passwd", "Pass", "Secret", "New password", "PASSWORD"),
    "de": (
        "Passwort",
        "Ihr Passwort",
        "Kennwort",
        "PPPoE-Passwort",
        "Einwahlkennwort",
        "Ihr neues Kennwort",
        "Zugangspasswort",
    ),
    "es": ("Contraseña", "Su contraseña", "Clave", "Nueva contraseña", "Contraseña PPPoE", "CONTRASEÑA"),
    "it": ("Password", "La tua password", "Parola chiave", "Nuova password", "Password PPPoE"),
    "nl": ("Wachtwoord", "Uw wachtwoord", "Nieuw wachtwoord", "PPPoE-wachtwoord", "WACHTWOORD"),
    "pl": ("Hasło", "Twoje hasło", "Nowe hasło", "Hasło PPPoE", "Haslo"),
    "pt": ("Palavra-passe", "A sua palavra-passe", "Senha", "Nova palavra-passe", "Palavra-passe PPPoE"),
}
#: Labels that speak of a password and are none's.
OTHER_LABELS = {
    "fr": (
        "Ancien mot de passe",
        "Mot de passe expiré le",
        "Longueur du mot de passe",
        "Mot de passe modifié par",
        "Mot de passe provisoire",
    ),
    "en": (
        "Old password",
        "Password expires",
        "Length of password",
        "Password changed by",
        "Password reset code",
        "Password hint",
    ),
    "de": (
        "Altes Passwort",
        "Passwort geändert von",
        "Passwortlänge",
        "Bisheriges Kennwort",
        "Passwort gültig bis",
        "Passworthinweis",
    ),
    "es": ("Contraseña anterior", "Contraseña caducada el", "Longitud de la contraseña", "Contraseña cambiada por"),
    "it": ("Vecchia password", "Password scaduta il", "Lunghezza della password", "Password modificata da"),
    "nl": ("Oud wachtwoord", "Wachtwoord verloopt op", "Lengte van het wachtwoord", "Wachtwoord gewijzigd door"),
    "pl": ("Stare hasło", "Hasło wygasa", "Długość hasła", "Hasło zmienione przez", "Podpowiedź do hasła"),
    "pt": ("Palavra-passe antiga", "Palavra-passe expirada em", "Comprimento da palavra-passe", "Senha alterada por"),
}
SENTENCES = {
    "fr": "Votre identifiant est {x} et votre mot de passe est {y}.",
    "en": "Your login is {x} and your password is {y}.",
    "de": "Ihr Benutzername lautet {x} und Ihr Passwort lautet {y}.",
    "es": "Su usuario es {x} y su contraseña es {y}.",
    "it": "Il tuo nome utente è {x} e la tua password è {y}.",
    "nl": "Uw gebruikersnaam is {x} en uw wachtwoord is {y}.",
    "pl": "Twój login to {x}, a hasło to {y}.",
    "pt": "O seu utilizador é {x} e a sua palavra-passe é {y}.",
}
HELLO = {
    "fr": "Bonjour,",
    "en": "Hello,",
    "de": "Guten Tag,",
    "es": "Hola:",
    "it": "Buongiorno,",
    "nl": "Geachte klant,",
    "pl": "Dzień dobry,",
    "pt": "Olá,",
}
INTRO = {
    "fr": "Voici les informations de votre accès PPPoE.",
    "en": "Please find the details of your PPPoE access below.",
    "de": "anbei die Daten Ihres PPPoE-Zugangs.",
    "es": "Estos son los datos de su acceso PPPoE.",
    "it": "ecco i dati del tuo accesso PPPoE.",
    "nl": "Hieronder vindt u de gegevens van uw PPPoE-toegang.",
    "pl": "poniżej dane dostępu PPPoE.",
    "pt": "Seguem os dados do seu acesso PPPoE.",
}
HEADS = {
    "fr": "Connexion PPPoE",
    "en": "PPPoE connection",
    "de": "PPPoE-Verbindung",
    "es": "Conexión PPPoE",
    "it": "Connessione PPPoE",
    "nl": "PPPoE-verbinding",
    "pl": "Połączenie PPPoE",
    "pt": "Ligação PPPoE",
}
APART = {
    "fr": "Le mot de passe vous est envoyé par courrier.",
    "en": "The password will be sent to you by post.",
    "de": "Das Passwort erhalten Sie mit getrennter Post.",
    "es": "La contraseña se envía por correo postal.",
    "it": "La password viene inviata per posta.",
    "nl": "Het wachtwoord wordt per post verzonden.",
    "pl": "Hasło zostanie przesłane pocztą.",
    "pt": "A palavra-passe é enviada por correio.",
}
REMARKS = {
    "fr": ("inchangé", "voir ci-dessous", "envoyé par SMS", "confidentiel", "non communiqué"),
    "en": ("unchanged", "see below", "sent by SMS", "confidential", "not shown"),
    "de": ("unverändert", "siehe unten", "per SMS gesendet", "vertraulich", "nicht angezeigt"),
    "es": ("sin cambios", "véase abajo", "enviada por SMS", "confidencial", "oculta"),
    "it": ("invariata", "vedi sotto", "inviata via SMS", "riservata", "nascosta"),
    "nl": ("ongewijzigd", "zie hieronder", "per SMS verzonden", "vertrouwelijk", "verborgen"),
    "pl": ("bez zmian", "patrz poniżej", "wysłane SMS-em", "poufne", "ukryte"),
    "pt": ("inalterada", "ver abaixo", "enviada por SMS", "confidencial", "oculta"),
}
#: Other services: heading, label and value that name it, label of its password where that names it.
SERVICES: dict[str, tuple[tuple[str, str, str, str], ...]] = {
    "fr": (
        ("Réseau sans fil", "Nom du réseau", "Atelier-5G", "Clé"),
        ("Espace client", "Identifiant", "pm20417-ovh", "Mot de passe"),
        ("Interface du modem", "Identifiant", "admin", "Mot de passe"),
        ("Téléphonie", "Numéro", "0033972004417", "Mot de passe SIP"),
        ("Messagerie", "Adresse", "atelier@example.org", "Mot de passe"),
        ("Hébergement", "Serveur FTP", "ftp.example.org", "Mot de passe"),
    ),
    "en": (
        ("Wireless network", "SSID", "Workshop-5G", "Key"),
        ("Customer area", "Login", "pm20417-ovh", "Password"),
        ("Router web page", "Username", "admin", "Password"),
        ("Telephone", "Number", "0044972004417", "SIP password"),
        ("Mailbox", "Address", "workshop@example.org", "Password"),
        ("Hosting", "FTP server", "ftp.example.org", "Password"),
    ),
    "de": (
        ("WLAN", "SSID", "Werkstatt-5G", "WLAN-Schlüssel"),
        ("Kundenbereich", "Kundenkennung", "pm20417-ovh", "Kundenkennwort"),
        ("Router-Oberfläche", "Benutzername", "admin", "Passwort"),
        ("Telefonie", "Rufnummer", "0049972004417", "SIP-Passwort"),
        ("E-Mail-Postfach", "Adresse", "werkstatt@example.org", "Passwort"),
        ("Hosting", "FTP-Server", "ftp.example.org", "Passwort"),
    ),
    "es": (
        ("Red wifi", "SSID", "Taller-5G", "Clave"),
        ("Área de cliente", "Usuario", "pm20417-ovh", "Contraseña"),
        ("Página del módem", "Usuario", "admin", "Contraseña"),
        ("Correo", "Dirección", "taller@example.org", "Contraseña"),
    ),
    "it": (
        ("Rete Wi-Fi", "SSID", "Officina-5G", "Password"),
        ("Area clienti", "Nome utente", "pm20417-ovh", "Password"),
        ("Pagina del modem", "Nome utente", "admin", "Password"),
        ("Posta", "Indirizzo", "officina@example.org", "Password"),
    ),
    "nl": (
        ("Wifi-netwerk", "SSID", "Werkplaats-5G", "Wachtwoord"),
        ("Klantenzone", "Gebruikersnaam", "pm20417-ovh", "Wachtwoord"),
        ("Modempagina", "Gebruikersnaam", "admin", "Wachtwoord"),
        ("Mailbox", "Adres", "werkplaats@example.org", "Wachtwoord"),
    ),
    "pl": (
        ("Sieć Wi-Fi", "SSID", "Warsztat-5G", "Hasło"),
        ("Panel klienta", "Login", "pm20417-ovh", "Hasło"),
        ("Strona modemu", "Login", "admin", "Hasło"),
        ("Poczta", "Adres", "warsztat@example.org", "Hasło"),
    ),
    "pt": (
        ("Rede Wi-Fi", "SSID", "Oficina-5G", "Senha"),
        ("Área de cliente", "Utilizador", "pm20417-ovh", "Palavra-passe"),
        ("Página do modem", "Utilizador", "admin", "Palavra-passe"),
        ("Correio", "Endereço", "oficina@example.org", "Palavra-passe"),
    ),
}
NOISE = (
    "SAS OVH - http://www.ovh.com\n2 rue Kellermann\nBP 80157\n59100 Roubaix",
    "VLAN : 835\nMTU : 1492",
    "Dossier n° 4471823 du 12/10/2026",
    "Reference: R20261103-7712",
    "Tel. 1007",
    "OVHcloud\nhttps://help.ovhcloud.com/",
    "Montant : 35,99 EUR",
    "IPv4 : 198.51.100.77",
    "--\nOVHcloud",
)
ADVICE = {
    "fr": "Ne communiquez jamais votre mot de passe.",
    "en": "Never give your password to anybody.",
    "de": "Geben Sie Ihr Passwort niemals weiter.",
    "es": "No comunique nunca su contraseña.",
    "it": "Non comunicare mai la password a nessuno.",
    "nl": "Geef uw wachtwoord nooit door.",
    "pl": "Nigdy nie podawaj nikomu hasła.",
    "pt": "Nunca revele a sua palavra-passe.",
}
OLDER = {
    "fr": (
        "De : OVHcloud <a@example.net>\nEnvoyé : mardi 3 mars 2026 09:14\nÀ : Atelier\nObjet : PPPoE",
        "Le 3 mars 2026 à 09:14, OVHcloud a écrit :",
    ),
    "en": (
        "From: OVHcloud <a@example.net>\nSent: Tuesday, 3 March 2026 09:14\nTo: Workshop\nSubject: PPPoE",
        "On 3 Mar 2026, OVHcloud wrote:",
    ),
    "de": (
        "Von: OVHcloud <a@example.net>\nGesendet: Dienstag, 3. März 2026 09:14\nAn: Werkstatt\nBetreff: PPPoE",
        "Am 3. März 2026 schrieb OVHcloud:",
    ),
    "es": (
        "De: OVHcloud <a@example.net>\nEnviado el: martes 3\nPara: Taller\nAsunto: PPPoE",
        "El 3 mar 2026, OVHcloud escribió:",
    ),
    "it": (
        "Da: OVHcloud <a@example.net>\nInviato: martedì\nA: Officina\nOggetto: PPPoE",
        "Il giorno 3 mar 2026 OVHcloud ha scritto:",
    ),
    "nl": (
        "Van: OVHcloud <a@example.net>\nVerzonden: dinsdag\nAan: Werkplaats\nOnderwerp: PPPoE",
        "Op 3 mrt 2026 schreef OVHcloud:",
    ),
    "pl": (
        "Od: OVHcloud <a@example.net>\nWysłano: wtorek\nDo: Warsztat\nTemat: PPPoE",
        "W dniu 3.03.2026 OVHcloud napisał(a):",
    ),
    "pt": (
        "De: OVHcloud <a@example.net>\nEnviada: terça\nPara: Oficina\nAssunto: PPPoE",
        "A 3/03/2026 OVHcloud escreveu:",
    ),
}

Shape = t.Callable[[str, str, str, str], str]
TEXT: dict[str, Shape] = {
    "colon": lambda a, x, b, y: f"{a}: {x}\n{b}: {y}",
    "French colon": lambda a, x, b, y: f"{a} : {x}\n{b} : {y}",
    "fixed space": lambda a, x, b, y: f"{a}\u00a0: {x}\n{b}\u00a0: {y}",
    "equals": lambda a, x, b, y: f"{a}={x}\n{b}={y}",
    "arrow": lambda a, x, b, y: f"{a} -> {x}\n{b} -> {y}",
    "fat arrow": lambda a, x, b, y: f"{a} => {x}\n{b} => {y}",
    "drawn arrow": lambda a, x, b, y: f"{a} \u2192 {x}\n{b} \u2192 {y}",
    "leaders": lambda a, x, b, y: f"{a} {'.' * (30 - len(a))} {x}\n{b} {'.' * (30 - len(b))} {y}",
    "pipes": lambda a, x, b, y: f"| {a} | {x} |\n| {b} | {y} |",
    "padded pipes": lambda a, x, b, y: f"| {a:<28} | {x:<30} |\n|{'-' * 30}|{'-' * 32}|\n| {b:<28} | {y:<30} |",
    "columns": lambda a, x, b, y: f"{a:<32}{x}\n{b:<32}{y}",
    "aligned colon": lambda a, x, b, y: f"{a:<28}: {x}\n{b:<28}: {y}",
    "aligned value": lambda a, x, b, y: f"{a + ':':<32}{x}\n{b + ':':<32}{y}",
    "tabs": lambda a, x, b, y: f"{a}:\t{x}\n{b}:\t{y}",
    "tab list": lambda a, x, b, y: f"\t- {a} : {x}\n\t- {b} : {y}",
    "numbered": lambda a, x, b, y: f"1. {a}: {x}\n2. {b}: {y}",
    "dots list": lambda a, x, b, y: f"\u2022 {a}: {x}\n\u2022 {b}: {y}",
    "below": lambda a, x, b, y: f"{a}\n{x}\n\n{b}\n{y}",
    "below colon": lambda a, x, b, y: f"{a}:\n{x}\n{b}:\n{y}",
    "heads": lambda a, x, b, y: f"{a:<34}{b}\n{x:<34}{y}",
    "heads and more": lambda a, x, b, y: f"{a:<34}{b:<34}VLAN\n{x:<34}{y:<34}835",
}
HTML: dict[str, Shape] = {
    "break": lambda a, x, b, y: f"<p>{a}: {x}<br>{b}: {y}</p>",
    "paragraphs": lambda a, x, b, y: f"<p>{a} : {x}</p><p>{b} : {y}</p>",
    "list": lambda a, x, b, y: f"<ul><li>{a} : {x}</li><li>{b} : {y}</li></ul>",
    "bold values": lambda a, x, b, y: f"<p>{a} : <b>{x}</b></p><p>{b} : <b>{y}</b></p>",
    "bold labels": lambda a, x, b, y: f"<p><b>{a} :</b> {x}</p><p><b>{b} :</b> {y}</p>",
    "table": lambda a, x, b, y: f"<table><tr><td>{a}</td><td>{x}</td></tr><tr><td>{b}</td><td>{y}</td></tr></table>",
    "table heads": lambda a, x, b, y: (
        f"<table><thead><tr><th>{a}</th><th>{b}</th></tr></thead><tbody><tr><td>{x}</td><td>{y}</td></tr></tbody></table>"
    ),
    "rows with th": lambda a, x, b, y: (
        f"<table><tbody><tr><th>{a}:</th><td><code>{x}</code></td></tr><tr><th>{b}:</th><td><code>{y}</code></td></tr></tbody></table>"
    ),
    "definition list": lambda a, x, b, y: f"<dl><dt>{a}</dt><dd>{x}</dd><dt>{b}</dt><dd>{y}</dd></dl>",
    "preformatted": lambda a, x, b, y: f"<pre>{a}: {x}\n{b}: {y}\n</pre>",
    "Outlook": lambda a, x, b, y: (
        f"<div class=WordSection1><p class=MsoNormal>{a}&nbsp;: {x}<o:p></o:p></p><p class=MsoNormal>{b}&nbsp;: {y}<o:p></o:p>"
        "</p><p class=MsoNormal><o:p>&nbsp;</o:p></p></div>"
    ),
    "Outlook below": lambda a, x, b, y: (
        f"<div class=WordSection1><p class=MsoNormal>{a}&nbsp;: <o:p></o:p></p><p class=MsoNormal>{x}<o:p></o:p></p>"
        f"<p class=MsoNormal>{b}&nbsp;: <o:p></o:p></p><p class=MsoNormal>{y}<o:p></o:p></p></div>"
    ),
    "divs": lambda a, x, b, y: f"<div>{a}: <span>{x}</span></div><div>{b}: <span>{y}</span></div>",
    "nested table": lambda a, x, b, y: (
        f"<table><tr><td><table width=600><tr><td><font>{a}</font></td><td><strong>{x}</strong></td></tr><tr><td><font>{b}"
        f"</font></td><td><strong>{y}</strong></td></tr></table></td></tr></table>"
    ),
}
WRAPS = (('"', '"'), ("'", "'"), ("`", "`"), ("*", "*"), ("**", "**"), ("[", "]"), ("(", ")"), ("<", ">"), ("\u00ab ", " \u00bb"),
         ("\u201c", "\u201d"), ("\u201e", "\u201c"), ("<b>", "</b>"))  # fmt: skip


@dataclasses.dataclass(frozen=True)
class Made:
    """A mail. ``expect``: its password, or None; ``plain``, ``noisy``: how sure it must be read."""

    kind: str
    language: str
    layout: str
    title: str
    text: str | None
    html: str | None
    service: str
    login: str
    known: bool
    expect: str | None
    plain: bool


class Maker:
    """Any number of mails from a seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.choose = self.random.choice

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def password(self) -> str:
        """A password of two or more kinds of character; its marks stand inside."""
        kinds = self.choose(
            (
                LOWER + DIGITS,
                UPPER + DIGITS,
                LOWER + UPPER + DIGITS,
                LOWER + UPPER + DIGITS,
                LOWER + UPPER + DIGITS + MARKS,
            )
        )
        while True:
            word = "".join(self.choose(kinds) for _n in range(self.random.randint(8, 16)))
            letters = sum(char.isalpha() for char in word)
            digit_inside = any(char.isdigit() for char in word[1:-1]) and word[0].isalnum() and word[-1].isalpha()
            if letters > 3 and digit_inside and not any(mark * 2 in word for mark in MARKS):
                return word

    def no_password(self, language: str) -> str:
        """What may stand where a password should and is none."""
        digits = "".join(self.choose("0123456789") for _n in range(10))
        alphabet = self.choose((LOWER, UPPER, DIGITS))
        one_kind = "".join(self.choose(alphabet) for _n in range(9))
        hexes = "".join(self.choose("0123456789abcdef") for _n in range(32))
        things = (
            *(
                "********",
                "\u2022" * 8,
                "xxxxxxxx",
                "-",
                "......",
                "",
                "n/a",
                "***",
                f"{self.password()[:2]}******",
                "________",
            ),
            *(
                f"{digits[:2]}/11/2026",
                "2026-11-03",
                "2026-11-03 10:12",
                f"+33 9 {digits[:2]} 10 10 07",
                f"0{digits[:9]}",
                "12.50 EUR",
            ),
            *(
                f"198.51.100.{digits[0]}",
                "2001:db8:12::1",
                "02:00:5e:10:00:53",
                "ppp.example.net",
                "https://www.example.org/a",
            ),
            *(
                f"{hexes[:8]}-{hexes[8:12]}-4{hexes[13:16]}-8{hexes[17:20]}-{hexes[20:]}",
                hexes,
                "pm20417-ovh",
                f"CS{digits[:7]}",
            ),
            *(
                f"BC-2026{digits[:4]}-7781",
                f"#{digits[:7]}",
                "1.4.2",
                one_kind,
                "office@example.org",
                "{{ password }}",
                "%PASSWORD%",
            ),
            *("[password]", "<password>", "null", "12345", self.choose(PASSWORD_LABELS[language]), *REMARKS[language]),
        )
        return self.choose(things)

    def login(self) -> tuple[str, str]:
        number = f"03{self.random.randint(20_000_000, 89_999_999)}"
        service = f"xdsl-pm20417-ovh-{self.random.randint(1, 9)}"
        forms = (
            f"{number}_1@adsl.ovh",
            f"{number}_2@ovh.kosc",
            f"FP_{number}_1@byt.ovhcloud",
            f"{number}_1@ovh.ftth",
            f"fti/{number[2:]}",
        )
        return self.choose(forms), service

    def section(self, language: str, html: bool, layout: str, login: str, password: str) -> str:
        a, b = self.choose(LOGIN_LABELS[language]), self.choose(PASSWORD_LABELS[language])
        if layout == "sentence":
            line = SENTENCES[language].format(
                x=escape(login) if html else login, y=escape(password) if html else password
            )
            return f"<p>{line}</p>" if html else line
        if html:
            return HTML[layout](escape(a), escape(login), escape(b), escape(password))
        return TEXT[layout](a, login, b, password)

    def other(self, language: str, html: bool) -> str:
        """Another service's section, with a password of its own."""
        head, label, value, secret = self.choose(SERVICES[language])
        lines = [f"{label} : {value}", f"{secret} : {self.password()}"]
        if self.chance(0.7):
            lines.insert(0, head)
        return "".join(f"<p>{escape(line)}</p>" for line in lines) if html else "\n".join(lines)

    def make(self) -> Made:
        language = self.choose(LANGUAGES)
        html = self.chance(0.4)
        layout = self.choose([*(HTML if html else TEXT), "sentence"])
        kind = self.choose(
            (
                "plain",
                "plain",
                "plain",
                "noisy",
                "noisy",
                "services",
                "services",
                "masked among services",
                "missing among services",
            )
            + (
                "no password",
                "no password",
                "other label",
                "old and new",
                "older below",
                "only older",
                "wrapped",
                "apart",
            )
        )
        login, service = self.login()
        password = self.password()
        return getattr(self, "_" + kind.replace(" ", "_"))(kind, language, html, layout, (login, service), password)

    def frame(
        self,
        kind: str,
        language: str,
        html: bool,
        layout: str,
        line: tuple[str, str],
        parts: list[str],
        expect: str | None,
    ) -> Made:
        """The mail round its sections, in one of the encodings."""
        login, service = line
        both = [HELLO[language], INTRO[language]]
        known = self.chance(0.8)
        title = f"[{service}] {HEADS[language]}" if not known or self.chance(0.5) else HEADS[language]
        if html:
            body = "".join(f"<p>{escape(one)}</p>" for one in both) + "\n".join(parts)
            source = f"<html><head><style>p {{ margin: 0 }}</style></head><body>{body}</body></html>"
        else:
            source = "\n\n".join([*both, *parts]) + "\n"
        how = self.random.random()
        if how < 0.15:
            source = source.replace("\n", "\r\n")
        elif how < 0.22 and not html and not source.isascii() and "&" not in source and ";" not in source:
            source = "".join(char if char.isascii() else f"&#{ord(char)};" for char in escape(source, quote=False))
        elif how < 0.3 and not source.isascii() and "=" not in source:
            encoded = quopri.encodestring(source.encode()).decode()
            if sum("=" in one for one in encoded.split("\n")) > 2:  # fewer could be the password's own characters
                source = encoded
        return Made(
            kind,
            language,
            layout,
            title,
            None if html else source,
            source if html else None,
            service,
            login,
            known,
            expect,
            kind == "plain",
        )

    def _plain(self, kind: str, language: str, html: bool, layout: str, line: tuple[str, str], password: str) -> Made:
        return self.frame(
            kind, language, html, layout, line, [self.section(language, html, layout, line[0], password)], password
        )

    def _noise(self, language: str, html: bool) -> str:
        text = self.choose([*NOISE, ADVICE[language]])
        return "<p>" + escape(text).replace("\n", "<br>") + "</p>" if html else text

    def _noisy(self, kind: str, language: str, html: bool, layout: str, line: tuple[str, str], password: str) -> Made:
        parts = [self.section(language, html, layout, line[0], password)]
        for _n in range(self.random.randint(1, 3)):
            parts.insert(self.choose((0, len(parts))), self._noise(language, html))
        return self.frame(kind, language, html, layout, line, parts, password)

    def _around(self, language: str, html: bool, middle: str) -> list[str]:
        before = [self.other(language, html) for _n in range(self.random.randint(0, 2))]
        after = [self.other(language, html) for _n in range(self.random.randint(0 if before else 1, 2))]
        head = f"<h3>{escape(HEADS[language])}</h3>" if html else HEADS[language]
        return [*before, head, middle, *after] if self.chance(0.6) or before else [middle, *after]

    def _services(
        self, kind: str, language: str, html: bool, layout: str, line: tuple[str, str], password: str
    ) -> Made:
        middle = self.section(language, html, layout, line[0], password)
        return self.frame(kind, language, html, layout, line, self._around(language, html, middle), password)

    def _masked_among_services(
        self, kind: str, language: str, html: bool, layout: str, line: tuple[str, str], _p: str
    ) -> Made:
        middle = self.section(language, html, layout, line[0], self.no_password(language))
        return self.frame(kind, language, html, layout, line, self._around(language, html, middle), None)

    def _missing_among_services(
        self, kind: str, language: str, html: bool, layout: str, line: tuple[str, str], _p: str
    ) -> Made:
        label = self.choose(LOGIN_LABELS[language])
        middle = f"<p>{escape(label)} : {line[0]}</p>" if html else f"{label} : {line[0]}"
        if self.chance(0.5):
            middle += f"<p>{escape(APART[language])}</p>" if html else f"\n{APART[language]}"
        return self.frame(kind, language, html, layout, line, self._around(language, html, middle), None)

    def _no_password(self, kind: str, language: str, html: bool, layout: str, line: tuple[str, str], _p: str) -> Made:
        section = self.section(language, html, layout, line[0], self.no_password(language))
        return self.frame(kind, language, html, layout, line, [section], None)

    def _other_label(
        self, kind: str, language: str, html: bool, _layout: str, line: tuple[str, str], password: str
    ) -> Made:
        layout = self.choose([*(HTML if html else TEXT)])
        a, b = self.choose(LOGIN_LABELS[language]), self.choose(OTHER_LABELS[language])
        shape = HTML[layout] if html else TEXT[layout]
        section = shape(escape(a), line[0], escape(b), escape(password)) if html else shape(a, line[0], b, password)
        return self.frame(kind, language, html, layout, line, [section], None)

    def _old_and_new(
        self, kind: str, language: str, html: bool, layout: str, line: tuple[str, str], password: str
    ) -> Made:
        a, b, old = (
            self.choose(LOGIN_LABELS[language]),
            self.choose(PASSWORD_LABELS[language]),
            OTHER_LABELS[language][0],
        )
        lines = [f"{a} : {line[0]}", f"{old} : {self.password()}", f"{b} : {password}"]
        if self.chance(0.5):
            lines[1:] = lines[:0:-1]
        section = "".join(f"<p>{escape(one)}</p>" for one in lines) if html else "\n".join(lines)
        return self.frame(kind, language, html, "French colon", line, [section], password)

    def _older(self, language: str, html: bool, login: str) -> str:
        head = self.choose(
            (*OLDER[language], "-------- Original Message --------", "---------- Forwarded message ---------")
        )
        section = self.section(language, html, "paragraphs" if html else "colon", login, self.password())
        if html:
            lines = "<br>".join(escape(one) for one in head.split("\n"))
            return self.choose((f"<p>{lines}</p>{section}", f"<blockquote>{section}</blockquote>",
                f"<div style='border-left:1px solid #ccc'>{section}</div>", f"<div class=gmail_quote>{lines}<br>{section}</div>"))  # fmt: skip
        return head + "\n" + (section if self.chance(0.5) else "> " + section.replace("\n", "\n> "))

    def _older_below(
        self, kind: str, language: str, html: bool, layout: str, line: tuple[str, str], password: str
    ) -> Made:
        parts = [self.section(language, html, layout, line[0], password), self._older(language, html, line[0])]
        return self.frame(kind, language, html, layout, line, parts, password)

    def _only_older(self, kind: str, language: str, html: bool, layout: str, line: tuple[str, str], _p: str) -> Made:
        return self.frame(kind, language, html, layout, line, [self._older(language, html, line[0])], None)

    def _wrapped(
        self, kind: str, language: str, _html: bool, _layout: str, line: tuple[str, str], password: str
    ) -> Made:
        layout = self.choose(("colon", "French colon", "equals", "arrow", "tabs"))
        left, right = self.choose(WRAPS)
        both = self.chance(0.5)
        login = f"{left}{line[0]}{right}" if both else line[0]
        section = self.section(language, False, layout, login, f"{left}{password}{right}")
        return self.frame(kind, language, False, layout, line, [section], password)

    def _apart(self, kind: str, language: str, html: bool, layout: str, line: tuple[str, str], password: str) -> Made:
        """Our login and a password of nobody's that stands apart from it."""
        label = self.choose(LOGIN_LABELS[language])
        lines = [f"{label} : {line[0]}", INTRO[language], f"{self.choose(PASSWORD_LABELS[language])} : {password}"]
        section = "".join(f"<p>{escape(one)}</p>" for one in lines) if html else "\n\n".join(lines)
        return self.frame(kind, language, html, layout, line, [section], None)
