"""One ledger and many connections: what is claimed and recorded, and how a send ends."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from briefing.errors import LedgerError, TransportError
from briefing.sending.dispatch import (
    GATHER_DELAY,
    LONGEST_DELAY,
    Dispatch,
    DispatchClock,
)
from briefing.sending.ledger.schema import State
from briefing.sending.transports.base import (
    Batch,
    Claim,
    Mail,
    Outcome,
    Queue,
    SendStopped,
)
from tests.sending.queues import (
    HANG,
    MESSAGE,
    Book,
    ManualClock,
    batches,
    mails,
)

Deliver = Callable[[Queue], None]


class Fake:
    """A transport that accepts everything, or does what it is made with, on each of its
    connections.
    """

    name = "fake"

    def __init__(
        self,
        deliver: Deliver | None = None,
        *,
        connections: int = 1,
        batch: int = 1,
        per_second: int = 0,
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
        """As a courier does: ask for the next claim, with the last outcome, while an email is on its
        way, and report what is left when the send stops.
        """
        owed: list[Outcome] = []
        try:
            batch = queue.next()
            claim = queue.claim(batch) if batch else None
            while claim:
                mine = claim.wait().mails
                following = queue.next(wait=False)
                claim = queue.claim(following, owed) if following else None
                if following:
                    owed = []
                for mail in mine:
                    self.watch(mail)
                    self.handed_over.append(mail)
                owed += accepted(*mine)
                if claim is None:
                    queue.settle(owed)
                    owed = []
                    batch = queue.next()
                    claim = queue.claim(batch) if batch else None
        except SendStopped:
            queue.settle(owed)
            raise


def accepted(*given: Mail) -> list[Outcome]:
    return [Outcome(mail, State.ACCEPTED) for mail in given]


def claimed_next(queue: Queue) -> Mail | None:
    """Claim the next email; None when there are no more."""
    batch = queue.next()
    if batch is None:
        return None
    (mail,) = queue.claim(batch).wait().mails
    return mail


def awaited(event: threading.Event) -> None:
    assert event.wait(HANG)


def failing(book: Book, after: int, error: Exception) -> None:
    """From that claim on, the ledger can't be written."""

    def fail() -> None:
        if book.claimed.total() >= after:
            raise error

    book.before_commit = fail


@contextmanager
def advancing(clock: ManualClock, seconds: float) -> Iterator[None]:
    """Move the clock to a time as soon as a thread waits for it."""

    def advance() -> None:
        clock.until_waiting(seconds)
        clock.advance(seconds)

    thread = threading.Thread(target=advance)
    thread.start()
    yield
    thread.join()


def dispatch_of(
    book: Book, transport: Fake, clock: DispatchClock | None = None
) -> Dispatch:
    return Dispatch(transport, book.record, threading.Event(), clock)


@pytest.mark.parametrize("connections", [1, 2, 8, 16])
def test_every_email_is_handed_over_once(connections: int) -> None:
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


def test_no_email_is_handed_over_before_its_claim_is_recorded() -> None:
    transport, book = Fake(connections=4), Book(mails(100))

    def is_recorded(mail: Mail) -> None:
        assert book.states[mail.recipient] is State.SENDING

    transport.watch = is_recorded
    book.send(transport)
    assert book.counts == {"accepted": 100}


