"""What mail apps make of an email's HTML."""

import pytest

from briefing.preview.mail.variants import (
    Variant,
    framed,
    variant_of,
    with_color_scheme,
)

MAIL = (
    "<!DOCTYPE html>\n<html><head><style>@media (max-width: 9px) { a > b { x: y } }</style></head>"
    '<body style="color:#ffffff">'
    '<p style="background-color:#000000">\u2068Word\u2069<img src="cid:a.jpg" alt="A map"></p></body></html>'
)


def test_the_whole_email_stays_as_it_is() -> None:
    assert variant_of(MAIL, Variant.WHOLE) == MAIL


def test_without_images_their_descriptions_are_shown_and_nothing_is_requested() -> (
    None
):
    assert variant_of(MAIL, Variant.WITHOUT_IMAGES) == MAIL.replace(
        "cid:a.jpg", "data:,"
    )


def test_without_style_sheets_the_styles_of_elements_stay() -> None:
    assert variant_of(MAIL, Variant.WITHOUT_STYLES) == (
        '<!DOCTYPE html>\n<html><head></head><body style="color:#ffffff">'
        '<p style="background-color:#000000">\u2068Word\u2069<img src="cid:a.jpg" alt="A map"></p></body></html>'
    )


def test_inverted_light_is_dark_and_dark_is_light() -> None:
    inverted = variant_of(MAIL, Variant.INVERTED)
    assert '<body style="color:#ffffff;color:#000000 !important">' in inverted
    assert (
        '<p style="background-color:#000000;background-color:#ffffff !important">\u2068Word\u2069<img src="cid:a.jpg"'
        in inverted
    )
    assert inverted.startswith("<!DOCTYPE html>\n<html style=")


def test_in_a_frame_links_do_nothing_and_frames_are_text() -> None:
    page = framed("<head></head><IFRAME src='x'></iframe><a href='y'>", "12ab")
    assert page == (
        "<head><base target=\"_blank\" data-version=\"12ab\"></head>&lt;IFRAME src='x'></iframe><a href='y'>"
    )


@pytest.mark.parametrize(
    ("is_dark", "dark", "light"),
    [
        (True, "(min-width:0)", "(max-width:0)"),
        (False, "(max-width:0)", "(min-width:0)"),
    ],
)
def test_the_programs_darkness_decides_not_that_of_the_editors_system(
    is_dark: bool, dark: str, light: str
) -> None:
    def mail(first: str, second: str) -> str:
        return (
            f"<style>@media screen and {first} {{ p {{ color: #fff }} }}</style>"
            f"<style>@media {second} {{ p {{ color: #000 }} }}</style>"
            "<p>(prefers-color-scheme: dark)</p>"
        )

    asked = mail(
        "(prefers-color-scheme: dark)", "( Prefers-Color-Scheme:light )"
    )
    assert with_color_scheme(asked, is_dark=is_dark) == mail(dark, light)
