"""The fields that the page shows of an opened part, each with the control that suits it. No I/O."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from briefing.checks.text import SUBJECT
from briefing.data_files import load_table
from briefing.issue.fields import value_of
from briefing.issue.model import Issue, Item, Kind, Section
from briefing.issue.parts import ISSUE, Parts, is_section_id
from briefing.preview.desk.records import KeptWords
from briefing.rendering.preheader import PREHEADER

from .cards import kind_name

KINDS = tuple((kind.value, kind_name(kind)) for kind in Kind)
LENGTHS = {"subject": SUBJECT, "preheader": PREHEADER}
"""The least and the greatest number of columns that suit a field."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an opened part."""

    name: str
    label: str
    control: str = "line"
    """See fields.toml."""
    value: str = ""
    """As it is in the file."""
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    """Values and their names."""
    rows: int = 2
    least: int = 0
    most: int = 0
    """How many columns suit it; 0 if any number does."""
    kinds: Sequence[str] = ()
    """The kinds of the items that have it, unless it is filled in; empty: all."""
    kept: KeptWords | None = None
    """What was typed while someone else changed the field."""

    @property
    def shown(self) -> str:
        """What its control contains."""
        return self.kept.words if self.kept else self.value


@dataclass(frozen=True, slots=True)
class OpenPart:
    """The part that is open, with its fields."""

    part: str
    label: str
    fields: tuple[Field, ...]
    is_section: bool = False
    has_items: bool = False
    """Whether it is a section that has any."""


def _fields_of(part: str) -> tuple[Field, ...]:
    table = load_table(Path(__file__).with_name("fields.toml"))
    return tuple(map(_field, table[part]))


def _field(row: Mapping[str, Any]) -> Field:
    least, most = LENGTHS.get(row["name"], (0, 0))
    choices = KINDS if row.get("control") == "choice" else ()
    return Field(**row, choices=choices, least=least, most=most)


ISSUE_FIELDS = _fields_of("issue")
SECTION_FIELDS = _fields_of("section")
ITEM_FIELDS = _fields_of("item")


def _labels(fields: Sequence[Field]) -> dict[str, str]:
    return {field.name: field.label for field in fields}


ISSUE_LABELS = _labels(ISSUE_FIELDS)
SECTION_LABELS = _labels(SECTION_FIELDS)
ITEM_LABELS = _labels(ITEM_FIELDS)
"""What the page calls the fields, by their names."""


def open_part(parts: Parts, id: str) -> OpenPart:  # noqa: A002  # as in parts
    """Return a part with its fields; the issue's own if there is no such part."""
    part = parts.part(id)
    if isinstance(part, Section):
        fields = _filled(part, SECTION_FIELDS)
        section = parts.section(id)
        has_items = section is not None and bool(section.items)
        return OpenPart(
            id, "Section", fields, is_section=True, has_items=has_items
        )
    if isinstance(part, Item):
        fields = _filled(part, ITEM_FIELDS)
        suited = tuple(_suited(fields, part.kind))
        return OpenPart(id, kind_name(part.kind), suited)
    return OpenPart(ISSUE, "Issue", _filled(parts.head, ISSUE_FIELDS))


def with_conflicts(part: OpenPart, kept: Mapping[str, KeptWords]) -> OpenPart:
    """Return an opened part with the words, by field, that wait for a decision."""
    fields = tuple(
        replace(field, kept=kept.get(field.name)) for field in part.fields
    )
    return replace(part, fields=fields)


def label_of(part: str, field: str) -> str:
    """Return what the page calls a field of a part."""
    labels = ITEM_LABELS
    if part == ISSUE:
        labels = ISSUE_LABELS
    elif is_section_id(part):
        labels = SECTION_LABELS
    return labels.get(field, field)


def _filled(
    part: Issue | Section | Item, fields: tuple[Field, ...]
) -> tuple[Field, ...]:
    return tuple(
        replace(field, value=value_of(part, field.name)) for field in fields
    )


def _suited(fields: tuple[Field, ...], kind: Kind) -> Iterator[Field]:
    for field in fields:
        if not field.kinds or kind in field.kinds or field.value:
            yield field
