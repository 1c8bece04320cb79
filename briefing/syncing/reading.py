"""Go through what sources report, and work out what it means for each reader. No I/O."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from briefing.bounces.kinds import Kind
from briefing.keys import Key
from briefing.subscribers.subscriber import Subscriber
from briefing.subscribers.suppression import Removal

from .history import PastSync
from .listed import Listed, domain_of, token_of_address
from .mailed import State
from .questions import Answers, Subject
from .reports import (
    AskedForLink,
    Changed,
    Complained,
    Expired,
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
    Waiting,
)
from .returned_mail import Entry, Patience, issue_before

Refusals = Mapping[str, Mapping[str, int]]
"""By domain, what its server says, and to how many readers."""

LEFT = "left"
COMPLAINT = "complaint"
TAKEN_BACK = "address taken back"
LIFTED_BY_JOINING = frozenset(
    {LEFT, TAKEN_BACK, "asked", "bounced", "mailbox full", "unreachable"}
)
"""Reasons for which a reader is unsubscribed that end when they join again by their own wish."""


class Ignored(StrEnum):
    """Why a report changes nothing."""

    KNOWN = "known"
    """It was carried out before."""
    UNKNOWN = "unknown"
    """Nobody on the list is meant."""
    OUTDATED = "outdated"
    """It is older than the reader's return, or than their leaving."""
    COMPLAINED = "complained"
    """Somebody who reported a mail as spam wants to join or asks for a link."""
    KEPT_OUT = "kept out"
    """Somebody wants to join whom the editors have unsubscribed for a reason of their own."""
    UNUSABLE = "unusable"
    """The address isn't one, or another reader has it."""
    FIXED = "fixed"
    """Something is to be changed by the link of a reader who took an earlier change back."""
    UNPROVED = "unproved"
    """A mail that asks to leave doesn't prove who sent it."""


class Mailed(Protocol):
    """Who got a mail of their own today (`MailedToday`)."""

    def state(self, token: str) -> State | None:
        """Return what became of the mail to whoever has this token; None: there was none today."""


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
class Facts:
    """What is known at home when a sync begins."""

    today: dt.date
    key: Key
    listed: Listed
    removals: Removals
    mailed: Mailed
    fixed: Collection[str] = ()
    """Readers whose links change nothing any more, by their tokens."""
    returned: Sequence[Entry] = ()
    """The record of returned mail."""
    sent: Sequence[tuple[dt.date, str]] = ()
    """The issues that were sent, in the order of their dates."""
    patience: Patience
    past: Sequence[PastSync] = ()
    answers: Answers


