"""Open a mailbox; a Maildir is read here: a folder with a file for each email, below `new` and `cur`."""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from briefing.configuration.mailbox_addresses import ImapFolder, MailboxAddress
from briefing.errors import MailboxError, display_path
from briefing.storage import files

from .base import LARGEST, Mark, Position, StoredMail, digest_of

if TYPE_CHECKING:
    from .imap import ImapMailbox

FOLDERS = ("new", "cur")


@contextmanager
def open_mailbox(
    address: MailboxAddress, password: str, folder: Path, *, proxy: str
) -> Iterator["ImapMailbox | Maildir"]:
    """Open a mailbox for reading, and close it at the end.

    `password` and `proxy`, [collect] proxy, are for an IMAP server; relative paths begin at `folder`, the
    newsletter's. Raises MailboxError, with one line that says what to do.
    """
    if not isinstance(address, ImapFolder):
        yield Maildir(folder / Path(address.path).expanduser())
        return
    from .imap import ImapMailbox  # noqa: PLC0415  # slow to import, and few need it

    with closing(ImapMailbox(address, password, proxy)) as mailbox:
        yield mailbox


class Maildir:
    """A Maildir. Programs move an email from `new` to `cur`, and add to its name, when it is seen."""

    validity = 0
    """There are no uids."""

    def __init__(self, path: Path) -> None:
        """Raises MailboxError for a path that isn't a Maildir's."""
        self.name = display_path(path)
        self._path = path
        if not all((path / each).is_dir() for each in FOLDERS):
            raise MailboxError(
                f"{self.name}: there is no Maildir, which has the folders 'new' and 'cur'; correct its path in "
                "briefing.toml, or write the address of a folder on an IMAP server there"
            )

    def count(self, position: Position) -> int:
        """Return how many emails there are, minus those that were read."""
        return max(0, len(self._files()) - len(position.digests))

    def after(self, position: Position) -> Iterator[StoredMail]:
        """Yield the emails that weren't read yet, the oldest first, each once. Raises MailboxError."""
        paths = self._files()
        read = set(position.digests)
        # A name begins with the second in which the email arrived.
        for name in sorted(paths):
            data = self._first_bytes(name, paths)
            digest = digest_of(data)
            if data and digest not in read:
                read.add(digest)
                yield StoredMail(Mark(digest), data)

    def _files(self) -> dict[str, Path]:
        """Return each email's file by the part of its name that stays."""
        try:
            return {
                entry.name.partition(":")[0]: Path(entry.path)
                for folder in FOLDERS
                for entry in os.scandir(self._path / folder)
                if not entry.name.startswith(".")
            }
        except OSError as error:
            raise self._unreadable(error) from None

    def _first_bytes(self, name: str, paths: dict[str, Path]) -> bytes:
        """Return the first bytes of an email; none if it was deleted in the meantime. `paths` are brought
        up to date if another program moved it.
        """
        try:
            try:
                file = files.open_plain(paths[name])
            except FileNotFoundError:
                paths.update(self._files())
                file = files.open_plain(paths[name])
            with file:
                return file.read(LARGEST)
        except FileNotFoundError:
            return b""
        except OSError as error:
            raise self._unreadable(error) from None

    def _unreadable(self, error: OSError) -> MailboxError:
        return MailboxError(f"{self.name}: can't be read: {error.strerror}")
