"""What the server and the editors' computer ("home" in the code) tell each other. No I/O.

The server keeps a request for each thing that a reader did. A departure is the digest of a token,
which only the editors can match with a reader. Everything else contains an address or a name, so it
is encrypted to the editors' age keys (https://age-encryption.org/v1): any one of them opens it, and
the server can't. A request to undo a change of address carries what home sealed into the link.

All of it is JSON over HTTPS, with `Authorization: Bearer KEY`. Without the right key, these paths
don't exist (404).

    GET  /sync/requests?after=N          → a `RequestBatch`: the first MOST_REQUESTS requests after N
    POST /sync/acknowledged              {"store": STORE, "up_to": N} → {}; 409: another store
    PUT  /sync/tokens?upload=N           body: up to DIGESTS_AT_ONCE digests of 32 bytes each, in
                                         ascending order; a part may be repeated → {}
    POST /sync/tokens                    {"upload": N, "count": C} → {}: these are now all tokens;
                                         409: the server has another number of them
    PUT  /sync/invitations               body: the digests of all valid invitations → {}
    POST /sync/mode                      {"mode": "open" | "closed" | "invited" | ""} → {}; "": as
                                         briefing.toml has it

N of an upload is a random number below MOST_UPLOAD; one upload at a time.

Requests are numbered in the order in which they came, and no number is used twice in a store. They
stay for KEPT_DAYS after they were acknowledged, so that an editor who had to restore a backup gets
them again: home remembers the store and the last number that it has carried out, and asks for what
came after. If the server has another store, its numbers began again, and home asks from 0.
"""

import base64
import binascii
import datetime as dt
import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from typing import Any, ClassVar

import pyrage

from briefing.subscribers.subscriber import (
    clean_name,
    parse_address,
    parse_lang,
)
from briefing.subscribers.suppression import TOKEN

MOST_BYTES = 65_536
"""The largest body that the server takes; see DIGESTS_AT_ONCE."""
DIGEST_LENGTH = 32
DIGESTS_AT_ONCE = MOST_BYTES // DIGEST_LENGTH
MOST_REQUESTS = 500
MOST_INVITATIONS = DIGESTS_AT_ONCE
MOST_UPLOAD = 1 << 53
KEPT_DAYS = 30
"""Days for which acknowledged requests stay on the server."""
LONGEST_WORDING = 1_000
"""Characters of the consent's wording."""
BLOCK = 512
"""Bytes: plaintexts are padded to a multiple of them, so that their length doesn't tell that of an
address.
"""

SYNC = "/sync/"
"""Every path below begins with it."""
REQUESTS = "/sync/requests"
ACKNOWLEDGED = "/sync/acknowledged"
TOKENS = "/sync/tokens"
INVITATIONS = "/sync/invitations"
MODE = "/sync/mode"

SEALED = re.compile(r"[A-Za-z0-9_-]{40,3000}")
"""What a link carries, encrypted with the key of the side that made it."""
INVITATION = re.compile(r"[A-Za-z0-9_-]{16,64}")
FORM = re.compile(r"[a-z0-9-]{1,30}")
STORE = re.compile(r"[0-9a-f]{16}")
_DIGEST = re.compile(r"[0-9a-f]{64}")


class RequestKind(StrEnum):
    """What a reader did."""

    LEAVE = "leave"
    JOIN = "join"
    CHANGE = "change"
    FIND = "find"
    QUEUED = "queued"
    UNDO = "undo"
    """A reader undoes a change of address."""


class Mode(StrEnum):
    """Who can join."""

    OPEN = "open"
    CLOSED = "closed"
    """Requests wait, encrypted, until an editor agrees."""
    INVITED = "invited"
    """Only people with an invitation's link."""


class UnreadableError(Exception):
    """A request can't be opened with these keys, or isn't what the server writes.

    The message names the reason and quotes nothing.
    """


