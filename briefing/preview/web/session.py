"""What lets an open page continue to work after the program is restarted: its port and its key, in
`.briefing/desk.json`.
"""

import json
from dataclasses import asdict, dataclass

from briefing.newsletter import Newsletter
from briefing.storage import files

from .access import new_key

NAME = "desk.json"
MOST_BYTES = 1000


@dataclass(frozen=True, slots=True)
class BrowserSession:
    """What a browser knows of the preview."""

    port: int
    """0 if there was none before."""
    key: str
    """The key of `Access`."""


def load(newsletter: Newsletter) -> BrowserSession:
    """Return the last session, or a new one without a port."""
    data = files.read_own(newsletter.state / NAME, MOST_BYTES)
    try:
        kept = json.loads(data)
        port = kept["port"]
        key = kept["key"]
    except (ValueError, KeyError, TypeError):
        port = 0
        key = ""
    is_port = isinstance(port, int) and 0 <= port <= 65535
    # A short key could be guessed.
    is_key = isinstance(key, str) and len(key) >= len(new_key())
    if is_port and is_key:
        return BrowserSession(port, key)
    return BrowserSession(0, new_key())


def save(newsletter: Newsletter, session: BrowserSession) -> None:
    """Keep a session. Raises RefusedError for a link, BriefingError if it can't be written."""
    files.write_private(
        newsletter.state / NAME, json.dumps(asdict(session)).encode()
    )
