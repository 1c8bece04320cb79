"""What is read from a document, whatever its form: paragraphs, and where its pictures stand. No I/O."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from briefing.collecting.brief.paragraphs import EmbeddedPicture, Paragraph, split_paragraphs
from briefing.errors import BriefingError

MOST_TEXT = 1_000_000
"""Characters to read."""
MOST_PARAGRAPHS = 20_000
TOO_MUCH = "has more in it than any brief; paste the text of the brief alone"

Find = Callable[[str], bytes | None]
"""The bytes of the picture that a document names so ("cid:…", "images/1.jpg"); None where it has none. No network."""


@dataclass(frozen=True, slots=True)
class Document:
    """The paragraphs of a document, in the order in which one reads them, and its pictures."""

    paragraphs: list[Paragraph] = field(default_factory=list)
    pictures: list[EmbeddedPicture] = field(default_factory=list)

    @property
    def length(self) -> int:
        """How many characters its words have."""
        return sum(len(line) for paragraph in self.paragraphs for line in paragraph.lines)


def plain(text: str) -> Document:
    """Plain text as a document. Raises BriefingError if there is more of it than in any brief."""
    if len(text) <= MOST_TEXT and len(found := split_paragraphs(text)) <= MOST_PARAGRAPHS:
        return Document(found)
    raise BriefingError(TOO_MUCH)


def together(documents: Iterable[Document]) -> Document:
    """Documents, one below the other, as one."""
    whole = Document()
    for document in documents:
        above = len(whole.paragraphs)
        whole.paragraphs.extend(document.paragraphs)
        whole.pictures.extend(replace(picture, place=above + picture.place) for picture in document.pictures)
    return whole
