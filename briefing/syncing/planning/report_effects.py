"""Go through what sources report, and work out what it means for each reader. No I/O."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import NamedTuple

from briefing.bounces.kinds import BounceKind
from briefing.subscribers.suppression import Removal
from briefing.syncing.reports import (
    AskedForLink,
    AskedToJoin,
    CarriedOut,
    Changed,
    Complained,
    Joined,
    Left,
    MoveUndone,
    Person,
    Report,
    Reported,
    Returned,
    Unconcerned,
    Unproved,
    Unreadable,
    Unverified,
)

from .changed_rows import ChangedRows
from .facts import HomeFacts
from .new_returns import NewReturns
from .questions import Subject
from .reasons import BOUNCED, COMPLAINT, LEFT, Ignored
from .requested_mail import RequestedMail
from .subscriptions import Subscriptions

_SUBJECTS: Mapping[type[Report], Subject] = {
    Left: Subject.DEPARTURES,
    Complained: Subject.COMPLAINTS,
    Joined: Subject.JOINS,
    Changed: Subject.CHANGES,
    AskedForLink: Subject.LINKS,
    AskedToJoin: Subject.QUEUED,
    Unreadable: Subject.UNREADABLE,
    Unverified: Subject.UNVERIFIED,
}
"""The question that many reports of a kind may lead to."""


class _Meant(NamedTuple):
    """The reader that a report is about."""

    token: str
    """Empty if it can't be known."""
    named: str
    """The token that the report names."""

    @property
    def has_moved(self) -> bool:
        """Whether the report names them by an address from which they have moved."""
        return self.token not in {"", self.named}


class ReportEffects:
    """What the reports mean for readers."""

    def __init__(self, facts: HomeFacts) -> None:
        self._listed = facts.listed
        self._key = facts.key
        self.subscriptions = Subscriptions(facts)
        self.rows = ChangedRows(facts, self.subscriptions)
        self.mail = RequestedMail(facts, self.subscriptions)
        self.returns = NewReturns(facts, self.subscriptions)
        self.unverified: dict[str, Reported] = {}
        """What emails that anyone could have written say of readers who get mail, by token."""
        self.unreadable: Counter[str] = Counter()
        """Requests that can't be opened, by the reason."""
        self.ignored: Counter[str] = Counter()
        """How many reports change nothing, by the reason."""
        self.others: Counter[BounceKind] = Counter()
        """How many emails concern no reader, by what they are."""
        self.reported: dict[Subject, set[Reported]] = defaultdict(set)
        """The reports that a question on a subject concerns."""

    def add(self, reported: Reported) -> None:
        """Add a report; the reports of one day come in the order in which things happened."""
        report = reported.report
        subject = _SUBJECTS.get(type(report))
        if subject:
            self.reported[subject].add(reported)
        match report:
            case Unconcerned(kind):
                self.others[kind] += 1
            case Unreadable(_, reason):
                self.unreadable[reason] += 1
            case CarriedOut(earlier):
                self._follow(earlier)
            case _:
                ignored = self._add_or_ignore(reported)
                if ignored:
                    self.ignored[ignored] += 1

    def _add_or_ignore(self, reported: Reported) -> Ignored | None:
        """Add a report, or return why it is ignored."""
        ignored: Ignored | None
        match report := reported.report:
            case Left() | Complained():
                ignored = self._remove(report)
            case Returned():
                ignored = self._add_returned(report)
            case Joined():
                ignored = self.subscriptions.join(report)
            case Changed(person):
                ignored = self.rows.change(self._token(person), report)
            case MoveUndone(person):
                ignored = self.rows.undo_move(self._token(person), report)
            case AskedForLink(address):
                ignored = self.mail.add_link(address, reported)
            case AskedToJoin():
                ignored = self.mail.add_confirmation(report, reported)
            case Unverified():
                ignored = self._keep_unverified(report, reported.source)
            case Unproved():
                ignored = Ignored.UNPROVED
            case _:  # Expired
                ignored = Ignored.OUTDATED
        return ignored

    def _remove(self, wish: Left | Complained) -> Ignored | None:
        meant = self._meant(wish.person)
        if not meant.token:
            return Ignored.UNKNOWN
        reason = COMPLAINT if isinstance(wish, Complained) else LEFT
        removal = Removal(wish.day.isoformat(), reason)
        if meant.has_moved:
            self.subscriptions.by_earlier_address[meant.named] = removal
        return self.subscriptions.remove(meant.token, removal)

    def _add_returned(self, returned: Returned) -> Ignored | None:
        meant = self._meant(returned.person)
        # That nothing arrives there says nothing about the address they have now.
        if meant.has_moved:
            return Ignored.OUTDATED
        return self.returns.add(meant.token, returned)

    def _follow(self, earlier: Left | Joined | Changed | MoveUndone) -> None:
        """Forget what no longer counts after something that was carried out before it."""
        match earlier:
            case Joined():
                self.subscriptions.follow_join(earlier)
            case Left(person):
                self.subscriptions.follow_departure(self._token(person))
            case Changed(person, _, column):
                self.rows.forget(self._token(person), column)
            case MoveUndone(person):
                self.rows.forget(self._token(person))

    def _keep_unverified(
        self, claim: Unverified, source: str
    ) -> Ignored | None:
        """Keep a claim for the editor, or return why it would change nothing."""
        meant = self._meant(claim.person)
        token = meant.token
        if not token:
            return Ignored.UNKNOWN
        complains = claim.kind is BounceKind.COMPLAINT
        if meant.has_moved and not complains:
            return Ignored.OUTDATED
        reason = COMPLAINT if complains else BOUNCED
        removal = Removal(claim.day.isoformat(), reason)
        if ignored := self.subscriptions.why_settled(token, removal):
            return ignored
        # Of several claims about a reader, a complaint counts.
        if complains or token not in self.unverified:
            self.unverified[token] = Reported(source, claim.verified)
        return None

    def _token(self, person: Person) -> str:
        """Return the token of the reader who is meant; empty if it can't be known."""
        return self._meant(person).token

    def _meant(self, person: Person) -> _Meant:
        listed = self._listed
        named = listed.named(person, self._key)
        joins = person.address and named in self.subscriptions.joins
        if joins or named in self.rows.moved_back:
            # They mean this address, and no longer the one to which its earlier reader moved.
            return _Meant(named, named)
        token = listed.moved.get(named, named)
        # Anyone can name any address, so it counts only if it is on the list.
        is_known = not person.address or token in listed.readers
        return _Meant(token if is_known else "", named)
