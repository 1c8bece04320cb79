"""What is new in the feeds since last time.

`.briefing/feeds.json` (0600: which feeds an editor reads is nobody's matter) holds for each feed how its last answer
was marked, and digests of the entries that the editor was shown. It is written after these reached the editor: what
stops before leaves them new, so that nothing is missed, only shown again.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from briefing import files
from briefing.collecting.feeds.feed import MOST_ENTRIES, Entry, Feed, read_feed
from briefing.errors import BriefingError, FetchError, shown
from briefing.fetch import Response
from briefing.newsletter import Newsletter
from briefing.parallel import ask_in_parallel

FILE = "feeds.json"
AT_ONCE = 8
"""Feeds that are asked side by side."""

_VERSION = 1
_DIGITS = 16
# What can be sent back as a header field; what is longer is no mark of a version but of a reader.
_MARK = re.compile(r"[\x20-\x7e]{1,200}")


@dataclass
class _Record:
    """What is known of one feed."""

    etag: str = ""
    modified: str = ""
    seen: list[str] = field(default_factory=list)
    """Digests of entries, the latest last."""


@dataclass
class Seen:
    """The entries that were shown, by their feeds."""

    path: Path
    note: str = ""
    """Why nothing is known, where the file is damaged; one line."""
    _records: dict[str, _Record] = field(default_factory=dict)

    @classmethod
    def of(cls, newsletter: Newsletter) -> "Seen":
        """What a newsletter's editor was shown of the feeds in its settings; nothing where there is no file, or a
        damaged one, which the note tells. Of feeds that were taken out of the settings nothing is kept."""
        path = newsletter.state / FILE
        try:
            records = _read(path.read_bytes())
        except FileNotFoundError:
            return cls(path)
        except (OSError, ValueError, RecursionError):
            note = f"{shown(path)}: can't be read, so that everything in the feeds is shown as new"
            return cls(path, note)
        kept = newsletter.settings.collect.feeds
        return cls(path, _records={url: record for url, record in records.items() if url in kept})

    def new(self, feed: Feed) -> list[Entry]:
        """Those entries of a feed that weren't shown yet, in its order."""
        seen = set(self._record(feed.url).seen)
        return [entry for entry in feed.entries if _digest(entry) not in seen]

    def marks(self, url: str) -> tuple[str, str]:
        """ETag and Last-Modified of a feed's last answer, empty where there was none."""
        record = self._record(url)
        return record.etag, record.modified

    def remember(self, url: str, entries: Iterable[Entry], etag: str = "", modified: str = "") -> None:
        """That these entries were shown. The marks are those of the answer that they came in, and say to the site next
        time that nothing else is wanted of it: give none unless all that is new in it was shown."""
        shown_now = [_digest(entry) for entry in entries]
        before = [one for one in self._record(url).seen if one not in set(shown_now)]
        # Twice what a feed can hold: all of it, and as much again that has gone from it and may come back.
        seen = [*before, *reversed(shown_now)][-2 * MOST_ENTRIES :]
        etag, modified = (one if _MARK.fullmatch(one) else "" for one in (etag, modified))
        self._records[url] = _Record(etag, modified, seen)

    def save(self) -> None:
        """Write it down, in one step. Raises BriefingError; then what was known last time is still there."""
        feeds = {
            url: {"etag": one.etag, "modified": one.modified, "seen": one.seen} for url, one in self._records.items()
        }
        files.make_private_folder(self.path.parent)
        text = json.dumps({"version": _VERSION, "feeds": feeds}, ensure_ascii=False, indent=1)
        try:
            self.path.touch(files.PRIVATE_FILE)
            self.path.chmod(files.PRIVATE_FILE)
        except OSError as error:
            raise BriefingError(f"{shown(self.path)}: can't be written: {error.strerror}") from error
        files.write_atomically(self.path, text.encode())

    def _record(self, url: str) -> _Record:
        return self._records.get(url, _Record())


def _read(data: bytes) -> dict[str, _Record]:
    """The records in a file; an empty one is as good as none. Raises ValueError."""
    if not data:
        return {}
    tables = json.loads(data)
    if not isinstance(tables, dict) or tables.get("version") != _VERSION or not isinstance(tables.get("feeds"), dict):
        raise ValueError
    return {url: _record(table) for url, table in tables["feeds"].items()}


def _record(table: object) -> _Record:
    if not isinstance(table, dict):
        raise ValueError  # noqa: TRY004 - a damaged file, not a mistake of ours
    etag, modified, seen = table.get("etag", ""), table.get("modified", ""), table.get("seen", [])
    if not isinstance(seen, list) or not all(isinstance(one, str) for one in (etag, modified, *seen)):
        raise ValueError
    return _Record(etag, modified, seen)


def _digest(entry: Entry) -> str:
    return hashlib.sha256(entry.id.encode("utf-8", "replace")).hexdigest()[:_DIGITS]


class Fetch(Protocol):
    """How feeds are asked for: `fetch`, with a guard of the settings."""

    def __call__(self, url: str, *, etag: str, modified: str) -> Response: ...


@dataclass(frozen=True, slots=True)
class Gathered:
    """What came of asking for one feed."""

    url: str
    feed: Feed | None = None
    """None where nothing changed in it, or where it failed."""
    entries: tuple[Entry, ...] = ()
    """Those that weren't shown yet."""
    error: FetchError | None = None
    etag: str = ""
    modified: str = ""


def gather(
    seen: Seen,
    fetch: Fetch,
    feeds: Sequence[str],
    *,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> list[Gathered]:
    """Ask for the feeds side by side, and tell of each what is new, in their order; one that fails stops no other.

    Nothing is remembered: call `remember` with what of it was shown, then `save`. `progress` is told how many are done.
    """
    urls = list(dict.fromkeys(feeds))
    return list(
        _with_new(seen, ask_in_parallel(lambda url: _ask(url, fetch, *seen.marks(url)), urls, AT_ONCE, progress))
    )


def _with_new(seen: Seen, answers: Iterable[Gathered]) -> Iterator[Gathered]:
    for answer in answers:
        entries = tuple(seen.new(answer.feed)) if answer.feed else ()
        yield Gathered(answer.url, answer.feed, entries, answer.error, answer.etag, answer.modified)


def _ask(url: str, fetch: Fetch, etag: str, modified: str) -> Gathered:
    try:
        answer = fetch(url, etag=etag, modified=modified)
        if answer.status == 304:
            return Gathered(url, etag=etag, modified=modified)
        feed = _feed(url, answer)
    except FetchError as error:
        return Gathered(url, error=error)
    if urlsplit(answer.url).netloc.lower() != urlsplit(url).netloc.lower():
        return Gathered(url, feed)  # its marks are another host's, and are sent to none but that
    return Gathered(url, feed, etag=answer.headers.get("ETag", ""), modified=answer.headers.get("Last-Modified", ""))


def _feed(url: str, answer: Response) -> Feed:
    """The feed in an answer, known by the address in the settings, wherever that leads. Raises FetchError."""
    if answer.status != 200:
        raise FetchError(url, f"answers {answer.status} instead of a feed")
    feed = read_feed(answer.body, answer.url, answer.headers.get("Content-Type", ""))
    return Feed(url, feed.title, feed.entries)
