"""What a sync would change, in words for the editor: numbers and lines of the list, no addresses."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from briefing.bounces.kinds import Kind
from briefing.counts import counted

from .listed import Listed
from .plan import BOUNCED, FULL, UNREACHABLE, SyncPlan
from .questions import Question, Subject
from .reading import COMPLAINT, LEFT, Ignored
from .refusals import advice

MOST_LINES = 8
"""Lines of the list that are named for one number."""

_REMOVALS = {
    LEFT: ("left", "left"),
    COMPLAINT: ("reported a mail as spam", "reported a mail as spam"),
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
_IGNORED = {
    Ignored.KNOWN: "known already",
    Ignored.UNKNOWN: "about somebody who isn't on the list",
    Ignored.OUTDATED: "older than what is known",
    Ignored.COMPLAINED: "from people who reported a mail as spam",
    Ignored.KEPT_OUT: "from people whom you unsubscribed for a reason of your own",
    Ignored.FIXED: "from readers who took an earlier change back: make it yourself if they ask you",
    Ignored.UNUSABLE: "with an unusable address",
}
_OTHERS = {
    Kind.AUTOMATIC: "sent automatically",
    Kind.OTHER: "without a clear meaning",
}
_QUESTIONS = {
    Subject.DEPARTURES: "{number:,} readers left at once, which is unusual. "
    "If you didn't expect that, somebody may have made it up.",
    Subject.COMPLAINTS: "{number:,} complaints came at once, which is unusual. "
    "If you didn't expect that, somebody may have made them up.",
    Subject.JOINS: "{number:,} people joined at once, which is unusual. "
    "If you didn't expect that, a program may have filled in the form.",
    Subject.CHANGES: "{number:,} changes came at once, which is unusual. "
    "If you didn't expect that, somebody may have made them up.",
    Subject.LINKS: "{number:,} people asked for their links at once, which is unusual. "
    "If you didn't expect that, a program may have typed their addresses.",
    Subject.DEAD: "{number:,} of {readers:,} addresses at {domain} are said to be dead. "
    "So many at once is rare; a server that is out of order says the same.",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the summary."""

    number: int
    text: str
    lines: str = ""
    """Where these readers are on the list."""


def rows(plan: SyncPlan, listed: Listed) -> Iterator[Row]:
    """Yield what a plan changes, a row for each kind of change."""
    for reason, (singular, plural) in _REMOVALS.items():
        tokens = [
            token
            for token, removal in plan.removals.items()
            if removal.reason == reason
        ]
        yield _row(tokens, f"reader {singular}", f"readers {plural}", listed)
    back = plan.restored.keys() - plan.removals.keys()
    yield _row(back, "reader comes back", "readers come back", listed)
    new = plan.joins.keys() - plan.restored.keys()
    yield _row(new, "new reader", "new readers", listed)
    for column, what in (
        ("email", "address"),
        ("lang", "language"),
        ("name", "name"),
    ):
        changed = [token for token, name in plan.changes if name == column]
        yield _row(
            changed,
            f"reader changed their {what}",
            f"readers changed their {what}",
            listed,
        )
    yield _row(
        plan.taken_back.keys(),
        "reader took back a change of their address",
        "readers took back a change of their address",
        listed,
    )
    yield _row(
        plan.links.keys(),
        "reader gets a mail with their link",
        "readers get a mail with their link",
        listed,
    )
    yield _row(
        plan.invited.keys(),
        "person gets a confirmation mail",
        "people get a confirmation mail",
        listed,
    )


def paragraphs(plan: SyncPlan) -> Iterator[str]:
    """Yield what else an editor should know."""
    yield from _refusals(plan)
    yield from _waiting(plan)
    yield from _to_read(plan)
    yield from _ignored(plan)


def _refusals(plan: SyncPlan) -> Iterator[str]:
    """Yield a paragraph for each provider that refuses our mail."""
    for domain, words in sorted(
        plan.refusals.items(), key=lambda item: -sum(item[1].values())
    ):
        said = max(words, key=lambda text: words[text])
        readers = counted(sum(words.values()), "reader")
        yield (
            f"{domain} refuses your mail to {readers}; they stay on the list. It says: “{said}”. "
            f"{advice(said)}"
        )


def describe_question(question: Question) -> str:
    """Return a question's facts, without what to do."""
    if question.subject is Subject.UNREADABLE:
        requests = counted(question.number, "request")
        return f"{requests} from readers can't be opened here: {question.reason}. They stay on the server."
    if question.subject is Subject.UNVERIFIED:
        readers = counted(question.number, "reader")
        return (
            f"According to returned mail, {readers} complained or can't be reached any more. "
            "Anybody could have written it: it names them only by address, without their token."
        )
    if question.subject is Subject.QUEUED:
        number = question.number
        people = "1 person" if number == 1 else f"{number:,} people"
        return f"{people} filled in the form while it was closed. It closes by itself if many ask at once."
    return _QUESTIONS[question.subject].format(
        number=question.number,
        readers=question.readers,
        domain=question.domain,
    )


def ask(question: Question) -> str:
    """Return the question itself."""
    if question.subject in {Subject.DEAD, Subject.UNVERIFIED}:
        return "Unsubscribe these readers?"
    if question.subject is Subject.QUEUED:
        return "Send them a confirmation mail?"
    if question.subject is Subject.UNREADABLE:
        return "Give them up?"
    return "Carry them out?"


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
    """Yield a sentence about mails that somebody must read, since they may come from readers who want to
    leave.
    """
    unproved, other = (
        plan.ignored.get(Ignored.UNPROVED),
        plan.others.get(Kind.NONE),
    )
    parts: list[str] = []
    if unproved:
        ask, them = ("asks", "it") if unproved == 1 else ("ask", "them")
        parts.append(
            f"{counted(unproved, 'mail')} {ask} to leave, but without proof of who sent {them}"
        )
    if other:
        say = "says" if other == 1 else "say"
        parts.append(
            f"{counted(other, 'mail')} {say} something else, or the same in other words"
        )
    if parts:
        yield f"Look in the mailbox yourself: {'; '.join(parts)}."


def _waiting(plan: SyncPlan) -> Iterator[str]:
    """Yield a sentence about readers whose mail came back, and who stay for now."""
    waiting = {entry.token for entry in plan.returned}
    if waiting:
        stay = "stays" if len(waiting) == 1 else "stay"
        yield f"{counted(len(waiting), 'reader')} whose mail came back {stay} subscribed for now."


def _row(
    tokens: Collection[str], singular: str, plural: str, listed: Listed
) -> Row:
    text = singular if len(tokens) == 1 else plural
    numbers = sorted(
        listed.readers[token].row for token in tokens if token in listed.readers
    )
    return Row(len(tokens), text, _lines(numbers))


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
        "taken_back": len(plan.taken_back),
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
