# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whole texts: layouts, several services, configurations, what is over or somebody else's."""

from __future__ import annotations

from ansible_collections.ownrouter.ovhcloud.tests.unit.mails.met import texts

PLAIN = """
Bonjour,

Vos identifiants de connexion PPPoE pour l'accès @S :

\t- Identifiant : @L
\t- Mot de passe : @P

Cordialement,
Support client OVHcloud
====
Hello,

Your PPPoE credentials for the access @S are as follows:

Login: @L
Password: @P

Best regards,
OVHcloud
====
Sehr geehrte Kundin, sehr geehrter Kunde,

hier sind Ihre PPPoE-Zugangsdaten:

Benutzername: @L
Passwort:     @P

Mit freundlichen Grüßen
Ihr OVHcloud Team
====
Estimado cliente:

Estas son sus credenciales de conexión PPPoE:

Usuario: @L
Contraseña: @P

Un saludo,
====
Gentile cliente,

ecco le credenziali PPPoE:

Nome utente: @L
Password: @P

Cordiali saluti
====
Beste klant,

Hieronder vindt u uw PPPoE-inloggegevens:

Gebruikersnaam: @L
Wachtwoord: @P

Met vriendelijke groet
====
Szanowni Państwo,

Poniżej znajdują się dane logowania PPPoE:

Login: @L
Hasło: @P

Z poważaniem
====
Caro cliente,

Eis as suas credenciais PPPoE:

Utilizador: @L
Palavra-passe: @P

Com os melhores cumprimentos
====
Identifiant ..... @L
Mot de passe .... @P
====
Identifiant  = @L
Mot de passe = @P
====
+--------------+-----------------------+
| Identifiant  | @L |
| Mot de passe | @P              |
+--------------+-----------------------+
====
Connexion PPPoE
===============
Identifiant : @L
Mot de passe : @P
====
INFORMATIONS DE CONNEXION
IDENTIFIANT : @L
MOT DE PASSE : @P
VLAN : 835
MTU : 1492
====
**Identifiant :** @L
**Mot de passe :** @P
====
*Identifiant :* @L
*Mot de passe :* @P
====
FRANÇAIS
Identifiant : @L
Mot de passe : @P

ENGLISH
Login: @L
Password: @P
====
(English version below)

Identifiant : @L
Mot de passe : @P

-----

Login: @L
Password: @P
"""

MAY = """
Votre identifiant est @L et votre mot de passe est @P.
====
Ihr Benutzername lautet @L und Ihr Passwort lautet @P.
====
Su usuario es @L y su contraseña es @P.
====
Il tuo nome utente è @L e la tua password è @P.
====
Uw gebruikersnaam is @L en uw wachtwoord is @P.
====
Twój login to @L, a hasło to @P.
====
O seu nome de utilizador é @L e a sua palavra-passe é @P.
====
PPPoE login: @L, password: @P, VLAN: 835
====
Login: @L Password: @P
====
Identifiant : @L / Mot de passe : @P
====
Identifiant/Mot de passe : @L / @P
====
Mot de passe : @P
Identifiant : @L
====
Identifiant;Mot de passe
@L;@P
====
username=@L
password=@P
====
# /etc/ppp/pap-secrets
"@L" * "@P"
====
interface Dialer1
 ppp chap hostname @L
 ppp chap password 0 @P
====
/interface pppoe-client set pppoe-out1 user="@L" password="@P"
====
{"login": "@L", "password": "@P"}
====
ppp:
  login: @L
  password: @P
====
<login>@L</login>
<password>@P</password>
====
pppoe://@L:@P@wan
====
Identifiant : @L<mailto:@L>
Mot de passe : @P
====
Identifiant : [@L](mailto:@L)
Mot de passe : **@P**
====
Identifiant : "@L"
Mot de passe : "@P"
====
Espace client
Identifiant : bn20417-ovh
Mot de passe : @E

Connexion PPPoE
Identifiant : @L
Mot de passe : @P
====
Identifiant : @L
Mot de passe : @P

--
Liste interne@example.org
Mot de passe de la liste : @E
====
Identifiant : @L
Mot de passe : @P
_______________________________________________
Interne mailing list
Password: @E
====
Ligne 1
Identifiant : @L
Mot de passe : @P

Ligne 2
Identifiant : 0472335566_2@ovh.kosc
Mot de passe : @E
====
Ligne 2
Identifiant : 0472335566_2@ovh.kosc
Mot de passe : @E

Ligne 1
Identifiant : @L
Mot de passe : @P
====
##- Répondez au-dessus de cette ligne -##

OVHcloud, 3 mars 2026, 09:14

Identifiant : @L
Mot de passe : @P
====
Identifiant      Mot de passe
@L   @P
====
Identifiant\tMot de passe\tVLAN
@L\t@P\t835
====
Identifiants
@L
@P
====
Identifiant (login) : @L
Mot de passe (password) : @P
====
1. Identifiant : @L
2. Mot de passe : @P
====
Identifiant: @L | Mot de passe: @P | VLAN: 835
====
IDENTIFIANT.......: @L
MOT DE PASSE......: @P
"""

