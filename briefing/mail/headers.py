"""Header fields. Whatever a title or name contains, the result is a single field: ASCII, folded,
nothing injected.

Written by hand because Python's EmailMessage, up to 3.11.8, turns an encoded word that hides a line
feed into a second field (CVE-2024-6923), and because it encodes a List-Unsubscribe address that is
longer than a line.
"""

import base64
import re
import textwrap
import unicodedata

from briefing.configuration.values import NamedAddress
from briefing.text.shortening import shorten

LONGEST_VALUE = 250
"""Longest subject or name, in characters; phones show a fifth of it."""

LINE = 76
"""Columns of a header line: RFC 5322 2.1.1 recommends at most 78, RFC 2047 2 allows 76 with encoded
words.
"""

ENCODED_WORD = "=?utf-8?b?{}?="
OVERHEAD = len(ENCODED_WORD.format(""))

NO_AUTOMATIC_REPLIES = ("X-Auto-Response-Suppress", "OOF, AutoReply")
"""Asks Exchange to answer with no notice of absence. It must not say `All`: then bounces, which show
dead addresses, would stay away as well (MS-OXCMAIL 2.1.3.2.20).
"""

_REPLACED = {"Cc", "Cs"}
"""Unicode categories: control characters, and surrogates, which can't be encoded."""

_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")


def one_line(text: str) -> str:
    """Turn control characters and the line breaks of every script into single spaces."""
    # Nearly every text, in a tenth of the time.
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    spaced = ""
    for character in text:
        replaced = unicodedata.category(character) in _REPLACED
        spaced += " " if replaced else character
    # split() knows the line breaks of every script.
    return " ".join(spaced.split())


def clean(text: str) -> str:
    """Make text fit for a field: on one line, not too long, and with no `=?` that could start an
    encoded word.
    """
    return shorten(one_line(text).replace("=?", "= ?"), LONGEST_VALUE)


def field(name: str, value: str) -> bytes:
    """Return a field of unstructured text, such as a subject, encoded if it isn't ASCII (RFC 2047).
    Ends with CRLF.
    """
    text = _folded_text(clean(value), indent=len(name) + 2)
    return f"{name}: {text}\r\n".encode("ascii")


def named_address(name: str, address: NamedAddress) -> bytes:
    """Return a field with one mailbox (RFC 5322 3.4), its address on a second line if both don't
    fit on one.
    """
    display_name = clean(address.name)
    if not display_name:
        return f"{name}: {address.address}\r\n".encode()
    phrase = _phrase(display_name, indent=len(name) + 2)
    line = f"{name}: {phrase} <{address.address}>"
    if len(line) > LINE or "\r\n" in phrase:
        line = f"{name}: {phrase}\r\n <{address.address}>"
    return f"{line}\r\n".encode()


def _phrase(display_name: str, *, indent: int) -> str:
    """Return a name unchanged, in quotes or encoded, as its characters require."""
    if _ATOMS.fullmatch(display_name):
        return _folded_text(display_name, indent=indent)
    if _must_be_encoded(display_name) or len(display_name) > LINE // 2:
        return _encoded_words(display_name, indent=indent)
    escaped = display_name.replace("\\", r"\\").replace('"', r"\"")
    return f'"{escaped}"'


def folded(name: str, values: list[str]) -> bytes:
    """Return a field whose values stay unchanged, each on a separate line, with commas between
    them.
    """
    lines = ",\r\n ".join(values)
    return f"{name}: {lines}\r\n".encode("ascii")


def _folded_text(text: str, *, indent: int) -> str:
    """Fold text into lines, the first one `indent` columns shorter, as encoded words if necessary."""
    if _must_be_encoded(text):
        return _encoded_words(text, indent=indent)
    if indent + len(text) <= LINE:  # nearly every name
        return text
    lines = textwrap.wrap(
        text,
        LINE,
        initial_indent=" " * indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\r\n ".join(lines).lstrip(" ")


def _encoded_words(text: str, *, indent: int) -> str:
    """Return text as encoded words, one per line; none of them splits a character."""
    words: list[str] = []
    chunk = b""
    room = _bytes_in(LINE - indent)
    for character in text:
        encoded = character.encode()
        if len(chunk) + len(encoded) > room:
            words.append(_encoded_word(chunk))
            chunk = b""
            # Less the space at the start of a continued line.
            room = _bytes_in(LINE - 1)
        chunk += encoded
    words.append(_encoded_word(chunk))
    return "\r\n ".join(words)


def _bytes_in(columns: int) -> int:
    """Return how many bytes fit an encoded word: base64 writes 3 bytes as 4 characters."""
    return (columns - OVERHEAD) // 4 * 3


def _encoded_word(chunk: bytes) -> str:
    return ENCODED_WORD.format(base64.b64encode(chunk).decode())


def _must_be_encoded(text: str) -> bool:
    """Whether the text isn't ASCII, or has a word too long for a line."""
    if not text.isascii():
        return True
    return any(len(word) > LINE // 2 for word in text.split(" "))
