"""Words of a line that are bold or italic: where they are, and where Markdown can mark them.

CommonMark decides by the characters around a mark whether it begins or ends anything (section 6.2):
`**“so”**he said` doesn't end in bold. So what is emphasised is made shorter until its marks work.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter
from typing import NamedTuple

_SPACES = re.compile(r"\s+")


class Emphasis(NamedTuple):
    """A part of a line, from its first character to the one after it."""

    start: int
    end: int
    is_bold: bool = False
    is_italic: bool = False


_IS_BOLD = attrgetter("is_bold")
_IS_ITALIC = attrgetter("is_italic")


class Span(NamedTuple):
    """A part of a line."""

    start: int
    end: int

    @property
    def length(self) -> int:
        return self.end - self.start


class PlacedMark(NamedTuple):
    """A mark to be put into a line: `*` or `**` before the character at a place."""

    place: int
    source: str


def shifted(
    emphases: Iterable[Emphasis], by: int, length: int
) -> tuple[Emphasis, ...]:
    """Return the emphases for a text of `length` characters that has the same words `by` characters
    further on.
    """
    places = (
        found._replace(
            start=max(0, found.start + by), end=min(length, found.end + by)
        )
        for found in emphases
    )
    return tuple(found for found in places if found.start < found.end)


def join_pieces(
    pieces: Iterable[str], *, keeps_tabs: bool = False
) -> tuple[str, list[int]]:
    """Join the pieces of a line, with single spaces between its words, or all their tabs. Return the line, and where in
    it each piece begins; the last place is its end.
    """
    joined: list[str] = []
    places: list[int] = []
    length = 0
    ends_word = False
    for piece in pieces:
        words = _SPACES.sub(_tabs_or_space if keeps_tabs else " ", piece)
        if not ends_word:
            words = words.removeprefix(" ")
        places.append(length)
        joined.append(words)
        length += len(words)
        if words:
            ends_word = words[-1] != " "
    line = "".join(joined).rstrip(" ")
    return line, [*places, len(line)]


def _tabs_or_space(spaces: re.Match[str]) -> str:
    return "\t" * spaces[0].count("\t") or " "


def with_replacements(
    text: str, replacements: Iterable[tuple[int, int, str]]
) -> str:
    """Return a text with other words in some places: the start and end of each, in order, and the words."""
    pieces: list[str] = []
    last = 0
    for start, end, words in replacements:
        pieces += [text[last:start], words]
        last = end
    return "".join([*pieces, text[last:]])


def marks_of(
    text: str, emphases: Iterable[Emphasis], links: Sequence[Span]
) -> list[PlacedMark]:
    """Return the marks of the emphases in a text, in the order they are put into it.

    None is inside a link; `emphases_in` returns what is emphasised there.
    """
    found = list(emphases)
    fitter = _SpanFitter(text, links)
    bold = list(fitter.fit_all(filter(_IS_BOLD, found)))
    italic = list(_uncrossed(fitter, filter(_IS_ITALIC, found), bold))
    placed = [(span, "**") for span in bold]
    placed += [(span, "*") for span in italic]
    return _marks_in_order(placed)


def _uncrossed(
    fitter: "_SpanFitter", italic: Iterable[Emphasis], bold: Sequence[Span]
) -> Iterator[Span]:
    """Yield what is italic, cut where bold spans cross it: marks can be inside each other, but not cross."""
    for span in fitter.fit_all(italic):
        for part in _split(span, bold):
            for fitting in fitter.fit(part):
                if fitter.is_clear(fitting, bold):
                    yield fitting


def emphases_in(
    link: Span, text: str, emphases: Iterable[Emphasis]
) -> Iterator[Emphasis]:
    """Yield what is emphasised of a link's words, with its place in them; not an emphasis of all its
    words, which is marked around the link.
    """
    found = list(emphases)
    bold = _joined(text, filter(_IS_BOLD, found))
    italic = _joined(text, filter(_IS_ITALIC, found))
    for spans, is_bold in ((bold, True), (italic, False)):
        for span in spans:
            start = max(span.start, link.start)
            end = min(span.end, link.end)
            if start < end and (start, end) != link:
                yield Emphasis(
                    start - link.start,
                    end - link.start,
                    is_bold=is_bold,
                    is_italic=not is_bold,
                )


def _joined(text: str, emphases: Iterable[Emphasis]) -> Iterator[Span]:
    """Yield the spans of emphases of one kind; those with only spaces between them as one."""
    last: Span | None = None
    for found in emphases:
        if last and not text[last.end : found.start].strip():
            last = Span(last.start, found.end)
            continue
        if last:
            yield last
        last = Span(found.start, found.end)
    if last:
        yield last


def _marks_in_order(spans: Iterable[tuple[Span, str]]) -> list[PlacedMark]:
    """Return the marks around spans: those that end somewhere come before those that begin there."""
    placed: list[tuple[tuple[int, int, int], PlacedMark]] = []
    for span, source in spans:
        # The longer one is outside; if they are equally long, the bold one is.
        outside = 2 * span.length + len(source) - 1
        placed.append(
            ((span.start, 1, -outside), PlacedMark(span.start, source))
        )
        placed.append(((span.end, 0, outside), PlacedMark(span.end, source)))
    return [mark for _, mark in sorted(placed)]


def _split(span: Span, others: Iterable[Span]) -> Iterator[Span]:
    """Cut a span where others cross it."""
    for other in others:
        if span.start < other.start < span.end < other.end:
            yield Span(span.start, other.start)
            span = Span(other.start, span.end)
        elif other.start < span.start < other.end < span.end:
            yield Span(span.start, other.end)
            span = Span(other.end, span.end)
    yield span


class _SpanFitter:
    """Makes spans of a text shorter until marks around them work."""

    def __init__(self, text: str, links: Sequence[Span]) -> None:
        self._text = text
        # No mark can be in the words of a link, as if these were spaces.
        filled = [link for link in links if link.length]
        opening = ((*link, "[".ljust(link.length)) for link in filled)
        closing = ((*link, ")".rjust(link.length)) for link in filled)
        self._opening = with_replacements(text, opening)
        """The text with what links begin with in Markdown."""
        self._closing = with_replacements(text, closing)
        """The text with what links end with in Markdown."""

    def fit_all(self, emphases: Iterable[Emphasis]) -> Iterator[Span]:
        """Yield what is left of the spans of emphases of one kind."""
        for span in _joined(self._text, emphases):
            yield from self.fit(span)

    def fit(self, span: Span) -> Iterator[Span]:
        """Yield what is left of a span, if anything is."""
        start, end = span
        while start < end and not self._begins(start):
            start += 1
        while start < end and not self._ends(end):
            end -= 1
        if start < end:
            yield Span(start, end)

    def is_clear(self, span: Span, others: Iterable[Span]) -> bool:
        """Whether the marks around a span can be told apart from those around others."""
        return not any(self._is_mixed_up(span, other) for other in others)

    def _is_mixed_up(self, span: Span, other: Span) -> bool:
        if span.start > other.end or other.start > span.end:
            return False
        if span.start == other.end or other.start == span.end:
            return True
        starts = {span.start, other.start}
        ends = {span.end, other.end}
        is_alike = len(starts) == len(ends) == 1
        return not is_alike and not (
            all(map(self._only_begins, starts))
            and all(map(self._only_ends, ends))
        )

    def _only_begins(self, start: int) -> bool:
        """Whether a mark before a character can't be taken for one that ends something."""
        return _is_one_sided(self._opening[start], self._before(start))

    def _only_ends(self, end: int) -> bool:
        return _is_one_sided(self._closing[end - 1], self._after(end))

    def _begins(self, start: int) -> bool:
        """Whether a mark before a character can begin something."""
        return _touches(self._opening[start], self._before(start))

    def _ends(self, end: int) -> bool:
        """Whether a mark before a character can end something."""
        return _touches(self._closing[end - 1], self._after(end))

    def _before(self, place: int) -> str:
        return self._text[place - 1 : place]

    def _after(self, place: int) -> str:
        return self._text[place : place + 1]


def _touches(inner: str, outer: str) -> bool:
    """Whether a mark between two characters can belong to the inner one; `outer` is empty at the end
    of the text.
    """
    if inner.isspace():
        return False
    is_word = unicodedata.category(inner)[0] not in "PS"
    return is_word or not outer or _is_open(outer)


def _is_one_sided(inner: str, outer: str) -> bool:
    if not outer or outer.isspace():
        return True
    return _is_punctuation(outer) and inner.isalnum()


def _is_open(character: str) -> bool:
    """Whether a mark may be between a character and punctuation."""
    return character.isspace() or _is_punctuation(character)


def _is_punctuation(character: str) -> bool:
    # Not all versions of CommonMark count symbols outside ASCII.
    category = unicodedata.category(character)[0]
    return category == "P" or (category == "S" and character.isascii())
