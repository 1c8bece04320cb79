"""Read one part of an issue file: a heading, with the header lines and the text below it. Mistakes
are reported to its block, and the part has what could be read.
"""

from typing import Any

from .blocks import HeadedBlock, is_blank
from .fields import read_value
from .header_lines import (
    HEADER_LINE,
    ISSUE_HEADERS,
    ITEM_HEADERS,
    header_slip,
    unknown_header,
)
from .headings import find_headings, heading_slip
from .model import Issue, Item, Section


def read_issue(block: HeadedBlock) -> Issue:
    """Return the issue itself, without its sections."""
    values = _read_headers(block, ISSUE_HEADERS)
    return Issue(
        title=block.heading,
        introduction=_read_text(block),
        origin=block.origin,
        **values,
    )


def read_section(block: HeadedBlock) -> Section:
    """Return a section, without its items."""
    for number, line in enumerate(block.body, block.line + 1):
        if not is_blank(line):
            block.report(
                heading_slip(line) or _text_below_section(block, line), number
            )
            break
    return Section(title=block.heading, origin=block.origin)


def _text_below_section(block: HeadedBlock, line: str) -> str:
    """Return what to do about a line of text or a header line directly below a section's title."""
    header = HEADER_LINE.match(line)
    remedy = (
        f"if the title is an item's headline, write ### before it: '### {block.heading}'"
        if header and header[1].lower() in ITEM_HEADERS
        else "put a heading above it ('### …')"
    )
    return f"text below a section's title belongs to no item; {remedy}"


def read_item(block: HeadedBlock) -> Item:
    """Return an item."""
    values = _read_headers(block, ITEM_HEADERS)
    return Item(
        heading=block.heading,
        text=_read_text(block),
        origin=block.origin,
        **values,
    )


# What is below a heading


def _read_headers(block: HeadedBlock, known: tuple[str, ...]) -> dict[str, Any]:
    """Return the values of the header lines right below a heading, by name."""
    values: dict[str, Any] = {}
    lines = block.body[: block.end_of_headers]
    for number, line in enumerate(lines, block.line + 1):
        header = HEADER_LINE.match(line)
        if not header:
            block.report(_not_a_header(block, line, known), number)
            break
        name = header[1].lower()
        if name not in known:
            block.report(unknown_header(header[1], known), number)
        elif name in values:
            block.report(
                f"there is a second '{name}:' below the same heading; keep one",
                number,
            )
        else:
            value = header[2].strip(" \t")
            values[name] = _read_value(block, number, name, value)
    return values


def _read_value(block: HeadedBlock, number: int, name: str, value: str) -> Any:
    """Return the value of a header line; a wrong one counts as missing."""
    try:
        return read_value(name, value)
    except ValueError as error:
        block.report(str(error), number)
        return read_value(name, "")


def _read_text(block: HeadedBlock) -> str:
    """Return the text below the header lines."""
    end = block.end_of_headers
    text = "\n".join(block.body[end:])
    lines = text.split("\n")
    for index in find_headings(text):
        block.report(
            _heading_in_text(lines[index]), block.line + 1 + end + index
        )
    return text


def _not_a_header(block: HeadedBlock, line: str, known: tuple[str, ...]) -> str:
    """Return what is wrong with a line right below a heading, or among its header lines, that isn't one."""
    slip = header_slip(line, known)
    if slip:
        return slip
    lines = block.body[: block.end_of_headers]
    headers = filter(None, map(HEADER_LINE.match, lines))
    if any(header[1].lower() in known for header in headers):
        return (
            "this isn't a header line; if it continues the line above, join the two; if it is text, put a "
            "blank line above it"
        )
    return (
        "there is text directly below a heading; put a blank line between them"
    )


def _heading_in_text(line: str) -> str:
    """Return what to do about a line of text that Markdown takes for a heading."""
    mark = line.strip(" \t>")
    if set(mark) <= {"-"} or set(mark) <= {"="}:
        return (
            f"there is a heading inside the text, because {mark[:3]} underlines the line above; put a blank "
            "line between them, or a backslash before this mark"
        )
    slip = heading_slip(line)
    if slip and "####" not in line:
        reason = slip.partition(": ")[2]
        return f"there is a heading inside the text: {reason}"
    return (
        "there is a heading inside the text; write ### before an item's headline, or a backslash "
        "before this mark"
    )
