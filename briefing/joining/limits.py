"""Limits on the emails that strangers can make the server send, kept in memory only. No I/O.

Addresses and domains are counted by digests under a key that is made when the server starts and
exists nowhere else. After a day, nothing is left of an address; after a restart, nothing is left of any.
"""

import hmac
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable
from enum import Enum
from unicodedata import normalize

HOUR = 3600.0
DAY = 24 * HOUR
MOST_REMEMBERED = 100_000
"""Digests; the oldest are forgotten first. 20 MB of memory."""
LEAST_BY_DOMAIN = 5
"""Emails an hour that one domain may get in any case."""

GMAIL = frozenset({"gmail.com", "googlemail.com"})
"""Two names of one domain, where a.nn@ and ann@ are one mailbox."""

_Clock = Callable[[], float]
"""Seconds that never go back, such as time.monotonic: nobody can set that clock."""


class MailDecision(Enum):
    """What happens with a request for an email."""

    MAIL = "mail"
    REPEATED = "repeated"
    """The address had its email today."""
    FULL = "full"
    """There were enough emails in this hour, to all or to this domain."""


class Memory:
    """Remembers for a day how often something happened, by keyed digests."""

    def __init__(self, clock: _Clock = time.monotonic) -> None:
        self._clock = clock
        self._key = secrets.token_bytes(32)
        self._counts: dict[bytes, tuple[float, int]] = {}
        self._lock = threading.Lock()

    def count(self, text: str) -> int:
        """Count one more, and return how often that was within a day of the first time."""
        digest = self.digest(text)
        now = self._clock()
        with self._lock:
            self._forget(now)
            first, count = self._counts.get(digest, (now, 0))
            self._counts[digest] = first, count + 1
        return count + 1

    def digest(self, text: str) -> bytes:
        return hmac.digest(self._key, text.encode(), "sha256")

    def _forget(self, now: float) -> None:
        while self._counts:
            oldest = next(iter(self._counts))
            is_over = self._counts[oldest][0] < now - DAY
            if not is_over and len(self._counts) < MOST_REMEMBERED:
                return
            del self._counts[oldest]


def mailbox_of(address: str) -> str:
    """Return what the addresses of one mailbox have in common: ann+news@ and Ann@ are for ann@.
    Otherwise one mailbox could be filled under many names.
    """
    local, _, domain = normalize("NFKC", address).casefold().rpartition("@")
    local = local.partition("+")[0] or local
    if domain in GMAIL:
        return f"{local.replace('.', '')}@gmail.com"
    return f"{local}@{domain}"


class MailLimits:
    """Decides on the emails that ask people to confirm something: one a day for each address, and a number
    an hour in total and for a domain.
    """

    def __init__(self, per_hour: int, clock: _Clock = time.monotonic) -> None:
        self._per_hour = per_hour
        self._by_domain = max(LEAST_BY_DOMAIN, per_hour // 2)
        self._clock = clock
        self._addresses = Memory(clock)
        self._mailed: deque[tuple[float, bytes]] = deque()
        """When emails were sent in the last hour, and to which domains."""
        self._lock = threading.Lock()

    def decide(self, address: str) -> MailDecision:
        """Decide on one more mail, and count it if it is to be sent."""
        domain = self._addresses.digest(address.rpartition("@")[2].casefold())
        now = self._clock()
        with self._lock:
            while self._mailed and self._mailed[0][0] < now - HOUR:
                self._mailed.popleft()
            domains = [each for _, each in self._mailed]
            # Asked first, so that a full hour says nothing about an address.
            if (
                len(domains) >= self._per_hour
                or domains.count(domain) >= self._by_domain
            ):
                return MailDecision.FULL
            if self._addresses.count(mailbox_of(address)) > 1:
                return MailDecision.REPEATED
            self._mailed.append((now, domain))
        return MailDecision.MAIL
