"""The newsletter's secret key, and the digests made with it.

A keyed digest (HMAC-SHA-256, RFC 2104) replaces the address in the ledger, in tokens and in
Message-IDs. Without the key, no one can tell whose digest it is, or check whether a particular
address is among them.
"""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from briefing.storage import files

from .errors import BriefingError, display_path
from .newsletter import Newsletter

LENGTH = 32
_BLOCK = 64
"""Bytes of a block of SHA-256. No key may be longer."""


@dataclass(frozen=True, repr=False)
class Key:
    """The secret of one newsletter."""

    secret: bytes

    @classmethod
    def of(cls, newsletter: Newsletter) -> "Key":
        """Return the newsletter's key, creating it on first use. Raises BriefingError if it is lost
        or damaged.
        """
        path = newsletter.state / "key"
        try:
            secret = files.read(path)
        except FileNotFoundError:
            secret = _create(path)
        except OSError as error:
            raise BriefingError(
                f"{display_path(path)}: can't be read: {error.strerror}"
            ) from error
        if len(secret) != LENGTH:
            raise BriefingError(
                f"{display_path(path)}: is damaged; restore the newsletter's own key from a backup"
            )
        return cls(secret)

    def digest(self, purpose: str, *parts: str) -> bytes:
        """Return 32 bytes that depend on the purpose and on each part. Lengths keep parts from
        running together.
        """
        names = purpose, *parts
        return _digester(self.secret, names[:-1])(names[-1])

    def name(self, purpose: str, *parts: str) -> str:
        """Return the first 120 bits of the digest as 30 hexadecimal digits.

        That is safe in an address, a header and a file name, even where upper and lower case count
        as the same.
        """
        names = purpose, *parts
        return _namer(self.secret, names[:-1])(names[-1])

    def digester(self, purpose: str, *parts: str) -> Callable[[str], bytes]:
        """Return the function of the last part that `digest` is. For many readers, it takes two
        thirds of the time.
        """
        return _digester(self.secret, (purpose, *parts))

    def namer(self, purpose: str, *parts: str) -> Callable[[str], str]:
        """Return the function of the last part that `name` is."""
        return _namer(self.secret, (purpose, *parts))

    @property
    def fingerprint(self) -> str:
        """Identifies this key without revealing it."""
        return hashlib.sha256(
            b"briefing key fingerprint" + self.secret
        ).hexdigest()[:16]


@lru_cache(64)
def _digester(secret: bytes, parts: tuple[str, ...]) -> Callable[[str], bytes]:
    """Return the function that finishes an HMAC (RFC 2104) whose text begins with some parts.

    A send makes three digests for each reader, which differ in the last part only: copying two hashes takes half as
    long as copying an hmac.HMAC, which would cost two of the thirty seconds of processor time that a million readers
    may take.
    """
    block = secret.ljust(_BLOCK, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in block))
    outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in block))
    inner.update(b"".join(map(_with_length, parts)))

    def digest(last: str) -> bytes:
        message = inner.copy()
        result = outer.copy()
        message.update(_with_length(last))
        result.update(message.digest())
        return result.digest()

    return digest


@lru_cache(64)
def _namer(secret: bytes, parts: tuple[str, ...]) -> Callable[[str], str]:
    digest = _digester(secret, parts)
    return lambda last: digest(last)[:15].hex()


def _with_length(part: str) -> bytes:
    encoded = part.encode()
    return len(encoded).to_bytes(4, "big") + encoded


def _create(path: Path) -> bytes:
    """Create a key, unless files made with an earlier one show that it was lost."""
    state = path.parent
    files.make_private_folder(state)
    has_files = any(state.glob("*.sqlite")) or any(state.glob("*.csv"))
    if has_files and path.exists():  # both were created since we looked
        return path.read_bytes()
    if has_files:
        raise BriefingError(
            f"{display_path(path)}: is missing; restore it from a backup, because the records of who got what and "
            "of who unsubscribed can be read only with it"
        )
    secret = secrets.token_bytes(LENGTH)
    try:
        files.create(path, secret, mode=files.PRIVATE_FILE)
    except FileExistsError:  # another command created it at the same moment
        return path.read_bytes()
    return secret
