"""Passwords and keys: from the environment, a file that only its owner can read, or the system's
keyring.

Never from arguments, which other users of a computer can see, nor from briefing.toml, which is
shared.
"""

import os
import shlex
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from briefing.errors import RefusedError, display_path
from briefing.newsletter import Newsletter
from briefing.storage import files


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret, and the places to look for it."""

    label: str
    """As messages name it."""
    variable: str
    """Of the environment."""
    file: str
    """Under .briefing/."""
    service: str
    """In the keyring; the user is the sender's address."""


_hidden: dict[str, str] = {}
"""Taken out of the environment within `hidden_from_programs`, by variable."""


@contextmanager
def hidden_from_programs(secrets: Iterable[Secret]) -> Iterator[None]:
    """Take secrets out of the environment within the block, so that no program inherits them."""
    for variable in {secret.variable for secret in secrets} & os.environ.keys():
        _hidden[variable] = os.environ.pop(variable)
    try:
        yield
    finally:
        os.environ.update(_hidden)
        _hidden.clear()


def require(newsletter: Newsletter, secret: Secret) -> str:
    """Return the secret from the first place that has it. Raises RefusedError, saying where to put
    it.
    """
    value = find(newsletter, secret)
    if not value:
        sender = newsletter.settings.newsletter.sender.address
        raise RefusedError(
            f"the {secret.label} is missing; put it into the environment as {secret.variable}, "
            f"into {display_path(newsletter.state / secret.file)}, or into the keyring with "
            f"'keyring set {secret.service} {sender}'"
        )
    return value


def find(newsletter: Newsletter, secret: Secret) -> str:
    """Return the secret from the first place that has it; empty if none has. Raises RefusedError for
    a file that others can read.
    """
    value = from_environment(secret) or _in_file(newsletter, secret)
    if not value:
        sender = newsletter.settings.newsletter.sender.address
        value = _in_keyring(secret, sender)
    return value.strip()


def from_environment(secret: Secret) -> str:
    """Return the secret from the environment, the first place to look; empty: it isn't there."""
    return _hidden.get(secret.variable) or os.environ.get(secret.variable, "")


def store(newsletter: Newsletter, secret: Secret, value: str) -> str:
    """Write the secret into its file, which only the owner can read; return the file's name.

    Raises RefusedError if there is a folder in its place, BriefingError.
    """
    path = files.make_private_folder(newsletter.state) / secret.file
    if path.is_dir() and not path.is_symlink():
        raise RefusedError(f"{display_path(path)} is a folder; remove it")
    path.unlink(missing_ok=True)  # it may be a link, or readable by others
    files.create(path, f"{value}\n".encode(), mode=files.PRIVATE_FILE)
    return display_path(path)


def store_in_keyring(newsletter: Newsletter, secret: Secret, value: str) -> str:
    """Put the secret into the system's keyring, and say so. A file with it is removed.

    Raises RefusedError if the keyring doesn't take it.
    """
    import keyring  # noqa: PLC0415  # only where the extra `keyring` is installed
    import keyring.errors  # noqa: PLC0415

    sender = newsletter.settings.newsletter.sender.address
    try:
        keyring.set_password(secret.service, sender, value)
    except keyring.errors.KeyringError as error:
        raise RefusedError(
            "the keyring of this computer can't store it, so it is saved in a file"
        ) from error
    (newsletter.state / secret.file).unlink(missing_ok=True)
    return "the keyring of this computer"


def has_keyring() -> bool:
    """Whether this computer has a keyring that can keep a secret."""
    try:
        import keyring  # noqa: PLC0415
        import keyring.backends.fail  # noqa: PLC0415
    except ImportError:
        return False
    return not isinstance(keyring.get_keyring(), keyring.backends.fail.Keyring)


def _in_file(newsletter: Newsletter, secret: Secret) -> str:
    path = newsletter.state / secret.file
    try:
        status = path.lstat()
        if not stat.S_ISREG(status.st_mode) or status.st_mode & 0o077:
            shown_path = display_path(path)
            raise RefusedError(
                f"{shown_path} must be a plain file that only you can read; run: chmod 600 {shlex.quote(shown_path)}; "
                f"if others could read it until now, get a new {secret.label}"
            )
        return path.read_text("utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise RefusedError(
            f"{display_path(path)}: can't be read as text; it must contain only the {secret.label}"
        ) from error


def _in_keyring(secret: Secret, sender: str) -> str:
    try:
        import keyring  # noqa: PLC0415  # only where the extra `keyring` is installed
        import keyring.errors  # noqa: PLC0415
    except ImportError:
        return ""
    try:
        return keyring.get_password(secret.service, sender) or ""
    except keyring.errors.KeyringError:  # this system has none, or it is locked
        return ""
