"""Read a pasted brief: paragraphs → classified lines → layout → groups → items. No I/O, and nothing is invented.

The brief's title and the headings of its sections belong to no item: a note on the item below
quotes them. A note on the item above quotes sign-offs and the footers of mailing lists. No word is
lost: what isn't understood is text.
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
    """The items of a brief in their order, with notes on what it doesn't say, and its introduction."""
    classified = classify_lines(paragraphs)
    lines = mark_footers(classified)
    layout = find_layout(lines)
    arranged = layout.arrange(lines)
    groups = group_lines(arranged, layout)
    return assemble(groups)
