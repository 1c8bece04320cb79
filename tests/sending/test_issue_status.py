"""How far an issue has been sent, and what the editor can do next."""

import pytest

from briefing.errors import NotFoundError
from briefing.newsletter import Newsletter
from briefing.sending import issue_status, waiting
from briefing.sending.issue_status import NextStep
from briefing.sending.ledger import send_lock
from briefing.sending.ledger.schema import INTERRUPTED, State
from briefing.sending.waiting import Wait, WaitState
from briefing.subscribers.subscriber_list import open_list
from tests.sending.conftest import (
    ISSUE_ID,
    NOW,
    in_order,
    ledger_of,
    plan_of,
    send_issue,
    smtp_to,
)
from tests.sending.servers.smtp import SmtpServer

NO_COUNTS = dict.fromkeys(State, 0)


class TestNextStep:
    @pytest.mark.parametrize(
        ("states", "step"),
        [
            ([State.ACCEPTED, State.SKIPPED], NextStep.NOTHING),
            ([State.QUEUED], NextStep.CONTINUE),
            ([State.DEFERRED], NextStep.CONTINUE),
            ([State.UNCERTAIN], NextStep.DECIDE_UNCERTAIN),
            ([State.REJECTED], NextStep.FIX_REJECTED),
            ([State.CANCELLED], NextStep.ENDED),
            ([State.UNCERTAIN, State.REJECTED], NextStep.DECIDE_UNCERTAIN),
            (list(State), NextStep.CONTINUE),
        ],
    )
    def test_it_follows_from_the_states_of_the_readers(
        self, states: list[State], step: NextStep
    ) -> None:
        counts = {**NO_COUNTS, **dict.fromkeys(states, 2)}
        assert issue_status.step_for(counts) is step


class TestRead:
    def test_before_any_send_there_is_no_status(
        self, sendable: Newsletter
    ) -> None:
        with pytest.raises(
            NotFoundError,
            match="issue 2020-10-09 hasn't been sent yet; run 'briefing send' to rehearse or send it",
        ):
            issue_status.read(sendable, None, None)

    def test_an_issue_that_wasnt_sent_is_named_in_the_error(
        self, sendable: Newsletter
    ) -> None:
        with pytest.raises(
            NotFoundError, match="issue 2020-10-16 hasn't been sent yet"
        ):
            issue_status.read(sendable, "2020-10-16", None)

    def test_the_newest_issue_is_shown_unless_one_is_named(
        self, sendable: Newsletter
    ) -> None:
        with ledger_of(sendable) as ledger:
            plan_of(sendable).survey(ledger)
            for issue in (ISSUE_ID, "2020-10-16", "2020-10-02"):
                ledger.freeze(issue, NOW, [])
        assert issue_status.read(sendable, None, None).issue == "2020-10-16"
        assert (
            issue_status.read(sendable, "2020-10-02", None).issue
            == "2020-10-02"
        )

    def test_an_issue_that_only_a_receipt_knows_is_shown_by_it(
        self, sendable: Newsletter, server: SmtpServer
    ) -> None:
        """The ledger was lost, or the issue was sent from another computer."""
        send_issue(sendable, smtp_to(sendable, server), limit=5)
        (sendable.state / "ledger.sqlite").unlink()
        for issue in (None, ISSUE_ID):
            status = issue_status.read(sendable, issue, None)
            assert status.receipt
            assert (status.receipt.accepted, status.receipt.left) == (5, 25)
        assert not (sendable.state / "ledger.sqlite").exists()

    def test_an_issue_that_only_the_count_of_its_claims_knows_was_sent(
        self, sendable: Newsletter, server: SmtpServer
    ) -> None:
        """The ledger and the receipt were lost; `send` refuses, and `status` doesn't say otherwise."""
        send_issue(sendable, smtp_to(sendable, server), limit=5)
        (sendable.state / "ledger.sqlite").unlink()
        (sendable.issues / ISSUE_ID / "sent.json").unlink()
        status = issue_status.read(sendable, None, None)
        assert (status.issue, status.receipt) == (ISSUE_ID, None)
        assert "doesn't know who got 5 emails" in status.mismatch

    def test_readers_are_looked_up_in_the_list(
        self, sendable: Newsletter, server: SmtpServer
    ) -> None:
        send_issue(sendable, smtp_to(sendable, server), limit=29)
        found = issue_status.read(
            sendable, None, open_list(sendable.subscribers)
        ).readers
        assert {state: len(readers) for state, readers in found.items()} == {
            State.ACCEPTED: 29,
            State.QUEUED: 1,
        }
        ((reader, record),) = found[State.QUEUED]
        assert (reader.address, record.state) == (
            in_order(sendable)[-1],
            State.QUEUED,
        )

    def test_during_a_send_they_are_being_sent(
        self, sendable: Newsletter
    ) -> None:
        with ledger_of(sendable) as ledger:
            plan_of(sendable).survey(ledger)
            ledger.freeze(ISSUE_ID, NOW, [])
            claim = ledger.recipients(ISSUE_ID).digest("reader0@example.org")
            ledger.commit(ISSUE_ID, [], [claim], day="2020-10-09")
        with send_lock.hold(sendable):
            status = issue_status.read(sendable, None, None)
        assert status.being_sent
        assert (
            status.counts[State.SENDING],
            status.counts[State.UNCERTAIN],
        ) == (1, 0)

    def test_emails_that_a_dead_process_left_are_uncertain(
        self, sendable: Newsletter
    ) -> None:
        """No process holds the lock."""
        with ledger_of(sendable) as ledger:
            plan_of(sendable).survey(ledger)
            ledger.freeze(ISSUE_ID, NOW, [])
            claim = ledger.recipients(ISSUE_ID).digest("reader0@example.org")
            ledger.commit(ISSUE_ID, [], [claim], day="2020-10-09")
        readers = open_list(sendable.subscribers)
        status = issue_status.read(sendable, None, readers)
        assert not status.being_sent
        assert status.counts[State.SENDING] == 0
        assert status.reasons[State.UNCERTAIN] == {INTERRUPTED: 1}
        ((reader, record),) = status.readers[State.UNCERTAIN]
        assert reader.address == "reader0@example.org"
        assert record.state is State.UNCERTAIN

    def test_a_rehearsal_alone_is_named_and_a_real_send_goes_before_it(
        self, sendable: Newsletter, server: SmtpServer
    ) -> None:
        send_issue(sendable)
        rehearsed = issue_status.read(sendable, None, None)
        assert (rehearsed.rehearsals, rehearsed.is_sent) == ([ISSUE_ID], False)
        send_issue(sendable, smtp_to(sendable, server), limit=5)
        sent = issue_status.read(sendable, None, None)
        assert (sent.is_sent, sent.counts[State.ACCEPTED]) == (True, 5)

    def test_an_issue_that_waits_is_shown_although_nothing_was_sent(
        self, sendable: Newsletter
    ) -> None:
        wait = Wait(issue=ISSUE_ID, at=NOW, via="smtp", count=30)
        with waiting.announce(sendable, wait):
            status = issue_status.read(sendable, None, None)
        assert status.wait
        assert (status.wait.state, status.is_sent) == (WaitState.WAITING, False)
