"""Web pages: saved by a browser (.html), or exported by Google Docs as a zip archive with their pictures."""

from posixpath import dirname, join, normpath
from urllib.parse import unquote

from briefing.collecting.documents.document import Document
from briefing.collecting.documents.html import read_html
from briefing.collecting.documents.source_file import SourceFile
from briefing.collecting.text.wordlists import words
from briefing.decoding import declared_in_markup, decode

_ENDINGS = (".html", ".htm", ".xhtml")
_DOCTYPE = "!doctype html"
_FIRST_TAGS = words(
    """
    a article b body center div font h1 h2 h3 h4 h5 h6 head html img main meta ol p section span strong style table
    title ul
    """
)


def is_web_page(source: SourceFile) -> bool:
    """Recognise a page by its first element, or else by the file's name."""
    if source.first_tag == _DOCTYPE or source.first_tag in _FIRST_TAGS:
        return True
    return _is_named_page(source.name)


def read_web_page(source: SourceFile) -> Document:
    """Read a page and the pictures that were saved with it. Raises BriefingError if it is too long for a brief."""
    return read_html(source.text, source.picture_beside)


def is_zipped_page(source: SourceFile) -> bool:
    """Recognise an archive with exactly one page in it."""
    return len(_zipped_pages(source)) == 1


def read_zipped_page(source: SourceFile) -> Document:
    """Read the page in an archive with its pictures. Raises BriefingError if it is damaged or too long for a brief."""
    archive = source.archive
    assert archive
    name = _zipped_pages(source)[0]
    data = archive.read(name)

    def find(picture: str) -> bytes | None:
        path = join(dirname(name), unquote(picture))
        return archive.picture(normpath(path))

    return read_html(decode(data, declared_in_markup(data)), find)


def _zipped_pages(source: SourceFile) -> list[str]:
    """Return the pages in an archive, without the hidden files that macOS adds ("__MACOSX/._Brief.html")."""
    pages = filter(_is_named_page, source.parts)
    return [name for name in pages if "/." not in f"/{name}"]


def _is_named_page(name: str) -> bool:
    return name.lower().endswith(_ENDINGS)
