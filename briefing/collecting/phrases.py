"""The words by which a line of a brief tells what it is, in English, German and Turkish.

`classify` looks at one line alone, by its words; what the lines make together is decided in `paste`. To add a language,
add its words here: every list is matched without regard to case.
"""

import datetime as dt
import re
from dataclasses import dataclass
from enum import Enum, auto

from briefing.collecting.dates import fold, is_month, split_date
from briefing.issue.model import Kind

Link = tuple[str, str]
"""The words that are linked and the address."""


class Role(Enum):
    """What a line is for."""

    LABEL = auto()  # "Press Release – For immediate release"
    TITLE = auto()  # "Weekly Brief, 9 October 2020"
    SOURCE = auto()  # "BBC, 8 October 2020"
    DATE = auto()  # "8 October 2020"
    NOTICE = auto()  # "Below is an article published by BBC. Photo: Getty Images"
    CREDIT = auto()  # "Photo: AFP"
    CONTACT = auto()  # "Contact: …", and the lines below it
    MORE = auto()  # "Read more →"
    ADDRESS = auto()  # nothing but "https://…"
    EMPTY = auto()  # nothing to read: a linked picture, or an address that its page hid
    TEXT = auto()  # everything else: a headline or a paragraph


@dataclass(frozen=True, slots=True)
class Line:
    """A line (or a whole paragraph of prose), its role, and what it tells in this role."""

    role: Role
    text: str
    """The words as they stand, with single spaces."""
    name: str = ""
    """The publisher of a source line or notice; the words after "Contact:"; where "Read more" says that it leads."""
    date: dt.date | None = None
    kind: Kind | None = None
    photo: str = ""
    explicit: bool = False
    """Whether a source line says so: "Source: BBC"."""
    links: tuple[Link, ...] = ()
    hidden: bool = False
    """Whether an address that its page hid was taken out of it."""
    runs_on: bool = False
    """Whether it stands directly above the next line, so that it is either a headline or the same paragraph."""


URL = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)

# Nothing but prose is longer, so that no pattern below meets a long line.
_LONGEST = 250
_LONGEST_HEADLINE = 200
_LONGEST_NAME = 80

_SEPARATORS = " ,.;:|/·•–—-("
_DECORATION = r"[ →»›>▶⟶…:.\])]*"


def classify(text: str, *, linked: bool = False) -> Line:
    """What a line of a brief is by its words; `linked` if something in it is a link."""
    if len(text) <= _LONGEST:
        found = (
            _more(text, linked)
            or _contact(text)
            or _notice(text)
            or _credit(text)
            or _label(text)
            or _title(text)
            or _source(text)
        )
        if found:
            return found
    return Line(Role.TEXT, text)


# --- Read more ---------------------------------------------------------------------------------------------------

_MORE_WORDS = (
    r"(?:read|see|view) (?:the )?(?:full |whole |entire |complete |original )?"
    r"(?:more|article|story|statement|press release|report|text|post|here)"
    r"|(?:continue|keep) reading|(?:full|whole) (?:article|story|statement|text)|(?:learn|find out) more"
    r"|click here(?: to read more)?"
    r"|weiterlesen|mehr lesen|mehr erfahren|lesen sie (?:mehr|weiter)|hier weiterlesen"
    r"|zum (?:ganzen |vollständigen )?(?:artikel|bericht|beitrag)|(?:ganzen|vollständigen) (?:artikel|bericht) lesen"
    r"|(?:haberin |yazının |makalenin )?(?:devamını|tamamını) (?:oku(?:yun|mak için tıklayın)?)"
    r"|(?:haberin |yazının |makalenin )devamı|daha fazla(?:sı|sını)?(?: oku(?:yun)?)?"
)
_MORE = re.compile(
    rf"[→»›>▶ \[(]*(?:(?:{_MORE_WORDS})(?: here)?(?P<where> (?:at|on|in|from|bei|auf|im|via) [^.:→]{{1,60}}?)?"
    rf"|(?:more|mehr|devamı)(?= ?[→»›>:]))"
    rf"(?P<mark>{_DECORATION})(?:<?https?://\S+)?",
    re.IGNORECASE,
)
_MORE_AT_END = re.compile(
    rf"(?<=[.!?…\])”\"»’] )[\[(]?(?:{_MORE_WORDS})(?: here)?{_DECORATION}(?:<?https?://\S+)?$", re.IGNORECASE
)
_ADDRESS = re.compile(
    r"(?:(?:link|url|web|source|quelle|kaynak|bağlantı|more|mehr|(?:full )?(?:report|statement)) ?: ?)?[<(\[]?https?://\S+",
    re.IGNORECASE,
)


