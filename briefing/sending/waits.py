"""What a send waits for at the moment: emails on the wire, readers to be tried again, or the server."""

import datetime as dt
import threading
from collections.abc import Callable
from typing import NamedTuple

from .dispatch import Dispatch
from .progress import Cause, Tally, Waiting
from .supply import Supply

WORTH_SHOWING = 5.0
"""A pause is shown if it takes at least so many seconds."""


class _Wait(NamedTuple):
    """Why a send waits, if it does, until when by the monotonic clock, and the server's words."""

    cause: Cause | None = None
    until: float | None = None
    words: str = ""


class Waits:
    """Looks at what a send waits for, and notices when that begins, changes or ends."""

    def __init__(
        self,
        dispatch: Dispatch,
        supply: Supply,
        tally: Tally,
        stop: threading.Event,
        *,
        is_rehearsal: bool,
        now: Callable[[], dt.datetime],
        monotonic: Callable[[], float],
    ) -> None:
        self._dispatch = dispatch
        self._supply = supply
        self._tally = tally
        self._stop = stop
        self._is_rehearsal = is_rehearsal
        self._now = now
        self._monotonic = monotonic
        self._known = _Wait()

    def have_changed(self) -> bool:
        """Look again, and return whether it waits for anything other than before."""
        before, self._known = self._known, self._look()
        return self._known != before

    @property
    def waiting(self) -> Waiting | None:
        """What it waited for at the last look; None for nothing."""
        cause, until, words = self._known
        if cause is None:
            return None
        is_retry = cause is Cause.RETRY
        mails = self._supply.deferred if is_retry else self._tally.in_flight
        at = None
        if until is not None:
            seconds = until - self._monotonic()
            at = self._now() + dt.timedelta(seconds=seconds)
        return Waiting(cause, len(mails), at, words)

    def _look(self) -> _Wait:
        if self._stop.is_set():
            # A file answers at once.
            waits = self._tally.in_flight and not self._is_rehearsal
            return _Wait(Cause.STOP) if waits else _Wait()
        if self._supply.waiting_until is not None:
            return _Wait(Cause.RETRY, self._supply.waiting_until)
        pause = self._dispatch.pausing
        if pause and pause.until - self._monotonic() > WORTH_SHOWING:
            return _Wait(Cause.PACE, pause.until, pause.why)
        return _Wait()
