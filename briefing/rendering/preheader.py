"""The preheader: the line that mail apps show next to the subject."""

from briefing.issue.store import Edition
from briefing.text.shortening import shorten_between_words

PREHEADER = (40, 130)
"""Shortest and longest, in characters: mail apps fill up a shorter one with text, and cut off a
longer one.
"""

SHORTEST, LONGEST = PREHEADER


def preheader(edition: Edition) -> str:
    """Return the issue's own preheader, or else as many of its headlines as fit."""
    return edition.issue.preheader or shorten_between_words(
        _joined_headlines(edition), LONGEST, shortest=SHORTEST, ends=" ·,،"
    )


def _joined_headlines(edition: Edition) -> str:
    line = ""
    for item in edition.issue.items:
        longer = f"{line} · {item.heading}" if line else item.heading
        if item.heading and (len(longer) <= LONGEST or len(line) < SHORTEST):
            line = longer
    return line
