"""Asks several sites at the same time."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import TypeVar

Question = TypeVar("Question")
Answer = TypeVar("Answer")


def ask_in_parallel(
    ask: Callable[[Question], Answer],
    questions: Sequence[Question],
    at_once: int,
    progress: Callable[[int, int], None],
    *,
    make_pool: Callable[[int], ThreadPoolExecutor] = ThreadPoolExecutor,
) -> list[Answer]:
    """Return the answers in the order of the questions, asked in up to `at_once` threads.

    Calls `progress` with how many are done of how many. An exception or Ctrl-C ends it, and nothing
    more is started. `make_pool` is for tests.
    """
    with make_pool(at_once) as pool:
        try:
            tasks = [pool.submit(ask, question) for question in questions]
            for done, task in enumerate(as_completed(tasks), start=1):
                task.result()  # raises at once what the task raised
                progress(done, len(tasks))
            return [task.result() for task in tasks]
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
