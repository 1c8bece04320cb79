"""A weekly brief as people paste it, into items. No I/O, and nothing is invented.

Three steps: the lines of each paragraph are told apart by their words (`lines`, `phrases`) and grouped into items
(`_grouped`), and each group becomes an Item with notes on what could not be known of it (`_pasted`).

An item begins behind a "Read more", at a label ("Press release"), at a brief's title, or at a source line: with it
("BBC, 8 October 2020", then the headline) or with the headline right above it. The title of the whole brief and the
headings of its parts belong to no item; they are told in a note on the item below them. No word is lost: what isn't
understood is text of the item in which it stands.
"""

import codecs
import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from babel.dates import format_date

from briefing.collecting import phrases
from briefing.collecting.dates import fold, mentioned
from briefing.collecting.lines import Paragraph, lines_of, merged
from briefing.collecting.literal import addresses, markdown
from briefing.collecting.phrases import Line, Role, is_headline
from briefing.errors import BriefingError
from briefing.issue.links import unsafe
from briefing.issue.model import Item, Kind

NOT_AN_ITEM = "text without a headline, a source or a link: is it an item?"
HIDDEN_NOTE = "a mail address was left out: its page hid it, and it can't be recovered"
# What belongs to no item is no longer than this.
_LONGEST_HEAD = 8
# Links of a source line or a credit lead to a publisher, not to the piece.
_MORE, _ADDRESS, _HEADLINE, _NEVER_THE_LINK = range(4)


@dataclass(frozen=True, slots=True)
class Pasted:
    """An item found in a brief and what could not be known of it (each note one short phrase: "no link")."""

    item: Item
    notes: tuple[str, ...] = ()


def decode(data: bytes) -> str:
    r"""The text of a pasted file: UTF-8, UTF-16 (by its byte-order mark) or Windows-1252, with lines ended by "\n".

    Raises BriefingError where it is none of them.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig"] if data.startswith(codecs.BOM_UTF8) else ["utf-8", "cp1252"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return re.sub(r"\r\n?", "\n", text.replace("\0", ""))
    raise BriefingError("this is no text in UTF-8, UTF-16 or Windows-1252; save it as plain text (UTF-8) and try again")


def paragraphs(text: str) -> list[Paragraph]:
    """Plain text as paragraphs; the bare web addresses in a line become its links."""
    # Word ends a line with U+000B, a page with U+000C; browsers copy U+2028 and U+2029.
    text = re.sub(r"\r\n?|[\v\x85\u2028]", "\n", re.sub(r"[\f\u2029]", "\n\n", text))
    found: list[Paragraph] = []
    lines: list[str] = []
    for line in [*text.split("\n"), ""]:
        if line.strip():
            lines.append(line)
        elif lines:
            links = tuple(link for each in lines for link in addresses(each))
            found.append(Paragraph(tuple(lines), links))
            lines = []
    return found


def read_brief(paragraphs: Sequence[Paragraph]) -> list[Pasted]:
    """The items of a brief in their order, each with notes on what could not be known of it."""
    lines = [line for paragraph in paragraphs for line in lines_of(paragraph)]
    found: list[Pasted] = []
    above: list[Line] = []
    for group in _grouped(lines):
        if _is_an_item(group):
            found.append(_pasted(group, above))
            above = []
        else:
            above += group
    if above:
        text = "\n\n".join(markdown(line.text, line.links) for line in above if line.text)
        found.append(Pasted(Item(text=text), (NOT_AN_ITEM, *_hidden(above))))
    return found


# --- Groups of lines: one item each ------------------------------------------------------------------------------


@dataclass(slots=True)
class _Group:
    """The lines of one item as far as they are known, and what they hold already."""

    lines: list[Line] = field(default_factory=list)
    heading: bool = False
    text: bool = False
    source: bool = False
    photo: bool = False
    ended: Role | None = None

    def add(self, line: Line) -> None:
        """Put `line` below the others."""
        self.lines.append(line)
        headline = line.role is Role.TEXT and not self.text and not self.heading and is_headline(line.text)
        self.heading |= line.role is Role.TITLE or headline
        self.text |= line.role is Role.TEXT and not headline
        self.source |= line.role is Role.SOURCE
        self.photo |= bool(line.photo)
        if line.role is Role.MORE or (line.role is Role.ADDRESS and self.text):
            self.ended = self.ended or line.role

    def holds_only(self, *roles: Role) -> bool:
        """Whether there are lines, and none of another role."""
        return bool(self.lines) and all(line.role in roles for line in self.lines)


def _grouped(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """The lines, item by item."""
    group = _Group()
    marked = any(line.role is Role.MORE for line in lines)
    for number, line in enumerate(lines):
        below = lines[number + 1] if number + 1 < len(lines) else None
        taken = _new_item_at(line, group, below, top=number == len(group.lines), marked=marked)
        if taken is not None:
            cut = len(group.lines) - taken
            above, headline = group.lines[:cut], group.lines[cut:]
            if above:
                yield above
            group = _Group()
            for one in headline:
                group.add(one)
        group.add(line)
    if group.lines:
        yield group.lines


def _new_item_at(line: Line, group: _Group, below: Line | None, *, top: bool, marked: bool) -> int | None:
    """None if `line` belongs to `group`; else how many of the lines right above it (0 or 1) go with it to a new item.

    `below` is the line after it; `top`: no item was found before; `marked`: items of this brief end with "Read more".
    """
    if _goes_on(line, group):
        return None
    if group.ended or _is_complete(group, line, top=top):
        return 0
    begins = False
    match line.role:
        case Role.SOURCE:
            return _new_item_at_source(line, group, below)
        case Role.TITLE:
            begins = not group.holds_only(Role.SOURCE)
        case Role.LABEL:
            begins = group.text
        case Role.TEXT if group.text and not marked and below is not None:
            named = is_headline(line.text) and phrases.kind_of(line.text) is not None
            begins = named and below.role is Role.TEXT and not is_headline(below.text)
    return 0 if begins else None


def _goes_on(line: Line, group: _Group) -> bool:
    """Whether `line` can't begin an item, or goes on with one that seemed to have ended."""
    match line.role:
        case Role.MORE | Role.ADDRESS | Role.EMPTY:
            return True
        case Role.CREDIT:
            return group.ended is not None and not group.photo
        case Role.TEXT:
            return group.ended is Role.ADDRESS and not is_headline(line.text)
    return False


