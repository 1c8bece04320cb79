"""Read a feed from its bytes: RSS 0.9x, 1.0 and 2.0, Atom, JSON Feed. No network.

feedparser does most of the work. It would open a path or an address, even one passed as bytes, so
it gets a stream. The stream is UTF-8, because which encoding feedparser would choose depends on the
other libraries installed.
"""

import datetime as dt
import io
import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from operator import itemgetter
from typing import Any
from xml.parsers import expat

from briefing.clock import utc_now
from briefing.errors import FetchError
from briefing.issue.links import absolute_address
from briefing.text.markup import parse_html

from .feed_text import feed_source, plain_text, shorten_title
from .moments import parse_moment

MOST_BYTES = 5 * 1024 * 1024
MOST_TAGS = 150_000
"""feedparser takes up to 60 microseconds for each, and can't be interrupted."""
MOST_ATTRIBUTES = 200
"""feedparser looks each attribute up among all of its element."""
MOST_ENTRIES = 500
"""Only this many of the newest are read; a feed with more is an archive."""

_FEED_TYPES = (
    "application/rss+xml",
    "application/atom+xml",
    "application/feed+json",
    "application/rdf+xml",
)
_PAGE_STARTS = ("<!doctype html", "<html", "<head", "<body")
_MOST_OFFERED = 3
_PLAIN = "text/plain"
# What programs write for a missing date, as second 0 of Unix time.
_ZERO = dt.date(1970, 1, 1)
# What feedparser and the libraries it uses raise on unexpected input.
_UNFORESEEN = (
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed."""

    id: str
    """Unique in its feed, and the same after a headline was edited."""
    title: str
    """Plain text, on one line."""
    link: str
    """Absolute, http or https; empty if the entry has none."""
    date: dt.date | None = None
    """The day of publication in the writer's time zone; None if it is unknown or in the future."""


@dataclass(frozen=True, slots=True)
class Feed:
    """The contents of a feed."""

    url: str
    title: str
    entries: tuple[Entry, ...]
    """The newest first, without duplicates; those without a date last, in the feed's order."""


_Fields = Mapping[str, Any]
"""The fields of a feed or an entry, under feedparser's names."""
_ParsedFeed = tuple[_Fields, list[_Fields]]
"""The fields of a feed, and those of its entries."""


def read_feed(
    data: bytes,
    url: str,
    content_type: str = "",
    *,
    today: dt.date | None = None,
) -> Feed:
    """Read the feed in `data`, which came from `url` with this Content-Type. `today` is by default
    the day in UTC.

    Raises FetchError if it isn't a feed; for a web page, the message lists the feeds that the page
    offers.
    """
    if len(data) > MOST_BYTES:
        raise FetchError(url, f"is larger than {MOST_BYTES // 1024 // 1024} MB")
    text = feed_source(data, content_type)
    if not text:
        raise FetchError(url, "is empty, not a feed")
    if text.count("<") > MOST_TAGS:
        raise FetchError(url, "is too complex to be a feed")
    is_json = text.startswith("{")
    parsed = _parse_json(text) if is_json else _parse_xml(text, url)
    if parsed is None:
        raise FetchError(url, _problem(text, url))
    feed, entries = parsed
    today = today or utc_now().date()
    return Feed(
        url=url, title=_title(feed), entries=_newest_first(entries, url, today)
    )


# --- Entries


def _newest_first(
    entries: Iterable[_Fields],
    url: str,
    today: dt.date,
) -> tuple[Entry, ...]:
    """Sort the entries and drop duplicates, which have the same id, or the same link and title."""
    known: set[object] = set()
    aged: list[tuple[float, Entry]] = []
    for fields in entries:
        moment = _moment(fields, today)
        entry = _entry(fields, url, moment)
        has_words = entry.link or entry.title
        marks = {entry.id, (entry.link, entry.title)}
        if has_words and known.isdisjoint(marks):
            known |= marks
            age = -moment.timestamp() if moment else 0
            aged.append((age, entry))
    aged.sort(key=itemgetter(0))
    return tuple(entry for _, entry in aged[:MOST_ENTRIES])


def _entry(fields: _Fields, url: str, moment: dt.datetime | None) -> Entry:
    identity = fields.get("id", "")
    link = _link(fields, url)
    title = _title(fields)
    if not link.endswith(identity):
        identity = _without_edit_count(identity)
    return Entry(
        id=identity or link or title,
        title=title,
        link=link,
        date=moment.date() if moment else None,
    )


def _without_edit_count(identity: str) -> str:
    """Drop the "#3" that the BBC adds to count the edits of an entry."""
    before, _, count = identity.rpartition("#")
    return before if before and count.isdecimal() else identity


def _moment(fields: _Fields, today: dt.date) -> dt.datetime | None:
    """Return the first date that can be read; None if there is none, or if it is in the future
    everywhere on earth.
    """
    tomorrow = today + dt.timedelta(days=1)
    for name in ("published", "created", "updated"):
        moment = parse_moment(fields.get(name) or "")
        if moment:
            is_possible = _ZERO < moment.date() <= tomorrow
            return moment if is_possible else None
    return None


def _link(fields: _Fields, url: str) -> str:
    """Return the first web address among the links to the entry itself, pages first, and its id."""
    links = sorted(fields.get("links", ()), key=_is_other_file)
    own = [link for link in links if link.get("rel") == "alternate"]
    candidates = [link.get("href", "") for link in own]
    candidates.append(fields.get("link", ""))
    identity = fields.get("id", "")
    if identity.startswith(("http://", "https://")):
        candidates.append(identity)
    addresses = (_absolute(candidate, url) for candidate in candidates)
    return next(filter(None, addresses), "")


def _is_other_file(link: _Fields) -> bool:
    return "html" not in link.get("type", "html")


def _absolute(link: str, url: str) -> str:
    """Return a link as an absolute address; "" if it isn't a web address, or is the feed's own."""
    address = absolute_address(link, url)
    return "" if address == url else address


def _title(fields: _Fields) -> str:
    """Return the title; the first words of the text where there is none, as in a microblog."""
    details = [fields.get("title_detail"), fields.get("summary_detail")]
    details += fields.get("content") or ()
    titles = (shorten_title(_plain(detail)) for detail in details if detail)
    return next(filter(None, titles), "")


def _plain(detail: _Fields) -> str:
    is_markup = detail.get("type", _PLAIN) != _PLAIN
    return plain_text(detail.get("value", ""), markup=is_markup)


# --- Formats


def _parse_xml(text: str, url: str) -> _ParsedFeed | None:
    """Parse RSS or Atom; return None if the text is neither."""
    import feedparser  # noqa: PLC0415 - slow to import, and only a child process needs it

    if most_attributes(text.encode()) > MOST_ATTRIBUTES:
        raise FetchError(url, "is too complex to be a feed")
    headers = {
        "content-type": "application/xml; charset=utf-8",
        "content-location": url,
    }
    try:
        parsed = feedparser.parse(
            io.BytesIO(text.encode()),
            response_headers=headers,
            sanitize_html=True,
            resolve_relative_uris=True,
        )
    except _UNFORESEEN:
        return None
    if not parsed.version:
        return None
    # Plain dictionaries: feedparser's own return other fields for missing ones, such as the title
    # of a media file.
    entries: list[_Fields] = [dict(entry) for entry in parsed.entries]
    return dict(parsed.feed), entries


def most_attributes(xml: bytes) -> int:
    """Return the most attributes of one element, up to the first mistake in the markup.

    feedparser uses the same parser, and one without this problem from the first mistake on.
    """
    most = 0

    def count(_name: str, attributes: list[str]) -> None:
        nonlocal most
        most = max(most, len(attributes) // 2)

    parser = expat.ParserCreate("utf-8")
    parser.ordered_attributes = True
    parser.StartElementHandler = count
    with suppress(expat.ExpatError):
        parser.Parse(xml, True)
    return most


def _parse_json(text: str) -> _ParsedFeed | None:
    """Parse a JSON Feed (jsonfeed.org, versions 1 and 1.1); return None if the text isn't one."""
    try:
        feed = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if "jsonfeed.org/version/" not in _json_text(feed, "version"):
        return None
    items = feed.get("items")
    if not isinstance(items, list):
        items = []
    entries = list(map(_json_entry, items))
    return _json_entry(feed), entries


def _json_entry(item: object) -> _Fields:
    text = _json_text(item, "summary") or _json_text(item, "content_text")
    return {
        "id": _json_text(item, "id"),
        "title_detail": {"value": _json_text(item, "title")},
        "links": [
            {"rel": "alternate", "href": _json_text(item, "url")},
            {"rel": "alternate", "href": _json_text(item, "external_url")},
        ],
        "published": _json_text(item, "date_published"),
        "updated": _json_text(item, "date_modified"),
        "summary_detail": {"value": text},
        "content": [
            {"value": _json_text(item, "content_html"), "type": "text/html"}
        ],
    }


def _json_text(item: object, name: str) -> str:
    """Return a field as text; some feeds have a number in its place."""
    if not isinstance(item, dict):
        return ""
    value = item.get(name)
    return str(value) if isinstance(value, str | int | float) else ""


# --- Not a feed


def _problem(text: str, url: str) -> str:
    """Say what the text is instead of a feed: the end of a sentence that begins with the address."""
    head = text[:10_000].lower()
    if not any(start in head for start in _PAGE_STARTS):
        return "isn't a feed: neither RSS nor Atom nor JSON Feed"
    feeds = _offered_feeds(text, url)
    if feeds:
        return f"is a web page, not a feed; use a feed that it offers: {' or '.join(feeds)}"
    return "is a web page, not a feed, and it offers no feed"


def _offered_feeds(page: str, url: str) -> list[str]:
    feeds = []
    for link in parse_html(page).iter("link"):
        relations = link.get("rel", "").lower().split()
        kind = link.get("type", "").strip().lower()
        if "alternate" in relations and kind.startswith(_FEED_TYPES):
            feeds.append(_absolute(link.get("href", ""), url))
    distinct = dict.fromkeys(filter(None, feeds))
    return list(distinct)[:_MOST_OFFERED]
