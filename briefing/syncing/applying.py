"""Carry out the plan of a sync: each step is durable before the next, and can be repeated.

A sync that was interrupted is run again: its sources report the same again, because they are
finished last, and what was already done changes nothing the second time.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from briefing.network.parallel import ShowSteps
from briefing.sending import departures, list_update
from briefing.subscribers import unsubscribing

from .emails import notices
from .emails.mailing import mail_people
from .home import Home
from .list_changes import change_list
from .planning.plan import SyncPlan
from .planning.reasons import COMPLAINT, LEFT, MOVE_UNDONE
from .records.history import PastSync
from .records.mailed import MailedState, MailedToday
from .reports import JoiningServer, Report, Reported, Source
from .server.tokens import valid_tokens


@dataclass(frozen=True, slots=True)
class Done:
    """What a sync has changed."""

    unsubscribed: int
    rehearsed: int
    """Emails deleted from rehearsals."""
    listed: int
    """Changes of the list."""
    mailed: int
    """Emails to individual people."""


def carry_out(
    plan: SyncPlan,
    home: Home,
    sources: Sequence[Source],
    now: dt.datetime,
    show: ShowSteps,
) -> Done:
    """Carry out a plan that was made from what `sources` report. Raises BriefingError; then the
    sources report again what wasn't done, or all of it.
    """
    list_update.end_undo(home.newsletter)
    plan, unnoticed = notices.send(plan, home, now)
    # Otherwise they would count if they are reported again.
    unsubscribing.record(plan.withdrawn, home.suppression)
    for token, join in plan.restored.items():
        # On the day of their wish: if they leave after it, that is later.
        home.suppression.restore([token], join.day)
    departed = departures.unsubscribe(
        home.newsletter, home.key, plan.removals, home.suppression
    )
    # Only now: what is settled by a removal leaves this record.
    home.returned.replace(plan.returned)
    home.fixed.add(plan.fixed)
    listed = change_list(plan, home, now)
    # A link works only once the server knows its token.
    _send_tokens(home, sources, show)
    mailed, unmailed = mail_people(plan, home, now)
    home.history.add(_as_past_sync(plan, now.date()))
    waiting = plan.waiting | _unsent(plan, home.mailed)
    for source in sources:
        source.finish(_reports_of(source, waiting))
    failure = unnoticed or unmailed
    if failure:
        raise failure
    return Done(departed.new, departed.rehearsed, listed, mailed)


def _send_tokens(
    home: Home, sources: Sequence[Source], show: ShowSteps
) -> None:
    """Tell the server who can leave: everyone who was ever on a list and hasn't left."""
    server = _joining_server(sources)
    if server:
        # Readers who left are unsubscribed at the address to which they moved, too.
        home.suppression.refresh()
        valid = valid_tokens(
            home.newsletter, home.open_list(), home.key, home.suppression
        )
        server.send_tokens(valid, show)


def _unsent(plan: SyncPlan, record: MailedToday) -> set[Reported]:
    """Return what asks for emails that weren't sent."""
    return {
        reported
        for token, asking in plan.asking.items()
        if record.states.get(token) is not MailedState.MAILED
        for reported in asking
    }


def _reports_of(source: Source, waiting: Iterable[Reported]) -> set[Report]:
    """Return what a source must report again."""
    return {
        reported.report
        for reported in waiting
        if reported.source == source.name
    }


def _joining_server(sources: Sequence[Source]) -> JoiningServer | None:
    for source in sources:
        if isinstance(source, JoiningServer):
            return source
    return None


def _as_past_sync(plan: SyncPlan, today: dt.date) -> PastSync:
    numbers = plan.numbers
    left = numbers[LEFT]
    complaints = numbers[COMPLAINT]
    others = left + complaints + numbers[MOVE_UNDONE]
    return PastSync(
        today,
        left=left,
        complaints=complaints,
        dead=len(plan.removals) - others,
        joined=len(plan.joins),
        changed=len(plan.changes),
        links=len(plan.links),
    )