def _more(text: str, linked: bool) -> Line | None:
    match = _MORE.fullmatch(text)
    if match and (not match["where"] or linked or match["mark"].strip()):
        return Line(Role.MORE, text, name=(match["where"] or "").strip())
    if _ADDRESS.fullmatch(text):
        return Line(Role.ADDRESS, text)
    return None


def more_at_end(text: str) -> int | None:
    """Where a "Read more →" begins that stands at the end of a paragraph, behind its last sentence."""
    match = _MORE_AT_END.search(text, max(0, len(text) - _LONGEST))
    return match.start() if match else None


# --- Kinds and labels --------------------------------------------------------------------------------------------

_LABELS = {
    Kind.PRESS_RELEASE: (
        "press release", "media release", "news release", "press statement", "for immediate release",
        "for immediate publication", "pressemitteilung", "medienmitteilung", "presseinformation", "presseerklärung",
        "zur sofortigen veröffentlichung", "basın bülteni", "basın duyurusu", "hemen yayınlanabilir",
        "derhal yayınlanmak üzere", "acil yayın için",
    ),
    Kind.STATEMENT: (
        "statement", "public statement", "joint statement", "erklärung", "gemeinsame erklärung", "stellungnahme",
        "açıklama", "basın açıklaması", "ortak açıklama", "kamuoyu açıklaması",
    ),
    Kind.APPEAL: (
        "appeal", "urgent appeal", "joint appeal", "urgent action", "eilaktion", "aufruf", "dringender aufruf",
        "appell", "acil eylem", "acil çağrı", "çağrı",
    ),
}  # fmt: skip
# Longest first, so that "urgent appeal" isn't read as "urgent" and a label.
_LABEL_KINDS = sorted(
    ((fold(label), kind) for kind, labels in _LABELS.items() for label in labels), key=lambda one: -len(one[0])
)
_HEADLINE_KINDS = (
    (
        Kind.PRESS_RELEASE,
        r"\b(?:press|media|news) release\b|\b(?:presse|medien)mitteilung\b|\bpresseerklärung\b"
        r"|\bbasın (?:bülteni|duyurusu)",
    ),
    (
        Kind.APPEAL,
        r"\burgent action\b|^(?:an )?appeal\b(?! court)|\b(?:urgent|joint|public|open|global|emergency) appeal\b"
        r"|\b(?-i:[A-Z]{2,}) (?-i:Appeal)\b(?! court)"
        r"|\beilaktion\b|\b(?:dringender|gemeinsamer) (?:aufruf|appell)\b|^(?:aufruf|appell)\b|\bacil (?:eylem|çağrı)",
    ),
    (Kind.STATEMENT, r"\bstatements?\b|\berklärung\b|\bstellungnahme\b|\baçıklama(?:sı)?\b"),
)
_KIND_PATTERNS = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _HEADLINE_KINDS)


def kind_of(words: str) -> Kind | None:
    """The kind that a headline, or the noun of a notice, names; None where it names none."""
    return next((kind for kind, pattern in _KIND_PATTERNS if pattern.search(words)), None)


def _label(text: str) -> Line | None:
    """A line of labels alone, a date may follow: "PRESS RELEASE | For immediate release, 22 September 2020"."""
    words, date = split_date(text) or (text, None)
    rest = fold(words).strip(_SEPARATORS + "*)!")
    kind: Kind | None = None
    while rest:
        label, found = next(((one, kind) for one, kind in _LABEL_KINDS if rest.startswith(one)), ("", None))
        after = rest[len(label) :]
        if found is None or after[:1].isalnum():
            return None
        kind = kind or found
        rest = after.lstrip(_SEPARATORS + "*)!")
    return Line(Role.LABEL, text, date=date, kind=kind) if kind else None


_BRIEFS = re.compile(
    r"\b(?:(?:weekly|daily|monthly|news) (?:news )?(?:brief|briefing|digest|round-?up|update|bulletin|review)"
    r"|newsletter|wochenbrief|wochenrückblick|wochenüberblick|rundbrief"
    r"|haftalık (?:bülten|özet|brifing)|haber bülteni|e-bülten)(?:\b|i\b)",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"\(?(?:(?:no|nr|issue|ausgabe|sayı)\b\.? ?|#)?\d{0,5}\)?", re.IGNORECASE)


