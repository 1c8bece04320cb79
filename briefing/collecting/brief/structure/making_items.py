"""Make an item of the rows that belong to it. What the item doesn't contain is quoted in its notes."""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import chain, filterfalse

from briefing.collecting.brief.lines.contacts import classify_contact
from briefing.collecting.brief.lines.credits import (
    classify_credit,
    classify_notice,
)
from briefing.collecting.brief.lines.fields import FIELDS
from briefing.collecting.brief.lines.headlines import is_byline
from briefing.collecting.brief.lines.item_text import markdown_text
from briefing.collecting.brief.lines.kinds import classify_kind, kind_of
from briefing.collecting.brief.lines.line import (
    LONGEST,
    Line,
    Role,
    by_paragraph,
)
from briefing.collecting.brief.lines.prose import join_wrapped_lines
from briefing.collecting.brief.model import ParsedItem, left_out_above
from briefing.collecting.brief.vocabulary import Form, phrases
from briefing.collecting.text.comparing import fold
from briefing.collecting.text.hosts import is_first_page
from briefing.collecting.text.literal import Link
from briefing.collecting.text.written_dates import find_dates
from briefing.issue.model import Item, Kind

from .head import Head
from .row import (
    EMPTY_BRACKETS,
    OTHER,
    Row,
    Rows,
    addresses_in,
    continues_in,
    same_address,
    without_addresses_above,
)
from .segments import Segment

_WORD = re.compile(r"[^\W_]+")
# "06:10", "Item 1", but neither "1" nor "№ 1"
_MORE_THAN_NUMBER = re.compile(r"\d:\d|[^\W\d_]{2}")
_READ_MORE = Form("<read_more>")
_LEADING = " :：→»›>"
# What an address leaves that was taken out at the end of a sentence: "It runs again ."
_BEFORE_STOP = re.compile(r" (?=[.,])")
_WANTED = ("source", "date", "link", "text")
"""What every item should have."""


@dataclass(slots=True)
class _Body:
    """The rows below an item's head, by what they are."""

    text: list[Line] = field(default_factory=list)
    photo: str = ""
    contact: list[str] = field(default_factory=list)

    def take(
        self, words: str, links: Sequence[Link] = (), block: int = -1
    ) -> None:
        """Take the words of a row, with its mark if it has one."""
        if len(words) <= LONGEST and self._take_credit_or_contact(words):
            return
        if words:
            self.text.append(
                Line(Role.TEXT, words, links=tuple(links), paragraph=block)
            )

    def markdown(self) -> str:
        """The text, with the lines joined that a program wrapped."""
        lines: list[Line] = []
        for paragraph in by_paragraph(self.text):
            lines += join_wrapped_lines(paragraph)
        return markdown_text(lines)

    def _take_credit_or_contact(self, words: str) -> bool:
        credit = classify_credit(words)
        contact = classify_contact(words)
        if credit and not self.photo:
            self.photo = credit.photo
        elif contact:
            self.contact.append(contact.name.strip(" ,;"))
        else:
            return False
        return True


def item_of(
    segment: Segment, above: Sequence[str], day: dt.date | None
) -> ParsedItem:
    """Make an item of a segment.

    `above` are the lines between it and the item above; `day` is its date if it has none of its own.
    """
    head = segment.head
    rows = without_addresses_above(segment.rows)
    leading = segment.rows[: len(segment.rows) - len(rows)]
    link, others = _links(leading, rows, head)
    body = _body(rows, head, link)
    item = Item(
        heading=head.headline,
        kind=_kind_of(rows, head),
        source=head.source,
        date=head.date or day,
        link=link,
        photo=body.photo,
        contact=", ".join(body.contact),
        text=body.markdown(),
    )
    notes = list(map(left_out_above, above))
    further = filterfalse(is_byline, head.further)
    says = [*_counter_of(rows[0]), *further]
    notes += [f"also says “{words}”" for words in says]
    notes += [f"no {name}" for name in _WANTED if not getattr(item, name)]
    notes += [f"another link: {address}" for address in others]
    notes += _left_out(segment.rows, item, notes)
    paragraphs = tuple(dict.fromkeys(row.paragraph for row in segment.rows))
    return ParsedItem(item, tuple(notes), paragraphs)


def _body(rows: Rows, head: Head, link: str) -> _Body:
    body = _Body()
    # An item has no field for its author, so its text begins with the byline.
    for byline in filter(is_byline, head.further):
        body.take(byline)
    rest = head.rest.replace(link, "") if link else head.rest
    body.take(" ".join(rest.split()))
    starts = _first_rows_of_paragraphs(rows)
    for place, (row, start) in enumerate(zip(rows, starts, strict=True)):
        if not _has_text(row, is_read=place in head.rows):
            continue
        notice = _notice_of(row, head.source)
        if notice:
            body.photo = body.photo or notice.photo
            continue
        words, links = _without_link(row, link)
        body.take(_with_mark(words, row), links, start)
    return body


def _has_text(row: Row, *, is_read: bool) -> bool:
    """Whether a row belongs to an item's body; `is_read` says whether the head was read from it."""
    is_beside = row.field == OTHER and not row.is_cell
    if is_read and not is_beside:
        return False
    is_leading = row.is_address and not row.is_reference
    return not (is_leading or _READ_MORE.fits(row.words))


