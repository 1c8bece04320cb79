"""Sending through SendGrid, against a local server: accepted, refused, uncertain."""

import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from briefing.configuration.settings import SendGridSettings
from briefing.errors import TransportError
from briefing.mail.message import Envelope, Message
from briefing.sending.ledger.schema import State
from briefing.sending.transports.base import Mail, SendStopped
from briefing.sending.transports.sendgrid import SendGrid
from tests.sending.queues import MemoryQueue
from tests.sending.servers.sendgrid import (
    Answer,
    BadReaders,
    HalfAnswer,
    NoAnswer,
    Reset,
    SendGridServer,
    SgRule,
    TooMany,
    UnnamedBad,
    rendered,
)
from tests.sending.test_sendgrid_request import DATE, KEY, RENDERED, SETTINGS

SECRET = "SG.canary-key"  # noqa: S105  # of our own server
MESSAGE = Message(RENDERED, SETTINGS, KEY, DATE.timestamp)
PAUSE = 0.001


def mails(count: int, first: int = 0) -> list[Mail]:
    numbers = range(first, first + count)
    return [
        Mail(
            b"%d" % n,
            Envelope(
                f"r{n}@example.org",
                f"r{n}@example.org",
                {"name": f"R {n}"},
                sender="brief@example.org",
            ),
        )
        for n in numbers
    ]


def transport(url: str, **options: Any) -> SendGrid:
    settings = replace(SETTINGS, sendgrid=SendGridSettings(host=url))
    options = {
        "pause": PAUSE,
        "timeout": 60,
        "first": SendGrid.batch,
        **options,
    }
    return SendGrid(settings, KEY, SECRET, **options)


@contextmanager
def sendgrid(
    *rules: SgRule, **options: Any
) -> Iterator[tuple[SendGridServer, SendGrid]]:
    first = options.pop("first", SendGrid.batch)
    with SendGridServer(*rules, key=SECRET, **options) as server:
        yield server, transport(server.url, first=first)
    assert server.violations == []


def stopped(sender: SendGrid, queue: MemoryQueue) -> str:
    """The reason why it stops, on one line; by then every email has its outcome."""
    with pytest.raises(TransportError) as caught:
        sender.deliver(queue)
    assert State.SENDING not in queue.states.values()
    return one_line(caught.value)


def one_line(error: TransportError) -> str:
    reason = str(error)
    assert "\n" not in reason
    everything = "".join(traceback.format_exception(error))
    assert "@" not in reason
    assert SECRET not in everything
    assert error.__cause__ is None
    assert error.__context__ is None
    return reason


class TestAccepted:
    def test_each_request_has_at_most_a_thousand_readers_and_each_reader_is_in_one(
        self,
    ) -> None:
        queue = MemoryQueue(mails(1000), mails(500, first=1000))
        with sendgrid() as (server, sender):
            sender.open()
            sender.deliver(queue)
            sender.close()
        assert queue.counts == {"accepted": 1500}
        posted = [
            request.json
            for request in server.requests
            if request.path == "/v3/mail/send"
        ]
        assert [len(body["personalizations"]) for body in posted] == [1000, 500]
        assert Counter(
            accepted.address for accepted in server.accepted
        ) == Counter(f"r{n}@example.org" for n in range(1500))

    def test_each_email_is_for_its_reader_alone(self) -> None:
        with sendgrid() as (server, sender):
            sender.deliver(MemoryQueue(mails(50), message=MESSAGE))
        seen = [rendered(accepted) for accepted in server.accepted]
        assert all(
            mail["text"].startswith(f"Dear R {n},")
            for n, mail in enumerate(seen)
        )
        assert len({mail["headers"]["List-Unsubscribe"] for mail in seen}) == 50
        for accepted, mail in zip(server.accepted, seen, strict=True):
            assert accepted.address not in mail["text"] + mail["html"] + str(
                mail["headers"]
            )
            assert not any(
                tag in mail["text"] + mail["html"]
                for tag in accepted.personalization["substitutions"]
            )

    def test_outcomes_and_the_next_claim_share_a_commit(self) -> None:
        queue = MemoryQueue(mails(2), mails(2, first=2))
        with sendgrid() as (_, sender):
            sender.deliver(queue)
        assert queue.commits == [(0, 2), (2, 2), (2, 0)]

    def test_a_reader_who_unsubscribed_meanwhile_gets_nothing(self) -> None:
        queue = MemoryQueue(mails(2), mails(1, first=2), left={b"0", b"2"})
        with sendgrid() as (server, sender):
            sender.deliver(queue)
        assert [accepted.address for accepted in server.accepted] == [
            "r1@example.org"
        ]
        assert len(server.requests) == 1

    def test_a_stop_before_the_claim_is_durable_sends_nothing_more(
        self,
    ) -> None:
        queue = MemoryQueue(mails(2), mails(2, first=2))
        queue.stops_after = 1
        with sendgrid() as (server, sender), pytest.raises(SendStopped):
            sender.deliver(queue)
        assert queue.counts == {"accepted": 2}
        assert server.count == 2


