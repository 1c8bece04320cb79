"""What picture files still tell beside their pixels: an inventory of JPEG segments and PNG chunks."""

import struct
from collections.abc import Iterator

# ITU T.81 B.1.1.3; APP0 is JFIF's own header, APP14 says how Adobe coded the colours.
JPEG_NEEDED = {0xC0, 0xC1, 0xC2, 0xC4, 0xDA, 0xDB, 0xDD, 0xE0, 0xEE}
JPEG_TOLD = {0xE1: "EXIF or XMP notes", 0xE2: "a colour profile", 0xED: "IPTC notes", 0xFE: "a comment"}
PNG_NEEDED = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"pHYs", b"bKGD"}
PNG_TOLD = {b"eXIf": "EXIF notes", b"iCCP": "a colour profile", b"tIME": "the time of its last change"}
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
LONGEST_JFIF = 16
"""Without a small copy of the picture inside."""


def told_by(data: bytes) -> list[str]:
    """What a picture holds beside its pixels, each once; `it can't be read` where it is damaged or of another kind."""
    try:
        if data.startswith(b"\xff\xd8"):
            return list(dict.fromkeys(_jpeg(data)))
        if data.startswith(PNG_SIGNATURE):
            return list(dict.fromkeys(_png(data)))
    except (struct.error, IndexError):
        pass
    return ["parts that can't be read"]


def _jpeg(data: bytes) -> Iterator[str]:
    place = 2
    while True:
        if data[place] != 0xFF:
            raise IndexError
        marker = data[place + 1]
        if marker == 0xFF:  # any number of them may come before a marker
            place += 1
            continue
        if marker == 0xD9:
            if data[place + 2 :]:
                yield "bytes behind its end"
            return
        (length,) = struct.unpack_from(">H", data, place + 2)
        if marker not in JPEG_NEEDED:
            yield JPEG_TOLD.get(marker, "an application's notes")
        elif marker == 0xE0 and length > LONGEST_JFIF:
            yield "a small copy of the picture"
        place += 2 + length
        if marker == 0xDA:
            place = _after_scan(data, place)


def _after_scan(data: bytes, place: int) -> int:
    """Where the next marker stands: within a scan 0xFF is followed by 0 (a byte of it) or by a restart mark."""
    while True:
        place = data.index(b"\xff", place) if b"\xff" in data[place:] else len(data)
        following = data[place + 1]
        if following != 0 and not 0xD0 <= following <= 0xD7:
            return place
        place += 2


def _png(data: bytes) -> Iterator[str]:
    place = len(PNG_SIGNATURE)
    while True:
        length, kind = struct.unpack_from(">I4s", data, place)
        place += 12 + length
        if kind not in PNG_NEEDED:
            yield PNG_TOLD.get(kind, "a text" if kind in {b"tEXt", b"zTXt", b"iTXt"} else "an application's notes")
        if kind == b"IEND":
            if data[place:]:
                yield "bytes behind its end"
            return
