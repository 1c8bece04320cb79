"""Between one ledger and many connections: what is claimed, what is told, and how it ends."""

import threading
import time
from collections.abc import Callable, Collection, Iterator, Sequence

import pytest

from briefing.errors import LedgerError, TransportError
from briefing.sending.dispatch import Dispatch
from briefing.sending.schema import State
from briefing.sending.transports.base import Batch, Mail, Outcome, Queue, SendStopped
from tests.sending.queues import MESSAGE, Book, batches, mails

Deliver = Callable[[Queue], None]


class Fake:
    """A transport that accepts everything, or does what it is made with, on each of its connections."""

    name = "fake"
    repeatable = False

    def __init__(
        self, deliver: Deliver | None = None, *, connections: int = 1, batch: int = 1, per_second: int = 0
    ) -> None:
        self.connections = connections
        self.batch = batch
        self.per_second = per_second
        self.handed_over: list[Mail] = []
        self.watch: Callable[[Mail], object] = bool
        self._deliver = deliver or self.accept_all

    def open(self) -> None:
        pass

    def close(self) -> None:
        pass

    def deliver(self, queue: Queue) -> None:
        self._deliver(queue)

    def accept_all(self, queue: Queue) -> None:
        """As a courier does: asks for the next claim, with the last outcome, while a mail is on its way."""
        untold: list[Outcome] = []
        batch = queue.next()
        claim = queue.claim(batch) if batch else None
        while claim:
            mine = claim.wait().mails
            following = queue.next(wait=False)
            claim, untold = (queue.claim(following, untold), []) if following else (None, untold)
            for one in mine:
                self.watch(one)
                self.handed_over.append(one)
            untold += [Outcome(mail, State.ACCEPTED) for mail in mine]
            if claim is None:
                queue.settle(untold)
                untold = []
                batch = queue.next()
                claim = queue.claim(batch) if batch else None


class Slow(Book):
    """A ledger on a disk that takes its time."""

    def record(self, outcomes: Sequence[Outcome], claims: Sequence[Mail]) -> Collection[bytes]:
        time.sleep(0.002)
        return super().record(outcomes, claims)


def failing(book: Book, after: int, error: Exception) -> None:
    """From that claim on, the ledger can't be written."""

    def fail() -> None:
        if book.claimed.total() >= after:
            raise error

    book.before_commit = fail


@pytest.mark.parametrize("connections", [1, 2, 8, 16])
def test_every_mail_is_handed_over_once(connections: int) -> None:
    transport, book = Fake(connections=connections), Book(mails(300))
    book.send(transport)
    assert book.counts == {"accepted": 300}
    assert set(book.claimed.values()) == {1}
    assert len(transport.handed_over) == 300
    assert book.most_sending <= 2 * connections


def test_the_supply_may_be_empty() -> None:
    book = Book([])
    book.send(Fake(connections=4))
    assert book.commits == []


def test_nothing_is_handed_over_whose_claim_is_not_recorded_yet() -> None:
    transport, book = Fake(connections=4), Slow(mails(100))

    def is_recorded(one: Mail) -> None:
        assert book.states[one.recipient] is State.SENDING

    transport.watch = is_recorded
    book.send(transport)
    assert book.counts == {"accepted": 100}


class TestCommits:
    def test_many_connections_share_them(self) -> None:
        book = Slow(mails(400))
        book.send(Fake(connections=8))
        assert book.counts == {"accepted": 400}
        assert len(book.commits) < 200
        assert sum(claims for _, claims in book.commits) == sum(outcomes for outcomes, _ in book.commits) == 400

    def test_one_connection_has_outcome_and_claim_in_one(self) -> None:
        book = Book(mails(50))
        book.send(Fake())
        assert len(book.commits) <= 52

    def test_what_was_told_is_recorded_soon_although_nobody_waits(self) -> None:
        """Somebody who looks at the ledger while the last mail takes long sees what is known."""
        recorded = threading.Event()

        def deliver(queue: Queue) -> None:
            while batch := queue.next():
                (mail,) = queue.claim(batch).wait().mails
                queue.settle([Outcome(mail, State.ACCEPTED)])
                assert recorded.wait(5)

        book = Book(mails(1))
        book.before_commit = lambda: recorded.set() if book.claimed else None
        book.send(Fake(deliver, connections=1))
        assert book.counts == {"accepted": 1}

    def test_they_are_made_by_the_thread_that_runs_it(self) -> None:
        book = Book(mails(30))  # its `record` looks at that
        book.send(Fake(connections=8))
        assert book.counts == {"accepted": 30}


