"""What already ran: found by link, else by headline, the newest issue first."""

import datetime as dt

import pytest

from briefing.issue.model import Item, Kind
from briefing.issue.published import Published
from briefing.newsletter import Newsletter

LINK = "https://www.example.org/news/water"
HEADLINE = "Council of Far Valley votes on the price of water"


def clean(link: str) -> str:
    return link.partition("?")[0]


def write(
    newsletter: Newsletter,
    name: str,
    heading: str = "",
    *headers: str,
    file: str = "issue.md",
) -> None:
    """Write an issue with one item: its heading, and its header lines or text."""
    folder = newsletter.issues / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / file).write_text(
        "\n".join(["# Brief", "", f"### {heading}", *headers, ""]), "utf-8"
    )


def found(
    newsletter: Newsletter, link: str = LINK, heading: str = HEADLINE
) -> str:
    return Published.of(newsletter, clean).find(link, heading)


def test_in_a_new_newsletter_nothing_ran(newsletter: Newsletter) -> None:
    assert found(newsletter) == ""


class TestLinks:
    def test_the_same_link_ran_whatever_its_headline_says(
        self, newsletter: Newsletter
    ) -> None:
        write(newsletter, "2020-10-02", "Another", f"link: {LINK}")
        assert found(newsletter) == "2020-10-02"

    def test_trackers_make_no_difference(self, newsletter: Newsletter) -> None:
        write(
            newsletter, "2020-10-02", "Another", f"link: {LINK}?utm_source=mail"
        )
        assert found(newsletter) == "2020-10-02"
        assert found(newsletter, link=f"{LINK}?utm_source=page") == "2020-10-02"

    def test_another_link_is_not_enough(self, newsletter: Newsletter) -> None:
        write(newsletter, "2020-10-02", "Another", f"link: {LINK}/2")
        assert found(newsletter) == ""

    def test_a_link_decides_before_a_headline(
        self, newsletter: Newsletter
    ) -> None:
        write(newsletter, "2020-10-02", HEADLINE)
        write(newsletter, "2020-09-25", "Another", f"link: {LINK}")
        assert found(newsletter) == "2020-09-25"


class TestWhere:
    def test_the_inbox_comes_first_then_the_newest_issue(
        self, newsletter: Newsletter
    ) -> None:
        for name in ("2020-09-25", "2020-10-02-appeal", "2020-10-02"):
            write(newsletter, name, "Another", f"link: {LINK}")
        assert found(newsletter) == "2020-10-02-appeal"
        write(newsletter, "inbox", "Another", f"link: {LINK}")
        assert found(newsletter) == "inbox"

    @pytest.mark.parametrize(
        ("issue", "expected"),
        [
            ("2020-10-09", "2020-10-02"),
            ("2020-10-02-appeal", "2020-10-02"),
            ("2020-10-02", "2020-09-25"),
        ],
    )
    def test_only_older_issues_count_before_an_issue(
        self, newsletter: Newsletter, issue: str, expected: str
    ) -> None:
        for name in ("2020-09-25", "2020-10-02", "inbox"):
            write(newsletter, name, "Another", f"link: {LINK}")
        published = Published.of(newsletter, clean).before(issue)
        assert published.find(LINK, "") == expected

    def test_nothing_is_older_than_the_first_issue(
        self, newsletter: Newsletter
    ) -> None:
        write(newsletter, "2020-10-02", HEADLINE)
        assert (
            Published.of(newsletter, clean)
            .before("2020-10-02")
            .find(LINK, HEADLINE)
            == ""
        )

    def test_translations_are_not_searched(
        self, newsletter: Newsletter
    ) -> None:
        write(newsletter, "2020-10-02", "Another")
        write(
            newsletter,
            "2020-10-02",
            HEADLINE,
            f"link: {LINK}",
            file="issue.ug.md",
        )
        assert found(newsletter) == ""

    def test_a_first_edition_named_after_its_language_is_searched(
        self, newsletter: Newsletter
    ) -> None:
        write(newsletter, "2020-10-02", HEADLINE, file="issue.en.md")
        assert found(newsletter) == "2020-10-02"

    def test_an_issue_that_cannot_be_read_is_skipped(
        self, newsletter: Newsletter
    ) -> None:
        write(newsletter, "2020-10-02", HEADLINE, f"link: {LINK}")
        folder = newsletter.issues / "2020-10-09"
        folder.mkdir()
        (folder / "issue.md").write_bytes(b"# Brief\n\n### A\nsorce: \xff\n")
        assert found(newsletter) == "2020-10-02"


