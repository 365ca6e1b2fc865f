# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pages as newsletter kits, word processors and mail programs write them."""

from __future__ import annotations

from ansible_collections.ownrouter.ovhcloud.tests.unit.mails.met import LOGIN, Met, pages

#: What a person reads as the password, around its letters.
SHOWN = """
<b>@P</b>
<strong><span style="color:#000">@P</span></strong>
<code>@P</code>
<kbd>@P</kbd>
<a href="#">@P</a>
<font face="Courier">@P</font>
gT7x<span>Rw2m</span>
gT7x<b>Rw2m</b>
<span>g</span><span>T</span><span>7</span><span>x</span><span>R</span><span>w</span><span>2</span><span>m</span>
gT7x<wbr>Rw2m
gT7x&#8203;Rw2m
gT7x&zwnj;Rw2m
&#x67;&#x54;&#55;&#120;Rw2m
&nbsp;@P&nbsp;
<o:p></o:p>@P<o:p>&nbsp;</o:p>
@P<!-- fin -->
gT7x<!-- milieu -->Rw2m
@P<img src="cid:1" width="1" height="1">
@P<img src="cid:1" alt="Copier">
@P <button>Copier</button>
@P <a href="#">Afficher</a>
@P<sup>1</sup>
@P<sup>(1)</sup>
@P<sup>*</sup>
@P<sub>2</sub>
<q>@P</q>
« @P »
<span title="@E">@P</span>
<span data-value="@E">@P</span>
<input value="@E">@P
<abbr title="@E">@P</abbr>
@P<span style="display:none">9</span>
<span style="display:none">9</span>@P
@P<span style="font-size:0">9</span>
gT7x<span hidden>9</span>Rw2m
gT7x<s>9</s>Rw2m
<del>@D</del> @P
<s>@D</s> <ins>@P</ins>
<span style="text-decoration: line-through">@D</span> @P
<strike>@D</strike><br>@P
@P<br><span style="font-size:9px">(8 caractères)</span>
@P<br/>
<p>@P</p>
<div>@P</div>
<pre>@P</pre>
<span class="notranslate" translate="no">@P</span>
<span style="letter-spacing:2px">@P</span>
<![if !vml]>@P<![endif]>
<!--[if mso]>@E<![endif]-->@P
<!--[if !mso]><!-->@P<!--<![endif]-->
<script>document.write("@E")</script>@P
<style>.a{color:red}</style>@P
<noscript>@E</noscript>@P
<select><option>@E</option></select>@P
<textarea>@E</textarea>@P
<span aria-label="@E">@P</span>
<mark>@P</mark>
<big>@P</big>
<tt>@P</tt>
<label>@P</label>
"""

#: What a person reads is another word than the letters in the source, or no one knows which.
TWISTED = """
<span style="text-transform:uppercase">gt7xrw2m</span>
<span style="TEXT-TRANSFORM: lowercase">GT7XRW2M</span>
<span style="text-transform:capitalize">gt7xrw2m</span>
<bdo dir="rtl">m2wRx7Tg</bdo>
<span style="unicode-bidi:bidi-override;direction:rtl">m2wRx7Tg</span>
<span style="font-variant:small-caps">gt7xrw2m</span>
@P<br>@E
<div>@P</div><div>@E</div>
<span style="display:none">@E</span>
<s>@D</s>
<del>@D</del>
<span style="color:#fff;background:#fff;visibility:hidden">@E</span>
<img src="cid:mdp" alt="@E">
<img src="https://ovh.example/p.png">
<input type="password" value="@E">
<textarea>@E</textarea>
&#8226;&#8226;&#8226;&#8226;&#8226;&#8226;&#8226;&#8226;
gT7x&nbsp;Rw2m
gT7x Rw2m
gT7x<br>Rw2m
<p>gT7x</p><p>Rw2m</p>
gT7&amp;amp;Rw2m
gT7&amp;lt;Rw2m
gT7&amp;#39;Rw2m
gT7&#xFFFD;Rw2m
gT7&#0;Rw2m
gT7x<Rw>2m
gT7x</p>Rw2m
gT7x<!Rw2m>q
gT7x<?Rw2m?>q
gT7x&amp
gT7x&#82w2m
gT7x&Rarr;2m
<ruby>gT7xRw2m<rt>aide</rt></ruby>
@P<sup>2m</sup>
<span>@P</span><span>@E</span>
<ul><li>@P</li><li>@E</li></ul>
<table><tr><td>@P</td><td>@E</td></tr></table>
<span style="position:absolute;left:-9999px">@E</span>
<span style="color:transparent">@E</span>
<span style="width:0;overflow:hidden">@E</span>
<small style="mso-hide:all;display:none">@E</small>
<svg><text>@E</text></svg>
<math><mi>@E</mi></math>
<title>@E</title>
<object data="x">@E</object>
<iframe>@E</iframe>
<audio>@E</audio>
<datalist><option>@E</option></datalist>
"""

