"""Formats that aren't read: how each is recognised, and what the editor can do instead."""

from briefing.collecting.documents.archive import Archive
from briefing.collecting.documents.source_file import SourceFile
from briefing.errors import BriefingError

_PICTURE = "is a picture, and a brief is text; paste the text"
_PAGES = "is a Pages document; export it as Word (.docx), or paste the text"
_BY_FIRST_BYTES = {
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": (
        "is an old Word document (.doc), or has a password; save it as .docx without a password, or paste the text"
    ),
    b"{\\rtf": "is rich text (.rtf); save it as .docx, or paste the text",
    b"%PDF-": "is a PDF; paste its text, or save the document it was made from as .docx",
    b"\xff\xd8\xff": _PICTURE,
    b"\x89PNG": _PICTURE,
    b"GIF8": _PICTURE,
    b"\x1f\x8b": "is compressed (gzip); unpack it first",
    b"bplist00": "is a web archive from Safari; save the page as page source (.html), or paste the text",
}
_BY_MIMETYPE = {
    "application/vnd.oasis.opendocument.text": "is an OpenDocument text (.odt); save it as .docx, or paste the text",
}
_LONGEST_MIMETYPE = 100
_BY_PART = {
    "Index/Document.iwa": _PAGES,
    "index.apxl": _PAGES,
    "xl/workbook.xml": "is a spreadsheet; save its text as .docx, or paste it",
    "ppt/presentation.xml": "is a presentation; save its text as .docx, or paste it",
}
_WORD_XML_TAGS = {"worddocument", "package", "document"}


def refuse_unsupported(source: SourceFile) -> None:
    """Raise BriefingError, with what to do, if a file is of a known format that isn't read."""
    for signature, advice in _BY_FIRST_BYTES.items():
        if source.data.startswith(signature):
            raise BriefingError(advice)
    if source.archive:
        _refuse_unsupported_archive(source.archive)
    elif source.first_tag.rpartition(":")[2] in _WORD_XML_TAGS:
        raise BriefingError("is a document in XML; save it as .docx, or paste the text")


def refuse_other_archive() -> None:
    """Raise BriefingError for a zip archive that holds no document."""
    raise BriefingError("is a zip archive, not a document; unpack it, and use the document in it")


def _refuse_unsupported_archive(archive: Archive) -> None:
    for part, advice in _BY_PART.items():
        if part in archive.names:
            raise BriefingError(advice)
    if "mimetype" in archive.names:
        mimetype = archive.read("mimetype", _LONGEST_MIMETYPE).decode("latin-1").strip()
        if mimetype in _BY_MIMETYPE:
            raise BriefingError(_BY_MIMETYPE[mimetype])
