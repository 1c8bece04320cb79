"""OpenDocument texts (.odt), as LibreOffice saves them: ISO/IEC 26300.

The parts with text and styles are read with lxml, each checked and limited; pictures are unpacked
only if they are used. The text goes to the reader of pages as the elements that a page would have.
"""

from collections.abc import Iterable
from typing import Any

from .asides import COMMENT, PAGE_FOOTER, PAGE_HEADER
from .document import Document
from .html import PageReader
from .opendocument_styles import LIST, Styles, attribute, name_of
from .source_file import Archive, SourceFile, damage_reported
from .xml_part import MOST_XML, parse_part

_CONTENT = "content.xml"
_STYLES = "styles.xml"
_MIMETYPE = "application/vnd.oasis.opendocument.text"
"""Those of templates and the like begin with it."""
_MOST_SPACES = 100

_PAGE_TAGS = {
    "text:p": "p",
    "text:list-item": "li",
    "text:list-header": "li",
    "text:line-break": "br",
    "table:table": "table",
    "table:table-row": "tr",
    "table:table-cell": "td",
}
_SKIPPED = {
    "office:forms",
    "svg:title",
    "svg:desc",
    "text:note-citation",
    "text:hidden-text",
    "text:hidden-paragraph",
    "text:table-of-content",
    "text:illustration-index",
}
"""Not part of the text, or only a copy of its headings."""
_PARAGRAPHS = {"text:p", "text:h"}
_MARGINS = {"style:header": PAGE_HEADER, "style:footer": PAGE_FOOTER}
"""Also those of first and left pages: "style:header-left"."""


def recognises(source: SourceFile) -> bool:
    """Recognise .odt by its media type."""
    has_content = _CONTENT in source.parts
    return has_content and source.mimetype.startswith(_MIMETYPE)


def read(source: SourceFile) -> Document:
    """Read .odt. Raises BriefingError if it is damaged, too large, or has entities in its XML."""
    archive = source.archive
    assert archive
    with damage_reported():
        content = parse_part(archive.read(_CONTENT, MOST_XML))
        roots = [content]
        if _STYLES in archive.names:
            roots.insert(0, parse_part(archive.read(_STYLES, MOST_XML)))
        writer = _Writer(Styles(roots), archive)
        for element in content.iter("{*}body"):
            writer.write_children(element)
        writer.leave_out_margins(roots[0])
        return writer.reader.document()


