"""Leave out what ends a brief, or an email pasted into it: sign-offs with their names, and mailing lists' footers."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby
from operator import attrgetter

from briefing.collecting.brief.cleaning.pasted_lines import (
    lines_of,
    paragraphs_of,
)
from briefing.collecting.brief.lines.addresses import quoted
from briefing.collecting.brief.lines.classify import classify_lines
from briefing.collecting.brief.lines.footers import mark_footers
from briefing.collecting.brief.lines.line import Line, Lines, merge
from briefing.collecting.brief.structure.footnotes import is_listed_address
from briefing.collecting.text.literal import markdown
from briefing.issue.model import Item

from .model import (
    NOT_AN_ITEM,
    Brief,
    ParsedItem,
    left_out_above,
    left_out_below,
)
from .paragraphs import Paragraph


def split_footers(
    paragraphs: Sequence[Paragraph],
) -> tuple[Sequence[Paragraph], Sequence[Line]]:
    """The paragraphs without their footers, and each footer as a line that has the number of its paragraph in the
    document.
    """
    marked = mark_footers(
        [
            line
            for line in classify_lines(paragraphs)
            if not is_listed_address(line.text)
        ]
    )
    places = {line.place for line in marked if line.is_footer}
    if not places:
        return paragraphs, ()
    own = [
        line
        for place, line in enumerate(lines_of(paragraphs))
        if place not in places
    ]
    footers = [
        replace(footer, paragraph=paragraphs[footer.paragraph].number)
        for footer in _whole_footers(marked)
    ]
    return tuple(paragraphs_of(own)), footers


def _whole_footers(marked: Lines) -> Iterable[Line]:
    """The lines of each footer as one."""
    in_parts = groupby(marked, key=attrgetter("is_footer", "paragraph"))
    for (is_footer, _), lines in in_parts:
        footer = merge(list(lines))
        if is_footer and (footer.text or footer.links):
            yield footer


def with_footer_notes(brief: Brief, footers: Lines) -> Brief:
    """A brief whose items quote the footers below them."""
    items = list(brief.items)
    for footer in footers:
        above = _item_above(items, footer.paragraph)
        note = left_out_above if above < 0 else left_out_below
        place = max(0, above)
        items[place] = items[place].with_notes([note(_quote(footer))])
    return replace(brief, items=items)


def of_footers(footers: Lines) -> Brief:
    """A brief that has only footers: an item of their words, if there are any."""
    text = "\n\n".join(markdown(_quote(footer)) for footer in footers)
    item = ParsedItem(Item(text=text), (NOT_AN_ITEM,))
    return Brief([item] if text else [])


def _item_above(items: Sequence[ParsedItem], paragraph: int) -> int:
    """The place of the last item that begins above a paragraph; -1 if none does."""
    above = [
        place
        for place, parsed in enumerate(items)
        if min(parsed.paragraphs, default=0) <= paragraph
    ]
    return above[-1] if above else -1


def _quote(footer: Line) -> str:
    """The words of a footer, with the addresses that they don't show."""
    hidden = (
        address
        for _, address in footer.links
        if address.removeprefix("https://") not in footer.text
    )
    return quoted(" ".join([footer.text, *dict.fromkeys(hidden)]))
