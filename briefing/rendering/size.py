"""Estimate the size of an email without building it, and choose the encoding of its texts."""

from collections.abc import Iterable

from briefing.issue import markdown
from briefing.issue.model import Issue
from briefing.photos.pictures import Picture

from .rendered import RenderedIssue

CLIPPED = 102_400
"""How many bytes of HTML Gmail shows; the rest is behind a link."""

CLEARLY_SHORTER = 0.95
"""The share of its quoted-printable length below which a text goes in base64: spam filters count 0.1
points for a text in base64, and 1 if it didn't need it (rspamd).
"""

HEADERS = 2000
"""Bytes, roughly, of an email's headers and of the lines between its parts."""

ASCII = bytes(range(128))

FRAME = 30_000
"""Bytes, roughly, of what the templates add to the texts of an issue."""

PART_HEADERS = 200
"""Bytes, roughly, of the header lines of one picture."""


def html_size(rendered: RenderedIssue) -> int:
    """Return the size of the HTML part in bytes, decoded."""
    return len(rendered.html.filled({}).encode())


def mail_size(rendered: RenderedIssue) -> int:
    """Return the size of the email in bytes, within 3 per cent."""
    size = HEADERS + picture_size(rendered.pictures)
    for text in (rendered.html, rendered.text):
        size += _text_size(text.filled({}))
    return size


def is_shorter_in_base64(text: str) -> bool:
    """Whether base64 makes a text clearly shorter than quoted-printable: few of its letters are
    ASCII.
    """
    limit = CLEARLY_SHORTER * _quoted_printable_size(text)
    return _base64_size(_bytes_in(text)) < limit


def picture_size(pictures: Iterable[Picture]) -> int:
    """Return the size of pictures in an email."""
    size = 0
    for picture in pictures:
        size += _base64_size(len(picture.data)) + PART_HEADERS
    return size


def expected_text_size(issue: Issue) -> int:
    """Return about what `mail_size` will be without pictures, from the texts of an issue."""
    # An email has its texts twice: as HTML and as plain text.
    return 2 * _text_size(markdown.write(issue)) + FRAME


def _text_size(text: str) -> int:
    if is_shorter_in_base64(text):
        return _base64_size(_bytes_in(text))
    return _quoted_printable_size(text)


def _bytes_in(text: str) -> int:
    """Return the bytes of a text in UTF-8 with the line ends of an email, CRLF."""
    return len(text.encode()) + text.count("\n")


def _base64_size(length: int) -> int:
    """Return the size of bytes in an email: base64 turns 3 of them into 4, in lines of 76 and a line end
    of 2.
    """
    return length * 4 // 3 * 78 // 76


def _quoted_printable_size(text: str) -> int:
    """Return the size of a text in an email: 3 bytes for each that isn't ASCII, and a line break
    every 75 columns.
    """
    data = text.encode()
    escaped = len(data.translate(None, ASCII)) + data.count(b"=")
    length = len(data) + 2 * escaped + data.count(b"\n")
    return length * 78 // 75
