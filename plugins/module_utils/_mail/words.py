# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The closed lists by which a credentials mail is read, in OVHcloud's eight languages (fr, en, de, es, it, nl, pl, pt).

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
COMPOUND_TAILS = ("passwort", "kennwort", "wachtwoord", "kennung", "benutzername", "gebruikersnaam")
#: Words that end a label in place of a colon: "your login is".
VERBS = names(
    """
    est is lautet ist es e jest to brzmi luidt sera
    """
)
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
    wifi wlan wireless hotspot ssid wpa wpa2 wpa3 wep wps reseau network netz netzwerk funknetz rete red rede netwerk
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
#: "PPPoE", by which a heading is this line's.
PPP = names("ppp pppoe xdsl adsl vdsl sdsl ftth ftte ftto dsl")
#: A value that is one of these words says something of the password, or begins what follows it.
REMARKS = names(
    """
    inchange inchangee unchanged unverandert sin invariato invariata ongewijzigd zmian bez inalterado inalterada
    confidentiel confidentielle confidential vertraulich aucun aucune none null nil undefined nan na ici here hier
    aqui qui tutaj secret voir see siehe zie ver vedi zob below unten dessous joint merci cordialement bonjour thanks
    thank regards danke gracias grazie cordiali saluti saludos dank bedankt groet groeten dziekujemy dziekuje
    pozdrawiamy obrigado obrigada atenciosamente attention sincerely support ovh ovhcloud sms email masque hidden
    masked redacted ausgeblendet verborgen oculto oculta nascosto nascosta ukryte ukryty oui non yes no ja nein nee
    tak nie sim nao si afficher show anzeigen copier copy kopieren annexe anlage annex annexed anexo allegato
    bijlage zalacznik courrier brief letter lettre
    carta lettera list pagina page seite document dokument changeme password1 unknown inconnu unbekannt idem
    same identique identical gleich igual uguale gelijk
    """
)
#: The first header, and the others, of a mail that stands in a mail: Outlook, Thunderbird, Gmail, Apple Mail.
HEADER_FROM = names(
    """
    de from von da van od fra expediteur absender remitente mittente afzender nadawca
    """
)
HEADER_MORE = names(
    """
    envoye sent gesendet enviado enviada inviato verzonden wyslano date datum data fecha dato a to an para aan do per
    cc objet subject betreff asunto oggetto onderwerp temat assunto cci bcc reply repondre
    """
)
_ORIGINAL = (
    "original(?:-| )?(?:nachricht|mail|e-mail)|(?:courriel|e-?mail|mail) (?:d.origine|original)|message initial|"
    "message d.origine|message original|message transf[ée]r[ée]|original message|forwarded message|urspr[üu]e?ngliche "
    "nachricht|weitergeleitete nachricht|mensaje original|mensaje reenviado|messaggio originale|messaggio inoltrato|"
    "oorspronkelijk bericht|doorgestuurd bericht|wiadomo[śs][ćc] oryginalna|oryginalna wiadomo[śs][ćc]|"
    "(?:przes[łl]ana|przekazana|przekazywana) (?:dalej )?wiadomo[śs][ćc]|wiadomo[śs][ćc] (?:przes[łl]ana|"
    "przekazana)(?: dalej)?|"
    "mensagem original|mensagem (?:re)?encaminhada|doorgezonden bericht|tre[śs][ćc] przekazanej wiadomo[śs]ci"
)
#: A line that begins an older mail.
QUOTE_HEAD_RE = re.compile(
    rf"[-_*=> ]{{0,40}}(?:{_ORIGINAL}|d[ée]but du message (?:r[ée]exp[ée]di[ée]|transf[ée]r[ée])|"
    rf"begin forwarded message|"
    "anfang der weitergeleiteten (?:nachricht|e-mail)|inicio del mensaje reenviado|inizio (?:del )?messaggio inoltrato|"
    "begin doorgestuurd bericht|pocz[ąa]tek przekazanej wiadomo[śs]ci|in[íi]cio da mensagem (?:re)?encaminhada)"
    "[-_*=<> :.]{0,40}$",
    re.I,
)
#: The end of the line by which a reply names the mail that it quotes.
QUOTE_TAIL_RE = re.compile(
    r"(?<!\w)(?:(?:a |ha )?[ée]crit|wrote|writes|schrieb(?: .{1,120})?|escribi[óo]|(?:ha )?scritto|"
    r"schreef(?: .{1,120})?|"
    r"geschreven|napisa[łl](?:a|\(a\))?|pisze|escreveu) ?:$",
    re.I,
)
LOGIN = r"[A-Za-z0-9][A-Za-z0-9_.+/-]{0,80}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,5}|fti/[A-Za-z0-9]{3,40}"
LOGIN_RE = re.compile(rf"(?<![\w.+@/-])(?:{LOGIN})(?![\w@-]|\.\w)", re.I)
#: The link that Outlook writes behind an address in a text.
MAILTO_RE = re.compile(r"^ ?[<\[(]mailto:[^<>()\[\] ]{3,200}[>\])]", re.I)
#: A login of a line, as opposed to the address of a person.
PPP_LOGIN_RE = re.compile(
    r"(?:[^@]*_\d+@|[^@]*\d{6}[^@]*@).*|.*@(?:.*\.)?(?:adsl|xdsl|vdsl|sdsl|dsl|ftth|ftte|ftto|fttx|kosc|byt|"
    r"celan|pppoe?|covage|"
    r"axione)(?:\..*)?|fti/.*",
    re.I,
)
CONTACT_RE = re.compile(
    r".*@(?:.*\.)?(?:gmail|googlemail|hotmail|outlook|live|yahoo|icloud|gmx|web|orange|wanadoo|free|sfr|laposte|proton|"
    r"protonmail|example)\.[a-z.]+|.*@(?:ovh|ovhcloud|ovhtelecom)\.(?:com|net|fr)",
    re.I,
)
SERVICE_RE = re.compile(r"(?<![\w-])(?:xdsl|adsl|vdsl|sdsl|ftth|ftte|ftto)-[a-z0-9-]{2,40}-[0-9]{1,6}(?![\w-])", re.I)
#: Passwords as they are spoken of anywhere in a text.
PASSWORD_TALK_RE = re.compile(
    r"(?<!\w)(?:mots? de passe|mdp|passwords?|passwd|pass(?:phrase|wort)|kennwort|contrase(?:\u00f1|n\u0303|n)a|"
    r"clave|parola "
    r"d.ordine|parola chiave|wachtwoord|has(?:\u0142|l)o|palavra[- \u2010\u2011]passe|senha)(?!\w)",
    re.I,
)
PPP_RE = re.compile(r"(?<!\w)(?:pppoe|ppp|xdsl|adsl|vdsl|ftth|ftte|ftto)(?!\w)", re.I)
PPPOE_RE = re.compile(r"(?<!\w)pppo?e?(?!\w)", re.I)
#: Titles of the mail with the modem's own password.
MODEM_RE = re.compile(
    rf"{PASSWORD_TALK_RE.pattern}(?:(?!ppp)[^\n]){{0,40}}(?<!\w)(?:modem|m\u00f3dem|modems|modemu|router|box)(?!\w)"
    r"|(?<!\w)(?:modem|m\u00f3dem|router)[ -]?(?:password|passwort|kennwort|wachtwoord)",
    re.I,
)
MODEM_FIRST_RE = re.compile(
    rf"(?<!\w)(?:modem|modems|m\u00f3dem|router)(?!\w).{{0,40}}{PASSWORD_TALK_RE.pattern}", re.I
)
LINK_RE = re.compile(r"(?:https?|ftp)://\S|www\.\w+\.\w", re.I)
MASK_RE = re.compile(
    r".*(?:([*\u00b7?_#=~.\u2013\u2014-])\1\1|[xX]{3}|[\u2022\u25cf\u25cb\u2026]).*|\w*(?:\*\*|\.\.)\w*|"
    r"(?:\w*\*){3}\w*|"
    r"[.xX*#_\u2013\u2014-]+",
    re.S,
)
PLACEHOLDER_RE = re.compile(
    r".*(?:\{\{.*\}\}|\{%.*%\}|<%.*%>|\{#.*#\}).*|%[A-Za-z_]{3,40}%|\$\{[^{}]{1,60}\}|\$[A-Za-z_]{4,40}|"
    r"[\[{<(](?:[A-Za-z_. -]{0,20})(?:password|pass|pwd|passe|passwort|kennwort|contrase\u00f1a|wachtwoord|has\u0142o|"
    r"senha)(?:[A-Za-z_. -]{0,20})[\]}>)]|%s|%\([a-z_]{1,40}\)s|__[A-Za-z_]{3,40}__|\[\[.*\]\]|"
    r"null|none|undefined|nan|n/a",
    re.I | re.S,
)
_MONTHS = (
    "jan feb fev f\u00e9v mar m\u00e4r mrt apr avr abr kwi mai may maj mag mei jun jui juin giu cze jul lug lip "
    "lipca aug "
    "aou ao\u00fb ago sie sep set wrz oct okt out ott pa\u017a paz nov lis dec d\u00e9c dez dic gru ene gen sty lut"
)
_DAYS = (
    "lun mar mer jeu ven sam dim mon tue wed thu fri sat sun mo di mi do fr sa so mi\u00e9 jue vie s\u00e1b dom "
    "gio ma wo vr za zo "
    "pon wt \u015br czw pt sob nie seg ter qua qui sex"
)
#: What may differ between two mails of one layout.
DATE_OR_NUMBER_RE = re.compile(
    rf"\d+|(?<!\w)(?:{(_MONTHS + ' ' + _DAYS).replace(' ', '|')})[^\W\d_]{{0,7}}\.?(?!\w)", re.I
)
_UNITS = (
    "[kmgt]?(?:bit|bits|b|o|octets?|bps|byte|bytes|hz)(?:/s|ps)?|min|mn|sec|ms|h|j|jours?|days?|tagen?|d\u00edas|"
    "giorni|dagen|dni|"
    "dias|eur|euros?|usd|chf|pln|gbp|z\u0142|\u20ac|\\$|\u00a3|%|chars?|caracteres|caract\u00e8res|characters|"
    "zeichen|caratteri|"
    "tekens|znak\u00f3w|znakow|px"
)
#: What is no password although it is one word with digits, each with what it is.
OTHER_THINGS_RE = re.compile(
    # numbers of every kind: dates, times, telephones, prices, versions, addresses
    r"[-+#(]?\d[\d\s./:,;()+#*\u2013-]*%?|v?\d+(?:\.\d+){1,4}(?:[-+]?[a-z]{1,5}\.?\d{0,3})?|\d{8}t\d{4,6}z?|"
    r"\d{1,2}[:h.]\d{2}(?:[:m.]\d{0,2})?s?(?:am|pm|z|h|uhr)?|0x[0-9a-f]+|#[0-9a-f]{3,8}|\d{4}-?w\d{1,2}(?:-\d)?|"
    r"(?:tel|sip|mailto|callto):.*|"
    r"(?:\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}).*|"
    rf"\d{{1,2}}(?:er|st|nd|rd|th)?[-./]?(?:{_MONTHS.replace(' ', '|')})[^\W\d]*[-./]?\d{{2,4}}|"
    rf"(?:\d{{4}}[-./]?)?(?:{_MONTHS.replace(' ', '|')})[^\W\d]{{0,7}}[-./]?\d{{1,4}}|"
    rf"[+-]?\d[\d.,]*(?:{_UNITS})|(?:\u20ac|\$|\u00a3|eur|usd)\d[\d.,]*|\d[\d.,]*[^\W\d_]{{0,3}}/[^\W\d_]+|"
    # order, ticket, invoice, customer and service names
    r"[#n\u00b0]*[a-z]{0,4}[-_/#\u00b0]?\d{5,}(?:[-/_]\d+)*|[a-z]{2,4}[-_/]\d+(?:[-_/]\d+)*|[a-z]\d{1,2}[-/]\d{2,4}|"
    # a word and a number, with a sign between
    r"(?-i:[A-Z]?[a-z]+|[A-Z]+)[-_/.#:]\d+|\d+[-_/.#:](?-i:[A-Z]?[a-z]+|[A-Z]+)|"
    r"(?-i:[A-Z]+)[-_/#]\d+(?:[-_/]\w+)*|"
    r"(?:ticket|order|commande|bestellung|pedido|ordine|zamowienie|encomenda|dossier|incident|invoice|facture|ref)\d+|"
    r"[a-z]{2,3}\d{3,8}-ovh(?:-\d+)?|"
    r"(?:xdsl|adsl|vdsl|sdsl|ftth|ftte|ftto|pack|sip|vps|ns|ip)-[a-z0-9-]+|"
    # hardware and network addresses, UUIDs, digests
    r"(?:[0-9a-f]{2}[-:.]){5}[0-9a-f]{2}|(?:[0-9a-f]{4}[.:-]){2}[0-9a-f]{4}|(?-i:[0-9a-f]{12}|[0-9A-F]{12})|"
    r"(?=(?:[0-9a-f]*:){2})[0-9a-f:.]+(?:%\w+)?(?:/\d+)?|"
    r"\{?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\}?|[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|"
    r"\$(?:[0-9]|2[aby]|y|apr1)\$.*|\{[a-z0-9]{2,9}\}.*|"
    # hosts, addresses of mail and web, paths of files
    r"(?-i:(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,24})(?::\d+)?(?:/.*)?|[\w.+-]+@(?:[\w-]+\.)+[a-z]{2,}|"
    r"(?:[\w-]+\.)+(?:com|net|org|fr|de|es|it|nl|pl|pt|eu|uk|be|ch|io|cloud|local|lan|home|ovh)|[a-z.]+@[a-z.-]+|"
    r"[a-z0-9_.+/-]*\d{4}[a-z0-9_.+/-]*@[a-z0-9.-]+|[a-z]+://.*|www\..*|/(?:[\w.-]+/)+[\w.-]*|[a-z]:\\.*",
    re.I,
)
#: What a placeholder is made of.
STAND_IN_RE = re.compile(
    "password|passwort|passwd|motdepasse|kennwort|wachtwoord|contrase[n\u00f1]a|has[l\u0142]o|palavrapasse|senha|"
    "changeme",
    re.I,
)
#: What a remark behind a password may speak of: capital and small letters.
CASE = names(
    "casse case grossschreibung kleinschreibung mayusculas maiuscole hoofdletters hoofdlettergevoelig wielkosc "
    "maiusculas"
)
#: Words alone, with what joins them: a remark more likely than a password.
_WORD = r"(?=[^\W\d_])(?:[^\W\d_A-Z]*(?:[A-Z][^\W\d_A-Z]{2,})*|[A-Z]+)"
PROSE_RE = re.compile(rf"[(\[]?{_WORD}(?:[-'\u2019/&_.+]{_WORD})*[-.,;:!?)\]]*")
ENTITY_LOOK_RE = re.compile(r"&(?:#\w{1,7}|[A-Za-z][A-Za-z0-9]{1,31});")

