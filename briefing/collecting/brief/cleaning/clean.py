"""Leave only the editor's words in a brief: not the names and times of chats, headers of emails, or tables of contents.

Lines that a program wrapped are joined, and links that are written in Markdown become links.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from briefing.collecting.brief.paragraphs import Paragraph

from .chat_senders import without_senders
from .chat_stamps import without_stamps
from .contents import without_contents
from .forwarded import without_attributions, without_headers, without_quoting
from .label_colons import with_label_colons
from .mails_as_items import with_mails_as_items
from .markdown_links import with_markdown_links
from .navigation import without_navigation
from .page_lines import without_page_lines
from .pasted_lines import Step, lines_of, paragraphs_of
from .signatures import without_signature
from .wrapped_lines import with_whole_lines

_STEPS: Sequence[Step] = (
    # First, as headers may be within messages, and the first line of one is behind a stamp.
    without_stamps,
    without_senders,
    # Before the attributions and headers are gone, since a signature is known by what is below it.
    without_signature,
    without_attributions,
    # Before the headers, which may be quoted as well: "> From: Jane Doe".
    without_quoting,
    # Before the headers are taken out: their subjects, publishers and dates become items.
    with_mails_as_items,
    without_headers,
    with_label_colons,
    without_contents,
    without_navigation,
    without_page_lines,
    with_whole_lines,
    with_markdown_links,
)


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A brief without the marks of the program that it was copied from."""

    paragraphs: tuple[Paragraph, ...]
    left_out: tuple[str, ...] = ()
    """The lines that aren't the editor's words: stamps, headers, "<Media omitted>"."""


def clean(paragraphs: Sequence[Paragraph]) -> Cleaned:
    """Take each step in turn, and remember what it left out, for the notes."""
    original = list(lines_of(paragraphs))
    lines = original
    left_out: list[str] = []
    for step in _STEPS:
        lines = step(lines, left_out)
    if lines == original:
        return Cleaned(tuple(paragraphs))
    return Cleaned(tuple(paragraphs_of(lines)), tuple(left_out))
