"""The promise of a send: no email twice and none silently lost, whatever interrupts it."""

import datetime as dt
import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from briefing.errors import (
    BusyError,
    FileError,
    LedgerError,
    RefusedError,
    TransportError,
)
from briefing.issue import receipt
from briefing.keys import Key
from briefing.newsletter import Newsletter
from briefing.sending import delivery
from briefing.sending.delivery import BACK_OFF
from briefing.sending.ledger import records
from briefing.sending.ledger.claim_count import ClaimCount
from briefing.sending.ledger.schema import State
from briefing.sending.preflight import gathering
from briefing.sending.preflight.facts import SendRequest
from briefing.sending.progress import Progress
from briefing.sending.transports.base import Mail, Outcome, Queue
from briefing.subscribers.suppression import Suppression, token_of
from tests import wire
from tests.sending.conftest import (
    ISSUE_ID,
    NOW,
    TIMING,
    all_readers,
    counts,
    edit_issue,
    first_readers,
    in_order,
    ledger_of,
    plan_of,
    received,
    rehearsed,
    send_approved,
    send_issue,
    smtp_to,
    write_list,
)
from tests.sending.servers.smtp import Drop, Reply, Rule, SmtpServer


def outbox_mails(newsletter: Newsletter) -> list[bytes]:
    return [path.read_bytes() for path in rehearsed(newsletter)]


def recipients(mails: list[bytes]) -> Counter[str]:
    return Counter(
        wire.parsed(mail)["To"].addresses[0].addr_spec for mail in mails
    )


def assert_nothing_left(newsletter: Newsletter, server: SmtpServer) -> None:
    with pytest.raises(RefusedError, match="already sent to every reader"):
        send_issue(newsletter, smtp_to(newsletter, server))


class TestEditions:
    def test_each_email_is_in_its_readers_language(
        self, sendable: Newsletter
    ) -> None:
        send_issue(sendable)
        for mail in outbox_mails(sendable):
            number = int(
                wire.parsed(mail)["To"]
                .addresses[0]
                .username.removeprefix("reader")
            )
            assert wire.parsed(mail)["Content-Language"] == (
                "de" if number % 3 == 0 else "en"
            )
            assert (
                "Der Text." if number % 3 == 0 else "Its text."
            ) in wire.part(mail, "plain")


class TestFormat:
    def test_a_reader_who_wants_text_gets_only_the_text_part(
        self, sendable: Newsletter
    ) -> None:
        sendable.subscribers.write_text(
            "email,format\na@example.org,text\nb@example.org,\nc@example.org,html\n",
            "utf-8",
        )
        assert counts(send_issue(sendable)) == {State.ACCEPTED: 3}
        kinds = {
            wire.parsed(mail)["To"].addresses[0].username: wire.parsed(
                mail
            ).get_content_type()
            for mail in outbox_mails(sendable)
        }
        assert kinds == {
            "a": "text/plain",
            "b": "multipart/alternative",
            "c": "multipart/alternative",
        }
        (text,) = [
            mail
            for mail in outbox_mails(sendable)
            if b"To: a@example.org" in mail
        ]
        assert "Its text." in wire.part(text, "plain")
        assert "List-Unsubscribe-Post" in wire.parsed(text)


class TestUnsubscribed:
    def test_a_reader_who_unsubscribed_gets_nothing_whatever_the_list_says(
        self, sendable: Newsletter, key: Key
    ) -> None:
        Suppression.of(sendable).add(
            [token_of(key, "reader1@example.org")], "asked", NOW.date()
        )
        send_issue(sendable)
        assert recipients(outbox_mails(sendable)) == all_readers(30) - Counter(
            ["reader1@example.org"]
        )


