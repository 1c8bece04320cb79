"""A line of a pasted brief: its role, and what it tells in this role."""

import datetime as dt
from dataclasses import dataclass
from enum import Enum, auto

from briefing.collecting.text.literal import Link
from briefing.issue.model import Kind


class Role(Enum):
    """What a line is for."""

    LABEL = auto()  # "Press Release – For immediate release"
    TITLE = auto()  # "Weekly Brief, 9 October 2020"
    PART = auto()  # "TOP STORIES", alone between items
    SOURCE = auto()  # "BBC, 8 October 2020"
    DATE = auto()  # "8 October 2020"
    NOTICE = auto()  # "Below is an article published by BBC. Photo: Getty Images"
    CREDIT = auto()  # "Photo: AFP"
    CONTACT = auto()  # "Contact: …", and the lines below it
    MORE = auto()  # "Read more →"
    ADDRESS = auto()  # nothing but "https://…"
    BREAK = auto()  # "* * *"
    SIGN_OFF = auto()  # "Best regards,": an ending if nothing but names follow, else text
    ENDING = auto()  # the words below the last item: a sign-off with its names, "Unsubscribe"
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
    byline: str = ""
    """The "By Jane Doe" of a source line."""
    explicit: bool = False
    """Whether a source line says so: "Source: BBC"."""
    firm: bool = False
    """Whether a source line can be nothing else: "BBC | 8 October 2020"."""
    links: tuple[Link, ...] = ()
    hidden: bool = False
    """Whether an address that its page hid was taken out of it."""
    runs_on: bool = False
    """Whether it stands directly above the next line, so that it is either a headline or the same paragraph."""
    listed: bool = False
    """Whether it is one of several marked lines ("- so"), so that it is no headline."""
    paragraph: int = -1
    """The number of the brief's paragraph in which it stands."""
    organisation: bool = False
    """Whether it is nothing but the name of who publishes the release in whose head it stands."""


# Nothing but prose is longer, so that no pattern meets a long line.
LONGEST = 250
LONGEST_NAME = 80

SEPARATORS = " ,.;:|/·•–—-("
