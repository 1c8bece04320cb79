"""What tests of transports need: emails, a ledger and a queue in memory, a clock that a test moves, and
servers that are checked afterwards.
"""

import datetime as dt
import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from briefing.configuration.settings import Settings, SmtpSettings, parse
from briefing.keys import Key
from briefing.mail.message import Envelope, Message
from briefing.rendering.rendered import (
    UNSUBSCRIBE,
    RenderedIssue,
    Slot,
    Slotted,
)
from briefing.sending.dispatch import Dispatch, DispatchClock
from briefing.sending.ledger.schema import State
from briefing.sending.transports.base import (
    MANY,
    Batch,
    Mail,
    Outcome,
    SendStopped,
    Transport,
)
from briefing.sending.transports.smtp import Smtp
from tests.sending.servers.smtp import SmtpServer

SETTINGS = parse(
    """
[newsletter]
name = "Weekly Brief"
from = "Weekly Brief <brief@example.org>"
[unsubscribe]
url = "https://example.org/u/{token}"
""",
    Path("briefing.toml"),
)
TEXT = "\n.one\n..two\n.\nThe end = é.\n"
RENDERED = RenderedIssue(
    id="2020-10-09",
    lang="en",
    subject="Weekly Brief",
    html=Slotted(
        (
            "<!DOCTYPE html>\n<html lang='en'><body><p>Dear ",
            Slot("name", "reader"),
            ",</p></body></html>\n",
        )
    ),
    text=Slotted(
        ("Dear ", Slot("name", "reader"), f",\n{TEXT}", Slot(UNSUBSCRIBE), "\n")
    ),
    pictures=(),
)
KEY = Key(b"k" * 32)
DATE = dt.datetime(2020, 10, 9, 8, tzinfo=dt.UTC)
MESSAGE = Message(RENDERED, SETTINGS, KEY, DATE.timestamp)

HANG = 60.0
"""Seconds after which a test that hangs fails; nothing else depends on them."""

Serve = Callable[..., SmtpServer]


def mail(number: int, address: str = "") -> Mail:
    address = address or f"reader{number}@example.org"
    return Mail(
        b"%d" % number,
        Envelope(
            address,
            address,
            {"name": f".Reader {number}"},
            sender="brief@example.org",
        ),
    )


def mails(count: int) -> list[Mail]:
    return [mail(number) for number in range(count)]


def scattered(count: int) -> list[Mail]:
    """Emails to neighbours at different domains."""
    return [
        mail(number, f"reader{number}@{number % 3}.example.org")
        for number in range(count)
    ]


def batches(*given: Mail, message: Message = MESSAGE) -> list[Batch]:
    return [Batch(message, [mail_]) for mail_ in given]


def smtp_settings(port: int, **options: Any) -> Settings:
    given = {"host": "127.0.0.1", "security": "none", **options}
    return replace(SETTINGS, smtp=SmtpSettings(port=port, **given))


def smtp(
    server: SmtpServer,
    connections: int = 1,
    *,
    timeout: float = 60,
    **options: Any,
) -> Smtp:
    return Smtp(
        smtp_settings(server.port, connections=connections, **options),
        "",
        timeout=timeout,
        pause=0.003,
    )


@contextmanager
def smtp_servers() -> Iterator[Serve]:
    """Starts servers, and checks in the end that no client broke the protocol."""
    servers: list[SmtpServer] = []
    with ExitStack() as stack:

        def serve(*rules: Any, **options: Any) -> SmtpServer:
            servers.append(stack.enter_context(SmtpServer(*rules, **options)))
            return servers[-1]

        yield serve
    for server in servers:
        assert server.violations == []
        for connection, said in server.raw.items():
            if said.lower().endswith(b"\r\nquit\r\n"):
                last = [
                    line
                    for number, line in server.commands
                    if number == connection
                ][-1]
                assert last.lower() == b"quit\r\n", (
                    "a QUIT where a body was awaited"
                )


