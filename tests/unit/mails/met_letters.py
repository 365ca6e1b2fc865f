# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Mails on mails: forwards and replies over and under, tickets, lists, banners, several services, two languages."""

from __future__ import annotations

from ansible_collections.ownrouter.ovhcloud.tests.unit.mails.met import Met, pages, texts

#: The line's block, an older mail's, and another service's, in one plain shape.
NEW = "Identifiant PPPoE : @L\nMot de passe : @P\n"
OLD = "Identifiant PPPoE : @L\nMot de passe : @D\n"
PAGE_NEW = "<p>Identifiant PPPoE : @L<br>Mot de passe : @P</p>"
PAGE_OLD = "<p>Identifiant PPPoE : @L<br>Mot de passe : @D</p>"

#: What programs put between a mail and the older one below it: one paragraph each.
BETWEEN = """
De      OVHcloud  Envoyé      mardi 3 mars 2026  À      Bureau  Objet      PPPoE

Hello, From      OVHcloud Sent      3/3/2026 To      me Subject      PPPoE

From: OVHcloud Sent: Tuesday, 3 March 2026 To: Office Subject: PPPoE

| Von | OVHcloud |
| An | Büro |

| Date | 3 mars 2026 |
| De | OVHcloud |

Aan\tKantoor
Van\tOVHcloud

Para
me
De
OVHcloud

Oggetto: PPPoE
A: Ufficio

Temat
PPPoE
Od
OVHcloud

Expéditeur : OVHcloud
Date : 3 mars 2026

Destinataire : Bureau
Objet : PPPoE

Absender: OVHcloud
Empfänger: Büro

Remitente: OVHcloud
Destinatario: Oficina

Mittente: OVHcloud
Destinatario: Ufficio

Afzender: OVHcloud
Ontvanger: Kantoor

Nadawca: OVHcloud
Odbiorca: Biuro

Remetente: OVHcloud
Destinatário: Escritório

   From | OVHcloud
   Sent | Tuesday

* From: OVHcloud
* To: Office

> De : OVHcloud
> Objet : PPPoE

__From__: OVHcloud
__Date__: Tuesday

From：OVHcloud
Sent：Tuesday

De : OVHcloud
Reçu : mardi
Objet : PPPoE

Subject: PPPoE
From: OVHcloud
Date: Tue, 3 Mar 2026 09:14:22 +0100
"""
PARAGRAPHS = [one.strip("\n") for one in BETWEEN.split("\n\n")]

#: HTML that older mails begin with, beside what programs mark.
HEADS = """
<p>De&nbsp;&nbsp; OVHcloud</p><p>Envoyé&nbsp;&nbsp; mardi</p>
<table><tr><td>From</td><td>OVHcloud</td></tr><tr><td>To</td><td>me</td></tr></table>
<table><tr><td>From</td></tr><tr><td>OVHcloud</td></tr><tr><td>Sent</td></tr><tr><td>Tuesday</td></tr></table>
<table><tr><td>From</td><td>Sent</td></tr><tr><td>OVHcloud</td><td>Tuesday</td></tr></table>
<div><b>Von:</b> OVHcloud</div><div><b>Gesendet:</b> Dienstag</div>
<ul><li>Da: OVHcloud</li><li>Data: marted&igrave;</li></ul>
<p><span>De</span><span> : </span><span>OVHcloud</span></p><p><span>Para</span><span>: yo</span></p>
<p><i>Van</i>: OVHcloud <i>Aan</i>: mij <i>Onderwerp</i>: PPPoE</p>
<dl><dt>Od</dt><dd>OVHcloud</dd><dt>Do</dt><dd>mnie</dd></dl>
<h3>From: OVHcloud</h3><h3>Subject: PPPoE</h3>
<p>Enviado:&nbsp;ter&ccedil;a<br>De:&nbsp;OVHcloud<br>Para:&nbsp;mim</p>
<pre>From: OVHcloud&#10;To: me</pre>
<p>-----Original Message-----</p>
<p>On Tue, Mar 3, 2026 at 9:14 AM OVHcloud &lt;a@example.net&gt; wrote:</p>
<blockquote>
<blockquote type="cite">
<div class="gmail_quote">
<div class="gmail_extra">
<div id="appendonsend"></div>
<div style="border-top:solid #E1E1E1 1.0pt">
"""

