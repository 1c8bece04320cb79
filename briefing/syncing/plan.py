"""Decide what a sync changes, from what its sources report and what is known at home. No I/O.

`report_effects.py` goes through the reports; here it is decided which of their consequences need an
editor's answer first. With the same facts and reports the plan is the same. A plan that was carried
out partly leads to the same end when it is made again from the same reports.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from briefing.bounces.kinds import BounceKind
from briefing.keys import Key
from briefing.subscribers.moves import TokenMove
from briefing.subscribers.subscriber import Subscriber
from briefing.subscribers.suppression import Removal

from . import questions
from .history import PastSync, is_unusual
from .ignored import TAKEN_BACK
from .listed import token_of_address
from .questions import Question, Subject
from .report_effects import HomeFacts, Refusals, Reported, ReportEffects
from .reports import AskedToJoin, Changed, Joined, TakenBack
from .returned_mail import ReturnedEntry, by_token, has_lasted, merge

Name = TypeVar("Name")
Value = TypeVar("Value")

BOUNCED = "bounced"
FULL = "mailbox full"
UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True, repr=False)
class Notice:
    """What somebody must know who no longer gets the newsletter at their address."""

    reader: Subscriber
    """As they were."""
    move: TokenMove
    wish: Changed | TakenBack
    """The reader, or somebody with their link, changed the address; or the earlier one was taken back."""


@dataclass(frozen=True, kw_only=True)
class SyncPlan:
    """What a sync changes. `applying` carries it out."""

    removals: Mapping[str, Removal]
    """Readers to unsubscribe, by token."""
    withdrawn: Mapping[str, Removal] = field(default_factory=dict)
    """Wishes to leave that were taken back by joining again before they were carried out, by token."""
    restored: Mapping[str, Joined] = field(default_factory=dict)
    """Readers who left, and joined again by their own confirmed wish, by token."""
    joins: Mapping[str, Joined] = field(default_factory=dict)
    """People to add to the list, by the tokens that they will have."""
    changes: Mapping[tuple[str, str], Changed] = field(default_factory=dict)
    """New values in the list, by token and column."""
    taken_back: Mapping[str, Subscriber] = field(default_factory=dict)
    """Readers who get their earlier address back, as they will be on the list, by token."""
    fixed: Collection[str] = ()
    """Readers whose links change nothing any more, by their tokens."""
    notices: Sequence[Notice] = ()
    """Who gets an email before the list changes."""
    changing: frozenset[Reported] = frozenset()
    """What the changes of the list come from."""
    list_obstacle: str = ""
    """Why the list can't be changed now, and what to do; then the plan doesn't change it."""
    links: Mapping[str, Subscriber] = field(default_factory=dict)
    """Readers who get an email with their link, by token."""
    invited: Mapping[str, AskedToJoin] = field(default_factory=dict)
    """People who waited, and now get their confirmation email, by token."""
    asking: Mapping[str, Collection[Reported]] = field(default_factory=dict)
    """What asks for emails, by the tokens of those who get them."""
    returned: Sequence[ReturnedEntry] = ()
    """The record of returned mail, as it will be."""
    refusals: Refusals = field(default_factory=dict)
    """Providers that refuse our email: by domain, what they say, and to how many readers."""
    questions: Sequence[Question] = ()
    """What isn't done yet because nobody has answered."""
    waiting: frozenset[Reported] = frozenset()
    """What isn't done yet: the next sync gets it reported again."""
    ignored: Mapping[str, int] = field(default_factory=dict)
    """How many reports change nothing, by the reason (`ignored.Ignored`)."""
    others: Mapping[BounceKind, int] = field(default_factory=dict)
    """How many emails concern no reader, by what they are."""

    @property
    def numbers(self) -> Counter[str]:
        """How many readers are unsubscribed, by the reason."""
        return Counter(removal.reason for removal in self.removals.values())

    def without_list_changes(self, obstacle: str) -> "SyncPlan":
        """Return the plan without what changes the list, which waits because of an obstacle: whoever left and
        joined again has left until then, and gets no links.
        """
        links = self.links.keys() - self.withdrawn.keys()
        return replace(
            self,
            removals={**self.withdrawn, **self.removals},
            withdrawn={},
            restored={},
            joins={},
            changes={},
            taken_back={},
            notices=(),
            links=_only(self.links, links),
            list_obstacle=obstacle,
            waiting=self.waiting | self.changing,
        )

    @property
    def changes_list(self) -> bool:
        return bool(
            self.restored or self.joins or self.changes or self.taken_back
        )

    @property
    def changes_nothing(self) -> bool:
        others = self.removals or self.links or self.invited
        return not (self.changes_list or others)


