# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The words of the second generator of mails: labels, sentences and other services, in eight languages."""

from __future__ import annotations


def _table(text: str) -> dict[str, tuple[str, ...]]:
    """A line or more for each language: its code, a colon, and what it says, with bars between."""
    found: dict[str, tuple[str, ...]] = {}
    for line in text.strip().split("\n"):
        language, _colon, words = line.strip().partition(": ")
        found[language] = (*found.get(language, ()), *(word.strip() for word in words.split(" | ")))
    return found


def _sections(text: str) -> dict[str, list[tuple[str, ...]]]:
    """A line for each service: language, its heading, a label and a value that name it, its password's label."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for line in text.strip().split("\n"):
        language, _colon, words = line.strip().partition(": ")
        found.setdefault(language, []).append(tuple(word.strip() for word in words.split(" | ")))
    return found


LOGIN_LABELS = _table(
    """
    fr: Identifiant | Votre identifiant | Identifiant de connexion | Nom d'utilisateur | Login PPPoE | Utilisateur
    en: Login | Username | User name | Your login | PPPoE username | User ID
    de: Benutzername | Ihr Benutzername | Zugangskennung | PPPoE-Benutzername | Einwahlkennung | Benutzerkennung
    es: Usuario | Nombre de usuario | Su usuario | Identificador | Usuario PPPoE | Login
    it: Nome utente | Utente | Il tuo nome utente | Identificativo | Nome utente PPPoE | Login
    nl: Gebruikersnaam | Uw gebruikersnaam | Inlognaam | PPPoE-gebruikersnaam | Gebruiker | Login
    pl: Login | Nazwa użytkownika | Identyfikator | Użytkownik | Twój login | Login PPPoE
    pt: Utilizador | Nome de utilizador | O seu utilizador | Identificador | Utilizador PPPoE | Usuário
    """
)
PASSWORD_LABELS = _table(
    """
    fr: Mot de passe | Votre mot de passe | Mot de passe de connexion | Clé | MDP | Nouveau mot de passe | Pass
    en: Password | Your password | PPPoE password | Passwd | Pass | Secret | New password | PASSWORD
    de: Passwort | Ihr Passwort | Kennwort | PPPoE-Passwort | Einwahlkennwort | Ihr neues Kennwort | Zugangspasswort
    es: Contraseña | Su contraseña | Clave | Nueva contraseña | Contraseña PPPoE | CONTRASEÑA
    it: Password | La tua password | Parola chiave | Nuova password | Password PPPoE
    nl: Wachtwoord | Uw wachtwoord | Nieuw wachtwoord | PPPoE-wachtwoord | WACHTWOORD
    pl: Hasło | Twoje hasło | Nowe hasło | Hasło PPPoE | Haslo
    pt: Palavra-passe | A sua palavra-passe | Senha | Nova palavra-passe | Palavra-passe PPPoE
    """
)
#: Labels that speak of a password and are none's.
OTHER_LABELS = _table(
    """
    fr: Ancien mot de passe | Mot de passe expiré le | Longueur du mot de passe | Mot de passe modifié par
    fr: Mot de passe provisoire
    en: Old password | Password expires | Length of password | Password changed by | Password reset code
    en: Password hint
    de: Altes Passwort | Passwort geändert von | Passwortlänge | Bisheriges Kennwort | Passwort gültig bis
    de: Passworthinweis
    es: Contraseña anterior | Contraseña caducada el | Longitud de la contraseña | Contraseña cambiada por
    it: Vecchia password | Password scaduta il | Lunghezza della password | Password modificata da
    nl: Oud wachtwoord | Wachtwoord verloopt op | Lengte van het wachtwoord | Wachtwoord gewijzigd door
    pl: Stare hasło | Hasło wygasa | Długość hasła | Hasło zmienione przez | Podpowiedź do hasła
    pt: Palavra-passe antiga | Palavra-passe expirada em | Comprimento da palavra-passe | Senha alterada por
    """
)
SENTENCES = _table(
    """
    fr: Votre identifiant est {x} et votre mot de passe est {y}.
    en: Your login is {x} and your password is {y}.
    de: Ihr Benutzername lautet {x} und Ihr Passwort lautet {y}.
    es: Su usuario es {x} y su contraseña es {y}.
    it: Il tuo nome utente è {x} e la tua password è {y}.
    nl: Uw gebruikersnaam is {x} en uw wachtwoord is {y}.
    pl: Twój login to {x}, a hasło to {y}.
    pt: O seu utilizador é {x} e a sua palavra-passe é {y}.
    """
)
#: A greeting, what the mail is, the heading of the line's section, that the password comes apart, an advice.
PHRASES = _table(
    """
    fr: Bonjour, | Voici les informations de votre accès PPPoE. | Connexion PPPoE
    fr: Le mot de passe vous est envoyé par courrier. | Ne communiquez jamais votre mot de passe.
    en: Hello, | Please find the details of your PPPoE access below. | PPPoE connection
    en: The password will be sent to you by post. | Never give your password to anybody.
    de: Guten Tag, | anbei die Daten Ihres PPPoE-Zugangs. | PPPoE-Verbindung
    de: Das Passwort erhalten Sie mit getrennter Post. | Geben Sie Ihr Passwort niemals weiter.
    es: Hola: | Estos son los datos de su acceso PPPoE. | Conexión PPPoE | La contraseña se envía por correo postal.
    es: No comunique nunca su contraseña.
    it: Buongiorno, | ecco i dati del tuo accesso PPPoE. | Connessione PPPoE | La password viene inviata per posta.
    it: Non comunicare mai la password a nessuno.
    nl: Geachte klant, | Hieronder vindt u de gegevens van uw PPPoE-toegang. | PPPoE-verbinding
    nl: Het wachtwoord wordt per post verzonden. | Geef uw wachtwoord nooit door.
    pl: Dzień dobry, | poniżej dane dostępu PPPoE. | Połączenie PPPoE | Hasło zostanie przesłane pocztą.
    pl: Nigdy nie podawaj nikomu hasła.
    pt: Olá, | Seguem os dados do seu acesso PPPoE. | Ligação PPPoE | A palavra-passe é enviada por correio.
    pt: Nunca revele a sua palavra-passe.
    """
)
REMARKS = _table(
    """
    fr: inchangé | voir ci-dessous | envoyé par SMS | confidentiel | non communiqué
    en: unchanged | see below | sent by SMS | confidential | not shown
    de: unverändert | siehe unten | per SMS gesendet | vertraulich | nicht angezeigt
    es: sin cambios | véase abajo | enviada por SMS | confidencial | oculta
    it: invariata | vedi sotto | inviata via SMS | riservata | nascosta
    nl: ongewijzigd | zie hieronder | per SMS verzonden | vertrouwelijk | verborgen
    pl: bez zmian | patrz poniżej | wysłane SMS-em | poufne | ukryte
    pt: inalterada | ver abaixo | enviada por SMS | confidencial | oculta
    """
)
SERVICES = _sections(
    """
    fr: Réseau sans fil | Nom du réseau | Atelier-5G | Clé
    fr: Espace client | Identifiant | pm20417-ovh | Mot de passe
    fr: Interface du modem | Identifiant | admin | Mot de passe
    fr: Téléphonie | Numéro | 0033972004417 | Mot de passe SIP
    fr: Messagerie | Adresse | atelier@example.org | Mot de passe
    fr: Hébergement | Serveur FTP | ftp.example.org | Mot de passe
    en: Wireless network | SSID | Workshop-5G | Key
    en: Customer area | Login | pm20417-ovh | Password
    en: Router web page | Username | admin | Password
    en: Telephone | Number | 0044972004417 | SIP password
    en: Mailbox | Address | workshop@example.org | Password
    en: Hosting | FTP server | ftp.example.org | Password
    de: WLAN | SSID | Werkstatt-5G | WLAN-Schlüssel
    de: Kundenbereich | Kundenkennung | pm20417-ovh | Kundenkennwort
    de: Router-Oberfläche | Benutzername | admin | Passwort
    de: Telefonie | Rufnummer | 0049972004417 | SIP-Passwort
    de: E-Mail-Postfach | Adresse | werkstatt@example.org | Passwort
    de: Hosting | FTP-Server | ftp.example.org | Passwort
    es: Red wifi | SSID | Taller-5G | Clave
    es: Área de cliente | Usuario | pm20417-ovh | Contraseña
    es: Página del módem | Usuario | admin | Contraseña
    es: Correo | Dirección | taller@example.org | Contraseña
    it: Rete Wi-Fi | SSID | Officina-5G | Password
    it: Area clienti | Nome utente | pm20417-ovh | Password
    it: Pagina del modem | Nome utente | admin | Password
    it: Posta | Indirizzo | officina@example.org | Password
    nl: Wifi-netwerk | SSID | Werkplaats-5G | Wachtwoord
    nl: Klantenzone | Gebruikersnaam | pm20417-ovh | Wachtwoord
    nl: Modempagina | Gebruikersnaam | admin | Wachtwoord
    nl: Mailbox | Adres | werkplaats@example.org | Wachtwoord
    pl: Sieć Wi-Fi | SSID | Warsztat-5G | Hasło
    pl: Panel klienta | Login | pm20417-ovh | Hasło
    pl: Strona modemu | Login | admin | Hasło
    pl: Poczta | Adres | warsztat@example.org | Hasło
    pt: Rede Wi-Fi | SSID | Oficina-5G | Senha
    pt: Área de cliente | Utilizador | pm20417-ovh | Palavra-passe
    pt: Página do modem | Utilizador | admin | Palavra-passe
    pt: Correio | Endereço | oficina@example.org | Palavra-passe
    """
)
#: Headers of an older mail (a line each, with strokes between), and the line above a reply's quotation.
OLDER = _table(
    """
    fr: De : OVHcloud <a@example.net> / Envoyé : mardi 3 mars 2026 09:14 / À : Atelier / Objet : PPPoE
    fr: Le 3 mars 2026 à 09:14, OVHcloud a écrit :
    en: From: OVHcloud <a@example.net> / Sent: Tuesday, 3 March 2026 09:14 / To: Workshop / Subject: PPPoE
    en: On 3 Mar 2026, OVHcloud wrote:
    de: Von: OVHcloud <a@example.net> / Gesendet: Dienstag, 3. März 2026 09:14 / An: Werkstatt / Betreff: PPPoE
    de: Am 3. März 2026 schrieb OVHcloud:
    es: De: OVHcloud <a@example.net> / Enviado el: martes 3 / Para: Taller / Asunto: PPPoE
    es: El 3 mar 2026, OVHcloud escribió:
    it: Da: OVHcloud <a@example.net> / Inviato: martedì / A: Officina / Oggetto: PPPoE
    it: Il giorno 3 mar 2026 OVHcloud ha scritto:
    nl: Van: OVHcloud <a@example.net> / Verzonden: dinsdag / Aan: Werkplaats / Onderwerp: PPPoE
    nl: Op 3 mrt 2026 schreef OVHcloud:
    pl: Od: OVHcloud <a@example.net> / Wysłano: wtorek / Do: Warsztat / Temat: PPPoE
    pl: W dniu 3.03.2026 OVHcloud napisał(a):
    pt: De: OVHcloud <a@example.net> / Enviada: terça / Para: Oficina / Assunto: PPPoE
    pt: A 3/03/2026 OVHcloud escreveu:
    """
)
