"""Ask several sites at the same time."""

import threading
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from typing import TypeVar

Question = TypeVar("Question")
Answer = TypeVar("Answer")

ShowSteps = Callable[[int, int], None]
"""Called with the number of steps that are done and the number of all."""


def no_progress(_done: int, _total: int) -> None:
    """Show nothing."""


def ask_in_parallel(
    ask: Callable[[Question], Answer],
    questions: Sequence[Question],
    at_once: int,
    progress: ShowSteps,
) -> list[Answer]:
    """Return the answers in the order of the questions, asked in up to `at_once` threads.

    `progress` is called with the number of questions answered and the number of all. An exception
    or Ctrl-C is raised at once, without waiting for a site; no further question is asked then.
    """
    waiting: SimpleQueue[int] = SimpleQueue()
    answered: SimpleQueue[tuple[int, Answer] | BaseException] = SimpleQueue()
    stopped = threading.Event()
    for number in range(len(questions)):
        waiting.put(number)

    def work() -> None:
        while not stopped.is_set():
            try:
                number = waiting.get_nowait()
            except Empty:
                return
            try:
                answered.put((number, ask(questions[number])))
            except BaseException as error:  # noqa: BLE001  # raised in the thread that waits
                answered.put(error)

    for _ in range(min(at_once, len(questions))):
        # Python waits for other threads before it exits, and a site may answer after a minute.
        threading.Thread(target=work, daemon=True).start()
    answers: dict[int, Answer] = {}
    try:
        while len(answers) < len(questions):
            outcome = answered.get()
            if isinstance(outcome, BaseException):
                raise outcome
            number, answer = outcome
            answers[number] = answer
            progress(len(answers), len(questions))
    finally:
        stopped.set()
    return [answers[number] for number in range(len(questions))]
