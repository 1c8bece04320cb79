"""Which token a reader has since their address changed.

A token is a digest of the address, so a reader with another address has another one. The links in
their old emails must keep working: `.briefing/moves.csv` begins with `old,new,date` and has a line for
each change, with tokens only. A line whose two tokens are the same says that the address belongs to a
new reader, not to the one who moved away from it.

Only an undo takes lines back. Any malformed line makes the file unusable: if it were skipped, a reader who
leaves by an old link might keep getting emails.
"""

import datetime as dt
import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from briefing.errors import FileError
from briefing.newsletter import Newsletter
from briefing.storage import files

from .suppression import TOKEN

FILE = "moves.csv"
HEADING = "old,new,date"

_LINE = re.compile(
    rf"({TOKEN.pattern}),({TOKEN.pattern}),([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})"
)


class TokenMove(NamedTuple):
    """A reader's token before and after a change of their address."""

    old: str
    new: str


class Moves:
    """All changes of address, as they were in the file when it was last read."""

    def __init__(self, path: Path) -> None:
        """Read the file if it exists. Raises what `refresh` does."""
        self.path = path
        self._text = ""
        self._current: dict[str, str] = {}
        """The token that a reader has now, by each that they ever had."""
        self.all: list[TokenMove] = []
        """Every change, in the order of the file."""
        self.refresh()

    @classmethod
    def of(cls, newsletter: Newsletter) -> "Moves":
        """Open the newsletter's own record. Raises what `refresh` does."""
        return cls(newsletter.state / FILE)

    def current(self, token: str) -> str:
        """Return the token that the reader with this one has now: the same, unless they moved."""
        return self._current.get(token, token)

    def tokens_of(self, token: str) -> list[str]:
        """Return every token that the reader with this one ever had, and the one that they have now."""
        now = self.current(token)
        others = [old for old, new in self._current.items() if new == now]
        return list(dict.fromkeys([now, token, *others]))

    def current_tokens(self) -> dict[str, str]:
        """Return the tokens that readers have now, by those that they had before."""
        return dict(self._current)

    def refresh(self) -> None:
        """Read the file again. Raises FileError if it can't be read or has a malformed line."""
        text = self._read()
        if text == self._text:
            return
        self._current = {}
        self.all = []
        for number, line in enumerate(text.splitlines()[1:], 2):
            match = _LINE.fullmatch(line)
            if not match:
                raise FileError(
                    self.path,
                    "isn't two tokens and a date; restore the file from a backup",
                    line=number,
                )
            self._follow(TokenMove(match[1], match[2]))
        self._text = text

    def add(self, moves: Iterable[TokenMove], on: dt.date) -> None:
        """Record changes of address, all or none; those that are known already aren't repeated.

        Hold the list's lock, since the file is written as a whole. Raises what `refresh` does, and
        BriefingError if it can't be written.
        """
        self.refresh()
        lines: list[str] = []
        for move in moves:
            if not self._is_known(move):
                self._follow(move)
                lines.append(f"{move.old},{move.new},{on.isoformat()}\n")
        if lines:
            text = (self._text or f"{HEADING}\n") + "".join(lines)
            files.write_private(self.path, text.encode())
            self._text = text

    def _is_known(self, move: TokenMove) -> bool:
        if move.old == move.new:
            return move.old not in self._current
        was_current = self._current.get(move.old) == move.new
        return was_current and move.new not in self._current

    def _follow(self, move: TokenMove) -> None:
        self.all.append(move)
        if move.old == move.new:
            self._current.pop(move.old, None)
            return
        for earlier, now in self._current.items():
            if now == move.old:
                self._current[earlier] = move.new
        self._current[move.old] = move.new
        # It belonged to another reader before, or to this one.
        self._current.pop(move.new, None)

    def _read(self) -> str:
        try:
            text = files.read(self.path).decode("ascii")
        except FileNotFoundError:
            return ""
        except (OSError, UnicodeDecodeError):
            text = "unreadable"
        if not text.startswith(f"{HEADING}\n") or not text.endswith("\n"):
            raise FileError(
                self.path,
                f"can't be read as lines of {HEADING}; restore the file from a backup",
            )
        return text
