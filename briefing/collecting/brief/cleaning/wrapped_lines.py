"""Join the lines of a brief that a program cut at one width, wherever they are: in headlines, texts and items of lists.

Whether a brief is wrapped shows in its sentences that go on with a small letter in the next line, or indented below a
bullet: each such line ends where its next word would not have fitted.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby, pairwise

from briefing.collecting.brief.lines.fields import repeated_labels, split_label
from briefing.collecting.brief.lines.footers import is_separator
from briefing.collecting.brief.lines.headlines import is_greeting
from briefing.collecting.brief.lines.marks import is_listed
from briefing.collecting.brief.lines.sentences import (
    ends_sentence,
    ends_with_colon,
)
from briefing.collecting.brief.lines.sources import classify_source
from briefing.collecting.text.comparing import fold

from .pasted_lines import PastedLine, PastedLines

_LEAST_WIDTH = 55
_MOST_WIDTH = 100
# With 1, "not found (Edda)" is joined with the "note: in print, on page 12" below it.
_LEAST_FULL = 3
"""Lines that end where the next word wouldn't have fitted; fewer may be a coincidence."""
_LINES_OF_HEADLINE = 2
_SHORTEST_HEADLINE = 30
"""Characters of the first of its lines."""
_SLACK = 2
"""Characters by which the longest line may be longer than the width."""
_LONGEST = 1_000
"""Characters. No sentence is longer."""
# With 0, "The last crossing of the day will cost" isn't joined with "what the first one did ten years ago."
_SLACK_IN_SENTENCE = 8
"""Characters by which a line may be too short for the next word, if that has a small letter: people wrap by eye."""
_MOST_LONG = 0.1
"""The share of lines that may be longer than the width."""


def with_whole_lines(lines: PastedLines, _left_out: list[str]) -> PastedLines:
    """Lines with those joined that belong together; the same lines unless the brief is wrapped."""
    lines = _with_labels(lines)
    width = _width(lines)
    joined = list(lines[:1])
    for above, line in pairwise(lines):
        if width and _is_cut(joined[-1], above, line, width):
            joined[-1] = _together(joined[-1], line)
        else:
            joined.append(line)
    return joined


def _with_labels(lines: PastedLines) -> PastedLines:
    """Lines that know whether they begin with a label that their items repeat: these go on with no line above."""
    groups = groupby(lines, key=lambda line: id(line.paragraph))
    paragraphs = [[line.text for line in group] for _, group in groups]
    labels = repeated_labels(paragraphs)
    return [
        replace(line, has_label=fold(split_label(line.text)[0]) in labels)
        for line in lines
    ]


def _width(lines: PastedLines) -> int:
    """The width at which lines were cut; 0 if they weren't."""
    pairs = list(_pairs(lines))
    small = [pair for pair in pairs if _goes_on(*pair)]
    width = max((_length(above) for above, _ in small), default=0)
    if not _LEAST_WIDTH <= width <= _MOST_WIDTH:
        return 0
    if sum(_is_full(*pair, width) for pair in pairs) < _LEAST_FULL:
        return 0
    are_cut = all(_is_cut_at(*pair, width) for pair in small)
    return width if are_cut and _fits(lines, width) else 0


def _length(line: PastedLine) -> int:
    return len(line.raw.rstrip())


def _fits(lines: PastedLines, width: int) -> bool:
    """Whether hardly any line of words is longer than a width."""
    words = [line.raw.rstrip() for line in lines if "://" not in line.raw]
    long = sum(len(line) > width for line in words)
    return long <= _MOST_LONG * len(words)


def _pairs(lines: PastedLines) -> Iterator[tuple[PastedLine, PastedLine]]:
    """Neighbouring lines of words that may be parts of one sentence or headline."""
    for above, line in pairwise(lines):
        are_words = bool(line.text) and "://" not in above.text
        if are_words and _may_go_on(above, line):
            yield above, line


def _may_go_on(above: PastedLine, line: PastedLine) -> bool:
    """Whether a line may be part of a sentence with the one above, by how they end and begin."""
    if above.paragraph is not line.paragraph:
        return False
    if line.cell >= 0:
        return False
    if _is_closed(above.text):
        return False
    if is_listed(line.text):
        return False
    return not _begins_otherwise(line)


def _is_closed(text: str) -> bool:
    is_greeted = text.endswith(",") and is_greeting(text)
    return ends_sentence(text) or is_greeted or is_separator(text)


def _begins_otherwise(line: PastedLine) -> bool:
    """Whether a line begins with a label or an address, or only underlines the one above."""
    first = line.text.partition(" ")[0]
    return (
        line.has_label
        or "://" in first
        or "@" in first
        or is_separator(line.text)
    )


def _goes_on(above: PastedLine, line: PastedLine) -> bool:
    """Whether a line begins with a small letter, or is indented below a bullet."""
    is_in_list = is_listed(above.text) or above.raw.startswith(" ")
    return line.text[0].islower() or (is_in_list and line.raw.startswith(" "))


def _is_full(above: PastedLine, line: PastedLine, width: int) -> bool:
    """Whether the first word of a line would not have fitted into the one above."""
    first = line.text.partition(" ")[0]
    slack = _SLACK_IN_SENTENCE if first[:1].islower() else _SLACK
    return _length(above) + len(f" {first}") > width - slack


def _is_cut_at(above: PastedLine, line: PastedLine, width: int) -> bool:
    return _is_full(above, line, width) or _is_headline(above, line)


def _is_headline(above: PastedLine, line: PastedLine) -> bool:
    """Whether two lines are all of a paragraph, and no sentence: letters of a headline may be larger."""
    are_all = len(line.paragraph.lines) == _LINES_OF_HEADLINE
    is_long = len(above.text) >= _SHORTEST_HEADLINE
    is_small = line.text[:1].islower() and not above.text[:1].islower()
    return are_all and is_long and is_small and not ends_sentence(line.text)


def _is_cut(
    whole: PastedLine, above: PastedLine, line: PastedLine, width: int
) -> bool:
    """Whether a line continues in the next one; `above` is the part of it that is above the next."""
    if line.begins:
        return False
    if ends_with_colon(above.text):
        return False
    longest = max(_length(above), _length(line))
    if longest > width:
        return False
    if len(whole.text) > _LONGEST:
        return False
    if not (_may_go_on(above, line) and _is_cut_at(above, line, width)):
        return False
    return not (classify_source(line.text) or classify_source(above.text))


def _together(above: PastedLine, line: PastedLine) -> PastedLine:
    text = f"{above.text} {line.text}"
    return replace(
        above,
        raw=text,
        text=text,
        links=(*above.links, *line.links),
        emphases=(),
        is_strong=above.is_strong and line.is_strong,
    )
