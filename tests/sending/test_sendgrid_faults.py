"""What goes wrong between here and SendGrid: what its answers prove, and that nothing gets out."""

import logging
import traceback
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from briefing.configuration.settings import SendGridSettings
from briefing.errors import TransportError
from briefing.sending.ledger.schema import State
from briefing.sending.transports.sendgrid import SendGrid
from tests.sending.queues import KEY, SETTINGS, MemoryQueue, mails
from tests.sending.servers.http_rules import (
    Answer,
    HalfAnswer,
    HttpRule,
    NoAnswer,
    Redirect,
    Reset,
)
from tests.sending.servers.sendgrid import SendGridServer

SECRET = "canary-secret"  # noqa: S105  # of our own servers
PAUSE = 0.001
NOBODY = "http://127.0.0.1:1"
LOGIN_PAGE = Answer(200, b"<html>Log in</html>")


def fault(action: object, **turns: Any) -> HttpRule:
    """A fault of the server, whatever it is asked for."""
    return HttpRule(action, path="", **turns)


def queue_of(count: int) -> MemoryQueue:
    """So many readers, each in a request of their own."""
    return MemoryQueue(*([reader] for reader in mails(count)))


def one_line(raised: TransportError) -> str:
    """Why it stops: one line, without a secret or a reader."""
    reason = str(raised)
    assert SECRET not in "".join(traceback.format_exception(raised))
    assert raised.__context__ is None
    assert "\n" not in reason
    assert "@" not in reason
    return reason


def stopped(transport: SendGrid, queue: MemoryQueue) -> str:
    """Why it stops; by then every email has its outcome."""
    with pytest.raises(TransportError) as caught:
        transport.deliver(queue)
    assert State.SENDING not in queue.states.values()
    return one_line(caught.value)


def unopened(transport: Any) -> str:
    with pytest.raises(TransportError) as caught:
        transport.open()
    reason = one_line(caught.value)
    assert reason.endswith("; nothing was sent")
    return reason