class TestRehearsal:
    def test_every_reader_on_the_list_gets_one_email(
        self, sendable: Newsletter
    ) -> None:
        assert counts(send_issue(sendable)) == {State.ACCEPTED: 30}
        assert recipients(outbox_mails(sendable)) == all_readers(30)

    def test_it_leaves_no_state(self, sendable: Newsletter) -> None:
        send_issue(sendable)
        assert receipt.read(sendable.issues / ISSUE_ID) is None
        assert {path.name for path in sendable.state.iterdir()} <= {
            "key",
            "send.lock",
        }

    def test_it_leaves_what_is_recorded_of_the_real_send(
        self, sendable: Newsletter, server: SmtpServer
    ) -> None:
        send_issue(sendable, smtp_to(sendable, server), limit=5)
        claim_count = ClaimCount.of(sendable.state, ISSUE_ID)
        before = receipt.read(sendable.issues / ISSUE_ID)
        for _ in range(2):  # the second starts over
            send_issue(sendable)
        assert before
        assert receipt.read(sendable.issues / ISSUE_ID) == before
        assert claim_count.read() == 5

    def test_repeated_it_writes_the_same_files_and_removes_the_others(
        self, sendable: Newsletter
    ) -> None:
        send_issue(sendable)
        before = {path.name: path.read_bytes() for path in rehearsed(sendable)}
        assert counts(send_issue(sendable)) == {State.ACCEPTED: 30}
        assert {
            path.name: path.read_bytes() for path in rehearsed(sendable)
        } == before
        write_list(sendable, 3)
        assert counts(send_issue(sendable)) == {State.ACCEPTED: 3}
        assert len(rehearsed(sendable)) == 3

    def test_it_has_exactly_the_emails_that_were_asked_for(
        self, sendable: Newsletter
    ) -> None:
        sendable.subscribers.write_text(
            'email,tags\na@example.org,board\nb@example.org,\nc@example.org,"press, board"\n'
        )
        send_issue(sendable)
        send_issue(sendable, tag="board")
        assert recipients(outbox_mails(sendable)) == Counter(
            ["a@example.org", "c@example.org"]
        )
        send_issue(sendable, limit=1)
        assert len(rehearsed(sendable)) == 1

    def test_a_daily_limit_of_the_provider_doesnt_count(
        self, sendable: Newsletter
    ) -> None:
        settings = sendable.root / "briefing.toml"
        text = settings.read_text("utf-8")
        settings.write_text(
            text.replace("[send]", "[send]\nper_day = 10"), "utf-8"
        )
        assert counts(send_issue(Newsletter(sendable.root))) == {
            State.ACCEPTED: 30
        }

    def test_the_real_send_deletes_it_but_not_that_of_another_issue(
        self, sendable: Newsletter, server: SmtpServer
    ) -> None:
        send_issue(sendable)
        other = sendable.rehearsals / "2020-10-16" / "001-en.eml"
        other.parent.mkdir()
        other.touch()
        with pytest.raises(RefusedError):
            send_issue(sendable, smtp_to(sendable, server), expect=1)
        assert len(rehearsed(sendable)) == 30
        send_issue(sendable, smtp_to(sendable, server), limit=1)
        assert rehearsed(sendable) == []
        assert other.exists()

    def test_the_same_reader_twice_on_the_list_gets_one_email(
        self, sendable: Newsletter
    ) -> None:
        sendable.subscribers.write_text(
            "email\nann@example.org\nANN@Example.org\n"
        )
        assert counts(send_issue(sendable)) == {State.ACCEPTED: 1}

    def test_progress_covers_every_email(self, sendable: Newsletter) -> None:
        shown: list[tuple[int, int]] = []
        send_issue(
            sendable,
            show_progress=lambda progress: shown.append(
                (progress.done, progress.total)
            ),
        )
        assert shown[-1] == (30, 30)


