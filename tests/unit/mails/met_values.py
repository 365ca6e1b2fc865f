# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# ruff: noqa: E501

"""What stands behind a label, and labels that are none of ours, as people write them."""

from __future__ import annotations

from ansible_collections.ownrouter.ovhcloud.tests.unit.mails.met import Met, filled, lines, pairs, texts

#: Which of two passwords is meant cannot be known, or it is none.
DOUBTFUL = (
    "@P.", "@P,", "@P;", "@P:", "@P…", "@P...", ":@P", "=@P", ">@P", "*@P",
    "'@P", "@P'", '"@P', '@P"', '"@P', "(@P", "@P)", "[@P", "@P]", "«@P", "<@P", "@P>", "@P*", "@P¹", "@P\u00b2",
    "@P)*", "(@P).", "'@P\"", "@P (", "@P(8 caractères)", "gT7x Rw2m", "gT7x\u00a0Rw2m",
    "gT7xRw2m aB3cD4eF9", "gT7xRw2m/aB3cD4eF9 ou l'autre", "gT7xRw2m ou aB3cD4eF9", "gT7xRw2m | aB3cD4eF9",
    "gT7x****", "****Rw2m", "gT7x…", "gT7x...", "gT7x____", "gT7x••••", "gT7xXXXX (masqué)", "[@P", "{{password}}",
    "%PASSWORD1%", "${ppp_pass1}", "<password1>", "__PASSWORD1__", "[[PPP_PASSWORD_1]]", "#{pass1}",
    "{$pwd1}", "NULL", "undefined", "None", "[object Object]", "NaN", "<?= $pass1 ?>", "*|PASS1|*",
    "\uff47\uff34\uff17\uff58\uff32\uff57\uff12\uff4d", "gT7x\u0420w2m", "gT7x\u00adRw2m", "gT7x\u202eRw2m",
    "\u202em2wRx7Tg\u202c", "gT7xRw2\ufffd", "gT7\ufffdRw2m", "gT7x\u20e3Rw2m", "gT7xé\u0301w2", "gT7x\x00Rw2m",
    "gT7x\x08Rw2m", "gT7xRw2m\u2191", "\U0001f511@P", "@P\U0001f512", "@P\u2705",
    "envoyé par SMS au 06 12 34 56 78", "envoyé par SMS au 0612345678", "cf. PJ n°1", "voir PJ1", "voir la PJ",
    "identique à celui du 03/03/2026", "le même que pour 0472335566_2@ovh.kosc", "celui de votre espace client",
    "(vide)", "aucun", "à définir", "par courrier", "sur l'étiquette", "dans 24h", "8 caractères", "8-64 caractères",
    "min. 8 car., 1 chiffre", "SHA-256", "MD5", "UTF-8", "PAP/CHAP",
    "2026-W10", "Q1/2026", "10h30", "10:30:15", "03.03.26", "3-Mar-2026", "mars2026", "20260303T091400Z",
    "+33.472335566", "04.72.33.55.66", "(0472)335566", "0033472335566", "FR7630006000011234567890189", "FR12345678901",
    "192.0.2.7/24", "2001:db8::/56", "fe80::1%eth0", "00:11:22:aa:bb:cc", "0011.22aa.bbcc", "00-11-22-AA-BB-CC",
    "https://ovh.example/p/1a2B", "www.ovh.example/pw1", "ovh.example/a1", "support@ovh.example", "bn20417-ovh",
    "BN20417-OVH", "@L", "0472335566_2@ovh.kosc", "fti/ab12cd3", "@S", "xdsl-bn20417-ovh-2", "pack-bn20417-ovh-1",
    "CS1234567", "BC-20260303-1", "INC0012345", "REQ-2026-00123", "TICKET#20260303", "FR28123456",
    "5d41402abc4b2a76b9719d911017c592", "$6$rounds=5000$ab$cdEF12", "{SSHA}a1B2c3D4", "$2b$12$abcDEF1234",
    "6F1C2D3E-0A1B-4C5D-8E9F-001122334455", "12,50€", "EUR12.50", "1.234,56", "v2.4.9-rc1", "1492o", "100Mbit/s",
    "1Gb/s", "50Mb", "7j/7", "J+2", "n°12345", "No12345", "p.12", "§12a", "(1)", "[1]", "1/2",
    "image001.png", "facture-2026.pdf", "mdp1.txt", "C:\\mdp\\1.txt", "/etc/ppp/pap-secrets1", "~/mdp1.txt",
    "file:///tmp/p1", "tel:+33472335566", "<tel:0472335566>", "#FF00AA", "0x1A2B3C", "&nbsp;", "&#8226;&#8226;&#8226;",
    "gT7&amp;Rw2m", "gT7&lt;Rw2m", "gT7&#39;Rw2m", "gT7=3DRw2m",
    "gT7xRw=\n2mKq", "gT7xRw-\n2mKq9", "gT7xRw2m\n2mKq9ZtB", "gT7xRw2m \\", "gT7xRw2m+\n2mKq9",
    "mailto:@P", "Mot de passe : @P", "est : @P", "= @P =", "- @P -", "~@P~", "/@P/", "_@P_", "+@P+",
    "=@P=", "#@P#", "|@P|", "%@P%", "\\@P\\", "-gT7x",
)  # fmt: skip
#: Read, or refused: never another value.
CLEAR = (
    "@P", "  @P  ", "\u00a0@P", "@P\u00a0", "@P\u200b", "\u200b@P", "\u200e@P\u200e", "\u2068@P\u2069", "\ufeff@P",
    "\u202f@P\u202f", "@P\t", "@P\u3000", "« @P »", "`@P`", "@P (8 caractères)", "@P (attention à la casse)",
    "@P ← nouveau", "@P, à conserver", "@P - gardez-le", "@P      Copier", "@P\tCopier", "@P [Copier]", "<@P>",
    "@P // à saisir tel quel", "@P # nouveau", "@P ; VLAN 835", "@P, VLAN 835", "@P  VLAN : 835",
)  # fmt: skip
#: Marks inside or at an end, whole or refused.
WHOLE = (
    "gT7xRw2m!", "gT7xRw2m?", "-gT7xRw2m", "|gT7xRw2m", "#gT7xRw2m", "gT7xRw2m/VLAN835", "AES256", "WPA2-PSK", "base64", "MS-CHAPv2", "14h00-16h00",
    "300M/300M", "24h/24", "Livebox4", "gT7%26Rw2m", "gT7\\x26Rw2m", "gT7\\u0026Rw2m", "gT7xRw2m\\", "password:gT7xRw2m", "--gT7xRw", "gT7x-Rw2m-",
    "gT7&Rw2m", "gT7<Rw2m", "gT7>Rw2m", "gT7<b>Rw2m", "gT7\"Rw2m", "gT7'Rw2m", "gT7|Rw2m", "gT7\\Rw2m", "gT7:Rw2m",
    "gT7::Rw2", "gT7=Rw2m", "gT7==Rw2", "gT7->Rw2", "gT7=>Rw2", "gT7..Rw2", "gT7...Rw", "gT7,Rw2m", "gT7;Rw2m",
    "gT7(Rw)2m", "gT7[Rw]2m", "gT7{Rw}2m", "gT7`Rw2m", "gT7´Rw2m", "gT7~Rw2m", "gT7^Rw2m", "gT7_Rw2m", "gT7__Rw2",
    "gT7*Rw2m", "gT7**Rw2", "gT7/Rw2m", "gT7//Rw2", "gT7?Rw2m", "gT7!Rw2m", "gT7%20Rw", "gT7#Rw2m", "gT7$Rw2m",
    "gT7@Rw2m", "gT7+Rw2m", "gT7§Rw2m", "gT7£Rw2m", "gT7€Rw2m", "gT7éRw2m", "gT7xRw2m", "gT7&amp", "a1:b2:c3",
    "x=1&y=2z", "mdp:gT7x", "pass=gT7", "VLAN835x", "PPPoE2x9", "ovh2Kx9q", "8caracT7", "gT7xRw2m" * 8,
)  # fmt: skip

