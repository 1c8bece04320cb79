"""How many emails a send would hand over."""

from dataclasses import replace
from typing import Any

import pytest

from briefing.sending.ledger.schema import Frozen, State
from briefing.sending.preflight import amounts
from briefing.sending.preflight.amounts import Amounts
from briefing.sending.preflight.facts import SendRequest
from tests.sending.preflight.test_preflight import (
    CHANGED,
    FACTS,
    FROZEN,
    NO_COUNTS,
    OUTBOX,
    RECORD,
    SMTP,
)

OF_EACH: dict[State | None, int] = {
    None: 1,
    State.QUEUED: 2,
    State.DEFERRED: 4,
    State.RECALLED: 8,
    State.SKIPPED: 16,
    State.REJECTED: 32,
    State.UNCERTAIN: 64,
    State.SENDING: 128,
    State.ACCEPTED: 256,
}
"""Numbers whose sums tell which states were counted."""
STILL_OPEN = 2 + 4 + 8 + 16


def calculate(
    request: SendRequest, *, per_day: int = 0, **record: Any
) -> Amounts:
    given = {"frozen": FROZEN, "pending": OF_EACH, **record}
    return amounts.calculate(
        request, replace(FACTS, per_day=per_day), replace(RECORD, **given)
    )


class TestOpen:
    @pytest.mark.parametrize(
        ("request_", "count"),
        [
            (SMTP, STILL_OPEN),
            (replace(SMTP, late=True), STILL_OPEN + 1),
            (replace(SMTP, retry_rejected=True), STILL_OPEN + 32),
            (replace(SMTP, resend_uncertain=True), STILL_OPEN + 64 + 128),
            (
                replace(
                    SMTP, resend_uncertain=True, retry_rejected=True, late=True
                ),
                STILL_OPEN + 1 + 32 + 64 + 128,
            ),
        ],
    )
    def test_who_would_get_an_email_now(
        self, request_: SendRequest, count: int
    ) -> None:
        found = calculate(request_)
        assert (found.open, found.count, found.wanted) == (count, count, 511)

    def test_a_first_send_is_for_everyone(self) -> None:
        found = calculate(SMTP, frozen=None, pending={None: 7})
        assert (found.count, found.late, found.joined, found.restart) == (
            7,
            True,
            0,
            False,
        )

    def test_readers_who_joined_are_counted_only_if_there_are_any(self) -> None:
        assert (
            calculate(replace(SMTP, late=True), pending={State.QUEUED: 3}).count
            == 3
        )
        both = {State.QUEUED: 3, None: 1}
        assert calculate(replace(SMTP, late=True), pending=both).count == 4

    def test_who_joined_since_is_counted_apart(self) -> None:
        assert (calculate(SMTP).joined, calculate(SMTP).late) == (1, False)
        assert (
            calculate(replace(SMTP, late=True)).joined,
            calculate(replace(SMTP, late=True)).late,
        ) == (0, True)
        assert calculate(SMTP, pending={State.QUEUED: 1}).joined == 0


class TestLimits:
    @pytest.mark.parametrize(
        ("limit", "per_day", "claimed", "count"),
        [
            (None, 0, 0, 30),
            (10, 0, 0, 10),
            (40, 0, 0, 30),
            (None, 12, 0, 12),
            (None, 12, 5, 7),
            (None, 12, 12, 0),
            (None, 12, 20, 0),
            (3, 12, 5, 3),
            (10, 12, 5, 7),
            (None, 1, 0, 1),
        ],
    )
    def test_the_smallest_limit_counts(
        self, limit: int | None, per_day: int, claimed: int, count: int
    ) -> None:
        found = calculate(
            replace(SMTP, limit=limit), per_day=per_day, claimed_today=claimed
        )
        assert (found.count, found.open) == (count, 30)

    def test_a_rehearsal_has_no_daily_limit(self) -> None:
        found = calculate(
            replace(OUTBOX, limit=20), per_day=12, claimed_today=12
        )
        assert found.count == 20


class TestStartingOver:
    def test_a_changed_issue_that_no_reader_has_goes_to_everyone(self) -> None:
        pending: dict[State | None, int] = {
            State.QUEUED: 3,
            State.REJECTED: 2,
            None: 1,
        }
        found = calculate(
            SMTP, frozen=CHANGED, pending=pending, counts=NO_COUNTS
        )
        assert (found.restart, found.count, found.joined) == (True, 6, 0)

    def test_an_unchanged_issue_continues(self) -> None:
        assert calculate(SMTP, counts=NO_COUNTS).restart is False

    @pytest.mark.parametrize("frozen", [FROZEN, CHANGED])
    def test_a_rehearsal_always_does(self, frozen: Frozen) -> None:
        found = calculate(OUTBOX, frozen=frozen)
        assert (found.restart, found.count, found.wanted) == (True, 511, 511)

    def test_the_first_rehearsal_has_nothing_to_forget(self) -> None:
        found = calculate(OUTBOX, frozen=None)
        assert (found.restart, found.late) == (False, True)
