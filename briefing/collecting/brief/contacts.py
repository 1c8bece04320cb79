"""Contacts: how somebody is reached, which names are an organisation's, and the addresses that a page hid."""

import re

from briefing.collecting.brief.headlines import ends_sentence
from briefing.collecting.brief.roles import LONGEST_NAME, SEPARATORS, Line, Role
from briefing.collecting.text.dates import fold

_CONTACT = re.compile(
    r"(?:(?:(?:media|press) )?contacts?(?: person| information| details)?|(?:presse)?kontakt|ansprechpartner(?:in)?"
    r"|rückfragen|(?:basın )?(?:iletişim|irtibat)i?) ?: ?(?P<rest>.*)",
    re.IGNORECASE,
)
_REACH = re.compile(
    r"[^\s@]{1,100}@[^\s@]{1,100}|https?://\S+|\bwww\.\S+|\b[\w-]{1,60}\.(?:org|com|net|info|eu|de|ch|tr)\b\S*"
    r"|[+(]?\d[\d ()/.-]{5,30}",
    re.IGNORECASE,
)
_REACH_WORDS = re.compile(r"\b(?:e-?mail|mail|e-?posta|tel|phone|telefon|mobile|web|website)\b[ .:]*$", re.IGNORECASE)
_MAIL = r"e-?mail|mail|e-?posta|courriel|correo(?: electrónico)?|почта|البريد الإلكتروني"
_PROTECTED = (
    r"protected|geschützt|korumalı|korunuyor|protégée?|protegido|protetta|protetto|beveiligd|chroniony|защищен\w*|محمي"
)
_GAP = r"(?: |&nbsp;|&#160;|&#xa0;)+"
_OR = r"or|and|oder|und|veya|ve"
_HIDDEN_ADDRESS = re.compile(
    rf"(?: ?[,/|;]| (?:{_OR})\b)? ?(?:\b(?:e-?mail|mail|e-?posta) ?: ?)?"
    rf"[\[(<] ?(?:(?:{_MAIL}){_GAP}(?:{_PROTECTED})|(?:{_PROTECTED}){_GAP}(?:{_MAIL})|电子邮件受?保护|受保护的邮箱)"
    r" ?[\])>]",
    re.IGNORECASE,
)
_LEADING_OR = re.compile(rf"^(?: ?[,/|;]| ?(?:{_OR})\b)+ ?", re.IGNORECASE)


_ORGANISATIONS = """
    association network watch union committee congress center centre foundation institute council project campaign
    society league federation alliance coalition initiative forum movement organisation organization ngo international
    monitor observatory trust commission assembly agency ministry
    verein bund verband stiftung rat netzwerk bündnis zentrum institut komitee kongress gesellschaft liga ausschuss
    vereinigung föderation
    dernek derneği vakıf vakfı birlik birliği komitesi komite kurumu kurulu merkezi platformu enstitüsü girişimi
    federasyonu konfederasyonu sendikası inisiyatifi meclisi ağı konseyi kongresi örgütü topluluğu
    """
_MEDIA = """
    post times herald news radio tv television zeitung gazete gazetesi ajansı haber courier review journal tribune daily
    press magazine observer guardian independent chronicle record bote kurier anzeiger rundfunk blatt tagblatt tageblatt
    spiegel welt monde bulletin online telegraph gazette weekly voice echo presse
    """
_ORGANISATION_WORDS = frozenset(map(fold, _ORGANISATIONS.split()))
_MEDIA_WORDS = frozenset(map(fold, _MEDIA.split()))
# German compounds ("Musterverein"), except for "Flüchtlingsrat" and its like: too many other words end so.
_COMPOUNDS = ("verein", "verband", "stiftung", "bündnis", "netzwerk", "zentrum", "komitee", "gesellschaft")
# They may follow the word that says what an organisation is: "Association of …", "Verein für …", "(WUC)", "e. V."
_BEHIND = re.compile(r"(?:of|for|on|against|to|in|der|des|für|gegen|zur|e\.|v\.|e\.v\.|\(\w+\))", re.IGNORECASE)
_SMALL = frozenset(
    {"of", "the", "for", "and", "on", "in", "to", "against", "und", "für", "der", "die", "das", "des", "dem", "den"}
    | {"von", "gegen", "zur", "im", "e.", "v.", "e.v.", "ve", "ile", "de", "la", "du", "del"}
)
_PERSONAL = re.compile(r"(?:(?:dr|prof|mrs?|ms|mx|frau|herrn?|sayın|bay|bayan|av)\b\.? ?)+", re.IGNORECASE)


