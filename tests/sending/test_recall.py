"""Recalling a scheduled send: what counts as recalled, what as uncertain, and what can't be
recalled.
"""

import datetime as dt
from collections.abc import Iterator

import pytest

from briefing.errors import BusyError, RefusedError, TransportError
from briefing.issue import receipt
from briefing.newsletter import Newsletter
from briefing.sending import schedule
from briefing.sending.ledger import send_lock
from briefing.sending.ledger.ledger import Ledger
from briefing.sending.ledger.schema import Schedule, State
from briefing.sending.schedule import Recall
from briefing.sending.transports.base import Queue, SchedulingTransport
from tests.sending.conftest import ISSUE_ID, ledger_of, plan_of

NOW = dt.datetime(2020, 10, 9, 8, tzinfo=dt.UTC)
MARGIN = dt.timedelta(minutes=10)


class Provider(SchedulingTransport):
    """A provider that can schedule, and notes what it is asked."""

    name = "sendgrid"
    batch = 1000
    connections = 1
    per_second = 0

    def __init__(self) -> None:
        self.schedule: Schedule | None = None
        self.batches: list[str] = []
        self.cancelled: list[str] = []
        self.refuses = False

    def open(self) -> None: ...

    def deliver(self, queue: Queue) -> None: ...

    def close(self) -> None: ...

    def new_batch(self) -> str:
        self.batches.append(f"batch-{len(self.batches) + 1}")
        return self.batches[-1]

    def cancel(self, batch: str) -> None:
        if self.refuses:
            raise TransportError("it isn't confirmed")
        self.cancelled.append(batch)


@pytest.fixture
def provider() -> Provider:
    return Provider()


@pytest.fixture
def ledger(sendable: Newsletter) -> Iterator[Ledger]:
    """A ledger in which the issue is frozen for 30 readers."""
    with ledger_of(sendable) as ledger:
        plan = plan_of(sendable)
        plan.survey(ledger)
        ledger.freeze(ISSUE_ID, NOW, [("en", "digest", b"")])
        yield ledger


def scheduled(
    ledger: Ledger,
    provider: Provider,
    ahead: dt.timedelta,
    readers: range = range(5),
) -> Schedule:
    """Some readers' emails are scheduled, and accepted."""
    planned = schedule.book(ledger, ISSUE_ID, provider, NOW + ahead, NOW)
    recipients = [
        ledger.recipients(ISSUE_ID).digest(f"reader{number}@example.org")
        for number in readers
    ]
    ledger.commit(
        ISSUE_ID, [], recipients, schedule=planned.id, day="2020-10-09"
    )
    ledger.commit(
        ISSUE_ID,
        [(recipient, State.ACCEPTED, "") for recipient in recipients],
        [],
    )
    return planned


def recall(
    newsletter: Newsletter,
    ledger: Ledger,
    provider: Provider,
    now: dt.datetime = NOW,
) -> Recall:
    return schedule.recall(
        newsletter,
        ledger,
        ISSUE_ID,
        lambda: provider,
        margin=MARGIN,
        now=lambda: now,
    )


class TestBooking:
    def test_a_schedule_is_recorded_and_the_transport_knows_it(
        self, ledger: Ledger, provider: Provider
    ) -> None:
        planned = schedule.book(
            ledger, ISSUE_ID, provider, NOW + dt.timedelta(hours=1), NOW
        )
        assert ledger.schedules(ISSUE_ID) == [planned]
        assert provider.schedule == planned
        assert (planned.batch, planned.at) == (
            "batch-1",
            NOW + dt.timedelta(hours=1),
        )

    def test_a_pending_schedule_is_used_again(
        self, ledger: Ledger, provider: Provider
    ) -> None:
        first = schedule.book(
            ledger, ISSUE_ID, provider, NOW + dt.timedelta(hours=1), NOW
        )
        later = Provider()
        assert (
            schedule.book(
                ledger, ISSUE_ID, later, NOW + dt.timedelta(hours=1), NOW
            )
            == first
        )
        assert later.schedule == first
        assert later.batches == []

    def test_a_recalled_or_past_schedule_isnt(
        self, ledger: Ledger, provider: Provider
    ) -> None:
        first = schedule.book(
            ledger, ISSUE_ID, provider, NOW + dt.timedelta(hours=1), NOW
        )
        ledger.stop_claims(first)
        second = schedule.book(
            ledger, ISSUE_ID, provider, NOW + dt.timedelta(hours=1), NOW
        )
        third = schedule.book(
            ledger,
            ISSUE_ID,
            provider,
            NOW + dt.timedelta(hours=3),
            NOW + dt.timedelta(hours=1),
        )
        assert [planned.batch for planned in (first, second, third)] == [
            "batch-1",
            "batch-2",
            "batch-3",
        ]


