"""How fast a mail server takes emails: learned from its temporary refusals (4xx). Pure decisions.

Servers limit emails per second, minute or hour, and say so with the same codes as for a full mailbox
or for greylisting. What tells them apart is whether slowing down helps. After a few refusals in a
row the pace drops to one email a second over a single connection, then halves with each further refusal, and rises a
little with each email that is accepted. If slowing down doesn't help, and the refusals can be about the readers, they
are: the rest continues at full speed, and those readers are tried again later.
"""

import re
import threading
from collections.abc import Callable

from briefing.errors import TransportError

from .replies import says_greylisted

NOTICED = 3
"""Refusals in a row before which the pace stays: single readers are deferred all the time."""
USELESS = 6
"""Slow-downs in a row, over a minute, after which refusals are taken to be about the readers."""
FIRST_INTERVAL, LONGEST_INTERVAL = 1.0, 300.0
LONGEST_REFUSAL = 3600.0
"""Seconds without an accepted email after which the send ends."""
SLOWER = 2.0
FASTER = 0.9
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
        self, clock: Callable[[], float], unit: float = FIRST_INTERVAL
    ) -> None:
        """`unit`: the length of a second, which tests shorten."""
        self._lock = threading.Lock()
        self._clock = clock
        self._unit = unit
        self._interval = 0.0
        self._refusals = 0  # in a row
        self._slow_downs = 0  # in a row
        self._useless: set[str] = set()
        self._next = 0.0
        self._in_force = 0.0
        """When the first email is offered at this pace. A refusal before that says nothing about it."""
        self._refused_since: float | None = None
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
            self._interval *= FASTER
            if self._interval < FULL_SPEED:
                self._interval = 0.0

    def refuse(self, words: str, *, about_reader: bool) -> bool:
        """Note a temporary refusal; `about_reader`: whether it can be about the reader.

        Return whether to offer the email again at the new pace; otherwise it is deferred. Raises
        TransportError if the send must end.
        """
        if about_reader and _is_about_reader(words):
            return False
        with self._lock:
            now = self._clock()
            self._refused_since = self._refused_since or now
            if now - self._refused_since > LONGEST_REFUSAL * self._unit:
                raise TransportError(
                    f"the server has accepted no mail for an hour ({words}); try again later"
                )
            if words in self._useless:
                return False
            if now >= self._in_force:
                self._follow(words, now, about_reader=about_reader)
            return self._interval > 0

    def _follow(self, words: str, now: float, *, about_reader: bool) -> None:
        self._refusals += 1
        if not self._interval and self._refusals < NOTICED:
            return
        is_useless = self._slow_downs >= USELESS
        if is_useless and about_reader and not is_about_pace(words):
            self._useless.add(words)
            self._interval = self._next = 0.0
            return
        self._interval = min(self._interval * SLOWER, LONGEST_INTERVAL)
        # Where emails were accepted at nearly this pace, it needn't fall to one per second.
        if self._slow_downs or not self._interval:
            self._interval = max(self._interval, FIRST_INTERVAL)
        self._slow_downs += 1
        self._in_force = self._next = now + self._interval * self._unit
        self.words = words


def _is_about_reader(words: str) -> bool:
    if is_about_pace(words):
        return False
    return says_greylisted(words) or _MAILBOX.match(words) is not None


def is_about_pace(words: str) -> bool:
    """Whether the words kept of a refusal speak of too many emails, or of a busy server."""
    return _ABOUT_PACE.search(words) is not None
