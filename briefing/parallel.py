"""Ask several sites at the same time."""

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

    `progress` is called with the number of questions answered and the number of all. After an
    exception or Ctrl-C no further question is asked. `make_pool` is for tests.
    """
    with make_pool(at_once) as pool:
        try:
            tasks = [pool.submit(ask, question) for question in questions]
            for done, task in enumerate(as_completed(tasks), start=1):
                task.result()  # raises what the task raised
                progress(done, len(tasks))
            return [task.result() for task in tasks]
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
