"""A line of a brief and its role."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from itertools import pairwise

from briefing.collecting.text.literal import Link
from briefing.issue.model import Kind

LONGEST = 250
"""Characters. A longer line is prose, so no form meets it."""
LONGEST_NAME = 80

SEPARATORS = " ,.;:|/·•–—-("


class Role(Enum):
    """What a line is for."""

    LABEL = auto()  # "Press Release – For immediate release"
    TITLE = auto()  # of a whole brief: "Weekly Brief, 9 October 2020"
    SECTION = auto()  # a heading between items: "TOP STORIES"
    SOURCE = auto()  # "BBC, 8 October 2020"
    DATE = auto()  # "8 October 2020"
    NOTICE = auto()  # "Below is an article published by BBC. Photo: Getty Images"
    CREDIT = auto()  # "Photo: AFP"
    CONTACT = auto()  # "Contact: …", and the lines below it
    READ_MORE = auto()  # "Read more →"
    ADDRESS = auto()  # only "https://…"
    SEPARATOR = auto()  # "* * *"
    SIGN_OFF = auto()  # "Best regards,": part of a footer if only names follow, else text
    FOOTER = auto()  # below the last item: a sign-off with its names, "Unsubscribe"
    WORDLESS = auto()  # nothing to read: a linked picture, or an address that the web page hid
    TEXT = auto()  # anything else: a headline or a paragraph


@dataclass(frozen=True, slots=True)
class Line:
    """A line, or a whole paragraph of prose, with its role and what it says in this role."""

    role: Role
    text: str
    """Its words, with single spaces."""
    name: str = ""
    """The publisher in a source line or notice; the words after "Contact:"; where "Read more" says it leads."""
    date: dt.date | None = None
    kind: Kind | None = None
    photo: str = ""
    """Whose photo it is."""
    byline: str = ""
    """The "By Jane Doe" in a source line."""
    labelled: bool = False
    """Whether it begins with "Source:"."""
    certain: bool = False
    """Whether it can only be a source line: "BBC | 8 October 2020"."""
    links: tuple[Link, ...] = ()
    hid_address: bool = False
    """Whether an email address that the web page hid was removed from it."""
    may_run_on: bool = False
    """Whether it is either a headline or the beginning of the paragraph in the next line."""
    listed: bool = False
    """Whether it is one of several with a bullet or number, and therefore no headline."""
    paragraph: int = -1
    """The number of the brief's paragraph that it is from."""
    is_publisher: bool = False
    """Whether it is just the name of the organisation that publishes the item."""


def with_next(lines: Sequence[Line]) -> Iterator[tuple[Line, Line | None]]:
    """Each line with the one below it."""
    yield from pairwise(lines)
    if lines:
        yield lines[-1], None
