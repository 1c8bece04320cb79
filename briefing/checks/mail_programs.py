"""What mail programs don't show: facts of caniemail.com's data of May 2026 (`n` in its newest version of a program).

Only Gmail, Outlook, Apple Mail and Yahoo are asked. What does no harm where it is dropped (rounded corners, shadows,
transitions, opacity …) isn't here.
"""

import re
from dataclasses import dataclass

EVERYWHERE = "Gmail, Outlook and Yahoo"
WORD = "Outlook for Windows"
WORD_YAHOO = "Outlook for Windows and Yahoo"
OUTLOOK_YAHOO = "Outlook and Yahoo"


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that some programs don't know."""

    name: str
    pattern: re.Pattern[str]
    """What the beginning of a declaration `property: value` matches, of an at-rule, or of an element's name."""
    programs: str


def _missing(name: str, pattern: str, programs: str) -> Missing:
    return Missing(name, re.compile(pattern), programs)


def _value(name: str, pattern: str, programs: str) -> Missing:
    return _missing(name, rf"-*[\w-]+: (?:.*[\s,(/*+-])?{pattern}", programs)


_LOGICAL = r"(?:(?:margin|padding|border|inset|scroll-margin)-(?:inline|block)|(?:min-|max-)?(?:inline|block)-size)"

DECLARATIONS = (
    _missing("display: flex", r"display: .*flex", f"{WORD}, and Gmail for other providers' mail"),
    _missing("display: grid", r"display: .*grid", f"{WORD}, and Gmail for other providers' mail"),
    _missing("display: contents", r"display: (?:contents|flow-root)", f"{WORD} and Gmail"),
    _missing("flex", r"(?:flex\b|flex-\w+|align-(?:items|content|self)|justify-\w+|order): ", EVERYWHERE),
    _missing("grid", r"(?:grid\b|grid-[\w-]+|place-\w+): ", EVERYWHERE),
    _missing("gap", r"(?:row-|column-|grid-)?gap: ", WORD_YAHOO),
    _missing("float", r"(?:float|clear): (?!none)", WORD),
    _missing("position", r"position: (?!static)", "Gmail and Outlook"),
    _missing("left, right, top, bottom", r"(?:left|right|top|bottom|inset|z-index): ", EVERYWHERE),
    _missing("background-image", r"background(?:-image)?: .*(?:url\(|gradient\()", OUTLOOK_YAHOO),
    _missing("background-size", r"background-(?:size|position|repeat|clip|origin|attachment|blend-mode)", WORD_YAHOO),
    _missing("box-sizing", r"box-sizing: ", WORD_YAHOO),
    _missing("min-width, min-height", r"min-(?:width|height): ", WORD),
    _missing("object-fit", r"object-(?:fit|position): ", WORD_YAHOO),
    _missing("aspect-ratio", r"aspect-ratio: ", EVERYWHERE),
    _missing("columns", r"(?:columns|column-(?:count|width)): ", WORD_YAHOO),
    _missing("filter", r"(?:backdrop-)?filter: |mix-blend-mode: ", EVERYWHERE),
    _missing("transform", r"(?:transform|translate|rotate|scale): ", EVERYWHERE),
    _missing("animation", r"animation", EVERYWHERE),
    _missing("clip-path, mask", r"(?:clip-path|mask(?:-\w+)?|shape-\w+): ", EVERYWHERE),
    _missing("border-image", r"border-image", EVERYWHERE),
    _missing("list-style-image", r"list-style(?:-image)?: .*url\(", EVERYWHERE),
    _missing("writing-mode", r"(?:writing-mode|text-orientation): ", WORD_YAHOO),
    _missing("text-overflow", r"text-overflow: ", WORD_YAHOO),
    _missing("logical properties", rf"{_LOGICAL}[\w-]*: ", EVERYWHERE),
    _missing("text-align: start", r"text-align: (?:start|end)\b", WORD_YAHOO),
    _value("max-content", r"(?:max-content|min-content|fit-content)", WORD_YAHOO),
    _value("rem", r"\d*\.?\d+rem\b", WORD_YAHOO),
    _value("vw, vh", r"\d*\.?\d+(?:vw|vh|vmin|vmax|ch|dvh|svh|lvh)\b", WORD),
    _value("calc()", r"calc\(", OUTLOOK_YAHOO),
    _value("clamp(), min(), max()", r"(?:clamp|min|max)\(", OUTLOOK_YAHOO),
    _value("var()", r"var\(", EVERYWHERE),
    _missing("--properties", r"--[\w-]+: ", EVERYWHERE),
    _value("rgba()", r"(?:rgba|hsla)\(", WORD),
    _value("rgb() with spaces", r"(?:rgba?|hsla?)\([^,)]*\)", EVERYWHERE),
    _value("modern colours", r"(?:hwb|lab|lch|oklab|oklch|color|color-mix|light-dark)\(", EVERYWHERE),
    # Not in caniemail's data: Word reads six digits alone.
    _value("a colour of 3, 4 or 8 digits", r"#(?:[0-9a-f]{3,4}|[0-9a-f]{8})(?![0-9a-f])", WORD),
)

AT_RULES = (
    _missing("@font-face", r"@font-face", EVERYWHERE),
    _missing("@import", r"@import", EVERYWHERE),
)

ELEMENTS = (
    _missing("<bdi>", r"bdi", EVERYWHERE),
    _missing("<picture>", r"picture", EVERYWHERE),
    _missing("<svg>", r"svg", EVERYWHERE),
    _missing("<video>, <audio>", r"video|audio", EVERYWHERE),
    _missing("<dialog>", r"dialog", EVERYWHERE),
    _missing("<meter>, <progress>", r"meter|progress", EVERYWHERE),
    _missing("<marquee>", r"marquee", "Gmail and Outlook"),
    _missing("<ruby>", r"ruby", "Gmail and Outlook for Windows"),
)

ATTRIBUTES = (
    _missing("hidden", r"hidden", EVERYWHERE),
    _missing("srcset", r"srcset", EVERYWHERE),
    _missing("popover", r"popover", EVERYWHERE),
)
