"""Reading what editors really write in: text, .docx, .html, .eml; what it is is seen by its content.

No network, and no file but those beside a page that a browser saved with its pictures.
"""

import os
import re
from pathlib import Path
from urllib.parse import unquote

from briefing.collecting.brief import parse
from briefing.collecting.documents.archives import read_archive
from briefing.collecting.documents.document import Document, plain
from briefing.collecting.documents.html import read_html
from briefing.collecting.documents.mail import read_mail
from briefing.decoding import declared_in_markup, decode
from briefing.errors import BriefingError
from briefing.pictures import MOST_BYTES

__all__ = ["Document", "read_document"]

_WORD_97 = "is an old Word document (.doc), or one with a password; save it as .docx without one, or paste the text"
_RICH_TEXT = "is rich text (.rtf); save it as .docx, or paste the text"
_PDF = "is a PDF; paste its text, or save the document that it was made from as .docx"
_PICTURE = "is a picture; a brief is a text"
_OTHERS = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", _WORD_97),
    (b"{\\rtf", _RICH_TEXT),
    (b"%PDF-", _PDF),
    (b"\xff\xd8\xff", _PICTURE),
    (b"\x89PNG", _PICTURE),
    (b"GIF8", _PICTURE),
    (b"\x1f\x8b", "is packed (gzip); unpack it first"),
    (b"bplist00", "is a web archive of Safari; save the page as its source (.html), or paste the text"),
)
_PAGE = re.compile(
    r"<(?:!doctype\s+html|(?:html|head|body|meta|title|style|article|section|main|div|p|span|table|h[1-6]|ul|ol|a|b|strong"
    r"|center|font|img)[\s>/])",
    re.IGNORECASE,
)
_OTHER_XML = re.compile(r"<(?:\w{1,20}:)?(?:wordDocument|package|document)[\s>]")
_HEAD = 10_000
_FIELD = re.compile(rb"([A-Za-z][A-Za-z0-9-]{0,60}):.*|[ \t].*")
_MBOX = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:From [^\n]{1,200}\n)?")


def read_document(data: bytes, name: str, *, beside: Path | None = None) -> Document:
    """What is written in a document: the bytes of a file, and its name, which tells a page only if nothing else does.

    `beside` is the folder that the file lies in, for a page that was saved with its pictures; nothing outside of that
    folder is read.

    Raises BriefingError, one line: a kind that isn't read, with the cure; damaged, or made to do harm.
    """
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return read_archive(data)
    for mark, cure in _OTHERS:
        if data.startswith(mark):
            raise BriefingError(cure)
    if _is_mail(data):
        return read_mail(_MBOX.sub(b"", data, count=1))
    text = decode(data, declared_in_markup(data))
    beginning = _beginning(text[:_HEAD])
    if _OTHER_XML.match(beginning):
        raise BriefingError("is a document in XML; save it as .docx, or paste the text")
    if _PAGE.match(beginning) or name.lower().endswith((".html", ".htm", ".xhtml")):
        return read_html(text, lambda source: _beside(source, beside))
    return plain(parse.decode(data))


def _beginning(text: str) -> str:
    """Where markup begins, behind comments and declarations; "" where one doesn't end."""
    for begin, end in (("<!--", "-->"), ("<?", "?>")) * 5:
        text = text.lstrip()
        if text.startswith(begin):
            text = text.partition(end)[2]
    return text.lstrip()


def _is_mail(data: bytes) -> bool:
    """Whether a file begins with a mail's head: nothing but fields up to the first empty line, the usual ones too."""
    start = _MBOX.match(data)
    head = data[start.end() if start else 0 :][:200_000]
    names: set[bytes] = set()
    for line in head.split(b"\n"):
        field = _FIELD.fullmatch(line.rstrip(b"\r"))
        if not line.strip():
            break
        if field is None or not (field[1] or names):
            return False
        names.add((field[1] or b"").lower())
    return b"mime-version" in names or (b"from" in names and bool(names & {b"date", b"message-id", b"received"}))


def _beside(source: str, folder: Path | None) -> bytes | None:
    """A picture that a browser saved beside a page ("Brief_files/photo.jpg"); None where it lies elsewhere."""
    if folder is None or ":" in source or source.startswith(("/", "\\")):
        return None
    try:
        path = Path(os.path.realpath(folder / unquote(source)))
        if not path.is_relative_to(os.path.realpath(folder)) or not path.is_file():
            return None
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except (OSError, ValueError):
        return None
