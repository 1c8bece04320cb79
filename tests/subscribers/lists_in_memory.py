"""A list for tests of what is decided about it, and what belongs to it."""

from pathlib import Path

from briefing.keys import Key
from briefing.subscribers.subscriber_list import SubscriberList, parse_list
from briefing.subscribers.suppression import token_of

KEY = Key(bytes(32))
ANN, BOB, CID = "ann@example.org", "bob@example.org", "cid@example.org"


def listed(
    *rows: str, headings: str = "email,name,lang,tags"
) -> SubscriberList:
    """A list with these rows."""
    lines = "\n".join([headings, *rows, ""])
    return parse_list(Path("subscribers.csv"), lines.encode())


def token(identity: str) -> str:
    return token_of(KEY, identity)
