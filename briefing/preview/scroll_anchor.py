"""Find where a mail was changed last, so that the preview can scroll there after a reload.

A sandboxed frame doesn't reveal how far it is scrolled, and browsers forget it when they reload the
frame.
"""

import re

ANCHOR = '<span id="changed" style="scroll-margin-top:30vh"></span>'

_BLOCK = re.compile(r"<(?:p|h[1-6]|li)\b")
_VISIBLE = re.compile(r'\b(?:src|href)="[^"]*"|>[^<]+')


def changed_block(before: str, after: str) -> int | None:
    """Return the last block of the page `after` that looks different; None if only styles have
    changed, or nothing.

    Blocks are paragraphs, headings and list items, counted from 1; 0 is everything above them. It
    is the last one because a changed headline appears in the preview line at the top as well.
    """
    old, new = _blocks(before), _blocks(after)
    if old == new:
        return None
    unchanged = 0
    for old_block, new_block in zip(reversed(old), reversed(new), strict=False):
        if old_block != new_block:
            break
        unchanged += 1
    return max(len(new) - unchanged - 1, 0)


def with_anchor(page: str, block: int) -> str:
    """Return the page with the anchor `#changed` before a block."""
    starts = [match.start() for match in _BLOCK.finditer(page)]
    if not 0 < block <= len(starts):
        return page
    start = starts[block - 1]
    return page[:start] + ANCHOR + page[start:]


def _blocks(page: str) -> list[list[str]]:
    """Return what is visible in each block: its text, pictures and links."""
    return [_VISIBLE.findall(block) for block in _BLOCK.split(page)]
