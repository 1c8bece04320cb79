"""Retrieve pages from the web, or from files that a browser saved."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from briefing.collecting.text.picture_names import saved_folder
from briefing.errors import (
    BriefingError,
    FetchError,
    NotFoundError,
    display_path,
)
from briefing.issue.links import unsafe_reason
from briefing.network.fetch import Response, fetch
from briefing.network.fetch_guard import GUARD, Guard
from briefing.sandbox.limited import run_limited
from briefing.text.decoding import declared_in_content_type

from .canonical import clean_address
from .fields import Article
from .refusals import SAVE_IT, not_a_page, with_advice
from .understanding import saved_address, understand_page

MAX_BYTES = 20 * 1024 * 1024
"""The most bytes in a saved page."""

_GONE = frozenset((404, 410))
_PAGE_TYPES = frozenset(
    ("", "text/html", "application/xhtml+xml", "text/plain")
)
_MAX_TYPE = 60


@dataclass(frozen=True, slots=True)
class RetrievedPage:
    """A page as it was fetched or saved."""

    url: str
    """The address that answered, after redirects."""
    data: bytes = field(repr=False)
    charset: str = ""
    """The one that the server declared."""
    response: Response | None = field(default=None, repr=False)
    """None for a saved page."""
    pictures: Path | None = None
    """The folder with the pictures that a browser saved with the page."""


@dataclass(frozen=True, slots=True)
class WebAddress:
    """A page on the web, to be fetched."""

    url: str
    """As given by the editor or a feed."""
    guard: Guard = GUARD

    @property
    def place(self) -> str:
        """Its name in error messages."""
        return self.url

    def retrieve(self) -> RetrievedPage:
        """Return the page. Raises BriefingError, with one line that says why."""
        response = fetch(
            self.url, guard=self.guard, without_tracking=clean_address
        )
        if response.status in _GONE:
            raise FetchError(self.url, "is gone")
        if response.status >= 400:
            raise FetchError(
                self.url,
                f"refuses to show the page ({response.status}); {SAVE_IT}",
            )
        content_type = response.headers.get("Content-Type", "")
        kind = content_type.partition(";")[0].strip()
        if kind.lower() not in _PAGE_TYPES:
            raise FetchError(self.url, f"is {kind[:_MAX_TYPE]}, not a web page")
        return RetrievedPage(
            response.url,
            response.body,
            declared_in_content_type(content_type),
            response,
        )


@dataclass(frozen=True, slots=True)
class SavedPage:
    """The page of an address as a browser saved it; no connection is opened."""

    url: str
    """If it is empty, the file says it."""
    path: Path

    @property
    def place(self) -> str:
        """Its name in error messages."""
        return display_path(self.path)

    def retrieve(self) -> RetrievedPage:
        """Return the page. Raises BriefingError, with one line that says why."""
        reason = unsafe_reason(self.url)
        if self.url and reason:
            raise FetchError(self.url, reason)
        data = self._read()
        pictures = self.path.with_name(saved_folder(self.path.name))
        address = self.url or address_in_page(data, self.place)
        if not address:
            raise BriefingError(
                f"{self.place}: doesn't say where it was saved from; give its address as well"
            )
        return RetrievedPage(address, data, pictures=pictures)

    def _read(self) -> bytes:
        try:
            if self.path.stat().st_size > MAX_BYTES:
                limit = MAX_BYTES // 1024**2
                raise BriefingError(
                    f"{self.place}: is larger than {limit} MB; save the page without its pictures"
                )
            return self.path.read_bytes()
        except FileNotFoundError:
            raise NotFoundError(
                f"{self.place}: there is no such file"
            ) from None
        except OSError as error:
            raise BriefingError(
                f"{self.place}: can't be read: {error.strerror}"
            ) from error


PageSource: TypeAlias = WebAddress | SavedPage
"""Where a page can be retrieved from."""


def address_in_page(data: bytes, place: str) -> str:
    """Return the address that a saved page says it has, in a child process; "" if it says none.

    Raises LimitError if that takes too much.
    """
    return run_limited(
        saved_address, data, name=place, remedy="write the item yourself"
    )


@dataclass(frozen=True, slots=True)
class RetrievedArticle:
    """An article, and the page that it was read from."""

    article: Article
    retrieved: RetrievedPage = field(repr=False)
    warning: str = ""
    """Why a saved page may not be the article itself."""


def retrieve_article(
    source: PageSource, names: Mapping[str, str]
) -> RetrievedArticle:
    """Retrieve a page and read it; `names` are publishers by host, from the settings.

    It is read in a child process. Raises BriefingError if there is no page or no article. A reason
    to block a page (a consent banner, a paywall, an error page) is an error if it was fetched, and
    a warning if the editor saved it.
    """
    retrieved = source.retrieve()
    if reason := not_a_page(retrieved.data):
        raise BriefingError(f"{source.place}: {reason}")
    if not retrieved.data.strip():
        raise BriefingError(f"{source.place}: is empty")
    article, blocked = run_limited(
        understand_page,
        retrieved.data,
        retrieved.url,
        retrieved.charset,
        names,
        name=source.place,
        remedy="write the item yourself",
    )
    if isinstance(source, WebAddress):
        _refuse_blocked(source.url, article, blocked)
    return RetrievedArticle(article, retrieved, blocked)


def _refuse_blocked(url: str, article: Article, reason: str) -> None:
    if reason:
        raise FetchError(url, with_advice(reason))
    if not article.title and not article.excerpt:
        raise FetchError(url, f"has neither headline nor text; {SAVE_IT}")
