"""Sending by SMTP, against a local server that behaves well or badly: which readers get an email."""

import asyncio
import logging
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from briefing.errors import LedgerError, TransportError
from briefing.mail.message import Envelope, Message
from briefing.sending.dispatch import DispatchClock
from briefing.sending.ledger.schema import State
from briefing.sending.transports.pace import Pace
from briefing.sending.transports.session import Session
from briefing.sending.transports.smtp import Smtp
from briefing.sending.trial import SingleRun
from tests import tls, wire
from tests.sending.queues import (
    DATE,
    KEY,
    MESSAGE,
    RENDERED,
    SETTINGS,
    TEXT,
    Book,
    Serve,
    batches,
    mail,
    mails,
    scattered,
    smtp,
    smtp_servers,
    smtp_settings,
)
from tests.sending.servers.smtp import (
    Action,
    Drop,
    Hang,
    Kill,
    Reply,
    Rule,
    SmtpServer,
    Stage,
)
from tests.sending.sessions import Cut, Impatient
from tests.sending.test_session import Odd


class Long(Message):
    """More than the system takes off a sender's hands."""

    def fill(self, envelope: Envelope) -> bytes:
        return super().fill(envelope) + (b"x" * 76 + b"\r\n") * 200_000


LONG = Long(RENDERED, SETTINGS, KEY, DATE.timestamp)
UNKNOWN = Reply(550, "5.1.1 no such user")


@pytest.fixture
def serve() -> Iterator[Serve]:
    with smtp_servers() as begin:
        yield begin


@dataclass(frozen=True)
class Way:
    """How many connections to a server that takes commands in groups, or doesn't."""

    serve: Serve
    pipelining: bool
    connections: int

    def server(self, *rules: Rule, **options: Any) -> SmtpServer:
        return self.serve(*rules, pipelining=self.pipelining, **options)

    def send(self, server: SmtpServer, book: Book, *, passes: int = 1) -> Book:
        return self.check(
            server, book, smtp(server, self.connections), passes=passes
        )

    def send_impatiently(self, server: SmtpServer, book: Book) -> Book:
        """Where the server hangs, the connection's time-out is over."""
        return self.check(
            server,
            book,
            Impatient(
                smtp_settings(server.port, connections=self.connections), server
            ),
        )

    def check(
        self,
        server: SmtpServer,
        book: Book,
        transport: Smtp,
        *,
        passes: int = 1,
    ) -> Book:
        book.send(transport, passes=passes)
        book.check(server)
        assert book.most_sending <= 2 * self.connections
        return book


@pytest.fixture(
    params=[
        "pipelined, one",
        "pipelined, three",
        "lock-step, one",
        "lock-step, three",
    ]
)
def way(request: pytest.FixtureRequest, serve: Serve) -> Way:
    kind, _, number = request.param.partition(", ")
    return Way(serve, kind == "pipelined", {"one": 1, "three": 3}[number])


def to(*numbers: int) -> Any:
    """A rule's readers."""
    addresses = {f"reader{number}@example.org" for number in numbers}
    return lambda address: address in addresses


class TestEveryReader:
    def test_gets_one_whole_email_of_their_own(self, way: Way) -> None:
        server = way.server()
        book = way.send(server, Book(mails(40)))
        assert book.counts == {"accepted": 40}
        assert book.words(State.ACCEPTED) == {""}
        assert book.reason == ""
        assert (
            len({received.connection for received in server.mails})
            <= way.connections
        )

    def test_the_bytes_on_the_wire_are_those_of_the_message(
        self, serve: Serve
    ) -> None:
        server = serve()
        Book(mails(3)).send(smtp(server))
        for mail_ in mails(3):
            filled = MESSAGE.fill(mail_.envelope)
            assert filled + b".\r\n" in server.raw[1]
            assert f"\n{TEXT}" in wire.part(filled, "plain")
            assert "Dear .Reader" in wire.part(filled, "html")
        assert b"\r\n.." not in server.raw[1]

    def test_each_email_has_the_envelope_sender_of_its_reader(
        self, way: Way
    ) -> None:
        senders = {
            f"reader{n}@example.org": f"bounces+{n}@example.net"
            for n in range(4)
        }
        given = [
            replace(
                mail_,
                envelope=mail_.envelope._replace(
                    sender=senders[mail_.envelope.address]
                ),
            )
            for mail_ in mails(4)
        ]
        server = way.server()
        way.send(server, Book(given))
        assert {
            received.recipient: received.sender for received in server.mails
        } == senders

    def test_of_a_test_send_too(self, way: Way) -> None:
        server, queue = way.server(), SingleRun(batches(*mails(5)))
        transport = smtp(server)
        transport.open()
        transport.deliver(queue)
        transport.close()
        assert [outcome.state for outcome in queue.outcomes] == [
            State.ACCEPTED
        ] * 5
        assert [received.recipient for received in server.mails] == [
            mail_.envelope.address for mail_ in mails(5)
        ]

    def test_without_readers_there_is_no_email(self, way: Way) -> None:
        server = way.server()
        assert way.send(server, Book([])).commits == []
        assert b"MAIL" not in b"".join(server.raw.values())

    def test_the_connection_ends_with_quit(self, way: Way) -> None:
        server = way.server()
        way.send(server, Book(mails(9)))
        for connection in server.raw.values():
            assert connection.lower().endswith(b"quit\r\n")


