"""Rules on the issue file: errors that prevent rendering, and lines that don't mean what they seem
to.
"""

from collections.abc import Iterator

from briefing.checks.inspected import Inspected
from briefing.checks.rule import ERROR, WARNING, Problem, Problems, rule
from briefing.errors import BriefingError, FileError
from briefing.issue.markdown import HEADER_LINE, ISSUE_HEADERS, ITEM_HEADERS, text_lines
from briefing.issue.model import Issue, Item


@rule("cannot-be-rendered", ERROR)
def cannot_be_rendered(inspected: Inspected) -> Problems:
    """The mail can't be built because of a template, a photo, a link or its size. Do what the
    message says.
    """
    error = inspected.rendered
    if isinstance(error, FileError):
        yield Problem(error.message, error.line, error.path)
    elif isinstance(error, BriefingError):
        yield Problem(str(error))


@rule("heading-without-space", WARNING)
def heading_without_space(inspected: Inspected) -> Problems:
    """`###Headline` is shown as text. Put a space after the `#` marks of a heading."""
    for part in inspected.parts:
        for number, line in text_lines(part):
            headline = line.lstrip("#")
            marks = line.removesuffix(headline)
            if headline and 1 <= len(marks) <= 3 and not headline[0].isspace():
                advice = f"to make it a heading, put a space after {marks}"
                yield Problem(f"'{line[:24]}' is shown as text; {advice}", number)


@rule("header-lines-in-text", WARNING)
def header_lines_in_text(inspected: Inspected) -> Problems:
    """Header lines below a blank line are text, which readers see. Delete the blank line above
    them.
    """
    for part in inspected.parts:
        first = list(_first_paragraph(part))
        names = ISSUE_HEADERS if isinstance(part, Issue) else ITEM_HEADERS
        if first and all(_header_name(line) in names for _, line in first):
            yield Problem(
                "readers see these header lines as text; delete the blank line above them",
                first[0][0],
            )


def _first_paragraph(part: Issue | Item) -> Iterator[tuple[int, str]]:
    for number, line in text_lines(part):
        if not line.strip():
            return
        yield number, line


def _header_name(line: str) -> str:
    header = HEADER_LINE.match(line)
    return header[1].lower() if header else ""
