"""A Maildir: a folder with a file for each mail, below `new` and `cur`."""

import os
from collections.abc import Iterator
from pathlib import Path

from briefing.errors import MailboxError

from .base import LARGEST, ReceivedMail
from .identity import digest_of
from .local_file import open_plain
from .position import Position

FOLDERS = ("new", "cur")


class Maildir:
    """A Maildir. Programs move a mail from `new` to `cur`, and add to its name, when it is seen."""

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
        """Return how many mails there are, minus those that were read."""
        return max(0, len(self._files()) - len(position.digests))

    def after(
        self, position: Position, largest: int = LARGEST
    ) -> Iterator[ReceivedMail]:
        """Yield the mails that weren't read yet, the oldest first. Raises MailboxError."""
        read = set(position.digests)
        files = self._files()
        # A name begins with the second in which the mail arrived.
        for unique in sorted(files):
            data = self._data(unique, files, largest)
            digest = digest_of(data)
            if data and digest not in read:
                read.add(digest)
                yield ReceivedMail(digest, data)

    def close(self) -> None:
        """There is nothing to close."""

    def _files(self) -> dict[str, Path]:
        """Return each mail's file by the part of its name that stays."""
        files = {}
        for folder in FOLDERS:
            try:
                entries = list(os.scandir(self._path / folder))
            except OSError as error:
                raise self._unreadable(error) from None
            for entry in entries:
                if not entry.name.startswith("."):
                    files[entry.name.partition(":")[0]] = Path(entry.path)
        return files

    def _data(self, unique: str, files: dict[str, Path], largest: int) -> bytes:
        """Return the first bytes of a mail; none if it was deleted meanwhile. `files` are brought up to
        date if another program moved it.
        """
        try:
            try:
                return _first_bytes(files[unique], largest)
            except FileNotFoundError:
                files.update(self._files())
                return _first_bytes(files[unique], largest)
        except FileNotFoundError:
            return b""
        except OSError as error:
            raise self._unreadable(error) from None

    def _unreadable(self, error: OSError) -> MailboxError:
        return MailboxError(f"{self.name}: can't be read: {error.strerror}")


def _first_bytes(path: Path, most: int) -> bytes:
    with open_plain(path) as file:
        return file.read(most)