#: One line over an older mail that is not marked otherwise; and what a person writes over it.
HINTS = """
On Tue, 3 March 2026, OVHcloud wrote: Hello,
Le 3 mars 2026 à 09:14, OVHcloud a écrit : Bonjour,
Am 03.03.2026 schrieb OVHcloud: Hallo,
OVHcloud <a@example.net> writes: Hello
El 3/3/26, OVHcloud escribió: Hola
---- On Tue, 03 Mar 2026 09:14:22 +0100 OVHcloud wrote ----
---- Le mar., 03 mars 2026 09:14:22 +0100 OVHcloud écrivit ----
2026-03-03 9:14 GMT+01:00 OVHcloud <a@example.net>:
[Message transféré]
Message forwarded by Jean
Transféré par Jean
Mail reçu le 3 mars :
Voici le mail d'OVH de l'an dernier :
Here is last year's mail:
FYI, I received this from OVH a year ago:
Le mail d'origine :
Original mail below
Copie du mail du 3 mars 2025 :
Historique du ticket
OVHcloud, le 03/03/2025 :
Verlauf:
Ticket history
Vorherige Nachricht
Nachricht vom 3. März:
Mensaje del 3 de marzo:
Subject: Vos identifiants
Objet : Vos identifiants
"""
OVER = [one for one in HINTS.split("\n") if one]

#: What stands round a credentials mail and changes nothing.
ROUND = """
[EXTERNAL] This message comes from outside of your organization.

CAUTION: This email originated from outside. Do not click links unless you recognize the sender.

Attention : courriel externe, ne cliquez pas sur les liens.

ACHTUNG: Diese E-Mail kommt von extern.

## Veuillez écrire au-dessus de cette ligne ##

-- Please reply above this line --

Cet e-mail a été vérifié par le logiciel antivirus d'Avast.
https://www.avast.com/antivirus

This message has been scanned for viruses by MailScanner.

Diese E-Mail wurde von Avast auf Viren geprüft.

Este correo ha sido analizado en busca de virus.

Envoyé de mon iPhone

Sent from my Galaxy

Von meinem iPhone gesendet

_______________________________________________
office mailing list
https://lists.example.org/mailman/listinfo/office

You received this message because you are subscribed to the group "office".

Please consider the environment before printing.

Pensez à l'environnement avant d'imprimer.

Ce message et toutes les pièces jointes sont confidentiels.

Ticket : CS123456789

Référence : FR12345678

Vous pouvez joindre notre support au 1007.

Retrouvez nos guides : https://help.ovhcloud.com/csm/fr-internet
"""
NOTES = [one.strip() for one in ROUND.split("\n\n")]

#: Values in the password's place that are none.
VALUES = """
********
••••••••
xxxxxxxx
[masqué]
(voir SMS)
<password>
{{ password }}
%PASSWORD%
${password}
https://example.org/otp/a8Kd93kfL2
https://privatebin.example.org/?a1b2c3d4e5f6a7b8#Gt5rHy7u
lien expiré
link expired
03/03/2026
inchangé
unverändert
communiqué par courrier
sent by SMS
@L
@S
CS123456789
"""

#: Whole mails of which nothing may be read.
NEVER = """
Bonjour,

Rappel de votre demande :
Identifiant PPPoE : @L
Ancien mot de passe : @D
====
Hello,

your old password was replaced. It was:

PPPoE login: @L
Password: @D
====
Service\tIdentifiant\tMot de passe
Wi-Fi\tOVH-A1\t@E
PPPoE\t@L\t********
====
Service | Login | Password
PPPoE | @L | (by SMS)
FTP | @L | @E
====
            Mailbox              Modem    PPPoE
Login       me@example.com       admin    @L
Password    @E                   @D       = @P
====
Bonjour,

Identifiant PPPoE : @L
Mot de passe de la messagerie : @E
====
Hello,

PPPoE login: @L
Wi-Fi password: @E
====
Hallo,

PPPoE-Benutzername: @L
Kundenkonto-Passwort: @E
====
Hola,

Usuario PPPoE: @L
Contraseña del router: @E
====
Buongiorno,

Nome utente PPPoE: @L
Password del modem: @E
====
Dag,

PPPoE-gebruikersnaam: @L
Wachtwoord wifi: @E
====
Dzień dobry,

Login PPPoE: @L
Hasło do panelu klienta: @E
====
Bom dia,

Utilizador PPPoE: @L
Senha do e-mail: @E
====
Hello,

please have a look at the mail below. I do not know what they want from us, and it is some weeks old.

Thanks,
Bob

Hello,

here are the PPPoE credentials:

PPPoE login: @L
Password: @D
====
Bonjour,

je vous transfère ce que j'avais reçu à l'époque, dites-moi ce que je dois en faire.

Merci
Jean

Bonjour,

Voici vos identifiants PPPoE :

Identifiant : @L
Mot de passe : @D
====
Example:

PPPoE login: @L
Password: @D
====
PPPoE login: @L
Password: @P
Password: @D
====
PPPoE login: @L
Password: @P or @D
====
Hello,

PPPoE login: @L
Password: @D

Hello,

we sent you a wrong one above. Now it is right:

PPPoE login: @L
Password: @P
====
From the archive of 2024

PPPoE login: @L
Password: @D
no longer in use
====
Le mardi 3 mars 2026 à 09:14, OVHcloud a écrit :
Identifiant : @L
Mot de passe : @D

Bonjour, merci !
====
OVHcloud, 3 March:

PPPoE login: @L
Password: see https://www.ovh.com/manager/secret/#?id=xyz
====
PPPoE login: @L
Password:

FTP password: @E
====
PPPoE login: @L
Your password is at the desk. It is not @E
====
Services of your company:

1. Mailbox: me@example.com / @E
2. PPPoE: @L / (sent by letter)
====
Access  Login  Password
Modem   admin  @E
PPPoE   @L     -
====
VPN
Login: @L
Password: @E
====
Admin panel for @L
User: admin
Password: @E
====
PPPoE login: @L
Password: @P (expired)
====
PPPoE login: @L
Password: @P (old)
====
PPPoE login: @L
Password: @P, replaced on 3 March
====
Your PPPoE password has been changed from @D
Login: @L
====
Votre ligne : @L
Votre boîte : me@example.com
Mot de passe : @E
====
Ligne 1 : @L
Ligne 2 : 0472335577_1@ovh.kosc
Mot de passe : @D
====
Login: 0472335577_1@ovh.kosc
Password: @D

Login: @L
Password: to follow
====
Login: @L
Password: to follow

Login: 0472335577_1@ovh.kosc
Password: @D
"""