class TestRecall:
    def test_emails_are_recalled_for_certain_until_the_margin(
        self, sendable: Newsletter, ledger: Ledger, provider: Provider
    ) -> None:
        scheduled(ledger, provider, MARGIN)
        assert recall(sendable, ledger, provider) == Recall(recalled=5)
        assert provider.cancelled == ["batch-1"]
        counts = ledger.counts(ISSUE_ID)
        assert (
            counts[State.RECALLED],
            counts[State.QUEUED],
            counts[State.ACCEPTED],
        ) == (5, 25, 0)

    def test_later_they_are_uncertain(
        self, sendable: Newsletter, ledger: Ledger, provider: Provider
    ) -> None:
        scheduled(ledger, provider, MARGIN - dt.timedelta(seconds=1))
        assert recall(sendable, ledger, provider) == Recall(uncertain=5)
        assert ledger.counts(ISSUE_ID)[State.UNCERTAIN] == 5

    def test_several_schedules_are_recalled_together(
        self, sendable: Newsletter, ledger: Ledger, provider: Provider
    ) -> None:
        soon = scheduled(ledger, provider, dt.timedelta(minutes=5))
        ledger.stop_claims(soon)  # a recall that was interrupted
        scheduled(ledger, provider, dt.timedelta(hours=1), range(5, 8))
        assert recall(sendable, ledger, provider) == Recall(
            recalled=3, uncertain=5
        )
        assert provider.cancelled == ["batch-1", "batch-2"]

    def test_again_nothing_is_recalled_twice(
        self, sendable: Newsletter, ledger: Ledger, provider: Provider
    ) -> None:
        scheduled(ledger, provider, dt.timedelta(hours=1))
        recall(sendable, ledger, provider)
        assert recall(sendable, ledger, provider) == Recall()

    def test_emails_stay_unchanged_without_confirmation_and_no_more_are_claimed(
        self, sendable: Newsletter, ledger: Ledger, provider: Provider
    ) -> None:
        planned = scheduled(ledger, provider, dt.timedelta(hours=1))
        provider.refuses = True
        with pytest.raises(TransportError, match="isn't confirmed"):
            recall(sendable, ledger, provider)
        assert ledger.counts(ISSUE_ID)[State.ACCEPTED] == 5
        assert ledger.is_recalled(planned.id)
        provider.refuses = False
        after_its_time = NOW + dt.timedelta(hours=2)
        assert recall(sendable, ledger, provider, after_its_time) == Recall(
            uncertain=5
        )

    def test_it_waits_for_a_send_that_is_running(
        self,
        sendable: Newsletter,
        ledger: Ledger,
        provider: Provider,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        scheduled(ledger, provider, dt.timedelta(hours=1))
        monkeypatch.setattr(schedule, "LOCK_PATIENCE", 0.0)
        with send_lock.hold(sendable), pytest.raises(BusyError):
            recall(sendable, ledger, provider)
        assert provider.cancelled == ["batch-1"], (
            "first, so that the send can end"
        )
        assert recall(sendable, ledger, provider) == Recall(recalled=5)


class TestReceipt:
    def write(self, newsletter: Newsletter) -> None:
        (newsletter.issues / ISSUE_ID / receipt.FILE).write_text("{}")

    def is_there(self, newsletter: Newsletter) -> bool:
        return (newsletter.issues / ISSUE_ID / receipt.FILE).exists()

    def test_an_issue_that_no_reader_has_loses_its_receipt(
        self, sendable: Newsletter, ledger: Ledger, provider: Provider
    ) -> None:
        scheduled(ledger, provider, dt.timedelta(hours=1))
        self.write(sendable)
        recall(sendable, ledger, provider)
        assert not self.is_there(sendable)

    def test_an_issue_that_readers_may_have_keeps_one_that_counts_the_recalled(
        self, sendable: Newsletter, ledger: Ledger, provider: Provider
    ) -> None:
        scheduled(ledger, provider, dt.timedelta(minutes=1), range(5))
        self.write(sendable)
        assert recall(sendable, ledger, provider) == Recall(uncertain=5)
        scheduled(ledger, provider, dt.timedelta(hours=1), range(5, 8))
        recall(sendable, ledger, provider)
        written = receipt.read(sendable.issues / ISSUE_ID)
        assert written
        assert (
            written.via,
            written.claimed,
            written.accepted,
            written.left,
        ) == (
            provider.name,
            8,
            0,
            25,
        )


class TestTooLate:
    def test_emails_sent_immediately_cant_be_recalled(
        self, sendable: Newsletter, ledger: Ledger, provider: Provider
    ) -> None:
        with pytest.raises(
            RefusedError, match="issue 2020-10-09 isn't scheduled"
        ):
            recall(sendable, ledger, provider)

    def test_emails_that_went_out_cant_be_recalled(
        self, sendable: Newsletter, ledger: Ledger, provider: Provider
    ) -> None:
        scheduled(ledger, provider, dt.timedelta(hours=1))
        with pytest.raises(
            RefusedError, match=r"went out at .* can no longer be recalled"
        ):
            recall(sendable, ledger, provider, NOW + dt.timedelta(hours=1))
        assert provider.cancelled == []
