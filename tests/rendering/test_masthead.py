"""The top of an email: name, date and organisation, and a heading that doesn't repeat them."""

import pytest
from lxml import html as lxml_html

from briefing.languages import load_language
from briefing.newsletter import Newsletter, package_templates
from briefing.rendering.edition import render
from briefing.rendering.masthead import dateline, issue_heading
from tests.rendering.newsletters import edition, photo, with_settings


def heading(newsletter: Newsletter, head: str, lang: str = "en") -> str:
    issue = edition(newsletter, f"{head}\n### A\n", lang)
    return issue_heading(
        newsletter, issue, load_language(lang, (package_templates(),))
    )


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("# Weekly Brief, 9 October 2020\n", ""),
        ("# WEEKLY BRIEF · 9 October 2020\n", ""),
        ("# Weekly Brief\n", ""),
        ("# \n", ""),
        ("# Weekly Brief, 9 October 2020: the bakers\n", None),
        ("# The bakers who would not close\n", None),
        (
            "# Weekly Brief, 9 October 2020\nsubject: Where are they?\n",
            "Where are they?",
        ),
        ("# The bakers\nsubject: Weekly Brief\n", ""),
    ],
)
def test_the_heading_is_the_subject_or_title_unless_the_masthead_says_it(
    newsletter: Newsletter, head: str, expected: str | None
) -> None:
    title = head.split("\n", maxsplit=1)[0].removeprefix("# ")
    assert heading(newsletter, head) == (
        title if expected is None else expected
    )


def test_words_of_every_title_of_the_newsletter_are_not_a_heading(
    newsletter: Newsletter,
) -> None:
    head = "# Der Brief vom 9. Oktober 2020\n"
    newsletter = with_settings(
        newsletter, newsletter='name = "Der Brief"\nlanguages = ["en", "de"]'
    )
    assert heading(newsletter, head, "de")
    newsletter = with_settings(
        newsletter, issue='title = "Der Brief vom {date}"'
    )
    assert not heading(newsletter, head, "de")


@pytest.mark.parametrize(
    ("name", "organisation", "expected"),
    [
        (
            "2020-10-09",
            "Example Watch",
            "9\u00a0October\u00a02020 · Example Watch",
        ),
        ("2020-10-09", "", "9\u00a0October\u00a02020"),
    ],
)
def test_the_line_below_the_name_is_date_and_organisation(
    newsletter: Newsletter, name: str, organisation: str, expected: str
) -> None:
    newsletter = with_settings(
        newsletter, newsletter=f'organisation = "{organisation}"'
    )
    issue = edition(newsletter, "# T\n\n### A\n")
    assert issue.id == name
    english = load_language("en", ())
    assert dateline(newsletter, issue, english) == expected


@pytest.mark.parametrize("subject", ["", "Where are they?"])
@pytest.mark.parametrize("logo", [False, True])
def test_the_name_is_shown_once_and_is_the_h1_of_an_email_without_heading(
    newsletter: Newsletter, subject: str, logo: bool
) -> None:
    if logo:
        photo(newsletter.root / "logo.png", 60, 20, "PNG")
        newsletter = with_settings(newsletter, look='logo = "logo.png"')
    head = f"# Weekly Brief, 9 October 2020\nsubject: {subject}\n"
    issue = edition(newsletter, f"{head}\n### A\n")
    page = lxml_html.document_fromstring(
        render(newsletter, issue).html.filled({})
    )
    (heading,) = page.iter("h1")
    alts = [image.get("alt") for image in page.iter("img")]
    assert alts == (["Weekly Brief"] if logo else [])
    shown = page.find_class("masthead")[0].text_content()
    assert ("Weekly Brief" in shown) is not logo
    name = "" if logo else "Weekly Brief"
    assert heading.text_content() == (subject or name)


def test_a_line_breaks_before_a_name_or_an_address_not_within_it(
    newsletter: Newsletter,
) -> None:
    newsletter = with_settings(
        newsletter,
        newsletter='organisation = "Example Watch"\naddress = "1 Street, Town"',
    )
    issue = edition(newsletter, "# T\n\n### A\n")
    page = lxml_html.document_fromstring(
        render(newsletter, issue).html.filled({})
    )
    parts = page.find_class("part")
    assert {part.get("style") for part in parts} == {"display:inline-block"}
    words = [part.text_content().replace("\u00a0", " ") for part in parts]
    watch = "Example Watch"
    assert words == ["9 October 2020", watch, watch, "1 Street, Town"]
    address = page.find_class("footer")[0].findall("p")[-1]
    assert address.text_content() == "Example Watch, 1 Street, Town"


@pytest.mark.parametrize("has_item", [False, True])
def test_only_an_item_may_begin_right_below_the_masthead(
    newsletter: Newsletter, has_item: bool
) -> None:
    """An issue that has just been started keeps its paper between masthead and footer."""
    issue = edition(newsletter, "# Weekly Brief\n" + "\n### A\n" * has_item)
    page = lxml_html.document_fromstring(
        render(newsletter, issue).html.filled({})
    )
    assert bool(page.find_class("begins-with-items")) is has_item
