"""What a sync changes, worked out from what its sources report and what is known here. No I/O.

With the same facts and reports the plan is the same. A plan that was carried out in part leads to the
same end when it is made again from the same reports.
"""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from operator import attrgetter

from briefing.bounces.kinds import BounceKind
from briefing.joining.protocol import token_digest
from briefing.keys import Key
from briefing.subscribers.subscriber import Subscriber, parse_address
from briefing.subscribers.suppression import Removal, Suppression, token_of

from .failures import BOUNCED, FULL, UNREACHABLE, FailedDelivery
from .reports import (
    Automatic,
    CarriedOut,
    ChoseLanguage,
    Joined,
    Left,
    Obsolete,
    OpenMail,
    Person,
    Report,
    Returned,
    Unreadable,
)

LEFT = "left"
COMPLAINT = "complaint"
LIFTED_BY_JOINING = frozenset(
    {LEFT, "address taken back", "asked", BOUNCED, FULL, UNREACHABLE}
)
"""Reasons that no longer count once the reader joins again; the second is of earlier versions."""


class Ignored(StrEnum):
    """Why a report changes nothing, in words after a number."""

    KNOWN = "known already"
    UNKNOWN = "about someone who isn't on the list"
    OUTDATED = "older than what is known"
    COMPLAINED = "from people who reported an email as spam"
    KEPT_OUT = "from people you unsubscribed for a reason of your own"
    UNUSABLE = "with an address that is invalid"
    AUTOMATIC = "sent automatically"
    REFUSED = "refused because of your email or its server ('briefing docs returned-mail' says what to do)"


@dataclass(frozen=True)
class Listed:
    """The readers whom reports can be about."""

    key: Key
    readers: Mapping[str, Subscriber]
    """On the list, by token."""
    moved: Mapping[str, str] = field(default_factory=dict)
    """Current tokens of readers whose address has changed, by earlier ones."""
    known: Collection[str] = ()
    """Tokens of everyone who was ever on a list."""

    @cached_property
    def by_digest(self) -> Mapping[str, str]:
        """Tokens by their SHA-256, hexadecimal."""
        tokens = {*self.readers, *self.moved, *self.known}
        return {token_digest(token).hex(): token for token in tokens}

    def named(self, person: Person) -> str:
        """Return the token that a report names, which may be an earlier one of its reader, or of no one on
        the list; empty if it isn't known.
        """
        if person.token:
            return person.token
        if person.token_digest:
            return self.by_digest.get(person.token_digest, "")
        return token_of_address(person.address, self.key)

    def line(self, person: Person) -> int:
        """Return a reader's line in the list; 0 if they aren't on it."""
        named = self.named(person)
        reader = self.readers.get(self.moved.get(named, named))
        return reader.line if reader else 0


def token_of_address(address: str, key: Key) -> str:
    """Return the token of an address's reader; empty for text that isn't an address."""
    try:
        return token_of(key, Subscriber(parse_address(address)).identity)
    except ValueError:
        return ""


