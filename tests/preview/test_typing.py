"""Typing in fields: it goes to the file by itself, and no word is lost."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from briefing.preview.server import PreviewServer
from tests.preview.browsers import (
    WITHOUT_MAIL,
    Held,
    desk,
    expect,
    expect_saved,
    is_page,
    needs_chromium,
    open_card,
    open_desk,
    wait_for_file,
    whole_desk,
)
from tests.preview.conftest import ISSUE, home_of

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

__all__ = ["desk", "whole_desk"]

pytestmark = needs_chromium


def test_what_is_typed_is_in_the_file_the_card_and_the_email(
    whole_desk: "Page", issue: Path
) -> None:
    open_card(whole_desk, "A ruling <on> maps")
    whole_desk.get_by_label("Headline", exact=True).fill("A verdict")
    wait_for_file(whole_desk, issue, "### A verdict\n")
    expect_saved(whole_desk)
    expect(
        whole_desk.locator("#list .headline", has_text="A verdict")
    ).to_be_visible()
    frame = whole_desk.frame_locator("iframe[name=mail]")
    expect(frame.get_by_role("heading", name="A verdict")).to_be_visible()
    assert issue.read_text("utf-8") == ISSUE.replace(
        "A ruling <on> maps", "A verdict"
    )


def test_the_caret_stays_while_the_page_updates(
    desk: "Page", issue: Path
) -> None:
    open_card(desk, "A ruling <on> maps")
    text = desk.get_by_role("textbox", name="Text", exact=True)
    text.focus()
    text.evaluate("box => box.setSelectionRange(4, 4)")
    for letter in "high ":
        desk.keyboard.type(letter)
        wait_for_file(desk, issue, text.input_value().strip())
        expect_saved(desk)
    assert text.input_value() == "The high court has ruled."
    assert text.evaluate("box => box.selectionStart") == 9
    assert "The high court has ruled." in issue.read_text("utf-8")


@pytest.mark.parametrize(
    "half",
    [
        "# Half of it\n",
        pytest.param("", marks=pytest.mark.long),
        "# Half\n\n### Of\nlink",
    ],
)
def test_the_field_stays_while_another_program_writes_the_file(
    desk: "Page", issue: Path, half: str
) -> None:
    whole = issue.read_text("utf-8")
    open_card(desk, "A ruling <on> maps")
    text = desk.get_by_role("textbox", name="Text", exact=True)
    text.press("Control+End")
    # Programs that write in place empty the file first, and the page may be asked for just then.
    with desk.expect_response(is_page):
        issue.write_text(half, "utf-8")
    # Words that come to the program just then are kept: the item seems to be removed.
    held = Held(desk, "**/edits")
    desk.keyboard.type(" It is final.")
    expect(text).to_have_value("The court has ruled. It is final.")
    issue.write_text(whole, "utf-8")
    held.let_go()
    wait_for_file(desk, issue, "The court has ruled. It is final.\n")
    expect_saved(desk)


@pytest.mark.long
def test_the_field_of_a_removed_item_stays_until_it_is_left(
    desk: "Page", issue: Path
) -> None:
    open_card(desk, "A ruling <on> maps")
    text = desk.get_by_role("textbox", name="Text", exact=True)
    text.press("Control+End")
    with desk.expect_response(is_page):
        issue.write_text("# Maps\n", "utf-8")
    desk.keyboard.type(" It is final.")
    note = desk.get_by_role("region", name="Unsaved text")
    expect(note.get_by_text("It is final.")).to_be_visible()
    desk.locator("#undo").focus()
    expect(text).to_have_count(0)
    expect(desk.locator("#card-i1")).to_have_count(0)
    note.get_by_role("button", name="Put it back").click()
    wait_for_file(desk, issue, "The court has ruled. It is final.\n")


def test_the_page_stays_as_it_is_while_letters_are_composed(
    desk: "Page", server: PreviewServer, folder: Path
) -> None:
    for lang, path, parts, whole in (
        ("en", folder / "issue.md", ("ni", "ni hao"), "你好"),
        ("ug", folder / "issue.ug.md", ("سا", "سالا"), "سالام"),
    ):
        desk.goto(f"{home_of(server)}2020-10-09/?lang={lang}")
        text = desk.get_by_label("Introduction", exact=True)
        before = text.input_value()
        title = desk.locator("#card-i1 .headline")
        shown = title.inner_text()
        text.press("Control+End")
        compose(desk, parts[0])
        # Someone else changes something, and the email shows it.
        changed = path.read_text("utf-8").replace(shown, f"{shown}!")
        path.write_text(changed, "utf-8")
        mail = desk.frame_locator("iframe[name=mail]")
        heading = mail.get_by_role("heading", name=f"{shown}!", exact=True)
        expect(heading).to_be_visible()
        compose(desk, parts[1])
        assert title.inner_text() == shown
        assert text.input_value() == f"{before}{parts[1]}"
        # It is chosen from the list of the input method.
        desk.context.new_cdp_session(desk).send(
            "Input.insertText", {"text": whole}
        )
        expect(title).to_have_text(f"{shown}!")
        assert text.input_value() == f"{before}{whole}"
        wait_for_file(desk, path, f"{before}{whole}\n")


def compose(page: "Page", letters: str) -> None:
    """Type letters that an input method will replace."""
    end = len(letters)
    page.context.new_cdp_session(page).send(
        "Input.imeSetComposition",
        {"text": letters, "selectionStart": end, "selectionEnd": end},
    )


def test_each_kind_of_field_is_written_in_its_form(
    desk: "Page", issue: Path
) -> None:
    open_card(desk, "A second thing")
    desk.get_by_label("Kind").select_option("Press release")
    expect(desk.get_by_label("Contact")).to_be_visible()
    desk.get_by_label("Contact").fill("Mira Solane, +1 555 0142")
    desk.get_by_label("Date").fill("2020-10-07")
    desk.get_by_label("Link", exact=True).fill("https://example.org/second")
    desk.get_by_label("Source").fill("Harbour Post")
    expect_saved(desk)
    wait_for_file(desk, issue, "source: Harbour Post")
    written = issue.read_text("utf-8")
    for line in (
        "kind: press-release",
        "contact: Mira Solane, +1 555 0142",
        "date: 2020-10-07",
        "link: https://example.org/second",
    ):
        assert f"{line}\n" in written


def test_the_issue_and_its_sections_have_fields_too(
    desk: "Page", issue: Path
) -> None:
    issue.write_text(
        ISSUE.replace("### A second", "## More\n\n### A second"), "utf-8"
    )
    desk.get_by_label("Subject").fill("A ruling, and more")
    wait_for_file(desk, issue, "subject: A ruling, and more")
    desk.get_by_label("Introduction", exact=True).fill("Welcome back.")
    wait_for_file(desk, issue, "Welcome back.")
    desk.locator("#list").get_by_role("link", name="More").click()
    desk.get_by_label("Title of the section").fill("Elsewhere")
    wait_for_file(desk, issue, "## Elsewhere\n")


def test_what_looks_like_a_heading_is_escaped_and_shown_so_when_one_leaves(
    desk: "Page", issue: Path
) -> None:
    open_card(desk, "A second thing")
    text = desk.get_by_role("textbox", name="Text", exact=True)
    text.fill("One\n\n### Two")
    wait_for_file(desk, issue, "\\### Two")
    expect_saved(desk)
    assert text.input_value() == "One\n\n### Two"
    desk.get_by_label("Source").focus()
    expect(text).to_have_value("One\n\n\\### Two")


def test_words_for_one_item_are_saved_although_another_is_opened(
    desk: "Page", issue: Path
) -> None:
    open_card(desk, "A ruling <on> maps")
    desk.get_by_label("Source").fill("Harbour Post")
    open_card(desk, "A second thing")
    wait_for_file(desk, issue, "source: Harbour Post")
    open_card(desk, "A ruling <on> maps")
    expect(desk.get_by_label("Source")).to_have_value("Harbour Post")


def test_a_field_that_nobody_types_in_follows_the_file(
    desk: "Page", issue: Path
) -> None:
    open_card(desk, "A ruling <on> maps")
    issue.write_text(ISSUE.replace("has ruled", "ruled today"), "utf-8")
    text = desk.get_by_role("textbox", name="Text", exact=True)
    expect(text).to_have_value("The court ruled today.")


def test_a_second_tab_follows_the_first(
    desk: "Page", context: "BrowserContext", server: PreviewServer
) -> None:
    other = open_desk(context, server, query=WITHOUT_MAIL)
    open_card(desk, "A ruling <on> maps")
    open_card(other, "A ruling <on> maps")
    desk.get_by_label("Source").fill("Harbour Post")
    expect(other.get_by_label("Source")).to_have_value("Harbour Post")
    other.close()


def test_a_long_headline_is_shown_in_several_lines_but_stays_one(
    desk: "Page", issue: Path
) -> None:
    """Neither the Enter key nor what is pasted breaks a field of one line."""
    open_card(desk, "A ruling <on> maps")
    headline = desk.get_by_label("Headline", exact=True)
    height = headline.evaluate("box => box.clientHeight")
    headline.press("End")
    desk.keyboard.press("Enter")
    # As when it is pasted.
    desk.keyboard.insert_text(", which\n  all may read" * 4)
    words = "A ruling <on> maps" + ", which all may read" * 4
    expect(headline).to_have_value(words)
    wait_for_file(desk, issue, f"### {words}\n")
    assert headline.evaluate("box => box.clientHeight") > height
    assert headline.evaluate("box => box.scrollWidth <= box.clientWidth")


def test_marks_are_put_around_words_by_buttons_and_keys(
    desk: "Page", issue: Path
) -> None:
    open_card(desk, "A second thing")
    text = desk.get_by_role("textbox", name="Text", exact=True)
    text.evaluate("box => { box.focus(); box.setSelectionRange(0, 7); }")
    desk.get_by_role("button", name="Bold").click()
    assert text.input_value() == "**Nothing** new."
    desk.keyboard.press("Control+b")
    assert text.input_value() == "Nothing new."
    desk.keyboard.press("Control+i")
    assert text.input_value() == "*Nothing* new."
    text.evaluate("box => box.setSelectionRange(10, 13)")
    desk.keyboard.press("Control+k")
    desk.keyboard.type("example.org/new")
    assert text.input_value() == "*Nothing* [new](https://example.org/new)."
    desk.get_by_role("button", name="Quote").click()
    assert text.input_value().startswith("> *Nothing*")
    wait_for_file(desk, issue, "> *Nothing* [new](https://example.org/new).")


def test_subject_and_preheader_are_counted(desk: "Page") -> None:
    subject = desk.get_by_label("Subject")
    subject.fill("Short")
    count = desk.locator("#issue-subject-count")
    expect(count).to_have_text("5 characters; 10 to 70 are best")
    expect(count).to_have_class("count unsuitable")
    subject.fill("A subject that says enough")
    expect(count).to_have_class("count")


def test_a_refused_value_says_why_at_its_field_and_is_kept_there(
    desk: "Page", issue: Path
) -> None:
    date = desk.locator("#issue-date")
    date.evaluate(
        "box => { box.type = 'text'; box.value = 'Friday';"
        " box.dispatchEvent(new Event('input', { bubbles: true })); }"
    )
    refusal = desk.locator("#issue-date-refusal")
    expect(refusal).to_be_visible()
    expect(refusal).to_contain_text("Friday")
    expect(desk.locator("#saved")).to_contain_text("Not saved")
    assert date.input_value() == "Friday"
    assert issue.read_text("utf-8") == ISSUE
    # It outlives the page, until the field has another value.
    desk.once("dialog", lambda dialog: dialog.accept())
    desk.reload()
    waiting = desk.locator(".kept-words")
    expect(waiting).to_contain_text("Date wasn’t saved")
    expect(waiting).to_contain_text("Friday")
    date.fill("2020-10-10")
    expect(waiting).to_have_count(0)


def test_what_is_typed_while_the_program_has_stopped_is_saved_when_it_returns(
    desk: "Page", server: PreviewServer, issue: Path
) -> None:
    open_card(desk, "A second thing")
    desk.route("**/edits", lambda route: route.abort())
    desk.get_by_role("textbox", name="Text", exact=True).fill("Something new.")
    expect(desk.locator("#saved")).to_contain_text("Not saved")
    assert is_warned(desk)
    desk.unroute("**/edits")
    wait_for_file(desk, issue, "Something new.")
    expect_saved(desk)
    assert not is_warned(desk)


@pytest.mark.long
def test_an_answer_that_was_cut_off_makes_no_conflict(
    desk: "Page", issue: Path
) -> None:
    """The program has written the words, and ends while it answers."""
    open_card(desk, "A second thing")
    held = Held(desk, "**/edits")
    text = desk.get_by_role("textbox", name="Text", exact=True)
    text.fill("Something new.")
    answer = held.answer()
    assert "Something new." in issue.read_text("utf-8")
    text.fill("Something new, and more.")
    cut_off = answer.text()[:5]
    held.wait().fulfill(status=answer.status, body=cut_off)
    expect(desk.locator("#saved")).to_contain_text("Not saved")
    expect_saved(desk)
    assert "Something new, and more." in issue.read_text("utf-8")
    expect(desk.locator(".kept-words")).to_have_count(0)


def is_warned(page: "Page") -> bool:
    """Whether closing the page asks first."""
    return bool(
        page.evaluate(
            "() => !dispatchEvent(new Event('beforeunload', { cancelable: true }))"
        )
    )
