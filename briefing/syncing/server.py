"""The server where readers leave, join and choose their language: requests to it, and a source of a sync.

How far it was read is in `.briefing/server-sync.json`.
"""

import datetime as dt
import json
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from hashlib import sha256
from itertools import accumulate
from typing import Any
from urllib.parse import urlencode, urlsplit

import pyrage

from briefing.errors import RefusedError, TransportError
from briefing.joining import protocol, wishes
from briefing.joining.protocol import (
    Request,
    RequestBatch,
    RequestKind,
    UnreadableError,
)
from briefing.joining.seals import Seals
from briefing.joining.wishes import Change, Find, Join, Queued, Wish
from briefing.keys import Key
from briefing.network import http_client
from briefing.network.http_client import Answer, Client
from briefing.network.parallel import ShowSteps
from briefing.newsletter import Newsletter
from briefing.sending.secrets import credentials, editor_secrets
from briefing.storage import json_file

from .reports import (
    CarriedOut,
    ChoseLanguage,
    Joined,
    Left,
    Obsolete,
    Person,
    Report,
    Unreadable,
)

Identities = Callable[[], Sequence[pyrage.x25519.Identity]]
"""Opens the editor's private keys, perhaps after asking for a passphrase. Raises RefusedError."""

FILE = "server-sync.json"
DAMAGED = "can't be read; delete it, and the next sync reads the server's requests from the beginning"
MOST_BYTES = 512 * 1024 * 1024
"""Of requests in one sync, in memory: three times as much as floods can leave on a server (`store.MOST_JOINS`)."""
_OVERHEAD = 200
"""About how many bytes a request takes in memory besides its body."""
_TOO_MANY = (
    "it has more requests than any server keeps; someone may have broken into it: check the server before you sync "
    "again"
)


MOST_ANSWER = protocol.MOST_REQUESTS * (protocol.MOST_BYTES + 1024)
"""Of an answer: no list of requests is larger."""

_MEANINGS = {
    404: "doesn't know this sync key; on the server, BRIEFING_SYNC_KEY_DIGEST must be what 'briefing subscribers keys' "
    "prints here",
    409: "says that something has changed in the meantime; run the command again",
    413: "accepts only smaller requests; check the limit of the web server in front of it, such as nginx",
    429: "accepts no more requests at the moment; try again later",
}
_REDIRECT = (
    "redirects to another address, where the sync key must not be sent; check 'url' under [joining] in "
    "briefing.toml"
)
_TROUBLE = "isn't working at the moment; check its log, or try again later"


