"""The lines of a brief, which can be taken out of their paragraphs, and put into others."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from briefing.collecting.brief.lines.visible import Links, lines_with_links
from briefing.collecting.brief.paragraphs import Paragraph
from briefing.collecting.text.emphasis import Emphasis, shifted


@dataclass(frozen=True, slots=True)
class PastedLine:
    """A line of a brief with its links, and its paragraph."""

    raw: str
    text: str
    """Its words, clean."""
    links: Links
    paragraph: Paragraph
    emphases: tuple[Emphasis, ...] = ()
    """What is emphasised in `raw`."""
    is_strong: bool = False
    cell: int = -1
    """The number of its cell in a row of a table; -1 elsewhere."""
    begins: bool = False
    """Whether a paragraph begins here that didn't before."""
    has_label: bool = False
    """Whether it begins with a label that other items have too."""


PastedLines = list[PastedLine]
Step = Callable[[PastedLines, list[str]], PastedLines]
"""Changes lines, and adds what it takes out of them to the list."""


def lines_of(paragraphs: Sequence[Paragraph]) -> Iterator[PastedLine]:
    """The lines of all paragraphs."""
    for paragraph in paragraphs:
        clean = lines_with_links(paragraph)
        emphases = paragraph.emphases or [()] * len(paragraph.lines)
        for place, (text, links) in enumerate(clean):
            yield PastedLine(
                paragraph.lines[place],
                text,
                links,
                paragraph,
                emphases[place],
                is_strong=place in paragraph.strong,
                cell=paragraph.cells[place] if paragraph.is_row else -1,
            )


def paragraphs_of(lines: Sequence[PastedLine]) -> Iterator[Paragraph]:
    """The paragraphs that the lines form now."""
    group: PastedLines = []
    for line in lines:
        if group and _is_below_end(group[-1], line):
            yield _paragraph(group)
            group = []
        if line.text or line.links:
            group.append(line)
    if group:
        yield _paragraph(group)


def _is_below_end(above: PastedLine, line: PastedLine) -> bool:
    if line.begins:
        return True
    if not line.text:
        return True
    return line.paragraph is not above.paragraph


def without_lines(
    places: Collection[int], lines: PastedLines, left_out: list[str]
) -> PastedLines:
    """The lines that aren't in these places; those that are go into `left_out`."""
    left_out += [lines[place].text for place in sorted(places)]
    return [line for place, line in enumerate(lines) if place not in places]


def _paragraph(lines: PastedLines) -> Paragraph:
    strong = (place for place, line in enumerate(lines) if line.is_strong)
    return replace(
        lines[0].paragraph,
        lines=tuple(line.raw for line in lines),
        links=tuple(link for line in lines for link in line.links),
        strong=frozenset(strong),
        emphases=tuple(line.emphases for line in lines),
        cells=tuple(line.cell for line in lines if line.cell >= 0),
    )


def with_words(line: PastedLine, words: str, *, begins: bool) -> PastedLine:
    """The line with only these of its words."""
    links = tuple(link for link in line.links if link[0] in words)
    return replace(
        line,
        raw=words,
        text=words,
        links=links,
        emphases=_emphases_of(line, words),
        begins=begins or line.begins,
    )


def _emphases_of(line: PastedLine, words: str) -> tuple[Emphasis, ...]:
    """What is emphasised in these words of a line; nothing if it isn't certain where they are."""
    if line.raw != line.text or words not in line.text:
        return ()
    return shifted(line.emphases, -line.text.index(words), len(words))