class TestHeadlines:
    @pytest.mark.parametrize(
        ("heading", "same"),
        [
            (HEADLINE, True),
            (HEADLINE.upper() + "!", True),
            ("‘Council of Far Valley’ votes on the prices of water", True),
            ("Council of Far Valley votes again", False),
            ("Court of Harbour City rules on the price of water", False),
            ("", False),
        ],
    )
    def test_nearly_the_same_headline_ran(
        self, newsletter: Newsletter, heading: str, same: bool
    ) -> None:
        write(
            newsletter,
            "2020-10-02",
            heading,
            "link: https://www.example.net/other",
        )
        assert bool(found(newsletter)) is same

    @pytest.mark.parametrize(
        ("heading", "same"),
        [
            ("abcdefghij", True),
            ("abcdefghiX", True),  # 18 of 20 letters: exactly the limit
            ("abcdefghXY", False),
            ("abcdefghi", True),  # 18 of 19
            ("abcdefgh", False),  # 16 of 18
            ("jihgfedcba", False),  # the same letters in another order
        ],
    )
    def test_nine_tenths_of_both_headlines_must_agree(
        self, newsletter: Newsletter, heading: str, same: bool
    ) -> None:
        write(newsletter, "2020-10-02", "abcdefghij")
        assert bool(found(newsletter, heading=heading)) is same

    def test_headlines_in_other_scripts_are_compared(
        self, newsletter: Newsletter
    ) -> None:
        write(newsletter, "2020-10-02", "远谷法院向家属开放档案")
        assert (
            found(newsletter, heading="远谷法院向家属开放档案！")
            == "2020-10-02"
        )
        assert found(newsletter, heading="海港城的学校推迟开学") == ""

    def test_other_numbers_make_other_news(
        self, newsletter: Newsletter
    ) -> None:
        write(
            newsletter, "2020-10-02", "The trial of the eleven teachers: day 41"
        )
        assert (
            found(
                newsletter, heading="The trial of the eleven teachers: day 42"
            )
            == ""
        )
        assert (
            found(
                newsletter, heading="The trial of the eleven teachers, day 41"
            )
            == "2020-10-02"
        )

    @pytest.mark.parametrize("heading", ["", "!!!", "—"])
    def test_without_a_link_and_a_headline_nothing_is_found(
        self, newsletter: Newsletter, heading: str
    ) -> None:
        write(newsletter, "2020-10-02", "!!!")
        write(newsletter, "2020-10-09")
        assert found(newsletter, "", heading) == ""


class TestItems:
    """Whole items: a release without a headline and a link is found by its source, date and text."""

    RELEASE = Item(
        kind=Kind.PRESS_RELEASE,
        source="Example Watch",
        date=dt.date(2020, 10, 1),
        text="The ship stays.",
    )

    @pytest.fixture
    def published(self, newsletter: Newsletter) -> Published:
        headers = [
            "kind: press-release",
            "source: Example Watch",
            "date: 2020-10-01",
            "",
            "The ship stays.",
        ]
        write(newsletter, "2020-10-02", "", *headers)
        write(newsletter, "2020-09-25", HEADLINE, f"link: {LINK}")
        return Published.of(newsletter, clean)

    def test_an_item_is_found_by_its_link(self, published: Published) -> None:
        assert (
            published.find_item(Item(link=LINK, text="Another text."))
            == "2020-09-25"
        )

    def test_an_item_is_found_by_its_headline(
        self, published: Published
    ) -> None:
        assert published.find_item(Item(heading=HEADLINE)) == "2020-09-25"

    def test_the_same_release_is_found(self, published: Published) -> None:
        assert published.find_item(self.RELEASE) == "2020-10-02"

    def test_another_release_of_the_same_source_and_day_is_not(
        self, published: Published
    ) -> None:
        another = Item(
            kind=Kind.PRESS_RELEASE,
            source="Example Watch",
            date=dt.date(2020, 10, 1),
            text="A letter.",
        )
        assert published.find_item(another) == ""

    def test_an_item_without_words_is_never_found(
        self, newsletter: Newsletter
    ) -> None:
        write(newsletter, "2020-10-02")
        assert (
            Published.of(newsletter, clean).find_item(Item(image="p.jpg")) == ""
        )