class TestRoundTrips:
    @staticmethod
    def of(server: SmtpServer, count: int) -> int:
        transport = smtp(server)
        transport.deliver(SingleRun(batches(*mails(count))))
        return sum(server.round_trips.values())

    def test_an_email_takes_one_where_commands_may_be_grouped(
        self, serve: Serve
    ) -> None:
        assert self.of(serve(), 60) - self.of(serve(), 10) == 50

    def test_an_email_takes_four_where_they_may_not(self, serve: Serve) -> None:
        assert (
            self.of(serve(pipelining=False), 60)
            - self.of(serve(pipelining=False), 10)
            == 200
        )

    @pytest.mark.parametrize("mode", ["354", "503"])
    def test_a_refused_reader_costs_no_more_than_the_group(
        self, serve: Serve, mode: str
    ) -> None:
        def server() -> SmtpServer:
            return serve(
                Rule("rcpt", UNKNOWN, when=to(3, 5)),
                data_without_recipient=mode,
            )

        assert self.of(server(), 60) - self.of(server(), 10) == 50


class TestARefusedReader:
    @pytest.mark.parametrize("mode", ["354", "503"])
    def test_what_follows_is_an_email_of_its_own(
        self, way: Way, mode: str
    ) -> None:
        """A server that says 354 although it refused the reader waits for a body: it gets a lone
        dot.
        """
        server = way.server(
            Rule("rcpt", UNKNOWN, when=to(0, 4, 5, 9)),
            data_without_recipient=mode,
        )
        book = way.send(server, Book(mails(10)))
        assert book.numbers(State.REJECTED) == [0, 4, 5, 9]
        assert book.numbers(State.ACCEPTED) == [1, 2, 3, 6, 7, 8]
        assert book.words(State.REJECTED) == {"550 5.1.1 no such user"}
        resets = b"".join(server.raw.values()).count(b"RSET\r\n")
        assert (resets > 0) == (mode == "503" or not way.pipelining)
        assert resets <= 4, (
            "one for each refused reader who is followed by another"
        )

    @pytest.mark.parametrize(
        "text",
        [
            "5.1.1 no such user",
            "5.2.2 full",
            "no",
            "5.6.7 never",
            "",
            "5.4.1 nowhere",
        ],
    )
    @pytest.mark.parametrize("code", [550, 552])
    def test_is_rejected_alone_whatever_the_code(
        self, serve: Serve, code: int, text: str
    ) -> None:
        server = serve(Rule("rcpt", Reply(code, text), when=to(1)))
        book = Book(mails(3))
        book.send(smtp(server))
        book.check(server)
        assert book.numbers(State.REJECTED) == [1]
        assert book.words(State.REJECTED) == {f"{code} {text}".strip()}

    def test_may_be_every_seventh(self, way: Way) -> None:
        refuse = Rule("rcpt", UNKNOWN, when=to(*range(0, 50, 7)))
        book = way.send(way.server(refuse), Book(mails(50)))
        assert book.numbers(State.REJECTED) == list(range(0, 50, 7))
        assert book.counts == {"rejected": 8, "accepted": 42}
        assert book.reason == ""

    @pytest.mark.parametrize(
        "reply",
        [Reply(552, "5.3.4 too big"), Reply(554, "5.6.0 no"), Reply(550, "no")],
    )
    def test_may_be_refused_after_the_whole_email(
        self, way: Way, reply: Reply
    ) -> None:
        book = way.send(
            way.server(Rule("dot", reply, when=to(3))), Book(mails(12))
        )
        assert book.numbers(State.REJECTED) == [3]
        assert book.words(State.REJECTED) == {f"{reply.code} {reply.text}"}
        assert book.counts == {"accepted": 11, "rejected": 1}
        assert book.reason == ""

    def test_after_the_whole_email_it_is_about_us_at_the_fifth(
        self, way: Way
    ) -> None:
        server = way.server(Rule("dot", Reply(554, "5.6.0 no")))
        book = way.send(server, Book(mails(12)))
        assert book.counts == {"queued": 12}
        assert book.reason.startswith("5 readers in a row were turned away")

    def test_is_rejected_alone_at_a_domain_that_accepted_another(
        self, serve: Serve
    ) -> None:
        dead = range(1, 41)
        server = serve(Rule("rcpt", UNKNOWN, when=to(*dead)))
        book = Book(mails(50))
        book.send(smtp(server))
        book.check(server)
        assert book.numbers(State.REJECTED) == [*dead]
        assert book.reason == ""