#: Rows that stand under the login and are not, or not wholly, its password.
OTHERS = """
Mot de passe Wi-Fi : @E
Mot de passe du Wi-Fi : @E
Mot de passe WiFi (5 GHz) : @E
Mot de passe de l'espace client : @E
Mot de passe de votre compte client : @E
Mot de passe du modem : @E
Mot de passe de la box : @E
Mot de passe administrateur : @E
Mot de passe admin : @E
Mot de passe de la messagerie : @E
Mot de passe messagerie vocale : @E
Mot de passe SIP : @E
Mot de passe FTP : @E
Mot de passe SSH : @E
Mot de passe root : @E
Mot de passe L2TP : @E
Mot de passe VPN : @E
Mot de passe TV : @E
Mot de passe IMAP : @E
Mot de passe de la pièce jointe : @E
Mot de passe du fichier ZIP : @E
Mot de passe du PDF joint : @E
Mot de passe temporaire du portail : @E
Mot de passe provisoire : @E
Mot de passe de secours : @E
Mot de passe de test : @E
Mot de passe par défaut : @E
Mot de passe d'usine : @E
Mot de passe générique : @E
Mot de passe précédent : @E
Mot de passe initial : @E
Mot de passe expiré : @E
Mot de passe (ancien) : @E
Mot de passe (ex.) : @E
Mot de passe (exemple) : @E
Exemple de mot de passe : @E
Mot de passe chiffré : @E
Mot de passe (MD5) : @E
Mot de passe (base64) : Z1Q3eFJ3Mm0
Mot de passe haché : @E
Mot de passe (première moitié) : @E
Mot de passe, partie 1 : @E
Mot de passe (1/2) : @E
Mot de passe sans le dernier caractère : @E
Début du mot de passe : @E
Fin du mot de passe : @E
Premiers caractères du mot de passe : gT7xRw
Mot de passe à l'envers : m2wRx7Tg
Mot de passe refusé : @E
Mot de passe essayé : @E
Mot de passe erroné : @E
Mot de passe saisi : @E
Ce n'est pas votre mot de passe : @E
Mot de passe oublié : @E
Mot de passe de la ligne 2 : @E
Mot de passe de 0472335566_2@ovh.kosc : @E
Mot de passe du client : @E
Code PIN : 1A2b3C4d
Code PUK : 1A2b3C4d
Clé WPA2 : @E
Clé Wi-Fi : @E
Clé de sécurité : @E
Clé API : @E
Clé SSH : @E
Clé pré-partagée : @E
Clé de licence : @E
Clé de récupération : @E
Secret partagé RADIUS : @E
Code de validation : 1A2b3C4d
Code d'activation : 1A2b3C4d
Jeton : @E
Numéro de série : @E
Référence : @E
SSID : @E
Old password : @E
Current Wi-Fi password : @E
Password (router) : @E
Router password : @E
Admin password : @E
Default password : @E
Temporary password : @E
Example password : @E
Sample password : @E
Password hash : @E
Encrypted password : @E
Password reset code : @E
Password ID : @E
Password policy : PCI4x8
Password generator : KeePass2
Password manager : Bitwarden1
Password set by : jdoe1984
Password changed from : @E
Password rejected : @E
Voicemail password : @E
Portal password : @E
Account password : @E
Passwort Router : @E
Router-Passwort : @E
Gerätepasswort : @E
WLAN-Schlüssel : @E
WLAN-Passwort : @E
Netzwerkschlüssel : @E
Kundenkennwort : @E
Kundenpasswort : @E
Telefonpasswort : @E
Standardpasswort : @E
Beispielpasswort : @E
Einmalpasswort : @E
Ersatzpasswort : @E
Bisheriges Passwort : @E
Voriges Kennwort : @E
Passwort alt : @E
Passwort (verschlüsselt) : @E
Passwort-Hash : @E
Persönliche PIN : 1A2b3C4d
Contraseña del router : @E
Contraseña wifi : @E
Contraseña antigua : @E
Contraseña por defecto : @E
Contraseña de ejemplo : @E
Contraseña del área de cliente : @E
Password del router : @E
Password Wi-Fi : @E
Vecchia password : @E
Password provvisoria : @E
Password di esempio : @E
Password dell'area clienti : @E
Chiave Wi-Fi : @E
Wachtwoord modem : @E
Wifi-wachtwoord : @E
Oud wachtwoord : @E
Standaardwachtwoord : @E
Voorbeeldwachtwoord : @E
Wachtwoord klantenzone : @E
Hasło do Wi-Fi : @E
Hasło routera : @E
Hasło do panelu klienta : @E
Stare hasło : @E
Hasło domyślne : @E
Hasło tymczasowe : @E
Przykładowe hasło : @E
Senha do Wi-Fi : @E
Palavra-passe do router : @E
Palavra-passe antiga : @E
Senha anterior : @E
Senha padrão : @E
Senha de exemplo : @E
Palavra-passe da área de cliente : @E
Votre mot de passe @D a été remplacé.
Votre mot de passe @D n'est plus valable.
Votre mot de passe n'est pas @D.
Ne communiquez jamais votre mot de passe, par exemple @E.
Votre mot de passe était @D.
Votre mot de passe sera @E à partir du 3 mars.
Ihr Passwort war @D.
Ihr bisheriges Passwort lautete @D.
Your password was @D.
Your password must look like @E.
Your password is not @D.
Your password is like @E.
Your password is shorter than P4ssw0rd.
Tu contraseña era @D.
La tua password era @D.
Uw wachtwoord was @D.
Twoje hasło to nie @D.
A sua palavra-passe era @D.
"""

