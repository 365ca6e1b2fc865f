# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The reader over the mails of ``blind``, which were written without a look at it; and those mails over bad readers."""

from __future__ import annotations

import html
import re

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail import reader
from ansible_collections.ownrouter.ovhcloud.tests.unit.mails import blind, blind_draw, blind_run
from ansible_collections.ownrouter.ovhcloud.tests.unit.mails import blind_layouts as layouts

#: `make soak` takes 100,000, with a fresh seed: `python -m ...mails.blind_run NUMBER SEED` repeats what it found.
NUMBER, SEED = 5_000, "19"
LINE = reader.Line("xdsl-aa11111-1", "0320123456_1@adsl.ovh")
UNKNOWN = reader.Line(LINE.service_name)
TITLE = f"PPPoE credentials of your access {LINE.service_name}"
OURS = f"Login: {LINE.login}\n"
LINK = "https://www.ovh.com/manager/secret/#?id=64501a2c-5c4b-4abe-9e3c-1cdf493cba7a"
#: Wrong readings that these mails found, each as small as it can be; nothing may be read in any of them.
FOUND = {
    "a link behind a mask": f"{OURS}Password: Z******9\n\nWi-Fi\nLogin: OVH-A1B2C3\nPassword: {LINK}",
    "a link behind an old password": f"{OURS}Password: 8tF6P8WC0n (old password)\n\nCustomer area\nPassword: {LINK}",
    "a link before a placeholder": f"FTP access\nPassword: {LINK}\n\nPPPoE\n{OURS}Password: {{{{password}}}}",
    "a link before nothing": f"Telephone line\nLogin: 0033972101008\nPassword: {LINK}\n\nPPPoE\n{OURS}Password: ",
    "a template's name": f"{OURS}Password: PPP_PASSWORD_1",
    "an old block": f"Old credentials\n{OURS}Password: pPuOV7FTF2",
    "an old block after a missing password": f"PPPoE\n{OURS}\nOld credentials\n{OURS}Password: fzepRn20l7",
    "an old mail under a broken line": f"Am 12.10.2026 um 10:32 schrieb\nOVHcloud:\n\n{OURS}Passwort: TiE0lz3XiCX",
    "another service's login": "VPS\n---\nLogin: 0033972101008@sip.ovh.net\nPassword: by8dKF7wf",
    "an old block under a sentence": f"The following credentials are no longer valid:\n\n{OURS}Password: pPuOV7FTF2",
    "an old block of the past": f"Your previous credentials were:\n{OURS}Password: pPuOV7FTF2",
    "an old block over a sentence": f"{OURS}Password: pPuOV7FTF2\n\nThis password is no longer valid.",
    "a file": f"{OURS}Password: credentials_2026.pdf",
    "a remark with strokes": f"{OURS}Password: By-SMS-only",
    "a full stop below": f"Login\n{LINE.login}\n\nPassword\npPuOV7FTF2.",
    "a semicolon below": f"Login\n{LINE.login}\n\nPassword\npPuOV7FTF2;",
    "an old mail in a box": f"| From: OVHcloud |\n| Sent: 12/10 |\n| |\n| Login: {LINE.login} |\n| Password: pPuO7TF |",
    "an example": "Example:\nLogin: 0320000000_1@adsl.ovh\nPassword: Ab12Cd34",
}
#: What stands above a block with our login: it may be another one, or not valid.
ABOVE = (
    *("Temporary PPPoE credentials:", "Wrong PPPoE credentials:", "Ihr PPPoE-Zugang wurde gesperrt:"),
    *("Test account (do not use):", "Backup access:", "Someone tried to log in:", "The log-in was refused.", "VPS"),
    *("2026-11-26 10:32 auth failed", "You wrote in ticket CS123:", "Your access is cancelled.", "History"),
    *("From 1 December 2026 on:", "Valid until 26/11/2026:", "Your PPPoE credentials were:", "Example for PPPoE:"),
    *(
        "Vos anciens identifiants PPPoE",
        "Ihre fr\u00fcheren PPPoE-Daten",
        "Poprzednie dane PPPoE",
        "Oude PPPoE-gegevens",
    ),
)
FOUND.update({above: f"Hello,\n\n{above}\n{OURS}Password: pPuOV7FTF2" for above in ABOVE})
#: What stands below it, or in it.
BELOW = ("Do not use these.", "These are examples.", "Status: cancelled", "(old password)", "Das war ein Test.")
FOUND.update({below: f"PPPoE\n{OURS}Password: pPuOV7FTF2\n\n{below}" for below in BELOW})
#: What it says of itself, wherever that stands.
WRONG = (
    *(
        "This password is wrong.",
        "This is not your password.",
        "These are not the right credentials.",
        "That isn't yours.",
    ),
    *(
        "Ce mot de passe est erron\u00e9.",
        "Ce n'est pas votre mot de passe.",
        "Ces identifiants ne sont pas les v\u00f4tres.",
    ),
    *("Dieses Passwort ist falsch.", "Das ist nicht Ihr Passwort.", "Esta contrase\u00f1a es incorrecta."),
    *("Esta no es su contrase\u00f1a.", "Questa password \u00e8 errata.", "Questa non \u00e8 la tua password."),
    *("Dit wachtwoord is onjuist.", "Dit is niet uw wachtwoord.", "To has\u0142o jest b\u0142\u0119dne."),
    *("To nie jest Twoje has\u0142o.", "Esta senha est\u00e1 errada.", "Esta n\u00e3o \u00e9 a sua senha."),
)
FOUND.update({said: f"PPPoE\n{OURS}Password: pPuOV7FTF2\n\nThank you.\n\n{said}" for said in WRONG})
FOUND["an old mail behind strokes"] = f"Hello,\n\n| Login: {LINE.login}\n| Password: pPuOV7FTF2"
FOUND["half of a pair"] = f"Your login is *{LINE.login}* and your password is *pPuOV7FTF2*."
FOUND["an old mail in one line"] = (
    f"Hello,  Sent: 12/10 From: OVHcloud To: me  PPPoE  \t- {OURS.strip()} \t- Password: pPuOV7FT"
)
FOUND["an old mail marked in one line"] = (
    f"Hello,  On 12 Oct, OVHcloud wrote: >> | {OURS.strip()} | >> | Password | pPuOV7FT |"
)
FOUND["an old mail of joined lines"] = (
    f"Hello,  -----Original Message----- From: OVHcloud Sent: 12/10 To: me  \t- {OURS.strip()} \t- Password: pPuOV7FT"
)
FOUND["an old mail of joined lines, far behind"] = (
    f"Hello,  {'Here you are. ' * 30} On 12 Oct, OVHcloud wrote : > | {OURS.strip()} | > | Password: pPuOV7FT | > Bye"
)
FOUND.update(
    {
        f"marks in the login's, {mark}": f"Login: `{LINE.login}`\nPassword: `{mark}pPuOV7FTF2{mark[::-1]}`"
        for mark in ('"', "_", "`", "*", "**")
    }
)
FOUND["brackets in the login's marks"] = f"Login: `{LINE.login}`\nPassword: `(pPuOV7FTF2)`"
SERVICE = f"SIP password ({LINE.service_name})\n\nLogin: 0033972101008\nPassword: Yc8hOyP6\n\n=== example.com ===\n"
FOUND["another service under an address"] = f"{SERVICE}Login: 0033972101008@ovh.example\nPassword: 1f2m56mi"
FOUND["another service's login under an address"] = f"{SERVICE}Login: 0033972101008@sip.ovh.net\nPassword: 1f2m56mi"
FOUND["a heading between marks"] = "=== FRITZ!Box ===\nLogin: 0033972101008@sip.ovh.net\nPassword: by8dKF7wf"
FOUND["a heading with a value"] = "MySQL: db1\nLogin: 0033972101008@sip.ovh.net\nPassword: by8dKF7wf"
FOUND["an expired row"] = f"PPPoE\n| Login | {LINE.login} | active |\n| Password | pPuOV7FTF2 | expired |"
FOUND["an expired column"] = f"Login      Password    State\n{LINE.login}    pPuOV7FTF2    expired"
#: A program that wraps lines wraps the headers of an older mail, too: after each part, and in each language.
HEADERS = (
    *("From: OVHcloud\n<a@example.net>\nSent: 12/10", "Sent: 12/10\n10:32\nFrom: OVHcloud\n<a@example.net>"),
    *(
        "De : OVHcloud\n<a@example.net>\nEnvoy\u00e9 : lundi\n12 octobre",
        "Von: OVHcloud\n<a@example.net>\nGesendet: Montag",
    ),
    *(
        "Data: 12/10\n10:32\nA: Jan\n<j@example.net>\nDa: OVHcloud",
        "Od: OVHcloud\n<a@example.net>,\nB <b@example.net>\nDo: Jan",
    ),
)
FOUND.update(
    {
        f"wrapped, {headers!r}": f"{OURS}Previous password: jBpPjN51z8MF0G\n\n{headers}\n\n{OURS}Password: pPuOV7FTF2"
        for headers in HEADERS
    }
)
FOUND.update(
    {
        f"a colon of another kind, {colon!r}": f"Sent{colon} 12/10\nFrom{colon} OVHcloud\n\n{OURS}Password: pPuOV7FTF2"
        for colon in "\uff1a\ufe55\u2236\ua789\ufe13\u02d0"
    }
)
#: What may stand there.
OPENINGS = (
    *("Hello Jean Dupont,", "Bonjour,", "Vos identifiants de connexion :", "Zugangsdaten", "Your PPPoE access", "===="),
    *("Sus datos de acceso:", "Le tue credenziali", "Hieronder vindt u uw inloggegevens:", "Dane do logowania PPPoE"),
    *(f"{LINE.service_name} was set up anew:", "We have made a new password.", "59100 Roubaix", "Os seus dados:"),
)
FOUND.update(
    {
        below: f"PPPoE\n{OURS}Password: pPuOV7FTF2\n\n{below}"
        for below in (
            *("WRONG", "Sorry, wrong line!", "Falsches Passwort!", "The password above is wrong.", "It will not work."),
            *("Le mot de passe ci-dessus est faux.", "Please ignore the credentials above.", "Das funktioniert nicht."),
        )
    }
)
#: What a mail with a good password says below it.
BESIDE = (
    *("This password is personal: do not share it.", "This password is case sensitive.", "Do not reply to this mail."),
    *("Ce mot de passe est personnel, ne le communiquez pas.", "Si le mot de passe est refus\u00e9, appelez le 1007."),
    *(
        "Dieses Passwort wird nicht noch einmal angezeigt.",
        "Esta contrase\u00f1a no caduca.",
        "Questa email non \u00e8 spam.",
    ),
    *("If this password does not work, call 1007.", "If you did not ask for this, ignore this mail."),
    *("Si ce mot de passe est incorrect, appelez le 1007.", "Wenn es nicht funktioniert, rufen Sie an."),
    *("You can ignore this mail if you did not ask for it.", "This password is not stored by OVHcloud."),
    *("Dit bericht is niet ondertekend.", "To has\u0142o nie jest u nas przechowywane.", "Esta senha n\u00e3o expira."),
)
BLOCK = f"<p>Login: {LINE.login}</p><p>Password: pPuOV7FTF2</p>"
HIDDEN = (
    *("clip:rect(0,0,0,0);position:absolute", "width:0;overflow:hidden", "max-width : 0px", "transform:scale(0)"),
    *("color:#fff;background:#fff", "background-color: white; color: white", "filter:opacity(0)", "opacity:.01"),
    *("height:1px;overflow:hidden", "font-size:0.1px", "color: transparent"),
)
HIDING = ("display:none", "font-size:0", "text-transform:uppercase", "visibility : hidden", "font: 0/0 a")
CLASSED = BLOCK.replace("<p", "<p class='x old'")
FOUND_HTML = {
    **{
        f"by a class, {look}": f"<style>a{{color:red}} td,p.old{{{look}}}</style><div>{CLASSED}</div>"
        for look in HIDING
    },
    **{
        f"by a name, {look}": f"<style>@media screen {{#old > div {{{look}}}}}</style><p id=old><div>{BLOCK}</div></p>"
        for look in HIDING
    },
    **{look: f"<div style='{look}'>{BLOCK}</div>" for look in HIDDEN},
    "by an id": f"<style>#o{{display:none}}</style><div class=a id='o'>{BLOCK}</div>",
    "without size": f"<div style='font-size:0'>{BLOCK}</div>",
    "without size in a line": BLOCK.replace("pPu", "<span style='font-size:0px'>pPu").replace("F2", "F2</span>"),
    "without size in a size": f"<p style='font:0 a'><i style='font:9px'><div style='font:0 a'>{BLOCK}</div></i></p>",
    "without size, in percent of it": f"<div style='font-size:0'><div style='font-size:90%'>{BLOCK}</div></div>",
    **{f"in {name}": f"<{name}>{BLOCK}</{name}>" for name in ("noscript", "object", "svg", "dialog", "noframes")},
    **{around: around.replace("{0}", BLOCK) for around in layouts.UNSEEN},
    "out of sight": f"<div style='position:absolute; left:-9999px'>{BLOCK}</div>",
    "without height": f"<div style='height:0;overflow:hidden'>{BLOCK}</div>",
    "half unseen": f"<p>Login: {LINE.login}</p><p style='display:none'>Password: pPuOV7FTF2</p>",
    "turned": f"<p>Login: {LINE.login}</p><p>Password: <bdo dir=rtl>pPuOV7FTF2</bdo></p>",
    "shown in capitals": f"<p>Login: {LINE.login}</p><p>Password: <b style='text-transform:uppercase'>pPuOV7FT</b>",
    "quoted by Outlook for Mac": f"<p>Hello,</p><div id=mail-editor-reference-message-container>{BLOCK}</div>",
    "quoted by Zimbra": f"<p>Hello,</p><hr id=zwchr>{BLOCK}",
    "quoted by Zoho": f"<p>Hello,</p><div class=zmail_extra>{BLOCK}</div>",
}