class TestADeferredReader:
    @pytest.mark.parametrize("stage", ["mail", "rcpt", "data", "dot"])
    @pytest.mark.parametrize("mode", ["354", "503"])
    def test_is_deferred_and_the_rest_goes_on(
        self, way: Way, stage: Stage, mode: str
    ) -> None:
        server = way.server(
            Rule(stage, Reply(450, "4.2.0 greylisted"), nth=3),
            data_without_recipient=mode,
        )
        book = way.send(server, Book(mails(10)))
        assert book.counts == {"accepted": 9, "deferred": 1}
        assert book.words(State.DEFERRED) == {"450 4.2.0 greylisted"}
        assert book.reason == ""

    @pytest.mark.parametrize("stage", ["mail", "rcpt", "data", "dot"])
    def test_an_hour_without_an_accepted_email_ends_the_send(
        self, serve: Serve, stage: Stage
    ) -> None:
        server = serve(Rule(stage, Reply(451, "4.7.1 rate limit exceeded")))
        transport, book = smtp(server), Book(mails(150))
        transport.pace = Pace(iter(range(0, 10**6, 600)).__next__, unit=1e-6)
        book.send(transport)
        assert book.reason == (
            "the server has accepted no mail for an hour (451 4.7.1 rate limit exceeded); try again later"
        )
        assert book.counts["queued"] > 140
        assert server.mails == []

    @pytest.mark.parametrize("stage", ["mail", "rcpt", "data", "dot"])
    @pytest.mark.parametrize("connections", [1, 4])
    def test_a_server_that_limits_emails_gets_them_all_at_its_pace(
        self, serve: Serve, stage: Stage, connections: int
    ) -> None:
        """An email that was refused only because of the pace is offered again."""
        rules = [
            Rule(stage, Reply(450, "4.7.1 too many mails"), nth=n)
            for n in range(12, 18)
        ]
        server = serve(*rules)
        book = Book(mails(60))
        book.send(smtp(server, connections), passes=2)
        book.check(server)
        # Two refusals in a row aren't a sign yet; with more connections an email may be accepted in between.
        assert book.counts["accepted"] >= 60 - (2 if connections == 1 else 6)
        assert book.reason == ""
        assert book.most_sending <= 2 * connections

    @pytest.mark.parametrize(
        "readers", [300, pytest.param(1200, marks=pytest.mark.long)]
    )
    def test_greylisted_readers_are_deferred_at_full_speed(
        self, way: Way, readers: int
    ) -> None:
        server = way.server(
            Rule("rcpt", Reply(450, "4.7.1 Greylisted, come back"))
        )
        book = Book(mails(readers))
        transport = smtp(server, way.connections)
        transport.pace = Pace(lambda: 0.0, unit=1e9)  # any pause would hang
        way.check(server, book, transport)
        assert book.counts == {"deferred": readers}
        assert book.reason == ""

    def test_an_accepted_email_in_between_restarts_the_count(
        self, way: Way
    ) -> None:
        taken = {mail(number).envelope.address for number in range(20, 180, 20)}
        server = way.server(
            Rule(
                "rcpt",
                Reply(450, "4.2.0 later"),
                when=lambda address: address not in taken,
            )
        )
        book = way.send(server, Book(mails(180)))
        assert book.counts == {"deferred": 172, "accepted": 8}


class TestRefusalsOfTheSender:
    """They aren't the readers' fault: the send stops, and no reader is rejected."""

    @pytest.mark.parametrize(
        ("stage", "reply"),
        [
            ("mail", Reply(550, "5.7.1 sender refused")),
            ("mail", Reply(501, "what")),
            ("rcpt", Reply(550, "5.7.1 relaying denied")),
            ("rcpt", Reply(554, "5.7.26 unauthenticated")),
            ("rcpt", Reply(550, "5.4.5 daily quota exceeded")),
            ("data", Reply(554, "5.5.0 no")),
            ("data", Reply(503, "bad sequence")),
            ("dot", Reply(554, "5.7.1 spam")),
        ],
    )
    def test_stop_the_send_in_the_servers_words(
        self, way: Way, stage: Stage, reply: Reply
    ) -> None:
        server = way.server(Rule(stage, reply, nth=7))
        book = way.send(server, Book(mails(400)))
        assert book.counts.keys() == {"accepted", "queued"}
        assert book.counts["queued"] > 200
        assert book.reason.startswith("the server ")
        assert f" ({reply.code} {reply.text}); " in book.reason

    def test_also_when_it_is_the_email_begun_meanwhile(
        self, serve: Serve
    ) -> None:
        server = serve(
            Rule("rcpt", Reply(550, "5.7.1 relaying denied"), when=to(1))
        )
        book = Book(mails(3))
        book.send(smtp(server))
        book.check(server)
        assert [book.numbers(State.ACCEPTED), book.numbers(State.QUEUED)] == [
            [0],
            [1, 2],
        ]

    def test_a_test_send_says_it_at_once(self, serve: Serve) -> None:
        server, queue = (
            serve(Rule("mail", Reply(550, "5.7.1 not you"))),
            SingleRun(batches(*mails(3))),
        )
        with pytest.raises(
            TransportError,
            match=r"^the server doesn't let you send .* \(550 5\.7\.1 not you\); check 'from' ",
        ):
            smtp(server).deliver(queue)
        assert {outcome.state for outcome in queue.outcomes} == {State.QUEUED}


