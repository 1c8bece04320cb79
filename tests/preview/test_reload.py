"""The page in a real browser: it shows the email, follows every save, and shows errors until they
are corrected.
"""

import socket
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from briefing.keys import Key
from briefing.newsletter import Newsletter
from briefing.preview.server import PreviewServer
from briefing.sending.ledger.records import open_ledger
from tests.preview.browsers import expect, needs_chromium, show_desk
from tests.preview.conftest import ISSUE, home_of

if TYPE_CHECKING:
    from playwright.sync_api import FrameLocator, Page, Request

pytestmark = needs_chromium


@pytest.fixture
def page(tab: "Page", server: PreviewServer) -> "Page":
    """The preview as the editor's browser shows it."""
    show_desk(tab, server, 1000, 700)
    return tab


def mail(page: "Page") -> "FrameLocator":
    return page.frame_locator("iframe[name=mail]")


def wait_for_text(page: "Page", text: str) -> None:
    """Wait until the email contains a text."""
    mail(page).get_by_text(text).first.wait_for()


@pytest.fixture
def long_issue(issue: Path) -> Path:
    """An issue of many items, so that there is something to scroll."""
    items = "".join(
        f"\n### Item {number}\n\nText {number}.\n" for number in range(40)
    )
    issue.write_text(ISSUE + items, "utf-8")
    return issue


def test_the_email_is_shown_at_an_address_without_the_token(
    page: "Page", server: PreviewServer
) -> None:
    wait_for_text(page, "The court has ruled.")
    assert page.url == f"{home_of(server)}2020-10-09/"
    assert page.title() == "Weekly Brief, 9 October 2020 – preview"


def test_after_a_send_the_page_comes_to_rest(
    tab: "Page", server: PreviewServer, newsletter: Newsletter
) -> None:
    """Each look at the ledger once counted as a change: the page went on loading, and never checked."""
    key = Key.of(newsletter)
    with open_ledger(newsletter, key):
        pass
    show_desk(tab, server, 1000, 700)
    expect(tab.locator("#findings-summary")).to_be_visible()


def test_a_save_of_issue_template_style_or_settings_is_followed(
    page: "Page", newsletter: Newsletter, issue: Path
) -> None:
    wait_for_text(page, "Nothing new.")
    issue.write_text(ISSUE.replace("Nothing new", "Something new"), "utf-8")
    wait_for_text(page, "Something new.")
    templates = newsletter.root / "templates"
    templates.mkdir()
    (templates / "footer.html.j2").write_text("<p>Our own footer</p>", "utf-8")
    wait_for_text(page, "Our own footer")
    (templates / "style.css").write_text("p { color: #123456; }", "utf-8")
    mail(page).locator("p[style*='#123456']").first.wait_for()
    settings = newsletter.root / "briefing.toml"
    settings.write_text(
        settings.read_text("utf-8").replace(
            '"Weekly Brief"', '"Monthly Brief"'
        ),
        "utf-8",
    )
    wait_for_text(page, "Monthly Brief")


def test_an_error_is_shown_with_its_line_until_it_is_corrected(
    page: "Page", issue: Path
) -> None:
    wait_for_text(page, "The court has ruled.")
    issue.write_text(ISSUE.replace("source: BBC", "sourc: BBC"), "utf-8")
    panel = page.get_by_role("alert")
    panel.wait_for()
    assert "Line 6" in panel.inner_text()
    assert "did you mean 'source:'?" in panel.inner_text()
    issue.write_text(ISSUE.replace("has ruled", "ruled"), "utf-8")
    panel.wait_for(state="detached")
    wait_for_text(page, "The court ruled.")


def test_an_issue_that_disappears_is_a_panel_until_it_returns(
    page: "Page", folder: Path
) -> None:
    wait_for_text(page, "The court has ruled.")
    folder.rename(folder.with_name("2020-10-16"))
    page.get_by_role("alert").get_by_text("there is no issue").wait_for()
    folder.with_name("2020-10-16").rename(folder)
    page.get_by_role("alert").wait_for(state="detached")