def test_the_mails():
    result = blind_run.measure(blind_draw.mails(SEED, NUMBER), SEED)
    print(f"\n{result.table('language', 'layout')}")
    assert result.mails == NUMBER and not result.failures, result.report()
    assert not result.low(), result.low()


@pytest.mark.parametrize("name", FOUND)
def test_what_was_found(name):
    for line in (LINE, UNKNOWN):
        reading = reader.read(TITLE, FOUND[name], None, line)
        assert (reading.password, reading.secret) == (None, None)


@pytest.mark.parametrize("above", OPENINGS)
def test_what_may_stand_above(above):
    for line in (LINE, UNKNOWN):
        reading = reader.read(TITLE, f"Hello,\n\n{above}\n\n{OURS}Password: pPuOV7FTF2", None, line)
        assert reading.password or (line is UNKNOWN and above.endswith("password."))


@pytest.mark.parametrize("below", BESIDE)
def test_what_may_stand_below(below):
    assert reader.read(TITLE, f"Hello,\n\nPPPoE\n{OURS}Password: pPuOV7FTF2\n\n{below}", None, LINE).password


UUID = LINK[-36:]


@pytest.mark.parametrize(
    ("link", "opens"),
    [
        (LINK, True),
        (f"https://www.ovh.com/manager/secret/#/{UUID}", True),
        (f"https://www.ovh.com/manager/secret/{UUID}", True),
        (f"https://manager.eu.ovhcloud.com/secret/{UUID}", True),
        (f"https://www.ovh.com/engine/api/secret/?id={UUID}", True),
        (f"https://www.ovh.com/engine/api/secret/{UUID}", True),
        (f"https://www.ovh.com/engine/api/secret/retrieve/{UUID}", True),
        (f"https://www.ovh.com/engine/api/secret/retrieve?id={UUID}", True),
        (f"https://www.ovh.com/engine/api/secret{UUID}", False),
        (f"https://www.ovh.com/engine/api/other/{UUID}", False),
        (f"https://www.ovh.com.example.org/engine/api/secret/{UUID}", False),
        (f"http://www.ovh.com/engine/api/secret/{UUID}", False),
        (f"https://www.ovh.com/engine/api/secret/{UUID}/more", False),
        (f"https://www.ovh.com/engine/api/secret/{UUID[:-1]}", False),
    ],
)
def test_which_addresses_are_one_time_links(link, opens):
    """A host, a scheme or a form that is not OVHcloud's is never opened."""
    for parts in (
        (f"{OURS}Password: {link}", None),
        (None, f"<p>{OURS}</p><p>Password: <a href='{link}'>here</a></p>"),
    ):
        reading = reader.read(TITLE, *parts, LINE)
        assert (reading.password, reading.secret) == (None, UUID if opens else None)


