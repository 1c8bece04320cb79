"""Make an item of a group of lines, with notes for the editor on what the brief doesn't say."""

from collections.abc import Iterable, Iterator

from briefing.collecting.brief.lines.item_text import markdown_text
from briefing.collecting.brief.lines.line import (
    NO_LINE,
    Line,
    Lines,
    Role,
    with_next,
)
from briefing.collecting.brief.model import (
    NOT_AN_ITEM,
    ParsedItem,
    left_out_above,
)
from briefing.collecting.text.comparing import fold
from briefing.collecting.text.written_dates import mentioned
from briefing.issue.model import Item, Kind

from .draft import Draft, written_date

HIDDEN_NOTE = (
    "an email address is missing; the web page it was copied from hides it"
)
_LONGEST_HEADLINE_ABOVE_SOURCE = 150


def parse_item(lines: Lines, above: Lines) -> ParsedItem:
    """Make an item of its lines; `above` are lines above it that don't belong to an item."""
    draft = _draft(lines)
    item = draft.item()
    notes = [
        *(left_out_above(line.text) for line in above if line.text),
        *_missing(item, draft),
        *_hidden_addresses([*above, *lines]),
        *_contradictions(lines, item),
        *draft.notes,
        *(
            f"another link: {address}"
            for address in draft.other_links(item.link)
        ),
    ]
    return ParsedItem(item, tuple(notes), _paragraphs_of(lines))


def without_headline(lines: Lines) -> ParsedItem:
    """Make an item without headline of lines that aren't one, so that no word is lost."""
    text = markdown_text(lines)
    notes = [NOT_AN_ITEM, *_hidden_addresses(lines)]
    return ParsedItem(Item(text=text), tuple(notes), _paragraphs_of(lines))


def _paragraphs_of(lines: Lines) -> tuple[int, ...]:
    return tuple(dict.fromkeys(line.paragraph for line in lines))


def _draft(lines: Lines) -> Draft:
    draft = Draft()
    headline = _headline(lines)
    places = _places(lines)
    for number, (line, below) in enumerate(with_next(lines)):
        if number == headline:
            draft.take_headline(line)
        elif number in places and not draft.text:
            draft.take_place(line)
        else:
            draft.take(line, below)
    return draft


# --- Headlines and datelines


def _headline(lines: Lines) -> int:
    """The number of the headline: a brief's title, or the first line of text if it reads like a
    headline; -1 if there is none.

    Directly above a source line, even a sentence is a headline ("Release them now."), and so is a
    line that ends with a date.
    """
    sources: list[int] = []
    for number, (line, below) in enumerate(with_next(lines)):
        if line.is_source:
            sources.append(number)
        elif line.role is Role.TITLE:
            return number
        elif line.is_text and not line.is_publisher:
            is_headline = not sources and _is_above_source(line, below)
            return (
                number
                if is_headline
                else _uncertain_headline(number, line, sources)
            )
    return _uncertain_headline(-1, NO_LINE, sources)


def _is_above_source(line: Line, below: Line) -> bool:
    return below.is_source and len(line.text) <= _LONGEST_HEADLINE_ABOVE_SOURCE


def _uncertain_headline(number: int, line: Line, sources: list[int]) -> int:
    """The first of several apparent source lines; else the line, if it reads like a headline."""
    if len(sources) > 1:
        return sources[0]
    return number if line.is_heading else -1


def _places(lines: Lines) -> set[int]:
    """The numbers of the apparent source lines that are really a place and a date.

    These are below a kind or an organisation, or in an item where another line begins with
    "Source:".
    """
    has_publisher = any(line.labelled for line in lines)
    places: set[int] = set()
    for number, line in enumerate(lines):
        if line.is_source and has_publisher and line.is_dateline:
            places.add(number)
        has_publisher |= line.role is Role.KIND or line.is_publisher
    return places


# --- Notes


def _missing(item: Item, draft: Draft) -> list[str]:
    """Notes on the fields that the editor may be able to fill in."""
    known = [
        item.heading,
        item.source,
        item.date,
        item.link,
        item.contact,
    ]
    if not any(known):
        return [NOT_AN_ITEM]
    values = {
        "no headline": item.heading,
        f"no source{_contact_hint(item, draft)}": item.source,
        f"no date{_date_hint(draft)}": item.date,
        "no link": item.link,
        "no text": item.text,
    }
    return [note for note, value in values.items() if not value]


def _contact_hint(item: Item, draft: Draft) -> str:
    contact = "" if item.kind is Kind.ARTICLE else draft.contact_name()
    return f"; the contact is {contact}" if contact else ""


def _date_hint(draft: Draft) -> str:
    lines = [line.text for line in draft.text]
    date = mentioned(" ".join([draft.heading, *lines]))
    return f"; the text mentions {written_date(date)}" if date else ""


def _contradictions(lines: Lines, item: Item) -> Iterator[str]:
    """Notes on notices that name a different publisher or photographer than the item."""
    for line in lines:
        is_other = fold(line.name) != fold(item.source) or line.photo not in {
            "",
            item.photo,
        }
        if line.role is Role.NOTICE and is_other:
            yield f"a notice in the brief says “{line.text}”"


def _hidden_addresses(lines: Iterable[Line]) -> list[str]:
    return [HIDDEN_NOTE] if any(line.hid_address for line in lines) else []
