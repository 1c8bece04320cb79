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
from tests.preview.conftest import home_of

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

pytestmark = needs_chromium

MORE_TABS = 7
"""One more than the connections."""
FROM_ELSEWHERE = "From elsewhere"


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


@pytest.mark.long
def test_tabs_of_one_issue_and_of_others_share_a_connection(
    new_tab: Callable[[], "Page"], server: PreviewServer, folder: Path
) -> None:
    folders = [folder, *_other_issues(folder, MORE_TABS - 1)]
    tabs = [new_tab() for _ in folders]
    tabs[0].request.get(server.address)
    for path, tab in zip(folders, tabs, strict=True):
        tab.goto(_address(server, path))
    # The last issue is open twice.
    tabs.append(new_tab())
    tabs[-1].goto(_address(server, folders[-1]))
    title = tabs[-1].get_by_label("Title", exact=True)
    title.fill("Typed at last")
    wait_for_file(tabs[-1], folders[-1] / "issue.md", "# Typed at last\n")
    for tab in tabs[-2:]:
        _expect_in_list(tab, "Typed at last")
    # The tab that listened for all of them is closed.
    tabs.pop(0).close()
    for path in folders[1:]:
        (path / "issue.md").write_text(f"# {FROM_ELSEWHERE}\n", "utf-8")
    for tab in tabs:
        _expect_in_list(tab, FROM_ELSEWHERE)


@pytest.mark.long
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
            _expect_in_list(tab, name)
    # The tab that listened for all of them is closed.
    tabs[0].close()
    issue.write_text(
        issue.read_text("utf-8").replace("Number 0", FROM_ELSEWHERE), "utf-8"
    )
    for tab in tabs[1:]:
        _expect_in_list(tab, FROM_ELSEWHERE)


@pytest.mark.long
def test_tabs_of_different_issues_share_a_connection(
    new_tab: Callable[[], "Page"], server: PreviewServer, folder: Path
) -> None:
    folders = _other_issues(folder, MORE_TABS)
    tabs = [new_tab() for _ in folders]
    tabs[0].request.get(server.address)
    for other, tab in zip(folders, tabs, strict=True):
        tab.goto(_address(server, other))
    for other, tab in zip(folders, tabs, strict=True):
        tab.get_by_label("Title", exact=True).fill(f"{other.name} is typed")
        wait_for_file(tab, other / "issue.md", f"# {other.name} is typed\n")
        (other / "issue.md").write_text(f"# {FROM_ELSEWHERE}\n", "utf-8")
        _expect_in_list(tab, FROM_ELSEWHERE)


def _other_issues(folder: Path, count: int) -> list[Path]:
    """Make more issues beside the first; return their folders."""
    folders = [folder.with_name(f"2020-10-{10 + day}") for day in range(count)]
    for other in folders:
        other.mkdir()
        (other / "issue.md").write_text(f"# {other.name}\n", "utf-8")
    return folders


def _address(server: PreviewServer, folder: Path) -> str:
    return f"{home_of(server)}{folder.name}/{WITHOUT_MAIL}"


def _expect_in_list(tab: "Page", text: str) -> None:
    expect(tab.locator("#list").get_by_text(text)).to_be_visible()
