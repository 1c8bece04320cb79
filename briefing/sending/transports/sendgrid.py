"""SendGrid: one request for up to 1,000 readers, each of whom gets an email of their own.

A batch is claimed before it is posted. What certainly wasn't sent is claimed again after a pause, and what
may have been is never repeated: SendGrid offers no way to repeat a request without sending twice. A request
is accepted or refused as a whole; one that is refused without naming a reader is split.

A lost answer makes all readers of its request uncertain. So a request has at most twice as many
readers as the largest one before it that was accepted: a send begins with one reader, and starts
with one again after an answer that leaves the outcome open.
"""

from collections.abc import Mapping, Sequence

from briefing.configuration.settings import Settings
from briefing.errors import TransportError
from briefing.keys import Key
from briefing.mail.message import Message
from briefing.network.http_client import Answer
from briefing.sending.ledger.schema import State

from . import sendgrid_api
from .base import Batch, Claims, Mail, Outcome, Queue
from .repeated_refusals import (
    MOST_REJECTED,
    RepeatedRefusals,
    queued_again,
)
from .sendgrid_api import Meaning, Verdict
from .sendgrid_request import ReaderPart, SendGridRequests, UnsendableError

MOST_NOT_SENT = 5
"""Requests in a row that couldn't be sent and so end the send."""
MOST_UNKNOWN = 2
"""Requests in a row of unknown outcome that end the send."""
LONGEST_PAUSE = 600.0
"""Seconds; whatever the provider asks for, and however often a pause was doubled."""
LONGEST_THROTTLING = 3600.0
"""Seconds of pauses for a provider that takes no requests, after which the send ends."""


class SendGrid:
    """The SendGrid account that a key belongs to (`base.Transport`)."""

    name = "sendgrid"
    batch = 1000
    """The most readers of a request."""
    connections = 1
    per_second = 0

    def __init__(
        self,
        settings: Settings,
        key: Key,
        api_key: str,
        *,
        timeout: float = 60,
        pause: float = 1,
        first: int = 1,
    ) -> None:
        """`timeout` of each step of a request, and `pause` before a request is repeated for the first
        time, in seconds. `first`: the most readers of the first request. Raises TransportError for
        text that can't be a key.
        """
        self.pause = pause
        self.first = first
        self.host = sendgrid_api.host(settings)
        self._settings = settings
        self._key = key
        self._api = sendgrid_api.Api(self.host, api_key, timeout)
        self._builders: dict[Message, SendGridRequests] = {}

    def open(self) -> None:
        """Check what the key may do. Raises TransportError, saying what to change, if it can't
        send.
        """
        sendgrid_api.check_key(
            self._api.ask(lambda client: client.scopes.get())
        )

    def deliver(self, queue: Queue) -> None:
        _Courier(self, queue).run()

    def close(self) -> None:
        """Nothing is held open: each request opens a connection."""

    def builder(self, message: Message) -> SendGridRequests:
        """Return the builder of an edition's requests. Raises TransportError if the edition can't
        be sent.
        """
        if message not in self._builders:
            self._builders[message] = SendGridRequests(
                message, self._settings, self._key
            )
        return self._builders[message]

    def post(self, request: bytes) -> Answer:
        """Ask for emails to be sent. Raises no error and follows no redirect."""
        return self._api.ask(lambda client: client.mail.send.post_json(request))


