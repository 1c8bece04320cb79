"""From the lines of an item to the item, with notes on what could not be known of it."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from babel.dates import format_date

from briefing.collecting.brief import contacts
from briefing.collecting.brief import vocabulary as phrases
from briefing.collecting.brief.footers import leaves_a_list, shortened
from briefing.collecting.brief.grouping import is_heading
from briefing.collecting.brief.headlines import is_headline, listed, without_mark
from briefing.collecting.brief.lines import is_dateline, merged
from briefing.collecting.brief.roles import Line, Role
from briefing.collecting.text.dates import fold, mentioned
from briefing.collecting.text.literal import markdown
from briefing.issue.links import unsafe
from briefing.issue.model import Item, Kind

NOT_AN_ITEM = "text without a headline, a source or a link: is it an item?"
HIDDEN_NOTE = "a mail address was left out: its page hid it, and it can't be recovered"
# Links of a source line or a credit lead to a publisher, not to the piece.
_MORE, _ADDRESS, _HEADLINE, _NEVER_THE_LINK = range(4)


@dataclass(frozen=True, slots=True)
class ParsedItem:
    """An item found in a brief and what could not be known of it (each note one short phrase: "no link")."""

    item: Item
    notes: tuple[str, ...] = ()
    paragraphs: tuple[int, ...] = field(default=(), compare=False, repr=False)
    """Which of the brief's paragraphs it was made of, by their numbers."""


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
    byline: str = ""
    addresses: list[tuple[int, str]] = field(default_factory=list)
    """What may be the item's link, the lowest number first."""
    notes: list[str] = field(default_factory=list)

    def take_headline(self, line: Line) -> None:
        """Make `line` the heading; a brief's title is one, and tells the kind and the date."""
        self.heading = without_mark(line.text)
        if line.role is Role.TITLE:
            self.kind = Kind.BRIEF
            self._take_date(line)
        self._lead(line, _HEADLINE)

    def take(self, line: Line, below: Line | None, *, place: bool) -> None:
        """Put what `line` says where it belongs; what is known already, or doesn't fit, stays text.

        `place`: if it is a source line, it is rather one of place and date.
        """
        match line.role:
            case Role.ENDING:
                return
            case Role.SOURCE if place and not self.text:
                self.notes.append(f"place or source? “{line.text}”")
                self._take_date(line)
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
        self.byline = self.byline or line.byline
        if line.date and line.date != self.date:
            if self.date:
                self.notes.append(f"two dates: {_shown(self.date)} and {_shown(line.date)}")
            if line.role is Role.SOURCE or not self.date:
                self.date = line.date

    def _take_text(self, line: Line, below: Line | None) -> None:
        in_head = bool(self.heading and not self.text)
        if line.organisation and not self.source:
            self.source = line.text
            return
        credit = phrases.bare_credit(line.text)
        if in_head and credit and not self.photo:
            self.photo = credit
        elif in_head and not self.source and below and below.role is Role.DATE and _names(line.text):
            self.source = line.text
        elif line.text:
            self.text.append(line)

    def _lead(self, line: Line, rank: int) -> None:
        self.addresses += [(rank, address) for _, address in line.links]


def pasted(lines: Sequence[Line], above: Sequence[Line]) -> ParsedItem:
    """The item that the lines make; `above` is what stood above it and belongs to no item."""
    draft = _Draft()
    headline = _headline_of(lines)
    places = _places(lines)
    for number, line in enumerate(lines):
        if number == headline:
            draft.take_headline(line)
        else:
            draft.take(line, lines[number + 1] if number + 1 < len(lines) else None, place=number in places)
    item = _item(draft)
    notes = [f"above it stands “{line.text}”" for line in above if line.text and line.role is not Role.ENDING]
    notes += _unknown(item, draft)
    notes += _hidden([*above, *lines])
    notes += [f"the notice says “{line.text}”" for line in lines if line.role is Role.NOTICE and _differs(line, item)]
    others = dict.fromkeys(address for _, address in draft.addresses if address != item.link)
    notes += [*draft.notes, *(f"another link: {address}" for address in others)]
    return ParsedItem(item, (*notes, *endings_of([*above, *lines])))


def headless(lines: Sequence[Line]) -> ParsedItem:
    """Lines that make no item, as one, so that no word of them is lost."""
    text = text_of(lines)
    if text:
        return ParsedItem(Item(text=text), (NOT_AN_ITEM, *_hidden(lines), *endings_of(lines)))
    text = "\n\n".join(markdown(shortened(line.text, len(line.text))) for line in lines)
    return ParsedItem(Item(text=text), (NOT_AN_ITEM, *_hidden(lines)))


def endings_of(lines: Iterable[Line]) -> list[str]:
    """A note for each ending among the lines."""
    return [f"left out below it: “{shortened(line.text)}”" for line in lines if line.role is Role.ENDING and line.text]


def _item(draft: _Draft) -> Item:
    kind = draft.kind or phrases.kind_of(draft.heading) or Kind.ARTICLE
    addresses = [address for rank, address in sorted(draft.addresses, key=lambda one: one[0]) if rank < _NEVER_THE_LINK]
    source = draft.source or draft.published_by
    if not source and kind is not Kind.ARTICLE and draft.contact:
        source = contacts.contact_source(contacts.contact_name(draft.contact[0]))
    text = text_of(draft.text, bold_headlines=kind is Kind.BRIEF)
    return Item(
        heading=draft.heading,
        kind=kind,
        source=source,
        date=draft.date,
        link=next((address for address in addresses if not unsafe(address) and not leaves_a_list(address)), ""),
        photo=draft.photo,
        contact=", ".join(draft.contact),
        text="\n\n".join(filter(None, [markdown(draft.byline), text])),
    )


