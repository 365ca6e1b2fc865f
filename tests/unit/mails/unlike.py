# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Mails that were thought up before the reader was written, to attack it: other labels, layouts and programs.

Each has what a careful person would read in it; None where nothing may be read. ``plain`` says that a refusal is a
fault too. Login and service are the line's unless a case says otherwise.

The first run of the reader over them, before anything was changed for them: none wrong, 30 of 44 read, one plain one
refused (a definition list; every label over its value was). The reader before it read nine of them wrong.
"""

from __future__ import annotations

import dataclasses

SERVICE = "xdsl-kq48213-ovh-3"
LOGIN = "0472118839_2@adsl.ovh"
OTHER = "0472118840_1@adsl.ovh"
VALUE = "rW8kTz3q"
DEAD = "vB2xGone9"
STRANGE = "mQ4other7"


@dataclasses.dataclass(frozen=True)
class Unlike:
    name: str
    title: str
    text: str | None
    html: str | None = None
    expect: str | None = VALUE
    plain: bool = False
    login: str | None = LOGIN


OUTLOOK = (
    '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style><!-- p.MsoNormal {{margin:0cm}} --></style>'
    '</head><body lang=DE link="#0563C1"><div class=WordSection1>{}</div></body></html>'
)


def _normal(*lines: str) -> str:
    return "".join(f"<p class=MsoNormal><span style='font-size:11.0pt'>{line}<o:p></o:p></span></p>" for line in lines)


UNLIKE: list[Unlike] = [
    # French
    Unlike(
        "fr letterhead",
        "[kq48213-ovh] Votre acces Internet : informations de connexion",
        "SAS OVH - http://www.ovh.com\n2 rue Kellermann\nBP 80157\n59100 Roubaix\n\nBonjour,\n\nLa session PPPoE "
        "de votre "
        f"ligne {SERVICE} a ete reinitialisee.\n\n\t- Identifiant de connexion : {LOGIN}\n\t- Mot de passe de "
        f"connexion "
        f": {VALUE}\n\nCordialement,\n\nSupport client OVHcloud\nTel. 1007 (appel gratuit)\n",
        plain=True,
    ),
    Unlike(
        "fr parameters list",
        "Parametres de votre ligne",
        f"Bonjour,\n\nService : {SERVICE}\nType : FTTH\nProtocole : PPPoE\nVLAN : 835\nNom d'utilisateur : {LOGIN}\n"
        f"Mot de passe : {VALUE}\nMTU : 1492\n",
        plain=True,
    ),
    Unlike(
        "fr password of the contract",
        "Vos identifiants PPPoE",
        f"Identifiant : {LOGIN}\n\nPour consulter votre contrat (fichier PDF), le mot de passe est : {STRANGE}\n",
        expect=None,
    ),
    Unlike(
        "fr see the letter",
        "Vos identifiants PPPoE",
        f"Identifiant : {LOGIN}\nMot de passe : voir courrier du 12/10/2026 ref. RC4471823\n",
        expect=None,
    ),
    Unlike(
        "fr two steps",
        "Vos identifiants PPPoE",
        f"1. Ouvrez la page de votre routeur.\n2. Identifiant : {LOGIN}\n3. Mot de passe : {VALUE}\n4. Enregistrez.\n",
    ),
    Unlike(
        "fr abbreviated",
        "PPPoE",
        f"Id. : {LOGIN}\nMdp : {VALUE}\n",
    ),
    Unlike(
        "fr both on one line with a slash",
        "PPPoE",
        f"Identifiant / mot de passe : {LOGIN} / {VALUE}\n",
    ),
    Unlike(
        "fr key of the wireless network first",
        "Bienvenue chez OVHcloud",
        f"Votre box\nRéseau sans fil : OVH-88F2\nClé de sécurité : {STRANGE}\n\nVotre connexion\nIdentifiant : "
        f"{LOGIN}\n"
        f"Mot de passe : {VALUE}\n",
    ),
    Unlike(
        "fr only the wireless key",
        "Bienvenue chez OVHcloud",
        f"Votre connexion PPPoE\nIdentifiant : {LOGIN}\n\nVotre réseau sans fil OVH-88F2\nClé : {STRANGE}\n",
        expect=None,
    ),
    Unlike(
        "fr answer of the support",
        "Re: [CS8812034] PPPoE",
        f"Bonjour,\n\nVoici : {LOGIN} et {VALUE}.\n\nJean, support\n",
    ),
    # English
    Unlike(
        "en markdown",
        "Your PPPoE credentials",
        f"## PPPoE\n\n- **Username:** `{LOGIN}`\n- **Password:** `{VALUE}`\n",
    ),
    Unlike(
        "en markdown table",
        "Your PPPoE credentials",
        f"| Setting  | Value |\n|----------|-------|\n| Username | {LOGIN} |\n| Password | {VALUE} |\n| VLAN | 835 |\n",
        plain=True,
    ),
    Unlike(
        "en password reset notice",
        "Your password has been changed",
        f"Hello,\n\nThe PPPoE password of {LOGIN} was changed on 3 November 2026 by kq48213-ovh.\nRequest: R20261103\n",
        expect=None,
    ),
    Unlike(
        "en key value block",
        "PPPoE",
        f"ppp_username={LOGIN}\nppp_password={VALUE}\n",
    ),
    Unlike(
        "en router config",
        "PPPoE settings",
        f"interface Dialer1\n ppp chap hostname {LOGIN}\n ppp chap password 7 {STRANGE}\n",
        expect=None,
    ),
    Unlike(
        "en old and new columns",
        "PPPoE credentials changed",
        f"            Old          New\nLogin       {LOGIN}   {LOGIN}\nPassword    {DEAD}    {VALUE}\n",
    ),
    Unlike(
        "en reminder of policy",
        "PPPoE",
        f"Login: {LOGIN}\nPassword policy: Min8Chars+1\nPassword expires: 2027-01-01\n",
        expect=None,
    ),
    Unlike(
        "en PIN beside",
        "PPPoE",
        f"Username: {LOGIN}\nPassword: {VALUE}\nPIN: 4471\nPUK: 88120341\n",
    ),
    Unlike(
        "en sample of another",
        "PPPoE",
        f"Your login looks like {LOGIN}. Example password: Abc123xyz\n",
        expect=None,
    ),
    Unlike(
        "en security question",
        "PPPoE",
        f"Login: {LOGIN}\nSecret question: mothersName\nSecret answer: Dupont1951\n",
        expect=None,
    ),
    Unlike(
        "en encrypted",
        "PPPoE",
        f"Login: {LOGIN}\nPassword (MD5): 5f4dcc3b5aa765d61d8327deb882cf99\n",
        expect=None,
    ),
    Unlike(
        "en first and last characters",
        "PPPoE",
        f"Login: {LOGIN}\nPassword: rW....3q\n",
        expect=None,
    ),
    Unlike(
        "en temporary password of the panel",
        "Welcome",
        f"PPPoE login: {LOGIN}\n\nControl panel\nUser: kq48213-ovh\nPassword: {STRANGE}\n",
        expect=None,
    ),
    Unlike(
        "en panel's password under our login",
        "Welcome",
        f"Login: {LOGIN}\nControl panel password: {STRANGE}\n",
        expect=None,
    ),
    # German
    Unlike(
        "de umlaut heading",
        "Ihre Zugangsdaten für PPPoE",
        f"Zugangsdaten\n============\nBenutzername ....: {LOGIN}\nKennwort ........: {VALUE}\n",
        plain=True,
    ),
    Unlike(
        "de sentence turned",
        "PPPoE",
        f"Der Benutzername ist {LOGIN} und das Kennwort ist {VALUE}.\n",
        plain=True,
    ),
    Unlike(
        "de customer password",
        "Zugangsdaten",
        f"Anschlusskennung: {LOGIN}\nPersönliches Kennwort: {VALUE}\nKundenkennwort: {STRANGE}\n",
    ),
    Unlike(
        "de only customer password",
        "Zugangsdaten PPPoE",
        f"Anschlusskennung: {LOGIN}\nKundenkennwort: {STRANGE}\n",
        expect=None,
    ),
    Unlike(
        "de outlook html",
        "WG: Ihre Zugangsdaten PPPoE",
        None,
        OUTLOOK.format(_normal("Benutzername:&nbsp;" + LOGIN, "Passwort:&nbsp;" + VALUE, "&nbsp;")),
        plain=True,
    ),
    Unlike(
        "de outlook forward",
        "WG: Ihre Zugangsdaten PPPoE",
        None,
        OUTLOOK.format(
            _normal("zur Info", "&nbsp;")
            + "<div><div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'>"
            + "<p class=MsoNormal><b>Von:</b> OVHcloud &lt;support@example.net&gt; <br><b>Gesendet:</b> "
            "Dienstag, 3. März "
            + "2026 09:14<br><b>An:</b> Technik<br><b>Betreff:</b> PPPoE<o:p></o:p></p></div></div>"
            + _normal("Benutzername: " + LOGIN, "Passwort: " + DEAD)
        ),
        expect=None,
    ),
    Unlike(
        "de hyphen at the end of a line",
        "PPPoE",
        f"Benutzername: {LOGIN}\nPasswort: rW8k-\nTz3q\n",
        expect=None,
    ),
    Unlike(
        "de see enclosure",
        "PPPoE",
        f"Benutzername: {LOGIN}\nPasswort: siehe Anlage\n",
        expect=None,
    ),
    Unlike(
        "de wifi name is unknown word",
        "PPPoE",
        f"Internet\nBenutzername: {LOGIN}\n\nFunknetz\nName: Werkstatt\nSchlüssel: {STRANGE}\nPasswort: {STRANGE}2\n",
        expect=None,
    ),
    Unlike(
        "de apple forward",
        "Fwd: PPPoE",
        f"Anbei.\n\nAnfang der weitergeleiteten Nachricht:\n\nVon: OVHcloud <support@example.net>\nBetreff: PPPoE\n\n"
        f"Benutzername: {LOGIN}\nPasswort: {DEAD}\n",
        expect=None,
    ),
    # Spanish
    Unlike(
        "es sentence",
        "Credenciales PPPoE",
        f"Su usuario es {LOGIN} y su contraseña es {VALUE}.\n",
        plain=True,
    ),
    Unlike(
        "es table with heads in html",
        "Credenciales PPPoE",
        None,
        f"<table border=1><tr><th>Servicio</th><th>Usuario</th><th>Contraseña</th></tr><tr><td>{SERVICE}</td><td>"
        f"{LOGIN}</td><td>{VALUE}</td></tr></table>",
        plain=True,
    ),
    Unlike(
        "es two rows in a table",
        "Credenciales PPPoE",
        None,
        f"<table><tr><th>Usuario</th><th>Contraseña</th></tr><tr><td>{OTHER}</td><td>{STRANGE}</td></tr><tr><td>{LOGIN}"
        f"</td><td>{VALUE}</td></tr></table>",
    ),
    Unlike(
        "es date of the change",
        "Credenciales PPPoE",
        f"Usuario: {LOGIN}\nContraseña cambiada: 03-nov-2026\n",
        expect=None,
    ),
    Unlike(
        "es mailbox",
        "Bienvenido",
        f"PPPoE\nUsuario: {LOGIN}\nContraseña: enviada por SMS\n\nCorreo\nUsuario: oficina@example.es\n"
        f"Contraseña: {STRANGE}\n",
        expect=None,
    ),
    Unlike(
        "es reply quoted in html",
        "Re: PPPoE",
        None,
        f"<div>Gracias.</div><div class='gmail_quote'><div dir='ltr'>El mar, 3 mar 2026, OVHcloud escribió:<br></div>"
        f"<blockquote><p>Usuario: {LOGIN}<br>Contraseña: {DEAD}</p></blockquote></div>",
        expect=None,
    ),
    # Italian
    Unlike(
        "it sentence",
        "Credenziali PPPoE",
        f"Il tuo nome utente è {LOGIN} e la tua password è {VALUE}.\n",
        plain=True,
    ),
    Unlike(
        "it definition list",
        "Credenziali PPPoE",
        None,
        f"<dl><dt>Nome utente</dt><dd>{LOGIN}</dd><dt>Password</dt><dd>{VALUE}</dd><dt>VLAN</dt><dd>835</dd></dl>",
        plain=True,
    ),
    Unlike(
        "it valid until",
        "Credenziali PPPoE",
        f"Nome utente: {LOGIN}\nPassword valida fino al: 31dic2026\n",
        expect=None,
    ),
    Unlike(
        "it bordered quotation",
        "R: PPPoE",
        None,
        f"<p>Ciao</p><div style='border-left:1px solid #ccc;padding-left:1ex'><p>Nome utente: {LOGIN}</p><p>Password: "
        f"{DEAD}</p></div>",
        expect=None,
    ),
    Unlike(
        "it telephone",
        "Attivazione",
        f"Accesso PPPoE\nNome utente: {LOGIN}\nPassword: {VALUE}\n\nTelefono\nNumero: 0039012345678\nPassword: "
        f"{STRANGE}\n",
    ),
    # Dutch
    Unlike(
        "nl sentence",
        "PPPoE-gegevens",
        f"Uw gebruikersnaam is {LOGIN} en uw wachtwoord is {VALUE}.\n",
        plain=True,
    ),
    Unlike(
        "nl compound",
        "PPPoE-gegevens",
        f"Inlognaam: {LOGIN}\nToegangswachtwoord: {VALUE}\n",
    ),
    Unlike(
        "nl original message",
        "FW: PPPoE",
        f"Ter info\n\n-----Oorspronkelijk bericht-----\nVan: OVHcloud\nVerzonden: dinsdag\n\nGebruikersnaam: {LOGIN}\n"
        f"Wachtwoord: {DEAD}\n",
        expect=None,
    ),
    Unlike(
        "nl password by post",
        "PPPoE-gegevens",
        f"Gebruikersnaam: {LOGIN}\nWachtwoord: per post verzonden\n\nUw klantaccount\nWachtwoord: {STRANGE}\n",
        expect=None,
    ),
    Unlike(
        "nl table with bold",
        "PPPoE-gegevens",
        None,
        f"<table><tbody><tr><td><b>Gebruikersnaam</b></td><td><b>{LOGIN}</b></td></tr><tr><td><b>Wachtwoord</b></td>"
        f"<td><b>{VALUE}</b></td></tr></tbody></table>",
        plain=True,
    ),
    # Polish
    Unlike(
        "pl sentence",
        "Dane PPPoE",
        f"Twój login to {LOGIN}, a hasło to {VALUE}.\n",
        plain=True,
    ),
    Unlike(
        "pl without accents",
        "Dane PPPoE",
        f"Nazwa uzytkownika: {LOGIN}\nHaslo: {VALUE}\n",
        plain=True,
    ),
    Unlike(
        "pl password length",
        "Dane PPPoE",
        f"Login: {LOGIN}\nDługość hasła: 12znakow\n",
        expect=None,
    ),
    Unlike(
        "pl wifi",
        "Dane PPPoE",
        f"Login: {LOGIN}\nHasło do sieci Wi-Fi: {STRANGE}\n",
        expect=None,
    ),
    Unlike(
        "pl on the day wrote",
        "Odp: PPPoE",
        f"Dziekuje\n\nW dniu 3.03.2026 o 09:14, OVHcloud pisze:\n> Login: {LOGIN}\n> Hasło: {DEAD}\n",
        expect=None,
    ),
    # Portuguese
    Unlike(
        "pt sentence",
        "Credenciais PPPoE",
        f"O seu utilizador é {LOGIN} e a sua palavra-passe é {VALUE}.\n",
        plain=True,
    ),
    Unlike(
        "pt arrows",
        "Credenciais PPPoE",
        f"Utilizador → {LOGIN}\nPalavra-passe → {VALUE}\n",
        plain=True,
    ),
    Unlike(
        "pt old above new below",
        "Credenciais PPPoE",
        f"Antes\nUtilizador: {LOGIN}\nSenha: {DEAD}\n\nAgora\nUtilizador: {LOGIN}\nSenha: {VALUE}\n",
    ),
    Unlike(
        "pt forwarded",
        "Fwd: PPPoE",
        f"Segue.\n\n---------- Mensagem encaminhada ---------\nDe: OVHcloud <support@example.net>\nDate: ter., 3 "
        f"de mar. de "
        f"2026\nSubject: PPPoE\nTo: <escritorio@example.pt>\n\nUtilizador: {LOGIN}\nSenha: {DEAD}\n",
        expect=None,
    ),
    Unlike(
        "pt access code",
        "Credenciais PPPoE",
        f"Utilizador: {LOGIN}\nCódigo de cliente: 88213AB\nPalavra-passe: {VALUE}\n",
    ),
    # several lines and logins
    Unlike(
        "two lines of one account",
        "Your PPPoE credentials",
        f"Line 1\nLogin: {OTHER}\nPassword: {STRANGE}\n\nLine 2\nLogin: {LOGIN}\nPassword: {VALUE}\n",
    ),
    Unlike(
        "two lines side by side",
        "Your PPPoE credentials",
        f"Login      {OTHER}   {LOGIN}\nPassword   {STRANGE}      {VALUE}\n",
    ),
    Unlike(
        "login of another line only",
        "Your PPPoE credentials",
        f"Login: {OTHER}\nPassword: {STRANGE}\n",
        expect=None,
    ),
    Unlike(
        "unknown login, orange form",
        f"[{SERVICE}] PPPoE",
        f"Service: {SERVICE}\nLogin: fti/ab3cd9e\nPassword: {VALUE}\n",
        login=None,
    ),
    Unlike(
        "known login, orange form",
        f"[{SERVICE}] PPPoE",
        f"Service: {SERVICE}\nLogin: fti/ab3cd9e\nPassword: {VALUE}\n",
        login="fti/ab3cd9e",
        plain=True,
    ),
    Unlike(
        "unknown login, realm without a dot",
        f"[{SERVICE}] PPPoE",
        f"Service: {SERVICE}\nLogin: 0472118839_2@ftth\nPassword: {VALUE}\n",
        login=None,
    ),
    Unlike(
        "unknown login, mailbox in the mail",
        f"[{SERVICE}] PPPoE",
        f"Service: {SERVICE}\nLogin: office2026@atelier-dupont.fr\nPassword: {STRANGE}\n",
        login=None,
        expect=None,
    ),
    # damage and programs
    Unlike(
        "soft hyphen inside",
        "PPPoE",
        f"Login: {LOGIN}\nPassword: rW8k\u00adTz3q\n",
        expect=None,
    ),
    Unlike(
        "html word break inside",
        "PPPoE",
        None,
        f"<p>Login: {LOGIN}</p><p>Password: rW8k<wbr>Tz3q</p>",
    ),
    Unlike(
        "html hidden text beside",
        "PPPoE",
        None,
        f"<p>Login: {LOGIN}</p><p>Password: {VALUE}<span style='display:none'>{DEAD}</span></p>",
    ),
    Unlike(
        "html struck out and new",
        "PPPoE",
        None,
        f"<p>Login: {LOGIN}</p><p>Password: <s>{DEAD}</s> {VALUE}</p>",
    ),
    Unlike(
        "html struck out alone",
        "PPPoE",
        None,
        f"<p>Login: {LOGIN}</p><p>Password: <s>{DEAD}</s></p>",
        expect=None,
    ),
    Unlike(
        "html comment with the old one",
        "PPPoE",
        None,
        f"<p>Login: {LOGIN}</p><!-- Password: {DEAD} --><p>Password: {VALUE}</p>",
    ),
    Unlike(
        "html grid of divs",
        "PPPoE",
        None,
        f'<div class="row"><div class="c">Username</div><div class="c">{LOGIN}</div></div><div class="row"><div '
        f'class="c">'
        f'Password</div><div class="c">{VALUE}</div></div>',
    ),
    Unlike(
        "html hidden block",
        "PPPoE",
        None,
        f"<p>Hello,</p><div style='display:none'><p>Login: {LOGIN}</p><p>Password: {DEAD}</p></div>",
        expect=None,
    ),
    Unlike(
        "a test account's heading",
        "PPPoE",
        f"Trial account:\nLogin: {LOGIN}\nPassword: {DEAD}\n",
        expect=None,
    ),
    Unlike(
        "fr number of another thing between",
        "Identifiants PPPoE",
        f"Identifiant : {LOGIN}\nNum\u00e9ro de s\u00e9rie : SN20ABC771\nMot de passe : {STRANGE}\n",
        expect=None,
    ),
    Unlike(
        "fr forwarded below a word of thanks",
        "TR: PPPoE",
        f"Merci.\n\nDe : OVHcloud <aide@example.net>\nEnvoy\u00e9 : lundi 2 mars 2026\n\u00c0 : Atelier\n\n"
        f"Vos identifiants PPPoE :\nIdentifiant : {LOGIN}\nMot de passe : {DEAD}\n",
        expect=None,
    ),
    Unlike(
        "html button beside",
        "PPPoE",
        None,
        f"<table><tr><td>Username</td><td>{LOGIN}</td><td>Copy</td></tr><tr><td>Password</td><td>{VALUE}</td><td>Copy</td>"
        "</tr></table>",
    ),
    Unlike(
        "html show instead of value",
        "PPPoE",
        None,
        f"<table><tr><td>Username</td><td>{LOGIN}</td></tr><tr><td>Password</td><td>Show2026</td></tr></table>",
        expect="Show2026",
    ),
    Unlike(
        "text and html differ in case",
        "PPPoE",
        f"Login: {LOGIN}\nPassword: {VALUE}\n",
        f"<p>Login: {LOGIN}</p><p>Password: {VALUE.upper()}</p>",
        expect=None,
    ),
    Unlike(
        "text part is a stub",
        "PPPoE",
        "Your mail program cannot show this mail.\n",
        f"<p>Login: {LOGIN}</p><p>Password: {VALUE}</p>",
        plain=True,
    ),
]
