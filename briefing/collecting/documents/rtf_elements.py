"""Hand the paragraphs of rich text to the reader of pages, as the elements that a page would have."""

from .html import PageReader


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
        self._lists = 0
        """How many lists are open."""
        self._row: list[str] = []
        """The tags of the table that are open."""

    def reset_paragraph(self) -> None:
        """Forget what the paragraphs so far were: headings, and in a table or list."""
        self.level = 0
        self.is_in_row = False
        self.list_level = 0

    def begin_paragraph(self) -> None:
        """Begin a paragraph, unless one is open."""
        if self._paragraph:
            return
        mark, self.mark = self.mark, ""
        is_listed = bool(mark) and not self.level and not self.is_in_row
        self._open_lists(self.list_level + 1 if is_listed else 0)
        if self.is_in_row:
            self._begin_cell()
        else:
            self._close_table("")
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
        self._close_table("tr")

    def end_row(self) -> None:
        """End the row of a table."""
        self._close_table("table")

    def finish(self) -> None:
        """End everything that is open."""
        self._close_paragraph()
        self._close_table("")
        self._open_lists(0)

    def _begin_cell(self) -> None:
        """Begin what isn't open of a table, a row and a cell."""
        for tag in ("table", "tr", "td")[len(self._row) :]:
            self._reader.start(tag)
            self._row.append(tag)

    def _tag_of_level(self) -> str:
        return f"h{self.level}" if self.level else "p"

    def _open_lists(self, count: int) -> None:
        """Begin or end lists until so many are open."""
        while self._lists < count:
            self._reader.start("ul")
            self._lists += 1
        while self._lists > count:
            self._reader.end("ul")
            self._lists -= 1

    def _close_paragraph(self) -> None:
        if not self._paragraph:
            return
        notes, self.notes = self.notes, []
        is_heading = self._paragraph.startswith("h")
        if notes and is_heading:
            # The notes of a heading are a paragraph below it.
            self._reader.end(self._paragraph)
            self._paragraph = "p"
            self._reader.start("p")
        for position, note in enumerate(notes):
            if position or not is_heading:
                self._reader.empty("br")
            self._reader.data(note)
        self._reader.end(self._paragraph)
        self._paragraph = ""

    def _close_table(self, outer: str) -> None:
        """End what is open of a table inside an element of it; "" for all of it."""
        while self._row and self._row[-1] != outer:
            self._reader.end(self._row.pop())
