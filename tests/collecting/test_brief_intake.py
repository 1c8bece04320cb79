"""A brief in a file becomes an issue: what is refused, and what an editor learns about each item."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from briefing.collecting.brief.model import Brief, ParsedItem
from briefing.collecting.brief_intake import (
    Confirm,
    compose_brief,
    read_brief_document,
    use_none,
)
from briefing.collecting.documents.beside import PictureBeside
from briefing.collecting.documents.size import MOST_BYTES
from briefing.errors import RefusedError
from briefing.issue.composed import Composed
from briefing.issue.model import Item
from briefing.newsletter import Newsletter
from tests.collecting.making import jpeg

BRIEF_LINK = "https://www.example.com/ruling"
BRIEF = f"""\
A ruling on old maps

Harbour Post, 8 October 2020

The court has ruled.

Read More → {BRIEF_LINK}?utm_source=mail

A release

Example Watch, 7 October 2020

Nothing new.
"""


def write_issue(newsletter: Newsletter, name: str, *headers: str) -> None:
    folder = newsletter.issues / name
    folder.mkdir()
    (folder / "issue.md").write_text(
        "\n".join(["# Brief", "", *headers, ""]), "utf-8"
    )


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", r"^brief\.txt: contains no text$"),
        (b"%PDF-1.7", r"^brief\.txt: is a PDF"),
        (
            bytes(MOST_BYTES + 1),
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
    assert (first.item.link, second.item.link) == (
        "https://www.example.com/ruling",
        "",
    )


REDIRECTED = """\
<p>Three for Friday.</p>
<p>A ruling on old maps</p><p>Harbour Post, 8 October 2020</p>
<p>The court has ruled. <a href="https://www.google.com/url?q=https://harbourpost.example.org/ruling%23names&sa=D">More</a></p>
<p>The ferry runs again</p><p>Quay Times, 7 October 2020</p>
<p>Nobody waits. <a href="https://www.google.com/url?q=https://quaytimes.example.org/ferry&sa=D">More</a></p>
<p>A prize for translators</p><p>Laurel, 6 October 2020</p>
<p>The jury praised it. <a href="https://www.google.com/url?q=https://laurel.example.org/prize&sa=D">More</a></p>
"""


def test_links_through_redirectors_lead_to_their_articles() -> None:
    brief = read_brief_document(REDIRECTED.encode(), "brief.html")
    assert [parsed.item.link for parsed in brief.items] == [
        "https://harbourpost.example.org/ruling",
        "https://quaytimes.example.org/ferry",
        "https://laurel.example.org/prize",
    ]


LIVE = "https://www.example.com/live/vote"


@pytest.mark.parametrize(
    ("addresses", "links"),
    [
        ((f"{LIVE}#entry-5", f"{LIVE}#entry-9"), None),
        ((LIVE, f"{LIVE}?utm_source=x#entry-9"), (LIVE, f"{LIVE}#entry-9")),
        (
            (f"{LIVE}#entry-5:~:text=A%20vote", f"{LIVE}#:~:text=B"),
            (f"{LIVE}#entry-5", LIVE),
        ),
        (
            (f"{LIVE}#entry-5", "https://example.org/b#c"),
            (LIVE, "https://example.org/b"),
        ),
        ((f"{LIVE}#comments", f"{LIVE}#xtor=RSS-1"), (LIVE, LIVE)),
        ((f"{LIVE}#entry-5", f"{LIVE}#entry-5"), (LIVE, LIVE)),
    ],
)
def test_a_link_leads_to_a_part_of_a_page_where_another_item_is_about_another_part(
    addresses: tuple[str, str], links: tuple[str, str] | None
) -> None:
    first, second = addresses
    text = BRIEF.replace(f"{BRIEF_LINK}?utm_source=mail", first).replace(
        "Nothing new.", f"Nothing new.\n\nRead More → {second}"
    )
    brief = read_brief_document(text.encode(), "brief.txt")
    found = tuple(parsed.item.link for parsed in brief.items)
    assert found == (links or addresses)


def test_links_in_texts_lose_their_trackers() -> None:
    text = (
        "A ruling on old maps\n\nHarbour Post, 8 October 2020\n\n"
        "They asked https://example.org/?utm_source=a and "
        "https://example.org/?utm_source=ab#top about it.\n\n"
        "https://harbourpost.example.org/ruling"
    )
    (parsed,) = read_brief_document(text.encode(), "brief.txt").items
    assert parsed.item.text == (
        "They asked <https://example.org/> and <https://example.org/#top> "
        "about it."
    )


def test_each_item_keeps_the_notes_about_it(newsletter: Newsletter) -> None:
    brief = read_brief_document(BRIEF.encode(), "brief.txt")
    composed = compose_brief(newsletter, "2020-10-09", brief)
    assert [tuple(composed.notes[item]) for item in composed.added] == [
        (),
        ("no link",),
    ]


def test_an_item_that_is_in_a_brief_twice_keeps_the_notes_about_both(
    newsletter: Newsletter,
) -> None:
    item = Item(heading="Clinic reopens", source="Harbour Post")
    twice = [ParsedItem(item, notes=(note,)) for note in ("one", "two")]
    composed = compose_brief(newsletter, "2020-10-09", Brief(twice))
    assert composed.notes[item] == ("one", "two")


def test_a_brief_with_the_issues_own_title_needs_no_note_on_it(
    newsletter: Newsletter,
) -> None:
    brief = """\
{title}

