"""The documentation as it is read in a terminal of 80 columns."""

import pytest

from briefing import documentation
from briefing.cli.terminal_page import lay_out, wrap_second_column


@pytest.mark.parametrize("name", ["README", "sending", "subscribers", "ses"])
def test_a_page_fits_unless_it_has_something_to_copy(name: str) -> None:
    page = documentation.read_page(name)
    shown = lay_out(page, 80).split("\n")
    wide = [line for line in shown if len(line) > 80]
    assert set(map(str.strip, wide)) <= set(map(str.strip, page.split("\n")))


@pytest.mark.parametrize(
    ("line", "wrapped"),
    [
        (
            "briefing check    find what is missing, and how to fix it",
            "briefing check    find what is missing,\n"
            "                  and how to fix it",
        ),
        (
            "briefing check    # find what is missing, and how to fix it",
            "briefing check    # find what is missing,\n"
            "                  # and how to fix it",
        ),
        (
            "                  and how it can be corrected, if at all",
            "                  and how it can be\n"
            "                  corrected, if at all",
        ),
        (
            "briefing check --online    asks the sites as well",
            "briefing check --online\n      asks the sites as well",
        ),
        (
            "briefing send    short",
            "briefing send    short",
        ),
        (
            "docker run --read-only --tmpfs /tmp --cap-drop ALL",
            "docker run --read-only --tmpfs /tmp --cap-drop ALL",
        ),
    ],
)
def test_a_second_column_is_wrapped_below_itself_and_all_else_stays_whole(
    line: str, wrapped: str
) -> None:
    assert wrap_second_column(line, 42) == wrapped


def test_without_styles_headings_and_pictures_can_still_be_told_from_text() -> (
    None
):
    page = (
        "# All\n\n## One\n\n![A map](map.png)\n\n### Two\n\n    briefing send\n"
    )
    assert lay_out(page, 80) == (
        "All\n═══\n\nOne\n───\n\n[Picture: A map]\n\nTwo\n\n  briefing send\n"
    )
