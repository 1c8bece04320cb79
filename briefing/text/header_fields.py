"""Split the header of an email that anyone could have sent into its fields, and decode encoded words: in
linear time, and without errors. No I/O.

The standard library can take quadratic time.
"""

import binascii
import contextlib
import datetime as dt
import email.utils
import quopri
import re
from collections.abc import Iterator

from .decoding import decode

_FIELD = re.compile(rb"([!-9;-~]{1,100}+)[ \t]*+:")
_ENCODED_WORD = re.compile(r"=\?([^?\s]{1,40})\?([bBqQ])\?([^?\s]{0,500})\?=")


def split_fields(head: bytes) -> Iterator[tuple[str, list[bytes]]]:
    """Yield the name of each field, in lower case, and the lines of its value (RFC 5322, 2.2). Lines
    that belong to no field are left out, such as the "From " of an mbox.
    """
    name = ""
    lines: list[bytes] = []
    for line in head.split(b"\n"):
        bare = line.rstrip(b"\r")
        if bare[:1] in {b" ", b"\t"}:
            lines.append(bare)
            continue
        field = _FIELD.match(bare)
        if field is None:
            continue
        if name:
            yield name, lines
        name = field[1].decode("ascii").lower()
        lines = [bare[field.end() :]]
    if name:
        yield name, lines


def decode_words(value: str) -> str:
    """Return a field's value with its encoded words decoded (RFC 2047), as far as they can be.

    A letter may begin in one word and end in the next, though it mustn't. White space between encoded
    words isn't shown.
    """
    if "=?" not in value:
        return value
    text: list[str] = []
    end = 0
    charset = ""
    data: list[bytes] = []
    for word in _ENCODED_WORD.finditer(value):
        between = value[end : word.start()]
        follows = end and not between.strip()
        own_charset = word[1].partition("*")[0].lower()
        if not follows or own_charset != charset:
            text.append(decode(b"".join(data), charset))
            text.append("" if follows else between)
            charset = own_charset
            data = []
        data.append(_bytes_of_word(word))
        end = word.end()
    text += [decode(b"".join(data), charset), value[end:]]
    return "".join(text)


def read_moment(value: str) -> dt.datetime | None:
    """Return the moment in a field's value, as in Date (RFC 5322, 3.3); None if there is none.

    It has no UTC offset if the field says that it is unknown ("-0000").
    """
    with contextlib.suppress(ValueError, OverflowError):
        return email.utils.parsedate_to_datetime(value)
    return None


def _bytes_of_word(word: re.Match[str]) -> bytes:
    """Return the text of an encoded word; the word itself if that can't be decoded."""
    encoded = word[3].encode()
    if word[2] in "qQ":
        return quopri.decodestring(encoded, header=True)
    try:
        return binascii.a2b_base64(encoded + b"==")
    except binascii.Error:
        return word[0].encode()
