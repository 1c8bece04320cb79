"""A file with mistakes in its format: its lines are shown, and corrected there."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.preview.browsers import (
    desk,
    expect,
    is_page,
    needs_chromium,
    playwright,
    wait_for_file,
)
from tests.preview.conftest import ISSUE

if TYPE_CHECKING:
    from playwright.sync_api import Page

__all__ = ["desk"]

pytestmark = needs_chromium

BROKEN = ISSUE.replace("source: BBC", "sourc: BBC").replace(
    "Nothing new", "#### Nothing new"
)


@pytest.fixture
def source(desk: "Page", issue: Path) -> "Page":
    issue.write_text(BROKEN, "utf-8")
    expect(desk.get_by_label("Text of issue.md")).to_have_value(BROKEN)
    return desk


def test_all_mistakes_are_listed_and_lead_to_their_lines(
    source: "Page",
) -> None:
    mistakes = source.locator(".mistakes li")
    expect(mistakes).to_have_count(2)
    assert "did you mean 'source:'?" in mistakes.nth(0).inner_text()
    source.get_by_role("button", name="Line 6").click()
    text = source.get_by_label("Text of issue.md")
    expect(text).to_be_focused()
    chosen = text.evaluate(
        "box => box.value.slice(box.selectionStart, box.selectionEnd)"
    )
    assert chosen == "sourc: BBC"


def test_it_can_be_corrected_in_a_small_or_magnified_window(
    source: "Page",
) -> None:
    text = source.get_by_label("Text of issue.md")
    mail = source.locator("#mail-pane")
    for width, height in ((390, 844), (512, 384)):
        source.set_viewport_size({"width": width, "height": height})
        source.get_by_role("button", name="Edit", exact=True).click()
        expect(text).to_be_visible()
        expect(mail).to_be_hidden()
        source.get_by_role("button", name="Email", exact=True).click()
        expect(mail).to_be_visible()
        expect(text).to_be_hidden()
    # What must stay in sight does, although everything else scrolls.
    source.get_by_role("button", name="Edit", exact=True).click()
    source.mouse.wheel(0, 1000)
    source.wait_for_function("scrollY > 100")
    playwright.expect(source.locator("#findings")).to_be_in_viewport()
    playwright.expect(source.locator("#saved")).to_be_in_viewport()


def test_a_corrected_file_shows_its_items_again(
    source: "Page", issue: Path
) -> None:
    text = source.get_by_label("Text of issue.md")
    text.fill(ISSUE.replace("Welcome", "Hello"))
    wait_for_file(source, issue, "Hello")
    leave = source.get_by_role("link", name="Show the items")
    expect(leave).to_be_visible()
    # It doesn't disappear while somebody types.
    expect(text).to_be_focused()
    leave.click()
    cards = source.locator("#list .card")
    expect(cards).to_have_count(2)
    # All that was typed in the text is taken back at once.
    source.get_by_role("button", name="Undo").click()
    expect(text).to_have_value(BROKEN)
    source.get_by_role("button", name="Redo").click()
    expect(cards).to_have_count(2)
    assert "Hello" in issue.read_text("utf-8")


def test_a_file_that_is_corrected_elsewhere_shows_its_items_again(
    source: "Page", issue: Path
) -> None:
    issue.write_text(ISSUE, "utf-8")
    expect(source.locator("#list .card")).to_have_count(2)


def test_the_text_stays_while_another_program_replaces_the_file(
    source: "Page", issue: Path
) -> None:
    text = source.get_by_label("Text of issue.md")
    text.press("Control+End")
    with source.expect_response(is_page):
        issue.unlink()
    source.keyboard.type("It is final.")
    issue.write_text(BROKEN, "utf-8")
    wait_for_file(source, issue, "It is final.")


def test_a_text_that_was_changed_elsewhere_too_is_kept(
    source: "Page", issue: Path
) -> None:
    text = source.get_by_label("Text of issue.md")
    text.focus()
    theirs = BROKEN.replace("Welcome", "Their welcome")
    issue.write_text(theirs, "utf-8")
    text.fill("My text\n")
    note = source.get_by_role("region", name="Unsaved text")
    expect(note.get_by_text("My text")).to_be_visible()
    assert issue.read_text("utf-8") == theirs


def test_a_file_that_is_not_text_says_so(desk: "Page", issue: Path) -> None:
    issue.write_bytes(b"\xff\xfe")
    expect(desk.get_by_role("alert").get_by_text("UTF-8")).to_be_visible()
    text = desk.get_by_label("Text of issue.md")
    expect(text).not_to_be_editable()
    assert issue.read_bytes() == b"\xff\xfe"


def test_what_somebody_else_wrote_stays_however_much_is_typed_into_the_text(
    source: "Page", issue: Path
) -> None:
    text = source.get_by_label("Text of issue.md")
    text.press("Control+Home")
    theirs = BROKEN.replace("Welcome", "Their welcome")
    issue.write_text(theirs, "utf-8")
    waiting = source.locator(".kept-words")
    for typed in ("My", " own", " words"):
        source.keyboard.type(typed)
        expect(waiting).to_have_count(1)
        expect(waiting).to_contain_text(typed)
    expect(waiting).to_contain_text("My own words")
    expect(text).to_be_focused()
    assert issue.read_text("utf-8") == theirs
    # The file's text is shown once one leaves the field, and ours waits beside it.
    source.get_by_role("button", name="Undo").focus()
    expect(text).to_have_value(theirs)
    source.get_by_role("button", name="Put it back").click()
    wait_for_file(source, issue, "My own words")


def test_the_text_of_one_edition_never_goes_into_another(
    source: "Page", issue: Path
) -> None:
    other = issue.with_name("issue.ug.md")
    theirs = "# Broken\n\n### A\n\n#### B\n"
    other.write_text(theirs, "utf-8")
    expect(source.get_by_role("link", name="ئۇيغۇرچە")).to_be_visible()
    source.get_by_role("link", name="ئۇيغۇرچە").click()
    text = source.get_by_label("Text of issue.ug.md")
    expect(text).to_have_value(theirs)
    text.press("Control+End")
    source.route("**/source", lambda route: route.abort(), times=1)
    source.keyboard.type("So.")
    source.go_back()
    wait_for_file(source, other, "So.")
    expect(source.get_by_label("Text of issue.md")).to_have_value(BROKEN)
    assert issue.read_text("utf-8") == BROKEN
