"""Join the lines of a brief that a program cut at one width, wherever they are: in headlines, texts and items of lists.

Whether a brief is wrapped shows in its sentences that go on with a small letter in the next line: each such line ends
where its next word would not have fitted.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from briefing.collecting.brief.headlines import ends_sentence
from briefing.collecting.brief.lists import is_listed
from briefing.collecting.brief.message_lines import MessageLine, MessageLines
from briefing.collecting.brief.sources import classify_source

_LEAST_WIDTH, _MOST_WIDTH = 55, 80
_LEAST_SMALL = 2
"""Lines that begin with a small letter."""
_LEAST_FULL = 3
"""Lines that end where the next word wouldn't have fitted; fewer may be a coincidence."""
_SLACK = 2
"""Characters by which the longest line may be longer than the width."""
_MOST_LONG = 0.1
"""The share of lines that may be longer than the width."""


def with_whole_lines(lines: MessageLines, _left_out: list[str]) -> MessageLines:
    """Lines with those joined that belong together; the same lines unless the brief is wrapped."""
    width = _width(lines)
    if not width:
        return lines
    joined: MessageLines = []
    last = ""
    for line in lines:
        if joined and _is_cut(joined[-1], last, line, width):
            joined[-1] = _together(joined[-1], line)
        else:
            joined.append(line)
        last = line.raw
    return joined


def _width(lines: MessageLines) -> int:
    """The width at which lines were cut; 0 if they weren't."""
    pairs = list(_pairs(lines))
    small = [(above, line) for above, line in pairs if line.text[0].islower()]
    if len(small) < _LEAST_SMALL:
        return 0
    width = max(len(above.raw.rstrip()) for above, _ in small)
    full = sum(_is_full(above.raw, line.text, width) for above, line in pairs)
    are_full = all(
        _is_full(above.raw, line.text, width) for above, line in small
    )
    words = [line for line in lines if "://" not in line.raw]
    long = sum(len(line.raw.rstrip()) > width for line in words)
    is_usual = _LEAST_WIDTH <= width <= _MOST_WIDTH
    is_wrapped = are_full and is_usual and full >= _LEAST_FULL
    return width if is_wrapped and long <= _MOST_LONG * len(words) else 0


def _pairs(lines: MessageLines) -> Iterator[tuple[MessageLine, MessageLine]]:
    """Neighbouring lines of words that may be parts of one sentence or headline."""
    for above, line in pairwise(lines):
        is_beside = above.paragraph is line.paragraph and line.cell < 0
        are_words = "://" not in above.text and "://" not in line.text[:10]
        is_open = line.text and not ends_sentence(above.text)
        if is_beside and are_words and is_open and not is_listed(line.text):
            yield above, line


def _is_full(raw: str, below: str, width: int) -> bool:
    """Whether the first word of the line below would not have fitted."""
    first = below.partition(" ")[0]
    return len(f"{raw.rstrip()} {first}") > width - _SLACK


def _is_cut(
    above: MessageLine, last: str, line: MessageLine, width: int
) -> bool:
    """Whether a line goes on in the next one; `last` is the end of it, as it was cut."""
    if above.paragraph is not line.paragraph or line.cell >= 0 or line.begins:
        return False
    if ends_sentence(above.text) or above.text.endswith((":", "：")):
        return False
    if is_listed(line.text) or "://" in line.text.partition(" ")[0]:
        return False
    is_named = classify_source(line.text) or classify_source(above.text)
    return not is_named and _is_full(last, line.text, width)


def _together(above: MessageLine, line: MessageLine) -> MessageLine:
    text = f"{above.text} {line.text}"
    return replace(
        above,
        raw=text,
        text=text,
        links=(*above.links, *line.links),
        emphases=(),
        is_strong=above.is_strong and line.is_strong,
    )
