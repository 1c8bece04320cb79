"""What a sync would change, in words for the editor: numbers and lines of the list, no addresses."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping

from briefing.text.counts import counted

from .failures import BOUNCED, FULL, UNREACHABLE
from .plan import COMPLAINT, LEFT, SyncPlan
from .reports import OpenMail, Person

MOST_LINES = 8
"""How many lines of the list are named beside one number."""
MOST_MAILS = 10
"""How many emails are listed."""
LONGEST_SUBJECT = 60

_ADDRESS = re.compile(r"\S*@\S*")
_REMOVALS = {
    LEFT: "unsubscribed",
    COMPLAINT: "reported an email as spam",
    BOUNCED: "unsubscribed: the address no longer exists",
    FULL: "unsubscribed: the mailbox was full for too long",
    UNREACHABLE: "unsubscribed: emails couldn't be delivered for too long",
}


Row = tuple[int, str]
"""How many readers, and what they did."""


def departures(plan: SyncPlan) -> Iterator[Row]:
    """Yield who is unsubscribed, a row for each reason."""
    for reason, words in _REMOVALS.items():
        tokens = [
            token
            for token, removal in plan.departures.items()
            if removal.reason == reason
        ]
        yield from _row(plan, tokens, words)


def list_changes(plan: SyncPlan) -> Iterator[Row]:
    """Yield what the editor is asked about, a row for each kind of change."""
    new = plan.joins.keys() - plan.restored.keys()
    yield from _row(plan, plan.restored, "came back")
    yield from _row(plan, new, "joined")
    yield from _row(plan, plan.languages, "chose another language")


def _row(plan: SyncPlan, tokens: Collection[str], text: str) -> Iterator[Row]:
    """Yield a row about readers, if there are any, with their lines in the list."""
    readers = plan.listed.readers
    numbers = sorted(
        readers[token].line for token in tokens if token in readers
    )
    if numbers:
        text = f"{text} ({_lines(numbers)})"
    if tokens:
        yield len(tokens), text


def _lines(numbers: list[int]) -> str:
    """Return `line 4`, or `lines 4, 17 and 3 others`."""
    shown = ", ".join(map(str, numbers[:MOST_LINES]))
    others = len(numbers) - MOST_LINES
    if others > 0:
        return f"lines {shown} and {counted(others, 'other')}"
    return f"line {shown}" if len(numbers) == 1 else f"lines {shown}"


def paragraphs(plan: SyncPlan) -> Iterator[str]:
    """Yield what else an editor should know."""
    if plan.unreached:
        stay = "stays" if len(plan.unreached) == 1 else "stay"
        yield f"{counted(len(plan.unreached), 'reader')} whose email was returned {stay} subscribed for now."
    if plan.unreadable:
        reasons = "; ".join(
            dict.fromkeys(each.reason for each in plan.unreadable)
        )
        yield (
            f"{counted(len(plan.unreadable), 'request')} from readers can't be opened here: {reasons}. They stay on "
            "the server until you sync on a computer with the right key, or give them up with --discard-unreadable."
        )
    if plan.ignored:
        parts = [f"{count:,} {why}" for why, count in plan.ignored.items()]
        yield f"Nothing to do for: {', '.join(parts)}."


def obsolete(plan: SyncPlan) -> Iterator[str]:
    """Yield a line for each request that only an editor can answer now."""
    for each in plan.obsolete:
        yield f"{each.day}: {_who(plan, each.person)} asked {each.wish}"


def open_mails(plan: SyncPlan) -> Iterator[str]:
    """Yield lines about emails that an editor must read, the newest first."""
    newest = sorted(plan.open_mails, key=lambda each: each.day, reverse=True)
    for each in newest[:MOST_MAILS]:
        yield f"{each.day}: {_subject(each)} ({_who(plan, each.person)})"
    others = len(newest) - MOST_MAILS
    if others > 0:
        yield f"and {counted(others, 'other')}"


def _subject(mail: OpenMail) -> str:
    """Return the subject in quotes, without addresses."""
    subject = _ADDRESS.sub("…", " ".join(mail.subject.split()))
    return f"“{subject[:LONGEST_SUBJECT]}”" if subject else "no subject"


def _who(plan: SyncPlan, person: Person) -> str:
    line = plan.listed.line(person)
    return f"the reader in line {line}" if line else "someone not on the list"


def as_json(plan: SyncPlan) -> Mapping[str, object]:
    """Return the numbers of a plan, for scripts."""
    return {
        "unsubscribed": Counter(
            removal.reason for removal in plan.departures.values()
        ),
        "restored": len(plan.restored),
        "joined": len(plan.joins.keys() - plan.restored.keys()),
        "languages": len(plan.languages),
        "waiting": len(plan.unreached),
        "unreadable": len(plan.unreadable),
        "obsolete": [*obsolete(plan)],
        "open_mails": [*open_mails(plan)],
        "ignored": plan.ignored,
        "many_left": plan.many_left or None,
    }