class TestSending:
    def test_every_reader_gets_one_email_and_the_receipt_says_so(
        self, sendable: Newsletter, server: SmtpServer
    ) -> None:
        assert counts(send_issue(sendable, smtp_to(sendable, server))) == {
            State.ACCEPTED: 30
        }
        assert received(server) == all_readers(30)
        written = receipt.read(sendable.issues / ISSUE_ID)
        assert written
        assert (
            written.readers,
            written.claimed,
            written.accepted,
            written.left,
            written.via,
        ) == (
            30,
            30,
            30,
            0,
            "smtp",
        )
        assert "reader" not in (
            sendable.issues / ISSUE_ID / receipt.FILE
        ).read_text().replace("readers", "")

    def test_no_reader_gets_a_second_email(
        self, sendable: Newsletter, server: SmtpServer
    ) -> None:
        send_issue(sendable, smtp_to(sendable, server))
        assert_nothing_left(sendable, server)
        assert received(server) == all_readers(30)

    def test_the_receipt_is_written_before_the_first_email(
        self, sendable: Newsletter
    ) -> None:
        there: list[bool] = []

        def look(_address: str | None) -> bool:
            there.append((sendable.issues / ISSUE_ID / receipt.FILE).exists())
            return False

        with SmtpServer(Rule("rcpt", Reply(550, "never"), when=look)) as server:
            send_issue(sendable, smtp_to(sendable, server))
        assert there
        assert all(there)

    def test_a_limited_send_is_continued_by_the_next(
        self, sendable: Newsletter, server: SmtpServer
    ) -> None:
        assert counts(
            send_issue(sendable, smtp_to(sendable, server), limit=5)
        ) == {
            State.ACCEPTED: 5,
            State.QUEUED: 25,
        }
        assert received(server) == first_readers(sendable, 5)
        assert counts(send_issue(sendable, smtp_to(sendable, server))) == {
            State.ACCEPTED: 30
        }
        assert received(server) == all_readers(30)

    def test_per_day_limits_a_send(
        self, sendable: Newsletter, server: SmtpServer
    ) -> None:
        settings = sendable.root / "briefing.toml"
        settings.write_text(
            settings.read_text("utf-8").replace(
                "[send]", "[send]\nper_day = 12"
            ),
            "utf-8",
        )
        with ledger_of(sendable) as ledger:
            ledger.load_audience([])
        assert counts(send_issue(sendable, smtp_to(sendable, server))) == {
            State.ACCEPTED: 12,
            State.QUEUED: 18,
        }

    def test_to_hundreds_of_readers(
        self, sendable: Newsletter, server: SmtpServer
    ) -> None:
        addresses = [f"reader{number}@example.org" for number in range(300)]
        sendable.subscribers.write_text("\n".join(["email", *addresses]))
        send_issue(sendable, smtp_to(sendable, server))
        assert received(server) == Counter(addresses)

    def test_readers_with_a_tag_first_then_the_rest(
        self, sendable: Newsletter, server: SmtpServer
    ) -> None:
        sendable.subscribers.write_text(
            "email,tags\na@example.org,board\nb@example.org,\n"
        )
        assert counts(
            send_issue(sendable, smtp_to(sendable, server), tag="board")
        ) == {
            State.ACCEPTED: 1,
            State.QUEUED: 1,
        }
        assert counts(send_issue(sendable, smtp_to(sendable, server))) == {
            State.ACCEPTED: 2
        }
        assert received(server) == Counter(["a@example.org", "b@example.org"])

    def test_readers_who_join_later_get_the_next_issue(
        self, sendable: Newsletter, server: SmtpServer
    ) -> None:
        send_issue(sendable, smtp_to(sendable, server), limit=5)
        write_list(sendable, 32)
        send_issue(sendable, smtp_to(sendable, server))
        assert_nothing_left(sendable, server)
        assert received(server) == all_readers(30)

    def test_readers_off_the_list_are_skipped_until_they_are_back(
        self, sendable: Newsletter, server: SmtpServer
    ) -> None:
        send_issue(sendable, smtp_to(sendable, server), limit=5)
        mailed_now = received(server)
        write_list(sendable, 28)
        send_issue(sendable, smtp_to(sendable, server), limit=1)
        with ledger_of(sendable) as ledger:
            skipped = ledger.counts(ISSUE_ID)[State.SKIPPED]
        assert (
            skipped == (all_readers(30) - all_readers(28) - mailed_now).total()
        )
        write_list(sendable, 30)
        assert counts(send_issue(sendable, smtp_to(sendable, server))) == {
            State.ACCEPTED: 30
        }

    def test_a_reader_who_unsubscribes_during_the_send_gets_nothing(
        self, sendable: Newsletter, key: Key
    ) -> None:
        *others, last = in_order(sendable)
        token = token_of(key, last)

        def leave(_address: str | None) -> bool:
            Suppression.of(sendable).add([token], "left", NOW.date())
            return False

        with SmtpServer(
            Rule("rcpt", Reply(550, "never"), when=leave)
        ) as server:
            result = send_issue(sendable, smtp_to(sendable, server))
        assert counts(result) == {State.ACCEPTED: 29, State.SKIPPED: 1}
        assert received(server) == Counter(others)

    def test_deferred_emails_are_tried_again_and_then_left_to_the_next_send(
        self, sendable: Newsletter
    ) -> None:
        rules = [
            Rule(
                "rcpt",
                Reply(451, "4.7.1 later"),
                when="reader3@example.org".__eq__,
                times=1,
            ),
            Rule(
                "rcpt",
                Reply(452, "4.2.2 full"),
                when="reader4@example.org".__eq__,
                times=3,
            ),
        ]
        with SmtpServer(*rules) as server:
            assert counts(send_issue(sendable, smtp_to(sendable, server))) == {
                State.ACCEPTED: 29,
                State.DEFERRED: 1,
            }
            assert counts(send_issue(sendable, smtp_to(sendable, server))) == {
                State.ACCEPTED: 30
            }
            assert received(server) == all_readers(30)

    def test_rejected_readers_are_tried_again_only_on_request(
        self, sendable: Newsletter
    ) -> None:
        rule = Rule(
            "rcpt",
            Reply(550, "5.1.1 no such user"),
            when="reader3@example.org".__eq__,
            times=1,
        )
        with SmtpServer(rule) as server:
            assert counts(send_issue(sendable, smtp_to(sendable, server))) == {
                State.ACCEPTED: 29,
                State.REJECTED: 1,
            }
            assert_nothing_left(sendable, server)
            with ledger_of(sendable) as ledger:
                assert ledger.reasons(ISSUE_ID) == {
                    State.REJECTED: {"550 5.1.1 no such user": 1}
                }
            again = send_issue(
                sendable, smtp_to(sendable, server), retry_rejected=True
            )
            assert counts(again) == {State.ACCEPTED: 30}
            assert received(server) == all_readers(30)

    def test_uncertain_emails_wait_for_the_editor(
        self, sendable: Newsletter
    ) -> None:
        rule = Rule(
            "dot",
            Drop(accepted=True),
            when="reader3@example.org".__eq__,
            times=1,
        )
        with SmtpServer(rule) as server:
            assert counts(send_issue(sendable, smtp_to(sendable, server))) == {
                State.ACCEPTED: 29,
                State.UNCERTAIN: 1,
            }
            assert_nothing_left(sendable, server)
            again = send_issue(
                sendable, smtp_to(sendable, server), resend_uncertain=True
            )
            assert counts(again) == {State.ACCEPTED: 30}
            # As the editor risked.
            assert received(server) == all_readers(30) + Counter(
                ["reader3@example.org"]
            )

    def test_uncertain_emails_can_be_marked_as_delivered(
        self, sendable: Newsletter
    ) -> None:
        with SmtpServer(Rule("dot", Drop(accepted=True), times=1)) as server:
            send_issue(sendable, smtp_to(sendable, server))
        with ledger_of(sendable) as ledger:
            assert delivery.mark_delivered(sendable, ledger, ISSUE_ID) == 1
            assert ledger.counts(ISSUE_ID)[State.ACCEPTED] == 30

    def test_a_server_that_rejects_every_reader_stops_the_send_and_all_stay_queued(
        self, sendable: Newsletter
    ) -> None:
        with SmtpServer(
            Rule("rcpt", Reply(550, "5.7.1 relaying denied"))
        ) as server:
            result = send_issue(sendable, smtp_to(sendable, server))
        assert counts(result) == {State.QUEUED: 30}
        assert "550 5.7.1 relaying denied" in result.reason

    def test_a_server_that_is_down_gets_nothing_and_freezes_nothing(
        self, sendable: Newsletter
    ) -> None:
        with SmtpServer() as server:
            transport = smtp_to(sendable, server)
        with pytest.raises(TransportError, match="no server answers there"):
            send_issue(sendable, transport)
        assert receipt.read(sendable.issues / ISSUE_ID) is None

    def test_a_stopped_send_ends_soon_and_is_continued_later(
        self, sendable: Newsletter, server: SmtpServer
    ) -> None:
        stop = threading.Event()

        def stop_after_ten(progress: Progress) -> None:
            if progress.done >= 10:
                stop.set()

        result = send_issue(
            sendable,
            smtp_to(sendable, server),
            stop=stop,
            show_progress=stop_after_ten,
        )
        assert 10 <= result.counts[State.ACCEPTED] < 30
        assert (
            result.counts[State.UNCERTAIN] == result.counts[State.SENDING] == 0
        )
        send_issue(sendable, smtp_to(sendable, server))
        assert received(server) == all_readers(30)


