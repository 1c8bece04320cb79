"""The dialogs of the page: links and files are added, items go to the inbox and back, copies are made,
and test emails go out.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from briefing.collecting.documents import size
from briefing.issue.compose import compose
from briefing.issue.model import Item
from briefing.issue.store import INBOX
from briefing.network.fetch_guard import Guard
from briefing.newsletter import Newsletter
from briefing.photos import pictures
from briefing.preview import adding
from tests.collecting.making import jpeg
from tests.collecting.web.pages import TITLE
from tests.network.test_fetch import Site, page, site
from tests.preview.browsers import (
    Held,
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
from tests.preview.test_adding import BRIEF, web_page
from tests.preview.test_trial_mail import add_settings, recipients, server_of
from tests.sending.servers.smtp import SmtpServer

if TYPE_CHECKING:
    from playwright.sync_api import Page, Request

__all__ = ["desk"]

pytestmark = needs_chromium


@pytest.fixture
def website(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A website with an article. Only it may be asked, although it is on this computer."""
    with site(page(web_page("https://example.org/library"))) as here:

        def admit_it(**_options: object) -> Guard:
            return here.guard()

        monkeypatch.setattr(adding, "Guard", admit_it)
        yield here


def open_dialog(page: "Page", button: str) -> None:
    page.get_by_role("button", name=button, exact=True).click()


class TestAdding:
    def test_a_link_becomes_an_item_whose_doubtful_fields_are_marked(
        self, desk: "Page", website: Site, issue: Path
    ) -> None:
        open_dialog(desk, "Add…")
        desk.get_by_label("Links, one per line").fill(website.url)
        desk.locator("#adding-collect").click()
        results = desk.locator("#adding-results li")
        expect(results).to_contain_text(f"Added “{TITLE}”")
        expect(results).to_contain_text("Needs review:")
        wait_for_file(desk, issue, f"### {TITLE}\n")
        desk.get_by_role("button", name="Close", exact=True).click()
        open_card(desk, TITLE)
        card = desk.locator("#list .card").filter(has_text=TITLE)
        expect(card.locator(".to-check")).to_be_visible()
        expect(desk.locator(".field-source .doubt")).to_be_visible()
        desk.get_by_label("Source", exact=True).fill("The Example Post")
        expect_saved(desk)
        expect(desk.locator(".field-source .doubt")).to_have_count(0)

    def test_a_link_pasted_onto_the_list_is_collected(
        self, desk: "Page", website: Site, issue: Path
    ) -> None:
        desk.locator("#list").evaluate(PASTE, {"text/plain": website.url})
        wait_for_file(desk, issue, f"### {TITLE}\n")
        expect(desk.locator("#adding-results li")).to_contain_text("Added")

    def test_a_link_without_a_page_says_why(
        self, desk: "Page", website: Site
    ) -> None:
        before = headlines(desk)
        open_dialog(desk, "Add…")
        desk.get_by_label("Links, one per line").fill("https://example.org/no")
        desk.locator("#adding-collect").click()
        expect(
            desk.locator("#adding-results li[data-state=failed]")
        ).to_contain_text("https://example.org/no")
        assert headlines(desk) == before

    def test_a_line_without_a_link_stays_in_the_field(
        self, desk: "Page", website: Site, issue: Path
    ) -> None:
        open_dialog(desk, "Add…")
        links = desk.get_by_label("Links, one per line")
        links.fill(f"example.org/a\n\nA library: {website.url}\nand more")
        desk.locator("#adding-collect").click()
        wait_for_file(desk, issue, f"### {TITLE}\n")
        expect(links).to_have_value("example.org/a\nand more")
        expect(
            desk.locator("#adding-results li[data-state=failed]")
        ).to_contain_text("no link in what is left in the field")

    def test_a_brief_is_chosen_as_a_file_and_undone_by_undo(
        self, desk: "Page", issue: Path
    ) -> None:
        before = issue.read_text("utf-8")
        open_dialog(desk, "Add…")
        brief = {
            "name": "brief.txt",
            "mimeType": "text/plain",
            "buffer": BRIEF.encode(),
        }
        files = desk.locator("#adding-files")
        files.set_input_files(brief)  # type: ignore[arg-type]
        wait_for_file(desk, issue, f"### {TITLE}\n")
        results = desk.locator("#adding-results li")
        expect(results).to_have_count(2)
        expect(results.first).to_contain_text(f"Added “{TITLE}”")
        expect(results.last).to_contain_text("Its introduction wasn’t added")
        # Without links in its field, this button has nothing to complain about.
        desk.locator("#adding-collect").click()
        expect(results).to_have_count(2)
        desk.get_by_role("button", name="Close", exact=True).click()
        expect(desk.locator("#undo")).not_to_have_attribute(
            "aria-disabled", "true"
        )
        desk.locator("#undo").click()
        expect(desk.locator("#list").get_by_text(TITLE)).to_have_count(0)
        assert issue.read_text("utf-8").rstrip() == before.rstrip()

    @pytest.mark.long
    def test_a_file_may_be_as_large_as_one_that_commands_read(
        self, desk: "Page"
    ) -> None:
        open_dialog(desk, "Add…")
        files = desk.locator("#adding-files")
        expect(files).to_have_attribute("data-largest", str(size.MOST_BYTES))
        files.evaluate("files => { files.dataset.largest = 1024 * 1024 }")
        files.set_input_files(
            {
                "name": "brief.docx",
                "mimeType": "application/octet-stream",
                "buffer": bytes(1024 * 1024 + 1),
            }
        )
        expect(desk.locator("#adding-results li")).to_have_text(
            "brief.docx is too large: 1 MB at most."
        )