def _first_rows_of_paragraphs(rows: Rows) -> Iterator[int]:
    """For each row, the number of the first row of its paragraph; a label begins one, and so does a row below it that
    doesn't go on from it.
    """
    start = rows[0]
    for row in rows:
        is_below_label = start.field == OTHER and not continues_in(start, row)
        begins = row.field or is_below_label
        is_within = start.is_quoted and row.is_quoted
        if row.block != start.block or (begins and not is_within):
            start = row
        yield start.number


def _notice_of(row: Row, source: str) -> Line | None:
    """A row that only says that the text is the source's, as "Below is an article published by BBC." The email says so
    itself.
    """
    notice = classify_notice(row.words)
    return notice if notice and fold(notice.name) == fold(source) else None


def _kind_of(rows: Rows, head: Head) -> Kind:
    """The kind that a row says, or a headline, or the words beside its source: "Circle of Millers | Statement"."""
    lines = (classify_kind(row.words[:LONGEST]) for row in rows)
    said = (line.kind for line in lines if line)
    named = map(kind_of, (head.headline, *head.further))
    return next(filter(None, chain(said, named)), Kind.ARTICLE)


def _with_mark(words: str, row: Row) -> str:
    """Words with the bullet or number in front of their row."""
    return _mark_of(row) + words if words else ""


def _mark_of(row: Row) -> str:
    place = row.raw.find(row.words) if row.mark else 0
    return row.raw[: max(0, place)]


def _counter_of(row: Row) -> Iterator[str]:
    """What counts an item, if it says more than its number: a time, or words."""
    mark = _mark_of(row).strip(" ([:)]")
    # "06:10" before a headline says when, so a note keeps it.
    if row.mark == "1" and _MORE_THAN_NUMBER.search(mark):
        yield mark


def _without_link(row: Row, link: str) -> tuple[str, list[Link]]:
    """The words of a row without the item's own address, and its other links."""
    words = row.words
    others: list[Link] = []
    for text, address in row.links:
        if address == link and same_address(text, address):
            words = words.replace(text, "", 1)
        else:
            others.append((text, address))
    words = " ".join(EMPTY_BRACKETS.sub("", words).split())
    if words != row.words and not others:
        words = _without_leading_on(words)
    return words, others


def _without_leading_on(words: str) -> str:
    """Words without what led to an address that was taken out of them: the space, "Read more"."""
    words = _BEFORE_STOP.sub("", words)
    end = _READ_MORE.find_at_end(words.rstrip(_LEADING))
    return words if end is None else words[:end].rstrip(_LEADING)


def _links(leading: Rows, rows: Rows, head: Head) -> tuple[str, list[str]]:
    """The item's own link, and the others that its text doesn't show. Its own is above the headline, in it, that of the
    source, alone on a row, or in the text: the first of these that there is.
    """
    in_head = [row for place, row in enumerate(rows) if place in head.rows]
    own = [row for row in rows if not row.is_reference]
    alone = [row for row in own if row.is_address]
    headline = _link_of_headline(head.headline, in_head)
    shown_elsewhere = [
        *addresses_in(leading),
        *headline,
        *_links_of_source(head.source, own),
        *addresses_in([*in_head, *alone]),
    ]
    link, *_ = [*shown_elsewhere, *addresses_in(own), ""]
    others = dict.fromkeys(shown_elsewhere)
    return link, [address for address in others if address != link]


def _link_of_headline(title: str, rows: Rows) -> list[str]:
    """The address that most of a headline leads to: an editor may have linked its first letters to another page."""
    linked = [link for row in rows for link in row.links if link[0] in title]
    linked.sort(key=lambda link: len(link[0]), reverse=True)
    return [address for _, address in linked[:1]]


def _links_of_source(source: str, rows: Rows) -> list[str]:
    """The addresses of articles to which the name of a source leads."""
    return [
        address
        for row in rows
        for words, address in row.links
        if words == source and not is_first_page(address)
    ]


def _left_out(rows: Rows, item: Item, notes: Sequence[str]) -> Iterator[str]:
    """Quote each row with a word that is neither in the item nor in its notes: no word is lost."""
    known = [
        item.heading,
        item.source,
        item.text,
        item.photo,
        item.contact,
        *notes,
    ]
    kept = {*_WORD.findall(" ".join(known).casefold()), *_labels()}
    for row in rows:
        words = _without_label(_READ_MORE.remove(row.without_addresses))
        own = _WORD.findall(_without_date(words, item).casefold())
        is_kept = (
            row.is_address or words in item.text or _is_notice_of(item, row)
        )
        if not is_kept and not kept.issuperset(own):
            yield f"left out: “{row.quote}”"


@cache
def _labels() -> frozenset[str]:
    """Words that only introduce a field: "Source:", "vom"."""
    fields = (f"{name}_field" for name in FIELDS)
    names = (
        "before_date",
        "after_date",
        "undated",
        "via",
        "published_in",
        "written_for",
        *fields,
    )
    listed = " ".join(phrase for name in names for phrase in phrases(name))
    return frozenset(_WORD.findall(listed.casefold()))


def _is_notice_of(item: Item, row: Row) -> bool:
    """Whether a row is a notice that says only what the item does."""
    notice = _notice_of(row, item.source)
    return notice is not None and notice.photo in {"", item.photo}


def _without_label(words: str) -> str:
    """What a contact says; other words as they are."""
    contact = classify_contact(words)
    return contact.name if contact else words


def _without_date(text: str, item: Item) -> str:
    """Words without the item's date, which the item writes in its own way."""
    if item.date is None:
        return text
    for found in reversed(find_dates(text, item.date)):
        if found.date == item.date:
            text = f"{text[: found.start]} {text[found.end :]}"
    return text