class TestFrozen:
    def test_after_an_edit_the_rest_get_the_issue_as_it_was(
        self, sendable: Newsletter, server: SmtpServer
    ) -> None:
        send_issue(sendable, smtp_to(sendable, server), limit=5)
        edit_issue(sendable, "Its text.", "Its other text.")
        assert counts(send_issue(sendable, smtp_to(sendable, server))) == {
            State.ACCEPTED: 30
        }
        assert received(server) == all_readers(30)
        texts = [wire.part(mail.data, "plain") for mail in server.mails]
        assert not any("Its other text." in text for text in texts)

    def test_another_sender_than_the_first_emails_had_is_refused(
        self, sendable: Newsletter, server: SmtpServer
    ) -> None:
        send_issue(sendable, smtp_to(sendable, server), limit=5)
        settings = sendable.root / "briefing.toml"
        text = settings.read_text("utf-8")
        settings.write_text(
            text.replace("<brief@example.org>", "<new@example.org>"), "utf-8"
        )
        with pytest.raises(RefusedError, match="the sender or the way to"):
            send_issue(sendable, smtp_to(sendable, server))
        assert received(server) == first_readers(sendable, 5)

    def test_an_issue_that_no_reader_got_may_be_edited(
        self, sendable: Newsletter
    ) -> None:
        with SmtpServer(Rule("mail", Reply(550, "not you"), times=1)) as server:
            refused = send_issue(
                sendable, smtp_to(sendable, server, connections=1)
            )
            assert counts(refused) == {State.QUEUED: 30}
            edit_issue(sendable, "Its text.", "Its other text.")
            assert counts(send_issue(sendable, smtp_to(sendable, server))) == {
                State.ACCEPTED: 30
            }
            assert all(
                "Its other text." in wire.part(mail.data, "plain")
                or "Der Text." in wire.part(mail.data, "plain")
                for mail in server.mails
            )

    def test_an_edited_issue_can_still_be_sent_if_the_server_was_down_at_first(
        self, sendable: Newsletter, server: SmtpServer
    ) -> None:
        with SmtpServer(Rule("mail", Reply(550, "not you"), times=1)) as down:
            transport = smtp_to(sendable, down, connections=1)
            send_issue(sendable, transport)
        edit_issue(sendable, "Its text.", "Its other text.")
        with pytest.raises(TransportError, match="no server answers there"):
            send_issue(sendable, transport)
        assert counts(send_issue(sendable, smtp_to(sendable, server))) == {
            State.ACCEPTED: 30
        }

    def test_altered_frozen_bytes_are_not_sent(
        self, sendable: Newsletter, server: SmtpServer
    ) -> None:
        send_issue(sendable, smtp_to(sendable, server), limit=5)
        with ledger_of(sendable) as ledger:
            ledger._db.execute(
                "UPDATE edition SET rendered = replace(rendered, 'Its text', 'Other text')"
            )
        with pytest.raises(
            LedgerError, match="lacks part of the issue that is being sent"
        ):
            send_issue(sendable, smtp_to(sendable, server))
        assert received(server) == first_readers(sendable, 5)

    @pytest.mark.parametrize("by_others", [5, 27, 30])
    def test_who_was_overtaken_by_another_send_is_busy_and_sends_nothing(
        self, sendable: Newsletter, server: SmtpServer, by_others: int
    ) -> None:
        """Whether any emails are left then, and how many."""
        transport = smtp_to(sendable, server)
        request = SendRequest(via="smtp", untested=True, limit=5)
        with ledger_of(sendable) as ledger:
            plan = plan_of(sendable)
            approved = gathering.examine(plan, ledger, request, NOW)
            send_issue(sendable, transport, limit=by_others)
            with pytest.raises(
                BusyError, match="has sent issue 2020-10-09 in the"
            ):
                send_approved(plan, ledger, transport, approved)
        assert received(server).total() == by_others

    def test_another_number_than_was_approved_sends_nothing(
        self, sendable: Newsletter, server: SmtpServer
    ) -> None:
        transport = smtp_to(sendable, server)
        send_issue(sendable, transport, limit=27)
        request = SendRequest(via="smtp", untested=True)
        with ledger_of(sendable) as ledger:
            plan = plan_of(sendable)
            approved = gathering.examine(plan, ledger, request, NOW)
            ledger._db.execute(
                "UPDATE delivery SET state = 'rejected' WHERE recipient = "
                "(SELECT max(recipient) FROM delivery WHERE state = 'queued')"
            )
            with pytest.raises(
                RefusedError, match="there are 2 emails to send now, not 3"
            ):
                send_approved(plan, ledger, transport, approved)
        assert received(server).total() == 27


