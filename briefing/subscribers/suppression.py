"""The record of readers who unsubscribed. They get no emails, whatever list is used later.

`.briefing/suppressions.csv` begins with `token,date,reason` and has a line for each reader. The
token is a keyed digest, the same as in the reader's unsubscribe link: without the newsletter's key
no one can tell whose it is.

- Lines are added under a lock of the file, and flushed to disk before `add` returns. Only an undo takes lines back.
- A later line of the same token with the reason `restored` cancels an earlier one.
- A last line that a power cut tore is ignored, and cut off when the next one is added. A last line that lacks only its
  line end counts: an editor may have left it so.
- Any other malformed line makes the file unusable: skipping it could mean mailing a reader who unsubscribed.
"""

import contextlib
import csv
import datetime as dt
import fcntl
import io
import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from briefing.errors import BriefingError, FileError, RefusedError, display_path
from briefing.keys import Key
from briefing.newsletter import Newsletter
from briefing.storage import files

from .subscriber import clean

FILE = "suppressions.csv"
HEADING = b"token,date,reason\n"
TOKEN = re.compile(r"[0-9a-f]{30}")
LONGEST_REASON = 100
RESTORED = "restored"
"""The reason on a line that cancels a removal."""

_PURPOSE = "unsubscribe"
_LINE = re.compile(
    rf'({TOKEN.pattern}),([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}),([^\0-\x1f",]*|"(?:[^\0-\x1f"]|"")*")'
)
_COMPLAINT = re.compile("complain|spam|abuse", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Removal:
    """When and why a reader was unsubscribed."""

    date: str
    """In ISO 8601."""
    reason: str

    @property
    def is_complaint(self) -> bool:
        """Whether the reader reported the email as spam."""
        return _COMPLAINT.search(self.reason) is not None


_Stamp = tuple[int, int, int, int]


def token_of(key: Key, identity: str) -> str:
    """Return the token with which a reader unsubscribes: the same in every issue, and safe in any
    address.
    """
    return key.name(_PURPOSE, identity)


def token_maker(key: Key) -> Callable[[str], str]:
    """Return a function like `token_of` with this key, which is faster for many readers."""
    return key.namer(_PURPOSE)


class Suppression:
    """The tokens of readers who unsubscribed, as they were in the file when it was last read."""

    def __init__(self, path: Path) -> None:
        """Read the file if it exists. Raises what `refresh` does."""
        self.path = path
        self._removals: Mapping[str, Removal] = {}
        self._restored: Mapping[str, str] = {}
        """When readers were last restored, in ISO 8601."""
        self._whole = HEADING
        """What was read, up to the end of the last complete line."""
        self._stamp: _Stamp | None = None
        """Identifies the state of the file when it was read; None if there was no file."""
        self.refresh()

    @classmethod
    def of(cls, newsletter: Newsletter) -> "Suppression":
        """Open the newsletter's own record. Raises what `refresh` does."""
        return cls(newsletter.state / FILE)

    def __contains__(self, token: object) -> bool:
        return token in self._removals

    def __len__(self) -> int:
        return len(self._removals)

    def find(self, token: str) -> Removal | None:
        """Return when and why a reader was unsubscribed; None if they aren't."""
        return self._removals.get(token)

    def since(self, day: str) -> dict[str, Removal]:
        """Return who was unsubscribed on a day, in ISO 8601, or later, by token."""
        return {
            token: removal
            for token, removal in self._removals.items()
            if removal.date >= day
        }

    def restored_on(self, token: str) -> str:
        """Return the day on which a reader was last restored, in ISO 8601; empty: never."""
        return self._restored.get(token, "")

    def refresh(self) -> None:
        """Read lines added since the last call. If there are none, it takes only one stat call.

        Raises FileError if the file can't be read, is a link, has a malformed line or has disappeared;
        what was known before is kept.
        """
        stamp = self._current_stamp()
        if stamp == self._stamp:
            return
        if stamp is None:
            raise FileError(
                self.path,
                "is missing; restore it from a backup, or readers who unsubscribed would get emails again",
            )
        with self._opened("r") as file:
            self._read(file)

    def add(self, tokens: Iterable[str], reason: str, on: dt.date) -> int:
        """Record the readers who aren't in the record yet, all or none; return their number.

        `reason` is a word or two (`left`, `asked`, `bounced`) on one line. Raises RefusedError if
        it contains an address or begins with `restored`, what `refresh` does, and BriefingError if
        the file can't be written; then it is unchanged.
        """
        if "@" in reason:
            raise RefusedError(
                "the reason contains an @; leave out addresses, because they don't belong in this record"
            )
        # Nor may the reason begin with this word: a power cut could tear the rest of it off.
        if clean(reason).startswith(RESTORED):
            raise RefusedError(
                f"a reason can't begin with '{RESTORED}', which marks a restored reader; use other words"
            )
        return self._append(tokens, reason, on)

    def restore(self, tokens: Iterable[str], on: dt.date) -> int:
        """Cancel the removals of these readers, all or none; return how many there were. Raises
        what `add` does.
        """
        return self._append(tokens, RESTORED, on)

    def put_back(self, before: bytes, after: str) -> None:
        """Replace the lines up to those that had the SHA-256 `after` by `before`, what the file contained earlier.
        Lines that were added since stay. Raises RefusedError if they were edited, and what `add` does.
        """
        with self._locked() as file:
            file.seek(0)
            data = file.readall()
            earlier = before or HEADING
            end = _end_of(data, after)
            if end is None and data.startswith(earlier):
                return  # it was put back before
            if end is None:
                raise RefusedError(
                    f"{display_path(self.path)} was edited in the meantime; restore it from a backup"
                )
            files.write_atomically(
                self.path, earlier + data[end:], mode=files.PRIVATE_FILE
            )
        self.refresh()

    def _append(self, tokens: Iterable[str], reason: str, on: dt.date) -> int:
        """Add a line for each token about which it says something new; return how many readers were
        added or restored.
        """
        wanted = dict.fromkeys(tokens)
        if not all(map(TOKEN.fullmatch, wanted)):
            raise ValueError("a token is 30 hexadecimal digits in lower case")
        self.refresh()
        with self._locked() as file:
            end, joint = self._read(file)
            before = len(self)
            removal = Removal(on.isoformat(), reason)
            news = [token for token in wanted if self._is_news(token, removal)]
            if news:
                self._write(file, end, joint + _lines(news, reason, on))
                self._read(file)
        return abs(len(self) - before)

    def _is_news(self, token: str, removal: Removal) -> bool:
        known = self.find(token)
        if removal.reason == RESTORED:
            return known is not None
        if known is None:
            return True
        # A reader who reported an email as spam must not be restored as if they had only asked to leave.
        return removal.is_complaint and not known.is_complaint

    def _current_stamp(self) -> _Stamp | None:
        try:
            found = self.path.lstat()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._unreadable_error(error) from error
        if not stat.S_ISREG(found.st_mode):
            raise FileError(
                self.path,
                "is a link or a folder; put the file itself there, if need be from a backup",
            )
        return _stamp(found)

    def _read(self, file: io.FileIO) -> tuple[int, bytes]:
        """Read new lines; return the offset for the next one, and the line end that is missing
        before it.
        """
        # Taken before reading, so that lines added in the meantime are noticed next time.
        stamp = _stamp(os.fstat(file.fileno()))
        file.seek(0)
        data = file.readall()
        if not data.startswith(HEADING):
            message = f"must begin with {HEADING.decode().strip()}; restore the file from a backup"
            raise FileError(self.path, message, line=1)
        whole = data[: data.rindex(b"\n") + 1]
        known = self._whole
        removals = dict(self._removals)
        restored = dict(self._restored)
        if not whole.startswith(known):  # it was edited or replaced
            known = HEADING
            removals = {}
            restored = {}
        new_lines = self._parse(whole[len(known) :], known.count(b"\n") + 1)
        last = _entry(data[len(whole) :])
        for token, removal in chain(new_lines, [last] if last else ()):
            if removal.reason == RESTORED:
                removals.pop(token, None)
                restored[token] = removal.date
            else:
                removals[token] = removal
        self._removals, self._restored = removals, restored
        self._whole, self._stamp = whole, stamp
        return (len(data), b"\n") if last else (len(whole), b"")

    def _parse(self, lines: bytes, first: int) -> Iterator[tuple[str, Removal]]:
        """Yield what complete lines say; `first` is the number of the first line."""
        *whole, _after = lines.split(b"\n")
        for number, line in enumerate(whole, first):
            entry = _entry(line)
            if not entry:
                message = "isn't a token, a date and a reason; fix the line, or restore the file from a backup"
                raise FileError(self.path, message, line=number)
            yield entry

    def _write(self, file: io.FileIO, end: int, lines: bytes) -> None:
        try:
            file.truncate(end)
            file.seek(end)
            rest = lines
            while rest:
                rest = rest[file.write(rest) :]
            os.fsync(file.fileno())
        except OSError as error:
            with contextlib.suppress(OSError):
                # Otherwise a torn line would stay in front of the next one.
                file.truncate(end)
            message = f"{display_path(self.path)}: can't be written: {files.reason(error)}; nothing was changed"
            raise BriefingError(message) from error

    @contextlib.contextmanager
    def _locked(self) -> Iterator[io.FileIO]:
        """Yield the locked file, created if missing; until it is released, no one else can add to it."""
        files.make_private_folder(self.path.parent)
        while True:
            if not os.path.lexists(self.path):
                with contextlib.suppress(FileExistsError):
                    # Another process made it at the same moment.
                    files.create(self.path, HEADING, mode=files.PRIVATE_FILE)
            with self._opened("r+") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                stamp = _stamp(os.fstat(file.fileno()))
                if stamp == self._current_stamp():
                    # Otherwise it was replaced while we waited.
                    os.fchmod(file.fileno(), files.PRIVATE_FILE)
                    yield file
                    return

    @contextlib.contextmanager
    def _opened(self, mode: str) -> Iterator[io.FileIO]:
        access = os.O_RDWR if "+" in mode else os.O_RDONLY
        try:
            # A link could lead to a file that others can read or replace.
            descriptor = os.open(self.path, access | os.O_NOFOLLOW)
        except OSError as error:
            raise self._unreadable_error(error) from error
        with io.FileIO(descriptor, mode) as file:
            yield file

    def _unreadable_error(self, error: OSError) -> FileError:
        return FileError(
            self.path,
            f"can't be read ({error.strerror}); check its permissions",
        )


def _end_of(data: bytes, digest: str) -> int | None:
    """Return where the lines end that have a SHA-256; None if no beginning of the file has it."""
    ends = [match.end() for match in re.finditer(b"\n", data)]
    for end in (len(data), *reversed(ends)):  # mostly the last one
        if files.digest(data[:end]) == digest:
            return end
    return None


def _stamp(found: os.stat_result) -> _Stamp:
    return found.st_mtime_ns, found.st_size, found.st_ino, found.st_dev


def _entry(line: bytes) -> tuple[str, Removal] | None:
    """Return the token in a line (given without its end), with date and reason; None if the line is
    malformed.
    """
    try:
        match = _LINE.fullmatch(line.decode())
        if match:
            dt.date.fromisoformat(match[2])
    except ValueError:  # not UTF-8, or no such day
        return None
    if not match:
        return None
    token, date, reason = match.groups()
    if reason.startswith('"'):
        reason = reason[1:-1].replace('""', '"')
    return token, Removal(date, reason)


def _lines(tokens: Iterable[str], reason: str, on: dt.date) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    words = clean(reason)[:LONGEST_REASON].rstrip()
    for token in tokens:
        writer.writerow((token, on.isoformat(), words))
    return text.getvalue().encode()
