"""The line of an email in an inbox: sender, subject and preheader, cut as phones and desktops cut them.
No I/O.
"""

import html
import re
from dataclasses import dataclass

from briefing.text.width import beginning, width

ELLIPSIS = "…"
LOOKED_AT = 20_000
"""The first characters of an email's body, among which the words for the inbox are looked for."""
LONGEST = 200
"""The most characters of an email that an inbox shows."""

_UNSEEN = re.compile(
    r"<!--(?:[^-]++|-(?!->))*+-->|<(style|script|title)\b(?:[^<]++|<(?!/\1))*+",
    re.IGNORECASE,
)
_TAG = re.compile(r"<[^>]*+>")


@dataclass(frozen=True, slots=True)
class Inbox:
    """How many columns a list of emails has room for. Apps differ by a few letters."""

    name: str
    sender: int
    subject: int
    """If it has its own line; 0 if subject and preheader share one."""
    preheader: int
    """With the subject, if they share a line."""


PHONE = Inbox("Phone", sender=28, subject=38, preheader=84)
"""Two lines of preheader, as Mail on an iPhone shows."""
DESKTOP = Inbox("Desktop", sender=22, subject=0, preheader=110)
"""One line, as Gmail in a window of 1,400 pixels shows."""


@dataclass(frozen=True, slots=True)
class InboxLine:
    """What a reader sees of an email before opening it."""

    name: str
    """The kind of inbox."""
    sender: str
    subject: str
    preheader: str
    """Ends in "…" if it is cut; empty if the subject takes all the room."""


def inbox_line(
    inbox: Inbox, sender: str, subject: str, words: str
) -> InboxLine:
    """Cut an email's line for an inbox. `words` are those that the email begins with; see `first_words`."""
    shown = cut(subject, inbox.subject or inbox.preheader)
    room = inbox.preheader
    if not inbox.subject:
        room -= width(shown) + len(" – ")
    return InboxLine(
        name=inbox.name,
        sender=cut(sender, inbox.sender),
        subject=shown,
        preheader=cut(words, room) if room > 1 else "",
    )


def cut(text: str, columns: int) -> str:
    """Return as much of a text as a number of columns has room for, with an ellipsis if that isn't
    all.
    """
    if width(text) <= columns:
        return text
    return beginning(text, columns - width(ELLIPSIS)) + ELLIPSIS


def first_words(page: str) -> str:
    """Return the words that an HTML part begins with, including hidden ones: inboxes show them next to the
    subject.
    """
    body = page[page.find("<body") :][:LOOKED_AT]
    words = _TAG.sub(" ", _UNSEEN.sub(" ", body))
    return " ".join(html.unescape(words).split())[:LONGEST]
