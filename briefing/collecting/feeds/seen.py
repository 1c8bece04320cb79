"""Record which feed entries wait to be chosen and which were collected, and the ETag and
Last-Modified of each feed. No I/O.

Entries that wait are recorded whole: a feed of a busy site drops them after a day. Of those that
were collected only a digest stays.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace

from .feed import MOST_ENTRIES, Entry, Feed

_DIGITS = 16
_MOST_DIGESTS = 2 * MOST_ENTRIES
"""Enough for the entries in a feed, and as many that were removed from it and may reappear."""
# A longer one identifies the reader rather than a version of the feed.
_LONGEST_VALIDATOR = 200


@dataclass(frozen=True, slots=True)
class WaitingEntry:
    """An entry that wasn't collected."""

    entry: Entry
    since: dt.date
    """The day on which it was found in the feed."""
    was_shown: bool = False
    """Whether the editor has seen it in a list and chosen others."""

    @property
    def day(self) -> dt.date:
        """The day of publication; if it is unknown, that on which the entry was found."""
        return self.entry.date or self.since


@dataclass(frozen=True, slots=True)
class FeedRecord:
    """What is known about one feed."""

    title: str = ""
    etag: str = ""
    modified: str = ""
    waiting: tuple[WaitingEntry, ...] = ()
    """The newest first."""
    seen: tuple[str, ...] = ()
    """Digests of the entries that don't wait any more, the latest last."""


@dataclass
class SeenEntries:
    """What is known about the feeds, by their addresses."""

    records: dict[str, FeedRecord] = field(default_factory=dict)

    def new(self, feed: Feed) -> list[Entry]:
        """Return the entries of a feed that aren't recorded yet, in its order, without those that
        have no link to collect.
        """
        record = self.record(feed.url)
        waiting = [_digest(waiting.entry) for waiting in record.waiting]
        known = {*record.seen, *waiting}
        return [
            entry
            for entry in feed.entries
            if entry.link and _digest(entry) not in known
        ]

    def record(self, url: str) -> FeedRecord:
        """Return what is known about a feed."""
        return self.records.get(url, FeedRecord())

    def add(self, feed: Feed, etag: str, modified: str, today: dt.date) -> None:
        """Record the answer of a feed: its new entries wait."""
        record = self.record(feed.url)
        found = [WaitingEntry(entry, today) for entry in self.new(feed)]
        waiting = (*found, *record.waiting)
        dropped = [entry.entry for entry in waiting[MOST_ENTRIES:]]
        self.records[feed.url] = FeedRecord(
            title=feed.title,
            etag=_valid(etag),
            modified=_valid(modified),
            waiting=waiting[:MOST_ENTRIES],
            seen=_with_digests(record.seen, dropped),
        )

    def settle(
        self,
        url: str,
        collected: Collection[Entry],
        shown: Collection[Entry],
    ) -> None:
        """Record that entries of a feed were collected, and others shown but not chosen."""
        record = self.record(url)
        waiting = []
        for entry in record.waiting:
            if entry.entry in collected:
                continue
            was_shown = entry.was_shown or entry.entry in shown
            waiting.append(replace(entry, was_shown=was_shown))
        self.records[url] = replace(
            record,
            waiting=tuple(waiting),
            seen=_with_digests(record.seen, collected),
        )

    def as_json(self) -> str:
        """Return the text of `.briefing/feeds.json`."""
        state = {"version": 2, "feeds": asdict(self)["records"]}
        return json.dumps(state, ensure_ascii=False, indent=1, default=str)


def records_in(data: bytes, urls: Collection[str]) -> dict[str, FeedRecord]:
    """Return the records of these feeds from the bytes of `.briefing/feeds.json`, which may be
    empty. Raises ValueError.
    """
    if not data:
        return {}
    match json.loads(data):
        case {"version": 1 | 2, "feeds": dict(feeds)}:
            records = {
                url: _parse_record(values) for url, values in feeds.items()
            }
        case _:
            raise ValueError
    return {url: records[url] for url in urls if url in records}


def _parse_record(values: object) -> FeedRecord:
    if isinstance(values, dict):
        # Version 1 recorded only what had been shown.
        values = {"title": "", "waiting": [], **values}
    match values:
        case {
            "title": str(title),
            "etag": str(etag),
            "modified": str(modified),
            "waiting": list(waiting),
            "seen": list(seen),
        } if all(isinstance(digest, str) for digest in seen):
            entries = tuple(map(_parse_waiting, waiting))
            return FeedRecord(title, etag, modified, entries, tuple(seen))
    raise ValueError


def _parse_waiting(values: object) -> WaitingEntry:
    match values:
        case {
            "entry": {
                "id": str(identity),
                "title": str(title),
                "link": str(link),
                "date": str() | None as date,
            },
            "since": str(since),
            "was_shown": bool(was_shown),
        }:
            day = dt.date.fromisoformat(date) if date else None
            entry = Entry(identity, title, link, day)
            return WaitingEntry(entry, dt.date.fromisoformat(since), was_shown)
    raise ValueError


def _with_digests(
    seen: Sequence[str], entries: Iterable[Entry]
) -> tuple[str, ...]:
    """Return the digests that are recorded, and then those of more entries; of all, the latest."""
    latest = dict.fromkeys(map(_digest, entries))
    earlier = [digest for digest in seen if digest not in latest]
    return (*earlier, *reversed(latest))[-_MOST_DIGESTS:]


def _valid(validator: str) -> str:
    """Return an ETag or Last-Modified if it is fit to be sent back in a request; else ""."""
    if len(validator) > _LONGEST_VALIDATOR:
        return ""
    is_field = validator.isascii() and validator.isprintable()
    return validator if is_field else ""


def _digest(entry: Entry) -> str:
    identity = entry.id.encode("utf-8", "replace")
    return hashlib.sha256(identity).hexdigest()[:_DIGITS]
