"""The layout of a brief decides where its items begin; a new layout is a value next to the others."""

from briefing.collecting.brief.classify import classify_lines
from briefing.collecting.brief.groups import group_lines
from briefing.collecting.brief.layouts import (
    LAYOUTS,
    Layout,
    OpenItem,
    find_layout,
)
from briefing.collecting.brief.line import Line, Role, line_at
from briefing.collecting.brief.paragraphs import split_paragraphs
from tests.collecting.brief.pasting import HEADLINE, SOURCE, TEXT, read

*_, READ_MORE, SOURCE_LINES = LAYOUTS


def lines_of(*paragraphs: str) -> list[Line]:
    """The classified lines of some paragraphs."""
    return classify_lines(split_paragraphs("\n\n".join(paragraphs)))


def test_a_brief_with_read_more_is_laid_out_by_it() -> None:
    assert find_layout(lines_of(HEADLINE, TEXT, "Read more →")) is READ_MORE
    assert find_layout(lines_of(HEADLINE, f"{TEXT} Read more →")) is READ_MORE
    assert find_layout(lines_of(HEADLINE, SOURCE, TEXT)) is SOURCE_LINES
    assert find_layout([]) is SOURCE_LINES


def test_a_headline_that_names_a_kind_begins_an_item_only_without_read_more() -> (
    None
):
    blocks = (HEADLINE, TEXT, "Joint statement on the archive", TEXT)
    assert len(read("\n\n".join(blocks))) == 2
    assert len(read("\n\n".join([*blocks, "Read more →"]))) == 1


def test_a_layout_arranges_lines_and_says_where_items_begin() -> None:
    def begins_with_bullet(
        line: Line, below: Line, item: OpenItem
    ) -> int | None:
        return (
            0
            if line.has_mark and below.role is Role.TEXT and item.lines
            else None
        )

    bullets = Layout(
        "bullets",
        lambda lines: line_at(lines, 0).has_mark,
        list,
        begins_with_bullet,
    )
    lines = lines_of(
        "• A court\nThe court is open.\n• A hall\nThe hall is open."
    )
    assert bullets.fits(lines)
    groups = list(group_lines(bullets.arrange(lines), bullets))
    assert [[line.text for line in group] for group in groups] == [
        ["• A court", "The court is open."],
        ["• A hall", "The hall is open."],
    ]
