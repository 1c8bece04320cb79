"""List what picture files contain besides pixels: JPEG segments and PNG chunks."""

import struct
from collections.abc import Iterator

# ITU T.81 B.1.1.3; APP0 is JFIF's own header, APP14 says how Adobe coded the colours.
JPEG_NEEDED = {0xC0, 0xC1, 0xC2, 0xC4, 0xDA, 0xDB, 0xDD, 0xE0, 0xEE}
JPEG_NOTES = {
    0xE1: "EXIF or XMP data",
    0xE2: "a colour profile",
    0xED: "IPTC notes",
    0xFE: "a comment",
}
JFIF = 0xE0
START_OF_SCAN = 0xDA
END_OF_IMAGE = 0xD9
LONGEST_JFIF = 16
"""The length without a thumbnail inside."""
PNG_NEEDED = set(
    b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB sBIT pHYs bKGD".split()
)
PNG_NOTES = {
    b"eXIf": "EXIF notes",
    b"iCCP": "a colour profile",
    b"tIME": "the time of its last change",
    b"tEXt": "a text",
    b"zTXt": "a text",
    b"iTXt": "a text",
}
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def notes_in(data: bytes) -> list[str]:
    """Return what a picture contains besides its pixels; `parts that can't be read` if it is
    damaged.
    """
    try:
        if data.startswith(b"\xff\xd8"):
            return list(dict.fromkeys(_jpeg_notes(data)))
        if data.startswith(PNG_SIGNATURE):
            return list(dict.fromkeys(_png_notes(data)))
    except (struct.error, IndexError):
        pass
    return ["parts that can't be read"]


def _jpeg_notes(data: bytes) -> Iterator[str]:
    offset = 2
    while True:
        marker, offset = _marker(data, offset)
        if marker == END_OF_IMAGE:
            if data[offset:]:
                yield "bytes after its end"
            return
        (length,) = struct.unpack_from(">H", data, offset)
        if marker not in JPEG_NEEDED:
            yield JPEG_NOTES.get(marker, "an application's notes")
        elif marker == JFIF and length > LONGEST_JFIF:
            yield "a small copy of the picture"
        offset += length
        if marker == START_OF_SCAN:
            offset = _after_scan(data, offset)


def _marker(data: bytes, offset: int) -> tuple[int, int]:
    """Return the marker at an offset, after any number of 0xFF, and the offset after it. Raises
    IndexError.
    """
    if data[offset] != 0xFF:
        raise IndexError
    while data[offset] == 0xFF:
        offset += 1
    return data[offset], offset + 1


def _after_scan(data: bytes, offset: int) -> int:
    """Return the offset of the next marker: within a scan, 0xFF is followed by 0 (then it is data)
    or by a restart mark.
    """
    while True:
        offset = data.find(b"\xff", offset)
        if offset < 0:
            raise IndexError
        following = data[offset + 1]
        if following != 0 and not 0xD0 <= following <= 0xD7:
            return offset
        offset += 2


def _png_notes(data: bytes) -> Iterator[str]:
    offset = len(PNG_SIGNATURE)
    while True:
        length, kind = struct.unpack_from(">I4s", data, offset)
        offset += 12 + length
        if kind not in PNG_NEEDED:
            yield PNG_NOTES.get(kind, "an application's notes")
        if kind == b"IEND":
            if data[offset:]:
                yield "bytes after its end"
            return
