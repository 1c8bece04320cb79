"""The interface of a mailbox, and of the emails that it gives."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from .identity import digest_of
from .position import Mark, Position

LARGEST = 2 * 1024 * 1024
"""The most bytes that are read of an email, unless more are asked for: its header and first parts."""


@dataclass(frozen=True, slots=True)
class StoredMail:
    """An email in a mailbox; anyone can have sent it."""

    mark: Mark
    data: bytes = field(repr=False)
    """Its first bytes, as many as were asked for."""


class Mailbox(Protocol):
    """A mailbox that was opened for reading."""

    @property
    def name(self) -> str:
        """What messages call it; it contains no email address."""

    @property
    def validity(self) -> int:
        """UIDVALIDITY (RFC 9051 2.3.1.1): uids count only as long as it stays the same; 0 without
        uids.
        """

    def count(self, position: Position) -> int:
        """Return about how many emails `after` will give, to show progress."""

    def after(
        self, position: Position, largest: int = LARGEST
    ) -> Iterator[StoredMail]:
        """Yield the emails that were not read up to `position`, the oldest first, one at a time; of each
        the first `largest` bytes.

        Raises MailboxError if the mailbox can't be read to its end.
        """

    def close(self) -> None:
        """End the connection, if there is one. Never raises."""


def unread(mails: Iterable[bytes], position: Position) -> Iterator[StoredMail]:
    """Yield those of the emails, given by their first bytes, that were not read up to `position`, each
    once. Empty ones are left out.
    """
    read = set(position.digests)
    for data in mails:
        digest = digest_of(data)
        if data and digest not in read:
            read.add(digest)
            yield StoredMail(Mark(digest), data)
