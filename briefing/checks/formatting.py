"""Rules on formatting: long headlines, and Markdown that emails don't have."""

from collections.abc import Iterable, Iterator, Sequence

from briefing.issue.markdown import line_of, text_lines
from briefing.text.width import width

from .inspected import InspectedEdition
from .passages import PassageLine, shown_words
from .patterns import pattern
from .rule import WARNING, Problem, Problems, rule
from .wording import position, quoted

LONGEST_HEADLINE = 110
LONGEST_TITLE = 80
"""Columns: a Chinese character takes two."""

UNSUPPORTED_MARKS = {
    "struck_out": "struck-out text isn't supported; delete it",
    "highlighted": "highlighting isn't supported; write **words**",
    "footnote_marks": "footnotes aren't supported; put the note into the text",
    "task_boxes": "tick boxes aren't supported; delete this one",
    "emoji_names": "emoji codes aren't supported; type the emoji, or delete the code",
}
"""What to do about the marks that the patterns of these names find."""


@rule("headline-length", WARNING, "headline: too long")
def headline_length(inspected: InspectedEdition) -> Problems:
    """A headline has more than 110 characters (55 in Chinese), which takes five lines on a phone.
    Shorten it.
    """
    for item in inspected.issue.items:
        yield from _too_long(item.heading, LONGEST_HEADLINE, line_of(item))


@rule("title-length", WARNING, "title: too long")
def title_length(inspected: InspectedEdition) -> Problems:
    """The title of the issue or of a section has more than 80 characters (40 in Chinese). Shorten it."""
    issue = inspected.issue
    yield from _too_long(issue.title, LONGEST_TITLE, line_of(issue))
    for section in issue.sections:
        title = section.title or ""
        yield from _too_long(title, LONGEST_TITLE, line_of(section))


def _too_long(text: str, most: int, line: int | None) -> Problems:
    columns = width(text)
    if columns > most:
        characters = most * len(text) // columns
        yield Problem(
            f"{quoted(text)} has {len(text)} characters; shorten it to {characters}",
            line,
            about=f"{quoted(text)}, {len(text)} characters",
        )


@rule("table-in-text", WARNING, "line: a table")
def table_in_text(inspected: InspectedEdition) -> Problems:
    """The text contains a Markdown table, so readers would see its bars and dashes. Write a list or
    sentences, or make a picture of it.
    """
    for part in inspected.parts:
        for line in _first_lines_of_tables(list(text_lines(part))):
            yield Problem(
                "readers would see the bars and dashes of this table; "
                "write a list or sentences, or make a picture of it",
                line,
            )


def _first_lines_of_tables(
    lines: Sequence[PassageLine],
) -> Iterator[int | None]:
    in_table = False
    for index, (number, text) in enumerate(lines):
        following = [line for _, line in lines[index + 1 : index + 2]]
        is_row = _is_row(text) or any(map(_is_rule_of_table, following))
        if is_row and not in_table:
            yield number
        in_table = is_row or _is_rule_of_table(text)


def _is_row(line: str) -> bool:
    """Whether a line is like `| 2020 | 14 |`."""
    bare = line.strip()
    return bare.startswith("|") and bare.endswith("|") and bare.count("|") > 2


def _is_rule_of_table(line: str) -> bool:
    """Whether a line is like `---|:--:`."""
    cells = line.strip().strip("|").split("|")
    return len(cells) > 1 and all(map(_is_dashes, cells))


def _is_dashes(cell: str) -> bool:
    bare = cell.strip()
    return "--" in bare and not bare.strip(":").strip("-")


@rule(
    "unsupported-marks", WARNING, "line: marks that readers would see as typed"
)
def unsupported_marks(inspected: InspectedEdition) -> Problems:
    """The text contains marks that some Markdown editors support and emails don't, so readers would
    see them as typed: `~~struck out~~`, `==highlighted==`, `[^1]`, `- [ ]`, `:smile:`, code blocks.
    Do what the finding says.
    """
    for line, words in shown_words(inspected):
        for name, advice in UNSUPPORTED_MARKS.items():
            for match in pattern(name).finditer(words):
                where = position(match)
                yield Problem(
                    f"readers would see {quoted(match[0])} {where}: {advice}",
                    line,
                )
    for part in inspected.parts:
        yield from _code_fences(text_lines(part))


def _code_fences(lines: Iterable[PassageLine]) -> Problems:
    for number, text in lines:
        if text.lstrip().startswith(("```", "~~~")):
            yield Problem(
                "code blocks aren't supported; delete this line", number
            )
