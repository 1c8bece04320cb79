"""Sending an issue: what is about to happen, and the only loop that does it.

The promise is kept in this order: hold the lock; freeze what goes out and to whom in one transaction; for each batch
mark its readers as `sending`, hand their mails over, record what became of them. A process that dies between two steps
leaves a ledger that says so, and the next `send` goes on from there.

So far mails go to the outbox, which is a rehearsal: it has a ledger of its own, a mail that is written twice is one
file, and when the issue or its outbox was changed since, it starts anew.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from itertools import islice
from pathlib import Path

from briefing.errors import LedgerError
from briefing.keys import Key
from briefing.mail.message import Envelope, Message
from briefing.newsletter import Newsletter
from briefing.rendering.rendered import RenderedIssue
from briefing.sending.ledger import Ledger, State
from briefing.sending.lock import lock
from briefing.sending.transports.base import Transport
from briefing.sending.transports.outbox import Outbox
from briefing.subscribers.subscriber import Subscriber

REHEARSAL = "rehearsal.sqlite"
"""The ledger of the outbox, under .briefing/."""


@dataclass(frozen=True)
class Plan:
    """What a send is about to do."""

    newsletter: Newsletter
    issue: str
    editions: Mapping[str, RenderedIssue]
    """By language, the newsletter's first language first."""
    subscribers: Sequence[Subscriber]
    """The whole list, each reader once."""
    tag: str = ""
    """Only readers with this tag are to have it now; empty: all."""

    @property
    def readers(self) -> list[Subscriber]:
        """Who is to have it: those whose column `tags` (separated by commas) has the tag."""
        if not self.tag:
            return list(self.subscribers)
        return [one for one in self.subscribers if self.tag in _tags(one)]

    @property
    def folder(self) -> Path:
        """The outbox of this issue."""
        return self.newsletter.state / "outbox" / self.issue

    def lang(self, reader: Subscriber) -> str:
        """The edition of a reader: the one in their language, else in a language of that family, else the first."""
        wanted = reader.lang.lower()
        known = {lang.lower(): lang for lang in self.editions}
        return known.get(wanted) or known.get(wanted.partition("-")[0]) or next(iter(self.editions))

    @cached_property
    def digests(self) -> dict[str, str]:
        """The digest of each edition."""
        return {lang: self.digest(edition.to_bytes()) for lang, edition in self.editions.items()}

    def digest(self, rendered: bytes) -> str:
        """What makes an edition's mails what they are: what was rendered, and who sends it (SHA-256)."""
        settings = self.newsletter.settings
        sender = repr((settings.newsletter.name, settings.newsletter.sender, settings.newsletter.reply_to))
        return sha256(f"{sender}{settings.unsubscribe!r}".encode() + rendered).hexdigest()

    def by_language(self) -> Counter[str]:
        """How many readers each edition has."""
        return Counter(self.lang(reader) for reader in self.readers)


def _tags(reader: Subscriber) -> set[str]:
    return {tag.strip() for tag in reader.columns.get("tags", "").split(",")}


def _wants_text(reader: Subscriber) -> bool:
    """Whether the list's column `format` asks for the plain text alone."""
    return reader.columns.get("format", "").strip().lower() == "text"


def envelope(reader: Subscriber) -> Envelope:
    """The mail to one reader, without its text."""
    columns = {**reader.columns, "email": reader.address, "name": reader.name, "lang": reader.lang}
    return Envelope(reader.address, reader.identity, columns)


def ledger_of(newsletter: Newsletter, key: Key) -> Ledger:
    """The ledger of the outbox. Raises LedgerError."""
    return Ledger(newsletter.state / REHEARSAL, key)


def remaining(plan: Plan, ledger: Ledger) -> int:
    """How many readers a send would hand a mail to now."""
    if starts_anew(plan, ledger):
        return len(plan.readers)
    states = ledger.states(plan.issue)
    return sum(states.get(ledger.recipient(one.identity)) is not State.ACCEPTED for one in plan.readers)


def rehearse(plan: Plan, key: Key, now: dt.datetime, progress: Callable[[int], None]) -> dict[State, int]:
    """Write the mails into the outbox; `progress` is told how many are done. Returns the readers in each state.

    Raises BusyError if somebody else is sending, LedgerError, BriefingError if the outbox can't be written.
    """
    outbox = Outbox(plan.folder)
    with lock(plan.newsletter), ledger_of(plan.newsletter, key) as ledger:
        if starts_anew(plan, ledger):
            outbox.clear()  # first: without its outbox a rehearsal starts anew, whatever its ledger says
            ledger.forget(plan.issue)
        _freeze(plan, ledger, now)
        ledger.requeue_interrupted(plan.issue)
        outbox.open()
        try:
            _deliver(plan, ledger, outbox, key, progress)
        finally:
            outbox.close()
        return ledger.counts(plan.issue)


def starts_anew(plan: Plan, ledger: Ledger) -> bool:
    """A rehearsal is of what would be sent now: it begins again once that, or its outbox, was changed."""
    frozen = ledger.frozen(plan.issue)
    if frozen is None:
        return plan.folder.is_dir()
    return frozen.digests != plan.digests or not plan.folder.is_dir()


def _freeze(plan: Plan, ledger: Ledger, now: dt.datetime) -> None:
    ledger.freeze(
        plan.issue,
        now,
        ((lang, plan.digests[lang], edition.to_bytes()) for lang, edition in plan.editions.items()),
        ((ledger.recipient(reader.identity), plan.lang(reader)) for reader in plan.readers),
    )


def _deliver(plan: Plan, ledger: Ledger, transport: Transport, key: Key, progress: Callable[[int], None]) -> None:
    frozen = ledger.frozen(plan.issue)
    assert frozen, "the issue was frozen just now"
    settings = plan.newsletter.settings
    editions = ledger.rendered(plan.issue)
    if frozen.digests != {lang: plan.digest(rendered) for lang, rendered in editions.items()}:
        raise LedgerError(ledger.path, "doesn't hold what was frozen; bring it back from a backup")
    messages = {
        (lang, text_only): Message(RenderedIssue.from_bytes(rendered), settings, key, frozen.at, text_only=text_only)
        for lang, rendered in editions.items()
        for text_only in (False, True)
    }
    done = 0
    for batch in _batches(plan.readers, transport.batch):
        readers = {ledger.recipient(reader.identity): reader for reader in batch}
        claimed = ledger.claim(plan.issue, list(readers))
        for wanted, message in messages.items():
            here = [one for one, lang in claimed.items() if (lang, _wants_text(readers[one])) == wanted]
            transport.hand_over(message, [envelope(readers[recipient]) for recipient in here])
        ledger.record(plan.issue, claimed, State.ACCEPTED)
        done += len(claimed)
        progress(done)
    subscribed = {ledger.recipient(reader.identity) for reader in plan.subscribers}
    queued = (one for one, state in ledger.states(plan.issue).items() if state is State.QUEUED)
    ledger.skip(plan.issue, [one for one in queued if one not in subscribed])


def _batches(readers: Iterable[Subscriber], size: int) -> Iterator[list[Subscriber]]:
    rest = iter(readers)
    while batch := list(islice(rest, size)):
        yield batch
