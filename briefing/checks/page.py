"""The built HTML as readers see it: every piece of text with the colour, ground and size that it comes out in."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from cssselect import SelectorError, parse
from lxml import html as lxml_html
from lxml.cssselect import CSSSelector
from PIL import ImageColor

Colour = tuple[int, int, int]
BLACK, WHITE, LINK_BLUE = (0, 0, 0), (255, 255, 255), (0, 0, 238)
"""What browsers take where nothing is said."""

NOT_SHOWN = {"head", "script", "style", "title", "template"}
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
SIZES = {  # in pixels, as browsers take the words where their own size is 16
    "xx-small": 9.0, "x-small": 10.0, "small": 13.0, "medium": 16.0, "large": 18.0, "x-large": 24.0, "xx-large": 32.0,
}  # fmt: skip
UNITS = {"px": 1.0, "pt": 4 / 3, "pc": 16.0, "rem": 16.0, "in": 96.0, "cm": 96 / 2.54, "mm": 96 / 25.4}


@dataclass(frozen=True, slots=True)
class Shown:
    """A piece of text, or what is shown in place of a picture."""

    words: str
    tag: str
    """Of the element that it stands in."""
    colour: Colour = BLACK
    ground: Colour = WHITE
    size: float = 16.0
    """In CSS pixels."""


Overrides = Mapping[lxml_html.HtmlElement, Mapping[str, str]]


def shown(document: lxml_html.HtmlElement, overrides: Overrides | None = None) -> Iterator[Shown]:
    """All texts in reading order; `overrides` are declarations that win over an element's own style."""
    yield from _shown(document, Shown("", ""), overrides or {})


def _shown(element: lxml_html.HtmlElement, around: Shown, overrides: Overrides) -> Iterator[Shown]:
    style = {**declarations(element.get("style", "")), **overrides.get(element, {})}
    if is_hidden(element, style):
        return
    here = _inherited(element, style, around)
    for words in (element.text, element.get("alt") if element.tag == "img" else ""):
        if words and words.strip():
            yield replace(here, words=" ".join(words.split()))
    for child in element:
        if isinstance(child.tag, str):
            yield from _shown(child, here, overrides)
        if child.tail and child.tail.strip():
            yield replace(here, words=" ".join(child.tail.split()))


def is_hidden(element: lxml_html.HtmlElement, style: Mapping[str, str]) -> bool:
    """Whether readers don't see an element, whatever it stands in."""
    return (
        element.tag in NOT_SHOWN
        or style.get("display") == "none"
        or style.get("visibility") == "hidden"
        or re.fullmatch(r"0(?:px)?", style.get("max-height", "")) is not None
        or element.get("hidden") is not None
    )


def visible(document: lxml_html.HtmlElement) -> Iterator[lxml_html.HtmlElement]:
    """The elements that readers see, in document order."""
    if isinstance(document.tag, str) and not is_hidden(document, declarations(document.get("style", ""))):
        yield document
        for child in document:
            yield from visible(child)


def declarations(css: str) -> dict[str, str]:
    """The declarations of a style attribute, names and values in small letters, without `!important`."""
    found = {}
    for declaration in re.split(r";(?![^(]*\))", css):
        name, colon, value = declaration.partition(":")
        if colon:
            found[name.strip().lower()] = re.sub(r"\s*!important\s*$", "", value.strip().lower())
    return found


def _inherited(element: lxml_html.HtmlElement, style: Mapping[str, str], around: Shown) -> Shown:
    start = LINK_BLUE if element.tag == "a" and element.get("href") else around.colour
    ground = _ground(style.get("background-color") or style.get("background") or element.get("bgcolor", ""))
    written = style.get("color") or (element.get("color", "") if element.tag == "font" else "")
    over = over_ground(ground, around.ground) or around.ground
    size = _size(style.get("font-size", ""), around.size)
    return Shown("", element.tag, over_ground(parsed_colour(written), over) or start, over, size)


def _ground(value: str) -> tuple[int, ...] | None:
    """The colour in a `background`, which may hold other things too."""
    whole = parsed_colour(value)
    return whole or next((colour for word in value.split() if (colour := parsed_colour(word))), None)


def parsed_colour(value: str) -> tuple[int, ...] | None:
    """A colour of CSS as red, green, blue, perhaps alpha (0-255); None where none is meant or it can't be read."""
    if value in {"", "inherit", "transparent", "initial", "currentcolor", "unset"}:
        return None
    alpha = re.fullmatch(r"rgba?\(\s*(\d+)\s*,\s*(\d+)\s*,\s*(\d+)\s*,\s*([\d.]+)\s*\)", value)
    try:
        if alpha:
            red, green, blue = (min(int(number), 255) for number in alpha.groups()[:3])
            return red, green, blue, round(255 * min(float(alpha[4]), 1))
        return ImageColor.getrgb(value)
    except ValueError:
        return None


def over_ground(colour: tuple[int, ...] | None, ground: Colour) -> Colour | None:
    """An opaque colour: a translucent one laid over what is behind it."""
    if colour is None:
        return None
    alpha = colour[3] / 255 if len(colour) > 3 else 1.0
    red, green, blue = (round(alpha * top + (1 - alpha) * below) for top, below in zip(colour, ground, strict=False))
    return red, green, blue


def _size(value: str, around: float) -> float:
    number = re.fullmatch(r"(\d*\.?\d+)\s*([a-z]+|%)", value)
    if value in SIZES:
        return SIZES[value]
    if value in {"smaller", "larger"}:
        return around / 1.2 if value == "smaller" else around * 1.2
    if not number:
        return around
    relative = {"em": around, "%": around / 100, "ex": around / 2}
    return float(number[1]) * relative.get(number[2], UNITS.get(number[2], 1.0))


def in_the_dark(document: lxml_html.HtmlElement) -> dict[lxml_html.HtmlElement, dict[str, str]]:
    """What the document's own style sheet changes where a reader's screen is set to dark.

    Only `!important` declarations count: no other wins over an element's own style.
    """
    sheets = "\n".join(sheet.text or "" for sheet in document.iter("style"))
    rules: list[tuple[tuple[int, ...], str, dict[str, str]]] = []
    for block in _dark_blocks(re.sub(r"/\*.*?\*/", "", sheets, flags=re.DOTALL)):
        for selectors, body in re.findall(r"([^{}]+)\{([^{}]*)\}", block):
            important = declarations(";".join(one for one in body.split(";") if "!important" in one))
            for selector in selectors.split(","):
                rules += ((weight, selector.strip(), important) for weight in _specificity(selector))
    overrides: dict[lxml_html.HtmlElement, dict[str, str]] = {}
    for _, selector, important in sorted(rules, key=lambda rule: rule[0]):
        for element in CSSSelector(selector, translator="html")(document):
            overrides.setdefault(element, {}).update(important)
    return overrides


def _dark_blocks(css: str) -> Iterator[str]:
    for start in re.finditer(r"@media[^{}]*prefers-color-scheme\s*:\s*dark[^{}]*\{", css):
        yield re.match(r"(?:[^{}]*\{[^{}]*\})*", css[start.end() :])[0]  # type: ignore[index]  # matches at least nothing


def _specificity(selector: str) -> Iterator[tuple[int, ...]]:
    """Nothing where the selector can't be read: browsers leave such a rule out, too."""
    try:
        CSSSelector(selector.strip(), translator="html")
        yield parse(selector)[0].specificity()
    except SelectorError:
        return