class TestCommits:
    def test_they_are_delayed_by_moments_only(self) -> None:
        assert 0 < GATHER_DELAY < 0.001
        assert 0 < LONGEST_DELAY < 0.2

    def test_one_connection_shares_a_commit_between_outcome_and_claim(
        self,
    ) -> None:
        book = Book(mails(50))
        book.send(Fake())
        assert len(book.commits) <= 52

    def test_they_are_made_by_the_thread_that_runs_it(self) -> None:
        book = Book(mails(30))  # its `record` checks that
        book.send(Fake(connections=8))
        assert book.counts == {"accepted": 30}

    def test_the_claims_of_several_connections_share_one(self) -> None:
        """The first that waits is kept waiting for a moment: it gets its claim together with the
        others'.
        """

        def deliver(queue: Queue) -> None:
            mail = claimed_next(queue)
            assert mail
            queue.settle(accepted(mail))

        book = Book(mails(4))
        dispatch_of(book, Fake(deliver, connections=4), ManualClock()).run(
            iter(batches(*book.mails))
        )
        assert book.commits[0] == (0, 4)

    def test_but_not_for_longer_than_a_moment(self) -> None:
        """With several connections one that is alone in asking gets its claim after a delay."""
        clock, granted = ManualClock(), threading.Event()

        def deliver(queue: Queue) -> None:
            if threading.current_thread().name != "connection 1":
                awaited(granted)
                return
            mail = claimed_next(queue)
            assert mail
            granted.set()
            queue.settle(accepted(mail))

        book = Book(mails(1))
        book.before_commit = lambda: times.append(clock.now())
        times: list[float] = []
        with advancing(clock, GATHER_DELAY):
            dispatch_of(book, Fake(deliver, connections=4), clock).run(
                iter(batches(*book.mails))
            )
        assert times[0] == GATHER_DELAY

    def test_with_few_connections_none_is_kept_waiting(self) -> None:
        clock, granted = ManualClock(), threading.Event()

        def deliver(queue: Queue) -> None:
            if threading.current_thread().name != "connection 1":
                awaited(granted)
                return
            mail = claimed_next(queue)
            assert mail
            granted.set()
            queue.settle(accepted(mail))

        book = Book(mails(1))
        dispatch_of(book, Fake(deliver, connections=3), clock).run(
            iter(batches(*book.mails))
        )
        assert book.counts == {"accepted": 1}
        assert clock.now() == 0

    def test_eight_requests_are_enough_although_no_connection_waits(
        self,
    ) -> None:
        recorded, clock = threading.Event(), ManualClock()

        def deliver(queue: Queue) -> None:
            if threading.current_thread().name != "connection 1":
                awaited(recorded)
                return
            taken = [queue.next() for _ in range(8)]
            claims = [queue.claim(batch) for batch in taken if batch]
            awaited(recorded)
            for claim in claims:
                queue.settle(accepted(*claim.wait().mails))

        book = Book(mails(100))
        book.before_commit = recorded.set
        dispatch_of(book, Fake(deliver, connections=16), clock).run(
            iter(batches(*book.mails))
        )
        assert book.commits[0] == (0, 8)

    def test_outcomes_are_recorded_after_a_while_even_if_no_connection_waits(
        self,
    ) -> None:
        """So the ledger shows what is known even if the last emails take long."""
        clock, recorded = ManualClock(), threading.Event()

        def deliver(queue: Queue) -> None:
            if threading.current_thread().name == "connection 1":
                mail = claimed_next(queue)
                assert mail
                queue.settle(accepted(mail))
                clock.until_waiting(LONGEST_DELAY)
                clock.advance(LONGEST_DELAY)
            awaited(recorded)

        times: list[float] = []

        def note() -> None:
            times.append(clock.now())
            if book.claimed:
                recorded.set()

        book = Book(mails(20))
        book.before_commit = note
        dispatch_of(book, Fake(deliver, connections=2), clock).run(
            iter(batches(*book.mails))
        )
        assert book.commits == [(0, 1), (1, 0)]
        assert times == [0, LONGEST_DELAY]
        assert book.counts == {"accepted": 1, "queued": 19}

    def test_at_the_end_of_the_supply_they_are_recorded_immediately(
        self,
    ) -> None:
        clock, recorded = ManualClock(), threading.Event()

        def deliver(queue: Queue) -> None:
            if threading.current_thread().name == "connection 1":
                mail = claimed_next(queue)
                assert mail
                queue.settle(accepted(mail))
            awaited(recorded)

        book = Book(mails(1))
        book.before_commit = lambda: recorded.set() if book.claimed else None
        dispatch_of(book, Fake(deliver, connections=2), clock).run(
            iter(batches(*book.mails))
        )
        assert book.counts == {"accepted": 1}
        assert clock.now() == 0


