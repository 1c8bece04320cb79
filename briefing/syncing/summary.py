"""What a sync would change, in words for the editor: numbers and lines of the list, no addresses."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from briefing.bounces.kinds import BounceKind
from briefing.text.counts import counted

from .planning.listed import Listed
from .planning.plan import SyncPlan
from .planning.questions import Question, Subject
from .planning.reasons import (
    BOUNCED,
    COMPLAINT,
    FULL,
    LEFT,
    UNREACHABLE,
    Ignored,
)
from .refusals import advice

MOST_LINES = 8
"""How many lines of the list are named beside one number."""

_REMOVALS = {
    LEFT: ("unsubscribed", "unsubscribed"),
    COMPLAINT: ("reported an email as spam", "reported an email as spam"),
    BOUNCED: (
        "has an address that no longer exists",
        "have addresses that no longer exist",
    ),
    FULL: (
        "has had a full mailbox for too long",
        "have had full mailboxes for too long",
    ),
    UNREACHABLE: (
        "couldn't be reached for too long",
        "couldn't be reached for too long",
    ),
}
_COLUMNS = {"email": "address", "lang": "language", "name": "name"}
_IGNORED = {
    Ignored.KNOWN: "known already",
    Ignored.UNKNOWN: "about someone who isn't on the list",
    Ignored.OUTDATED: "older than what is known",
    Ignored.COMPLAINED: "from people who reported an email as spam",
    Ignored.KEPT_OUT: "from people you unsubscribed for a reason of your own",
    Ignored.FIXED: "from readers who undid an earlier change: make it yourself if they ask you",
    Ignored.UNUSABLE: "with an address that is invalid or already on the list",
}
_OTHERS = {
    BounceKind.AUTOMATIC: "sent automatically",
    BounceKind.OTHER: "without a clear meaning",
}
_UNUSUAL = "at the same time, which is unusual. If you didn't expect that, "
_QUESTIONS = {
    Subject.DEPARTURES: "{number:,} readers unsubscribed "
    f"{_UNUSUAL}someone may have faked it.",
    Subject.COMPLAINTS: "{number:,} complaints came "
    f"{_UNUSUAL}someone may have faked them.",
    Subject.JOINS: "{number:,} people joined "
    f"{_UNUSUAL}a program may have filled in the form.",
    Subject.CHANGES: "{number:,} changes came "
    f"{_UNUSUAL}someone may have faked them.",
    Subject.LINKS: "{number:,} people asked for their links "
    f"{_UNUSUAL}a program may have typed their addresses.",
    Subject.DEAD: "{number:,} of {readers:,} addresses at {domain} are said to no longer exist. "
    "So many at the same time is rare; a faulty server can report the same.",
    Subject.UNVERIFIED: "According to returned mail and complaints, {counted_readers} complained or can't be reached "
    "any more. Anyone could have written that: it names them only by address, without their token.",
    Subject.QUEUED: "{people} filled in the form while it was closed. "
    "It closes by itself if many people ask at the same time.",
    Subject.UNREADABLE: "{requests} from readers can't be opened here: {reason}. They stay on the server until you "
    "sync on a computer with the right key. Accepting discards them for good; rejecting keeps them, and the next sync "
    "asks again.",
}
_UNSUBSCRIBE = "Unsubscribe these readers?"
_ASKED = {
    Subject.DEPARTURES: _UNSUBSCRIBE,
    Subject.COMPLAINTS: _UNSUBSCRIBE,
    Subject.JOINS: "Add these people to the list?",
    Subject.CHANGES: "Make these changes?",
    Subject.LINKS: "Send them an email with their links?",
    Subject.DEAD: _UNSUBSCRIBE,
    Subject.UNVERIFIED: _UNSUBSCRIBE,
    Subject.QUEUED: "Send them a confirmation email?",
    Subject.UNREADABLE: "Discard these requests for good?",
}


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of the summary."""

    number: int
    text: str
    lines: str = ""
    """Where these readers are on the list."""


def rows(plan: SyncPlan, listed: Listed) -> Iterator[_Row]:
    """Yield what a plan changes, a row for each kind of change."""
    for tokens, singular, plural in _changes(plan):
        text = singular if len(tokens) == 1 else plural
        numbers = sorted(
            listed.readers[token].line
            for token in tokens
            if token in listed.readers
        )
        yield _Row(len(tokens), text, _lines(numbers))


