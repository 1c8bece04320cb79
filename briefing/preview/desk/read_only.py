"""Whether an issue may still be edited: what was sent stays as its readers got it, and what waits to be sent as the
editor agreed to it.
"""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from briefing.errors import BriefingError
from briefing.issue import receipt
from briefing.keys import Key
from briefing.newsletter import Newsletter
from briefing.sending import waiting
from briefing.sending.ledger import records
from briefing.sending.waiting import Wait, WaitState


class Why(StrEnum):
    """Why an issue can't be edited."""

    SENT = "sent"
    WAITS = "waits"
    ASKED_FOR = "asked-for"
    """The preview was started with --read-only."""


@dataclass(frozen=True, slots=True)
class ReadOnly:
    """Why an issue can't be edited, and the way on."""

    why: Why
    message: str


ASKED_FOR = ReadOnly(
    Why.ASKED_FOR,
    "This preview was started with --read-only, so nothing can be changed here.",
)


def reason(newsletter: Newsletter, folder: Path) -> ReadOnly | None:
    """Return why the issue in a folder can't be edited; None if it can."""
    wait = waiting.find(newsletter, folder.name)
    if wait and wait.state is WaitState.WAITING:
        return _waits(wait)
    if (folder / receipt.FILE).exists() or _is_sent(newsletter, folder.name):
        return _sent(folder.name)
    return None


def _is_sent(newsletter: Newsletter, issue: str) -> bool:
    """Whether, by the ledger, a reader has the issue or may have it."""
    if not records.ledger_path(newsletter).exists():
        return False
    # Slow to import; before the first send, there is no ledger.
    from briefing.sending.ledger.schema import GONE  # noqa: PLC0415

    try:
        key = Key.of(newsletter)
        with records.open_ledger(newsletter, key) as opened:
            counts = opened.counts(issue)
    except BriefingError:
        # Whatever is wrong with the ledger, the receipt says whether anyone has the issue.
        return False
    return any(counts[state] for state in GONE)


def _waits(wait: Wait) -> ReadOnly:
    message = (
        f"Issue {wait.issue} waits to be sent at {waiting.format_time(wait.at)}. "
        "To edit it, press Ctrl-C in the terminal where it waits."
    )
    return ReadOnly(Why.WAITS, message)


def _sent(issue: str) -> ReadOnly:
    message = (
        f"Issue {issue} was sent, so it stays as its readers got it. To correct an error, start a "
        f"correction: a new issue with ‘corrects: {issue}’ below its title."
    )
    return ReadOnly(Why.SENT, message)