def _title(text: str) -> Line | None:
    """A brief's title: its words with a date, or with nothing but a number."""
    words, date = split_date(text) or (text, None)
    match = _BRIEFS.search(words)
    if not match or len(words) > _LONGEST_NAME:
        return None
    alone = _NUMBERED.fullmatch((words[: match.start()] + words[match.end() :]).strip(_SEPARATORS))
    return Line(Role.TITLE, text, date=date) if date or alone else None


# --- Source, date ------------------------------------------------------------------------------------------------

_EXPLICIT = re.compile(r"(?:source|quelle|kaynak) ?: ?(?P<name>\S.*)", re.IGNORECASE)
_PUBLISHED = re.compile(
    r"(?:first )?(?:published|posted|released|date|dated|datum|vom|veröffentlicht|stand|tarih|yayın tarihi)"
    r"(?: on| am)?",
    re.IGNORECASE,
)


def _source(text: str) -> Line | None:
    """A source line, or a date alone. "Source: BBC" needs no date; else a name is known by the date behind it."""
    words, date = split_date(text) or (text, None)
    explicit = _EXPLICIT.fullmatch(words)
    name = _before_separator(explicit["name"] if explicit else words)
    if date and (not name or _PUBLISHED.fullmatch(name)):
        return Line(Role.DATE, text, date=date)
    if not (date or explicit) or not is_name(name) or kind_of(name):
        return None
    separated = words.rstrip()[-1] in _SEPARATORS
    if not (explicit or separated or (len(name.split()) <= 4 and not any(w[0].islower() for w in name.split()))):
        return None
    return Line(Role.SOURCE, text, name=name, date=date, explicit=bool(explicit))


def _before_separator(words: str) -> str:
    """A name without what separates it from the date; a full stop before a comma is the name's own ("e. V.,")."""
    name = words.strip(_SEPARATORS.replace(".", ""))
    return name if len(name) < len(words.rstrip()) else name.rstrip(".")


def is_name(text: str) -> bool:
    words = text.split()
    return (
        0 < len(words) <= 10
        and len(text) <= _LONGEST_NAME
        and (len(words) <= 2 or not words[0][0].islower())
        and any(letter.isalpha() for letter in text)
    )


# --- Photo, notice -----------------------------------------------------------------------------------------------

