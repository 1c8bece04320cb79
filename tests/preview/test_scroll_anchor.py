"""The preview scrolls to where the mail was changed last."""

import re

from briefing.preview.scroll_anchor import ANCHOR, changed_block, with_anchor

PAGE = (
    '<title>T</title><div>First, second</div><h1 style="color:red">T</h1>'
    '<p>First</p><ul><li>Second</li></ul><p><a href="/1">Link</a></p>'
)


def _after(change: str) -> str:
    """Return what follows the anchor after PAGE was changed."""
    block = changed_block(PAGE, change)
    assert block is not None
    return with_anchor(change, block).partition(ANCHOR)[2]


def test_the_anchor_is_before_the_changed_block() -> None:
    assert _after(PAGE.replace("Second", "2nd")).startswith("<li>2nd")
    assert _after(PAGE.replace("<p>First", "<p>1st")).startswith("<p>1st")
    assert _after(PAGE.replace("/1", "/2")).startswith('<p><a href="/2">')


def test_an_added_or_removed_block_is_a_change() -> None:
    assert _after(PAGE.replace("<ul>", "<p>New</p><ul>")).startswith(
        "<p>New</p>"
    )
    assert _after(PAGE.replace("<li>Second</li>", "")).startswith(
        "<p>First</p>"
    )


def test_the_last_of_several_changes_counts_because_the_preview_line_repeats_headlines() -> (
    None
):
    assert _after(PAGE.replace("First", "1st")).startswith("<p>1st")


def test_a_changed_style_does_not_count() -> None:
    assert changed_block(PAGE, PAGE.replace("red", "green")) is None
    assert changed_block(PAGE, PAGE) is None


def test_a_change_above_the_first_block_needs_no_anchor() -> None:
    page = PAGE.replace("<title>T", "<title>U")
    assert changed_block(PAGE, page) == 0
    assert with_anchor(page, 0) == page


def test_a_block_that_no_longer_exists_gets_no_anchor() -> None:
    assert with_anchor(PAGE, 99) == PAGE


def test_only_the_anchor_is_added() -> None:
    for block in range(5):
        assert re.sub(re.escape(ANCHOR), "", with_anchor(PAGE, block)) == PAGE
