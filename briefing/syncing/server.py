"""The server where readers leave, join and change their data, as a source of a sync."""

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import Path

import pyrage

from briefing import files
from briefing.errors import FileError
from briefing.joining import protocol
from briefing.joining.protocol import (
    Change,
    Find,
    Join,
    Queued,
    Request,
    UnreadableError,
    Wish,
)
from briefing.newsletter import Newsletter
from briefing.sending import credentials
from briefing.sending.credentials import Secret
from briefing.syncing.reports import (
    AskedForLink,
    Changed,
    Joined,
    Left,
    Person,
    Report,
    Show,
    Unreadable,
    Waiting,
)
from briefing.syncing.server_api import ServerApi
from briefing.syncing.sources import Identities
from briefing.syncing.tokens import digests_of, upload

FILE = "server-sync.json"
SYNC_KEY = Secret(
    "key for your server", "BRIEFING_SYNC_KEY", "sync-key", "briefing-sync-key"
)

PRIVATE_KEY = Secret(
    "private key that opens what readers ask for",
    "BRIEFING_PRIVATE_KEY",
    "private-key",
    "briefing-private-key",
)


@dataclass(frozen=True, slots=True)
class Position:
    """How far the server was read, and what it was told."""

    store: str = ""
    """Identifies its database: in another one, requests are counted again."""
    last: int = 0
    """The last request that was carried out."""
    tokens: str = ""
    """SHA-256 of the digests that it got, hexadecimal."""


class Server:
    """The server (`reports.Source`)."""

    name = "server"
    title = "your server"

    def __init__(
        self,
        newsletter: Newsletter,
        identities: Identities,
        *,
        timeout: float = 60,
    ) -> None:
        """Raises RefusedError without a key for the server, FileError if its position can't be
        read.
        """
        joining = newsletter.settings.joining
        secret = credentials.find(newsletter, SYNC_KEY)
        self.api = ServerApi(
            joining.url, secret, host=joining.host, timeout=timeout
        )
        self._url = joining.url
        self._identities = identities
        self._opened: Sequence[pyrage.x25519.Identity] = ()
        self._path = newsletter.state / FILE
        self._position = _read_position(self._path)
        self._known = 0
        """How many tokens the server says that it knows."""
        self.is_closed_by_itself = False
        """Whether too many people asked to join, which is known once `read` has begun."""

    def read(self, show: Show) -> Iterator[Report]:
        """Yield what readers did since `finish`. Raises TransportError."""
        position = self._position
        batch = self.api.requests(position.last)
        if batch.store != position.store:
            # The server was set up again: it counts from the beginning, and knows no tokens.
            position = Position(batch.store)
            batch = self.api.requests(0)
        self.is_closed_by_itself = batch.is_closed_by_itself
        self._known = batch.tokens
        done, last = 0, position.last
        while batch.requests:
            for request in batch.requests:
                yield from self._reports(request)
                last = max(last, request.id)
            done += len(batch.requests)
            show(done, done + len(batch.requests))
            if len(batch.requests) < protocol.MOST_REQUESTS:
                break
            batch = self.api.requests(last)
        self._position = replace(position, last=last)

    def send_tokens(self, tokens: Iterable[str], show: Show) -> None:
        """Tell the server which tokens are valid, unless it knows them. Raises TransportError."""
        digests = digests_of(tokens)
        name = sha256(digests).hexdigest()
        count = len(digests) // protocol.DIGEST_LENGTH
        if (name, count) != (self._position.tokens, self._known):
            upload(self.api, digests, show)
            self._position = replace(self._position, tokens=name)
            self._known = count

    def finish(self) -> None:
        """Remember the last request, here and on the server. Raises BriefingError."""
        self.remember()
        self.api.acknowledge(self._position.store, self._position.last)

    def remember(self) -> None:
        """Remember the position here. Raises BriefingError."""
        files.make_private_folder(self._path.parent)
        files.write_atomically(
            self._path,
            f"{json.dumps(asdict(self._position))}\n".encode(),
            mode=files.PRIVATE_FILE,
        )

    def _reports(self, request: Request) -> Iterator[Report]:
        day = dt.date.fromisoformat(request.day)
        if request.kind is protocol.Kind.LEAVE:
            yield Left(Person(token_digest=request.body), day)
            return
        try:
            wish = protocol.decrypt(request, self._private_keys())
        except UnreadableError:
            yield Unreadable(day)
            return
        yield from _meaning(wish, day, self._url)

    def _private_keys(self) -> Sequence[pyrage.x25519.Identity]:
        """Return the editor's keys, which are asked for only if something needs them."""
        if not self._opened:
            self._opened = self._identities()
        return self._opened


def _meaning(wish: Wish, day: dt.date, url: str) -> Iterator[Report]:
    match wish:
        case Join():
            yield Joined(
                wish.address,
                dt.date.fromisoformat(wish.confirmed),
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
            yield Waiting(wish.address, day, wish.lang, link)


def _read_position(path: Path) -> Position:
    try:
        given = json.loads(files.read(path))
        return Position(
            str(given["store"]), int(given["last"]), str(given["tokens"])
        )
    except FileNotFoundError:
        return Position()
    except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
        message = "can't be read; delete it, and the next sync reads the server's requests from their beginning"
        raise FileError(path, message) from error
