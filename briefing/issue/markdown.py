"""The issue file, both ways: `read` and `write`. The format is described in docs/issue-format.md.

The file is read line by line, not as Markdown, so that every line has one meaning: a heading (one to three `#`), a
header line below a heading, or text. Only the texts are Markdown, and in them a heading is an error, since every
Markdown reader would show it as one.
"""

import contextlib
import datetime as dt
import difflib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import dropwhile
from pathlib import Path
from typing import Any, TypeVar

from briefing.errors import IssueError
from briefing.issue.model import Issue, Item, Kind, Origin, Section

HEADING = re.compile(r"(#{1,3})(?:[ \t]+(.*))?$", re.DOTALL)
HEADER_LINE = re.compile(r"([A-Za-z][A-Za-z_-]*)[ \t]*:[ \t]*(.*)$", re.DOTALL)
Part = TypeVar("Part", Issue, Section, Item)
ISSUE_HEADERS = ("date", "subject", "preheader", "corrects")
ITEM_HEADERS = ("kind", "source", "date", "link", "image", "alt", "photo", "contact", "lang", "original")


def read(text: str, path: Path) -> Issue:
    """The issue that a file holds; `path` is for the messages alone.

    Raises IssueError with the line and the cure. Every part keeps the lines that it was read from.
    """
    _refuse_unreadable_characters(text, path)
    blocks = list(_blocks(text))
    if not blocks or blocks[0].level != 1:
        line = blocks[0].heading_line if blocks else 1
        raise IssueError(path, "an issue begins with its title: '# Weekly Brief, 9 October 2020'", line=line)
    issue = _read_issue(blocks[0], path)
    sections: list[Section] = []
    for block in blocks[1:]:
        match block.level:
            case 1:
                raise IssueError(
                    path,
                    "a second title; an issue has one '#', sections have '##', items '###'",
                    line=block.heading_line,
                )
            case 2:
                sections.append(_read_section(block, path))
            case _:
                if not sections:
                    sections.append(Section())
                section = sections[-1]
                sections[-1] = replace(section, items=(*section.items, _read_item(block, path)))
    return replace(issue, sections=tuple(sections))


def write(issue: Issue) -> str:
    """The file of an issue; a part that is as it was read is written with the very lines it came from."""
    newline = "\r\n" if issue.origin and "\r\n" in issue.origin.raw else "\n"
    pieces = [_written(replace(issue, sections=()), _read_issue, _write_issue)]
    for section in issue.sections:
        if section.title is not None:
            pieces.append(_written(replace(section, items=()), _read_section, _write_section))
        pieces += [_written(item, _read_item, _write_item) for item in section.items]
    return _joined(pieces, newline)


def escape_headings(text: str) -> str:
    r"""Markdown source without anything that a Markdown reader, or this format, takes for a heading.

    `### so` becomes `\### so`, and the `---` below a line of text `\---`; other text is returned as it is.
    """
    lines = text.split("\n")
    lines = [rf"\{line}" if HEADING.match(line) else line for line in lines]
    while (found := heading_in(text := "\n".join(lines))) is not None:
        line = lines[found]
        mark = re.search(r"#{1,6}(?=[ \t]|$)|=+[ \t]*$|-+[ \t]*$", line)
        assert mark, "markdown-it found a heading where there is no mark of one"
        lines[found] = rf"{line[: mark.start()]}\{line[mark.start() :]}"
    return text


def heading_in(text: str) -> int | None:
    """The index of the first line of Markdown source that is a heading, or makes one of the text above; else None."""
    if not _MAY_BE_HEADING.search(text):
        return None
    from markdown_it import MarkdownIt  # noqa: PLC0415  # only texts that may hold a heading need the parser

    for token in MarkdownIt("commonmark", {"html": False}).parse(text):
        if token.type == "heading_open" and token.map:
            underlined = token.markup in {"=", "-"}
            return token.map[1] - 1 if underlined else token.map[0]
    return None


def line_of(part: Issue | Section | Item, name: str = "") -> int | None:
    """The line (1-based) of a part in the file that it was read from, or of its header line `name`; None if unread."""
    if part.origin is None:
        return None
    (block,) = _blocks(part.origin.raw)
    for number, line in enumerate(block.body, 1):
        header = HEADER_LINE.match(line)
        if not header:
            break
        if header[1].lower() == name:
            return part.origin.line + block.heading_line - 1 + number
    return part.origin.line + block.heading_line - 1


