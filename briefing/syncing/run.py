"""A sync: read what the sources report, make the plan, carry it out.

Each step is durable before the next, and can be repeated. A sync that was interrupted is run again:
its sources report the same again, because they are finished last.
"""

import datetime as dt
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from types import MappingProxyType

from briefing.errors import FileError, RefusedError, TransportError
from briefing.keys import Key
from briefing.network.parallel import ShowSteps
from briefing.newsletter import Newsletter
from briefing.sending import list_update
from briefing.sending.ledger.records import ledger_path, open_ledger
from briefing.storage import files, folder_lock
from briefing.subscribers import list_file, unsubscribing
from briefing.subscribers.csv_edit import changed_list
from briefing.subscribers.lookup import by_token
from briefing.subscribers.moves import Moves
from briefing.subscribers.reader_changes import (
    CONSENT,
    JOINED,
    Add,
    ReaderChange,
    Set,
    clean_values,
)
from briefing.subscribers.subscriber import Subscriber, parse_address
from briefing.subscribers.subscriber_list import (
    NEW_LIST,
    SubscriberList,
    open_list,
    parse_list,
)
from briefing.subscribers.suppression import Removal, Suppression
from briefing.text.counts import counted

from . import failures, known_tokens
from .plan import COMPLAINT, LEFT, Listed, SyncPlan, make_plan
from .reports import CarriedOut, Joined, JoiningServer, Report, Source

LOCK = "sync.lock"
BUSY = "another sync is running in this folder; wait until it has finished"
LAST = "syncs.csv"
"""The day of the last sync. Earlier versions also kept the days and numbers of those before."""
MOST_LEFT = 20
MOST_LEFT_SHARE = 0.25
"""Of the list: if more readers have left since the last issue, the editor is told first."""
FORM = "form"
"""The column that keeps where someone joined, beside when and what they agreed to."""


class Sync:
    """One sync of a newsletter."""

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
        self.newsletter = newsletter
        self.sources = sources
        self.unread: dict[str, str] = {}
        """Why sources couldn't be read, by their names."""
        self.key = Key.of(newsletter)
        self._reports: list[Report | CarriedOut] = []
        self._now = now
        list_update.finish_interrupted(newsletter, self.key)
        self._suppression = Suppression.of(newsletter)
        self._list_path = list_path or newsletter.subscribers
        # The first reader who joins starts the list, if no one was ever on one.
        self._may_create = not list_path and not known_tokens.read(newsletter)
        # A list that can't be read is refused before any source is asked.
        self._open_list()

    def _open_list(self) -> SubscriberList:
        """Read the list; it is empty if it is still to be made. Raises what `open_list` does."""
        if self._may_create and not os.path.lexists(self._list_path):
            return parse_list(self._list_path, NEW_LIST)
        return open_list(self._list_path)

    def read(self, source: Source, show: ShowSteps) -> None:
        """Read what a source reports. One that fails is noted, and the others are read all the same."""
        try:
            self._reports += list(source.read(show))
        except TransportError as error:
            self.unread[source.name] = str(error)

    def plan(self) -> SyncPlan:
        """Return what the sync changes."""
        listed = Listed(
            by_token(self._open_list(), self.key),
            Moves.of(self.newsletter).current_tokens(),
            known_tokens.read(self.newsletter),
        )
        made = make_plan(self._reports, self.key, listed, self._suppression)
        assessed = self._assess(made.failures)
        for token, removal in assessed.removals.items():
            # An email has reached those who confirmed a join.
            if token not in made.confirmed and not made.removal(token):
                made.removals[token] = removal
        made.unreached = {failure.token for failure in assessed.kept}
        made.obstacle = self._find_obstacle(made)
        made.many_left = describe_many_left(
            self.newsletter, self.key, self._suppression, made.removals
        )
        return made

    def _assess(
        self, new: Iterable[failures.FailedDelivery]
    ) -> failures.Assessment:
        return failures.assess(
            self.newsletter,
            self.key,
            self._open_list,
            self._suppression,
            new,
        )

    def unsubscribe(self, plan: SyncPlan) -> None:
        """Unsubscribe everyone whom a plan unsubscribes, and record the emails that came back."""
        list_update.end_undo(self.newsletter)
        unsubscribing.record(plan.departures, self._suppression)
        # Only now: those who are unsubscribed leave this record.
        failures.write(self.newsletter, self._assess(plan.failures).kept)

    def change_list(self, plan: SyncPlan) -> int:
        """Make the changes of the list in one step; return how many were left to make.

        Raises BusyError while a send is running, and what `list_update.Editing.apply` raises.
        """
        if not plan.list_changes:
            return 0
        # First, since the list then says that all of it was done.
        for token, join in plan.restored.items():
            self._suppression.restore([token], join.day)
        with list_update.editing(
            self.newsletter,
            self.key,
            self._now,
            self._list_path,
            create=self._may_create and bool(plan.joins),
        ) as editing:
            listed = by_token(editing.subscribers, self.key)
            changes = [*_changes(plan, listed)]
            what = f"sync: {counted(len(changes), 'change')}"
            editing.apply(changes, what, is_sync=True)
        return len(changes)

    def finish(
        self, plan: SyncPlan, show: ShowSteps, *, listed: bool, discard: bool
    ) -> None:
        """Record how far the sources were read, and tell the server who can leave and what it can forget.

        `listed`: the list was changed; `discard`: requests that no key opens are given up.
        """
        # Those who have just left are unsubscribed at an address to which they moved, too.
        self._suppression.refresh()
        read = [each for each in self.sources if each.name not in self.unread]
        for source in read:
            if isinstance(source, JoiningServer):
                tokens = known_tokens.valid_tokens(
                    self.newsletter,
                    self._open_list(),
                    self.key,
                    self._suppression,
                )
                source.send_tokens(tokens, show)
        waiting = {
            *plan.open_mails,
            *(() if listed else plan.list_changes),
            *(() if discard else plan.unreadable),
        }
        for source in read:
            source.finish(waiting)
        day = self._now.date().isoformat()
        files.write_private(
            self.newsletter.state / LAST, f"day\n{day}\n".encode()
        )

    def _find_obstacle(self, plan: SyncPlan) -> str:
        """Return why the list can't take what a plan changes, and what to do: a program has it open, or its
        encoding lacks a letter. Empty if it can.
        """
        if not plan.list_changes:
            return ""
        try:
            list_file.refuse_open(self._list_path)
            changes = _changes(plan, plan.listed.readers)
            changed_list(self._open_list(), [*changes])
        except RefusedError as error:
            return str(error)
        return ""


