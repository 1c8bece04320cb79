"""What a server's words about a mail that it didn't deliver mean."""

import re

from briefing.syncing.reports import Kind

_DEAD = re.compile(
    r"\b5\.1\.[0136]\b|\b5\.2\.1\b|\b5\.1\.10\b|(?:user|recipient|mailbox|address|account)\W+(?:is\W+|was\W+)?"
    r"(?:unknown|not found|unavailable|disabled)|unknown (?:user|recipient|mailbox)|no such (?:user|recipient|mailbox)"
    r"|does(?:n't| not) exist",
    re.IGNORECASE,
)
_FULL = re.compile(
    r"\b[45]\.2\.2\b|mailbox (?:is )?full|over ?quota|quota exceeded|out of storage",
    re.IGNORECASE,
)


def explain_diagnostic(status: str, words: str) -> Kind:
    """Return what a server's answer means: DEAD, FULL, REFUSED or TEMPORARY.

    `status`: the enhanced status code (RFC 3463), such as `5.1.1`; may be empty.
    """
    text = f"{status} {words}"
    if _FULL.search(text):
        return Kind.FULL
    if _DEAD.search(words) or (status.startswith("5.1.1") and len(words) < 8):
        return Kind.DEAD
    code = status or words.lstrip()[:1]
    return Kind.TEMPORARY if code.startswith("4") else Kind.REFUSED
