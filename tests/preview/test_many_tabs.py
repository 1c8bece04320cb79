"""Ten open tabs of an issue: a browser keeps six connections to a host, and a stream takes one of
them for good.
"""

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
