"""The views of the email in a real browser: each way to look at it, and places that are kept."""

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest
from PIL import Image

from briefing.newsletter import Newsletter
from briefing.preview.server import PreviewServer
from tests.preview.browsers import (
    WITHOUT_MAIL,
    Held,
    OpenAt,
    desk,
    expect,
    needs_chromium,
    open_at,
    open_card,
    whole_desk,
)
from tests.preview.conftest import ISSUE, home_of

if TYPE_CHECKING:
    from playwright.sync_api import Frame, Page

__all__ = ["desk", "open_at", "whole_desk"]

pytestmark = needs_chromium


@pytest.fixture
def address(server: PreviewServer) -> str:
    """The desk's address for whoever has been there."""
    return f"{home_of(server)}2020-10-09/"


@pytest.fixture
def page(whole_desk: "Page") -> "Page":
    return whole_desk


@pytest.fixture
def long_issue(issue: Path) -> Path:
    """An issue of many items, so that there is something to scroll."""
    items = "".join(
        f"\n### Item {number}\n\nText {number}.\n" for number in range(40)
    )
    issue.write_text(ISSUE + items, "utf-8")
    return issue


def frame(page: "Page", name: str = "mail") -> "Frame":
    """Return a view once its email is there."""
    page.locator(f"iframe[name='{name}'][data-ready]").wait_for()
    found = page.frame(name=name)
    assert found
    return found


def shown(page: "Page") -> list[str]:
    return page.locator(".view .choose").all_inner_texts()


def background(found: "Frame") -> str:
    return str(
        found.evaluate(
            "getComputedStyle(document.querySelector('.paper')).backgroundColor"
        )
    )


def wait_until(page: "Page", condition: str) -> None:
    """Wait for an expression to become true in the page, which allows no `eval`."""
    while not page.evaluate(condition):
        page.wait_for_timeout(20)


def save(path: Path, before: str, after: str) -> None:
    path.write_text(path.read_text("utf-8").replace(before, after), "utf-8")


# Which views there are


def test_views_are_chosen_by_keyboard_and_each_choice_has_an_address(
    page: "Page", address: str
) -> None:
    assert shown(page) == ["Phone · Light"]
    page.get_by_role("link", name="Dark: own styles").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".view")).to_have_count(2)
    assert unquote(page.url) == f"{address}?show=light,dark"
    page.get_by_role("link", name="Desktop 700").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".view")).to_have_count(4)
    page.reload()
    assert shown(page) == [
        "Phone · Light",
        "Desktop · Light",
        "Phone · Dark: own styles",
        "Desktop · Dark: own styles",
    ]
    page.get_by_role("link", name="Desktop · Dark: own styles").click()
    expect(page.locator(".view")).to_have_count(1)
    assert unquote(page.url) == f"{address}?show=dark&width=desktop"
    page.go_back()
    expect(page.locator(".view")).to_have_count(4)


def test_phones_and_desktops_have_their_widths(open_at: OpenAt) -> None:
    page = open_at("?width=phone,desktop")
    assert frame(page).evaluate("innerWidth") == 375
    assert frame(page, "light-desktop").evaluate("innerWidth") == 700


def test_on_a_narrow_phone_an_email_is_no_wider_than_the_screen(
    open_at: OpenAt,
) -> None:
    page = open_at("?show=light,dark")
    page.set_viewport_size({"width": 360, "height": 740})
    page.get_by_role("button", name="Email", exact=True).click()
    for name, least in (("mail", 340), ("dark-phone", 320)):
        width = int(frame(page, name).evaluate("innerWidth"))
        assert least < width < 360


def test_a_view_that_is_added_is_scrolled_to(page: "Page") -> None:
    page.get_by_role("link", name="Headers", exact=True).click()
    page.get_by_role("link", name="Size", exact=True).click()
    expect(page.locator("#view-size")).to_be_in_viewport(ratio=1)
    page.get_by_role("link", name="Text part", exact=True).click()
    expect(page.locator("#view-text-phone")).to_be_in_viewport(ratio=1)


def test_the_darks_differ_whatever_the_system_prefers(open_at: OpenAt) -> None:
    page = open_at("?show=light,dark,inverted,dark-program")
    page.emulate_media(color_scheme="light")
    _expect_different_darks(page)
    page.emulate_media(color_scheme="dark")
    page.reload()
    _expect_different_darks(page)
    captions = page.locator("figcaption").all_inner_texts()
    assert ["approximate" in caption for caption in captions] == [
        False,
        False,
        True,
        False,
    ]


