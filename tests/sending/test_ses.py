"""Sending through Amazon SES, against a local server that checks each signature: what is special to
it, beyond test_http_providers.py.
"""

import datetime as dt
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from briefing.configuration.settings import SesSettings
from briefing.errors import TransportError
from briefing.sending.ledger.schema import State
from briefing.sending.transports.ses import AccessKey, Ses, sign
from tests.sending.queues import (
    MESSAGE,
    SETTINGS,
    Book,
    MemoryQueue,
    mail,
    mails,
)
from tests.sending.servers.http_rules import Answer
from tests.sending.servers.ses import ACCOUNT, SesRule, SesServer, error

KEY_ID = "AKIDCANARY"
SECRET = "canary-secret/+="  # noqa: S105  # of our own server
PAUSE = 0.001
THROTTLED = error(
    429, "TooManyRequestsException", "Maximum sending rate exceeded."
)
NOW = dt.datetime(2026, 11, 26, 8, tzinfo=dt.UTC)


def transport(
    url: str, *, secret: str = SECRET, timeout: float = 60, **settings: Any
) -> Ses:
    ses = SesSettings(
        region="eu-west-1",
        host=url,
        **{"connections": 1, "per_second": 0, **settings},
    )
    clock = NOW.timestamp
    return Ses(
        replace(SETTINGS, ses=ses),
        AccessKey(KEY_ID, secret),
        timeout=timeout,
        pause=PAUSE,
        clock=clock,
    )


@contextmanager
def ses(
    *rules: SesRule, sending_enabled: bool = True, **settings: Any
) -> Iterator[tuple[SesServer, Ses]]:
    with SesServer(
        *rules, key_id=KEY_ID, secret=SECRET, sending_enabled=sending_enabled
    ) as server:
        yield server, transport(server.url, **settings)
    assert server.violations == []


def queue_of(count: int) -> MemoryQueue:
    return MemoryQueue(*([reader] for reader in mails(count)), message=MESSAGE)


def stopped(sender: Ses, queue: MemoryQueue) -> str:
    """Why it stops; by then every email has its outcome, and the reason is one line without a
    secret.
    """
    with pytest.raises(TransportError) as caught:
        sender.deliver(queue)
    assert State.SENDING not in queue.states.values()
    return one_line(caught.value)


def one_line(raised: TransportError) -> str:
    everything = "".join(traceback.format_exception(raised))
    assert SECRET not in everything
    assert raised.__context__ is None
    assert "\n" not in str(raised)
    assert "@" not in str(raised)
    return str(raised)


def sent_to(server: SesServer) -> Counter[str]:
    return Counter(accepted.address for accepted in server.accepted)


class TestSignature:
    """AWS Signature Version 4."""

    @pytest.mark.parametrize(
        ("method", "signature"),
        [
            (
                "GET",
                "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
            ),
            (
                "POST",
                "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
            ),
        ],
    )
    def test_it_is_that_of_the_test_suite_of_aws(
        self, method: str, signature: str
    ) -> None:
        """Cases get-vanilla and post-vanilla."""
        headers = sign(
            method,
            "/",
            {"Host": "example.amazonaws.com"},
            b"",
            access_key=AccessKey(
                "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
            ),
            region="us-east-1",
            service="service",
            now=dt.datetime(2015, 8, 30, 12, 36, tzinfo=dt.UTC),
        )
        assert headers == {
            "Host": "example.amazonaws.com",
            "X-Amz-Date": "20150830T123600Z",
            "Authorization": "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
            f"SignedHeaders=host;x-amz-date, Signature={signature}",
        }

    def test_botocore_computes_the_same_for_every_request(self) -> None:
        queue = queue_of(3)
        with ses() as (server, sender):  # the server refuses any other
            sender.open()
            sender.deliver(queue)
        assert queue.counts == {"accepted": 3}
        assert [
            request.headers["x-amz-date"] for request in server.requests
        ] == ["20261126T080000Z"] * 4

    def test_the_secret_is_in_no_request(self) -> None:
        with ses() as (server, sender):
            sender.open()
            sender.deliver(queue_of(1))
        assert SECRET not in str(
            [(request.headers, request.body) for request in server.requests]
        )