def alone(newsletter: Newsletter) -> AbstractContextManager[None]:
    """Keep other syncs out. Raises BusyError if one is running."""
    return folder_lock.hold(newsletter.state, LOCK, BUSY)


def describe_many_left(
    newsletter: Newsletter,
    key: Key,
    suppression: Suppression,
    leaving: Mapping[str, Removal] = MappingProxyType({}),
) -> str:
    """Return a sentence if unusually many readers have left since the last issue, those who are `leaving`
    now included; else nothing. Someone who has broken into the server could have faked it.
    """
    if not ledger_path(newsletter).exists():
        return ""
    with open_ledger(newsletter, key) as ledger:
        issue = next(iter(ledger.issues()), "")
        frozen = ledger.frozen(issue)
    if frozen is None:
        return ""
    day = frozen.at.astimezone().date().isoformat()
    gone = {**suppression.since(day), **leaving}
    left = sum(removal.reason in {LEFT, COMPLAINT} for removal in gone.values())
    if left <= min(MOST_LEFT, frozen.list_size * MOST_LEFT_SHARE):
        return ""
    return (
        f"{counted(left, 'reader')} of {frozen.list_size:,} left since issue {issue}. If you didn't expect that, check "
        "your server before you send: someone may have broken into it."
    )


def last_day(newsletter: Newsletter) -> dt.date | None:
    """Return the day of the last sync; None if there was none. Raises FileError."""
    path = newsletter.state / LAST
    try:
        last = files.read(path).decode().split()[-1]
        return dt.date.fromisoformat(last.partition(",")[0])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, IndexError) as error:
        raise FileError(path, "can't be read; delete it") from error


def _changes(
    plan: SyncPlan, readers: Mapping[str, Subscriber]
) -> Iterator[ReaderChange]:
    """Yield the changes of the list that are left to make; `readers`: those on it, by token."""
    for token, join in plan.joins.items():
        if token not in readers:
            yield Add(
                parse_address(join.address),
                clean_values({"name": join.name, **_columns(join)}),
            )
    wanted = [
        *(
            (token, clean_values(_columns(join)))
            for token, join in plan.restored.items()
        ),
        *(
            (token, {"lang": wish.lang})
            for token, wish in plan.languages.items()
        ),
    ]
    for token, values in wanted:
        reader = readers.get(token)
        for column, value in values.items():
            if reader and value and value != reader.value(column):
                yield Set(reader.identity, column, value)


def _columns(join: Joined) -> dict[str, str]:
    return {
        "lang": join.lang,
        JOINED: join.day.isoformat(),
        FORM: join.form,
        CONSENT: join.wording,
    }