class _Courier:
    """Takes batches from the queue and brings each email to its outcome."""

    def __init__(self, transport: SendGrid, queue: Queue) -> None:
        self._transport = transport
        self._first = transport.first
        self._refusals = RepeatedRefusals()
        self._queue = queue
        self._claims = Claims(queue)
        self._claimed: dict[bytes, Mail] = {}
        """By recipient, without an outcome yet."""
        self._in_flight: Sequence[ReaderPart] = ()
        self._rejected_by_name: list[Mail] = []
        """Since an email was last accepted."""
        self._most_readers = transport.first  # readers of the next request
        self._due_pause = 0.0  # seconds, before anything else is claimed
        self._throttled = 0.0  # seconds of pauses since a request was answered
        self._latest = Verdict(Meaning.ACCEPTED)
        self._repeats = 0  # answers in a row that meant the latest
        self._unknown = 0  # unknown outcomes in a row

    def run(self) -> None:
        """Send until the queue is empty. Raises TransportError, SendStopped; every email has its
        outcome then.
        """
        try:
            while batch := self._claims.next_batch(self._most_readers):
                while batch.mails:
                    self._pause()
                    batch = self._claim_and_send(batch)
        finally:
            self._claims.settle()

    def _claim_and_send(self, batch: Batch) -> Batch:
        """Claim a batch, or as much of it as a request may have now, and send it.

        Return the emails to claim next: those not accepted, and those not claimed yet.
        """
        others: Sequence[Mail] = ()
        if len(batch.mails) > self._most_readers:
            batch, rest = batch.cut(self._most_readers)
            others = rest.mails
        claimed = self._claims.claim(batch).wait()
        self._claimed = {mail.recipient: mail for mail in claimed.mails}
        try:
            builder = self._transport.builder(claimed.message)
            parts = self._parts(builder, claimed.mails)
            requests = [parts] if parts else []
            while requests and not self._due_pause:
                requests[:0] = self._send(builder, requests.pop(0))
            return Batch(claimed.message, [*self._claimed.values(), *others])
        finally:
            for part in self._in_flight:  # only a bug leaves one there
                self._conclude(Outcome(part.mail, State.UNCERTAIN))
            for mail in list(self._claimed.values()):
                self._conclude(Outcome(mail, State.QUEUED))

    def _parts(
        self,
        builder: SendGridRequests,
        mails: Sequence[Mail],
    ) -> list[ReaderPart]:
        parts = []
        for mail in mails:
            try:
                parts.append(builder.part(mail))
            except UnsendableError as error:
                # We refuse these ourselves, so they say nothing about whether the provider refuses
                # us.
                self._conclude(Outcome(mail, State.REJECTED, str(error)))
        return parts

    # One request

    def _send(
        self,
        builder: SendGridRequests,
        parts: list[ReaderPart],
    ) -> list[list[ReaderPart]]:
        """Make a request; return the requests to make in its place.

        Emails in none of these have an outcome, or are claimed again after a pause.
        """
        series = self._refusals.series
        verdict = self._post(builder.request(parts), parts)
        self._count(verdict)
        match verdict.meaning:
            case Meaning.ACCEPTED:
                self._accept(parts, series)
            case Meaning.NAMED:
                return self._reject_named(parts, verdict.named)
            case Meaning.UNNAMED:
                return self._halve(parts, verdict.words)
            case Meaning.LATER:
                self._back_off(verdict)
            case Meaning.NOT_SENT:
                self._repeat_later(verdict)
            case Meaning.UNKNOWN:
                self._leave_uncertain(parts, verdict)
        return []

    def _post(self, request: bytes, parts: list[ReaderPart]) -> Verdict:
        self._in_flight = parts
        answer = self._transport.post(request)
        self._in_flight = ()
        if not answer.sent:
            return Verdict(Meaning.NOT_SENT, answer.failure)
        return sendgrid_api.judge(
            answer, [part.mail.envelope.address for part in parts]
        )

    def _accept(self, parts: Sequence[ReaderPart], series: int) -> None:
        self._rejected_by_name = []
        self._most_readers = max(
            self._most_readers, min(2 * len(parts), self._transport.batch)
        )
        self._refusals.record(Outcome(parts[0].mail, State.ACCEPTED), series)
        self._conclude_all(parts, State.ACCEPTED)

    def _reject_named(
        self,
        parts: list[ReaderPart],
        named: Mapping[int, str],
    ) -> list[list[ReaderPart]]:
        """Reject the readers named; return the request without them, if any are left.

        Raises TransportError if no reader is left and many were refused in a row: that isn't about
        readers.
        """
        for position, words in named.items():
            rejected = Outcome(parts[position].mail, State.REJECTED, words)
            self._rejected_by_name.append(rejected.mail)
            self._conclude(rejected)
        remaining = [
            part for position, part in enumerate(parts) if position not in named
        ]
        if remaining:
            return [remaining]
        if len(self._rejected_by_name) < MOST_REJECTED:
            return []
        self._claims.note(
            *queued_again(self._rejected_by_name, rejected.reason)
        )
        raise TransportError(
            f"SendGrid turned away {len(self._rejected_by_name)} readers in a row, the last with: {rejected.reason}"
        )

    def _halve(
        self, parts: list[ReaderPart], words: str
    ) -> list[list[ReaderPart]]:
        """Return the halves of a request that was refused without naming a reader; a single reader
        is rejected.

        Raises TransportError if the same happens to one reader after another.
        """
        if len(parts) > 1:
            half = len(parts) // 2
            return [parts[:half], parts[half:]]
        rejected = Outcome(parts[0].mail, State.REJECTED, words)
        self._conclude(rejected)
        outcomes, stop = self._refusals.record(rejected)
        self._claims.note(*outcomes)
        if stop:
            raise TransportError(f"SendGrid: {stop}")
        return []

    def _back_off(self, verdict: Verdict) -> None:
        """Pause as long as the provider asks, and longer each time in a row.

        Raises TransportError once it has refused all requests for an hour.
        """
        if self._throttled >= LONGEST_THROTTLING:
            raise TransportError(
                f"SendGrid has accepted no requests for an hour ({verdict.words}); "
                "the rest is left for the next send"
            )
        self._due_pause = min(
            max(verdict.pause, self._doubled_pause()), LONGEST_PAUSE
        )
        self._throttled += self._due_pause

    def _repeat_later(self, verdict: Verdict) -> None:
        if self._repeats >= MOST_NOT_SENT:
            raise TransportError(
                f"{verdict.words}; {MOST_NOT_SENT} times in a row, so the rest is left for the next send"
            )
        self._due_pause = self._doubled_pause()

    def _leave_uncertain(
        self, parts: Sequence[ReaderPart], verdict: Verdict
    ) -> None:
        self._conclude_all(parts, State.UNCERTAIN, verdict.words)
        self._most_readers = self._first
        if self._unknown >= MOST_UNKNOWN:
            raise TransportError(
                f"SendGrid gave no clear answer to {MOST_UNKNOWN} requests in a row ({verdict.words}), "
                "so their readers may or may not have the issue"
            )
        self._due_pause = self._transport.pause

    # Counting and waiting

    def _count(self, verdict: Verdict) -> None:
        """Count answers of one meaning in a row; throttling and broken connections don't interrupt
        unknown outcomes.
        """
        meaning = verdict.meaning
        if meaning is not self._latest.meaning:
            self._repeats = 0
        self._repeats += 1
        self._latest = verdict
        if meaning not in (Meaning.LATER, Meaning.NOT_SENT):
            self._throttled = 0.0
            self._unknown = (
                self._unknown + 1 if meaning is Meaning.UNKNOWN else 0
            )

    def _doubled_pause(self) -> float:
        """Return the pause in seconds: twice as long each time in a row."""
        return self._transport.pause * 2.0 ** min(self._repeats - 1, 20)

    def _pause(self) -> None:
        """Pause if that is due. First settle all outcomes, since the pause may take minutes."""
        if self._due_pause:
            seconds, self._due_pause = self._due_pause, 0.0
            self._claims.settle()
            self._queue.pause(seconds, self._latest.words)

    # Outcomes

    def _conclude_all(
        self,
        parts: Sequence[ReaderPart],
        state: State,
        reason: str = "",
    ) -> None:
        self._conclude(*[Outcome(part.mail, state, reason) for part in parts])

    def _conclude(self, *outcomes: Outcome) -> None:
        for outcome in outcomes:
            del self._claimed[outcome.mail.recipient]
        self._claims.note(*outcomes)
