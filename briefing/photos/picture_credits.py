"""Read a picture's credit from its metadata."""

import html
import io
import re
import warnings
from collections.abc import Iterator

from PIL import Image, ImageFile, IptcImagePlugin

from briefing.text.controls import printable

from .opened_photos import FORMATS, UNREADABLE

LONGEST_CREDIT = 120

XMP_SEARCHED = 200_000
"""Characters of an XMP packet that are searched; photo editors add long histories."""

_IPTC_FIELDS = (110, 116, 80)
"""Credit, copyright notice and by-line (IPTC IIM 4.2: 2:110, 2:116, 2:80)."""

_XMP_FIELDS = ("photoshop:Credit", "dc:rights", "dc:creator")

_EXIF_FIELDS = (33432, 315)
"""Copyright and artist."""


def credit_in(data: bytes) -> str:
    """Return the first credit in a picture file's IPTC, XMP or EXIF metadata; "" if it has none.

    Read it before cleaning the picture, which removes all metadata.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about badly written metadata
            with Image.open(io.BytesIO(data), formats=FORMATS) as image:
                return _first_credit(image)
    except UNREADABLE:
        return ""


def _first_credit(image: Image.Image) -> str:
    for text in _candidates(image):
        line = " ".join(printable(text).split())
        if line:
            return line[:LONGEST_CREDIT]
    return ""


def _candidates(image: Image.Image) -> Iterator[str]:
    yield from _iptc(image)
    yield from _xmp(image)
    for tag in _EXIF_FIELDS:
        yield str(image.getexif().get(tag, ""))


def _iptc(image: Image.Image) -> Iterator[str]:
    assert isinstance(image, ImageFile.ImageFile), "it was opened just now"
    fields = IptcImagePlugin.getiptcinfo(image) or {}
    for number in _IPTC_FIELDS:
        value = fields.get((2, number), b"")
        first = value[0] if isinstance(value, list) else value
        yield first.decode("utf-8", "replace")


def _xmp(image: Image.Image) -> Iterator[str]:
    """Search XMP as text: an XML parser for these three fields would be one more thing to attack."""
    packet = image.info.get("xmp", b"")
    text = (
        packet.decode("utf-8", "replace")
        if isinstance(packet, bytes)
        else str(packet)
    )
    for name in _XMP_FIELDS:
        # As an attribute, or as the text of an element, perhaps within the elements of a list.
        # Possessive quantifiers, and the first element only, keep this linear.
        searched = text[:XMP_SEARCHED]
        attribute = re.search(rf'{name}="([^"<>]++)"', searched)
        _, _, element = searched.partition(f"<{name}>")
        content = re.match(r"(?:\s*+<[^<>]++>)*+\s*+([^<>]++)", element)
        if found := attribute or content:
            yield html.unescape(found[1])
