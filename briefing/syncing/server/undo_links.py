"""Links by which readers undo a change of their address. No I/O.

Anyone who gets a forwarded issue can use the links in it, and so change its reader's address to their
own. The reader then gets a link at the earlier address that no one else has seen. Home makes it
with its own key, so the server can neither make nor read one; it knows the digests of their tokens
only, and keeps what such a link carries if it knows its token.
"""

import datetime as dt
from collections.abc import Iterable, Iterator

from briefing.joining import protocol
from briefing.joining.seals import Seals
from briefing.keys import Key
from briefing.subscribers.moves import TokenMove
from briefing.subscribers.subscriber import Subscriber
from briefing.syncing.reports import Expired, MoveUndone, Person

VALID = dt.timedelta(days=30)


def token(key: Key, move: TokenMove) -> str:
    """Return the token of the link that undoes a change."""
    return key.name("link to take back a change of address", *move)


def codes(key: Key, moves: Iterable[TokenMove]) -> Iterator[str]:
    """Yield what stands for these links among the tokens that the server knows."""
    for move in moves:
        yield protocol.undo_code(token(key, move))


def make(
    url: str, key: Key, reader: Subscriber, move: TokenMove, *, today: dt.date
) -> str:
    """Return the link for a reader, who is given as before the change. The server is at `url`."""
    values = [reader.address, reader.name, reader.lang, move.new]
    sealed = _seals(key).seal(values, today + VALID)
    return protocol.undo_link(url, token(key, move), sealed)


def read(key: Key, sealed: str, day: dt.date) -> MoveUndone | Expired:
    """Return what the use of a link on a day reports: it has expired also if it isn't ours."""
    values = _seals(key).unseal(sealed, day)
    if not values:
        return Expired(day)
    address, name, lang, new_token = values
    return MoveUndone(Person(token=new_token), day, address, name, lang)


def _seals(key: Key) -> Seals:
    return Seals(key.digest("seal of links to take back a change"))
