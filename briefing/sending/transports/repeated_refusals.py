"""Refusals that aren't about readers: the same words to reader after reader, on any connection.

Relaying denied, a daily cap, a verdict of spam: many servers give these to each reader's address,
as if they were the reader's fault. So the same words five times in a row end the send. Not if they
say that a reader is unknown, and another one of the same domain was accepted in this session: then
the server knows the domain and takes our mail for it.
"""

import threading

from briefing.sending.schema import State
from briefing.sending.transports.base import Mail, Outcome
from briefing.sending.transports.replies import (
    says_greylisted,
    says_unknown,
    without_numbers,
)

MOST_REJECTED = 5
"""Rejections with the same words in a row that end the send."""
MOST_DEFERRED = 1000
"""Deferrals with the same words in a row that end the send."""


class RepeatedRefusals:
    """The latest refusals on all connections of a transport, as long as their words are the same."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kind = ""
        self._series = 0  # begun so far
        self._count = 0
        self._mails: list[Mail] = []
        self._ending = False
        self._accepted_domains: set[str] = set()

    def now(self) -> int:
        """Return the moment at which a mail is offered to the server, for `record`."""
        # A moment is the number of series begun before it: no clock is fine enough to tell two
        # connections apart.
        return self._series

    def record(
        self,
        outcome: Outcome,
        asked: int | None = None,
    ) -> tuple[list[Outcome], str]:
        """Return the outcomes to write into the ledger, and why the send must stop, if it must.

        When refusals are too many, the readers concerned are queued again. A mail accepted in
        between doesn't clear those before it if it was offered (`asked`) before the series began,
        on another connection.
        """
        with self._lock:
            if outcome.state is State.REJECTED:
                if self._is_unknown_alone(outcome):
                    return [outcome], ""
                return self._rejected(outcome)
            if outcome.state is State.DEFERRED:
                return self._deferred(outcome)
            if outcome.state is State.ACCEPTED:
                self._accepted_domains.add(_domain(outcome))
                self._accepted(asked)
            return [outcome], ""

    def _is_unknown_alone(self, outcome: Outcome) -> bool:
        return (
            says_unknown(outcome.reason)
            and _domain(outcome) in self._accepted_domains
        )

    def _accepted(self, asked: int | None) -> None:
        self._count = 0
        if asked is None or asked >= self._series:
            self._kind = ""

    def _rejected(self, outcome: Outcome) -> tuple[list[Outcome], str]:
        self._add(outcome)
        if self._count < MOST_REJECTED and not self._ending:
            return [outcome], ""
        # Readers refused on other connections until those end are queued again as well.
        self._ending = True
        queued_again = [
            Outcome(mail, State.QUEUED, outcome.reason) for mail in self._mails
        ]
        return (
            queued_again,
            f"{MOST_REJECTED} readers in a row were refused with the same words ({outcome.reason}); if that is about "
            "you, ask your provider; if these addresses are dead ('briefing status --names' lists them), remove them",
        )

    def _deferred(self, outcome: Outcome) -> tuple[list[Outcome], str]:
        if says_greylisted(outcome.reason):
            return [outcome], ""  # every new reader is, once
        self._add(outcome)
        stop = (
            f"the server defers every mail: {outcome.reason}"
            if self._count >= MOST_DEFERRED
            else ""
        )
        return [outcome], stop

    def _add(self, outcome: Outcome) -> None:
        kind = f"{outcome.state}{without_numbers(outcome.reason)}"
        if kind != self._kind:
            self._kind = kind
            self._series += 1
            self._count = 0
            self._mails = []
        self._count += 1
        self._mails.append(outcome.mail)


def _domain(outcome: Outcome) -> str:
    return outcome.mail.envelope.address.rpartition("@")[2].casefold()
