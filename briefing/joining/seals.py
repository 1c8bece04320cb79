"""What the server gives out and recognises when it comes back: links to confirm something, and the
tokens of forms, both sealed with its own key.

A link carries everything that its reader typed, encrypted and authenticated (AES-GCM, NIST SP
800-38D). So nothing at all is stored before someone confirms.
"""

import base64
import binascii
import datetime as dt
import hashlib
import hmac
import json
import secrets
from collections.abc import Sequence
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from briefing.errors import BriefingError, display_path
from briefing.storage import files

KEY_FILE = "joining.key"
KEY_LENGTH = 32
NONCE_LENGTH = 12
LEAST_AGE = 3.0
"""Seconds: nobody fills in a form faster."""
MOST_AGE = 24 * 3600.0
"""Seconds: a page may stay open overnight."""
_FORM = "form"
"""The kind of what the token of a form carries."""


def load_key(state: Path) -> bytes:
    """Return the server's key, and make it on first use. A lost one costs little: the links in emails of
    the last days stop working, and people fill in the form again.

    Raises BriefingError if it is damaged or can't be read.
    """
    path = files.make_private_folder(state) / KEY_FILE
    files.refuse_links(path)
    try:
        key = files.read(path)
    except FileNotFoundError:
        key = secrets.token_bytes(KEY_LENGTH)
        files.create(path, key, mode=files.PRIVATE_FILE)
    except OSError as error:
        raise BriefingError(
            f"{display_path(path)}: can't be read: {error.strerror}"
        ) from error
    if len(key) != KEY_LENGTH:
        raise BriefingError(
            f"{display_path(path)}: is damaged; delete it, and the server makes a new one (links in the emails of "
            "the last few days will stop working)"
        )
    return key


def digest(sealed: str) -> bytes:
    """Identify a sealed link, however its last character is written: Base64 leaves bits of it unused."""
    return hashlib.sha256(_decoded(sealed)).digest()


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Seals:
    """Makes and recognises links and tokens with the server's key."""

    def __init__(self, key: bytes) -> None:
        """`key`: KEY_LENGTH bytes."""
        links = hmac.digest(key, b"confirmation links", "sha256")
        self._links = AESGCM(links)

    def seal(self, values: Sequence[str], until: dt.date) -> str:
        """Return the values in a form that fits into a link, and is valid up to a day."""
        plain = json.dumps([until.isoformat(), *values], ensure_ascii=False)
        nonce = secrets.token_bytes(NONCE_LENGTH)
        sealed = nonce + self._links.encrypt(nonce, plain.encode(), None)
        return base64.urlsafe_b64encode(sealed).decode().rstrip("=")

    def unseal(self, text: str, today: dt.date) -> list[str] | None:
        """Return the values; None if they were changed, sealed with another key, or are too old."""
        try:
            sealed = _decoded(text)
            nonce = sealed[:NONCE_LENGTH]
            plain = self._links.decrypt(nonce, sealed[NONCE_LENGTH:], None)
        except (binascii.Error, InvalidTag, ValueError):
            return None
        until, *values = json.loads(plain)
        return values if today <= dt.date.fromisoformat(until) else None

    def form_token(self, now: float) -> str:
        """Return the token of a form that is shown at a time, in seconds since 1970."""
        return self.seal([_FORM, str(now)], dt.date.max)

    def was_filled_in(self, token: str, now: float) -> bool:
        """Whether the form with a token is ours, and was shown long enough ago for a person to fill it in, and no
        longer than a day.
        """
        match self.unseal(token, dt.date.min):
            case [kind, shown] if kind == _FORM:
                return LEAST_AGE <= now - float(shown) <= MOST_AGE
            case _:
                return False
