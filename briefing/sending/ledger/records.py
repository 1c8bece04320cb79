"""The records of sends in a newsletter's private folder."""

from pathlib import Path
from typing import TYPE_CHECKING

from briefing.keys import Key
from briefing.newsletter import Newsletter

if TYPE_CHECKING:
    from .ledger import Ledger

LEDGER = "ledger.sqlite"
"""The record of what left this computer."""
REHEARSAL = "rehearsal.sqlite"
"""The record of the last rehearsal of each issue."""


def ledger_path(newsletter: Newsletter, *, rehearsal: bool) -> Path:
    """Return the path of the ledger; a rehearsal has a separate one."""
    return newsletter.state / (REHEARSAL if rehearsal else LEDGER)


def open_ledger(
    newsletter: Newsletter, key: Key, *, rehearsal: bool
) -> "Ledger":
    """Open the ledger, or create it. Raises LedgerError."""
    # Slow to import, and not needed just to ask whether there is a ledger.
    from .ledger import Ledger  # noqa: PLC0415

    return Ledger(ledger_path(newsletter, rehearsal=rehearsal), key)