class TestBatches:
    def test_of_many_mails_are_claimed_without_those_who_left(self) -> None:
        given = mails(9)
        seen: list[list[int]] = []

        def deliver(queue: Queue) -> None:
            while batch := queue.next():
                mine = queue.claim(batch).wait()
                assert mine.message is MESSAGE
                seen.append([int(one.recipient) for one in mine.mails])
                queue.settle([Outcome(one, State.ACCEPTED) for one in mine.mails])

        book = Book(given, left=[given[1], *given[3:6]])
        dispatch = Dispatch(Fake(deliver, batch=3), book.record, threading.Event())
        dispatch.run(iter([Batch(MESSAGE, given[start : start + 3]) for start in (0, 3, 6)]))
        assert seen == [[0, 2], [], [6, 7, 8]]
        assert book.counts == {"accepted": 5, "skipped": 4}
        assert dispatch.idle

    def test_none_of_the_supply_is_waited_for(self) -> None:
        """It stands for a moment at which there is nothing; connections wait then, and go on."""
        book = Book(mails(3))

        def supply() -> Iterator[Batch | None]:
            for batch in batches(*book.mails):
                yield None
                yield batch

        Dispatch(Fake(connections=3), book.record, threading.Event()).run(supply())
        assert book.counts == {"accepted": 3}

    def test_who_is_queued_again_is_supplied_again(self) -> None:
        tries: dict[bytes, int] = {}

        def deliver(queue: Queue) -> None:
            while batch := queue.next():
                (mail,) = queue.claim(batch).wait().mails
                tries[mail.recipient] = tries.get(mail.recipient, 0) + 1
                queue.settle([Outcome(mail, State.ACCEPTED if tries[mail.recipient] == 2 else State.QUEUED)])

        book = Book(mails(10))
        book.send(Fake(deliver, connections=3), passes=3)
        assert book.counts == {"accepted": 10}
        assert set(tries.values()) == {2}

    def test_a_connection_that_owes_an_outcome_does_not_wait_for_more(self) -> None:
        def deliver(queue: Queue) -> None:
            while batch := queue.next():
                claim = queue.claim(batch)
                assert queue.next(wait=False) is None
                queue.settle([Outcome(mail, State.ACCEPTED) for mail in claim.wait().mails])

        book = Book(mails(1))
        book.send(Fake(deliver))
        assert book.counts == {"accepted": 1}


def test_mails_are_given_out_at_the_allowed_rate() -> None:
    book, begun = Book(mails(13)), time.monotonic()
    book.send(Fake(connections=4, per_second=50))
    assert book.counts == {"accepted": 13}
    assert time.monotonic() - begun >= 12 / 50


