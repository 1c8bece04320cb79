"""The tokens of everyone who was ever on a list, so that the links in old emails keep working.

`.briefing/tokens` has 15 bytes for each, in ascending order, and no addresses. Without it, someone
whose row was deleted, or who is on another list, would read that they have unsubscribed, and get
emails again with the next list that contains them.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from briefing import clock
from briefing.errors import FileError, RefusedError, TransportError
from briefing.keys import Key
from briefing.newsletter import Newsletter
from briefing.storage import files
from briefing.subscribers.lookup import with_tokens
from briefing.subscribers.subscriber_list import SubscriberList, open_list
from briefing.subscribers.suppression import Suppression

if TYPE_CHECKING:
    from briefing.network.parallel import ShowSteps

FILE = "tokens"
LENGTH = 15
"""Bytes of a token, which has two hexadecimal digits for each."""


def read(newsletter: Newsletter) -> list[str]:
    """Return the tokens; none if there is no file. Raises FileError."""
    path = newsletter.state / FILE
    try:
        data = files.read(path)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise FileError(path, f"can't be read: {error.strerror}") from error
    if len(data) % LENGTH:
        raise FileError(
            path, "is damaged; restore it from a backup, or delete it"
        )
    starts = range(0, len(data), LENGTH)
    return [data[start : start + LENGTH].hex() for start in starts]


def valid_tokens(
    newsletter: Newsletter,
    subscribers: SubscriberList,
    key: Key,
    suppression: Suppression,
) -> list[str]:
    """Return the tokens of everyone who can leave: readers who are on a list now, or ever were, and
    haven't left. Those on this list are remembered. Raises FileError, BriefingError.
    """
    known = read(newsletter)
    every = sorted(
        {*known, *(token for token, _row in with_tokens(subscribers, key))}
    )
    if every != known:
        data = b"".join(map(bytes.fromhex, every))
        files.write_private(newsletter.state / FILE, data)
    return [token for token in every if token not in suppression]


def renew_tokens(
    newsletter: Newsletter, key: Key, list_path: Path, show: "ShowSteps"
) -> None:
    """Tell the newsletter's server who gets the issue: if a reader that it doesn't know left, it would take
    that for a guess.

    Raises RefusedError if that can't be done.
    """
    if not newsletter.settings.joining.url:
        return
    # Their libraries, which take 20 ms, aren't needed by sends without a server.
    from .server import Server  # noqa: PLC0415

    tokens = valid_tokens(
        newsletter, open_list(list_path), key, Suppression.of(newsletter)
    )
    try:
        Server(newsletter, list, clock.today()).renew_tokens(tokens, show)
    except (TransportError, RefusedError) as error:
        raise RefusedError(
            f"{error}; nothing was sent, since new readers couldn't unsubscribe with their links; "
            "--no-sync sends anyway"
        ) from error
