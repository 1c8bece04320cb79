"""How two versions of a list differ, in numbers. No I/O."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from briefing.text.counts import counted

from .subscriber import Subscriber
from .subscriber_list import BadRow, SubscriberList


@dataclass(frozen=True, slots=True)
class Difference:
    """How many rows one version has that the other one lacks."""

    removed: int
    added: int
    changed: int
    """Rows of readers who are in both, with other contents."""


def compare(before: SubscriberList, after: SubscriberList) -> Difference:
    """Return what putting `after` in place of `before` changes."""
    # Rows in the same place are nearly all equal, and there may be a million of them.
    old: Counter[_Row] = Counter()
    new: Counter[_Row] = Counter()
    for row, other in zip_longest(_rows(before), _rows(after)):
        if row != other:
            old.update([row] if row else ())
            new.update([other] if other else ())
    removed = old - new
    added = new - old
    in_both = Counter(_identities(removed)) & Counter(_identities(added))
    changed = in_both.total()
    return Difference(
        removed=removed.total() - changed,
        added=added.total() - changed,
        changed=changed,
    )


def describe(difference: Difference) -> list[str]:
    """Return sentences about a difference that isn't carried out yet."""
    parts = (
        (difference.removed, "would be removed"),
        (difference.added, "would come back"),
        (difference.changed, "would be as before"),
    )
    return [
        f"{counted(number, 'row')} {what}." for number, what in parts if number
    ]


_Row = tuple[str, str, str, frozenset[tuple[str, str]]]


def _rows(subscribers: SubscriberList) -> Iterator[_Row]:
    return map(_row, subscribers.rows())


def _row(row: Subscriber | BadRow) -> _Row:
    if isinstance(row, BadRow):
        return "", row.reason, "", frozenset()
    filled = {item for item in row.columns.items() if item[1]}
    return row.address, row.name, row.lang, frozenset(filled)


def _identities(rows: "Counter[_Row]") -> list[str]:
    return [
        Subscriber(address).identity
        for address, *_ in rows.elements()
        if address
    ]