class ServerApi:
    """What home asks of the server, with the key that only reads and acknowledges."""

    def __init__(
        self, url: str, secret: str, *, host: str = "", timeout: float = 60
    ) -> None:
        """`host`: where the server at `url` is reached instead. Raises RefusedError for text that
        can't be a key.
        """
        if not http_client.is_key(secret):
            raise RefusedError(
                "the sync key has characters that can't be in one; make a new one with "
                "'briefing subscribers keys'"
            )
        self._url = url
        self._secret = secret
        self._client = Client(
            host or url, secret, timeout=timeout, most_bytes=MOST_ANSWER
        )

    def requests(self, after: int) -> RequestBatch:
        """Return the first requests after a number. Raises TransportError."""
        answer = self._ask("GET", protocol.REQUESTS, query={"after": after})
        try:
            return protocol.parse_batch(answer.body)
        except UnreadableError as error:
            raise TransportError(f"{self._url}: {error}") from None

    def acknowledge(self, store: str, up_to: int) -> None:
        """Say that the requests up to a number were carried out. Raises TransportError."""
        self._post(protocol.ACKNOWLEDGED, {"store": store, "up_to": up_to})

    def replace_tokens(self, digests: bytes, show: ShowSteps) -> None:
        """Replace the tokens that the server knows, given by their digests: it keeps the earlier ones until
        all of these have arrived. Raises TransportError.
        """
        count = len(digests) // protocol.DIGEST_LENGTH
        upload = secrets.randbelow(protocol.MOST_UPLOAD)
        step = protocol.DIGESTS_AT_ONCE * protocol.DIGEST_LENGTH
        for start in range(0, len(digests), step):
            show(start // protocol.DIGEST_LENGTH, count)
            self._ask(
                "PUT",
                protocol.TOKENS,
                body=digests[start : start + step],
                query={"upload": upload},
            )
        self._post(protocol.TOKENS, {"upload": upload, "count": count})
        show(count, count)

    def _post(self, path: str, content: dict[str, Any]) -> None:
        self._ask("POST", path, body=json.dumps(content).encode())

    def _ask(
        self,
        method: str,
        path: str,
        *,
        body: bytes | None = None,
        query: dict[str, int] | None = None,
    ) -> Answer:
        """Return the answer if it is 200. Raises TransportError, with what to do."""
        headers = {
            # It answers only to its own name.
            "Host": urlsplit(self._url).netloc,
            "Authorization": f"Bearer {self._secret}",
        }
        if body is not None:
            headers["Content-Type"] = "application/octet-stream"
        target = f"{path}?{urlencode(query or {})}".rstrip("?")
        answer = self._client.ask(method, target, headers, body)
        if answer.status != 200:
            raise TransportError(self._describe(answer))
        return answer

    def _describe(self, answer: Answer) -> str:
        if not answer.status:
            return answer.failure
        meaning = _MEANINGS.get(answer.status, _TROUBLE)
        if answer.status // 100 == 3:
            meaning = _REDIRECT
        return f"{self._url} {meaning} (status {answer.status})"


@dataclass(frozen=True)
class ServerPosition:
    """How far the server was read, and which tokens it knows."""

    store: str = ""
    """Identifies its database: in another one, requests are counted again."""
    last: int = 0
    """The last request that was read."""
    tokens: str = ""
    """SHA-256 of the digests that it got, hexadecimal."""
    day: str = ""
    """The latest day of its requests up to `start`, in ISO 8601."""
    waiting: tuple[int, ...] = ()
    """Requests up to `last` that are still to be carried out."""

    @property
    def start(self) -> int:
        """The request after which reading continues; the server can forget those up to it."""
        return min([self.last + 1, *self.waiting]) - 1


def read_position(newsletter: Newsletter) -> ServerPosition:
    """Return the position; that of a server that was never read if there is no file. Raises FileError."""
    kept = json_file.read(newsletter.state / FILE, _build, DAMAGED)
    return kept or ServerPosition()


def _build(given: Any) -> ServerPosition:
    # Earlier versions listed requests whose changes were undone.
    waiting = [*given.get("waiting", ()), *given.get("again", ())]
    return ServerPosition(
        given["store"],
        int(given["last"]),
        given["tokens"],
        given.get("day", ""),
        tuple(map(int, waiting)),
    )


class Server:
    """The server (`reports.Source`)."""

    name = "server"
    title = "your server"

    def __init__(
        self,
        newsletter: Newsletter,
        identities: Identities,
        today: dt.date,
    ) -> None:
        """Raises RefusedError without a key for the server, FileError if its position can't be
        read.
        """
        joining = newsletter.settings.joining
        secret = credentials.require(newsletter, editor_secrets.SYNC_KEY)
        self.api = ServerApi(joining.url, secret, host=joining.host)
        self._url = joining.url
        self._newsletter = newsletter
        self._identities = identities
        self._today = today
        self._position = read_position(newsletter)
        self._read: list[tuple[int, str, Sequence[Report]]] = []
        """Number, day and reports of each request."""
        self._known = 0
        """How many tokens the server says that it knows."""

    def read(self, show: ShowSteps) -> Iterator[Report | CarriedOut]:
        """Yield what readers did since `finish`, and what had to wait then. Raises TransportError."""
        requests = self._requests(show)
        position = self._position
        given = [request.day for request in requests]
        days = plausible_days(given, position.day, self._today)
        self._read = []
        for request, day in zip(requests, days, strict=True):
            is_due = (
                request.id > position.last or request.id in position.waiting
            )
            reports = list(self._reports(request, day))
            # Others are read again since one before them had to wait.
            kept = reports if is_due else []
            self._read.append((request.id, day.isoformat(), kept))
            yield from reports if is_due else map(CarriedOut, reports)

    def _requests(self, show: ShowSteps) -> list[Request]:
        """Return the requests since `finish`, and those to be read again. Raises TransportError."""
        batch = self._first_batch()
        last = self._position.start
        requests: list[Request] = []
        size = 0
        while batch.requests:
            last = batch.requests[-1].id
            size += sum(
                len(request.body) + _OVERHEAD for request in batch.requests
            )
            # Otherwise it could keep us reading forever.
            if size > MOST_BYTES:
                raise TransportError(f"{self._url}: {_TOO_MANY}")
            requests += batch.requests
            show(len(requests), len(requests) + len(batch.requests))
            if len(batch.requests) < protocol.MOST_REQUESTS:
                break
            batch = self.api.requests(last)
        return requests

    def _first_batch(self) -> RequestBatch:
        batch = self.api.requests(self._position.start)
        if batch.store != self._position.store:
            # The server was set up again: it counts from the beginning, and knows no tokens.
            self._position = ServerPosition(batch.store, day=self._position.day)
            batch = self.api.requests(0)
        self._known = batch.tokens
        return batch

    def renew_tokens(self, tokens: Iterable[str], show: ShowSteps) -> None:
        """Tell the server which tokens are valid, without reading what readers did. Raises
        BriefingError.
        """
        self._first_batch()
        self.send_tokens(tokens, show)
        self._write_position()

    def send_tokens(self, tokens: Iterable[str], show: ShowSteps) -> None:
        """Tell the server which tokens are valid, unless it knows them. Raises TransportError."""
        # In ascending order, and only digests, so that it can't name a reader.
        digests = b"".join(sorted(set(map(protocol.token_digest, tokens))))
        name = sha256(digests).hexdigest()
        count = len(digests) // protocol.DIGEST_LENGTH
        if (name, count) != (self._position.tokens, self._known):
            self.api.replace_tokens(digests, show)
            self._position = replace(self._position, tokens=name)
            self._known = count

    def finish(self, waiting: Set[Report]) -> None:
        """Remember which requests were carried out, here and on the server. Raises BriefingError."""
        reached = replace(
            self._position,
            last=max(
                [self._position.last, *(number for number, *_ in self._read)]
            ),
            waiting=tuple(
                number
                for number, _, reports in self._read
                if not waiting.isdisjoint(reports)
            ),
        )
        days = [day for number, day, _ in self._read if number <= reached.start]
        self._position = replace(reached, day=days[-1]) if days else reached
        self._write_position()
        self.api.acknowledge(reached.store, reached.start)

    def _write_position(self) -> None:
        path = self._newsletter.state / FILE
        json_file.write_private(path, asdict(self._position))

    def _reports(self, request: Request, day: dt.date) -> Iterator[Report]:
        if request.kind is RequestKind.LEAVE:
            yield Left(Person(token_digest=request.body), day)
        elif request.kind is RequestKind.UNDO:
            yield Obsolete(self._mover(request, day), day, "to undo a move")
        else:
            yield from self._decrypted(request, day)

    def _decrypted(self, request: Request, day: dt.date) -> Iterator[Report]:
        if isinstance(self._keys, str):
            yield Unreadable(day, self._keys)
            return
        try:
            yield from _meaning(wishes.decrypt(request, self._keys), day)
        except UnreadableError as error:
            yield Unreadable(day, str(error))

    def _mover(self, request: Request, day: dt.date) -> Person:
        """Return whom a link of an earlier version is about, by which readers undid a change of address."""
        key = Key.of(self._newsletter).digest(
            "seal of links to take back a change"
        )
        values = Seals(key).unseal(request.body, day)
        return Person(token=values[-1]) if values else Person()

    @cached_property
    def _keys(self) -> Sequence[pyrage.x25519.Identity] | str:
        """The editor's keys, or why there are none. They are asked for only if something needs them:
        departures don't, nor do they wait for one.
        """
        try:
            return self._identities()
        except RefusedError as error:
            return str(error)


_OBSOLETE = {
    RequestKind.FIND: "for their link",
    RequestKind.QUEUED: "to join while the form was closed",
}


def _meaning(wish: Wish, day: dt.date) -> Iterator[Report]:
    match wish:
        case Join():
            yield Joined(
                wish.address, day, wish.lang, wish.name, wish.form, wish.wording
            )
        case Change():
            person = Person(token=wish.token)
            if wish.lang is not None:
                yield ChoseLanguage(person, day, wish.lang)
            if (wish.name, wish.address) != (None, None):
                yield Obsolete(person, day, "for another name or address")
        case Find() | Queued():
            person = Person(address=wish.address)
            yield Obsolete(person, day, _OBSOLETE[wish.kind])


def plausible_days(
    days: Sequence[str], earliest: str, today: dt.date
) -> list[dt.date]:
    """Return the days of requests, given in their order, in ISO 8601, with impossible ones corrected: none is
    in the future, before that of an earlier request, or before `earliest`.

    The server's clock may have been wrong. If it was ahead, a request counts as made on the day of the
    next one; if it was set back, on that of the one before.
    """
    now = today.isoformat()
    latest = accumulate(
        reversed(days),
        lambda later, day: day if day <= now else later,
        initial=now,
    )
    # A day in the future can't have been right when it was kept.
    start = earliest if earliest <= now else ""
    ordered = accumulate([start, *reversed([*latest][1:])], max)
    return [*map(dt.date.fromisoformat, [*ordered][1:])]
