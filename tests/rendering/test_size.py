"""How large an email will be, how close that is to its limits, and which encoding its texts get."""

import pytest

from briefing.photos.pictures import Picture
from briefing.rendering.rendered import RenderedIssue, Slot, Slotted
from briefing.rendering.size import (
    CLIPPED,
    html_size,
    is_shorter_in_base64,
    mail_size,
)

PAGE = Slotted(("<p>", Slot("name", "reader"), " ئۇ</p>\n"))
TEXT = Slotted(("ئۇ\n",))
ISSUE = RenderedIssue("2020-10-09", "ug", "ئۇ", PAGE, TEXT, ())


def test_the_html_is_measured_in_bytes_as_gmail_shows_it() -> None:
    assert html_size(ISSUE) == len("<p>reader ئۇ</p>\n".encode())
    assert CLIPPED == 100 * 1024


def test_a_picture_takes_a_third_more_than_its_bytes() -> None:
    picture = Picture(bytes(60_000), "image/png", 1, 1)
    whole = RenderedIssue("2020-10-09", "ug", "ئۇ", PAGE, TEXT, (picture,))
    added = mail_size(whole) - mail_size(ISSUE)
    assert added == pytest.approx(60_000 * 4 / 3 * 78 / 76, rel=0.01)


@pytest.mark.parametrize(
    ("text", "shorter"),
    [
        ("", False),
        ("A ruling\n" * 9, False),
        ("= " * 99, True),
        ("é" * 9 + "e" * 91, False),
        ("é" * 20 + "e" * 80, True),
        ("ئۇيغۇر " * 9, True),
        ("人权" * 9, True),
    ],
)
def test_base64_is_for_texts_with_few_ascii_letters(
    text: str, shorter: bool
) -> None:
    assert is_shorter_in_base64(text) is shorter
