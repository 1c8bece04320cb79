"""Turn the classified lines of a brief into its items, by their words. No I/O."""

from itertools import chain

from briefing.collecting.brief.lines.line import Lines, by_paragraph
from briefing.collecting.brief.lines.prose import join_wrapped_lines
from briefing.collecting.brief.model import Brief

from .assemble import assemble
from .context import mark_context
from .groups import group_lines


def read_by_words(lines: Lines) -> Brief:
    """Read the lines of a brief by their words."""
    joined = chain.from_iterable(map(join_wrapped_lines, by_paragraph(lines)))
    return assemble(group_lines(mark_context(list(joined))))
