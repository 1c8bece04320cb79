"""Word a count with its noun, and a choice between words."""

from collections.abc import Iterable


def counted(number: int, noun: str) -> str:
    """Return a phrase such as `1 link` or `2,000 links`."""
    return f"1 {noun}" if number == 1 else f"{number:,} {noun}s"


def either(choices: Iterable[object]) -> str:
    """Return choices as a sentence has them: `server, mailbox or sendgrid`."""
    *others, last = map(str, choices)
    return f"{', '.join(others)} or {last}" if others else last
