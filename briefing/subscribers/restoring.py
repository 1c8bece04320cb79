"""Restore readers who were unsubscribed by mistake: identify them, and cancel their removals."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from briefing.keys import Key
from briefing.text.counts import counted

from . import lookup
from .moves import Moves
from .named_reader import NamedReader
from .subscriber_list import SubscriberList
from .suppression import Removal, Suppression


@dataclass(frozen=True, slots=True)
class RestorePlan:
    """Which readers to restore. `restore` carries it out."""

    tokens: tuple[str, ...]
    on_list: int | None
    """How many of them are on the list; None if no list could be read."""
    complaints: tuple[tuple[NamedReader, Removal], ...]
    """Readers who reported an email as spam, and won't be restored unless the editor is sure."""
    subscribed: tuple[NamedReader, ...]
    """Readers on the list who aren't unsubscribed."""
    unknown: tuple[NamedReader, ...]
    """Readers who aren't unsubscribed and aren't on the list either, or no list could be read."""


def plan_restoring(
    readers: Iterable[NamedReader],
    key: Key,
    suppression: Suppression,
    subscribers: SubscriberList | None,
    moves: Moves,
) -> RestorePlan:
    """Return what restoring these readers would change, without writing anything."""
    by_token = lookup.by_current_token(readers, key, moves)
    listed = lookup.by_token(subscribers, key, by_token) if subscribers else {}
    tokens: list[str] = []
    complaints: list[tuple[NamedReader, Removal]] = []
    subscribed: list[NamedReader] = []
    unknown: list[NamedReader] = []
    for token, reader in by_token.items():
        removal = _removal(token, suppression, moves)
        if removal is None:
            (subscribed if token in listed else unknown).append(reader)
        elif removal.is_complaint and not reader.sure:
            complaints.append((reader, removal))
        else:
            tokens.append(token)
    return RestorePlan(
        tuple(tokens),
        on_list=len(listed.keys() & tokens) if subscribers else None,
        complaints=tuple(complaints),
        subscribed=tuple(subscribed),
        unknown=tuple(unknown),
    )


def _removal(
    token: str, suppression: Suppression, moves: Moves
) -> Removal | None:
    """Return when and why a reader was unsubscribed, by any of their tokens; a complaint, if there was
    one.
    """
    found: Removal | None = None
    for any_token in moves.tokens_of(token):
        removal = suppression.find(any_token)
        if removal and (found is None or removal.is_complaint):
            found = removal
    return found


def restore(
    plan: RestorePlan, suppression: Suppression, moves: Moves, on: dt.date
) -> int:
    """Carry out a plan; return how many readers are subscribed again. Raises what
    `Suppression.restore` does.
    """
    tokens = chain.from_iterable(map(moves.tokens_of, plan.tokens))
    return len(plan.tokens) if suppression.restore(tokens, on) else 0


def describe(count: int, plan: RestorePlan, list_name: str) -> list[str]:
    """Return sentences for the editor about a plan that restored `count` readers."""
    sentences = [
        f"The reader in {reader.place} isn't unsubscribed, and gets emails as before. "
        "If you meant another one, correct the address or token."
        for reader in plan.subscribed
    ]
    if not count:
        return sentences
    are = "is" if count == 1 else "are"
    sentences.append(f"{counted(count, 'reader')} {are} subscribed again.")
    if plan.on_list is not None and plan.on_list < count:
        missing = count - plan.on_list
        who = f"{missing:,} of them {'is' if missing == 1 else 'are'}n't"
        if count == 1:
            who = "The reader isn't"
        sentences.append(f"{who} on {list_name}; add them to send them emails.")
    return sentences
