# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The closed lists of words by which a label is read, in OVHcloud's eight languages (fr, en, de, es, it, nl, pl, pt).

Words stand here as :func:`words_of` gives them: small letters, without accents, apart from what joins them. A label is
whole when every word of it is in one of these lists; one word more makes it another label.
"""

from __future__ import annotations

import functools
import re
import unicodedata

_LETTERS = str.maketrans({"\u0142": "l", "\u00f8": "o", "\u0111": "d", "\u0131": "i"})
_WORD_RE = re.compile(r"[^\W_]+")


@functools.lru_cache(maxsize=4096)
def words_of(text: str) -> tuple[str, ...]:
    """The words of a text in their plain form."""
    low = text.casefold()
    if not low.isascii():
        low = unicodedata.normalize("NFKD", low.translate(_LETTERS))
        low = "".join(char for char in low if not unicodedata.combining(char))
    return tuple(_WORD_RE.findall(low))


def names(text: str, between: str | None = None) -> frozenset[str]:
    """A list of words; or of names of several words, with a sign between them."""
    return frozenset(" ".join(one.split()) for one in text.split(between)) - {""}


#: What a PPPoE password is called; several words where a name has several.
PASSWORDS = names(
    """
    mot de passe | mots de passe | mdp | motdepasse | password | passwords | passwd | pass | pwd | passphrase | pass
    word | pass phrase | secret | cle | cle secrete | cle de connexion | code secret | passwort | kennwort |
    passwortes | contrasena | clave | parola d ordine | parola chiave | parola segreta | wachtwoord | paswoord |
    haslo | hasla | palavra passe | palavra chave | senha | ppp secret
    """,
    "|",
)
#: What a PPPoE login is called.
LOGINS = names(
    """
    identifiant | identifiants | nom d utilisateur | nom utilisateur | login | log in | username | user name | user
    | userid | user id | user login | login name | loginname | utilisateur | identifiant de connexion | id | ident |
    benutzername | benutzerkennung | nutzername | nutzerkennung | anmeldename | zugangskennung | anschlusskennung |
    einwahlkennung | kennung | benutzer | benutzer id | nombre de usuario | usuario | identificador | nome utente |
    utente | identificativo | identificativo utente | gebruikersnaam | inlognaam | gebruiker | gebruikers id |
    loginnaam | nazwa uzytkownika | uzytkownik | identyfikator | nome de utilizador | utilizador | nome de usuario |
    nome do utilizador | identifier | logon | sign in name
    """,
    "|",
)
#: Words that may stand beside them in a label: articles, possessives, "new", "for", and the line itself.
NEUTRAL = names(
    """
    le la les l un une votre vos ton tes mon de du des d pour a au aux en et the your my our of for to on der die das
    dem den ihr ihre ihres ihren ihrer dein deine mein fur fuer zum zur von im el los su sus tu tus del para al il lo
    i gli tuo tua tuoi suo sua di della dell dello per het uw je jouw voor van twoj twoje twoja do dla w z o os as seu
    seus teu da dos nova novo nouveau nouvelle nouveaux new neues neue neuer neuen nuevo nueva nuovo nuova nieuw
    nieuwe nowe nowy nowa actuel actuelle current aktuelles aktuelle aktuell aktueller actual attuale huidige huidig
    aktualne aktualny atual ppp pppoe internet connexion connection verbindung verbindungs conexion connessione
    verbinding polaczenia polaczenie ligacao conexao acces access zugang zugangs acceso accesso toegang dostepu acesso
    adsl vdsl sdsl xdsl dsl ftth ftte ftto fttx fibre fibra glasfaser ligne line leitung linea lijn linii lacza linha
    anschluss einwahl ovh ovhcloud session dialup personnel personal personliches personlich est is ist lautet es e
    jest brzmi luidt sont sono are sind sao sera suivant suivants voici voila here hier hierbij ecco aqui oto sensible
    casse case sensitive sensibile maiuscole
    """
)
#: Heads of compounds: "PPPoE-Passwort" is two words, "Einwahlkennwort" is one.
COMPOUND_HEADS = names(
    """
    einwahl zugangs zugang internet internetzugangs verbindungs anschluss dsl pppoe ppp benutzer nutzer login anmelde
    inlog verbindings toegangs glasvezel
    """
)
_TAILS = "(?:passwort|kennwort|wachtwoord|kennung|benutzername|gebruikersnaam)(?!\\S)"
COMPOUND_HEAD_RE = re.compile(rf"(?<!\S)(?:{'|'.join(sorted(COMPOUND_HEADS, key=len, reverse=True))})(?={_TAILS})")
COMPOUND_RE = re.compile(rf"(?<=\S)(?={_TAILS})")
#: Any name of a login or a password, the longest first.
NAME_RE = re.compile(rf"(?<!\S)(?:{'|'.join(sorted(PASSWORDS | LOGINS, key=len, reverse=True))})(?!\S)")
#: Labels between login and password that begin no other block: settings of the line.
SETTINGS = names(
    """
    vlan mtu mru vpi vci lcp protocole protocol protokoll protocolo protocollo profil profile perfil profilo
    encapsulation encapsulage kapselung ipv4 ipv6 dns prefixe prefix prefijo prefisso prefiks debit bandwidth
    authentification authentication authentifizierung autenticacion autenticazione authenticatie uwierzytelnianie
    autenticacao pap chap realm
    """
)
#: Other services of the same customer. A line that speaks of one begins a block that is not ours.
FOREIGN = names(
    """
    wifi wi wlan wireless hotspot ssid wpa wpa2 wpa3 wep wps reseau network netz netzwerk funknetz rete red rede netwerk
    siec sieci borne modem modems modemu routeur router routers routera box livebox interface admin administrateur
    administrator administrador amministratore beheerder espace client clients customer kunden kunde kundenkonto
    kundenkennwort cliente clientes clienti klant klanten klantaccount klient klienta compte comptes account accounts
    konto kontos cuenta conto conta manager panel panneau control controle telephone telephonie tel sip voip phone
    telefon telefonie telefono telefoon telefonu mail mails email emails courriel courriels messagerie mailbox boite
    postfach correo correio posta skrzynka skrzynki pocztowa poczta pocztowej webmail imap smtp pop pop3 exchange ftp
    ftps sftp ssh rdp vnc root sql mysql base database datenbank databank databanku serveur server servidor serwer
    serwera vpn wireguard openvpn pin puk sim nas cloud hosting hebergement domaine domain dominio domein domena
    ticket contrat contract vertrag contrato contratto pdf archive zip proxy snmp dyndns dynhost fax plesk
    wordpress cms vps smb
    """
)
#: Words of the other services that a label of the line's own may hold beside "PPPoE".
SHARED = names(
    """
    routeur router box compte account konto cuenta conto conta client modem interface
    """
)
#: What a remark behind a password may speak of: capital and small letters.
CASE = names(
    "casse case grossschreibung kleinschreibung mayusculas maiuscole hoofdletters hoofdlettergevoelig wielkosc "
    "maiusculas"
)