@pytest.mark.long
def test_a_reload_keeps_the_text_view_and_its_place(
    long_issue: Path, page: "Page"
) -> None:
    wait_for_text(page, "Text 39.")
    page.get_by_role("link", name="Text part").click()
    page.locator(".text").evaluate("pane => { pane.scrollTop = 500; }")
    long_issue.write_text(
        long_issue.read_text("utf-8").replace("Text 39", "The very last"),
        "utf-8",
    )
    page.locator("pre").get_by_text("The very last").wait_for()
    assert page.locator(".text").evaluate("pane => pane.scrollTop") == 500
    page.reload()
    page.locator("pre").get_by_text("The very last").wait_for()
    assert page.locator(".text").evaluate("pane => pane.scrollTop") == 500


def test_the_page_scrolls_to_where_the_email_was_changed(
    long_issue: Path, page: "Page"
) -> None:
    wait_for_text(page, "Text 39.")
    long_issue.write_text(
        long_issue.read_text("utf-8").replace("Text 20.", "Another text."),
        "utf-8",
    )
    wait_for_text(page, "Another text.")
    expect(mail(page).get_by_text("Another text.")).to_be_in_viewport()


def test_a_mistake_in_the_file_does_not_move_the_email(
    long_issue: Path, page: "Page"
) -> None:
    text = long_issue.read_text("utf-8")
    wait_for_text(page, "Text 39.")
    frame = page.frame(name="mail")
    assert frame
    frame.evaluate("scrollTo(0, 1000)")
    long_issue.write_text(text.replace("source: BBC", "sourc: BBC"), "utf-8")
    page.get_by_role("alert").wait_for()
    long_issue.write_text(text, "utf-8")
    expect(page.locator("#desk[data-item=issue]")).to_be_visible()
    assert frame.evaluate("scrollY") == 1000


def test_the_languages_are_switched(page: "Page") -> None:
    page.get_by_role("link", name="ئۇيغۇرچە").click()
    wait_for_text(page, "تېكىست.")


def test_a_link_in_the_email_does_nothing(page: "Page") -> None:
    asked: list[str] = []

    def note(request: "Request") -> None:
        asked.append(request.url)

    page.context.on("request", note)
    mail(page).get_by_role("link", name="Read at").click()
    wait_for_text(page, "The court has ruled.")
    assert not [address for address in asked if "/ruling" in address]
    assert len(page.context.pages) == 1
    page.context.remove_listener("request", note)


def test_a_payload_in_a_template_runs_nothing_and_contacts_no_one(
    page: "Page", newsletter: Newsletter
) -> None:
    wait_for_text(page, "The court has ruled.")
    with socket.create_server(("127.0.0.1", 0)) as elsewhere:
        elsewhere.setblocking(False)
        evil = f"http://127.0.0.1:{elsewhere.getsockname()[1]}"
        templates = newsletter.root / "templates"
        templates.mkdir()
        (templates / "footer.html.j2").write_text(
            f"<script>document.title = top.document.title = 'owned'; fetch('{evil}/1')</script>"
            f"<img src='{evil}/2' onerror='document.title = \"owned\"'>"
            f"<iframe src='{evil}/3'></iframe><object data='{evil}/4'></object>"
            f"<link rel='stylesheet' href='{evil}/5'><meta http-equiv='refresh' content='0;url={evil}/6'>"
            f"<form action='{evil}/7'><button>Press</button></form><p style='background: url({evil}/8)'>Payload</p>",
            "utf-8",
        )
        wait_for_text(page, "Payload")
        mail(page).get_by_role("button", name="Press").click()
        frame = page.frame(name="mail")
        assert frame
        assert "owned" not in (frame.title(), page.title())
        wait_for_text(page, "Payload")
        with pytest.raises(BlockingIOError):  # no one has connected
            elsewhere.accept()


def test_the_page_says_when_the_preview_has_stopped(
    page: "Page", server: PreviewServer
) -> None:
    wait_for_text(page, "The court has ruled.")
    note = page.get_by_text("‘briefing preview’ has stopped")
    assert note.is_hidden()
    server.__exit__(None, None, None)
    note.wait_for()
    page.goto("about:blank")
