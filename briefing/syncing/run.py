"""A sync: read what the sources report, make the plan, carry it out."""

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from briefing.errors import FileError, TransportError
from briefing.issue import receipt, store
from briefing.keys import Key
from briefing.network.parallel import ShowSteps
from briefing.newsletter import Newsletter
from briefing.sending import list_update
from briefing.storage import folder_lock
from briefing.subscribers.moves import Moves
from briefing.subscribers.suppression import Suppression

from . import applying
from .applying import Done
from .home import Home
from .list_changes import find_obstacle
from .planning.facts import HomeFacts
from .planning.listed import Listed, look_up
from .planning.plan import SyncPlan
from .planning.planner import make_plan
from .planning.questions import Answers
from .records.history import History
from .records.known_tokens import KnownTokens
from .records.mailed import MailedToday
from .records.returned_mail import KEPT, Patience, ReturnedMail
from .reports import Report, Reported, Source

LOCK = "sync.lock"
FIXED = "fixed"
"""The tokens of readers who undid a change of their address (`KnownTokens`)."""
BUSY = "another sync is running in this folder; wait until it has finished"


class Sync:
    """One sync of a newsletter. `plan` can be asked again with more answers."""

    def __init__(
        self,
        newsletter: Newsletter,
        sources: Sequence[Source],
        now: dt.datetime,
        list_path: Path | None = None,
    ) -> None:
        """Open the records.

        Raises SubscribersError or NotFoundError if the list can't be used, FileError, and BusyError if a
        change of the list must be finished first while a send is running.
        """
        self.sources = sources
        self.failures: dict[str, str] = {}
        """Why sources couldn't be read, by their names."""
        self.reported: list[Reported] = []
        self._now = now
        self._newsletter = newsletter
        key = Key.of(newsletter)
        list_update.finish_interrupted(newsletter, key)
        self.home = Home(
            newsletter=newsletter,
            key=key,
            suppression=Suppression.of(newsletter),
            returned=ReturnedMail.of(newsletter),
            history=History.of(newsletter),
            list_path=list_path or newsletter.subscribers,
            mailed=MailedToday.of(newsletter, now.date()),
            fixed=KnownTokens(newsletter.state / FIXED),
            moved=Moves.of(newsletter).current_tokens(),
            may_create=not list_path and not KnownTokens.of(newsletter),
        )
        # A list that can't be read is refused before any source is asked.
        self.home.open_list()

    def read(self, source: Source, show: ShowSteps) -> None:
        """Read what a source reports. One that fails is noted, and the others are read all the same."""
        try:
            reports = list(source.read(show))
        except TransportError as error:
            self.failures[source.name] = str(error)
            return
        today = self._now.date()
        self.reported += [
            Reported(source.name, _not_after(today, report))
            for report in reports
        ]

    @cached_property
    def listed(self) -> Listed:
        """The readers on the list that the reports are about, once all sources are read."""
        return look_up(
            [reported.report for reported in self.reported],
            [entry.token for entry in self.home.returned.entries],
            self.home.open_list(),
            self.home.key,
            moved=self.home.moved,
            known=KnownTokens.of(self._newsletter),
        )

    def plan(self, answers: Answers) -> SyncPlan:
        """Return what the sync changes, given what an editor has decided. If the list can't be changed now,
        no one who leaves has to wait for that; joins and changes do.
        """
        settings = self._newsletter.settings.subscribers
        facts = HomeFacts(
            today=self._now.date(),
            key=self.home.key,
            listed=self.listed,
            removals=self.home.suppression,
            mailed=self.home.mailed.states,
            fixed={*self.home.fixed},
            returned=self.home.returned.entries,
            sent=list(self._sent()),
            patience=Patience(settings.after_issues, settings.after_days),
            past=self.home.history.syncs,
            answers=answers,
        )
        made = make_plan(_in_order(self.reported, self.sources), facts)
        obstacle = find_obstacle(made, self.home)
        return made.without_list_changes(obstacle) if obstacle else made

    def carry_out(self, made: SyncPlan, show: ShowSteps) -> Done:
        """Carry out a plan; each step can be repeated. Raises BriefingError."""
        read = [
            source
            for source in self.sources
            if source.name not in self.failures
        ]
        return applying.carry_out(made, self.home, read, self._now, show)

    def _sent(self) -> Iterator[tuple[dt.date, str]]:
        """Yield the day of each issue that was sent, and its id, the oldest first."""
        earliest = str(self._now.date() - KEPT)
        recent = [
            issue for issue in store.ids(self._newsletter) if issue >= earliest
        ]
        for issue in reversed(recent):
            sent = receipt.read(self._newsletter.issues / issue)
            if sent:
                yield (
                    _day(sent.frozen_at, self._newsletter.issues / issue),
                    issue,
                )


def alone(newsletter: Newsletter) -> AbstractContextManager[None]:
    """Keep other syncs out. Raises BusyError if one is running."""
    return folder_lock.hold(newsletter.state, LOCK, BUSY)


def _not_after(today: dt.date, report: Report) -> Report:
    """Return a report whose day isn't in the future: a reader who left then could never come back."""
    return report if report.day <= today else replace(report, day=today)


def _in_order(
    reported: Sequence[Reported], sources: Sequence[Source]
) -> list[Reported]:
    """Return reports in the order of their days; on one day, joins come before what other sources
    report, so that a departure counts in case of doubt.
    """
    ranks = {source.name: rank for rank, source in enumerate(sources)}
    return sorted(
        reported,
        key=lambda entry: (entry.report.day, ranks[entry.source]),
    )


def _day(frozen_at: str, folder: Path) -> dt.date:
    try:
        return dt.datetime.fromisoformat(frozen_at).astimezone().date()
    except ValueError as error:
        raise FileError(folder / receipt.FILE, receipt.NO_RECEIPT) from error
