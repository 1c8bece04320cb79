"""The data model of an issue, without I/O: `markdown` reads and writes its file, `store` finds and
saves it.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from enum import StrEnum

TEXTS = {"text", "introduction"}
"""The fields of several lines, in Markdown; all others are single lines."""
SIMILAR = 0.5
"""Above this ratio (by difflib), two texts are versions of each other: more than half of their
words agree.
"""


class Kind(StrEnum):
    """The kind of an item; all kinds except articles are labelled."""

    ARTICLE = "article"
    PRESS_RELEASE = "press-release"
    STATEMENT = "statement"
    BRIEF = "brief"
    APPEAL = "appeal"

    @property
    def words(self) -> str:
        """The kind in words: press release."""
        return self.value.replace("-", " ")


@dataclass(frozen=True, slots=True)
class Origin:
    """The lines that a part of an issue was read from. An unchanged part is written back with them."""

    line: int
    """The number of the first line, 1-based."""
    raw: str
    """The lines with their ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One news item, press release or statement; every field but the kind may be missing (empty or
    None).

    Each value is one line; `text` is Markdown (CommonMark) of any length. What is passed in is
    normalised to what the file can contain: values are trimmed and put on one line, and the text
    loses blank lines around it.
    """

    heading: str = ""
    kind: Kind = Kind.ARTICLE
    source: str = ""
    date: dt.date | None = None
    link: str = ""
    image: str = ""
    alt: str = ""
    photo: str = ""
    contact: str = ""
    action: str = ""
    """What the button to `link` says."""
    lang: str = ""
    original: str = ""
    """In a translated edition: the `fingerprint` of the original item."""
    text: str = ""
    origin: Origin | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        _tidy(self)

    @property
    def fingerprint(self) -> str:
        """Eight hexadecimal digits that change when anything to translate changes."""
        # Link and photo are left out: a translator doesn't change them.
        words: tuple[object, ...] = (
            self.heading,
            self.source,
            self.date,
            self.alt,
            self.contact,
            self.text,
        )
        # Added later: translations made before it must still match.
        if self.action:
            words += (self.action,)
        digest = hashlib.sha256(repr(words).encode())
        return digest.hexdigest()[:8]

    def same_as(self, other: "Item") -> bool:
        """Tell whether both are the same news: the same link, or else the same headline without
        contradictions.

        A headline counts only with the same source or date, or a similar text; without one the text
        decides.
        """
        if self.link and other.link:
            return self.link == other.link
        if folded(self.heading) != folded(other.heading):
            return False
        agree = _agree(self, other)
        if agree is False or (agree and self.heading):
            return agree
        return _is_similar(self.text, other.text)

    def adds_nothing_to(self, other: "Item") -> bool:
        """Tell whether both are the same news, and the other says all that this one does."""
        words = (self.heading, other.heading), (self.text, other.text)
        return (
            self.same_as(other)
            and _agree(self, other) is not False
            and all(
                folded(mine) in {"", folded(theirs)} for mine, theirs in words
            )
        )


Items = tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Items under a common heading; `title` is None for items before the first such heading."""

    title: str | None = None
    items: Items = ()
    origin: Origin | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        _tidy(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One edition of an issue. `date` is None in the inbox; only the first section may have no
    title.
    """

    title: str = ""
    date: dt.date | None = None
    subject: str = ""
    preheader: str = ""
    corrects: str = ""
    introduction: str = ""
    sections: tuple[Section, ...] = ()
    origin: Origin | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        _tidy(self)
        if any(section.title is None for section in self.sections[1:]):
            raise ValueError(
                "only the first section of an issue can have no title"
            )
        first = next(iter(self.sections), None)
        if first and first.title is None and not first.items:
            object.__setattr__(self, "sections", self.sections[1:])

    @property
    def items(self) -> Iterator[Item]:
        """All items, in reading order."""
        for section in self.sections:
            yield from section.items

    def has(self, item: Item) -> bool:
        """Tell whether the same news is in this issue."""
        return any(item.same_as(other) for other in self.items)

    def with_items(
        self,
        items: Iterable[Item],
        *,
        section: str | None = None,
    ) -> "Issue":
        """Return this issue with `items` below those of a section, which is added at the end if it
        doesn't exist.

        Without a section they go below the last item.
        """
        new = tuple(items)
        if not new:
            return self
        added = Section(title=section, items=new)
        titles = [part.title for part in self.sections]
        if section is None and titles:
            place = len(titles) - 1
        elif added.title in titles:
            place = titles.index(added.title)
        else:
            return replace(self, sections=(*self.sections, added))
        sections = list(self.sections)
        existing = sections[place]
        sections[place] = replace(existing, items=existing.items + new)
        return replace(self, sections=tuple(sections))


Part = Issue | Section | Item
"""Everything that has fields in the file."""


def _tidy(part: Part) -> None:
    """Put the texts of a part into the form that they have in the file."""
    for name in part.__slots__:
        value = getattr(part, name)
        if isinstance(value, str) and not isinstance(value, Kind):
            tidy = _tidy_text if name in TEXTS else _tidy_line
            object.__setattr__(part, name, tidy(_with_line_feeds(value)))


def _tidy_line(value: str) -> str:
    return value.replace("\n", " ").strip(" \t")


def _tidy_text(text: str) -> str:
    """Remove empty lines around a text."""
    lines = text.split("\n")
    while lines and not lines[0].strip(" \t"):
        del lines[0]
    while lines and not lines[-1].strip(" \t"):
        del lines[-1]
    return "\n".join(lines)


def _with_line_feeds(text: str) -> str:
    # A lone carriage return ends a line in Markdown, and NUL is allowed nowhere in an email.
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


def _agree(item: Item, other: Item) -> bool | None:
    """Tell whether the sources and dates that both items have agree; None if there is nothing to
    compare.
    """
    comparisons: list[bool] = []
    if item.source and other.source:
        comparisons.append(folded(item.source) == folded(other.source))
    if item.date and other.date:
        comparisons.append(item.date == other.date)
    return all(comparisons) if comparisons else None


def _is_similar(text: str, other: str) -> bool:
    """Tell whether one text could be an edited version of the other.

    Their headlines agree already, so half of the words are enough; `published` compares headlines alone,
    letter by letter.
    """
    words, other_words = folded(text).split(), folded(other).split()
    return (
        SequenceMatcher(a=words, b=other_words, autojunk=False).ratio()
        > SIMILAR
    )


def folded(text: str) -> str:
    """Return a text for comparing: in lower case, with each white space as a single blank."""
    return " ".join(text.split()).casefold()