• Clinic reopens (Harbour Post, 5 October 2020) – In a bakery. https://www.example.com/a
• Court adjourns (Valley Radio, 6 October 2020) – For a witness. https://www.example.com/b
"""
    for title, notes in (
        ("Weekly Brief, 9 October 2020", ()),
        ("Notes of Friday", ("left out above it: “Notes of Friday”",)),
    ):
        data = brief.format(title=title).encode()
        read = read_brief_document(data, "brief.txt")
        composed = compose_brief(newsletter, "2020-10-09", read)
        first = (composed.added or composed.already)[0]
        assert composed.edition.issue.title == "Weekly Brief, 9 October 2020"
        assert composed.notes[first] == notes


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
        newsletter,
        "2020-10-09",
        read_brief_document(BRIEF.encode(), "brief.txt"),
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
    assert (again.added, len(again.already)) == ((), 2)


class TestSections:
    """Items go into the sections that they stood under in the brief."""

    def brief(self) -> Brief:
        return Brief(
            [
                ParsedItem(
                    Item(heading="One", text="First."), ("no link",), (), "NEWS"
                ),
                ParsedItem(
                    Item(heading="Two", text="Second."), (), (), "Velmar"
                ),
                ParsedItem(Item(heading="Three", text="Third.")),
            ]
        )

    def in_sections(self, composed: Composed) -> dict[str, str | None]:
        return {
            item.heading: title for item, title in composed.sections.items()
        }

    def test_titles_with_other_words_are_kept_for_the_report(
        self, newsletter: Newsletter
    ) -> None:
        write_issue(newsletter, "2020-10-09", "## In the news", "", "## VELMAR")
        composed = compose_brief(newsletter, "2020-10-09", self.brief())
        assert self.in_sections(composed) == {
            "One": "In the news",
            "Two": "VELMAR",
            "Three": "VELMAR",
        }
        assert {
            item.heading: title for item, title in composed.titles.items()
        } == {"One": "NEWS"}

    def test_a_named_section_takes_all_and_the_titles_are_kept_for_the_report(
        self, newsletter: Newsletter
    ) -> None:
        composed = compose_brief(
            newsletter, "2020-10-09", self.brief(), "Velmar"
        )
        assert set(composed.sections.values()) == {"Velmar"}
        assert composed.new_sections == ("Velmar",)
        assert list(composed.titles.values()) == ["NEWS"]

    def test_words_that_are_escaped_in_the_file_are_still_the_brief_s(
        self, newsletter: Newsletter
    ) -> None:
        item = Item(heading="One", text="# No heading\n\nof ours")
        brief = Brief(
            [ParsedItem(item, (), (), "NEWS")], "# Hello\n\nall of you"
        )
        for new in (True, False):
            composed = compose_brief(newsletter, "2020-10-09", brief)
            assert composed.new == new
            assert composed.has_introduction
            assert self.in_sections(composed) == (
                {"One": "NEWS"} if new else {}
            )

    def test_notes_stay_with_their_items(self, newsletter: Newsletter) -> None:
        composed = compose_brief(newsletter, "2020-10-09", self.brief())
        noted = {
            item.heading: list(notes) for item, notes in composed.notes.items()
        }
        assert noted == {"One": ["no link"], "Two": [], "Three": []}


class TestPicturesBeside:
    """Pictures beside a page that it names, in its own folder and elsewhere."""

    PAGE = (
        "<h2>A ruling on old maps</h2><p>Harbour Post, 8 October 2020</p>"
        "<img src='Brief_files/own.jpg'><p>The court has ruled.</p><p>Read more →</p>"
        "<h2>A release</h2><p>Example Watch, 7 October 2020</p>"
        "<img src='passport-scan.jpg'><p>Nothing new.</p><p>Read more →</p>"
    )

    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        (tmp_path / "Brief_files").mkdir()
        (tmp_path / "Brief_files" / "own.jpg").write_bytes(jpeg())
        (tmp_path / "passport-scan.jpg").write_bytes(jpeg("blue"))
        return tmp_path

    def photos(self, folder: Path, confirm: Confirm) -> list[bool]:
        brief = read_brief_document(
            self.PAGE.encode(), "Brief.html", folder=folder, confirm=confirm
        )
        return [bool(parsed.item.image) for parsed in brief.items]

    def test_only_its_own_are_taken_in_without_asking(
        self, folder: Path
    ) -> None:
        assert self.photos(folder, use_none) == [True, False]

    def test_others_are_taken_in_if_the_editor_agrees(
        self, folder: Path
    ) -> None:
        asked: list[str] = []

        def agree(pictures: Sequence[PictureBeside]) -> bool:
            asked.extend(picture.path.name for picture in pictures)
            return True

        assert self.photos(folder, agree) == [True, True]
        assert asked == ["passport-scan.jpg"]

    def test_nobody_is_asked_about_pictures_that_do_not_exist(
        self, tmp_path: Path
    ) -> None:
        assert self.photos(tmp_path, _fail) == [False, False]


def _fail(_pictures: Sequence[PictureBeside]) -> bool:
    raise AssertionError("there is nothing to ask about")


def test_what_a_document_leaves_out_is_noted_at_its_last_item() -> None:
    page = f"<html><pre>{BRIEF}</pre><p>It is <del>not</del> so.</p></html>"
    brief = read_brief_document(page.encode(), "brief.html")
    assert "left out: deleted text" in brief.items[-1].notes