def is_proper(name: str) -> bool:
    """Whether every word is one of a name: capitalised, or small ("of the"), and no sentence ends in it."""
    words = name.split()
    return (
        0 < len(words) <= 8
        and len(name) <= LONGEST_NAME
        and any(letter.isalpha() for letter in name)
        and words[0].lower() not in _SMALL - {"the", "der", "die", "das", "la"}
        and all(word.lower() in _SMALL or not word.strip("(„“\"'’").strip()[:1].islower() for word in words)
    )


def is_organisation(name: str) -> bool:
    """Whether `name` is an organisation's and nothing more: "Hillside Watch", and not "Hillside Watch Calls For Help".

    The word that says so ("Watch") is the last one, or is followed by what belongs to it ("Association of Families").
    """
    words = name.split()
    if re.search(r" e\. ?V\.$", name) and 2 < len(words) <= 10:
        return True
    if not is_proper(name):
        return False
    for number, word in enumerate(words):
        leads = number == 0 and len(words) <= 3 and fold(word) in {"stiftung", "verein", "bund", "verband", "bündnis"}
        last = number + 1 == len(words) or bool(_BEHIND.fullmatch(words[number + 1]))
        if _says_organisation(word) and (last or leads):
            return True
    return is_acronym(name)


def _says_organisation(word: str) -> bool:
    folded = fold(word.strip(",.;:()„“\"'’"))
    return folded in _ORGANISATION_WORDS or folded.endswith(_COMPOUNDS)


def is_acronym(name: str, most: int = 6) -> bool:
    """Whether `name` is one word of capitals: "WUC"."""
    return 2 <= len(name) <= most and name.isalpha() and name.isupper()


def is_place(name: str) -> bool:
    """Whether `name`, before a date, is rather a place than who published: "Velmar", "New York", not "Example Post"."""
    words = name.split()
    published = any(_says_organisation(word) or fold(word.strip(",.")) in _MEDIA_WORDS for word in words)
    return is_proper(name) and len(words) <= 3 and not published and not is_acronym(name, 3)


def contact_source(name: str) -> str:
    """Who a release is of by the name of its contact: the organisation in it, else "" (a person publishes nothing)."""
    parts = [part.strip() for part in re.split(r"[,;/|]| [–—-] ", name) if part.strip()]
    for number, part in enumerate(parts):
        if is_acronym(part) or (is_proper(part) and any(map(_says_organisation, part.split()))):
            return part if number else name
    return next((part for part in parts if len(_PERSONAL.sub("", part).split()) > 2 and is_proper(part)), "")


def classify_contact(text: str) -> Line | None:
    match = _CONTACT.fullmatch(text)
    return Line(Role.CONTACT, text, name=match["rest"]) if match else None


def reaches(text: str) -> bool:
    """Whether a line is made to reach somebody: a number, a mail or web address, in few words."""
    return len(text) <= 120 and bool(_REACH.search(text)) and not ends_sentence(text)


def contact_name(contact: str) -> str:
    """The name in the first line of a contact: what stands before any number or address."""
    match = _REACH.search(contact)
    name = contact[: match.start()] if match else contact
    return _REACH_WORDS.sub("", name).strip(SEPARATORS.replace(".", ""))


def without_hidden(text: str) -> tuple[str, bool]:
    """`text` without the "[email protected]" that Cloudflare puts for an address, and whether there was one.

    The word that joined it ("or", "E-mail:") goes with it, as nothing is left that it joins.
    """
    rest, count = _HIDDEN_ADDRESS.subn("", text)
    if not count:
        return text, False
    if _HIDDEN_ADDRESS.match(text):
        rest = _LEADING_OR.sub("", rest)
    return " ".join(rest.split()), True