def make(reported: Sequence[Reported], facts: HomeFacts) -> SyncPlan:
    """Return what a sync changes, given all that its sources report."""
    effects = ReportEffects(facts)
    for report in reported:
        effects.take(report)
    judge = _Judge(facts, effects)
    # First, since what an editor believes is counted with the rest.
    judge.take_unverified()
    joining = judge.joining()
    leaving = judge.leaving(joining)
    complaining = judge.allowed(Subject.COMPLAINTS, effects.complained)
    changes = judge.allowed(Subject.CHANGES, effects.changes)
    links = judge.allowed(Subject.LINKS, effects.links)
    invited = judge.invited()
    judge.give_up_unreadable()
    entries = merge([*facts.returned, *effects.returned], facts.today)
    settled = {**leaving, **complaining}
    open_entries = [entry for entry in entries if judge.is_open(entry, settled)]
    gone, returned = judge.gone(open_entries)
    removals = {**gone, **settled}
    restored = _only(effects.restored, joining)
    for token in restored.keys() & removals.keys():
        if facts.removals.find(token) == removals[token]:
            # All of it was carried out before.
            del restored[token], removals[token]
    # Whoever has left since asking for links gets no email.
    links = _only(links, links.keys() - removals.keys())
    joins = _only(effects.joins, joining)
    wishes = {*joins.values(), *restored.values(), *changes.values()}
    left_last = leaving.keys() & effects.left.keys()
    return SyncPlan(
        removals=removals,
        withdrawn=_only(effects.withdrawn, restored),
        restored=restored,
        joins=joins,
        changes=changes,
        taken_back=effects.taken_back,
        fixed=effects.fixed,
        notices=[
            *_moved_notices(changes, facts),
            *_undo_notices(effects, facts),
        ],
        changing=frozenset(
            each
            for each in reported
            if each.report in wishes or isinstance(each.report, TakenBack)
        ),
        links=links,
        invited=invited,
        asking=_only(effects.asking, {*links, *invited}),
        returned=returned,
        refusals=effects.refusals,
        questions=judge.questions,
        waiting=frozenset(
            _still_wanted(judge.waiting, left_last, facts.key)
            | effects.postponed
        ),
        ignored=effects.ignored,
        others=effects.others,
    )


def _still_wanted(
    waiting: Iterable[Reported], left: Collection[str], key: Key
) -> set[Reported]:
    """Return what waits without the joins of those who have left since: if only the join was reported
    again, its day wouldn't tell that they left after it.
    """
    return {
        each
        for each in waiting
        if not isinstance(each.report, Joined)
        or token_of_address(each.report.address, key) not in left
    }


def _moved_notices(
    changes: Mapping[tuple[str, str], Changed], facts: HomeFacts
) -> Iterator[Notice]:
    for (token, column), change in changes.items():
        if column == "email":
            reader = facts.listed.readers[token]
            new = token_of_address(change.value, facts.key)
            yield Notice(reader, TokenMove(token, new), change)


def _undo_notices(effects: ReportEffects, facts: HomeFacts) -> Iterator[Notice]:
    for token, wish in effects.replaced.items():
        # It was carried out before if their notice, or the list, had to wait.
        removal = effects.left.get(token) or facts.removals.find(token)
        complained = token in effects.complained
        if removal and removal.reason == TAKEN_BACK and not complained:
            reader = facts.listed.readers[token]
            yield Notice(reader, TokenMove(token, token), wish)