class TestEnd:
    """Readers who don't have the issue are given up, and nobody else."""

    def end(self, newsletter: Newsletter) -> int:
        with ledger_of(newsletter) as ledger:
            return delivery.end(newsletter, ledger, ISSUE_ID)

    def test_the_rest_never_get_it(
        self, sendable: Newsletter, server: SmtpServer
    ) -> None:
        send_issue(sendable, smtp_to(sendable, server), limit=5)
        assert self.end(sendable) == 25
        assert self.end(sendable) == 0
        with pytest.raises(RefusedError, match="was ended with --end"):
            send_issue(sendable, smtp_to(sendable, server))
        assert received(server) == first_readers(sendable, 5)
        written = receipt.read(sendable.issues / ISSUE_ID)
        assert written
        assert (written.accepted, written.left) == (5, 0)

    def test_what_a_dead_process_left_becomes_uncertain(
        self, sendable: Newsletter
    ) -> None:
        send_issue(sendable, Scripted(accepted, batch=1), limit=5)
        with ledger_of(sendable) as ledger:
            claim = ledger.recipients(ISSUE_ID).digest(in_order(sendable)[-1])
            ledger.commit(ISSUE_ID, [], [claim])
        assert self.end(sendable) == 24
        with ledger_of(sendable) as ledger:
            assert ledger.counts(ISSUE_ID)[State.UNCERTAIN] == 1

    def test_an_issue_that_no_reader_has_can_still_be_edited_instead(
        self, sendable: Newsletter
    ) -> None:
        with pytest.raises(RefusedError, match="nothing to end"):
            self.end(sendable)

    def test_a_ledger_that_lost_claims_ends_nothing(
        self, sendable: Newsletter, server: SmtpServer
    ) -> None:
        send_issue(sendable, smtp_to(sendable, server), limit=5)
        ClaimCount.of(sendable.state, ISSUE_ID).write(9)
        with pytest.raises(RefusedError, match="doesn't know who got 4 emails"):
            self.end(sendable)


class TestReceiptMismatch:
    """A receipt whose ledger is missing or older: readers got the issue, and this computer doesn't
    know who.
    """

    @pytest.fixture
    def half(self, sendable: Newsletter, server: SmtpServer) -> Newsletter:
        send_issue(sendable, smtp_to(sendable, server), limit=5)
        return sendable

    def test_a_missing_ledger_is_refused(
        self, half: Newsletter, server: SmtpServer
    ) -> None:
        for file in half.state.glob("ledger.sqlite*"):
            file.unlink()
        with pytest.raises(
            RefusedError,
            match=r"sent from another copy of this folder, .*sent\.json, 5 readers of 30",
        ):
            send_issue(half, smtp_to(half, server))
        assert received(server) == first_readers(half, 5)

    def test_an_outdated_copy_of_the_ledger_is_refused(
        self, half: Newsletter, server: SmtpServer
    ) -> None:
        path = records.ledger_path(half)
        before = path.read_bytes()
        send_issue(half, smtp_to(half, server), limit=5)
        for file in half.state.glob("ledger.sqlite*"):
            file.unlink()
        path.write_bytes(before)
        # The receipt alone knows it.
        ClaimCount.of(half.state, ISSUE_ID).clear()
        with pytest.raises(RefusedError, match="is older than"):
            send_issue(half, smtp_to(half, server))
        assert received(server) == first_readers(half, 10)

    @pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"issue": 1}'])
    def test_a_receipt_that_cannot_be_read_is_refused(
        self, half: Newsletter, server: SmtpServer, text: str
    ) -> None:
        (half.issues / ISSUE_ID / receipt.FILE).write_text(text)
        with pytest.raises(FileError, match="isn't a valid receipt"):
            send_issue(half, smtp_to(half, server))

    def test_a_receipt_that_was_deleted_is_written_again(
        self, half: Newsletter, server: SmtpServer
    ) -> None:
        (half.issues / ISSUE_ID / receipt.FILE).unlink()
        send_issue(half, smtp_to(half, server))
        assert received(server) == all_readers(30)
        assert (
            json.loads((half.issues / ISSUE_ID / receipt.FILE).read_text())[
                "left"
            ]
            == 0
        )


