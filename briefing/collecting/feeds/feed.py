"""A feed, understood: RSS 0.9x, 1.0 and 2.0, Atom, JSON Feed. No network: `seen` asks for it, this reads the bytes.

feedparser does most of it. It opens a path, or bytes that are one, and asks for an address, so that it is given nothing
but a stream of bytes; and those are made UTF-8 before, since what it takes them for depends on what else is installed.
"""

import datetime as dt
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

import feedparser
from lxml import etree
from lxml import html as lxml_html

from briefing.collecting.feeds import feed_text as text_of
from briefing.collecting.text.dates import parse_moment
from briefing.errors import FetchError
from briefing.issue.links import unsafe

MOST_BYTES = 5 * 1024 * 1024
MOST_TAGS = 150_000
"""feedparser takes up to 60 microseconds for each, and can't be stopped meanwhile."""
MOST_ENTRIES = 500
"""The newest of a feed; more are an archive."""

_FEEDS = re.compile(r"application/(rss\+xml|atom\+xml|feed\+json|rdf\+xml)\b", re.IGNORECASE)
# What feedparser and what it stands on raise at bytes that nobody thought of.
_UNTHOUGHT_OF = (AssertionError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed. All texts are plain and on one line."""

    id: str
    """Tells it from the others of its feed, and stays when a headline is edited."""
    title: str
    link: str
    """Absolute, http or https; empty where it has none."""
    date: dt.date | None = None
    """The day on which it was published, where its writer was; None if unknown, or if it can't be (in the future)."""
    summary: str = ""
    """At most 900 characters; whole sentences where it was longer."""


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed holds."""

    url: str
    title: str
    entries: tuple[Entry, ...]
    """Newest first, each once; those without a date below, in the feed's order."""


@dataclass(frozen=True, slots=True)
class _Raw:
    """An entry as it stands there, whatever the format."""

    id: str
    title: str
    links: tuple[str, ...]
    """In the order of trust."""
    dates: tuple[str, ...]
    """The same."""
    summary: str


def read_feed(data: bytes, url: str, content_type: str = "", *, today: dt.date | None = None) -> Feed:
    """The feed in `data`, which came from `url` with this header field. `today` is that of UTC unless given.

    Raises FetchError where it is none; of a web page it says which feeds it offers.
    """
    if len(data) > MOST_BYTES:
        raise FetchError(url, f"is larger than {MOST_BYTES // 1024 // 1024} MB")
    text = text_of.decoded(data, content_type)
    if not text:
        raise FetchError(url, "is empty, not a feed")
    if text.count("<") > MOST_TAGS:
        raise FetchError(url, "holds more markup than a feed would")
    found = _json(text) if text.startswith("{") else _xml(text, url)
    if not found:
        raise FetchError(url, _what_it_is(text, url))
    title, entries = found
    return Feed(url, title, tuple(_sorted(entries, url, today or dt.datetime.now(dt.UTC).date())))


def _sorted(entries: Iterable[_Raw], url: str, today: dt.date) -> Iterator[Entry]:
    """The entries as they are told, newest first, each once."""
    known: set[object] = set()
    dated: list[tuple[dt.datetime | None, Entry]] = []
    for raw in entries:
        when, entry = _entry(raw, url, today)
        marks = {entry.id, (entry.link, entry.title)}
        if (entry.link or entry.title) and not marks & known:
            known |= marks
            dated.append((when, entry))
    dated.sort(key=lambda one: (one[0] is None, -one[0].timestamp() if one[0] else 0))
    return (entry for _, entry in dated[:MOST_ENTRIES])


def _entry(raw: _Raw, url: str, today: dt.date) -> tuple[dt.datetime | None, Entry]:
    link = next(filter(None, (_absolute(one, url) for one in raw.links)), "")
    when = next(filter(None, (parse_moment(one) for one in raw.dates)), None)
    # The first day of 1970 is a zero that somebody took for a date; the east is a day ahead.
    if when and not dt.date(1970, 1, 1) < when.date() <= today + dt.timedelta(days=1):
        when = None
    name = raw.id if link.endswith(raw.id) else re.sub(r"(?<=.)#\d+\Z", "", raw.id)  # the BBC counts its edits there
    return when, Entry(name or link or raw.title, raw.title, link, when and when.date(), raw.summary)


def _absolute(link: str, url: str) -> str:
    """A link of an entry made whole; empty where there is none that can be followed, or it is the feed's own."""
    try:
        whole = urljoin(url, link.strip())
    except ValueError:
        return ""
    return "" if not link.strip() or whole == url or unsafe(whole) else whole


def _xml(text: str, url: str) -> tuple[str, list[_Raw]] | None:
    """Title and entries of RSS or Atom; None where it is neither."""
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": url}
    try:
        parsed = feedparser.parse(
            io.BytesIO(text.encode()), response_headers=headers, sanitize_html=True, resolve_relative_uris=True
        )
    except _UNTHOUGHT_OF:
        return None
    if not parsed.version:
        return None
    # No .get: feedparser's own looks elsewhere for what isn't there.
    return _titled(dict(parsed.feed)), [_of_xml(dict(one)) for one in parsed.entries]


def _of_xml(entry: Mapping[str, Any]) -> _Raw:
    links = [dict(one) for one in entry.get("links", ()) if dict(one).get("rel") == "alternate"]
    links.sort(key=lambda one: "html" not in one.get("type", "html"))
    content = [dict(one) for one in entry.get("content", ())]
    described = dict(entry.get("summary_detail", {})) or next(iter(content), {})
    name = str(entry.get("id", ""))
    return _Raw(
        id=name,
        title=_titled(entry),
        links=(*(str(one.get("href", "")) for one in links), str(entry.get("link", "")), _if_address(name)),
        dates=tuple(str(entry.get(one) or "") for one in ("published", "created", "updated")),
        summary=text_of.summary(text_of.plain(str(described.get("value", "")), markup=_is_markup(described))),
    )


def _if_address(name: str) -> str:
    return name if re.match("https?://", name) else ""


def _titled(part: Mapping[str, Any]) -> str:
    detail = dict(part.get("title_detail", {}))
    title = text_of.plain(str(detail.get("value", "")), markup=_is_markup(detail))
    return text_of.shortened(title, text_of.LONGEST_TITLE)


def _is_markup(detail: Mapping[str, Any]) -> bool:
    return bool(detail.get("type", "text/plain") != "text/plain")


def _json(text: str) -> tuple[str, list[_Raw]] | None:
    """Title and entries of a JSON Feed (jsonfeed.org, versions 1 and 1.1); None where it is none."""
    try:
        feed = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(feed, dict) or "jsonfeed.org/version/" not in str(feed.get("version", "")):
        return None
    items = feed.get("items")
    items = items if isinstance(items, list) else []
    title = text_of.shortened(text_of.plain(_string(feed, "title"), markup=False), text_of.LONGEST_TITLE)
    return title, [_of_json(one) for one in items if isinstance(one, dict)]


def _of_json(item: Mapping[str, Any]) -> _Raw:
    written = next(filter(None, (_string(item, name) for name in ("summary", "content_text"))), "")
    marked = "" if written else _string(item, "content_html")
    title = text_of.plain(_string(item, "title"), markup=False)
    return _Raw(
        id=_string(item, "id"),
        title=text_of.shortened(title, text_of.LONGEST_TITLE),
        links=(_string(item, "url"), _string(item, "external_url"), _if_address(_string(item, "id"))),
        dates=(_string(item, "date_published"), _string(item, "date_modified")),
        summary=text_of.summary(text_of.plain(written or marked, markup=bool(marked))),
    )


def _string(part: Mapping[str, Any], name: str) -> str:
    """A text, or a number that stands in its place."""
    value = part.get(name)
    return str(value) if isinstance(value, str | int | float) else ""


def _what_it_is(text: str, url: str) -> str:
    """What stands there instead of a feed, as the end of a sentence that begins with the address."""
    if not re.search(r"<(!doctype\s+html|html|head|body)\b", text[:10_000], re.IGNORECASE):
        return "is no feed: neither RSS nor Atom nor JSON Feed"
    try:
        page = lxml_html.document_fromstring(text.encode(), parser=lxml_html.HTMLParser(encoding="utf-8"))
        links = [link for link in page.iter("link") if "alternate" in str(link.get("rel", "")).lower().split()]
        offered = [str(link.get("href", "")) for link in links if _FEEDS.match(str(link.get("type", "")).strip())]
    except (etree.LxmlError, ValueError):
        offered = []
    feeds = list(dict.fromkeys(filter(None, (_absolute(one, url) for one in offered))))[:3]
    if feeds:
        return f"is a web page, not a feed; it offers {' and '.join(feeds)}, write that instead"
    return "is a web page, not a feed, and offers none"
