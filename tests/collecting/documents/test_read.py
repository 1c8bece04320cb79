"""A brief is the same in every format that editors write it in; each is recognised by its content."""

from functools import cache
from pathlib import Path

import pytest

from briefing.collecting.brief.model import ParsedItem
from briefing.collecting.brief.paragraphs import Paragraph
from briefing.collecting.documents.read import FORMATS, Format, read_document
from briefing.collecting.documents.source_file import SourceFile
from tests.collecting.documents.pages import SAMPLE, items_in
from tests.collecting.making import (
    as_html,
    as_mail,
    as_opendocument,
    as_rich_text,
    as_word,
    zipped,
)

SEED = Path(__file__).parents[4] / "shared" / "seed" / "weekly-brief.txt"
GOOGLE = "https://www.google.com/url?q=https://www.example.org/a%3Fb&sa=D&source=editors"


OFTEN = ("Word, a paragraph a block", "page of paragraphs", "mail of both")
"""The forms in which most briefs come."""


@cache
def items_of(text: str) -> list[ParsedItem]:
    """The items of a brief as plain text, with which its other forms are compared."""
    return items_in(text.encode())


@cache
def forms(text: str) -> dict[str, bytes]:
    """One brief in every format, and as different programs write them."""
    page = as_html(text)
    return {
        "Word, a paragraph a line": as_word(text, lines_are_paragraphs=True),
        "Word, a paragraph a block": as_word(text, lines_are_paragraphs=False),
        "OpenDocument": as_opendocument(text),
        "rich text": as_rich_text(text),
        "Markdown.md": text.encode(),
        "page of paragraphs": page.encode(),
        "page of a paragraph a line": as_html(
            text, "<p>", "</p><p>", "</p><p>&nbsp;</p>"
        ).encode(),
        "page of divs": as_html(
            text, "<div>", "</div><div>", "</div><div><br></div>"
        ).encode(),
        "page of line breaks": as_html(text, "", "<br>", "<br><br>").encode(),
        "page of tables": as_html(
            text, "<table><tr><td>", "<br>", "</td></tr></table>"
        ).encode(),
        "page in UTF-16": page.encode("utf-16"),
        "page in UTF-16 without a mark": page.encode("utf-16-le"),
        "page as Google Docs exports it": zipped(
            {"Brief.html": page, "images/image1.png": b""}
        ),
        "mail of text": as_mail(text),
        "mail of text in base64": as_mail(text, encoding="base64"),
        "mail of both": as_mail("Nothing of this is read.", page=page),
        "mail of both in base64": as_mail(
            "Nothing of this is read.", page=page, encoding="base64"
        ),
        "mail with lines of CRLF": as_mail(text).replace(b"\n", b"\r\n"),
        "mail out of an mbox": b"From brief@example.org Fri Oct 16 09:00:00 2020\n"
        + as_mail(text),
    }


@pytest.mark.parametrize("candidate", FORMATS)
def test_every_format_has_a_form(candidate: Format) -> None:
    sources = [SourceFile(data, form) for form, data in forms(SAMPLE).items()]
    assert any(map(candidate.recognises, sources)), (
        f"no document of forms() is recognised by {candidate}"
    )


@pytest.mark.parametrize("form", forms("").keys())
def test_a_brief_is_read_as_the_same_items_in_every_format(form: str) -> None:
    assert items_in(forms(SAMPLE)[form], form) == items_of(SAMPLE)


@pytest.mark.skipif(
    not SEED.is_file(),
    reason="the seed isn't beside this checkout (../shared/seed)",
)
@pytest.mark.parametrize(
    "form",
    [
        pytest.param(form, marks=[] if form in OFTEN else pytest.mark.long)
        for form in forms("")
    ],
)
def test_the_first_real_brief_is_read_as_the_same_items_in_every_format(
    form: str,
) -> None:
    text = SEED.read_text("utf-8")
    assert items_in(forms(text)[form], form) == items_of(text)


def test_plain_text_is_read_as_it_was_pasted() -> None:
    assert read_document(b"one\ntwo\n\nthree", "a.txt").paragraphs == [
        Paragraph(("one", "two")),
        Paragraph(("three",)),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "From: the editors\nA line\n\nText",
        "<https://example.org/> is open",
        "Contact: us\n\na",
        "Date: today\nPlace: here\n\nText",
        f"From: us\nDate: today\n{'x' * 62}: a name that no field has\n\nText",
    ],
)
def test_text_that_only_starts_like_an_email_or_page_is_plain_text(
    text: str,
) -> None:
    assert read_document(text.encode(), "a.txt").paragraphs[0].lines == tuple(
        text.partition("\n\n")[0].split("\n")
    )
