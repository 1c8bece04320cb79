"""The Date of an email is when it is handed over, however often and however late that is; its
Message-ID stays.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from email.utils import parsedate_to_datetime

from briefing.newsletter import Newsletter
from briefing.sending import trial
from briefing.sending.delivery import Timing
from briefing.sending.ledger.schema import State
from tests import wire
from tests.sending.conftest import (
    NOW,
    TIMING,
    all_readers,
    counts,
    ledger_of,
    plan_of,
    received,
    rehearsed,
    send_issue,
    smtp_to,
)
from tests.sending.servers.smtp import Drop, Reply, Rule, SmtpServer

SECOND = dt.timedelta(seconds=1)
DAY = dt.timedelta(days=1)
READER = "reader3@example.org"


class Ticking:
    """A clock that moves on by a second whenever someone looks at it."""

    def __init__(self, start: dt.datetime) -> None:
        self.now = start

    def look(self) -> dt.datetime:
        self.now += SECOND
        return self.now


def at(moment: dt.datetime) -> Timing:
    return replace(TIMING, now=lambda: moment)


def date_of(mail: bytes) -> dt.datetime:
    return parsedate_to_datetime(str(wire.parsed(mail)["Date"]))


def dates(server: SmtpServer) -> list[dt.datetime]:
    """The Dates of the emails that the server has, in their order."""
    return [date_of(mail.data) for mail in server.mails]


def mails_to(server: SmtpServer, address: str) -> Iterator[bytes]:
    for mail in server.mails:
        if mail.recipient == address:
            yield mail.data


class TestSending:
    def test_each_email_has_the_time_at_which_the_server_got_it(
        self, sendable: Newsletter, server: SmtpServer
    ) -> None:
        clock = Ticking(NOW)
        send_issue(
            sendable,
            smtp_to(sendable, server, connections=1),
            timing=replace(TIMING, now=clock.look),
        )
        sent = dates(server)
        assert len(sent) == 30
        assert sent == sorted(set(sent))
        assert sent[0] > NOW
        assert sent[-1] <= clock.now

    def test_it_is_in_utc_wherever_the_editor_is(
        self, sendable: Newsletter, server: SmtpServer
    ) -> None:
        there = dt.timezone(dt.timedelta(hours=8))
        timing = at(NOW.astimezone(there))
        send_issue(sendable, smtp_to(sendable, server), timing=timing)
        assert {wire.parsed(mail.data)["Date"] for mail in server.mails} == {
            "Fri, 09 Oct 2020 08:00:00 +0000"
        }

    def test_the_rest_that_is_sent_days_later_has_the_later_date(
        self, sendable: Newsletter, server: SmtpServer
    ) -> None:
        send_issue(sendable, smtp_to(sendable, server), limit=10)
        later = NOW + 6 * DAY
        send_issue(sendable, smtp_to(sendable, server), timing=at(later))
        assert dates(server) == [NOW] * 10 + [later] * 20
        assert received(server) == all_readers(30)

    def test_an_email_that_is_tried_again_has_the_date_of_that_attempt(
        self, sendable: Newsletter
    ) -> None:
        greylisted = Rule(
            "rcpt", Reply(451, "4.7.1 later"), when=READER.__eq__, times=2
        )
        with SmtpServer(greylisted) as server:
            without_pauses = replace(TIMING, back_off=())
            result = send_issue(
                sendable, smtp_to(sendable, server), timing=without_pauses
            )
            assert counts(result)[State.DEFERRED] == 1
            send_issue(
                sendable, smtp_to(sendable, server), timing=at(NOW + DAY)
            )
            (mail,) = mails_to(server, READER)
        assert date_of(mail) == NOW + DAY

    def test_an_email_that_waits_for_the_pace_has_the_date_at_which_it_goes_out(
        self, sendable: Newsletter
    ) -> None:
        """It is filled in for each attempt, not once when it is its turn."""
        too_fast = Rule("mail", Reply(451, "4.7.0 too fast"), times=1)
        clock = Ticking(NOW)
        with SmtpServer(too_fast) as server:
            send_issue(
                sendable,
                smtp_to(sendable, server, connections=1),
                timing=replace(TIMING, now=clock.look),
            )
            assert received(server) == all_readers(30)
            sent = dates(server)
        assert sent == sorted(set(sent))

    def test_a_resent_email_keeps_its_message_id(
        self, sendable: Newsletter
    ) -> None:
        """So programs recognise it, should it arrive twice, whatever its Date."""
        unanswered = Rule(
            "dot", Drop(accepted=True), when=READER.__eq__, times=1
        )
        with SmtpServer(unanswered) as server:
            send_issue(sendable, smtp_to(sendable, server))
            send_issue(
                sendable,
                smtp_to(sendable, server),
                timing=at(NOW + DAY),
                resend_uncertain=True,
            )
            first, second = mails_to(server, READER)
        assert (date_of(first), date_of(second)) == (NOW, NOW + DAY)
        ids = {wire.parsed(mail)["Message-ID"] for mail in (first, second)}
        assert len(ids) == 1


def test_a_test_has_the_time_at_which_it_is_sent_and_says_that_it_is_one(
    sendable: Newsletter, server: SmtpServer
) -> None:
    mailing = plan_of(sendable).mailing
    smtp = smtp_to(sendable, server, connections=1)
    clock = Ticking(NOW)
    with ledger_of(sendable) as ledger:
        trial.send(mailing, ledger, smtp, ["me@example.org"], clock.look)
        assert ledger.tests("2020-10-09", "smtp") == mailing.digests
    first, second = dates(server)
    assert NOW < first < second
    subjects = [wire.parsed(mail.data)["Subject"] for mail in server.mails]
    assert subjects == ["[Test] Weekly Brief"] * 2


def test_a_rehearsal_has_the_time_of_the_freeze(sendable: Newsletter) -> None:
    """Its emails go nowhere; so writing them again gives the same files."""
    send_issue(sendable, timing=replace(TIMING, now=Ticking(NOW).look))
    dates = {date_of(path.read_bytes()) for path in rehearsed(sendable)}
    assert dates == {NOW + SECOND}
