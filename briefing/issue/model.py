"""What an issue is. No I/O and no format here: `markdown` reads and writes it, `store` finds and keeps it."""

import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from enum import StrEnum


class Kind(StrEnum):
    """What an item is; kinds other than an article carry a label of their own."""

    ARTICLE = "article"
    PRESS_RELEASE = "press-release"
    STATEMENT = "statement"
    BRIEF = "brief"
    APPEAL = "appeal"


@dataclass(frozen=True, slots=True)
class Origin:
    """The lines that a part of an issue was read from: kept, so that what wasn't changed is written back as it was."""

    line: int
    """Where they begin in the file, 1-based."""
    raw: str
    """The lines themselves, line ends included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One news item, press release or statement; every field but the kind may be missing (empty, or None).

    Values are one line each, `text` is Markdown source (CommonMark) of any number. Whatever is passed in is put into
    the form that the file can hold: values trimmed and on one line, the text without blank lines around it.
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
    lang: str = ""
    original: str = ""
    """In a translated edition: the `fingerprint` of the item that it was translated from."""
    text: str = ""
    origin: Origin | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        values = ("heading", "source", "link", "image", "alt", "photo", "contact", "lang", "original")
        _tidy(self, values, "text")

    @property
    def fingerprint(self) -> str:
        """Eight hexadecimal digits that change when anything changes that a translator works from."""
        words = (self.heading, self.source, self.date, self.alt, self.contact, self.text)
        return hashlib.sha256(repr(words).encode()).hexdigest()[:8]

    def same_as(self, other: "Item") -> bool:
        """Whether both are the same piece of news: one link; else one headline, and nothing that speaks against it."""
        if self.link and other.link:
            return self.link == other.link
        if _folded(self.heading) != _folded(other.heading):
            return False
        pairs = ((_folded(self.source), _folded(other.source)), (self.date, other.date))
        known = [pair for pair in pairs if all(pair)]
        if any(one != another for one, another in known):
            return False
        return (bool(known) and bool(self.heading)) or _alike(self.text, other.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Items under a common heading; `title` is None for those that stand before the first such heading."""

    title: str | None = None
    items: tuple[Item, ...] = ()
    origin: Origin | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        if self.title is not None:
            _tidy(self, ("title",))


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One edition of an issue. `date` is None for the inbox; only the first section may be without a title."""

    title: str = ""
    date: dt.date | None = None
    subject: str = ""
    preheader: str = ""
    corrects: str = ""
    introduction: str = ""
    sections: tuple[Section, ...] = ()
    origin: Origin | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        _tidy(self, ("title", "subject", "preheader", "corrects"), "introduction")
        if any(section.title is None for section in self.sections[1:]):
            raise ValueError("only the first section of an issue can be without a title")
        if self.sections and self.sections[0].title is None and not self.sections[0].items:
            object.__setattr__(self, "sections", self.sections[1:])

    @property
    def items(self) -> Iterator[Item]:
        """All items, in reading order."""
        return (item for section in self.sections for item in section.items)

    def lacking(self, items: Iterable[Item]) -> tuple[Item, ...]:
        """Those of `items` that this issue doesn't have yet, each once."""
        known = list(self.items)
        missing: list[Item] = []
        for item in items:
            if not any(item.same_as(other) for other in known):
                known.append(item)
                missing.append(item)
        return tuple(missing)

    def with_items(self, items: Iterable[Item], *, section: str | None = None) -> "Issue":
        """This issue with `items` below those of the section; one of that title is made at the end if need be.

        Without a section they go below the last item.
        """
        new = tuple(items)
        sections = list(self.sections)
        if not new:
            return self
        section = Section(title=section).title  # in the form that a file can hold, as those here are
        place = next((n for n, one in enumerate(sections) if one.title == section), None)
        if section is None:
            place = len(sections) - 1 if sections else None
        if place is None:
            sections.append(Section(title=section, items=new))
        else:
            sections[place] = replace(sections[place], items=sections[place].items + new)
        return replace(self, sections=tuple(sections))


# A lone carriage return ends a line for Markdown, and NUL is allowed nowhere in a mail.
_LINE_BREAKS = re.compile(r"\r\n|[\r\n]")


def _tidy(part: object, values: Iterable[str], text: str = "") -> None:
    for name in values:
        value = _LINE_BREAKS.sub(" ", getattr(part, name)).replace("\0", "").strip(" \t")
        object.__setattr__(part, name, value)
    if text:
        lines = _LINE_BREAKS.sub("\n", getattr(part, text)).replace("\0", "").split("\n")
        while lines and not lines[0].strip(" \t"):
            del lines[0]
        while lines and not lines[-1].strip(" \t"):
            del lines[-1]
        object.__setattr__(part, text, "\n".join(lines))


def _alike(text: str, other: str) -> bool:
    """Whether one text may be the other, edited."""
    words, others = _folded(text).split(), _folded(other).split()
    return words == others or SequenceMatcher(a=words, b=others, autojunk=False).ratio() > 0.5


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
