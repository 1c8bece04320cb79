"""The fields of an item that a page says something about."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from briefing.issue.model import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What a page says about its article; a text is empty where the page doesn't say."""

    title: str
    source: str
    """The publisher's usual name: "BBC"."""
    date: dt.date | None
    excerpt: str
    """The first sentences, word for word; an empty line between paragraphs, at most 900 characters.
    """
    image: str
    """The lead picture's absolute address."""
    photo: str
    """The lead picture's credit, without "Photo:"."""
    alt: str
    """Its alternative text: the page's, else the caption."""
    lang: str
    """The language's code: "en", "de", "ug"."""
    url: str
    """The address to link to, without tracking parameters."""
    kind: Kind
    uncertain: tuple[str, ...]
    """The names of the fields that are guessed, or that the editor must fill in."""

    def with_certain(self, field: str, text: Any) -> "Article":
        """Return the article with a text for a field, which is then certain."""
        uncertain = tuple(name for name in self.uncertain if name != field)
        return replace(self, uncertain=uncertain, **{field: text})
