"""A zip archive from a stranger: opened with limits on its number of parts and on their unpacked size."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from xml.parsers.expat import ExpatError

from lxml import etree

from briefing.errors import BriefingError
from briefing.pictures import MOST_BYTES

MOST_PARTS = 2_000
MOST_UNPACKED = 150 * 1024 * 1024
TOO_LARGE = "is too large when unpacked; paste the text instead"

_SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06")  # a first file, or the end of an archive without files
_DIRECTORY_ENTRY = b"PK\x01\x02"
_UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError)
# mammoth doesn't check what it reads, so that damage shows as almost any error.
_MALFORMED = (etree.LxmlError, ExpatError, LookupError, ValueError, TypeError, AttributeError)


def is_archive(data: bytes) -> bool:
    """Tell whether a file begins as zip archives do."""
    return data.startswith(_SIGNATURES)


@contextmanager
def damage_reported() -> Iterator[None]:
    """Raise BriefingError for whatever the libraries raise on a damaged or hostile archive."""
    try:
        yield
    except RecursionError:
        raise BriefingError("is nested too deeply; paste the text instead") from None
    except (*_UNREADABLE, *_MALFORMED) as error:
        raise BriefingError("is damaged or cut off; save it again, or paste the text") from error


class Archive:
    """The parts of a zip archive by name. Everything raises BriefingError: the archive is damaged or too large."""

    def __init__(self, data: bytes) -> None:
        if data.count(_DIRECTORY_ENTRY) > MOST_PARTS:  # before zipfile makes an object of each
            raise BriefingError("has too many parts for a document; paste the text instead")
        with damage_reported():
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        self._parts = {part.filename: part for part in self._zip.infolist()}
        if sum(part.file_size for part in self._parts.values()) > MOST_UNPACKED:
            raise BriefingError(TOO_LARGE)

    @property
    def names(self) -> list[str]:
        """The names of the parts."""
        return list(self._parts)

    def size(self, name: str) -> int:
        """The unpacked size that the archive claims for a part, in bytes."""
        return self._parts[name].file_size

    def read(self, name: str, most: int = MOST_UNPACKED) -> bytes:
        """Unpack a part of at most `most` bytes; no more are unpacked even if the archive lies about its size."""
        if self.size(name) > most:
            raise BriefingError(TOO_LARGE)
        with damage_reported(), self._zip.open(name) as file:
            return file.read(most)

    def picture(self, name: str) -> bytes | None:
        """Unpack a picture; None if it is missing, damaged or too large."""
        if name not in self._parts:
            return None
        try:
            return self.read(name, MOST_BYTES)
        except BriefingError:
            return None