PASTE = """(target, content) => {
  const data = new DataTransfer();
  for (const [type, words] of Object.entries(content)) data.setData(type, words);
  target.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""
"""Pastes as a browser does it; a clipboard is shared by all that runs on a computer."""


class TestPhotosAndPasting:
    def test_a_chosen_photo_replaces_the_items_and_something_else_is_refused(
        self, desk: "Page", folder: Path, issue: Path
    ) -> None:
        open_card(desk, "A ruling <on> maps")
        desk.locator("[data-photo-of]").set_input_files(
            {"name": "x.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}
        )
        wait_for_file(desk, issue, "image: a-ruling-on-maps.")
        (photo,) = folder.glob("a-ruling-on-maps.*")
        assert photo.stat().st_size
        expect_saved(desk)
        desk.locator("[data-photo-of]").set_input_files(
            {"name": "x.jpg", "mimeType": "image/jpeg", "buffer": b"no photo"}
        )
        expect(desk.locator(".field-image .refusal")).to_be_visible()

    @pytest.mark.long
    def test_a_photo_may_be_as_large_as_one_that_commands_read(
        self, desk: "Page"
    ) -> None:
        open_card(desk, "A ruling <on> maps")
        choice = desk.locator("[data-photo-of]")
        expect(choice).to_have_attribute(
            "data-largest", str(pictures.MOST_BYTES)
        )
        choice.evaluate("choice => { choice.dataset.largest = 1024 * 1024 }")
        choice.set_input_files(
            {
                "name": "x.jpg",
                "mimeType": "image/jpeg",
                "buffer": bytes(1024 * 1024 + 1),
            }
        )
        expect(desk.locator(".field-image .refusal")).to_have_text(
            "This photo is too large: 1 MB at most. Make it smaller first."
        )

    def test_pasted_html_becomes_markdown(
        self, desk: "Page", issue: Path
    ) -> None:
        open_card(desk, "A ruling <on> maps")
        text = desk.get_by_role("textbox", name="Text", exact=True)
        text.fill("")
        text.evaluate(
            PASTE,
            {
                "text/html": '<p>See <a href="https://example.org/b">this</a>.</p>'
                "<ul><li>one</li></ul><img src=x onerror=alert(1)>",
                "text/plain": "See this. one",
            },
        )
        wait_for_file(desk, issue, "See [this](https://example.org/b).")
        assert text.input_value() == (
            "See [this](https://example.org/b).\n\n- one"
        )

    def test_what_is_pasted_never_goes_into_a_field_that_was_opened_meanwhile(
        self, desk: "Page", issue: Path
    ) -> None:
        held = Held(desk, "**/pasted")
        open_card(desk, "A ruling <on> maps")
        text = desk.get_by_role("textbox", name="Text", exact=True)
        text.evaluate(PASTE, {"text/plain": "One.\n\nTwo."})
        held.wait()
        open_card(desk, "A second thing")
        text.focus()
        before = issue.read_text("utf-8")
        held.let_go()
        expect(desk.locator("#saved")).to_contain_text("Paste it again")
        expect(text).to_have_value("Nothing new.")
        assert issue.read_text("utf-8") == before


def test_an_item_of_the_inbox_is_dragged_while_it_changes(
    newsletter: Newsletter, desk: "Page", issue: Path
) -> None:
    compose(newsletter, INBOX, [Item(heading="A harbour reopens")])
    open_dialog(desk, "Inbox")
    line = desk.locator("#inbox li", has_text="A harbour reopens")
    line.locator(".handle").hover()
    desk.mouse.down()
    place = card_of(desk, "A ruling <on> maps").bounding_box()
    assert place
    desk.mouse.move(place["x"] + 50, place["y"] + 20)
    compose(newsletter, INBOX, [Item(heading="A bridge closes")])
    with desk.expect_response("**/inbox"):
        # As if the editor came back to this window.
        desk.evaluate("dispatchEvent(new Event('focus'))")
    desk.mouse.move(place["x"] + 50, place["y"] + 5)
    desk.mouse.up()
    wait_for_file(desk, issue, "### A harbour reopens\n")
    expect(desk.locator("#inbox li")).to_have_text(
        [re.compile("A bridge closes")]
    )


def test_items_go_from_the_inbox_into_the_issue_and_back(
    newsletter: Newsletter, desk: "Page", issue: Path
) -> None:
    compose(newsletter, INBOX, [Item(heading="A harbour reopens")])
    open_dialog(desk, "Inbox")
    add = desk.get_by_role("button", name="Add “A harbour reopens”")
    add.click()
    wait_for_file(desk, issue, "### A harbour reopens\n")
    empty = desk.get_by_text("The inbox is empty")
    expect(empty).to_be_visible()
    desk.get_by_title("Undo: item from the inbox").click()
    expect(add).to_be_visible()
    expect(desk.get_by_title("Redo: item from the inbox")).to_be_visible()
    add.focus()
    desk.keyboard.press("Control+Shift+z")
    expect(empty).to_be_visible()
    # It stands beside the list, which can be used meanwhile.
    card = desk.locator("#list .card", has_text="A harbour reopens")
    card.hover()
    card.get_by_title("To the inbox").click()
    expect(card).to_have_count(0)
    expect(add).to_be_visible()
    waiting = newsletter.issues / INBOX / "issue.md"
    assert "### A harbour reopens\n" in waiting.read_text("utf-8")
    # On a narrow screen it covers the list.
    expect(desk.locator("dialog:modal")).to_have_count(0)
    desk.set_viewport_size({"width": 390, "height": 844})
    expect(desk.locator("dialog:modal")).to_be_visible()
    desk.keyboard.press("Escape")
    expect(add).to_be_hidden()
    desk.set_viewport_size({"width": 1440, "height": 900})
    open_dialog(desk, "Inbox")
    expect(add).to_be_visible()
    drag(desk, "A second thing", "A ruling <on> maps", 0.5)
    column = desk.locator("dialog#inbox").bounding_box()
    assert column
    desk.mouse.move(column["x"] + 50, column["y"] + 300)
    desk.mouse.up()
    moved = desk.get_by_role("button", name="Add “A second thing”")
    expect(moved).to_be_visible()
    assert "### A second thing" not in issue.read_text("utf-8")
    # And out of it, above another item.
    handle = desk.locator("#inbox li", has_text="A harbour").locator(".handle")
    handle.hover()
    desk.mouse.down()
    place = card_of(desk, "A ruling <on> maps").bounding_box()
    assert place
    desk.mouse.move(place["x"] + 50, place["y"] + 5)
    desk.mouse.up()
    expect(desk.locator("#list .card .headline")).to_have_text(
        ["A harbour reopens", "A ruling <on> maps"]
    )
    expect(add).to_have_count(0)


def test_an_item_of_the_inbox_is_added_by_one_request(
    newsletter: Newsletter, desk: "Page"
) -> None:
    compose(newsletter, INBOX, [Item(heading="A harbour reopens")])
    posted: list[str] = []

    def note(request: "Request") -> None:
        if request.method == "POST":
            posted.append(request.url.partition("2020-10-09/")[2])

    desk.on("request", note)
    open_dialog(desk, "Inbox")
    desk.get_by_role("button", name="Add “A harbour reopens”").click()
    expect(desk.locator("#inbox-state")).to_contain_text("The inbox is empty")
    assert posted == ["inbox/take"]
    expect_saved(desk)
    desk.remove_listener("request", note)


def test_an_issue_or_an_item_is_copied_for_messengers(desk: "Page") -> None:
    desk.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_dialog(desk, "Copy…")
    for button, state, start in (
        ("For Telegram", "Copied for Telegram.", "**Weekly Brief**"),
        ("For WhatsApp", "Copied for WhatsApp.", "*Weekly Brief*"),
        ("For Signal", "Copied for Signal.", "Weekly Brief"),
        ("As plain text", "Copied as plain text.", "Weekly Brief"),
    ):
        desk.get_by_role("button", name=button).click()
        expect(desk.locator("#copy-state")).to_have_text(state)
        copied = desk.evaluate("navigator.clipboard.readText()")
        assert copied == desk.locator("#copied").input_value()
        assert copied.startswith(f"{start}\n")
    desk.locator("#copy-what").select_option(label="A second thing")
    desk.get_by_role("button", name="As plain text").click()
    expect(desk.locator("#copied")).to_have_value(
        "A second thing\n\nNothing new."
    )


class TestTestMail:
    def test_what_is_missing_is_a_list(self, desk: "Page") -> None:
        open_dialog(desk, "Test email…")
        missing = desk.locator("#test-mail-missing li")
        expect(missing).to_have_count(2)
        expect(missing.first).to_contain_text("No provider")
        expect(desk.locator("#send-command")).to_have_value(
            "briefing send 2020-10-09"
        )

    def test_a_test_goes_to_a_typed_address(
        self, newsletter: Newsletter, desk: "Page"
    ) -> None:
        with SmtpServer() as mail_server:
            add_settings(newsletter, server_of(mail_server))
            open_dialog(desk, "Test email…")
            desk.locator("#test-mail-to").fill("colleague@example.org")
            desk.get_by_role("button", name="Send the test").click()
            expect(desk.locator("#test-mail-results li")).to_have_text(
                "2 emails accepted by the server"
            )
            assert recipients(mail_server) == ["colleague@example.org"] * 2


def write_receipt(folder: Path) -> None:
    """Make the issue one that was sent."""
    receipt = {
        "issue": "2020-10-09",
        "frozen_at": "2020-10-09T10:00:00+00:00",
        "via": "smtp",
        "ledger": "a",
        "editions": {},
        "readers": 1,
        "claimed": 1,
        "accepted": 1,
        "left": 0,
    }
    (folder / "sent.json").write_text(json.dumps(receipt), "utf-8")


def test_nothing_of_it_is_offered_in_an_issue_that_was_sent(
    folder: Path, desk: "Page"
) -> None:
    write_receipt(folder)
    desk.reload()
    expect(desk.get_by_role("button", name="Copy…")).to_be_visible()
    expect(desk.get_by_role("button", name="Add…")).to_have_count(0)
    expect(desk.locator("[data-photo-of]")).to_have_count(0)


def test_a_correction_of_a_sent_issue_is_begun_with_one_click(
    newsletter: Newsletter, folder: Path, desk: "Page"
) -> None:
    write_receipt(folder)
    desk.reload()
    desk.get_by_role("button", name="Start a correction").click()
    expect(desk.locator("#part-issue, #card-issue").first).to_be_visible()
    expect(desk.get_by_label("Corrects", exact=True)).to_have_value(
        "2020-10-09"
    )
    (correction,) = newsletter.issues.glob("*-correction/issue.md")
    assert f"/{correction.parent.name}/" in desk.url
