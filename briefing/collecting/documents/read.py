"""Read the formats in which editors write briefs. No network.

To add a format, write a module with two functions, `recognises` and `read` (see `Format`), and add
it to FORMATS. If the format comes as a zip archive, look into `source.archive`. If it was refused
until now, remove it from `unsupported.toml`, which is asked first. Add the sample brief in this
format to `forms` in tests/collecting/documents/test_read.py.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

from briefing.errors import BriefingError

from . import (
    mail,
    markdown_text,
    opendocument,
    rtf,
    web_page,
    word,
    zipped_page,
)
from .document import Document, decode_brief, from_text
from .source_file import SourceFile
from .unsupported import refuse_unsupported


class Format(Protocol):
    """A module that reads one format."""

    def recognises(self, source: SourceFile) -> bool:
        """Whether a file has this format, judging by its content, or else by its name."""

    def read(self, source: SourceFile) -> Document:
        """Read the file. Raises BriefingError if it is damaged, too large or hostile, with one line
        that says what to do.
        """


FORMATS: tuple[Format, ...] = (
    word,
    opendocument,
    zipped_page,
    rtf,
    markdown_text,
    mail,
    web_page,
)
"""In the order in which they are tried. What none of them recognises is plain text."""


def read_document(
    data: bytes,
    name: str,
    *,
    beside: Mapping[str, bytes] | None = None,
) -> Document:
    """Read a document from the bytes of a file and its name.

    `beside` are the pictures that a page was saved with, by the names that it has for them.

    Raises BriefingError, with one line, if the format isn't supported, or the file is damaged, too
    large or hostile.
    """
    source = SourceFile(data, name, beside or {})
    refuse_unsupported(source)
    for candidate in FORMATS:
        if candidate.recognises(source):
            document = candidate.read(source)
            return replace(document, missing=list(source.missing))
    if source.archive:
        raise BriefingError(
            "is a zip archive, not a document; unpack it and use the document in it"
        )
    return from_text(decode_brief(data))
