"""What of a page is seen: which of its elements, and which are set apart as blocks."""

import re
from collections.abc import Iterable, Mapping, Set

from briefing.collecting.brief.paragraphs import SMALLEST_PHOTO

_BLOCK_NAMES = """
    address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure
    footer form h1 h2 h3 h4 h5 h6 header hgroup html legend li main menu nav ol p pre section summary table tbody td
    tfoot th thead tr ul
    """
_UNSEEN_NAMES = """
    applet aside audio button canvas datalist dialog embed head iframe input map math nav noframes noscript object
    option script select style svg template textarea title video
    """
BLOCKS = frozenset(_BLOCK_NAMES.split())

_UNSEEN = frozenset(_UNSEEN_NAMES.split())
_UNSEEN_ROLES = frozenset({"alertdialog", "banner", "complementary", "contentinfo", "dialog", "navigation", "search"})
_UNSEEN_CLASSES = frozenset({"screen-reader-text", "sr-only", "visually-hidden", "visuallyhidden"})
_HIDDEN = re.compile(r"display:none|visibility:hidden|(?:^|;)opacity:0(?:\.0+)?(?:;|!|$)")
_NO_HEIGHT = re.compile(r"max-height:0(?:px)?(?:;|!|$)")
_LITERAL = re.compile(r"(?:^|;)white-space:pre")
_WIDTH_OR_HEIGHT = re.compile(r"(?:^|;)(?:width|height):(\d{1,6})(?:\.\d*)?p[xt]")
_SIZE = re.compile(r"\s*(\d{1,6})(?:\.\d*)?(?:px)?\s*")
_LONGEST_STYLE = 2000
# What holds for some screens only is taken out before the rules are looked at.
_AT_RULE = re.compile(r"@[^{}@;]*\{(?:[^{}@]*\{[^{}@]*\})*[^{}@]*\}")
_HIDING_RULE = re.compile(r"(?:^|[,}\s])\.([\w-]{1,60})\s{0,9}\{[^{}]{0,500}?display\s{0,9}:\s{0,9}none", re.IGNORECASE)
_LONGEST_SHEET = 200_000


def style_of(attributes: Mapping[str, str]) -> str:
    """The style of an element, without spaces, in small letters."""
    return re.sub(r"\s+", "", attributes.get("style", "")[:_LONGEST_STYLE]).lower()


def is_unseen(tag: str, attributes: Mapping[str, str], hiding: Set[str], *, in_page: bool) -> bool:
    """Whether an element isn't shown, or isn't what a page is about: its menus, say.

    `hiding`: the classes that hide. `in_page`: it stands in no article, so that a header is the page's own.
    """
    style = style_of(attributes)
    return (
        tag in _UNSEEN
        or (in_page and tag in {"header", "footer"})
        or attributes.get("role", "").strip().lower() in _UNSEEN_ROLES
        or "hidden" in attributes
        or bool(_HIDDEN.search(style))
        or bool(_NO_HEIGHT.search(style) and "overflow:hidden" in style)
        or bool((_UNSEEN_CLASSES | hiding).intersection(attributes.get("class", "").split()))
    )


def hiding_classes(sheet: Iterable[str]) -> list[str]:
    """The classes whose elements a style sheet hides on every screen, by a rule of their own."""
    return _HIDING_RULE.findall(_AT_RULE.sub("", "".join(sheet)[:_LONGEST_SHEET]))


def is_literal(tag: str, attributes: Mapping[str, str], *, above: bool) -> bool:
    """Whether the line ends in an element are shown; `above` says so of the one around it."""
    style = style_of(attributes)
    return tag == "pre" or bool(_LITERAL.search(style)) or (above and "white-space:n" not in style)


def is_small(attributes: Mapping[str, str]) -> bool:
    """Whether a picture is shown too small to be a photo, where the page says how large."""
    sizes = _WIDTH_OR_HEIGHT.findall(style_of(attributes))
    sizes += [found[1] for name in ("width", "height") if (found := _SIZE.fullmatch(attributes.get(name, "")))]
    return any(int(size) < SMALLEST_PHOTO for size in sizes)
