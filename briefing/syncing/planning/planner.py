"""Make the plan of a sync, from what its sources report and what is known at home. No I/O.

`report_effects.py` goes through the reports; `judge.py` decides which of their consequences need an
editor's answer first. With the same facts and reports the plan is the same. A plan that was carried
out partly leads to the same end when it is made again from the same reports.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from briefing.keys import Key
from briefing.subscribers.moves import TokenMove
from briefing.syncing.records.returned_mail import merge
from briefing.syncing.reports import Changed, Joined, MoveUndone, Reported

from .facts import HomeFacts
from .judge import Judge
from .listed import token_of_address
from .plan import Notice, SyncPlan
from .questions import Subject
from .reasons import MOVE_UNDONE
from .report_effects import ReportEffects
from .selecting import only, without


def make_plan(reported: Sequence[Reported], facts: HomeFacts) -> SyncPlan:
    """Return what a sync changes, given all that its sources report."""
    effects = ReportEffects(facts)
    for report in reported:
        effects.add(report)
    subscriptions = effects.subscriptions
    rows, mail = effects.rows, effects.mail
    judge = Judge(facts, effects)
    # First, since what an editor believes is counted with the rest.
    judge.take_unverified()
    joining = judge.joining()
    leaving = judge.leaving(joining)
    complaining = judge.allowed(Subject.COMPLAINTS, subscriptions.complained)
    changes = judge.allowed(Subject.CHANGES, rows.changes)
    links = judge.allowed(Subject.LINKS, mail.links)
    invited = judge.invited()
    judge.give_up_unreadable()
    entries = merge([*facts.returned, *effects.returns.entries], facts.today)
    settled = {**leaving, **complaining}
    unreachable, returned = judge.unreachable(entries, settled)
    removals = {**unreachable, **settled}
    restored = only(subscriptions.restored, joining)
    for token in restored.keys() & removals.keys():
        if facts.removals.find(token) == removals[token]:
            # All of it was carried out before.
            del restored[token], removals[token]
    # Readers who have left since asking for links get no email.
    links = without(links, removals)
    joins = without(only(subscriptions.joins, joining), settled)
    wishes = {*joins.values(), *restored.values(), *changes.values()}
    left_last = leaving.keys() & subscriptions.left.keys()
    return SyncPlan(
        removals=removals,
        withdrawn=only(subscriptions.withdrawn, restored),
        restored=restored,
        joins=joins,
        changes=changes,
        moved_back=rows.moved_back,
        fixed=rows.fixed,
        notices=[
            *_moved_notices(changes, facts),
            *_undo_notices(effects, facts),
        ],
        changing=frozenset(
            each
            for each in reported
            if each.report in wishes or isinstance(each.report, MoveUndone)
        ),
        links=links,
        invited=invited,
        asking=only(mail.asking, {*links, *invited}),
        returned=returned,
        refusals=effects.returns.refusals,
        questions=judge.questions,
        waiting=frozenset(
            _still_wanted(judge.waiting, left_last, facts.key) | mail.postponed
        ),
        ignored=effects.ignored,
        others=effects.others,
    )


def _still_wanted(
    waiting: Iterable[Reported], left: Collection[str], key: Key
) -> set[Reported]:
    """Return what waits without the joins of those who have left since: if only the join was reported
    again, its day wouldn't tell that they left after it.
    """
    return {
        each
        for each in waiting
        if not isinstance(each.report, Joined)
        or token_of_address(each.report.address, key) not in left
    }


def _moved_notices(
    changes: Mapping[tuple[str, str], Changed], facts: HomeFacts
) -> Iterator[Notice]:
    for (token, column), change in changes.items():
        if column == "email":
            reader = facts.listed.readers[token]
            new = token_of_address(change.value, facts.key)
            yield Notice(reader, TokenMove(token, new), change)


def _undo_notices(effects: ReportEffects, facts: HomeFacts) -> Iterator[Notice]:
    subscriptions = effects.subscriptions
    for token, wish in effects.rows.replaced.items():
        # Perhaps it was carried out before, and their notice or the list had to wait.
        removal = subscriptions.left.get(token) or facts.removals.find(token)
        complained = token in subscriptions.complained
        if removal and removal.reason == MOVE_UNDONE and not complained:
            reader = facts.listed.readers[token]
            yield Notice(reader, TokenMove(token, token), wish)
