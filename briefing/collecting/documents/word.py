"""Word documents (.docx), by mammoth.

mammoth gets a copy of the archive with only the parts that it needs, each checked: no macros,
settings, comments or embedded objects. In the copy, each picture's data is replaced by its name, so
that a picture is unpacked only if it is used.
"""

import io
import re
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lxml import etree

from briefing.errors import BriefingError

from .asides import COMMENT, PAGE_FOOTER, PAGE_HEADER, note_of, says_something
from .document import Document
from .html import read_html, without_hiding_characters
from .source_file import TOO_LARGE, Archive, SourceFile, damage_reported
from .xml_part import MOST_XML, parse_part

if TYPE_CHECKING:
    import mammoth

_MAIN_PART = re.compile(r"word/document\d*\.xml")
_NEEDED = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels"
    r"|word/(?:_rels/)?(?:document|styles|numbering|footnotes|endnotes)\d*\.xml(?:\.rels)?"
)
_ASIDE_PART = re.compile(r"word/(comments|header|footer)\d*\.xml")
_PICTURES = "word/media/"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_ASIDES = {
    "comments": (COMMENT, f"{_W}comment"),
    "header": (PAGE_HEADER, f"{_W}hdr"),
    "footer": (PAGE_FOOTER, f"{_W}ftr"),
}
"""What the parts beside the text contain, and in which elements."""
_HIDDEN = f".//{_W}r/{_W}rPr/{_W}vanish"
"""The marks of hidden runs; those in styles and paragraphs mean something else."""
_FALSE = {"0", "false", "off"}
_STYLES = """
p[style-name='List Bullet'] => ul > li:fresh
p[style-name='List Number'] => ol > li:fresh
p[style-name='List Bullet 2'] => ul|ol > li > ul > li:fresh
p[style-name='List Number 2'] => ul|ol > li > ol > li:fresh
p[style-name='Caption'] => figcaption:fresh
"""
"""Word's own styles: those for lists in lists have a numbering of their own, which doesn't say so."""


def recognises(source: SourceFile) -> bool:
    """Recognise .docx by its main part."""
    return any(map(_MAIN_PART.fullmatch, source.parts))


def read(source: SourceFile) -> Document:
    """Read .docx. Raises BriefingError if it is damaged, too large, or has entities in its XML."""
    # Most briefs are other documents, and start a tenth faster without it.
    import mammoth  # noqa: PLC0415

    from .word_footnotes import with_footnotes_in_place  # noqa: PLC0415

    archive = source.archive
    assert archive
    with damage_reported():
        left_out = _left_out(archive)
        page = mammoth.convert_to_html(
            _safe_copy(archive),
            transform_document=with_footnotes_in_place,
            convert_image=mammoth.images.img_element(_picture_name),
            ignore_empty_paragraphs=False,
            include_embedded_style_map=False,
            style_map=_STYLES,
            external_file_access=False,
        )
        document = read_html(page.value, archive.picture, keeps_tabs=True)
    return replace(document, left_out=[*document.left_out, *left_out])


def _left_out(archive: Archive) -> list[str]:
    """Notes on deleted text, and on comments and the headers and footers of pages, with their words."""
    notes: dict[str, None] = {}
    for name in filter(_MAIN_PART.fullmatch, archive.names):
        root = parse_part(archive.read(name, MOST_XML))
        if root.find(f".//{_W}del") is not None:
            notes[note_of("deleted text")] = None
    for name in archive.names:
        aside = _ASIDE_PART.fullmatch(name)
        if aside:
            root = parse_part(archive.read(name, MOST_XML))
            what, tag = _ASIDES[aside[1]]
            for words in map(_words_of, root.iter(tag)):
                if says_something(what, words):
                    notes[note_of(what, words)] = None
    return list(notes)


def _words_of(element: Any) -> str:
    paragraphs = map(_words_of_paragraph, element.iter(f"{_W}p"))
    return without_hiding_characters(" ".join(paragraphs))


def _words_of_paragraph(paragraph: Any) -> str:
    return "".join(text.text or "" for text in paragraph.iter(f"{_W}t"))


def _safe_copy(archive: Archive) -> io.BytesIO:
    names = list(filter(_NEEDED.fullmatch, archive.names))
    if sum(map(archive.size, names)) > MOST_XML:
        raise BriefingError(TOO_LARGE)
    copy = io.BytesIO()
    with zipfile.ZipFile(copy, "w") as safe:
        for name in names:
            data = archive.read(name, MOST_XML)
            safe.writestr(name, _checked_xml(data))
        for name in archive.names:
            if name.startswith(_PICTURES) and not name.endswith("/"):
                safe.writestr(name, name)
    return copy


def _checked_xml(data: bytes) -> bytes:
    """Remove the text that Word hides from a part in XML. Raises BriefingError if the part declares
    a document type.
    """
    root = parse_part(data)
    hidden: set[Any] = set()
    for mark in root.iterfind(_HIDDEN):
        value = mark.get(f"{_W}val", "1")
        if value.lower() not in _FALSE:
            properties = mark.getparent()
            hidden.add(properties.getparent())
    for run in hidden:
        run.getparent().remove(run)
    checked: bytes = etree.tostring(
        root, encoding="UTF-8", xml_declaration=True
    )
    return checked


def _picture_name(image: "mammoth.documents.Image") -> dict[str, str]:
    """Return an `img` with the picture's name, which the safe copy has instead of its data."""
    try:
        with image.open() as file:
            return {"src": file.read().decode()}
    except (OSError, LookupError, ValueError):
        return {"src": ""}  # a picture that is missing, or outside the document
