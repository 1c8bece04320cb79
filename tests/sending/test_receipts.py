"""The receipt says how far a send has come, however it ends."""

from dataclasses import replace
from itertools import pairwise

import pytest

from briefing.errors import BriefingError
from briefing.issue import receipt
from briefing.newsletter import Newsletter
from briefing.sending import delivery, receipts
from briefing.sending.ledger.schema import State
from briefing.sending.progress import Progress
from briefing.sending.transports.base import Mail, Outcome
from tests.sending.conftest import ISSUE_ID, TIMING, ledger_of, send_issue
from tests.sending.test_delivery import NO_SECOND_TRY, Scripted, accepted


class TestReceipt:
    def receipt(self, newsletter: Newsletter) -> receipt.Receipt:
        found = receipt.read(newsletter.issues / ISSUE_ID)
        assert found
        return found

    def test_it_counts_everyone_who_still_gets_the_issue(
        self, sendable: Newsletter
    ) -> None:
        states = iter(
            [State.DEFERRED, State.REJECTED, State.UNCERTAIN, State.ACCEPTED]
        )
        send_issue(
            sendable,
            Scripted(lambda mail: [Outcome(mail, next(states))]),
            limit=4,
            timing=NO_SECOND_TRY,
        )
        written = self.receipt(sendable)
        assert (
            written.readers,
            written.claimed,
            written.accepted,
            written.left,
        ) == (
            30,
            4,
            1,
            27,
        )

    def test_it_is_renewed_once_it_is_older_than_ten_seconds(
        self, sendable: Newsletter
    ) -> None:
        path = sendable.issues / ISSUE_ID / receipt.FILE
        seconds = 0.0
        seen: list[bytes] = []

        def five_seconds_pass(_progress: Progress) -> None:
            nonlocal seconds
            seconds += 5
            seen.append(path.read_bytes())

        send_issue(
            sendable,
            Scripted(accepted, batch=1),
            show_progress=five_seconds_pass,
            timing=replace(TIMING, monotonic=lambda: seconds),
        )
        # The third commit is the first one after more than ten seconds; the fourth finds its receipt.
        renewed = [
            number
            for number, (before, after) in enumerate(pairwise(seen), 1)
            if before != after
        ]
        assert renewed[:3] == [3, 6, 9]

    def test_one_that_cannot_be_written_ends_the_send_and_loses_no_outcome(
        self, sendable: Newsletter, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Without a receipt another computer could send the issue again."""
        monkeypatch.setattr(receipts, "INTERVAL", -1.0)
        path = sendable.issues / ISSUE_ID / receipt.FILE

        def put_a_folder_in_its_place(_progress: Progress) -> None:
            if path.is_file():
                path.unlink()
                path.mkdir()

        with pytest.raises(BriefingError, match="can't be written"):
            send_issue(
                sendable,
                Scripted(accepted, batch=1),
                show_progress=put_a_folder_in_its_place,
            )
        with ledger_of(sendable) as ledger:
            counts = ledger.counts(ISSUE_ID)
        assert counts[State.SENDING] == counts[State.UNCERTAIN] == 0
        assert 0 < counts[State.ACCEPTED] < 30

    def test_a_send_that_an_error_ends_leaves_a_receipt_of_all_it_sent(
        self, sendable: Newsletter
    ) -> None:
        handed_over: list[Mail] = []

        def broken(mail: Mail) -> list[Outcome]:
            handed_over.append(mail)
            if len(handed_over) == 8:
                raise ZeroDivisionError("a bug in a transport")
            return accepted(mail)

        with pytest.raises(ZeroDivisionError):
            send_issue(sendable, Scripted(broken, batch=1))
        written = self.receipt(sendable)
        assert (written.claimed, written.accepted, written.left) == (8, 7, 23)

    def test_uncertain_emails_marked_as_delivered_are_in_it(
        self, sendable: Newsletter
    ) -> None:
        send_issue(
            sendable, Scripted(lambda mail: [Outcome(mail, State.UNCERTAIN)])
        )
        assert self.receipt(sendable).accepted == 0
        with ledger_of(sendable) as ledger:
            delivery.mark_delivered(sendable, ledger, ISSUE_ID)
        assert self.receipt(sendable).accepted == 30