@dataclass(frozen=True, slots=True, repr=False)
class Wish:
    """What a reader asked for, as only the editors can read it. Fields are checked when it is opened
    and when it is made: ValueError.
    """

    kind: ClassVar[RequestKind]

    def __post_init__(self) -> None:
        for place in fields(self):
            value = getattr(self, place.name)
            if value is None:
                continue
            if not isinstance(value, str):
                raise ValueError(f"{place.name} isn't text")  # noqa: TRY004  # all mistakes in a wish are ValueErrors
            check: Callable[[str], str] = place.metadata["check"]
            object.__setattr__(self, place.name, check(value))

    def __repr__(self) -> str:
        """Leave out everything, so that no traceback or log names a reader."""
        return f"{type(self).__name__}()"


def _checked(check: Callable[[str], str], **options: Any) -> Any:
    return field(metadata={"check": check}, **options)


def _matching(pattern: re.Pattern[str], name: str) -> Callable[[str], str]:
    def check(text: str) -> str:
        if not pattern.fullmatch(text):
            raise ValueError(f"{name} isn't in the expected format")
        return text

    return check


def _day(text: str) -> str:
    return dt.date.fromisoformat(text).isoformat()


def _wording(text: str) -> str:
    return " ".join(text.split())[:LONGEST_WORDING]


@dataclass(frozen=True, slots=True, repr=False)
class Join(Wish):
    """Someone joins, and has confirmed it from their own mailbox."""

    kind = RequestKind.JOIN

    address: str = _checked(parse_address)
    lang: str = _checked(parse_lang)
    name: str = _checked(clean_name)
    form: str = _checked(_matching(FORM, "form"))
    """Where they asked: `page`, `invitation`, or the name that the organisation's own site gave."""
    wording: str = _checked(_wording)
    """What they agreed to, word for word."""
    asked: str = _checked(_day)
    """The day on which the form was filled in, in ISO 8601 (UTC), like all days here."""
    confirmed: str = _checked(_day)


@dataclass(frozen=True, slots=True, repr=False)
class Change(Wish):
    """A reader wants to get the newsletter in another language, under another name or at another
    address. None: as before.
    """

    kind = RequestKind.CHANGE

    token: str = _checked(_matching(TOKEN, "token"))
    lang: str | None = _checked(parse_lang, default=None)
    name: str | None = _checked(clean_name, default=None)
    address: str | None = _checked(parse_address, default=None)
    """Confirmed from the new mailbox."""
    confirmed: str = _checked(_day, default="1970-01-01")


@dataclass(frozen=True, slots=True, repr=False)
class Find(Wish):
    """Someone typed an address, and wants the link to leave or to change something mailed there.
    Nothing is confirmed.
    """

    kind = RequestKind.FIND

    address: str = _checked(parse_address)
    lang: str = _checked(parse_lang)
    """That of the page."""
    asked: str = _checked(_day)


@dataclass(frozen=True, slots=True, repr=False)
class Queued(Wish):
    """Someone wants to join while the form is closed. If an editor agrees, home mails the link
    `confirmation_link(url, sealed)` to the address. Nothing is confirmed.
    """

    kind = RequestKind.QUEUED

    address: str = _checked(parse_address)
    lang: str = _checked(parse_lang)
    sealed: str = _checked(_matching(SEALED, "sealed"))
    asked: str = _checked(_day)


WISHES: Mapping[RequestKind, type[Wish]] = {
    wish.kind: wish for wish in (Join, Change, Find, Queued)
}


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
    mode: Mode
    """Who can join at the moment."""
    is_closed_by_itself: bool
    """Whether too many requests closed the form; it stays closed until POST /sync/mode."""
    tokens: int
    """The number of tokens that the server knows."""
    counters: Mapping[str, int] = field(default_factory=dict)
    """How often things happened, ever; see `joining.counters`."""
    requests: Sequence[Request] = ()


def token_digest(token: str) -> bytes:
    """Return what the server knows of a token, or of an invitation: 32 bytes."""
    return hashlib.sha256(token.encode()).digest()


