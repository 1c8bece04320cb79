"""Who must get emails, whatever happened: the promise of syncs, worked out in the simplest way."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

READERS = ANN, BOB, CID = [
    f"{name}@{name}.example" for name in ("ann", "bob", "cid")
]
NEW = "new@new.example"
EVERYBODY = [*READERS, NEW]


class Did(Enum):
    """What somebody did."""

    LEAVE = "leave"
    JOIN = "join"
    SET_LANGUAGE = "set language"
    COMPLAIN = "complain"
    """At SendGrid."""
    REMOVED = "removed"
    """By an editor, whom they asked."""


LIST_CHANGES = {Did.JOIN, Did.SET_LANGUAGE}


class Fate(Enum):
    """What became of it."""

    OPEN = "open"
    DONE = "done"
    DISCARDED = "discarded"


class Source(Enum):
    """Where it is known from, in the order in which things count on one day."""

    SERVER = 0
    MAILBOX = 1
    HOME = 2


@dataclass
class Event:
    """Something that happened."""

    day: dt.date
    source: Source
    number: int
    did: Did
    address: str
    is_sealed: bool = False
    """Only another editor's key opens it."""
    language: str = ""
    fate: Fate = Fate.OPEN

    @property
    def order(self) -> tuple[dt.date, int, int]:
        return self.day, self.source.value, self.number


def mailed(events: Iterable[Event]) -> set[str]:
    """Return who is subscribed after all events that were carried out, in their order."""
    listed = {*READERS}
    gone: dict[str, Did] = {}
    for event in sorted(events, key=lambda event: event.order):
        if event.fate is not Fate.DONE:
            continue
        if event.did is Did.JOIN:
            if gone.get(event.address) is not Did.COMPLAIN:
                gone.pop(event.address, None)
                listed.add(event.address)
        elif event.did is Did.COMPLAIN:
            gone[event.address] = event.did
        elif event.did is not Did.SET_LANGUAGE:
            gone.setdefault(event.address, event.did)
    return listed - gone.keys()
