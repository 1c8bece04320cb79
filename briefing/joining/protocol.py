"""What the server and the editors' computer ("home" in the code) tell each other. No I/O.

The server keeps a request for each thing that a reader did. A departure is the digest of a token,
which only the editors can match with a reader. Everything else is encrypted to the editors' keys
(`wishes.py`): any one of them opens it, and the server can't.

All of it is JSON over HTTPS, with `Authorization: Bearer KEY`. Without the right key, these paths
don't exist (404).

    GET  /sync/requests?after=N          → a `RequestBatch`: the first MOST_REQUESTS requests after N
    POST /sync/acknowledged              {"store": STORE, "up_to": N} → {}; 409: another store
    PUT  /sync/tokens?upload=N           body: up to DIGESTS_AT_ONCE digests of 32 bytes each, in
                                         ascending order; a part may be repeated → {}
    POST /sync/tokens                    {"upload": N, "count": C} → {}: these are now all tokens;
                                         409: the server has another number of them

N of an upload is a random number below MOST_UPLOAD; one upload at a time.

Requests are numbered in the order in which they came, and no number is used twice in a store. They
stay for KEPT_DAYS after they were acknowledged, so that an editor who had to restore a backup gets
them again: home remembers the store and the last number that it has carried out, and asks for what
came after. If the server has another store, its numbers began again, and home asks from 0.
"""

import datetime as dt
import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

MOST_BYTES = 65_536
"""The largest body that the server takes; see DIGESTS_AT_ONCE."""
DIGEST_LENGTH = 32
DIGESTS_AT_ONCE = MOST_BYTES // DIGEST_LENGTH
MOST_REQUESTS = 500
MOST_UPLOAD = 1 << 53
KEPT_DAYS = 30
"""Days for which acknowledged requests stay on the server."""

SYNC = "/sync/"
"""Every path below begins with it."""
REQUESTS = "/sync/requests"
ACKNOWLEDGED = "/sync/acknowledged"
TOKENS = "/sync/tokens"

SEALED = re.compile(r"[A-Za-z0-9_-]{40,3000}")
"""What a link carries, encrypted with the key of the side that made it."""
STORE = re.compile(r"[0-9a-f]{16}")
_DIGEST = re.compile(r"[0-9a-f]{64}")


class RequestKind(StrEnum):
    """What a reader did."""

    LEAVE = "leave"
    JOIN = "join"
    CHANGE = "change"
    """Of the language; with earlier versions, of the name or address, too."""
    FIND = "find"
    """With earlier versions: a reader asked for the link in their emails."""
    QUEUED = "queued"
    """With earlier versions: someone wanted to join while the form was closed."""
    UNDO = "undo"
    """With earlier versions: a reader undid a change of address."""


class UnreadableError(Exception):
    """A request can't be opened with these keys, or isn't what the server writes.

    The message names the reason and quotes nothing.
    """


def matching(pattern: re.Pattern[str], name: str) -> Callable[[str], str]:
    """Return a function that returns a text as it is, and raises ValueError if it doesn't match."""

    def check(text: str) -> str:
        if not pattern.fullmatch(text):
            raise ValueError(f"{name} isn't in the expected format")
        return text

    return check


def parse_day(text: str) -> str:
    """Return a date in ISO 8601. Raises ValueError."""
    return dt.date.fromisoformat(text).isoformat()


@dataclass(frozen=True, slots=True, repr=False)
class Request:
    """One request, as it goes from the server to home."""

    id: int
    kind: RequestKind
    day: str
    body: str
    """Of a departure: the digest of a token, hexadecimal. Of UNDO: what its link carries. Otherwise an age
    file in Base64.
    """


@dataclass(frozen=True, slots=True)
class RequestBatch:
    """The answer to GET /sync/requests."""

    store: str
    """Identifies the server's database: another one begins to count again."""
    tokens: int
    """The number of tokens that the server knows."""
    requests: Sequence[Request] = ()


def token_digest(token: str) -> bytes:
    """Return what the server knows of a token, or of an invitation: 32 bytes."""
    return hashlib.sha256(token.encode()).digest()


def key_digest(key: str) -> str:
    """Return what the server knows of the key that requests need, hexadecimal."""
    return hashlib.sha256(b"briefing sync key " + key.encode()).hexdigest()


def parse_batch(data: bytes) -> RequestBatch:
    """Read the server's answer, as untrusted data. Raises UnreadableError."""
    try:
        given = json.loads(data)
        requests = [_parse_request(each) for each in given["requests"]]
        return RequestBatch(
            store=matching(STORE, "store")(given["store"]),
            tokens=_number(given["tokens"]),
            requests=requests,
        )
    except (
        KeyError,
        RecursionError,
        TypeError,
        ValueError,
    ):
        raise UnreadableError(
            "the answer doesn't come from 'briefing subscribers serve'; check 'url' under [joining] in briefing.toml"
        ) from None


def _parse_request(given: Mapping[str, Any]) -> Request:
    kind = RequestKind(given["kind"])
    body = given["body"]
    if kind is RequestKind.LEAVE:
        matching(_DIGEST, "body")(body)
    elif kind is RequestKind.UNDO:
        matching(SEALED, "body")(body)
    elif not isinstance(body, str) or len(body) > MOST_BYTES:
        raise ValueError("a body isn't in the expected format")
    return Request(_number(given["id"]), kind, parse_day(given["day"]), body)


def _number(given: object) -> int:
    if type(given) is not int or given < 0:
        raise ValueError("a number isn't in the expected format")
    return given
