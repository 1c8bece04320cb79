"""Understand mail that came back: what it is, whom it is about, and what that means for them.

    mime → report → sections, statuses, wording → verdicts; speaker → explaining

Structure comes first: fields for machines (RFC 3464, RFC 5965, RFC 8098), then status codes, then
words. Foreign mail is understood in a child process (`limited`); apart from reading its
own tables, this package has no I/O.
"""

from .explaining import explain
from .kinds import FAILURES, BounceKind, Explanation, Recipient

__all__ = ["FAILURES", "BounceKind", "Explanation", "Recipient", "explain"]
