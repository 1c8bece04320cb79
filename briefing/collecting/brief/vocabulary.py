"""The words by which a line of an item tells what it is, in English, German and Turkish.

`classify` looks at one line alone, by its words; what the lines make together is decided in `paste`. To add a language,
add its words here: every list is matched without regard to case.
"""

import datetime as dt
import re

from briefing.collecting.brief.contacts import classify_contact, is_proper
from briefing.collecting.brief.headlines import is_byline
from briefing.collecting.brief.roles import LONGEST, LONGEST_NAME, SEPARATORS, Line, Role
from briefing.collecting.text.dates import fold, split_date, split_leading_date
from briefing.issue.model import Kind

_DECORATION = r"[ →»›>▶⟶…:.\])]*"


def classify(text: str, *, linked: bool = False) -> Line:
    """What a line of a brief is by its words; `linked` if something in it is a link."""
    if len(text) <= LONGEST:
        found = (
            _more(text, linked)
            or classify_contact(text)
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
    rf"(?P<mark>{_DECORATION})(?:[<(\[]?https?://\S+)?",
    re.IGNORECASE,
)
_MORE_AT_END = re.compile(
    rf"(?<=[.!?…\])”\"»’] )[\[(]?(?:{_MORE_WORDS})(?: here)?{_DECORATION}(?:[<(\[]?https?://\S+)?$", re.IGNORECASE
)
_ADDRESS = re.compile(
    r"(?:(?:link|url|web|source|quelle|kaynak|bağlantı|more|mehr|(?:full )?(?:report|statement)"
    r"|download|herunterladen|indir|pdf) ?: ?)?[<(\[]?https?://\S+",
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
    match = _MORE_AT_END.search(text, max(0, len(text) - LONGEST))
    return match.start() if match else None


# --- Kinds and labels --------------------------------------------------------------------------------------------

_LABELS = {
    Kind.PRESS_RELEASE: (
        "press release", "media release", "news release", "press statement", "for immediate release",
        "for immediate publication", "pressemitteilung", "medienmitteilung", "presseinformation", "presseerklärung",
        "zur sofortigen veröffentlichung", "basın bülteni", "basın duyurusu", "hemen yayınlanabilir",
        "derhal yayınlanmak üzere", "acil yayın için",
        "basın açıklaması", "basın bildirisi",
    ),
    Kind.STATEMENT: (
        "statement", "public statement", "joint statement", "erklärung", "gemeinsame erklärung", "stellungnahme",
        "açıklama", "ortak açıklama", "kamuoyu açıklaması",
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
        r"|\bbasın (?:bülteni|duyurusu|açıklaması|bildirisi)",
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
    rest = fold(words).strip(SEPARATORS + "*)!")
    kind: Kind | None = None
    while rest:
        label, found = next(((one, kind) for one, kind in _LABEL_KINDS if rest.startswith(one)), ("", None))
        after = rest[len(label) :]
        if found is None or after[:1].isalnum():
            return None
        kind = kind or found
        rest = after.lstrip(SEPARATORS + "*)!")
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
    if not match or len(words) > LONGEST_NAME:
        return None
    alone = _NUMBERED.fullmatch((words[: match.start()] + words[match.end() :]).strip(SEPARATORS))
    return Line(Role.TITLE, text, date=date) if date or alone else None


_PARTS = frozenset(
    fold(part)
    for part in (
        "top stories", "top story", "in brief", "news in brief", "in the news", "news", "headlines", "this week",
        "press releases", "statements", "reports", "events", "upcoming events", "further reading", "opinion",
        "analysis",
        "kurz notiert", "in kürze", "kurzmeldungen", "nachrichten", "aus den medien", "pressemitteilungen", "termine",
        "veranstaltungen", "berichte", "lesetipps", "weitere meldungen",
        "kısa haberler", "kısa kısa", "haberler", "öne çıkanlar", "basında", "basından", "basın açıklamaları",
        "etkinlikler", "raporlar", "duyurular",
    )
)  # fmt: skip


def is_known_part(text: str) -> bool:
    """Whether a line is the usual heading of a brief's part: "In brief"."""
    return fold(text.strip(SEPARATORS + "!*")) in _PARTS


def may_be_part(text: str) -> bool:
    """Whether a line is a few words of capitals, as the headings of a brief's parts are, and its headlines may be."""
    return text.isupper() and len(text.split()) <= 4 and len(text) <= 40 and not any(map(str.isdigit, text))


# --- Source, date ------------------------------------------------------------------------------------------------

_EXPLICIT = re.compile(r"(?:source|quelle|kaynak) ?: ?(?P<name>\S.*)", re.IGNORECASE)
_PUBLISHED = r"(?:first )?(?:published|posted|released|issued|updated|veröffentlicht|erschienen|yayın tarihi)"
_PUBLISHED_ON = re.compile(rf"(?:{_PUBLISHED}|date|dated|datum|vom|stand|tarih)(?: on| am)?", re.IGNORECASE)
_PUBLISHED_BY = re.compile(
    rf"{_PUBLISHED}(?: on| am)?,? (?P<date>.{{6,40}}?),? (?:by|in|von|bei) (?P<name>\S.*)", re.IGNORECASE
)
_BY_AND_DATE = re.compile(rf"{_PUBLISHED} (?:by|in|von|bei) (?P<name>\S.*?)(?:,? (?:on|am))?", re.IGNORECASE)
_PUBLISHED_BEHIND = re.compile(rf"(?P<name>\S.*?)(?:,| ?[|·–—-]) ?{_PUBLISHED}(?: on| am)?", re.IGNORECASE)
# The pieces of "BBC | 8 October 2020 | By Jane Doe", and what stands between them.
_PIECES = re.compile(r"( ?[|·•] ?| [–—-] |, (?=(?:by|von) ))", re.IGNORECASE)


def _source(text: str) -> Line | None:
    """A source line, or a date alone. "Source: BBC" needs no date; else a name is known by the date beside it."""
    bare, byline = _without_byline(text)
    found = _dated_behind(bare) or _published_by(bare) or _dated_first(bare)
    if not found:
        return None
    role, name, date = found
    explicit = bool(_EXPLICIT.fullmatch(bare))
    firm = role is Role.SOURCE and ("|" in bare or bool(_PUBLISHED_BY.fullmatch(bare)))
    return Line(role, text, name=name, date=date, byline=byline, explicit=explicit, firm=firm)


_Found = tuple[Role, str, dt.date | None]


def _dated_behind(text: str) -> _Found | None:
    """ "BBC, 8 October 2020", "Source: BBC", or a date alone."""
    words, date = split_date(text) or (text, None)
    explicit = _EXPLICIT.fullmatch(words)
    name = _before_separator(explicit["name"] if explicit else words)
    if date and (not name or _PUBLISHED_ON.fullmatch(name)):
        return Role.DATE, "", date
    if date and (published := _BY_AND_DATE.fullmatch(name) or _PUBLISHED_BEHIND.fullmatch(name)):
        name, words = published["name"], "|"
    if not (date or explicit) or not is_name(name) or kind_of(name):
        return None
    separated = words.rstrip()[-1] in SEPARATORS
    if not (explicit or separated or (len(name.split()) <= 4 and not any(w[0].islower() for w in name.split()))):
        return None
    return Role.SOURCE, name, date


def _published_by(text: str) -> _Found | None:
    """ "Published 2020-11-01 by Lantern Institute"."""
    match = _PUBLISHED_BY.fullmatch(text)
    split = split_date(match["date"]) if match else None
    if not match or not split or split[0]:
        return None
    name = _before_separator(match["name"])
    return None if not is_proper(name) or kind_of(name) else (Role.SOURCE, name, split[1])


def _dated_first(text: str) -> _Found | None:
    """ "04.11.2020 - Radio Free Coast"; what isn't written as a name behind it makes a headline of the line."""
    split = split_leading_date(text)
    if not split or split[1][:1] not in {*"|·•:–—-,"}:
        return None
    name = _before_separator(split[1] + " ")
    return None if not is_proper(name) or len(name.split()) > 6 or kind_of(name) else (Role.SOURCE, name, split[0])


def _without_byline(text: str) -> tuple[str, str]:
    """A source line without the "By Jane Doe" in it, and that."""
    pieces = _PIECES.split(text)
    at = next((n for n in range(0, len(pieces), 2) if is_byline(pieces[n])), None)
    if at is None or len(pieces) == 1:
        return text, ""
    rest = pieces[: at - 1] + pieces[at + 1 :] if at else pieces[2:]
    return "".join(rest).strip(), pieces[at]


def _before_separator(words: str) -> str:
    """A name without what separates it from the date; a full stop before a comma is the name's own ("e. V.,")."""
    name = words.strip(SEPARATORS.replace(".", ""))
    return name if len(name) < len(words.rstrip()) else name.rstrip(".")


def is_name(text: str) -> bool:
    words = text.split()
    return (
        0 < len(words) <= 10
        and len(text) <= LONGEST_NAME
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
    match = _BARE_CREDIT.fullmatch(text) if len(text) <= LONGEST_NAME else None
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