class TestSizeOfRequests:
    @staticmethod
    def sizes(server: SendGridServer) -> list[int]:
        return [
            len(request.json["personalizations"])
            for request in server.requests
            if request.path == "/v3/mail/send"
        ]

    def test_it_begins_with_one_reader_and_doubles_to_a_thousand(self) -> None:
        queue = MemoryQueue(
            mails(1000), mails(1000, first=1000), mails(300, first=2000)
        )
        with sendgrid(first=1) as (server, sender):
            sender.deliver(queue)
        assert self.sizes(server) == [
            *(1, 2, 4, 8, 16, 32, 64, 128, 256, 489),
            *(978, 22, 300),
        ]
        assert queue.counts == {"accepted": 2300}

    def test_a_server_that_never_answers_properly_leaves_two_readers_uncertain(
        self,
    ) -> None:
        queue = MemoryQueue(mails(1000), mails(1000, first=1000))
        with sendgrid(SgRule(Answer(503)), first=1) as (_, sender):
            stopped(sender, queue)
        assert queue.counts == {"uncertain": 2}

    @pytest.mark.parametrize("action", [Answer(502), Reset(before=False)])
    def test_a_lost_answer_is_followed_by_requests_of_one_reader_and_more_again(
        self, action: Answer | Reset
    ) -> None:
        queue = MemoryQueue(mails(200))
        with SendGridServer(
            SgRule(action, nth=5, times=1), key=SECRET
        ) as server:
            transport(server.url, first=1).deliver(queue)
        assert self.sizes(server) == [
            1,
            2,
            4,
            8,
            16,
            1,
            2,
            4,
            8,
            16,
            32,
            64,
            42,
        ]
        assert queue.counts == {"accepted": 184, "uncertain": 16}

    def test_only_the_readers_of_a_request_are_claimed_for_it(self) -> None:
        queue = MemoryQueue(mails(20))
        queue.stops_after = 3
        with sendgrid(first=1) as (_, sender), pytest.raises(SendStopped):
            sender.deliver(queue)
        assert queue.counts == {"accepted": 7}


