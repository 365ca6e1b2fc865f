# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The closed lists of words by which sentences, headings and remarks are read, in OVHcloud's eight languages."""

from __future__ import annotations

import re

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail.words import names

#: What says, wherever it stands, that credentials are no longer the line's; in words as :func:`words_of` gives them.
FORMER_RE = re.compile(
    r"\b(?:old|older|previous|previously|former|formerly|earlier|outdated|expired|obsolet\w{0,2}|no longer|not valid|"
    r"invalid\w{0,2}|revoked|replaced|superseded|"
    r"ancien(?:s|ne|nes)?|precedent\w{0,2}|anterieure?s?|perimee?s?|expiree?s?|caduc|caduque|revoquee?s?|remplacee?s?|"
    r"(?:est|sont|sera|seront|ne) plus|plus (?:valable|valide|actif)s?|"
    r"alte[nrsm]?|(?:bisherig|fruher|vorherig|vorig|ehemalig|veraltet|abgelaufen|ungultig)\w{0,2}|"
    r"nicht (?:mehr|langer)|ersetzt|widerrufen|"
    r"antig\w{1,2}|anterior(?:es|i)?|viej[oa]s?|previ[oa]s?|(?:caducad|vencid|expirad|revocad|revogad)[oa]s?|ya no|"
    r"(?:sustituid|reemplazad|substituid)[oa]s?|"
    r"vecchi\w?|(?:scadut|sostituit|revocat)[aeio]|non (?:e |sono )?piu|"
    r"oude?|vroegere?|eerdere?|voormalige?|verlopen|verouderde?|ongeldige?|niet (?:meer|langer)|vervangen|ingetrokken|"
    r"star(?:e|y|a|ego|ych)|(?:poprzedni|dawn|wygasl|niewazn|uniewaznion|nieaktualn|przestarzal|zastapion)\w{0,3}|"
    r"juz nie|nie (?:jest|sa) juz|velh[oa]s?|ja nao)\b"
)
_THIS = (
    "(?:this|these|that|those|ce|cet|cette|ces|ceci|cela|dies|diese[rsmn]?|das|est[eao]s?|es[ao]s?|quest[aoei]|dit|deze|"
    "dat|to|ten|ta|te|ist[oa]|ess[ea]s?|it|above|ci dessus|oben|obige[nrs]?|arriba|sopra|hierboven|bovenstaande|"
    "powyzsz\\w{1,3}|acima)"
)
_IS = "(?:is|are|isn|aren|est|sont|ist|sind|es|son|e|sono|zijn|jest|sa|sao|esta|estan|estao)"
_NO = "(?:not|t|no|pas|nicht|kein|keine|non|niet|geen|nie|nao|plus)"
_YOURS = (
    "your|yours|valid|(?:the )?(?:right|correct)|votre|vos|l(?:e|a|es) votres?|le bon|"
    "valable|valide|correcte?s?|ihr|ihre|gultig|richtig|su|sus|tu|tus|"
    "valid[ao]s?|correct[ao]s?|il tuo|la tua|le tue|corrett[aoei]|uw|het juiste|de juiste|geldig|juist|twoje|twoj|"
    "prawidlowe|[ao]s? (?:su|tu)as?|[ao]s? (?:seu|teu)s?"
)
_WRONG = (
    "wrong|incorrec\\w{1,3}|falsch\\w{0,2}|fals[aoei]s?|faux|fausses?|errone\\w{0,3}|errad[ao]s?|sbagliat[aoei]|"
    "errat[aoei]|verkeerde?|fout|onjuiste?|bledn\\w{1,3}|equivocad[ao]s?"
)
#: Of credentials: taken out of use.
_DEAD = (
    r"(?:desactiv|deaktiv|disattiv|dezaktyw|desativ|gedeactiv)\w{1,6}|disabled|blocked|bloque\w{0,3}|gesperrt\w{0,2}|"
    r"bloquead\w{1,2}|bloccat\w|geblokkeerde?|zablokowan\w|suspend\w{0,3}"
)
_USELESS = (
    "(?:does|do|did|will|is) ?not work\\w*|(?:doesn|don|won|isn) t work\\w*|fonctionn\\w{1,4} (?:pas|plus)|"
    "funktionier\\w{1,3} (?:so )?nicht|no funcion\\w{1,3}|non funzion\\w{1,3}|werk\\w{0,3} niet|nie dziala\\w{0,2}|"
    "nao funcion\\w{1,3}|belongs? to another|appartien\\w+ a un autre|gehor\\w+ (?:zu )?einem anderen|"
    "pertenec\\w+ a otr[oa]|appart\\w+ ad? un altr\\w+|zijn van een ander\\w*|naleza do inn\\w+|pertenc\\w+ a outr[oa]"
)
_IF = (
    "if|when|in case|si|s il|s ils|lorsque|quand|wenn|falls|cuando|se|qualora|quando|als|indien|wanneer|jesli|jezeli|"
    "gdy|caso"
)
#: A sentence that says of what stands in the mail that it is wrong, or not the reader's; unless it begins with "if".
WRONG_RE = re.compile(
    rf"^(?!(?:\w+ ){{0,8}}?(?:{_IF})\b).*?(?:\b{_THIS} (?:\w+ ){{0,4}}?(?:"
    rf"(?:{_IS} )?(?:n )?(?:est )?{_NO} (?:{_IS} )?(?:{_YOURS})|(?:{_IS} )(?:{_WRONG})|{_DEAD}|{_USELESS})\b|"
    r"\b(?:ignor\w{0,6}|disregard|negeer|zignoruj\w{0,3})\b)"
)
#: "The old password", in words: what a mail with a new one says of the one that it takes the place of.
OLD_PASSWORD_RE = re.compile(
    r"\b(?:(?:old|previous|former) (?:pppoe |ppp )?password|"
    r"(?:ancien|precedent) mot de passe|mot de passe (?:ppp |pppoe )?(?:precedent|anterieur)|"
    r"(?:alte|bisherige|vorherige|fruhere)[nrs]? (?:passwort|kennwort)|"
    r"antigua contrasena|contrasena (?:anterior|antigua)|"
    r"vecchia password|password precedente|(?:oude|vorige) wachtwoord|"
    r"(?:stare|poprzednie|dotychczasowe) haslo|(?:palavra passe|senha) (?:antiga|anterior)|"
    r"antiga (?:palavra passe|senha))\b"
)
#: That something is over, beside what it is.
ENDED_RE = re.compile(rf"{FORMER_RE.pattern}|\b(?:{_DEAD}|{_USELESS})\b")
#: What says, in a block or right above or below it, that it is an example, a trial or void; and right above it, that it
#: does not work, or what is past.
VOID_RE = re.compile(
    rf"^(?:sorry )?(?:{_WRONG})\b|"
    r"\b(?:ex[ae]mples?|sample|beispiele?|"
    r"muster|e[jx]emplos?|esemp\w{1,2}|voorbeeld\w{0,2}|przyklad\w{0,3}|"
    r"tests?|teste|testow\w{1,3}|prueba|prova|dummy|cancel\w{0,5}|annul\w{0,5}|resili\w{0,3}|gekundigt|storniert|"
    r"anulad\w{1,2}|anulowan\w{1,2}|geannuleerd|opgezegd|not use|pas utiliser|until|jusqu|"
    rf"{_DEAD}|(?:erreur|error|errore|erro|fehler|fout|blad) \d{{3}})\b"
)
DOUBTFUL_RE = re.compile(
    rf"{VOID_RE.pattern}|\b(?:(?:histor|verlauf|geschieden|storic|cronolog)\w{{0,4}}|"
    r"refused?|refus\w{0,4}|rejet\w{0,4}|rejected|denied|fail(?:ed|ure|s)?|echec|echou\w{0,3}|abgelehnt|fehlgeschlagen|"
    r"(?:rechazad|fallid|recusad|rifiutat|fallit|falhad)\w|geweigerd|mislukt|odrzucon\w|backup|secours|"
    r"wrong|incorrec\w{1,3}|falsch\w{0,2}|falsa?s?|faux|fausses?|errone\w{1,3}|errat[aeio]|verkeerde?|onjuiste?|bledn\w{1,3}|"
    r"(?:fake|demo|fictiv|fictic|fictif|tempora|provisoi|vorlauf|provision|provvisor|provisor|tijdelijk|tymczasow)\w{0,7}|"
    r"deleted|supprim\w{0,3}|geloscht\w{0,2}|eliminad\w{1,2}|eliminat\w|verwijderde?|usuniet\w|"
    r"stolen|entered|saisi\w{0,2}|eingegeben\w{0,2}|introduc\w{0,4}|inserit\w|ingevoerde?|wprowadzon\w|"
    r"valid from|gultig ab|a partir|bis|hasta|fino|tot|ate|were|etaient|waren|eran|erano|eram|byl[aoy])\b"
)
#: What a greeting begins with; what the line right above a block may say else, besides the words of labels.
GREETINGS = names(
    """
    bonjour madame monsieur cher chere hello dear hi good guten hallo sehr liebe lieber hola estimado estimada buenos
    buongiorno gentile ciao salve geachte beste goedendag dag dzien witaj szanowny szanowna bom boa ola caro cara
    """
)
OPENING = names(
    """
    credentials credential details data information settings parameters parameter configuration please find below
    following customer service services new connect details identifiants informations parametres vos nous trouverez
    ci dessous trouver donnees coordonnees codes code service veuillez sont zugangsdaten daten anbei folgenden folgende
    einstellungen finden sie nachfolgend unten datos credenciales configuracion servicio siguientes estos son los
    encontrara continuacion credenziali dati parametri configurazione servizio seguenti ecco trovi gegevens volgende
    hieronder vindt u inloggegevens instellingen dane dostepowe ponizej parametry usluga dados credenciais servico
    seguem seguintes abaixo configuracoes tue sue nuove nuovi nouvelles nuevos nuevas novos novas logowania
    zugangs internet einwahldaten verbindungsdaten these your value setting
    wert valeur valor valore waarde wartosc value parametre einstellung
    english francais deutsch espanol italiano nederlands polski portugues version
    """
)
#: Lines of a letterhead: a number of five digits, an address of the web, a telephone.
NOTE_RE = re.compile(r"\d{5}|://|^tel\b", re.I)
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
