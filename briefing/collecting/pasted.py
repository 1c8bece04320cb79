"""Turn what an editor pastes into a text field into Markdown, reading it like a brief."""

from dataclasses import replace

from briefing.collecting.brief.cleaning.chat_marks import without_chat_marks
from briefing.collecting.brief.cleaning.clean import clean
from briefing.collecting.brief.lines.classify import classify_lines
from briefing.collecting.brief.lines.item_text import markdown_text
from briefing.collecting.brief.paragraphs import Paragraph, split_paragraphs
from briefing.collecting.documents.read import read_document
from briefing.collecting.text.emphasis import Emphasis
from briefing.errors import BriefingError
from briefing.sandbox.limited import run_limited

LONGEST = 1_000_000
"""The most characters of HTML that are read; instead of a longer one, its plain form is used."""
SECONDS = 5
"""Of CPU time. The editor waits for the text."""


def pasted_markdown(html: str, text: str) -> str:
    """Return what was pasted as Markdown: paragraphs, lists, links, bold and italic words, without
    the names and times of a chat or the headers of an email.

    `html` is what a word processor or a browser offers for it, if it offers any; `text` is its plain
    form, which is returned as it is if nothing has to be taken out of it.
    """
    try:
        found = run_limited(
            understand_pasted,
            html if len(html) <= LONGEST else "",
            text,
            name="what was pasted",
            remedy="paste it as plain text",
            seconds=SECONDS,
        )
    except BriefingError:
        return text
    return found or text


def understand_pasted(html: str, text: str) -> str:
    """Return what was pasted as Markdown, in this process; "" if its plain form is as good."""
    is_plain = not html.strip()
    if is_plain:
        paragraphs = split_paragraphs(text)
    else:
        document = read_document(html.encode(), "pasted.html")
        paragraphs = list(map(_with_bold_heading, document.paragraphs))
    cleaned = clean(paragraphs)
    if is_plain and not cleaned.left_out:
        return ""
    paragraphs = list(cleaned.paragraphs)
    if is_plain:
        # It is a chat, or an email, in plain text.
        paragraphs = list(map(without_chat_marks, paragraphs))
    lines = classify_lines(paragraphs)
    return markdown_text(lines, with_emphasis=True)


def _with_bold_heading(paragraph: Paragraph) -> Paragraph:
    """Return a heading as a bold paragraph, since a text has no headings."""
    if not paragraph.level:
        return paragraph
    emphases = [
        (Emphasis(0, len(line), is_bold=True),) for line in paragraph.lines
    ]
    return replace(paragraph, emphases=tuple(emphases))
