"""The record of readers who left: whoever stands in it gets nothing, whatever list is imported afterwards.

`.briefing/suppressions.csv` begins with `token,date,reason`; below, each reader has a line. The token is a keyed
digest, the one in their unsubscribe address: without the newsletter's key nobody can tell whose it is.

- Lines are only ever added: under a lock of the file, and flushed to disk before `add` returns.
- A last line that a power cut tore is left out, and cut off when the next is added. One that lacks nothing but its
  end counts: an editor may have left it so.
- Any other line that isn't one makes the file unusable: to leave it out would be to mail somebody who left.
"""

import contextlib
import csv
import datetime as dt
import errno
import fcntl
import io
import os
import re
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from briefing import files
from briefing.errors import BriefingError, FileError, RefusedError, display_path
from briefing.keys import Key
from briefing.newsletter import Newsletter
from briefing.subscribers.subscriber import clean

FILE = "suppressions.csv"
HEADING = b"token,date,reason\n"
TOKEN = re.compile(r"[0-9a-f]{30}")
LONGEST_REASON = 100

_LINE = re.compile(rf'({TOKEN.pattern}),([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}),(?:[^\0-\x1f",]*|"(?:[^\0-\x1f"]|"")*")')

_Stamp = tuple[int, int, int, int]


def token_of(key: Key, identity: str) -> str:
    """The token by which the reader of this identity leaves: the same in every issue, and safe in any address."""
    return key.name("unsubscribe", identity)


class Suppression:
    """The tokens of those who left, as the file had them when it was last looked at."""

    def __init__(self, path: Path) -> None:
        """Read the file, if there is one. Raises what `refresh` does."""
        self.path = path
        self._tokens: set[str] = set()
        self._whole = HEADING
        """What was read, to the end of the last whole line."""
        self._stamp: _Stamp | None = None
        """What the file looked like from outside; None before there is one."""
        self.refresh()

    @classmethod
    def of(cls, newsletter: Newsletter) -> "Suppression":
        """The newsletter's own. Raises what `refresh` does."""
        return cls(newsletter.state / FILE)

    def __contains__(self, token: object) -> bool:
        return token in self._tokens

    def __len__(self) -> int:
        return len(self._tokens)

    def refresh(self) -> None:
        """Read what was written since; one look at the folder where nothing was.

        Raises FileError if the file can't be read, has a line that is none, or is gone, and RefusedError if it is a
        link. What was known before is still known then.
        """
        stamp = self._look()
        if stamp == self._stamp:
            return
        if stamp is None:
            raise FileError(self.path, "was here and is gone; bring it back, or readers who left would get mail")
        with self._opened(os.O_RDONLY) as file:
            self._read(file)

    def add(self, tokens: Iterable[str], reason: str, on: dt.date) -> int:
        """Write down those who aren't known yet, all or none; return how many they were.

        `reason` is a word or two (`left`, `asked`, `bounced`) on one line. Raises RefusedError if it holds an address,
        what `refresh` does, and BriefingError if the file can't be written; then nothing was.
        """
        wanted = dict.fromkeys(tokens)
        if not all(map(TOKEN.fullmatch, wanted)):
            raise ValueError("a token is 30 hexadecimal digits, in small letters")
        if "@" in reason:
            raise RefusedError("the reason holds an @; leave addresses out of it, since the record holds none")
        self.refresh()
        with self._locked() as file:
            end, joint = self._read(file)
            new = [token for token in wanted if token not in self._tokens]
            if new:
                self._write(file, end, joint + _lines(new, reason, on))
                self._read(file)
        return len(new)

    def _look(self) -> _Stamp | None:
        try:
            found = self.path.lstat()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._unreadable(error) from error
        if stat.S_ISLNK(found.st_mode):
            raise self._is_link()
        if not stat.S_ISREG(found.st_mode):
            raise FileError(self.path, "is no file; move it away, and bring the file back from a backup")
        return _stamp(found)

    def _read(self, file: io.FileIO) -> tuple[int, bytes]:
        """Take in what is new in the file; return where the next line goes, and what has to stand before it."""
        stamp = _stamp(os.fstat(file.fileno()))  # first: what is written meanwhile shows at the next look
        file.seek(0)
        data = file.readall()
        if not data.startswith(HEADING):
            message = f"must begin with {HEADING.decode().strip()}; bring the file back from a backup"
            raise FileError(self.path, message, line=1)
        whole = data[: data.rindex(b"\n") + 1]
        grown = whole.startswith(self._whole)
        known = self._whole if grown else HEADING
        tokens = set()
        for number, line in enumerate(whole[len(known) :].split(b"\n")[:-1], known.count(b"\n") + 1):
            token = _token(line)
            if not token:
                message = (
                    "is no token, date and reason; mend the line, or bring the file back from a backup: "
                    "somebody who left could get mail"
                )
                raise FileError(self.path, message, line=number)
            tokens.add(token)
        last = _token(data[len(whole) :])
        if last:
            tokens.add(last)
        self._tokens = self._tokens | tokens if grown else tokens
        self._whole, self._stamp = whole, stamp
        return (len(data), b"\n") if last else (len(whole), b"")

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
                file.truncate(end)
            message = f"{display_path(self.path)}: can't be written: {error.strerror}; nothing was changed"
            raise BriefingError(message) from error

    @contextlib.contextmanager
    def _locked(self) -> Iterator[io.FileIO]:
        """The file, made if it is missing, which nobody else adds to meanwhile."""
        files.make_private_folder(self.path.parent)
        while True:
            if not os.path.lexists(self.path):
                with contextlib.suppress(FileExistsError):  # made at the same moment by another process
                    files.create(self.path, HEADING, mode=files.PRIVATE_FILE)
            with self._opened(os.O_RDWR) as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                if _stamp(os.fstat(file.fileno())) == self._look():  # else another one was put in its place
                    os.fchmod(file.fileno(), files.PRIVATE_FILE)
                    yield file
                    return

    @contextlib.contextmanager
    def _opened(self, flags: int) -> Iterator[io.FileIO]:
        try:
            descriptor = os.open(self.path, flags | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError as error:
            raise (self._is_link() if error.errno == errno.ELOOP else self._unreadable(error)) from error
        with io.FileIO(descriptor, "r+" if flags & os.O_RDWR else "r") as file:
            yield file

    def _is_link(self) -> RefusedError:
        return RefusedError(f"{display_path(self.path)} is a link to somewhere else; put the file itself in its place")

    def _unreadable(self, error: OSError) -> FileError:
        return FileError(self.path, f"can't be read ({error.strerror}); is it yours to read?")


def _stamp(found: os.stat_result) -> _Stamp:
    return found.st_mtime_ns, found.st_size, found.st_ino, found.st_dev


def _token(line: bytes) -> str:
    """The token of a line without its end; empty if the line is none."""
    try:
        match = _LINE.fullmatch(line.decode())
        if match:
            dt.date.fromisoformat(match[2])
    except ValueError:  # no UTF-8, or no day of the calendar
        return ""
    return match[1] if match else ""


def _lines(tokens: Iterable[str], reason: str, on: dt.date) -> bytes:
    text = io.StringIO(newline="")
    words = clean(reason)[:LONGEST_REASON].rstrip()
    csv.writer(text, lineterminator="\n").writerows((token, on.isoformat(), words) for token in tokens)
    return text.getvalue().encode()