class TestBatches:
    def test_of_many_emails_are_claimed_without_readers_who_unsubscribed(
        self,
    ) -> None:
        given = mails(9)
        seen: list[list[int]] = []

        def deliver(queue: Queue) -> None:
            while batch := queue.next():
                mine = queue.claim(batch).wait()
                assert mine.message is MESSAGE
                seen.append([int(mail.recipient) for mail in mine.mails])
                queue.settle(accepted(*mine.mails))

        book = Book(given, left=[given[1], *given[3:6]])
        dispatch = dispatch_of(book, Fake(deliver, batch=3))
        dispatch.run(
            iter(
                [
                    Batch(MESSAGE, given[start : start + 3])
                    for start in (0, 3, 6)
                ]
            )
        )
        assert seen == [[0, 2], [], [6, 7, 8]]
        assert book.counts == {"accepted": 5, "skipped": 4}
        assert dispatch.idle

    def test_a_connection_may_take_a_batch_in_portions(self) -> None:
        given, seen = mails(9), []

        def deliver(queue: Queue) -> None:
            most = 1
            while batch := queue.next(most=most):
                mine = queue.claim(batch).wait()
                seen.append(len(mine.mails))
                queue.settle(accepted(*mine.mails))
                most *= 2

        book = Book(given)
        dispatch = dispatch_of(book, Fake(deliver, batch=6))
        dispatch.run(
            iter([Batch(MESSAGE, given[:6]), Batch(MESSAGE, given[6:])])
        )
        assert seen == [1, 2, 3, 3]
        assert book.counts == {"accepted": 9}
        assert dispatch.idle

    def test_the_rest_of_a_batch_goes_to_another_connection_that_waits(
        self,
    ) -> None:
        book, meeting = Book(mails(2)), threading.Barrier(2)
        met = threading.Event()

        def deliver(queue: Queue) -> None:
            batch = queue.next(most=1)
            assert batch
            meeting.wait(HANG)
            met.set()
            queue.settle(accepted(*queue.claim(batch).wait().mails))

        def supply() -> Iterator[Batch | None]:
            while not dispatch.idle:  # until both wait
                yield None
            yield Batch(MESSAGE, book.mails)
            while not met.is_set():
                yield None

        dispatch = dispatch_of(book, Fake(deliver, connections=2, batch=2))
        dispatch.run(supply())
        assert book.counts == {"accepted": 2}

    def test_where_the_supply_has_nothing_yet_connections_wait_and_go_on(
        self,
    ) -> None:
        book = Book(mails(3))

        def supply() -> Iterator[Batch | None]:
            for batch in batches(*book.mails):
                yield None
                yield batch

        dispatch_of(book, Fake(connections=3)).run(supply())
        assert book.counts == {"accepted": 3}

    @pytest.mark.parametrize(
        ("connections", "batch", "ready"), [(1, 1, 4), (3, 1, 12), (1, 100, 2)]
    )
    def test_a_few_are_kept_ready_and_no_more(
        self, connections: int, batch: int, ready: int
    ) -> None:
        """The list is read as the send goes on, never all of it together."""
        supplied: list[int] = []
        clock, seen = ManualClock(), threading.Event()

        def supply() -> Iterator[Batch | None]:
            for number, batch_ in enumerate(batches(*mails(50))):
                supplied.append(number)
                yield batch_

        def deliver(_: Queue) -> None:
            # The ledger's thread has filled up.
            clock.until_waiting(LONGEST_DELAY)
            seen.set()

        dispatch_of(
            Book(mails(50)),
            Fake(deliver, connections=connections, batch=batch),
            clock,
        ).run(supply())
        assert seen.is_set()
        assert len(supplied) == ready

    def test_when_few_are_ready_more_are_supplied_immediately(self) -> None:
        """Also while no connection asks for anything."""
        book, clock = Book(mails(40)), ManualClock()

        def deliver(queue: Queue) -> None:
            taken = [queue.next() for _ in range(40)]
            claims = [queue.claim(batch) for batch in taken if batch]
            queue.settle(
                [
                    outcome
                    for claim in claims
                    for outcome in accepted(*claim.wait().mails)
                ]
            )

        dispatch_of(book, Fake(deliver), clock).run(iter(batches(*book.mails)))
        assert book.counts == {"accepted": 40}
        assert clock.now() == 0

    def test_an_email_that_is_queued_again_is_supplied_again(self) -> None:
        tries: dict[bytes, int] = {}

        def deliver(queue: Queue) -> None:
            while mail := claimed_next(queue):
                tries[mail.recipient] = tries.get(mail.recipient, 0) + 1
                queue.settle(
                    [
                        Outcome(
                            mail,
                            State.ACCEPTED
                            if tries[mail.recipient] == 2
                            else State.QUEUED,
                        )
                    ]
                )

        book = Book(mails(10))
        book.send(Fake(deliver, connections=3), passes=3)
        assert book.counts == {"accepted": 10}
        assert set(tries.values()) == {2}

    def test_a_connection_that_owes_an_outcome_does_not_wait_for_more(
        self,
    ) -> None:
        def deliver(queue: Queue) -> None:
            while batch := queue.next():
                claim = queue.claim(batch)
                assert queue.next(wait=False) is None
                queue.settle(accepted(*claim.wait().mails))

        book = Book(mails(1))
        book.send(Fake(deliver))
        assert book.counts == {"accepted": 1}


