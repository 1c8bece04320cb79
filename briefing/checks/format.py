"""The issue file: what keeps it from being rendered, and lines that can hardly be read as they were meant."""

import re
from collections.abc import Iterator

from briefing.checks.rule import Inspected, Place, Severity, rule
from briefing.errors import BriefingError, FileError
from briefing.issue.markdown import HEADER_LINE, ISSUE_HEADERS, ITEM_HEADERS, text_lines
from briefing.issue.model import Issue, Item


@rule("cannot-be-rendered", Severity.ERROR)
def cannot_be_rendered(inspected: Inspected) -> Iterator[Place]:
    """A template, photo, link or the size keeps the mail from being made. The message names place and cure."""
    error = inspected.rendered
    if isinstance(error, FileError):
        yield Place(error.message, error.line, error.path)
    elif isinstance(error, BriefingError):
        yield Place(str(error))


@rule("heading-without-space", Severity.WARNING)
def heading_without_space(inspected: Inspected) -> Iterator[Place]:
    """`###Headline` is text: a heading has a space after its marks. Put one there."""
    issue = inspected.edition.issue
    parts: tuple[Issue | Item, ...] = (issue, *issue.items)
    for part in parts:
        for number, line in text_lines(part):
            marks = re.match(r"(#{1,3})[^#\s]", line)
            if marks:
                yield Place(f"'{line[:24]}' is shown as text; for a heading put a space after {marks[1]}", number)


@rule("header-lines-in-text", Severity.WARNING)
def header_lines_in_text(inspected: Inspected) -> Iterator[Place]:
    """A text that begins with header lines shows them to readers. Take out the blank line above them."""
    issue = inspected.edition.issue
    parts: tuple[Issue | Item, ...] = (issue, *issue.items)
    for part in parts:
        names = ISSUE_HEADERS if isinstance(part, Issue) else ITEM_HEADERS
        first = []
        for number, line in text_lines(part):
            if not line.strip():
                break
            first.append((number, HEADER_LINE.match(line)))
        if first and all(match and match[1].lower() in names for _, match in first):
            yield Place(
                "header lines below a blank line are text to readers; take out the blank line above", first[0][0]
            )
