"""Corrections, schedules, recalls, readers who leave and lost answers, in any order: each reader gets at
most one email, of the version in their row, and in the end nobody is left out.
"""

import contextlib
import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from briefing.errors import BriefingError
from briefing.issue import receipt
from briefing.keys import Key
from briefing.newsletter import Newsletter
from briefing.sending import schedule
from briefing.sending.ledger.schema import Schedule, State
from briefing.sending.transports.base import (
    Mail,
    Outcome,
    Queue,
    SchedulingTransport,
)
from briefing.subscribers.suppression import Suppression, token_of
from tests.sending.conftest import (
    ISSUE_ID,
    NOW,
    TIMING,
    edit_issue,
    ledger_of,
    send_issue,
    write_list,
)

FIRST, SECOND, THIRD = "Its text.", "Its other text.", "Its third text."
TEXTS = [FIRST, SECOND, THIRD]
READERS = 10
MARGIN = dt.timedelta(minutes=10)
AT = f"{NOW + dt.timedelta(hours=5):%Y-%m-%d %H:%M}+00:00"


@pytest.fixture
def english(sendable: Newsletter) -> Newsletter:
    """One edition, and ten readers."""
    path = sendable.root / "briefing.toml"
    text = path.read_text("utf-8").replace('["en", "de"]', '["en"]')
    path.write_text(text, "utf-8")
    (sendable.issues / ISSUE_ID / "issue.de.md").unlink()
    write_list(sendable, READERS)
    return sendable


@dataclass
class Provider(SchedulingTransport):
    """Delivers now or later, notes to whom, and knows who must get nothing."""

    newsletter: Newsletter
    name: str = "sendgrid"
    batch: int = 3
    connections: int = 1
    per_second: int = 0
    schedule: Schedule | None = None
    trouble: str = ""
    handed_over: list[tuple[str, str, str]] = field(default_factory=list)
    """Address, text, and the schedule's batch."""
    booked: int = 0
    cancelled: set[str] = field(default_factory=set)

    def open(self) -> None: ...

    def close(self) -> None: ...

    def deliver(self, queue: Queue) -> None:
        while batch := queue.next():
            claimed = queue.claim(batch).wait()
            for mail in claimed.mails:
                self._take(mail, claimed.message.fill(mail.envelope))
            if self.trouble == "dies":
                raise ZeroDivisionError("between an email and its outcome")
            state = State.UNCERTAIN if self.trouble else State.ACCEPTED
            self.trouble = ""
            queue.settle([Outcome(mail, state) for mail in claimed.mails])

    def _take(self, mail: Mail, data: bytes) -> None:
        identity = mail.envelope.identity
        suppression = Suppression.of(self.newsletter)
        assert token_of(Key.of(self.newsletter), identity) not in suppression
        (text,) = [text for text in TEXTS if text.encode() in data]
        batch = self.schedule.batch if self.schedule else ""
        self.handed_over.append((identity, text, batch))

    def new_batch(self) -> str:
        self.booked += 1
        return f"batch-{self.booked}"

    def cancel(self, batch: str) -> None:
        self.cancelled.add(batch)

    @property
    def delivered(self) -> list[tuple[str, str]]:
        """Who gets which text, unless it was recalled."""
        return [
            (address, text)
            for address, text, batch in self.handed_over
            if batch not in self.cancelled
        ]


Step = tuple[str, int]
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("edit"), st.integers(0, 2)),
        st.tuples(st.sampled_from(["send", "send at"]), st.integers(1, 4)),
        st.tuples(st.sampled_from(["loses", "dies"]), st.just(0)),
        st.tuples(st.just("recall"), st.just(0)),
        st.tuples(
            st.sampled_from(["remove", "restore"]), st.integers(0, READERS - 1)
        ),
    ),
    min_size=3,
    max_size=14,
)


@dataclass
class Week:
    """What happens to an issue."""

    newsletter: Newsletter
    provider: Provider
    text: str = FIRST

    def do(self, step: Step) -> None:
        """Do a step; whatever is refused changes nothing."""
        action, number = step
        with contextlib.suppress(BriefingError, ZeroDivisionError):
            match action:
                case "edit":
                    self.edit(TEXTS[number])
                case "send":
                    self.send(limit=number)
                case "send at":
                    self.send(limit=number, at=AT)
                case "recall":
                    self.recall()
                case "remove" | "restore":
                    self.unsubscribe(number, action)
                case _:
                    self.provider.trouble = action

    def edit(self, text: str) -> None:
        edit_issue(self.newsletter, self.text, text)
        self.text = text

    def send(self, **asked: Any) -> None:
        self.provider.schedule = None
        send_issue(
            self.newsletter,
            self.provider,
            timing=TIMING,
            corrected=True,
            late=True,
            **asked,
        )

    def recall(self) -> None:
        with ledger_of(self.newsletter) as ledger:
            schedule.recall(
                self.newsletter,
                ledger,
                ISSUE_ID,
                lambda: self.provider,
                margin=MARGIN,
                now=lambda: NOW,
            )

    def unsubscribe(self, number: int, action: str) -> None:
        token = token_of(Key.of(self.newsletter), f"reader{number}@example.org")
        suppression = Suppression.of(self.newsletter)
        if action == "remove":
            suppression.add([token], "asked", NOW.date())
        else:
            suppression.restore([token], NOW.date())

    def finish(self) -> None:
        """Restore everyone, and send until nobody is left."""
        self.provider.trouble = ""
        for number in range(READERS):
            self.do(("restore", number))
        for step in ("recall", "send", "send", "send at"):
            self.do((step, READERS))


def begin_anew(newsletter: Newsletter) -> None:
    with ledger_of(newsletter) as ledger:
        ledger.forget(ISSUE_ID)
    (newsletter.issues / ISSUE_ID / receipt.FILE).unlink(missing_ok=True)
    for file in [
        *newsletter.state.glob("claims/*"),
        *newsletter.state.glob("suppressions.csv"),
    ]:
        file.unlink()


@given(steps=STEPS)
@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_each_reader_has_one_email_of_the_version_in_their_row(
    english: Newsletter, steps: Sequence[Step]
) -> None:
    begin_anew(english)
    week = Week(english, Provider(english))
    try:
        for step in steps:
            week.do(step)
            assert_nobody_twice(week)
        week.finish()
        assert_nobody_twice(week)
        assert_nobody_lost(week)
    finally:
        week.edit(FIRST)


def assert_nobody_twice(week: Week) -> None:
    texts = Counter(address for address, _ in week.provider.delivered)
    assert not texts or max(texts.values()) == 1
    with ledger_of(week.newsletter) as ledger:
        versions = ledger.rendered(ISSUE_ID)
        for address, text in week.provider.delivered:
            recipient = ledger.recipients(ISSUE_ID).digest(address)
            row = ledger.find(ISSUE_ID, recipient)
            assert row
            assert text.encode() in versions[row.version - 1]["en"]


def assert_nobody_lost(week: Week) -> None:
    got = {address for address, _ in week.provider.delivered}
    with ledger_of(week.newsletter) as ledger:
        for number in range(READERS):
            address = f"reader{number}@example.org"
            recipient = ledger.recipients(ISSUE_ID).digest(address)
            row = ledger.find(ISSUE_ID, recipient)
            assert row
            assert address in got or row.state is State.UNCERTAIN, row