def _expect_different_darks(page: "Page") -> None:
    light = background(frame(page))
    assert light == "rgb(255, 255, 255)"
    assert background(frame(page, "dark-program-phone")) == light
    own = background(frame(page, "dark-phone"))
    inverted = background(frame(page, "inverted-phone"))
    assert len({light, own, inverted}) == 3


def test_the_reader_may_have_no_name(page: "Page") -> None:
    frame(page).get_by_text("Dear Amina Example,").wait_for()
    page.get_by_role("link", name="No name").click()
    page.frame_locator("iframe[name=mail]").get_by_text(
        "Dear reader,"
    ).wait_for()


def test_text_headers_and_size_are_shown(open_at: OpenAt) -> None:
    page = open_at("?show=text,headers,size")
    expect(page.locator("#view-text-phone pre")).to_contain_text(
        "The court has ruled."
    )
    headers = page.locator("#view-headers")
    expect(headers.get_by_role("row", name="Subject")).to_contain_text(
        "Weekly Brief, 9 October 2020"
    )
    expect(
        headers.get_by_role("row", name="List-Unsubscribe-Post")
    ).to_be_visible()
    size = page.locator("#view-size")
    expect(size).to_contain_text("of 102,400 bytes")
    size.get_by_role("link", name="A second thing").click()
    expect(page.get_by_label("Headline", exact=True)).to_have_value(
        "A second thing"
    )


def test_the_inbox_shows_sender_subject_and_preheader(
    page: "Page", issue: Path
) -> None:
    phone = page.locator(".inbox-phone")
    expect(phone.locator(".sender")).to_have_text("Brief")
    expect(phone.locator(".subject")).to_have_text(
        "Weekly Brief, 9 October 2020"
    )
    save(issue, "2020\n", "2020\npreheader: Two things happened\n")
    expect(phone.locator(".preheader")).to_contain_text("Two things happened")


# Places


def test_reading_positions_survive_a_save_and_a_reload(
    long_issue: Path, page: "Page"
) -> None:
    frame(page).get_by_text("Text 20.").scroll_into_view_if_needed()
    top = frame(page).evaluate("scrollY")
    assert top > 0
    save(long_issue, "Text 20.", "Text twenty.")
    frame(page).get_by_text("Text twenty.").wait_for()
    assert frame(page).evaluate("scrollY") == top
    wait_until(
        page, f"sessionStorage['place-frame-en-light-phone-named'] == {top}"
    )
    page.reload()
    frame(page)
    wait_until(
        page,
        f"document.querySelector('iframe.mail').contentWindow.scrollY == {top}",
    )


def test_a_change_does_not_load_the_email_again_which_would_flicker(
    page: "Page", issue: Path
) -> None:
    frame(page).evaluate("window.isSame = true")
    save(issue, "Nothing new.", "Something new.")
    frame(page).get_by_text("Something new.").wait_for()
    assert frame(page).evaluate("window.isSame")


@pytest.mark.long
def test_a_change_while_the_email_is_loading_is_followed(
    open_at: OpenAt, issue: Path
) -> None:
    page = open_at(WITHOUT_MAIL)
    held = Held(page, "**/mail/**")
    page.get_by_role("link", name="Light", exact=True).click()
    earlier = held.answer()
    assert "Nothing new." in earlier.text()
    save(issue, "Nothing new.", "Something new.")
    expect(page.locator(".text pre")).to_contain_text("Something new.")
    # Nothing else changes once the check is done.
    save(issue, "date: 2020-10-08\n", "")
    expect(page.locator("#findings-summary")).to_have_text("9 warnings")
    held.wait().fulfill(response=earlier)
    frame(page).get_by_text("Something new.").wait_for()


def test_pictures_stay_while_words_change(page: "Page", issue: Path) -> None:

    Image.new("RGB", (40, 20), "#336699").save(issue.parent / "map.png")
    save(issue, "source: BBC", "source: BBC\nimage: map.png\nalt: Map")
    picture = page.frame_locator("iframe[name=mail]").get_by_alt_text("Map")
    picture.evaluate("picture => { picture.same = 1; }")
    save(issue, "Nothing new", "Something new")
    frame(page).get_by_text("Something new").wait_for()
    assert picture.evaluate("picture => picture.same") == 1


def test_a_change_gives_the_same_page_as_loading_it_does(
    long_issue: Path, page: "Page"
) -> None:
    frame(page).get_by_text("Text 39.").wait_for()
    text = long_issue.read_text("utf-8")
    moved = text.replace("### Item 3\n\nText 3.\n\n", "") + "\n### Item 3\n"
    long_issue.write_text(
        moved.replace("Welcome.", "Welcome.\n\n- one\n- *two*\n"), "utf-8"
    )
    frame(page).get_by_text("two").first.wait_for()
    followed = frame(page).evaluate("document.documentElement.outerHTML")
    page.reload()
    assert (
        frame(page).evaluate("document.documentElement.outerHTML") == followed
    )


