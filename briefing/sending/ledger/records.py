"""The records of sends in a newsletter's private folder."""

from pathlib import Path
from typing import TYPE_CHECKING

from briefing.keys import Key
from briefing.newsletter import Newsletter

if TYPE_CHECKING:
    from .ledger import Ledger

LEDGER = "ledger.sqlite"


def ledger_path(newsletter: Newsletter) -> Path:
    """Return the path of the record of what left this computer."""
    return newsletter.state / LEDGER


def open_ledger(newsletter: Newsletter, key: Key) -> "Ledger":
    """Open the ledger, or create it. Raises LedgerError."""
    # Slow to import, and not needed just to ask whether there is a ledger.
    from .ledger import Ledger  # noqa: PLC0415

    return Ledger(ledger_path(newsletter), key)