class TestManyConnections:
    def test_emails_that_a_connection_returns_go_out_through_the_others(
        self, sendable: Newsletter
    ) -> None:
        with SmtpServer(max_connections=1) as server:
            assert counts(
                send_issue(sendable, smtp_to(sendable, server, connections=4))
            ) == {State.ACCEPTED: 30}
            assert received(server) == all_readers(30)

    def test_emails_of_a_broken_connection_go_out_in_the_same_send(
        self, sendable: Newsletter
    ) -> None:
        with SmtpServer(Rule("data", Drop(), nth=3, times=2)) as server:
            assert (
                counts(
                    send_issue(sendable, smtp_to(sendable, server), limit=10)
                )[State.ACCEPTED]
                == 10
            )
            assert received(server) == first_readers(sendable, 10)

    def test_a_refusal_that_is_taken_back_is_counted_once(
        self, sendable: Newsletter
    ) -> None:
        with SmtpServer(Rule("rcpt", Reply(550, "5.1.1 unknown"))) as server:
            result = send_issue(
                sendable, smtp_to(sendable, server, connections=3)
            )
        assert counts(result) == {State.QUEUED: 30}
        assert result.progress.done == 0
        with ledger_of(sendable) as ledger:
            assert (
                ledger.reasons(ISSUE_ID)[State.QUEUED]["550 5.1.1 unknown"] >= 5
            )

    def test_a_server_without_smtputf8_rejects_only_the_address_that_needs_it(
        self, sendable: Newsletter
    ) -> None:
        sendable.subscribers.write_text(
            "email\najla@example.org\nçelik@example.org\nzeki@example.org\n",
            "utf-8",
        )
        with SmtpServer() as server:
            assert counts(send_issue(sendable, smtp_to(sendable, server))) == {
                State.ACCEPTED: 2,
                State.REJECTED: 1,
            }
        with SmtpServer(smtputf8=True) as server:
            again = send_issue(
                sendable, smtp_to(sendable, server), retry_rejected=True
            )
            assert counts(again) == {State.ACCEPTED: 3}
            assert received(server) == Counter(["çelik@example.org"])


NO_SECOND_TRY = replace(TIMING, back_off=())


class Steps:
    """A clock that moves on by so many seconds whenever the send looks at it."""

    def __init__(self, step: float) -> None:
        self.seconds = 0.0
        self._step = step

    def look(self) -> float:
        self.seconds += self._step
        return self.seconds


class Scripted:
    """A transport that takes every email, and reports the outcomes that the test chooses."""

    name = "smtp"
    connections = 1
    per_second = 0

    def __init__(
        self, outcomes: Callable[[Mail], Sequence[Outcome]], batch: int = 100
    ) -> None:
        self.batch = batch
        self.handed_over: list[str] = []
        self._outcomes = outcomes

    def open(self) -> None: ...

    def close(self) -> None: ...

    def deliver(self, queue: Queue) -> None:
        while batch := queue.next():
            claimed = queue.claim(batch).wait()
            for mail in claimed.mails:
                self.handed_over.append(mail.envelope.address)
                queue.settle(self._outcomes(mail))


def accepted(mail: Mail) -> list[Outcome]:
    return [Outcome(mail, State.ACCEPTED)]


def deferred(mail: Mail) -> list[Outcome]:
    return [Outcome(mail, State.DEFERRED, "450 later")]


