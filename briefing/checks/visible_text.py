"""The built HTML as readers see it: every piece of text with its colour, background and size."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from lxml import html as lxml_html

from briefing.markup import hides, style_declarations
from briefing.rendering.styles import BLACK, WHITE, Colour, Overrides, background, over, parse_colour

LINK_BLUE = (0, 0, 238)
"""What browsers show links in where no style sets their colour."""
NOT_SHOWN = {"head", "script", "style", "title", "template"}
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")

# Browsers' sizes for these words, in pixels, where their own text size is 16.
KEYWORD_SIZES = {
    "xx-small": 9.0,
    "x-small": 10.0,
    "small": 13.0,
    "medium": 16.0,
    "large": 18.0,
    "x-large": 24.0,
    "xx-large": 32.0,
}
UNITS = {"px": 1.0, "pt": 4 / 3, "pc": 16.0, "rem": 16.0, "in": 96.0, "cm": 96 / 2.54, "mm": 96 / 25.4}
RELATIVE_UNITS = {"em": 1.0, "%": 1 / 100, "ex": 1 / 2}
STEP = 1.2
"""From one size to the next `larger` one, as browsers do it."""


@dataclass(frozen=True, slots=True)
class VisibleText:
    """A piece of text, or the text shown instead of a picture."""

    words: str
    tag: str
    """Of the element that holds it."""
    colour: Colour = BLACK
    ground: Colour = WHITE
    """The colour behind it."""
    size: float = 16.0
    """In CSS pixels."""


def visible_texts(document: lxml_html.HtmlElement, overrides: Overrides | None = None) -> Iterator[VisibleText]:
    """All texts in reading order; `overrides` are declarations that win over an element's own style."""
    yield from _texts_in(document, VisibleText("", ""), overrides or {})


def _texts_in(element: lxml_html.HtmlElement, around: VisibleText, overrides: Overrides) -> Iterator[VisibleText]:
    style = {**style_declarations(element.get("style", "")), **overrides.get(element, {})}
    if is_hidden(element, style):
        return
    here = _inherited(element, style, around)
    yield from _with_words(here, element.text)
    if element.tag == "img":
        yield from _with_words(here, element.get("alt"))
    for child in element:
        if isinstance(child.tag, str):
            yield from _texts_in(child, here, overrides)
        yield from _with_words(here, child.tail)


def _with_words(here: VisibleText, text: str | None) -> Iterator[VisibleText]:
    words = (text or "").split()
    if words:
        yield replace(here, words=" ".join(words))


def is_hidden(element: lxml_html.HtmlElement, style: Mapping[str, str]) -> bool:
    """Whether readers don't see an element with this style, wherever it is."""
    return element.tag in NOT_SHOWN or element.get("hidden") is not None or hides(style)


def visible_elements(document: lxml_html.HtmlElement) -> Iterator[lxml_html.HtmlElement]:
    """The elements that readers see, in document order."""
    if isinstance(document.tag, str) and not is_hidden(document, style_declarations(document.get("style", ""))):
        yield document
        for child in document:
            yield from visible_elements(child)


def visible_links(document: lxml_html.HtmlElement) -> Iterator[lxml_html.HtmlElement]:
    """The `<a>` elements that readers see."""
    for element in visible_elements(document):
        if element.tag == "a":
            yield element


def _inherited(element: lxml_html.HtmlElement, style: Mapping[str, str], around: VisibleText) -> VisibleText:
    """The colours and the size of an element's text, where `around` is that of its parent."""
    ground = background(style.get("background-color") or style.get("background") or element.get("bgcolor", ""))
    ground_here = over(ground, around.ground) if ground else around.ground
    colour = _text_colour(element, style, around.colour, ground_here)
    return VisibleText("", element.tag, colour, ground_here, _size(style.get("font-size", ""), around.size))


def _text_colour(element: lxml_html.HtmlElement, style: Mapping[str, str], around: Colour, ground: Colour) -> Colour:
    font_colour = element.get("color", "") if element.tag == "font" else ""
    colour = parse_colour(style.get("color") or font_colour)
    if colour:
        return over(colour, ground)
    return LINK_BLUE if element.tag == "a" and element.get("href") else around


def _size(value: str, around: float) -> float:
    if value in KEYWORD_SIZES:
        return KEYWORD_SIZES[value]
    if value in {"smaller", "larger"}:
        return around * STEP if value == "larger" else around / STEP
    number = re.fullmatch(r"(\d*\.?\d+)\s*([a-z]+|%)", value)
    if not number:
        return around
    unit = number[2]
    pixels = around * RELATIVE_UNITS[unit] if unit in RELATIVE_UNITS else UNITS.get(unit, 1.0)
    return float(number[1]) * pixels
