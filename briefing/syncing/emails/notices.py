"""Tell readers, at the address that they had, that the newsletter no longer goes there: before the list
changes, so that no one is moved away without a word.
"""

import datetime as dt
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace

from briefing.errors import BriefingError, RefusedError, TransportError
from briefing.joining.mailer import Connection, HandOver
from briefing.keys import Key
from briefing.syncing.home import Home
from briefing.syncing.planning.plan import Notice, SyncPlan
from briefing.syncing.planning.selecting import without
from briefing.syncing.records.mailed import MailedState, MailedToday
from briefing.syncing.reports import MoveUndone
from briefing.syncing.server import undo_links

from . import mailing, moved_mail
from .mailing import Letter

LONGEST_WAIT = dt.timedelta(days=7)
"""How long a change waits while the earlier mailbox takes no emails."""


def send(
    plan: SyncPlan, home: Home, now: dt.datetime
) -> tuple[SyncPlan, BriefingError | None]:
    """Send a plan's notices. Return it without the changes of address that must wait for theirs, and why
    notices couldn't be sent. Undoing a change waits for none; its notice may be sent later.

    One that the mail server refuses for good holds up nothing: readers change their address also because
    the earlier one no longer exists.
    """
    due = [
        notice
        for notice in plan.notices
        if home.mailed.states.get(_token(home.key, notice))
        is not MailedState.MAILED
    ]
    if not due:
        return plan, None
    waiting = [*due]
    too_old = now.date() - LONGEST_WAIT
    try:
        with closing(mailing.connect(home.newsletter)) as connection:
            for notice in due:
                letter = _letter(notice, home, now)
                is_done = _deliver(letter, connection, home.mailed)
                if is_done or notice.wish.day < too_old:
                    waiting.remove(notice)
    except (RefusedError, TransportError) as error:
        return _put_off(plan, waiting), error
    return _put_off(plan, waiting), None


def _deliver(
    letter: Letter, connection: Connection, record: MailedToday
) -> bool:
    """Return whether the letter needn't be sent again. If the program ends before that is recorded, it is
    sent again: two are better than none.
    """
    outcome = connection.deliver(letter.address, letter.data)
    if outcome is HandOver.LATER:
        return False
    record.record(letter.token, MailedState.MAILED)
    return True


def _put_off(plan: SyncPlan, waiting: Sequence[Notice]) -> SyncPlan:
    """Return a plan in which some notices wait, and changes with them. What readers asked for besides
    another address waits as well: their notice must know them as they were.
    """
    tokens = {notice.move.old for notice in waiting}
    held = {
        name: change
        for name, change in plan.changes.items()
        if name[0] in tokens
    }
    wishes = {*held.values(), *(notice.wish for notice in waiting)}
    reported = {each for each in plan.changing if each.report in wishes}
    return replace(
        plan,
        changes=without(plan.changes, held),
        waiting=plan.waiting | reported,
    )


def _token(key: Key, notice: Notice) -> str:
    """Return what the record of emails knows a notice by: not the reader's token, since another email to
    the same address must not keep it back.
    """
    return undo_links.token(key, notice.move)


def _letter(notice: Notice, home: Home, now: dt.datetime) -> Letter:
    newsletter, key = home.newsletter, home.key
    settings = newsletter.settings
    reader = notice.reader
    language = mailing.language_of(newsletter, reader.lang)
    url = settings.joining.url
    link = f"{url}/join?lang={language.code}"
    is_undo = isinstance(notice.wish, MoveUndone)
    if not is_undo:
        made = undo_links.make(url, key, reader, notice.move, today=now.date())
        link = f"{made}?lang={language.code}"
    data = moved_mail.build(
        settings,
        language,
        address=reader.address,
        link=link,
        day=notice.wish.day,
        now=now,
        is_undo=is_undo,
    )
    return Letter(_token(key, notice), reader.address, data)
