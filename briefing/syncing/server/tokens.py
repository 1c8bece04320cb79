"""Tell the server which tokens are valid: their digests, so that it can't name a reader."""

import secrets
from collections.abc import Iterable

from briefing.joining.protocol import (
    DIGEST_LENGTH,
    DIGESTS_AT_ONCE,
    MOST_UPLOAD,
    token_digest,
)
from briefing.keys import Key
from briefing.network.parallel import ShowSteps
from briefing.newsletter import Newsletter
from briefing.subscribers.lookup import with_tokens
from briefing.subscribers.moves import Moves
from briefing.subscribers.subscriber_list import SubscriberList
from briefing.subscribers.suppression import Suppression
from briefing.syncing.records.known_tokens import KnownTokens

from . import undo_links
from .api import ServerApi


def valid_tokens(
    newsletter: Newsletter,
    subscribers: SubscriberList,
    key: Key,
    suppression: Suppression,
) -> list[str]:
    """Return the tokens of everyone who can leave: readers who are on a list now, or ever were, and
    haven't left, and what stands for the links that undo a change of address. Those on this list are remembered.

    Raises FileError, BriefingError.
    """
    known = KnownTokens.of(newsletter)
    known.add(token for token, _row in with_tokens(subscribers, key))
    valid = [token for token in known if token not in suppression]
    return [*valid, *undo_links.codes(key, Moves.of(newsletter).all)]


def digests_of(tokens: Iterable[str]) -> bytes:
    """Return the digests of tokens, in ascending order."""
    return b"".join(sorted(set(map(token_digest, tokens))))


def upload(api: ServerApi, digests: bytes, show: ShowSteps) -> None:
    """Replace the tokens that the server knows, given by their digests. Raises TransportError.

    The server keeps the earlier ones until all of these have arrived.
    """
    count = len(digests) // DIGEST_LENGTH
    number = secrets.randbelow(MOST_UPLOAD)
    step = DIGESTS_AT_ONCE * DIGEST_LENGTH
    for start in range(0, len(digests), step):
        show(start // DIGEST_LENGTH, count)
        api.add_tokens(number, digests[start : start + step])
    api.use_tokens(number, count)
    show(count, count)