#: What stands before a label, between it and its value, and between two of them on a line.
BULLET_RE = re.compile(r"[ \t]*(?:(?:[-*+\u2022\u00b7\u2013\u2014\u25aa\u25e6\u2023]|\d{1,2}[.)]|[a-z]\))[ \t]+)?")
#: What may stand between a label and its value. Weak marks count only where the login's line has the same one.
MARK_RE = re.compile(
    r"(?P<dots>(?:\.{3,}|\u2026{2,}|(?:\. ){3,}\.?)[ \t]*:?(?=[ \t]|$))|"
    r"(?P<strong>:=|={1,2}>|-{1,2}>|[:=\uff1a\u2192\u21d2\u2794])|(?<= )(?P<dash>[\u2013\u2014-])(?= )|"
    r"(?<= )(?P<verb>(?:est|is|lautet|ist|es|\u00e8|e'|\u00e9|to|jest|brzmi|luidt)(?: ?:)?)(?= )",
    re.I,
)
COLUMN_RE = re.compile(r"[ ]{2,}|[ ]?\t[ \t]*|(?:^|(?<= ))[|\u2502](?= |$)")
RULE_RE = re.compile(r"[-=_+|:\u2500-\u257f ]{3,}")
JOINT_RE = re.compile(r"[ ]*[,;/|\u2013\u2014-]?[ ]*(?:(?:et|and|und|y|e|en|i|a|oraz)[ ]+)?", re.I)
#: HTML, and what programs make of it.
ENTITY_RE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
TAG_RE = re.compile(r"<(?P<end>/?)(?P<name>[A-Za-z][A-Za-z0-9:]*)(?P<rest>[^<>]*)>")
OTHER_TAG_RE = re.compile(r"<[/?!][^<>]*>")
SPACES_RE = re.compile(r"[ \t\n\r\f]+")
HREF_RE = re.compile(r"href\s*=\s*[\"']?\s*(https?:[^\s\"'>]*)", re.I)
SPAN_RE = re.compile(r"(?:col|row)span\s*=\s*[\"']?\s*(?:[2-9]|1\d)", re.I)
UNSEEN_RE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])|line-through", re.I)
#: How programs mark the older mail below: Gmail, Yahoo, Thunderbird, Outlook, Proton; and the bars beside and above it.
QUOTE_DIV_RE = re.compile(
    r"_quote|yahoo_quoted|moz-cite-prefix|divRplyFwdMsg|appendonsend|OutlookMessageHeader|reply-intro|"
    r"border-(?:left|top)\s*:[^;\"']*solid",
    re.I,
)
BLOCKS = names(
    """
    p div li ul ol h1 h2 h3 h4 h5 h6 br hr title body html center section article header footer main dl dt dd pre form
    tbody thead tfoot caption address fieldset blockquote table tr td th
    """
)
INLINE = names(
    """
    a b strong i em u small big span font code tt kbd samp var sub sup abbr mark label o:p wbr img bdi bdo ins meta
    link base col colgroup
    """
)
VOID = names(
    """
    br hr wbr img meta link base col
    """
)
HIDDEN = frozenset(("script", "style", "head", "template"))