class ManualClock(DispatchClock):
    """A clock that only moves when a test moves it; threads that wait for a time wait for the test."""

    def __init__(self) -> None:
        self._now = 0.0
        self._changed = threading.Condition()
        self._waiting: list[tuple[threading.Condition, float | None]] = []

    def now(self) -> float:
        return self._now

    def wait(
        self, condition: threading.Condition, seconds: float | None
    ) -> None:
        entry = (condition, None if seconds is None else self._now + seconds)
        with self._changed:
            self._waiting.append(entry)
            self._changed.notify_all()
        try:
            assert condition.wait(HANG), "nothing wakes it"
        finally:
            with self._changed:
                self._waiting.remove(entry)

    def until_waiting(self, until: float | None) -> None:
        """Block until a thread waits for this time, or without limit."""

        def is_waiting() -> bool:
            return any(time == until for _, time in self._waiting)

        with self._changed:
            assert self._changed.wait_for(is_waiting, HANG), (
                f"nothing waits for {until}"
            )

    def advance(self, seconds: float) -> None:
        """Let time pass, and wake those whose time has come."""
        with self._changed:
            self._now += seconds
            due = [
                condition
                for condition, until in self._waiting
                if until is not None and until <= self._now
            ]
        for condition in due:
            with condition:
                condition.notify_all()


def _is_tried_again(before: State, after: State) -> bool:
    """Whether a rejection is withdrawn."""
    return before is State.REJECTED and after is State.QUEUED


class Book:
    """The ledger of one send, in memory: `record` keeps the rules of Ledger.commit, and checks
    more.
    """

    def __init__(
        self,
        given: Sequence[Mail],
        *,
        left: Collection[Mail] = (),
        message: Message = MESSAGE,
    ) -> None:
        self.mails = list(given)
        self.message = message
        self.left = {mail.recipient for mail in left}
        self.states = {mail.recipient: State.QUEUED for mail in given}
        self.reasons: dict[bytes, str] = {}
        self.commits: list[tuple[int, int]] = []
        """How many outcomes and claims each had."""
        self.claimed: Counter[bytes] = Counter()
        self.most_sending = 0
        self.reason = ""
        """Why the send was stopped."""
        self.before_commit: Callable[[], object] = bool
        self._thread = threading.get_ident()

    def record(
        self, outcomes: Sequence[Outcome], claims: Sequence[Mail]
    ) -> Collection[bytes]:
        assert threading.get_ident() == self._thread
        self.before_commit()
        self.commits.append((len(outcomes), len(claims)))
        for outcome in outcomes:
            self._note(outcome)
        claimed = {
            mail.recipient for mail in claims if self._claim(mail.recipient)
        }
        self.claimed.update(claimed)
        sending = Counter(self.states.values())[State.SENDING]
        self.most_sending = max(self.most_sending, sending)
        return claimed

    def _note(self, outcome: Outcome) -> None:
        recipient = outcome.mail.recipient
        before, after = self.states[recipient], outcome.state
        assert after is not State.SENDING
        if before is State.SENDING or _is_tried_again(before, after):
            self.states[recipient] = after
            self.reasons[recipient] = outcome.reason
            return
        # Its claim was given back in the meantime.
        assert before is State.QUEUED, f"{after} for who was {before}"
        assert after in {State.QUEUED, State.REJECTED}, after

    def _claim(self, recipient: bytes) -> bool:
        """Claim an email; return False if its reader has left."""
        assert self.states[recipient] is State.QUEUED, "claimed twice"
        has_left = recipient in self.left
        self.states[recipient] = State.SKIPPED if has_left else State.SENDING
        return not has_left

    @property
    def counts(self) -> dict[str, int]:
        return dict(Counter(str(state) for state in self.states.values()))

    def numbers(self, state: State) -> list[int]:
        """Which emails are in a state."""
        return sorted(
            int(recipient)
            for recipient, state_ in self.states.items()
            if state_ is state
        )

    def words(self, state: State) -> set[str]:
        """The reasons recorded for those in a state."""
        return {
            self.reasons.get(recipient, "")
            for recipient, state_ in self.states.items()
            if state_ is state
        }

    def supply(self, dispatch: Dispatch, passes: int) -> Iterator[Batch | None]:
        for number in range(passes):
            while number and not dispatch.idle:
                yield None
            queued = [
                mail
                for mail in self.mails
                if self.states[mail.recipient] is State.QUEUED
            ]
            yield from batches(*queued, message=self.message)

    def send(
        self,
        transport: Transport,
        *,
        passes: int = 1,
        stop: threading.Event | None = None,
        clock: DispatchClock | None = None,
    ) -> None:
        """Send all emails; those that are queued again are tried again in the next of the passes."""
        dispatch = Dispatch(
            transport, self.record, stop or threading.Event(), clock
        )
        transport.open()
        try:
            dispatch.run(self.supply(dispatch, passes))
        finally:
            transport.close()
            self.reason = dispatch.reason

    def check(self, server: SmtpServer) -> None:
        """Compare what is recorded with what has arrived: this is what a send promises."""
        arrived = Counter(received.recipient for received in server.mails)
        allowed = {State.ACCEPTED: {1}, State.UNCERTAIN: {0, 1}}
        envelopes = {
            mail.envelope.address: mail.envelope for mail in self.mails
        }
        for mail in self.mails:
            state = self.states[mail.recipient]
            count = arrived.pop(mail.envelope.address, 0)
            assert count in allowed.get(state, {0}), state
        assert not arrived
        for received in server.mails:
            envelope = envelopes[received.recipient]
            assert received.data == self.message.fill(envelope)
            assert received.sender == envelope.sender
        assert State.SENDING not in self.states.values()


