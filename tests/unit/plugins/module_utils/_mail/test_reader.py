# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading login and password out of a service mail: right, or refused; never a guess."""

from __future__ import annotations

import re
import string

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ovh_api import mails

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail import reader

LINE = "xdsl-ab12345-1"
OTHER = "ftth-ab12345-2"
LOGIN = "0320123456_1@adsl.ovh"
SECRET = "Zq7-canary_9x"
CREDENTIALS = reader.Verdict.CREDENTIALS
NOT_THIS = reader.Verdict.NOT_THIS_MAIL
UNREADABLE = reader.Verdict.UNREADABLE


def read(text, title=f"[{LINE}] Vos identifiants de connexion PPPoE", html=None, login=LOGIN):
    return reader.read(title, text, html, reader.Line(LINE, login))


def mail(body, hello="Bonjour,\n\nVoici les identifiants PPPoE de votre accès."):
    return f"{hello}\n\n{body}\n\nMerci.\nLe support OVHcloud\n"


GOOD = f"Identifiant : {LOGIN}\nMot de passe : {SECRET}"


@pytest.mark.parametrize("language", sorted(mails.PPP_WORDS))
@pytest.mark.parametrize("form", ["text", "html", "both", "v1"])
@pytest.mark.parametrize("login", [LOGIN, None])
def test_the_mail_in_eight_languages(language, form, login):
    title, text = mails.ppp_mail(LINE, LOGIN, SECRET, language)
    html = mails.as_html(text)
    shapes = {
        "text": (text, None),
        "html": (None, html),
        "both": (text, html),
        "v1": (text.replace("\n", "\r\n"), None),
    }
    reading = reader.read(title, *shapes[form], reader.Line(LINE, login))
    assert (reading.verdict, reading.login, reading.password) == (CREDENTIALS, LOGIN, SECRET), reading.why


@pytest.mark.parametrize(
    "body",
    [
        GOOD,
        f"Identifiant: {LOGIN}\nMot de passe: {SECRET}",
        f"  - Identifiant PPPoE : {LOGIN}\n  - Mot de passe PPPoE : {SECRET}",
        f"Identifiant :\n{LOGIN}\n\nMot de passe :\n{SECRET}",
        f"Identifiant (login) = {LOGIN}\nMot de passe (password) = {SECRET}",
        f"IDENTIFIANT : {LOGIN}\nMOT DE PASSE : {SECRET}",
        f"Nom d'utilisateur : {LOGIN}\nMot de passe : {SECRET}",
        f"Identifiant\u00a0: {LOGIN}\nMot de passe\u00a0: {SECRET}",
        f"Identifiant :\t{LOGIN}\nMot de passe :\t{SECRET}",
        f"Identifiant : {LOGIN}<mailto:{LOGIN}>\nMot de passe : {SECRET}",
        f"Identifiant : {LOGIN} [mailto:{LOGIN}]\nMot de passe : {SECRET}",
        f"Identifiant PPPoE : {LOGIN}   \n\nMot de passe PPPoE :    {SECRET}   ",
    ],
)
def test_layouts(body):
    reading = read(mail(body))
    assert (reading.verdict, reading.login, reading.password) == (CREDENTIALS, LOGIN, SECRET), reading.why


@pytest.mark.parametrize(
    "html",
    [
        f"<table><tr><td>Identifiant</td><td>{LOGIN}</td></tr><tr><td>Mot de passe</td><td>{SECRET}</td></tr></table>",
        f"<ul><li>Identifiant : <b>{LOGIN}</b></li><li>Mot de passe : <b>{SECRET}</b></li></ul>",
        f"<p>Identifiant&nbsp;: {LOGIN}<br>Mot de passe&nbsp;: {SECRET}</p>",
        f'<p>Identifiant : <a href="mailto:{LOGIN}">{LOGIN}</a><br/>Mot de passe : <code>{SECRET}</code></p>',
    ],
)
def test_html_layouts(html):
    reading = read(None, html=f"<html><body><p>Vos identifiants PPPoE</p>{html}</body></html>")
    assert (reading.verdict, reading.login, reading.password) == (CREDENTIALS, LOGIN, SECRET), reading.why


