"""Phrases that several commands share."""

import datetime as dt
from typing import TYPE_CHECKING

from briefing.sending.ledger.schema import State
from briefing.text.counts import counted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from briefing.newsletter import Newsletter
    from briefing.rendering.rendered import RenderedIssue
    from briefing.sending.issue_status import NextStep

OUTCOMES = {
    State.ACCEPTED: "accepted by the server",
    State.QUEUED: "not sent yet",
    State.SENDING: "being sent",
    State.DEFERRED: "deferred by the server",
    State.REJECTED: "rejected by the server",
    State.UNCERTAIN: "uncertain: handed over, but no answer came",
    State.CANCELLED: "given up with 'briefing send --end'",
    State.SKIPPED: "unsubscribed, or no longer on the list",
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


def via_option(newsletter: "Newsletter", via: str) -> str:
    """Return ` --via smtp`, to be typed where the settings name another way; else empty, also if the way
    isn't known.
    """
    usual = newsletter.settings.send.via
    return "" if via in {"", usual} else f" --via {via}"


def next_step(
    issue: str,
    step: "NextStep",
    counts: "Mapping[State, int]",
    option: str,
    *,
    are_named: bool = False,
) -> str:
    """Return what an editor can do next.

    `counts`: the readers in each state. `option`: see `via_option`. `are_named`: the readers in
    question are listed above.
    """
    from briefing.sending.issue_status import NextStep, count_unsent

    send = f"briefing send {issue}{option}"
    names = f"'briefing status {issue} --names'"
    match step:
        case NextStep.CONTINUE:
            return (
                f"'{send}' sends {counted(count_unsent(counts), 'more email')}."
            )
        case NextStep.DECIDE_UNCERTAIN:
            who = "" if are_named else f"{names} lists them.\n"
            return (
                f"Readers whose delivery is uncertain may or may not have their email.\n{who}"
                f"Leave it at that, or count the emails as delivered:\n  'briefing send {issue} --mark-delivered'\n"
                f"or send to these readers again, and some may get it twice:\n  '{send} --resend-uncertain'"
            )
        case NextStep.FIX_REJECTED:
            rejected = f"{names} lists the readers that the server rejected."
            if are_named:
                rejected = _FIX_ADDRESSES
            return (
                f"{rejected}\nTo try them again:\n  '{send} --retry-rejected'"
            )
        case NextStep.ENDED:
            return (
                "The others won't get it. To correct an error in it, write\n"
                f"'corrects: {issue}' below the title of another issue."
            )
        case NextStep.NOTHING:
            return "Every reader has been sent this issue."
