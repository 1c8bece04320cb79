"""Show what a received email says in messages: the file comes from a reader's inbox, so no message
contains an email address.
"""

import re
from collections.abc import Sequence

from briefing.text.shortening import shorten

from .comparison import SLOT, UNSUBSCRIBE_LINK

LONGEST_QUOTE = 120
MOST_WORDS = 10
_ADDRESS = re.compile(
    r"(?<!\S)(?:(?!%40)[^\s@\uff20])*+(?:@|%40|\uff20)\S*+", re.IGNORECASE
)


def safe(text: str) -> str:
    """Return text of an email, shortened and without email addresses."""
    text = _ADDRESS.sub("(an address)", text)
    text = text.replace(SLOT, "…").replace(UNSUBSCRIBE_LINK, "…")
    return shorten(text, LONGEST_QUOTE)


def named_link(address: str) -> str:
    """Quote a link, or name it."""
    if address == UNSUBSCRIBE_LINK:
        return "the unsubscribe link"
    return f"'{safe(address)}'"


def quoted_words(words: Sequence[str]) -> str:
    """Quote the first words."""
    more = " …" if len(words) > MOST_WORDS else ""
    return f"“{safe(' '.join(words[:MOST_WORDS]))}{more}”"