class TestTheSameRefusalAgainAndAgain:
    def test_five_in_a_row_are_not_about_the_readers(self, way: Way) -> None:
        server = way.server(
            Rule(
                "rcpt",
                Reply(550, "5.1.2 <reader@example.org>: relay access denied"),
            )
        )
        book = way.send(server, Book(scattered(30)))
        assert book.counts == {"queued": 30}
        assert book.reason == (
            "5 readers in a row were turned away with the same message (550 5.1.2 … relay access denied); "
            "if the message is about you or your domain, ask your provider; if these addresses no longer exist "
            "('briefing status --names' lists them), unsubscribe them with 'briefing subscribers remove'"
        )

    def test_it_is_recognised_with_a_queue_id_and_the_time_in_it(
        self, way: Way
    ) -> None:
        rules = [
            Rule(
                "rcpt",
                Reply(550, f"relay denied at 12:0{n} (id 4Xc{n}Q2) #{n}"),
                nth=n,
            )
            for n in range(1, 10)
        ]
        book = way.send(way.server(*rules), Book(scattered(30)))
        assert book.counts == {"queued": 30}
        assert "5 readers in a row" in book.reason

    def test_emails_accepted_before_stay_accepted_and_no_reader_is_rejected_after(
        self, way: Way
    ) -> None:
        """Other connections still get answers for emails that were taken before the limit."""
        server = way.server(
            *(
                Rule("rcpt", Reply(550, "limit reached"), nth=n)
                for n in range(21, 60)
            )
        )
        book = way.send(server, Book(scattered(40)))
        assert book.counts.keys() == {"accepted", "queued"}
        assert len(server.mails) <= 20
        assert book.reason.startswith(
            "5 readers in a row were turned away with the same message (550 limit reached)"
        )

    def test_dead_addresses_at_one_domain_stop_nobody_elsewhere(
        self, way: Way
    ) -> None:
        gone = "@gone.example.net"
        dead = [mail(number, f"{number}{gone}") for number in range(20, 60)]
        server = way.server(
            Rule("rcpt", UNKNOWN, when=lambda address: address.endswith(gone))
        )
        book = way.send(server, Book([*dead, *mails(20)]))
        assert book.numbers(State.QUEUED) == list(range(20, 60))
        assert book.numbers(State.ACCEPTED) == list(range(20))
        assert book.words(State.QUEUED) == {"550 5.1.1 no such user"}
        assert book.reason == ""

    def test_if_the_domain_takes_mail_after_all_they_are_rejected(
        self, way: Way
    ) -> None:
        """They are offered once more, after everybody else."""
        dead = range(1, 41)
        server = way.server(Rule("rcpt", UNKNOWN, when=to(*dead)))
        book = Book([*mails(50)[1:], mail(0)])
        book.send(smtp(server, way.connections), passes=2)
        book.check(server)
        assert book.numbers(State.REJECTED) == [*dead]
        assert book.counts == {"rejected": 40, "accepted": 10}

    def test_an_accepted_email_in_between_restarts_the_count(
        self, serve: Serve
    ) -> None:
        server = serve(
            Rule("rcpt", UNKNOWN, when=lambda address: not to(4)(address))
        )
        book = Book(mails(9))
        book.send(smtp(server))
        book.check(server)
        assert book.counts == {"rejected": 8, "accepted": 1}
        assert book.reason == ""

    def test_other_words_restart_the_count(self, serve: Serve) -> None:
        rules = [
            Rule("rcpt", Reply(550, "full" if n % 3 else "unknown"), nth=n)
            for n in range(1, 30)
        ]
        server = serve(*rules)
        book = Book(mails(20))
        book.send(smtp(server))
        book.check(server)
        assert book.counts == {"rejected": 20}


