# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How programs for mail begin an older mail that they quote or forward."""

from __future__ import annotations

import re

from ansible_collections.ownrouter.ovhcloud.tests.unit.mails.met import Met, pages, texts

WHO = "OVHcloud <support@services.example.net>"

#: One paragraph each: the lines that stand over the older mail.
BEGINNINGS = """
Le mar. 3 mars 2026 à 09:14, WHO a
écrit :

On Tue, Mar 3, 2026 at 9:14 AM OVHcloud Support Team <
support@services.example.net> wrote:

Am Di., 3. März 2026 um 09:14 Uhr schrieb OVHcloud <
support@services.example.net>:

El mar, 3 mar 2026 a las 9:14, OVHcloud (<support@services.example.net>)
escribió:

Il giorno mar 3 mar 2026 alle ore 09:14 WHO
ha scritto:

Op di 3 mrt 2026 om 09:14 schreef WHO:

wt., 3 mar 2026 o 09:14 WHO napisał(a):

OVHcloud <support@services.example.net> escreveu (terça, 3/03/2026 à(s) 09:14):

Em ter., 3 de mar. de 2026 às 09:14, OVHcloud <
support@services.example.net> escreveu:

Am 03.03.26 um 09:14 schrieb OVHcloud:

Le 03/03/2026 à 09:14, OVHcloud a écrit :

On 3/3/26 09:14, OVHcloud wrote:

El 3/3/26 a las 9:14, OVHcloud escribió:

Il 03/03/2026 09:14, OVHcloud ha scritto:

Op 03-03-2026 om 09:14 schreef OVHcloud:

W dniu 3.03.2026 o 09:14, OVHcloud pisze:

Às 09:14 de 03/03/2026, OVHcloud escreveu:

Le 2026-03-03 09:14, OVHcloud a écrit :

Am 2026-03-03 09:14, schrieb OVHcloud:

On Tue, Mar 03, 2026 at 09:14:22AM +0100, OVHcloud wrote:

Le mardi 3 mars 2026 à 09:14:22 UTC+1, WHO a écrit :

On Tuesday, March 3rd, 2026 at 9:14 AM, WHO wrote:

On Mar 3, 2026, at 9:14 AM, OVHcloud wrote:

Am 03.03.2026 um 09:14 schrieb WHO:

Le 3 mars 2026 à 09:14, WHO a écrit :

El 3 mar 2026, a las 9:14, WHO escribió:

Il giorno 3 mar 2026, alle ore 09:14, WHO ha scritto:

Op 3 mrt 2026, om 09:14 heeft WHO het volgende geschreven:

Wiadomość napisana przez WHO w dniu 3 mar 2026, o godz. 09:14:

No dia 03/03/2026, às 09:14, WHO escreveu:

Zitat von WHO:

Quoting WHO:

Citando WHO:

Citeren WHO:

WHO a écrit :

WHO ha scritto:

-----OVHcloud <support@services.example.net> wrote: -----
To: bureau@example.org

----- Weitergeleitet von Max Muster/DE/Firma am 03.03.2026 09:14 -----

----- Message transféré de WHO -----
     Date : Tue, 03 Mar 2026 09:14:22 +0100
       De : WHO

----- Forwarded message from WHO -----

----- Weitergeleitete Nachricht von WHO -----

----- Mail transféré -----
De: "OVHcloud" <support@services.example.net>

----- Mail original -----
De: "OVHcloud" <support@services.example.net>
À: "Bureau" <bureau@example.org>

De: "OVHcloud" <support@services.example.net>
À: "Bureau" <bureau@example.org>
Envoyé: Mardi 3 Mars 2026 09:14:00
Objet: PPPoE

-------- Message original --------
Objet: PPPoE

-------- Message transféré --------
Sujet : \tPPPoE
Date : \tTue, 3 Mar 2026 09:14:22 +0100
De : \tOVHcloud
Pour : \tbureau@example.org

-------- Weitergeleitete Nachricht --------

-------- Mensaje reenviado --------

-------- Messaggio Inoltrato --------

-------- Doorgestuurd bericht --------

-------- Przekazana wiadomość --------

-------- Treść przekazanej wiadomości --------

-------- Mensagem reencaminhada --------

------- Original Message -------

------- Message transféré -------

   ----- Forwarded Message -----

Début du message transféré :

Begin forwarded message:

Anfang der weitergeleiteten Nachricht:

Inicio del mensaje reenviado:

Inizio messaggio inoltrato:

Begin doorgestuurd bericht:

Początek przekazywanej wiadomości:

Início da mensagem reencaminhada:

*De :* WHO
*Envoyé :* mardi 3 mars 2026 09:14
*À :* Bureau
*Objet :* PPPoE

*From:* WHO
*Sent:* Tuesday, 3 March 2026 09:14
*To:* Office
*Subject:* PPPoE

*Von:* WHO
*Gesendet:* Dienstag, 3. März 2026 09:14
*An:* Büro
*Betreff:* PPPoE

Von: WHO
Datum: Dienstag, 3. März 2026 um 09:14
An: Büro
Betreff: PPPoE

Von: WHO
Gesendet: Dienstag, 3. März 2026 09:14
An: Büro <buero@example.org>; Technik
<technik@example.org>
Cc: Max
Betreff: AW: PPPoE

De: WHO
Enviado: martes, 3 de marzo de 2026 9:14
Para: Oficina
Asunto: PPPoE

De: WHO
Fecha: martes, 3 de marzo de 2026, 9:14
Para: Oficina
Asunto: PPPoE

Da: WHO
Inviato: martedì 3 marzo 2026 09:14
A: Ufficio
Oggetto: PPPoE

Van: WHO
Verzonden: dinsdag 3 maart 2026 09:14
Aan: Kantoor
Onderwerp: PPPoE

Od: WHO
Wysłano: wtorek, 3 marca 2026 09:14
Do: Biuro
Temat: PPPoE

De: WHO
Enviada: 3 de março de 2026 09:14
Para: Escritório
Assunto: PPPoE

________________________________
De : OVHcloud
Envoyé : mardi 3 mars 2026 09:14
À : Bureau
Objet : PPPoE

________________________________
Von: OVHcloud
Gesendet: Dienstag, 3. März 2026, 09:14

\tDe : WHO
\tEnvoyé : mardi 3 mars 2026 09:14
\tÀ : Bureau
\tObjet : PPPoE

From:        OVHcloud/Support
To:        bureau@example.org
Date:        03.03.2026 09:14
Subject:        PPPoE

De\u00a0: WHO\u00a0
Date\u00a0: mardi, 3 mars 2026 à 09:14
À\u00a0: Bureau
Objet\u00a0: PPPoE

| De : WHO
| Envoyé : mardi 3 mars 2026 09:14
| À : Bureau
| Objet : PPPoE

**From:** WHO
**Sent:** Tuesday, 3 March 2026 09:14
**To:** Office

-----Ursprüngliche Nachricht-----
Von: OVHcloud

-----Mensaje original-----
De: OVHcloud

-----Messaggio originale-----
Da: OVHcloud

-----Oorspronkelijk bericht-----
Van: OVHcloud

-----Wiadomość oryginalna-----
From: OVHcloud

-----Mensagem original-----
De: OVHcloud

Em 03/03/2026 09:14, OVHcloud escreveu:

2026-03-03 9:14 GMT+01:00 WHO:

Dnia 3 marca 2026 09:14 WHO napisał(a):

Gesendet: Dienstag, 03. März 2026 um 09:14 Uhr
Von: WHO
An: buero@example.org
Betreff: PPPoE

> Le 3 mars 2026 à 09:14, OVHcloud a écrit :
>

============ Forwarded message ============
From: OVHcloud

--- Original message ---
From: OVHcloud

---- On Tue, 03 Mar 2026 09:14:22 +0100 WHO wrote ----

--- mer 3/3/26, OVHcloud <support@services.example.net> ha scritto:

Message du 03/03/26 09:14
> De : "OVHcloud" <support@services.example.net>

> Message du 03/03/26 09:14
> De : "OVHcloud"
> A : bureau@example.org

Return-Path: <support@services.example.net>
Received: from mx.example.net (192.0.2.7) by mx.example.org
Message-ID: <1@example.net>
Subject: PPPoE

------ This is a copy of your message, including all the headers. ------
"""