class TestIdle:
    """Nothing is under way: what is put off can be given out again."""

    def test_it_is_idle_only_when_every_outcome_is_recorded_and_no_other_can_come(
        self,
    ) -> None:
        """A connection that isn't waiting may have one in hand."""
        book, seen = Book(mails(1)), []
        settle = threading.Event()

        def deliver(queue: Queue) -> None:
            batch = queue.next()
            assert batch
            seen.append(("handed out", dispatch.idle))
            claim = queue.claim(batch)
            seen.append(("asked for", dispatch.idle))
            (mail,) = claim.wait().mails
            seen.append(("sending", dispatch.idle))
            queue.settle(accepted(mail))
            awaited(settle)
            seen.append(("recorded", dispatch.idle))
            assert queue.next() is None

        def supply() -> Iterator[Batch | None]:
            yield from batches(*book.mails)
            while State.ACCEPTED not in book.states.values():
                yield None
            settle.set()
            while not dispatch.idle:
                yield None
            seen.append(("waits for more", True))

        dispatch = dispatch_of(book, Fake(deliver))
        assert dispatch.idle
        dispatch.run(supply())
        assert seen == [
            ("handed out", False),
            ("asked for", False),
            ("sending", False),
            ("recorded", False),
            ("waits for more", True),
        ]

    def test_it_isnt_idle_because_all_connections_pause(self) -> None:
        """What they hold goes on after the pause."""
        clock, book, seen = ManualClock(), Book(mails(1)), []

        def deliver(queue: Queue) -> None:
            queue.pause(1, "busy")
            batch = queue.next()
            assert batch
            queue.pause(2, "busy")
            claim = queue.claim(batch)
            queue.pause(4, "busy")
            (mail,) = claim.wait().mails
            queue.pause(8, "busy")
            queue.settle(accepted(mail))
            queue.pause(16, "busy")

        def look(what: str, until: float) -> None:
            clock.until_waiting(until)
            seen.append((what, dispatch.idle))

        def supply() -> Iterator[Batch | None]:
            yield from batches(*book.mails)
            for what, until in [("ready", 1), ("handed out", 3)]:
                look(what, until)
                clock.advance(until - clock.now())
            look("asked for", 7)
            yield None
            clock.advance(7 - clock.now())
            look("sending", 15)
            clock.advance(15 - clock.now())
            look("answered", 31)
            yield None
            look("recorded", 31)
            clock.advance(31 - clock.now())

        dispatch = dispatch_of(book, Fake(deliver), clock)
        dispatch.run(supply())
        assert seen == [
            ("ready", False),
            ("handed out", False),
            ("asked for", False),
            ("sending", False),
            ("answered", False),
            ("recorded", True),
        ]

    def test_an_email_that_is_ready_is_under_way(self) -> None:
        seen = []

        def supply() -> Iterator[Batch | None]:
            yield batches(*mails(1))[0]
            seen.append(dispatch.idle)
            ready.set()

        def deliver(queue: Queue) -> None:
            awaited(ready)
            mail = claimed_next(queue)
            assert mail
            queue.settle(accepted(mail))

        ready, book = threading.Event(), Book(mails(1))
        dispatch = dispatch_of(book, Fake(deliver))
        dispatch.run(supply())
        assert seen == [False]


