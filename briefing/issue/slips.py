r"""Find lines of a text that were meant as a heading or as header lines, but that readers would see.

Each of them lets two items run into one. Ordinary text isn't reported: a hashtag, "Note: …", or
"Source: …" on a line of its own below other text. A line that is reported by mistake can be written
with a backslash: `\###`, `source\: …`.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import groupby

from .headings import heading_slip
from .model import Kind

NumberedLine = tuple[int, str]
"""The number of a line in the file (1-based), and its text."""

# "Source : Harbour Post", but not "https://example.org".
_LIKE_A_HEADER = re.compile(r"\s*([A-Za-z][A-Za-z_-]*)\s*[:：﹕](?!//)\s*(.*)$")
# A date, an address, a picture's name or a kind: hardly anyone writes these after "Date:" in prose.
_MACHINE_VALUE = re.compile(
    rf"\d{{4}}-\d\d-\d\d|https?://\S+|[^\s/]+\.(?:jpe?g|png|webp|gif|avif|hei[cf])|{'|'.join(Kind)}",
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
    text: Sequence[NumberedLine],
    known: Collection[str],
    used: Collection[str],
) -> Iterator[Slip]:
    """Find the header lines in a text, one slip for those below each other.

    `known` are the names of header lines, `used` those that the text's heading has already.
    """
    for number, paragraph in enumerate(_paragraphs(text)):
        lines = [_Line.of(*line, known) for line in paragraph]
        for run in _runs(lines, in_first_paragraph=number == 0):
            is_reported = bool(run.line_above and heading_slip(run.line_above))
            if not is_reported and _is_meant(run, known, used):
                yield Slip(run.lines[0].number, _message(run))


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    text: str
    name: str
    """The name as typed, if the line has the form of a header line."""
    value: str
    is_known: bool

    @classmethod
    def of(cls, number: int, text: str, known: Collection[str]) -> "_Line":
        match = _LIKE_A_HEADER.match(text)
        name, value = (match[1], match[2]) if match else ("", "")
        return cls(number, text, name, value, name.lower() in known)

    @property
    def is_likely(self) -> bool:
        """Whether the name is known, or written as editors write the names of header lines."""
        return self.is_known or self.name.islower()

    @property
    def is_certain(self) -> bool:
        """Whether a known name is written as in a header line, or has such a value."""
        written = self.name.islower() or _MACHINE_VALUE.fullmatch(
            self.value.strip()
        )
        return self.is_known and bool(written)


def _paragraphs(text: Sequence[NumberedLine]) -> Iterator[list[NumberedLine]]:
    for has_words, lines in groupby(
        text, key=lambda line: bool(line[1].strip())
    ):
        if has_words:
            yield list(lines)


@dataclass(frozen=True, slots=True)
class _Run:
    """Lines below each other that have the form of header lines."""

    lines: Sequence[_Line]
    line_above: str
    """The text of the line above them in their paragraph."""
    above: int
    """How many lines of their paragraph are above them."""
    below: int
    """How many lines of their paragraph are below them."""
    begins_text: bool

    @property
    def names(self) -> set[str]:
        """The names of header lines among them."""
        return {line.name.lower() for line in self.lines if line.is_known}

    @property
    def is_whole_paragraph(self) -> bool:
        return self.above == self.below == 0

    @property
    def is_likely(self) -> bool:
        return all(line.is_likely for line in self.lines)


def _runs(
    lines: Sequence[_Line],
    *,
    in_first_paragraph: bool,
) -> Iterator[_Run]:
    end = 0
    for has_name, together in groupby(lines, key=lambda line: bool(line.name)):
        run = list(together)
        above = end
        end = end + len(run)
        if has_name:
            line_above = lines[above - 1].text if above else ""
            begins_text = in_first_paragraph and not above
            yield _Run(run, line_above, above, len(lines) - end, begins_text)


def _is_meant(run: _Run, known: Collection[str], used: Collection[str]) -> bool:
    """Decide whether lines in the form of header lines were meant as such."""
    if run.begins_text and _begins_like_headers(run, known, used):
        return True
    if not any(line.is_certain for line in run.lines):
        return False
    if len(run.names) >= 2:
        return True
    # One alone counts below a line that may be a headline, and with nothing below it.
    return run.is_likely and run.above <= 1 and run.below == 0


def _begins_like_headers(
    run: _Run,
    known: Collection[str],
    used: Collection[str],
) -> bool:
    """Decide on the lines that a text begins with, directly below the blank line."""
    first = run.lines[0]
    if run.is_whole_paragraph and run.is_likely:
        return bool(run.names.difference(used)) or _is_nearly_one_of(
            known, first.name
        )
    return first.is_certain and first.name.lower() not in used


def _is_nearly_one_of(known: Collection[str], name: str) -> bool:
    """Whether a name is probably a known one with a typing mistake."""
    near = get_close_matches(name, known, n=1, cutoff=_SIMILAR)
    return name.islower() and bool(near)


def _message(run: _Run) -> str:
    name = run.lines[0].name
    remedy = (
        "delete the blank line above"
        if run.begins_text
        else "put a heading ('### …') directly above"
    )
    return (
        f"readers would see the header line '{name}:' as text; {remedy}, "
        f"or write '{name}\\:' if it is text"
    )
