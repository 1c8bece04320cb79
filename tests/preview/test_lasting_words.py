"""Whatever becomes of the page while you type, each key ends in the file, among the words that wait,
or in a field that shows it.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from briefing.issue import receipt
from tests.preview.at_the_desk import RECEIPT, replace_in
from tests.preview.browsers import (
    Held,
    card_of,
    desk,
    expect,
    expect_saved,
    is_page,
    needs_chromium,
    open_card,
    wait_for_file,
)
from tests.preview.conftest import ISSUE
from tests.preview.test_action_dialogs import PASTE

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

__all__ = ["desk"]

pytestmark = needs_chromium


def text_of(page: "Page", headline: str) -> "Locator":
    """Open an item, and put the caret at the end of its text."""
    open_card(page, headline)
    text = page.get_by_role("textbox", name="Text", exact=True)
    text.press("Control+End")
    return text


# While the file can't be read


@pytest.fixture
def broken(desk: "Page", issue: Path) -> "Page":
    """Another program has made a mistake in the file while you type in an item's text."""
    text = text_of(desk, "A second thing")
    replace_in(issue, "source: BBC", "sourc: BBC")
    desk.keyboard.type(" It is")
    expect(desk.get_by_text("1 change is waiting")).to_be_visible()
    expect(text).to_be_focused()
    return desk


def correct(issue: Path) -> None:
    replace_in(issue, "sourc: BBC", "source: BBC")


def test_you_can_type_on_while_the_file_has_mistakes(
    broken: "Page", issue: Path
) -> None:
    broken.keyboard.type(" final.")
    source = broken.get_by_label("Source")
    with broken.expect_response("**/edits"):
        source.press_sequentially("Post")
    correct(issue)
    wait_for_file(broken, issue, "source: Post\n\nNothing new. It is final.\n")
    expect_saved(broken)
    expect(broken.locator(".kept-words")).to_have_count(0)


@pytest.mark.long
def test_letters_that_are_deleted_before_it_can_be_read_do_not_come_back(
    broken: "Page", issue: Path
) -> None:
    for _ in " It is":
        broken.keyboard.press("Backspace")
    broken.get_by_label("Source").press_sequentially("Post")
    correct(issue)
    wait_for_file(broken, issue, "source: Post\n\nNothing new.\n")
    expect_saved(broken)
    expect(broken.locator(".kept-words")).to_have_count(0)


def test_what_waits_is_counted_once_however_often_it_is_tried(
    broken: "Page",
) -> None:
    with broken.expect_response("**/edits"):
        broken.get_by_label("Source").press_sequentially("P")
    expect(broken.get_by_text("2 changes are waiting")).to_be_visible()
    # It is tried again after some seconds.
    for _ in range(2):
        with broken.expect_response("**/edits"):
            pass
    broken.get_by_label("Headline", exact=True).focus()
    expect(broken.get_by_text("2 changes are waiting")).to_be_visible()


# While the issue is sent


def test_what_is_typed_while_the_issue_is_sent_waits_as_one_text(
    desk: "Page", issue: Path, folder: Path
) -> None:
    text = text_of(desk, "A second thing")
    receipt.write(folder, RECEIPT)
    held = Held(desk, "**/edits")
    desk.keyboard.type("I")
    held.wait()
    desk.keyboard.type("t is")
    held.let_go()
    waiting = desk.locator(".kept-words")
    expect(waiting).to_contain_text("Nothing new.It is")
    desk.keyboard.type(" final")
    expect(waiting).to_contain_text("Nothing new.It is final")
    expect(waiting).to_have_count(1)
    desk.locator("#card-i1").focus()
    expect(text).not_to_be_editable()
    assert issue.read_text("utf-8") == ISSUE


# While another part or edition is opened


def test_a_field_that_you_come_back_to_stays_although_another_card_was_chosen(
    desk: "Page", issue: Path
) -> None:
    """The program had stopped when the other card was clicked."""
    text = text_of(desk, "A ruling <on> maps")
    desk.route("**/*", lambda route: route.abort())
    desk.locator("#card-i2").click()
    text.press("Control+End")
    desk.keyboard.type(" It is")
    desk.unroute("**/*")
    # Somebody who read the file earlier would overwrite the words.
    wait_for_file(desk, issue, "The court has ruled. It is\n")
    with desk.expect_response(is_page):
        replace_in(issue, "Welcome", "Hello")
    desk.keyboard.type(" final.")
    wait_for_file(desk, issue, "The court has ruled. It is final.\n")
    desk.get_by_role("button", name="Undo").focus()
    expect(desk.get_by_label("Headline", exact=True)).to_have_value(
        "A second thing"
    )