class TestTheServerEndsTheConnection:
    @pytest.mark.parametrize(
        "stage", ["connect", "ehlo", "mail", "rcpt", "data", "dot"]
    )
    def test_with_421_and_is_tried_again(self, way: Way, stage: Stage) -> None:
        """`connect` and `ehlo`: after an email has ended the connection with such a word."""
        in_a_moment = Reply(421, "4.3.2 in a moment")
        rules = [Rule(stage, in_a_moment, nth=3)]
        if stage in {"connect", "ehlo"}:
            rules = [
                Rule("rcpt", in_a_moment, nth=3),
                Rule(stage, in_a_moment, nth=way.connections + 1),
            ]
        server = way.server(*rules)
        book = way.send(server, Book(mails(20)), passes=2)
        if stage == "dot":
            assert book.counts == {"accepted": 19, "deferred": 1}
            assert book.words(State.DEFERRED) == {"421 4.3.2 in a moment"}
        else:
            assert book.counts == {"accepted": 20}
        assert book.reason == ""
        assert len(server.raw) > 1

    def test_with_421_after_a_reader_was_refused(self) -> None:
        hello = [b"220 here\r\n"], [b"250-here\r\n250 PIPELINING\r\n"]
        with Odd(
            *hello, [b"250 ok\r\n550 5.1.1 no such user\r\n421 bye\r\n"]
        ) as server:
            queue = SingleRun(batches(*mails(3)))
            Smtp(smtp_settings(server.port), "", timeout=60, pause=0).deliver(
                queue
            )
        refused = (State.REJECTED, "550 5.1.1 no such user")
        assert [
            (outcome.state, outcome.reason) for outcome in queue.outcomes
        ] == [refused] * 3

    def test_one_connection_is_enough(self, way: Way) -> None:
        server = way.server(max_connections=1)
        book = Book(mails(40))
        book.send(smtp(server, 4), passes=2)
        book.check(server)
        assert book.counts == {"accepted": 40}
        assert 1 in {received.connection for received in server.mails}
        assert len(server.raw) <= 4, (
            "a connection that the server doesn't want is tried once"
        )

    def test_without_an_answer_at_every_tenth_email(self, way: Way) -> None:
        server = way.server(
            *(Rule("mail", Drop(), nth=n) for n in range(11, 99, 11))
        )
        book = way.send(server, Book(mails(60)))
        assert book.counts == {"accepted": 60}

    def test_all_connections_come_back_after_a_restart(
        self, serve: Serve
    ) -> None:
        """A server that restarts: connections break, and are refused at first."""
        connects = [
            Rule("connect", Reply(421, "4.3.2 starting"), nth=n)
            for n in (4, 5, 6)
        ]

        def wait_for_all() -> None:
            assert all(rule.was_reached(3) for rule in connects[:1])

        breaks = [
            Rule("mail", Reply(421, "4.3.2 restarting"), nth=n)
            for n in (10, 11, 12)
        ]
        server = serve(
            *connects,
            Rule("mail", Kill(wait_for_all), nth=9),
            *breaks,
            delay=0.002,
        )
        book = Book(mails(200))
        book.send(smtp(server, 3))
        book.check(server)
        assert book.counts == {"accepted": 200}
        assert (
            len({received.connection for received in server.mails[-100:]}) == 3
        )

    @pytest.mark.parametrize("stage", ["mail", "rcpt", "data"])
    def test_again_and_again_ends_the_send(
        self, way: Way, stage: Stage
    ) -> None:
        server = way.server(Rule(stage, Reply(421, "4.7.0 go away")))
        book = way.send(server, Book(mails(20)))
        assert book.counts == {"queued": 20}
        assert (
            book.reason
            == "the connection was lost 5 times in a row: 421 4.7.0 go away"
        )
        assert len(server.raw) <= 5 * way.connections

    def test_for_good(self, way: Way) -> None:
        server = way.server(Rule("mail", Drop(), nth=15))
        server.rules += [
            Rule("connect", Reply(554, "5.3.2 closed"), nth=n)
            for n in range(way.connections + 1, 99)
        ]
        server.rules += [Rule("mail", Drop(), nth=n) for n in range(16, 30)]
        book = way.send(server, Book(mails(60)))
        assert book.counts.keys() == {"accepted", "queued"}
        assert book.counts["accepted"] <= 14
        assert "\n" not in book.reason
        assert book.reason.startswith(
            f"127.0.0.1, port {server.port}: refuses: 554 5.3.2 closed"
        )
        assert len(server.raw) <= 5 * way.connections + way.connections