class _Writer:
    """Hands the elements of a text to the reader of pages."""

    def __init__(self, styles: Styles, archive: Archive) -> None:
        self.reader = PageReader(archive.picture, keeps_tabs=True)
        self._styles = styles
        self._notes: list[Any] = []
        """Footnotes of the paragraph that is being written."""
        self._boxes: list[Any] = []
        """Text boxes that are anchored in it."""
        self._in_paragraph = False
        self._lists = [""]
        """The styles of the lists around, and "" for none."""

    def write_children(self, element: Any) -> None:
        """Write the text and the elements in an element."""
        self._text(element.text)
        for child in element:
            self._write(child)
            self._text(child.tail)

    def _text(self, text: str | None) -> None:
        if text:
            self.reader.data(text.replace("\t", " "))

    def _write(self, element: Any) -> None:
        name = name_of(element)
        if name in _SKIPPED:
            return
        if attribute(element, "text:display") == "none":
            return
        write = _WRITERS.get(name)
        if write:
            write(self, element)
        elif name in _PAGE_TAGS:
            self._within(_PAGE_TAGS[name], element)
        else:
            self.write_children(element)

    def _within(self, tag: str, element: Any, **attributes: str) -> None:
        self.reader.start(tag, attributes)
        self.write_children(element)
        self.reader.end(tag)

    # --- Paragraphs

    def _paragraph(self, element: Any) -> None:
        if self._in_paragraph:
            self._styled(element)
            return
        level = self._level(element)
        tag = f"h{level}" if level else "p"
        self._in_paragraph = True
        self.reader.start(tag)
        self._styled(element)
        if not level:
            self._write_notes_as_lines()
        self.reader.end(tag)
        self._write_notes_as_paragraphs()
        self._in_paragraph = False
        boxes, self._boxes = self._boxes, []
        for box in boxes:
            self.write_children(box)

    def _level(self, element: Any) -> int:
        """The level of a heading, from 1 to 6; 0 for other paragraphs."""
        level = attribute(element, "text:outline-level")
        # The format lets a heading leave out its level if that is the first.
        if not level.isdecimal() and name_of(element) == "text:h":
            level = "1"
        if not level.isdecimal():
            level = self._styles.level(attribute(element, "text:style-name"))
        return min(int(level), 6) if level.isdecimal() else 0

    def _styled(self, element: Any) -> None:
        """Write what is in a paragraph or a span, in its style."""
        style = self._styles.of(attribute(element, "text:style-name"))
        if style.is_hidden:
            return
        if style.is_struck:
            self.reader.start("s")
        if style.is_bold:
            self.reader.start("b")
        self.write_children(element)
        if style.is_bold:
            self.reader.end("b")
        if style.is_struck:
            self.reader.end("s")

    def _collect_note(self, element: Any) -> None:
        self._notes.append(element)

    def _collected_notes(self) -> list[Any]:
        """Return the footnotes so far, which then aren't collected any more."""
        notes, self._notes = self._notes, []
        return notes

    def _write_notes_as_lines(self) -> None:
        for note in self._collected_notes():
            self.reader.empty("br")
            self._write_note(note)

    def _write_notes_as_paragraphs(self) -> None:
        for note in self._collected_notes():
            self.reader.start("p")
            self._write_note(note)
            self.reader.end("p")

    def _write_note(self, note: Any) -> None:
        for position, paragraph in enumerate(_paragraphs(note)):
            if position:
                self.reader.empty("br")
            self._styled(paragraph)

    # --- Lists

    def _list(self, element: Any) -> None:
        style = attribute(element, "text:style-name") or self._lists[-1]
        is_numbered = self._styles.is_numbered(style, len(self._lists))
        self._lists.append(style)
        self._within("ol" if is_numbered else "ul", element)
        self._lists.pop()

    # --- Within a line

    def _link(self, element: Any) -> None:
        self._within("a", element, href=attribute(element, "xlink:href"))

    def _spaces(self, element: Any) -> None:
        count = attribute(element, "text:c")
        number = int(count) if count.isdecimal() and len(count) < 4 else 1
        self.reader.data(" " * min(number, _MOST_SPACES))

    def _tab(self, _element: Any) -> None:
        self.reader.data("\t")

    def _box(self, element: Any) -> None:
        if self._in_paragraph:
            self._boxes.append(element)
        else:
            self.write_children(element)

    def _picture(self, element: Any) -> None:
        frame = element.getparent()
        texts = (frame.findtext(f"{{*}}{name}") for name in ("desc", "title"))
        alt = next(filter(None, texts), "")
        address = attribute(element, "xlink:href").removeprefix("./")
        self.reader.empty("img", src=address, alt=alt)

    # --- What is left out

    def _deleted(self, element: Any) -> None:
        if element.find(".//{*}deletion") is not None:
            self.reader.leave_out("deleted text")

    def _comment(self, element: Any) -> None:
        self.reader.leave_out(COMMENT, _words_of(element))

    def leave_out_margins(self, styles: Any) -> None:
        """Note the headers and footers of pages, which are among the styles."""
        for element in styles.iter():
            name = name_of(element)
            for margin, what in _MARGINS.items():
                if name.startswith(margin):
                    self.reader.leave_out_aside(what, _words_of(element))


_WRITERS = {
    "text:p": _Writer._paragraph,
    "text:h": _Writer._paragraph,
    "text:span": _Writer._styled,
    "text:a": _Writer._link,
    "text:s": _Writer._spaces,
    "text:tab": _Writer._tab,
    LIST: _Writer._list,
    "text:note": _Writer._collect_note,
    "draw:image": _Writer._picture,
    "draw:text-box": _Writer._box,
    "text:tracked-changes": _Writer._deleted,
    "office:annotation": _Writer._comment,
}


def _words_of(element: Any) -> str:
    return " ".join(
        "".join(paragraph.itertext()) for paragraph in _paragraphs(element)
    )


def _paragraphs(element: Any) -> Iterable[Any]:
    return (child for child in element.iter() if name_of(child) in _PARAGRAPHS)
