"""The server's connections: one is ended not only if it is silent, but also if a request takes too long
to arrive, and whatever isn't HTTP gets an answer that reveals nothing.
"""

import time

from waitress.channel import HTTPChannel
from waitress.task import ErrorTask

LONGEST_REQUEST = 30.0
"""Seconds for a whole request; a form of a few hundred bytes takes less over any line."""


class _SilentErrorTask(ErrorTask):  # type: ignore[misc]  # waitress ships no types
    """Answers a request that can't be read with its status alone."""

    def execute(self) -> None:
        error = self.request.error
        self.status = f"{error.code} {error.reason}"
        self.set_close_on_finish()
        self.content_length = 0
        self.write(b"")


class TimedChannel(HTTPChannel):  # type: ignore[misc]  # as above
    """A connection, from the first byte of a request to the end of its answer."""

    error_task_class = _SilentErrorTask

    _begun = 0.0
    """When the request that is still incomplete began."""
    _incomplete: object = None
    """That request."""

    def received(self, data: bytes) -> bool:
        """Take a part of a request, as waitress calls it."""
        taken = bool(super().received(data))
        now = time.monotonic()
        if self.request is not self._incomplete:
            self._incomplete, self._begun = self.request, now
        elif self.request is not None and now - self._begun > LONGEST_REQUEST:
            self.will_close = True
        return taken
