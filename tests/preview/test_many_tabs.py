"""Many open tabs: a browser keeps six connections to a host, and a stream takes one of them for good."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from briefing.preview.server import PreviewServer
from tests.preview.browsers import (
    WITHOUT_MAIL,
    expect,
    needs_chromium,
    open_card,
    wait_for_file,
)

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

pytestmark = needs_chromium

MORE_TABS = 7
"""One more than the connections."""


@pytest.fixture
def new_tab(context: "BrowserContext") -> Iterator[Callable[[], "Page"]]:
    """Opens tabs, which are closed afterwards."""
    tabs: list[Page] = []

    def open_tab() -> "Page":
        tabs.append(context.new_page())
        return tabs[-1]

    yield open_tab
    for tab in tabs:
        tab.close()


def test_seven_tabs_show_what_is_typed_in_one_of_them(
    new_tab: Callable[[], "Page"], server: PreviewServer, issue: Path
) -> None:
    tabs = [new_tab() for _ in range(MORE_TABS)]
    answer = tabs[0].request.get(server.address)
    for tab in tabs:
        tab.goto(f"{answer.url}{WITHOUT_MAIL}")
    shown = "A second thing"
    for number in (MORE_TABS - 1, 0):
        open_card(tabs[number], shown)
        name = shown = f"Number {number}"
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


def test_tabs_of_different_issues_share_a_connection(
    new_tab: Callable[[], "Page"], server: PreviewServer, folder: Path
) -> None:
    folders = [
        folder.with_name(f"2020-10-{10 + number}")
        for number in range(MORE_TABS)
    ]
    for other in folders:
        other.mkdir()
        (other / "issue.md").write_text(f"# {other.name}\n", "utf-8")
    tabs = [new_tab() for _ in folders]
    tabs[0].request.get(server.address)
    for other, tab in zip(folders, tabs, strict=True):
        home = f"http://127.0.0.1:{server.port}/{other.name}/"
        tab.goto(f"{home}{WITHOUT_MAIL}")
    for other, tab in zip(folders, tabs, strict=True):
        tab.get_by_label("Title", exact=True).fill(f"{other.name} is typed")
        wait_for_file(tab, other / "issue.md", f"# {other.name} is typed\n")
        (other / "issue.md").write_text("# From elsewhere\n", "utf-8")
        expect(
            tab.locator("#list").get_by_text("From elsewhere")
        ).to_be_visible()
