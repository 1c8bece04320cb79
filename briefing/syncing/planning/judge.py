"""Decide which consequences of reports need an editor's answer first. No I/O."""

from collections import Counter
from collections.abc import (
    Container,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)

from briefing.bounces.kinds import BounceKind
from briefing.subscribers.suppression import Removal
from briefing.syncing.records.history import PastSync, is_unusual
from briefing.syncing.records.returned_mail import (
    ReturnedEntry,
    by_token,
    has_lasted,
)
from briefing.syncing.reports import AskedToJoin, Reported

from .facts import HomeFacts
from .questions import Question, Subject, about_dead
from .reasons import BOUNCED, FULL, MOVE_UNDONE, UNREACHABLE
from .report_effects import ReportEffects
from .selecting import Name, Value, without


class Judge:
    """Holds back what needs an editor's answer."""

    def __init__(self, facts: HomeFacts, effects: ReportEffects) -> None:
        self._facts = facts
        self._effects = effects
        self._listed = facts.listed.with_newcomers(effects.subscriptions.joins)
        self.questions: list[Question] = []
        self.waiting: set[Reported] = set()

    def allowed(
        self, subject: Subject, wanted: Mapping[Name, Value]
    ) -> Mapping[Name, Value]:
        """Return what is `wanted` if there is no more of it than usual, or if the editor agrees."""
        past = [_past_number(subject, sync) for sync in self._facts.past]
        total = self._facts.listed.total
        question = Question(subject, len(wanted))
        if is_unusual(len(wanted), past, total) and not self._decide(question):
            return {}
        return wanted

    def joining(self) -> Container[str]:
        """Return those who join, for the first time or again, by token, if so many may."""
        wishes = self._effects.subscriptions
        tokens = [*wishes.joins, *wishes.restored, *wishes.withdrawn]
        return self.allowed(Subject.JOINS, dict.fromkeys(tokens))

    def leaving(self, joining: Container[str]) -> Mapping[str, Removal]:
        """Return who leaves, if so many may, including those who joined again if no one believes that. Those
        who lose an address because its owner undid the change don't wait for an answer: nor does the owner.
        """
        subscriptions = self._effects.subscriptions
        left = without(subscriptions.withdrawn, joining) | subscriptions.left
        losing = {
            token: removal
            for token, removal in left.items()
            if removal.reason == MOVE_UNDONE
        }
        wishes = without(left, losing)
        return {**self.allowed(Subject.DEPARTURES, wishes), **losing}

    def take_unverified(self) -> None:
        """Believe what anyone could have written, if an editor does."""
        claims = list(self._effects.unverified.values())
        if claims and self._decide(Question(Subject.UNVERIFIED, len(claims))):
            for claimed in claims:
                self._effects.add(claimed)

    def invited(self) -> Mapping[str, AskedToJoin]:
        asked = self._effects.mail.asked_to_join
        question = Question(Subject.QUEUED, len(asked))
        return asked if asked and self._decide(question) else {}

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

    def unreachable(
        self, entries: Sequence[ReturnedEntry], settled: Container[str]
    ) -> tuple[dict[str, Removal], list[ReturnedEntry]]:
        """Return the readers who can't be reached, to be unsubscribed, and the entries that stay. Those who
        leave anyway are `settled`, and those who move to another address may be reached there.
        """
        still_open = [
            entry
            for entry in entries
            if entry.token not in settled and self._is_open(entry)
        ]
        unreachable = {
            token: removal
            for token, removal in self._unreachable(still_open)
            if (token, "email") not in self._effects.rows.changes
        }
        decided = self._decisions_about_dead(unreachable)
        removals = {
            token: removal
            for token, removal in unreachable.items()
            if decided[token]
        }
        kept = [
            entry for entry in still_open if decided.get(entry.token) is None
        ]
        return removals, kept

    def _decisions_about_dead(
        self, tokens: Iterable[str]
    ) -> Mapping[str, bool | None]:
        """Return whether to unsubscribe readers, by token; None: not decided yet."""
        domains = {token: self._listed.domain(token) for token in tokens}
        numbers = Counter(domains.values())
        decisions = {
            question.domain: self._decide(question)
            for question in about_dead(numbers, self._listed.at_domain)
        }
        return {
            token: decisions.get(domain, True)
            for token, domain in domains.items()
        }

    def _decide(self, question: Question) -> bool | None:
        """Return what an editor has decided. Without an answer, the question is kept."""
        decision = self._facts.answers.decide(question.key)
        if decision is None:
            self._hold(question)
        return decision

    def _hold(self, question: Question) -> None:
        """Keep a question for the next sync, for which its reports wait."""
        self.questions.append(question)
        self.waiting |= self._effects.reported[question.subject]

    def _is_open(self, entry: ReturnedEntry) -> bool:
        """Whether a returned email can still lead to something: its reader is on the list and gets emails,
        and none has reached them since.
        """
        subscriptions = self._effects.subscriptions
        reached = subscriptions.reached.get(entry.token)
        return (
            entry.token in self._listed.readers
            and not subscriptions.was_suppressed(entry.token)
            and not (reached and entry.day <= reached)
        )

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


def _past_number(subject: Subject, sync: PastSync) -> int:
    numbers = {
        Subject.DEPARTURES: sync.left,
        Subject.COMPLAINTS: sync.complaints,
        Subject.JOINS: sync.joined,
        Subject.CHANGES: sync.changed,
        Subject.LINKS: sync.links,
    }
    return numbers[subject]
