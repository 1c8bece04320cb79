"""Schedule a send, or recall it before it goes out, through a provider that can do both."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from briefing.clock import Now, utc_now
from briefing.errors import RefusedError
from briefing.issue import receipt
from briefing.newsletter import Newsletter

from .ledger import receipts, send_lock
from .ledger.ledger import Ledger
from .ledger.schema import GONE, Schedule, State

if TYPE_CHECKING:
    from briefing.sending.transports.base import SchedulingTransport

LOCK_PATIENCE = 120.0
"""Seconds to wait for a running send, which ends at its next claim."""

_CLOCK = re.compile(r"(\d{1,2}):(\d\d)")


def parse(text: str, now: dt.datetime, furthest: dt.timedelta) -> dt.datetime:
    """Return the time written as `08:00` (today), `2026-11-27 08:00`, or with an offset, as a time
    with an offset.

    Without an offset it is this computer's local time. Raises RefusedError for other text, for a
    time in the past, and for one further ahead than `furthest`.
    """
    try:
        at = _read(text.strip(), now).astimezone()
    except ValueError:
        raise RefusedError(
            f"'{text}' isn't a time; write '18:30' for today, or '2026-11-27 08:00'"
        ) from None
    if at <= now:
        raise RefusedError(
            f"{format_time(at)} has passed; choose a later time, or leave out --at to send now"
        )
    if at > now + furthest:
        hours = furthest // dt.timedelta(hours=1)
        raise RefusedError(
            f"{format_time(at)} is more than {hours} hours ahead, the provider's limit; "
            "choose an earlier time, or run this again nearer to it"
        )
    return at


def _read(text: str, now: dt.datetime) -> dt.datetime:
    """Return the time in a text, as `parse` describes it. Raises ValueError."""
    if clock := _CLOCK.fullmatch(text):
        return now.astimezone().replace(
            hour=int(clock[1]),
            minute=int(clock[2]),
            second=0,
            microsecond=0,
        )
    day, time = re.split("[T ]", text, maxsplit=1)
    return dt.datetime.fromisoformat(f"{day}T{time}")


def format_time(at: dt.datetime) -> str:
    """Return a time for people: in local time, with UTC in brackets where that differs."""
    local = at.astimezone()
    shown = f"{local:%Y-%m-%d %H:%M} {local.tzname()}"
    if local.tzname() == "UTC":
        return shown
    utc = at.astimezone(dt.UTC)
    day = "" if local.date() == utc.date() else f"{utc:%Y-%m-%d} "
    return f"{shown} ({day}{utc:%H:%M} UTC)"


def find_pending(
    schedules: Iterable[Schedule], now: dt.datetime
) -> Schedule | None:
    """Return the schedule that hasn't gone out yet and wasn't recalled; None if there is none."""
    for schedule in schedules:
        if not schedule.recalled and schedule.at > now:
            return schedule
    return None


def book(
    ledger: Ledger,
    issue: str,
    transport: "SchedulingTransport",
    at: dt.datetime,
    now: dt.datetime,
) -> Schedule:
    """Set the transport's schedule: the pending one, or a new one, recorded before its first
    request.
    """
    schedule = find_pending(ledger.schedules(issue), now)
    if schedule is None:
        schedule = ledger.add_schedule(
            issue, transport.new_batch(), int(at.timestamp())
        )
    transport.schedule = schedule
    return schedule


@dataclass(frozen=True)
class Recall:
    """The outcome of a recall, in emails."""

    recalled: int = 0
    uncertain: int = 0
    """Emails recalled so late that the provider doesn't promise to hold them back."""


def recall(
    newsletter: Newsletter,
    ledger: Ledger,
    issue: str,
    connect: Callable[[], "SchedulingTransport"],
    *,
    margin: dt.timedelta,
    now: Now = utc_now,
) -> Recall:
    """Cancel the scheduled emails of an issue, and end a send that is still scheduling more.

    `connect` makes the provider's transport, once there is something to cancel. `margin`: how long
    before its time the provider still promises to cancel an email. Raises RefusedError if nothing can
    be recalled, TransportError if the provider doesn't confirm it; repeating the recall is safe.
    """
    schedules = _recallable(issue, ledger.schedules(issue), now())
    transport = connect()
    for schedule in schedules:
        # First, so that a running send claims nothing more.
        ledger.stop_claims(schedule)
        transport.cancel(schedule.batch)
    settled: Counter[State] = Counter()
    with send_lock.hold(newsletter, patience=LOCK_PATIENCE):
        for schedule in schedules:
            is_in_time = schedule.at - now() >= margin
            state = State.RECALLED if is_in_time else State.UNCERTAIN
            settled[state] += ledger.settle_recall(issue, schedule, state)
        _update_receipt(newsletter.issues / issue, ledger, transport.name)
    return Recall(settled[State.RECALLED], settled[State.UNCERTAIN])


def _recallable(
    issue: str,
    schedules: Sequence[Schedule],
    now: dt.datetime,
) -> list[Schedule]:
    """Return the schedules that haven't gone out, or whose recall was interrupted. Raises
    RefusedError if none.
    """
    if not schedules:
        raise RefusedError(
            f"issue {issue} isn't scheduled; emails that were sent immediately can't be recalled"
        )
    recallable = [
        schedule
        for schedule in schedules
        if schedule.at > now or schedule.recall_unfinished
    ]
    if not recallable:
        raise RefusedError(
            f"issue {issue} went out at {format_time(schedules[-1].at)}; it can no longer be recalled"
        )
    return recallable


def _update_receipt(folder: Path, ledger: Ledger, via: str) -> None:
    """Write the receipt again; delete it if no reader has the issue, so that it may be edited."""
    counts = ledger.counts(folder.name)
    if any(counts[state] for state in GONE):
        receipts.write(folder, ledger, via, counts)
    else:
        (folder / receipt.FILE).unlink(missing_ok=True)
