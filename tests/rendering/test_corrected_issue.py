"""An issue that corrects another one names it, and links to its page if that exists."""

from pathlib import Path

import pytest
from lxml import html as lxml_html

from briefing.newsletter import Newsletter
from briefing.rendering.edition import render
from tests.rendering.newsletters import edition, with_settings

EARLIER = "2020-10-02"
CORRECTION = (
    f"# Correction\ndate: 2020-10-09\ncorrects: {EARLIER}\n\n### A ruling\n"
)


@pytest.fixture
def published(newsletter: Newsletter) -> Newsletter:
    """A newsletter in several languages whose settings name a site."""
    return with_settings(
        newsletter,
        newsletter='site = "https://example.org/brief/"\nlanguages = ["en", "de", "tr", "zh", "ug"]',
    )


def write_earlier(newsletter: Newsletter, title: str, lang: str = "en") -> None:
    name = "issue.md" if lang == "en" else f"issue.{lang}.md"
    path = newsletter.issues / EARLIER / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"# {title}\ndate: {EARLIER}\n\n### B\n", "utf-8")


def build_page(newsletter: Newsletter, place: str) -> None:
    page = Path(newsletter.root / "site" / place / "index.html")
    page.parent.mkdir(parents=True)
    page.touch()


def notice(newsletter: Newsletter, lang: str = "en") -> tuple[str, str]:
    """What readers are told of the correction, in HTML and in text."""
    rendered = render(newsletter, edition(newsletter, CORRECTION, lang))
    page = lxml_html.document_fromstring(rendered.html.filled({}))
    (paragraph,) = page.find_class("corrects")
    _, _, after = rendered.text.filled({}).partition("==\n\n")
    text, _, _ = after.partition("\n\n")
    return _spaced(paragraph.text_content()), text.replace("\u00a0", " ")


def _spaced(text: str) -> str:
    """With plain spaces, and without the joiners that only HTML has."""
    return " ".join(text.replace("\u2060", "").split())


def test_its_title_says_which_one_it_is(published: Newsletter) -> None:
    write_earlier(published, "Weekly Brief, 2 October 2020")
    sentence = "This issue corrects “Weekly Brief, 2 October 2020”."
    assert notice(published) == (sentence, sentence)


def test_a_title_without_a_date_is_followed_by_it(
    published: Newsletter,
) -> None:
    write_earlier(published, "A harbour reopens & <more>")
    sentence = (
        "This issue corrects “A harbour reopens & <more>” of 2 October 2020."
    )
    assert notice(published) == (sentence, sentence)


def test_its_page_is_linked_if_it_exists(published: Newsletter) -> None:
    write_earlier(published, "Weekly Brief, 2 October 2020")
    build_page(published, EARLIER)
    rendered = render(published, edition(published, CORRECTION))
    page = lxml_html.document_fromstring(rendered.html.filled({}))
    (link,) = page.xpath("//p[@class='corrects']/a")
    address = f"https://example.org/brief/{EARLIER}/"
    assert (link.get("href"), _spaced(link.text_content())) == (
        address,
        "Weekly Brief, 2 October 2020",
    )
    assert (
        f"This issue corrects “Weekly Brief, 2 October 2020”.\n{address}\n"
        in rendered.text.filled({}).replace("\u00a0", " ")
    )


def test_an_issue_that_is_elsewhere_is_named_by_its_date(
    published: Newsletter,
) -> None:
    sentence = "This issue corrects the issue of 2 October 2020."
    assert notice(published) == (sentence, sentence)


def test_one_that_cannot_be_read_is_named_by_its_date(
    published: Newsletter,
) -> None:
    write_earlier(published, "Title")
    (published.issues / EARLIER / "issue.md").write_text("no heading\n")
    sentence = "This issue corrects the issue of 2 October 2020."
    assert notice(published) == (sentence, sentence)


def test_an_edition_names_the_edition_in_its_language(
    published: Newsletter,
) -> None:
    write_earlier(published, "Weekly Brief, 2 October 2020")
    german = "Diese Ausgabe berichtigt „Weekly Brief, 2 October 2020“."
    assert notice(published, "de")[1] == german
    write_earlier(published, "Wochenbrief vom 2. Oktober 2020", "de")
    german = "Diese Ausgabe berichtigt „Wochenbrief vom 2. Oktober 2020“."
    assert notice(published, "de")[1] == german


@pytest.mark.parametrize("lang", ["en", "de", "tr", "zh", "ug"])
@pytest.mark.parametrize("title", ["Heft 2020", "Heft"])
def test_every_language_says_so_in_both_parts(
    published: Newsletter, lang: str, title: str
) -> None:
    write_earlier(published, title, lang)
    build_page(published, EARLIER if lang == "en" else f"{EARLIER}/{lang}")
    in_html, in_text = notice(published, lang)
    sentence, _, address = in_text.partition("\n")
    assert sentence == in_html
    assert "Heft" in sentence
    assert address.startswith("https://example.org/brief/2020-10-02/")
