"""The words and links of a brief's lines, without what can't be seen or followed."""

from collections import deque
from collections.abc import Iterable, Iterator

from briefing.collecting.brief.paragraphs import Paragraph
from briefing.collecting.text.literal import (
    Link,
    bare_links,
    locate_links,
)
from briefing.controls import BIDI_CONTROLS
from briefing.issue.links import unsafe_reason
from briefing.normal_forms import normalized

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
    visible = line.translate(_INVISIBLE)
    composed = normalized("NFC", visible)
    return " ".join(composed.split())


def lines_with_links(paragraph: Paragraph) -> Iterator[tuple[str, Links]]:
    """Each line of a paragraph, clean, with the links that begin in it."""
    lines = list(map(clean_line, paragraph.lines))
    whole = " ".join(lines)
    followable = _followable(paragraph.links or bare_links(whole))
    links = deque(locate_links(whole, followable))
    end = 0
    for line in lines:
        end += len(line) + 1
        own: list[Link] = []
        while links and links[0].start < end:
            place = links.popleft()
            own.append((whole[place.start : place.end], place.address))
        yield line, tuple(own)


def _followable(links: Iterable[Link]) -> Iterator[Link]:
    """The links that readers can follow: no anchors, scripts or pages that hide email addresses."""
    for words, address in links:
        if _HIDDEN_ADDRESS_PAGE in address:
            continue
        if address.lower().startswith("mailto:") or not unsafe_reason(address):
            yield clean_line(words), address
