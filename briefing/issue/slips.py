r"""Find lines of a text that were meant as a heading or as header lines, but that readers would see.

Each of them lets two items run into one. Ordinary text isn't reported: a hashtag, "Note: …", or
"Source: …" on a line of its own below other text. Whatever is reported by mistake can be written
with a backslash: `\###`, `source\: …`.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import groupby

from briefing.issue.headings import heading_slip
from briefing.issue.model import Kind

NumberedLine = tuple[int, str]
"""The number of a line in the file (1-based), and its text."""

_LIKE_A_HEADER = re.compile(r"\s*([A-Za-z][A-Za-z_-]*)\s*[:：﹕](?!//)\s*(.*)$")
# A date, an address, a picture's name or a kind: hardly anyone writes these after "Date:" in prose.
_MACHINE_VALUE = re.compile(
    rf"\d{{4}}-\d\d-\d\d|https?://\S+|[^\s/]+\.(?:jpe?g|png|webp|gif)|{'|'.join(Kind)}",
    re.IGNORECASE,
)
_SIMILAR = 0.8


@dataclass(frozen=True, slots=True)
class Slip:
    """A line that isn't what it was meant to be, and what to do about it."""

    line: int
    message: str


def heading_slips(text: Sequence[NumberedLine]) -> Iterator[Slip]:
    """Find the lines of a text that were meant as headings."""
    for number, line in text:
        message = heading_slip(line)
        if message:
            yield Slip(number, message)


def header_line_slips(
    text: Sequence[NumberedLine], known: Collection[str], used: Collection[str]
) -> Iterator[Slip]:
    """Find the header lines in a text, one slip for those below each other.

    `known` are the names of header lines, `used` those that the text's heading has already.
    """
    for number, paragraph in enumerate(_paragraphs(text)):
        lines = [_Line.of(*line, known) for line in paragraph]
        for run in _runs(lines):
            above = lines[: run[0].place(lines)]
            below = lines[run[-1].place(lines) + 1 :]
            if above and heading_slip(above[-1].text):
                continue  # which is reported already
            is_first = number == 0 and not above
            if _is_meant(
                run, used, is_first=is_first, above=len(above), below=len(below)
            ):
                yield Slip(run[0].number, _message(run[0], is_first=is_first))


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    text: str
    name: str
    """The name as typed, if the line has the form of a header line."""
    value: str
    is_known: bool
    is_near: bool
    """Whether the name is probably a known one with a typing mistake."""

    @classmethod
    def of(cls, number: int, text: str, known: Collection[str]) -> "_Line":
        match = _LIKE_A_HEADER.match(text)
        name, value = (match[1], match[2]) if match else ("", "")
        is_known = name.lower() in known
        is_near = name.islower() and bool(
            get_close_matches(name, known, n=1, cutoff=_SIMILAR)
        )
        return cls(number, text, name, value, is_known, is_near and not is_known)

    def place(self, lines: Sequence["_Line"]) -> int:
        return self.number - lines[0].number

    @property
    def may_be_meant(self) -> bool:
        return self.is_known or self.is_near or self.name.islower()

    @property
    def is_certain(self) -> bool:
        """Whether a known name is written as in a header line, or has such a value."""
        written = self.name.islower() or _MACHINE_VALUE.fullmatch(self.value.strip())
        return self.is_known and bool(written)


def _paragraphs(text: Sequence[NumberedLine]) -> Iterator[list[NumberedLine]]:
    for has_words, lines in groupby(text, key=lambda line: bool(line[1].strip())):
        if has_words:
            yield list(lines)


def _runs(lines: Sequence[_Line]) -> Iterator[list[_Line]]:
    """Yield the lines with the form of header lines, together if they are below each other."""
    for may_be_meant, together in groupby(lines, key=lambda line: line.may_be_meant):
        if may_be_meant:
            yield list(together)


def _is_meant(
    run: Sequence[_Line],
    used: Collection[str],
    *,
    is_first: bool,
    above: int,
    below: int,
) -> bool:
    """Decide whether lines in the form of header lines were meant as such.

    `above` and `below` count the other lines of their paragraph.
    """
    known = [line for line in run if line.is_known]
    certain = any(line.is_certain for line in run)
    if is_first and _begins_like_headers(run, used, is_whole=below == 0):
        return True
    if len(known) >= 2 and certain:
        return True
    # Below a line that may be a headline, and nothing else.
    return certain and above <= 1 and below == 0


def _begins_like_headers(
    run: Sequence[_Line], used: Collection[str], *, is_whole: bool
) -> bool:
    """Decide on the lines that a text begins with, directly below the blank line."""
    new = [line for line in run if line.name.lower() not in used]
    if is_whole and any(line.is_known for line in new):
        return True
    first = run[0]
    return first in new and (first.is_certain or (is_whole and first.is_near))


def _message(line: _Line, *, is_first: bool) -> str:
    example = f"{line.name}\\:"
    remedy = (
        "delete the blank line above"
        if is_first
        else "put a heading ('### …') directly above"
    )
    return (
        f"readers would see the header line '{line.name}:' as text; {remedy}, "
        f"or write '{example}' if it is text"
    )
