"""Read and write the issue file. The format is described in docs/issue-format.md.

The file is read line by line, not as Markdown, so that every line has one meaning: a heading (one
to three #), a header line below a heading, or text. Only the texts are Markdown. A heading in them
is an error, since every Markdown reader would show it as one.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain, dropwhile
from pathlib import Path
from typing import Any, TypeVar

from briefing import values
from briefing.errors import IssueError, did_you_mean
from briefing.issue.blocks import HeadedBlock, block_of, cut, is_blank
from briefing.issue.header_lines import (
    HEADER_LINE,
    ISSUE_HEADERS,
    ITEM_HEADERS,
    not_a_further_header,
    not_a_header,
    unknown_header,
)
from briefing.issue.headings import (
    escape_headings,
    find_headings,
    heading_slip,
)
from briefing.issue.model import Issue, Item, Kind, Origin, Section

_UNREADABLE = re.compile(r"\r(?!\n)|\0")

Part = TypeVar("Part", Issue, Section, Item)


def read(text: str, path: Path) -> Issue:
    """Return the issue that a file contains; `path` is only for messages. Every part keeps the
    lines it was read from.

    Raises IssueError with the line and what to do.
    """
    issue, mistakes = read_draft(text, path)
    if not mistakes:
        return issue
    first, *others = mistakes
    message = first.message
    if others:
        message += f" ({len(others)} more: 'briefing check' lists them)"
    raise IssueError(path, message, line=first.line)


def read_draft(text: str, path: Path) -> tuple[Issue, tuple[IssueError, ...]]:
    """Return as much of an issue as can be read, and all mistakes in its format, by line."""
    unreadable = _unreadable_character(text, path)
    if unreadable:
        return Issue(), (unreadable,)
    blocks = list(cut(text, path)) or [
        HeadedBlock(path, 0, "", 1, [], Origin(1, ""))
    ]
    title = _find_title(blocks)
    issue = _read_issue(title) if title else Issue()
    issue = replace(issue, sections=tuple(_read_sections(blocks)))
    mistakes = chain.from_iterable(block.mistakes for block in blocks)
    return issue, tuple(sorted(mistakes, key=_line_number))


def _line_number(mistake: IssueError) -> int:
    return mistake.line or 0


def _find_title(blocks: list[HeadedBlock]) -> HeadedBlock | None:
    """Return the block of the issue's title, which should be the first and only one."""
    if blocks[0].level != 1:
        blocks[0].report(_no_title(blocks[0]))
    titles = [block for block in blocks if block.level == 1]
    for block in titles[1:]:
        block.report(
            "there is a second title; an issue has one '#', sections have '##', and items '###'"
        )
    return titles[0] if titles else None


def _no_title(first: HeadedBlock) -> str:
    example = "'# Weekly Brief, 9 October 2020'"
    if "#" in first.first_words or heading_slip(first.first_words):
        return f"an issue begins with its title: write {example}, with # at the start of the line and then a space"
    return f"an issue begins with its title: {example}"


def _read_sections(blocks: list[HeadedBlock]) -> list[Section]:
    sections: list[Section] = []
    for block in blocks:
        if block.level == 2:
            sections.append(_read_section(block))
        if block.level == 3:
            section = sections.pop() if sections else Section()
            items = (*section.items, _read_item(block))
            sections.append(replace(section, items=items))
    return sections


def write(issue: Issue) -> str:
    """Return the text of an issue file. A part that hasn't changed keeps the lines it was read
    from.
    """
    newline = "\r\n" if issue.origin and "\r\n" in issue.origin.raw else "\n"
    pieces = [_piece(replace(issue, sections=()), _read_issue, _write_issue)]
    for section in issue.sections:
        if section.title is not None:
            pieces.append(
                _piece(
                    replace(section, items=()), _read_section, _write_section
                )
            )
        for item in section.items:
            pieces.append(_piece(item, _read_item, _write_item))
    return _join(pieces, newline)


