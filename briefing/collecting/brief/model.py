"""What was read in a brief: its items, each with notes for the editor, and its introduction."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from briefing.collecting.brief.lines.addresses import beginning
from briefing.issue.model import Item

NOT_AN_ITEM = "no headline, source or link: is this an item?"
LEFT_OUT_ABOVE = "left out above it: "
"""What a note on a line above an item begins with."""
_LONGEST_QUOTE = 60


@dataclass(frozen=True, slots=True)
class ParsedItem:
    """An item of a brief, with notes in short phrases: "no link"."""

    item: Item
    notes: tuple[str, ...] = ()
    paragraphs: tuple[int, ...] = field(default=(), compare=False, repr=False)
    """The numbers of the brief's paragraphs that it was made from."""
    section: str = ""
    """The title of the section that it stood under, as the brief writes it."""

    def with_notes(self, notes: Iterable[str]) -> "ParsedItem":
        """The item with further notes."""
        return replace(self, notes=(*self.notes, *notes))

    def without_note(self, note: str) -> "ParsedItem":
        """The item without a note, if it has this one."""
        others = (known for known in self.notes if known != note)
        return replace(self, notes=tuple(others))


@dataclass(frozen=True, slots=True)
class Brief:
    """What a pasted brief contains."""

    items: list[ParsedItem] = field(default_factory=list)
    introduction: str = ""
    """What the brief says to its readers above the first item, as Markdown."""
    photos: dict[str, bytes] = field(default_factory=dict)
    """The document's photos, without metadata, by the file name in an item's `image`."""
    layout: str = ""
    """How its items are divided, one of LAYOUTS; empty if each line was read by its own words."""
    is_headed: bool = False
    """Whether each item begins with a headline of the level that headlines have in the document."""


def left_out_above(words: str) -> str:
    """The note on a line above an item that belongs to none."""
    return f"{LEFT_OUT_ABOVE}“{words}”"


def left_out_below(words: str) -> str:
    """The note on a line below an item that belongs to none."""
    return f"left out below it: “{words}”"


def note_on_introduction(words: str) -> str:
    """The note, on the first item, on an introduction with these words."""
    quote = beginning(words, _LONGEST_QUOTE)
    return f"moved to the introduction: “{quote}”"