class TestRejectedReaders:
    def test_readers_refused_by_name_are_rejected_and_the_rest_posted_again_immediately(
        self,
    ) -> None:
        queue = MemoryQueue(mails(20))
        with sendgrid(
            SgRule(
                BadReaders(
                    lambda address: (
                        address in {"r3@example.org", "r7@example.org"}
                    )
                )
            )
        ) as (server, sender):
            sender.deliver(queue)
        assert queue.counts == {"accepted": 18, "rejected": 2}
        assert queue.reasons(State.REJECTED) == {
            "400 Does not contain a valid address."
        }
        assert len(server.requests) == 2
        assert queue.pauses == []

    def test_the_servers_words_are_kept_without_the_address(self) -> None:
        reader = Mail(
            b"1",
            Envelope(
                "amina@example.org",
                "amina@example.org",
                {},
                sender="brief@example.org",
            ),
        )
        error = {
            "field": "personalizations.0.to",
            "message": "amina@example.org is bad, says 'Amina' <x@y.example>",
        }
        queue = MemoryQueue([reader])
        with sendgrid(SgRule(Answer(400, {"errors": [error]}))) as (_, sender):
            sender.deliver(queue)
        assert queue.reasons(State.REJECTED) == {"400 … is bad, …"}

    def test_a_reader_refused_without_a_name_is_found_by_halving(self) -> None:
        queue = MemoryQueue(mails(100))
        with sendgrid(
            SgRule(UnnamedBad(lambda address: address == "r41@example.org"))
        ) as (server, sender):
            sender.deliver(queue)
        assert queue.counts == {"accepted": 99, "rejected": 1}
        assert queue.states[b"41"] is State.REJECTED
        assert len(server.requests) < 20
        assert queue.commits == [(0, 100), (100, 0)]

    def test_some_readers_may_be_refused_without_a_name_and_the_send_goes_on(
        self,
    ) -> None:
        queue = MemoryQueue(mails(100))
        with sendgrid(
            SgRule(UnnamedBad(lambda address: address[2:4] == "5@"))
        ) as (
            _,
            sender,
        ):
            sender.deliver(queue)
        assert queue.counts == {"accepted": 91, "rejected": 9}

    def test_refusals_of_every_reader_stop_the_send(self) -> None:
        queue = MemoryQueue(mails(8))
        with sendgrid(SgRule(BadReaders(lambda _: True))) as (_, sender):
            reason = stopped(sender, queue)
        assert (
            reason
            == "SendGrid turned away 8 readers in a row, the last with: 400 Does not contain a valid address."
        )
        assert queue.counts == {"queued": 8}

    def test_a_few_readers_may_all_be_wrong(self) -> None:
        queue = MemoryQueue(mails(4))
        with sendgrid(SgRule(BadReaders(lambda _: True))) as (_, sender):
            sender.deliver(queue)
        assert queue.counts == {"rejected": 4}

    def test_readers_named_one_by_one_with_the_same_words_until_none_is_left_are_queued_again(
        self,
    ) -> None:
        named = Answer(
            400, {"errors": [{"field": "personalizations.0", "message": "no"}]}
        )
        queue = MemoryQueue(mails(7))
        with sendgrid(SgRule(named)) as (_, sender):
            stopped(sender, queue)
        assert queue.counts == {"queued": 7}

    def test_readers_named_before_an_email_was_accepted_do_not_count(
        self,
    ) -> None:
        queue = MemoryQueue(mails(8))
        rules = (
            SgRule(UnnamedBad(lambda _: True), nth=1),
            SgRule(BadReaders(lambda address: "r3@" not in address)),
        )
        with sendgrid(*rules) as (_, sender):
            sender.deliver(queue)
        assert queue.counts == {"accepted": 1, "rejected": 7}

    def test_the_same_words_without_a_name_for_five_readers_stop_the_send(
        self,
    ) -> None:
        queue = MemoryQueue(mails(300))
        with sendgrid(SgRule(UnnamedBad(lambda _: True))) as (server, sender):
            reason = stopped(sender, queue)
        assert reason.startswith(
            "SendGrid: 5 readers in a row were turned away with the same message (400 Bad Request); "
        )
        assert queue.counts == {"queued": 300}
        assert len(server.requests) < 25

    @pytest.mark.parametrize(
        "body",
        [
            *(
                b"<html>",
                b"[" * 100_000,
                ["?"],
                {"errors": "?"},
                {"errors": ["?"]},
                {"errors": [{"message": 1}]},
            ),
            {
                "errors": [
                    {
                        "field": "personalizations.9.to",
                        "message": "of nobody here",
                    }
                ]
            },
        ],
    )
    def test_a_refusal_without_usable_errors_names_no_reader(
        self, body: Any
    ) -> None:
        queue = MemoryQueue(mails(2))
        with sendgrid(SgRule(Answer(400, body))) as (server, sender):
            sender.deliver(queue)
        assert queue.counts == {"rejected": 2}
        assert [
            len(request.json["personalizations"]) for request in server.requests
        ] == [2, 1, 1]

    def test_a_reader_with_too_long_values_is_refused_alone_and_not_posted(
        self,
    ) -> None:
        long = Mail(
            b"long",
            Envelope(
                "long@example.org",
                "long@example.org",
                {"name": "é" * 5000},
                sender="brief@example.org",
            ),
        )
        queue = MemoryQueue([*mails(2), long])
        with sendgrid() as (server, sender):
            sender.deliver(queue)
        assert queue.counts == {"accepted": 2, "rejected": 1}
        assert server.count == 2


class TestRefusalsThatStopTheSend:
    @pytest.mark.parametrize(
        ("status", "message", "expected"),
        [
            (
                401,
                "The provided authorization grant is invalid",
                "doesn't accept the key; make a new one",
            ),
            (
                401,
                "Maximum credits exceeded",
                "has no credits left for this account",
            ),
            (
                403,
                "The from address does not match a verified Sender Identity",
                "verify the sender's domain",
            ),
            (404, "not found", "has no address for sending (mail/send) there"),
            (405, "method not allowed", "version 3"),
            (413, "too large", "use fewer or smaller photos"),
            (415, "unsupported", "doesn't accept JSON"),
            (406, "no", "refuses (406 no)"),
        ],
    )
    def test_a_refusal_of_the_account_stops_the_send_with_what_to_do(
        self, status: int, message: str, expected: str
    ) -> None:
        queue = MemoryQueue(mails(3))
        answer = Answer(
            status,
            {
                "errors": [
                    {
                        "field": None,
                        "message": f"{message} a@b.example {SECRET}",
                    }
                ]
            },
        )
        with sendgrid(
            SgRule(
                replace(
                    answer,
                    body={"errors": [{"field": None, "message": message}]},
                )
            )
        ) as (_, sender):
            reason = stopped(sender, queue)
        assert expected in reason
        assert f"({status} {message}" in reason
        assert queue.counts == {"queued": 3}
        with sendgrid(SgRule(answer)) as (_, sender):
            stopped(sender, MemoryQueue(mails(3)))

    @pytest.mark.parametrize(
        "field",
        [
            "from.email",
            "subject",
            "content.0.value",
            "batch_id",
            "personalizations",
        ],
    )
    def test_a_refused_field_that_is_not_a_readers_stops_the_send(
        self, field: str
    ) -> None:
        queue = MemoryQueue(mails(3))
        errors = [
            {"field": "personalizations.1.to", "message": "bad"},
            {"field": field, "message": "wrong"},
        ]
        with sendgrid(SgRule(Answer(400, {"errors": errors}))) as (_, sender):
            assert f"{field}: wrong" in stopped(sender, queue)
        assert queue.counts == {"queued": 3}

    def test_emails_accepted_before_stay_accepted(self) -> None:
        queue = MemoryQueue(mails(2), mails(2, first=2), mails(2, first=4))
        with sendgrid(SgRule(Answer(403), nth=2)) as (server, sender):
            stopped(sender, queue)
        assert queue.counts == {"accepted": 2, "queued": 2}
        assert server.count == 2


