"""Measured in Chromium: no email has to be scrolled sideways, is too small to read or touch, or runs
the wrong way.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.judges import pages
from tests.judges.mails import ALL, LOOKS

if TYPE_CHECKING:
    from playwright.sync_api import Page

MEASURE = Path(__file__).with_name("layout.js").read_text("utf-8")


def measured(
    page: "Page", html: str, widths: tuple[int, ...] = (320, 375, 700)
) -> dict[int, dict[str, Any]]:
    """What layout.js measures of a document, by the width of the screen."""
    page.set_content(html)
    result = {}
    for width in widths:
        page.set_viewport_size({"width": width, "height": 800})
        result[width] = page.evaluate(MEASURE)
    return result


@pytest.mark.parametrize("name", LOOKS)
def test_an_email_fits_and_can_be_read_and_touched_in_every_form(
    page: "Page", mails: Mapping[str, bytes], name: str
) -> None:
    assert_readable(page, forms_of(mails[name]), (320, 700))


@pytest.mark.parametrize("name", sorted(ALL.keys() - set(LOOKS)))
def test_each_other_email_fits_on_the_smallest_phone(
    page: "Page", mails: Mapping[str, bytes], name: str
) -> None:
    assert_readable(page, [pages.with_pictures(mails[name])], (320,))


@pytest.mark.long
@pytest.mark.parametrize("name", ALL)
def test_any_email_fits_in_every_form_on_any_screen(
    page: "Page", mails: Mapping[str, bytes], name: str
) -> None:
    assert_readable(page, forms_of(mails[name]), (320, 375, 700))


def forms_of(mail: bytes) -> list[str]:
    """An email, and what mail apps that take something away make of it."""
    whole = pages.with_pictures(mail)
    return [
        whole,
        pages.without_style(whole),
        pages.without_direction(whole),
        pages.html(mail),
    ]


def assert_readable(
    page: "Page", forms: Sequence[str], widths: tuple[int, ...]
) -> None:
    """Assert that each form can be read and touched at each width, and shows the same words."""
    words = set()
    for form in forms:
        for measures in measured(page, form, widths).values():
            assert measures["wider"] == 0
            assert not measures["small"]
            assert not measures["low"]
            assert not measures["left"]
            words.add(measures["words"])
            most = max(measures["sizes"], key=measures["sizes"].__getitem__)
            assert float(most.removesuffix("px")) >= 16
    assert len(words) == 1


class TestTheMeasuring:
    """The judge finds what is broken, so its silence means something."""

    @pytest.mark.parametrize(
        ("html", "what"),
        [
            ('<p style="font-size:13px">Small print</p>', "small"),
            (
                '<p><a href="https://example.org/">A link that is hard to touch</a></p>',
                "low",
            ),
            ("<p>ئوڭدىن سولغا يېزىلىدۇ</p>", "left"),
            ('<p dir="rtl">سولدىن باشلىنىدۇ</p>', "left"),
        ],
    )
    def test_it_names_the_text(
        self, page: "Page", html: str, what: str
    ) -> None:
        (measures,) = measured(page, html, (375,)).values()
        assert {key for key in ("small", "low", "left") if measures[key]} == {
            what
        }

    def test_what_is_too_wide_for_a_phone_is_found_there_alone(
        self, page: "Page"
    ) -> None:
        found = measured(page, '<div style="width:500px">Wide</div>')
        assert [
            width for width, measures in found.items() if measures["wider"]
        ] == [
            320,
            375,
        ]

    def test_a_link_within_text_may_be_low_and_hidden_text_small(
        self, page: "Page"
    ) -> None:
        html = (
            '<p>See <a href="https://example.org/">this ruling</a>.</p>'
            '<p style="display:none;font-size:1px">Hidden</p>'
        )
        (measures,) = measured(page, html, (375,)).values()
        assert not measures["low"]
        assert not measures["small"]
        assert "Hidden" not in measures["words"]