def _is_complete(group: _Group, line: Line, *, top: bool) -> bool:
    """Whether nothing more can belong to `group`: contacts without an item, and the title at the top of a brief."""
    if line.role is Role.CONTACT or len(group.lines) > _LONGEST_HEAD:
        return False
    title = top and line.role not in {Role.SOURCE, Role.DATE} and group.holds_only(Role.TITLE, Role.DATE, Role.EMPTY)
    return title or group.holds_only(Role.CONTACT)


def _new_item_at_source(line: Line, group: _Group, below: Line | None) -> int | None:
    """A source line stands below its headline, or above it; see `_new_item_at`."""
    headline_above = group.lines and group.lines[-1].role is Role.TEXT and is_headline(group.lines[-1].text)
    headline_below = below is not None and below.role is Role.TEXT and is_headline(below.text)
    if not (group.text or (group.heading and group.source)) or (line.explicit and not group.source):
        return None
    if headline_above and not (group.lines[0].role is Role.SOURCE and headline_below):
        return 1
    return 0 if headline_below or (group.source and group.text) else None


def _is_an_item(lines: Sequence[Line]) -> bool:
    """Whether the lines make an item: not the brief's own title, a heading of its parts, or a line on its own."""
    if any(line.links for line in lines) or len(lines) > _LONGEST_HEAD:
        return True
    roles = [line.role for line in lines if line.role is not Role.EMPTY]
    if Role.TEXT in roles:
        return len(roles) > 1 or not is_headline(lines[0].text)
    return len(roles) > 1 and not set(roles) <= {Role.TITLE, Role.SOURCE, Role.DATE, Role.CONTACT}


# --- From the lines of an item to the item -----------------------------------------------------------------------


@dataclass(slots=True)
class _Draft:
    """An item while its lines are read one after the other."""

    heading: str = ""
    kind: Kind | None = None
    source: str = ""
    published_by: str = ""
    date: dt.date | None = None
    photo: str = ""
    contact: list[str] = field(default_factory=list)
    text: list[Line] = field(default_factory=list)
    addresses: list[tuple[int, str]] = field(default_factory=list)
    """What may be the item's link, the lowest number first."""
    notes: list[str] = field(default_factory=list)

    def take_headline(self, line: Line) -> None:
        """Make `line` the heading; a brief's title is one, and tells the kind and the date."""
        self.heading = phrases.without_mark(line.text)
        if line.role is Role.TITLE:
            self.kind = Kind.BRIEF
            self._take_date(line)
        self._lead(line, _HEADLINE)

    def take(self, line: Line, below: Line | None) -> None:
        """Put what `line` says where it belongs; what is known already, or doesn't fit, stays text."""
        match line.role:
            case Role.LABEL:
                self.kind = self.kind or line.kind
                self._take_date(line)
            case Role.SOURCE if not self.source:
                self.source = line.name
                self._take_date(line)
            case Role.DATE if not (self.date or self.text):
                self._take_date(line)
            case Role.NOTICE if not self.published_by:
                self.published_by, self.photo = line.name, self.photo or line.photo
                self.kind = self.kind or line.kind
            case Role.CREDIT if self.photo in {"", line.photo}:
                self.photo = line.photo
            case Role.CONTACT:
                self.contact.append(line.name.strip(" ,;"))
                return
            case Role.MORE | Role.ADDRESS:
                self.notes += [f"the line with the link says “{line.text}”"] if line.name else []
            case _:
                self._take_text(line, below)
                return
        self._lead(line, {Role.MORE: _MORE, Role.ADDRESS: _ADDRESS}.get(line.role, _NEVER_THE_LINK))

    def _take_date(self, line: Line) -> None:
        """A source line's date is the item's; any other only where none is known yet."""
        if line.date and line.date != self.date:
            if self.date:
                self.notes.append(f"two dates: {_shown(self.date)} and {_shown(line.date)}")
            if line.role is Role.SOURCE or not self.date:
                self.date = line.date

    def _take_text(self, line: Line, below: Line | None) -> None:
        in_head = bool(self.heading and not self.text)
        credit = phrases.bare_credit(line.text)
        if in_head and credit and not self.photo:
            self.photo = credit
        elif in_head and not self.source and below and below.role is Role.DATE and _names(line.text):
            self.source = line.text
        elif line.text:
            self.text.append(line)

    def _lead(self, line: Line, rank: int) -> None:
        self.addresses += [(rank, address) for _, address in line.links]


