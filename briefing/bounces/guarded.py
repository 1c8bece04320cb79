"""Explain foreign mail in a child process, so that none can hang or harm the program."""

from briefing.errors import LimitError
from briefing.sandbox.limited import run_limited

from .explaining import LONGEST, explain
from .kinds import BounceKind, Explanation

SECONDS = 10
"""Of CPU time for an email. Most take a few milliseconds."""


def explain_foreign(data: bytes) -> Explanation:
    """Return what an email is, like `explain`, which runs in a child process.

    An email that exceeds the limits of that process is `BounceKind.OTHER`, about nobody.
    """
    try:
        return run_limited(
            explain,
            data[:LONGEST],
            name="the email",
            remedy="read it yourself",
            seconds=SECONDS,
        )
    except LimitError:
        return Explanation(BounceKind.OTHER)
