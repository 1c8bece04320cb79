"""Header fields: whatever stands in a title or a name, one field comes out of it, ASCII, folded, and nothing else.

Python's own EmailMessage isn't used for them: up to 3.11.8 it turns an encoded word that hides a line feed into a
field of its own (CVE-2024-6923), and it encodes a List-Unsubscribe address that is too long for a line.
"""

import re
import unicodedata
from email.header import Header

from briefing.settings import Mailbox

LONGEST_VALUE = 250
"""Characters of a subject or a name that are kept; phones show a fifth of it."""

LINE = 76
"""Columns of a header line (RFC 5322 2.1.1 recommends 78 at most, RFC 2047 wants 76 beside encoded words)."""

_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")


def clean(text: str) -> str:
    """Text fit for one line: control characters and line breaks of every script become spaces, `=?` can't begin an
    encoded word, surplus length is cut."""
    spaced = "".join(" " if unicodedata.category(one) in {"Cc", "Zl", "Zp", "Cs"} else one for one in text)
    line = " ".join(spaced.split()).replace("=?", "= ?")
    return line if len(line) <= LONGEST_VALUE else f"{line[: LONGEST_VALUE - 1]}…"


def field(name: str, value: str) -> bytes:
    """A field of unstructured text (a subject), encoded where it isn't ASCII (RFC 2047). Ends with CRLF."""
    return f"{name}: {_encoded(clean(value), room=len(name) + 2)}\r\n".encode("ascii")


def mailbox(name: str, address: Mailbox) -> bytes:
    """A field that holds one mailbox (RFC 5322 3.4); the address goes on a line of its own where both don't fit."""
    shown = clean(address.name)
    if not shown:
        return f"{name}: {address.address}\r\n".encode("ascii")
    if not shown.isascii():
        phrase = _encoded(shown, room=len(name) + 2)
    elif _ATOMS.fullmatch(shown):
        phrase = shown
    else:
        phrase = '"{}"'.format(shown.replace("\\", r"\\").replace('"', r"\""))
    fits = len(name) + len(phrase) + len(address.address) + 5 <= LINE and "\r\n" not in phrase
    return f"{name}: {phrase}{' ' if fits else chr(13) + chr(10) + ' '}<{address.address}>\r\n".encode()


def folded(name: str, values: list[str]) -> bytes:
    """A field whose values stay exactly as they are, each on a line of its own, with commas between them."""
    return (f"{name}: " + ",\r\n ".join(values) + "\r\n").encode("ascii")


def _encoded(text: str, *, room: int) -> str:
    charset = "us-ascii" if text.isascii() else "utf-8"
    # The header's name takes room on the first line; Header only knows how much from a name of that length.
    header = Header(text, charset, maxlinelen=LINE, header_name="x" * (room - 2), continuation_ws=" ")
    return header.encode(linesep="\r\n", splitchars=" ")
