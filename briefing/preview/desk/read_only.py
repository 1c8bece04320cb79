"""Whether an issue may still be edited: what was sent or scheduled stays as its readers get it."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from briefing.errors import BriefingError
from briefing.issue import receipt
from briefing.keys import Key
from briefing.newsletter import Newsletter
from briefing.sending.ledger import records


class Why(StrEnum):
    """Why an issue can't be edited."""

    SENT = "sent"
    SCHEDULED = "scheduled"
    ASKED_FOR = "asked-for"
    """The preview was started with --read-only."""


@dataclass(frozen=True, slots=True)
class ReadOnly:
    """Why an issue can't be edited, and the way on."""

    why: Why
    message: str
    command: str = ""
    """What to type in the terminal, if that is the way on."""


ASKED_FOR = ReadOnly(
    Why.ASKED_FOR,
    "This preview was started with --read-only, so nothing can be changed here.",
)


def reason(
    newsletter: Newsletter, folder: Path, now: dt.datetime
) -> ReadOnly | None:
    """Return why the issue in a folder can't be edited; None if it can."""
    found = _reason_in_ledger(newsletter, folder, now)
    if found is None and _has_receipt(folder):
        return _sent(folder.name)
    return found


def _has_receipt(folder: Path) -> bool:
    return (folder / receipt.FILE).exists()


def _reason_in_ledger(
    newsletter: Newsletter, folder: Path, now: dt.datetime
) -> ReadOnly | None:
    if not records.ledger_path(newsletter, rehearsal=False).exists():
        return None
    # Slow to import; before the first send, there is no ledger.
    from briefing.sending import schedule  # noqa: PLC0415
    from briefing.sending.ledger.schema import GONE  # noqa: PLC0415

    issue = folder.name
    try:
        with records.open_ledger(
            newsletter, Key.of(newsletter), rehearsal=False
        ) as opened:
            pending = schedule.find_pending(opened.schedules(issue), now)
            # Counting all readers is slow, and with a receipt it decides nothing.
            counts = {} if _has_receipt(folder) else opened.counts(issue)
    except BriefingError:
        # Whatever is wrong with the ledger, the receipt says whether anyone has the issue.
        return None
    if pending:
        time = schedule.format_time(pending.at)
        return _scheduled(issue, time)
    is_gone = any(counts.get(state) for state in GONE)
    return _sent(issue) if is_gone else None


def _scheduled(issue: str, time: str) -> ReadOnly:
    message = f"Issue {issue} is scheduled for {time}. To edit it, recall it first in a terminal."
    return ReadOnly(Why.SCHEDULED, message, f"briefing recall {issue}")


def _sent(issue: str) -> ReadOnly:
    message = (
        f"Issue {issue} was sent, so it stays as its readers got it. To correct an error, start a "
        f"correction: a new issue with ‘corrects: {issue}’ below its title."
    )
    return ReadOnly(Why.SENT, message)
