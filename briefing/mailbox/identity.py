"""Recognise an email that was read before, also in another mailbox. No I/O."""

import hashlib

from .headers import Header

LENGTH = 16
"""Bytes of a digest."""
_NAMES = ("Message-ID", "Date", "From", "Subject")
"""The Message-ID alone isn't enough: some programs give the same one to each email."""


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
