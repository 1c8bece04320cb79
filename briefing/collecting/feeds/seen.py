"""Record which feed entries the editor has seen, and the ETag and Last-Modified of each feed. No
I/O.

The JSON has only digests of the entries, because which news an editor reads is private.
"""

import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass, field

from briefing.collecting.feeds.feed import MOST_ENTRIES, Entry, Feed

_DIGITS = 16
_MOST_DIGESTS = 2 * MOST_ENTRIES
"""Enough for the entries in a feed, and as many that were removed from it and may reappear."""
# A longer one identifies the reader rather than a version of the feed.
_LONGEST_VALIDATOR = 200


@dataclass(frozen=True, slots=True)
class FeedRecord:
    """What is known about one feed."""

    etag: str = ""
    modified: str = ""
    seen: list[str] = field(default_factory=list)
    """Digests of entries, the latest last."""


@dataclass
class SeenEntries:
    """The entries that the editor has seen, by feed."""

    records: dict[str, FeedRecord] = field(default_factory=dict)

    def new(self, feed: Feed) -> list[Entry]:
        """Return the entries of a feed that the editor hasn't seen yet, in its order."""
        seen = set(self._record(feed.url).seen)
        return [entry for entry in feed.entries if _digest(entry) not in seen]

    def validators(self, url: str) -> tuple[str, str]:
        """Return the ETag and Last-Modified of a feed's last answer; "" if missing."""
        record = self._record(url)
        return record.etag, record.modified

    def remember(
        self,
        url: str,
        entries: Iterable[Entry],
        etag: str = "",
        modified: str = "",
    ) -> None:
        """Record that the editor has seen these entries.

        Pass the validators of the answer only if every new entry was seen: with them, the next
        request asks only for changes since then.
        """
        latest = dict.fromkeys(map(_digest, entries))
        record = self._record(url)
        seen = [digest for digest in record.seen if digest not in latest]
        seen += reversed(latest)
        self.records[url] = FeedRecord(
            etag=_valid(etag),
            modified=_valid(modified),
            seen=seen[-_MOST_DIGESTS:],
        )

    def as_json(self) -> str:
        """Return the text of `.briefing/feeds.json`."""
        state = {"version": 1, "feeds": asdict(self)["records"]}
        return json.dumps(state, ensure_ascii=False, indent=1)

    def _record(self, url: str) -> FeedRecord:
        return self.records.get(url, FeedRecord())


def records_in(data: bytes, urls: Collection[str]) -> dict[str, FeedRecord]:
    """Return the records of these feeds from the bytes of `.briefing/feeds.json`, which may be
    empty. Raises ValueError.
    """
    if not data:
        return {}
    match json.loads(data):
        case {"version": 1, "feeds": dict(feeds)}:
            records = {
                url: _parse_record(values) for url, values in feeds.items()
            }
        case _:
            raise ValueError
    return {url: records[url] for url in urls if url in records}


def _parse_record(values: object) -> FeedRecord:
    match values:
        case {
            "etag": str(etag),
            "modified": str(modified),
            "seen": list(seen),
        }:
            if all(isinstance(digest, str) for digest in seen):
                return FeedRecord(etag, modified, seen)
    raise ValueError


def _valid(validator: str) -> str:
    """Return an ETag or Last-Modified if it is fit to be sent back in a request; else ""."""
    if len(validator) > _LONGEST_VALIDATOR:
        return ""
    is_field = validator.isascii() and validator.isprintable()
    return validator if is_field else ""


def _digest(entry: Entry) -> str:
    identity = entry.id.encode("utf-8", "replace")
    return hashlib.sha256(identity).hexdigest()[:_DIGITS]
