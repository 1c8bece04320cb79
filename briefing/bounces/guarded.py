"""Explain an email in a child process, so that none can hang or harm the program."""

from briefing.errors import LimitError
from briefing.sandbox.limited import run_limited

from .explaining import LONGEST_EMAIL, explain
from .kinds import BounceKind, Explanation

SECONDS = 10
"""Of CPU time for an email. Most take a few milliseconds."""


def explain_in_child(data: bytes) -> Explanation:
    """Return what `explain` returns, which runs in a child process.

    An email that exceeds the limits of that process is `BounceKind.OTHER`, without recipients.
    """
    try:
        return run_limited(
            explain,
            data[:LONGEST_EMAIL],
            name="the email",
            remedy="read it yourself",
            seconds=SECONDS,
        )
    except LimitError:
        return Explanation(BounceKind.OTHER)