class TestAccepted:
    def test_each_reader_gets_one_whole_email_with_the_bytes_of_the_message(
        self,
    ) -> None:
        queue = queue_of(3)
        with ses() as (server, sender):
            sender.deliver(queue)
        assert queue.counts == {"accepted": 3}
        assert {
            accepted.address: accepted.data for accepted in server.accepted
        } == {
            reader.envelope.address: MESSAGE.fill(reader.envelope)
            for reader in mails(3)
        }

    def test_bounces_go_to_the_envelope_sender(self) -> None:
        given = mail(1)
        queue = MemoryQueue(
            [
                replace(
                    given,
                    envelope=given.envelope._replace(sender="b+1@example.org"),
                )
            ]
        )
        with ses() as (server, sender):
            sender.deliver(queue)
        assert [accepted.feedback for accepted in server.accepted] == [
            "b+1@example.org"
        ]

    def test_open_and_click_tracking_are_off_in_every_request(self) -> None:
        with ses() as (server, sender):  # which reports any other request
            sender.deliver(queue_of(2))
        assert len(server.accepted) == 2

    @pytest.mark.parametrize("name", ["", "newsletter"])
    def test_a_configuration_set_is_used_if_there_is_one(
        self, name: str
    ) -> None:
        with ses(configuration_set=name) as (server, sender):
            sender.deliver(queue_of(1))
        assert [accepted.configuration_set for accepted in server.accepted] == [
            name
        ]
        assert ("ConfigurationSetName" in server.requests[0].json) == bool(name)

    def test_several_connections_send_each_email_once(self) -> None:
        book = Book(mails(40))
        with ses(connections=4) as (server, sender):
            book.send(sender)
        assert book.counts == {"accepted": 40}
        assert sent_to(server) == Counter(
            reader.envelope.address for reader in mails(40)
        )
        assert book.most_sending <= 8


class TestRejected:
    def test_a_reader_that_ses_rejects_is_rejected_alone(self) -> None:
        refusal = error(
            400,
            "BadRequestException",
            "reader1@example.org: Missing final '@domain'",
        )
        queue = queue_of(3)
        with ses(
            SesRule(
                refusal,
                when=lambda body: "reader1@" in str(body["Destination"]),
            )
        ) as (_, sender):
            sender.deliver(queue)
        assert queue.counts == {"accepted": 2, "rejected": 1}
        assert queue.reasons(State.REJECTED) == {
            "400 BadRequestException: … Missing …"
        }

    def test_five_rejections_with_the_same_words_stop_the_send_and_are_taken_back(
        self,
    ) -> None:
        """An account in the sandbox: every address is unverified."""
        words = "Email address is not verified. The following identities failed the check in region EU-WEST-1: "
        queue = queue_of(9)
        with ses(
            SesRule(error(400, "MessageRejected", f"{words}r@example.org"))
        ) as (
            server,
            sender,
        ):
            reason = stopped(sender, queue)
        assert reason.startswith(
            "Amazon SES: 5 readers in a row were turned away with the same message (400 MessageRejected: Email address"
        )
        assert queue.counts == {"queued": 5}
        assert server.received == 5

    def test_so_they_do_over_several_connections(self) -> None:
        book = Book(mails(60))
        with ses(
            SesRule(error(400, "MessageRejected", "not verified")),
            connections=4,
        ) as (_, sender):
            book.send(sender)
        assert book.counts == {"queued": 60}
        assert book.reason.startswith(
            "Amazon SES: 5 readers in a row were turned away with the same message"
        )

    def test_an_address_that_ses_has_no_way_to_write_is_rejected_here(
        self,
    ) -> None:
        stranger = mail(7, "søren@example.org")
        queue = MemoryQueue([stranger], *([reader] for reader in mails(2)))
        with ses() as (server, sender):
            sender.deliver(queue)
        assert queue.reasons(State.REJECTED) == {
            "Amazon SES accepts only unaccented letters (a to z) before the @"
        }
        assert sent_to(server).total() == 2


class TestThrottled:
    @pytest.mark.parametrize(
        "answer",
        [
            THROTTLED,
            error(400, "ThrottlingException", "Rate exceeded"),
            Answer(429),
        ],
    )
    def test_it_waits_twice_as_long_each_time_and_claims_the_reader_again(
        self, answer: Answer
    ) -> None:
        queue = queue_of(2)
        with ses(SesRule(answer, times=3)) as (server, sender):
            sender.deliver(queue)
        assert queue.counts == {"accepted": 2}
        assert queue.pauses == [PAUSE, 2 * PAUSE, 4 * PAUSE]
        assert queue.commits[:3] == [(0, 1), (1, 0), (0, 1)]
        assert len(server.accepted) == 2

    @pytest.mark.parametrize("status", [400, 429])
    def test_the_quota_of_the_day_stops_the_send(self, status: int) -> None:
        code = (
            "ThrottlingException"
            if status == 400
            else "TooManyRequestsException"
        )
        queue = queue_of(3)
        with ses(
            SesRule(error(status, code, "Daily message quota exceeded."), nth=2)
        ) as (_, sender):
            assert "has no quota left for these 24 hours" in stopped(
                sender, queue
            )
        assert queue.counts == {"accepted": 1, "queued": 1}


