"""axe-core finds nothing on the page of the desk, in any of its states, light and dark."""

from collections.abc import Callable, Mapping, Sequence
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest

from briefing.preview.server import PreviewServer
from tests.judges.packages import needs, package
from tests.preview.browsers import (
    desk,
    expect,
    needs_chromium,
    open_card,
)
from tests.preview.conftest import ISSUE, home_of
from tests.preview.test_action_dialogs import write_receipt

if TYPE_CHECKING:
    from playwright.sync_api import Page

__all__ = ["desk"]

pytestmark = [needs_chromium, needs("axe-core")]

RUN = """async () => {
  const options = {
    runOnly: { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] },
    rules: { "target-size": { enabled: true } },
    resultTypes: ["violations"],
    iframes: false,
  };
  const { violations } = await axe.run(document, options);
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
}"""
"""The email in the frame has judges of its own."""

CLOSE_DIALOGS = """() => {
  for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
}"""

SIZES = {"desktop": (1440, 900), "phone": (390, 844)}

Screen = tuple[str, Literal["light", "dark"]]
"""A size and a colour scheme."""

EACH_ONCE: Sequence[Screen] = [("desktop", "light"), ("phone", "dark")]
"""Each size and each colour scheme."""
TOGETHER: Sequence[Screen] = [("desktop", "dark"), ("phone", "light")]
"""The other pairs of them."""


def violations(
    page: "Page", screens: Sequence[Screen] = (*EACH_ONCE, *TOGETHER)
) -> list[str]:
    """What axe-core finds on the page as it is now."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(package("axe-core/axe.min.js").read_text("utf-8"))
    found: list[str] = []
    for name, scheme in screens:
        width, height = SIZES[name]
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=scheme)
        for violation in page.evaluate(RUN):
            found.append(f"{name}, {scheme}: {violation}")
    return found


Arrange = Callable[["Page", Path, str], None]


def _list(page: "Page", _folder: Path, _address: str) -> None:
    expect(page.locator("#list")).to_be_visible()


def _item(page: "Page", _folder: Path, _address: str) -> None:
    open_card(page, "A ruling <on> maps")


def _other_language(page: "Page", _folder: Path, address: str) -> None:
    page.goto(f"{address}2020-10-09/?lang=ug")
    expect(page.locator("#list")).to_be_visible()


def _all_views(page: "Page", _folder: Path, address: str) -> None:
    page.goto(f"{address}2020-10-09/?show=light,dark,text,headers,size")
    expect(page.locator("#list")).to_be_visible()


def _findings(page: "Page", folder: Path, _address: str) -> None:
    path = folder / "issue.md"
    path.write_text(
        f"{ISSUE}\n### Another\nlink: javascript:alert(1)\n\nText.\n", "utf-8"
    )
    expect(page.locator("#list").get_by_text("Another")).to_be_visible()


def _broken(page: "Page", folder: Path, _address: str) -> None:
    (folder / "issue.md").write_text("no title\n", "utf-8")
    expect(page.locator(".problem, #source").first).to_be_visible()


def _sent(page: "Page", folder: Path, _address: str) -> None:
    write_receipt(folder)
    page.reload()
    expect(page.locator("#read-only")).to_be_visible()


def _front(page: "Page", _folder: Path, address: str) -> None:
    page.goto(f"{address}issues")
    expect(page.get_by_role("button", name="Start the issue")).to_be_visible()


def _dialog(button: str) -> Arrange:
    def arrange(page: "Page", _folder: Path, _address: str) -> None:
        page.get_by_role("button", name=button, exact=True).click()
        expect(page.locator("dialog[open]")).to_be_visible()

    return arrange


STATES: dict[str, Arrange] = {
    "list": _list,
    "item": _item,
    "other language": _other_language,
    "all views": _all_views,
    "findings": _findings,
    "broken file": _broken,
    "sent": _sent,
    "issues": _front,
    "add": _dialog("Add…"),
    "inbox": _dialog("Inbox"),
    "copy": _dialog("Copy…"),
    "test email": _dialog("Test email…"),
}


VISITS = {
    "the page": ("list", "item", "add", "inbox", "copy", "test email"),
    "other addresses": ("other language", "all views", "issues"),
    "a file with mistakes": ("findings", "broken file"),
    "an issue that was sent": ("sent",),
}
"""The states that a page can be in one after another, since loading it takes longer than a look."""


@pytest.mark.parametrize("visit", ["the page", "a file with mistakes"])
def test_axe_finds_nothing(
    desk: "Page", folder: Path, server: PreviewServer, visit: str
) -> None:
    first, *others = VISITS[visit]
    screens = {first: EACH_ONCE}
    for state, screen in zip(others, cycle(EACH_ONCE), strict=False):
        screens[state] = [screen]
    assert_accessible(desk, folder, server, screens)


@pytest.mark.long
@pytest.mark.parametrize("visit", VISITS)
def test_axe_finds_nothing_on_any_screen(
    desk: "Page", folder: Path, server: PreviewServer, visit: str
) -> None:
    everywhere = (*EACH_ONCE, *TOGETHER)
    screens: dict[str, Sequence[Screen]] = dict.fromkeys(
        VISITS[visit], everywhere
    )
    assert_accessible(desk, folder, server, screens)


def assert_accessible(
    desk: "Page",
    folder: Path,
    server: PreviewServer,
    screens: Mapping[str, Sequence[Screen]],
) -> None:
    """Bring the page into one state after another, and look at each on its screens."""
    for state, shown_on in screens.items():
        desk.set_viewport_size({"width": 1440, "height": 900})
        STATES[state](desk, folder, home_of(server))
        assert violations(desk, shown_on) == [], state
        desk.evaluate(CLOSE_DIALOGS)