#: Whole plain mails.
READ = """
Bonjour,

Vos identifiants PPPoE pour @S :

Identifiant : @L
Mot de passe : @P

Cordialement,
OVHcloud

Hello,

Your PPPoE credentials for @S:

Login: @L
Password: @P

Regards,
OVHcloud
====
Sehr geehrte Kundin,
sehr geehrter Kunde,

Ihre PPPoE-Zugangsdaten:

Benutzername: @L
Passwort: @P
====
Objet : vos identifiants PPPoE
Date : 3 mars 2026

Identifiant : @L
Mot de passe : @P
====
Hello,

PPPoE login: @L
Password expires: 2027-11-26
Password: @P
====
Login PPPoE:
@L
Password changed by:
ab12345-ovh
Password:
@P
====
Ticket [#CS123456789]

Identifiant PPPoE
    @L
Mot de passe
    @P

[#CS123456789]
"""


#: Above a mail, or above its greeting; all others stand below.
ABOVE = 6


LETTERS: list[Met] = [
    *texts("letter over", "must", (f"Bonjour,\n\n{NEW}\nCordialement,\n\n{head}\n\n{OLD}" for head in PARAGRAPHS)),
    *texts("letter under", "never", (f"Bonjour,\n\n{head}\n\n{OLD}" for head in PARAGRAPHS)),
    *texts("letter joined", "never", (f"Merci. {' '.join(head.split(chr(10)))}\n{OLD}" for head in PARAGRAPHS[:3])),
    *texts("bottom posted", "never", (f"{head}\n\n{OLD}\nBonjour,\n\n{NEW}" for head in PARAGRAPHS)),
    *pages("letter over", "must", (f"<p>Bonjour,</p>{PAGE_NEW}{head}{PAGE_OLD}" for head in HEADS.split("\n")[1:-1])),
    *pages("letter under", "never", (f"<p>Bonjour,</p>{head}{PAGE_OLD}" for head in HEADS.split("\n")[1:-1])),
    *texts("hint", "never", (f"Bonjour,\n\n{hint}\n\n{OLD}" for hint in OVER)),
    *texts("hint to a letter", "never", (f"Bonjour,\n\nMerci.\n\n{hint}\n\nBonjour,\n\n{OLD}" for hint in OVER)),
    *texts("note right above", "may", (f"{note}\n\n{NEW}" for note in NOTES[:ABOVE])),
    *texts("note above", "must", (f"{note}\n\nBonjour,\n\n{NEW}" for note in NOTES[:ABOVE])),
    *texts("note below", "must", (f"{NEW}\n{note}\n" for note in NOTES[ABOVE:])),
    *texts(
        "letter value",
        "never",
        (f"Identifiant PPPoE : @L\nMot de passe : {value}\n" for value in VALUES.split("\n")[1:-1]),
    ),
    *texts("letter none", "never", NEVER.split("====\n")),
    *texts("letter read", "must", READ.split("====\n")),
]