PAIR = "Identifiant : @L\nMot de passe : {}\n"

#: What an HTML mail puts round or over an older one.
WRAPPERS = """
<blockquote type="cite">OLD</blockquote>
<div class="gmail_quote"><div dir="ltr" class="gmail_attr">---------- Forwarded message ---------<br>De : <b>OVHcloud
    </b><br></div>OLD</div>
<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class=MsoNormal><b>De&nbsp;:
    </b> OVHcloud<br><b>Envoyé&nbsp;:</b> mardi 3 mars 2026 09:14<br><b>À&nbsp;:</b> Bureau<br><b>Objet&nbsp;:
    </b> PPPoE</p></div>OLD
<div id="appendonsend"></div><hr style="display:inline-block;width:98%" tabindex="-1">
    <div id="divRplyFwdMsg" dir="ltr"><font face="Calibri"><b>Von:</b> OVHcloud<br><b>Gesendet:
    </b> Dienstag, 3. März 2026 09:14<br><b>An:</b> Büro</font></div>OLD
<div class="yahoo_quoted"><div>Le mardi 3 mars 2026 à 09:14:22 UTC+1, OVHcloud &lt;a@example.net&gt; a écrit :
    </div>OLD</div>
<div class="protonmail_quote">------- Original Message -------<br>OLD</div>
<div class="moz-cite-prefix">Le 03/03/2026 à 09:14, OVHcloud a écrit&nbsp;:<br></div>OLD
<div class="moz-forward-container"><br>-------- Message transféré --------<table class="moz-email-headers-table"><tr>
    <th>Sujet :</th><td>PPPoE</td></tr><tr><th>De :</th><td>OVHcloud</td></tr></table>OLD</div>
<p id="reply-intro">Le 2026-03-03 09:14, OVHcloud a écrit :</p>OLD
<div name="quote" style="margin:10px 5px 5px 10px; padding: 10px 0 10px 10px; border-left:2px solid #C3D9E5;">OLD
    </div>
<hr id="zwchr"><div><b>De: </b>"OVHcloud" &lt;a@example.net&gt;<br><b>À: </b>"Bureau"<br>
    <b>Envoyé: </b>Mardi 3 Mars 2026 09:14:00<br><b>Objet: </b>PPPoE<br></div>OLD
<div><table><tr><td><b>Von:</b></td><td>OVHcloud</td></tr><tr><td><b>Gesendet:</b></td><td>3. März 2026 09:14</td>
    </tr><tr><td><b>An:</b></td><td>Büro</td></tr></table></div>OLD
<div>Am 03.03.2026 um 09:14 schrieb <b>OVHcloud</b> &lt;<a href="mailto:a@example.net">a@example.net</a>&gt;:</div>OLD
<p><span style="font-weight:bold">From: </span>OVHcloud<br></p><p>
    <span style="font-weight:bold">Date: </span>Tuesday, 3 March 2026<br></p><p><b>To: </b>Office</p><p>
    <b>Subject: </b>PPPoE</p>OLD
<div>Begin forwarded message:</div><br><div style="margin:0"><span><b>From: </b></span><span>OVHcloud<br></span></div>
    <div><b>Subject: </b>PPPoE</div>OLD
<div style="border-left:1px solid #ccc;padding-left:1ex">OLD</div>
<s>OLD</s>
<div style="text-decoration:line-through">OLD</div>
<div hidden>OLD</div>
<div style="display: none !important">OLD</div>
<template>OLD</template>
<!-- OLD -->
<div style="mso-hide:all">OLD</div>
<div style="font-size:0px">OLD</div>
<div style="visibility:hidden">OLD</div>
<div style="max-height:0;overflow:hidden">OLD</div>
<div style="opacity:0">OLD</div>
"""


