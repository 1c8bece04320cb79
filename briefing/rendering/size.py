"""Estimate the size of a mail without building it."""

from collections.abc import Iterable

from briefing.issue import markdown
from briefing.issue.model import Issue
from briefing.pictures import Picture
from briefing.rendering.rendered import RenderedIssue

HEADERS = 2000
"""Bytes, roughly, of a mail's headers and of the lines between its parts."""

ASCII = bytes(range(128))

FRAME = 30_000
"""Bytes, roughly, of what the templates add to the texts of an issue."""

PART_HEADERS = 200
"""Bytes, roughly, of the header lines of one picture."""


def mail_size(rendered: RenderedIssue) -> int:
    """Return the size of the mail in bytes, within 3 per cent."""
    size = HEADERS + picture_size(rendered.pictures)
    for text in (rendered.html, rendered.text):
        size += _quoted_printable_size(text.filled({}))
    return size


def picture_size(pictures: Iterable[Picture]) -> int:
    """Return the size of pictures in a mail: base64 turns 3 bytes into 4, in lines of 76 and a line
    end of 2.
    """
    size = 0
    for picture in pictures:
        base64_length = len(picture.data) * 4 // 3
        size += base64_length * 78 // 76 + PART_HEADERS
    return size


def expected_text_size(issue: Issue) -> int:
    """Return about what `mail_size` will be without pictures, from the texts of an issue."""
    return 2 * _quoted_printable_size(markdown.write(issue)) + FRAME


def _quoted_printable_size(text: str) -> int:
    """Return the size of a text in a mail: 3 bytes for each that isn't ASCII, and a line break
    every 75 columns.
    """
    data = text.encode()
    escaped = len(data.translate(None, ASCII)) + data.count(b"=")
    length = len(data) + 2 * escaped + data.count(b"\n")
    return length * 78 // 75
