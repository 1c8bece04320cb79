"""Move the footnotes of a Word document to the paragraphs that refer to them."""

from typing import Any

from mammoth import documents


def with_footnotes_in_place(document: Any) -> Any:
    """Return mammoth's document with each note as lines of the paragraph that refers to it, or as a
    paragraph below a heading.
    """
    mover = _Mover(document.notes)
    children = mover.moved(document.children)
    return document.copy(children=children, notes=documents.notes([]))


class _Mover:
    def __init__(self, notes: Any) -> None:
        self._notes = notes
        self._below: list[Any] = []
        """The notes that the current paragraph refers to."""

    def moved(self, children: list[Any]) -> list[Any]:
        """Return elements without references to notes, and with the notes in their paragraphs."""
        result: list[Any] = []
        for child in children:
            if isinstance(child, documents.NoteReference):
                self._refer_to(child)
            elif isinstance(child, documents.Paragraph):
                result += self._paragraph(child)
            elif isinstance(child, documents.HasChildren):
                result.append(child.copy(children=self.moved(child.children)))
            else:
                result.append(child)
        return result

    def _refer_to(self, reference: Any) -> None:
        try:
            self._below.append(self._notes.resolve(reference))
        except KeyError:
            return  # the note is missing: there is nothing to read

    def _paragraph(self, paragraph: Any) -> list[Any]:
        children = self.moved(paragraph.children)
        notes, self._below = self._below, []
        bodies = [body for note in notes for body in note.body]
        style = (paragraph.style_name or "").lower()
        if style.startswith(("heading", "title")):
            return [paragraph.copy(children=children), *bodies]
        for body in bodies:
            children += [documents.line_break, *getattr(body, "children", ())]
        return [paragraph.copy(children=children)]
