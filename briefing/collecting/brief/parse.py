"""Read a pasted brief: paragraphs → classified lines → layout → groups → items. No I/O, and nothing is invented.

Lines that don't belong to an item are quoted in notes: the brief's title and section headings in a
note on the item below them, sign-offs and mailing-list footers in a note on the item above. No word
is lost: lines that aren't recognised become text.
"""

from collections.abc import Sequence

from briefing.collecting.brief.assemble import Brief, assemble
from briefing.collecting.brief.classify import classify_lines
from briefing.collecting.brief.footers import mark_footers
from briefing.collecting.brief.groups import group_lines
from briefing.collecting.brief.layouts import find_layout
from briefing.collecting.brief.paragraphs import Paragraph

__all__ = ["Brief", "read_brief"]


def read_brief(paragraphs: Sequence[Paragraph]) -> Brief:
    """Read a brief's items, with notes on what is missing, and its introduction."""
    classified = classify_lines(paragraphs)
    lines = mark_footers(classified)
    layout = find_layout(lines)
    arranged = layout.arrange(lines)
    groups = group_lines(arranged, layout)
    return assemble(groups)