@pytest.mark.parametrize(
    "body",
    [
        f"Identifiant : {LOGIN}\n",
        f"Identifiant : {LOGIN}\nMot de passe :\n",
        f"Identifiant : {LOGIN}\nMot de passe : {SECRET}\nMot de passe : another-{SECRET}",
        f"Identifiant : {LOGIN}\nIdentifiant : 0320999999_1@adsl.ovh\nMot de passe : {SECRET}",
        f"Identifiant : {LOGIN}\nMot de passe : ********",
        f"Identifiant : {LOGIN}\nMot de passe : https://www.ovh.com/manager/secret/#?id=0e3bd2a6-7a35-4a1c-9a3a-1",
        f"Identifiant : {LOGIN}\nMot de passe : {LOGIN}",
        f"Identifiant : {LOGIN}\nMot de passe : voir notre courrier",
        "Identifiant : 0320999999_1@adsl.ovh\nMot de passe : " + SECRET,
    ],
)
def test_no_guess(body):
    reading = read(mail(body))
    assert reading.verdict in (UNREADABLE, NOT_THIS)
    assert reading.password is None
    assert SECRET not in reading.why and SECRET not in repr(reading)


@pytest.mark.parametrize(
    "sentence",
    [
        "Votre ancien mot de passe n'est plus valable.",
        "Votre ancien mot de passe ne\nfonctionne plus.",
        "Your old password is no longer valid.",
        "Your previous password has been replaced.",
        "Ihr altes Passwort ist nicht mehr gültig.",
        "Su contraseña anterior ya no es válida.",
        "La sua vecchia password non è più valida.",
        "Uw oude wachtwoord is niet meer geldig.",
        "Stare hasło już nie działa.",
        "A sua senha antiga já não é válida.",
    ],
)
def test_a_sentence_on_the_old_password_is_of_another_one(sentence):
    """The likeliest sentence beside a new one. What calls the credentials themselves old is refused."""
    title = "[xdsl-ab12345-1] Vos identifiants PPPoE"
    for text in (f"{sentence}\n\nPPPoE :\n{GOOD}\n", f"PPPoE :\n{GOOD}\n\n{sentence}\n"):
        assert read(text, title).password == SECRET, text
    for old in ("Anciens identifiants", "Your previous credentials were:", "These credentials are no longer valid:"):
        assert read(f"{old}\n\n{GOOD}\n", title).password is None


def test_two_parts_that_disagree_are_refused():
    _title, text = mails.ppp_mail(LINE, LOGIN, SECRET)
    reading = read(text, html=mails.as_html(text.replace(SECRET, "an-other-one")))
    assert reading.verdict is UNREADABLE


@pytest.mark.parametrize("login", [LOGIN, None])
@pytest.mark.parametrize(
    ("title", "text"),
    [
        mails.modem_mail(LINE, SECRET),
        mails.bill_mail("FR12345678"),
        mails.ppp_mail(OTHER, "0320654321_1@adsl.ovh", SECRET),
        mails.ppp_mail(f"{LINE}0", "0320654321_10@adsl.ovh", SECRET),
        (f"[{LINE}] Votre rendez-vous avec le technicien", "Bonjour,\n\nUn technicien passera mardi.\n"),
        (f"[{LINE}] Incident PPPoE", "Bonjour,\n\nUn incident touche les sessions PPPoE de votre accès.\n"),
        ("Votre mot de passe OVHcloud a été modifié", "Bonjour,\n\nLe mot de passe de votre compte a été modifié.\n"),
        ("", ""),
    ],
)
def test_other_mails_are_passed_over(title, text, login):
    reading = reader.read(title, text, None, reader.Line(LINE, login))
    assert reading.verdict is NOT_THIS, reading.why
    assert reading.password is None
    assert SECRET not in reading.why


def test_the_modem_mail_is_never_taken_even_when_it_speaks_of_pppoe():
    title, text = mails.modem_mail(LINE, SECRET)
    text += f"\nRappel : votre identifiant PPPoE reste inchangé.\nIdentifiant : {LOGIN}\n"
    reading = reader.read(title, text, None, reader.Line(LINE, LOGIN))
    assert reading.verdict is not CREDENTIALS


