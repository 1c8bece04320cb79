"""An email on a dark screen: in its own dark styles, and inverted by the mail app."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.rendering.dark_views import (
    forced_inversion,
    inverted,
    inverted_declarations,
    own_dark_styles,
)
from briefing.rendering.styles import Colour, contrast, from_hex, to_hex
from briefing.text.markup import parse_html

COLOURS = st.tuples(*[st.integers(0, 255)] * 3)


def by_id(overrides: dict[Any, dict[str, str]]) -> dict[str, dict[str, str]]:
    return {
        element.get("id"): style
        for element, style in overrides.items()
        if element.get("id")
    }


class TestOwnStyles:
    @pytest.mark.parametrize(
        ("sheet", "style"),
        [
            (
                "@media (prefers-color-scheme: dark) { p { color: #fff !important } }",
                {"color": "#fff"},
            ),
            (
                "@media screen and (prefers-color-scheme:dark){p{color:#fff!important}}",
                {"color": "#fff"},
            ),
            (
                "/* } */ @media (prefers-color-scheme: dark) { /* { */ p { color: #fff !important } }",
                {"color": "#fff"},
            ),
            (
                "@import 'x'; @media (prefers-color-scheme: dark) { a, p { color: #fff !important } }",
                {"color": "#fff"},
            ),
            ("@media (prefers-color-scheme: dark) { p { color: #000 } }", {}),
            (
                "@media (prefers-color-scheme: light) { p { color: #fff !important } }",
                {},
            ),
            ("@media print { p { color: #fff !important } }", {}),
            ("p { color: #fff !important }", {}),
            (
                "@media (prefers-color-scheme: dark) { p:what( { color: #fff !important } }",
                {},
            ),
            (
                "@media (prefers-color-scheme: dark) { p { color: #fff !important",
                {},
            ),
            ("}}}{{{", {}),
        ],
    )
    def test_only_important_declarations_for_dark_screens_count(
        self, sheet: str, style: dict[str, str]
    ) -> None:
        page = parse_html(f"<style>{sheet}</style><p id=p>x</p>")
        assert by_id(own_dark_styles(page)).get("p", {}) == style

    def test_of_two_rules_the_more_specific_wins_else_the_later(self) -> None:
        rules = ".a { color: #111 !important } p { color: #222 !important } p { margin: 0 !important }"
        page = parse_html(
            f"<style>@media (prefers-color-scheme: dark) {{ {rules} }}</style><p id=p class=a>x</p>"
        )
        assert by_id(own_dark_styles(page)) == {
            "p": {"color": "#111", "margin": "0"}
        }


class TestForcedInversion:
    def test_a_page_without_colours_becomes_white_on_black(self) -> None:
        page = parse_html("<p>x</p>")
        assert forced_inversion(page)[page] == {
            "color": "#ffffff",
            "background-color": "#000000",
        }

    def test_colours_of_text_and_background_are_inverted_and_nothing_else(
        self,
    ) -> None:
        style = "color: #0a463a; background: #ffffff url(x); border-color: #123456; font-size: 16px"
        page = parse_html(f'<p id=p style="{style}">x</p><b id=b>y</b>')
        assert by_id(forced_inversion(page)) == {
            "p": {"color": "#b9f5e9", "background-color": "#000000"},
            "b": {},
        }

    @given(COLOURS)
    def test_inverting_twice_gives_the_colour_back_but_for_rounding(
        self, colour: Colour
    ) -> None:
        for part, again in zip(colour, inverted(inverted(colour)), strict=True):
            assert abs(part - again) <= 2

    def test_black_and_white_change_places(self) -> None:
        assert inverted((0, 0, 0)) == (255, 255, 255)
        assert inverted((255, 255, 255)) == (0, 0, 0)

    @given(
        st.dictionaries(
            st.sampled_from(["color", "background", "background-color"]),
            st.text(max_size=20),
        )
    )
    def test_any_style_has_an_answer(self, style: dict[str, str]) -> None:
        for value in inverted_declarations(style).values():
            assert contrast(from_hex(value), from_hex(value)) == pytest.approx(
                1
            )


@given(COLOURS)
def test_a_colour_is_read_as_it_is_written(colour: Colour) -> None:
    assert from_hex(to_hex(colour)) == colour
