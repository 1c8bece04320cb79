"""The file that a document is read from: its bytes, its text, and its parts if it is a zip archive."""

import io
import re
import zipfile
import zlib
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from xml.parsers.expat import ExpatError

from lxml import etree

from briefing.errors import BriefingError
from briefing.photos.pictures import MOST_BYTES
from briefing.text.decoding import declared_in_markup, decode

MOST_PARTS = 2_000
MOST_UNPACKED = 150 * 1024 * 1024
TOO_LARGE = "is too large when unpacked; paste the text instead"

# The first part of a zip archive, or the end of one without parts.
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_DIRECTORY_ENTRY = b"PK\x01\x02"
_FIRST_TAG = re.compile(r"<(!doctype\s+\w+|[\w:]+)[\s>/]", re.IGNORECASE)
_HEAD = 10_000
_MOST_PROLOGUES = 5
_LONGEST_MIMETYPE = 100
# mammoth and zipfile check little of what they read, so damage may cause almost any error.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    etree.LxmlError,
    ExpatError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)


@contextmanager
def damage_reported() -> Iterator[None]:
    """Raise BriefingError for anything that the libraries raise on a damaged or hostile archive."""
    try:
        yield
    except RecursionError:
        raise BriefingError(
            "is nested too deeply; paste the text instead"
        ) from None
    except _DAMAGE as error:
        raise BriefingError(
            "is damaged or cut off; save it again, or paste the text"
        ) from error


class Archive:
    """The parts of a zip archive by name. All methods raise BriefingError if the archive is damaged
    or too large.
    """

    def __init__(self, data: bytes) -> None:
        # Counted before zipfile creates an object for each.
        if data.count(_DIRECTORY_ENTRY) > MOST_PARTS:
            raise BriefingError(
                "has too many parts for a document; paste the text instead"
            )
        with damage_reported():
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        self.names = self._zip.namelist()
        unpacked = sum(map(self.size, self.names))
        if unpacked > MOST_UNPACKED:
            raise BriefingError(TOO_LARGE)

    def size(self, name: str) -> int:
        """Return the unpacked size that the archive claims for a part, in bytes."""
        return self._zip.getinfo(name).file_size

    def read(self, name: str, most: int = MOST_UNPACKED) -> bytes:
        """Unpack a part, but never more than `most` bytes, even if the archive lies about its size."""
        if self.size(name) > most:
            raise BriefingError(TOO_LARGE)
        with damage_reported(), self._zip.open(name) as file:
            return file.read(most)

    def picture(self, name: str) -> bytes | None:
        """Unpack a picture; None if it is missing, damaged or too large."""
        if name not in self.names:
            return None
        try:
            return self.read(name, MOST_BYTES)
        except BriefingError:
            return None


@dataclass(frozen=True)
class SourceFile:
    """The bytes of a file, its name, and the pictures beside it."""

    data: bytes
    name: str
    beside: Mapping[str, bytes] = field(default_factory=dict)
    """By the names that the page has for them."""
    missing: dict[str, None] = field(default_factory=dict)
    """The names of pictures that weren't beside it, in the order they were looked for."""

    @cached_property
    def archive(self) -> Archive | None:
        """The file as a zip archive; None if it isn't one. Raises BriefingError if it is damaged or
        too large.
        """
        if not self.data.startswith(_ZIP):
            return None
        return Archive(self.data)

    @cached_property
    def parts(self) -> Collection[str]:
        """The names of the archive's parts; none if the file isn't an archive."""
        return self.archive.names if self.archive else ()

    @cached_property
    def mimetype(self) -> str:
        """The media type that the archive of an OpenDocument file names; "" for other files."""
        if not self.archive or "mimetype" not in self.parts:
            return ""
        data = self.archive.read("mimetype", _LONGEST_MIMETYPE)
        return data.decode("latin-1").strip()

    @cached_property
    def text(self) -> str:
        """The file as text, by the encoding that its markup declares, if it has any."""
        return decode(self.data, declared_in_markup(self.data))

    @cached_property
    def first_tag(self) -> str:
        """The element that the markup begins with, in lower case ("html", "w:document"); "" for
        other text.
        """
        start = _after_prologue(self.text[:_HEAD])
        match = _FIRST_TAG.match(start)
        if match is None:
            return ""
        words = match[1].lower().split()
        return " ".join(words)

    def picture_beside(self, name: str) -> bytes | None:
        """Return a picture that was saved with the page, and record the name of one that wasn't
        passed in.
        """
        data = self.beside.get(name)
        if data is None:
            self.missing[name] = None
        return data


def _after_prologue(text: str) -> str:
    """Skip the comments and declarations before the first element; "" if one doesn't end."""
    for _ in range(_MOST_PROLOGUES):
        text = text.lstrip()
        if text.startswith("<!--"):
            text = text.partition("-->")[2]
        elif text.startswith("<?"):
            text = text.partition("?>")[2]
    return text.lstrip()
