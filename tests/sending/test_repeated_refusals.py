"""Refusals that aren't about readers: the same words to one after another."""

from collections import Counter
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.sending.ledger.schema import State
from briefing.sending.transports.base import Outcome
from briefing.sending.transports.repeated_refusals import (
    MOST_DEFERRED,
    MOST_IN_DOUBT,
    MOST_REJECTED,
    RepeatedRefusals,
)
from tests.sending.queues import mail

A, R, D, U, Q = (
    State.ACCEPTED,
    State.REJECTED,
    State.DEFERRED,
    State.UNCERTAIN,
    State.QUEUED,
)
WORDS = "550 5.4.1 relay denied"
STOP = (
    f"5 readers in a row were turned away with the same message ({WORDS}); if the message is about you or your "
    "domain, ask your provider; if these addresses no longer exist ('briefing status --names' lists them), unsubscribe "
    "them with 'briefing subscribers remove'"
)
BEFORE = 0  # the first series of refusals begins after this


def play(
    states: Iterable[State], words: str = WORDS
) -> tuple[list[State], str]:
    """What is recorded in the end for emails with these outcomes, one after the other, and why it
    stops there.
    """
    refusals = RepeatedRefusals()
    recorded: dict[int, State] = {}
    for number, state in enumerate(states):
        outcomes, stop = refusals.record(
            Outcome(mail(number), state, "" if state is A else words)
        )
        recorded |= {
            int(outcome.mail.recipient): outcome.state for outcome in outcomes
        }
        if stop:
            return list(recorded.values()), stop
    return list(recorded.values()), ""


@pytest.mark.parametrize(
    "before", [[], [A], [A, R, A], [R] * 4 + [A], [D], [U]]
)
def test_five_in_a_row_are_queued_again_and_stop_the_send(
    before: list[State],
) -> None:
    assert play([*before, *[R] * 9]) == (
        [*before, *[Q] * 5],
        STOP,
    )


@pytest.mark.parametrize("between", [[A], [D]])
def test_four_and_four_are_recorded(between: list[State]) -> None:
    states = [*[R] * 4, *between, *[R] * 4]
    assert play(states) == (states, "")


@pytest.mark.parametrize("between", [[U], [Q], [U, Q, U]])
def test_an_email_without_an_answer_in_between_does_not_count(
    between: list[State],
) -> None:
    assert play([*[R] * 4, *between, R]) == (
        [*[Q] * 4, *between, Q],
        STOP,
    )


