"""A Maildir: a folder with a file for each email, below `new` and `cur`."""

import os
from collections.abc import Iterator
from pathlib import Path

from briefing.errors import MailboxError
from briefing.storage import files

from .base import LARGEST, StoredMail, unread
from .position import Position

FOLDERS = ("new", "cur")


class Maildir:
    """A Maildir. Programs move an email from `new` to `cur`, and add to its name, when it is seen."""

    validity = 0

    def __init__(self, path: Path, name: str) -> None:
        """`name` is for messages."""
        self.name = name
        self._path = path

    @staticmethod
    def is_at(path: Path) -> bool:
        """Whether a path is a Maildir's."""
        return all((path / folder).is_dir() for folder in FOLDERS)

    def count(self, position: Position) -> int:
        """Return how many emails there are, minus those that were read."""
        return max(0, len(self._files()) - len(position.digests))

    def after(
        self, position: Position, largest: int = LARGEST
    ) -> Iterator[StoredMail]:
        """Yield the emails that weren't read yet, the oldest first. Raises MailboxError."""
        paths = self._files()
        # A name begins with the second in which the email arrived.
        mails = (self._data(name, paths, largest) for name in sorted(paths))
        yield from unread(mails, position)

    def close(self) -> None:
        """There is nothing to close."""

    def _files(self) -> dict[str, Path]:
        """Return each email's file by the part of its name that stays."""
        paths = {}
        for folder in FOLDERS:
            try:
                entries = list(os.scandir(self._path / folder))
            except OSError as error:
                raise self._unreadable(error) from None
            for entry in entries:
                if not entry.name.startswith("."):
                    paths[entry.name.partition(":")[0]] = Path(entry.path)
        return paths

    def _data(self, name: str, paths: dict[str, Path], largest: int) -> bytes:
        """Return the first bytes of an email; none if it was deleted in the meantime."""
        try:
            return self._read(name, paths, largest)
        except FileNotFoundError:
            return b""
        except OSError as error:
            raise self._unreadable(error) from None

    def _read(self, name: str, paths: dict[str, Path], largest: int) -> bytes:
        """Return the first bytes of an email. `paths` are brought up to date if another program moved it."""
        try:
            return _first_bytes(paths[name], largest)
        except FileNotFoundError:
            paths.update(self._files())
            return _first_bytes(paths[name], largest)

    def _unreadable(self, error: OSError) -> MailboxError:
        return MailboxError(f"{self.name}: can't be read: {error.strerror}")


def _first_bytes(path: Path, most: int) -> bytes:
    with files.open_plain(path) as file:
        return file.read(most)
