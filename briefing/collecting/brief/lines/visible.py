"""The words and links of a brief's lines, without what can't be seen or followed."""

from collections import deque
from collections.abc import Iterable, Iterator
from itertools import pairwise, repeat

from briefing.collecting.brief.paragraphs import Paragraph
from briefing.collecting.text.emphasis import Emphasis, join_pieces
from briefing.collecting.text.literal import Link, bare_links, locate_links
from briefing.issue.links import unsafe_reason
from briefing.text.controls import BIDI_CONTROLS
from briefing.text.normal_forms import normalized

Links = tuple[Link, ...]

_HIDDEN_ADDRESS_PAGE = "/cdn-cgi/l/email-protection"
# Control characters, the soft hyphen, the zero-width space, the word joiner, the byte-order mark, and characters that
# would make a line read in another order.
_INVISIBLE = {
    **dict.fromkeys(range(0x09)),
    **dict.fromkeys(range(0x0E, 0x1C)),
    **dict.fromkeys([0x7F, 0xAD, 0x200B, 0x2060, 0xFEFF]),
    **dict.fromkeys(BIDI_CONTROLS),
}


def clean_line(line: str) -> str:
    """A line with single spaces, composed characters and no invisible or reordering ones."""
    return " ".join(_visible(line).split())


def _visible(text: str) -> str:
    return normalized("NFC", text.translate(_INVISIBLE))


def lines_with_links(paragraph: Paragraph) -> Iterator[tuple[str, Links]]:
    """Each line of a paragraph, clean, with the links that begin in it."""
    lines = list(map(clean_line, paragraph.lines))
    whole = " ".join(lines)
    followable = _followable(paragraph.links or bare_links(whole))
    # Looked for in the whole paragraph, since the words of a link may go on in the next line.
    links = deque(locate_links(whole, followable))
    end = 0
    for line in lines:
        end += len(line) + 1
        own: list[Link] = []
        while links and links[0].start < end:
            place = links.popleft()
            own.append((whole[place.start : place.end], place.address))
        yield line, tuple(own)


def emphases_of(paragraph: Paragraph) -> Iterator[tuple[Emphasis, ...]]:
    """What is emphasised in each line of a paragraph, once it is clean."""
    known = paragraph.emphases or repeat(())
    for line, emphases in zip(paragraph.lines, known, strict=False):
        yield _in_clean_line(line, emphases) if emphases else ()


def _in_clean_line(
    line: str, emphases: Iterable[Emphasis]
) -> tuple[Emphasis, ...]:
    edges = {0, len(line)}
    for found in emphases:
        edges |= {found.start, found.end}
    ordered = sorted(edges)
    pieces = (line[start:end] for start, end in pairwise(ordered))
    clean, places = join_pieces(map(_visible, pieces))
    if clean != clean_line(line):
        # A letter and its accent belong to different pieces.
        return ()
    place = dict(zip(ordered, places, strict=True))
    return tuple(
        found._replace(start=place[found.start], end=place[found.end])
        for found in emphases
    )


def _followable(links: Iterable[Link]) -> Iterator[Link]:
    """The links that readers can follow: no anchors, scripts or pages that hide email addresses."""
    for words, address in links:
        if _HIDDEN_ADDRESS_PAGE in address:
            continue
        if address.lower().startswith("mailto:") or not unsafe_reason(address):
            yield clean_line(words), address
