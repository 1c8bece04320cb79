"""A brief in a file becomes an issue: what is refused, and what an editor learns about each item."""

import pytest

from briefing.collecting.brief_intake import LARGEST, compose_brief, read_brief_document
from briefing.errors import RefusedError
from briefing.newsletter import Newsletter

BRIEF = """\
A ruling on old maps

Harbour Post, 8 October 2020

The court has ruled.

Read More → https://www.example.com/ruling?utm_source=mail

A release

Example Watch, 7 October 2020

Nothing new.
"""


def write_issue(newsletter: Newsletter, name: str, *headers: str) -> None:
    folder = newsletter.issues / name
    folder.mkdir()
    (folder / "issue.md").write_text("\n".join(["# Brief", "", *headers, ""]), "utf-8")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", r"^brief\.txt: contains no text$"),
        (b"%PDF-1.7", r"^brief\.txt: is a PDF"),
        (
            bytes(LARGEST + 1),
            r"^brief\.txt: is larger than 50 MB, too large for a brief$",
        ),
    ],
)
def test_a_file_that_is_not_a_brief_is_refused_with_its_name(
    data: bytes, message: str
) -> None:
    with pytest.raises(RefusedError, match=message):
        read_brief_document(data, "brief.txt")


def test_links_lose_their_trackers() -> None:
    first, second = read_brief_document(BRIEF.encode(), "brief.txt").items
    assert (first.item.link, second.item.link) == ("https://www.example.com/ruling", "")


def test_each_item_keeps_the_notes_about_it(newsletter: Newsletter) -> None:
    brief = read_brief_document(BRIEF.encode(), "brief.txt")
    composed = compose_brief(newsletter, "2020-10-09", brief)
    assert [tuple(composed.notes[item]) for item in composed.added] == [
        (),
        ("no link",),
    ]


def test_what_ran_in_an_earlier_issue_is_added_and_named(
    newsletter: Newsletter,
) -> None:
    write_issue(
        newsletter,
        "2020-10-02",
        "### Another headline",
        "link: https://www.example.com/ruling",
    )
    write_issue(newsletter, "2020-10-16", "### A release")
    composed = compose_brief(
        newsletter, "2020-10-09", read_brief_document(BRIEF.encode(), "brief.txt")
    )
    assert len(composed.added) == 2
    assert [list(composed.notes[item]) for item in composed.added] == [
        ["was already in issue 2020-10-02"],
        ["no link"],
    ]


def test_a_second_time_nothing_is_added(newsletter: Newsletter) -> None:
    brief = read_brief_document(BRIEF.encode(), "brief.txt")
    compose_brief(newsletter, "2020-10-09", brief)
    again = compose_brief(newsletter, "2020-10-09", brief)
    assert (again.added, again.known, again.notes) == ((), 2, {})
