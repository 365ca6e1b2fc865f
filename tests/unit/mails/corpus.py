# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Mails of our own making, each with what the reader must say of it.

``corpus()`` gives the fixed ones: every language with every layout, and every trap. ``Generator`` makes any number
of others from a seed. Nothing here knows how the reader works: a case says what a careful person would do.

What it does not show: OVHcloud's own wording and layout, which are not published. Every mail here is of our making, so
the figures are about these forms, eight languages and the traps below, and say nothing of a mail unlike all of them.
Damage is not covered either, where a person could not tell the password from what stands around it: a value cut or
altered on its way; a password of an HTML part that nobody escaped and that begins with a tag and ends with its other
end, or ends with ``<br>``, or begins or ends with a tag where the mail leaves its own table cells open.
"""

from __future__ import annotations

import dataclasses
import quopri
import random
import string
import typing as t
from html import escape

SERVICE = "xdsl-ab12345-1"
OTHER_SERVICE = "ftth-ab12345-2"
LOGIN = "0320123456_1@adsl.ovh"
OTHER_LOGIN = "0320999999_1@adsl.ovh"
SECRET_ID = "0e3bd2a6-7a35-4a1c-9a3a-1f2e3d4c5b6a"
LINK = f"https://www.ovh.com/manager/secret/#?id={SECRET_ID}"
OTHER_LINK = "https://www.ovh.com/manager/secret/#?id=9c1f0a2b-3d4e-4f5a-8b6c-7d8e9f0a1b2c"

CREDENTIALS, NOT_THIS, UNREADABLE = "credentials", "not_this_mail", "unreadable"


@dataclasses.dataclass(frozen=True)
class Words:
    """The words of one language."""

    title: str
    hello: str
    intro: str
    logins: tuple[str, ...]
    passwords: tuple[str, ...]
    bye: str
    remark: str
    modem: str
    wrote: str
    original: str


WORDS: dict[str, Words] = {
    "fr": Words(
        "Vos identifiants de connexion PPPoE",
        "Bonjour,",
        "Voici les identifiants PPPoE de votre accès à Internet {service}.",
        ("Identifiant", "Identifiant PPPoE", "Nom d'utilisateur", "Votre login"),
        ("Mot de passe", "Mot de passe PPPoE", "Votre nouveau mot de passe", "MOT DE PASSE"),
        "Merci de votre confiance.",
        "envoyé dans un courrier séparé",
        "Réinitialisation du mot de passe du modem de votre accès",
        "Le 3 mai 2026, OVHcloud a écrit :",
        "-----Message d'origine-----",
    ),
    "en": Words(
        "Your PPPoE login details",
        "Hello,",
        "Please find below the PPPoE login details of your internet access {service}.",
        ("Login", "User name", "Username", "PPPoE login"),
        ("Password", "PPPoE password", "Your new password", "password"),
        "Thank you for choosing OVHcloud.",
        "sent in a separate letter",
        "Your modem password has been reset",
        "On 3 May 2026, OVHcloud wrote:",
        "-----Original Message-----",
    ),
    "de": Words(
        "Ihre PPPoE-Zugangsdaten",
        "Guten Tag,",
        "anbei finden Sie die PPPoE-Zugangsdaten für Ihren Anschluss {service}.",
        ("Benutzername", "Benutzerkennung", "Zugangskennung", "Login"),
        ("Passwort", "Kennwort", "Ihr neues Passwort", "PPPoE-Passwort"),
        "Vielen Dank für Ihr Vertrauen.",
        "kommt mit getrennter Post",
        "Neues Passwort Ihres Modems",
        "Am 3. Mai 2026 schrieb OVHcloud:",
        "-----Ursprüngliche Nachricht-----",
    ),
    "es": Words(
        "Sus credenciales de conexión PPPoE",
        "Hola:",
        "A continuación encontrará las credenciales PPPoE de su acceso {service}.",
        ("Usuario", "Nombre de usuario", "Identificador", "Usuario PPPoE"),
        ("Contraseña", "Clave", "Nueva contraseña", "Contraseña PPPoE"),
        "Gracias por su confianza.",
        "enviada en otro correo",
        "Nueva contraseña de su módem",
        "El 3 de mayo de 2026, OVHcloud escribió:",
        "-----Mensaje original-----",
    ),
    "it": Words(
        "Le tue credenziali di connessione PPPoE",
        "Buongiorno,",
        "ecco le credenziali PPPoE del tuo accesso a Internet {service}: è già attivo.",
        ("Identificativo", "Nome utente", "Utente", "Login"),
        ("Password", "Parola chiave", "Nuova password", "Password PPPoE"),
        "Grazie per la fiducia.",
        "inviata con posta separata",
        "Nuova password del modem",
        "Il 3 maggio 2026 OVHcloud ha scritto:",
        "-----Messaggio originale-----",
    ),
    "nl": Words(
        "Uw PPPoE-inloggegevens",
        "Geachte klant,",
        "Hieronder vindt u de PPPoE-inloggegevens van uw internettoegang {service}.",
        ("Gebruikersnaam", "Inlognaam", "Login", "Uw gebruikersnaam"),
        ("Wachtwoord", "Uw nieuwe wachtwoord", "PPPoE-wachtwoord", "wachtwoord"),
        "Dank u voor uw vertrouwen.",
        "volgt in een aparte brief",
        "Nieuw wachtwoord van uw modem",
        "Op 3 mei 2026 schreef OVHcloud:",
        "-----Oorspronkelijk bericht-----",
    ),
    "pl": Words(
        "Dane logowania PPPoE",
        "Dzień dobry,",
        "poniżej znajdują się dane logowania PPPoE do łącza {service}.",
        ("Identyfikator", "Nazwa użytkownika", "Login", "Identyfikator PPPoE"),
        ("Hasło", "Nowe hasło", "Hasło PPPoE", "hasło"),
        "Dziękujemy za zaufanie.",
        "zostanie wysłane osobnym listem",
        "Nowe hasło modemu",
        "Dnia 3 maja 2026 OVHcloud napisał:",
        "-----Wiadomość oryginalna-----",
    ),
    "pt": Words(
        "Os seus dados de acesso PPPoE",
        "Olá,",
        "Encontrará abaixo os dados de acesso PPPoE do seu acesso à Internet {service}.",
        ("Identificador", "Utilizador", "Nome de utilizador", "Nome de usuário"),
        ("Palavra-passe", "Senha", "Nova palavra-passe", "Palavra-passe PPPoE"),
        "Obrigado pela sua confiança.",
        "enviada noutra carta",
        "Nova palavra-passe do modem",
        "A 3 de maio de 2026, OVHcloud escreveu:",
        "-----Mensagem original-----",
    ),
}


@dataclasses.dataclass(frozen=True)
class Case:
    """A mail and what must be read in it. ``why``: words of which one must stand in the reason."""

    name: str
    title: str
    text: str | None
    html: str | None
    verdict: str
    password: str | None = None
    why: tuple[str, ...] = ()
    known: bool = True
    #: id of the one-time link that may be opened
    secret: str | None = None

    def inputs(self) -> tuple[str, str | None, str | None]:
        return self.title, self.text, self.html


Pair = t.Callable[[str, str, str, str], str]

#: How the four words (label, login, label, password) stand in a text.
TEXT: dict[str, Pair] = {
    "colon": lambda a, x, b, y: f"{a}: {x}\n{b}: {y}",
    "spaced": lambda a, x, b, y: f"{a} : {x}\n{b} : {y}",
    "tight": lambda a, x, b, y: f"{a}:{x}\n{b}:{y}",
    "nbsp": lambda a, x, b, y: f"{a}\u00a0: {x}\n{b}\u00a0:\u00a0{y}",
    "bullets": lambda a, x, b, y: f"  - {a} : {x}\n  - {b} : {y}",
    "stars": lambda a, x, b, y: f" * {a}: {x}\n\n * {b}: {y}",
    "tabs": lambda a, x, b, y: f"{a}:\t{x}\n{b}:\t{y}",
    "only_tab": lambda a, x, b, y: f"{a}\t{x}\n{b}\t{y}",
    "equals": lambda a, x, b, y: f"{a} = {x}\n{b} = {y}",
    "padded": lambda a, x, b, y: f"{a:<30}: {x}\n{b:<30}: {y}",
    "below": lambda a, x, b, y: f"{a} :\n{x}\n\n{b} :\n{y}",
    "below_gap": lambda a, x, b, y: f"{a}:\n\n{x}\n\n{b}:\n\n{y}",
    "swapped": lambda a, x, b, y: f"{b} : {y}\n{a} : {x}",
    "sentence": lambda a, x, b, y: f"{a} : {x},\n{b} : {y}.",
    "semicolons": lambda a, x, b, y: f"- {a} : {x} ;\n- {b} : {y} ;",
    "quotes": lambda a, x, b, y: f'{a} : "{x}"\n{b} : "{y}"',
    "guillemets": lambda a, x, b, y: f"{a} : \u00ab\u00a0{x}\u00a0\u00bb\n{b} : \u00ab\u00a0{y}\u00a0\u00bb",
    "brackets": lambda a, x, b, y: f"{a}: <{x}>\n{b}: <{y}>",
    "with_remark": lambda a, x, b, y: f"{a} (login) : {x}\n{b} (password) : {y}",
}

#: The same in HTML; the two values come escaped.
HTML: dict[str, Pair] = {
    "br": lambda a, x, b, y: f"<p>{a}: {x}<br>{b}: {y}</p>",
    "br_slash": lambda a, x, b, y: f"<p>{a}&nbsp;: {x}<br />\r\n{b}&nbsp;: {y}</p>",
    "paragraphs": lambda a, x, b, y: f"<p>{a} : {x}</p>\n<p>{b} : {y}</p>",
    "list": lambda a, x, b, y: f"<ul>\n<li>{a} : <b>{x}</b></li>\n<li>{b} : <b>{y}</b></li>\n</ul>",
    "bold_label": lambda a, x, b, y: f"<div><strong>{a} :</strong> {x}</div><div><strong>{b} :</strong> {y}</div>",
    "code": lambda a, x, b, y: f"<p>{a}: <code>{x}</code></p><p>{b}: <code>{y}</code></p>",
    "mailto": lambda a, x, b, y: f'<p>{a}: <a href="mailto:{x}">{x}</a><br>{b}: <span class="v">{y}</span></p>',
    "cells": lambda a, x, b, y: (
        f"<table>\n<tr>\n<td>{a}</td>\n<td>{x}</td>\n</tr>\n<tr>\n<td>{b}</td>\n<td>{y}</td>\n</tr>\n</table>"
    ),
    "cells_colon": lambda a, x, b, y: (
        f"<TABLE><TR><TD><B>{a} :</B></TD><TD>{x}</TD></TR><TR><TD><B>{b} :</B></TD><TD>{y}</TD></TR></TABLE>"
    ),
    "cells_third": lambda a, x, b, y: (
        f"<table><tr><td>{a}</td><td>:</td><td>{x}</td></tr><tr><td>{b}</td><td>:</td><td>{y}</td></tr></table>"
    ),
    "cells_paragraph": lambda a, x, b, y: (
        f"<table><tr><td><p>{a}</p></td><td><p>{x}</p></td></tr><tr><td><p>{b}</p></td>"
        f"<td><p>\n{y}\n</p></td></tr></table>"
    ),
    "header": lambda a, x, b, y: (
        f"<table><thead><tr><th>{a}</th><th>{b}</th></tr></thead><tbody><tr><td>{x}</td><td>{y}</td></tr></tbody></table>"
    ),
    "header_swapped": lambda a, x, b, y: f"<table><tr><td>{b}<td>{a}<tr><td>{y}<td>{x}</table>",
    "stacked": lambda a, x, b, y: (
        f"<table><tr><td>{a}</td></tr><tr><td>{x}</td></tr><tr><td>{b}</td></tr><tr><td>{y}</td></tr></table>"
    ),
    "one_cell": lambda a, x, b, y: f"<table><tr><td>{a} : {x}<br/>{b} : {y}</td></tr></table>",
    "nested": lambda a, x, b, y: (
        f"<table><tr><td><table><tr><td><div><span>{a}</span></div></td><td><div><font color='red'><b>{x}</b></font>"
        f"</div></td></tr><tr><td>{b}</td><td><div><font><b>{y}</b></font></div></td></tr></table></td></tr></table>"
    ),
    "definition": lambda a, x, b, y: f"<dl><dt>{a}</dt><dd>{x}</dd><dt>{b}</dt><dd>{y}</dd></dl>",
    "pre": lambda a, x, b, y: f"<pre>\n{a} : {x}\n{b} : {y}\n</pre>",
}

#: Layouts whose values end where a sentence's punctuation may begin, or whose characters play a part.
DELICATE: dict[str, str] = {"sentence": ".,;", "semicolons": ".,;", "quotes": '"', "brackets": "<>", "only_tab": ""}
#: Characters that no reader can tell from a sentence's or a label's at the end or the start of a line's value.
LINE_ENDS, LINE_STARTS = ".,;:*\"'`()[]<>{}", ":=>*\"'`()[]<{}"


def framed(language: str, body: str, html: bool, service: str = SERVICE) -> str:
    """A mail around its two lines."""
    words = WORDS[language]
    intro = words.intro.format(service=service)
    if not html:
        return f"{words.hello}\n\n{intro}\n\n{body}\n\n{words.bye}\nOVHcloud\nhttps://www.ovhtelecom.fr/\n"
    head = "<head><title>OVHcloud</title><style>td > p { color: #000e9c; }</style></head>"
    return (
        f"<!DOCTYPE html>\n<html>{head}\n<body><!-- mail --><p>{escape(words.hello)}</p>\n<p>{escape(intro)}</p>\n"
        f"{body}\n"
        f"<p>{escape(words.bye)}<br>OVHcloud</p></body></html>\n"
    )


def entities(text: str) -> str:
    """Text as version 1 of the API may give it: with HTML entities, escaped as a whole."""
    return "".join(char if char.isascii() else f"&#{ord(char)};" for char in escape(text))


def quoted_printable(text: str) -> str:
    return quopri.encodestring(text.encode()).decode("ascii")


def readable_password(random_: random.Random, layout: str) -> str:
    """A password that a careful person can read without doubt in a layout."""
    kind = random_.random()
    while True:
        if kind < 0.4:
            alphabet, size = string.ascii_letters + string.digits + "-_!+", random_.randint(8, 20)
        else:
            alphabet, size = string.ascii_letters + string.digits + string.punctuation, random_.randint(8, 24)
        word = "".join(random_.choice(alphabet) for _n in range(size))
        if layout in DELICATE and (word[-1] in DELICATE[layout] or word[0] in DELICATE[layout]):
            continue
        if word[-1] in LINE_ENDS or word[0] in LINE_STARTS or word[0] == word[-1]:
            continue
        if any(char * 3 in word for char in string.punctuation):
            continue
        if "://" in word or "{{" in word or "=3D" in word or "***" in word or (layout in TEXT and "&" in word):
            continue
        if layout in ("tight", "equals") and word[0] in ":=":
            continue
        return word


def title_of(language: str, service: str = SERVICE) -> str:
    return f"[{service}] {WORDS[language].title}"


def readable(
    language: str,
    layout: str,
    password: str,
    labels: tuple[int, int] = (0, 0),
    transport: str = "plain",
    known: bool = True,
) -> Case:
    """A mail of which login and password can be read."""
    words = WORDS[language]
    login_label, password_label = words.logins[labels[0]], words.passwords[labels[1]]
    is_html = layout in HTML
    if is_html:
        body = HTML[layout](escape(login_label), escape(LOGIN), escape(password_label), escape(password))
    else:
        body = TEXT[layout](login_label, LOGIN, password_label, password)
    mail = framed(language, body, is_html)
    if transport == "crlf":
        mail = mail.replace("\r\n", "\n").replace("\n", "\r\n")
    elif transport == "entities" and not is_html:
        mail = entities(mail)
    elif transport == "quoted_printable":
        mail = quoted_printable(mail)
    both = transport == "both" and is_html
    text = framed(language, TEXT["spaced"](login_label, LOGIN, password_label, password), False) if both else None
    name = f"{language}-{layout}-{transport}-{'known' if known else 'unknown'}"
    return Case(
        name,
        title_of(language),
        text if is_html else mail,
        mail if is_html else None,
        CREDENTIALS,
        password,
        known=known,
    )


def trap(name: str, language: str, layout: str, password: str, known: bool = True) -> Case:
    """A mail that must not be misread."""
    words = WORDS[language]
    is_html = layout in HTML
    shape = HTML[layout] if is_html else TEXT[layout]
    quote: t.Callable[[str], str] = escape if is_html else str
    a, b = quote(words.logins[0]), quote(words.passwords[0])
    newline = "<br>" if is_html else "\n"

    def case(
        body: str,
        verdict: str,
        why: tuple[str, ...] = (),
        title: str = "",
        service: str = SERVICE,
        read: str | None = None,
        secret: str | None = None,
    ) -> Case:
        mail = framed(language, body, is_html, service)
        label = f"{language}-{layout}-{name}"
        text, html = (None, mail) if is_html else (mail, None)
        return Case(label, title or title_of(language, service), text, html, verdict, read, why, known, secret)

    def body(value: str, login: str = LOGIN) -> str:
        return shape(a, quote(login), b, quote(value))

    good = body(password)
    missing = ("no password", "several words", "remark", "placeholder")
    table: dict[str, t.Callable[[], Case]] = {
        "other_line": lambda: case(body(password, OTHER_LOGIN), NOT_THIS, ("another access",), service=OTHER_SERVICE),
        "other_login": lambda: case(
            body(password, OTHER_LOGIN),
            NOT_THIS if known else CREDENTIALS,
            ("another line's",),
            read=None if known else password,
        ),
        "both_lines": lambda: case(good + newline + OTHER_SERVICE, UNREADABLE, ("several accesses",)),
        "modem": lambda: case(body(password, "admin"), NOT_THIS, ("modem",), title=f"[{SERVICE}] {words.modem}"),
        "modem_with_login": lambda: case(good, NOT_THIS, ("modem",), title=f"[{SERVICE}] {words.modem}"),
        "two_passwords": lambda: case(good + newline + body(password[::-1] + "7"), UNREADABLE, ("several passwords",)),
        "two_logins": lambda: case(good + newline + body(password, OTHER_LOGIN), UNREADABLE, ("several logins",)),
        "masked": lambda: case(body("********"), UNREADABLE, ("masked",)),
        "half_masked": lambda: case(body(f"Zq{'*' * 6}9x"), UNREADABLE, ("masked",)),
        "dots": lambda: case(body("\u2022" * 8), UNREADABLE, ("masked",)),
        "link": lambda: case(body(LINK), UNREADABLE, ("link",), secret=SECRET_ID),
        "link_anchor": lambda: case(
            shape(a, quote(LOGIN), b, f"<a href='{escape(LINK)}'>{words.remark}</a>" if is_html else f"{LINK}."),
            UNREADABLE,
            ("link",),
            secret=SECRET_ID,
        ),
        "link_twice": lambda: case(body(LINK) + newline + LINK, UNREADABLE, ("link",), secret=SECRET_ID),
        "links": lambda: case(body(LINK) + newline + OTHER_LINK, UNREADABLE, ("several one-time links",)),
        "link_and_foreign": lambda: case(
            body(LINK) + newline + OTHER_LINK.replace("ovh.com", "ovh.com.example"), UNREADABLE, ("link",)
        ),
        "link_elsewhere": lambda: case(body(LINK.replace("www.ovh.com", "www.ovh.com.example")), UNREADABLE, ("link",)),
        "link_plain_http": lambda: case(body(LINK.replace("https", "http")), UNREADABLE, ("link",)),
        "link_no_uuid": lambda: case(body(LINK[:-1]), UNREADABLE, ("link",)),
        "link_wrapped": lambda: case(body(f"https://example.org/?to={LINK}"), UNREADABLE, ("link",)),
        "link_other_line": lambda: case(body(LINK, OTHER_LOGIN), NOT_THIS, ("another access",), service=OTHER_SERVICE),
        "link_modem": lambda: case(body(LINK), NOT_THIS, ("modem",), title=f"[{SERVICE}] {words.modem}"),
        "link_wifi": lambda: case(
            f"{a} : {quote(LOGIN)}{newline}SSID : OVH-1234{newline}{b} Wi-Fi : {LINK}", UNREADABLE, ("link",)
        ),
        "link_word": lambda: case(
            f"{shape(a, quote(LOGIN), b, 'x9').replace('x9', 'Zq7Zq7Zq7')}{newline}<a href='{LINK}'>hier</a>",
            UNREADABLE,
            ("link",),
        ),
        "placeholder": lambda: case(body("{{ password }}"), UNREADABLE, missing),
        "injection": lambda: case(body("{{ lookup('pipe','x') }}"), UNREADABLE, missing),
        "variable": lambda: case(body("%PASSWORD%"), UNREADABLE, missing),
        "label_word": lambda: case(body(words.passwords[0]), UNREADABLE, (*missing,)),
        "login_again": lambda: case(body(LOGIN), UNREADABLE, ("login",)),
        "other_address": lambda: case(body("jean.dupont@example.org"), UNREADABLE, ("login",)),
        "remark": lambda: case(body(words.remark), UNREADABLE, missing),
        "missing": lambda: case(body(""), UNREADABLE, missing),
        "number": lambda: case(body("9081726354"), UNREADABLE, ("one kind",)),
        "contact": lambda: case(
            f"{good}{newline}{newline}E-mail : support@ovh.com{newline}Contact: jean75@example.org",
            CREDENTIALS,
            read=password,
        ),
        "older_below": lambda: case(
            good
            if is_html
            else f"{good}\n\n{words.wrote}\n> {body(password + 'old').replace(chr(10), chr(10) + '> ')}\n",
            CREDENTIALS,
            read=password,
        ),
        "older_original": lambda: case(
            f"{good}{newline}{newline}{escape(words.original)}{newline}{body(password + 'old')}"
            if is_html
            else f"{good}\n\n{words.original}\n{body(password + 'old')}\n",
            CREDENTIALS,
            read=password,
        ),
        "account_password": lambda: case(
            f"{a} : {quote(LOGIN)}{newline}{a} : ab12345-ovh{newline}{b} : {quote(password)}",
            UNREADABLE,
            ("which login",),
        ),
        "wifi_too": lambda: case(
            f"{good}{newline}SSID : OVH-1234{newline}{b} Wi-Fi : wifi-{quote(password)}",
            CREDENTIALS,
            read=password,
        ),
        "bill": lambda: dataclasses.replace(
            case("", NOT_THIS), title="Facture FR123", text="Bonjour,\n\nVotre facture est disponible.\n", html=None
        ),
        "parts_disagree": lambda: dataclasses.replace(
            case(good, UNREADABLE, ("different credentials",)),
            text=framed(language, TEXT["colon"](words.logins[0], LOGIN, words.passwords[0], password + "1"), False),
            html=framed(language, HTML["br"](words.logins[0], LOGIN, words.passwords[0], escape(password)), True),
        ),
    }
    return table[name]()


_TRAP_NAMES = (
    "other_line other_login both_lines modem modem_with_login two_passwords two_logins masked half_masked dots "
    "link link_anchor link_twice links link_and_foreign link_elsewhere link_plain_http link_no_uuid link_wrapped "
    "link_other_line link_modem link_wifi link_word placeholder injection variable label_word login_again "
    "other_address remark missing number contact older_below older_original account_password wifi_too bill "
    "parts_disagree"
)
TRAPS = tuple(_TRAP_NAMES.split())
_FORM_NAMES = (
    "text_gap text_gap_word text_entity text_escape text_all_quoted text_one_line text_reversed_line "
    "text_own_stop text_spaces text_wifi_section text_modem_section text_one_word text_help text_date "
    "text_two_blanks text_far html_wide html_nbsp html_tag html_bold html_comment html_link html_secret "
    "html_empty_cell html_two_lines html_empty_column html_header_moved html_entity html_quote html_block_inside "
    "html_block_first html_block_last html_end_inside html_end_last html_break_inside html_open_cells "
    "html_open_paragraphs html_open_items html_break_after"
)
FORMS = tuple(_FORM_NAMES.split())


def form(name: str, language: str, password: str) -> Case:
    """A trap that lies in how exactly the two lines are written. ``password``: letters, digits, ``-`` and ``_``."""
    words = WORDS[language]
    a, b = words.logins[0], words.passwords[0]
    x, y = LOGIN, password
    login_line = f"{a} : {x}\n"
    cells = f"<table><tr><td>{a}</td><td>{x}</td></tr><tr><td>{b}</td>"
    html_login = f"<p>{a} : {x}<br>"
    unclear = ("ambiguous", "control character", "several words")
    plain = framed(language, "", False).isascii()
    spaced = f"{y} {y[::-1]}"
    table: dict[str, tuple[str, str, str | None, tuple[str, ...]]] = {
        "text_gap": (f"{login_line}{b} :\n\n{y}", UNREADABLE, None, ("no password",)),
        "text_gap_word": (f"{a} :\n{x}\n\n{b} :\n\nOVHcloud", UNREADABLE, None, ("no password",)),
        "text_entity": (f"{login_line}{b} : {y}&lt;{y}", UNREADABLE, None, unclear),
        "text_escape": (
            f"{login_line}{b} : {y}=3D{y}",
            UNREADABLE if plain else CREDENTIALS,
            None if plain else f"{y}=3D{y}",
            unclear,
        ),
        "text_all_quoted": (f"> {a} : {x}\n> {b} : {y}", NOT_THIS, None, ("no PPPoE login",)),
        "text_one_line": (f"{a} : {x}, {b} : {y}", CREDENTIALS, y, ()),
        "text_reversed_line": (f"{b} : {y}, {a} : {x}", UNREADABLE, None, (*unclear, "which login", "no password")),
        "text_own_stop": (f"{login_line}{b} : {y}.", UNREADABLE, None, unclear),
        "text_spaces": (f"{login_line}{b} : 7{spaced}8", UNREADABLE, None, unclear),
        "text_date": (f"{login_line}{b} : 12/03/2026 10:00", UNREADABLE, None, ("several words",)),
        "text_two_blanks": (f"{login_line}{b} : 7{y}  {y}8", UNREADABLE, None, (*unclear, "which login")),
        "text_far": (login_line + "Lorem ipsum.\n" * 30 + f"{b} : {y}", UNREADABLE, None, ("which login",)),
        "text_wifi_section": (f"{login_line}\nWi-Fi\nSSID : OVH-12\n{b} : {y}", UNREADABLE, None, ("which login",)),
        "text_modem_section": (
            f"{login_line}\nModem : http://192.0.2.1/\n{b} : {y}",
            UNREADABLE,
            None,
            ("which login",),
        ),
        "text_one_word": (f"{login_line}{b} : {words.remark.split()[-1]}", UNREADABLE, None, ("remark", "one kind")),
        "text_help": (
            f"{login_line}{b} : {y}\n\n{b} ? https://www.ovh.com/manager/",
            CREDENTIALS,
            y,
            (),
        ),
        "html_wide": (f"{html_login}{b} : 7{y}  {y}8</p>", UNREADABLE, None, unclear),
        "html_nbsp": (f"{cells}<td>7{y}&nbsp;{y}8</td></tr></table>", UNREADABLE, None, unclear),
        "html_tag": (f"{html_login}{b} : {y}<x7>{y}</p>", UNREADABLE, None, unclear),
        "html_bold": (f"{html_login}{b} : {y}<b>{y}</p>", UNREADABLE, None, unclear),
        "html_comment": (f"{html_login}{b} : {y}<!--{y}--></p>", UNREADABLE, None, unclear),
        "html_block_inside": (f"{html_login}{b} : {y}<p>{y}</p>", UNREADABLE, None, unclear),
        "html_block_first": (f"{cells}<td><p>{y}</td></tr></table>", UNREADABLE, None, unclear),
        "html_block_last": (f"<p>{a} : {x}</p><p>{b} : {y}<p></p>", UNREADABLE, None, unclear),
        "html_end_inside": (f"<p>{a} : {x}</p><p>{b} : {y}</p>{y}</p>", UNREADABLE, None, unclear),
        "html_end_last": (f"<p>{a} : {x}</p><p>{b} : {y}</p></p>", UNREADABLE, None, unclear),
        "html_break_inside": (f"{html_login}{b} : {y}<br>{y}</p>", UNREADABLE, None, unclear),
        "html_open_cells": (f"<table><tr><td>{a}<td>{x}<tr><td>{b}<td>{y}</table>", CREDENTIALS, y, ()),
        "html_open_paragraphs": (f"<p>{a} : {x}<p>{b} : {y}<p>{words.bye}", CREDENTIALS, y, ()),
        "html_open_items": (f"<ul><li>{a} : {x}<li>{b} : {y}</ul>", CREDENTIALS, y, ()),
        "html_break_after": (f"{html_login}{b} : {y}<br></p>", CREDENTIALS, y, ()),
        "html_link": (f'{html_login}{b} : <a href="https://example.org/">{y}</a></p>', UNREADABLE, None, ("link",)),
        "html_secret": (f"{html_login}{b} : <a href='{LINK}'>{y}</a></p>", UNREADABLE, None, ("link",)),
        "html_empty_cell": (
            f"{cells}<td></td></tr><tr><td>Router</td><td>{y}</td></tr></table>",
            UNREADABLE,
            None,
            ("no password",),
        ),
        "html_two_lines": (f"{cells}<td>{y}<br>{y}9</td></tr></table>", UNREADABLE, None, ("no password",)),
        "html_empty_column": (
            f"<table><tr><th>{a}</th><th>{b}</th></tr><tr><td>{x}</td><td></td></tr><tr><td>1</td><td>{y}</td></tr>"
            "</table>",
            UNREADABLE,
            None,
            ("no password",),
        ),
        "html_header_moved": (
            f"<table><tr><th>{a}</th><th>{b}</th></tr><tr><td>{y}</td><td>{y}9</td></tr></table><p>{x}</p>",
            UNREADABLE,
            None,
            ("no password", "which login"),
        ),
        "html_entity": (f"{html_login}{b} : {y}&amp;lt;&#39;&quot;9</p>", UNREADABLE, None, unclear),
        "html_quote": (f"{html_login}{b} : {y}</p><blockquote>{html_login}{b} : {y}9</blockquote>", CREDENTIALS, y, ()),
    }
    lines, verdict, read, why = table[name]
    is_html = name.startswith("html")
    mail = framed(language, lines, is_html)
    text, html = (None, mail) if is_html else (mail, None)
    secret = SECRET_ID if name == "html_secret" else None
    return Case(f"{language}-form-{name}", title_of(language), text, html, verdict, read, why, secret=secret)


TRAP_LAYOUTS = ("spaced", "colon", "bullets", "below", "br", "list", "cells", "cells_colon", "header", "nested")
TRANSPORTS = ("plain", "plain", "crlf", "entities", "quoted_printable", "both")


def corpus() -> list[Case]:
    """The fixed mails: each language in each layout, and each trap in three shapes."""
    cases = []
    for language in WORDS:
        for number, layout in enumerate((*TEXT, *HTML)):
            password = ("Zq7-canary_9x", "a<b>&\"c'd9", "9:x=Y;z!Q", "p@ss.w0rd?!")[number % 4]
            if (layout in TEXT and "&" in password) or layout in ("quotes", "brackets"):
                password = "Zq7:can=ary_9x"
            cases.append(readable(language, layout, password, (number % 4, number % 3), known=bool(number % 5)))
    for number, name in enumerate(TRAPS):
        for language, layout in zip(sorted(WORDS)[number % 8 :] + sorted(WORDS), ("spaced", "br", "cells")):
            cases.append(trap(name, language, layout, "Zq7-canary_9x"))
    cases += [form(name, language, "Zq7-canary_9x") for name in FORMS for language in ("fr", "en", "pl")]
    return cases


class Generator:
    """Any number of mails from a seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def case(self) -> Case:
        choose = self._random.choice
        language = choose(list(WORDS))
        if self._random.random() < 0.6:
            layout = choose([*TEXT, *HTML])
            password = readable_password(self._random, layout)
            transport = choose(TRANSPORTS)
            if transport == "both" and (" " in password or "&" in password):
                transport = "plain"
            if transport == "entities" and framed(language, "", False).isascii():
                # Nothing but the password would show that the text is escaped: no one could tell.
                transport = "crlf"
            labels = (self._random.randrange(4), self._random.randrange(4))
            return readable(language, layout, password, labels, transport, self._random.random() < 0.7)
        if self._random.random() < 0.3:
            word = "".join(choose(string.ascii_letters + string.digits) for _n in range(9))
            return form(choose(FORMS), language, f"Zq7{word}-_7")
        layout = choose(TRAP_LAYOUTS)
        return trap(choose(TRAPS), language, layout, readable_password(self._random, "sentence"))