class TestSendGrid:
    def server(self, *rules: HttpRule) -> SendGridServer:
        return SendGridServer(*rules, key=SECRET)

    def transport(
        self, url: str, *, secret: str = SECRET, timeout: float = 60
    ) -> SendGrid:
        settings = replace(SETTINGS, sendgrid=SendGridSettings(host=url))
        return SendGrid(settings, KEY, secret, timeout=timeout, pause=PAUSE)

    def refusal(self, words: str) -> Answer:
        return Answer(400, {"errors": [{"field": None, "message": words}]})

    def deliver(self, queue: MemoryQueue, *rules: HttpRule) -> Any:
        """Send to a server with some faults; return it."""
        with self.server(*rules) as server:
            self.transport(server.url).deliver(queue)
        assert server.violations == []
        return server

    def stopped_by(self, queue: MemoryQueue, *rules: HttpRule) -> str:
        """Why a server with some faults stops a send."""
        with self.server(*rules) as server:
            transport = self.transport(server.url)
            reason = stopped(transport, queue)
        assert "SendGrid" in reason
        return reason

    # Accepted

    def test_each_reader_gets_one_email(self) -> None:
        queue = queue_of(3)
        server = self.deliver(queue)
        assert queue.counts == {"accepted": 3}
        assert Counter(sent.address for sent in server.accepted) == Counter(
            reader.envelope.address for reader in mails(3)
        )

    def test_an_outcome_and_the_next_claim_share_a_commit(self) -> None:
        queue = queue_of(3)
        self.deliver(queue)
        assert queue.commits == [(0, 1), (1, 1), (1, 1), (1, 0)]

    def test_a_reader_who_has_unsubscribed_meanwhile_gets_nothing(self) -> None:
        first, second = mails(2)
        queue = MemoryQueue([first], [second], left={first.recipient})
        server = self.deliver(queue)
        assert [sent.address for sent in server.accepted] == [
            second.envelope.address
        ]

    # Uncertain

    @pytest.mark.parametrize(
        "answer",
        [LOGIN_PAGE, *map(Answer, (201, 204, 302, 500, 502, 503, 504))],
        ids=lambda answer: str(answer.status),
    )
    def test_an_answer_that_neither_accepts_nor_refuses_leaves_it_uncertain(
        self, answer: Answer
    ) -> None:
        queue = queue_of(3)
        self.deliver(queue, fault(answer, nth=2))
        assert queue.counts == {"accepted": 2, "uncertain": 1}
        (reason,) = queue.reasons(State.UNCERTAIN)
        assert reason.startswith(str(answer.status))

    @pytest.mark.parametrize(
        "action",
        [HalfAnswer(), HalfAnswer(accepted=False), Reset(before=False)],
    )
    def test_so_does_a_connection_that_breaks_after_the_request_which_is_not_repeated(
        self, action: HalfAnswer | Reset
    ) -> None:
        queue = queue_of(2)
        server = self.deliver(queue, fault(action, nth=1))
        assert queue.counts == {"uncertain": 1, "accepted": 1}
        assert server.received == 2

    def test_so_does_an_answer_that_never_comes(self) -> None:
        queue = queue_of(1)
        with self.server(fault(NoAnswer(600))) as server:
            self.transport(server.url, timeout=0.2).deliver(queue)
        assert queue.counts == {"uncertain": 1}
        assert queue.reasons(State.UNCERTAIN) == {
            f"{server.url}: didn't answer in time"
        }

    def test_two_in_a_row_stop_the_send(self) -> None:
        queue = queue_of(5)
        reason = self.stopped_by(queue, fault(Answer(500)))
        assert "gave no clear answer to 2 requests in a row (500" in reason
        assert queue.counts == {"uncertain": 2}

    def test_a_bug_leaves_what_is_on_the_wire_uncertain(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def bug(*_: object) -> None:
            raise ZeroDivisionError

        queue = queue_of(2)
        transport = self.transport(NOBODY)
        monkeypatch.setattr(transport, "post", bug)
        with pytest.raises(ZeroDivisionError):
            transport.deliver(queue)
        assert queue.counts == {"uncertain": 1}

    # Not accepted

    def test_where_no_server_answers_it_is_tried_five_times_and_all_stay_queued(
        self,
    ) -> None:
        queue = queue_of(2)
        reason = stopped(self.transport(NOBODY), queue)
        assert reason.startswith(
            f"{NOBODY}: no server answers there; check the network; 5 times in a row"
        )
        assert queue.pauses == [PAUSE, 2 * PAUSE, 4 * PAUSE, 8 * PAUSE]
        assert queue.counts == {"queued": 1}

    def test_asked_to_slow_down_it_waits_twice_as_long_each_time(self) -> None:
        queue = queue_of(2)
        self.deliver(queue, fault(Answer(429), times=3))
        assert queue.counts == {"accepted": 2}
        assert queue.pauses == [PAUSE, 2 * PAUSE, 4 * PAUSE]
        assert queue.commits[:3] == [(0, 1), (1, 0), (0, 1)]

    def test_a_reader_who_is_refused_is_rejected_alone_and_not_named(
        self,
    ) -> None:
        queue = queue_of(3)
        refusal = self.refusal("reader1@example.org is not a valid address")
        self.deliver(queue, fault(refusal, nth=2))
        assert queue.counts == {"accepted": 2, "rejected": 1}
        (reason,) = queue.reasons(State.REJECTED)
        assert "is not a valid address" in reason
        assert "reader1" not in reason

    def test_five_in_a_row_with_the_same_words_stop_the_send_and_are_taken_back(
        self,
    ) -> None:
        queue = queue_of(9)
        self.stopped_by(queue, fault(self.refusal("domain not verified")))
        assert queue.counts == {"queued": 5}

    def test_a_wrong_key_stops_the_send(self) -> None:
        queue = queue_of(3)
        with self.server() as server:
            stopped(self.transport(server.url, secret="another"), queue)  # noqa: S106  # wrong on purpose
        assert server.accepted == []
        assert queue.counts == {"queued": 1}

    # Before anything is sent

    def test_a_key_that_works_is_tried_without_an_email(self) -> None:
        with self.server() as server:
            transport: Any = self.transport(server.url)
            transport.open()
            transport.close()
        assert server.received > 0
        assert server.accepted == []

    def test_a_wrong_key_is_one_clear_line(self) -> None:
        with self.server() as server:
            transport = self.transport(server.url, secret="another")  # noqa: S106  # wrong on purpose
            assert "SendGrid doesn't accept the" in unopened(transport)

    @pytest.mark.parametrize(
        ("action", "words"),
        [
            (Answer(503), "isn't working at the moment; try again later (503)"),
            (Redirect(NOBODY), "redirects to another address"),
            (LOGIN_PAGE, "check 'host' under ["),
            (Answer(200, b"[" * 100_000), "check 'host' under ["),
            (HalfAnswer(), "its answer was cut off, or isn't HTTP"),
        ],
    )
    def test_so_is_what_the_provider_does_not_answer(
        self, action: object, words: str
    ) -> None:
        with self.server(fault(action)) as server:
            assert words in unopened(self.transport(server.url))

    def test_so_is_a_server_that_cannot_be_reached(self) -> None:
        assert "no server answers there" in unopened(self.transport(NOBODY))

    @pytest.mark.parametrize(
        "bad", ["", "canary\n", "cänary", "ca nary", "canary\r\nX-Other: 1"]
    )
    def test_text_that_cannot_be_a_key_is_refused_and_not_repeated(
        self, bad: str
    ) -> None:
        with pytest.raises(TransportError, match="copy it again") as caught:
            self.transport(NOBODY, secret=bad)
        assert "nary" not in one_line(caught.value)

    # Nothing gets out

    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    def test_no_redirect_is_followed(self, status: int) -> None:
        queue = queue_of(1)
        with self.server() as elsewhere:
            redirect = Redirect(elsewhere.url, status)
            with self.server(fault(redirect)) as server:
                transport = self.transport(server.url)
                unopened(transport)
                transport.deliver(queue)
            assert elsewhere.received == 0
        assert queue.counts == {"uncertain": 1}

    def test_neither_key_nor_reader_is_logged_or_printed(
        self,
        caplog: pytest.LogCaptureFixture,
        capfd: pytest.CaptureFixture[str],
    ) -> None:
        queue = queue_of(2)
        refusal = self.refusal(f"{SECRET} reader0@example.org \x1b[2J")
        with (
            caplog.at_level(logging.DEBUG),
            self.server(fault(refusal)) as server,
        ):
            transport = self.transport(server.url)
            transport.deliver(queue)
        shown = [caplog.text, *capfd.readouterr(), repr(transport)]
        kept = [outcome.reason for outcome in queue.recorded]
        for canary in (SECRET, "reader0", "\x1b"):
            assert canary not in "".join([*shown, *kept])
