"""Header lines of an issue file: their names and form, and what is wrong with a line that nearly has
it.
"""

import re

from briefing.errors import did_you_mean

from .headings import heading_slip

HEADER_LINE = re.compile(r"([A-Za-z][A-Za-z_-]*)[ \t]*:[ \t]*(.*)$", re.DOTALL)
ISSUE_HEADERS = ("date", "subject", "preheader", "corrects")
ITEM_HEADERS = (
    "kind",
    "source",
    "date",
    "link",
    "image",
    "alt",
    "photo",
    "contact",
    "action",
    "lang",
    "original",
)
_WIDE_COLON = "：﹕"


def header_slip(line: str, known: tuple[str, ...]) -> str:
    """Return what is wrong with a line that was meant as a heading or header line; "" for any other."""
    slip = heading_slip(line)
    if slip:
        return slip
    stripped = line.strip()
    header = HEADER_LINE.match(stripped)
    if header and header[1].lower() in known:
        return f"there is a space before '{header[1]}:'; begin header lines at the start of the line"
    for colon in _WIDE_COLON:
        name, _, value = stripped.partition(colon)
        if value and name.strip().lower() in known:
            return f"the colon after '{name}' isn't an ordinary one; write '{name}: {value.strip()}'"
    name, _, value = stripped.partition(" ")
    if name.lower() in known and value:
        return f"a header line has a colon: '{name}: {value.strip()}'; if it is text, put a blank line above it"
    return ""


def unknown_header(name: str, known: tuple[str, ...]) -> str:
    """Return what is wrong with a header line whose name doesn't exist."""
    hint = did_you_mean(name.lower(), known, "'{}:'")
    advice = " If" if hint.endswith("?") else "; if"
    advice += " it is text, put a blank line above it"
    return f"there is no header line '{name}:'; {hint}{advice}"
