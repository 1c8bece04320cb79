"""Estimates how large a mail will be, without building it."""

from collections.abc import Iterable

from briefing.pictures import Picture
from briefing.rendering.rendered import RenderedIssue

HEADERS = 2000
"""Bytes, roughly, of a mail's headers and of the lines between its parts."""

PART_HEADERS = 200
"""Bytes, roughly, of the header lines of one picture."""


def mail_size(rendered: RenderedIssue) -> int:
    """Return the size of the mail in bytes, within 3 per cent."""
    texts = _quoted_printable_size(rendered.html.filled({})) + _quoted_printable_size(rendered.text.filled({}))
    return HEADERS + texts + picture_size(rendered.pictures)


def picture_size(pictures: Iterable[Picture]) -> int:
    """Return the size of pictures in a mail: base64 turns 3 bytes into 4, in lines of 76 and a line end of 2."""
    return sum(len(picture.data) * 4 // 3 * 78 // 76 + PART_HEADERS for picture in pictures)


def _quoted_printable_size(text: str) -> int:
    """Return the size of a text in a mail: 3 bytes for each that isn't ASCII, and a line break every 75 columns."""
    data = text.encode()
    escaped = len(data.translate(None, bytes(range(128)))) + data.count(b"=")
    return (len(data) + 2 * escaped + data.count(b"\n")) * 78 // 75
