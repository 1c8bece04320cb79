"""Rules on the format of the issue file: lines that can't be read, and lines that don't mean what
they seem to.
"""

from briefing.issue import slips
from briefing.issue.header_lines import ISSUE_HEADERS, ITEM_HEADERS
from briefing.issue.markdown import text_lines
from briefing.issue.model import Issue, Item

from .inspected import InspectedEdition
from .rule import ERROR, Problem, Problems, rule


@rule("issue-format", ERROR)
def issue_format(inspected: InspectedEdition) -> Problems:
    """A line of the file doesn't follow the format of issues. Do what the finding says; the other
    rules wait until the file can be read.
    """
    for mistake in inspected.edition.mistakes:
        yield Problem(mistake.message, mistake.line, mistake.path)


@rule("heading-in-text", ERROR)
def heading_in_text(inspected: InspectedEdition) -> Problems:
    """Readers would see a heading as text, so two items would run into one. Begin the line with `#`
    marks and a space.
    """
    reported = {mistake.line for mistake in inspected.edition.mistakes}
    for part in inspected.parts:
        for slip in slips.heading_slips(list(text_lines(part))):
            if slip.line not in reported:
                yield Problem(slip.message, slip.line)


@rule("header-lines-in-text", ERROR)
def header_lines_in_text(inspected: InspectedEdition) -> Problems:
    """Readers would see header lines as text. Put them directly below their heading, without a blank
    line.
    """
    for part in inspected.parts:
        known = _known_names(part)
        used = [name for name in known if getattr(part, name, None)]
        for slip in slips.header_line_slips(
            list(text_lines(part)), known, used
        ):
            yield Problem(slip.message, slip.line)


def _known_names(part: Issue | Item) -> tuple[str, ...]:
    """Return the names of the header lines that may be meant in a part's text: in the introduction
    also those of an item whose heading isn't one.
    """
    return (
        (*ISSUE_HEADERS, *ITEM_HEADERS)
        if isinstance(part, Issue)
        else ITEM_HEADERS
    )
