"""Phrases that several commands share."""

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

from briefing.sending.ledger.schema import State
from briefing.text.counts import counted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from briefing.newsletter import Newsletter
    from briefing.rendering.rendered import RenderedIssue
    from briefing.sending.preflight.issue_status import NextStep
    from briefing.sending.progress import Waiting

OUTCOMES = {
    State.ACCEPTED: "accepted by the server",
    State.QUEUED: "not sent yet",
    State.SENDING: "being sent",
    State.DEFERRED: "deferred by the server",
    State.REJECTED: "rejected by the server",
    State.UNCERTAIN: "uncertain: handed over, but no answer came",
    State.RECALLED: "recalled before they went out",
    State.SKIPPED: "unsubscribed, or no longer on the list",
}
REHEARSED = {
    **OUTCOMES,
    State.ACCEPTED: "written",
    State.QUEUED: "not written",
}
_FIX_ADDRESSES = (
    "Correct a rejected address with 'briefing subscribers move --file -', or\n"
    "unsubscribe its reader with 'briefing subscribers remove --file -'."
)
UNDO = "'briefing subscribers undo' undoes this."
"""After a change of the list."""


def mails(count: int) -> str:
    return counted(count, "email")


def readers(count: int) -> str:
    return counted(count, "reader")


def sizes(editions: "Mapping[str, RenderedIssue]", budget: int) -> list[str]:
    """Return how close the email of each edition, by language, is to its limits: the one of Gmail and
    `[issue] budget`.
    """
    from briefing.rendering.size import CLIPPED, html_size, mail_size

    lines = []
    for lang, edition in editions.items():
        line = (
            f"HTML {_kilobytes(html_size(edition))} of {_kilobytes(CLIPPED)} KB (Gmail's limit), "
            f"email {_kilobytes(mail_size(edition))} of {_kilobytes(budget)} KB (budget)"
        )
        lines.append(f"{lang}: {line}" if len(editions) > 1 else line)
    return lines


def _kilobytes(size: int) -> int:
    """Return bytes as kilobytes, rounded up."""
    return -(-size // 1024)


def minutes(span: dt.timedelta) -> str:
    """Return a span in whole minutes."""
    count = span // dt.timedelta(minutes=1)
    return counted(count, "minute")


def duration(seconds: float) -> str:
    """Return a rounded duration."""
    if seconds < 90:
        return f"{max(round(seconds), 1)} s"
    if seconds < 5400:
        return f"{round(seconds / 60)} min"
    return f"{round(seconds / 3600)} h"


def short_date(date: dt.date, today: dt.date) -> str:
    """Return `09 Oct`, with the year unless it is this one."""
    return f"{date:%d %b}" if date.year == today.year else f"{date:%d %b %Y}"


def since(last: dt.date | None, today: dt.date) -> str:
    """Return ` since 09 Oct`, to continue a sentence; empty without a last day."""
    return f" since {short_date(last, today)}" if last else ""


def waiting(waiting: "Waiting") -> str:
    """Return what a send waits for, until when, and how to end it."""
    from briefing.sending.progress import Cause

    at = f"{waiting.until:%H:%M:%S}" if waiting.until else ""
    if waiting.cause is Cause.STOP:
        return (
            f"Stopping. Waiting for the server's answer to {mails(waiting.mails)}, for ten minutes at most; "
            "Ctrl-C again ends this at once and leaves them uncertain."
        )
    if waiting.cause is Cause.RETRY:
        return (
            f"{mails(waiting.mails)} deferred by the server; trying again at {at}. "
            "Ctrl-C stops, and the next send tries again."
        )
    return f"The server limits how fast it accepts emails ({waiting.words}); the next one goes out at {at}."


def via_option(newsletter: "Newsletter", via: str) -> str:
    """Return ` --via smtp`, to be typed where the settings name another way; else empty, also if the way
    isn't known.
    """
    usual = newsletter.settings.send.via
    return "" if via in {"", usual} else f" --via {via}"


def send_options(
    newsletter: "Newsletter", via: str, at: "dt.datetime | None"
) -> str:
    """Return the options that continue a send, to be typed after `briefing send ISSUE`.

    `at`: when the emails that are already scheduled go out.
    """
    if at is None:
        return via_option(newsletter, via)
    local = str(at.astimezone().replace(tzinfo=None)).removesuffix(":00")
    return f'{via_option(newsletter, via)} --at "{local}"'


def next_steps(
    issue: str,
    steps: "Iterable[NextStep]",
    remaining: int,
    options: str,
    *,
    are_named: bool = False,
) -> list[str]:
    """Return what an editor can do next, one text per step.

    `remaining`: emails that the next send hands over. `options`: see `send_options`. `are_named`:
    the readers in question are listed above.
    """
    from briefing.sending.preflight.issue_status import NextStep

    send = f"briefing send {issue}{options}"
    names = f"'briefing status {issue} --names'"
    who = "" if are_named else f"{names} lists them.\n"
    rejected = f"{names} lists the readers that the server rejected."
    if are_named:
        rejected = _FIX_ADDRESSES
    texts = {
        NextStep.CONTINUE: f"'{send}' sends {counted(remaining, 'more email')}.",
        NextStep.DECIDE_UNCERTAIN: (
            f"Readers whose delivery is uncertain may or may not have their email.\n{who}"
            f"Leave it at that, or count the emails as delivered:\n  'briefing send {issue} --mark-delivered'\n"
            f"or send to these readers again, and some may get it twice:\n  '{send} --resend-uncertain'"
        ),
        NextStep.FIX_REJECTED: (
            f"{rejected}\nTo try them again:\n  '{send} --retry-rejected'"
        ),
        NextStep.RESEND_RECALLED: (
            f"Recalled emails go out with the next '{send}'.\n"
            "If all of them were recalled, you can edit the issue before that."
        ),
    }
    return [texts[step] for step in steps]
