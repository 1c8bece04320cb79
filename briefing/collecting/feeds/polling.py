"""Poll the feeds: fetch them in parallel and read them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol
from urllib.parse import urlsplit

from briefing.errors import FetchError, LimitError
from briefing.network.fetch import Response
from briefing.network.parallel import ShowSteps, ask_in_parallel, no_progress
from briefing.sandbox.limited import run_limited

from .feed import Feed, read_feed
from .seen import SeenEntries

AT_ONCE = 8
"""Feeds that are fetched at the same time, so that a slow site doesn't hold up the others."""
_OK = 200
_NOT_MODIFIED = 304


class Fetch(Protocol):
    """Fetches a feed: `briefing.network.fetch.fetch`, with the guard of the settings."""

    def __call__(self, url: str, *, etag: str, modified: str) -> Response: ...


@dataclass(frozen=True, slots=True)
class PollResult:
    """The result of polling one feed."""

    url: str
    feed: Feed | None = None
    """None if nothing changed in it, or it couldn't be fetched or read."""
    error: FetchError | None = None
    etag: str = ""
    modified: str = ""


def poll(
    seen: SeenEntries,
    fetch: Fetch,
    feeds: Sequence[str],
    *,
    progress: ShowSteps = no_progress,
) -> list[PollResult]:
    """Return the answer of each feed, in their order. A feed that fails doesn't stop the others.

    A feed is asked only for changes since its recorded answer. `progress` is called with the number
    of feeds that are done and the number of all.
    """
    urls = list(dict.fromkeys(feeds))
    poll_feed = partial(_poll_feed, seen, fetch)
    return ask_in_parallel(poll_feed, urls, AT_ONCE, progress)


def _poll_feed(seen: SeenEntries, fetch: Fetch, url: str) -> PollResult:
    record = seen.record(url)
    try:
        response = fetch(url, etag=record.etag, modified=record.modified)
        if response.status == _NOT_MODIFIED:
            return PollResult(url)
        feed = _read_response(url, response)
    except FetchError as error:
        return PollResult(url, error=error)
    # `fetch` sends validators only to the feed's own host, so another host's are useless.
    is_own = _host(response.url) == _host(url)
    headers = response.headers if is_own else {}
    etag = headers.get("ETag", "")
    modified = headers.get("Last-Modified", "")
    return PollResult(url, feed, etag=etag, modified=modified)


def _read_response(url: str, response: Response) -> Feed:
    """Return the feed in a response, under its address in the settings even if it was redirected.
    Raises FetchError.
    """
    if response.status != _OK:
        raise FetchError(
            url, f"returned status {response.status} instead of a feed"
        )
    content_type = response.headers.get("Content-Type", "")
    try:
        feed = run_limited(
            read_feed,
            response.body,
            response.url,
            content_type,
            name=url,
            remedy="remove it from 'feeds' under [collect] in briefing.toml",
        )
    except LimitError as error:
        raise FetchError(url, error.message) from error
    return replace(feed, url=url)


def _host(url: str) -> str:
    return urlsplit(url).netloc.lower()
