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
    by_identity: dict[str, Subscriber] = {}
    by_token: dict[str, Subscriber] = {}
    identities = {reader.identity for reader in named}
    tokens = {moves.current(reader.token_by(key)) for reader in named}
    for row in subscribers.rows():
        if isinstance(row, Subscriber):
            if row.identity in identities:
                by_identity.setdefault(row.identity, row)
            token = token_of(key, row.identity)
            if token in tokens:
                by_token.setdefault(token, row)
    found: dict[NamedReader, Subscriber] = {}
    for reader in named:
        current = moves.current(reader.token_by(key))
        if reader.identity in by_identity:
            found[reader] = by_identity[reader.identity]
        elif current in by_token:
            found[reader] = by_token[current]
    return found
