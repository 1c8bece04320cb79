"""Read one part of an issue file: a heading, with the header lines and the text below it. Mistakes
are reported to its block, and the part has whatever could be read.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from briefing import values
from briefing.errors import did_you_mean

from .blocks import HeadedBlock, is_blank
from .header_lines import (
    HEADER_LINE,
    ISSUE_HEADERS,
    ITEM_HEADERS,
    not_a_further_header,
    not_a_header,
    unknown_header,
)
from .headings import find_headings, heading_slip
from .model import Issue, Item, Kind, Section


def read_issue(block: HeadedBlock) -> Issue:
    """Return the issue itself, without its sections."""
    headers, text = _read_headers(block, ISSUE_HEADERS)
    date = _date(block, headers)
    return Issue(
        title=block.heading,
        date=date,
        introduction=text,
        origin=block.origin,
        **_texts(headers),
    )


def read_section(block: HeadedBlock) -> Section:
    """Return a section, without its items."""
    for number, line in enumerate(block.body, block.line + 1):
        if not is_blank(line):
            block.report(
                heading_slip(line) or _belongs_to_no_item(block, line), number
            )
            break
    return Section(title=block.heading, origin=block.origin)


def _belongs_to_no_item(block: HeadedBlock, line: str) -> str:
    header = HEADER_LINE.match(line)
    remedy = (
        f"if the title is an item's headline, write ### before it: '### {block.heading}'"
        if header and header[1].lower() in ITEM_HEADERS
        else "put a heading above it ('### …')"
    )
    return f"text below a section's title belongs to no item; {remedy}"


def read_item(block: HeadedBlock) -> Item:
    """Return an item."""
    headers, text = _read_headers(block, ITEM_HEADERS)
    kind = _kind(block, headers)
    date = _date(block, headers)
    return Item(
        heading=block.heading,
        kind=kind,
        date=date,
        text=text,
        origin=block.origin,
        **_texts(headers),
    )


# What is below a heading


@dataclass(frozen=True, slots=True)
class _Header:
    value: str
    line: int


def _read_headers(
    block: HeadedBlock, known: tuple[str, ...]
) -> tuple[dict[str, _Header], str]:
    """Return the header lines right below a heading, by name, and the text after them."""
    headers: dict[str, _Header] = {}
    end = _end_of_headers(block.body)
    for number, line in enumerate(block.body[:end], block.line + 1):
        header = HEADER_LINE.match(line)
        if not header:
            block.report(_no_header(block, number, known), number)
            break
        name = header[1].lower()
        if name not in known:
            block.report(unknown_header(header[1], known), number)
        elif name in headers:
            block.report(
                f"there is a second '{name}:' below the same heading; keep one",
                number,
            )
        else:
            headers[name] = _Header(header[2].strip(" \t"), number)
    text = "\n".join(block.body[end:])
    lines = text.split("\n")
    for index in find_headings(text):
        block.report(
            _heading_in_text(lines[index]), block.line + 1 + end + index
        )
    return headers, text


def _no_header(block: HeadedBlock, number: int, known: tuple[str, ...]) -> str:
    """Return what is wrong with a line among or above header lines that isn't one."""
    place = number - block.line - 1
    others = (
        block.body[:place] + block.body[place + 1 : _end_of_headers(block.body)]
    )
    names = [
        header[1].lower() for header in map(HEADER_LINE.match, others) if header
    ]
    is_among_headers = any(name in known for name in names)
    describe = not_a_further_header if is_among_headers else not_a_header
    return describe(block.body[place], known)


def _heading_in_text(line: str) -> str:
    """Return what to do about a line of text that Markdown takes for a heading."""
    mark = line.strip(" \t>")
    if set(mark) <= {"-"} or set(mark) <= {"="}:
        return (
            f"there is a heading inside a text, because {mark[:3]} underlines the line above; put a blank "
            "line between them, or a backslash before this mark"
        )
    slip = heading_slip(line)
    if slip and "####" not in line:
        reason = slip.partition(": ")[2]
        return f"there is a heading inside a text: {reason}"
    return (
        "there is a heading inside a text; write ### before an item's headline, or a backslash "
        "before this mark"
    )


def _end_of_headers(body: list[str]) -> int:
    """Return the index of the first blank line, which ends header lines."""
    blank = (number for number, line in enumerate(body) if is_blank(line))
    return next(blank, len(body))


def _texts(headers: Mapping[str, _Header]) -> dict[str, Any]:
    texts = {name: header.value for name, header in headers.items()}
    texts.pop("date", None)
    texts.pop("kind", None)
    return texts


def _kind(block: HeadedBlock, headers: Mapping[str, _Header]) -> Kind:
    header = headers.get("kind")
    if header is None or not header.value:
        return Kind.ARTICLE
    try:
        return Kind(header.value.lower())
    except ValueError:
        hint = did_you_mean(header.value.lower(), Kind)
        block.report(f"there is no kind '{header.value}'; {hint}", header.line)
        return Kind.ARTICLE


def _date(block: HeadedBlock, headers: Mapping[str, _Header]) -> dt.date | None:
    header = headers.get("date")
    if header is None or not header.value:
        return None
    try:
        return values.day(header.value)
    except ValueError as error:
        block.report(str(error), header.line)
        return None