class TestUncertain:
    @pytest.mark.parametrize(
        "status", [200, 201, 204, 301, 304, 307, 500, 502, 503, 504]
    )
    def test_only_202_means_accepted_and_an_answer_that_is_not_a_refusal_uncertain(
        self, status: int
    ) -> None:
        queue = MemoryQueue(mails(3), mails(2, first=3))
        with sendgrid(SgRule(Answer(status), times=1)) as (_, sender):
            sender.deliver(queue)
        assert queue.counts == {"uncertain": 3, "accepted": 2}
        assert next(iter(queue.reasons(State.UNCERTAIN))).startswith(
            str(status)
        )

    @pytest.mark.parametrize(
        "action",
        [
            HalfAnswer(),
            HalfAnswer(accepted=False),
            Reset(before=False),
            NoAnswer(0.1),
        ],
    )
    def test_without_a_complete_answer_it_is_uncertain(
        self, action: HalfAnswer | Reset | NoAnswer
    ) -> None:
        queue = MemoryQueue(mails(3), mails(2, first=3))
        with SendGridServer(SgRule(action, times=1), key=SECRET) as server:
            transport(server.url).deliver(queue)
        assert queue.counts == {"uncertain": 3, "accepted": 2}

    def test_without_any_answer_it_is_uncertain(self) -> None:
        queue = MemoryQueue(mails(3))
        with SendGridServer(
            SgRule(NoAnswer(600, accepted=True)), key=SECRET
        ) as server:
            transport(server.url, timeout=0.2).deliver(queue)
        assert queue.counts == {"uncertain": 3}

    def test_two_in_a_row_stop_the_send(self) -> None:
        queue = MemoryQueue(mails(3), mails(2, first=3), mails(2, first=5))
        with sendgrid(SgRule(Answer(503))) as (_, sender):
            reason = stopped(sender, queue)
        assert reason.startswith(
            "SendGrid gave no clear answer to 2 requests in a row (503"
        )
        assert queue.counts == {"uncertain": 5}

    def test_a_certain_answer_between_them_lets_it_go_on(self) -> None:
        queue = MemoryQueue(*([reader] for reader in mails(5)))
        with sendgrid(
            SgRule(Answer(500), nth=1), SgRule(Answer(500), nth=3)
        ) as (
            _,
            sender,
        ):
            sender.deliver(queue)
        assert queue.counts == {"uncertain": 2, "accepted": 3}

    def test_throttling_in_between_does_not_restart_the_count(self) -> None:
        queue = MemoryQueue(*([reader] for reader in mails(5)))
        rules = (
            SgRule(Answer(500), nth=1),
            SgRule(TooMany(), nth=2),
            SgRule(Answer(500), nth=3),
        )
        with sendgrid(*rules) as (_, sender):
            stopped(sender, queue)
        assert queue.counts == {"uncertain": 2}

    def test_within_a_halved_request_only_what_was_posted_is_uncertain(
        self,
    ) -> None:
        queue = MemoryQueue(mails(8))
        rules = (
            SgRule(UnnamedBad(lambda _: True), nth=1),
            SgRule(Answer(500), nth=2),
            SgRule(Answer(403), nth=3),
        )
        with sendgrid(*rules) as (_, sender):
            stopped(sender, queue)
        assert queue.counts == {"uncertain": 4, "queued": 4}

    def test_a_bug_leaves_what_is_on_the_wire_uncertain(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def mistake(*_: object) -> None:
            raise ZeroDivisionError

        queue = MemoryQueue(mails(3))
        with sendgrid() as (_, sender):
            monkeypatch.setattr(sender, "post", mistake)
            with pytest.raises(ZeroDivisionError):
                sender.deliver(queue)
        assert queue.counts == {"uncertain": 3}
