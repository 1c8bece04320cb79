"""Many open tabs: a browser keeps six connections to a host, and a stream takes one of them for good."""

from pathlib import Path
from typing import TYPE_CHECKING

from briefing.preview.server import PreviewServer
from tests.preview.browsers import (
    expect,
    needs_chromium,
    open_card,
    wait_for_file,
)
from tests.preview.conftest import SAFETY_NET

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = needs_chromium


def test_ten_tabs_show_what_is_typed_in_one_of_them(
    browser: "Browser", server: PreviewServer, issue: Path
) -> None:
    context = browser.new_context()
    context.set_default_timeout(SAFETY_NET * 1000)
    tabs = [context.new_page() for _ in range(10)]
    tabs[0].goto(server.address)
    for tab in tabs[1:]:
        tab.goto(tabs[0].url)
    for number in (9, 0):
        open_card(tabs[number], "A second thing" if number else "Number 9")
        name = f"Number {number}"
        tabs[number].get_by_label("Headline", exact=True).fill(name)
        wait_for_file(tabs[number], issue, f"### {name}\n")
        for tab in tabs:
            expect(tab.locator("#list").get_by_text(name)).to_be_visible()
    # The tab that listened for all of them is closed.
    tabs[0].close()
    issue.write_text(
        issue.read_text("utf-8").replace("Number 0", "From elsewhere"), "utf-8"
    )
    for tab in tabs[1:]:
        expect(
            tab.locator("#list").get_by_text("From elsewhere")
        ).to_be_visible()
    context.close()


def test_tabs_of_different_issues_share_a_connection(
    browser: "Browser", server: PreviewServer, folder: Path
) -> None:
    context = browser.new_context()
    context.set_default_timeout(SAFETY_NET * 1000)
    folders = [folder.with_name(f"2020-10-{day}") for day in range(10, 17)]
    for other in folders:
        other.mkdir()
        (other / "issue.md").write_text(f"# {other.name}\n", "utf-8")
    context.new_page().goto(server.address)
    for other in folders:
        tab = context.new_page()
        tab.goto(f"http://127.0.0.1:{server.port}/{other.name}/")
    for other, tab in zip(folders, context.pages[1:], strict=True):
        tab.get_by_label("Title", exact=True).fill(f"{other.name} is typed")
        wait_for_file(tab, other / "issue.md", f"# {other.name} is typed\n")
        (other / "issue.md").write_text("# From elsewhere\n", "utf-8")
        expect(
            tab.locator("#list").get_by_text("From elsewhere")
        ).to_be_visible()
    context.close()
