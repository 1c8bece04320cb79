"""The fields of an issue's parts as text, in the form that the file has them: a date as
year-month-day, a kind by its name, and "" for a field without a value.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

from briefing.errors import did_you_mean
from briefing.text.days import parse_day
from briefing.text.decoding import without_lone_surrogates

from .header_lines import ISSUE_HEADERS, ITEM_HEADERS
from .headings import escape_headings
from .model import TEXTS, Item, Kind, Part, Section

ITEM_FIELDS = ("heading", *ITEM_HEADERS, "text")
SECTION_FIELDS = ("title",)
ISSUE_FIELDS = ("title", *ISSUE_HEADERS, "introduction")
_PARSED = {"date", "kind"}

AnyPart = TypeVar("AnyPart", bound=Part)


def names_of(part: Part) -> tuple[str, ...]:
    """Return the names of a part's fields, in the order of the file."""
    if isinstance(part, Item):
        return ITEM_FIELDS
    return SECTION_FIELDS if isinstance(part, Section) else ISSUE_FIELDS


def value_of(part: Part, name: str) -> str:
    """Return the value of a field; "" if it has none, or if the part has no such field."""
    if name not in names_of(part):
        return ""
    value = getattr(part, name)
    return "" if value is None else str(value)


def values_of(part: Part) -> dict[str, str]:
    """Return the fields of a part that have a value. An article's kind is left out, as in the
    file.
    """
    fields = {name: value_of(part, name) for name in names_of(part)}
    if isinstance(part, Item) and part.kind is Kind.ARTICLE:
        del fields["kind"]
    return {name: value for name, value in fields.items() if value}


def with_value(part: AnyPart, name: str, value: str) -> AnyPart:
    """Return a part with another value of a field, as the file will have it: on one line, or with
    what would be a heading in a text escaped.

    Raises ValueError, with the reason, for a field, a date or a kind that doesn't exist.
    """
    if name not in names_of(part):
        raise ValueError("there is no such field here")
    return replace(part, **{name: _read(name, value)})


def item_of(fields: Mapping[str, str]) -> Item:
    """Return a new item with these values; raises ValueError as `with_value` does."""
    item = Item()
    for name, value in fields.items():
        item = with_value(item, name, value)
    return item


def as_stored(part: Part, name: str, value: str) -> str:
    """Return a value as the file would have it in this field of the part; unchanged if the file
    can't have it.
    """
    try:
        return value_of(with_value(part, name, value), name)
    except ValueError:
        return value


def read_value(name: str, written: str) -> Any:
    """Return the value of a header line; raises ValueError as `with_value` does."""
    if name == "date":
        return parse_day(written) if written else None
    return _kind(written) if name == "kind" else written


def _read(name: str, written: str) -> Any:
    value = without_lone_surrogates(written)
    if name in TEXTS:
        # An item puts the line ends of a text in order, so that its lines are known.
        return escape_headings(Item(text=value).text)
    return read_value(name, value.strip() if name in _PARSED else value)


def _kind(value: str) -> Kind:
    name = value.lower()
    try:
        return Kind(name or Kind.ARTICLE)
    except ValueError:
        hint = did_you_mean(name, Kind)
        raise ValueError(f"there is no kind '{value}'; {hint}") from None