class Reading:
    """What the reports mean. A later report about a reader replaces an earlier one."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self.left: dict[str, Removal] = {}
        self.complained: dict[str, Removal] = {}
        self.restored: dict[str, Joined] = {}
        self.joins: dict[str, Joined] = {}
        self.changes: dict[tuple[str, str], Changed] = {}
        self.links: dict[str, Subscriber] = {}
        self.waiting: dict[str, Waiting] = {}
        self.taken_back: dict[str, Subscriber] = {}
        """Readers who get their earlier address back, as they will be on the list, by token."""
        self.replaced: dict[str, Subscriber] = {}
        """Those who then no longer get the newsletter in their place."""
        self.reached: dict[str, dt.date] = {}
        """When people confirmed that they wish to join: mail reached them then."""
        self.entries: list[Entry] = []
        self.refusals: dict[str, Counter[str]] = defaultdict(Counter)
        self.unreadable: Counter[str] = Counter()
        """Requests that can't be opened, by the reason."""
        self.postponed: set[str] = set()
        """Sources with something that can be done only on another day."""
        self.unverified: dict[str, Reported] = {}
        """What mails that anybody could have written say of readers who get mail, by token."""
        self.ignored: Counter[str] = Counter()
        self.others: Counter[Kind] = Counter()
        self.sources: dict[Subject, set[str]] = defaultdict(set)
        self._refused: set[tuple[str, str]] = set()

    def take(self, reported: Reported) -> None:
        """Add a report; the reports of one day come in the order in which things happened."""
        source = reported.source
        match reported.report:
            case Left() | Complained() as wish:
                self._take_wish(source, wish)
            case Returned() as returned:
                self._take_returned(returned)
            case Joined() as join:
                self.sources[Subject.JOINS].add(source)
                self._join(join)
            case Changed() | TakenBack() as change:
                self.sources[Subject.CHANGES].add(source)
                self._take_change(change)
            case AskedForLink(address):
                self.sources[Subject.LINKS].add(source)
                self._send_link(address, source)
            case Waiting() as waiting:
                self.sources[Subject.QUEUED].add(source)
                self._keep_waiting(waiting, source)
            case Unreadable(_, reason):
                self.sources[Subject.UNREADABLE].add(source)
                self.unreadable[reason] += 1
            case Unverified() as claim:
                self._keep_unverified(claim, source)
            case Unconcerned() | Unproved() | Expired() as other:
                self._count(other)

    def _count(self, other: Unconcerned | Unproved | Expired) -> None:
        """Count what nothing follows from."""
        if isinstance(other, Unconcerned):
            self.others[other.kind] += 1
        else:
            is_late = isinstance(other, Expired)
            reason = Ignored.OUTDATED if is_late else Ignored.UNPROVED
            self.ignored[reason] += 1

    def _keep_unverified(self, claim: Unverified, source: str) -> None:
        """Keep a claim for the editor, if it would change something."""
        self.sources[Subject.UNVERIFIED].add(source)
        token = self._token(claim.person)
        if not token:
            self.ignored[Ignored.UNKNOWN] += 1
        elif self.is_suppressed(token):
            self.ignored[Ignored.KNOWN] += 1
        elif claim.day.isoformat() < self._facts.removals.restored_on(token):
            self.ignored[Ignored.OUTDATED] += 1
        elif claim.kind is Kind.COMPLAINT or token not in self.unverified:
            self.unverified[token] = Reported(source, claim.verified)

    def _take_wish(self, source: str, wish: Left | Complained) -> None:
        """Add that somebody wants no more mail."""
        complains = isinstance(wish, Complained)
        subject = Subject.COMPLAINTS if complains else Subject.DEPARTURES
        self.sources[subject].add(source)
        reason = COMPLAINT if complains else LEFT
        self._remove(wish.person, Removal(wish.day.isoformat(), reason))

    def is_suppressed(self, token: str) -> bool:
        return self._removal(token) is not None

    def _removal(self, token: str) -> Removal | None:
        """Return why a reader gets no mail, after the reports so far."""
        removal = self.complained.get(token) or self.left.get(token)
        if removal or token in self.restored:
            return removal
        return self._facts.removals.find(token)

    def _remove(self, person: Person, removal: Removal) -> None:
        token = self._token(person)
        if not token:
            self.ignored[Ignored.UNKNOWN] += 1
            return
        if removal.date < self._facts.removals.restored_on(token):
            self.ignored[Ignored.OUTDATED] += 1
            return
        known = self._removal(token)
        if known and (known.is_complaint or not removal.is_complaint):
            self.ignored[Ignored.KNOWN] += 1
            return
        self.joins.pop(token, None)
        self.left.pop(token, None)
        wanted = self.complained if removal.is_complaint else self.left
        wanted[token] = removal

    def _join(self, join: Joined) -> None:
        token = token_of_address(join.address, self._facts.key)
        if not token:
            self.ignored[Ignored.UNUSABLE] += 1
            return
        removal = self._removal(token)
        if removal and (reason := _why_kept_out(removal, join.day)):
            self.ignored[reason] += 1
            return
        self.left.pop(token, None)
        self.reached[token] = join.day
        removals = self._facts.removals
        # Although they were restored, the list may still lack what they chose.
        was_restored = removals.restored_on(token) == join.day.isoformat()
        if removals.find(token) or was_restored:
            self.restored[token] = join
        elif token in self._facts.listed.readers:
            self.ignored[Ignored.KNOWN] += 1
        if token not in self._facts.listed.readers:
            self.joins[token] = join

    def _take_change(self, change: Changed | TakenBack) -> None:
        if isinstance(change, TakenBack):
            self._take_back(change)
        else:
            self._change(change)

    def _change(self, change: Changed) -> None:
        token = self._token(change.person)
        reader = self._facts.listed.readers.get(token)
        if reader is None:
            self.ignored[Ignored.UNKNOWN] += 1
            return
        if token in self._facts.fixed or token in self.replaced:
            self.ignored[Ignored.FIXED] += 1
            return
        value = change.value
        if change.column == "email":
            if reason := self._why_not_moved(token, value):
                self.ignored[reason] += 1
                return
        elif reader.value(change.column).lower() == value.lower():
            self.ignored[Ignored.KNOWN] += 1
            return
        self.changes[token, change.column] = change

    def _why_not_moved(self, token: str, address: str) -> Ignored | None:
        """Return why a reader's address stays; None if it changes."""
        new = token_of_address(address, self._facts.key)
        if new == token:
            return Ignored.KNOWN
        if not new or new in self._facts.listed.readers:
            return Ignored.UNUSABLE
        removal = self._removal(new)
        if removal and removal.is_complaint:
            return Ignored.COMPLAINED
        return None

    def _take_back(self, wish: TakenBack) -> None:
        """Give a reader the earlier address back, as one more reader: whatever happened meanwhile to the
        other address doesn't concern them.
        """
        token = token_of_address(wish.address, self._facts.key)
        if token in self._facts.listed.readers:
            self.ignored[Ignored.KNOWN] += 1
            return
        other = self._token(wish.person)
        replaced = self._facts.listed.readers.get(other)
        columns = replaced.columns if replaced else {}
        self.taken_back[token] = Subscriber(
            wish.address, wish.name, wish.lang, columns
        )
        if replaced is None:
            return
        self.replaced[other] = replaced
        for column in ("email", "name", "lang"):
            self.changes.pop((other, column), None)
        if not self.is_suppressed(other):
            self.left[other] = Removal(wish.day.isoformat(), TAKEN_BACK)

    def _send_link(self, address: str, source: str) -> None:
        token = token_of_address(address, self._facts.key)
        reader = self._facts.listed.readers.get(token)
        removal = self._removal(token) if token else None
        if reader is None:
            self.ignored[Ignored.UNKNOWN] += 1
        elif removal:
            complained = removal.is_complaint
            reason = Ignored.COMPLAINED if complained else Ignored.KNOWN
            self.ignored[reason] += 1
        elif not self._was_mailed(token, source):
            self.links[token] = reader

    def _was_mailed(self, token: str, source: str) -> bool:
        """Whether somebody got a mail today, or perhaps; then the source is read again on another
        day.
        """
        state = self._facts.mailed.state(token)
        if state is State.BEGUN:
            self.postponed.add(source)
        elif state:
            self.ignored[Ignored.KNOWN] += 1
        return state is not None

    def _keep_waiting(self, waiting: Waiting, source: str) -> None:
        token = token_of_address(waiting.address, self._facts.key)
        if not token:
            self.ignored[Ignored.UNUSABLE] += 1
            return
        removal = self._removal(token)
        if removal and (reason := _why_kept_out(removal, waiting.day)):
            self.ignored[reason] += 1
        elif token in self._facts.listed.readers and not removal:
            self.ignored[Ignored.KNOWN] += 1
        elif not self._was_mailed(token, source):
            self.waiting[token] = waiting

    def _take_returned(self, returned: Returned) -> None:
        token = self._token(returned.person)
        is_reader = token in self._facts.listed.readers or token in self.joins
        if not is_reader:
            self.ignored[Ignored.UNKNOWN] += 1
        elif self.is_suppressed(token):
            self.ignored[Ignored.KNOWN] += 1
        elif returned.day.isoformat() < self._facts.removals.restored_on(token):
            self.ignored[Ignored.OUTDATED] += 1
        elif returned.kind is Kind.REFUSED:
            self._count_refusal(token, returned.words)
        else:
            issue = issue_before(returned.day, self._facts.sent)
            self.entries.append(
                Entry(token, returned.kind, issue, returned.day)
            )

    def _count_refusal(self, token: str, words: str) -> None:
        if (token, words) not in self._refused:
            self._refused.add((token, words))
            join = self.joins.get(token)
            domain = (
                domain_of(join.address)
                if join
                else self._facts.listed.domain(token)
            )
            self.refusals[domain][words] += 1

    def _token(self, person: Person) -> str:
        return self._facts.listed.token(person, self._facts.key)


def _why_kept_out(removal: Removal, day: dt.date) -> Ignored | None:
    """Return why an unsubscribed person who asks to join stays unsubscribed; None if they come back."""
    if removal.is_complaint:
        return Ignored.COMPLAINED
    if removal.reason not in LIFTED_BY_JOINING:
        return Ignored.KEPT_OUT
    if removal.date > day.isoformat():
        return Ignored.OUTDATED
    return None
