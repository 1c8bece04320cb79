"""Show an email in dark mode: in the dark colours of its own style sheet, or inverted by the mail
app.

Apple Mail and most phones apply the email's own styles; Gmail on iOS and Outlook on Windows invert
colours themselves. Each view is a set of declarations that take precedence over an element's own
style.
"""

import colorsys
from collections.abc import Iterator, Mapping
from typing import TypeAlias

from cssselect import SelectorError, parse
from lxml import html as lxml_html
from lxml.cssselect import CSSSelector

from briefing.text.markup import style_declarations

from .styles import (
    Colour,
    parse_background,
    parse_colour,
    to_hex,
    without_css_comments,
)

_Document: TypeAlias = lxml_html.HtmlElement
Specificity = tuple[int, int, int]


def own_dark_styles(document: _Document) -> dict[_Document, dict[str, str]]:
    """Return what the email's own style sheet changes in dark mode.

    Only `!important` declarations count: others don't override an element's own style.
    """
    sheets = "\n".join(sheet.text or "" for sheet in document.iter("style"))
    overrides: dict[_Document, dict[str, str]] = {}
    # As in CSS, the more specific rule counts; of equally specific ones the later, since sorting keeps their order.
    for _, select, important in sorted(
        _dark_rules(without_css_comments(sheets)), key=lambda rule: rule[0]
    ):
        for element in select(document):
            overrides.setdefault(element, {}).update(important)
    return overrides


def forced_inversion(document: _Document) -> dict[_Document, dict[str, str]]:
    """Return the changes of a mail app that inverts light and dark colours, whatever the email
    declares.
    """
    overrides = {document: {"color": "#ffffff", "background-color": "#000000"}}
    for element in document.iter():
        if isinstance(element.tag, str):
            overrides.setdefault(element, {}).update(
                inverted_declarations(
                    style_declarations(element.get("style", ""))
                )
            )
    return overrides


def inverted_declarations(style: Mapping[str, str]) -> dict[str, str]:
    """Return only the text colour and background of a style, with inverted lightness."""
    found = {}
    background = parse_background(
        style.get("background-color") or style.get("background", "")
    )
    if background:
        found["background-color"] = to_hex(inverted(background[:3]))
    colour = parse_colour(style.get("color", ""))
    if colour:
        found["color"] = to_hex(inverted(colour[:3]))
    return found


def inverted(colour: tuple[int, ...]) -> Colour:
    """Return the colour of the same hue that is as dark as this one is light."""
    red, green, blue = (value / 255 for value in colour)
    hue, lightness, saturation = colorsys.rgb_to_hls(red, green, blue)
    red, green, blue = colorsys.hls_to_rgb(hue, 1 - lightness, saturation)
    return round(255 * red), round(255 * green), round(255 * blue)


def _dark_rules(
    css: str,
) -> Iterator[tuple[Specificity, CSSSelector, dict[str, str]]]:
    """Yield each selector of the dark-mode rules, with its specificity and `!important`
    declarations.
    """
    for condition, block in _blocks(css):
        if (
            "@media" in condition
            and "prefers-color-scheme:dark" in condition.replace(" ", "")
        ):
            for selectors, body in _blocks(block):
                important = _important(body)
                for selector in selectors.split(","):
                    yield from _with_specificity(selector.strip(), important)


def _blocks(css: str) -> Iterator[tuple[str, str]]:
    """Yield the text before each outermost pair of braces, and the text between them."""
    start = opened = depth = 0
    for index, character in enumerate(css):
        if character == "{":
            depth += 1
            opened = index if depth == 1 else opened
        elif character == "}" and depth:
            depth -= 1
            if not depth:
                yield css[start:opened].strip(), css[opened + 1 : index]
                start = index + 1


def _important(body: str) -> dict[str, str]:
    kept = filter(
        lambda declaration: "!important" in declaration, body.split(";")
    )
    return style_declarations(";".join(kept))


def _with_specificity(
    selector: str,
    important: dict[str, str],
) -> Iterator[tuple[Specificity, CSSSelector, dict[str, str]]]:
    """Yield nothing for an invalid selector: browsers skip such a rule as well."""
    try:
        yield (
            parse(selector)[0].specificity(),
            CSSSelector(selector, translator="html"),
            important,
        )
    except SelectorError:
        return
