"""The program ends and is started again: the open page keeps what is typed, and goes on."""

from pathlib import Path
from typing import TYPE_CHECKING

from briefing.newsletter import Newsletter
from tests.preview.browsers import (
    WITHOUT_MAIL,
    expect,
    expect_saved,
    needs_chromium,
    open_card,
    open_desk,
    wait_for_file,
)
from tests.preview.conftest import running

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

pytestmark = needs_chromium


def test_words_typed_while_the_program_was_away_are_saved_when_it_returns(
    context: "BrowserContext", newsletter: Newsletter, folder: Path, issue: Path
) -> None:
    with running(newsletter, folder) as server:
        page = open_desk(context, server, query=WITHOUT_MAIL)
        open_card(page, "A second thing")
        port = server.port
    stopped = page.get_by_text("‘briefing preview’ has stopped. Start it again")
    expect(stopped).to_be_visible()
    text = page.get_by_role("textbox", name="Text", exact=True)
    text.fill("Typed meanwhile.")
    expect(page.locator("#saved")).to_contain_text("Not saved")
    assert "Typed meanwhile." not in issue.read_text("utf-8")
    with running(newsletter, folder) as again:
        assert again.port == port
        wait_for_file(page, issue, "Typed meanwhile.")
        expect_saved(page)
        expect(stopped).to_be_hidden()
        page.get_by_role("button", name="Undo").click()
        wait_for_file(page, issue, "Nothing new.")
        page.close()


def test_undo_continues_in_a_new_page_after_a_restart(
    context: "BrowserContext", newsletter: Newsletter, folder: Path, issue: Path
) -> None:
    with running(newsletter, folder) as server:
        page = open_desk(context, server, query=WITHOUT_MAIL)
        open_card(page, "A second thing")
        page.get_by_label("Source").fill("Harbour Post")
        wait_for_file(page, issue, "source: Harbour Post")
        expect_saved(page)
        page.close()
    with running(newsletter, folder) as server:
        page = open_desk(context, server, query=WITHOUT_MAIL)
        page.get_by_role("button", name="Undo").click()
        while "Harbour Post" in issue.read_text("utf-8"):
            page.wait_for_timeout(20)
        page.close()


def test_a_page_that_is_read_only_shows_all_and_offers_no_change(
    context: "BrowserContext", newsletter: Newsletter, folder: Path
) -> None:
    with running(newsletter, folder, is_read_only=True) as server:
        page = open_desk(context, server, query=WITHOUT_MAIL)
        expect(page.locator("#read-only")).to_contain_text("--read-only")
        open_card(page, "A second thing")
        expect(page.get_by_label("Headline", exact=True)).not_to_be_editable()
        expect(page.get_by_label("Kind")).to_be_disabled()
        for name in ("Undo", "Add an item", "Bold", "Remove"):
            expect(page.get_by_role("button", name=name)).to_have_count(0)
        assert not page.locator(".handle").count()
        page.close()
