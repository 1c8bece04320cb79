"""The body of a text part: encoded once per edition, with slots for the values that differ by reader.

RFC 2045 has two encodings, and a part gets the one that makes it shorter. Quoted-printable (6.7)
leaves ASCII as it is and takes three characters for any other byte: best for most languages. Base64
(6.8) takes four characters for any three bytes: best where hardly a letter is ASCII, as in Uyghur
and Chinese.
"""

import base64
import re
from binascii import b2a_base64
from collections.abc import Callable, Mapping
from email.quoprimime import body_encode
from typing import Protocol

from briefing.rendering.rendered import Slot, Slotted
from briefing.rendering.size import is_shorter_in_base64

from .headers import one_line

LINE = 75
"""Columns of a quoted-printable line, so that a soft line break `=` can still follow: RFC 2045 6.7
allows 76.
"""

_UNCHANGED = re.compile(r"(?!\.)(?:[!-<>-~]+(?: [!-<>-~]+)*)?")
"""Text that is on one line and that quoted-printable leaves unchanged."""
_LEADING_DOTS = re.compile(r"^\.+", re.MULTILINE)
_SOFT_BREAK = b"=\r\n"

_GROUP = 3
"""Bytes that base64 encodes together."""
_LINE_OF_BASE64 = 57
"""Bytes that fill a line of 76 columns; a literal text that is shorter isn't encoded in advance."""

_Columns = Mapping[str, str]
Escape = Callable[[str], str]
"""Escapes a reader's value for the kind of text it goes into."""


class TextBody(Protocol):
    """The body of a part, ready to be filled in for any number of readers."""

    encoding: str
    """As Content-Transfer-Encoding names it."""

    def pieces(self, columns: _Columns) -> list[bytes]:
        """Return the body for one reader in pieces, in lines of at most 76 columns that end with
        CRLF.
        """


def encode(text: Slotted, escape: Escape) -> TextBody:
    """Return a text in base64 if that makes it clearly shorter, else in quoted-printable."""
    if is_shorter_in_base64(text.filled({})):
        return Base64(text, escape)
    return QuotedPrintable(text, escape)


class QuotedPrintable:
    """A text in quoted-printable. A slot has a line of its own that ends in a soft line break, so no
    value makes a line longer than 76 columns.
    """

    encoding = "quoted-printable"

    def __init__(self, text: Slotted, escape: Escape) -> None:
        self._escape = escape
        self._pieces: list[bytes] = []
        """The encoded text, with an empty piece in place of each slot."""
        self._slots: list[tuple[int, Slot]] = []
        """Each with the position of its piece."""
        lines = b""
        for part in text.parts:
            if isinstance(part, str):
                lines += _quoted_printable(part)
                continue
            if lines and not lines.endswith(b"\n"):
                lines += _SOFT_BREAK
            self._pieces += lines, b""
            self._slots.append((len(self._pieces) - 1, part))
            lines = _SOFT_BREAK
        self._pieces.append(lines)

    def pieces(self, columns: _Columns) -> list[bytes]:
        pieces = self._pieces.copy()
        for position, slot in self._slots:
            pieces[position] = self._value(slot, columns)
        return pieces

    def _value(self, slot: Slot, columns: _Columns) -> bytes:
        value = self._escape(slot.value(columns))
        if len(value) <= LINE and _UNCHANGED.fullmatch(value):
            return value.encode("ascii")
        return _quoted_printable(one_line(value))


def _quoted_printable(text: str) -> bytes:
    """Encode text in lines of at most 75 columns, none of which begins with a dot.

    So SMTP never doubles a dot (RFC 5321 4.5.2): the bytes in the outbox and on the wire are the
    same.
    """
    lines = body_encode(text.encode().decode("latin-1"), maxlinelen=LINE)
    lines = _LEADING_DOTS.sub(lambda dots: "=2E=\n" * len(dots[0]), lines)
    return lines.replace("\n", "\r\n").encode("ascii")


class Base64:
    """A text in base64."""

    encoding = "base64"

    def __init__(self, text: Slotted, escape: Escape) -> None:
        self._escape = escape
        self._parts: list[bytes | Slot | _Literal] = []
        for part in text.parts:
            if isinstance(part, Slot):
                self._parts.append(part)
                continue
            data = part.replace("\n", "\r\n").encode()
            self._parts.append(
                data if len(data) < _LINE_OF_BASE64 else _Literal(data)
            )

    def pieces(self, columns: _Columns) -> list[bytes]:
        pieces: list[bytes] = []
        waiting = b""
        for part in self._parts:
            if isinstance(part, _Literal):
                encoded, waiting = part.after(waiting)
                pieces += encoded
            elif isinstance(part, Slot):
                value = self._escape(part.value(columns))
                waiting += one_line(value).encode()
            else:
                waiting += part
        pieces.append(_base64(waiting))
        return pieces


class _Literal:
    """Literal text, encoded in advance. Where a group of three bytes begins in it depends on the length
    of the values before it, so it is encoded for all three cases.
    """

    def __init__(self, data: bytes) -> None:
        self._cases = [_cut(data, start) for start in range(_GROUP)]

    def after(self, waiting: bytes) -> tuple[tuple[bytes, bytes], bytes]:
        """Return the lines that encode `waiting`, the bytes before the text, and the lines of the text;
        then the bytes that are left for the next group.
        """
        missing = -len(waiting) % _GROUP
        start, lines, left = self._cases[missing]
        return (_base64(waiting + start), lines), left


def _cut(data: bytes, start: int) -> tuple[bytes, bytes, bytes]:
    """Return the bytes before the first whole group, which begins at `start`, the encoded lines of
    all whole groups, and the bytes after them.
    """
    end = len(data) - (len(data) - start) % _GROUP
    return data[:start], _base64(data[start:end]), data[end:]


def _base64(data: bytes) -> bytes:
    """Encode bytes in lines of 76 columns."""
    if len(data) <= _LINE_OF_BASE64:
        # Most values are, and this takes a third of the time.
        return b2a_base64(data, newline=False) + b"\r\n" if data else b""
    return base64.encodebytes(data).replace(b"\n", b"\r\n")
