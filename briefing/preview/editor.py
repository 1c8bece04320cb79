"""The fields that the page shows of an opened part, each with the control that suits it. No I/O."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from briefing.checks.text import SUBJECT
from briefing.issue.fields import value_of
from briefing.issue.model import Issue, Item, Kind, Section
from briefing.issue.parts import ISSUE, Parts
from briefing.rendering.preheader import PREHEADER

from .cards import kind_name
from .records import Kept

LINE, TEXT, CHOICE, DATE, ADDRESS, CODE = (
    "line",
    "text",
    "choice",
    "date",
    "address",
    "code",
)
"""Controls: a line or a text in the edition's language, a choice, a date, a web address, and what
is always written in Latin letters.
"""

ONLY_SOME_KINDS: Mapping[str, frozenset[Kind]] = {
    "contact": frozenset({Kind.PRESS_RELEASE, Kind.STATEMENT, Kind.APPEAL}),
    "action": frozenset({Kind.PRESS_RELEASE, Kind.APPEAL}),
}
"""Fields that only items of some kinds have, unless they are filled in."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an opened part."""

    name: str
    label: str
    control: str = LINE
    value: str = ""
    """As it is in the file."""
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    """Values and their names."""
    rows: int = 2
    least: int = 0
    most: int = 0
    """How many columns suit it; 0 if any number does."""
    kept: Kept | None = None
    """What was typed while someone else changed the field."""

    @property
    def shown(self) -> str:
        """What its control contains."""
        return self.kept.words if self.kept else self.value


@dataclass(frozen=True, slots=True)
class Opened:
    """The part that is open, with its fields."""

    part: str
    label: str
    fields: tuple[Field, ...]
    is_section: bool = False
    has_items: bool = False
    """Whether it is a section that has any."""


KINDS = tuple((kind.value, kind_name(kind)) for kind in Kind)

ISSUE_FIELDS = (
    Field("title", "Title"),
    Field("date", "Date", DATE, hint="Empty: the date of the issue’s folder."),
    Field(
        "subject",
        "Subject",
        hint="Empty: the title.",
        least=SUBJECT[0],
        most=SUBJECT[1],
    ),
    Field(
        "preheader",
        "Preheader",
        hint="What mail programs show next to the subject. Empty: the first headlines.",
        least=PREHEADER[0],
        most=PREHEADER[1],
    ),
    Field("introduction", "Introduction", TEXT, rows=8),
    Field(
        "corrects",
        "Corrects",
        CODE,
        hint="The id of the issue that this one corrects, such as 2020-10-02.",
    ),
)

SECTION_FIELDS = (Field("title", "Title of the section"),)

ITEM_FIELDS = (
    Field("heading", "Headline"),
    Field("kind", "Kind", CHOICE, choices=KINDS),
    Field("source", "Source"),
    Field("date", "Date", DATE),
    Field("link", "Link", ADDRESS),
    Field("text", "Text", TEXT, rows=12),
    Field("image", "Photo", CODE, hint="A file in the issue’s folder."),
    Field("photo", "Photo credit"),
    Field("alt", "What the photo shows"),
    Field("contact", "Contact"),
    Field("action", "Words of the button"),
    Field(
        "lang",
        "Language of the link",
        CODE,
        hint="Only if it differs from the edition’s, such as de.",
    ),
)


def opened(parts: Parts, id: str) -> Opened:  # noqa: A002  # as in parts
    """Return a part with its fields; the issue's own if there is no such part."""
    part = parts.part(id)
    if isinstance(part, Section):
        fields = _filled(part, SECTION_FIELDS)
        section = parts.section(id)
        has_items = section is not None and bool(section.items)
        return Opened(id, "Section", fields, True, has_items)
    if isinstance(part, Item):
        fields = _filled(part, ITEM_FIELDS)
        suited = tuple(_suited(fields, part.kind))
        return Opened(id, kind_name(part.kind), suited)
    return Opened(ISSUE, "Issue", _filled(parts.head, ISSUE_FIELDS))


def with_conflicts(part: Opened, kept: Mapping[str, Kept]) -> Opened:
    """Return an opened part with the words, by field, that wait for a decision."""
    fields = tuple(
        replace(field, kept=kept.get(field.name)) for field in part.fields
    )
    return replace(part, fields=fields)


def label_of(part: str, field: str) -> str:
    """Return what the page calls a field of a part."""
    fields: Sequence[Field]
    if part == ISSUE:
        fields = ISSUE_FIELDS
    elif part.startswith("s"):
        fields = SECTION_FIELDS
    else:
        fields = ITEM_FIELDS
    labels = {known.name: known.label for known in fields}
    return labels.get(field, field)


def _filled(
    part: Issue | Section | Item, fields: tuple[Field, ...]
) -> tuple[Field, ...]:
    return tuple(
        replace(field, value=value_of(part, field.name)) for field in fields
    )


def _suited(fields: tuple[Field, ...], kind: Kind) -> Iterator[Field]:
    for field in fields:
        kinds = ONLY_SOME_KINDS.get(field.name)
        if kinds is None or kind in kinds or field.value:
            yield field
