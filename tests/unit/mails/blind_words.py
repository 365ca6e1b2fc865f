# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What mails say in eight languages, for the generator ``blind``: written without a look at the reader.

Labels, sentences and headings are of our own making, after the ways in which access providers and hosters write.
"""

from __future__ import annotations

from dataclasses import dataclass

#: Services whose password is never the line's: area of the customer, Wi-Fi, modem, telephone, mailbox, FTP.
SERVICES = ("area", "wifi", "modem", "phone", "mailbox", "ftp")


@dataclass(frozen=True)
class Words:
    """One language. ``services``: heading and password label of each. ``headers``: from, sent, to, subject."""

    logins: tuple[str, ...]
    passwords: tuple[str, ...]
    yours: tuple[str, str]  # with a possessive: "Your login", "Your password"
    sentence: str
    titles: tuple[str, ...]
    prose: tuple[str, str, str]  # greeting, introduction, closing
    services: tuple[tuple[str, str], ...]
    not_ours: tuple[str, ...]  # labels that hold a password which is not, or no longer, the line's
    about: tuple[str, ...]  # labels about the password that hold none: dates, lengths, names
    remarks: tuple[str, ...]  # what stands in place of a password
    void: tuple[str, ...]  # said behind a password that is none any more
    noise: tuple[str, ...]
    example: str
    former: tuple[str, str, str, str]  # three lines above a block that is no longer valid, and one below it
    headers: tuple[str, str, str, str]
    wrote: str
    original: str
    forwarded: str


WORDS = {
    "fr": Words(
        ("Identifiant", "Login", "Nom d'utilisateur", "Identifiant PPPoE", "Login PPP", "Identifiant de connexion"),
        ("Mot de passe", "Mot de passe PPPoE", "Mot de passe PPP", "Nouveau mot de passe", "Clé", "Pass"),
        ("Votre identifiant", "Votre mot de passe"),
        "Votre identifiant est {0} et votre mot de passe est {1}",
        ("Identifiants PPPoE de votre accès {0}", "Vos nouveaux identifiants de connexion PPP - {0}"),
        ("Bonjour,", "Voici les identifiants PPPoE de votre accès {0} :", "Cordialement,\nSupport client OVHcloud"),
        (
            ("Espace client", "Mot de passe de l'espace client"),
            ("Wi-Fi", "Clé Wi-Fi"),
            ("Interface du modem", "Mot de passe du modem"),
            ("Ligne téléphonique", "Mot de passe SIP"),
            ("Messagerie", "Mot de passe de la boîte mail"),
            ("Accès FTP", "Mot de passe FTP"),
        ),
        ("Ancien mot de passe", "Mot de passe expiré", "Mot de passe précédent", "Code de réinitialisation"),
        ("Mot de passe modifié par", "Expiration du mot de passe", "Longueur du mot de passe"),
        ("envoyé par SMS", "inchangé", "communiqué par courrier", "non disponible", "voir votre espace client"),
        ("expiré", "ancien mot de passe", "n'est plus valable"),
        (
            "OVHcloud ne vous demandera jamais votre mot de passe par téléphone.",
            "Mot de passe oublié ? https://www.ovh.com/auth/",
            "Respectez les majuscules et les minuscules du mot de passe.",
            "Si vous utilisez un modem OVHcloud, il se configure automatiquement.",
        ),
        "Exemple :",
        (
            "Anciens identifiants",
            "Vos identifiants précédents étaient :",
            "Les identifiants suivants ne sont plus valables :",
            "Ce mot de passe n'est plus valable.",
        ),
        ("De", "Envoyé", "À", "Objet"),
        "Le 12/10/2026 à 10:32, OVHcloud a écrit :",
        "Message d'origine",
        "Message transféré",
    ),
    "en": Words(
        ("Login", "Username", "User name", "PPPoE username", "PPP login", "User"),
        ("Password", "PPPoE password", "PPP password", "New password", "Passwd", "Secret"),
        ("Your login", "Your password"),
        "Your login is {0} and your password is {1}",
        ("PPPoE credentials of your access {0}", "Your new PPP login and password - {0}"),
        ("Hello,", "Here are the PPPoE credentials of your access {0}:", "Kind regards,\nOVHcloud customer support"),
        (
            ("Customer area", "Customer area password"),
            ("Wi-Fi", "Wi-Fi key"),
            ("Modem interface", "Modem password"),
            ("Telephone line", "SIP password"),
            ("Mailbox", "Mailbox password"),
            ("FTP access", "FTP password"),
        ),
        ("Old password", "Expired password", "Previous password", "Password reset code", "Former password"),
        ("Password changed by", "Password expires", "Length of the password", "Password last changed"),
        ("sent by SMS", "unchanged", "sent by post", "not available", "see your customer area", "on request"),
        ("expired", "old password", "no longer valid"),
        (
            "OVHcloud will never ask for your password by telephone.",
            "Forgot your password? https://www.ovh.com/auth/",
            "Mind upper and lower case of the password.",
            "If you use an OVHcloud modem, it sets itself up.",
        ),
        "Example:",
        (
            "Old credentials",
            "Your previous credentials were:",
            "The following credentials are no longer valid:",
            "This password is no longer valid.",
        ),
        ("From", "Sent", "To", "Subject"),
        "On 12 Oct 2026, at 10:32, OVHcloud wrote:",
        "Original Message",
        "Forwarded message",
    ),
    "de": Words(
        ("Benutzername", "Login", "Benutzerkennung", "PPPoE-Benutzername", "Anmeldename", "Zugangskennung"),
        ("Passwort", "Kennwort", "PPPoE-Passwort", "Zugangspasswort", "PPP-Kennwort", "Neues Passwort"),
        ("Ihr Benutzername", "Ihr Passwort"),
        "Ihr Benutzername lautet {0} und Ihr Passwort lautet {1}",
        ("PPPoE-Zugangsdaten Ihres Anschlusses {0}", "Ihre neuen PPP-Zugangsdaten - {0}"),
        (
            "Guten Tag,",
            "hier die PPPoE-Zugangsdaten Ihres Anschlusses {0}:",
            "Mit freundlichen Grüßen\nIhr Kundendienst",
        ),
        (
            ("Kundenbereich", "Passwort des Kundenbereichs"),
            ("WLAN", "WLAN-Schlüssel"),
            ("Modem-Oberfläche", "Modem-Passwort"),
            ("Telefonanschluss", "SIP-Passwort"),
            ("Postfach", "Passwort des Postfachs"),
            ("FTP-Zugang", "FTP-Passwort"),
        ),
        ("Altes Passwort", "Abgelaufenes Passwort", "Bisheriges Kennwort", "Früheres Passwort"),
        ("Passwort geändert von", "Passwort läuft ab am", "Länge des Passworts"),
        ("per SMS gesendet", "unverändert", "kommt per Post", "nicht verfügbar", "siehe Kundenbereich"),
        ("abgelaufen", "altes Passwort", "nicht mehr gültig"),
        (
            "OVHcloud fragt Sie nie am Telefon nach Ihrem Passwort.",
            "Passwort vergessen? https://www.ovh.com/auth/",
            "Achten Sie beim Passwort auf Groß- und Kleinschreibung.",
            "Ein Modem von OVHcloud richtet sich selbst ein.",
        ),
        "Beispiel:",
        (
            "Alte Zugangsdaten",
            "Ihre bisherigen Zugangsdaten waren:",
            "Die folgenden Zugangsdaten sind nicht mehr gültig:",
            "Dieses Passwort ist nicht mehr gültig.",
        ),
        ("Von", "Gesendet", "An", "Betreff"),
        "Am 12.10.2026 um 10:32 schrieb OVHcloud:",
        "Ursprüngliche Nachricht",
        "Weitergeleitete Nachricht",
    ),
    "es": Words(
        ("Usuario", "Login", "Nombre de usuario", "Identificador", "Usuario PPPoE"),
        ("Contraseña", "Clave", "Contraseña PPPoE", "Nueva contraseña", "Clave de acceso"),
        ("Su usuario", "Su contraseña"),
        "Su usuario es {0} y su contraseña es {1}",
        ("Claves PPPoE de su acceso {0}", "Sus nuevos datos de conexión PPP - {0}"),
        ("Hola:", "Estos son los datos PPPoE de su acceso {0}:", "Un saludo,\nAtención al cliente de OVHcloud"),
        (
            ("Área de cliente", "Contraseña del área de cliente"),
            ("Wi-Fi", "Clave Wi-Fi"),
            ("Interfaz del módem", "Contraseña del módem"),
            ("Línea telefónica", "Contraseña SIP"),
            ("Buzón de correo", "Contraseña del buzón"),
            ("Acceso FTP", "Contraseña FTP"),
        ),
        ("Contraseña anterior", "Contraseña caducada", "Antigua contraseña"),
        ("Contraseña cambiada por", "Caducidad de la contraseña", "Longitud de la contraseña"),
        ("enviada por SMS", "sin cambios", "enviada por correo postal", "no disponible", "véase el área de cliente"),
        ("caducada", "antigua contraseña", "ya no es válida"),
        (
            "OVHcloud nunca le pedirá su contraseña por teléfono.",
            "¿Ha olvidado su contraseña? https://www.ovh.com/auth/",
            "Respete las mayúsculas y minúsculas de la contraseña.",
            "Si utiliza un módem de OVHcloud, se configura solo.",
        ),
        "Ejemplo:",
        (
            "Datos anteriores",
            "Sus datos anteriores eran:",
            "Los siguientes datos ya no son válidos:",
            "Esta contraseña ya no es válida.",
        ),
        ("De", "Enviado", "Para", "Asunto"),
        "El 12/10/2026 a las 10:32, OVHcloud escribió:",
        "Mensaje original",
        "Mensaje reenviado",
    ),
    "it": Words(
        ("Nome utente", "Login", "Utente", "Identificativo", "Nome utente PPPoE", "Username"),
        ("Password", "Password PPPoE", "Nuova password", "Password PPP"),
        ("Il tuo nome utente", "La tua password"),
        "Il tuo nome utente è {0} e la tua password è {1}",
        ("Credenziali PPPoE del tuo accesso {0}", "I tuoi nuovi dati di connessione PPP - {0}"),
        (
            "Buongiorno,",
            "ecco le credenziali PPPoE del tuo accesso {0}:",
            "Cordiali saluti,\nIl supporto clienti OVHcloud",
        ),
        (
            ("Area clienti", "Password dell'area clienti"),
            ("Wi-Fi", "Chiave Wi-Fi"),
            ("Interfaccia del modem", "Password del modem"),
            ("Linea telefonica", "Password SIP"),
            ("Casella e-mail", "Password della casella"),
            ("Accesso FTP", "Password FTP"),
        ),
        ("Vecchia password", "Password scaduta", "Password precedente"),
        ("Password modificata da", "Scadenza della password", "Lunghezza della password"),
        ("inviata via SMS", "invariata", "inviata per posta", "non disponibile", "vedi area clienti"),
        ("scaduta", "vecchia password", "non più valida"),
        (
            "OVHcloud non chiede mai la password per telefono.",
            "Password dimenticata? https://www.ovh.com/auth/",
            "Rispetta maiuscole e minuscole della password.",
            "Un modem OVHcloud si configura da solo.",
        ),
        "Esempio:",
        (
            "Vecchie credenziali",
            "Le tue credenziali precedenti erano:",
            "Le seguenti credenziali non sono più valide:",
            "Questa password non è più valida.",
        ),
        ("Da", "Inviato", "A", "Oggetto"),
        "Il giorno 12 ott 2026, alle ore 10:32, OVHcloud ha scritto:",
        "Messaggio originale",
        "Messaggio inoltrato",
    ),
    "nl": Words(
        ("Gebruikersnaam", "Login", "Gebruiker", "Inlognaam", "PPPoE-gebruikersnaam"),
        ("Wachtwoord", "PPPoE-wachtwoord", "Nieuw wachtwoord", "Paswoord"),
        ("Uw gebruikersnaam", "Uw wachtwoord"),
        "Uw gebruikersnaam is {0} en uw wachtwoord is {1}",
        ("PPPoE-gegevens van uw aansluiting {0}", "Uw nieuwe PPP-inloggegevens - {0}"),
        (
            "Hallo,",
            "Hier zijn de PPPoE-gegevens van uw aansluiting {0}:",
            "Met vriendelijke groet,\nKlantenservice OVHcloud",
        ),
        (
            ("Klantenzone", "Wachtwoord van de klantenzone"),
            ("Wi-Fi", "Wi-Fi-sleutel"),
            ("Modeminterface", "Modemwachtwoord"),
            ("Telefoonlijn", "SIP-wachtwoord"),
            ("Mailbox", "Wachtwoord van de mailbox"),
            ("FTP-toegang", "FTP-wachtwoord"),
        ),
        ("Oud wachtwoord", "Verlopen wachtwoord", "Vorig wachtwoord"),
        ("Wachtwoord gewijzigd door", "Wachtwoord verloopt op", "Lengte van het wachtwoord"),
        ("verstuurd per sms", "ongewijzigd", "per post verstuurd", "niet beschikbaar", "zie uw klantenzone"),
        ("verlopen", "oud wachtwoord", "niet meer geldig"),
        (
            "OVHcloud vraagt u nooit telefonisch om uw wachtwoord.",
            "Wachtwoord vergeten? https://www.ovh.com/auth/",
            "Let op hoofdletters en kleine letters in het wachtwoord.",
            "Een modem van OVHcloud stelt zichzelf in.",
        ),
        "Voorbeeld:",
        (
            "Oude gegevens",
            "Uw vorige gegevens waren:",
            "De volgende gegevens zijn niet meer geldig:",
            "Dit wachtwoord is niet meer geldig.",
        ),
        ("Van", "Verzonden", "Aan", "Onderwerp"),
        "Op 12 okt. 2026 om 10:32 schreef OVHcloud:",
        "Oorspronkelijk bericht",
        "Doorgestuurd bericht",
    ),
    "pl": Words(
        ("Login", "Nazwa użytkownika", "Użytkownik", "Identyfikator", "Login PPPoE"),
        ("Hasło", "Hasło PPPoE", "Nowe hasło", "Hasło PPP"),
        ("Twój login", "Twoje hasło"),
        "Twój login to {0}, a Twoje hasło to {1}",
        ("Dane PPPoE łącza {0}", "Nowy login i hasło PPP - {0}"),
        ("Dzień dobry,", "oto dane PPPoE łącza {0}:", "Z poważaniem\nObsługa klienta OVHcloud"),
        (
            ("Panel klienta", "Hasło do panelu klienta"),
            ("Wi-Fi", "Klucz Wi-Fi"),
            ("Interfejs modemu", "Hasło modemu"),
            ("Linia telefoniczna", "Hasło SIP"),
            ("Skrzynka pocztowa", "Hasło do skrzynki"),
            ("Dostęp FTP", "Hasło FTP"),
        ),
        ("Stare hasło", "Hasło wygasłe", "Poprzednie hasło"),
        ("Hasło zmienione przez", "Hasło wygasa", "Długość hasła"),
        ("wysłane SMS-em", "bez zmian", "wysłane pocztą", "niedostępne", "zobacz panel klienta"),
        ("wygasło", "stare hasło", "już nieważne"),
        (
            "OVHcloud nigdy nie prosi o hasło przez telefon.",
            "Nie pamiętasz hasła? https://www.ovh.com/auth/",
            "Zwróć uwagę na wielkie i małe litery w haśle.",
            "Modem OVHcloud konfiguruje się sam.",
        ),
        "Przykład:",
        ("Stare dane", "Poprzednie dane to:", "Następujące dane są już nieważne:", "To hasło jest już nieważne."),
        ("Od", "Wysłano", "Do", "Temat"),
        "W dniu 12.10.2026 o 10:32, OVHcloud pisze:",
        "Wiadomość oryginalna",
        "Wiadomość przekazana",
    ),
    "pt": Words(
        ("Utilizador", "Login", "Nome de utilizador", "Identificador", "Utilizador PPPoE", "Usuário"),
        ("Palavra-passe", "Senha", "Palavra-passe PPPoE", "Nova palavra-passe", "Senha PPPoE"),
        ("O seu utilizador", "A sua palavra-passe"),
        "O seu utilizador é {0} e a sua palavra-passe é {1}",
        ("Dados PPPoE do seu acesso {0}", "Os seus novos dados de ligação PPP - {0}"),
        (
            "Bom dia,",
            "Eis os dados PPPoE do seu acesso {0}:",
            "Com os melhores cumprimentos,\nApoio ao cliente OVHcloud",
        ),
        (
            ("Área de cliente", "Palavra-passe da área de cliente"),
            ("Wi-Fi", "Chave Wi-Fi"),
            ("Interface do modem", "Palavra-passe do modem"),
            ("Linha telefónica", "Palavra-passe SIP"),
            ("Caixa de correio", "Palavra-passe da caixa de correio"),
            ("Acesso FTP", "Palavra-passe FTP"),
        ),
        ("Palavra-passe antiga", "Palavra-passe expirada", "Senha anterior"),
        ("Palavra-passe alterada por", "Validade da palavra-passe", "Comprimento da palavra-passe"),
        ("enviada por SMS", "inalterada", "enviada por correio", "não disponível", "ver a área de cliente"),
        ("expirada", "palavra-passe antiga", "já não é válida"),
        (
            "A OVHcloud nunca lhe pedirá a palavra-passe por telefone.",
            "Esqueceu-se da palavra-passe? https://www.ovh.com/auth/",
            "Respeite maiúsculas e minúsculas da palavra-passe.",
            "Um modem da OVHcloud configura-se sozinho.",
        ),
        "Exemplo:",
        (
            "Dados antigos",
            "Os seus dados anteriores eram:",
            "Os dados seguintes já não são válidos:",
            "Esta palavra-passe já não é válida.",
        ),
        ("De", "Enviado", "Para", "Assunto"),
        "No dia 12/10/2026 às 10:32, OVHcloud escreveu:",
        "Mensagem original",
        "Mensagem encaminhada",
    ),
}

#: What stands in a value's place and hides it.
MASKS = (
    *("********", "••••••••", "xxxxxxxx", "XXXXXXXX", "XXXX-XXXX", "x-x-x-x-x", "● ● ● ● ●", "* * * * * *", "########"),
    *("Zq******", "******x7", "Zq****x7", "Zq7x....", "Zq7x…", "Zq7xxxxxxx", "....x7Kb", "--------"),
    *("********7", "Zq7_____", "[********]", "(********)", "?????????", "XXXX1234", "1234XXXX", "Z******9"),
)
PLACEHOLDERS = (
    *("{{ password }}", "{password}", "${password}", "%PASSWORD%", "[PASSWORD]", "<password>", "__PASSWORD__"),
    *("$PASSWORD", "@@PASSWORD@@", "#password#", "{{password}}", "%s", "{0}", "[[ppp.password]]", "<%= password %>"),
    *("null", "None", "N/A", "n/a", "undefined", "-", "—", "(null)", "nil", "TBD", "{$ppp_password}", "PPP_PASSWORD_1"),
)
