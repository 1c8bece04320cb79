"""Go through what sources report, and work out what it means for each reader. No I/O."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from briefing.bounces.kinds import BounceKind
from briefing.keys import Key
from briefing.subscribers.adding import JOINED
from briefing.subscribers.subscriber import Subscriber
from briefing.subscribers.suppression import Removal

from .history import PastSync
from .ignored import COMPLAINT, LEFT, TAKEN_BACK, Ignored, why_kept_out
from .listed import Listed, domain_of, token_of_address
from .mailed import MailedState
from .questions import Answers, Subject
from .reports import (
    AskedForLink,
    AskedToJoin,
    CarriedOut,
    Changed,
    Complained,
    Joined,
    Left,
    Person,
    Report,
    Returned,
    TakenBack,
    Unconcerned,
    Unproved,
    Unreadable,
    Unverified,
)
from .returned_mail import Patience, ReturnedEntry, issue_before

Addressee = TypeVar("Addressee", Subscriber, AskedToJoin)

Refusals = Mapping[str, Mapping[str, int]]
"""By domain, what its server says, and to how many readers."""

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
"""What a question about a report is about."""


class Mailed(Protocol):
    """Who got an email of their own today (`MailedToday`)."""

    def state(self, token: str) -> MailedState | None:
        """Return what became of the email to whoever has this token; None: there was none today."""


class Removals(Protocol):
    """Who is unsubscribed (`Suppression`)."""

    def find(self, token: str) -> Removal | None:
        """Return when and why a reader was unsubscribed; None if they aren't."""

    def restored_on(self, token: str) -> str:
        """Return the day on which a reader was last subscribed again; empty: never."""


@dataclass(frozen=True, slots=True)
class Reported:
    """A report, and the name of the source that it comes from."""

    source: str
    report: Report


@dataclass(frozen=True, kw_only=True)
class HomeFacts:
    """What is known at home when a sync begins."""

    today: dt.date
    key: Key
    listed: Listed
    removals: Removals
    mailed: Mailed
    fixed: Collection[str] = ()
    """Readers whose links change nothing any more, by their tokens."""
    returned: Sequence[ReturnedEntry] = ()
    """The record of returned mail."""
    sent: Sequence[tuple[dt.date, str]] = ()
    """The issues that were sent, in the order of their dates."""
    patience: Patience
    past: Sequence[PastSync] = ()
    answers: Answers


