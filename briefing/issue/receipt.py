"""sent.json: what was sent of an issue, beside it and in git, so that every colleague's machine knows.

It is the witness beside the ledger: an issue that has a receipt is never sent from a ledger that doesn't know of it.
It holds numbers and hashes, no names.
"""

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from briefing import files
from briefing.errors import FileError, RefusedError

FILE = "sent.json"
NO_RECEIPT = "can't be read as a receipt; bring it back from git or a backup"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """How far an issue has gone out."""

    issue: str
    frozen_at: str
    """ISO 8601 with offset: when recipients and editions were fixed."""
    via: str
    """The transport that was used last."""
    ledger: str
    """The name of the ledger that knows who got it."""
    editions: Mapping[str, str]
    """SHA-256 of each edition and its sender, by language."""
    readers: int
    claimed: int
    """Mails that were taken in hand, at least; only grows."""
    accepted: int
    left: int
    """Readers who have none yet, and still are to have one."""


def read(folder: Path) -> Receipt | None:
    """The receipt of the issue in `folder`; None if nothing was sent. Raises FileError for one that can't be read."""
    path = folder / FILE
    try:
        receipt = Receipt(**json.loads(path.read_bytes()))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError) as error:
        raise FileError(path, NO_RECEIPT) from error
    numbers = (receipt.readers, receipt.claimed, receipt.accepted, receipt.left)
    if not all(type(number) is int for number in numbers) or not isinstance(receipt.editions, dict):
        raise FileError(path, NO_RECEIPT)
    return receipt


def write(folder: Path, receipt: Receipt) -> None:
    """Write it in one step, durably. Raises BriefingError."""
    text = json.dumps(dataclasses.asdict(receipt), indent=1, ensure_ascii=False) + "\n"
    files.write_atomically(folder / FILE, text.encode())


def refuse_sent(folder: Path) -> None:
    """Raises RefusedError for an issue of which something was sent: what readers have must stay what it says."""
    if (folder / FILE).exists():
        raise RefusedError(
            f"issue {folder.name} was sent; choose another --date, or --slug for a second issue on that day"
        )


def is_sent(folder: Path) -> bool:
    """Whether an issue has gone out whole, as far as its receipt tells; one that can't be read counts."""
    try:
        receipt = read(folder)
    except FileError:
        return True
    return receipt is not None and not receipt.left