class TestStops:
    @pytest.mark.parametrize(
        ("answer", "expected"),
        [
            (
                error(403, "AccessDeniedException", "not authorized"),
                "allow its user ses:SendEmail",
            ),
            (error(403, "AccessDenied"), "allow its user ses:SendEmail"),
            (
                error(403, "UnrecognizedClientException"),
                "doesn't accept the access key",
            ),
            (
                error(403, "InvalidClientTokenId"),
                "doesn't accept the access key",
            ),
            (
                error(403, "SignatureDoesNotMatch"),
                "doesn't accept the access key",
            ),
            (
                error(400, "IncompleteSignature"),
                "doesn't accept the access key",
            ),
            (
                error(403, "MissingAuthenticationTokenException"),
                "doesn't accept the access key",
            ),
            (
                error(
                    403,
                    "InvalidSignatureException",
                    "Signature expired: 20261126T080000Z",
                ),
                "clock is wrong",
            ),
            (
                error(
                    403,
                    "InvalidSignatureException",
                    "Signature not yet current: 2026",
                ),
                "clock is wrong",
            ),
            (error(400, "RequestExpired"), "clock is wrong"),
            (
                error(400, "AccountSuspendedException"),
                "has suspended this account",
            ),
            (error(400, "SendingPausedException"), "has paused this account"),
            (
                error(400, "MailFromDomainNotVerifiedException"),
                "verify it in the same region",
            ),
            (
                error(404, "NotFoundException"),
                "check 'configuration_set' and 'region' under [ses]",
            ),
            (
                error(400, "LimitExceededException"),
                "has reached a limit of this account",
            ),
            (
                Answer(413, b"<html>"),
                "use fewer or smaller photos",
            ),
            (
                Answer(
                    400,
                    {
                        "__type": "com.amazonaws#SendingPausedException",
                        "Message": "x",
                    },
                ),
                "has paused this account",
            ),
            (
                error(
                    400, "SendingPausedException:http://internal.amazon.com/"
                ),
                "has paused this account",
            ),
            (Answer(418, [1]), "refuses (418)"),
        ],
    )
    def test_what_is_not_about_a_reader_stops_the_send_with_what_to_do(
        self, answer: Answer, expected: str
    ) -> None:
        queue = queue_of(3)
        with ses(SesRule(answer, nth=2)) as (server, sender):
            reason = stopped(sender, queue)
        assert reason.startswith("Amazon SES ")
        assert expected in reason
        assert f"({answer.status}" in reason
        assert queue.counts == {"accepted": 1, "queued": 1}
        assert server.received == 2


class TestUncertain:
    @pytest.mark.parametrize("body", [{}, {"MessageId": ""}, [1]])
    def test_without_an_id_an_email_was_not_surely_accepted(
        self, body: Any
    ) -> None:
        queue = queue_of(1)
        with ses(SesRule(Answer(200, body))) as (_, sender):
            sender.deliver(queue)
        assert queue.counts == {"uncertain": 1}


class TestOpen:
    """The account is looked at before anything is sent."""

    def unopened(self, sender: Ses) -> str:
        with pytest.raises(TransportError) as caught:
            sender.open()
        return one_line(caught.value)

    def test_a_key_that_works_is_enough(self) -> None:
        with ses() as (server, sender):
            sender.open()
            sender.close()
        assert [
            (request.method, request.path) for request in server.requests
        ] == [("GET", ACCOUNT)]

    def test_a_wrong_secret_is_one_clear_line(self) -> None:
        with ses() as (server, _):
            reason = self.unopened(transport(server.url, secret="another"))  # noqa: S106  # wrong on purpose
        assert reason.startswith(
            "Amazon SES doesn't accept the access key; check that its ID and its secret belong"
        )
        assert reason.endswith("; nothing was sent")

    def test_an_account_that_may_not_send_says_so(self) -> None:
        with ses(sending_enabled=False) as (_, sender):
            assert "has paused this account" in self.unopened(sender)

    @pytest.mark.parametrize(
        ("answer", "expected"),
        [
            (
                error(403, "AccessDeniedException"),
                "allow its user ses:SendEmail",
            ),
            (Answer(200, b"<html>"), "the server isn't Amazon SES"),
            (Answer(200, [1]), "the server isn't Amazon SES"),
        ],
    )
    def test_any_other_answer_is_reported_in_one_line(
        self, answer: object, expected: str
    ) -> None:
        with ses(SesRule(answer, path=ACCOUNT)) as (_, sender):
            reason = self.unopened(sender)
        assert expected in reason
        assert reason.endswith("nothing was sent")

    @pytest.mark.parametrize(
        "bad", ["", "canary\n", "cänary", "ca nary", "canary\r\nX-Other: 1"]
    )
    def test_text_that_cannot_be_a_key_is_refused_and_not_repeated(
        self, bad: str
    ) -> None:
        for key in (AccessKey(bad, SECRET), AccessKey(KEY_ID, bad)):
            with pytest.raises(TransportError, match="copy it again") as caught:
                Ses(SETTINGS, key)
            assert "nary" not in str(caught.value)

    def test_connections_and_rate_are_those_of_the_settings(self) -> None:
        sender = transport("http://127.0.0.1:1", connections=3, per_second=14)
        assert (sender.connections, sender.per_second, sender.batch) == (
            3,
            14,
            1,
        )

    def test_each_region_has_its_host(self) -> None:
        settings = replace(SETTINGS, ses=SesSettings(region="eu-north-1"))
        assert (
            Ses(settings, AccessKey(KEY_ID, SECRET)).host
            == "https://email.eu-north-1.amazonaws.com"
        )


def test_the_repr_of_a_key_doesnt_reveal_its_secret() -> None:
    assert SECRET not in repr(AccessKey(KEY_ID, SECRET))