def _places(lines: Sequence[Line]) -> set[int]:
    """Which source lines are rather a place with a date: below a label, an organisation, or where "Source:" says so."""
    said = any(line.role is Role.SOURCE and line.explicit for line in lines)
    found: set[int] = set()
    for number, line in enumerate(lines):
        said |= line.role is Role.LABEL or line.organisation
        if line.role is Role.SOURCE and said and is_dateline(line):
            found.add(number)
    return found


def _headline_of(lines: Sequence[Line]) -> int | None:
    """Which of an item's lines is its headline: a brief's title, or its first line of text if it reads like one.

    Right above a source line a sentence is a headline too ("Release them now."), and so is what ends with a date.
    """
    first = next((n for n, line in enumerate(lines) if _may_be_first(line)), len(lines))
    sources = [n for n, line in enumerate(lines[:first]) if line.role is Role.SOURCE]
    if first < len(lines):
        line = lines[first]
        above_source = first + 1 < len(lines) and lines[first + 1].role is Role.SOURCE and len(line.text) <= 150
        if line.role is Role.TITLE or (above_source and not sources):
            return first
    if len(sources) > 1:
        return sources[0]
    return first if first < len(lines) and is_heading(lines[first]) else None


def _may_be_first(line: Line) -> bool:
    return line.role is Role.TITLE or (line.role is Role.TEXT and not line.organisation)


def _differs(notice: Line, item: Item) -> bool:
    return fold(notice.name) != fold(item.source) or notice.photo not in {"", item.photo}


def _hidden(lines: Iterable[Line]) -> list[str]:
    return [HIDDEN_NOTE] if any(line.hidden for line in lines) else []


def _unknown(item: Item, draft: _Draft) -> list[str]:
    """What an item lacks that the editor may know."""
    if not (item.heading or item.source or item.date or item.link or item.contact):
        return [NOT_AN_ITEM]
    unknown = [] if item.heading else ["no headline"]
    if not item.source:
        contact = contacts.contact_name(draft.contact[0]) if draft.contact and item.kind is not Kind.ARTICLE else ""
        unknown.append(f"no source; the contact is {contact}" if contact else "no source")
    if not item.date:
        hint = mentioned(" ".join([draft.heading, *(line.text for line in draft.text)]))
        text = f"; the text mentions {_shown(hint)}" if hint else ""
        unknown.append(f"no date{text}")
    return unknown + [f"no {name}" for name, value in (("link", item.link), ("text", item.text)) if not value]


def _names(text: str) -> bool:
    return phrases.is_name(text) and is_headline(text)


def _shown(date: dt.date) -> str:
    return format_date(date, "d MMMM y", locale="en_GB")


def text_of(lines: Sequence[Line], *, bold_headlines: bool = False) -> str:
    """Paragraphs and lists of Markdown source; in a brief within the brief the inner headlines are bold."""
    written: list[str] = []
    own = [line for line in lines if line.text and line.role is not Role.ENDING]
    for key, together in groupby(_run_on(own, bold_headlines=bold_headlines), key=_kind_of_block):
        if key == "list":
            written.append("\n".join(f"- {_listed(line)[1]}" for line in together))
        elif key == "numbers":
            written += _numbered([_listed(line) for line in together])
        else:
            bold = key == "headline"
            sources = [markdown(line.text, line.links, in_bold=bold) for line in together]
            written += [f"**{source}**" for source in sources] if bold else sources
    return "\n\n".join(written)


def _run_on(lines: Sequence[Line], *, bold_headlines: bool) -> Iterator[Line]:
    """The lines, with what seemed a headline above its text made one with it; inner headlines have the role TITLE."""
    rest: Line | None = None
    for number, line in enumerate(lines):
        whole = merged([rest, line]) if rest else line
        rest = None
        below = lines[number + 1] if number + 1 < len(lines) else None
        if bold_headlines and below and not whole.listed and is_headline(whole.text):
            yield replace(_without_mark(whole), role=Role.TITLE)
        elif whole.runs_on and below and not listed(below.text):
            rest = whole
        else:
            yield replace(whole, role=Role.TEXT)


def _kind_of_block(line: Line) -> str:
    found = listed(line.text)
    if line.role is Role.TITLE:
        return "headline"
    return "text" if found is None else ("numbers" if found[0] else "list")


def _without_mark(line: Line) -> Line:
    """A line without the bullet or number before it, also where that is linked."""
    text = without_mark(line.text)
    mark = line.text.removesuffix(text)
    links = line.links
    if mark and links:
        links = ((links[0][0].removeprefix(mark), links[0][1]), *links[1:])
    return replace(line, text=text, links=links)


def _listed(line: Line) -> tuple[str, str]:
    """A marked line as its number and its words in Markdown source."""
    found = listed(line.text)
    bare = _without_mark(line)
    return found[0] if found else "", markdown(bare.text, bare.links)


def _numbered(lines: Sequence[tuple[str, str]]) -> list[str]:
    """Numbered lines as lists: one as long as the numbers go up by one, as Markdown numbers them so itself.

    Two lists, one below the other, are told apart by the other mark ("1." and "1)").
    """
    runs: list[list[str]] = []
    before = -1
    for digits, source in lines:
        number = int(digits)
        if number != before + 1 or not runs:
            runs.append([])
        runs[-1].append(f"{digits}{'.)'[(len(runs) - 1) % 2]} {source}")
        before = number
    return ["\n".join(run) for run in runs]
