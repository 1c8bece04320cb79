"""Decide by an element's name and attributes how a page shows it."""

import re
from collections.abc import Iterator, Mapping, Set

from briefing.collecting.brief.paragraphs import SMALLEST_PHOTO
from briefing.collecting.text.wordlists import words
from briefing.text.markup import TEXTLESS_TAGS, hides, style_declarations

SCREEN_READER_CLASSES = words(
    "screen-reader-text sr-only visually-hidden visuallyhidden"
)

_DELETED_TAGS = words("del s strike")
_BOLD_TAGS = words("b strong")
_ITALIC_TAGS = words("cite dfn em i var")
_BOLD = words("bold bolder 600 700 800 900")
# Google Docs: class="lst-kix_harbour-0 start"; Word: style="mso-list:l0 level1 lfo1".
_LIST_OF_DOCUMENT = re.compile(r"\blst-(?P<name>\w{1,40})-(?P<level>\d)\b")
_LIST_OF_WORD = re.compile(r"(?P<name>l\d{1,4}) level(?P<level>\d)\b")
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

    def is_silent(self) -> bool:
        """Whether its text isn't meant to be read: scripts and the like, deleted words, what Word repeats."""
        return (
            self.tag in TEXTLESS_TAGS
            or self.style.get("mso-list") == "ignore"
            or self.is_deleted()
        )

    def is_hidden(self, hiding: Set[str]) -> bool:
        """Whether a page doesn't show the element; `hiding` are the classes that hide elements."""
        classes = self.get("class").split()
        return (
            "hidden" in self.attributes
            or hides(self.style)
            or not hiding.isdisjoint(classes)
        )

    def is_deleted(self) -> bool:
        """Whether its text is struck out: an edit that is deleted, or no longer correct."""
        if self.tag in _DELETED_TAGS:
            return True
        names = ("text-decoration", "text-decoration-line")
        return any("line-through" in self.style.get(name, "") for name in names)

    def level(self) -> int:
        """The level of a heading; 0 for other elements."""
        is_heading = self.tag in {"h1", "h2", "h3", "h4", "h5", "h6"}
        return int(self.tag[1]) if is_heading else 0

    def makes_bold(
        self,
        weights: Mapping[str, str],
        *,
        inherited: bool,
    ) -> bool:
        """Whether text in the element is bold; `weights` are those of classes, `inherited`: that around it is."""
        weight = ""
        for name in self.get("class").split():
            weight = weights.get(name) or weight
        # As in CSS, the element's own style counts more than those of its classes.
        weight = self.style.get("font-weight", weight)
        if weight:
            return weight in _BOLD
        return inherited or self.tag in _BOLD_TAGS

    def makes_italic(self, *, inherited: bool) -> bool:
        """Whether text in the element is italic; `inherited`: whether that around it is."""
        style = self.style.get("font-style", "")
        if style:
            return style.startswith(("italic", "oblique"))
        return inherited or self.tag in _ITALIC_TAGS

    def keeps_line_ends(self, *, inherited: bool) -> bool:
        """Whether line ends in the element are shown; `inherited`: whether those around it are."""
        white_space = self.style.get("white-space", "")
        if self.tag == "pre":
            return True
        if white_space.startswith("pre"):
            return True
        return inherited and white_space not in {"normal", "nowrap"}

    def is_listed_by_word(self) -> bool:
        """Whether a paragraph is an item of a list, although no element says so."""
        return self.tag == "p" and bool(self.list_of_document()[0])

    def list_of_document(self) -> tuple[str, int]:
        """The name and level of a list in Google Docs or Word, which put the parts or items of a list one below the
        other; level -1 elsewhere.
        """
        found = _LIST_OF_DOCUMENT.search(
            self.get("class")
        ) or _LIST_OF_WORD.match(self.style.get("mso-list", ""))
        return (found["name"], int(found["level"])) if found else ("", -1)

    def continues_list(self) -> bool:
        """Whether a part of such a list isn't its first one."""
        return "start" not in self.get("class").split()

    def is_video(self) -> bool:
        """Whether it shows a video of another site: unlike an advertisement or a form, that may fill the screen."""
        return self.tag == "iframe" and "allowfullscreen" in self.attributes

    def is_too_small(self) -> bool:
        """Whether the page declares a size for a picture that is too small for a photo."""
        for name in ("width", "height"):
            for values in (self.attributes, self.style):
                if _pixels(values.get(name, "")) < SMALLEST_PHOTO:
                    return True
        return False


def _pixels(length: str) -> float:
    """Return a length in pixels or points, which count the same here; infinity for other units."""
    number = length.strip().removesuffix("px").removesuffix("pt")
    digits = number.replace(".", "", 1)
    is_number = digits.isdecimal() and len(digits) <= _LONGEST_LENGTH
    return float(number) if is_number else float("inf")


def class_styles(sheet: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield the classes of a style sheet with what it declares for them on every screen: rules within `@media` don't
    count.
    """
    depth = 0
    for block in sheet[:_LONGEST_SHEET].split("}"):
        opened = block.count("{")
        if depth == 0 and opened == 1:
            selectors, _, style = block.partition("{")
            declared = style_declarations(style)
            for name in sorted(_selected_classes(selectors)):
                yield name, declared
        depth = max(0, depth + opened - 1)


def _selected_classes(selectors: str) -> set[str]:
    """Return the classes in "p .a, .b"; none in "@page .a" and the like."""
    classes: set[str] = set()
    selectors = selectors.rpartition(";")[2]  # below an @import
    if "@" in selectors:
        return classes
    for selector in selectors.split(","):
        _, _, last = selector.strip().rpartition(" ")
        if last.startswith("."):
            classes.add(last.removeprefix("."))
    return classes
