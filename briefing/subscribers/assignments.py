"""What an editor writes to change columns of a reader: `lang=de`, `tags+=press`, `tags-=board`. No
I/O.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from briefing.errors import RefusedError, did_you_mean

from .csv_columns import clean_heading
from .reader_changes import Set, typed_value
from .subscriber import Subscriber

STANDARD = ("name", "lang", "tags", "format", "joined", "consent", "form")
"""Columns that a list gets if it lacks them."""

_ASSIGNMENT = re.compile(
    r"(?P<column>[^\W\d_][\w .-]{0,48}?)\s*(?P<operator>[+-]?=)(?P<value>.*)",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Assignment:
    """A change of one column."""

    column: str
    """The heading, in lower case."""
    operator: str
    """`=`, or for words that are separated by commas: `+=` adds one, `-=` removes one."""
    value: str

    def applied_to(self, before: str) -> str:
        """Return what the column contains afterwards."""
        if self.operator == "=":
            return self.value
        words = [word.strip() for word in before.split(",") if word.strip()]
        if (self.operator == "+=") == (self.value in words):
            return before
        others = [word for word in words if word != self.value]
        if self.operator == "+=":
            others.append(self.value)
        return ", ".join(others)


def is_assignment(text: str) -> bool:
    """Whether an argument changes a column. Otherwise it names a reader."""
    return _ASSIGNMENT.fullmatch(text) is not None


def parse_assignment(text: str) -> Assignment:
    """Return the change in a text. Raises RefusedError for a value that its column can't contain."""
    match = _ASSIGNMENT.fullmatch(text)
    assert match, "asked is_assignment before"
    column = clean_heading(match["column"])
    operator = match["operator"]
    value = typed_value(column, match["value"])
    if operator != "=" and (not value or "," in value):
        raise RefusedError(
            f"{column}{operator} needs one word, without a comma; nothing was changed"
        )
    return Assignment(column, operator, value)


def refuse_unknown(
    assignments: Iterable[Assignment],
    columns: Collection[str],
    *,
    new_columns: bool,
) -> None:
    """Raise RefusedError for a column that the list doesn't have and that isn't standard, unless
    `new_columns` may be added; and for the address.
    """
    known = dict.fromkeys([*STANDARD, *columns])
    for assignment in assignments:
        column = assignment.column
        if column == "email":
            raise RefusedError(
                "change an address with 'briefing subscribers move', so that links in old emails keep working; "
                "nothing was changed"
            )
        if column not in known and not new_columns:
            hint = did_you_mean(column, known)
            raise RefusedError(
                f"the list has no column '{column}' ({hint}); --new-column adds it; nothing was changed"
            )


def changes(
    readers: Iterable[Subscriber], assignments: Sequence[Assignment]
) -> list[Set]:
    """Return the changes of the list, without those that change nothing."""
    made: list[Set] = []
    for reader in readers:
        after: dict[str, str] = {}
        for assignment in assignments:
            column = assignment.column
            before = after.get(column, reader.value(column))
            after[column] = assignment.applied_to(before)
        made += [
            Set(reader.identity, column, value)
            for column, value in after.items()
            if value != reader.value(column)
        ]
    return made
