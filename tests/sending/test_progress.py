"""How far a send is: each reader counts once, with the latest outcome."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from briefing.sending.ledger.schema import State
from briefing.sending.progress import Progress, Tally

A, R, D, Q = State.ACCEPTED, State.REJECTED, State.DEFERRED, State.QUEUED
STEPS = st.lists(
    st.tuples(
        st.sampled_from([b"a", b"b", b"c"]),
        st.sampled_from(["claim", A, R, D, Q]),
    )
)


def counted(tally: Tally) -> dict[State, int]:
    return {state: n for state, n in tally.progress.outcomes.items() if n}


def test_a_later_outcome_replaces_one_that_was_for_now() -> None:
    tally = Tally(Progress(1))
    for state in (D, Q, R, A):
        tally.claim([b"a"])
        assert tally.count([b"a"], state)
        assert counted(tally) == {state: 1}


def test_a_refusal_can_be_taken_back() -> None:
    tally = Tally(Progress(1))
    tally.claim([b"a"])
    assert tally.count([b"a"], R)
    assert tally.count([b"a"], Q)
    assert counted(tally) == {Q: 1}
    assert tally.progress.done == 0


def test_an_outcome_that_comes_late_counts_nothing() -> None:
    tally = Tally(Progress(1))
    tally.claim([b"a"])
    tally.count([b"a"], Q)
    assert not tally.count([b"a"], R)
    assert counted(tally) == {Q: 1}


@given(STEPS)
def test_each_reader_counts_once_whatever_happens(
    steps: list[tuple[bytes, State | str]],
) -> None:
    tally = Tally(Progress(3))
    latest: dict[bytes, State] = {}
    for recipient, step in steps:
        if isinstance(step, State):
            if tally.count([recipient], step):
                latest[recipient] = step
        elif latest.get(recipient) is not A:
            tally.claim([recipient])
    assert counted(tally) == Counter(latest.values())


def test_the_ledgers_readers_by_state_follow_from_those_before_and_the_outcomes() -> (
    None
):
    tally = Tally(Progress(4))
    tally.claim([b"a", b"b", b"c"])
    tally.count([b"a", b"b"], A)
    tally.skip([b"d"])
    assert tally.progress.counts({Q: 5, A: 2, R: 1}) == {
        Q: 2,
        A: 4,
        R: 1,
        State.SKIPPED: 1,
    }
