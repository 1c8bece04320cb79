"""The receipt of an issue, as its ledger has it now."""

from collections.abc import Mapping
from pathlib import Path

from briefing.issue import receipt
from briefing.issue.receipt import Receipt

from .ledger import Ledger
from .schema import State

OWED = (State.QUEUED, State.DEFERRED, State.SENDING, State.RECALLED)
"""States of readers who still get the issue, as a receipt counts them."""


def write(
    folder: Path, ledger: Ledger, via: str, counts: Mapping[State, int]
) -> None:
    """Write the receipt of the frozen issue in a folder; `counts` are its readers by state. Raises
    BriefingError.
    """
    issue = folder.name
    frozen = ledger.frozen(issue)
    assert frozen, "an issue is frozen before it is sent"
    receipt.write(
        folder,
        Receipt(
            issue=issue,
            frozen_at=frozen.at.isoformat(),
            via=via,
            ledger=ledger.name,
            editions=frozen.digests,
            versions=frozen.versions,
            readers=sum(counts.values()),
            claimed=frozen.claimed,
            accepted=counts[State.ACCEPTED],
            left=sum(counts[state] for state in OWED),
        ),
    )


def renew(folder: Path, ledger: Ledger) -> None:
    """Write the receipt of an issue again, if it has one of this ledger. Raises BriefingError."""
    before = receipt.read(folder)
    if before and before.ledger == ledger.name:
        write(folder, ledger, before.via, ledger.counts(folder.name))
