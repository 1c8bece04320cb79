"""Putting items in order: by buttons, keys, a dialog and by dragging; and taking all of it back."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.preview.browsers import (
    card_of,
    desk,
    drag,
    expect,
    expect_saved,
    headlines,
    needs_chromium,
    open_card,
    wait_for_file,
)

if TYPE_CHECKING:
    from playwright.sync_api import FloatRect, Locator, Page

__all__ = ["desk"]

pytestmark = needs_chromium

SECTIONS = """\
# Weekly Brief

### Start

## News

### A

### B

### C

## Releases

### D
"""


@pytest.fixture(autouse=True)
def sections(issue: Path) -> None:
    issue.write_text(SECTIONS, "utf-8")


def expect_order(page: "Page", *names: str) -> None:
    expect(page.locator("#list .card .headline")).to_have_text(list(names))
    expect_saved(page)


def box_of(found: "Locator") -> "FloatRect":
    box = found.bounding_box()
    assert box
    return box


@pytest.mark.parametrize("headline", ["Start", "C"])
def test_the_buttons_of_a_card_cover_no_headline_and_no_other_card(
    desk: "Page", headline: str
) -> None:
    open_card(desk, headline)
    card = card_of(desk, headline)
    card.hover()
    moves = box_of(card.locator(".moves"))
    own_headline = box_of(card.locator(".headline"))
    assert moves["y"] >= own_headline["y"] + own_headline["height"]
    whole = box_of(card)
    assert moves["y"] + moves["height"] <= whole["y"] + whole["height"]


def test_buttons_move_an_item_and_keep_the_focus_on_it(
    desk: "Page", issue: Path
) -> None:
    expect_order(desk, "Start", "A", "B", "C", "D")
    button = desk.get_by_role("button", name="Move “C” up")
    button.focus()
    desk.keyboard.press("Enter")
    expect_order(desk, "Start", "A", "C", "B", "D")
    expect(desk.locator("#said")).to_have_text(
        "Moved to position 2 of 3 in News"
    )
    expect(button).to_be_focused()
    written = issue.read_text("utf-8")
    assert written.index("### C") < written.index("### B")
    # The first and the last have no further place.
    up = desk.get_by_role("button", name="Move “Start” up")
    assert up.get_attribute("aria-disabled") == "true"
    down = desk.get_by_role("button", name="Move “D” down")
    assert down.get_attribute("aria-disabled") == "true"
    up.click(force=True)
    expect_order(desk, "Start", "A", "C", "B", "D")


def test_alt_with_arrows_moves_an_item_through_the_sections(
    desk: "Page",
) -> None:
    card = card_of(desk, "C").get_by_role("link")
    card.focus()
    desk.keyboard.press("Alt+ArrowDown")
    expect(desk.locator("#said")).to_have_text(
        "Moved to position 1 of 2 in Releases"
    )
    expect(card).to_be_focused()
    desk.keyboard.press("Alt+ArrowDown")
    expect_order(desk, "Start", "A", "B", "D", "C")
    desk.keyboard.press("Alt+ArrowDown")
    for _ in range(4):
        desk.keyboard.press("Alt+ArrowUp")
    expect_order(desk, "Start", "C", "A", "B", "D")
    expect(card).to_be_focused()


def test_a_dialog_moves_an_item_to_any_place_and_escape_leaves_it(
    desk: "Page",
) -> None:
    button = desk.get_by_role("button", name="Move “A” to…")
    button.focus()
    desk.keyboard.press("Enter")
    dialog = desk.get_by_role("dialog", name="Move to…")
    expect(dialog).to_be_visible()
    desk.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect_order(desk, "Start", "A", "B", "C", "D")
    button.focus()
    desk.keyboard.press("Enter")
    expect(dialog).to_be_visible()
    dialog.get_by_label("Section").select_option("Releases")
    dialog.get_by_label("Place").select_option("Below “D”")
    dialog.get_by_role("button", name="Move").click()
    expect_order(desk, "Start", "B", "C", "D", "A")
    expect(desk.locator("#said")).to_have_text(
        "Moved to position 2 of 2 in Releases"
    )
    expect(button).to_be_focused()


def test_an_item_is_dragged_by_its_handle_and_escape_stops_it(
    desk: "Page",
) -> None:
    expect_order(desk, "Start", "A", "B", "C", "D")
    drag(desk, "A", "D", 0.9)
    desk.keyboard.press("Escape")
    desk.mouse.up()
    expect_order(desk, "Start", "A", "B", "C", "D")
    assert not desk.locator(".dragged").count()
    drag(desk, "A", "D", 0.9)
    desk.mouse.up()
    expect_order(desk, "Start", "B", "C", "D", "A")
    drag(desk, "D", "B", 0.1)
    desk.mouse.up()
    expect_order(desk, "Start", "D", "B", "C", "A")


def test_a_section_is_moved_with_its_items(desk: "Page", issue: Path) -> None:
    desk.get_by_role("button", name="Move the section “Releases” up").click()
    expect_order(desk, "Start", "D", "A", "B", "C")
    written = issue.read_text("utf-8")
    assert written.index("## Releases") < written.index("## News")


def test_an_item_is_added_and_filled_in(desk: "Page", issue: Path) -> None:
    section = desk.get_by_role("region", name="News")
    section.get_by_role("button", name="Add an item").click()
    headline = desk.get_by_label("Headline", exact=True)
    expect(headline).to_be_focused()
    expect(headline).to_have_value("")
    desk.keyboard.type("New")
    wait_for_file(desk, issue, "### New\n")
    expect_order(desk, "Start", "A", "B", "C", "New", "D")


def test_a_section_is_added_named_and_removed(
    desk: "Page", issue: Path
) -> None:
    desk.get_by_role("button", name="Add a section").click()
    title = desk.get_by_label("Title of the section")
    expect(title).to_be_focused()
    expect(title).to_have_value("New section")
    desk.keyboard.type("Appeals")
    expect(title).to_have_value("Appeals")
    wait_for_file(desk, issue, "## Appeals")
    expect(desk.get_by_role("region", name="Appeals")).to_be_visible()
    desk.get_by_role("button", name="Remove the section").click()
    expect(desk.get_by_role("region", name="Appeals")).to_have_count(0)
    assert "## Appeals" not in issue.read_text("utf-8")


def test_a_removed_item_comes_back_with_all_its_words(
    desk: "Page", issue: Path
) -> None:
    before = issue.read_text("utf-8")
    desk.get_by_role("button", name="Remove “B”").focus()
    desk.keyboard.press("Enter")
    expect_order(desk, "Start", "A", "C", "D")
    expect(desk.locator(".card .open").nth(2)).to_be_focused()
    desk.get_by_role("button", name="Undo").click()
    expect_order(desk, "Start", "A", "B", "C", "D")
    assert issue.read_text("utf-8") == before


def test_several_steps_are_undone_and_redone(desk: "Page", issue: Path) -> None:
    before = issue.read_text("utf-8")
    undo = desk.get_by_role("button", name="Undo")
    redo = desk.get_by_role("button", name="Redo")
    assert undo.get_attribute("aria-disabled") == "true"
    open_card(desk, "B")
    desk.get_by_label("Headline", exact=True).fill("Bee")
    expect_order(desk, "Start", "A", "Bee", "C", "D")
    desk.get_by_role("button", name="Move “Bee” up").click()
    expect_order(desk, "Start", "Bee", "A", "C", "D")
    undo.click()
    expect_order(desk, "Start", "A", "Bee", "C", "D")
    undo.click()
    expect_order(desk, "Start", "A", "B", "C", "D")
    assert issue.read_text("utf-8") == before
    expect(desk.get_by_label("Headline", exact=True)).to_have_value("B")
    redo.click()
    redo.click()
    expect_order(desk, "Start", "Bee", "A", "C", "D")
    card_of(desk, "D").get_by_role("link").focus()
    desk.keyboard.press("Control+z")
    expect_order(desk, "Start", "A", "Bee", "C", "D")
    desk.keyboard.press("Control+Shift+z")
    expect_order(desk, "Start", "Bee", "A", "C", "D")
    assert headlines(desk)[1] == "Bee"
