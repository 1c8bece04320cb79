"""Test sends: where they go, what stops them, what the ledger records."""

import re
from pathlib import Path

import pytest

from briefing.checks.rule import Finding, Severity
from briefing.errors import RefusedError
from briefing.mail.message import SAMPLE_READER, Message
from briefing.newsletter import Newsletter
from briefing.sending import trial
from briefing.sending.ledger.schema import State
from briefing.sending.transports.base import Batch
from tests import wire
from tests.sending.conftest import (
    ISSUE_ID,
    NOW,
    ledger_of,
    outbox_of,
    plan_of,
    received,
    smtp_to,
)
from tests.sending.queues import MESSAGE, mails
from tests.sending.servers.smtp import Reply, Rule, SmtpServer

ERROR = Finding(
    "no-link", Severity.ERROR, Path("issue.md"), 3, "this item has no link"
)


class TestAddresses:
    def test_given_ones_go_before_those_of_the_settings(self) -> None:
        assert trial.parse_addresses(["a@example.org"], ["b@example.org"]) == [
            "a@example.org"
        ]
        assert trial.parse_addresses([], ["b@example.org"]) == ["b@example.org"]

    def test_each_gets_one_test(self) -> None:
        assert trial.parse_addresses(
            ["a@Example.org", "b@example.org", "a@example.org"], []
        ) == [
            "a@example.org",
            "b@example.org",
        ]

    def test_without_any_nothing_is_sent(self) -> None:
        with pytest.raises(RefusedError, match="give one with --test-to"):
            trial.parse_addresses([], [])

    def test_one_that_is_not_an_address_is_named_by_its_number_alone(
        self,
    ) -> None:
        with pytest.raises(
            RefusedError, match="test address 2: the address has no @"
        ):
            trial.parse_addresses(["a@example.org", "canary"], [])


class TestQueue:
    def test_a_batch_is_taken_in_portions(self) -> None:
        queue = trial.SingleRun([Batch(MESSAGE, mails(3))])
        taken = [queue.next(most=2), queue.next(most=2), queue.next(most=2)]
        assert [batch and len(batch.mails) for batch in taken] == [2, 1, None]


class TestSend:
    ADDRESSES = ("me@example.org", "you@example.org")

    def test_each_edition_goes_once_to_each_address_and_is_tested_then(
        self, sendable: Newsletter, server: SmtpServer
    ) -> None:
        mailing = plan_of(sendable).mailing
        with ledger_of(sendable) as ledger:
            outcomes = trial.send(
                mailing,
                ledger,
                smtp_to(sendable, server),
                self.ADDRESSES,
                lambda: NOW,
            )
            assert ledger.tests(ISSUE_ID, "smtp") == mailing.digests
            assert ledger.frozen(ISSUE_ID) is None
        assert [outcome.state for outcome in outcomes] == [State.ACCEPTED] * 4
        assert received(server) == {"me@example.org": 2, "you@example.org": 2}

    def test_an_edition_that_no_one_accepted_is_untested(
        self, sendable: Newsletter
    ) -> None:
        with (
            SmtpServer(
                Rule("rcpt", Reply(550, "5.1.1 unknown"), times=2)
            ) as server,
            ledger_of(sendable) as ledger,
        ):
            mailing = plan_of(sendable).mailing
            trial.send(
                mailing,
                ledger,
                smtp_to(sendable, server, connections=1),
                self.ADDRESSES,
                lambda: NOW,
            )
            assert ledger.tests(ISSUE_ID, "smtp") == {
                "de": mailing.digests["de"]
            }

    def test_errors_and_a_missing_way_to_unsubscribe_stop_it(
        self, sendable: Newsletter, server: SmtpServer
    ) -> None:
        transport = smtp_to(sendable, server)
        with ledger_of(sendable) as ledger:
            with pytest.raises(RefusedError, match="1 error stops issue"):
                trial.send(
                    plan_of(sendable, findings=[ERROR]).mailing,
                    ledger,
                    transport,
                    self.ADDRESSES,
                )
            path = sendable.root / "briefing.toml"
            path.write_text(
                path.read_text("utf-8").partition("[unsubscribe]")[0], "utf-8"
            )
            with pytest.raises(RefusedError, match="couldn't unsubscribe"):
                trial.send(
                    plan_of(sendable).mailing, ledger, transport, self.ADDRESSES
                )
            assert ledger.tests(ISSUE_ID, "smtp") == {}
        assert not received(server)

    def test_the_outbox_takes_none(self, sendable: Newsletter) -> None:
        with (
            ledger_of(sendable) as ledger,
            pytest.raises(RefusedError, match="can't be sent as a test"),
        ):
            trial.send(
                plan_of(sendable).mailing,
                ledger,
                outbox_of(sendable),
                self.ADDRESSES,
            )

    def test_one_connection_is_enough_for_several_editions(
        self, sendable: Newsletter, server: SmtpServer
    ) -> None:
        mailing = plan_of(sendable).mailing
        smtp = smtp_to(sendable, server, connections=1)
        with ledger_of(sendable) as ledger:
            outcomes = trial.send(
                mailing, ledger, smtp, self.ADDRESSES, lambda: NOW
            )
            assert ledger.tests(ISSUE_ID, "smtp") == mailing.digests
        assert [outcome.state for outcome in outcomes] == [State.ACCEPTED] * 4

    def test_its_message_ids_differ_by_edition_and_address(
        self, sendable: Newsletter, server: SmtpServer
    ) -> None:
        mailing = plan_of(sendable).mailing
        smtp = smtp_to(sendable, server)
        with ledger_of(sendable) as ledger:
            trial.send(mailing, ledger, smtp, self.ADDRESSES, lambda: NOW)
        ids = {wire.parsed(mail.data)["Message-ID"] for mail in server.mails}
        assert len(ids) == 4

    def test_it_differs_from_the_readers_email_by_subject_and_ids_only(
        self, sendable: Newsletter, server: SmtpServer
    ) -> None:
        mailing = plan_of(sendable).mailing
        smtp = smtp_to(sendable, server)
        with ledger_of(sendable) as ledger:
            trial.send(mailing, ledger, smtp, ["me@example.org"], lambda: NOW)
        for lang, edition in mailing.editions.items():
            message = Message(
                edition, sendable.settings, mailing.key, NOW.timestamp
            )
            expected = message.fill(
                SAMPLE_READER._replace(address="me@example.org")
            )
            (test,) = [
                mail.data
                for mail in server.mails
                if wire.parsed(mail.data)["Content-Language"] == lang
            ]
            assert without_ids(test) == without_ids(expected).replace(
                b"Subject: ", b"Subject: [Test] "
            )


def without_ids(mail: bytes) -> bytes:
    """Leave out what identifies the reader and the email: in both, these have the same length."""
    return re.sub(rb"[0-9a-f]{30}", b"", mail)
