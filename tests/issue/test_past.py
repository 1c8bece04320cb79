"""What ran already: by link, else by headline, the newest place first."""

import pytest

from briefing.issue.past import Past
from briefing.newsletter import Newsletter

LINK = "https://www.example.org/news/water"
HEADLINE = "Council of Far Valley votes on the price of water"


def clean(link: str) -> str:
    return link.partition("?")[0]


def write(newsletter: Newsletter, name: str, heading: str = "", link: str = "", *, file: str = "issue.md") -> None:
    folder = newsletter.issues / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / file).write_text(f"# Brief\n\n### {heading}\n" + (f"link: {link}\n" if link else ""), "utf-8")


def ran(newsletter: Newsletter, link: str = LINK, heading: str = HEADLINE) -> str:
    return Past.of(newsletter, clean).ran(link, heading)


def test_where_nothing_is_nothing_ran(newsletter: Newsletter) -> None:
    assert ran(newsletter) == ""


def test_the_same_link_ran_whatever_its_headline_says(newsletter: Newsletter) -> None:
    write(newsletter, "2020-10-02", "Another", LINK)
    assert ran(newsletter) == "2020-10-02"


def test_a_link_that_was_pasted_with_its_tracking_is_the_same(newsletter: Newsletter) -> None:
    write(newsletter, "2020-10-02", "Another", f"{LINK}?utm_source=mail")
    assert ran(newsletter) == "2020-10-02"


def test_the_newest_that_has_it_is_told_and_the_inbox_before_all(newsletter: Newsletter) -> None:
    for name in ("2020-09-25", "2020-10-02-appeal", "2020-10-02"):
        write(newsletter, name, "Another", LINK)
    assert ran(newsletter) == "2020-10-02-appeal"
    write(newsletter, "inbox", "Another", LINK)
    assert ran(newsletter) == "inbox"


def test_a_link_says_more_than_a_headline(newsletter: Newsletter) -> None:
    write(newsletter, "2020-10-02", HEADLINE)
    write(newsletter, "2020-09-25", "Another", LINK)
    assert ran(newsletter) == "2020-09-25"


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
def test_nearly_the_same_headline_ran(newsletter: Newsletter, heading: str, same: bool) -> None:
    write(newsletter, "2020-10-02", heading, "https://www.example.net/other")
    assert bool(ran(newsletter)) is same


def test_headlines_of_other_scripts_are_compared_too(newsletter: Newsletter) -> None:
    write(newsletter, "2020-10-02", "远谷法院向家属开放档案")
    assert ran(newsletter, heading="远谷法院向家属开放档案！") == "2020-10-02"
    assert ran(newsletter, heading="海港城的学校推迟开学") == ""


@pytest.mark.parametrize("heading", ["", "!!!", "—"])
def test_without_link_and_headline_nothing_can_be_told(newsletter: Newsletter, heading: str) -> None:
    write(newsletter, "2020-10-02", "!!!")
    write(newsletter, "2020-10-09")
    assert ran(newsletter, "", heading) == ""


def test_an_issue_that_cannot_be_read_stops_nothing(newsletter: Newsletter) -> None:
    write(newsletter, "2020-10-02", HEADLINE, LINK)
    folder = newsletter.issues / "2020-10-09"
    folder.mkdir()
    (folder / "issue.md").write_bytes(b"# Brief\n\n### A\nsorce: \xff\n")
    assert ran(newsletter) == "2020-10-02"


def test_translations_are_not_looked_at(newsletter: Newsletter) -> None:
    write(newsletter, "2020-10-02", "Another", file="issue.md")
    write(newsletter, "2020-10-02", HEADLINE, LINK, file="issue.ug.md")
    assert ran(newsletter) == ""
