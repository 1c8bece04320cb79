"""The file that a document is read from, seen in the ways that formats are recognised by."""

import os
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote

from briefing.collecting.documents.archive import Archive, is_archive
from briefing.decoding import declared_in_markup, decode
from briefing.pictures import MOST_BYTES

_FIRST_TAG = re.compile(r"<(!doctype\s+\w+|[\w:]+)[\s>/]", re.IGNORECASE)
_HEAD = 10_000
_MOST_PROLOGUES = 5


@dataclass(frozen=True)
class SourceFile:
    """The bytes of a file, its name, and the folder it is in; None if it has none, as on standard input."""

    data: bytes
    name: str
    folder: Path | None = None

    @cached_property
    def archive(self) -> Archive | None:
        """The file as a zip archive; None if it isn't one. Raises BriefingError if it is damaged or too large."""
        return Archive(self.data) if is_archive(self.data) else None

    @cached_property
    def text(self) -> str:
        """The file as text, by the encoding that it declares in its markup, if it has any."""
        return decode(self.data, declared_in_markup(self.data))

    @cached_property
    def first_tag(self) -> str:
        """The element that the markup begins with, in lower case ("html", "w:document"); "" for other text."""
        match = _FIRST_TAG.match(_after_prologue(self.text[:_HEAD]))
        return " ".join(match[1].lower().split()) if match else ""

    def picture_beside(self, source: str) -> bytes | None:
        """Return a picture that a browser saved with the page ("Brief_files/photo.jpg").

        Nothing outside the page's folder is read: None for any other address, and for a link that leads out of it.
        """
        if self.folder is None or ":" in source or source.startswith(("/", "\\")):
            return None
        try:
            path = Path(os.path.realpath(self.folder / unquote(source)))
            if not path.is_relative_to(os.path.realpath(self.folder)) or not path.is_file():
                return None
            with path.open("rb") as file:
                return file.read(MOST_BYTES + 1)
        except (OSError, ValueError):
            return None


def _after_prologue(text: str) -> str:
    """Skip the comments and declarations before the first element; "" if one doesn't end."""
    for start, end in (("<!--", "-->"), ("<?", "?>")) * _MOST_PROLOGUES:
        text = text.lstrip()
        if text.startswith(start):
            text = text.partition(end)[2]
    return text.lstrip()
