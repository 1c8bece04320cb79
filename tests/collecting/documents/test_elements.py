"""How an element is shown, by its attributes."""

import pytest

from briefing.collecting.documents.elements import Element, class_styles


@pytest.mark.parametrize(
    ("sheet", "classes"),
    [
        (".a {display:none}", {"a"}),
        (".a{color:red;DISPLAY : none !important}", {"a"}),
        (".a, p .b {display:none}", {"a", "b"}),
        ("@import url(x.css); .a{display:none}", {"a"}),
        (
            "@media print { .a{display:none} .b{color:red} } .c{display:none}",
            {"c"},
        ),
        (
            "@media x { @supports y { .a{display:none} } .b{display:none} } .c{display:none}",
            {"c"},
        ),
        (".a{display:block}", set()),
        (".a{", set()),
        ("}}} .a{display:none}", {"a"}),
        ("#a{display:none} p{display:none}", set()),
    ],
)
def test_the_classes_that_a_style_sheet_hides_on_every_screen(
    sheet: str, classes: set[str]
) -> None:
    hidden = {
        name
        for name, style in class_styles(sheet)
        if style.get("display") == "none"
    }
    assert hidden == classes


@pytest.mark.parametrize(
    ("attributes", "is_bold"),
    [
        ({"class": "title"}, True),
        ({"class": "title plain"}, False),
        ({"class": "unknown title"}, True),
        ({"class": "title", "style": "font-weight:normal"}, False),
        ({"class": "plain", "style": "font-weight:bold"}, True),
        ({}, False),
    ],
)
def test_a_class_can_make_text_bold(
    attributes: dict[str, str], is_bold: bool
) -> None:
    weights = {"title": "600", "plain": "400"}
    element = Element("p", attributes)
    assert element.makes_bold(weights, inherited=False) == is_bold


@pytest.mark.parametrize(
    ("attributes", "too_small"),
    [
        ({}, False),
        ({"width": "79"}, True),
        ({"width": "80"}, False),
        ({"width": "600", "height": "1px"}, True),
        ({"width": "5%"}, False),
        ({"style": "width:20.5px"}, True),
        ({"style": "height: 12pt"}, True),
        ({"style": "width: 100%; max-width: 20px"}, False),
        ({"width": "9" * 5000}, False),
    ],
)
def test_a_picture_that_is_shown_smaller_than_a_photo(
    attributes: dict[str, str], too_small: bool
) -> None:
    assert Element("img", attributes).is_too_small() == too_small


@pytest.mark.parametrize(
    ("tag", "style", "inherited", "keeps"),
    [
        ("pre", "", False, True),
        ("p", "white-space: pre-line", False, True),
        ("p", "", True, True),
        ("p", "white-space: normal", True, False),
        ("p", "", False, False),
    ],
)
def test_line_ends_are_kept_in_preformatted_text(
    tag: str, style: str, inherited: bool, keeps: bool
) -> None:
    assert (
        Element(tag, {"style": style}).keeps_line_ends(inherited=inherited)
        == keeps
    )
