"""How far the server was read: `.briefing/server-sync.json`."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import accumulate, islice
from typing import Any

from briefing.errors import RefusedError
from briefing.newsletter import Newsletter
from briefing.storage import json_file
from briefing.subscribers.previous_list import ReadAgain

FILE = "server-sync.json"
DAMAGED = "can't be read; delete it, and the next sync reads the server's requests from the beginning"


@dataclass(frozen=True, slots=True)
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
    again_after: int | None = None
    """What requests after this one changed in the list was taken back: they are read again."""
    again_waiting: tuple[int, ...] = ()
    """As are these before it."""

    @property
    def start(self) -> int:
        """The request after which reading goes on."""
        first = [self.last + 1, *self.waiting, *self.again_waiting]
        if self.again_after is not None:
            first.append(self.again_after + 1)
        return min(first) - 1

    def is_due(self, number: int) -> bool:
        """Whether a request is still to be carried out."""
        return number > self.last or number in self.waiting

    def is_taken_back(self, number: int) -> bool:
        """Whether what a request changed in the list was taken back."""
        if self.again_after is None:
            return False
        return number > self.again_after or number in self.again_waiting

    def reading_again(self, wanted: ReadAgain) -> "ServerPosition":
        """Return the position at which some requests are read again."""
        return replace(
            self, again_after=wanted.after, again_waiting=wanted.waiting
        )


def read(newsletter: Newsletter) -> ServerPosition:
    """Return the position; that of a server that was never read if there is no file. Raises FileError."""
    kept = json_file.read(newsletter.state / FILE, _build, DAMAGED)
    return kept or ServerPosition()


def _build(given: Any) -> ServerPosition:
    again_after = given.get("again_after")
    return ServerPosition(
        str(given["store"]),
        int(given["last"]),
        str(given["tokens"]),
        str(given.get("day", "")),
        _numbers(given.get("waiting", ())),
        None if again_after is None else int(again_after),
        _numbers(given.get("again_waiting", ())),
    )


def _numbers(given: Iterable[Any]) -> tuple[int, ...]:
    return tuple(map(int, given))


def write(newsletter: Newsletter, position: ServerPosition) -> None:
    """Remember a position. Raises BriefingError."""
    json_file.write_private(newsletter.state / FILE, asdict(position))


def read_again(newsletter: Newsletter, wanted: ReadAgain) -> ReadAgain:
    """Have the next sync read some of the server's requests again; return what would take that back.

    Raises RefusedError if the server doesn't have them any more, and what `read` and `write` raise.
    """
    position = read(newsletter)
    if position.store != wanted.store:
        raise RefusedError(
            "your server was set up again since that sync, so what readers asked for couldn't be read again and "
            "would be lost; correct the list yourself"
        )
    write(newsletter, position.reading_again(wanted))
    return ReadAgain(
        position.store, position.again_after, position.again_waiting
    )


def believable(
    days: Sequence[str], earliest: str, today: dt.date
) -> list[dt.date]:
    """Return the days of requests as far as they can be right, given in their order, in ISO 8601: none is
    in the future, before that of an earlier request, or before `earliest`.

    The server's clock may have been wrong. If it was ahead, a request counts as made on the day of the
    next one; if it was set back, on that of the one before.
    """
    latest = today.isoformat()
    # A day to come can't have been right when it was kept.
    if earliest > latest:
        earliest = ""
    possible = []
    for day in reversed(days):
        if day <= today.isoformat():
            latest = day
        possible.append(latest)
    ordered = accumulate(reversed(possible), max, initial=earliest)
    return [dt.date.fromisoformat(day) for day in islice(ordered, 1, None)]
