"""An mbox: a file with all emails, each below a line that begins with "From " (RFC 4155)."""

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from briefing.errors import MailboxError
from briefing.storage import files

from .base import LARGEST, StoredMail, unread
from .position import Position

_SEPARATOR = b"From "
_LONGEST_LINE = 64 * 1024
"""Bytes that are read at once; a longer line comes in pieces."""


class Mbox:
    """An mbox, as far as it is filled when it is opened: another program may be adding to it."""

    validity = 0

    def __init__(self, path: Path, name: str) -> None:
        """`name` is for messages. Raises MailboxError if the file can't be read."""
        self.name = name
        try:
            self._file = files.open_plain(path)
        except OSError as error:
            raise MailboxError(
                f"{name}: can't be read: {error.strerror}"
            ) from None
        try:
            self._size = _size_between_writes(self._file)
        except (BlockingIOError, PermissionError):
            self._file.close()
            raise MailboxError(
                f"{name}: another program is writing to it; try again"
            ) from None
        except OSError as error:
            self._file.close()
            raise MailboxError(
                f"{name}: can't be locked ({error.strerror}), so another program could write to it at the same time; "
                "keep it on this computer's own disk"
            ) from None

    def count(self, position: Position) -> int:
        """Return how many emails there are, minus those that were read."""
        mails = sum(begins_mail for _, begins_mail in self._lines())
        return max(0, mails - len(position.digests))

    def after(
        self, position: Position, largest: int = LARGEST
    ) -> Iterator[StoredMail]:
        """Yield the emails that weren't read yet, in the order of the file. Raises MailboxError."""
        yield from unread(self._mails(largest), position)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _mails(self, largest: int) -> Iterator[bytes]:
        """Yield the first bytes of each email."""
        kept: list[bytes] = []
        size = 0
        for line, begins_mail in self._lines():
            if begins_mail:
                yield b"".join(kept)
                kept = []
                size = 0
            elif size < largest:
                kept.append(line[: largest - size])
                size += len(kept[-1])
        yield b"".join(kept)

    def _lines(self) -> Iterator[tuple[bytes, bool]]:
        """Yield each line, or the next piece of a long one, and whether it separates an email from the one
        before: it begins with the separator, at the top of the file or below an empty line.
        """
        self._file.seek(0)
        left = self._size
        is_below_empty = True
        is_whole = True
        while left > 0:
            data = self._read_line(min(left, _LONGEST_LINE))
            left -= len(data)
            begins = is_whole and is_below_empty and data.startswith(_SEPARATOR)
            yield data, begins
            is_below_empty = is_whole and not data.strip()
            is_whole = data.endswith(b"\n")

    def _read_line(self, most: int) -> bytes:
        try:
            data = self._file.readline(most)
        except OSError as error:
            raise MailboxError(
                f"{self.name}: can't be read: {error.strerror}"
            ) from None
        if not data:
            raise MailboxError(
                f"{self.name}: was changed by another program in the meantime; try again"
            )
        return data


def _size_between_writes(file: BinaryIO) -> int:
    """Return the size of a file at a moment when no program adds an email to it.

    Raises BlockingIOError or, on some systems, PermissionError if one does, and another OSError where
    files can't be locked, as in some network folders.
    """
    fcntl.lockf(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    size = os.fstat(file.fileno()).st_size
    fcntl.lockf(file, fcntl.LOCK_UN)
    return size
