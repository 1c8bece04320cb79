"""The loop of a send through SendGrid: what is claimed, split, repeated, and when it ends."""

from collections.abc import Callable, Sequence

import pytest

from briefing.errors import TransportError
from briefing.mail.message import Message
from briefing.network.http_client import Answer
from briefing.sending.ledger.schema import State
from briefing.sending.transports import sendgrid_api
from briefing.sending.transports.base import Mail, SendStopped
from briefing.sending.transports.sendgrid import LONGEST_PAUSE, SendGrid
from briefing.sending.transports.sendgrid_api import Meaning, Verdict
from briefing.sending.transports.sendgrid_request import (
    ReaderPart,
    SendGridRequests,
    UnsendableError,
)
from tests.sending.queues import KEY, SETTINGS, MemoryQueue, mail, mails

ACCEPTED = Verdict(Meaning.ACCEPTED)
LATER = Verdict(Meaning.LATER, "429 later")
NOT_SENT = Verdict(Meaning.NOT_SENT, "no server answers there")
UNNAMED = Verdict(Meaning.UNNAMED, "400 bad")
UNKNOWN = Verdict(Meaning.UNKNOWN, "503")

Judge = Callable[[Sequence[str]], Verdict]


class Builder(SendGridRequests):
    """Requests that are lists of addresses."""

    def __init__(self) -> None: ...

    def part(self, mail: Mail) -> ReaderPart:
        if mail.envelope.address.startswith("unsendable"):
            raise UnsendableError("has no mailbox")
        return ReaderPart(mail, mail.envelope.address.encode())

    def request(self, parts: Sequence[ReaderPart]) -> bytes:
        return b" ".join(part.content for part in parts)