def undo_code(token: str) -> str:
    """Return what stands for the token of an undo link among the tokens of readers, so that neither
    kind of link does what the other does.
    """
    return f"undo {token}"


def key_digest(key: str) -> str:
    """Return what the server knows of the key that requests need, hexadecimal."""
    return hashlib.sha256(b"briefing sync key " + key.encode()).hexdigest()


def undo_link(url: str, token: str, sealed: str) -> str:
    """Return the link that undoes a change of address."""
    return f"{url}/undo/{token}/{sealed}"


def confirmation_link(url: str, sealed: str) -> str:
    """Return the link that confirms something, on the server at `url`."""
    return f"{url}/confirm/{sealed}"


def parse_public_keys(keys: Sequence[str]) -> list[pyrage.x25519.Recipient]:
    """Return the editors' public keys. Raises ValueError, naming one that isn't valid."""
    recipients = []
    for key in keys:
        try:
            recipients.append(pyrage.x25519.Recipient.from_str(key))
        except pyrage.RecipientError:
            raise ValueError(
                f"'{key}' isn't a public age key; copy it whole from what 'briefing subscribers keys new' printed"
            ) from None
    return recipients


def encrypt(wish: Wish, keys: Sequence[pyrage.x25519.Recipient]) -> str:
    """Return the body of a request that any of the editors can open."""
    plain = json.dumps(asdict(wish), ensure_ascii=False).encode()
    padded = plain.ljust(-(-len(plain) // BLOCK) * BLOCK)
    return base64.b64encode(pyrage.encrypt(padded, list(keys))).decode()


def decrypt(
    request: Request, identities: Sequence[pyrage.x25519.Identity]
) -> Wish:
    """Open a request of one of the kinds in WISHES. Raises UnreadableError."""
    try:
        data = base64.b64decode(request.body, validate=True)
        plain = pyrage.decrypt(data, list(identities))
    except binascii.Error:
        raise UnreadableError("it isn't in Base64") from None
    except pyrage.DecryptError:
        raise UnreadableError("none of these keys opens it") from None
    return _parse_wish(WISHES[request.kind], plain)


def _parse_wish(kind: type[Wish], plain: bytes) -> Wish:
    try:
        given = json.loads(plain)
    except (ValueError, RecursionError):
        raise UnreadableError("what it contains isn't JSON") from None
    if not isinstance(given, dict):
        raise UnreadableError("what it contains isn't an object")
    # A later version of the server may write more.
    known = {place.name for place in fields(kind)}
    try:
        return kind(**{key: given[key] for key in known & given.keys()})
    except (TypeError, ValueError) as error:
        raise UnreadableError(
            f"what it contains isn't a {kind.kind} ({type(error).__name__})"
        ) from None


def write_batch(batch: RequestBatch) -> dict[str, Any]:
    """Return a batch as an object for JSON."""
    return asdict(batch)


def parse_batch(data: bytes) -> RequestBatch:
    """Read the server's answer, as untrusted data. Raises UnreadableError."""
    try:
        given = json.loads(data)
        requests = [_parse_request(each) for each in given["requests"]]
        counters = {
            str(name)[:40]: _number(count)
            for name, count in given["counters"].items()
        }
        return RequestBatch(
            store=_matching(STORE, "store")(given["store"]),
            mode=Mode(given["mode"]),
            is_closed_by_itself=given["is_closed_by_itself"] is True,
            tokens=_number(given["tokens"]),
            counters=counters,
            requests=requests,
        )
    except (
        AttributeError,
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
        _matching(_DIGEST, "body")(body)
    elif kind is RequestKind.UNDO:
        _matching(SEALED, "body")(body)
    elif not isinstance(body, str) or len(body) > MOST_BYTES:
        raise ValueError("a body isn't in the expected format")
    return Request(_number(given["id"]), kind, _day(given["day"]), body)


def _number(given: object) -> int:
    if type(given) is not int or given < 0:
        raise ValueError("a number isn't in the expected format")
    return given
