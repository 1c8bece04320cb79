"""What is done with a page and its photo in a child process: they are parsed, and an item's fields
found.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from briefing.collecting.web.article import Article, read_article
from briefing.collecting.web.blocked import blocked_reason
from briefing.collecting.web.page import Page
from briefing.picture_credits import credit_in
from briefing.pictures import COLUMN, Picture, photo_in


@dataclass(frozen=True, slots=True)
class UnderstoodPage:
    """The article of a page, and why the page may not be the article itself."""

    article: Article
    blocked: str


@dataclass(frozen=True, slots=True)
class UnderstoodPhoto:
    """A photo as an issue shows it, and the credit in its file's metadata."""

    picture: Picture
    credit: str


def understand_page(
    data: bytes, url: str, charset: str, names: Mapping[str, str]
) -> UnderstoodPage:
    """Read a page; `charset` is from the HTTP header, `names` are publishers by host."""
    page = Page.read(data, url, charset=charset)
    return UnderstoodPage(read_article(page, names=names), blocked_reason(page))


def understand_photo(data: bytes) -> UnderstoodPhoto:
    """Clean a photo. Raises PictureError, for a file named "photo"."""
    picture = photo_in(data, Path("photo")).shown(COLUMN)
    return UnderstoodPhoto(picture, credit_in(data))