def test_another_card_is_opened_at_its_first_field(
    long_issue: Path, desk: "Page"
) -> None:
    cards = desk.locator("#list .card .open")
    cards.filter(has_text="Item 30").click()
    desk.locator("#editor").evaluate("pane => pane.scrollTo(0, 300)")
    cards.filter(has_text="Item 31").click()
    headline = desk.get_by_label("Headline", exact=True)
    expect(headline).to_have_value("Item 31")
    assert desk.locator("#editor").evaluate("pane => pane.scrollTop") == 0


def test_an_opened_card_is_shown_in_the_email_and_a_click_in_the_email_opens_its_card(
    long_issue: Path, page: "Page"
) -> None:
    frame(page).get_by_text("Text 39.").wait_for()
    page.locator("#list .card .open").filter(has_text="Item 30").click()
    expect(
        frame(page).get_by_role("heading", name="Item 30")
    ).to_be_in_viewport()
    frame(page).get_by_text("Text 31.").click()
    expect(page.get_by_label("Headline", exact=True)).to_have_value("Item 31")


# Findings


def test_findings_are_counted_and_lead_to_their_field_and_place(
    page: "Page", issue: Path, newsletter: Newsletter
) -> None:
    save(issue, "Nothing new.", "TODO: write this.")
    summary = page.locator("#findings-summary")
    expect(summary).to_contain_text("1 error")
    expect(page.locator("#part-i2")).to_contain_text("1 error")
    summary.click()
    page.get_by_role("link", name="readers would see the note").click()
    expect(page.locator("#i2-text")).to_be_focused()
    expect(page.locator("#field-i2-text")).to_contain_text("Readers would see")
    expect(frame(page).get_by_text("TODO: write this.")).to_be_in_viewport()
    save(issue, "TODO: write this.", "Written.")
    expect(summary).not_to_contain_text("error")


def test_a_finding_in_another_edition_leads_to_that_edition(
    page: "Page", folder: Path
) -> None:
    save(folder / "issue.ug.md", "تېكىست.", "TODO")
    summary = page.locator("#findings-summary")
    expect(summary).to_contain_text("1 error")
    summary.click()
    page.locator(".found").get_by_role("link", name="ئۇيغۇرچە").first.click()
    page.wait_for_url("**/?lang=ug")
    shown = page.locator("header").get_by_role("link", name="ئۇيغۇرچە")
    expect(shown).to_have_attribute("aria-current", "page")


@pytest.mark.long
def test_what_a_finding_quotes_keeps_its_small_letters(
    desk: "Page", issue: Path
) -> None:
    save(issue, "link: https://example.org/ruling\n", "link: https://a b.org\n")
    open_card(desk, "A ruling <on> maps")
    expect(desk.locator("#field-i1-link .found-here")).to_contain_text(
        "'https://a b.org'", use_inner_text=True
    )


def test_the_list_of_findings_is_closed_by_escape_and_by_a_click_elsewhere(
    desk: "Page",
) -> None:
    summary, found = desk.locator("#findings-summary"), desk.locator(".found")
    summary.click()
    expect(found).to_be_visible()
    desk.keyboard.press("Escape")
    expect(found).to_be_hidden()
    expect(desk.locator("#findings summary")).to_be_focused()
    summary.click()
    expect(found).to_be_visible()
    desk.get_by_role("button", name="Copy…").click()
    expect(found).to_be_hidden()
    desk.keyboard.press("Escape")


@pytest.mark.parametrize(
    "width", [pytest.param(390, marks=pytest.mark.long), 900]
)
def test_the_list_of_findings_is_within_the_window(
    desk: "Page", width: int
) -> None:
    """On a phone, and where the buttons of the header take two rows."""
    desk.set_viewport_size({"width": width, "height": 844})
    desk.locator("#findings-summary").click()
    box = desk.locator(".found").bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width


def test_repeated_findings_are_together(issue: Path, desk: "Page") -> None:
    save(issue, "link: https://example.org/ruling\n", "")
    desk.locator("#findings-summary").click()
    group = desk.locator(".found section").filter(has_text="2 items: no link")
    expect(group.get_by_role("link")).to_have_text(
        ["'A ruling <on> maps'", "'A second thing'"]
    )
