"""A sync: read what the sources report, make the plan, carry it out.

Each step is durable before the next, and can be repeated. A sync that was interrupted is run again:
its sources report the same again, because they are finished last.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from briefing.configuration.settings import Settings
from briefing.errors import FileError, RefusedError, TransportError
from briefing.keys import Key
from briefing.network.parallel import ShowSteps
from briefing.newsletter import Newsletter
from briefing.sending import list_update
from briefing.sending.ledger.records import ledger_path, open_ledger
from briefing.storage import files, folder_lock
from briefing.subscribers import unsubscribing
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
from briefing.subscribers.subscriber_list import open_list
from briefing.subscribers.suppression import Removal, Suppression
from briefing.text.counts import counted

from . import failures, known_tokens
from .plan import COMPLAINT, LEFT, Listed, SyncPlan, make_plan
from .reports import CarriedOut, JoiningServer, Report, Source

if TYPE_CHECKING:
    from .server import Identities

LOCK = "sync.lock"
BUSY = "another sync is running in this folder; wait until it has finished"
LAST = "syncs.csv"
"""The day of the last sync. Earlier versions also kept the days and numbers of those before."""
MOST_LEFT = 20
MOST_LEFT_SHARE = 0.25
"""Of the list: if more readers have left since the last issue, the editor is told first."""
FORM = "form"
"""The column that keeps where someone joined, beside when and what they agreed to."""

NOTHING_SET_UP = (
    "there is nothing to sync with; 'briefing docs subscribers' says how to set up [joining], [mailbox] or "
    "sending through SendGrid"
)


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
        # A list that can't be read is refused before any source is asked.
        open_list(self._list_path)

    def read(self, source: Source, show: ShowSteps) -> None:
        """Read what a source reports. One that fails is noted, and the others are read all the same."""
        try:
            self._reports += list(source.read(show))
        except TransportError as error:
            self.unread[source.name] = str(error)

    def plan(self) -> SyncPlan:
        """Return what the sync changes."""
        listed = Listed(
            self.key,
            by_token(open_list(self._list_path), self.key),
            Moves.of(self.newsletter).current_tokens(),
            known_tokens.read(self.newsletter),
        )
        made = make_plan(self._reports, listed, self._suppression)
        assessed = failures.assess(
            self.newsletter,
            self.key,
            self._list_path,
            self._suppression,
            made.failures,
        )
        for token, removal in assessed.removals.items():
            # An email has reached those who confirmed a join.
            if token not in made.confirmed and not made.removal(token):
                made.removals[token] = removal
        made.failures = [
            failure
            for failure in assessed.kept
            if failure.token not in made.departures
        ]
        made.many_left = describe_many_left(
            self.newsletter, self.key, self._suppression, made.removals
        )
        return made

    def unsubscribe(self, plan: SyncPlan) -> None:
        """Unsubscribe everyone whom a plan unsubscribes, and record the emails that came back."""
        list_update.end_undo(self.newsletter)
        unsubscribing.record(plan.departures, self._suppression)
        failures.write(self.newsletter, plan.failures)

    def change_list(self, plan: SyncPlan) -> int:
        """Make the changes of the list in one step; return how many were left to make.

        Raises RefusedError if the list can't be changed now: a send is running, a program has it open, or its
        encoding lacks a letter.
        """
        if not plan.list_changes:
            return 0
        with list_update.editing(
            self.newsletter,
            self.key,
            self._now,
            self._list_path,
        ) as editing:
            listed = by_token(editing.subscribers, self.key)
            changes = [*_changes(plan, listed)]
            what = f"sync: {counted(len(changes), 'change')}"
            editing.apply(changes, what, is_sync=True)
        # Last: the list may have refused.
        for token, join in plan.restored.items():
            self._suppression.restore([token], join.day)
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
                    open_list(self._list_path),
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


def source_names(settings: Settings) -> list[str]:
    """Return the names of the sources that are set up, in the order in which they are read."""
    through = {settings.send.via, settings.unsubscribe.via}
    is_set_up = {
        "server": bool(settings.joining.url),
        "mailbox": settings.mailbox.leaving is not None,
        "sendgrid": "sendgrid" in through,
    }
    return [name for name, is_there in is_set_up.items() if is_there]


def connect(
    newsletter: Newsletter,
    identities: "Identities",
    today: dt.date,
    *,
    seen: bool = False,
) -> list[Source]:
    """Return the sources that are set up. `seen`: see `mailbox.LeavingMailbox`.

    Raises RefusedError if there are none, or where a secret is missing; FileError.
    """
    set_up = source_names(newsletter.settings)
    if not set_up:
        raise RefusedError(NOTHING_SET_UP)
    found: list[Source] = []
    # The libraries of the sources would slow down the start of every command.
    if "server" in set_up:
        from .server import Server  # noqa: PLC0415

        found.append(Server(newsletter, identities, today))
    if "mailbox" in set_up:
        from .mailbox import LeavingMailbox  # noqa: PLC0415

        found.append(LeavingMailbox(newsletter, today, seen=seen))
    if "sendgrid" in set_up:
        from .sendgrid import SendGridLists  # noqa: PLC0415

        found.append(SendGridLists(newsletter, Key.of(newsletter)))
    return found


def alone(newsletter: Newsletter) -> AbstractContextManager[None]:
    """Keep other syncs out. Raises BusyError if one is running."""
    return folder_lock.hold(newsletter.state, LOCK, BUSY)


def describe_many_left(
    newsletter: Newsletter,
    key: Key,
    suppression: Suppression,
    leaving: Mapping[str, Removal],
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
    for token, join in {**plan.joins, **plan.restored}.items():
        values = clean_values(
            {
                "lang": join.lang,
                JOINED: join.day.isoformat(),
                FORM: join.form,
                CONSENT: join.wording,
            }
        )
        if token in readers:
            yield from _differences(readers[token], values)
        else:
            name = clean_values({"name": join.name})
            yield Add(parse_address(join.address), name | values)
    for token, wish in plan.languages.items():
        if token in readers:
            yield from _differences(readers[token], {"lang": wish.lang})


def _differences(
    reader: Subscriber, values: Mapping[str, str]
) -> Iterator[ReaderChange]:
    for column, value in values.items():
        if value != reader.value(column):
            yield Set(reader.identity, column, value)
