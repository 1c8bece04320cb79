"""Work that a page doesn't have to wait for."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

Result = TypeVar("Result")

FIRST_PAUSE = 1.5
PAUSE = 0.3
"""Seconds without new work before the first piece of work begins, and before any other: what the page
waits for comes first.
"""


class Background(Generic[Result]):
    """Does the latest piece of work in a separate thread; older ones that haven't begun are dropped."""

    def __init__(self, done: Callable[[], None]) -> None:
        """`done` is called after each piece of work, in that thread."""
        self._done = done
        self._condition = threading.Condition()
        self._next: tuple[object, Callable[[], Result]] | None = None
        self._is_running = False
        self._is_stopped = False
        self._running_key: object = None
        self._latest_key: object = None
        self.latest: Result | None = None
        """The result of the last piece of work."""

    def result(
        self,
        key: object,
        work: Callable[[], Result],
        pause: float | None = None,
    ) -> Result | None:
        """Return what the work named `key` gave, or None if it must be done first. `work` must not
        raise anything.
        """
        with self._condition:
            if self._latest_key == key:
                return self.latest
            if self._running_key == key or self._is_stopped:
                return None
            self._next = (key, work)
            if not self._is_running:
                self._is_running = True
                if pause is None:
                    pause = FIRST_PAUSE if self.latest is None else PAUSE
                thread = threading.Thread(
                    target=self._run,
                    args=(pause,),
                    name="preview-background",
                    daemon=True,
                )
                thread.start()
        return None

    def wait(self) -> None:
        """Wait until everything is done."""
        with self._condition:
            self._condition.wait_for(lambda: not self._is_running)

    def stop(self) -> None:
        """Begin no more work. What was begun still comes to its end."""
        with self._condition:
            self._is_stopped = True
            self._next = None
            self._condition.notify_all()

    def _run(self, pause: float) -> None:
        while True:
            with self._condition:
                self._wait_for_quiet(pause)
                if self._next is None:
                    self._is_running = False
                    self._condition.notify_all()
                    return
                key, work = self._next
                self._next, self._running_key = None, key
            result = work()
            with self._condition:
                self._latest_key, self.latest = key, result
                self._running_key = None
            self._done()

    def _wait_for_quiet(self, pause: float) -> None:
        newest: object = None
        # While an editor types, each change brings other work, and the pause begins again.
        while self._next is not newest:
            newest = self._next
            self._condition.wait_for(lambda: self._is_stopped, pause)