NEVER = """
List                                     Password // URL
----                                     --------
@L
interne@lists.example.org                @E
====
Identifiant : @L

Pour choisir un mot de passe sûr, prenez par exemple : @E
====
Identifiant : @L
Votre mot de passe vous est envoyé par courrier.

Exemple :
Mot de passe : @E
====
Rappel : vos identifiants étaient
Identifiant : @L
Mot de passe : @D
====
Les identifiants suivants ne fonctionnent plus :
Identifiant : @L
Mot de passe : @D
====
Identifiant : @L
Mot de passe : @D

Ce mot de passe n'est plus valable.
====
Identifiant : @L
Mot de passe : @D

Ce mot de passe a été désactivé.
====
Identifiant : @L
Mot de passe : @D
(expiré le 03/03/2026)
====
Login: @L
Password: @D

This password has expired.
====
Login: @L
Password: @D

These credentials have been revoked.
====
The following credentials were disabled:
Login: @L
Password: @D
====
We could not connect with the following credentials:
Login: @L
Password: @D
====
Benutzername: @L
Passwort: @D

Dieses Passwort ist nicht mehr gültig.
====
Benutzername: @L
Passwort: @D

Das Passwort wurde gesperrt.
====
Folgende Zugangsdaten wurden deaktiviert:
Benutzername: @L
Passwort: @D
====
Usuario: @L
Contraseña: @D

Esta contraseña ya no es válida.
====
Nome utente: @L
Password: @D

Questa password non è più valida.
====
Gebruikersnaam: @L
Wachtwoord: @D

Dit wachtwoord is niet meer geldig.
====
Login: @L
Hasło: @D

To hasło nie jest już ważne.
====
Utilizador: @L
Palavra-passe: @D

Esta palavra-passe já não é válida.
====
Identifiant : @L
Mot de passe : @D

Identifiant : @L
Mot de passe : @P
====
Ticket 4711, Marie, 2 mars 2026 09:00
Identifiant : @L
Mot de passe : @D

Marie, 3 mars 2026 09:14
Identifiant : @L
Mot de passe : @P
====
Identifiant : @L
Mot de passe : @P

Login: @L
Password: @E
====
Votre modem
Identifiant : admin
Mot de passe : @E

Votre identifiant PPPoE : @L
====
Connexion PPPoE : @L
Modem
Mot de passe : @E
====
Identifiant : @L
Page du routeur : http://192.168.1.1
Mot de passe : @E
====
Login: @L
SSID: Bureau
Password: @E
====
Identifiant : @L
Serveur : imap.example.org
Mot de passe : @E
====
Identifiant : @L
Compte SIP : 0033972000111
Mot de passe : @E
====
Identifiant : @L
Identifiant VPN : jdoe
Mot de passe : @E
====
Identifiant : @L
Adresse de messagerie : bureau@example.org
Mot de passe : @E
====
L'identifiant @L est bien actif. Le mot de passe de votre espace client est @E.
====
Votre identifiant est @L. Votre mot de passe Wi-Fi est @E.
====
Ihr Benutzername ist @L. Ihr WLAN-Passwort lautet @E.
====
Your login is @L. The password of your router is @E.
====
Your login is @L and your old password is @D.
====
Bonjour, mon identifiant est @L et mon mot de passe est @D mais la connexion est refusée.
====
Client : Bonjour, j'essaie avec
Identifiant : @L
Mot de passe : @D
et j'ai une erreur 691.
====
I tried these and they are refused:
Login: @L
Password: @D
====
ppp chap hostname @L
ppp chap password 7 0822455D0A16
====
username @L
password encrypted aB3cD4eF9
====
interface Dialer1
 ppp pap sent-username @L password 7 0822455D0A16
====
Identifiant : @L
Mot de passe (partie 1) : gT7xRw
Mot de passe (partie 2) : 2mPq7a
====
Identifiant : @L
Mot de passe 1 : @E
Mot de passe 2 : @P
====
Identifiant : @L
Mot de passe : golf TANGO sept xray ROMEO whisky deux mike
====
Identifiant : @L
Mot de passe : gT7xRw
2mPq7a
====
Identifiant : @L
Mot de passe : gT7xRw2mKq9ZtBv4Ln-
8yHc3
====
Identifiant : 0472335566_2@ovh.kosc
Mot de passe : @E

Votre autre ligne est @L.
====
Identifiants : @L et 0472335566_2@ovh.kosc
Mot de passe : @E
====
Identifiant : @L
puis
Identifiant : 0472335566_2@ovh.kosc
Mot de passe : @E
====
Absence du bureau

Je suis absent. Mot de passe d'urgence : @E
Votre ligne @L sera traitée.
====
Identifiant : @L
Mot de passe : @E
Ce message est un test, les valeurs sont fictives.
====
Identifiant : @L
Mot de passe : [...]
Password: @E (Wi-Fi)
====
Identifiant : @L
Mot de passe :

Numéro de client : 1A2b3C4d
====
Identifiant : @L
Mot de passe :
Référence à rappeler
1A2b3C4d
====
Identifiant : @L
Mot de passe :
--
Ref1A2b3C
====
Mot de passe : @E
Wi-Fi Bureau

Identifiant : @L
====
Voici votre ancien mot de passe.
Identifiant : @L
Mot de passe : @D
====
Identifiant : @L
Mot de passe : @D

Cordialement,
Support

PS : ce mot de passe est désactivé.
====
Rappel de votre ancien mot de passe.

Identifiant : @L
Mot de passe : @D
====
Identifiants PPPoE

Beispiel:

Identifiant : @L
Mot de passe : @D
====
Identifiant
@L

Mot de passe

Dossier:1A2b3C
====
Identifiant
@L
Mot de passe
Réf:1A2b3C4d
====
Bonjour,
De       OVHcloud
Envoyé   mardi 3 mars 2026 09:14
À        Bureau
Objet    PPPoE

Identifiant : @L
Mot de passe : @D
====
Identifiant : @L
Mot de passe : gT7xRw

2mPq7a
====
Your previous password was reset. It was:
Login: @L
Password: @D
====
Le mot de passe ci-dessous est celui de votre ancienne offre.
Identifiant : @L
Mot de passe : @D
====
These credentials belong to another customer.
Login: @L
Password: @E
====
Do not use these credentials:
Login: @L
Password: @E
====
N'utilisez pas ces identifiants :
Identifiant : @L
Mot de passe : @E
====
Diese Zugangsdaten bitte nicht verwenden:
Benutzername: @L
Passwort: @E
====
Login: @L
Password: @D
Status: disabled
====
Identifiant : @L
Mot de passe : @D
Statut : résilié
====
Benutzername: @L
Passwort: @D
Status: abgelaufen
====
Login: @L
Password: @D
Valid until: 2026-01-01
====
Login: @L (old line)
Password: @D
====
Identifiant : @L (ancienne ligne)
Mot de passe : @D
====
Identifiant : @L
Mot de passe : @D (ancien)
====
Identifiant : @L
Mot de passe : @D (expiré)
====
Identifiant : @L
Mot de passe : @E (Wi-Fi)
====
Identifiant : @L
Mot de passe : @E (espace client)
====
Identifiant : @L
Mot de passe : @E <- modem
====
Identifiant : @L
(Wi-Fi) Mot de passe : @E
====
Identifiant : @L
Wi-Fi / Mot de passe : @E
====
Identifiant : @L
Pour le Wi-Fi, mot de passe : @E
====
Identifiant : @L
Mot de passe, Wi-Fi : @E
"""


def _texts(source: str) -> list[str]:
    return [text.strip("\n") + "\n" for text in source.split("\n====\n")]


WHOLE = [
    *texts("whole plain", "must", _texts(PLAIN)),
    *texts("whole", "may", _texts(MAY)),
    *texts("nothing", "never", _texts(NEVER)),
]
