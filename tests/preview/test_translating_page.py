"""Translating on the page: the first edition beside another one."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.preview.browsers import (
    WITHOUT_MAIL,
    OpenAt,
    drag,
    expect,
    needs_chromium,
    open_at,
    open_card,
    wait_for_file,
)
from tests.preview.conftest import ISSUE

if TYPE_CHECKING:
    from playwright.sync_api import Page

__all__ = ["open_at"]

pytestmark = needs_chromium

SECOND_EDITION = "?lang=ug&show=text"


def test_an_edition_is_begun_and_translated_beside_the_original(
    open_at: OpenAt, folder: Path, issue: Path
) -> None:
    other = folder / "issue.ug.md"
    other.unlink()
    desk = open_at(WITHOUT_MAIL)
    desk.get_by_title("Start the edition in this language").click()
    ruling = desk.locator("#list .card", has_text="A ruling <on> maps")
    expect(ruling.locator(".progress")).to_have_text("Not translated yet")
    open_card(desk, "A ruling <on> maps")
    expect(desk.locator(".field-text .original")).to_have_text(
        "The court has ruled."
    )
    text = desk.get_by_role("textbox", name="Text", exact=True)
    text.fill("سوت قارار چىقاردى.")
    wait_for_file(desk, other, "سوت قارار چىقاردى.")
    expect(ruling.locator(".progress")).to_have_count(0)
    assert issue.read_text("utf-8") == ISSUE

    issue.write_text(ISSUE.replace("has ruled", "ruled"), "utf-8")
    expect(ruling.locator(".progress")).to_have_text(
        "The original has changed since"
    )
    desk.get_by_role("button", name="The translation is up to date").click()
    expect(ruling.locator(".progress")).to_have_count(0)


def test_what_only_the_first_edition_has_is_added(
    open_at: OpenAt, folder: Path
) -> None:
    other = folder / "issue.ug.md"
    other.write_text("# Xewer\n\n### Xewer\n", "utf-8")
    desk = open_at(SECOND_EDITION)
    add = desk.get_by_role("button", name="for translation")
    expect(add.first).to_be_visible()
    before = add.count()
    add.first.click()
    expect(add).to_have_count(before - 1)
    assert "\noriginal: " in other.read_text("utf-8")


@pytest.fixture
def translation(open_at: OpenAt, folder: Path) -> "Page":
    """The second edition, which has two items and lacks one of the first."""
    (folder / "issue.ug.md").write_text(
        "# Xewer\n\n### Birinchi\n\n### Ikkinchi\n", "utf-8"
    )
    desk = open_at(SECOND_EDITION)
    expect(desk.locator(".missing .headline")).to_have_text(
        "A ruling <on> maps"
    )
    return desk


@pytest.mark.long
def test_an_item_is_not_dragged_among_those_that_only_the_first_edition_has(
    translation: "Page",
) -> None:
    drag(translation, "Birinchi", "A ruling <on> maps", 0.9)
    translation.mouse.up()
    shown = translation.locator("#list [data-section] .headline")
    expect(shown).to_have_text(["Ikkinchi", "Birinchi"])


def test_an_item_that_only_the_first_edition_has_is_not_offered_to_be_copied(
    translation: "Page",
) -> None:
    translation.get_by_role("button", name="Copy…").click()
    expect(translation.locator("#copy-what option")).to_have_text(
        ["The whole issue", "Birinchi", "Ikkinchi"]
    )
