"""Read and write sent.json, which records how many emails of an issue were sent. It is kept with the
issue, in git, so that every colleague has it.

It backs up the ledger: an issue with a receipt is never sent from a ledger that has no record of
it. It contains numbers and hashes, no names.
"""

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from briefing.errors import FileError, RefusedError
from briefing.storage import files, json_file

FILE = "sent.json"
NO_RECEIPT = "isn't a valid receipt of a send; restore it from git or a backup"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """How many emails of an issue were sent, and in which editions."""

    issue: str
    frozen_at: str
    """When recipients and editions were fixed: ISO 8601 with an offset."""
    via: str
    """The last transport used."""
    ledger: str
    """The name of the ledger that records who got it."""
    editions: Mapping[str, str]
    """SHA-256 of each edition and its sender, by language."""
    readers: int
    claimed: int
    """The least number of emails that were claimed. It never decreases."""
    accepted: int
    left: int
    """How many readers haven't got their email yet."""


def read(folder: Path) -> Receipt | None:
    """Return the receipt of the issue in a folder; None if nothing was sent. Raises FileError if it
    can't be read.
    """
    return json_file.read(folder / FILE, _build, NO_RECEIPT)


def _build(given: Any) -> Receipt:
    # Until version 4 of the ledger, a corrected issue had several versions.
    values = {
        name: value for name, value in given.items() if name != "versions"
    }
    receipt = Receipt(**values)
    numbers = (receipt.readers, receipt.claimed, receipt.accepted, receipt.left)
    are_numbers = set(map(type, numbers)) == {int}
    if not are_numbers or not isinstance(receipt.editions, dict):
        raise ValueError("a value is missing")
    return receipt


def write(folder: Path, receipt: Receipt) -> None:
    """Write a receipt in one step, durably. Raises BriefingError."""
    values = dataclasses.asdict(receipt)
    text = json.dumps(values, indent=1, ensure_ascii=False)
    files.write_atomically(folder / FILE, f"{text}\n".encode())


def refuse_sent(folder: Path) -> None:
    """Raise RefusedError if any email of the issue was sent: it must stay as readers got it."""
    if (folder / FILE).exists():
        raise RefusedError(
            f"issue {folder.name} was already sent; use another --date, or --slug for a second issue on the same day"
        )


def is_sent(folder: Path) -> bool:
    """Tell by its receipt whether an issue was sent to everyone; an unreadable receipt counts as
    sent.
    """
    try:
        receipt = read(folder)
    except FileError:
        return True
    return receipt is not None and not receipt.left
