"""Write an item's text as Markdown: paragraphs, lists, and bold headlines."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import cycle, groupby
from operator import attrgetter

from briefing.collecting.text.emphasis import shifted
from briefing.collecting.text.literal import Link, markdown

from .headlines import is_headline
from .line import Line, Lines, merge, with_next
from .marks import list_item, without_mark


@dataclass(frozen=True, slots=True)
class _TextPart:
    """A paragraph, a bold headline or an item of a list."""

    kind: str
    source: str
    number: int = 0


def markdown_text(
    lines: Lines, *, bold_headlines: bool = False, with_emphasis: bool = False
) -> str:
    """Write lines as Markdown; with `bold_headlines`, headlines among them are bold. Only
    `with_emphasis` are words emphasised as they were in the document.
    """
    own = [line for line in lines if line.text]
    if not with_emphasis:
        own = [replace(line, emphases=()) for line in own]
    blocks = _blocks(own, bold_headlines=bold_headlines)
    written: list[str] = []
    for kind, together in groupby(blocks, key=attrgetter("kind")):
        written += _WRITE[kind](list(together))
    return "\n\n".join(written)


def _blocks(lines: Lines, *, bold_headlines: bool) -> Iterator[_TextPart]:
    """Turn lines into blocks; a line that only seemed to be a headline is joined with its text."""
    above: list[Line] = []
    for line, below in with_next(lines):
        joined = merge([*above, line])
        above = []
        if bold_headlines and below.text and _is_headline(joined):
            yield _TextPart("paragraph", f"**{_source(joined, in_bold=True)}**")
        elif joined.may_run_on and below.text and not below.has_mark:
            above = [joined]
        else:
            yield _text_block(joined)


def _is_headline(line: Line) -> bool:
    return not line.in_list and is_headline(line.text)


def _text_block(line: Line) -> _TextPart:
    item = list_item(line.text)
    if item is None:
        source = markdown(line.text, line.links, emphases=line.emphases)
        return _TextPart("paragraph", source)
    if item.number:
        return _TextPart("number", _source(line), int(item.number))
    return _TextPart("bullet", _source(line))


def _source(line: Line, *, in_bold: bool = False) -> str:
    """Markdown source of a line without the bullet or number before it."""
    words = without_mark(line.text)
    return markdown(
        words,
        _links_without_mark(line, words),
        in_bold=in_bold,
        emphases=shifted(
            line.emphases, len(words) - len(line.text), len(words)
        ),
    )


def _links_without_mark(line: Line, words: str) -> Sequence[Link]:
    if not line.links:
        return ()
    mark = line.text.removesuffix(words)
    (linked, address), *others = line.links
    return ((linked.removeprefix(mark), address), *others)


def _paragraphs(blocks: Sequence[_TextPart]) -> list[str]:
    return [block.source for block in blocks]


def _bullet_list(blocks: Sequence[_TextPart]) -> list[str]:
    items = [f"- {block.source}" for block in blocks]
    return ["\n".join(items)]


def _numbered_lists(blocks: Sequence[_TextPart]) -> list[str]:
    """Divide numbered items into lists wherever the numbers don't go up by one, because Markdown
    numbers each list consecutively.

    Markdown tells neighbouring lists apart by their marks: "1." and "1)".
    """
    lists: list[str] = []
    marks = cycle(".)")
    mark = ""
    expected = -1
    for block in blocks:
        if block.number != expected:
            mark = next(marks)
            lists.append("")
        lists[-1] += f"\n{block.number}{mark} {block.source}"
        expected = block.number + 1
    return list(map(str.strip, lists))


_WRITE: Mapping[str, Callable[[Sequence[_TextPart]], list[str]]] = {
    "paragraph": _paragraphs,
    "bullet": _bullet_list,
    "number": _numbered_lists,
}
