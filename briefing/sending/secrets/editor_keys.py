"""The keys of an editor: one opens what readers ask for on the server, the other proves to the server
that the editors' computer is asking.

A request is encrypted to the public keys in `[joining] keys` (https://age-encryption.org/v1). The
private half of an editor's key stays in the keyring of their computer, or in
`.briefing/private-key.age`, which needs a passphrase: age derives a key from it with scrypt.
"""

import contextlib
import secrets
import stat
from collections.abc import Callable
from pathlib import Path

import pyrage

from briefing.errors import RefusedError, display_path
from briefing.newsletter import Newsletter
from briefing.storage import files

from . import credentials
from .credentials import Secret
from .editor_secrets import PASSPHRASE, PRIVATE_KEY, SYNC_KEY

ENOUGH_WORK = 18
"""The exponent of scrypt's work factor that the program `age` uses; each more doubles the work."""
MEASUREMENTS = 10
"""How often age may measure the speed of this computer, until it finds that of an idle one. It measures
for a few milliseconds, in which a busy computer can seem fifty times slower.
"""
TOO_MUCH_WORK = "Excessive work parameter"
"""How age's refusal begins if it estimates that opening takes over 16 seconds."""
PROTECTED_FILE = "private-key.age"
LEAST_PASSPHRASE = 12
"""Characters. Anyone who has the file can try passphrases as fast as scrypt allows."""
SYNC_KEY_BYTES = 32
TRIES = 3
"""How often a passphrase is asked for."""

Ask = Callable[[], str]
"""Asks a person for the passphrase."""


class _WrongPassphraseError(RefusedError):
    """A passphrase doesn't open the key."""


def new_key(newsletter: Newsletter, ask: Ask) -> tuple[str, str]:
    """Make a key pair and store its private half; return the public one, and where the other is.

    `ask` is called if this computer has no keyring. Raises RefusedError if the passphrase is too
    short, BriefingError.
    """
    identity = pyrage.x25519.Identity.generate()
    public = str(identity.to_public())
    private = str(identity)
    if place := _store_in_keyring(newsletter, PRIVATE_KEY, private):
        return public, place
    passphrase = ask()
    if len(passphrase) < LEAST_PASSPHRASE:
        raise RefusedError(
            f"a passphrase needs at least {LEAST_PASSPHRASE} characters: choose four or five words that have nothing "
            "to do with each other; no key was made"
        )
    path = newsletter.state / PROTECTED_FILE
    sealed = seal_strongly(
        lambda: pyrage.passphrase.encrypt(private.encode(), passphrase)
    )
    files.write_private(path, sealed)
    return public, f"{display_path(path)}, protected by the passphrase"


def seal_strongly(seal: Callable[[], bytes]) -> bytes:
    """Return what `seal` returns, the first time that its passphrase is protected by enough work; on
    a slow computer, the best of several.
    """
    best = seal()
    for _ in range(MEASUREMENTS - 1):
        if _work_factor(best) >= ENOUGH_WORK:
            break
        best = max(best, seal(), key=_work_factor)
    return best


def _work_factor(sealed: bytes) -> int:
    """Return the exponent of scrypt's work factor: `-> scrypt SALT EXPONENT` is the second line
    (https://age-encryption.org/v1).
    """
    return int(sealed.split(b"\n", 2)[1].rpartition(b" ")[2])


def has_key(newsletter: Newsletter) -> bool:
    """Whether this computer has a private key of the newsletter."""
    path = newsletter.state / PROTECTED_FILE
    return path.exists() or bool(credentials.find(newsletter, PRIVATE_KEY))


def open_keys(newsletter: Newsletter, ask: Ask) -> list[pyrage.x25519.Identity]:
    """Return the private keys of this computer.

    `ask` is called if one is protected by a passphrase that isn't in the environment, and again if
    the passphrase is wrong. Raises RefusedError if there is no key, or no right passphrase.
    """
    texts: list[str] = []
    if stored := credentials.find(newsletter, PRIVATE_KEY):
        texts.append(stored)
    path = newsletter.state / PROTECTED_FILE
    if path.exists():
        texts.append(_unlocked(path, ask))
    if not texts:
        raise RefusedError(
            "this computer has no key that decrypts readers' requests; make one with 'briefing subscribers keys', "
            "or copy it from where it was made"
        )
    return [_parsed(text) for text in texts]


def new_sync_key(newsletter: Newsletter) -> tuple[str, str]:
    """Make the key that identifies the editors' computer to the server, and store it; return it, and where
    it is.

    Raises BriefingError.
    """
    key = secrets.token_urlsafe(SYNC_KEY_BYTES)
    place = _store_in_keyring(newsletter, SYNC_KEY, key)
    return key, place or credentials.store(newsletter, SYNC_KEY, key)


def _store_in_keyring(
    newsletter: Newsletter, secret: Secret, value: str
) -> str:
    """Put a secret into the keyring and say so; empty if there is none, or if it is locked."""
    if not credentials.has_keyring():
        return ""
    with contextlib.suppress(RefusedError):
        return credentials.store_in_keyring(newsletter, secret, value)
    return ""


def _unlocked(path: Path, ask: Ask) -> str:
    if given := credentials.from_environment(PASSPHRASE):
        return _opened(path, given)
    for _ in range(TRIES - 1):
        typed = ask()
        with contextlib.suppress(_WrongPassphraseError):
            return _opened(path, typed)
    return _opened(path, ask())


def _opened(path: Path, passphrase: str) -> str:
    status = path.lstat()
    if not stat.S_ISREG(status.st_mode):
        raise RefusedError(
            f"{display_path(path)} must be a plain file; put the file itself there"
        )
    opened = _decrypted(files.read(path), passphrase)
    # An error of the library would carry what it has read.
    with contextlib.suppress(UnicodeDecodeError):
        if opened is not None:
            return opened.decode()
    raise _WrongPassphraseError(
        f"{display_path(path)} can't be opened with this passphrase; try again, or restore the file from a backup"
    )


def _decrypted(sealed: bytes, passphrase: str) -> bytes | None:
    """Return what a passphrase protects; None if it is another one, or if opening takes this computer
    far longer than age allows.
    """
    for _ in range(MEASUREMENTS):
        try:
            opened: bytes = pyrage.passphrase.decrypt(sealed, passphrase)
        except pyrage.DecryptError as error:
            if not str(error).startswith(TOO_MUCH_WORK):
                return None
        else:
            return opened
    return None


def _parsed(text: str) -> pyrage.x25519.Identity:
    try:
        return pyrage.x25519.Identity.from_str(text.strip())
    except pyrage.IdentityError:
        pass
    raise RefusedError(
        f"the {PRIVATE_KEY.label} is damaged; copy it again from where it was made"
    )