#: Rows under the login with its password: read, or refused.
OURS = r"""
Mot de passe (8 caractères) : @P
Mot de passe [sensible à la casse] : @P
Mot de passe (sensible à la casse) : @P
Mot de passe PPPoE* : @P
Mot de passe\u00a0: @P
Mot\u00a0de\u00a0passe\u00a0: @P
Mot de passe\u200b : @P
Mot de passe:@P
Mot de passe   :   @P
Mot de passe => @P
Mot de passe ⇒ @P
Mot de passe = @P
Mot de passe – @P
Mot de passe | @P
Mot de passe\t@P
mdp : @P
MDP : @P
MOT DE PASSE : @P
M. de passe : @P
Mot-de-passe : @P
mot_de_passe = @P
Nouveau mot de passe : @P
Votre nouveau mot de passe : @P
Votre nouveau mot de passe est le suivant : @P
Votre mot de passe est désormais @P
Voici votre nouveau mot de passe : @P
Le mot de passe associé est : @P
\u2022 Mot de passe : @P
2) Mot de passe : @P
2. Mot de passe : @P
b) Mot de passe : @P
☐ Mot de passe : @P
→ Mot de passe : @P
\U0001f511 Mot de passe : @P
_Mot de passe_ : @P
Mot de passe :\n\n@P
Mot de passe :\n    @P
Mot de passe\n--------------\n@P
Mot de passe :\n\u00a0\n@P
Mot de passe : @P\nVLAN : 835\nMTU : 1492
Mot de passe : @P\nMot de passe : @P
Mot de passe : @P\nConfirmation : @P
Votre mot de passe @D a été remplacé par @P.
Ancien mot de passe : @D\nNouveau mot de passe : @P
Nouveau mot de passe : @P\nAncien mot de passe : @D
Mot de passe (ancien) : @D\nMot de passe (nouveau) : @P
Mot de passe : @P (ancien : @D)
Mot de passe : @P\n(l'ancien, @D, ne fonctionne plus)
Mot de passe : @P\n\nMot de passe Wi-Fi : @E
Mot de passe : @P\n\nEspace client : bn20417-ovh / @E
PPP password: @P
PPPoE password: @P
Pwd: @P
Pw: @P
Password (case-sensitive): @P
Password/Passwort: @P
Mot de passe / Password : @P
Kennwort: @P
PPPoE-Kennwort: @P
Zugangspasswort: @P
Wachtwoord: @P
Hasło: @P
Palavra-passe: @P
Palavra passe: @P
Senha: @P
Contraseña: @P
Clave: @P
Parola d'ordine: @P
Password di accesso: @P
ppp chap password 0 @P
password "@P"
set password @P
option password '@P'
"""


def _whole() -> list[Met]:
    return [
        Met(f"whole {value}", filled(f"Identifiant : @L\nMot de passe : {value}\n"), expect=value) for value in WHOLE
    ]


def _rows(text: str) -> list[str]:
    return text.strip("\n").split("\n")


def _ours() -> list[str]:
    """The rows as they stand there, with the escapes taken."""
    return [row.encode("raw_unicode_escape").decode("unicode_escape") for row in _rows(OURS)]


VALUES = [
    *pairs("doubtful", "never", DOUBTFUL),
    *pairs("clear", "may", CLEAR),
    *pairs("plain", "must", ("@P", "   @P", "@P   ", "\u00a0@P", "@P\u00a0", "\t@P")),
    *_whole(),
    *lines("other", "never", _rows(OTHERS)),
    *lines("ours", "may", _ours()),
    *texts("other first", "never", (f"{row}\nIdentifiant PPPoE : @L\n" for row in _rows(OTHERS))),
]
