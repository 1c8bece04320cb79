"""How fast a mail server takes emails: learned from its temporary refusals (4xx). Pure decisions.

Servers limit emails per second, minute or hour, and say so with the same codes as for a full mailbox
or for greylisting. What tells them apart is whether slowing down helps. After a few refusals in a
row the pace drops to one email a second, then halves with each further refusal, and rises again with
each email that is accepted, up to just below where the last refusal came. If slowing down doesn't
help, and the refusals can be about the readers, they are: the rest continues at full speed, and those
readers are tried again later.
"""

import math
import re
import threading
from collections.abc import Callable

from briefing.errors import TransportError

from .replies import says_greylisted

NOTICED = 3
"""Refusals in a row before which the pace stays: single readers are deferred all the time."""
USELESS = 6
"""Slow-downs in a row, over a minute, after which refusals are taken to be about the readers."""
LONGEST_INTERVAL = 300.0
LONGEST_REFUSAL = 3600.0
"""Seconds without an accepted email after which the send ends."""
SLOWER = 2.0
FASTER = 0.8
MARGIN = 1.1
"""How far the interval stays above the one at which the last refusal came."""
PATIENCE = 50
"""Accepted emails after which a shorter interval is tried."""
FULL_SPEED = 0.002
"""Seconds between two emails below which they aren't kept apart any more."""

_MAILBOX = re.compile(r"4\d\d 4\.[12]\.", re.ASCII)
"""RFC 3463: the status of an address or of a mailbox."""
_ABOUT_PACE = re.compile(
    r"\b(rate|limit\w*|quota|too (many|much|fast|frequent\w*)|exceed\w*|throttl\w*|slow|busy|load|overload\w*|"
    r"resources|congest\w*|concurrent)\b",
    re.IGNORECASE,
)


class Pace:
    """The pace of all connections of a transport, in seconds between two emails."""

    def __init__(
        self, connections: int, clock: Callable[[], float], unit: float = 1.0
    ) -> None:
        """`unit`: the length of a second, which tests shorten."""
        self._lock = threading.Lock()
        self._connections = connections
        self._clock = clock
        self._unit = unit
        self._interval = 0.0
        self._refused_at = 0.0
        """The interval at which the last refusal came after some emails were accepted."""
        self._refusals = 0  # in a row
        self._slow_downs = 0  # in a row
        self._accepted = 0  # since the last slow-down
        self._useless: set[str] = set()
        self.generation = 0
        """How often the pace was lowered so far. An email that was offered in an earlier generation says
        nothing about the pace of this one.
        """
        self._next = 0.0
        self._refused_since: float | None = None
        self._working = 0
        self.words = ""
        """The last refusal that slowed down the send."""

    @property
    def is_slow(self) -> bool:
        """Whether emails are kept apart at the moment."""
        return self._interval > 0

    def reserve(self) -> float:
        """Return the seconds to wait before offering an email."""
        with self._lock:
            now = self._clock()
            at = max(now, self._next)
            self._next = at + self._interval * self._unit
            return at - now

    def accept(self) -> None:
        """Note an accepted email: the pace rises."""
        self._refused_since = None
        if not (self._interval or self._refusals):
            return
        with self._lock:
            self._refusals = self._slow_downs = 0
            self._accepted += 1
            if self._accepted % PATIENCE == 0:
                self._refused_at *= FASTER
            self._interval = max(
                self._interval * FASTER,
                min(self._interval, self._refused_at * MARGIN),
            )
            if self._interval < FULL_SPEED:
                self._interval = 0.0

    def refuse(
        self, words: str, generation: int, *, about_reader: bool
    ) -> bool:
        """Note a temporary refusal of an email that was offered in a generation of the pace.

        `about_reader`: whether it can be about the reader. Return whether to offer the email again
        at the new pace; otherwise it is deferred. Raises TransportError if the send must end.
        """
        if about_reader and _is_about_reader(words):
            return False
        with self._lock:
            if self._has_lasted():
                raise TransportError(
                    f"the server has accepted no mail for an hour ({words}); try again later"
                )
            if words in self._useless:
                return False
            if generation == self.generation:
                self._follow(words, about_reader=about_reader)
            return self._interval > 0

    def _follow(self, words: str, *, about_reader: bool) -> None:
        self._refusals += 1
        if not self._interval and self._refusals < NOTICED:
            return
        is_useless = self._slow_downs >= USELESS
        if is_useless and about_reader and not is_about_pace(words):
            self._useless.add(words)
            self._interval = self._next = 0.0
            return
        self._slow_down(words)

    def _has_lasted(self) -> bool:
        now = self._clock()
        if self._refused_since is None:
            self._refused_since = now
        return now - self._refused_since > LONGEST_REFUSAL * self._unit

    def _slow_down(self, words: str) -> None:
        if self._accepted:
            self._refused_at = self._interval
        self._interval = min(
            max(1.0, self._interval * SLOWER), LONGEST_INTERVAL
        )
        # Emails were accepted at nearly this pace, so it needn't fall to one per second.
        if self._accepted and self._refused_at:
            self._interval = min(self._interval, self._refused_at * SLOWER)
        self._slow_downs += 1
        self._accepted = 0
        self.generation += 1
        self._next = self._clock() + self._interval * self._unit
        self.words = words

    # Fewer connections

    def join(self) -> None:
        """Count a connection that begins to work."""
        with self._lock:
            self._working += 1

    def leave(self) -> None:
        """Count out a connection that ends, or rests."""
        with self._lock:
            self._working -= 1

    def try_to_rest(self) -> bool:
        """Return whether one connection should rest, and count it out then."""
        with self._lock:
            if self._working > self._allowed:
                self._working -= 1
                return True
            return False

    def try_to_resume(self) -> bool:
        """Return whether a resting connection may work again, and count it then."""
        with self._lock:
            if self._working < self._allowed:
                self._working += 1
                return True
            return False

    @property
    def _allowed(self) -> int:
        if not self._interval:
            return self._connections
        return max(1, min(self._connections, math.floor(1 / self._interval)))


def _is_about_reader(words: str) -> bool:
    if is_about_pace(words):
        return False
    return says_greylisted(words) or _MAILBOX.match(words) is not None


def is_about_pace(words: str) -> bool:
    """Whether the words kept of a refusal speak of too many emails, or of a busy server."""
    return _ABOUT_PACE.search(words) is not None
