"""What the page says about the email: its line in an inbox, its text, its headers and its size."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from briefing import clock
from briefing.checks.built_mail import BuiltMail, sample_mail
from briefing.issue.parts import Parts
from briefing.rendering.size import (
    CLIPPED,
    html_size,
    mail_size,
    picture_size,
)

from .choices import PARAMETERS, ChoiceLinks, choice_of
from .inbox_line import DESKTOP, PHONE, InboxLine, first_words, inbox_line
from .parts_in_mail import ABOVE, BELOW, STYLES, part_sizes
from .snapshots import ReaderColumns, Snapshot, sample_columns

HEAVIEST = 6
"""How many parts of the email are named that take most of it."""


@dataclass(frozen=True, slots=True)
class Weight:
    """What a part takes of the email."""

    part: str
    """Its id; empty if it isn't a part of the issue."""
    name: str
    size: int
    share: float
    """Of everything, from 0 to 1."""


Weights = tuple[Weight, ...]
"""The heaviest first."""


@dataclass(frozen=True, slots=True)
class MailSize:
    """What the email takes of its limits, in bytes, and what weighs most."""

    html: int
    mail: int
    """The whole email."""
    budget: int
    """The limit of the whole email: `[issue] budget`."""
    parts: Weights
    """Of the HTML."""
    pictures: Weights
    clipped: int = CLIPPED
    """How much of the HTML Gmail shows."""

    @property
    def room(self) -> int:
        """How much HTML is left until Gmail cuts the email off; negative beyond."""
        return self.clipped - self.html


class MailPane:
    """What the page shows of the email. Each thing is made only if it is shown."""

    def __init__(self, snapshot: Snapshot, query: Mapping[str, str]) -> None:
        """`query` is the query of the page's address."""
        self._snapshot = snapshot
        self._choice = choice_of(query)
        rest = {
            name: value
            for name, value in query.items()
            if name not in PARAMETERS
        }
        self.links = ChoiceLinks(self._choice, rest)
        self.lang = snapshot.lang
        self.direction = snapshot.direction
        self.reader = "named" if self._choice.is_named else "nameless"

    @property
    def inbox(self) -> Iterator[InboxLine]:
        """The lines in the inboxes of a phone and a desktop."""
        settings = self._snapshot.newsletter.settings.newsletter
        sender = settings.in_language(self.lang).sender
        words = first_words(self._snapshot.filled(self._columns))
        for inbox in (PHONE, DESKTOP):
            yield inbox_line(
                inbox,
                sender.name or sender.address,
                self._snapshot.subject,
                words,
            )

    @property
    def text(self) -> str:
        """The text part."""
        return self._snapshot.text(self._columns)

    @property
    def headers(self) -> list[tuple[str, str]]:
        """The names and decoded values of the header fields."""
        fields = self._built.message.items()
        return [(name, str(value)) for name, value in fields]

    @property
    def head(self) -> str:
        """The header as it is sent."""
        return self._built.head.decode("ascii", "replace").replace("\r\n", "\n")

    @property
    def size(self) -> MailSize:
        """What the email takes of its limits."""
        snapshot = self._snapshot
        sizes = part_sizes(snapshot.marked(self._columns))
        return MailSize(
            html=html_size(snapshot.rendered),
            mail=mail_size(snapshot.rendered),
            budget=snapshot.newsletter.settings.issue.budget,
            parts=_heaviest(sizes, _names(snapshot.parts)),
            pictures=_pictures(snapshot),
        )

    @property
    def _columns(self) -> ReaderColumns:
        return sample_columns(is_named=self._choice.is_named)

    @property
    def _built(self) -> BuiltMail:
        return sample_mail(
            self._snapshot.rendered,
            self._snapshot.newsletter.settings,
            clock.utc_now(),
            self._columns,
        )


def _names(parts: Parts) -> Mapping[str, str]:
    """Return the names of an issue's parts, and of what belongs to none."""
    names = {
        ABOVE: "Masthead, introduction and list of headlines",
        BELOW: "Footer",
        STYLES: "Style sheet: dark colours, phones, print",
    }
    for section in parts.sections:
        names[section.id] = f"Title “{section.title}”"
        for part in section.items:
            names[part.id] = part.item.heading or "An item without a headline"
    return names


def _heaviest(found: Mapping[str, int], names: Mapping[str, str]) -> Weights:
    whole = sum(found.values()) or 1
    heaviest = Counter(found).most_common(HEAVIEST)
    return tuple(
        Weight(
            "" if part in (ABOVE, BELOW, STYLES) else part,
            names.get(part, ""),
            size,
            size / whole,
        )
        for part, size in heaviest
    )


def _pictures(snapshot: Snapshot) -> Weights:
    """Return the heaviest photos, each once, at the first item that has it."""
    found: dict[str, int] = {}
    seen = set()
    names = {}
    for part in snapshot.parts.items:
        picture = snapshot.rendered.photos.get(part.item)
        if picture and picture.name not in seen:
            seen.add(picture.name)
            found[part.id] = picture_size([picture])
            names[part.id] = part.item.image
    return _heaviest(found, names)