def line_of(part: Issue | Section | Item, name: str = "") -> int | None:
    """Return the line (1-based) of a part in the file it was read from, or of its header line
    `name` if it has one.

    None if the part wasn't read from a file.
    """
    if part.origin is None:
        return None
    block = block_of(part.origin)
    for number, line in enumerate(block.body, block.line + 1):
        header = HEADER_LINE.match(line)
        if not header:
            break
        if header[1].lower() == name:
            return number
    return block.line


def text_lines(part: Issue | Item) -> Iterator[tuple[int, str]]:
    """Yield the lines of a part's text with their numbers in the file; nothing if it wasn't read
    from one.
    """
    if part.origin is None:
        return
    block = block_of(part.origin)
    lines = enumerate(block.body, block.line + 1)
    below_headers = dropwhile(lambda line: not is_blank(line[1]), lines)
    yield from dropwhile(lambda line: is_blank(line[1]), below_headers)


def _unreadable_character(text: str, path: Path) -> IssueError | None:
    """Return the mistake that a file contains a character that no part can contain, if it does."""
    bad = _UNREADABLE.search(text)
    if not bad:
        return None
    line = text.count("\n", 0, bad.start()) + 1
    what = (
        "a NUL character"
        if bad[0] == "\0"
        else "a carriage return in the middle of a line"
    )
    message = (
        f"{what}; save the file again with ordinary (Unix or Windows) line ends"
    )
    return IssueError(path, message, line=line)


# Reading a part


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


def _read_issue(block: HeadedBlock) -> Issue:
    headers, text = _read_headers(block, ISSUE_HEADERS)
    date = _date(block, headers)
    return Issue(
        title=block.heading,
        date=date,
        introduction=text,
        origin=block.origin,
        **_texts(headers),
    )


def _read_section(block: HeadedBlock) -> Section:
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


def _read_item(block: HeadedBlock) -> Item:
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


# Writing


@dataclass(frozen=True, slots=True)
class _Piece:
    """The lines of a part in the file."""

    lines: str
    is_kept: bool
    """Whether they are the lines that the part was read from."""


def _piece(
    part: Part,
    read_part: Callable[[HeadedBlock], Part],
    write_part: Callable[[Part], str],
) -> _Piece:
    """Return the lines that a part was read from if they still mean the same, else new ones."""
    # Comparing with the lines read again means that no part has to track its changes.
    if part.origin is not None and read_part(block_of(part.origin)) == part:
        return _Piece(part.origin.raw, is_kept=True)
    return _Piece(write_part(part), is_kept=False)


def _write_issue(issue: Issue) -> str:
    return _write_part(
        "#",
        issue.title,
        _header_lines(issue, ISSUE_HEADERS),
        issue.introduction,
    )


def _write_section(section: Section) -> str:
    return _write_part("##", section.title or "", [], "")


def _write_item(item: Item) -> str:
    known = ITEM_HEADERS if item.kind is not Kind.ARTICLE else ITEM_HEADERS[1:]
    return _write_part(
        "###",
        item.heading,
        _header_lines(item, known),
        item.text,
    )


def _header_lines(part: Issue | Item, names: tuple[str, ...]) -> list[str]:
    lines: list[str] = []
    for name in names:
        value = getattr(part, name)
        if value:
            lines.append(f"{name}: {value}")
    return lines


def _write_part(
    mark: str, heading: str, header_lines: list[str], text: str
) -> str:
    lines = [f"{mark} {heading}".rstrip(" "), *header_lines]
    if text:
        lines += ["", escape_headings(text)]
    return "\n".join(lines) + "\n"


def _join(pieces: list[_Piece], newline: str) -> str:
    """Return the pieces one below the other, with a blank line around new ones."""
    file = ""
    was_kept = True
    for piece in pieces:
        if file and not file.endswith("\n"):
            file += newline
        is_new = not (was_kept and piece.is_kept)
        if file and is_new and not file.endswith(("\n\n", "\n\r\n")):
            file += newline
        file += (
            piece.lines if piece.is_kept else piece.lines.replace("\n", newline)
        )
        was_kept = piece.is_kept
    return file
