"""Unsubscribe readers wherever this computer has something of theirs: in the record of those who left,
and in the emails of rehearsals.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from briefing.keys import Key
from briefing.newsletter import Newsletter
from briefing.subscribers import unsubscribing
from briefing.subscribers.moves import Moves
from briefing.subscribers.suppression import Removal, Suppression

from . import rehearsals


@dataclass(frozen=True, slots=True)
class Departures:
    """What has changed because readers left."""

    new: int
    """How many readers weren't unsubscribed yet."""
    rehearsed: int
    """How many emails were deleted from rehearsals."""


def unsubscribe(
    newsletter: Newsletter,
    key: Key,
    removals: Mapping[str, Removal],
    suppression: Suppression,
    moves: Moves | None = None,
) -> Departures:
    """Unsubscribe the readers with these tokens, as `unsubscribing.record` does, and delete their emails
    from rehearsals. Raises BriefingError; it can then be repeated.
    """
    new = unsubscribing.record(removals, suppression, moves)
    rehearsed = rehearsals.remove_readers(newsletter, key, removals.keys())
    return Departures(new, rehearsed)
