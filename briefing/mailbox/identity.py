"""Recognise a mail that was read before, in whatever mailbox it is now. No I/O."""

import hashlib

from briefing.mailbox.headers import Header

_LENGTH = 16
_NAMES = ("Message-ID", "Date", "From", "Subject")
"""The Message-ID alone isn't enough: some programs give the same one to each mail."""


def digest_of(mail: bytes) -> bytes:
    """Return 16 bytes that another mail doesn't have. Servers on the way don't change the fields that
    they depend on; a mail without a Message-ID is recognised by all of its bytes.
    """
    header = Header.of(mail)
    values = [header.first(name) for name in _NAMES]
    parts = [value.encode() for value in values] if values[0] else [mail]
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.digest()[:_LENGTH]