#: Whole pages: must be read.
PLAIN = """
<table><tr><td>Identifiant</td><td>@L</td></tr><tr><td>Mot de passe</td><td>@P</td></tr></table>
<table><tr><th>Identifiant</th><th>Mot de passe</th></tr><tr><td>@L</td><td>@P</td></tr></table>
<table><thead><tr><th>Identifiant<th>Mot de passe<tbody><tr><td>@L<td>@P</table>
<table><tr><td rowspan=2>PPPoE</td><td>Identifiant</td><td>@L</td></tr><tr><td>Mot de passe</td><td>@P</td></tr>
    </table>
<table><tr><td colspan=2>Connexion PPPoE</td></tr><tr><td>Identifiant</td><td>@L</td></tr><tr><td>Mot de passe</td>
    <td>@P</td></tr></table>
<table><tr><th colspan="2">Identifiants PPPoE</th></tr><tr><th>Identifiant</th><th>Mot de passe</th></tr><tr><td>@L
    </td><td>@P</td></tr></table>
<dl><dt>Identifiant</dt><dd>@L</dd><dt>Mot de passe</dt><dd>@P</dd></dl>
<ul><li><b>Identifiant :</b> @L</li><li><b>Mot de passe :</b> @P</li></ul>
<p>Identifiant&nbsp;: <a href="mailto:@L">@L</a><br>Mot de passe&nbsp;: @P</p>
<p><b>Identifiant</b><br>@L</p><p><b>Mot de passe</b><br>@P</p>
<div>Identifiant : @L</div><div>Mot de passe : @P</div><div style="display:none">Mot de passe : @E</div>
<style>td{padding:1px}</style><table><tr><td><table><tr><td>Identifiant :</td><td>@L</td></tr></table></td></tr><tr>
    <td><table><tr><td>Mot de passe :</td><td>@P</td></tr></table></td></tr></table>
<pre>Identifiant : @L
Mot de passe : @P
</pre>
<p>Login: @L<p>Password: @P
<P ALIGN=LEFT>Benutzername: @L<BR>Kennwort: @P</P>
<center><h1>Vos identifiants</h1><h3>Identifiant</h3><p>@L</p><h3>Mot de passe</h3><p>@P</p></center>
<table><tr><td>Login:</td><td>&nbsp;</td><td>@L</td></tr><tr><td>Password:</td><td>&nbsp;</td><td>@P</td></tr></table>
<table><tr><td align=right>Usuario:</td><td><strong>@L</strong></td></tr><tr><td align=right>Contraseña:</td><td>
    <strong>@P</strong></td></tr></table>
<p style="margin:0">Nome utente: <span>@L</span></p><p style="margin:0">Password: <span>@P</span></p>
<p>Gebruikersnaam: @L</p><p>Wachtwoord: @P</p>
<p>Nazwa użytkownika: @L</p><p>Hasło: @P</p>
<p>Nome de utilizador: @L</p><p>Palavra-passe: @P</p>
<p>Nom d&rsquo;utilisateur&nbsp;: @L</p><p>Mot de passe&nbsp;: @P</p>
<p>Identifiant&#160;: @L</p>\\r\\n<p>Mot de passe&#160;: @P</p>
<table role="presentation"><tbody><tr><td style="padding:0 24px"><p>Bonjour,</p>
    <p>Voici vos identifiants de connexion :</p><p>Identifiant : <strong>@L</strong><br>Mot de passe : <strong>@P
    </strong></p><p>Cordialement,<br>Support client OVHcloud</p></td></tr></tbody></table>
"""