IS_HTML_RE = re.compile(r"\s*<(?:!doctype|html|body|\?xml|head|table|div|p)\b[^<>]*>", re.I)
CLOSING_RE = re.compile(r"</(?:p|td|tr|div|table|body|li|b|strong|a|span)\s*>|<br\s*/?>", re.I)
LAID_OUT_RE = re.compile(r"<(?:p|br|div|table|tr|td|li|body|h\d)\b", re.I)
SECRET_RE = re.compile(r"/secret/?(?:#/)?[^\s\"'<>/]{0,40}id=", re.I)
QP_RE = re.compile(r"=(?:[CDEF][0-9A-F]=[89AB][0-9A-F]|E[0-9A-F]|3D|20\r?$|C2=A0)|(?<=\S)=\r?\n(?=[ \t]*[^\s=])", re.M)
QP_WRONG_RE = re.compile(r"=(?![0-9A-F]{2}|[ \t]*\r?\n|[ \t]*\Z)")
QP_BREAK_RE = re.compile(r"=[ \t]*\n")
#: Elements whose end may be left out, and those that only give structure.
OPEN_ENDED = names("p li td th tr dt dd")
STRUCTURE = names("table thead tbody tfoot tr ul ol dl html body center")
#: Why a mail is passed over or refused. None of these quotes the mail.
WHY_EMPTY = "the mail is empty"
WHY_NOT_PPP = "it does not speak of PPPoE credentials"
WHY_OTHER_ACCESS = "it names another access"
WHY_OTHER_LOGIN = "its login is another line's"
WHY_NO_LOGIN = "no PPPoE login stands in it"
WHY_NO_PASSWORD_TALK = "it does not speak of a password"
WHY_MODEM = "its title says that it carries the modem's own password"
WHY_OTHER_PASSWORD = "the password in it is another one: a modem's, an account's, a Wi-Fi's"
WHY_NO_ACCESS = "it names no access, and the line's login is not known: set the login option to tell them apart"
WHY_ACCESSES = "it names several accesses"
WHY_LOGINS = "it gives several logins"
WHY_PASSWORDS = "it gives several passwords"
WHY_PARTS = "its text part and its HTML part give different credentials"
WHY_MISSING = "no password stands in it"
WHY_WORDS = "what follows its password label is several words"
WHY_REMARK = "what follows its password label is a remark, not a password"
WHY_LINK = "it gives a link instead of the password"
WHY_LINK_UNSURE = "it gives a link, and it is not certain that this is the link to the line's password"
WHY_LINK_STRANGE = "it gives a link instead of the password, and not in the form of OVHcloud's one-time links"
WHY_LINKS = "it gives several one-time links"
WHY_LINK_TOO = "it gives both a password and a one-time link"
WHY_LINK_LOGIN = "it gives a link instead of the password, and the line's login is not known: set the login option"
WHY_MASKED = "its password is masked"
WHY_PLACEHOLDER = "a placeholder stands where its password should"
WHY_LOGIN_AGAIN = "what follows its password label is the login"
WHY_CONTROL = "its password holds a control character"
WHY_AMBIGUOUS = "where its password begins or ends is ambiguous"
WHY_ENCODING = "how its password is encoded is ambiguous"
WHY_PLACE = "it does not say for certain which login its password belongs to"
WHY_TITLE = "its title does not match mail_title"
WHY_LOGIN_PATTERN = "mail_login_pattern matches nothing in it"
WHY_PASSWORD_PATTERN = "mail_password_pattern matches nothing in it"
WHY_SLOW = (
    "a pattern takes too long on it: write mail_title, mail_login_pattern or mail_password_pattern in a simpler way"
)
WHY_QUOTED = "its password stands in an older mail that it quotes"
WHY_LONG = "it is too long to be read whole"
WHY_LONG_PASSWORD = "it is too long for a PPP password"
WHY_SHAPE = "what follows its password label has not the shape of a password"
WHY_ONE_KIND = "its password has one kind of character only, as a word or a number has, and its layout is not proven"