def test_other_words_restart_the_count() -> None:
    refusals = RepeatedRefusals()
    for number in range(50):
        outcome = Outcome(
            mail(number),
            R,
            ["550 full", "550 unknown", "551 unknown"][number // 4 % 3],
        )
        assert refusals.record(outcome) == ([outcome], "")


def test_other_numbers_do_not() -> None:
    refusals = RepeatedRefusals()
    notes = [
        refusals.record(Outcome(mail(n), R, f"550 denied at 12:0{n} (q{n}x)"))
        for n in range(5)
    ]
    assert [stop != "" for _, stop in notes] == [False] * 4 + [True]
    assert {outcome.state for outcome in notes[-1][0]} == {Q}


def test_each_is_queued_again_with_its_words() -> None:
    refusals = RepeatedRefusals()
    *_, (outcomes, _) = [
        refusals.record(Outcome(mail(n), R, WORDS)) for n in range(5)
    ]
    assert outcomes == [Outcome(mail(n), Q, WORDS) for n in range(5)]


def test_a_thousand_deferrals_stop_the_send_and_stay_deferred() -> None:
    states, stop = play([D] * 1200, "450 later")
    assert states == [D] * MOST_DEFERRED == [D] * 1000
    assert stop == "the server defers every email: 450 later"


def test_an_email_deferred_on_another_connection_after_the_thousandth_stops_that_one_too() -> (
    None
):
    refusals = RepeatedRefusals()
    stops = [
        refusals.record(Outcome(mail(number), D, "450 later"))[1]
        for number in range(1002)
    ]
    assert [stop != "" for stop in stops] == [False] * 999 + [True] * 3


def test_greylisting_never_stops_the_send() -> None:
    states = [D] * 1200
    assert play(states, "450 4.7.1 Greylisted, come back later") == (states, "")


def test_many_deferrals_are_fine_while_some_emails_are_accepted() -> None:
    states = ([D] * 99 + [A]) * 3
    assert play(states, "450 later") == (states, "")


class TestUnknownReaders:
    """A server that knows the domain and takes mail for it says something about the reader."""

    SAID = "550 5.1.1 no such user"

    def recorded(
        self, words: str, accepted: str, refused: str
    ) -> tuple[State, str]:
        refusals = RepeatedRefusals()
        refusals.record(Outcome(mail(0, accepted), A))
        for number in range(1, 6):
            outcome = Outcome(mail(number, f"{number}@{refused}"), R, words)
            outcomes, stop = refusals.record(outcome)
        return outcomes[-1].state, stop

    @pytest.mark.parametrize(
        "status", ["5.1.1", "5.1.3", "5.1.6", "5.1.10", "5.2.1"]
    )
    def test_are_rejected_where_another_reader_was_accepted(
        self, status: str
    ) -> None:
        said = f"550 {status} no"
        assert self.recorded(said, "a@Example.org", "example.ORG") == (R, "")

    @pytest.mark.parametrize(
        ("words", "accepted"),
        [
            (SAID, "a@example.net"),
            (SAID, "a@sub.example.org"),
            ("550 5.1.2 nowhere", "a@example.org"),
            ("550 5.1.11 no", "a@example.org"),
            ("550 no such user", "a@example.org"),
            ("550 5.7.1 unknown", "a@example.org"),
        ],
    )
    def test_elsewhere_five_stop_the_send(
        self, words: str, accepted: str
    ) -> None:
        state, stop = self.recorded(words, accepted, "example.org")
        assert state is Q
        assert stop.startswith("5 readers in a row were turned away")


class TestAddressesAtOneDomain:
    """They may be dead, or the server takes the domain for its own."""

    def play(
        self, mails: Iterable[tuple[State, str]], words: str = WORDS
    ) -> tuple[list[State], str]:
        """As above, with the domain of each email; refused are addresses."""
        refusals = RepeatedRefusals()
        recorded: dict[bytes, State] = {}
        for number, (state, domain) in enumerate(mails):
            address = f"reader{number}@{domain}.example.org"
            outcome = Outcome(
                mail(number, address), state, "" if state is A else words
            )
            outcomes, stop = refusals.record(outcome, of_address=True)
            recorded |= {
                outcome.mail.recipient: outcome.state for outcome in outcomes
            }
            if stop:
                return list(recorded.values()), stop
        return list(recorded.values()), ""

    def test_forty_stay_queued_and_the_send_goes_on(self) -> None:
        mails = [*[(R, "a")] * 40, (A, "b")]
        assert self.play(mails) == ([*[Q] * 40, A], "")

    def test_the_fiftieth_stops_it(self) -> None:
        states, stop = self.play([(R, "a")] * 60)
        assert states == [Q] * MOST_IN_DOUBT == [Q] * 50
        assert stop == (
            f"50 readers at one domain were turned away ({WORDS}), and none was accepted; if the message is "
            "about you or your domain, ask your provider; if these addresses no longer exist "
            "('briefing status --names' lists them), unsubscribe them with 'briefing subscribers remove'"
        )

    def test_the_same_words_to_a_reader_elsewhere_stop_it_at_once(self) -> None:
        mails = [*[(R, "a")] * 8, (R, "b")]
        assert self.play(mails) == ([Q] * 9, STOP)

    def test_but_not_once_it_has_accepted_somebody(self) -> None:
        mails = [*[(R, "a")] * 8, (A, "b"), *[(R, "c")] * 4]
        assert self.play(mails) == ([*[Q] * 8, A, *[R] * 4], "")

    def test_they_stay_queued_also_between_accepted_emails(self) -> None:
        mails = [*[(R, "a")] * 5, *[(A, "b"), (R, "a")] * 9]
        assert self.play(mails) == ([*[Q] * 5, *[A, Q] * 9], "")

    def test_as_soon_as_one_is_accepted_the_unknown_are_rejected(self) -> None:
        mails = [*[(R, "a")] * 8, (A, "a"), *[(R, "a")] * 50]
        states, stop = self.play(mails, "550 5.1.1 no such user")
        assert (states, stop) == ([*[Q] * 8, A, *[R] * 50], "")

    def test_each_is_queued_again_only_once(self) -> None:
        """A second outcome would be about the email that is offered to the same reader later on."""
        refusals = RepeatedRefusals()
        again = Counter(
            outcome.mail.recipient
            for number in range(49)
            for outcome in refusals.record(
                Outcome(mail(number), R, WORDS), of_address=True
            )[0]
            if outcome.state is Q
        )
        assert set(again.values()) == {1}
        assert len(again) == 49

    @given(st.lists(st.sampled_from("abc")), st.sampled_from([[], [(A, "d")]]))
    def test_a_server_that_refuses_everybody_rejects_fewer_than_five(
        self, domains: list[str], before: list[tuple[State, str]]
    ) -> None:
        states, _ = self.play([*before, *((R, domain) for domain in domains)])
        assert states.count(R) < MOST_REJECTED


class TestAMailInFlight:
    """On another connection: accepted now, but asked for before the refusals began."""

    def test_does_not_clear_those_refused_meanwhile(self) -> None:
        refusals = RepeatedRefusals()
        for number in range(3):
            refusals.record(Outcome(mail(number), R, WORDS))
        assert refusals.record(Outcome(mail(9), A), series=BEFORE) == (
            [Outcome(mail(9), A)],
            "",
        )
        *_, (outcomes, stop) = [
            refusals.record(Outcome(mail(n), R, WORDS)) for n in range(3, 8)
        ]
        assert outcomes == [Outcome(mail(n), Q, WORDS) for n in range(8)]
        assert stop.startswith("5 readers in a row")

    def test_does_not_clear_them_after_the_stop(self) -> None:
        refusals = RepeatedRefusals()
        for number in range(5):
            refusals.record(Outcome(mail(number), R, WORDS))
        refusals.record(Outcome(mail(8), A), series=BEFORE)
        outcomes, stop = refusals.record(Outcome(mail(9), R, WORDS))
        assert Outcome(mail(9), Q, WORDS) in outcomes
        assert stop

    def test_restarts_the_count(self) -> None:
        refusals = RepeatedRefusals()
        for _ in range(5):
            for number in range(4):
                assert refusals.record(Outcome(mail(number), R, WORDS))[1] == ""
            refusals.record(Outcome(mail(9), A), series=BEFORE)

    def test_offered_since_clears_them(self) -> None:
        refusals = RepeatedRefusals()
        for number in range(4):
            refusals.record(Outcome(mail(number), R, WORDS))
        refusals.record(Outcome(mail(8), A), series=BEFORE)
        refusals.record(Outcome(mail(9), A))
        *_, (outcomes, _) = [
            refusals.record(Outcome(mail(n), R, WORDS)) for n in range(10, 15)
        ]
        assert [int(outcome.mail.recipient) for outcome in outcomes] == [
            10,
            11,
            12,
            13,
            14,
        ]


@given(st.lists(st.sampled_from([A, R, R, R, D, U, Q])))
def test_it_stops_exactly_at_the_fifth_and_changes_nothing_before(
    states: list[State],
) -> None:
    running, end = 0, len(states)
    for number, state in enumerate(states):
        running = (
            running + 1 if state is R else 0 if state in {A, D} else running
        )
        if running == MOST_REJECTED:
            end = number + 1
            break
    recorded, stop = play(states)
    assert bool(stop) == (running == MOST_REJECTED)
    assert len(recorded) == end
    taken_back = [
        n
        for n, (state_now, state) in enumerate(
            zip(recorded, states, strict=False)
        )
        if state_now is not state
    ]
    assert len(taken_back) == (MOST_REJECTED if stop else 0)
    assert all(
        states[number] is R and recorded[number] is Q for number in taken_back
    )
