"""Read and write the issue file. The format is described in docs/issue-format.md.

The file is read line by line, not as Markdown, so that every line has one meaning: a heading (one
to three #), a header line below a heading, or text. Only the texts are Markdown. A heading in them
is an error, since every Markdown reader would show it as one.
"""

import datetime as dt
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import dropwhile, pairwise
from pathlib import Path
from typing import Any, TypeVar

from briefing import values
from briefing.errors import IssueError, did_you_mean
from briefing.issue.headings import escape_headings, find_heading, split_heading
from briefing.issue.model import Issue, Item, Kind, Origin, Section

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
    "lang",
    "original",
)
BYTE_ORDER_MARK = "\ufeff"

_UNREADABLE = re.compile(r"\r(?!\n)|\0")

Part = TypeVar("Part", Issue, Section, Item)


def read(text: str, path: Path) -> Issue:
    """Return the issue that a file contains; `path` is only for messages. Every part keeps the
    lines it was read from.

    Raises IssueError with the line and what to do.
    """
    _refuse_unreadable_characters(text, path)
    blocks = list(_blocks(text, path))
    if not blocks or blocks[0].level != 1:
        line = blocks[0].line if blocks else 1
        raise IssueError(
            path,
            "an issue begins with its title: '# Weekly Brief, 9 October 2020'",
            line=line,
        )
    sections: list[Section] = []
    for block in blocks[1:]:
        if block.level == 1:
            raise block.error(
                "there is a second title; an issue has one '#', sections have '##', and items '###'"
            )
        if block.level == 2:
            sections.append(_read_section(block))
            continue
        section = sections.pop() if sections else Section()
        sections.append(replace(section, items=(*section.items, _read_item(block))))
    return replace(_read_issue(blocks[0]), sections=tuple(sections))