class MemoryQueue:
    """A queue that checks that the transport keeps its contract, and records everything."""

    def __init__(
        self,
        *batches: Sequence[Mail],
        left: Collection[bytes] = (),
        message: Message = MESSAGE,
    ) -> None:
        self.waiting = [Batch(message, batch) for batch in batches]
        self.left = left
        self.states: dict[bytes, State] = {}
        self.recorded: list[Outcome] = []
        self.pauses: list[float] = []
        self.reasons_to_pause: list[str] = []
        self.commits: list[tuple[int, int]] = []
        """How many outcomes and claims each had."""
        self.stops_after = 1_000_000
        """The number of claims and pauses after which it stops."""

    def next(self, *, wait: bool = True, most: int = MANY) -> Batch | None:
        assert not wait or State.SENDING not in self.states.values(), (
            "it waits, but owes outcomes"
        )
        if not self.waiting:
            return None
        batch, others = self.waiting.pop(0).cut(most)
        if others.mails:
            self.waiting.insert(0, others)
        return batch

    def claim(
        self, batch: Batch, after: Sequence[Outcome] = ()
    ) -> "MemoryClaim":
        self._record(after)
        self.stops_after -= 1
        if self.stops_after < 0:
            return MemoryClaim(None)
        here = [mail for mail in batch.mails if mail.recipient not in self.left]
        for mail in here:
            assert self.states.get(mail.recipient, State.QUEUED) is State.QUEUED
            self.states[mail.recipient] = State.SENDING
        self.commits.append((len(after), len(here)))
        return MemoryClaim(replace(batch, mails=here))

    def settle(self, outcomes: Sequence[Outcome]) -> None:
        self._record(outcomes)
        self.commits.append((len(outcomes), 0))

    def pause(self, seconds: float, why: str) -> None:
        assert State.SENDING not in self.states.values(), (
            "it pauses, but owes outcomes"
        )
        self.pauses.append(seconds)
        self.reasons_to_pause.append(why)
        self.stops_after -= 1
        if self.stops_after < 0:
            raise SendStopped

    def _record(self, outcomes: Sequence[Outcome]) -> None:
        for outcome in outcomes:
            before = self.states[outcome.mail.recipient]
            tried_again = _is_tried_again(before, outcome.state)
            assert before is State.SENDING or tried_again, (
                "two outcomes of one claim"
            )
            self.states[outcome.mail.recipient] = outcome.state
            self.recorded.append(outcome)

    @property
    def counts(self) -> dict[str, int]:
        return dict(Counter(str(state) for state in self.states.values()))

    def reasons(self, state: State) -> set[str]:
        return {
            outcome.reason
            for outcome in self.recorded
            if outcome.state is state
        }


class MemoryClaim:
    def __init__(self, batch: Batch | None) -> None:
        self.batch = batch

    def wait(self) -> Batch:
        if self.batch is None:
            raise SendStopped
        return self.batch
