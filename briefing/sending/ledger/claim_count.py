"""How many emails of an issue were claimed, in a file of its own next to the ledger.

SQLite silently drops all commits after a damaged part of the ledger's log, and a copy of the ledger
lacks those made since. The receipt is seconds old. This file is written after each commit and before
its emails go out, so a ledger that knows fewer claims has lost some.

It is written in place and never flushed: a power failure can lose only its newest state, so that it is
older than the ledger, never newer.
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from briefing.errors import BriefingError, FileError, display_path
from briefing.storage import files

FOLDER = "claims"
DIGITS = 12
_LINE = re.compile(rb"\d{%d}\n" % DIGITS)


@dataclass(frozen=True, slots=True)
class ClaimCount:
    """The count of one issue."""

    path: Path

    @classmethod
    def of(cls, state: Path, issue: str) -> "ClaimCount":
        """Return an issue's count in a newsletter's private folder."""
        return cls(state / FOLDER / issue)

    def read(self) -> int:
        """Return the count; 0 if there is none, or if a power failure left something else.

        Raises FileError.
        """
        try:
            text = files.read(self.path)
        except FileNotFoundError:
            return 0
        except OSError as error:
            raise FileError(
                self.path, f"can't be read ({error.strerror})"
            ) from error
        # What follows the line is older and longer: `write` doesn't cut it off.
        line = text[: DIGITS + 1]
        return int(line) if _LINE.fullmatch(line) else 0

    def write(self, claimed: int) -> None:
        """Write the count. Raises BriefingError."""
        data = f"{claimed:0{DIGITS}}\n".encode()
        try:
            descriptor = os.open(self.path, os.O_WRONLY | os.O_NOFOLLOW)
        except FileNotFoundError:
            files.make_private_folder(self.path.parent)
            files.create(self.path, data, mode=files.PRIVATE_FILE)
            return
        except OSError as error:
            raise self._unwritable(error) from error
        try:
            os.pwrite(descriptor, data, 0)
        except OSError as error:
            raise self._unwritable(error) from error
        finally:
            os.close(descriptor)

    def clear(self) -> None:
        """Forget the count, before the ledger forgets the issue."""
        self.path.unlink(missing_ok=True)

    def _unwritable(self, error: OSError) -> BriefingError:
        return BriefingError(
            f"{display_path(self.path)}: can't be written: {files.reason(error)}; the send was stopped. "
            "Once it can be written, run the same command again"
        )
