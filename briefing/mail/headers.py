"""Header fields: whatever stands in a title or a name, one field comes out of it, ASCII, folded, and nothing else.

Python's own EmailMessage isn't used for them: up to 3.11.8 it turns an encoded word that hides a line feed into a
field of its own (CVE-2024-6923), and it encodes a List-Unsubscribe address that is too long for a line.
"""

import base64
import re
import textwrap
import unicodedata

from briefing.settings import Mailbox

LONGEST_VALUE = 250
"""Characters of a subject or a name that are kept; phones show a fifth of it."""

LINE = 76
"""Columns of a header line (RFC 5322 2.1.1 recommends 78 at most, RFC 2047 wants 76 beside encoded words)."""

_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")


def one_line(text: str) -> str:
    """Text with control characters and the line breaks of every script turned into spaces."""
    if text.isascii() and text.isprintable():  # nearly every text, at a tenth of the time
        return " ".join(text.split())
    spaced = "".join(" " if unicodedata.category(one) in {"Cc", "Zl", "Zp", "Cs"} else one for one in text)
    return " ".join(spaced.split())


def clean(text: str) -> str:
    """Text fit for a field: on one line, `=?` can't begin an encoded word, surplus length is cut."""
    line = one_line(text).replace("=?", "= ?")
    return line if len(line) <= LONGEST_VALUE else f"{line[: LONGEST_VALUE - 1]}…"


def field(name: str, value: str) -> bytes:
    """A field of unstructured text (a subject), encoded where it isn't ASCII (RFC 2047). Ends with CRLF."""
    return f"{name}: {_encoded(clean(value), room=len(name) + 2)}\r\n".encode("ascii")


def mailbox(name: str, address: Mailbox) -> bytes:
    """A field that holds one mailbox (RFC 5322 3.4); the address goes on a line of its own where both don't fit."""
    shown = clean(address.name)
    if not shown:
        return f"{name}: {address.address}\r\n".encode()
    if _ATOMS.fullmatch(shown) or _must_be_encoded(shown) or len(shown) > LINE // 2:
        phrase = _encoded(shown, room=len(name) + 2, quoted=not _ATOMS.fullmatch(shown))
    else:
        phrase = '"{}"'.format(shown.replace("\\", r"\\").replace('"', r"\""))
    fits = len(name) + len(phrase) + len(address.address) + 5 <= LINE and "\r\n" not in phrase
    return f"{name}: {phrase}{' ' if fits else chr(13) + chr(10) + ' '}<{address.address}>\r\n".encode()


def folded(name: str, values: list[str]) -> bytes:
    """A field whose values stay exactly as they are, each on a line of its own, with commas between them."""
    return (f"{name}: " + ",\r\n ".join(values) + "\r\n").encode("ascii")


def _encoded(text: str, *, room: int, quoted: bool = False) -> str:
    """The text in lines, the first one `room` columns shorter; in encoded words where it needs them or is `quoted`."""
    if not quoted and not _must_be_encoded(text):
        lines = textwrap.wrap(text, LINE, initial_indent=" " * room, break_long_words=False, break_on_hyphens=False)
        return "\r\n ".join(lines).lstrip(" ")
    words, chunk, free = [], b"", (LINE - room - len("=?utf-8?b??=")) // 4 * 3
    for character in text:
        raw = character.encode()
        if len(chunk) + len(raw) > free:  # an encoded word never splits a character
            words.append(chunk)
            chunk, free = b"", (LINE - 1 - len("=?utf-8?b??=")) // 4 * 3
        chunk += raw
    words.append(chunk)
    return "\r\n ".join(f"=?utf-8?b?{base64.b64encode(word).decode()}?=" for word in words)


def _must_be_encoded(text: str) -> bool:
    """Whether it isn't ASCII, or has a word that no line has room for."""
    return not text.isascii() or (len(text) > LINE // 2 and any(len(word) > LINE // 2 for word in text.split(" ")))
