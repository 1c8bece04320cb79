"""Give readers other addresses: who can get one, and who can't. No I/O."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from briefing.keys import Key
from briefing.text.counts import counted

from .lookup import by_identity, find_listed
from .moves import Moves
from .named_reader import NamedMove
from .reader_changes import Move
from .subscriber_list import SubscriberList
from .suppression import Suppression, token_of


@dataclass(frozen=True, slots=True)
class MovePlan:
    """What giving readers other addresses would do."""

    changes: tuple[Move, ...]
    suppressed: int
    """How many of these readers get no emails by either address, and won't."""
    unlisted: tuple[NamedMove, ...]
    """Readers who aren't on the list."""
    taken: tuple[tuple[NamedMove, int], ...]
    """Those whose new address another reader has, with the line of that row."""
    repeated: tuple[NamedMove, ...]
    """Those who were named twice, or whose new address was."""


def plan_moving(
    named: Sequence[NamedMove],
    key: Key,
    suppression: Suppression,
    moves: Moves,
    subscribers: SubscriberList,
) -> MovePlan:
    """Return what these changes of address would do."""
    old = [move.reader for move in named]
    listed = find_listed(old, key, moves, subscribers)
    owners = by_identity({move.identity for move in named}, subscribers)
    changes: dict[str, Move] = {}
    unlisted: list[NamedMove] = []
    taken: list[tuple[NamedMove, int]] = []
    repeated: list[NamedMove] = []
    for move in named:
        reader = listed.get(move.reader)
        if reader is None:
            unlisted.append(move)
            continue
        owner = owners.get(move.identity, reader)
        coming = {change.new_identity for change in changes.values()}
        if owner.identity != reader.identity:
            taken.append((move, owner.line))
        elif reader.identity in changes or move.identity in coming:
            repeated.append(move)
        else:
            changes[reader.identity] = Move(reader.identity, move.address)
    return MovePlan(
        tuple(changes.values()),
        _count_suppressed(changes.values(), key, suppression),
        tuple(unlisted),
        tuple(taken),
        tuple(repeated),
    )


def _count_suppressed(
    changes: Iterable[Move], key: Key, suppression: Suppression
) -> int:
    return sum(
        token_of(key, change.identity) in suppression
        or token_of(key, change.new_identity) in suppression
        for change in changes
    )


def describe(plan: MovePlan) -> list[str]:
    """Return sentences for the editor about a plan that was carried out."""
    count = len(plan.changes)
    if not count:
        return []
    have = "has a new address" if count == 1 else "have new addresses"
    sentences = [
        f"{counted(count, 'reader')} {have}. Links in their old emails still work."
    ]
    if plan.suppressed:
        get = "gets" if plan.suppressed == 1 else "get"
        sentences.append(
            f"{plan.suppressed:,} of them unsubscribed, and still {get} no emails."
        )
    return sentences