class TestOutcomes:
    def test_a_refusal_reported_after_it_was_taken_back_isnt_counted(
        self, sendable: Newsletter
    ) -> None:
        """Two connections can report in this order; the ledger ignores the late outcome as well."""

        def taken_back(mail: Mail) -> list[Outcome]:
            return [
                Outcome(mail, State.QUEUED, "550 no"),
                Outcome(mail, State.REJECTED, "550 no"),
            ]

        result = send_issue(sendable, Scripted(taken_back, batch=30), limit=30)
        assert counts(result) == {State.QUEUED: 30}
        assert (
            result.progress.done,
            result.progress.outcomes[State.REJECTED],
        ) == (
            0,
            0,
        )

    def test_a_refusal_that_is_taken_back_later_is_uncounted(
        self, sendable: Newsletter
    ) -> None:
        def taken_back(mail: Mail) -> list[Outcome]:
            return [
                Outcome(mail, State.REJECTED, "550 no"),
                Outcome(mail, State.QUEUED, "550 no"),
            ]

        result = send_issue(sendable, Scripted(taken_back, batch=30))
        assert counts(result) == {State.QUEUED: 30}
        assert result.progress.done == 0

    def test_what_the_ledger_never_claimed_isnt_counted(
        self, sendable: Newsletter
    ) -> None:
        def twice(mail: Mail) -> list[Outcome]:
            return [
                Outcome(mail, State.ACCEPTED),
                Outcome(mail, State.ACCEPTED),
            ]

        assert (
            send_issue(sendable, Scripted(twice)).progress.outcomes[
                State.ACCEPTED
            ]
            == 30
        )

    def test_an_email_that_comes_back_goes_out_again_within_the_same_number(
        self, sendable: Newsletter
    ) -> None:
        seen: set[bytes] = set()

        def second_time(mail: Mail) -> list[Outcome]:
            if mail.recipient in seen:
                return accepted(mail)
            seen.add(mail.recipient)
            return [Outcome(mail, State.QUEUED)]

        transport = Scripted(second_time)
        assert counts(send_issue(sendable, transport, limit=4)) == {
            State.ACCEPTED: 4,
            State.QUEUED: 26,
        }
        first_four = first_readers(sendable, 4)
        assert Counter(transport.handed_over) == first_four + first_four

    def test_a_reader_counts_once_with_the_latest_outcome(
        self, sendable: Newsletter
    ) -> None:
        tries = Counter[bytes]()

        def at_the_third_try(mail: Mail) -> list[Outcome]:
            tries[mail.recipient] += 1
            state = (
                State.ACCEPTED if tries[mail.recipient] == 3 else State.DEFERRED
            )
            return [Outcome(mail, state)]

        result = send_issue(sendable, Scripted(at_the_third_try))
        assert +result.progress.outcomes == {State.ACCEPTED: 30}
        assert result.progress.done == result.progress.total == 30

    def test_an_email_that_comes_back_again_and_again_is_still_one_email(
        self, sendable: Newsletter
    ) -> None:
        tries = Counter[bytes]()

        def at_the_second_try(mail: Mail) -> list[Outcome]:
            tries[mail.recipient] += 1
            state = (
                State.ACCEPTED if tries[mail.recipient] == 2 else State.QUEUED
            )
            return [Outcome(mail, state)]

        result = send_issue(sendable, Scripted(at_the_second_try))
        assert +result.progress.outcomes == {State.ACCEPTED: 30}

    def test_deferred_emails_are_tried_again_after_each_pause_and_no_others(
        self, sendable: Newsletter
    ) -> None:
        def deferred(mail: Mail) -> list[Outcome]:
            is_slow = mail.envelope.address in {
                "reader3@example.org",
                "reader4@example.org",
            }
            return (
                [Outcome(mail, State.DEFERRED, "451 later")]
                if is_slow
                else accepted(mail)
            )

        transport = Scripted(deferred)
        result = send_issue(sendable, transport)
        assert counts(result) == {State.ACCEPTED: 28, State.DEFERRED: 2}
        tries = Counter(transport.handed_over)
        assert (
            tries["reader3@example.org"],
            tries["reader4@example.org"],
            tries["reader5@example.org"],
        ) == (3, 3, 1)

    def test_a_deferred_email_waits_for_the_whole_pause(
        self, sendable: Newsletter
    ) -> None:
        clock, tries = Steps(5.0), list[float]()

        def deferred(mail: Mail) -> list[Outcome]:
            tries.append(clock.seconds)
            return [Outcome(mail, State.DEFERRED, "451 later")]

        timing = replace(TIMING, monotonic=clock.look, back_off=(10.0, 20.0))
        send_issue(sendable, Scripted(deferred), limit=1, timing=timing)
        first, second, third = tries
        assert second - first >= 10
        assert third - second >= 20

    @pytest.mark.parametrize(
        ("retry_after", "pause"), [(0.0, 100.0), (300.0, 300.0)]
    )
    def test_it_waits_as_long_as_the_server_says_or_as_is_usual(
        self, sendable: Newsletter, retry_after: float, pause: float
    ) -> None:
        clock, shown = Steps(20.0), list[str]()
        tries = Counter[bytes]()

        def greylisted(mail: Mail) -> list[Outcome]:
            tries[mail.recipient] += 1
            if tries[mail.recipient] > 1:
                return accepted(mail)
            return [Outcome(mail, State.DEFERRED, "450 later", retry_after)]

        def show(progress: Progress) -> None:
            if shown[-1:] != [progress.waiting]:
                shown.append(progress.waiting)

        timing = replace(TIMING, monotonic=clock.look, back_off=(100.0,))
        result = send_issue(
            sendable, Scripted(greylisted), timing=timing, show_progress=show
        )
        assert counts(result) == {State.ACCEPTED: 30}
        before, waiting, after = shown
        assert before == after == ""
        text, _, at = waiting.rstrip(".").rpartition(" at ")
        assert text.startswith("30 emails deferred by the server.")
        until = dt.datetime.strptime(at, "%H:%M:%S").replace(tzinfo=NOW.tzinfo)
        until = until.replace(NOW.year, NOW.month, NOW.day)
        assert until - NOW == pytest.approx(
            dt.timedelta(seconds=pause), abs=dt.timedelta(seconds=60)
        )

    @pytest.mark.parametrize(
        ("retry_after", "tries"), [(1500.0, 3), (1800.0, 3), (3601.0, 1)]
    )
    def test_it_waits_an_hour_at_most(
        self, sendable: Newsletter, retry_after: float, tries: int
    ) -> None:
        def later(mail: Mail) -> list[Outcome]:
            return [Outcome(mail, State.DEFERRED, "450 later", retry_after)]

        transport = Scripted(later)
        timing = replace(TIMING, monotonic=Steps(500.0).look, back_off=BACK_OFF)
        send_issue(sendable, transport, timing=timing, limit=1)
        assert len(transport.handed_over) == tries
        assert sum(BACK_OFF) == 3600

    def test_only_those_put_off_are_tried_again_not_the_others_on_the_list(
        self, sendable: Newsletter
    ) -> None:
        """With a limit, there are readers whose turn hasn't come: behind them in the queue, and, if
        they had an attempt in an earlier send, before them.
        """
        (first_reader,) = first_readers(sendable, 1)
        send_issue(sendable, Scripted(deferred), timing=NO_SECOND_TRY, limit=1)
        tries = Counter[bytes]()

        def greylisted(mail: Mail) -> list[Outcome]:
            tries[mail.recipient] += 1
            if tries[mail.recipient] > 1:
                return accepted(mail)
            return [Outcome(mail, State.DEFERRED, "450 later")]

        transport = Scripted(greylisted)
        result = send_issue(sendable, transport, timing=TIMING, limit=2)
        assert counts(result) == {State.ACCEPTED: 2, State.QUEUED: 28}
        assert list(tries.values()) == [2, 2]
        assert first_reader not in transport.handed_over

    def test_a_second_one_leaves_what_has_no_answer_uncertain(
        self, sendable: Newsletter
    ) -> None:
        class Silent(Scripted):
            def deliver(self, queue: Queue) -> None:
                batch = queue.next()
                assert batch
                queue.claim(batch).wait()
                interrupted.set()
                queue.pause(3600, "busy")

        interrupted = threading.Event()

        def interrupt(_progress: Progress) -> None:
            if interrupted.wait(0.01):
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            send_issue(
                sendable,
                Silent(accepted, batch=1),
                timing=replace(TIMING, monotonic=time.monotonic),
                show_progress=interrupt,
            )
        with ledger_of(sendable) as ledger:
            assert ledger.counts(ISSUE_ID)[State.UNCERTAIN] == 1

    def test_readers_with_an_attempt_go_last(
        self, sendable: Newsletter
    ) -> None:
        send_issue(
            sendable,
            Scripted(lambda mail: [Outcome(mail, State.QUEUED)], batch=1),
            limit=3,
            timing=NO_SECOND_TRY,
        )
        transport = Scripted(accepted)
        send_issue(sendable, transport)
        assert Counter(transport.handed_over[-3:]) == first_readers(sendable, 3)

    def test_dead_addresses_never_block_those_who_were_tried_less_often(
        self, sendable: Newsletter
    ) -> None:
        """Five of them end each send; the one after them has been tried once as well."""
        dead = {f"reader{number}@example.org" for number in range(12)}

        class Strict(Scripted):
            def deliver(self, queue: Queue) -> None:
                refused = 0
                while refused < 5 and (batch := queue.next()):
                    (mail,) = queue.claim(batch).wait().mails
                    is_dead = mail.envelope.address in dead
                    refused = refused + 1 if is_dead else 0
                    self.handed_over.append(mail.envelope.address)
                    queue.settle(
                        [
                            Outcome(
                                mail,
                                State.QUEUED if is_dead else State.ACCEPTED,
                            )
                        ]
                    )

        send_issue(
            sendable,
            Scripted(lambda mail: [Outcome(mail, State.QUEUED)], batch=1),
            timing=NO_SECOND_TRY,
            limit=30,
        )
        for _ in range(8):
            last = send_issue(
                sendable, Strict(accepted, batch=1), timing=NO_SECOND_TRY
            )
        assert counts(last) == {State.ACCEPTED: 18, State.QUEUED: 12}


class TestBatches:
    def test_they_have_one_edition_and_as_many_emails_as_the_transport_takes(
        self, sendable: Newsletter
    ) -> None:
        sizes: list[int] = []

        class Counting(Scripted):
            def deliver(self, queue: Queue) -> None:
                while batch := queue.next():
                    claimed = queue.claim(batch).wait()
                    sizes.append(len(claimed.mails))
                    queue.settle(
                        [
                            Outcome(mail, State.ACCEPTED)
                            for mail in claimed.mails
                        ]
                    )

        send_issue(sendable, Counting(accepted, batch=8))
        assert sorted(sizes) == [2, 4, 8, 8, 8]  # 10 in German, 20 in English
