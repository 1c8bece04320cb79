"""Where a page comes from: retrieving it and understanding it are two things.

A source retrieves: an address over the network, or a file that a browser saved. What comes back is understood in one
way, whichever it was (`article`).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from briefing.collecting.web.article import Found, understand
from briefing.collecting.web.blocked import other_than_a_page, wall
from briefing.collecting.web.page import Page
from briefing.errors import BriefingError, FetchError, NotFoundError, shown
from briefing.fetch import GUARD, Guard, Response, fetch
from briefing.issue.links import unsafe

MOST_BYTES = 20 * 1024 * 1024
"""Of a saved page."""
SAVE_IT = "save the page in your browser, and give it with --page FILE"

_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_PAGES = re.compile(r"(?:text/html|application/xhtml\+xml|text/plain)?\s*(?:;|\Z)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Retrieved:
    """A page as it was had."""

    url: str
    """The address that answered, after redirects."""
    data: bytes = field(repr=False)
    charset: str = ""
    """As the server told it."""
    response: Response | None = field(default=None, repr=False)
    """None for a page that wasn't fetched."""


class Source(Protocol):
    """Something that a page can be had from."""

    @property
    def url(self) -> str:
        """Its address as it was given."""

    def retrieve(self) -> Retrieved:
        """The page. Raises BriefingError with one line of why not."""


@dataclass(frozen=True, slots=True)
class Link:
    """An address, fetched."""

    url: str
    guard: Guard = GUARD

    def retrieve(self) -> Retrieved:
        response = fetch(self.url, guard=self.guard)
        if response.status >= 400:
            gone = "is gone" if response.status in {404, 410} else f"refuses to show the page ({response.status})"
            cure = "" if response.status in {404, 410} else f"; {SAVE_IT}"
            raise FetchError(self.url, f"{gone}{cure}")
        kind = response.headers.get("Content-Type", "")
        if not _PAGES.match(kind.strip()):
            raise FetchError(self.url, f"is {kind.partition(';')[0].strip()[:60]}, not a web page")
        charset = _CHARSET.search(kind)
        return Retrieved(response.url, response.body, charset[1] if charset else "", response)


@dataclass(frozen=True, slots=True)
class SavedPage:
    """A page that a browser saved, for its address: no socket is opened."""

    url: str
    path: Path

    def retrieve(self) -> Retrieved:
        if reason := unsafe(self.url):
            raise FetchError(self.url, reason)
        try:
            if self.path.stat().st_size > MOST_BYTES:
                raise BriefingError(
                    f"{shown(self.path)}: is larger than {MOST_BYTES // 1024**2} MB; save the page alone"
                )
            return Retrieved(self.url, self.path.read_bytes())
        except FileNotFoundError:
            raise NotFoundError(f"{shown(self.path)}: there is no such file") from None
        except OSError as error:
            raise BriefingError(f"{shown(self.path)}: can't be read: {error.strerror}") from error


@dataclass(frozen=True, slots=True)
class Collected:
    """What a source gave."""

    found: Found
    retrieved: Retrieved = field(repr=False)
    warning: str = ""
    """Why the page may not be the article itself."""


def collect(source: Source, names: Mapping[str, str]) -> Collected:
    """Retrieve a page and understand it; `names` are publishers by host.

    Raises BriefingError; a page that stands before the article (consent, paywall, an error page) is refused where it
    was fetched, and only warned of where the editor saved it.
    """
    retrieved = source.retrieve()
    place = shown(source.path) if isinstance(source, SavedPage) else source.url
    if other := other_than_a_page(retrieved.data):
        raise BriefingError(f"{place}: {other}")
    if not retrieved.data.strip():
        raise BriefingError(f"{place}: is empty")
    page = Page.read(retrieved.data, retrieved.url, charset=retrieved.charset)
    found = understand(page, names=names)
    reason = wall(page) or ""
    if reason and not isinstance(source, SavedPage):
        raise FetchError(source.url, reason)
    if not found.title and not found.excerpt and not isinstance(source, SavedPage):
        raise FetchError(source.url, f"has neither headline nor text; {SAVE_IT}")
    return Collected(found, retrieved, reason.partition("; ")[0])