class _Judge:
    """Holds back what needs an editor's answer."""

    def __init__(self, facts: HomeFacts, effects: ReportEffects) -> None:
        self._facts = facts
        self._effects = effects
        self._listed = facts.listed.with_newcomers(effects.joins)
        self.questions: list[Question] = []
        self.waiting: set[Reported] = set()

    def allowed(
        self, subject: Subject, wanted: Mapping[Name, Value]
    ) -> Mapping[Name, Value]:
        """Return what was reported on a subject if its number is usual, or the editor agrees."""
        past = [_past_number(subject, sync) for sync in self._facts.past]
        total = self._facts.listed.total
        question = Question(subject, len(wanted))
        if is_unusual(len(wanted), past, total) and not self._ask(question):
            return {}
        return wanted

    def joining(self) -> Collection[str]:
        """Return the tokens of those who join, for the first time or again, if so many may."""
        effects = self._effects
        tokens = [*effects.joins, *effects.restored, *effects.withdrawn]
        return self.allowed(Subject.JOINS, dict.fromkeys(tokens))

    def leaving(self, joining: Collection[str]) -> Mapping[str, Removal]:
        """Return who leaves, if so many may, also if they joined again since but nobody believes that; and
        who loses an address that its owner takes back: the owner doesn't wait for an answer either.
        """
        left = {
            token: removal
            for token, removal in self._effects.withdrawn.items()
            if token not in joining
        } | self._effects.left
        losing = {
            token: removal
            for token, removal in left.items()
            if removal.reason == TAKEN_BACK
        }
        wishes = {
            token: removal
            for token, removal in left.items()
            if token not in losing
        }
        return {**self.allowed(Subject.DEPARTURES, wishes), **losing}

    def take_unverified(self) -> None:
        """Take what anybody could have written only if an editor agrees."""
        claims = list(self._effects.unverified.values())
        if claims and self._ask(Question(Subject.UNVERIFIED, len(claims))):
            for claimed in claims:
                self._effects.take(claimed)

    def invited(self) -> Mapping[str, AskedToJoin]:
        asked = self._effects.asked_to_join
        question = Question(Subject.QUEUED, len(asked))
        return asked if asked and self._ask(question) else {}

    def give_up_unreadable(self) -> None:
        """Ask whether to discard what no key opens. Another editor may have the key, so a “no” keeps it
        for them, like no answer.
        """
        unreadable = self._effects.unreadable
        # One question, as one answer is about all of them.
        question = Question(
            Subject.UNREADABLE,
            unreadable.total(),
            reason="; ".join(unreadable),
        )
        if unreadable and not self._facts.answers.decide(question.key):
            self._hold(question)

    def _ask(self, question: Question) -> bool:
        """Whether an editor agrees."""
        decision = self._facts.answers.decide(question.key)
        if decision is None:
            self._hold(question)
        return decision is True

    def _hold(self, question: Question) -> None:
        """Keep a question for the next sync, which gets reported again what it is about."""
        self.questions.append(question)
        self.waiting |= self._effects.reported[question.subject]

    def is_open(
        self, entry: ReturnedEntry, settled: Mapping[str, Removal]
    ) -> bool:
        """Whether a returned email can still lead to something: its reader is on the list, and gets
        mail, which hasn't reached them since.
        """
        reached = self._effects.reached.get(entry.token)
        return (
            entry.token in self._listed.readers
            and entry.token not in settled
            and not self._effects.was_suppressed(entry.token)
            and not (reached and entry.day <= reached)
        )

    def gone(
        self, entries: Sequence[ReturnedEntry]
    ) -> tuple[dict[str, Removal], list[ReturnedEntry]]:
        """Return the readers who can't be reached, to be unsubscribed, and the entries that stay."""
        listed = self._listed
        unreachable = dict(self._unreachable(entries))
        at_domain = Counter(map(listed.domain, unreachable))
        decisions: dict[str, bool | None] = {}
        for question in questions.brakes(at_domain, listed.at_domain):
            decision = self._facts.answers.decide(question.domain)
            decisions[question.domain] = decision
            if decision is None:
                # The readers stay in the record of returned mail, so nothing is reported again.
                self.questions.append(question)
        removals: dict[str, Removal] = {}
        settled: set[str] = set()
        for token, removal in unreachable.items():
            decision = decisions.get(listed.domain(token), True)
            if decision:
                removals[token] = removal
            if decision is not None:
                settled.add(token)
        kept = [entry for entry in entries if entry.token not in settled]
        return removals, kept

    def _unreachable(
        self, entries: Sequence[ReturnedEntry]
    ) -> Iterator[tuple[str, Removal]]:
        for token, own in by_token(entries).items():
            kinds = {entry.kind for entry in own}
            date = own[-1].day.isoformat()
            if BounceKind.DEAD in kinds:
                yield token, Removal(date, BOUNCED)
            elif has_lasted(own, self._facts.patience):
                is_full = own[-1].kind is BounceKind.FULL
                yield token, Removal(date, FULL if is_full else UNREACHABLE)


def _only(
    by_token: Mapping[str, Value], tokens: Collection[str]
) -> dict[str, Value]:
    return {
        token: value for token, value in by_token.items() if token in tokens
    }


def _past_number(subject: Subject, sync: PastSync) -> int:
    numbers = {
        Subject.DEPARTURES: sync.left,
        Subject.COMPLAINTS: sync.complaints,
        Subject.JOINS: sync.joined,
        Subject.CHANGES: sync.changed,
        Subject.LINKS: sync.links,
    }
    return numbers[subject]