def test_a_link_in_the_path_of_another_service_is_not_ours():
    link = f"https://www.ovh.com/engine/api/secret/retrieve/{UUID}"
    assert reader.read(TITLE, f"{OURS}Password: ****\n\nWi-Fi\nPassword: {link}", None, LINE).secret is None


def test_a_link_that_the_users_pattern_marks():
    """The user's word stands above what the mail says round it."""
    patterns = reader.Patterns(password=re.compile(r"^PPP token is (\S+)$", re.M))
    mail = f"Old things\nWi-Fi\nPPP peer: {LINE.login}\nPPP token is {{}}"
    line = reader.Line(LINE.service_name, LINE.login, patterns)
    assert reader.read(TITLE, mail.format(LINK), None, line).secret == LINK[-36:]
    assert reader.read(TITLE, mail.format("https://www.ovh.com/auth/") + f"\n{LINK}", None, line).secret is None


@pytest.mark.parametrize(
    "around",
    (
        "<div style='font-size:0px'><div style='font-size:13px'>{}</div></div>",
        "<div style='display:none;max-height:0px'>Your PPPoE access</div><div style='overflow: hidden;'>{}</div>",
        "<style>.a{{font-size:0}} .b:hover{{display:none}} h1{{text-transform:uppercase}}</style>"
        "<h1>PPPoE</h1><div class=a><div class=b style='font-size:13px'>{}</div></div>",
        "<p style='font-size:0;'>\n <table style='font-size:0px'><tr><td style='font:9px A'>{}</td></tr></table>\n</p>",
        "<div style='background-color:transparent;border-color:transparent;color:inherit;background:inherit'>{}</div>",
        "<div style='width:100%;max-width:600px;min-width:0;height:1em;border-width:0;opacity:0.9'>{}</div>",
        "<h2 style='text-transform:uppercase'>PPPoE</h2><div style='line-height:0.9'>{}</div>",
    ),
)
def test_what_newsletters_do_hides_nothing(around):
    assert reader.read(TITLE, None, f"<html><body>{around.format(BLOCK)}</body></html>", LINE).password