#: Whole pages: read or refused.
ODD = """
<table><tr><th></th><th>Identifiant</th><th>Mot de passe</th></tr><tr><td>PPPoE</td><td>@L</td><td>@P</td></tr><tr>
    <td>Wi-Fi</td><td>Bureau</td><td>@E</td></tr></table>
<table><tr><th></th><th>PPPoE</th><th>Wi-Fi</th></tr><tr><th>Identifiant</th><td>@L</td><td>Bureau</td></tr><tr>
    <th>Mot de passe</th><td>@P</td><td>@E</td></tr></table>
<table><tr><th>Service</th><th>Identifiant</th><th>Mot de passe</th></tr><tr><td rowspan=2>Accès</td><td>@L</td><td>@P
    </td></tr><tr><td>admin</td><td>@E</td></tr></table>
<table><tr><th>Service</th><th>Identifiant</th><th>Mot de passe</th></tr><tr><td rowspan=2>Accès</td><td>admin</td>
    <td>@E</td></tr><tr><td>@L</td><td>@P</td></tr></table>
<table><tr><th>Identifiant</th><th>Ancien mot de passe</th><th>Nouveau mot de passe</th></tr><tr><td>@L</td><td>@D
    </td><td>@P</td></tr></table>
<table><tr><th>Identifiant</th><th colspan=2>Mot de passe</th></tr><tr><td></td><td>ancien</td><td>nouveau</td></tr>
    <tr><td>@L</td><td>@D</td><td>@P</td></tr></table>
<table><tr><th>Mot de passe</th><th>Identifiant</th></tr><tr><td>@E</td><td>0472335566_2@ovh.kosc</td></tr><tr><td>@P
    </td><td>@L</td></tr></table>
<table><tr><th>Ligne</th><th>Identifiant</th><th>Mot de passe</th></tr><tr><td>1</td><td>0472335566_2@ovh.kosc</td>
    <td>@E</td></tr><tr><td>2</td><td>@L</td><td>@P</td></tr></table>
<table><tr><td colspan=2>Identifiant : @L</td></tr><tr><td>Mot de passe : @P</td><td>VLAN : 835</td></tr></table>
<table><tr><td>Identifiant</td><td rowspan=2>@L<br>@P</td></tr><tr><td>Mot de passe</td></tr></table>
<table><tr><td>Identifiant<br>Mot de passe</td><td>@L<br>@P</td></tr></table>
<p>Identifiant : @L</p><p>Mot de passe : @P</p><hr><p>Username: @L</p><p>Password: @P</p>
<p>Identifiant / Login : @L</p><p>Mot de passe / Password : @P</p>
<p>Votre identifiant est <b>@L</b> et votre mot de passe est <b>@P</b>.</p>
<blockquote><p>Identifiant : @L</p><p>Mot de passe : @P</p></blockquote>
<p>Identifiant : @L</p><p>Mot de passe : @P</p><p>Wi-Fi : Bureau<br>Clé : @E</p>
<p>Wi-Fi : Bureau<br>Clé : @E</p><p>Connexion PPPoE</p><p>Identifiant : @L</p><p>Mot de passe : @P</p>
"""