class SyncPlan:
    """What the reports so far change, by token. A later report about a reader replaces an earlier one."""

    def __init__(self, listed: Listed, recorded: Suppression) -> None:
        """`recorded`: who was unsubscribed before."""
        self.listed = listed
        self._recorded = recorded
        self.removals: dict[str, Removal] = {}
        """Readers to unsubscribe."""
        self.withdrawn: dict[str, Removal] = {}
        """Readers who left, and joined again before a sync knew of it."""
        self.restored: dict[str, Joined] = {}
        """Readers who left, and joined again."""
        self.joins: dict[str, Joined] = {}
        """People to add to the list."""
        self.languages: dict[str, ChoseLanguage] = {}
        self.confirmed: set[str] = set()
        """Whoever confirmed that they join: an email has reached them."""
        self.failures: list[FailedDelivery] = []
        """The emails that came back; in the end, the whole record of those who stay for now."""
        self.obsolete: list[Obsolete] = []
        self.unreadable: list[Unreadable] = []
        self.open_mails: list[OpenMail] = []
        self.ignored: Counter[str] = Counter()
        """How many reports change nothing, by the reason."""
        self.many_left = ""
        """A sentence about unusually many readers who have left since the last issue."""

    @property
    def departures(self) -> dict[str, Removal]:
        """Everyone to unsubscribe before anything is asked, also if they have joined again since."""
        return {**self.withdrawn, **self.removals}

    @property
    def unreached(self) -> set[str]:
        """Readers whose emails fail, and who stay for now."""
        return {failure.token for failure in self.failures}

    @property
    def list_changes(self) -> set[Report]:
        """What changes the list, and waits for the editor's answer."""
        return {
            *self.joins.values(),
            *self.restored.values(),
            *self.languages.values(),
        }

    def add(self, report: Report | CarriedOut) -> None:
        """Add a report; the reports of one day come in the order in which things happened."""
        ignored: Ignored | None = None
        match report:
            case CarriedOut(earlier):
                self._follow(earlier)
            case Left():
                ignored = self._leave(report)
            case Joined():
                ignored = self._join(report)
            case ChoseLanguage():
                ignored = self._choose_language(report)
            case Returned():
                ignored = self._come_back(report)
            case OpenMail():
                self.open_mails.append(report)
            case Obsolete():
                self.obsolete.append(report)
            case Unreadable():
                self.unreadable.append(report)
            case Automatic():
                ignored = Ignored.AUTOMATIC
        if ignored:
            self.ignored[ignored] += 1

    def removal(self, token: str) -> Removal | None:
        """Return why a reader gets no emails, after the reports so far; None if they get them."""
        removal = self.removals.get(token)
        if removal or token in self.restored:
            return removal
        return self._recorded.find(token)

    def is_settled(self, mail: OpenMail) -> bool:
        """Whether the reader whom an email is about gets no more emails."""
        listed = self.listed
        named = listed.named(mail.person)
        return self.removal(listed.moved.get(named, named)) is not None

    def _follow(self, report: Report) -> None:
        """Forget a request that had to wait, if its reader changed their mind before now."""
        if isinstance(report, Left):
            token = self._token(report.person)
            self.joins.pop(token, None)
            self.restored.pop(token, None)
        elif isinstance(report, ChoseLanguage):
            self.languages.pop(self._token(report.person), None)

    def _leave(self, wish: Left) -> Ignored | None:
        token = self._token(wish.person)
        removal = Removal(wish.day.isoformat(), wish.reason)
        if not token:
            return Ignored.UNKNOWN
        if self._is_outdated(token, wish.day):
            return Ignored.OUTDATED
        known = self.removal(token)
        # A complaint replaces any other reason: no form subscribes its reader again.
        if known and (known.is_complaint or not removal.is_complaint):
            return Ignored.KNOWN
        self.removals[token] = removal
        self.joins.pop(token, None)
        self.restored.pop(token, None)
        return None

    def _join(self, join: Joined) -> Ignored | None:
        token = token_of_address(join.address, self.listed.key)
        if not token:
            return Ignored.UNUSABLE
        if reason := _why_kept_out(self.removal(token), join.day):
            return reason
        self.confirmed.add(token)
        leaving = self.removals.pop(token, None)
        is_listed = token in self.listed.readers
        comes_back = self._comes_back(token, join, leaving)
        if leaving and comes_back:
            self.withdrawn[token] = leaving
        if not is_listed:
            self.joins[token] = join
        if comes_back:
            self.restored[token] = join
        return Ignored.KNOWN if is_listed and not comes_back else None

    def _comes_back(
        self, token: str, join: Joined, leaving: Removal | None
    ) -> bool:
        """Whether someone who joins had left."""
        removals = self._recorded
        if removals.find(token) or token in self.withdrawn:
            return True
        # An interrupted sync may have restored them already.
        is_new = removals.restored_on(token) != join.day.isoformat()
        return is_new and leaving is not None

    def _choose_language(self, wish: ChoseLanguage) -> Ignored | None:
        token = self._token(wish.person)
        reader = self.listed.readers.get(token)
        if reader is None:
            return Ignored.UNKNOWN
        if reader.lang == wish.lang:
            # They have changed their mind since an earlier report.
            self.languages.pop(token, None)
            return Ignored.KNOWN
        self.languages[token] = wish
        return None

    def _come_back(self, returned: Returned) -> Ignored | None:
        """Add an email that came back, or return why it changes nothing."""
        named = self.listed.named(returned.person)
        token = self._token(returned.person)
        if token not in self.listed.readers:
            return Ignored.UNKNOWN
        # What doesn't arrive at an earlier address says nothing about the present one.
        if token != named or self._is_outdated(token, returned.day):
            return Ignored.OUTDATED
        if self.removal(token):
            return Ignored.KNOWN
        if returned.kind is BounceKind.REFUSED:
            return Ignored.REFUSED
        self.failures.append(
            FailedDelivery(token, returned.kind, "", returned.day)
        )
        return None

    def _is_outdated(self, token: str, day: dt.date) -> bool:
        """Whether what happened on a day was before the reader's return."""
        # SendGrid's lists never forget who once unsubscribed: they also report readers who have come back since.
        return day.isoformat() < self._recorded.restored_on(token)

    def _token(self, person: Person) -> str:
        """Return the token of the reader who is meant; empty if it can't be known."""
        listed = self.listed
        named = listed.named(person)
        if person.address and named in self.joins:
            # They mean this address, and no longer the one to which its earlier reader moved.
            return named
        token = listed.moved.get(named, named)
        # Anyone can name any address, so it counts only if it is on the list.
        is_known = not person.address or token in listed.readers
        return token if is_known else ""


def _why_kept_out(removal: Removal | None, day: dt.date) -> Ignored | None:
    """Return why someone who asks to join stays unsubscribed, given how they left, if they did; None
    if nothing keeps them out.
    """
    if removal is None:
        return None
    if removal.is_complaint:
        return Ignored.COMPLAINED
    if removal.reason not in LIFTED_BY_JOINING:
        return Ignored.KEPT_OUT
    return Ignored.OUTDATED if removal.date > day.isoformat() else None


def make_plan(
    reports: Iterable[Report | CarriedOut],
    listed: Listed,
    recorded: Suppression,
) -> SyncPlan:
    """Return what a sync changes, given all that its sources report, and who was unsubscribed before.

    On one day, what the first source reports comes first.
    """
    plan = SyncPlan(listed, recorded)
    for report in sorted(reports, key=attrgetter("day")):
        plan.add(report)
    # Once their reader is unsubscribed, there is nothing left to do.
    plan.open_mails = [
        mail for mail in plan.open_mails if not plan.is_settled(mail)
    ]
    return plan