class TestUncertain:
    @pytest.mark.parametrize("stage", ["mail", "rcpt", "data"])
    @pytest.mark.parametrize("action", [Drop(), Hang(60)])
    def test_is_not_what_breaks_before_a_body(
        self, way: Way, stage: Stage, action: Action
    ) -> None:
        server = way.server(Rule(stage, action, nth=4))
        book = way.send_impatiently(server, Book(mails(12)))
        waits = stage == "rcpt" and isinstance(action, Hang)
        assert book.counts == (
            {"accepted": 11, "deferred": 1} if waits else {"accepted": 12}
        )

    def test_nor_a_reader_for_whom_no_answer_comes_in_time(
        self, way: Way
    ) -> None:
        """The same server of theirs would keep everybody waiting at each attempt."""
        server = way.server(Rule("rcpt", Hang(60), when=to(4)))
        book = way.send_impatiently(server, Book(mails(12)))
        assert book.numbers(State.DEFERRED) == [4]
        assert book.words(State.DEFERRED) == {
            "the server didn't respond about this address in time"
        }
        assert book.counts == {"accepted": 11, "deferred": 1}

    def test_is_an_email_whose_answer_is_lost_with_the_next_envelope(
        self, serve: Serve
    ) -> None:
        server = serve(Rule("rcpt", Drop(flushed=False), nth=4))
        book = Book(mails(6))
        book.send(smtp(server))
        book.check(server)
        assert book.numbers(State.UNCERTAIN) == [2]
        assert book.numbers(State.ACCEPTED) == [0, 1, 3, 4, 5]

    @pytest.mark.parametrize(
        "action",
        [
            Drop(accepted=True),
            Drop(accepted=False),
            Hang(60),
            Hang(60, accepted=False),
        ],
    )
    def test_is_one_email_that_was_sent_and_never_answered(
        self, way: Way, action: Action
    ) -> None:
        server = way.server(Rule("dot", action, nth=4))
        book = way.send_impatiently(server, Book(mails(12)))
        assert book.counts == {"accepted": 11, "uncertain": 1}
        (words,) = book.words(State.UNCERTAIN)
        assert words.startswith("after the complete email was handed over: ")

    def test_is_not_the_one_begun_with_it(self, serve: Serve) -> None:
        server = serve(Rule("dot", Drop(accepted=False), when=to(2)))
        book = Book(mails(5))
        book.send(smtp(server))
        book.check(server)
        assert book.numbers(State.UNCERTAIN) == [2]
        assert book.numbers(State.ACCEPTED) == [0, 1, 3, 4]

    def test_is_an_email_that_was_answered_with_something_else(
        self, way: Way
    ) -> None:
        server = way.server(Rule("dot", Reply(354, "go on"), nth=4))
        book = way.send(server, Book(mails(12)))
        assert book.counts == {"accepted": 11, "uncertain": 1}
        assert book.words(State.UNCERTAIN) == {"354 go on"}

    @pytest.mark.parametrize(
        ("stage", "code"), [("mail", 354), ("rcpt", 354), ("data", 250)]
    )
    def test_is_not_an_envelope_that_was(
        self, way: Way, stage: Stage, code: int
    ) -> None:
        """What fits nothing isn't gone on with."""
        server = way.server(Rule(stage, Reply(code, "what"), nth=4))
        book = way.send(server, Book(mails(12)))
        assert book.counts == {"accepted": 12}

    def test_two_in_a_row_end_the_send(self, way: Way) -> None:
        server = way.server(Rule("dot", Drop(accepted=False)))
        book = way.send(server, Book(mails(60)))
        assert 2 <= book.counts["uncertain"] <= 2 * way.connections
        assert book.reason.startswith(
            "2 complete emails in a row got no answer, so they may or may not have arrived: "
        )

    @pytest.mark.parametrize(
        ("after_body", "state"),
        [(-1, State.QUEUED), (0, State.UNCERTAIN), (7, State.UNCERTAIN)],
    )
    def test_is_an_email_whose_final_dot_was_written_and_no_other(
        self, serve: Serve, after_body: int, state: State
    ) -> None:
        """To the byte: an email taken for unsent would be sent a second time, one taken for sent
        would be lost.
        """
        server, book = serve(), Book(mails(4))
        book.send(Cut(smtp_settings(server.port, connections=1), after_body))
        assert book.numbers(state) == [0]
        assert book.words(state) == {"ended the connection"}
        assert book.numbers(State.ACCEPTED) == [1, 2, 3]

    def test_it_counts_towards_those_that_end_the_send_and_a_broken_body_does_not(
        self, serve: Serve
    ) -> None:
        for after_body, reason in (
            (0, "2 complete emails in a row got no answer"),
            (-1, "the connection was lost 5 times"),
        ):
            server, book = serve(), Book(mails(9))
            book.send(
                Cut(
                    smtp_settings(server.port, connections=1), *[after_body] * 9
                )
            )
            assert book.reason.startswith(reason)

    def test_is_not_a_body_that_broke_off(self, serve: Serve) -> None:
        server = serve(Rule("body", Drop(), when=to(1)))
        book = Book(mails(3), message=LONG)
        book.send(smtp(server))
        book.check(server)
        assert book.numbers(State.ACCEPTED) == [0, 2]
        assert book.numbers(State.QUEUED) == [1]
        assert book.reason == ""

    def test_is_not_a_body_that_the_server_does_not_read(
        self, serve: Serve
    ) -> None:
        server = serve(Rule("body", Hang(60), when=to(1)))
        book = Book(mails(3), message=LONG)
        book.send(Impatient(smtp_settings(server.port, connections=1), server))
        book.check(server)
        assert book.numbers(State.QUEUED) == [1]
        assert book.words(State.QUEUED) == {"didn't answer in time"}


class TestAReaderWhoUnsubscribed:
    def test_between_the_claim_and_the_body_gets_nothing(
        self, way: Way
    ) -> None:
        given = mails(20)
        server = way.server()
        book = way.send(
            server, Book(given, left=[given[0], given[7], given[8], given[19]])
        )
        assert book.numbers(State.SKIPPED) == [0, 7, 8, 19]
        assert book.counts == {"skipped": 4, "accepted": 16}
        assert all(received.data for received in server.mails)

    def test_may_be_every_reader(self, way: Way) -> None:
        given = mails(12)
        server = way.server()
        book = way.send(server, Book(given, left=given))
        assert book.counts == {"skipped": 12}
        assert server.mails == []

    def test_may_be_refused_as_well(self, way: Way) -> None:
        given = mails(12)
        server = way.server(Rule("rcpt", UNKNOWN, when=to(*range(12))))
        book = way.send(server, Book(given, left=given))
        assert book.counts == {"skipped": 12}
        assert book.reason == ""


