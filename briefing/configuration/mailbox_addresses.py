"""Where a mailbox is: a folder on an IMAP server, or a Maildir on this computer. No I/O.

`imaps://USER@HOST[:PORT]/FOLDER` (RFC 5092, of which only this form is read), or a path. In a
user's name, `%40` stands for `@`.
"""

import unicodedata
from dataclasses import dataclass, field
from urllib.parse import SplitResult, unquote, urlsplit

SCHEME = "imaps"
PORT = 993
INBOX = "INBOX"
_EXAMPLE = "imaps://leave%40example.org@mail.example.org/INBOX"


@dataclass(frozen=True, slots=True)
class ImapFolder:
    """A folder on an IMAP server, reached over TLS."""

    user: str = field(repr=False)
    host: str
    port: int = PORT
    folder: str = INBOX

    @property
    def account(self) -> tuple[str, str, int]:
        """What a password belongs to; folders of one account have the same."""
        return self.user, self.host, self.port


@dataclass(frozen=True, slots=True)
class LocalMailbox:
    """A Maildir, by its path; a relative one begins at the newsletter's folder."""

    path: str


MailboxAddress = ImapFolder | LocalMailbox


def parse(text: str) -> MailboxAddress:
    """Return where a mailbox is. Raises ValueError with a reason worded to follow a setting's name."""
    text = text.strip()
    if not text or _has_control(text):
        raise ValueError(_must_be())
    if "://" not in text:
        return LocalMailbox(text)
    try:
        parts = urlsplit(text)
        port = PORT if parts.port is None else parts.port
    except ValueError:
        raise ValueError(_must_be()) from None
    _refuse_unsafe(parts)
    return _imap_folder(parts, port)


def _refuse_unsafe(parts: SplitResult) -> None:
    if parts.scheme == "imap":
        raise ValueError(
            f"must begin with {SCHEME}://, so that the connection is encrypted"
        )
    # Not quoted: it may contain the password.
    if parts.password is not None:
        raise ValueError(
            "must not contain the password, since the file is shared; put it into the environment or a keyring"
        )


def _imap_folder(parts: SplitResult, port: int) -> ImapFolder:
    user = unquote(parts.username or "")
    folder = unquote(parts.path.removeprefix("/")) or INBOX
    host = parts.hostname or ""
    is_whole = parts.scheme == SCHEME and all((user, host, port))
    has_more = bool(parts.query or parts.fragment)
    if not is_whole or has_more or _has_control(user + folder):
        raise ValueError(_must_be())
    return ImapFolder(user, host, port, folder)


def _has_control(text: str) -> bool:
    return any(unicodedata.category(letter)[0] == "C" for letter in text)


def _must_be() -> str:
    return f"must look like {_EXAMPLE}, or be the path of a Maildir"
