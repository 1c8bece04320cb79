"""What an editor's changes would do: to which readers, and why not to others. No I/O.

Readers are given by the place where the editor named them, such as `entry 1`. Messages show the place, never an
address or a token.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from briefing.keys import Key

from . import lookup
from .moves import Moves
from .named_reader import NamedReader
from .reader_changes import Add, Move
from .subscriber import identity_of
from .subscriber_list import SubscriberList
from .suppression import Removal, Suppression, token_of

Change = TypeVar("Change")


@dataclass(frozen=True, slots=True)
class EditPlan(Generic[Change]):
    """What would change, with one change for each reader."""

    changes: list[Change] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """Sentences about readers that the editor should know."""
    problems: list[str] = field(default_factory=list)
    """Why each of the other readers is left out."""


def plan_adding(
    addresses: Mapping[str, str],
    columns: Mapping[str, str],
    key: Key,
    suppression: Suppression,
    subscribers: SubscriberList,
) -> EditPlan[Add]:
    """Return what adding readers with these addresses and columns would do."""
    wanted = {
        identity_of(address): (place, address)
        for place, address in addresses.items()
    }
    rows = lookup.by_identity(wanted, subscribers)
    plan: EditPlan[Add] = EditPlan()
    for identity, (place, address) in wanted.items():
        if removal := suppression.find(token_of(key, identity)):
            plan.problems.append(
                f"the reader in {place} {_why(removal)}; if they ask to come back, run 'briefing subscribers "
                "restore' first"
            )
        elif identity in rows:
            plan.notes.append(
                f"The reader in {place} is on {subscribers.name} already, on line {rows[identity].line}."
            )
        else:
            plan.changes.append(Add(address, columns))
    return plan


def plan_moving(
    named: Mapping[str, tuple[NamedReader, str]],
    key: Key,
    suppression: Suppression,
    moves: Moves,
    subscribers: SubscriberList,
) -> EditPlan[Move]:
    """Return what giving these readers their new addresses would do."""
    readers = [reader for reader, _ in named.values()]
    listed = lookup.find_listed(readers, key, moves, subscribers)
    coming = {identity_of(address) for _, address in named.values()}
    owners = lookup.by_identity(coming, subscribers)
    plan: EditPlan[Move] = EditPlan()
    done: set[str] = set()
    for place, (reader, address) in named.items():
        row = listed.get(reader)
        if row is None:
            plan.problems.append(
                f"the reader in {place} isn't on {subscribers.name}"
            )
            continue
        move = Move(row.identity, address)
        both = {move.identity, move.new_identity}
        owner = owners.get(move.new_identity, row)
        if owner.identity != row.identity:
            plan.problems.append(
                f"the new address in {place} is already on {subscribers.name}, on line {owner.line}; if both rows "
                f"are the same reader, delete line {owner.line} and run the command again; if not, correct the "
                "new address"
            )
        elif both & done:
            plan.problems.append(f"{place} repeats a reader or a new address")
        else:
            plan.changes.append(move)
            done |= both
            if any(token_of(key, identity) in suppression for identity in both):
                plan.notes.append(
                    f"The reader in {place} unsubscribed, and still gets no emails."
                )
    return plan


def plan_unsubscribing(
    readers: Mapping[str, NamedReader],
    key: Key,
    suppression: Suppression,
    moves: Moves,
    subscribers: SubscriberList | None,
    *,
    is_sure: bool = False,
) -> EditPlan[str]:
    """Return whom to unsubscribe, by their tokens.

    An address that isn't on the list is probably mistyped. It is recorded only if the editor `is_sure`: a
    reader who asked to leave would otherwise keep getting emails unnoticed. A token can't be mistyped.
    `subscribers` is None if the list can't be read.
    """
    by_token = _by_current_token(readers, key, moves)
    listed = (
        lookup.by_token(subscribers, key, by_token) if subscribers else by_token
    )
    plan: EditPlan[str] = EditPlan()
    for token, place in by_token.items():
        if token in suppression:
            plan.notes.append(
                f"The reader in {place} was unsubscribed already."
            )
        elif token in listed or is_sure:
            plan.changes.append(token)
        elif readers[place].token:
            plan.changes.append(token)
            plan.notes.append(
                f"The token in {place} belongs to no one on the list. It may be from an older list."
            )
        else:
            plan.problems.append(
                f"the reader in {place} isn't on the list; correct the address, or use --force in case a later "
                "list contains it"
            )
    return plan


def plan_restoring(
    readers: Mapping[str, NamedReader],
    key: Key,
    suppression: Suppression,
    moves: Moves,
    *,
    is_sure: bool = False,
) -> EditPlan[str]:
    """Return whom to subscribe again, by their tokens; those who reported an email as spam only if the
    editor `is_sure`.
    """
    plan: EditPlan[str] = EditPlan()
    for token, place in _by_current_token(readers, key, moves).items():
        removals = [
            *filter(None, map(suppression.find, moves.tokens_of(token)))
        ]
        complaints = [each for each in removals if each.is_complaint]
        if not removals:
            plan.problems.append(
                f"the reader in {place} isn't unsubscribed; compare it with the address or token you meant"
            )
        elif complaints and not is_sure:
            plan.problems.append(
                f"the reader in {place} {_why(complaints[0])}; emails to people who did can get all your email "
                "blocked; --force restores them"
            )
        else:
            plan.changes.append(token)
    return plan


def _by_current_token(
    readers: Mapping[str, NamedReader], key: Key, moves: Moves
) -> dict[str, str]:
    """Return the places of readers by the token that they have now."""
    return {
        moves.current(reader.token_by(key)): place
        for place, reader in readers.items()
    }


def _why(removal: Removal) -> str:
    did = (
        "reported an email as spam" if removal.is_complaint else "unsubscribed"
    )
    return f"{did} ({removal.date}: {removal.reason})"
