"""The tokens of everyone who was ever on a list, so that the links in old emails keep working.

`.briefing/tokens` has 15 bytes for each, in ascending order, and no addresses. Without it, someone
whose row was deleted, or who is on another list, would read that they have unsubscribed, and get
emails again with the next list that contains them.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from briefing.errors import FileError
from briefing.keys import Key
from briefing.newsletter import Newsletter
from briefing.storage import files
from briefing.subscribers.lookup import with_tokens
from briefing.subscribers.subscriber_list import SubscriberList
from briefing.subscribers.suppression import Suppression

FILE = "tokens"
LENGTH = 15
"""Bytes of a token, which has two hexadecimal digits for each."""


class KnownTokens:
    """The tokens, as they are in the file."""

    def __init__(self, path: Path) -> None:
        """Read the file if it exists. Raises FileError."""
        self.path = path
        self._data = _read(path)

    @classmethod
    def of(cls, newsletter: Newsletter) -> "KnownTokens":
        return cls(newsletter.state / FILE)

    def __iter__(self) -> Iterator[str]:
        for start in range(0, len(self._data), LENGTH):
            yield self._data[start : start + LENGTH].hex()

    def __len__(self) -> int:
        return len(self._data) // LENGTH

    def add(self, tokens: Iterable[str]) -> None:
        """Add tokens, durably. Raises BriefingError."""
        data = b"".join(map(bytes.fromhex, sorted({*self, *tokens})))
        if data == self._data:
            return
        files.write_private(self.path, data)
        self._data = data


def _read(path: Path) -> bytes:
    try:
        data = files.read(path)
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise FileError(path, f"can't be read: {error.strerror}") from error
    if len(data) % LENGTH:
        raise FileError(
            path, "is damaged; restore it from a backup, or delete it"
        )
    return data


def valid_tokens(
    newsletter: Newsletter,
    subscribers: SubscriberList,
    key: Key,
    suppression: Suppression,
) -> list[str]:
    """Return the tokens of everyone who can leave: readers who are on a list now, or ever were, and
    haven't left. Those on this list are remembered. Raises FileError, BriefingError.
    """
    known = KnownTokens.of(newsletter)
    known.add(token for token, _row in with_tokens(subscribers, key))
    return [token for token in known if token not in suppression]
