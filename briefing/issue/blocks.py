"""Cut an issue file at its headings, line by line."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from briefing.errors import IssueError
from briefing.text.decoding import BYTE_ORDER_MARK

from .headings import split_heading
from .model import Origin


@dataclass(frozen=True, slots=True)
class HeadedBlock:
    """A heading with all lines up to the next one; level 0 if the file begins with other text."""

    path: Path
    level: int
    heading: str
    line: int
    """The line of the heading in the file."""
    body: list[str]
    origin: Origin
    first_words: str = ""
    """The line that the file begins with, if that is other text."""
    mistakes: list[IssueError] = field(default_factory=list)

    @property
    def end_of_headers(self) -> int:
        """The index in `body` of the first blank line, which ends header lines."""
        blank = (
            number for number, line in enumerate(self.body) if is_blank(line)
        )
        return next(blank, len(self.body))

    def report(self, message: str, line: int | None = None) -> None:
        """Add a mistake in the format."""
        self.mistakes.append(
            IssueError(self.path, message, line=line or self.line)
        )


def cut(
    text: str,
    path: Path = Path(),
    first_line: int = 1,
) -> Iterator[HeadedBlock]:
    """Cut a file, or a part of one that begins on `first_line`, at its headings.

    Blank lines before the first heading belong to its block.
    """
    # str.splitlines would cut at other characters as well.
    lines = list(io.StringIO(text, newline="\n"))
    contents = _contents(lines)
    starts = [
        number
        for number, content in enumerate(contents)
        if split_heading(content)
    ]
    before = contents[: starts[0]] if starts else contents
    for number, content in enumerate(before):
        if not is_blank(content):
            origin = Origin(first_line, "")
            yield HeadedBlock(
                path, 0, "", first_line + number, [], origin, content
            )
            break
    begin = 0
    for start, end in pairwise([*starts, len(lines)]):
        level, heading = split_heading(contents[start]) or (0, "")
        origin = Origin(first_line + begin, "".join(lines[begin:end]))
        yield HeadedBlock(
            path,
            level,
            heading,
            first_line + start,
            contents[start + 1 : end],
            origin,
        )
        begin = end


@lru_cache(1024)  # a check asks for the lines of each part dozens of times
def block_of(origin: Origin) -> HeadedBlock:
    """Return the block that a part was read from."""
    return next(cut(origin.raw, first_line=origin.line))


def _contents(lines: list[str]) -> list[str]:
    """Return the lines without their ends, and without a byte-order mark."""
    contents = [line.removesuffix("\n").removesuffix("\r") for line in lines]
    contents[:1] = [
        first.removeprefix(BYTE_ORDER_MARK) for first in contents[:1]
    ]
    return contents


def is_blank(line: str) -> bool:
    return not line.strip(" \t")
