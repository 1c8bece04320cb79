"""The newsletter's secret key, and the digests made with it.

A keyed digest (HMAC-SHA-256, RFC 2104) stands wherever an address would otherwise have to: in the ledger, in tokens,
in Message-IDs. Without the key nobody can tell whose it is, nor whether a given address is among them.
"""

import hashlib
import secrets
from dataclasses import dataclass
from functools import cached_property

from briefing import files
from briefing.errors import BriefingError, shown
from briefing.newsletter import Newsletter

LENGTH = 32


@dataclass(frozen=True, repr=False)
class Key:
    """The secret of one newsletter."""

    secret: bytes

    @classmethod
    def of(cls, newsletter: Newsletter) -> "Key":
        """The newsletter's key, made when it is first wanted. Raises BriefingError where the file can't be trusted."""
        path = newsletter.state / "key"
        try:
            secret = path.read_bytes()
        except FileNotFoundError:
            files.make_private_folder(newsletter.state)
            if any(newsletter.state.glob("*.sqlite")) or any(newsletter.state.glob("*.csv")):
                raise BriefingError(
                    f"{shown(path)}: is missing; bring it back from a backup, the ledgers and the record of who left "
                    "are of this key"
                ) from None
            secret = secrets.token_bytes(LENGTH)
            try:
                files.create(path, secret, mode=files.PRIVATE_FILE)
            except FileExistsError:  # made at the same moment by another command
                secret = path.read_bytes()
        except OSError as error:
            raise BriefingError(f"{shown(path)}: can't be read: {error.strerror}") from error
        if len(secret) != LENGTH:
            raise BriefingError(f"{shown(path)}: is damaged; bring back the newsletter's own key from a backup")
        return cls(secret)

    def digest(self, purpose: str, *parts: str) -> bytes:
        """32 bytes that depend on the purpose and on each part; parts can't run into each other."""
        raws = [part.encode() for part in (purpose, *parts)]
        begun, end = self._halves
        inner, outer = begun.copy(), end.copy()
        inner.update(b"".join([len(raw).to_bytes(4, "big") + raw for raw in raws]))
        outer.update(inner.digest())
        return outer.digest()

    @cached_property
    def _halves(self) -> "tuple[hashlib._Hash, hashlib._Hash]":
        """HMAC's two hashes (RFC 2104, 2) with the key taken in already: a third of the time for a million readers."""
        block = self.secret.ljust(64, b"\0")
        return hashlib.sha256(bytes(one ^ 0x36 for one in block)), hashlib.sha256(bytes(one ^ 0x5C for one in block))

    def name(self, purpose: str, *parts: str) -> str:
        """The first 120 bits of the digest as 30 hexadecimal digits.

        Safe in an address, a header and a file name, also where those don't tell capitals from small letters.
        """
        return self.digest(purpose, *parts)[:15].hex()

    @property
    def fingerprint(self) -> str:
        """Tells this key from another without telling the key."""
        return hashlib.sha256(b"briefing key fingerprint" + self.secret).hexdigest()[:16]