def _changes(plan: SyncPlan) -> Iterator[tuple[Collection[str], str, str]]:
    """Yield readers, by their tokens, and what is said of them, in the singular and the plural."""
    for reason, (singular, plural) in _REMOVALS.items():
        removed = [
            token
            for token, removal in plan.removals.items()
            if removal.reason == reason
        ]
        yield removed, f"reader {singular}", f"readers {plural}"
    back = plan.restored.keys() - plan.removals.keys()
    yield back, "reader came back", "readers came back"
    new = plan.joins.keys() - plan.restored.keys()
    yield new, "new reader", "new readers"
    for column, what in _COLUMNS.items():
        changed = [token for token, name in plan.changes if name == column]
        changed_what = f"changed their {what}"
        yield changed, f"reader {changed_what}", f"readers {changed_what}"
    yield (
        plan.moved_back,
        "reader undid a change of their address",
        "readers undid a change of their address",
    )
    yield (
        plan.links,
        "reader asked for an email with their links",
        "readers asked for an email with their links",
    )
    yield (
        plan.invited,
        "person asked to join, and gets a confirmation email",
        "people asked to join, and get a confirmation email",
    )


def paragraphs(plan: SyncPlan) -> Iterator[str]:
    """Yield what else an editor should know."""
    yield from _refusals(plan)
    yield from _waiting(plan)
    yield from _to_read(plan)
    yield from _ignored(plan)


def _refusals(plan: SyncPlan) -> Iterator[str]:
    """Yield a paragraph for each provider that refuses our email."""
    for domain, words in sorted(
        plan.refusals.items(), key=lambda item: -sum(item[1].values())
    ):
        said = max(words, key=lambda text: words[text])
        readers = counted(sum(words.values()), "reader")
        why = f"It says: “{said}”." if said else "It gives no reason."
        yield (
            f"{domain} rejects your email to {readers}; they stay on the list. {why} "
            f"{advice(said)}"
        )


def describe_question(question: Question) -> str:
    """Return a question's facts, without what to do."""
    number = question.number
    return _QUESTIONS[question.subject].format(
        number=number,
        readers=question.readers,
        domain=question.domain,
        reason=question.reason,
        counted_readers=counted(number, "reader"),
        people="1 person" if number == 1 else f"{number:,} people",
        requests=counted(number, "request"),
    )


def ask(question: Question) -> str:
    """Return the question itself."""
    return _ASKED[question.subject]


def _ignored(plan: SyncPlan) -> Iterator[str]:
    """Yield a sentence about reports that change nothing."""
    parts = [
        f"{plan.ignored[reason]:,} {words}"
        for reason, words in _IGNORED.items()
        if plan.ignored.get(reason)
    ]
    parts += [
        f"{plan.others[kind]:,} {words}"
        for kind, words in _OTHERS.items()
        if plan.others.get(kind)
    ]
    if parts:
        yield f"Nothing to do for: {', '.join(parts)}."


def _to_read(plan: SyncPlan) -> Iterator[str]:
    """Yield a sentence about emails that an editor must read, since they may come from readers who want to
    leave.
    """
    unproved = plan.ignored.get(Ignored.UNPROVED)
    other = plan.others.get(BounceKind.NONE)
    parts: list[str] = []
    if unproved:
        them = "it" if unproved == 1 else "them"
        parts.append(
            f"{counted(unproved, 'request')} to be unsubscribed, without proof of who sent {them}"
        )
    if other:
        parts.append(f"{counted(other, 'email')} that couldn't be understood")
    if parts:
        yield f"Read these in the mailbox yourself: {'; '.join(parts)}."


def _waiting(plan: SyncPlan) -> Iterator[str]:
    """Yield a sentence about readers whose email came back, and who stay for now."""
    waiting = {entry.token for entry in plan.returned}
    if waiting:
        stay = "stays" if len(waiting) == 1 else "stay"
        yield f"{counted(len(waiting), 'reader')} whose email was returned {stay} subscribed for now."


def _lines(numbers: list[int]) -> str:
    """Return `line 4`, or `lines 4, 17 and 3 others`."""
    shown = ", ".join(map(str, numbers[:MOST_LINES]))
    others = len(numbers) - MOST_LINES
    if not numbers:
        return ""
    if others > 0:
        return f"lines {shown} and {counted(others, 'other')}"
    return f"line {shown}" if len(numbers) == 1 else f"lines {shown}"


def as_json(plan: SyncPlan) -> Mapping[str, object]:
    """Return the numbers of a plan, for scripts."""
    return {
        "unsubscribed": plan.numbers,
        "restored": len(plan.restored),
        "joined": len(plan.joins.keys() - plan.restored.keys()),
        "changed": len(plan.changes),
        "taken_back": len(plan.moved_back),
        "links": len(plan.links),
        "invited": len(plan.invited),
        "waiting": len({entry.token for entry in plan.returned}),
        "refused": plan.refusals,
        "questions": [
            {
                "key": question.key,
                "subject": question.subject,
                "number": question.number,
                "readers": question.readers,
            }
            for question in plan.questions
        ],
        "ignored": plan.ignored,
        "others": plan.others,
    }
