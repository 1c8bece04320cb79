"""The only thread that uses the database: whatever came in while the disk was busy shares the next
commit.

Each caller waits until its own work is on the disk. A commit takes as long as the disk does, for one
request as for a hundred.
"""

import queue
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import Any, TypeVar

from .store import Store

Result = TypeVar("Result")
Job = Callable[[Store], Any]

_Entry = tuple[Job, Future[Any]]
"""A job, and what its caller waits for."""

MOST_TOGETHER = 500
"""Jobs in one commit."""
PATIENCE = 30.0
"""Seconds for which a request waits for the disk."""


class UnavailableError(Exception):
    """The disk is full or doesn't answer; nothing of the request was kept."""


class Writer:
    """Runs jobs on the store, and answers once they are durable."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._jobs: queue.SimpleQueue[_Entry | None] = queue.SimpleQueue()
        self._thread = threading.Thread(
            target=self._work, name="writer", daemon=True
        )
        self._thread.start()

    def run(self, job: Callable[[Store], Result]) -> Result:
        """Run a job on the store in the next commit, and return its result after that.

        Raises UnavailableError if it couldn't be made durable, and what the job raises; then
        nothing of it was kept.
        """
        done: Future[Result] = Future()
        self._jobs.put((job, done))
        try:
            return done.result(PATIENCE)
        except TimeoutError:
            raise UnavailableError from None

    def close(self) -> None:
        """Finish what was asked for, and close the store."""
        self._jobs.put(None)
        self._thread.join()

    def _work(self) -> None:
        while (first := self._jobs.get()) is not None:
            together = [first, *self._waiting()]
            self._commit(together)
        self._store.close()

    def _waiting(self) -> list[_Entry]:
        """Return the jobs that have come in since."""
        found: list[_Entry] = []
        while len(found) < MOST_TOGETHER:
            try:
                entry = self._jobs.get_nowait()
            except queue.Empty:
                break
            if entry is None:
                # The end comes after these.
                self._jobs.put(None)
                break
            found.append(entry)
        return found

    def _commit(self, together: list[_Entry]) -> None:
        answers: list[Callable[[], None]] = []
        try:
            with self._store.transaction():
                answers += [self._run_one(*entry) for entry in together]
        except sqlite3.Error:
            for _, done in together:
                done.set_exception(UnavailableError())
            return
        for answer in answers:
            answer()

    def _run_one(self, job: Job, done: Future[Any]) -> Callable[[], None]:
        """Run a job, and return a function that answers its caller. One that fails harms no other."""
        try:
            with self._store.part():
                result = job(self._store)
        except sqlite3.Error:
            raise
        except Exception as error:  # noqa: BLE001  # it is raised where the job came from
            return partial(done.set_exception, error)
        return partial(done.set_result, result)
