"""Read headline, source and date on rows of their own, in any order: "Ferry returns" above "Harbour Post, 3 May"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from briefing.collecting.brief.lines.fields import field_of
from briefing.collecting.brief.lines.headlines import is_greeting
from briefing.collecting.brief.lines.kinds import classify_kind, kind_of
from briefing.collecting.brief.lines.names import has_publisher_word
from briefing.collecting.brief.lines.sentences import ends_sentence
from briefing.collecting.text.comparing import fold

from .evidence import Evidence, best_source
from .head import Head
from .headline_words import can_be_headline
from .publisher_names import LIKELY, SURE, only_classifies
from .source_line import (
    NOTHING,
    SourceLine,
    attributed_to,
    date_alone,
    read_source,
    split_author,
)

_MOST_ROWS = 5
# More words are rather a headline: "Harbour Post, Court opens a second hall for workers, 3 May".
_MOST_WORDS_BESIDE = 5
_CHINESE = re.compile(r"[\u3400-\u9fff]")
ROWS = "rows"
"""The arrangement with the headline above its source and date."""
_HEADLINE_PLACES = (0, 1)
"""The headline is the first row, or below the source or date."""


def headline_and_source_rows(
    texts: Sequence[str], evidence: Evidence
) -> Iterator[Head]:
    """Headline, source and date on neighbouring rows."""
    texts = texts[:_MOST_ROWS]
    for headline in _HEADLINE_PLACES[: len(texts)]:
        text, rest = _headline_and_text(texts[headline])
        if _is_headline(text, evidence):
            parts = _parts_around(texts, headline, evidence)
            head = _head(text, headline, parts)
            if head:
                yield replace(head, rest=rest)


def _is_headline(text: str, evidence: Evidence) -> bool:
    """Whether words can be a headline, and nothing else that is on rows of its own."""
    if not can_be_headline(text) or field_of(text)[0] not in {"", "title"}:
        return False
    if classify_kind(text) or only_classifies(text) or is_greeting(text):
        return False
    return date_alone(text, evidence.before) is None


@dataclass(slots=True)
class _Parts:
    """The rows around a headline that belong to its head."""

    evidence: Evidence
    rows: set[int] = field(default_factory=set)
    found: SourceLine = NOTHING
    """What the rows say together."""
    has_kind: bool = False
    """Whether a row names the kind of the item: "Press release"."""
    order: int = 0
    """See `Head.order`."""

    def take(self, row: int, text: str, *, by_date: bool) -> bool:
        """Take a row if it names a source, a date, a kind or an author that isn't known yet; `by_date` says whether it
        is beside the date.
        """
        kind = classify_kind(text)
        if kind:
            self.has_kind = True
            found = SourceLine("", kind.date, kind.date is not None)
        else:
            found = self._source_in(text, by_date=by_date)
            if found == NOTHING:
                return False
        self.found = self.found.joined(found)
        self.rows.add(row)
        return True

    def _source_in(self, text: str, *, by_date: bool) -> SourceLine:
        """What a row says that isn't known yet."""
        author, text = split_author(text)
        by_author = replace(NOTHING, further=(author,) if author else ())
        source = _read_short(text, self.evidence)
        if source is None:
            return by_author
        is_clear = by_date or _names_publisher(source, self.evidence)
        if not self._lacks(source, is_clear=is_clear):
            return NOTHING
        if source.name:
            self.order = _order(text, source, self.evidence)
        else:
            self.has_kind |= any(map(kind_of, source.further))
        return by_author.joined(source)

    def _lacks(self, source: SourceLine, *, is_clear: bool) -> bool:
        """Whether a source line says what isn't known yet, and nothing that contradicts it; `is_clear` says whether its
        name needs no date.
        """
        if source.has_date and self.found.has_date:
            return False
        if not source.name:
            return source.has_date
        is_likely = source.likely > 0 and (source.has_date or is_clear)
        return not self.found.name and (is_likely or source.likely >= SURE)


def _read_short(text: str, evidence: Evidence) -> SourceLine | None:
    """What a row says about a source; None for a headline, a sentence or a greeting."""
    if _cant_be_source(text):
        return None
    source = _with_likeliest_name(text, evidence)
    if source is None:
        return None
    is_sentence = ends_sentence(text) and _is_prose(source)
    is_long = any(map(_is_long, source.further))
    return None if is_sentence or is_long else source