def write(issue: Issue) -> str:
    """Return the text of an issue file. A part that hasn't changed keeps the lines it was read
    from.
    """
    newline = "\r\n" if issue.origin and "\r\n" in issue.origin.raw else "\n"
    pieces = [_piece(replace(issue, sections=()), _read_issue, _write_issue)]
    for section in issue.sections:
        if section.title is not None:
            pieces.append(
                _piece(replace(section, items=()), _read_section, _write_section)
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
    block = _block_of(part.origin)
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
    block = _block_of(part.origin)
    lines = enumerate(block.body, block.line + 1)
    below_headers = dropwhile(lambda line: not _is_blank(line[1]), lines)
    yield from dropwhile(lambda line: _is_blank(line[1]), below_headers)


# Blocks: a heading with all lines up to the next one


@dataclass(frozen=True, slots=True)
class _HeadedBlock:
    """A heading with all lines up to the next one; level 0 if the file begins with other text."""

    path: Path
    level: int
    heading: str
    line: int
    """The line of the heading in the file."""
    body: list[str]
    origin: Origin

    def error(self, message: str, line: int | None = None) -> IssueError:
        return IssueError(self.path, message, line=line or self.line)


def _blocks(
    text: str, path: Path = Path(), first_line: int = 1
) -> Iterator[_HeadedBlock]:
    """Cut a file, or a part of one that begins on `first_line`, at its headings.

    Blank lines before the first heading belong to its block.
    """
    lines = list(
        io.StringIO(text, newline="\n")
    )  # str.splitlines would cut at other characters as well
    contents = _contents(lines)
    starts = [
        number for number, content in enumerate(contents) if split_heading(content)
    ]
    before = contents[: starts[0]] if starts else contents
    for number, content in enumerate(before):
        if not _is_blank(content):
            yield _HeadedBlock(
                path, 0, "", first_line + number, [], Origin(first_line, "")
            )
            return
    begin = 0
    for start, end in pairwise([*starts, len(lines)]):
        level, heading = split_heading(contents[start]) or (0, "")
        origin = Origin(first_line + begin, "".join(lines[begin:end]))
        yield _HeadedBlock(
            path,
            level,
            heading,
            first_line + start,
            contents[start + 1 : end],
            origin,
        )
        begin = end


def _block_of(origin: Origin) -> _HeadedBlock:
    """Return the block that a part was read from."""
    return next(_blocks(origin.raw, first_line=origin.line))


def _contents(lines: list[str]) -> list[str]:
    """Return the lines without their ends, and without a byte-order mark."""
    contents = [line.removesuffix("\n").removesuffix("\r") for line in lines]
    contents[:1] = [first.removeprefix(BYTE_ORDER_MARK) for first in contents[:1]]
    return contents


def _is_blank(line: str) -> bool:
    return not line.strip(" \t")


def _refuse_unreadable_characters(text: str, path: Path) -> None:
    bad = _UNREADABLE.search(text)
    if bad:
        line = text.count("\n", 0, bad.start()) + 1
        what = (
            "a NUL character"
            if bad[0] == "\0"
            else "a carriage return in the middle of a line"
        )
        raise IssueError(
            path,
            f"{what}; save the file again with ordinary (Unix or Windows) line ends",
            line=line,
        )


# Reading a part


@dataclass(frozen=True, slots=True)
class _Header:
    value: str
    line: int


def _read_headers(
    block: _HeadedBlock, known: tuple[str, ...]
) -> tuple[dict[str, _Header], str]:
    """Return the header lines right below a heading, by name, and the text after them."""
    headers: dict[str, _Header] = {}
    for number, line in enumerate(block.body, block.line + 1):
        if _is_blank(line):
            break
        header = HEADER_LINE.match(line)
        if not header:
            raise block.error(_not_a_header(line, known), number)
        name = header[1].lower()
        if name not in known:
            raise block.error(_unknown_header(header[1], known), number)
        if name in headers:
            raise block.error(
                f"there is a second '{name}:' below the same heading; keep one", number
            )
        headers[name] = _Header(header[2].strip(" \t"), number)
    text = "\n".join(block.body[len(headers) :])
    found = find_heading(text)
    if found is not None:
        message = (
            "there is a heading inside a text; write ### before an item's headline, or a backslash "
            "before this mark"
        )
        raise block.error(message, block.line + 1 + len(headers) + found)
    return headers, text


def _not_a_header(line: str, known: tuple[str, ...]) -> str:
    """Return what is wrong with a line right below a heading that isn't a header line."""
    stripped = line.strip(" \t")
    indented = HEADER_LINE.match(stripped)
    if indented and indented[1].lower() in known:
        return f"there is a space before '{indented[1]}:'; begin header lines at the start of the line"
    name, _, value = stripped.partition(" ")
    if name.lower() in known and value:
        return f"a header line has a colon: '{name}: {value.strip()}'; if it is text, put a blank line above it"
    return "there is text directly below a heading; put a blank line between them"


def _unknown_header(name: str, known: tuple[str, ...]) -> str:
    hint = did_you_mean(name.lower(), known, "'{}:'")
    advice = " If" if hint.endswith("?") else "; if"
    advice += " it is text, put a blank line above it"
    return f"there is no header line '{name}:'; {hint}{advice}"


def _read_issue(block: _HeadedBlock) -> Issue:
    headers, text = _read_headers(block, ISSUE_HEADERS)
    date = _date(block, headers)
    return Issue(
        title=block.heading,
        date=date,
        introduction=text,
        origin=block.origin,
        **_texts(headers),
    )


def _read_section(block: _HeadedBlock) -> Section:
    for number, line in enumerate(block.body, block.line + 1):
        if not _is_blank(line):
            raise block.error(
                "text below a section's title belongs to no item; put a heading above it ('### …')",
                number,
            )
    return Section(title=block.heading, origin=block.origin)


def _read_item(block: _HeadedBlock) -> Item:
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


def _kind(block: _HeadedBlock, headers: Mapping[str, _Header]) -> Kind:
    header = headers.get("kind")
    if header is None or not header.value:
        return Kind.ARTICLE
    try:
        return Kind(header.value.lower())
    except ValueError:
        hint = did_you_mean(header.value.lower(), Kind)
        raise block.error(
            f"there is no kind '{header.value}'; {hint}", header.line
        ) from None


def _date(block: _HeadedBlock, headers: Mapping[str, _Header]) -> dt.date | None:
    header = headers.get("date")
    if header is None or not header.value:
        return None
    try:
        return values.day(header.value)
    except ValueError as error:
        raise block.error(str(error), header.line) from None


# Writing


@dataclass(frozen=True, slots=True)
class _Piece:
    """The lines of a part in the file."""

    lines: str
    is_kept: bool
    """Whether they are the lines that the part was read from."""


def _piece(
    part: Part,
    read_part: Callable[[_HeadedBlock], Part],
    write_part: Callable[[Part], str],
) -> _Piece:
    """Return the lines that a part was read from if they still mean the same, else new ones."""
    # Comparing with the lines read again means that no part has to track its changes.
    if part.origin is not None and read_part(_block_of(part.origin)) == part:
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


def _write_part(mark: str, heading: str, header_lines: list[str], text: str) -> str:
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
        file += piece.lines if piece.is_kept else piece.lines.replace("\n", newline)
        was_kept = piece.is_kept
    return file
