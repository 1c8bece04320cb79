"""Unsubscribe readers, and undo it, by every token that they ever had."""

import datetime as dt
from collections.abc import Iterable, Mapping
from itertools import chain

from .moves import Moves
from .suppression import Removal, Suppression


def record(
    removals: Mapping[str, Removal],
    suppression: Suppression,
    moves: Moves | None = None,
) -> int:
    """Record the readers with these tokens as unsubscribed; return how many weren't yet.

    With `moves`, also by the tokens of all other addresses that they ever had. Raises what
    `Suppression.add` does; it can then be repeated.
    """
    new = _add(removals, suppression)
    if moves is not None:
        # A reader may move at this moment: `list_update` records that before it looks who is suppressed.
        moves.refresh()
        others: dict[str, Removal] = {}
        for token, removal in removals.items():
            others.update(dict.fromkeys(moves.tokens_of(token), removal))
        _add(others, suppression)
    return new


def _add(removals: Mapping[str, Removal], suppression: Suppression) -> int:
    groups: dict[Removal, list[str]] = {}
    for token, removal in removals.items():
        groups.setdefault(removal, []).append(token)
    new = 0
    for removal, tokens in groups.items():
        day = dt.date.fromisoformat(removal.date)
        new += suppression.add(tokens, removal.reason, day)
    return new


def restore(
    tokens: Iterable[str],
    suppression: Suppression,
    moves: Moves,
    on: dt.date,
) -> None:
    """Cancel the removals of the readers with these tokens. Raises what `Suppression.restore` does."""
    every = chain.from_iterable(map(moves.tokens_of, tokens))
    suppression.restore(every, on)
