"""A line of a brief and its role."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from itertools import groupby, pairwise
from operator import attrgetter

from briefing.collecting.text.emphasis import Emphasis, shifted
from briefing.collecting.text.literal import Link
from briefing.issue.model import Kind

from .headlines import is_headline
from .marks import is_listed
from .names import is_place
from .sentences import ends_sentence

LONGEST = 250
"""Characters. A longer line is prose and isn't compared with any form."""


class Role(Enum):
    """What a line is for."""

    KIND = auto()  # "Press Release – For immediate release"
    TITLE = auto()  # of the brief itself: "Weekly Brief, 9 October 2020"
    SECTION = auto()  # a heading between items: "TOP STORIES"
    SOURCE = auto()  # "BBC, 8 October 2020"
    DATE = auto()  # "8 October 2020"
    # "Below is an article published by BBC. Photo: Getty Images"
    NOTICE = auto()
    CREDIT = auto()  # "Photo: AFP"
    CONTACT = auto()  # "Contact: …", and the lines below it
    READ_MORE = auto()  # "Read more →"
    ADDRESS = auto()  # only "https://…"
    # "See also: Ferry stops (BBC, 3 October)": of another article.
    REFERENCE = auto()
    SEPARATOR = auto()  # "* * *"
    # "Best regards,": in a footer if only names follow, else text.
    SIGN_OFF = auto()
    # Below the last item: a sign-off with its names, "Unsubscribe".
    FOOTER = auto()
    WORDLESS = auto()  # a linked picture, or an address that the web page hid
    TEXT = auto()  # anything else: a headline or a paragraph
    NONE = auto()  # NO_LINE: above the first line and below the last


@dataclass(frozen=True, slots=True)
class Line:
    """A line, or a complete paragraph of prose, with its role and what it says in that role."""

    role: Role
    text: str
    """Its words, with single spaces."""
    name: str = ""
    """In a source line or notice, the publisher; in a contact, the words after "Contact:"; in "Read
    more", the place that it leads to.
    """
    date: dt.date | None = None
    kind: Kind | None = None
    photo: str = ""
    """The photo's credit."""
    byline: str = ""
    """The "By Jane Doe" in a source line."""
    labelled: bool = False
    """Whether it begins with "Source:"."""
    certain: bool = False
    """Whether it can only be a source line: "BBC | 8 October 2020"."""
    links: tuple[Link, ...] = ()
    emphases: tuple[Emphasis, ...] = ()
    """What is emphasised in its words, as far as it is known."""
    hid_address: bool = False
    """Whether an email address that the web page hid was removed from it."""
    may_run_on: bool = False
    """Whether it may be either a headline or the start of the paragraph in the next line."""
    in_list: bool = False
    """Whether it is one of several lines with a bullet or number, which rules out a headline."""
    is_publisher: bool = False
    """Whether it is just the name of the organisation that publishes the item."""
    paragraph: int = -1
    """The number of the paragraph that it comes from."""
    place: int = -1
    """Its number among the lines of the brief."""

    @property
    def is_text(self) -> bool:
        """Whether no other role is known for it."""
        return self.role is Role.TEXT

    @property
    def is_source(self) -> bool:
        """Whether it is a source line."""
        return self.role is Role.SOURCE

    @property
    def is_dateline(self) -> bool:
        """Whether it is a date, or a place and a date rather than a publisher and a date."""
        if self.is_source:
            return not self.labelled and is_place(self.name)
        return self.role is Role.DATE

    @property
    def is_footer(self) -> bool:
        """Whether it is part of a footer."""
        return self.role is Role.FOOTER

    @property
    def is_heading(self) -> bool:
        """Whether it may be an item's headline."""
        return (
            self.is_text
            and not self.in_list
            and not self.is_publisher
            and is_headline(self.text)
        )

    @property
    def has_mark(self) -> bool:
        """Whether it begins with a bullet or number."""
        return is_listed(self.text)

    @property
    def begins_small(self) -> bool:
        """Whether it begins with a small letter."""
        return self.text[:1].islower()

    @property
    def ends_sentence(self) -> bool:
        """Whether it ends like a sentence."""
        return ends_sentence(self.text)


Lines = Sequence[Line]
NO_LINE = Line(Role.NONE, "")


def line_at(lines: Lines, number: int) -> Line:
    """The line of this number, or NO_LINE."""
    return lines[number] if 0 <= number < len(lines) else NO_LINE


def with_next(lines: Lines) -> Iterator[tuple[Line, Line]]:
    """Each line with the one below it."""
    return zip(lines, [*lines[1:], NO_LINE], strict=False)


def lines_in_list(lines: Lines) -> set[int]:
    """The numbers of the lines with a bullet or number that are next to another such line."""
    in_list: set[int] = set()
    for number, (line, below) in enumerate(pairwise(lines)):
        if line.has_mark and below.has_mark:
            in_list |= {number, number + 1}
    return in_list


def by_paragraph(lines: Lines) -> Iterator[list[Line]]:
    """The lines of each paragraph."""
    for _, paragraph in groupby(lines, key=attrgetter("paragraph")):
        yield list(paragraph)


def merge(lines: Lines) -> Line:
    """A single line with the words and links of all of them."""
    words: list[str] = []
    links: list[Link] = []
    emphases: list[Emphasis] = []
    length = 0
    for line in filter(attrgetter("text"), lines):
        words.append(line.text)
        emphases += shifted(line.emphases, length, length + len(line.text))
        length += len(line.text) + 1
    for line in lines:
        links += line.links
    return replace(
        lines[-1],
        text=" ".join(words),
        links=tuple(links),
        emphases=tuple(emphases),
        hid_address=any(line.hid_address for line in lines),
    )