class TestTheEnd:
    def test_a_transport_that_stops_stops_all_its_connections(self) -> None:
        def deliver(queue: Queue) -> None:
            number = 0
            while batch := queue.next():
                (mail,) = queue.claim(batch).wait().mails
                number += 1
                if mail.recipient == b"9":
                    queue.settle([Outcome(mail, State.QUEUED)])
                    raise TransportError("the server says no")
                queue.settle([Outcome(mail, State.ACCEPTED)])

        book = Book(mails(500))
        book.send(Fake(deliver, connections=4))
        assert book.reason == "the server says no"
        assert book.counts.keys() == {"accepted", "queued"}
        assert book.counts["queued"] > 100

    def test_the_first_reason_counts(self) -> None:
        meeting = threading.Barrier(2)

        def deliver(queue: Queue) -> None:
            if meeting.wait(5):
                raise TransportError("first")
            with pytest.raises(SendStopped):
                queue.pause(10)
            raise TransportError("second")

        book = Book(mails(9))
        book.send(Fake(deliver, connections=2))
        assert book.reason == "first"

    @pytest.mark.parametrize("connections", [1, 3])
    def test_stop_ends_it_soon_and_no_more_is_claimed(self, connections: int) -> None:
        stop, book = threading.Event(), Book(mails(5000))
        book.before_commit = lambda: stop.set() if book.claimed.total() >= 50 else None
        book.send(Fake(connections=connections), stop=stop)
        assert book.reason == ""
        assert book.counts.keys() == {"accepted", "queued"}
        assert book.counts["accepted"] <= 50 + 2 * connections

    def test_stop_before_the_first_mail(self) -> None:
        stop, book, transport = threading.Event(), Book(mails(9)), Fake(connections=2)
        stop.set()
        book.send(transport, stop=stop)
        assert book.counts["queued"] >= 5
        assert State.SENDING not in book.states.values()

    def test_a_pause_is_ended_by_it_and_else_is_kept(self) -> None:
        stop = threading.Event()
        took: list[float] = []

        def deliver(queue: Queue) -> None:
            begun = time.monotonic()
            queue.pause(0.02)
            took.append(time.monotonic() - begun)
            stop.set()
            queue.pause(60)

        begun = time.monotonic()
        Book(mails(1)).send(Fake(deliver), stop=stop)
        assert took[0] >= 0.02
        assert time.monotonic() - begun < 5

    def test_a_claim_after_it_is_refused_and_an_outcome_still_taken(self) -> None:
        stop, seen = threading.Event(), []

        def deliver(queue: Queue) -> None:
            first, second = queue.next(), queue.next()
            assert first
            assert second
            (mail,) = queue.claim(first).wait().mails
            stop.set()
            with pytest.raises(SendStopped):
                queue.pause(5)
            assert queue.next() is None
            claim = queue.claim(second, [Outcome(mail, State.ACCEPTED)])
            with pytest.raises(SendStopped):
                claim.wait()
            seen.append(mail)

        book = Book(mails(2))
        book.send(Fake(deliver), stop=stop)
        assert seen
        assert book.counts == {"accepted": 1, "queued": 1}

    def test_connections_that_have_nothing_to_do_wait_for_the_others(self) -> None:
        given, back = threading.Event(), mails(2)

        def deliver(queue: Queue) -> None:
            while batch := queue.next():
                (mail,) = queue.claim(batch).wait().mails
                if mail.recipient == b"0" and not given.is_set():
                    given.set()
                    time.sleep(0.05)  # the other one has nothing to do meanwhile
                    queue.settle([Outcome(mail, State.QUEUED)])
                    return
                queue.settle([Outcome(mail, State.ACCEPTED)])

        book = Book(back)
        book.send(Fake(deliver, connections=2), passes=2)
        assert book.counts == {"accepted": 2}


class TestMistakes:
    def test_of_the_ledger_stop_everything(self) -> None:
        transport, book = Fake(connections=4), Slow(mails(500))
        failing(book, 40, LedgerError("ledger.sqlite", "can't be written"))
        with pytest.raises(LedgerError, match="can't be written"):
            book.send(transport)
        assert book.claimed.total() < 50
        assert {one.recipient for one in transport.handed_over} <= set(book.claimed)
        assert State.QUEUED in book.states.values()

    def test_of_the_supply_let_what_is_under_way_be_finished(self) -> None:
        book = Book(mails(20))

        def supply() -> Iterator[Batch | None]:
            yield from batches(*book.mails[:10])
            raise LedgerError("ledger.sqlite", "can't be read")

        with pytest.raises(LedgerError, match="can't be read"):
            Dispatch(Fake(connections=2), book.record, threading.Event()).run(supply())
        assert State.SENDING not in book.states.values()

    @pytest.mark.parametrize("error", [PermissionError("no"), AssertionError("no"), SystemExit("no"), KeyError("no")])
    def test_of_a_connection_are_raised(self, error: BaseException) -> None:
        def deliver(queue: Queue) -> None:
            while batch := queue.next():
                if batch.mails[0].recipient == b"3":
                    raise error
                queue.settle([Outcome(mail, State.ACCEPTED) for mail in queue.claim(batch).wait().mails])

        book = Book(mails(4))
        with pytest.raises(type(error), match="no"):
            book.send(Fake(deliver, connections=4))

    def test_nothing_is_handed_over_when_the_first_claim_fails(self) -> None:
        transport, book = Fake(connections=3), Book(mails(20))
        failing(book, 0, LedgerError("ledger.sqlite", "can't be written"))
        with pytest.raises(LedgerError):
            book.send(transport)
        assert transport.handed_over == []
        assert book.counts == {"queued": 20}

    def test_the_claims_of_a_commit_that_fails_are_no_claims(self) -> None:
        """The outcomes in it are lost; what they are of stays `sending`, and is uncertain the next time."""
        book = Book(mails(5))
        failing(book, 2, LedgerError("ledger.sqlite", "can't be written"))
        transport = Fake()
        with pytest.raises(LedgerError):
            book.send(transport)
        assert book.counts == {"sending": 2, "queued": 3}
        assert [int(one.recipient) for one in transport.handed_over] == [0, 1]
