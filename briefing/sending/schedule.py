"""Sending later, and calling it back; what SendGrid can do and a mail server can't."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Protocol

from briefing.errors import RefusedError
from briefing.issue import receipt
from briefing.newsletter import Newsletter
from briefing.sending.ledger import Ledger
from briefing.sending.lock import lock
from briefing.sending.schema import GONE, Schedule, State

FURTHEST = dt.timedelta(hours=72)
"""SendGrid's own limit (mail/send, send_at)."""
SURE = dt.timedelta(minutes=10)
"""Later than this before its time, calling back isn't guaranteed (SendGrid, scheduled_sends)."""
LOCK_PATIENCE = 120.0
"""Seconds to wait for a send under way, which ends at its next claim."""

_CLOCK = re.compile(r"(\d{1,2}):(\d\d)")


class Scheduler(Protocol):
    """A transport that can send later (`transports.sendgrid.SendGrid`)."""

    schedule: Schedule | None

    def new_batch(self) -> str:
        """An id under which mails can be called back. Raises TransportError."""

    def cancel(self, batch: str) -> None:
        """Call back what has the id; twice as well. Raises TransportError unless it is known to be called back."""


def parse(text: str, now: dt.datetime) -> dt.datetime:
    """The time that a person means, with its offset: `08:00` (today), `2026-11-27 08:00`, or one with an offset.

    Without an offset it is this computer's local time. Raises RefusedError for one that is past or too far ahead.
    """
    clock = _CLOCK.fullmatch(text.strip())
    try:
        if clock:
            at = now.astimezone().replace(hour=int(clock[1]), minute=int(clock[2]), second=0, microsecond=0)
        else:
            day, time = re.split("[T ]", text.strip(), maxsplit=1)
            at = dt.datetime.fromisoformat(f"{day}T{time}")
    except ValueError:
        raise RefusedError(f"'{text}' is no time; write '18:30' for today, or '2026-11-27 08:00'") from None
    at = at.astimezone()
    if at <= now:
        raise RefusedError(f"{told(at)} has passed; give a time to come, or leave out --at to send now")
    if at > now + FURTHEST:
        raise RefusedError(f"{told(at)} is more than 72 hours ahead, SendGrid's limit; give the command nearer to it")
    return at


def told(at: dt.datetime) -> str:
    """A time as a person reads it, with the same in UTC beside."""
    local, utc = at.astimezone(), at.astimezone(dt.UTC)
    day = "" if local.date() == utc.date() else f"{utc:%Y-%m-%d} "
    return f"{local:%Y-%m-%d %H:%M} {local.tzname()} ({day}{utc:%H:%M} UTC)"


def time_of(schedule: Schedule) -> dt.datetime:
    """When a schedule goes out, in local time."""
    return dt.datetime.fromtimestamp(schedule.send_at, dt.UTC).astimezone()


def pending(ledger: Ledger, issue: str, now: dt.datetime) -> Schedule | None:
    """The schedule of an issue that hasn't gone out yet and wasn't called back."""
    coming = (one for one in ledger.schedules(issue) if not one.recalled and time_of(one) > now)
    return next(coming, None)


def book(ledger: Ledger, issue: str, scheduler: Scheduler, at: dt.datetime) -> Schedule:
    """The schedule of an issue for a time: the one that was begun, or a new one, noted before its first request."""
    begun = pending(ledger, issue, dt.datetime.now(dt.UTC))
    if begun is None:
        begun = ledger.schedule(issue, scheduler.new_batch(), int(at.timestamp()))
    scheduler.schedule = begun
    return begun


def recall(newsletter: Newsletter, ledger: Ledger, issue: str, connect: Callable[[], Scheduler]) -> tuple[int, int]:
    """Call back what is scheduled of an issue; how many mails are, and of how many it isn't sure.

    `connect` makes the scheduler once there is something to call back. A send that is under way ends. Raises
    RefusedError if there is nothing to call back, TransportError if SendGrid doesn't say that it is; then the same
    again may help.
    """
    now = dt.datetime.now(dt.UTC)
    schedules = ledger.schedules(issue)
    if not schedules:
        raise RefusedError(f"nothing of issue {issue} is scheduled; what was sent at once can't be called back")
    coming = [one for one in schedules if time_of(one) > now or (one.recalled and not one.settled)]
    if not coming:
        raise RefusedError(
            f"issue {issue} went out at {told(time_of(schedules[-1]))}; it can't be called back any more"
        )
    scheduler = connect()
    for schedule in coming:
        ledger.stop(schedule)  # first: a send that is under way claims nobody after this
        scheduler.cancel(schedule.batch)
    sure = unsure = 0
    with lock(newsletter, patience=LOCK_PATIENCE):
        for schedule in coming:
            if time_of(schedule) - dt.datetime.now(dt.UTC) >= SURE:
                sure += ledger.recall(issue, schedule, State.RECALLED)
            else:
                unsure += ledger.recall(issue, schedule, State.UNCERTAIN)
        counts = ledger.counts(issue)
        if not sum(counts[state] for state in GONE):
            (newsletter.issues / issue / receipt.FILE).unlink(missing_ok=True)  # nobody has it: it may be edited
    return sure, unsure
