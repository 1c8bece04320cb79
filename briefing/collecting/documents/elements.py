"""What the attributes of an element say about how it is shown."""

import re
from collections.abc import Mapping, Set

from briefing.collecting.brief.paragraphs import SMALLEST_PHOTO
from briefing.markup import TEXTLESS_TAGS, hides, style_declarations

# More than has no text: what belongs to the page, to a form or to an application around the text.
_OTHER_UNREAD_TAGS = "aside button datalist dialog input nav option select textarea"
_UNREAD_TAGS = TEXTLESS_TAGS.union(_OTHER_UNREAD_TAGS.split())
_PAGE_TAGS = {"header", "footer"}
_UNREAD_ROLES = {"alertdialog", "banner", "complementary", "contentinfo", "dialog", "navigation", "search"}
_SCREEN_READER_CLASSES = {"screen-reader-text", "sr-only", "visually-hidden", "visuallyhidden"}
_CLASS_NAME = re.compile(r"\.([\w-]{1,60})")
_LONGEST_STYLE = 2_000
_LONGEST_SHEET = 200_000

Style = Mapping[str, str]
"""The declarations of an element's `style` attribute."""


def style_of(attributes: Mapping[str, str]) -> Style:
    """Return the style of an element itself."""
    return style_declarations(attributes.get("style", "")[:_LONGEST_STYLE])


def is_unread(tag: str, attributes: Mapping[str, str], style: Style, hiding: Set[str], *, in_page: bool) -> bool:
    """Tell whether an element is hidden, or isn't part of the text: a menu, say.

    `hiding` are the classes that the page's style sheets hide. `in_page`: the element isn't within an article, so a
    header is that of the page.
    """
    if tag in _UNREAD_TAGS or (in_page and tag in _PAGE_TAGS):
        return True
    if attributes.get("role", "").strip().lower() in _UNREAD_ROLES:
        return True
    if "hidden" in attributes or hides(style):
        return True
    classes = attributes.get("class", "").split()
    return not (_SCREEN_READER_CLASSES.isdisjoint(classes) and hiding.isdisjoint(classes))


def hiding_classes(sheet: str) -> set[str]:
    """Return the classes that a style sheet hides on every screen: rules within `@media` don't count."""
    found: set[str] = set()
    depth = 0
    for block in sheet[:_LONGEST_SHEET].split("}"):
        opened = block.count("{")
        if depth == 0 and opened == 1:
            found |= _hidden_by(block)
        depth = max(0, depth + opened - 1)
    return found


def _hidden_by(rule: str) -> set[str]:
    """Return the classes that a rule ("p .a, .b { display: none") hides; none if it shows its elements."""
    selectors, _, style = rule.partition("{")
    selectors = selectors.rpartition(";")[2]  # below an @import
    if "@" in selectors or style_declarations(style).get("display") != "none":
        return set()
    classes = set()
    for selector in selectors.split(","):
        _, _, last = selector.strip().rpartition(" ")
        match = _CLASS_NAME.fullmatch(last)
        if match:
            classes.add(match[1])
    return classes


def keeps_line_ends(tag: str, style: Style, *, inherited: bool) -> bool:
    """Tell whether line ends in an element are shown as such; `inherited` is the answer for the element around it."""
    white_space = style.get("white-space", "")
    if tag == "pre" or white_space.startswith("pre"):
        return True
    return inherited and not white_space.startswith("n")  # normal, nowrap


def is_too_small(attributes: Mapping[str, str], style: Style) -> bool:
    """Tell whether a page says that it shows a picture smaller than a photo."""
    for name in ("width", "height"):
        for length in (style.get(name, ""), attributes.get(name, "")):
            pixels = _pixels(length)
            if pixels is not None and pixels < SMALLEST_PHOTO:
                return True
    return False


def _pixels(length: str) -> int | None:
    """Return a length in pixels (points, which are a third larger, count the same); None for another unit."""
    number = length.strip().removesuffix("px").removesuffix("pt")
    whole, _, fraction = number.partition(".")
    if not whole.isdecimal() or len(whole) > 6 or (fraction and not fraction.isdecimal()):
        return None
    return int(whole)
