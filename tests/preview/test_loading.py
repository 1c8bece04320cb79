"""While the page loads: what its scripts don't notice yet can't be clicked or typed."""

from typing import TYPE_CHECKING

import pytest

from briefing.preview.server import PreviewServer
from tests.preview.browsers import expect, needs_chromium
from tests.preview.conftest import SAFETY_NET, home_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Route

pytestmark = needs_chromium


@pytest.mark.parametrize(
    ("path", "script", "button"),
    [
        ("2020-10-09/", "desk.js", "Add a section"),
        ("issues", "front.js", "Start the issue"),
    ],
)
def test_nothing_can_be_used_before_the_scripts_are_there(
    browser: "Browser",
    server: PreviewServer,
    path: str,
    script: str,
    button: str,
) -> None:
    held: list[Route] = []

    def hold(route: "Route") -> None:
        held.append(route)

    page = browser.new_page()
    page.set_default_timeout(SAFETY_NET * 1000)
    page.request.get(server.address)
    page.route(f"**/{script}", hold)
    with page.expect_request(f"**/{script}"):
        page.goto(f"{home_of(server)}{path}", wait_until="commit")
    controls = (
        page.get_by_role("button", name=button, exact=True),
        page.locator("input:visible").first,
    )
    for control in controls:
        expect(control).to_be_visible()
        control.focus()
        expect(control).not_to_be_focused()
    held[0].continue_()
    expect(page.locator("body[inert]")).to_have_count(0)
    for control in controls:
        control.focus()
        expect(control).to_be_focused()
    page.context.close()
