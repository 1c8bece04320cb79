"""A web page (.html), as a browser saves it."""

from briefing.collecting.text.wordlists import words

from .document import Document
from .html import read_html
from .source_file import SourceFile

_ENDINGS = (".html", ".htm", ".xhtml")
_DOCTYPE = "!doctype html"
_FIRST_TAGS = words(
    """
    a article b body center div font h1 h2 h3 h4 h5 h6 head html img main meta ol p section span strong style table
    title ul
    """
)


def recognises(source: SourceFile) -> bool:
    """Recognise a page by its first element, or else by the file's name."""
    if source.first_tag == _DOCTYPE:
        return True
    if source.first_tag in _FIRST_TAGS:
        return True
    return source.name.lower().endswith(_ENDINGS)


def read(source: SourceFile) -> Document:
    """Read a page and the pictures that were saved with it. Raises BriefingError if it is too long
    for a brief.
    """
    return read_html(source.text, source.picture_beside)