_PHOTO = r"(?:photo(?:graph|s)?|picture|image|foto(?:ğraf|s)?|bild|resim|görsel)"
_CREDIT = re.compile(
    rf"(?:{_PHOTO}(?: ?credits?| courtesy(?: of)?)?(?: ?[:©/|]| [–—-] | by\b| von\b)|{_PHOTO} ?credits? "
    rf"|(?:credits?|bildnachweis|fotonachweis) ?:|©|\(c\))"
    rf" ?(?:©|by\b|von\b)? ?(?P<name>[^\s:©].*)",
    re.IGNORECASE,
)
_BARE_CREDIT = re.compile(rf"{_PHOTO} (?P<name>.+)", re.IGNORECASE)
_CREDIT_IN_NOTICE = re.compile(
    rf"[.;,]? ?(?:\b{_PHOTO}\b(?: ?credits?| courtesy(?: of)?)?|©) ?(?:[:©/|–—-]|by\b|von\b)? ?(?P<name>\S.*)",
    re.IGNORECASE,
)
_NOTICES = (
    re.compile(
        r"(?:below|(?:the )?following|here) (?:is|you (?:can )?find) (?P<what>.{1,60}?) by (?P<rest>.+)",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?:nachfolgend|nachstehend|im folgenden|es folgt|hier)\w* (?P<what>.{0,40}?(?:artikel|bericht|beitrag|"
        r"erklärung|stellungnahme|mitteilung|meldung)\w*.{0,40}?) (?:von|der|des) (?P<rest>.+)",
        re.IGNORECASE,
    ),
    re.compile(
        r"aşağıda(?P<what>\w*(?: (?:haber|makale|yazı|açıklama|bülten))?) (?P<rest>.{1,80}?) tarafından "
        r"(?P<after>.{0,80})",
        re.IGNORECASE,
    ),
)


def _credit(text: str) -> Line | None:
    match = _CREDIT.fullmatch(text.strip("()[] "))
    name = _without_stop(match["name"]) if match else ""
    if not name or len(name) > 60 or ". " in name:
        return None
    return Line(Role.CREDIT, text, photo=name)


def bare_credit(text: str) -> str:
    """The name in "Photo Getty Images"; elsewhere than below a headline it may be one ("Photo Exhibition Opens")."""
    match = _BARE_CREDIT.fullmatch(text) if len(text) <= _LONGEST_NAME else None
    name = _without_stop(match["name"]) if match else ""
    words = name.split()
    return name if 0 < len(words) <= 4 and not any(word[0].islower() for word in words) else ""


def _notice(text: str) -> Line | None:
    """What "Below is an article published by X. Photo Y" tells: the publisher, the credit, and the kind."""
    for pattern in _NOTICES:
        match = pattern.fullmatch(text)
        if match:
            break
    else:
        return None
    values = match.groupdict()
    rest, after = values["rest"], values.get("after", "")
    credit = _CREDIT_IN_NOTICE.search(after or rest)
    if credit and not after:
        rest = rest[: credit.start()]
    name = _without_stop(rest)
    if not is_name(name) or (credit and len(credit["name"]) > 60):
        return None
    kind = kind_of(values["what"] + " " + after) or Kind.ARTICLE
    return Line(Role.NOTICE, text, name=name, kind=kind, photo=_without_stop(credit["name"]) if credit else "")


def _without_stop(name: str) -> str:
    return name.strip(" .,;:()[]")


# --- Contact, hidden addresses -----------------------------------------------------------------------------------

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


def _contact(text: str) -> Line | None:
    match = _CONTACT.fullmatch(text)
    return Line(Role.CONTACT, text, name=match["rest"]) if match else None


def reaches(text: str) -> bool:
    """Whether a line is made to reach somebody: a number, a mail or web address, in few words."""
    return len(text) <= 120 and bool(_REACH.search(text)) and not ends_sentence(text)


def contact_name(contact: str) -> str:
    """The name in the first line of a contact: what stands before any number or address."""
    match = _REACH.search(contact)
    name = contact[: match.start()] if match else contact
    return _REACH_WORDS.sub("", name).strip(_SEPARATORS.replace(".", ""))


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


# --- Headlines ---------------------------------------------------------------------------------------------------

_AFTER_END = "”\"“’'»«)]*_ "
_SENTENCE_ENDS = frozenset(".…。!?؟۔")
# A question or an exclamation may be a headline.
_NO_HEADLINE_ENDS = frozenset(".…。۔,;:")
_JOINING = re.compile(
    r"(?:an?|and|as|at|by|for|from|in|into|of|on|or|that|the|to|with|which|who|is|are|was|were|its|their"
    r"|der|die|das|de[nms]|eine?[nmr]?|[ia]m|und|vo[nm]|zu[mr]?|mit|für|auf|aus|bei|nach|über|oder"
    r"|ve|ile|için|bir|veya|ki|gibi)",
    re.IGNORECASE,
)
_BYLINE = re.compile(r"(?:by|von) (?P<names>.+)", re.IGNORECASE)
_SALUTATION = re.compile(
    r"(?:dear|hello|hi|good (?:morning|day)|liebe[rs]?|sehr geehrte[rs]?|hallo|guten|değerli|sayın|sevgili|merhaba)\b",
    re.IGNORECASE,
)
_MARK = re.compile(r"(?:[•▪●◦‣*–-]|(?P<number>\d{1,2})[.)]) (?P<rest>\S.*)")


def ends_sentence(text: str) -> bool:
    """Whether `text` ends as a sentence does, also as one that was cut off ("[…]")."""
    return _last_mark(text) in _SENTENCE_ENDS


def _last_mark(text: str) -> str:
    return text[-20:].rstrip(_AFTER_END)[-1:]


def joins(text: str) -> bool:
    """Whether the last word of `text` asks for another, so that no line is complete with it."""
    return bool(_JOINING.fullmatch(text[-30:].rpartition(" ")[2]))


def is_headline(text: str) -> bool:
    """Whether `text` may be a headline: short, and neither a sentence nor a byline nor a salutation."""
    return (
        len(text) <= _LONGEST_HEADLINE
        and any(letter.isalpha() for letter in text)
        and _last_mark(text) not in _NO_HEADLINE_ENDS
        and not joins(text)
        and not _is_byline(text)
        and not (_SALUTATION.match(text) and len(text.split()) <= 6)
    )


def _is_byline(text: str) -> bool:
    match = _BYLINE.fullmatch(text)
    words = match["names"].split() if match else []
    small = {"and", "und", "de", "van", "von", "al"}
    return 0 < len(words) <= 6 and all(word in small or word[0].isupper() for word in words)


def without_mark(headline: str) -> str:
    """A line without the bullet or number before it; the "1." of "1. Mai" belongs to it."""
    match = _MARK.match(headline)
    if not match or (match["number"] and is_month(match["rest"].split()[0])):
        return headline
    return match["rest"]
