"""Pages as they were fetched, kept as evidence: pages vanish, and headlines are rewritten.

Each page is a WARC file of its own (ISO 28500, what web archives keep and other tools open), named by the time and the
SHA-256 of what the site sent, below `.briefing/evidence/` and a folder for the year. `index.jsonl` beside them is only
added to: a line a page, with the link and the headline that went into the item. All of it is for its owner alone.

Nothing in it tells who fetched: of the request the address, of the answer everything but the cookies.
"""

import datetime as dt
import hashlib
import io
import json
import os
import re
from base64 import b32encode
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from itertools import count
from pathlib import Path
from urllib.parse import unquote, urlsplit

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from briefing import files
from briefing.collecting.web.page import Page
from briefing.collecting.web.publishers import site_names
from briefing.collecting.web.titles import find_headline
from briefing.errors import BriefingError, shown
from briefing.fetch import Response
from briefing.newsletter import Newsletter

FOLDER = "evidence"
INDEX = "index.jsonl"
LONGEST = 2000
"""Characters of a link or a headline that the index keeps."""

_SPACES = re.compile(r"[\s\u200b\u2060\ufeff]+")
_QUOTES = re.compile("[\"'`´‘’‚‛“”„‟‹›«»′″「」『』＂＇]+")
_DASHES = re.compile("[-‐‑‒–—―−﹘﹣－]+")
# How a body travelled; it is kept as it was read.
_OF_TRAVEL = {"content-encoding", "transfer-encoding", "content-length", "connection", "keep-alive"}
_IDENTIFY = {"set-cookie", "set-cookie2"}


@dataclass(frozen=True, slots=True)
class Kept:
    """A page that was kept, and what was made of it."""

    at: dt.datetime
    """When it was fetched, in UTC."""
    sha256: str
    """Of the body, as hexadecimal digits."""
    url: str
    """The address that answered."""
    link: str
    """The one that went into the item."""
    headline: str
    path: Path


def keep(newsletter: Newsletter, response: Response, at: dt.datetime, *, link: str = "", headline: str = "") -> Path:
    """Write a page down as it was fetched, with what went into its item, and return where it is; durable then.

    `at` has a time zone. Raises BriefingError (disk full, no permission); the pages that were kept before stay.
    """
    at = at.astimezone(dt.UTC)
    digest = hashlib.sha256(response.body).hexdigest()
    root = newsletter.state / FOLDER
    folder = files.make_private_folder(root / f"{at:%Y}")
    data = _warc(response, at)
    for number in count(1):
        path = folder / f"{at:%Y-%m-%dT%H%M%SZ}-{digest}{f'-{number}' if number > 1 else ''}.warc.gz"
        try:
            files.create(path, data, mode=files.PRIVATE_FILE)
        except FileExistsError:  # two addresses of one page, within a second
            continue
        break
    row = {
        "time": at.isoformat(timespec="seconds"),
        "sha256": digest,
        "url": response.url[:LONGEST],
        "link": (link or response.url)[:LONGEST],
        "headline": headline[:LONGEST],
        "file": path.relative_to(root).as_posix(),
    }
    _append(root / INDEX, row)
    return path


def pages(newsletter: Newsletter, url: str) -> list[Kept]:
    """What was kept of a page, the latest last; `url` is the address that answered, or the item's link.

    A line of the index that can't be read is passed over: it is one that a stop cut short.
    """
    wanted = _folded(url)
    return [kept for kept in _index(newsletter) if wanted in {_folded(kept.url), _folded(kept.link)}]


def changed(headline_then: str, headline_now: str) -> bool:
    """Whether a headline says something else than it did: not only other quotes, dashes, spaces or capitals."""
    return _bare(headline_then) != _bare(headline_now)


def headline_of(data: bytes, url: str) -> str:
    """The headline that a page has now, found as it is when it is collected; empty where there is none."""
    page = Page.read(data, url)
    return find_headline(page, site_names(page, {}))[0]


def _warc(response: Response, at: dt.datetime) -> bytes:
    """The file of one page: the answer, and the request for it."""
    parts = urlsplit(response.url)
    when = f"{at:%Y-%m-%dT%H:%M:%SZ}"
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    payload = f"sha256:{b32encode(hashlib.sha256(response.body).digest()).decode()}"
    buffer = io.BytesIO()
    writer = WARCWriter(buffer, gzip=True)
    answer = writer.create_warc_record(
        response.url,
        "response",
        payload=io.BytesIO(response.body),
        length=len(response.body),
        warc_headers_dict={"WARC-Date": when, "WARC-Payload-Digest": payload},
        http_headers=StatusAndHeaders(_status(response.status), list(_headers(response)), protocol="HTTP/1.1"),
    )
    request = writer.create_warc_record(
        response.url,
        "request",
        warc_headers_dict={"WARC-Date": when},
        http_headers=StatusAndHeaders(f"GET {target} HTTP/1.1", [("Host", parts.netloc)], is_http_request=True),
    )
    writer.write_request_response_pair(request, answer)
    return buffer.getvalue()


def _status(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"{status} Unknown"


def _headers(response: Response) -> Iterator[tuple[str, str]]:
    """The header fields, with those of the body as it is kept; what they were stands beside."""
    for name, value in response.headers.items():
        line = _SPACES.sub(" ", value).strip()
        if name.lower() in _OF_TRAVEL:
            yield f"X-Archive-Orig-{name}", line
        elif name.lower() not in _IDENTIFY:
            yield name, line
    yield "Content-Length", str(len(response.body))


def _append(path: Path, row: dict[str, str]) -> None:
    """Add a line to the index. Raises BriefingError."""
    line = json.dumps(row, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, files.PRIVATE_FILE)
        with os.fdopen(descriptor, "r+b", buffering=0) as file:
            os.fchmod(file.fileno(), files.PRIVATE_FILE)
            size = file.seek(0, os.SEEK_END)
            if size and os.pread(file.fileno(), 1, size - 1) != b"\n":  # a stop cut the last one short
                line = b"\n" + line
            if file.write(line) != len(line):
                raise BriefingError(f"{shown(path)}: can't be written whole; is the disk full?")
            os.fsync(file.fileno())
    except OSError as error:
        raise BriefingError(f"{shown(path)}: can't be written: {error.strerror}") from error


def _index(newsletter: Newsletter) -> Iterator[Kept]:
    root = newsletter.state / FOLDER
    try:
        data = (root / INDEX).read_bytes()
    except FileNotFoundError:
        return
    except OSError as error:
        raise BriefingError(f"{shown(root / INDEX)}: can't be read: {error.strerror}") from error
    for line in data.split(b"\n"):
        try:
            row = json.loads(line)
            sha256, url, link, headline = (str(row[name]) for name in ("sha256", "url", "link", "headline"))
            yield Kept(dt.datetime.fromisoformat(row["time"]), sha256, url, link, headline, root / str(row["file"]))
        except (ValueError, LookupError, TypeError, RecursionError):
            continue


def _folded(url: str) -> str:
    """An address for comparing: however it is escaped, and without a place on its page."""
    return unquote(url).partition("#")[0].rstrip("/")


def _bare(headline: str) -> str:
    return _SPACES.sub("", _DASHES.sub("", _QUOTES.sub("", headline))).casefold()