@pytest.fixture(autouse=True)
def fake_verdicts(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fake gives a verdict instead of an answer."""

    def judge(answer: Answer, addresses: Sequence[str]) -> Verdict:
        assert Fake.last
        return Fake.last.judge(answer, addresses)

    monkeypatch.setattr(sendgrid_api, "judge", judge)


class Fake(SendGrid):
    """A SendGrid that gives these verdicts, one after another, and then accepts."""

    batch = 2
    last: "Fake | None" = None

    def __init__(self, *verdicts: Verdict | Judge) -> None:
        super().__init__(SETTINGS, KEY, "key", pause=1, first=self.batch)
        Fake.last = self
        self.verdicts = list(verdicts)
        self.posted: list[list[int]] = []

    def builder(self, message: Message) -> SendGridRequests:
        del message
        return Builder()

    def post(self, request: bytes) -> Answer:
        self.posted.append(
            [
                int(address.removeprefix("reader").partition("@")[0])
                for address in request.decode().split()
            ]
        )
        return Answer(200)

    def judge(self, answer: Answer, addresses: Sequence[str]) -> Verdict:
        del answer
        verdict = self.verdicts.pop(0) if self.verdicts else ACCEPTED
        return verdict if isinstance(verdict, Verdict) else verdict(addresses)


def queue_of(*sizes: int) -> MemoryQueue:
    """Batches of these sizes."""
    readers = iter(mails(sum(sizes)))
    return MemoryQueue(
        *([next(readers) for _ in range(size)] for size in sizes)
    )


def stopped(transport: Fake, queue: MemoryQueue) -> str:
    with pytest.raises(TransportError) as caught:
        transport.deliver(queue)
    assert State.SENDING not in queue.states.values()
    return str(caught.value)


def numbers(queue: MemoryQueue, state: State) -> list[int]:
    return sorted(
        int(recipient)
        for recipient, found in queue.states.items()
        if found is state
    )


def refusing(*refused: int) -> Judge:
    """Refuses these readers, without a name."""
    addresses = {f"reader{number}@example.org" for number in refused}
    return lambda given: UNNAMED if addresses & set(given) else ACCEPTED


def test_the_repr_of_a_part_doesnt_reveal_its_reader() -> None:
    part = Builder().part(Mail(b"1", mail(1).envelope))
    assert "content" not in repr(part)


class TestRequests:
    def test_each_request_is_claimed_with_the_outcomes_of_the_one_before(
        self,
    ) -> None:
        transport, queue = Fake(), queue_of(3, 2)
        transport.deliver(queue)
        assert transport.posted == [[0, 1], [2], [3, 4]]
        assert queue.commits == [(0, 2), (2, 1), (1, 2), (2, 0)]

    def test_a_refused_request_is_halved_and_its_halves_come_before_the_rest(
        self,
    ) -> None:
        transport, queue = Fake(*[refusing(1)] * 9), queue_of(4)
        transport.deliver(queue)
        assert transport.posted == [[0, 1], [0], [1], [2, 3]]
        assert numbers(queue, State.REJECTED) == [1]

    def test_it_is_repeated_immediately_without_readers_refused_by_name(
        self,
    ) -> None:
        transport, queue = (
            Fake(Verdict(Meaning.NAMED, named={1: "400 bad"})),
            queue_of(2),
        )
        transport.deliver(queue)
        assert transport.posted == [[0, 1], [0]]
        assert numbers(queue, State.REJECTED) == [1]
        assert queue.pauses == []

    def test_no_request_includes_an_unsendable_reader(self) -> None:
        transport = Fake()
        queue = MemoryQueue([*mails(2), mail(9, "unsendable@example.org")])
        transport.deliver(queue)
        assert transport.posted == [[0, 1]]
        assert queue.reasons(State.REJECTED) == {"has no mailbox"}

    def test_unsendable_readers_never_end_the_send(self) -> None:
        queue = MemoryQueue(
            [
                mail(number, f"unsendable{number}@example.org")
                for number in range(9)
            ]
        )
        Fake().deliver(queue)
        assert queue.counts == {"rejected": 9}

    def test_a_batch_of_unsubscribed_readers_makes_no_request(self) -> None:
        transport, queue = Fake(), MemoryQueue(mails(2), left={b"0", b"1"})
        transport.deliver(queue)
        assert transport.posted == []


class TestPauses:
    def test_emails_not_accepted_are_claimed_again_after_it_with_the_rest(
        self,
    ) -> None:
        transport, queue = Fake(ACCEPTED, LATER), queue_of(5)
        transport.deliver(queue)
        assert transport.posted == [[0, 1], [2, 3], [2, 3], [4]]
        assert queue.pauses == [1]
        assert queue.commits == [(0, 2), (2, 2), (2, 0), (0, 2), (2, 1), (1, 0)]

    @pytest.mark.parametrize("verdict", [LATER, NOT_SENT])
    def test_it_doubles_each_time_in_a_row(self, verdict: Verdict) -> None:
        queue = queue_of(1)
        Fake(*[verdict] * 4).deliver(queue)
        assert queue.pauses == [1, 2, 4, 8]
        assert queue.reasons_to_pause == [verdict.words] * 4

    def test_it_starts_over_after_another_answer(self) -> None:
        queue = queue_of(1, 1)
        Fake(LATER, LATER, ACCEPTED, LATER).deliver(queue)
        assert queue.pauses == [1, 2, 1]

    @pytest.mark.parametrize(
        ("asked", "pause"),
        [(7, 7), (-7, 1), (0, 1), (10_000, LONGEST_PAUSE)],
    )
    def test_it_lasts_as_long_as_the_provider_asks(
        self, asked: float, pause: float
    ) -> None:
        queue = queue_of(1)
        Fake(Verdict(Meaning.LATER, pause=asked)).deliver(queue)
        assert queue.pauses == [pause]

    def test_it_never_takes_longer_than_ten_minutes(self) -> None:
        queue = queue_of(1)
        Fake(*[LATER] * 12).deliver(queue)
        assert max(queue.pauses) == LONGEST_PAUSE == 600
        assert queue.counts == {"accepted": 1}

    def test_a_stop_ends_it_and_leaves_the_rest_queued(self) -> None:
        queue = queue_of(3)
        queue.stops_after = 2
        with pytest.raises(SendStopped):
            Fake(ACCEPTED, LATER).deliver(queue)
        assert queue.counts == {"accepted": 2, "queued": 1}

    def test_an_unknown_outcome_causes_one_as_well(self) -> None:
        queue = queue_of(1, 1)
        Fake(UNKNOWN).deliver(queue)
        assert queue.pauses == [1]
        assert queue.counts == {"uncertain": 1, "accepted": 1}


class TestNotSent:
    def test_a_request_that_did_not_go_out_has_no_answer_to_judge(self) -> None:
        class Unreachable(Fake):
            def post(self, request: bytes) -> Answer:
                super().post(request)
                sent = len(self.posted) > 1
                return Answer(0, failure="no network", sent=sent)

        transport = Unreachable(UNKNOWN)
        queue = queue_of(1)
        transport.deliver(queue)
        assert transport.posted == [[0], [0]]
        assert queue.counts == {"uncertain": 1}


class TestTheEnd:
    def test_requests_that_cannot_be_sent_end_it_at_the_fifth_in_a_row(
        self,
    ) -> None:
        transport, queue = Fake(*[NOT_SENT] * 9), queue_of(1)
        reason = stopped(transport, queue)
        assert (
            reason
            == "no server answers there; 5 times in a row, so the rest is left for the next send"
        )
        assert len(transport.posted) == 5
        assert queue.counts == {"queued": 1}

    @pytest.mark.parametrize("between", [[], [NOT_SENT]])
    def test_a_provider_that_takes_nothing_for_an_hour_ends_it(
        self, between: list[Verdict]
    ) -> None:
        hour = Verdict(Meaning.LATER, "429 later", pause=600)
        queue = queue_of(1)
        reason = stopped(Fake(*[*between, hour] * 9), queue)
        assert (
            reason
            == "SendGrid has accepted no requests for an hour (429 later); the rest is left for the next send"
        )
        assert queue.pauses.count(600) == 6
        assert queue.counts == {"queued": 1}

    def test_an_accepted_email_in_between_starts_the_hour_over(self) -> None:
        hour = [Verdict(Meaning.LATER, pause=600)] * 6
        queue = queue_of(1, 1)
        Fake(*hour, ACCEPTED, *hour).deliver(queue)
        assert queue.counts == {"accepted": 2}

    def test_two_unknown_outcomes_in_a_row_end_it(self) -> None:
        transport, queue = Fake(UNKNOWN, UNKNOWN), queue_of(1, 1, 1)
        assert stopped(transport, queue) == (
            "SendGrid gave no clear answer to 2 requests in a row (503), so their readers may or may not have the issue"
        )
        assert numbers(queue, State.UNCERTAIN) == [0, 1]

    @pytest.mark.parametrize("between", [LATER, NOT_SENT])
    def test_throttling_in_between_does_not_make_them_certain(
        self, between: Verdict
    ) -> None:
        queue = queue_of(1, 1, 1)
        stopped(Fake(UNKNOWN, between, UNKNOWN), queue)
        assert queue.counts == {"uncertain": 2}

    def test_an_accepted_email_in_between_restarts_the_count(self) -> None:
        queue = queue_of(1, 1, 1)
        Fake(UNKNOWN, ACCEPTED, UNKNOWN).deliver(queue)
        assert queue.counts == {"uncertain": 2, "accepted": 1}

    def test_five_readers_rejected_with_the_same_words_are_queued_again(
        self,
    ) -> None:
        transport, queue = Fake(*[UNNAMED] * 20), queue_of(1, 1, 1, 1, 1, 1)
        assert stopped(transport, queue).startswith(
            "SendGrid: 5 readers in a row were turned away with the same message (400 bad); "
        )
        assert queue.counts == {"queued": 5}

    def test_an_email_accepted_in_between_lets_it_go_on(self) -> None:
        queue = queue_of(*[1] * 9)
        Fake(*[UNNAMED] * 4, ACCEPTED, *[UNNAMED] * 4).deliver(queue)
        assert queue.counts == {"rejected": 8, "accepted": 1}

    def test_a_bug_in_building_a_request_leaves_all_queued(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def bug(*_: object) -> None:
            raise ZeroDivisionError

        monkeypatch.setattr(Builder, "request", bug)
        queue = queue_of(2)
        with pytest.raises(ZeroDivisionError):
            Fake().deliver(queue)
        assert queue.counts == {"queued": 2}


class TestNamed:
    """A provider that says which readers it refuses."""

    @staticmethod
    def all_named() -> Judge:
        return lambda given: Verdict(
            Meaning.NAMED, named=dict.fromkeys(range(len(given)), "400 bad")
        )

    def test_five_with_no_reader_left_are_queued_again(self) -> None:
        transport, queue = Fake(*[self.all_named()] * 3), queue_of(6)
        reason = stopped(transport, queue)
        assert (
            reason
            == "SendGrid turned away 6 readers in a row, the last with: 400 bad"
        )
        assert queue.counts == {"queued": 6}

    def test_five_refused_in_requests_of_their_own_are_queued_again(
        self,
    ) -> None:
        queue = queue_of(*[1] * 6)
        stopped(Fake(*[self.all_named()] * 6), queue)
        assert queue.counts == {"queued": 5}

    def test_four_are_rejected(self) -> None:
        queue = queue_of(4)
        Fake(*[self.all_named()] * 2).deliver(queue)
        assert queue.counts == {"rejected": 4}

    def test_with_an_accepted_email_in_between_they_are_rejected(self) -> None:
        queue = queue_of(8)
        Fake(
            self.all_named(), self.all_named(), ACCEPTED, self.all_named()
        ).deliver(queue)
        assert queue.counts == {"rejected": 6, "accepted": 2}
