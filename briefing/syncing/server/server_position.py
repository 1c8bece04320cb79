"""How far the server was read: `.briefing/server-sync.json`."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from itertools import accumulate, islice
from typing import Any

from briefing.joining.protocol import Request, RequestKind
from briefing.newsletter import Newsletter
from briefing.storage import json_file

FILE = "server-sync.json"
DAMAGED = "can't be read; delete it, and the next sync reads the server's requests from the beginning"


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
    again: tuple[int, ...] = ()
    """Requests up to `last` whose changes of the list were undone."""
    again_after: int = 0
    """Changes after this one are read again as well."""

    @property
    def start(self) -> int:
        """The request after which reading continues."""
        return min([self.last + 1, *self.waiting, *self.again]) - 1

    def is_due(self, request: Request) -> bool:
        """Whether a request is still to be carried out, or once more."""
        if request.id > self.last or request.id in self._chosen:
            return True
        is_change = request.kind is RequestKind.CHANGE
        return bool(self.again) and is_change and request.id > self.again_after

    @cached_property
    def _chosen(self) -> frozenset[int]:
        return frozenset([*self.waiting, *self.again])


def read(newsletter: Newsletter) -> ServerPosition:
    """Return the position; that of a server that was never read if there is no file. Raises FileError."""
    kept = json_file.read(newsletter.state / FILE, _build, DAMAGED)
    return kept or ServerPosition()


def _build(given: Any) -> ServerPosition:
    return ServerPosition(
        str(given["store"]),
        int(given["last"]),
        str(given["tokens"]),
        str(given.get("day", "")),
        _numbers(given.get("waiting", ())),
        _numbers(given.get("again", ())),
        int(given.get("again_after") or 0),
    )


def _numbers(given: Iterable[Any]) -> tuple[int, ...]:
    return tuple(map(int, given))


def write(newsletter: Newsletter, position: ServerPosition) -> None:
    """Remember a position. Raises BriefingError."""
    json_file.write_private(newsletter.state / FILE, asdict(position))


def believable(
    days: Sequence[str], earliest: str, today: dt.date
) -> list[dt.date]:
    """Return the days of requests, given in their order, in ISO 8601, with impossible ones corrected: none is
    in the future, before that of an earlier request, or before `earliest`.

    The server's clock may have been wrong. If it was ahead, a request counts as made on the day of the
    next one; if it was set back, on that of the one before.
    """
    latest = today.isoformat()
    # A day in the future can't have been right when it was kept.
    if earliest > latest:
        earliest = ""
    possible = []
    for day in reversed(days):
        if day <= today.isoformat():
            latest = day
        possible.append(latest)
    ordered = accumulate(reversed(possible), max, initial=earliest)
    return [dt.date.fromisoformat(day) for day in islice(ordered, 1, None)]
