"""An email links to its page on the web only once that page exists."""

from pathlib import Path

import pytest

from briefing.newsletter import Newsletter
from briefing.rendering.edition import render
from briefing.rendering.web_page import archive, web_page
from tests.rendering.newsletters import edition, with_settings

TEXT = "# Weekly Brief\ndate: 2020-10-09\n\n### A ruling\n\nIts text.\n"
WORDS = "Read this issue in your browser"


def build_page(newsletter: Newsletter, place: str) -> None:
    """What the archive does: write the page of one edition."""
    page = Path(newsletter.root / "site" / place / "index.html")
    page.parent.mkdir(parents=True, exist_ok=True)
    page.touch()


@pytest.fixture
def published(newsletter: Newsletter) -> Newsletter:
    """A newsletter whose settings name a site."""
    return with_settings(
        newsletter,
        newsletter='site = "https://example.org/brief/"\nlanguages = ["en", "ug"]',
    )


def test_a_site_in_the_settings_alone_makes_no_link(
    published: Newsletter,
) -> None:
    issue = edition(published, TEXT)
    assert web_page(published, issue) == ""
    rendered = render(published, issue)
    assert WORDS not in rendered.html.filled({})
    assert WORDS not in rendered.text.filled({})


def test_the_link_leads_to_the_page_that_the_archive_holds(
    published: Newsletter,
) -> None:
    build_page(published, "2020-10-09")
    rendered = render(published, edition(published, TEXT))
    page = rendered.html.filled({})
    assert 'href="https://example.org/brief/2020-10-09/"' in page
    assert WORDS in page
    assert (
        f"{WORDS}\nhttps://example.org/brief/2020-10-09/\n"
        in rendered.text.filled({})
    )


def test_each_edition_needs_its_own_page(published: Newsletter) -> None:
    build_page(published, "2020-10-09")
    uyghur = edition(published, TEXT, "ug")
    assert web_page(published, uyghur) == ""
    build_page(published, "2020-10-09/ug")
    assert (
        web_page(published, uyghur)
        == "https://example.org/brief/2020-10-09/ug/"
    )


def test_a_page_without_a_site_in_the_settings_makes_no_link(
    newsletter: Newsletter,
) -> None:
    build_page(newsletter, "2020-10-09")
    assert web_page(newsletter, edition(newsletter, TEXT)) == ""


def test_the_archive_is_named_only_if_its_first_page_exists(
    published: Newsletter,
) -> None:
    build_page(published, "2020-10-09")
    issue = edition(published, TEXT)
    assert archive(published) == render(published, issue).archive == ""
    build_page(published, "")
    assert archive(published) == "https://example.org/brief/"
    assert render(published, issue).archive == "https://example.org/brief/"