def test_the_field_stays_while_the_file_is_written_although_its_item_was_removed(
    desk: "Page", issue: Path
) -> None:
    """The address still names the item that was removed, and the issue's own fields are shown."""
    open_card(desk, "A second thing")
    replace_in(issue, "### A second thing\n\nNothing new.\n", "")
    title = desk.get_by_label("Title", exact=True)
    title.press("End")
    whole = issue.read_text("utf-8")
    with desk.expect_response(is_page):
        issue.write_text("", "utf-8")
    desk.keyboard.type(", late")
    expect(title).to_have_value("Weekly Brief, 9 October 2020, late")
    issue.write_text(whole, "utf-8")
    wait_for_file(desk, issue, "# Weekly Brief, 9 October 2020, late\n")


def test_words_typed_while_another_program_writes_the_file_are_put_back(
    desk: "Page", issue: Path
) -> None:
    text_of(desk, "A second thing")
    whole = issue.read_text("utf-8")
    beginning, _, _ = whole.partition("### A second thing")
    issue.write_text(beginning, "utf-8")
    desk.keyboard.type(" It is")
    expect(desk.locator(".kept-words")).to_contain_text("Nothing new. It is")
    issue.write_text(whole, "utf-8")
    wait_for_file(desk, issue, "Nothing new. It is\n")
    expect(desk.locator(".kept-words")).to_have_count(0)
    desk.keyboard.type(" final.")
    wait_for_file(desk, issue, "Nothing new. It is final.\n")
    expect_saved(desk)


@pytest.mark.long
def test_the_back_key_shows_the_other_edition_in_the_field_with_the_caret(
    desk: "Page", issue: Path, folder: Path
) -> None:
    desk.get_by_role("link", name="ئۇيغۇرچە").click()
    title = desk.get_by_label("Title", exact=True)
    expect(title).to_have_value("ھەپتىلىك خەۋەر")
    title.press("End")
    desk.keyboard.type("!")
    desk.go_back()
    expect(title).to_have_value("Weekly Brief, 9 October 2020")
    title.press("End")
    desk.keyboard.type("!")
    wait_for_file(desk, issue, "# Weekly Brief, 9 October 2020!\n")
    wait_for_file(desk, folder / "issue.ug.md", "# ھەپتىلىك خەۋەر!\n")
    expect(desk.locator(".kept-words")).to_have_count(0)


# While something is pasted


@pytest.mark.long
def test_you_can_type_on_behind_what_is_pasted(
    desk: "Page", issue: Path
) -> None:
    text = text_of(desk, "A second thing")
    text.evaluate("box => box.setSelectionRange(8, 11)")
    held = Held(desk, "**/pasted")
    text.evaluate(PASTE, {"text/plain": "one\ntwo"})
    desk.keyboard.type(" things")
    held.let_go()
    expect(text).to_have_value("Nothing one\ntwo things.")
    desk.keyboard.type("!")
    wait_for_file(desk, issue, "Nothing one\ntwo things!.\n")


@pytest.mark.long
def test_what_is_pasted_leaves_the_caret_in_the_field_where_you_are_by_then(
    desk: "Page", issue: Path
) -> None:
    text = text_of(desk, "A second thing")
    held = Held(desk, "**/pasted")
    text.evaluate(PASTE, {"text/plain": "one\ntwo"})
    source = desk.get_by_label("Source")
    source.press_sequentially("Pot")
    source.press("ArrowLeft")
    held.let_go()
    expect(text).to_have_value("Nothing new.one\ntwo")
    desk.keyboard.type("s")
    wait_for_file(desk, issue, "source: Post\n\nNothing new.one\ntwo\n")


# While the list is changed


def test_a_card_that_is_added_leaves_the_caret_where_you_type_by_then(
    desk: "Page", issue: Path
) -> None:
    text = text_of(desk, "A second thing")
    held = Held(desk, "**/edits")
    desk.locator("#add-start").click()
    held.wait()
    text.press("Control+End")
    desk.keyboard.type(" It is")
    held.let_go()
    expect(desk.locator("#list .card")).to_have_count(3)
    desk.keyboard.type(" final.")
    wait_for_file(desk, issue, "Nothing new. It is final.\n")


@pytest.mark.long
def test_the_neighbour_of_an_open_card_that_is_removed_is_opened(
    desk: "Page",
) -> None:
    open_card(desk, "A second thing")
    desk.locator("#remove-i2").click()
    headline = desk.get_by_label("Headline", exact=True)
    expect(headline).to_have_value("A ruling <on> maps")
    expect(desk.locator("#card-i1")).to_be_focused()


@pytest.mark.long
def test_buttons_go_on_after_the_item_of_one_of_them_was_removed_elsewhere(
    desk: "Page", issue: Path
) -> None:
    issue.write_text("# Brief\n\n### A\n\n### B\n\n### C\n", "utf-8")
    names = desk.locator("#list .card .headline")
    expect(names).to_have_text(["A", "B", "C"])
    down = card_of(desk, "A").locator("[data-move=down]")
    held = Held(desk, "**/edits")
    down.dispatch_event("click")
    held.wait()
    down.dispatch_event("click")
    replace_in(issue, "### A\n\n", "")
    held.let_go()
    expect(names).to_have_text(["B", "C"])
    card_of(desk, "B").locator("[data-move=down]").dispatch_event("click")
    expect(names).to_have_text(["C", "B"])
