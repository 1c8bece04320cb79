"""Keep fetched pages unchanged as evidence, because pages vanish and headlines are rewritten.

Each page is a WARC file (ISO 28500, the format of web archives), named after the time and the
SHA-256 of its body, in a folder for the year below `.briefing/evidence/`. `index.jsonl` is only
appended to: one line per page, with the link and headline of the item. Only the owner can read
these files.

Nothing in them shows who fetched the page: the request is reduced to the address, and the response
has no cookies.
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
from http.client import responses
from itertools import count
from pathlib import Path
from urllib.parse import unquote, urlsplit

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from briefing.collecting.text.wordlists import words
from briefing.errors import BriefingError, display_path
from briefing.network.fetch import Response
from briefing.newsletter import Newsletter
from briefing.storage import files

from .page import Page
from .publishers import site_names
from .titles import find_headline

FOLDER = "evidence"
INDEX = "index.jsonl"
MAX_FIELD = 2000
"""The most characters of a link or headline in the index."""

_SPACES = re.compile(r"[\s\u200b\u2060\ufeff]+")
# Quotation marks and dashes, which publishers change without changing a headline.
_QUOTES = "\"'`´‘’‚‛“”„‟‹›«»′″「」『』＂＇"
_DASHES = "-‐‑‒–—―−﹘﹣－"
_INSIGNIFICANT = dict.fromkeys(map(ord, _QUOTES + _DASHES))
# They describe the body in transfer; it is kept decoded.
_TRANSFER_HEADERS = words(
    "content-encoding transfer-encoding content-length connection keep-alive"
)
_COOKIES = {"set-cookie", "set-cookie2"}


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """A page that was kept, with its item's link and headline."""

    at: dt.datetime
    """When it was fetched, in UTC."""
    url: str
    """The address that answered."""
    link: str
    """The item's link."""
    headline: str
    path: Path


def keep_page(
    newsletter: Newsletter,
    response: Response,
    at: dt.datetime,
    *,
    link: str = "",
    headline: str = "",
) -> Path:
    """Keep a page with its item's link and headline, and return its file once it is safely on disk.

    `at` has a time zone. Raises BriefingError (disk full, no permission); the pages that were kept
    before stay.
    """
    at = at.astimezone(dt.UTC)
    digest = hashlib.sha256(response.body).hexdigest()
    root = newsletter.state / FOLDER
    folder = files.make_private_folder(root / f"{at:%Y}")
    path = _create(
        folder, f"{at:%Y-%m-%dT%H%M%SZ}-{digest}", _warc(response, at)
    )
    row = {
        "time": at.isoformat(timespec="seconds"),
        "sha256": digest,
        "url": response.url[:MAX_FIELD],
        "link": (link or response.url)[:MAX_FIELD],
        "headline": headline[:MAX_FIELD],
        "file": path.relative_to(root).as_posix(),
    }
    _append(root / INDEX, row)
    return path


def find_kept(newsletter: Newsletter, url: str) -> list[EvidenceFile]:
    """Return the kept versions of a page, the latest last; `url` is the address that answered, or
    the item's link.

    Unreadable lines of the index are skipped, because an interrupted command may have cut one off.
    """
    wanted = _comparable(url)
    return [
        page
        for page in _read_index(newsletter)
        if wanted in map(_comparable, (page.url, page.link))
    ]


def headline_changed(before: str, after: str) -> bool:
    """Whether a headline changed in more than quotation marks, dashes, spaces or capitals."""
    return _significant(before) != _significant(after)


def read_headline(data: bytes, url: str) -> str:
    """Return a page's present headline, found as in `collect`; "" if it has none."""
    page = Page.read(data, url)
    headline, _ = find_headline(page, site_names(page, {}))
    return headline


def _create(folder: Path, stem: str, data: bytes) -> Path:
    """Write a file, with a number in its name if the page was already kept in the same second."""
    for number in count(1):
        suffix = f"-{number}" if number > 1 else ""
        path = folder / f"{stem}{suffix}.warc.gz"
        try:
            files.create(path, data, mode=files.PRIVATE_FILE)
        except FileExistsError:
            continue
        return path
    raise AssertionError("numbers don't end")


