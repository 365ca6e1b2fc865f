# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The words and forms by which a credentials mail is read, in OVHcloud's languages: pure."""

from __future__ import annotations

import re

LOGIN = r"[A-Za-z0-9][A-Za-z0-9_.+-]{0,80}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,5}"
LOGIN_RE = re.compile(rf"(?<![\w.+@-]){LOGIN}(?![\w@-])")
SERVICE_RE = re.compile(r"(?<![\w-])(?:xdsl|adsl|vdsl|sdsl|ftth|ftte|ftto)-[a-z0-9-]{2,40}-[0-9]{1,6}(?![\w-])", re.I)

#: fr, en, de, es, it, nl, pl, pt
LOGIN_WORDS = (
    r"identifiant|nom d.utilisateur|login|log-in|user ?name|user|utilisateur|benutzername|benutzerkennung|nutzername|"
    r"anmeldename|zugangskennung|anschlusskennung|nombre de usuario|usuario|identificador|nome utente|utente|"
    r"identificativo|gebruikersnaam|inlognaam|gebruiker|nazwa u\u017cytkownika|u\u017cytkownik|identyfikator|"
    r"nome de utilizador|utilizador|nome de usu\u00e1rio|usu\u00e1rio"
)
PASSWORD_WORDS = (
    r"mot de passe|mdp|password|passphrase|passwort|kennwort|contrase(?:\u00f1|n\u0303|n)a|clave|parola d.ordine|"
    r"parola chiave|wachtwoord|has(?:\u0142|l)o|palavra[- \u2010\u2011]passe|senha"
)
SEPARATOR = r"[ ]*(?::|=|\t|\uff1a)[ \t]*"
LOGIN_LABEL_RE = re.compile(
    rf"(?<!\w)(?:{LOGIN_WORDS})(?!\w)(?P<after>[^:=\t@\uff1a]{{0,40}}?)(?:{SEPARATOR}(?P<value>.*))?$", re.I | re.S
)
PASSWORD_LABEL_RE = re.compile(
    rf"^(?P<before>[^:=\t\uff1a]{{0,40}}?)(?<!\w)(?:{PASSWORD_WORDS})(?!\w)(?P<after>[^:=\t\uff1a]{{0,40}}?)"
    rf"(?:{SEPARATOR}(?P<value>.*))?$",
    re.I | re.S,
)
PASSWORD_RE = re.compile(rf"(?<!\w)(?:{PASSWORD_WORDS})(?!\w)", re.I)
NEXT_LABEL_RE = re.compile(rf"(?<!\w)(?:{PASSWORD_WORDS}|{LOGIN_WORDS})(?!\w)[^:=]{{0,40}}[:=]", re.I)
LABEL_WORD_RE = re.compile(rf"(?:{PASSWORD_WORDS}|{LOGIN_WORDS})", re.I)
LABEL_ROOT_WORDS = (
    "identif login log-in user util nutzer anmeld kennung usuario usu\u00e1 utente gebruik inlog u\u017cyt identy "
    "passe mdp passw passph kennwort contrase clave parola wachtw has\u0142 haslo senha"
)
LABEL_ROOTS = tuple(LABEL_ROOT_WORDS.split())
PPP_RE = re.compile(r"(?<!\w)(?:pppoe|ppp|xdsl|adsl|vdsl|ftth|ftte|ftto)(?!\w)", re.I)
PPPOE_RE = re.compile(r"(?<!\w)pppo?e?(?!\w)", re.I)
#: the modem's own password, and other passwords that an internet mail may carry
MODEM_RE = re.compile(
    rf"(?<!\w)(?:{PASSWORD_WORDS})(?!\w)(?:(?!ppp)[^\n]){{0,40}}(?<!\w)(?:modem|m\u00f3dem|modems|modemu|router|box)(?!\w)"
    r"|(?<!\w)(?:modem|m\u00f3dem|router)[ -]?(?:password|passwort|kennwort|wachtwoord)",
    re.I,
)
MODEM_FIRST_RE = re.compile(rf"(?<!\w)(?:modem|modems|m\u00f3dem|router)(?!\w).{{0,40}}(?:{PASSWORD_WORDS})", re.I)
FOREIGN_RE = re.compile(
    r"(?<!\w)(?:modems?|m\u00f3dem|modemu|router\w*|wi-?fi|wlan|ssid|wpa2?|interface|admin\w*|espace|manager|panel|compte|"
    r"account|konto|kunden\w*|cuenta|conto|client\w*|cliente|klant\w*|klient\w*|konta|conta|customer|contact|e-?mail|"
    r"mail|courriel|sip|voip|ftp|ssh|root|ancien|pr\u00e9c\u00e9dent|old|previous|alte[sr]?|bisherige[sr]?|anterior|"
    r"precedente|vecchi[ao]|antiguo|antiga|oude?|vorige?|poprzednie|stare)(?!\w)",
    re.I,
)
VERB_RE = re.compile(r"(?<!\w)(?:est|is|lautet|ist|es|\u00e8|\u00e9|to|jest|suivante?|follows|folgt)\W*$", re.I)
MASK_RE = re.compile(
    r"[*\u2022\u25cf\u25cb\u00b7.xX#_\u2013\u2014-]{3,}|.*[*\u2022\u25cf]{3,}.*|"
    r"[\[(<]?(?:masqu\u00e9|hidden|masked|redacted|ausgeblendet|verborgen|oculto|oculta|nascost[oa]|ukryte)[\])>]?",
    re.I | re.S,
)
PLACEHOLDER_RE = re.compile(
    r".*(?:\{\{.*\}\}|\{%.*%\}|<%.*%>|\{#.*#\}).*|%[A-Za-z_]{3,40}%|\$\{[^{}]{1,60}\}|\$[A-Za-z_]{4,40}|"
    r"[\[{<(](?:[A-Za-z_. -]{0,20})(?:password|pass|pwd|passe|passwort|kennwort|contrase\u00f1a|wachtwoord|has\u0142o|"
    r"senha)(?:[A-Za-z_. -]{0,20})[\]}>)]|%s|%\([a-z_]{1,40}\)s|__[A-Za-z_]{3,40}__|\[\[.*\]\]|"
    r"null|none|undefined|nan|n/a",
    re.I | re.S,
)
#: one word that says something of the password, or the first word after the credentials
REMARK_RE = re.compile(
    r"(?:[(\[]?(?:inchang\u00e9e?|unchanged|unver\u00e4ndert|sin cambios|invariat[ao]|ongewijzigd|bez zmian|"
    r"inalterad[ao]|confidentiel(?:le)?|confidential|vertraulich|aucun|ici|here|hier|aqu[i\u00ed]|aqui|qui|tutaj|secret|voir|see|siehe|"
    r"ci-dessous|ci-joint|below|unten|merci|cordialement|bonjour|thanks?|regards|danke|gracias|grazie|cordiali|saluti|"
    r"saludos|dank|bedankt|groet(?:en)?|dzi\u0119kujemy|dzi\u0119kuj\u0119|pozdrawiamy|obrigad[oa]|atenciosamente|attention|"
    r"sincerely|support|ovh|ovhcloud|sms|email|e-mail)[)\]]?)[.,;:!]?",
    re.I,
)
LINK_RE = re.compile(r"(?:https?|ftp)://\S|www\.\w+\.\w", re.I)
ENTITY_LOOK_RE = re.compile(r"&(?:#\w{1,7}|[A-Za-z][A-Za-z0-9]{1,31});")
QUOTES = {
    '"': '"',
    "'": "'",
    "`": "`",
    "\u00ab": "\u00bb",
    "\u201c": "\u201d",
    "\u201e": "\u201c\u201d",
    "\u2018": "\u2019",
}
ALSO_RE = re.compile(r"[ ]*[,;/|\u2013\u2014-]?[ ]*(?:(?:et|and|und|y|e|en|i|oraz)[ ]+)?")
