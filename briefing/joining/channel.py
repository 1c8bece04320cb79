"""Connections that end if a request takes too long to arrive: waitress itself only ends those on which
nothing happens.
"""

import time

from waitress.channel import HTTPChannel

LONGEST = 30.0
"""Seconds for a whole request; a form of a few hundred bytes takes less over any line."""


class Channel(HTTPChannel):  # type: ignore[misc]  # waitress ships no types
    """A connection, from the first byte of a request to the end of its answer."""

    _begun = 0.0
    """When the request began of which a part is still missing."""
    _incomplete: object = None
    """That request."""

    def received(self, data: bytes) -> bool:
        """Take a part of a request, as waitress calls it."""
        taken = bool(super().received(data))
        now = time.monotonic()
        if self.request is not self._incomplete:
            self._incomplete, self._begun = self.request, now
        elif self.request is not None and now - self._begun > LONGEST:
            self.will_close = True
        return taken
