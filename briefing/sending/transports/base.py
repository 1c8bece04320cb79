"""What a transport is, and the queue it works on, which hands it mails and takes their outcomes.

registry.py says how to add one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from briefing.mail.message import Envelope, Message
from briefing.sending.schema import Schedule, State


@dataclass(frozen=True, slots=True)
class Mail:
    """One reader's mail: who that is in the ledger, and what fills it."""

    recipient: bytes
    envelope: Envelope


@dataclass(frozen=True, slots=True)
class Batch:
    """Mails of one edition that are handed over together."""

    message: Message
    mails: Sequence[Mail]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a claimed mail: accepted, deferred, rejected, uncertain, or queued (never handed over)."""

    mail: Mail
    state: State
    reason: str = ""
    """The server's words, without the reader's address."""


class Claim(Protocol):
    """A batch that the ledger was asked to mark as `sending`."""

    def wait(self) -> Batch:
        """Block until that is durable; the batch without readers who have left meanwhile.

        Raises SendStopped where the send stops: then nothing of the batch was marked.
        """


class Queue(Protocol):
    """The mails of one send. Every connection of a transport works at the same one, in a thread of its own."""

    def next(self, *, wait: bool = True) -> Batch | None:
        """The next mails; None when there are no more, or none right now and `wait` is off.

        A connection that still owes an outcome must not wait: others may wait for it.
        """

    def claim(self, batch: Batch, after: Sequence[Outcome] = ()) -> Claim:
        """Ask for the intent, and tell what became of earlier mails in the same commit. Returns at once."""

    def settle(self, outcomes: Sequence[Outcome]) -> None:
        """Tell what became of mails. Returns at once."""

    def pause(self, seconds: float) -> None:
        """Wait. Raises SendStopped as soon as the send stops."""


class SendStopped(Exception):  # noqa: N818  # no error: the word by which a connection is sent home
    """The send stops; let go of what isn't handed over yet."""


class Transport(Protocol):
    """Takes mails and says what became of each."""

    name: str
    """As `--via` calls it."""
    batch: int
    """The most mails of one hand-over: so many stand in the ledger as `sending` together."""
    connections: int
    """How many hand-overs go on at a time."""
    per_second: int
    """The most mails a second, of all connections together; 0: any number."""
    repeatable: bool
    """Whether a hand-over can be repeated without harm: then nothing is ever uncertain."""

    def open(self) -> None:
        """Get ready. Raises TransportError if nothing can be handed over now; then nothing was."""

    def deliver(self, queue: Queue) -> None:
        """Hand over what the queue gives until it gives None; called once a connection, in its thread.

        Each batch is claimed, and the claim waited for, before a byte of a mail's body goes out; each mail of a claim
        gets exactly one outcome. Raises TransportError to stop the whole send; by then all outcomes were told.
        """

    def close(self) -> None:
        """Give back what `open` took; also called after an error."""


class SchedulingTransport(Transport, Protocol):
    """A transport that can also send later."""

    schedule: Schedule | None
    """When the mails go out, and the id by which they can be cancelled; None: at once. Set before `deliver`."""

    def new_batch(self) -> str:
        """Return a new id by which scheduled mails can be cancelled. Raises TransportError."""

    def cancel(self, batch: str) -> None:
        """Cancel what was scheduled with an id; harmless to repeat. Raises TransportError unless that is certain."""
