"""The server where readers leave, join and change their data, as a source of a sync."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from hashlib import sha256

import pyrage

from briefing.errors import RefusedError, TransportError
from briefing.joining import protocol, wishes
from briefing.joining.protocol import (
    Request,
    RequestBatch,
    RequestKind,
    UnreadableError,
)
from briefing.joining.wishes import Change, Find, Join, Queued, Wish
from briefing.keys import Key
from briefing.network.parallel import ShowSteps
from briefing.newsletter import Newsletter
from briefing.sending.secrets import credentials, editor_secrets
from briefing.syncing.reports import (
    AskedForLink,
    AskedToJoin,
    CarriedOut,
    Changed,
    Joined,
    Left,
    MoveUndone,
    Person,
    Report,
    Unreadable,
)

from . import server_position, undo_links
from .api import ServerApi
from .server_position import ServerPosition, believable
from .tokens import digests_of, upload

Identities = Callable[[], Sequence[pyrage.x25519.Identity]]
"""Opens the editor's private keys, perhaps after asking for a passphrase. Raises RefusedError."""

_LASTING = frozenset(
    {
        RequestKind.LEAVE,
        RequestKind.JOIN,
        RequestKind.CHANGE,
        RequestKind.UNDO,
    }
)
"""Requests that may cancel earlier ones of the same reader."""
MOST_BYTES = 512 * 1024 * 1024
"""Of requests in one sync, in memory: three times as much as floods can leave on a server (`store.MOST_WAITING`)."""
_OVERHEAD = 200
"""About how many bytes a request takes in memory besides its body."""
_BROKEN_INTO = (
    "someone may have broken into it: check the server before you sync again"
)
_REPEATS = f"it repeats requests that were read already; {_BROKEN_INTO}"
_TOO_MANY = f"it has more requests than any server keeps; {_BROKEN_INTO}"


@dataclass(frozen=True, slots=True)
class _ReadRequest:
    """A request that was read."""

    request: Request
    day: dt.date
    reports: Sequence[Report]
    """What is to be done about it."""


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
        self._key = Key.of(newsletter)
        self._newsletter = newsletter
        self._identities = identities
        self._today = today
        self._opened: Sequence[pyrage.x25519.Identity] = ()
        self._missing = ""
        """Why there are no keys."""
        self._position = server_position.read(newsletter)
        self._read: list[_ReadRequest] = []
        self._known = 0
        """How many tokens the server says that it knows."""

    def read(self, show: ShowSteps) -> Iterator[Report]:
        """Yield what readers did since `finish`, and what had to wait then. Raises TransportError."""
        requests = self._requests(show)
        position = self._position
        # Requests whose changes were undone may be older than the latest day.
        earliest = "" if position.again else position.day
        given = [request.day for request in requests]
        days = believable(given, earliest, self._today)
        self._read = []
        for request, day in zip(requests, days, strict=True):
            # Others are read again since one before them had to wait.
            is_due = position.is_due(request)
            reports = list(self._reports(request, day)) if is_due else []
            self._read.append(_ReadRequest(request, day, reports))
            yield from reports if is_due else self._carried_out(request, day)

    def _requests(self, show: ShowSteps) -> list[Request]:
        """Return the requests since `finish`, and those to be read again. Raises TransportError."""
        batch = self._first_batch()
        last = self._position.start
        requests: list[Request] = []
        size = 0
        while batch.requests:
            for request in batch.requests:
                if request.id <= last:
                    # Otherwise it could keep us reading forever.
                    raise TransportError(f"{self._url}: {_REPEATS}")
                last = request.id
                size += len(request.body) + _OVERHEAD
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
        server_position.write(self._newsletter, self._position)

    def send_tokens(self, tokens: Iterable[str], show: ShowSteps) -> None:
        """Tell the server which tokens are valid, unless it knows them. Raises TransportError."""
        digests = digests_of(tokens)
        name = sha256(digests).hexdigest()
        count = len(digests) // protocol.DIGEST_LENGTH
        if (name, count) != (self._position.tokens, self._known):
            upload(self.api, digests, show)
            self._position = replace(self._position, tokens=name)
            self._known = count

    def finish(self, waiting: Set[Report]) -> None:
        """Remember which requests were carried out, here and on the server. Raises BriefingError."""
        kept = self._requests_of(waiting)
        self._position = self._reached([request.id for request in kept])
        server_position.write(self._newsletter, self._position)
        self.api.acknowledge(self._position.store, self._position.start)

    def _requests_of(self, reports: Set[Report]) -> list[Request]:
        return [
            read.request
            for read in self._read
            if not reports.isdisjoint(read.reports)
        ]

    def _reached(self, waiting: Sequence[int]) -> ServerPosition:
        """Return the position once all requests but those that wait were carried out."""
        numbers = [read.request.id for read in self._read]
        reached = replace(
            self._position,
            last=max([self._position.last, *numbers]),
            waiting=tuple(waiting),
            again=(),
            again_after=0,
        )
        days = [
            read.day.isoformat()
            for read in self._read
            if read.request.id <= reached.start
        ]
        return replace(reached, day=days[-1]) if days else reached

    def _reports(self, request: Request, day: dt.date) -> Iterator[Report]:
        if request.kind is RequestKind.LEAVE:
            yield Left(Person(token_digest=request.body), day)
            return
        if request.kind is RequestKind.UNDO:
            yield undo_links.read(self._key, request.body, day)
            return
        try:
            wish = wishes.decrypt(request, self._private_keys())
        except UnreadableError as error:
            yield Unreadable(day, str(error))
            return
        yield from _meaning(wish, day, self._url)

    def _carried_out(
        self, request: Request, day: dt.date
    ) -> Iterator[CarriedOut]:
        """Yield what was carried out earlier, if it may decide about requests that had to wait."""
        if request.kind in _LASTING:
            for report in self._reports(request, day):
                if isinstance(report, Left | Joined | Changed | MoveUndone):
                    yield CarriedOut(report, day)

    def _private_keys(self) -> Sequence[pyrage.x25519.Identity]:
        """Return the editor's keys, which are asked for only if something needs them.

        Raises UnreadableError if there are none: departures need no key, and don't wait for one.
        """
        if self._missing:
            raise UnreadableError(self._missing)
        if not self._opened:
            try:
                self._opened = self._identities()
            except RefusedError as error:
                self._missing = str(error)
                raise UnreadableError(self._missing) from None
        return self._opened


def _meaning(wish: Wish, day: dt.date, url: str) -> Iterator[Report]:
    match wish:
        case Join():
            yield Joined(
                wish.address,
                day,
                lang=wish.lang,
                name=wish.name,
                form=wish.form,
                wording=wish.wording,
            )
        case Change():
            person = Person(token=wish.token)
            new = {"lang": wish.lang, "name": wish.name, "email": wish.address}
            for column, value in new.items():
                if value is not None:
                    yield Changed(person, day, column, value)
        case Find():
            yield AskedForLink(wish.address, day)
        case Queued():
            link = protocol.confirmation_link(url, wish.sealed)
            yield AskedToJoin(wish.address, day, wish.lang, link)