class ReportEffects:
    """What the reports mean for readers. A later report about a reader replaces an earlier one."""

    def __init__(self, facts: HomeFacts) -> None:
        self._facts = facts
        self._readers = facts.listed.readers
        self.left: dict[str, Removal] = {}
        self.withdrawn: dict[str, Removal] = {}
        """Wishes to leave of readers who joined again after them, by token."""
        self.complained: dict[str, Removal] = {}
        self.restored: dict[str, Joined] = {}
        self.joins: dict[str, Joined] = {}
        self.changes: dict[tuple[str, str], Changed] = {}
        self.links: dict[str, Subscriber] = {}
        self.asked_to_join: dict[str, AskedToJoin] = {}
        self.taken_back: dict[str, Subscriber] = {}
        """Readers who get their earlier address back, as they will be on the list, by token."""
        self.fixed = {*facts.fixed}
        """Readers whose links change nothing any more, by their tokens."""
        self.replaced: dict[str, TakenBack] = {}
        """Why others no longer get the newsletter in their place, by the tokens of these."""
        self.reached: dict[str, dt.date] = {}
        """When people confirmed that they wish to join: mail reached them then."""
        self.returned: list[ReturnedEntry] = []
        self.refusals: dict[str, Counter[str]] = defaultdict(Counter)
        self.unreadable: Counter[str] = Counter()
        """Requests that can't be opened, by the reason."""
        self.asking: dict[str, set[Reported]] = defaultdict(set)
        """What asks for emails, by the tokens of those who get them."""
        self.postponed: set[Reported] = set()
        """What can be done only on another day."""
        self.unverified: dict[str, Reported] = {}
        """What emails that anybody could have written say of readers who get mail, by token."""
        self.ignored: Counter[str] = Counter()
        self.others: Counter[BounceKind] = Counter()
        self.reported: dict[Subject, set[Reported]] = defaultdict(set)
        """What a question on a subject is about."""
        self._refused: set[str] = set()

    def take(self, reported: Reported) -> None:
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
                ignored = self._take(reported)
                if ignored:
                    self.ignored[ignored] += 1

    def _take(self, reported: Reported) -> Ignored | None:
        """Add a report; return why it is ignored, if it is. So do the functions for each kind of report."""
        ignored: Ignored | None
        match report := reported.report:
            case Left() | Complained():
                ignored = self._remove(report)
            case Returned():
                ignored = self._take_returned(report)
            case Joined():
                ignored = self._join(report)
            case Changed():
                ignored = self._change(report)
            case TakenBack():
                ignored = self._take_back(report)
            case AskedForLink(address):
                ignored = self._send_link(address, reported)
            case AskedToJoin():
                ignored = self._take_asked_to_join(report, reported)
            case Unverified():
                ignored = self._keep_unverified(report, reported.source)
            case Unproved():
                ignored = Ignored.UNPROVED
            case _:  # Expired
                ignored = Ignored.OUTDATED
        return ignored

    def _follow(self, earlier: Left | Joined | Changed | TakenBack) -> None:
        """Forget what no longer counts after something that was carried out before it."""
        match earlier:
            case Joined(address, day):
                token = token_of_address(address, self._facts.key)
                # Else an editor took the join for a fake.
                if self._facts.removals.restored_on(token) == day.isoformat():
                    self.left.pop(token, None)
            case Left(person):
                token = self._token(person)
                if self._facts.removals.find(token):
                    self.joins.pop(token, None)
                    self.restored.pop(token, None)
            case Changed(person, _, column):
                self.changes.pop((self._token(person), column), None)
            case TakenBack(person):
                self._forget_changes(self._token(person))

    def _forget_changes(self, token: str) -> None:
        """Forget what a reader's link was to change."""
        for column in ("email", "name", "lang"):
            self.changes.pop((token, column), None)

    def _keep_unverified(
        self, claim: Unverified, source: str
    ) -> Ignored | None:
        """Keep a claim for the editor, if it would change something."""
        token = self._token(claim.person)
        if not token:
            return Ignored.UNKNOWN
        complains = claim.kind is BounceKind.COMPLAINT
        if reason := self._why_settled(token, claim.day, complains=complains):
            return reason
        # Of several claims about a reader, a complaint counts.
        if complains or token not in self.unverified:
            self.unverified[token] = Reported(source, claim.verified)
        return None

    def was_suppressed(self, token: str) -> bool:
        """Whether a reader got no emails before this sync, and hasn't come back."""
        if token in self.restored:
            return False
        return self._facts.removals.find(token) is not None

    def _removal(self, token: str) -> Removal | None:
        """Return why a reader gets no emails, after the reports so far."""
        return self.complained.get(token) or self._removal_besides_complaint(
            token
        )

    def _removal_besides_complaint(self, token: str) -> Removal | None:
        """Return why a reader gets no emails even if complaints in the reports so far are fakes."""
        removal = self.left.get(token)
        if removal or token in self.restored:
            return removal
        return self._facts.removals.find(token)

    def _is_outdated(self, token: str, day: dt.date) -> bool:
        """Whether what happened on a day was before the reader's return."""
        # SendGrid's lists never forget who once unsubscribed: they also report readers who have come back since.
        return day.isoformat() < self._facts.removals.restored_on(token)

    def _why_settled(
        self, token: str, day: dt.date, *, complains: bool
    ) -> Ignored | None:
        """Return why it changes nothing that a reader left or complained on a day: it is known, or they
        have come back since. None if neither is so.
        """
        if self._is_outdated(token, day):
            return Ignored.OUTDATED
        is_known = self._is_known(token, complains=complains)
        return Ignored.KNOWN if is_known else None

    def _remove(self, wish: Left | Complained) -> Ignored | None:
        """Add that somebody wants no more mail."""
        token = self._token(wish.person)
        if not token:
            return Ignored.UNKNOWN
        complains = isinstance(wish, Complained)
        if reason := self._why_settled(token, wish.day, complains=complains):
            return reason
        self.joins.pop(token, None)
        day = wish.day.isoformat()
        if complains:
            self.complained[token] = Removal(day, COMPLAINT)
        else:
            self.left[token] = Removal(day, LEFT)
        return None

    def _is_known(self, token: str, *, complains: bool) -> bool:
        """Whether that somebody left or complained changes nothing."""
        if complains:
            # A complaint replaces any other reason: nobody who complained is subscribed again by a form.
            known = self._removal(token)
            return known is not None and known.is_complaint
        # An editor may take a new complaint for a fake: whoever left has left all the same.
        return self._removal_besides_complaint(token) is not None

    def _join(self, join: Joined) -> Ignored | None:
        token = token_of_address(join.address, self._facts.key)
        if not token:
            return Ignored.UNUSABLE
        if reason := why_kept_out(self._removal(token), join.day):
            return reason
        if token in self.left:
            self.withdrawn[token] = self.left.pop(token)
        self.reached[token] = join.day
        is_listed = token in self._readers
        if not is_listed:
            self.joins[token] = join
        if self._comes_back(token, join):
            self.restored[token] = join
            return None
        return Ignored.KNOWN if is_listed else None

    def _comes_back(self, token: str, join: Joined) -> bool:
        """Whether somebody who joins had left."""
        removals = self._facts.removals
        if removals.find(token):
            return True
        day = join.day.isoformat()
        if removals.restored_on(token) != day:
            return token in self.withdrawn
        # Although they were restored, the list may still lack what they chose.
        reader = self._readers.get(token)
        return reader is None or reader.value(JOINED) != day

    def _change(self, change: Changed) -> Ignored | None:
        token = self._token(change.person)
        reader = self._readers.get(token)
        if reader is None:
            return Ignored.UNKNOWN
        if token in self.fixed or token in self.replaced:
            return Ignored.FIXED
        if change.column == "email":
            reason = self._why_not_moved(token, change.value)
        else:
            is_same = reader.value(change.column) == change.value
            reason = Ignored.KNOWN if is_same else None
        if reason is None:
            self.changes[token, change.column] = change
        elif reason is Ignored.KNOWN:
            # They have changed their mind since an earlier report.
            self.changes.pop((token, change.column), None)
        return reason

    def _why_not_moved(self, token: str, address: str) -> Ignored | None:
        """Return why a reader's address stays; None if it changes."""
        new = token_of_address(address, self._facts.key)
        if new == token:
            return Ignored.KNOWN
        if not new or new in self._readers:
            return Ignored.UNUSABLE
        removal = self._removal(new)
        if removal and removal.is_complaint:
            return Ignored.COMPLAINED
        return None

    def _take_back(self, wish: TakenBack) -> Ignored | None:
        """Give a reader the earlier address back, as one more reader: whatever happened meanwhile to the
        other address doesn't concern them.
        """
        token = token_of_address(wish.address, self._facts.key)
        other = self._token(wish.person)
        replaced = self._readers.get(other)
        self.fixed.add(token)
        if replaced:
            self.replaced[other] = wish
        if token in self._readers:
            # Perhaps they were only told about a change that wasn't made yet.
            self._forget_changes(token)
            return Ignored.KNOWN
        columns = replaced.columns if replaced else {}
        self.taken_back[token] = Subscriber(
            wish.address, wish.name, wish.lang, columns
        )
        self._forget_changes(other)
        if replaced and self._removal(other) is None:
            self.left[other] = Removal(wish.day.isoformat(), TAKEN_BACK)
        return None

    def _send_link(self, address: str, reported: Reported) -> Ignored | None:
        token = token_of_address(address, self._facts.key)
        reader = self._readers.get(token)
        if reader is None:
            return Ignored.UNKNOWN
        removal = self._removal(token)
        if removal:
            complained = removal.is_complaint
            return Ignored.COMPLAINED if complained else Ignored.KNOWN
        return self._mail_once(self.links, token, reader, reported)

    def _take_asked_to_join(
        self, asked: AskedToJoin, reported: Reported
    ) -> Ignored | None:
        token = token_of_address(asked.address, self._facts.key)
        if not token:
            return Ignored.UNUSABLE
        removal = self._removal(token)
        if reason := why_kept_out(removal, asked.day):
            return reason
        if token in self._readers and not removal:
            return Ignored.KNOWN
        return self._mail_once(self.asked_to_join, token, asked, reported)

    def _mail_once(
        self,
        mails: dict[str, Addressee],
        token: str,
        addressee: Addressee,
        reported: Reported,
    ) -> Ignored | None:
        """Add somebody to `mails`, unless they got one today. If that isn't known, they wait for another
        day.
        """
        state = self._facts.mailed.state(token)
        if state is MailedState.MAILED:
            return Ignored.KNOWN
        if state is MailedState.BEGUN:
            self.postponed.add(reported)
        else:
            mails[token] = addressee
            self.asking[token].add(reported)
        return None

    def _take_returned(self, returned: Returned) -> Ignored | None:
        token = self._token(returned.person)
        if token not in self._readers and token not in self.joins:
            return Ignored.UNKNOWN
        if self._is_outdated(token, returned.day):
            return Ignored.OUTDATED
        if self.was_suppressed(token):
            return Ignored.KNOWN
        if returned.kind is BounceKind.REFUSED:
            self._count_refusal(token, returned.words)
        else:
            issue = issue_before(returned.day, self._facts.sent)
            self.returned.append(
                ReturnedEntry(token, returned.kind, issue, returned.day)
            )
        return None

    def _count_refusal(self, token: str, words: str) -> None:
        # A reader counts once, however many of their emails were refused, and in whatever words.
        if token not in self._refused:
            self._refused.add(token)
            join = self.joins.get(token)
            domain = (
                domain_of(join.address)
                if join
                else self._facts.listed.domain(token)
            )
            self.refusals[domain][words] += 1

    def _token(self, person: Person) -> str:
        listed = self._facts.listed
        token = listed.named(person, self._facts.key)
        # Whoever took an address back means it, and no longer the other one.
        return (
            token
            if token in self.taken_back
            else listed.moved.get(token, token)
        )
