"""A field changed on two sides: both texts are shown and kept until one is taken."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.preview.browsers import (
    desk,
    expect,
    expect_saved,
    needs_chromium,
    open_card,
    wait_for_file,
)
from tests.preview.conftest import ISSUE

if TYPE_CHECKING:
    from playwright.sync_api import Page

__all__ = ["desk"]

pytestmark = needs_chromium

THEIRS = ISSUE.replace("The court has ruled.", "Their words.")


@pytest.fixture
def conflict(desk: "Page", issue: Path) -> "Page":
    """The desk after the text of the first item was changed here and elsewhere."""
    open_card(desk, "A ruling <on> maps")
    text = desk.get_by_role("textbox", name="Text", exact=True)
    text.focus()
    # The field has the focus, so the page can't follow this.
    issue.write_text(THEIRS, "utf-8")
    text.fill("My words.")
    expect(desk.get_by_role("button", name="Keep yours")).to_be_visible()
    return desk


def theirs(page: "Page") -> str:
    return page.locator("#i1-text-theirs").inner_text()


def test_both_texts_are_shown_and_the_file_stays_as_it_is(
    conflict: "Page", issue: Path
) -> None:
    text = conflict.get_by_role("textbox", name="Text", exact=True)
    assert text.input_value() == "My words."
    assert theirs(conflict) == "Their words."
    assert issue.read_text("utf-8") == THEIRS
    conflict.reload()
    expect(text).to_have_value("My words.")
    assert theirs(conflict) == "Their words."


def test_further_typing_is_kept_and_not_written(
    conflict: "Page", issue: Path
) -> None:
    text = conflict.get_by_role("textbox", name="Text", exact=True)
    text.press("End")
    text.type(" And more.")
    expect_saved(conflict)
    conflict.reload()
    expect(text).to_have_value("My words. And more.")
    assert issue.read_text("utf-8") == THEIRS


def test_ones_own_text_can_be_taken(conflict: "Page", issue: Path) -> None:
    conflict.get_by_role("button", name="Keep yours").click()
    wait_for_file(conflict, issue, "My words.")
    expect(conflict.get_by_role("button", name="Keep yours")).to_have_count(0)
    assert issue.read_text("utf-8") == THEIRS.replace("Their", "My")
    conflict.get_by_role("button", name="Undo").click()
    wait_for_file(conflict, issue, "Their words.")


def test_the_other_text_can_be_taken(conflict: "Page", issue: Path) -> None:
    conflict.get_by_role("button", name="Take this").click()
    text = conflict.get_by_role("textbox", name="Text", exact=True)
    expect(text).to_have_value("Their words.")
    expect(conflict.get_by_role("button", name="Take this")).to_have_count(0)
    assert issue.read_text("utf-8") == THEIRS


def test_other_fields_of_the_same_item_are_written_meanwhile(
    conflict: "Page", issue: Path
) -> None:
    conflict.get_by_label("Source").fill("Harbour Post")
    wait_for_file(conflict, issue, "source: Harbour Post")
    assert "Their words." in issue.read_text("utf-8")


@pytest.mark.long
def test_the_note_leads_to_the_field_from_elsewhere(conflict: "Page") -> None:
    open_card(conflict, "A second thing")
    conflict.get_by_role("link", name="Text of “A ruling <on> maps”").click()
    expect(conflict.get_by_role("button", name="Keep yours")).to_be_visible()


def test_words_for_an_item_that_was_removed_can_be_put_back(
    desk: "Page", issue: Path
) -> None:
    open_card(desk, "A second thing")
    text = desk.get_by_role("textbox", name="Text", exact=True)
    text.focus()
    issue.write_text(ISSUE.partition("### A second")[0], "utf-8")
    text.fill("My words.")
    note = desk.get_by_role("region", name="Unsaved text")
    expect(note.get_by_text("My words.")).to_be_visible()
    note.get_by_role("button", name="Put it back").click()
    wait_for_file(desk, issue, "My words.")
    expect(note).to_have_count(0)
    assert "### A second thing" in issue.read_text("utf-8")


def test_changes_of_different_fields_merge_by_themselves(
    desk: "Page", issue: Path
) -> None:
    open_card(desk, "A ruling <on> maps")
    text = desk.get_by_role("textbox", name="Text", exact=True)
    text.focus()
    issue.write_text(ISSUE.replace("source: BBC", "source: CNN"), "utf-8")
    text.fill("My words.")
    wait_for_file(desk, issue, "My words.")
    assert "source: CNN" in issue.read_text("utf-8")
    expect(desk.get_by_label("Source")).to_have_value("CNN")
    expect_saved(desk)
