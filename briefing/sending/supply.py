"""The emails of one send in the order they are handed over, batch by batch."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field

from briefing.errors import LedgerError
from briefing.mail.message import Message
from briefing.rendering.rendered import RenderedIssue
from briefing.sending.transports.base import Batch, Mail

from .dispatch import Dispatch
from .ledger.ledger import Ledger
from .ledger.schema import QueuedReader, State
from .plan import Mailing, Plan, unpack, wants_text

LONGEST_WAIT = 3600.0
"""Seconds that a send waits for deferred emails, all pauses together."""

_Kind = tuple[int, str, bool]
"""What distinguishes emails besides the reader: the version, the language, and whether it is the text
part only.
"""
Messages = dict[_Kind, Message]


def frozen_messages(
    mailing: Mailing, ledger: Ledger, clock: Callable[[], float]
) -> Messages:
    """Return the emails of the frozen editions; `clock` says when they are handed over, in seconds
    since 1970. Raises LedgerError unless their bytes are those that were frozen.
    """
    messages = Messages()
    frozen = ledger.frozen(mailing.issue)
    versions = ledger.rendered(mailing.issue)
    assert frozen, "an issue is frozen before it is sent"
    if frozen.versions != [mailing.digests_of(version) for version in versions]:
        raise LedgerError(
            ledger.path,
            "lacks part of the issue that is being sent; restore it from a backup",
        )
    settings = mailing.newsletter.settings
    for number, editions in enumerate(versions, start=1):
        for lang, rendered in editions.items():
            for text_only in (False, True):
                messages[number, lang, text_only] = Message(
                    RenderedIssue.from_bytes(rendered),
                    settings,
                    mailing.key,
                    clock,
                    text_only=text_only,
                )
    return messages


@dataclass
class Supply:
    """Takes queued readers from the ledger as long as there is an allowance."""

    plan: Plan
    ledger: Ledger
    dispatch: Dispatch
    batch: int
    """The most emails of a batch."""
    allowance: int
    """Emails that may still be handed over. Increase it for an email that comes back."""
    back_off: Sequence[float]
    """Seconds before each new attempt at the deferred emails."""
    deferred: set[bytes] = field(default_factory=set)
    """Readers whose emails were deferred in this send."""
    waiting_until: float | None = None
    """When the deferred are tried again, if that is all that is left to do."""
    _asked_for: float = 0.0
    """Seconds after which a server wants the deferred emails again; 0: it doesn't say."""

    def defer(self, recipient: bytes, retry_after: float) -> None:
        """Try an email again after the pause that the server asks for, or the usual one."""
        self.deferred.add(recipient)
        if retry_after:
            self._asked_for = min(self._asked_for or retry_after, retry_after)

    def batches(
        self, messages: Messages, monotonic: Callable[[], float]
    ) -> Iterator[Batch | None]:
        """Yield readers without an attempt, then those with the fewest, then the deferred.

        So readers who were refused before can't hold up the others. None means that there is nothing to
        hand over at the moment.
        """
        yield from self._pass(messages, tried=0)
        yield from self._until_idle()
        for tried in self.ledger.attempts(self.plan.mailing.issue):
            yield from self._pass(messages, tried=tried)
            yield from self._until_idle()
        waited = 0.0
        for usual in self.back_off:
            yield from self._until_idle()
            seconds = self._asked_for or usual
            waited += seconds
            if not self.deferred or waited > LONGEST_WAIT:
                return
            yield from self._wait(seconds, monotonic)
            yield from self._pass(
                messages, tried=None, only=self._requeue_deferred()
            )

    def _until_idle(self) -> Iterator[None]:
        # A late outcome of a reader's first email would be taken for that of the second.
        while not self.dispatch.idle:
            yield None

    def _wait(
        self, seconds: float, monotonic: Callable[[], float]
    ) -> Iterator[None]:
        self.waiting_until = until = monotonic() + seconds
        while monotonic() < until:
            yield None
        self.waiting_until = None

    def _requeue_deferred(self) -> Collection[bytes]:
        again, self.deferred = self.deferred, set()
        self._asked_for = 0.0
        self.ledger.change_state(
            self.plan.mailing.issue, State.DEFERRED, State.QUEUED
        )
        self.allowance += len(again)
        return again

    def _pass(
        self,
        messages: Messages,
        *,
        tried: int | None,
        only: Collection[bytes] | None = None,
    ) -> Iterator[Batch]:
        """Go through the queue once; `tried` as in `Ledger.queued`."""
        sender_of = self.plan.mailing.envelope_sender
        incomplete: dict[_Kind, list[Mail]] = {}
        for recipient, lang, version, row in self._queued(tried=tried):
            if only is not None and recipient not in only:
                continue
            if not self.allowance:
                break
            self.allowance -= 1
            envelope = unpack(row, sender_of)
            kind = (version, lang, wants_text(envelope.columns))
            mails = incomplete.setdefault(kind, [])
            mails.append(Mail(recipient, envelope))
            if len(mails) == self.batch:
                yield Batch(messages[kind], incomplete.pop(kind))
        for kind, mails in incomplete.items():
            yield Batch(messages[kind], mails)

    def _queued(self, *, tried: int | None) -> Iterator[QueuedReader]:
        """Yield queued readers in the order of their digests.

        The ledger is read in portions, since it is written in between. No reader comes twice in a
        pass.
        """
        issue = self.plan.mailing.issue
        after = b""
        while queued := self.ledger.queued(issue, after, tried=tried):
            yield from queued
            after, *_ = queued[-1]
