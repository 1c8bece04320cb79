"""When a refusal is about us: the same words to reader after reader, over whichever connection.

Relaying denied, a daily cap, a verdict of spam: many servers give these to each reader's address, as if they were the
reader's fault.
"""

import math
import threading
import time

from briefing.sending.schema import State
from briefing.sending.transports.base import Mail, Outcome
from briefing.sending.transports.replies import alike

SAME_ANSWER = 5
"""So often running, a refusal isn't about the readers any more."""
PUT_OFF = 100
"""So often running, "later" means everybody."""


class Streak:
    """The last refusals on all connections: the same one to reader after reader isn't about readers."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kind = ""
        self._since = 0.0
        self._running = 0
        self._mails: list[Mail] = []
        self._too_long = False

    def note(self, outcome: Outcome, asked: float = math.inf) -> tuple[list[Outcome], str]:
        """What is to be recorded for an outcome, and why the send must stop, if it must.

        The readers of a streak of refusals that is too long are queued again; also those before somebody was accepted
        in its midst whom the server had been `asked` to take (time.monotonic) before it began: on another connection.
        """
        with self._lock:
            if outcome.state not in {State.REJECTED, State.DEFERRED}:
                if outcome.state is State.ACCEPTED:
                    self._running = 0
                    if asked >= self._since:
                        self._kind = ""
                return [outcome], ""
            kind = f"{outcome.state}{alike(outcome.reason)}"
            if kind != self._kind:
                self._kind, self._since, self._running, self._mails = kind, time.monotonic(), 0, []
            self._running += 1
            self._mails.append(outcome.mail)
            if outcome.state is State.REJECTED and (self._running >= SAME_ANSWER or self._too_long):
                self._too_long = True  # also for who is refused on another connection until that ends
                again = [Outcome(mail, State.QUEUED, outcome.reason) for mail in self._mails]
                return again, f"{SAME_ANSWER} readers running were refused with the same words: {outcome.reason}"
            if outcome.state is State.DEFERRED and self._running >= PUT_OFF:
                return [outcome], f"the server puts everybody off: {outcome.reason}"
            return [outcome], ""