# --- WARC


def _warc(response: Response, at: dt.datetime) -> bytes:
    """Return the file of one page: the response, and the request for it."""
    date = f"{at:%Y-%m-%dT%H:%M:%SZ}"
    digest = hashlib.sha256(response.body).digest()
    buffer = io.BytesIO()
    writer = WARCWriter(buffer, gzip=True)
    answer = writer.create_warc_record(
        response.url,
        "response",
        payload=io.BytesIO(response.body),
        length=len(response.body),
        warc_headers_dict={
            "WARC-Date": date,
            "WARC-Payload-Digest": f"sha256:{b32encode(digest).decode()}",
        },
        http_headers=_response_headers(response),
    )
    request = writer.create_warc_record(
        response.url,
        "request",
        warc_headers_dict={"WARC-Date": date},
        http_headers=_request_headers(response.url),
    )
    writer.write_request_response_pair(request, answer)
    return buffer.getvalue()


def _request_headers(url: str) -> StatusAndHeaders:
    parts = urlsplit(url)
    target = parts.path or "/"
    if parts.query:
        target += f"?{parts.query}"
    return StatusAndHeaders(
        f"GET {target} HTTP/1.1",
        [("Host", parts.netloc)],
        is_http_request=True,
    )


def _response_headers(response: Response) -> StatusAndHeaders:
    return StatusAndHeaders(
        f"{response.status} {responses.get(response.status, 'Unknown')}",
        list(_headers(response)),
        protocol="HTTP/1.1",
    )


def _headers(response: Response) -> Iterator[tuple[str, str]]:
    """Yield the header fields without cookies; those about the transfer are renamed, because the
    body is kept decoded.
    """
    for name, value in response.headers.items():
        line = _SPACES.sub(" ", value).strip()
        if name.lower() in _TRANSFER_HEADERS:
            yield f"X-Archive-Orig-{name}", line
        elif name.lower() not in _COOKIES:
            yield name, line
    yield "Content-Length", str(len(response.body))


# --- The index


def _append(path: Path, row: dict[str, str]) -> None:
    """Append a line to the index. Raises BriefingError."""
    line = (
        json.dumps(row, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
    )
    try:
        descriptor = os.open(
            path, os.O_RDWR | os.O_APPEND | os.O_CREAT, files.PRIVATE_FILE
        )
        with os.fdopen(descriptor, "r+b", buffering=0) as file:
            os.fchmod(file.fileno(), files.PRIVATE_FILE)
            size = file.seek(0, os.SEEK_END)
            if size and os.pread(file.fileno(), 1, size - 1) != b"\n":
                # An interrupted command cut off the last line.
                line = b"\n" + line
            if file.write(line) != len(line):
                raise BriefingError(
                    f"{display_path(path)}: can't be written completely; is the disk full?"
                )
            os.fsync(file.fileno())
    except OSError as error:
        raise BriefingError(
            f"{display_path(path)}: can't be written: {files.reason(error)}"
        ) from error


def _read_index(newsletter: Newsletter) -> Iterator[EvidenceFile]:
    root = newsletter.state / FOLDER
    path = root / INDEX
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return
    except OSError as error:
        raise BriefingError(
            f"{display_path(path)}: can't be read: {error.strerror}"
        ) from error
    for line in data.split(b"\n"):
        page = _read_row(line, root)
        if page:
            yield page


def _read_row(line: bytes, root: Path) -> EvidenceFile | None:
    try:
        row = json.loads(line)
        return EvidenceFile(
            at=dt.datetime.fromisoformat(row["time"]),
            url=str(row["url"]),
            link=str(row["link"]),
            headline=str(row["headline"]),
            path=root / str(row["file"]),
        )
    except (ValueError, LookupError, TypeError, RecursionError):
        return None


def _comparable(url: str) -> str:
    """Return an address for comparing: unescaped, and without its fragment."""
    address, _, _ = unquote(url).partition("#")
    return address.rstrip("/")


def _significant(headline: str) -> str:
    letters = headline.translate(_INSIGNIFICANT)
    return _SPACES.sub("", letters).casefold()