@pytest.mark.parametrize("name", FOUND_HTML)
def test_what_was_found_in_pages(name):
    for line in (LINE, UNKNOWN):
        assert reader.read(TITLE, None, f"<html><body>{FOUND_HTML[name]}</body></html>", line).password is None


def test_a_recipe_gives_the_same_mail_and_shrinks_to_one_of_its_kind():
    for index in range(300):
        recipe = blind_draw.draw(f"same/{index}")
        mail = blind.render(recipe)
        assert mail == blind.render(blind_draw.draw(f"same/{index}"))
        if recipe.level in blind_run.LEAST:
            assert mail.password in f"{mail.text}{html.unescape(mail.html or '')}"
        for smaller in blind.simpler(recipe):
            assert smaller != recipe and smaller.kind == recipe.kind
            blind.render(smaller)


def bold(title, text, page, line):
    """The first value behind a password's label."""
    found = re.search(r"(?i)(?:passwor[dt]|mot de passe|contraseña|wachtwoord|hasło|senha)[^:\n]*: *(\S+)", text or "")
    given = found and found[1]
    verdict = reader.Verdict.CREDENTIALS if given else reader.Verdict.UNREADABLE
    return reader.Reading(verdict, "", line.login, given)


def shy(title, text, page, line):
    """Nothing at all."""
    return reader.Reading(reader.Verdict.UNREADABLE, "")


def following(title, text, page, line):
    """What the reader reads, or else any link."""
    reading = READ(title, text, page, line)
    found = re.search(r"#\?id=([-0-9a-f]{36})", f"{text}{page}")
    return reader.Reading(reading.verdict, "", secret=found[1]) if found and not reading.password else reading


READ = reader.read


@pytest.mark.parametrize("bad, failure", [(bold, "wrong"), (shy, None), (following, "wrong link")])
def test_a_bad_reader_is_noticed(bad, failure, monkeypatch):
    monkeypatch.setattr(reader, "read", bad)
    result = blind_run.measure(blind_draw.mails("bad", 1_000), "bad")
    kinds = {got for got, _recipe in result.failures}
    assert (failure in kinds) if failure else (not kinds and result.low())
    if failure:
        recipe = next(recipe for got, recipe in result.failures if got == failure)
        assert blind_run.outcome(blind.render(blind_run.shrunk(recipe, failure))) == failure
        report = blind_run.Result("", failures=[(failure, recipe)]).report()
        assert failure in report and recipe.seed in report
