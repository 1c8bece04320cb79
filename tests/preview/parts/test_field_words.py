"""Findings on the page speak of its fields, not of the lines of a file."""

import pytest

from briefing.preview.parts.field_words import in_page_words


@pytest.mark.parametrize(
    ("message", "words"),
    [
        (
            "“A ruling” doesn't say who published it; write 'source:' below the headline",
            "“A ruling” doesn't say who published it; fill in “Source”",
        ),
        (
            "“A ruling” has no date; write 'date: YYYY-MM-DD' below the headline",
            "“A ruling” has no date; fill in “Date”",
        ),
        (
            "“A ruling” has no link; write 'link:' below the headline, if it is on the web",
            "“A ruling” has no link; fill in “Link”, if it is on the web",
        ),
        (
            "“So” says little as a subject; write a longer 'subject:'",
            "“So” says little as a subject; write a longer “Subject”",
        ),
        (
            "it is short; write a 'preheader:' of 40 to 90 characters below the title",
            "it is short; write a “Preheader” of 40 to 90 characters",
        ),
        (
            "“AFP” is credited, but the item has no photo; add 'image:' or delete this line",
            "“AFP” is credited, but the item has no photo; add “Photo” or clear this field",
        ),
        (
            "'alt:' repeats the headline; say what the photo shows",
            "“What the photo shows” repeats the headline; say what the photo shows",
        ),
        (
            "it was changed after this was translated; compare them, then write 'original: 1f3a5c7d'",
            "it was changed after this was translated; compare them, "
            "then click “The translation is up to date”",
        ),
        (
            "readers would see the header line 'source:' as text; delete the blank line above, "
            "or write 'source\\:' if it is text",
            "readers would see “source:” as text; write it into “Source” instead",
        ),
        (
            "'example.org' isn't encrypted; use https",
            "'example.org' isn't encrypted; use https",
        ),
    ],
)
def test_a_finding_names_the_field(message: str, words: str) -> None:
    assert in_page_words(message) == words