#: Whole pages that give nothing of ours.
NEVER = """
<table><tr><th></th><th>Identifiant</th><th>Mot de passe</th></tr><tr><td>PPPoE</td><td>@L</td><td></td></tr><tr>
    <td>Wi-Fi</td><td>Bureau</td><td>@E</td></tr></table>
<table><tr><th></th><th>PPPoE</th><th>Wi-Fi</th></tr><tr><th>Identifiant</th><td>@L</td><td>Bureau</td></tr><tr>
    <th>Mot de passe</th><td></td><td>@E</td></tr></table>
<table><tr><th></th><th>Identifiant</th><th>Mot de passe</th></tr><tr><td>PPPoE</td><td>@L</td></tr><tr><td>Wi-Fi</td>
    <td>Bureau</td><td>@E</td></tr></table>
<table><tr><th>Identifiant</th><th>Mot de passe</th></tr><tr><td colspan=2>@L</td><td>@E</td></tr></table>
<table><tr><th>Identifiant</th><th>Service</th><th>Mot de passe</th></tr><tr><td>@L</td><td>Wi-Fi</td><td>@E</td></tr>
    </table>
<table><tr><th>Identifiant</th><th>Mot de passe</th></tr><tr><td>@L</td><td rowspan=2>********</td></tr><tr><td>admin
    </td><td>@E</td></tr></table>
<table><tr><th rowspan=2>Identifiant</th><th colspan=2>Mot de passe</th></tr><tr><th>Wi-Fi</th><th>Modem</th></tr><tr>
    <td>@L</td><td>@E</td><td>@E</td></tr></table>
<table><tr><td>Identifiant</td><td>@L</td><td>Wi-Fi</td><td>Bureau</td></tr><tr><td>Mot de passe</td><td>par courrier
    </td><td>Clé</td><td>@E</td></tr></table>
<table><tr><td>Identifiant</td><td>@L</td></tr><tr><td>Mot de passe</td><td></td></tr><tr><td>@E</td></tr></table>
<p>Identifiant : @L</p><p>Mot de passe :</p><h2>Wi-Fi</h2><p>@E</p>
<p>Identifiant : @L</p><p>Mot de passe : </p><p>Code : @E</p>
<p>Identifiant : @L</p><p>Mot de passe : @P</p><p>Identifiant : @L</p><p>Mot de passe : @E</p>
<p>Identifiant : 0472335566_2@ovh.kosc</p><p>Mot de passe : @E</p>
<p>Identifiant : 0472335566_1@ovh.kosc.example</p><p>Mot de passe : @E</p>
<p>Identifiant : x@L</p><p>Mot de passe : @E</p>
<p>Login: @L</p><h2>Router</h2><p>Login: admin</p><p>Password: @E</p>
<p>Login: @L</p><p>Router web page: http://192.168.1.1</p><p>Password: @E</p>
<ul><li>Login: @L</li></ul><p>Fritz!Box</p><ul><li>Password: @E</li></ul>
<dl><dt>Identifiant</dt><dd>@L</dd><dt>Mot de passe</dt><dt>Clé Wi-Fi</dt><dd>@E</dd></dl>
<p>Beispiel:</p><p>Benutzername: @L</p><p>Passwort: @E</p>
<p>Exemple de configuration :</p><p>Identifiant : @L</p><p>Mot de passe : @E</p>
"""


def _rows(text: str) -> list[str]:
    whole = text.strip("\n").replace("\n    <", "<")  # a page that is folded
    return [row.replace("\\r\\n", "\r\n") for row in whole.split("\n")]


#: Signs that a program did not escape: whole or refused.
BARE = ("gT7<rw2m", "gT7x</Rw2m", "gT7x&Rw2m", "gT7x&ltRw2", "gT7x&nbRw2", "gT7x>Rw2m", "gT7x&;Rw2m", "gT7x&&Rw2m")

PAGES: list[Met] = [
    *(
        Met(f"html bare {one}", html=f"<p>Identifiant : {LOGIN}</p><p>Mot de passe : {one}</p>", expect=one)
        for one in BARE
    ),
    *pages("shown", "may", (f"<p>Identifiant : @L</p><p>Mot de passe : {row}</p>" for row in _rows(SHOWN))),
    *pages(
        "shown cell",
        "may",
        (
            f"<table><tr><td>Identifiant</td><td>@L</td></tr><tr><td>Mot de passe</td><td>{row}</td></tr></table>"
            for row in _rows(SHOWN)
        ),
    ),
    *pages("twisted", "never", (f"<p>Identifiant : @L</p><p>Mot de passe : {row}</p>" for row in _rows(TWISTED))),
    *pages(
        "twisted cell",
        "never",
        (
            f"<table><tr><td>Identifiant</td><td>@L</td></tr><tr><td>Mot de passe</td><td>{row}</td></tr></table>"
            for row in _rows(TWISTED)
        ),
    ),
    *pages("plain", "must", _rows(PLAIN.replace("@L\nMot", "@L&#10;Mot").replace("@P\n</pre>", "@P</pre>"))),
    *pages("odd", "may", _rows(ODD)),
    *pages("never", "never", _rows(NEVER)),
]
