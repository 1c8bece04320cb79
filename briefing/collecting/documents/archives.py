"""Documents that are zip archives: Word's .docx, and a page with its pictures as Google Docs exports it.

An archive is opened warily: few parts, small when unpacked, no entities, nothing from outside of it, no macros.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from posixpath import dirname, join, normpath
from urllib.parse import unquote
from xml.parsers.expat import ExpatError

import mammoth
from lxml import etree

from briefing.collecting.documents.document import Document
from briefing.collecting.documents.html import read_html
from briefing.decoding import declared_in_markup, decode
from briefing.errors import BriefingError
from briefing.pictures import MOST_BYTES

MOST_PARTS = 2_000
MOST_UNPACKED = 150 * 1024 * 1024
MOST_XML = 4_000_000
"""Bytes of a document's words with their markup: 100 pages have 1 MB."""
_DAMAGED = "is damaged or cut off; save it once more, or paste the text"
_TOO_LARGE = "unpacks to more than any brief; paste the text"

# What mammoth reads of a document, and no more: no comments, headers, settings, macros or embedded objects.
_PART = r"(?:document|styles|numbering|footnotes|endnotes)\d*\.xml"
_READ = re.compile(rf"\[Content_Types\]\.xml|_rels/\.rels|word/(?:{_PART}|_rels/{_PART}\.rels)")
_MEDIA = re.compile(r"word/media/[^/]+")
_WORDS = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_OFF = {"0", "false", "off"}
_OTHERS = (
    ("application/vnd.oasis.opendocument.text", "is an OpenDocument text (.odt); save it as .docx, or paste the text"),
    ("Index/Document.iwa", "is a Pages document; export it as Word (.docx), or paste the text"),
    ("index.apxl", "is a Pages document; export it as Word (.docx), or paste the text"),
    ("xl/workbook.xml", "is a spreadsheet; a brief is a text: save it as .docx, or paste it"),
    ("ppt/presentation.xml", "is a presentation; a brief is a text: save it as .docx, or paste it"),
)


def read_archive(data: bytes) -> Document:
    """The document in a zip archive. Raises BriefingError: damaged, too large, another kind of document."""
    if data.count(b"PK\x01\x02") > MOST_PARTS:
        raise BriefingError("has more parts than any document; paste the text")
    with _mishaps(), zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {part.filename: part for part in archive.infolist()}
        if sum(part.file_size for part in parts.values()) > MOST_UNPACKED:
            raise BriefingError(_TOO_LARGE)
        if "word/document.xml" in parts or any(re.fullmatch(r"word/document\d+\.xml", name) for name in parts):
            return _read_word(archive, parts)
        pages = [name for name in parts if name.lower().endswith((".html", ".htm")) and "/." not in f"/{name}"]
        mimetype = _unpacked(archive, parts["mimetype"], 100).decode("latin-1") if "mimetype" in parts else ""
        for mark, cure in _OTHERS:
            if mark in parts or mark == mimetype.strip():
                raise BriefingError(cure)
        if len(pages) == 1:
            return _read_page(archive, parts, pages[0])
    raise BriefingError("is a zip archive and no document; unpack it, and name the document that is in it")


@contextmanager
def _mishaps() -> Iterator[None]:
    """Whatever a damaged or hostile archive makes the libraries raise, as one line."""
    try:
        yield
    except RecursionError:
        raise BriefingError("is nested deeper than any document; paste the text") from None
    except (
        *(zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError),
        *(etree.LxmlError, ExpatError, LookupError, ValueError, TypeError, AttributeError),
    ) as error:
        raise BriefingError(_DAMAGED) from error


def _unpacked(archive: zipfile.ZipFile, part: zipfile.ZipInfo, most: int) -> bytes:
    """A part, at most `most` bytes of it at once: what an archive says of a part's size may be a lie."""
    if part.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise BriefingError(_DAMAGED)  # no program writes others, and their bombs can't be unpacked bit by bit
    if part.file_size > most:
        raise BriefingError(_TOO_LARGE)
    with archive.open(part) as file:
        return file.read(most)


def _picture(archive: zipfile.ZipFile, part: zipfile.ZipInfo | None) -> bytes | None:
    """A picture; None where there is none, or one that is too large or damaged."""
    try:
        return _unpacked(archive, part, MOST_BYTES) if part else None
    except (BriefingError, zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError):
        return None


# --- A page with its pictures ------------------------------------------------------------------------------------


def _read_page(archive: zipfile.ZipFile, parts: dict[str, zipfile.ZipInfo], name: str) -> Document:
    data = _unpacked(archive, parts[name], MOST_UNPACKED)

    def find(source: str) -> bytes | None:
        return _picture(archive, parts.get(normpath(join(dirname(name), unquote(source)))))

    return read_html(decode(data, declared_in_markup(data)), find)


# --- Word --------------------------------------------------------------------------------------------------------


def _read_word(archive: zipfile.ZipFile, parts: dict[str, zipfile.ZipInfo]) -> Document:
    """A .docx by mammoth, which is given a copy of what it needs: checked, and with the name of each picture for it."""
    read = [part for name, part in parts.items() if _READ.fullmatch(name)]
    if sum(part.file_size for part in read) > MOST_XML:
        raise BriefingError(_TOO_LARGE)
    copy = io.BytesIO()
    with zipfile.ZipFile(copy, "w") as safe:
        for part in read:
            safe.writestr(part.filename, _checked(_unpacked(archive, part, MOST_XML)))
        for name in parts:
            if _MEDIA.fullmatch(name):
                safe.writestr(name, name)
    converted = mammoth.convert_to_html(
        copy,
        convert_image=mammoth.images.img_element(_name_of_picture),
        ignore_empty_paragraphs=False,
        include_embedded_style_map=False,
        external_file_access=False,
    )
    return read_html(converted.value, lambda source: _picture(archive, parts.get(source)))


def _name_of_picture(image: "mammoth.documents.Image") -> dict[str, str]:
    try:
        with image.open() as file:
            return {"src": file.read().decode()}
    except (OSError, LookupError, ValueError):  # outside of the document, or not in it
        return {"src": ""}


def _checked(data: bytes) -> bytes:
    """A part of XML without entities, and without the words that Word doesn't show."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    root = etree.fromstring(data, parser)
    if root.getroottree().docinfo.doctype:
        raise BriefingError("holds entities, as no document does; paste the text")
    for hidden in list(root.iter(f"{_WORDS}vanish")):
        properties = hidden.getparent()
        run = properties.getparent() if properties is not None else None
        shown = hidden.get(f"{_WORDS}val", "1").lower() in _OFF
        if run is not None and run.tag == f"{_WORDS}r" and run.getparent() is not None and not shown:
            run.getparent().remove(run)
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True))