class TestSecrets:
    USER = "canary-user@example.org"
    PASSWORD = "canary-password"  # noqa: S105  # of our own server

    @pytest.mark.parametrize("stage", ["mail", "rcpt", "data", "dot"])
    @pytest.mark.parametrize("code", [450, 550, 421])
    def test_no_message_and_no_log_has_an_address(
        self,
        serve: Serve,
        stage: Stage,
        code: int,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        """Whatever the server says: the reader's address in it, and what steers a terminal."""
        words = (
            "4.7.1 <canary@example.org>\n\x1b[2J\x07canary \u202e" + "x" * 300
        )
        server = serve(
            Rule(stage, Reply(code, words)), login=(self.USER, self.PASSWORD)
        )
        settings = smtp_settings(server.port, username=self.USER, connections=1)
        transport = Smtp(settings, self.PASSWORD, timeout=60, pause=0.001)
        transport.pace = Pace(iter(range(0, 10**6, 600)).__next__, unit=1e-6)
        book = Book([mail(n, "canary@example.org") for n in range(120)])
        with caplog.at_level(logging.DEBUG):
            book.send(transport)
        said = [
            book.reason,
            *book.reasons.values(),
            caplog.text,
            repr(transport),
        ]
        assert book.reason
        for line in said:
            assert "canary" not in line
            assert line.isprintable()
            assert len(line) < 300

    def test_they_go_over_an_encrypted_connection(
        self, serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        certificate = tls.certificate(tmp_path)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        server = serve(
            starttls=tls.server_context(certificate),
            login=(self.USER, self.PASSWORD),
        )
        settings = smtp_settings(
            server.port, security="starttls", username=self.USER, connections=3
        )
        book = Book(mails(60))
        book.send(Smtp(settings, self.PASSWORD, timeout=60))
        book.check(server)
        assert book.counts == {"accepted": 60}

    def test_a_wrong_one_stops_it_before_the_first_email(
        self, serve: Serve
    ) -> None:
        server, book = serve(login=(self.USER, "another")), Book(mails(9))
        with pytest.raises(
            TransportError,
            match=r": rejects the user name or password: 535 5\.7\.8 .*; nothing was sent$",
        ):
            book.send(
                Smtp(
                    smtp_settings(server.port, username=self.USER),
                    self.PASSWORD,
                )
            )
        assert book.counts == {"queued": 9}
        assert book.commits == []


class TestSmtputf8:
    STRANGER = "søren@example.org"

    def test_an_accented_address_is_mailed_where_the_server_accepts_it(
        self, way: Way
    ) -> None:
        server = way.server(smtputf8=True)
        book = way.send(
            server, Book([*mails(3), mail(3, self.STRANGER), *mails(6)[4:]])
        )
        assert book.counts == {"accepted": 6}
        said = b"".join(line for _, line in server.commands)
        assert said.count(b"SMTPUTF8") == 1
        assert f"RCPT TO:<{self.STRANGER}>\r\n".encode() in said

    def test_elsewhere_only_that_reader_is_rejected(self, way: Way) -> None:
        server = way.server()
        book = way.send(
            server, Book([*mails(3), mail(3, self.STRANGER), *mails(6)[4:]])
        )
        assert book.numbers(State.REJECTED) == [3]
        assert book.counts == {"accepted": 5, "rejected": 1}
        (words,) = book.words(State.REJECTED)
        assert (
            words
            == "this server accepts only unaccented letters (a to z) before the @"
        )

    def test_such_rejections_never_end_the_send(self, way: Way) -> None:
        """It is us who refuse these, not the server that refuses us."""
        strangers = [mail(n, f"søren{n}@example.org") for n in range(12)]
        book = way.send(way.server(), Book([*strangers, *mails(15)[12:]]))
        assert book.counts == {"accepted": 3, "rejected": 12}
        assert book.reason == ""


class TestSize:
    def test_is_announced_where_the_server_offers_it(self, way: Way) -> None:
        server = way.server(size=1_000_000)
        way.send(server, Book(mails(3)))
        sizes = {
            b"MAIL FROM:<brief@example.org> SIZE=%d\r\n"
            % len(MESSAGE.fill(mail_.envelope))
            for mail_ in mails(3)
        }
        assert sizes == {
            line for _, line in server.commands if line.startswith(b"MAIL")
        }

    def test_and_nowhere_else(self, way: Way) -> None:
        server = way.server()
        way.send(server, Book(mails(3)))
        assert b"SIZE" not in b"".join(line for _, line in server.commands)

    def test_an_email_that_is_too_big_stops_the_send(self, way: Way) -> None:
        server = way.server(size=1000)
        book = way.send(server, Book(mails(9)))
        assert book.counts == {"queued": 9}
        assert book.reason == (
            "the server says that the email is too large (552 5.3.4 too big); "
            "use fewer or smaller photos"
        )


class TestStop:
    @pytest.mark.parametrize("connections", [1, 4])
    def test_emails_in_flight_are_finished_and_no_more_are_begun(
        self, serve: Serve, connections: int
    ) -> None:
        server, stop, book = (
            serve(delay=0.01),
            threading.Event(),
            Book(mails(5000)),
        )
        book.before_commit = lambda: (
            stop.set() if book.claimed.total() >= 20 else None
        )
        book.send(smtp(server, connections), stop=stop)
        book.check(server)
        assert book.counts.keys() == {"accepted", "queued"}
        assert book.counts["accepted"] <= 20 + 2 * connections
        assert book.reason == ""

    def test_a_pausing_connection_is_woken(self, serve: Serve) -> None:
        server, stop, book = (
            serve(Rule("mail", Drop(), nth=3)),
            threading.Event(),
            Book(mails(9)),
        )
        transport = smtp(server)
        transport.pause = 30

        class Resting(DispatchClock):
            def wait(
                self, condition: threading.Condition, seconds: float | None
            ) -> None:
                if seconds and seconds > 10:
                    # The pause; every other wait is shorter.
                    stop.set()
                super().wait(condition, seconds)

        book.send(transport, stop=stop, clock=Resting())
        book.check(server)
        assert book.counts["queued"] >= 6

    def test_a_connection_that_waits_for_an_answer_gets_it_first(
        self, serve: Serve
    ) -> None:
        server, stop, book = (
            serve(Rule("dot", Hang(0.5), nth=3)),
            threading.Event(),
            Book(mails(9)),
        )
        book.before_commit = lambda: (
            stop.set() if book.claimed.total() >= 3 else None
        )
        book.send(smtp(server), stop=stop)
        book.check(server)
        assert State.UNCERTAIN not in book.states.values()


def test_the_rate_of_the_settings_is_that_of_the_transport(
    serve: Serve,
) -> None:
    server = serve()
    transport = smtp(server, 3, per_second=100)
    book = Book(mails(41))
    assert transport.per_second == 100  # what test_dispatch.py shows to be kept
    book.send(transport)
    book.check(server)
    assert book.counts == {"accepted": 41}


class TestABug:
    def test_ctrl_c_in_a_test_send_asks_the_server_nothing_more(
        self, serve: Serve, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A QUIT would become part of the next email's body, and never be answered."""
        server, queue, reply = (
            serve(),
            SingleRun(batches(*mails(5))),
            Session.reply,
        )
        left = iter(range(3 + 4))

        def interrupted(
            session: Session, *, to_the_dot: bool = False
        ) -> object:
            if next(left, None) is None:
                raise KeyboardInterrupt
            return reply(session, to_the_dot=to_the_dot)

        monkeypatch.setattr(Session, "reply", interrupted)
        with pytest.raises(KeyboardInterrupt):
            smtp(server).deliver(queue)
        assert [outcome.state for outcome in queue.outcomes] == [
            State.ACCEPTED,
            State.UNCERTAIN,
            State.QUEUED,
        ]

    def test_of_the_ledger_sends_no_email_without_its_record(
        self, way: Way
    ) -> None:
        server, book = way.server(), Book(mails(200))

        def fail() -> None:
            if book.claimed.total() >= 30:
                raise LedgerError("ledger.sqlite", "can't be written")

        book.before_commit = fail
        with pytest.raises(LedgerError, match="can't be written"):
            book.send(smtp(server, way.connections))
        assert {received.recipient for received in server.mails} <= {
            mail_.envelope.address
            for mail_ in book.mails
            if book.claimed[mail_.recipient]
        }
        assert State.QUEUED in book.states.values()

    def test_is_raised_and_what_may_have_been_sent_is_uncertain(
        self, way: Way, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        server, book = way.server(), Book(mails(12))
        written: list[bytes] = []
        reply = Session.reply

        def fails(session: Session, *, to_the_dot: bool = False) -> object:
            if len(written) >= 4:
                raise PermissionError("a mistake")
            return reply(session, to_the_dot=to_the_dot)

        write_body = Session.write_body

        def notes(session: Session, body: bytes, rest: bytes) -> None:
            write_body(session, body, rest)
            written.append(body)

        monkeypatch.setattr(Session, "reply", fails)
        monkeypatch.setattr(Session, "write_body", notes)
        with pytest.raises(PermissionError, match="a mistake"):
            book.send(smtp(server, way.connections))
        book.check(server)
        assert book.counts["uncertain"] >= 1
        assert book.counts["uncertain"] <= way.connections

    def test_in_building_an_email_loses_no_other(self, way: Way) -> None:
        class Broken(Message):
            def fill(self, envelope: Envelope) -> bytes:
                if envelope.address == "reader4@example.org":
                    raise ValueError("a mistake")
                return super().fill(envelope)

        server, book = way.server(), Book(mails(12))
        book.message = Broken(RENDERED, SETTINGS, KEY, DATE.timestamp)
        with pytest.raises(ValueError, match="a mistake"):
            book.send(smtp(server, way.connections))
        book.message = MESSAGE
        book.check(server)
        assert book.counts.keys() <= {"accepted", "queued"}
        assert 4 in book.numbers(State.QUEUED)


class _Kept:
    """What aiosmtpd hands emails to."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, list[str], bytes]] = []

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's name
        self,
        _server: object,
        _session: object,
        envelope: Any,
        address: str,
        _: object,
    ) -> str:
        await asyncio.sleep(0)
        if address == "reader3@example.org":
            return "550 5.1.1 unknown"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802  # aiosmtpd's name
        self, _server: object, _session: object, envelope: Any
    ) -> str:
        await asyncio.sleep(0)
        self.mails.append(
            (envelope.mail_from, envelope.rcpt_tos, envelope.original_content)
        )
        return "250 OK"


@pytest.mark.parametrize("connections", [1, 4])
def test_aiosmtpd_takes_our_emails(connections: int) -> None:
    """A server of others, lock-step; it knows SIZE and SMTPUTF8."""
    kept, book = _Kept(), Book([*mails(20), mail(20, "søren@example.org")])
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(
        kept,
        hostname="127.0.0.1",
        port=port,
        enable_SMTPUTF8=True,
        ready_timeout=60,
    )
    controller.start()
    try:
        book.send(
            Smtp(
                smtp_settings(port, connections=connections),
                "",
                timeout=60,
                pause=0.01,
            )
        )
    finally:
        controller.stop()
    assert book.numbers(State.REJECTED) == [3]
    assert book.counts == {"accepted": 20, "rejected": 1}
    sent = {
        mail_.envelope.address: MESSAGE.fill(mail_.envelope)
        for mail_ in book.mails
    }
    del sent["reader3@example.org"]
    assert {recipient: data for _, (recipient,), data in kept.mails} == sent
    assert {sender for sender, _, _ in kept.mails} == {"brief@example.org"}
