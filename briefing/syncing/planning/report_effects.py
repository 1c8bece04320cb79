"""Go through what sources report, and work out what it means for each reader. No I/O."""

from collections import Counter, defaultdict
from collections.abc import Mapping

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
        token = self._token(wish.person)
        if not token:
            return Ignored.UNKNOWN
        reason = COMPLAINT if isinstance(wish, Complained) else LEFT
        removal = Removal(wish.day.isoformat(), reason)
        if self._names_earlier_address(wish.person):
            named = self._listed.named(wish.person, self._key)
            self.subscriptions.by_earlier_link[named] = removal
        return self.subscriptions.remove(token, removal)

    def _add_returned(self, returned: Returned) -> Ignored | None:
        if self._names_earlier_address(returned.person):
            return Ignored.OUTDATED
        return self.returns.add(self._token(returned.person), returned)

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
        token = self._token(claim.person)
        if not token:
            return Ignored.UNKNOWN
        complains = claim.kind is BounceKind.COMPLAINT
        if not complains and self._names_earlier_address(claim.person):
            return Ignored.OUTDATED
        reason = COMPLAINT if complains else BOUNCED
        removal = Removal(claim.day.isoformat(), reason)
        if ignored := self.subscriptions.why_settled(token, removal):
            return ignored
        # Of several claims about a reader, a complaint counts.
        if complains or token not in self.unverified:
            self.unverified[token] = Reported(source, claim.verified)
        return None

    def _names_earlier_address(self, person: Person) -> bool:
        """Whether a report names a reader by an address from which they have moved: that nothing arrives there
        says nothing about the address they have now.
        """
        named = self._listed.named(person, self._key)
        return self._token(person) not in ("", named)

    def _token(self, person: Person) -> str:
        """Return the token of the reader who is meant; empty if that can't be known."""
        listed = self._listed
        named = listed.named(person, self._key)
        joins = person.address and named in self.subscriptions.joins
        if joins or named in self.rows.moved_back:
            # They mean this address, and no longer the one to which its earlier reader moved.
            return named
        token = listed.moved.get(named, named)
        # Anyone can name any address, so it counts only if it is on the list.
        return "" if person.address and token not in listed.readers else token
