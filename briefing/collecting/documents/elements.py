"""How an element of a page is shown, by its name and attributes."""

import re
from collections.abc import Mapping, Set

from briefing.collecting.brief.paragraphs import SMALLEST_PHOTO
from briefing.markup import TEXTLESS_TAGS, hides, style_declarations

# Menus, forms and asides have text, but it isn't that of the page.
_OTHER_UNREAD_TAGS = "aside button datalist dialog input nav option select textarea"
_UNREAD_TAGS = TEXTLESS_TAGS.union(_OTHER_UNREAD_TAGS.split())
_UNREAD_ROLES = {"alertdialog", "banner", "complementary", "contentinfo", "dialog", "navigation", "search"}
_SCREEN_READER_CLASSES = {"screen-reader-text", "sr-only", "visually-hidden", "visuallyhidden"}
_CLASS_SELECTOR = re.compile(r"\.([\w-]{1,60})")
_LONGEST_STYLE = 2_000
_LONGEST_SHEET = 200_000
_LONGEST_LENGTH = 10


class Element:
    """An element of a page, with its name in lower case."""

    def __init__(self, tag: str, attributes: Mapping[str, str]) -> None:
        self.tag = str(tag).lower()
        self.attributes = attributes
        self.style = style_declarations(self.get("style")[:_LONGEST_STYLE])
        self.role = self.get("role").strip().lower()

    def get(self, name: str) -> str:
        """Return an attribute; "" if the element doesn't have it."""
        return self.attributes.get(name, "")

    def is_unread(self, hiding: Set[str], *, in_page: bool) -> bool:
        """Tell whether the element is hidden, or isn't part of the text: a menu, say.

        `hiding` are the classes that the page's style sheets hide. `in_page`: the element isn't within an article, so
        a header is that of the page.
        """
        if self.tag in _UNREAD_TAGS or self.role in _UNREAD_ROLES:
            return True
        if in_page and self.tag in {"header", "footer"}:
            return True
        if "hidden" in self.attributes or hides(self.style):
            return True
        return any(name in hiding or name in _SCREEN_READER_CLASSES for name in self.get("class").split())

    def keeps_line_ends(self, *, inherited: bool) -> bool:
        """Tell whether line ends in the element are shown; `inherited`: whether those around it are."""
        white_space = self.style.get("white-space", "")
        if self.tag == "pre" or white_space.startswith("pre"):
            return True
        return inherited and white_space not in {"normal", "nowrap"}

    def is_too_small(self) -> bool:
        """Tell whether the page says that it shows a picture smaller than a photo."""
        lengths = [self.get("width"), self.get("height")]
        lengths += [self.style.get("width", ""), self.style.get("height", "")]
        return any(_pixels(length) < SMALLEST_PHOTO for length in lengths)


def _pixels(length: str) -> float:
    """Return a length in pixels or points, of which a photo has as many; infinity for any other."""
    number = length.strip().removesuffix("px").removesuffix("pt")
    is_number = number.replace(".", "", 1).isdecimal() and len(number) <= _LONGEST_LENGTH
    return float(number) if is_number else float("inf")


def hiding_classes(sheet: str) -> set[str]:
    """Return the classes that a style sheet hides on every screen: rules within `@media` don't count."""
    found: set[str] = set()
    depth = 0
    for block in sheet[:_LONGEST_SHEET].split("}"):
        opened = block.count("{")
        if depth == 0 and opened == 1:
            selectors, _, style = block.partition("{")
            if style_declarations(style).get("display") == "none":
                found |= _selected_classes(selectors)
        depth = max(0, depth + opened - 1)
    return found


def _selected_classes(selectors: str) -> set[str]:
    """Return the classes in "p .a, .b"; none in "@page .a" and the like."""
    classes: set[str] = set()
    selectors = selectors.rpartition(";")[2]  # below an @import
    if "@" in selectors:
        return classes
    for selector in selectors.split(","):
        match = _CLASS_SELECTOR.fullmatch(selector.strip().rpartition(" ")[2])
        if match:
            classes.add(match[1])
    return classes
