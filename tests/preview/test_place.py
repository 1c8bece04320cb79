"""A mail is shown from where it was changed last."""

import re

from briefing.preview.place import ANCHOR, changed, marked

PAGE = (
    '<title>T</title><div>First, second</div><h1 style="color:red">T</h1>'
    '<p>First</p><ul><li>Second</li></ul><p><a href="/1">Link</a></p>'
)


def _after(change: str) -> str:
    """What stands after the anchor once the page was changed from PAGE."""
    block = changed(PAGE, change)
    assert block is not None
    return marked(change, block).partition(ANCHOR)[2]


def test_the_place_is_the_block_that_reads_otherwise() -> None:
    assert _after(PAGE.replace("Second", "2nd")).startswith("<li>2nd")
    assert _after(PAGE.replace("<p>First", "<p>1st")).startswith("<p>1st")
    assert _after(PAGE.replace("/1", "/2")).startswith('<p><a href="/2">')


def test_a_block_that_was_added_or_taken_away_is_a_change() -> None:
    assert _after(PAGE.replace("<ul>", "<p>New</p><ul>")).startswith("<p>New</p>")
    assert _after(PAGE.replace("<li>Second</li>", "")).startswith("<p>First</p>")


def test_of_several_changes_it_is_the_last_since_headlines_stand_in_the_preview_line_too() -> None:
    assert _after(PAGE.replace("First", "1st")).startswith("<p>1st")


def test_another_style_is_no_change() -> None:
    assert changed(PAGE, PAGE.replace("red", "green")) is None
    assert changed(PAGE, PAGE) is None


def test_what_stands_above_the_first_block_needs_no_anchor() -> None:
    page = PAGE.replace("<title>T", "<title>U")
    assert changed(PAGE, page) == 0
    assert marked(page, 0) == page


def test_a_block_that_is_no_longer_there_is_not_marked() -> None:
    assert marked(PAGE, 99) == PAGE


def test_only_the_anchor_is_added() -> None:
    for block in range(5):
        assert re.sub(re.escape(ANCHOR), "", marked(PAGE, block)) == PAGE