ALPHABET = string.ascii_letters + string.digits + "!#$%&()*+,-./:;<=>?@[]^_{|}~\"'\\"
PASSWORDS = st.text(ALPHABET, min_size=6, max_size=40).filter(
    lambda word: any(char.isalnum() for char in word) and "://" not in word
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(PASSWORDS, st.sampled_from(sorted(mails.PPP_WORDS)), st.booleans())
def test_any_password_comes_back_whole_or_is_refused(password, language, as_html):
    title, text = mails.ppp_mail(LINE, LOGIN, password, language)
    parts = (None, mails.as_html(text)) if as_html else (text, None)
    reading = reader.read(title, *parts, reader.Line(LINE, LOGIN))
    inside = re.fullmatch(r"[^\w\s]{1,2}([A-Za-z0-9]+)[^\w\s]{1,2}", password)
    assert reading.password in (password, None, inside and inside[1]), reading


@given(
    st.text(string.ascii_letters + string.digits + "-_!+=.", min_size=8, max_size=24).filter(
        # letters of both cases among each other, and a digit: no name, number or word of a language has all of it
        lambda word: (
            re.search(r"[a-z][A-Z].*[0-9].*[A-Za-z]$", word) is not None
            and word[0].isalnum()
            and re.search(r"([-_!+=.])\1", word) is None
            and re.search(r"[xX]{3}", word) is None  # masked
        )
    )
)
def test_usual_passwords_are_read(password):
    for language in mails.PPP_WORDS:
        title, text = mails.ppp_mail(LINE, LOGIN, password, language)
        reading = reader.read(title, text, mails.as_html(text), reader.Line(LINE, LOGIN))
        assert reading.password == password, (language, reading.why)


@given(st.text(max_size=300), st.one_of(st.none(), st.text(max_size=300)), st.one_of(st.none(), st.text(max_size=300)))
def test_no_mail_makes_it_stumble(title, text, html):
    for login in (LOGIN, None):
        reader.read(title, text, html, reader.Line(LINE, login))


def proven(text, html=None):
    """The layout of an earlier mail."""
    reading = read(text.replace("73910462", SECRET), html=html and html.replace("73910462", SECRET))
    assert reading.password == SECRET and reading.layout
    return reading.layout


NUMBER = mail(f"Du mardi 3 mars 2026, dossier 4471.\n\nIdentifiant : {LOGIN}\nMot de passe : 73910462")


@pytest.mark.parametrize("html", [None, mails.as_html(NUMBER)])
def test_a_password_of_one_kind_is_read_in_a_proven_layout_only(html):
    assert read(NUMBER, html=html).verdict is UNREADABLE
    line = reader.Line(LINE, LOGIN, proven=proven(NUMBER, html))
    later = [one and one.replace("mardi 3 mars", "jeudi 12 novembre").replace("4471", "5520") for one in (NUMBER, html)]
    title = f"[{LINE}] Vos identifiants de connexion PPPoE"
    for word in ("73910462", "hvtmwqkz", "ABKWQTRZ"):
        parts = [one and one.replace("73910462", word) for one in later]
        assert reader.read(title, *parts, line).password == word
    for parts in (
        [one and one.replace("Mot de passe", "Clé") for one in later],
        [one and one.replace("73910462", "inconnu") for one in later],
        [one and one.replace("73910462", "********") for one in later],
        [one and one.replace("73910462", "73/10/2026") for one in later],
        [one and one.replace("Merci", "Merci beaucoup") for one in later],
    ):
        assert reader.read(title, *parts, line).password is None
    assert reader.read("Autre titre", *later, line).password is None


def test_a_line_that_is_cut_gives_no_password():
    """What was cut may be the rest of it."""
    long = "&nbsp;" * 1000
    assert read(None, html=f"<p>Login: {LOGIN}</p><p>Password: {SECRET}</p><p>{long}x</p>").password == SECRET
    assert read(None, html=f"<p>Login: {LOGIN}</p><p>Password: {SECRET}{long}{SECRET}</p>").password is None
    assert read(None, html=f"<p>Login: {LOGIN}</p><p>Password: {'x1' * 600}</p>").password is None


#: Values of kinds that a reader took for a password once, or nearly did.
NONE = """
T4-2026|2026-W45|0472118839_2|16-characters|12caracteres|#1a2b3c|0x1F2E3D4C|tel:+33972101007|FR7630006000011234567890189|FR40303656847
35,99\u20ac/mois|Voir_annexe1|Courrier-2026|ANNEXE2|EnvoyeParCourrier|manager.ovh.com/secret|C:\\ovh\\pass.txt
Radius1.ovh.net|admin@ovhcloud|2026-mars-03|31dec2026|03NOV2026|10h12m30|v2.4.9-rc1|20261103T101200Z|CMD-2026-A113|page-12
$2y$10$abcdefghijklmnopqrstuv|da39a3ee5e6b4b0d3255bfef95601890afd80709|{SSHA}abcdefgh12|02005e100053|0200.5e10.0053
votreMotDePasse|Password123|MOT_DE_PASSE|${PASSWORD}|<%= pw1 %>|rW****3q|rWxxxx3q|rW\u20263q9|rW..3q|~~wasGood58~~
wasGood58</p>|"wasGood58|wasGood58"|"was-Good58"|(wasGood58|[wasGood58)|wasGood58*
rW8k\u00adTz3q|rW8k\u200bTz3q|vps-1a2b3c4d|ns3012345|lot_77|idem|annexe2|sms2026
""".strip().replace("\n", "|").split("|")  # fmt: skip


@pytest.mark.parametrize(
    "value",
    [
        '"{}"',
        "'{}'",
        "`{}`",
        "*{}*",
        "**{}**",
        "[{}]",
        "({})",
        "<{}>",
        "\u00ab {} \u00bb",
        "\u201c{}\u201d",
        "<b>{}</b>",
    ],
)
def test_marks_that_pair_round_letters_and_digits_are_not_the_passwords(value):
    word = value.format("wasGood58")
    assert read(mail(f"Identifiant : {LOGIN}\nMot de passe : {word}")).password == "wasGood58"
    assert read(mail(f"Your login is {LOGIN} and your password is {word}.")).password == "wasGood58"
    assert read(mail(f"Identifiant : {LOGIN}\nMot de passe : {value.format('was Good58')}")).password is None


@pytest.mark.parametrize("value", NONE)
def test_values_that_are_no_password(value):
    for body in (f"Identifiant : {LOGIN}\nMot de passe : {value}", f"Login       {LOGIN}\nPassword    {value}"):
        assert read(mail(body)).password is None, value
        assert read(None, html=mails.as_html(mail(body.replace("  ", "")))).password is None, value


@pytest.mark.parametrize(
    "body",
    [
        f"Identifiant : {LOGIN}\nMot de passe : {SECRET} (ancien mot de passe)",
        f"Identifiant : {LOGIN}\nMot de passe par d\u00e9faut : {SECRET}",
        f"Identifiant : {LOGIN}\nLe mot de passe par d\u00e9faut est {SECRET}",
        f"Benutzername: {LOGIN}\nPasswort der FRITZ!Box: {SECRET}",
        f"Identifiant : {LOGIN}\nNom : Atelier\nCl\u00e9 : {SECRET}",
        f"Identifiant : {LOGIN}\n\nVid\u00e9osurveillance\nMot de passe : {SECRET}",
        f"Identifiant : {LOGIN}\nHotspot : Atelier\nMot de passe : {SECRET}",
        f"Identifiant : {LOGIN}\nNum\u00e9ro de s\u00e9rie : SN20ABC771\nMot de passe : {SECRET}",
        f"Cl\u00e9 : {SECRET}\nIdentifiant : {LOGIN}\nMot de passe : *****",
        f"Acc\u00e8s distant\nUtilisateur : jdupont\nMot de passe : {SECRET}\n\nInternet\nIdentifiant : {LOGIN}",
        f"Identifiant : {LOGIN}\nMot de passe : ***\n\nEspace client\nIdentifiant : {LOGIN} (le m\u00eame)\nMot "
        f"de passe : {SECRET}",
        f"Info\n\n-------- Original-Nachricht --------\nBenutzername: {LOGIN}\nPasswort: {SECRET}",
        f"Info\n\nVon: OVHcloud Gesendet: Dienstag An: Technik Betreff: PPPoE\nLogin: {LOGIN}\nPasswort: {SECRET}",
        f"Old          New\nLogin       {LOGIN}   {LOGIN}\nPassword    {SECRET}    x{SECRET}",
        f"            PPPoE                     Wi-Fi\nLogin       {LOGIN}     Atelier\nPassword                 "
        f" {SECRET}",
    ],
)
def test_passwords_of_something_else(body):
    assert read(mail(body)).password is None
