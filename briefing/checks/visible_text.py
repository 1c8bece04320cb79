"""Find the visible text of the built HTML, each piece with its colour, background and size."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from lxml.html import HtmlElement

from briefing.rendering.styles import (
    BLACK,
    WHITE,
    Colour,
    Overrides,
    over,
    parse_background,
    parse_colour,
)
from briefing.text.markup import hides, style_declarations

from . import tables

Style = Mapping[str, str]
"""Declarations by the name of their property."""
LINK_BLUE = (0, 0, 238)
"""The colour of links where no style sets one."""
NOT_SHOWN = {"head", "script", "style", "title", "template"}
_MOST_STYLES = 500
"""How many `style` attributes are kept parsed. An email has about fifty different ones."""
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")

_SIZES = tables.table("text_sizes")
_SHARES = _SIZES["shares"]
_PIXELS_PER_INCH = 96.0


@dataclass(frozen=True, slots=True)
class VisibleText:
    """A piece of text, or the text shown instead of a picture."""

    words: str
    colour: Colour = BLACK
    background: Colour = WHITE
    """The colour behind it."""
    size: float = 16.0
    """In CSS pixels."""


def visible_texts(
    document: HtmlElement, overrides: Overrides | None = None
) -> Iterator[VisibleText]:
    """Yield all texts in reading order; `overrides` take precedence over an element's own style."""
    yield from _texts_in(document, VisibleText(""), overrides or {})


def _texts_in(
    element: HtmlElement,
    around: VisibleText,
    overrides: Overrides,
) -> Iterator[VisibleText]:
    style = own_style(element)
    style.update(overrides.get(element, {}))
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


_parsed = lru_cache(_MOST_STYLES)(style_declarations)


def own_style(element: HtmlElement) -> dict[str, str]:
    """Return the declarations in an element's `style` attribute, as `style_declarations` does."""
    return dict(_parsed(element.get("style", "")))


def _with_words(here: VisibleText, text: str | None) -> Iterator[VisibleText]:
    words = (text or "").split()
    if words:
        yield replace(here, words=" ".join(words))


def is_hidden(element: HtmlElement, style: Style) -> bool:
    """Whether an element with this style is hidden from readers, wherever it is."""
    if element.tag in NOT_SHOWN:
        return True
    return element.get("hidden") is not None or hides(style)


def visible_elements(document: HtmlElement) -> Iterator[HtmlElement]:
    """Yield the elements that readers see, in document order."""
    if not isinstance(document.tag, str) or is_hidden(
        document, own_style(document)
    ):
        return
    yield document
    for child in document:
        yield from visible_elements(child)


def visible_links(document: HtmlElement) -> Iterator[HtmlElement]:
    """Yield the links that readers see."""
    for element in visible_elements(document):
        if element.tag == "a":
            yield element


def _inherited(
    element: HtmlElement, style: Style, around: VisibleText
) -> VisibleText:
    """Return the colours and size of an element's text, given those of its parent."""
    background = _background(element, style, around.background)
    colour = _text_colour(element, style, around.colour, background)
    size = _size(style.get("font-size", ""), around.size)
    return VisibleText("", colour, background, size)


def _background(element: HtmlElement, style: Style, around: Colour) -> Colour:
    value = style.get("background-color") or style.get("background")
    colour = parse_background(value or element.get("bgcolor", ""))
    return over(colour, around) if colour else around


def _text_colour(
    element: HtmlElement, style: Style, around: Colour, background: Colour
) -> Colour:
    value = style.get("color", "")
    if element.tag == "font":
        value = value or element.get("color", "")
    colour = parse_colour(value)
    if colour:
        return over(colour, background)
    is_link = element.tag == "a" and element.get("href")
    return LINK_BLUE if is_link else around


def _size(value: str, around: float) -> float:
    if value in _SIZES["keywords"]:
        return float(_SIZES["keywords"][value])
    if value in _SHARES:
        return around * float(_SHARES[value])
    number = re.fullmatch(r"(\d++(?:\.\d++)?|\.\d++)\s*+([a-z]++|%)", value)
    if not number:
        return around
    length = float(number[1])
    unit = number[2]
    if unit in _SHARES:
        return length * around * float(_SHARES[unit])
    per_inch = float(_SIZES["per_inch"].get(unit, _PIXELS_PER_INCH))
    return length * _PIXELS_PER_INCH / per_inch