class TestRate:
    """[smtp] per_second."""

    def test_emails_are_handed_out_no_faster_than_allowed(self) -> None:
        clock, filled, book = ManualClock(), threading.Event(), Book(mails(3))

        def supply() -> Iterator[Batch | None]:
            yield from batches(*book.mails)
            filled.set()

        def deliver(queue: Queue) -> None:
            awaited(filled)
            for number in range(3):
                batch = queue.next(wait=False)
                assert batch, number
                assert queue.next(wait=False) is None
                clock.advance(0.0199)
                assert queue.next(wait=False) is None
                clock.advance(0.0002)
                queue.settle(accepted(*queue.claim(batch).wait().mails))

        dispatch_of(book, Fake(deliver, per_second=50), clock).run(supply())
        assert book.counts == {"accepted": 3}

    def test_a_connection_waits_until_the_next_is_allowed(self) -> None:
        clock, book = ManualClock(), Book(mails(2))
        times: list[float] = []

        def deliver(queue: Queue) -> None:
            while batch := queue.next():
                times.append(clock.now())
                queue.settle(accepted(*queue.claim(batch).wait().mails))

        with advancing(clock, 0.5):
            dispatch_of(book, Fake(deliver, per_second=2), clock).run(
                iter(batches(*book.mails))
            )
        assert times == [0, 0.5]

    def test_without_a_limit_the_next_email_is_available_immediately(
        self,
    ) -> None:
        clock, filled, book = ManualClock(), threading.Event(), Book(mails(3))

        def supply() -> Iterator[Batch | None]:
            yield from batches(*book.mails)
            filled.set()

        def deliver(queue: Queue) -> None:
            awaited(filled)
            claims: list[Claim] = [
                queue.claim(batch)
                for batch in iter(lambda: queue.next(wait=False), None)
            ]
            for claim in claims:
                queue.settle(accepted(*claim.wait().mails))

        dispatch_of(book, Fake(deliver), clock).run(supply())
        assert book.counts == {"accepted": 3}


class TestTheEnd:
    def test_a_transport_that_stops_stops_all_its_connections(self) -> None:
        def deliver(queue: Queue) -> None:
            while mail := claimed_next(queue):
                if mail.recipient == b"9":
                    queue.settle([Outcome(mail, State.QUEUED)])
                    raise TransportError("the server says no")
                queue.settle(accepted(mail))

        book = Book(mails(500))
        book.send(Fake(deliver, connections=4))
        assert book.reason == "the server says no"
        assert book.counts.keys() == {"accepted", "queued"}
        assert book.counts["queued"] > 100

    def test_the_first_reason_counts(self) -> None:
        meeting = threading.Barrier(2)

        def deliver(queue: Queue) -> None:
            if meeting.wait(HANG):
                raise TransportError("first")
            with pytest.raises(SendStopped):
                queue.pause(1_000_000, "busy")
            raise TransportError("second")

        book = Book(mails(9))
        book.send(Fake(deliver, connections=2))
        assert book.reason == "first"

    @pytest.mark.parametrize("connections", [1, 3])
    def test_after_a_stop_no_more_is_claimed(self, connections: int) -> None:
        stop, book = threading.Event(), Book(mails(5000))
        book.before_commit = lambda: (
            stop.set() if book.claimed.total() >= 50 else None
        )
        book.send(Fake(connections=connections), stop=stop)
        assert book.reason == ""
        assert book.counts.keys() == {"accepted", "queued"}
        assert book.counts["accepted"] <= 50 + 2 * connections

    def test_a_stop_before_the_first_email(self) -> None:
        stop, book, transport = (
            threading.Event(),
            Book(mails(9)),
            Fake(connections=2),
        )
        stop.set()
        book.send(transport, stop=stop)
        assert book.counts["queued"] >= 5
        assert State.SENDING not in book.states.values()

    def test_after_it_a_claim_is_refused_and_an_outcome_still_recorded(
        self,
    ) -> None:
        stop, seen = threading.Event(), []

        def deliver(queue: Queue) -> None:
            first, second = queue.next(), queue.next()
            assert first
            assert second
            (mail,) = queue.claim(first).wait().mails
            stop.set()
            with pytest.raises(SendStopped):
                queue.pause(1_000_000, "busy")
            assert queue.next() is None
            claim = queue.claim(second, accepted(mail))
            with pytest.raises(SendStopped):
                claim.wait()
            seen.append(mail)

        book = Book(mails(2))
        book.send(Fake(deliver), stop=stop)
        assert seen
        assert book.counts == {"accepted": 1, "queued": 1}

    def test_a_connection_without_work_waits_for_the_others(self) -> None:
        """An email of theirs may be queued again."""
        clock, begun = ManualClock(), threading.Event()

        def deliver(queue: Queue) -> None:
            while mail := claimed_next(queue):
                if mail.recipient == b"0" and not begun.is_set():
                    begun.set()
                    clock.until_waiting(None)  # the other one has nothing to do
                    queue.settle([Outcome(mail, State.QUEUED)])
                    return
                queue.settle(accepted(mail))

        book = Book(mails(2))
        book.send(Fake(deliver, connections=2), passes=2, clock=clock)
        assert book.counts == {"accepted": 2}

    def test_the_last_outcomes_are_recorded(self) -> None:
        """Even if the connection ends right after that, and no other is left to ask."""

        def deliver(queue: Queue) -> None:
            mail = claimed_next(queue)
            assert mail
            queue.settle(accepted(mail))

        book = Book(mails(1))
        dispatch_of(book, Fake(deliver), ManualClock()).run(
            iter(batches(*book.mails))
        )
        assert book.counts == {"accepted": 1}


