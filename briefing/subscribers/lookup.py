"""Find on a list the readers that an editor named. No I/O."""

from collections.abc import Collection, Iterator

from briefing.keys import Key

from .moves import Moves
from .named_reader import NamedReader
from .subscriber import Subscriber
from .subscriber_list import SubscriberList, usable_rows
from .suppression import token_of


def find_listed(
    named: Collection[NamedReader],
    key: Key,
    moves: Moves,
    subscribers: SubscriberList,
) -> dict[NamedReader, Subscriber]:
    """Return those of the readers who are on the list, each with their first row.

    A reader is found by their address or, if nobody on the list has it, by their token, even an
    earlier one.
    """
    rows = by_identity({reader.identity for reader in named}, subscribers)
    found = {
        reader: rows[reader.identity]
        for reader in named
        if reader.identity in rows
    }
    tokens = {
        reader: moves.current(reader.token_by(key))
        for reader in named
        if reader not in found
    }
    if tokens:  # the token of every reader takes a while
        rows = by_token(subscribers, key, set(tokens.values()))
        for reader, token in tokens.items():
            if token in rows:
                found[reader] = rows[token]
    return found


def by_identity(
    identities: Collection[str], subscribers: SubscriberList
) -> dict[str, Subscriber]:
    """Return the first row of each reader with one of these identities."""
    rows: dict[str, Subscriber] = {}
    for row in usable_rows(subscribers):
        if row.identity in identities:
            rows.setdefault(row.identity, row)
    return rows


def by_token(
    subscribers: SubscriberList,
    key: Key,
    tokens: Collection[str] | None = None,
) -> dict[str, Subscriber]:
    """Return the first row of each reader, or of those with one of these tokens, by token."""
    rows: dict[str, Subscriber] = {}
    for token, row in with_tokens(subscribers, key):
        if tokens is None or token in tokens:
            rows.setdefault(token, row)
    return rows


def with_tokens(
    subscribers: SubscriberList, key: Key
) -> Iterator[tuple[str, Subscriber]]:
    """Yield each usable row of a list, with its reader's token before it."""
    for row in usable_rows(subscribers):
        yield token_of(key, row.identity), row