def _older() -> list[Met]:
    found = []
    for number, beginning in enumerate(re.split(r"\n\n(?=\S|\t|   -)", BEGINNINGS.strip("\n"))):
        name = f"older {number}: " + beginning.strip().split("\n")[0][:40]
        top = beginning.replace("WHO", WHO)
        old = f"{top}\n\nBonjour,\n\n{PAIR.format('@D')}"
        cited = f"{top}\n\n" + "".join(f"> {line}\n" for line in ["Bonjour,", "", *PAIR.format("@D").splitlines()])
        # Behind a stroke or a ">" the older mail has them, too.
        whole = [] if beginning[0] in ">|" else ["Bonjour,\n\n" + old, old, "Merci.\n\n" + old]
        found += texts(name, "never", [*whole, "Bonjour,\n\n" + cited, cited])
        found += texts(name + ", new above", "may", [PAIR.format("@P") + "\n" + (old if whole else cited)])
    for number, wrapper in enumerate(WRAPPERS.strip().replace("\n    <", "<").splitlines()):
        name = f"older {number}: " + wrapper[:50]
        old, new = (f"<p>Identifiant : @L</p><p>Mot de passe : {value}</p>" for value in ("@D", "@P"))
        found += pages(name, "never", ["<p>Bonjour,</p>" + wrapper.replace("OLD", old), wrapper.replace("OLD", old)])
        found += pages(name + ", new above", "may", [new + wrapper.replace("OLD", old)])
    return found


OLDER = _older()
