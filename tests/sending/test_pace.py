"""The pace of a send follows what the server takes, by a clock that the test moves."""

from collections import deque

import pytest

from briefing.errors import TransportError
from briefing.sending.transports.pace import (
    NOTICED,
    USELESS,
    Pace,
    is_about_pace,
)

LATER = "451 4.7.1 try again later"
TOO_MANY = "450 4.7.1 too many mails"


class Server:
    """Takes so many emails within so many seconds, over one connection that knows only the pace."""

    def __init__(self, limit: int, window: float, words: str = LATER) -> None:
        self.now = 0.0
        self.pace = Pace(lambda: self.now)
        self.words = words
        self.refused = 0
        self._limit, self._window = limit, window
        self._taken = deque[float]()

    def send(self, mails: int) -> float:
        """Return the seconds until all emails are accepted."""
        left = mails
        while left:
            self.now += self.pace.reserve() + 0.01
            if self._takes_one():
                self.pace.accept()
                left -= 1
            else:
                self.refused += 1
                self.pace.refuse(self.words, about_reader=True)
        return self.now

    def _takes_one(self) -> bool:
        while self._taken and self._taken[0] <= self.now - self._window:
            self._taken.popleft()
        takes = len(self._taken) < self._limit
        if takes:
            self._taken.append(self.now)
        return takes


class Waiting(Pace):
    """A pace by whose clock every wait is over at once."""

    def __init__(self) -> None:
        self.now = 0.0
        super().__init__(lambda: self.now)


def refuse(
    pace: Waiting, times: int, words: str = LATER, *, reader: bool = True
) -> bool:
    again = False
    for _ in range(times):
        pace.now += pace.reserve()
        again = pace.refuse(words, about_reader=reader)
    return again


@pytest.mark.parametrize(
    ("limit", "window", "mails"),
    [(10, 5, 300), (60, 60, 600), (1, 1, 100), (5, 60, 100), (30, 60, 300)],
)
def test_it_finds_the_pace_of_a_server(
    limit: int, window: int, mails: int
) -> None:
    server = Server(limit, window)
    at_best = mails / limit * window
    assert server.send(mails) < 1.8 * at_best
    assert server.refused < 0.25 * mails


def test_a_fast_server_is_not_slowed_down() -> None:
    assert Server(1000, 1).send(5000) == pytest.approx(50)


@pytest.mark.parametrize("refusals", range(1, NOTICED))
def test_single_refusals_change_nothing(refusals: int) -> None:
    pace = Waiting()
    for _ in range(100):
        assert not refuse(pace, refusals)
        pace.accept()
    assert not pace.is_slow


@pytest.mark.parametrize(
    "words",
    [
        "450 4.2.1 mailbox",
        "452 4.2.2 full",
        "450 4.1.1 no",
        "451 4.7.1 Greylisting",
    ],
)
def test_what_is_about_the_reader_never_slows_down(words: str) -> None:
    pace = Waiting()
    assert not refuse(pace, 500, words)
    assert not pace.is_slow
    # Before a reader was named.
    assert refuse(pace, NOTICED, words, reader=False)


def test_refused_emails_are_offered_again_once_the_pace_is_slower() -> None:
    pace = Waiting()
    assert [refuse(pace, 1) for _ in range(NOTICED)] == [False, False, True]
    assert pace.is_slow


def test_if_slowing_down_does_not_help_the_readers_are_deferred_at_full_speed() -> (
    None
):
    pace = Waiting()
    assert refuse(pace, NOTICED + USELESS - 1)
    assert not refuse(pace, 1)
    assert not refuse(pace, 500)
    assert not pace.is_slow


@pytest.mark.parametrize(
    ("words", "reader"), [(TOO_MANY, True), (LATER, False)]
)
def test_but_never_if_they_are_not_about_the_reader(
    words: str, reader: bool
) -> None:
    pace = Waiting()
    assert refuse(pace, NOTICED + USELESS + 3, words, reader=reader)
    assert pace.is_slow


def test_refusals_of_emails_offered_before_a_slow_down_do_not_count_twice() -> (
    None
):
    pace = Waiting()
    refuse(pace, NOTICED)
    for _ in range(20):
        assert pace.refuse(LATER, about_reader=True)
    assert pace.reserve() == 1.0


def test_an_hour_without_an_accepted_email_ends_the_send() -> None:
    pace = Waiting()
    refuse(pace, NOTICED, TOO_MANY)
    pace.now = 3600
    refuse(pace, 1, TOO_MANY)
    pace.accept()
    pace.now = 7000
    refuse(pace, 1, TOO_MANY)
    pace.now = 10601
    with pytest.raises(TransportError, match="no mail for an hour"):
        refuse(pace, 1, TOO_MANY)


@pytest.mark.parametrize(
    "words",
    [
        "450 Too many connections",
        "421 rate limited",
        "452 4.3.1 insufficient resources",
    ],
)
def test_words_about_the_pace(words: str) -> None:
    assert is_about_pace(words)
    assert not is_about_pace(LATER)