def _pasted(lines: Sequence[Line], above: Sequence[Line]) -> Pasted:
    """The item that the lines make; `above` is what stood above it and belongs to no item."""
    draft = _Draft()
    headline = _headline_of(lines)
    for number, line in enumerate(lines):
        if number == headline:
            draft.take_headline(line)
        else:
            draft.take(line, lines[number + 1] if number + 1 < len(lines) else None)
    kind = draft.kind or phrases.kind_of(draft.heading) or Kind.ARTICLE
    source = draft.source or draft.published_by
    if not source and kind is not Kind.ARTICLE and draft.contact:
        source = phrases.contact_name(draft.contact[0])
    addresses = [address for rank, address in sorted(draft.addresses, key=lambda one: one[0]) if rank < _NEVER_THE_LINK]
    link = next((address for address in addresses if not unsafe(address)), "")
    item = Item(
        heading=draft.heading,
        kind=kind,
        source=source,
        date=draft.date,
        link=link,
        photo=draft.photo,
        contact=", ".join(draft.contact),
        text=_text(draft.text, bold_headlines=kind is Kind.BRIEF),
    )
    notes = [f"above it stands “{line.text}”" for line in above if line.text]
    notes += _unknown(item, " ".join([draft.heading, *(line.text for line in draft.text)]))
    notes += _hidden([*above, *lines])
    notes += [f"the notice says “{line.text}”" for line in lines if line.role is Role.NOTICE and _differs(line, item)]
    others = dict.fromkeys(address for _, address in draft.addresses if address != link)
    return Pasted(item, (*notes, *draft.notes, *(f"another link: {address}" for address in others)))


def _headline_of(lines: Sequence[Line]) -> int | None:
    """Which of an item's lines is its headline: a brief's title, or its first line of text if it reads like one.

    Right above a source line a sentence is a headline too ("Release them now."), and so is what ends with a date.
    """
    first = next((n for n, line in enumerate(lines) if line.role in {Role.TITLE, Role.TEXT}), len(lines))
    sources = [n for n, line in enumerate(lines[:first]) if line.role is Role.SOURCE]
    if first < len(lines):
        line = lines[first]
        above_source = first + 1 < len(lines) and lines[first + 1].role is Role.SOURCE and len(line.text) <= 150
        if line.role is Role.TITLE or (above_source and not sources):
            return first
    if len(sources) > 1:
        return sources[0]
    return first if first < len(lines) and is_headline(lines[first].text) else None


def _differs(notice: Line, item: Item) -> bool:
    return fold(notice.name) != fold(item.source) or notice.photo not in {"", item.photo}


def _hidden(lines: Iterable[Line]) -> list[str]:
    return [HIDDEN_NOTE] if any(line.hidden for line in lines) else []


def _unknown(item: Item, words: str) -> list[str]:
    """What an item lacks that the editor may know; `words` is all that it says."""
    if not (item.heading or item.source or item.date or item.link or item.contact):
        return [NOT_AN_ITEM]
    unknown = [f"no {name}" for name, value in (("headline", item.heading), ("source", item.source)) if not value]
    if not item.date:
        hint = mentioned(words)
        text = f"; the text mentions {_shown(hint)}" if hint else ""
        unknown.append(f"no date{text}")
    return unknown + [f"no {name}" for name, value in (("link", item.link), ("text", item.text)) if not value]


def _names(text: str) -> bool:
    return phrases.is_name(text) and is_headline(text)


def _shown(date: dt.date) -> str:
    return format_date(date, "d MMMM y", locale="en_GB")


def _text(lines: Sequence[Line], *, bold_headlines: bool) -> str:
    """Paragraphs of Markdown source; in a brief within the brief the inner headlines are bold."""
    written: list[str] = []
    rest: Line | None = None
    for number, line in enumerate(lines):
        whole = merged([rest, line]) if rest else line
        rest = None
        below = number + 1 < len(lines)
        if bold_headlines and below and is_headline(whole.text):
            written.append(f"**{markdown(whole.text, whole.links)}**")
        elif line.runs_on and below:
            rest = whole
        else:
            written.append(markdown(whole.text, whole.links))
    return "\n\n".join(written)