def text_lines(part: Issue | Item) -> Iterator[tuple[int, str]]:
    """The lines of a part's text, each with its number in the file that the part was read from; none if unread."""
    if part.origin is None:
        return
    (block,) = _blocks(part.origin.raw)
    lines = enumerate(block.body, part.origin.line + block.heading_line)
    below_headers = dropwhile(lambda line: bool(line[1].strip(" \t")), lines)
    yield from dropwhile(lambda line: not line[1].strip(" \t"), below_headers)


_MAY_BE_HEADING = re.compile(r"#|^[ \t>*+\-0-9.)]*(?:=+|-+)[ \t]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Block:
    """A heading with all lines up to the next one; level 0 where the file begins without a heading."""

    level: int
    heading: str
    heading_line: int
    body: list[str]
    origin: Origin


def _blocks(text: str) -> Iterator[_Block]:
    """Cut the file at its headings. Blank lines before the first one belong to it."""
    start = 0
    lines = re.findall(r"[^\n]*\n|[^\n]+$", text)
    starts = [n for n, line in enumerate(lines) if HEADING.match(_content(line, first=n == 0))]
    if not starts or any(line.strip(" \t\r\n\ufeff") for line in lines[: starts[0]]):
        first = next((n for n, line in enumerate(lines) if line.strip(" \t\r\n\ufeff")), None)
        if first is not None:
            yield _Block(0, "", first + 1, [], Origin(1, ""))
        return
    for number, place in enumerate(starts):
        end = starts[number + 1] if number + 1 < len(starts) else len(lines)
        heading = HEADING.match(_content(lines[place], first=place == 0))
        assert heading
        yield _Block(
            level=len(heading[1]),
            heading=(heading[2] or "").strip(" \t"),
            heading_line=place + 1,
            body=[_content(line) for line in lines[place + 1 : end]],
            origin=Origin(start + 1, "".join(lines[start:end])),
        )
        start = end


def _content(line: str, *, first: bool = False) -> str:
    line = line.removesuffix("\n").removesuffix("\r")
    return line.removeprefix("\ufeff") if first else line


def _refuse_unreadable_characters(text: str, path: Path) -> None:
    bad = re.search(r"\r(?!\n)|\0", text)
    if bad:
        line = text.count("\n", 0, bad.start()) + 1
        what = "a NUL character" if bad[0] == "\0" else "a carriage return that ends no line"
        raise IssueError(path, f"{what}; save the file again with ordinary (Unix or Windows) line ends", line=line)


def _headers(block: _Block, allowed: tuple[str, ...], path: Path) -> tuple[dict[str, tuple[str, int]], str]:
    """The header lines right below a heading, name → (value, line), and the text after them."""
    headers: dict[str, tuple[str, int]] = {}
    body = block.body
    for number, line in enumerate(body, block.heading_line + 1):
        if not line.strip(" \t"):
            break
        match = HEADER_LINE.match(line)
        if not match:
            raise IssueError(path, _no_header(line, allowed), line=number)
        name = match[1].lower()
        if name not in allowed:
            raise IssueError(path, _unknown_header(match[1], allowed), line=number)
        if name in headers:
            raise IssueError(path, f"a second '{name}:' below the same heading; keep one", line=number)
        headers[name] = (match[2].strip(" \t"), number)
    else:
        number = block.heading_line + len(body) + 1
    rest = body[number - block.heading_line - 1 :]
    text = "\n".join(rest)
    found = heading_in(text)
    if found is not None:
        cure = "for an item's headline write ###, for text put a backslash before the mark"
        raise IssueError(path, f"a heading inside a text; {cure}", line=number + found)
    return headers, text


def _no_header(line: str, allowed: tuple[str, ...]) -> str:
    """What is wrong with a line right below a heading that is no header line."""
    words = line.strip(" \t")
    name, _, value = words.partition(" ")
    header = HEADER_LINE.match(words)
    if header and header[1].lower() in allowed:
        return f"'{header[1]}:' stands behind a space; a header line begins at the line's start"
    if name.lower() in allowed and value:
        return f"a header line has a colon: '{name}: {value.strip()}'; if it is text, put a blank line above it"
    return "text right below a heading; put a blank line between them"


def _unknown_header(name: str, allowed: tuple[str, ...]) -> str:
    near = difflib.get_close_matches(name.lower(), allowed, n=1, cutoff=0.5)
    meant = f"did you mean '{near[0]}:'?" if near else f"known are {', '.join(allowed)}"
    return f"there is no header line '{name}:'; {meant} If it is text, put a blank line above it"


def _read_issue(block: _Block, path: Path) -> Issue:
    headers, text = _headers(block, ISSUE_HEADERS, path)
    values: dict[str, Any] = {name: value for name, (value, _) in headers.items() if name != "date"}
    return Issue(title=block.heading, date=_date(headers, path), introduction=text, origin=block.origin, **values)


def _read_section(block: _Block, path: Path) -> Section:
    for number, line in enumerate(block.body, block.heading_line + 1):
        if line.strip(" \t"):
            raise IssueError(
                path,
                "text below a section belongs to no item; give it a heading of its own ('### …')",
                line=number,
            )
    return Section(title=block.heading, origin=block.origin)


def _read_item(block: _Block, path: Path) -> Item:
    headers, text = _headers(block, ITEM_HEADERS, path)
    values: dict[str, Any] = {name: value for name, (value, _) in headers.items() if name not in {"date", "kind"}}
    kind = Kind.ARTICLE
    if headers.get("kind", ("", 0))[0]:
        value, line = headers["kind"]
        try:
            kind = Kind(value.lower())
        except ValueError:
            near = difflib.get_close_matches(value.lower(), list(Kind), n=1, cutoff=0.5)
            meant = f"did you mean '{near[0]}'?" if near else f"known are {', '.join(Kind)}"
            raise IssueError(path, f"there is no kind '{value}'; {meant}", line=line) from None
    return Item(
        heading=block.heading,
        kind=kind,
        date=_date(headers, path),
        text=text,
        origin=block.origin,
        **values,
    )


def _date(headers: dict[str, tuple[str, int]], path: Path) -> dt.date | None:
    value, line = headers.get("date", ("", 0))
    if not value:
        return None
    # date.fromisoformat reads other forms of ISO 8601 too; one is enough to remember.
    if re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
        with contextlib.suppress(ValueError):
            return dt.date.fromisoformat(value)
    raise IssueError(path, f"'{value}' is no date; write it as 2020-10-09", line=line)


@dataclass(frozen=True, slots=True)
class _Piece:
    lines: str
    kept: bool


def _written(part: Part, read_part: Callable[[_Block, Path], Part], write_part: Callable[[Part], str]) -> _Piece:
    """The lines that a part was read from if they still say what it says, else its lines written anew."""
    if part.origin is not None:
        (block,) = _blocks(part.origin.raw)
        if read_part(block, Path()) == part:
            return _Piece(part.origin.raw, kept=True)
    return _Piece(write_part(part), kept=False)


def _write_issue(issue: Issue) -> str:
    values = {name: getattr(issue, name) for name in ISSUE_HEADERS}
    return _part("#", issue.title, values, issue.introduction)


def _write_section(section: Section) -> str:
    return _part("##", section.title or "", {}, "")


def _write_item(item: Item) -> str:
    values = {name: getattr(item, name) for name in ITEM_HEADERS}
    if item.kind is Kind.ARTICLE:
        del values["kind"]
    return _part("###", item.heading, values, item.text)


def _part(mark: str, heading: str, values: dict[str, str | dt.date | None], text: str) -> str:
    lines = [f"{mark} {heading}".rstrip(" ")]
    lines += [f"{name}: {value}" for name, value in values.items() if value]
    if text:
        lines += ["", escape_headings(text)]
    return "\n".join(lines) + "\n"


def _joined(pieces: list[_Piece], newline: str) -> str:
    """The pieces one below the other, with a blank line around those that are new."""
    file = ""
    before = _Piece("", kept=True)
    for piece in pieces:
        if file and not file.endswith("\n"):
            file += newline
        if file and not (before.kept and piece.kept) and not re.search(r"\n\r?\n$", file):
            file += newline
        file += piece.lines if piece.kept else piece.lines.replace("\n", newline)
        before = piece
    return file
