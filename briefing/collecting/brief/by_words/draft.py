"""An unfinished item, filled in line by line."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from babel.dates import format_date

from briefing.collecting.brief.lines.addresses import is_unsubscribe_link
from briefing.collecting.brief.lines.contacts import (
    contact_name,
    publishing_contact,
)
from briefing.collecting.brief.lines.credits import bare_credit
from briefing.collecting.brief.lines.headlines import is_headline
from briefing.collecting.brief.lines.item_text import markdown_text
from briefing.collecting.brief.lines.kinds import kind_of
from briefing.collecting.brief.lines.line import Line, Role
from briefing.collecting.brief.lines.marks import split_heading, without_mark
from briefing.collecting.brief.lines.names import is_name
from briefing.collecting.text.literal import markdown
from briefing.issue.links import unsafe_reason
from briefing.issue.model import Item, Kind


@dataclass(slots=True)
class Draft:
    """The contents of an item's lines so far."""

    heading: str = ""
    kind: Kind | None = None
    source: str = ""
    published_by: str = ""
    date: dt.date | None = None
    photo: str = ""
    contact: list[str] = field(default_factory=list)
    text: list[Line] = field(default_factory=list)
    byline: str = ""
    links: list[tuple[Role, str]] = field(default_factory=list)
    """The addresses outside the text, each with the role of its line; the headline's is TITLE."""
    notes: list[str] = field(default_factory=list)

    def take_headline(self, line: Line) -> None:
        """Take the headline; if it is a brief's title, also the kind and the date in it."""
        _, words = split_heading(line.text)
        self.heading = without_mark(words)
        if line.role is Role.TITLE:
            self.kind = Kind.BRIEF
            self._take_date(line)
        self._take_links(line, Role.TITLE)

    def take_place(self, line: Line) -> None:
        """Take a line that looks like a source line, but is more likely a place and a date."""
        self.notes.append(f"is this a place or the source? “{line.text}”")
        self._take_date(line)
        self._take_links(line, line.role)

    def take(self, line: Line, below: Line) -> None:
        """Take a line for its role; if that field is filled already, or the line is in an unusual
        position, it is text.
        """
        take = _TAKE.get(line.role)
        if take is None or not take(self, line):
            self._take_text(line, below)
        # The links of a contact lead to the person it names, not to the item.
        elif line.role is not Role.CONTACT:
            self._take_links(line, line.role)

    def _take_kind(self, line: Line) -> bool:
        self.kind = self.kind or line.kind
        return self._take_date(line)

    def _take_source(self, line: Line) -> bool:
        if self.source:
            return False
        self.source = line.name
        return self._take_date(line)

    def _take_dateline(self, line: Line) -> bool:
        return not self.date and not self.text and self._take_date(line)

    def _take_notice(self, line: Line) -> bool:
        if self.published_by:
            return False
        self.published_by = line.name
        self.photo = self.photo or line.photo
        self.kind = self.kind or line.kind
        return True

    def _take_credit(self, line: Line) -> bool:
        if self.photo not in {"", line.photo}:
            return False
        self.photo = line.photo
        return True

    def _take_contact(self, line: Line) -> bool:
        self.contact.append(line.name.strip(" ,;"))
        return True

    def _take_link(self, line: Line) -> bool:
        if line.name:
            self.notes.append(f"the link is in the line “{line.text}”")
        return True

    def _take_date(self, line: Line) -> bool:
        """Take the date and byline, if any: the first date, unless a source line has another."""
        self.byline = self.byline or line.byline
        if self.date and line.date:
            self._take_second_date(line, self.date, line.date)
        else:
            self.date = self.date or line.date
        return True

    def _take_second_date(
        self, line: Line, first: dt.date, second: dt.date
    ) -> None:
        if first != second:
            self.notes.append(
                f"two dates: {written_date(first)} and {written_date(second)}"
            )
        if line.is_source:
            self.date = second

    def _take_text(self, line: Line, below: Line) -> None:
        """Take a line of text; directly below the headline it may be a credit or the publisher."""
        if self.heading and not self.text and self._take_from_head(line, below):
            return
        if line.is_publisher and not self.source:
            self.source = line.text
        elif line.text:
            self.text.append(line)

    def _take_from_head(self, line: Line, below: Line) -> bool:
        credit = bare_credit(line.text)
        if credit and not self.photo:
            self.photo = credit
            return True
        if self.source:
            return False
        if not _is_publisher(line, below):
            return False
        self.source = line.text
        return True

    def _take_links(self, line: Line, role: Role) -> None:
        self.links += [(role, address) for _, address in line.links]

    def item(self) -> Item:
        """The item of all lines that were taken."""
        kind = self.kind or kind_of(self.heading) or Kind.ARTICLE
        text = markdown_text(self.text, bold_headlines=kind is Kind.BRIEF)
        paragraphs = filter(None, [markdown(self.byline), text])
        return Item(
            heading=self.heading,
            kind=kind,
            source=self.source
            or self.published_by
            or self._source_by_contact(kind),
            date=self.date,
            link=next(self._own_links(), ""),
            photo=self.photo,
            contact=", ".join(self.contact),
            text="\n\n".join(paragraphs),
        )

    def _source_by_contact(self, kind: Kind) -> str:
        """The organisation that a release names as its contact; an article's contact isn't the
        publisher.
        """
        return (
            ""
            if kind is Kind.ARTICLE
            else publishing_contact(self.contact_name())
        )

    def contact_name(self) -> str:
        """The name in the first contact, or ""."""
        return contact_name(self.contact[0]) if self.contact else ""

    def _own_links(self) -> Iterator[str]:
        """Candidates for the item's link, the likeliest first; other links in its head lead to a
        publisher's site.
        """
        for own_role in (Role.READ_MORE, Role.ADDRESS, Role.TITLE):
            for role, address in self.links:
                if role is own_role and _leads_readers(address):
                    yield address

    def other_links(self, own: str) -> list[str]:
        """The other addresses, without duplicates."""
        return list(
            dict.fromkeys(
                address for _, address in self.links if address != own
            )
        )


def written_date(date: dt.date) -> str:
    """A date in words for a note: "8 October 2020"."""
    return format_date(date, "d MMMM y", locale="en_GB")


def _leads_readers(address: str) -> bool:
    return not unsafe_reason(address) and not is_unsubscribe_link(address)


def _is_publisher(line: Line, below: Line) -> bool:
    """Whether a line below the headline is the name of a publisher, with the date below it."""
    return (
        below.role is Role.DATE
        and is_name(line.text)
        and is_headline(line.text)
    )


_TAKE: Mapping[Role, Callable[[Draft, Line], bool]] = {
    Role.KIND: Draft._take_kind,
    Role.SOURCE: Draft._take_source,
    Role.DATE: Draft._take_dateline,
    Role.NOTICE: Draft._take_notice,
    Role.CREDIT: Draft._take_credit,
    Role.CONTACT: Draft._take_contact,
    Role.READ_MORE: Draft._take_link,
    Role.ADDRESS: Draft._take_link,
}
