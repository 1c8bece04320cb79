"""Headlines and texts that the editor is asked to check, because they aren't where pages have them."""

import pytest

from tests.collecting.web.pages import (
    FIRST,
    SECOND,
    THIRD,
    TITLE,
    article,
    found,
    meta,
    page,
)

TEXT = f"<p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p>"


def test_a_usual_page_has_a_certain_headline_and_text() -> None:
    assert not {"title", "excerpt"} & set(found(article()).uncertain)


@pytest.mark.parametrize(
    ("heading", "declared"),
    [
        ("<h1>Library closed</h1>", "Library closed"),
        (f"<h2>{TITLE}</h2>", TITLE),
        ("<h1>图书馆关闭</h1>", "图书馆关闭"),
    ],
)
def test_a_headline_that_is_short_or_no_main_heading_is_uncertain(
    heading: str, declared: str
) -> None:
    read = page(f"{heading}{TEXT}", meta("og:title", declared))
    assert "title" in found(read).uncertain


def test_a_headline_in_chinese_needs_fewer_letters() -> None:
    title = "镇议会未经投票决定关闭最后的图书馆"
    read = page(f"<h1>{title}</h1>{TEXT}", meta("og:title", title))
    assert "title" not in found(read).uncertain


LINKS = "".join(f"<div><a href='/{n}'>Part {n}</a></div>" for n in range(8))
APART = f"<section><div><div><div>{FIRST.replace('council', 'poets')}</div></div></div></section>"


@pytest.mark.parametrize(
    "text",
    [
        f"<div><p>{FIRST}</p></div>",
        f"{LINKS}{TEXT}",
        f"{APART}<div>{TEXT}</div>",
    ],
)
def test_a_text_that_is_short_or_does_not_follow_the_headline_is_uncertain(
    text: str,
) -> None:
    answer = found(page(f"<h1>{TITLE}</h1>{text}", meta("og:title", TITLE)))
    assert answer.excerpt.startswith(FIRST)
    assert "excerpt" in answer.uncertain


@pytest.mark.parametrize(
    "beginning",
    [
        FIRST[1:],
        f"{FIRST} (Jo Doe/Example Pictures)",
        f"{FIRST} (Jo Doe, AP)",
        f"8. Oktober 2020 {FIRST}",
        f"Last updated: October 8, 2020 {FIRST}",
    ],
)
def test_a_text_without_its_first_letter_or_with_a_credit_or_date_is_uncertain(
    beginning: str,
) -> None:
    answer = found(article(beginning, SECOND, THIRD))
    assert answer.excerpt.startswith(beginning)
    assert "excerpt" in answer.uncertain


@pytest.mark.parametrize(
    ("between", "is_certain"),
    [
        ("", True),
        (
            "<div>The letter of the library brings more on Monday morning.</div>",
            False,
        ),
        ("<p>Advertisement</p>", False),
    ],
)
def test_a_text_with_something_else_in_it_is_uncertain(
    between: str, is_certain: bool
) -> None:
    text = f"<p>{FIRST}</p>{between}<p>{SECOND}</p><p>{THIRD}</p>"
    answer = found(page(f"<h1>{TITLE}</h1>{text}", meta("og:title", TITLE)))
    assert answer.excerpt.startswith(FIRST)
    assert answer.excerpt.endswith(THIRD)
    assert ("excerpt" not in answer.uncertain) == is_certain


@pytest.mark.parametrize(
    "first",
    [
        f"“{FIRST}”",
        f"{FIRST} Write to desk@example.org about it.",
    ],
)
def test_a_text_that_begins_with_a_quotation_or_an_address_is_uncertain(
    first: str,
) -> None:
    assert "excerpt" in found(article(first, SECOND, THIRD)).uncertain