def _cant_be_source(text: str) -> bool:
    """Whether a row is empty, a sentence, perhaps with its source behind it, or the beginning of a letter."""
    if not text or text.endswith("。"):
        return True
    is_greeted = text.endswith(",") and is_greeting(text)
    return is_greeted or bool(attributed_to(text))


def _with_likeliest_name(text: str, evidence: Evidence) -> SourceLine | None:
    """What a row says, with the likeliest of its names as the source, or the last if other items have it there."""
    source = read_source(text, evidence.before)
    if source is None:
        return None
    likely = evidence.likelihood(source.name)
    first = replace(source, likely=likely)
    if evidence.are_sources_last:
        return _with_last_name(first, evidence)
    if source.name and not likely:
        # A row that begins with other words than a name is prose.
        return first
    best = best_source(text, evidence)
    return best if best and best.likely > likely else first


def _with_last_name(source: SourceLine, evidence: Evidence) -> SourceLine:
    """What a row says, with the last of its names as the source, as in other items."""
    *others, last = source.name, *source.further
    likely = evidence.likelihood(last)
    if not (source.name and likely):
        return source
    return replace(source, name=last, further=tuple(others), likely=likely)


def _order(text: str, source: SourceLine, evidence: Evidence) -> int:
    """Whether what clearly is a source is the last (1) or the first (-1) of several names in a row; else 0."""
    found = read_source(text, evidence.before)
    names = [found.name, *found.further] if found else []
    others = evidence.sources[fold(source.name)]
    is_clear = source.likely >= LIKELY or others > 1
    is_alone = len(names) <= 1
    if is_alone or not is_clear:
        return 0
    if source.name == names[-1]:
        return 1
    return -1 if source.name == names[0] else 0


def _is_prose(source: SourceLine) -> bool:
    """Whether words beside a source go on like a sentence: "… that the court refused"."""
    return any(
        words[0].islower() and len(words.split()) > 2
        for words in source.further
    )


def _is_long(words: str) -> bool:
    """Whether words beside a source are rather a headline."""
    count = max(len(words.split()), len(_CHINESE.findall(words)))
    return count > _MOST_WORDS_BESIDE


def _names_publisher(source: SourceLine, evidence: Evidence) -> bool:
    """Whether a name has a word like "Post", where several items have their source on a row of its own."""
    return evidence.is_repeated(ROWS) and has_publisher_word(source.name)


def _parts_around(
    texts: Sequence[str],
    headline: int,
    evidence: Evidence,
) -> _Parts:
    """The rows around a headline that belong to its head, up to the first that doesn't."""
    parts = _Parts(evidence)
    dated = {
        row
        for row, text in enumerate(texts)
        if date_alone(text, evidence.before)
    }
    # The row above the headline comes first: unless it belongs to the head, none below does.
    for row in (*range(headline), *range(headline + 1, len(texts))):
        # The headline may be between: "3 May", "Bridge closed", "Lantern".
        above = row - 1 if row - 1 != headline else row - 2
        by_date = not dated.isdisjoint({above, row + 1})
        if not parts.take(row, texts[row], by_date=by_date):
            break
    return parts


def _headline_and_text(text: str) -> tuple[str, str]:
    """A headline, and the sentence that follows it behind a dash, or its author, as libraries write it: "Title / Jane
    Doe."
    """
    headline, _, rest = text.partition(" / " if " / " in text else " – ")
    return (headline, rest) if ends_sentence(rest) else (text, "")


def _head(text: str, headline: int, parts: _Parts) -> Head | None:
    found = parts.found
    if not (found.name or found.has_date or parts.has_kind):
        return None
    head = Head(
        "rows below" if headline else ROWS,
        text,
        rows=frozenset(parts.rows | {headline}),
        order=parts.order,
    )
    return head.filled(found, _score(parts) - 0.5 * headline)


def _score(parts: _Parts) -> float:
    found = parts.found
    if not found.name:
        return 3.2 if parts.has_kind else 2.2
    if not found.has_date:
        return 1 + found.likely
    return 2.5 + found.likely - 0.5 * max(0, len(found.further) - 1)
