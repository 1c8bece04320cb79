"""Reading a complete page: all fields, which are uncertain, and what none may contain."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.collecting.web.fields import Article
from briefing.collecting.web.page import Page
from briefing.issue.links import unsafe_reason
from briefing.issue.model import Kind
from tests.collecting.web.pages import (
    FIRST,
    SECOND,
    THIRD,
    TITLE,
    URL,
    article,
    found,
    json_ld,
    meta,
    page,
)

WHOLE = article(
    head=meta("og:title", TITLE)
    + meta("og:site_name", "Example Post")
    + meta("og:image", "/img/library-rain.jpg")
    + json_ld(
        '{"@type": "NewsArticle", "datePublished": "2020-10-08T09:00:00+02:00"}'
    ),
    above="<figure><img src='/img/library-rain.jpg' alt='A closed door in the rain'>"
    "<figcaption>The library. Photo: A. Writer/AFP</figcaption></figure>",
    url=f"{URL}?utm_source=feed",
)


def test_a_page_becomes_the_fields_of_an_item() -> None:
    assert found(WHOLE) == Article(
        title=TITLE,
        source="Example Post",
        date=dt.date(2020, 10, 8),
        excerpt=f"{FIRST}\n\n{SECOND}\n\n{THIRD}",
        image="https://www.example.org/img/library-rain.jpg",
        photo="A. Writer/AFP",
        alt="A closed door in the rain",
        lang="en",
        url=URL,
        kind=Kind.ARTICLE,
        uncertain=(),
    )


def test_guessed_and_missing_fields_are_listed() -> None:
    read = found(page(f"<h1>{TITLE}</h1><img src='/img/a-photo.jpg'><p>OK</p>"))
    assert read.uncertain == (
        "title",
        "source",
        "date",
        "excerpt",
        "photo",
        "alt",
    )
    assert (read.source, read.date, read.photo, read.alt) == (
        "example.org",
        None,
        "",
        "",
    )


def test_without_a_picture_its_credit_is_not_missing() -> None:
    assert not {"photo", "alt"} & {*found(page("<p>x</p>")).uncertain}


def test_publishers_come_from_the_settings() -> None:
    assert (
        found(WHOLE, {"example.org": "The Post of Example"}).source
        == "The Post of Example"
    )


def test_text_on_the_page_cannot_reorder_the_text_around_it() -> None:
    read = found(
        page(f"<h1>Library \u202egnp.exe\u2066 closed</h1><p>\u202e{FIRST}</p>")
    )
    assert read.title == "Library gnp.exe closed"
    assert read.excerpt == FIRST


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "https://user:word@evil.example/a",
        "//user@evil.example/a.jpg",
    ],
)
def test_no_field_has_an_address_that_must_not_be_linked(address: str) -> None:
    head = (
        f'<link rel="canonical" href="{address}"><base href="{address}">'
        + meta("og:image", address)
        + meta("og:url", address)
    )
    head += json_ld(
        f'{{"@type": "Article", "image": "{address}", "url": "{address}"}}'
    )
    read = found(
        page(
            f"<h1>{TITLE}</h1><figure><img src='{address}'></figure><p>{FIRST}</p>",
            head,
        )
    )
    assert (read.url, read.image) == (URL, "")


def test_a_page_cannot_lead_elsewhere() -> None:
    head = '<meta http-equiv="refresh" content="0; url=https://evil.example/"><link rel="canonical" href="https://evil.example/">'
    assert found(page(f"<h1>{TITLE}</h1><p>{FIRST}</p>", head)).url == URL


PIECES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "<p>",
                "</p>",
                "<h1>",
                "<figure>",
                "<figcaption>",
                "<div class='x'>",
                "<br><br>",
                "<time>",
                "<a href='/x'>",
                "</a>",
            ]
        ),
        st.sampled_from(
            [
                FIRST,
                SECOND,
                "8 October 2020",
                "Photo: A. Writer",
                "&#8238;",
                "&#0;",
                "<img src='/a/photo.jpg' alt='x'>",
            ]
        ),
        st.text(max_size=20),
    ),
    max_size=20,
)


@given(PIECES)
def test_every_field_fits_an_item(pieces: list[str]) -> None:
    read = found(Page.read("".join(pieces).encode("utf-8", "replace"), URL))
    for value in (
        read.title,
        read.source,
        read.photo,
        read.alt,
        read.lang,
    ):
        assert value == " ".join(value.split())
        assert "\0" not in value
    assert not read.image or unsafe_reason(read.image) == ""
    assert {*read.uncertain} <= {
        "title",
        "source",
        "date",
        "excerpt",
        "photo",
        "alt",
        "lang",
    }
