"""Where a mail was changed last, so that it is shown from there when it is loaded again.

A sandboxed frame tells nobody how far it is scrolled, and browsers forget it when they load the frame again.
"""

import re

ANCHOR = '<span id="changed" style="scroll-margin-top:30vh"></span>'

_BLOCK = re.compile(r"<(?:p|h[1-6]|li)\b")
_SEEN = re.compile(r'\b(?:src|href)="[^"]*"|>[^<]+')


def changed(before: str, after: str) -> int | None:
    """The last block of the page `after` that a reader sees changed; None if only its style was, or nothing.

    Blocks are paragraphs, headings and list items, counted from 1; 0 is what stands above them. It is the last one
    since a headline that was changed stands in the preview line at the top as well.
    """
    old, new = _blocks(before), _blocks(after)
    if old == new:
        return None
    same = 0
    while same < min(len(old), len(new)) and old[-1 - same] == new[-1 - same]:
        same += 1
    return max(len(new) - same - 1, 0)


def marked(page: str, block: int) -> str:
    """The page with the anchor `#changed` at a block."""
    starts = [match.start() for match in _BLOCK.finditer(page)]
    if not 0 < block <= len(starts):
        return page
    start = starts[block - 1]
    return page[:start] + ANCHOR + page[start:]


def _blocks(page: str) -> list[list[str]]:
    """What a reader sees of each block: its text, pictures and links."""
    return [_SEEN.findall(piece) for piece in _BLOCK.split(page)]
