"""A web page that Google Docs exported as a zip archive with its pictures."""

from posixpath import dirname, join, normpath
from urllib.parse import unquote

from briefing.text.decoding import declared_in_markup, decode

from .document import Document
from .html import read_html
from .source_file import SourceFile

_ENDINGS = (".html", ".htm")


def recognises(source: SourceFile) -> bool:
    """Recognise an archive with exactly one page in it."""
    return len(_pages(source)) == 1


def read(source: SourceFile) -> Document:
    """Read the page in an archive with its pictures. Raises BriefingError if it is damaged or too
    long for a brief.
    """
    archive = source.archive
    assert archive
    name = _pages(source)[0]
    data = archive.read(name)

    def find(picture: str) -> bytes | None:
        path = join(dirname(name), unquote(picture))
        return archive.picture(normpath(path))

    return read_html(decode(data, declared_in_markup(data)), find)


def _pages(source: SourceFile) -> list[str]:
    """Return the pages in an archive, without the hidden files that macOS adds
    ("__MACOSX/._Brief.html").
    """
    shown = (name for name in source.parts if "/." not in f"/{name}")
    return [name for name in shown if name.lower().endswith(_ENDINGS)]
