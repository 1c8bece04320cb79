"""What newly returned mail adds to the record of it, and which providers refuse us. No I/O."""

from collections import Counter, defaultdict
from collections.abc import Mapping

from briefing.bounces.kinds import BounceKind
from briefing.syncing.records.returned_mail import ReturnedEntry, issue_before
from briefing.syncing.reports import Returned

from .facts import HomeFacts
from .listed import domain_of
from .reasons import Ignored
from .subscriptions import Subscriptions

Refusals = Mapping[str, Mapping[str, int]]
"""By domain, what its server says, and to how many readers."""


class NewReturns:
    """The mail that came back since the last sync."""

    def __init__(self, facts: HomeFacts, subscriptions: Subscriptions) -> None:
        self._listed = facts.listed
        self._sent = facts.sent
        self._subscriptions = subscriptions
        self.entries: list[ReturnedEntry] = []
        self.refusals: dict[str, Counter[str]] = defaultdict(Counter)
        self._refused: set[str] = set()

    def add(self, token: str, returned: Returned) -> Ignored | None:
        """Add an email that came back, or return why it changes nothing."""
        subscriptions = self._subscriptions
        is_listed = token in self._listed.readers
        if not is_listed and token not in subscriptions.joins:
            return Ignored.UNKNOWN
        if subscriptions.is_outdated(token, returned.day.isoformat()):
            return Ignored.OUTDATED
        if subscriptions.was_suppressed(token):
            return Ignored.KNOWN
        if returned.kind is BounceKind.REFUSED:
            self._count_refusal(token, returned.words)
        else:
            issue = issue_before(returned.day, self._sent)
            self.entries.append(
                ReturnedEntry(token, returned.kind, issue, returned.day)
            )
        return None

    def _count_refusal(self, token: str, words: str) -> None:
        # A reader counts once, however many of their emails were refused, and in whatever words.
        if token not in self._refused:
            self._refused.add(token)
            join = self._subscriptions.joins.get(token)
            domain = (
                domain_of(join.address) if join else self._listed.domain(token)
            )
            self.refusals[domain][words] += 1
