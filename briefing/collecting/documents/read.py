"""Read what editors write a brief in: text, .docx, .html, .eml. No network.

To add a format: write a module with two functions, one that recognises a SourceFile by its content and one that reads
it into a Document, and add them to FORMATS. If the format comes as a zip archive, look into `source.archive`. If it
was refused until now, remove it from `unsupported.toml`.
"""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from briefing.collecting.brief.parse import decode
from briefing.collecting.documents import mail, web_page, word
from briefing.collecting.documents.document import Document, from_text
from briefing.collecting.documents.source_file import SourceFile
from briefing.collecting.documents.unsupported import refuse_unsupported
from briefing.errors import BriefingError


class Format(NamedTuple):
    """A format of documents."""

    recognizes: Callable[[SourceFile], bool]
    read: Callable[[SourceFile], Document]


FORMATS = (
    Format(word.is_word_document, word.read_word_document),
    Format(web_page.is_zipped_page, web_page.read_zipped_page),
    Format(mail.is_mail, mail.read_mail),
    Format(web_page.is_web_page, web_page.read_web_page),
)
"""In the order in which they are tried. What none of them recognises is plain text."""


def read_document(data: bytes, name: str, *, beside: Path | None = None) -> Document:
    """Read a document from the bytes of a file, by its content; its name is asked only if that says nothing.

    `beside` is the folder that the file is in, for a page that was saved with its pictures; nothing outside that
    folder is read.

    Raises BriefingError, in one line: the format isn't supported, or the file is damaged, too large or hostile.
    """
    source = SourceFile(data, name, beside)
    refuse_unsupported(source)
    for candidate in FORMATS:
        if candidate.recognizes(source):
            return candidate.read(source)
    if source.archive:
        raise BriefingError("is a zip archive, not a document; unpack it, and use the document in it")
    return from_text(decode(data))
