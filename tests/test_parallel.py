"""Several sites are asked at the same time."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from briefing.errors import FetchError
from briefing.parallel import ask_in_parallel

SAFETY_NET = 60
"""Seconds after which a hanging test gives up."""


def test_answers_are_in_the_order_of_the_questions_however_long_each_takes() -> None:
    progress: list[tuple[int, int]] = []
    last_was_asked = threading.Event()

    def ask(question: int) -> int:
        if question == 0:
            assert last_was_asked.wait(SAFETY_NET)
        elif question == 3:
            last_was_asked.set()
        return question * 10

    answers = ask_in_parallel(
        ask, [0, 1, 2, 3], 4, lambda done, total: progress.append((done, total))
    )
    assert answers == [0, 10, 20, 30]
    assert progress == [(1, 4), (2, 4), (3, 4), (4, 4)]


class Pool(ThreadPoolExecutor):
    """A pool that reports when what hadn't started was cancelled."""

    cancelled = threading.Event()

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        super().shutdown(wait=False, cancel_futures=cancel_futures)
        self.cancelled.set()
        super().shutdown(wait=wait)


def test_an_exception_ends_it_and_nothing_more_is_started() -> None:
    started: list[int] = []

    def ask(question: int) -> None:
        started.append(question)
        if question == 0:
            raise FetchError("https://www.example.org/", "is gone")
        assert Pool.cancelled.wait(SAFETY_NET)

    with pytest.raises(FetchError):
        ask_in_parallel(
            ask, list(range(50)), 2, lambda _done, _total: None, make_pool=Pool
        )
    assert set(started) <= {0, 1, 2}
