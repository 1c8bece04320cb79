"""Find readers whose addresses are similar to one that isn't on the list: it may be a typo, or the same
person at another provider.
"""

from collections.abc import Collection
from difflib import SequenceMatcher
from os.path import commonprefix

from .subscriber import Subscriber
from .subscriber_list import SubscriberList, usable_rows

MOST_SIMILAR = 3
"""The most readers that are offered for an address."""
SHORT = 4
"""Shorter local parts may differ in one character only, or in two swapped ones: many are similar."""


def find_similar(
    identities: Collection[str], subscribers: SubscriberList
) -> dict[str, list[Subscriber]]:
    """Return the readers on the list with similar addresses, by identity, the most similar first.
    The list is read once.
    """
    found: dict[str, dict[str, Subscriber]] = {
        identity: {} for identity in identities
    }
    for row in usable_rows(subscribers):
        for identity, readers in found.items():
            if are_similar(identity, row.identity):
                readers.setdefault(row.identity, row)
    return {
        identity: _most_similar(identity, list(readers.values()))
        for identity, readers in found.items()
    }


def are_similar(identity: str, other: str) -> bool:
    """Whether two identities have the same local part, or differ in at most two neighbouring
    characters: missing, surplus, wrong or swapped ones.
    """
    local = _local_part(identity)
    if local == _local_part(other):
        return True
    most = 1 if len(local) < SHORT else 2
    if abs(len(identity) - len(other)) > most:
        return False
    start = _common_start(identity, other)
    left = identity.removeprefix(start)
    right = other.removeprefix(start)
    end = _common_start(left[::-1], right[::-1])[::-1]
    left = left.removesuffix(end)
    right = right.removesuffix(end)
    is_swapped = len(left) == 2 and left == right[::-1]
    return is_swapped or max(len(left), len(right)) <= most


def _local_part(identity: str) -> str:
    local, _, _ = identity.rpartition("@")
    return local


def _common_start(text: str, other: str) -> str:
    return commonprefix((text, other))  # noqa: RUF071  # these aren't paths


def _most_similar(identity: str, readers: list[Subscriber]) -> list[Subscriber]:
    def ratio(reader: Subscriber) -> float:
        return SequenceMatcher(
            a=identity, b=reader.identity, autojunk=False
        ).ratio()

    return sorted(readers, key=ratio, reverse=True)[:MOST_SIMILAR]
