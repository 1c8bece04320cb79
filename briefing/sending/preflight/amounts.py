"""Count the emails that a send would hand over, from the request and the ledger. No I/O here."""

from collections.abc import Mapping
from dataclasses import dataclass

from briefing.sending.ledger.schema import OPEN, State

from .facts import Facts, IssueRecord, SendRequest


@dataclass(frozen=True, kw_only=True)
class Amounts:
    """What a send would do, in emails."""

    wanted: int
    """Readers on the list this send is for."""
    open: int
    """Those of them who would get an email now if there were no limits."""
    count: int
    """Emails that this send hands over."""
    joined: int
    """Readers who joined after the issue was frozen, and get nothing."""
    late: bool
    """Whether readers who joined after the issue was frozen get it as well."""
    restart: bool
    """Whether the issue is frozen again: it was changed and no reader has it, or this is another
    rehearsal.
    """
    corrected: bool
    """Whether it is frozen as another version for those who have none: it was changed, and readers
    have it.
    """


def calculate(
    request: SendRequest, facts: Facts, record: IssueRecord
) -> Amounts:
    """Count what a send would do."""
    first = record.frozen is None
    restart = not first and (request.rehearsal or can_refreeze(facts, record))
    late = request.late or first or restart
    wanted = sum(record.pending.values())
    now_open = (
        wanted
        if restart
        else count_open(record.pending, late=late, again=request.again)
    )
    return Amounts(
        wanted=wanted,
        open=now_open,
        count=_limited(now_open, request, facts.per_day, record.claimed_today),
        joined=0 if late else record.pending.get(None, 0),
        late=late,
        restart=restart,
        corrected=not restart and record.is_changed(facts.digests),
    )


def count_open(
    pending: Mapping[State | None, int],
    *,
    late: bool,
    again: frozenset[State] = frozenset(),
) -> int:
    """Return how many readers with these states (`IssueRecord.pending`) would get an email now.

    `late`: also those who weren't frozen with the issue. An email that is still `sending` was left by
    a process that died, and is about to become uncertain.
    """
    states = {*OPEN, *again}
    if State.UNCERTAIN in again:
        states.add(State.SENDING)
    count = sum(pending.get(state, 0) for state in states)
    return count + pending.get(None, 0) if late else count


def can_refreeze(facts: Facts, record: IssueRecord) -> bool:
    """Whether the issue was changed after it was frozen, and no reader has it."""
    return record.is_changed(facts.digests) and not record.readers_with_mail


def _limited(
    count: int, request: SendRequest, per_day: int, claimed_today: int
) -> int:
    if request.limit is not None:
        count = min(count, request.limit)
    if per_day and not request.rehearsal:
        count = min(count, max(per_day - claimed_today, 0))
    return count
