"""A real browser in front of the desk."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from briefing.preview.server import PreviewServer
from tests.chromium import CHROMIUM, NO_CHROMIUM
from tests.preview.conftest import SAFETY_NET

playwright = pytest.importorskip(
    "playwright.sync_api",
    reason="playwright isn't installed: pip install playwright",
)

if TYPE_CHECKING:
    from playwright.sync_api import (
        APIResponse,
        BrowserContext,
        Locator,
        Page,
        Response,
        Route,
    )

WITHOUT_MAIL = "?show=text"
"""Showing the email takes the browser longest, and most tests aren't about it."""

OpenAt = Callable[[str], "Page"]
"""Opens the desk with what follows the issue's address."""

needs_chromium = pytest.mark.skipif(not CHROMIUM, reason=NO_CHROMIUM)


@pytest.fixture
def desk(tab: "Page", server: PreviewServer) -> "Page":
    """The desk on a wide screen, without the email; at the end, no script of it may have failed."""
    show_desk(tab, server, query=WITHOUT_MAIL)
    return tab


@pytest.fixture
def whole_desk(tab: "Page", server: PreviewServer) -> "Page":
    """The same with the email."""
    show_desk(tab, server)
    return tab


@pytest.fixture
def open_at(tab: "Page", server: PreviewServer) -> OpenAt:
    """The same, once the test has arranged what the desk shows first."""

    def open_at(query: str) -> "Page":
        show_desk(tab, server, query=query)
        return tab

    return open_at


def open_desk(
    context: "BrowserContext", server: PreviewServer, query: str = ""
) -> "Page":
    """Open the desk of the first issue in a new tab."""
    page = context.new_page()
    show_desk(page, server, query=query)
    return page


def show_desk(
    page: "Page",
    server: PreviewServer,
    width: int = 1440,
    height: int = 900,
    query: str = "",
) -> None:
    """Show the desk of the first issue in a tab."""
    page.set_viewport_size({"width": width, "height": height})
    answer = page.request.get(server.address)
    page.goto(f"{answer.url}{query}")


def expect(found: "Locator") -> Any:
    """Wait for a state, however slow the machine is."""
    playwright.expect.set_options(timeout=SAFETY_NET * 1000)
    return playwright.expect(found)


def open_card(page: "Page", headline: str) -> None:
    """Open the card of an item in the editor."""
    cards = page.locator("#list .card .open")
    cards.filter(has=page.get_by_text(headline, exact=True)).click()
    expect(page.get_by_label("Headline", exact=True)).to_have_value(headline)


def card_of(page: "Page", headline: str) -> "Locator":
    name = page.get_by_text(headline, exact=True)
    return page.locator("#list .card").filter(has=name)


def drag(page: "Page", headline: str, onto: str, share: float) -> None:
    """Drag an item by its handle to some height of another card."""
    # Findings make cards higher.
    expect(page.locator("#findings-summary")).to_be_visible()
    expect(page.locator("#list .counts").first).to_be_visible()
    handle = card_of(page, headline).locator(".handle").bounding_box()
    card = card_of(page, onto).bounding_box()
    assert handle
    assert card
    page.mouse.move(handle["x"] + 5, handle["y"] + 15)
    page.mouse.down()
    page.mouse.move(handle["x"] + 5, handle["y"] + 30)
    page.mouse.move(handle["x"] + 5, card["y"] + card["height"] * share)


def headlines(page: "Page") -> list[str]:
    """Return the headlines of the cards, from top to bottom."""
    return page.locator("#list .card .headline").all_inner_texts()


def expect_saved(page: "Page") -> None:
    """Wait until everything is on the disk."""
    expect(page.locator("#saved")).to_have_text("Saved")


def wait_for_file(page: "Page", path: Path, text: str) -> None:
    """Wait until a file contains a text, while the page keeps running."""
    _wait_until(
        page,
        lambda: text in path.read_text("utf-8"),
        f"{path.name} doesn't contain {text!r}",
    )


def is_page(response: "Response") -> bool:
    """Whether the page was asked for again, as it is after each change."""
    return "2020-10-09/?" in response.url


class Held:
    """The next request for an address, on its way until it is let go."""

    def __init__(self, page: "Page", address: str) -> None:
        self._page = page
        self._routes: list[Route] = []

        # Playwright can't take the method of the list itself.
        def hold(route: "Route") -> None:
            self._routes.append(route)

        page.route(address, hold, times=1)

    def let_go(self) -> None:
        self.wait().continue_()

    def answer(self) -> "APIResponse":
        """Let the program answer, and return its answer, which the page doesn't get."""
        route = self.wait()
        # Only the browser itself adds this header.
        headers = route.request.headers | {"Sec-Fetch-Site": "same-origin"}
        return route.fetch(headers=headers)

    def wait(self) -> "Route":
        """Wait until the request is made."""
        _wait_until(
            self._page, lambda: bool(self._routes), "nothing was asked for"
        )
        return self._routes[0]


def _wait_until(
    page: "Page", is_reached: Callable[[], bool], failure: str
) -> None:
    for _ in range(SAFETY_NET * 50):
        if is_reached():
            return
        page.wait_for_timeout(20)
    pytest.fail(failure)
