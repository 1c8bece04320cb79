"""Read and write the issue file. The format is described in docs/issue-format.md.

The file is read line by line, not as Markdown, so that every line has one meaning: a heading (one
to three #), a header line below a heading, or text. Only the texts are Markdown. A heading in them
is an error, since every Markdown reader would show it as one.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, dropwhile, islice
from pathlib import Path

from briefing.errors import IssueError

from .blocks import HeadedBlock, block_of, cut, is_blank
from .fields import names_of, values_of
from .header_lines import HEADER_LINE
from .headings import escape_headings, heading_slip
from .model import TEXTS, Issue, Item, Origin, Part, Section
from .part_reader import read_issue, read_item, read_section

_UNREADABLE = re.compile(r"\r(?!\n)|\0")

_MARKS: dict[type[Part], str] = {Issue: "#", Section: "##", Item: "###"}
_READERS: dict[type[Part], Callable[[HeadedBlock], Part]] = {
    Issue: read_issue,
    Section: read_section,
    Item: read_item,
}


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
    issue = read_issue(title) if title else Issue()
    issue = replace(issue, sections=tuple(_read_sections(blocks)))
    mistakes = chain.from_iterable(block.mistakes for block in blocks)
    by_line = sorted(mistakes, key=lambda mistake: mistake.line or 0)
    return issue, tuple(by_line)


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
            sections.append(read_section(block))
        if block.level == 3:
            section = sections.pop() if sections else Section()
            items = (*section.items, read_item(block))
            sections.append(replace(section, items=items))
    return sections


def write(issue: Issue) -> str:
    """Return the text of an issue file. A part that hasn't changed keeps the lines it was read
    from.
    """
    newline = "\r\n" if issue.origin and "\r\n" in issue.origin.raw else "\n"
    parts: list[Part] = [replace(issue, sections=())]
    for section in issue.sections:
        if section.title is not None:
            parts.append(replace(section, items=()))
        parts += section.items
    return _join(map(_piece, parts), newline)


def line_of(part: Part, name: str = "") -> int | None:
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
    below_headers = islice(lines, block.end_of_headers, None)
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
    message = f"{what}; save the file again with ordinary (Unix or Windows) line endings"
    return IssueError(path, message, line=line)


# Writing


@dataclass(frozen=True, slots=True)
class _Piece:
    """The lines of a part in the file."""

    lines: str
    is_kept: bool
    """Whether they are the lines that the part was read from."""


def _piece(part: Part) -> _Piece:
    """Return the lines that a part was read from if they still mean the same, else new ones."""
    if part.origin is not None:
        # Comparing with the lines read again means that no part has to track its changes.
        read_part = _READERS[type(part)]
        if read_part(block_of(part.origin)) == part:
            return _Piece(part.origin.raw, is_kept=True)
    return _Piece(_write_part(part), is_kept=False)


def _write_part(part: Part) -> str:
    title, *_ = names_of(part)
    values = values_of(part)
    heading = f"{_MARKS[type(part)]} {values.pop(title, '')}"
    lines = [heading.rstrip(" ")]
    for name, value in values.items():
        if name in TEXTS:
            lines += ["", escape_headings(value)]
        else:
            lines.append(f"{name}: {value}")
    return "\n".join(lines) + "\n"


def _join(pieces: Iterable[_Piece], newline: str) -> str:
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
