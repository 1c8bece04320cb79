"""What a mailbox gives, and how far it has been read. No I/O.

A number per email (the uid) says how far a folder of an IMAP server has been read. Digests say it for
a Maildir, and for a folder whose numbers begin again (a new UIDVALIDITY).
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

from .headers import Header

LARGEST = 2 * 1024 * 1024
"""The most bytes that are read of an email: its header and first parts."""
MOST_DIGESTS = 500_000
"""The newest that are kept: 8 MB."""
LENGTH = 16
"""Bytes of a digest."""
_NAMES = ("Message-ID", "Date", "From", "Subject")
"""The Message-ID alone isn't enough: some programs give the same one to each email."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What identifies an email that was read."""

    digest: bytes
    """By which it is recognised in another mailbox or copy; see `digest_of`."""
    uid: int = 0
    """Its number in a folder of an IMAP server (RFC 9051 2.3.1.1); 0 in a Maildir."""


@dataclass(frozen=True, slots=True)
class StoredMail:
    """An email in a mailbox; anyone can have sent it."""

    mark: Mark
    data: bytes = field(repr=False)
    """Its first bytes, LARGEST at most."""


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
        read = list(marks)
        uids = [mark.uid for mark in read]
        new = [mark.digest for mark in read]
        digests = self.digests.union(new)
        if len(digests) > MOST_DIGESTS:
            digests = frozenset(new[-MOST_DIGESTS:])
        highest = max(self.first_uid(validity) - 1, *uids, 0)
        return Position(validity, highest, digests)


def digest_of(mail: bytes) -> bytes:
    """Return bytes that no other email has. They depend on fields that servers on the way don't change;
    an email without a Message-ID is recognised by everything that was read of it.
    """
    header = Header.of(mail)
    values = [header.first(name) for name in _NAMES]
    parts = [value.encode() for value in values] if values[0] else [mail]
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.digest()[:LENGTH]
