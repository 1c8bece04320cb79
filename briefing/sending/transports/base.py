"""The interface of a transport, and of the queue that hands it emails and takes their outcomes.

docs/architecture.md says how to add a transport.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from briefing.mail.message import Envelope, Message
from briefing.sending.ledger.schema import State

MANY = 1 << 31
"""More emails than any batch has."""


@dataclass(slots=True)  # a frozen one takes twice as long to make
class Mail:
    """One reader's email: how the ledger knows the reader, and what fills the message."""

    recipient: bytes
    envelope: Envelope


@dataclass(frozen=True, slots=True)
class Batch:
    """Emails of one edition that are handed over together."""

    message: Message
    mails: Sequence[Mail]

    def cut(self, most: int) -> tuple["Batch", "Batch"]:
        """Return a batch of the first `most` emails, and one of the others."""
        first = self.mails[:most]
        others = self.mails[most:]
        return replace(self, mails=first), replace(self, mails=others)


@dataclass(slots=True)  # as Mail
class Outcome:
    """The outcome of a claimed email: accepted, deferred, rejected, uncertain, or queued (never
    handed over).
    """

    mail: Mail
    state: State
    reason: str = ""
    """The server's usual words (`usual_words`), which name no reader."""
    retry_after: float = 0.0
    """Seconds after which the server says to try again; 0: it doesn't say."""


class Claim(Protocol):
    """A batch that the ledger was asked to mark as `sending`."""

    def wait(self) -> Batch:
        """Block until the claim is durable; return the batch without readers who have unsubscribed since.

        Raises SendStopped when the send stops; then no email of the batch was marked.
        """


class Queue(Protocol):
    """The emails of one send, shared by all connections of a transport, each in a separate thread."""

    def next(self, *, wait: bool = True, most: int = MANY) -> Batch | None:
        """Return the next emails, `most` at most; None when there are no more, or, without `wait`,
        none yet.

        A connection that owes an outcome must not wait: others may be waiting for that outcome.
        """

    def claim(self, batch: Batch, after: Sequence[Outcome] = ()) -> Claim:
        """Ask to mark a batch, and to record the outcomes of earlier emails in the same commit.
        Doesn't wait.
        """

    def settle(self, outcomes: Sequence[Outcome]) -> None:
        """Ask to record outcomes. Doesn't wait."""

    def pause(self, seconds: float, why: str) -> None:
        """Wait, while `why` is shown. Raises SendStopped as soon as the send stops."""


class Claims:
    """The bookkeeping of a connection: its claims, and the outcomes it owes, which share the commit of its next
    claim.
    """

    def __init__(self, queue: Queue) -> None:
        self._queue = queue
        self._owed: dict[bytes, Outcome] = {}
        """By recipient: a later outcome replaces an earlier one."""

    def next_batch(self, most: int = MANY) -> Batch | None:
        """Return the next `most` emails or fewer, None when there are no more; outcomes are settled
        before waiting for them.
        """
        batch = self._queue.next(wait=False, most=most)
        if batch is None:
            self.settle()
            batch = self._queue.next(most=most)
        return batch

    def claim(self, batch: Batch) -> Claim:
        """Claim a batch, and settle outcomes in the same commit."""
        return self._queue.claim(batch, self._take())

    def note(self, *outcomes: Outcome) -> None:
        """Keep outcomes until the next claim."""
        for outcome in outcomes:
            self._owed[outcome.mail.recipient] = outcome

    def settle(self) -> None:
        """Settle the outcomes without waiting for another claim."""
        if self._owed:
            self._queue.settle(self._take())

    def _take(self) -> list[Outcome]:
        outcomes = list(self._owed.values())
        self._owed = {}
        return outcomes


class SendStopped(Exception):  # noqa: N818  # not an error: it ends the work of a connection
    """The send stops: hand over no more emails."""


class Transport(Protocol):
    """Hands emails over to a provider, and reports the outcome of each."""

    name: str
    """Its value of `--via`."""
    batch: int
    """The most emails handed over together; that many can be `sending` in the ledger."""
    connections: int
    """How many batches are handed over at a time."""
    per_second: int
    """The most batches a second, of all connections together; 0: any number."""

    def open(self) -> None:
        """Get ready. Raises TransportError if nothing can be handed over now."""

    def deliver(self, queue: Queue) -> None:
        """Hand over what is in the queue until it is empty; called once for each connection, in its
        thread.

        Each batch is claimed, and the claim waited for, before a byte of an email's body goes out;
        each email of a claim gets exactly one outcome. Raises TransportError to stop the whole send,
        after it has settled all outcomes.
        """

    def close(self) -> None:
        """Release what `open` acquired; also called after an error."""
