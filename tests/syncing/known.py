"""A list and what is known of its readers, for tests of syncs: nobody in it exists."""

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from briefing.bounces.kinds import BounceKind
from briefing.keys import Key
from briefing.subscribers.exporting import as_csv
from briefing.subscribers.lookup import by_token
from briefing.subscribers.subscriber import Subscriber
from briefing.subscribers.subscriber_list import SubscriberList, parse_list
from briefing.subscribers.suppression import Removal, Suppression, token_of
from briefing.syncing.plan import Listed, SyncPlan, make_plan
from briefing.syncing.reports import (
    CarriedOut,
    Joined,
    Left,
    Person,
    Report,
    Returned,
)

KEY = Key(bytes(32))
TODAY = dt.date(2020, 10, 9)
ANN, BOB, CID = (f"{name}@example.org" for name in ("ann", "bob", "cid"))
READERS = (ANN, BOB, CID)
STRANGER = "stranger@example.org"


def day(number: int) -> dt.date:
    """A day of October 2020."""
    return dt.date(2020, 10, number)


def token(address: str) -> str:
    return token_of(KEY, Subscriber(address).identity)


def memory_list(
    readers: Sequence[str | Subscriber] = READERS,
) -> SubscriberList:
    """A list of some readers, the first on line 2."""
    named = [
        Subscriber(reader) if isinstance(reader, str) else reader
        for reader in readers
    ]
    return parse_list(Path("subscribers.csv"), as_csv(named))


class MemoryRemovals(Suppression):
    """Who is unsubscribed, without a file."""

    def __init__(
        self,
        removals: Mapping[str, Removal] = MappingProxyType({}),
        restored: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        super().__init__(Path("no-file.csv"))
        self._removals = removals
        self._restored = restored


def removed(reason: str, *addresses: str, on: int = 1) -> MemoryRemovals:
    removal = Removal(day(on).isoformat(), reason)
    return MemoryRemovals({token(address): removal for address in addresses})


def planned(
    *reports: Report,
    readers: Sequence[str | Subscriber] = READERS,
    moved: Mapping[str, str] | None = None,
    removals: Suppression | None = None,
    done: Sequence[Report] = (),
) -> SyncPlan:
    """The plan of a sync in which a server reports something; some of it was `done` before."""
    listed = Listed(KEY, by_token(memory_list(readers), KEY), moved or {})
    return make_plan(
        [
            CarriedOut(report) if report in done else report
            for report in reports
        ],
        listed,
        MemoryRemovals() if removals is None else removals,
    )


def left(address: str, on: int = 5) -> Left:
    return Left(Person(token=token(address)), day(on))


def complained(address: str, on: int = 5) -> Left:
    return Left(Person(token=token(address)), day(on), "complaint")


def joined(address: str, on: int = 5) -> Joined:
    return Joined(address, day(on))


def returned(
    address: str, kind: BounceKind = BounceKind.DEAD, on: int = 5
) -> Returned:
    return Returned(Person(token=token(address)), kind, day(on))


def reasons(made: SyncPlan) -> dict[str, str]:
    """Why readers of the list are unsubscribed, by address."""
    names = {token(address): address for address in (ANN, BOB, CID, STRANGER)}
    return {
        names.get(name, name): removal.reason
        for name, removal in made.departures.items()
    }
