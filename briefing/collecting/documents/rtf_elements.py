"""Hand the paragraphs of rich text to the reader of pages, as the elements that a page would have."""

from collections.abc import Sequence

from .html import PageReader

_TABLE = ["table"]
_ROW = [*_TABLE, "tr"]
_CELL = [*_ROW, "td"]
"""The tags around a paragraph in a table, from outside."""


class RtfElements:
    """Keeps track of the elements that are open: a paragraph, lists, and a table."""

    def __init__(self, reader: PageReader) -> None:
        self._reader = reader
        self.level = 0
        """The level of the heading that the paragraph is; 0 for other paragraphs."""
        self.is_in_row = False
        """Whether the paragraph is in a table."""
        self.list_level = 0
        self.mark = ""
        """The mark of the item of a list that begins."""
        self.notes: list[str] = []
        """The footnotes of the paragraph."""
        self._paragraph = ""
        """The tag of the paragraph that is open."""
        self._around: list[str] = []
        """The tags that are open around the paragraph: those of lists, or of a table."""

    def reset_paragraph(self) -> None:
        """Make what follows an ordinary paragraph: no heading, and in no table or list."""
        self.level = 0
        self.is_in_row = False
        self.list_level = 0

    def begin_paragraph(self) -> None:
        """Begin a paragraph, unless one is open."""
        if self._paragraph:
            return
        mark, self.mark = self.mark, ""
        is_listed = bool(mark) and not (self.level or self.is_in_row)
        lists = ["ul"] * (self.list_level + 1) if is_listed else []
        self._open_around(_CELL if self.is_in_row else lists)
        self._paragraph = "li" if is_listed else self._tag_of_level()
        self._reader.start(self._paragraph)
        # Bullets are added later, as on any page (lists.py); a number is known only here.
        if any(map(str.isalnum, mark)):
            self._reader.data(f"{mark} ")

    def break_line(self) -> None:
        """End a line of the paragraph."""
        self.begin_paragraph()
        self._reader.empty("br")

    def end_paragraph(self) -> None:
        """End the paragraph; if none is open, it is an empty one."""
        self.begin_paragraph()
        self._close_paragraph()

    def end_cell(self) -> None:
        """End the paragraph and the cell of a table that it is in."""
        self.end_paragraph()
        self._close_inside(_ROW)

    def end_row(self) -> None:
        """End the row of a table."""
        self._close_inside(_TABLE)

    def finish(self) -> None:
        """End everything that is open."""
        self._close_paragraph()
        self._open_around([])

    def _tag_of_level(self) -> str:
        return f"h{self.level}" if self.level else "p"

    def _open_around(self, tags: Sequence[str]) -> None:
        """End and begin elements until exactly these are open around the paragraph."""
        while self._around != tags[: len(self._around)]:
            self._reader.end(self._around.pop())
        for tag in tags[len(self._around) :]:
            self._reader.start(tag)
            self._around.append(tag)

    def _close_inside(self, tags: Sequence[str]) -> None:
        """End what is open inside these elements of a table, if one is open."""
        if self._around[:1] == _TABLE:
            self._open_around(tags)

    def _close_paragraph(self) -> None:
        if not self._paragraph:
            return
        notes, self.notes = self.notes, []
        if notes and self._paragraph.startswith("h"):
            # The notes of a heading are a paragraph below it.
            self._reader.end(self._paragraph)
            self._paragraph = "p"
            self._reader.start("p")
            self._reader.data(notes.pop(0))
        for note in notes:
            self._reader.empty("br")
            self._reader.data(note)
        self._reader.end(self._paragraph)
        self._paragraph = ""
