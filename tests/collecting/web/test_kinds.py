"""The kind of item that a page is."""

import pytest

from briefing.collecting.web.kinds import find_kind
from briefing.issue.model import Kind
from tests.collecting.web.pages import FIRST, TITLE, URL, article, page


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        (URL, Kind.ARTICLE),
        ("https://example.org/press-releases/library", Kind.PRESS_RELEASE),
        (
            "https://example.org/de/presse/pressemitteilungen/buecherei",
            Kind.PRESS_RELEASE,
        ),
        ("https://www.prnewswire.com/a/library.html", Kind.PRESS_RELEASE),
        ("https://example.org/statements/library", Kind.STATEMENT),
        ("https://example.org/en/urgent-action/library", Kind.APPEAL),
        ("https://example.org/weekly-brief/9-october", Kind.BRIEF),
        ("https://example.org/statement-on-the-library", Kind.ARTICLE),
        ("https://example.org/appealing-books/a", Kind.ARTICLE),
    ],
)
def test_the_folders_of_the_address_show_it(url: str, kind: Kind) -> None:
    assert find_kind(article(url=url), TITLE, []) is kind


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Joint statement on the library of Exampleton", Kind.STATEMENT),
        ("Press release: library closed", Kind.PRESS_RELEASE),
        ("Urgent Action: save the library", Kind.APPEAL),
        ("Weekly Brief, 9 October 2020", Kind.BRIEF),
        ("Mayor’s statement angers readers", Kind.ARTICLE),
        ("Court rejects appeal of readers", Kind.ARTICLE),
    ],
)
def test_the_beginning_of_the_headline_shows_it(title: str, kind: Kind) -> None:
    assert find_kind(page(f"<h1>{title}</h1><p>{FIRST}</p>"), title, []) is kind


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("Press release", Kind.PRESS_RELEASE),
        ("For immediate release", Kind.PRESS_RELEASE),
        ("Pressemitteilung", Kind.PRESS_RELEASE),
        ("Statement", Kind.STATEMENT),
        ("Urgent action", Kind.APPEAL),
        ("Culture", Kind.ARTICLE),
    ],
)
def test_a_label_near_the_headline_shows_it(label: str, kind: Kind) -> None:
    assert (
        find_kind(
            page(f"<p>{label}</p><h1>{TITLE}</h1><p>{FIRST}</p>"), TITLE, []
        )
        is kind
    )
    assert (
        find_kind(
            page(f"<h1><span>{label}</span> {TITLE}</h1><p>{FIRST}</p>"),
            TITLE,
            [],
        )
        is kind
    )
