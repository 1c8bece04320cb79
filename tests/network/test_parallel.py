"""Several sites are asked at the same time."""

import threading

import pytest

from briefing.errors import FetchError
from briefing.network.parallel import ask_in_parallel

SAFETY_NET = 60
"""Seconds after which a hanging test gives up."""


def test_answers_are_in_the_order_of_the_questions_however_long_each_takes() -> (
    None
):
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


def test_an_exception_ends_it_at_once_and_nothing_more_is_started() -> None:
    started: list[int] = []
    site_answers = threading.Event()

    def ask(question: int) -> None:
        started.append(question)
        if question == 0:
            raise FetchError("https://www.example.org/", "is gone")
        assert site_answers.wait(SAFETY_NET)

    with pytest.raises(FetchError):
        ask_in_parallel(ask, list(range(50)), 2, lambda _done, _total: None)
    asked = len(started)
    site_answers.set()
    assert asked <= 3


def test_ctrl_c_ends_it_at_once() -> None:
    site_answers = threading.Event()

    def interrupt(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    def ask(question: int) -> None:
        assert question == 0 or site_answers.wait(SAFETY_NET)

    with pytest.raises(KeyboardInterrupt):
        ask_in_parallel(ask, [0, 1, 2], 3, interrupt)
    assert not site_answers.is_set()
    site_answers.set()


def test_no_question_has_no_answer() -> None:
    assert ask_in_parallel(str, [], 2, lambda _done, _total: None) == []
