"""Look up on a list readers whom an editor named. No I/O."""

from collections.abc import Collection

from briefing.keys import Key
from briefing.subscribers.moves import Moves
from briefing.subscribers.named_reader import NamedReader
from briefing.subscribers.subscriber import Subscriber
from briefing.subscribers.subscriber_list import SubscriberList
from briefing.subscribers.suppression import token_of


def find_listed(
    named: Collection[NamedReader],
    key: Key,
    moves: Moves,
    subscribers: SubscriberList,
) -> dict[NamedReader, Subscriber]:
    """Return those of the readers who are on the list, each with their first row.

    A reader is found by their address or, if nobody on the list has it, by their token, also by an
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
        rows = _by_token(set(tokens.values()), key, subscribers)
        for reader, token in tokens.items():
            if token in rows:
                found[reader] = rows[token]
    return found


def by_identity(
    identities: Collection[str], subscribers: SubscriberList
) -> dict[str, Subscriber]:
    """Return the first row of each reader with one of these identities."""
    rows: dict[str, Subscriber] = {}
    for row in subscribers.rows():
        if isinstance(row, Subscriber) and row.identity in identities:
            rows.setdefault(row.identity, row)
    return rows


def _by_token(
    tokens: Collection[str], key: Key, subscribers: SubscriberList
) -> dict[str, Subscriber]:
    rows: dict[str, Subscriber] = {}
    for row in subscribers.rows():
        if isinstance(row, Subscriber):
            token = token_of(key, row.identity)
            if token in tokens:
                rows.setdefault(token, row)
    return rows
