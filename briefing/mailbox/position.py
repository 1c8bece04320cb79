"""How far a mailbox has been read: what was accepted from it. No I/O.

A number per email (the uid) says it for a folder of an IMAP server. Digests say it for other
mailboxes, and for a folder whose numbers begin again (a new UIDVALIDITY).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

MOST_DIGESTS = 500_000
"""The newest that are kept: 8 MB."""


class Purpose(StrEnum):
    """What a mailbox is read for. Each purpose has a position of its own, also in a shared mailbox."""

    LEAVING = "leaving"
    INBOX = "inbox"


@dataclass(frozen=True, slots=True)
class Mark:
    """What identifies an email that was read."""

    digest: bytes
    """By which it is recognised in another mailbox or copy; see `identity.digest_of`."""
    uid: int = 0
    """Its number in a folder of an IMAP server (RFC 9051 2.3.1.1); 0 in other mailboxes."""


@dataclass(frozen=True, slots=True)
class Position:
    """What was accepted from a mailbox so far; by default nothing."""

    validity: int = 0
    uid: int = 0
    """The highest that was read, while the mailbox has this validity."""
    digests: frozenset[bytes] = frozenset()

    def first_uid(self, validity: int) -> int:
        """Return the first uid that is new: all are new if the mailbox has another validity."""
        return self.uid + 1 if validity == self.validity else 1

    def advanced(self, validity: int, marks: Iterable[Mark]) -> "Position":
        """Return the position after more emails were accepted."""
        uid = self.first_uid(validity) - 1
        read = list(marks)
        highest = max([uid, *(mark.uid for mark in read)])
        new = [mark.digest for mark in read]
        digests = self.digests.union(new)
        if len(digests) > MOST_DIGESTS:
            digests = frozenset(new[-MOST_DIGESTS:])
        return Position(validity, highest, digests)
