"""Refusals that aren't about readers: the same words to reader after reader, on any connection.

Relaying denied, a daily cap, a verdict of spam: many servers give these to each reader's address,
as if they were the reader's fault. So the same words five times in a row end the send. Not if they
say that a reader is unknown, and another one of the same domain was accepted in this session: then
the server knows the domain and takes our email for it.

Five addresses at a single domain may be dead, or the server may wrongly take the domain for its
own. The send can't tell, so it continues, and readers refused there stay queued until one is accepted.
Fifty of them end it.
"""

import threading
from collections.abc import Sequence

from briefing.sending.ledger.schema import State

from .base import Mail, Outcome
from .replies import says_greylisted, says_unknown, without_numbers

ADVICE = (
    "if the message is about you or your domain, ask your provider; if these addresses no longer exist "
    "('briefing status --names' lists them), unsubscribe them with 'briefing subscribers remove'"
)
MOST_REJECTED = 5
"""Rejections with the same words in a row that end the send."""
MOST_IN_DOUBT = 50
"""Readers refused at one domain, and none accepted there, that end the send."""
MOST_DEFERRED = 1000
"""Deferrals with the same words in a row that end the send."""


class RepeatedRefusals:
    """The latest refusals on all connections of a transport, as long as their words are the same."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kind = ""
        self.series = 0
        """The number of series begun so far. It orders what happens on several connections, for which no
        clock is fine enough.
        """
        self._count = 0
        self._domains: set[str] = set()
        self._mails: list[Mail] = []
        """Recorded as rejected, to be queued again if the series ends the send."""
        self._ending = False
        self._accepted_domains: set[str] = set()
        self._in_doubt: dict[str, set[bytes]] = {}
        """Readers refused at domains where five in a row were, and none accepted."""

    def record(
        self,
        outcome: Outcome,
        series: int | None = None,
        *,
        of_address: bool = False,
    ) -> tuple[list[Outcome], str]:
        """Return the outcomes to write into the ledger, and why the send must stop, if it must.

        When refusals are too many, the readers concerned are queued again. An email accepted in
        between doesn't clear those before it if it was offered before the series began, on another
        connection; `series` is the number of those begun when it was offered. `of_address`: a mail
        server refused the address, before the email.
        """
        with self._lock:
            if outcome.state is State.REJECTED:
                if self._is_really_unknown(outcome):
                    return [outcome], ""
                if of_address and _domain(outcome) in self._in_doubt:
                    return self._doubt(outcome, [outcome.mail])
                return self._record_rejected(outcome, of_address=of_address)
            if outcome.state is State.DEFERRED:
                return self._record_deferred(outcome)
            if outcome.state is State.ACCEPTED:
                self._record_accepted(outcome, series)
            return [outcome], ""

    def _is_really_unknown(self, outcome: Outcome) -> bool:
        return (
            says_unknown(outcome.reason)
            and _domain(outcome) in self._accepted_domains
        )

    def _record_accepted(self, outcome: Outcome, series: int | None) -> None:
        domain = _domain(outcome)
        self._accepted_domains.add(domain)
        self._in_doubt.pop(domain, None)
        self._count = 0
        self._domains = set()
        if series is None or series >= self.series:
            self._kind = ""

    def _record_rejected(
        self, outcome: Outcome, *, of_address: bool
    ) -> tuple[list[Outcome], str]:
        self._count_refusal(outcome)
        if self._count < MOST_REJECTED and not self._ending:
            return [outcome], ""
        mails, self._mails = self._mails, []
        if of_address and len(self._domains) == 1 and not self._ending:
            return self._doubt(outcome, mails)
        # Readers refused on other connections until those end are queued again as well.
        self._ending = True
        return queued_again(mails, outcome.reason), (
            f"{MOST_REJECTED} readers in a row were turned away with the same message ({outcome.reason}); {ADVICE}"
        )

    def _doubt(
        self, outcome: Outcome, mails: Sequence[Mail]
    ) -> tuple[list[Outcome], str]:
        """Queue emails to a domain again: whether its readers are dead can't be known."""
        refused = self._in_doubt.setdefault(_domain(outcome), set())
        refused.update(mail.recipient for mail in mails)
        stop = ""
        if len(refused) >= MOST_IN_DOUBT:
            self._ending = True
            stop = (
                f"{len(refused)} readers at one domain were turned away ({outcome.reason}), and none was accepted; "
                f"{ADVICE}"
            )
        return queued_again(mails, outcome.reason), stop

    def _record_deferred(self, outcome: Outcome) -> tuple[list[Outcome], str]:
        if says_greylisted(outcome.reason):
            return [outcome], ""  # every new reader is, once
        self._count_refusal(outcome)
        stop = (
            f"the server defers every email: {outcome.reason}"
            if self._count >= MOST_DEFERRED
            else ""
        )
        return [outcome], stop

    def _count_refusal(self, outcome: Outcome) -> None:
        kind = f"{outcome.state}{without_numbers(outcome.reason)}"
        if kind != self._kind:
            self._kind = kind
            self.series += 1
            self._count = 0
            self._domains = set()
            self._mails = []
        self._count += 1
        self._domains.add(_domain(outcome))
        self._mails.append(outcome.mail)


def queued_again(mails: Sequence[Mail], words: str) -> list[Outcome]:
    """Return the outcomes by which emails that were recorded as rejected are queued again."""
    return [Outcome(mail, State.QUEUED, words) for mail in mails]


def _domain(outcome: Outcome) -> str:
    return outcome.mail.envelope.address.rpartition("@")[2].casefold()