class TestErrors:
    def test_errors_of_the_ledger_stop_everything(self) -> None:
        transport, book = Fake(connections=4), Book(mails(500))
        failing(book, 40, LedgerError("ledger.sqlite", "can't be written"))
        with pytest.raises(LedgerError, match="can't be written"):
            book.send(transport)
        assert book.claimed.total() < 50
        assert {mail.recipient for mail in transport.handed_over} <= set(
            book.claimed
        )
        assert State.QUEUED in book.states.values()

    def test_of_the_supply_let_emails_under_way_be_finished(self) -> None:
        book = Book(mails(20))

        def supply() -> Iterator[Batch | None]:
            yield from batches(*book.mails[:10])
            raise LedgerError("ledger.sqlite", "can't be read")

        with pytest.raises(LedgerError, match="can't be read"):
            dispatch_of(book, Fake(connections=2)).run(supply())
        assert State.SENDING not in book.states.values()

    @pytest.mark.parametrize(
        "error",
        [
            PermissionError("no"),
            AssertionError("no"),
            SystemExit("no"),
            KeyError("no"),
        ],
    )
    def test_of_a_connection_are_raised(self, error: BaseException) -> None:
        def deliver(queue: Queue) -> None:
            while batch := queue.next():
                if batch.mails[0].recipient == b"3":
                    raise error
                queue.settle(accepted(*queue.claim(batch).wait().mails))

        book = Book(mails(4))
        with pytest.raises(type(error), match="no"):
            book.send(Fake(deliver, connections=4))

    def test_the_first_of_several_is_raised(self) -> None:
        meeting = threading.Barrier(2)

        def deliver(queue: Queue) -> None:
            if meeting.wait(HANG):
                raise KeyError("first")
            with pytest.raises(SendStopped):
                queue.pause(1_000_000, "busy")
            raise KeyError("second")

        with pytest.raises(KeyError, match="first"):
            Book(mails(9)).send(Fake(deliver, connections=2))

    def test_nothing_is_handed_over_when_the_first_claim_fails(self) -> None:
        transport, book = Fake(connections=3), Book(mails(20))
        failing(book, 0, LedgerError("ledger.sqlite", "can't be written"))
        with pytest.raises(LedgerError):
            book.send(transport)
        assert transport.handed_over == []
        assert book.counts == {"queued": 20}

    def test_the_claims_of_a_commit_that_fails_do_not_count(self) -> None:
        """The outcomes in it are lost; their emails stay `sending`, and are uncertain the next time."""
        book = Book(mails(5))
        failing(book, 2, LedgerError("ledger.sqlite", "can't be written"))
        transport = Fake()
        with pytest.raises(LedgerError):
            book.send(transport)
        assert book.counts == {"sending": 2, "queued": 3}
        assert [int(mail.recipient) for mail in transport.handed_over] == [0, 1]

    def test_a_connection_that_waits_for_such_a_claim_is_stopped(self) -> None:
        stopped = []

        def deliver(queue: Queue) -> None:
            batch = queue.next()
            assert batch
            with pytest.raises(SendStopped):
                queue.claim(batch).wait()
            stopped.append(True)

        book = Book(mails(1))
        failing(book, 0, LedgerError("ledger.sqlite", "can't be written"))
        with pytest.raises(LedgerError):
            book.send(Fake(deliver))
        assert stopped == [True]

    def test_all_connections_have_ended_when_it_is_raised(self) -> None:
        ended = []

        def deliver(queue: Queue) -> None:
            if threading.current_thread().name == "connection 1":
                raise KeyError("no")
            with pytest.raises(SendStopped):
                queue.pause(1_000_000, "busy")
            ended.append(True)

        with pytest.raises(KeyError):
            Book(mails(9)).send(Fake(deliver, connections=3))
        assert ended == [True, True]
