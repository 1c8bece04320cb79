"""Invented web pages for the tests of collecting."""

from collections.abc import Mapping
from typing import Any

from briefing.collecting.web.article import read_article
from briefing.collecting.web.fields import Article
from briefing.collecting.web.page import Page

URL = "https://www.example.org/news/library-closed"
TITLE = "Exampleton closes its last library"
FIRST = "The council of Exampleton decided on Monday to close the last library of the town without a vote."
SECOND = "Nobody had been asked about the plan, says a group of readers that has met there for twenty years."
THIRD = "The mayor told reporters that the building would be sold before the end of the year, whatever they said."


def page(
    body: str = "",
    head: str = "",
    *,
    url: str = URL,
    attributes: str = ' lang="en"',
) -> Page:
    return Page.read(
        f"<html{attributes}><head>{head}</head><body>{body}</body></html>".encode(),
        url,
    )


def article(
    *paragraphs: str,
    head: str = "",
    above: str = "",
    below: str = "",
    **options: Any,
) -> Page:
    """A page with a headline, something between it and the text, paragraphs, and what follows."""
    text = "".join(
        f"<p>{paragraph}</p>"
        for paragraph in paragraphs or (FIRST, SECOND, THIRD)
    )
    body = f"<article><h1>{TITLE}</h1>{above}<div class='story'>{text}</div>{below}</article>"
    return page(body, f"<title>{TITLE} | Example Post</title>{head}", **options)


def found(page: Page, names: Mapping[str, str] | None = None) -> Article:
    return read_article(page, names=names or {})


def meta(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{content}">'


def json_ld(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'
