"""Who must get emails, whatever happened: the promise of syncs, worked out in the simplest way."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from briefing.syncing.planning.questions import Subject

READERS = ANN, BOB, CID = [
    f"{name}@{name}.example" for name in ("ann", "bob", "cid")
]
NEW = "new@new.example"
MOVES = {ANN: "ann@other.example", BOB: "bob@other.example"}
"""Where readers move, or somebody else with their link moves them."""
FORMER = {new: old for old, new in MOVES.items()}
EVERYBODY = [*READERS, NEW, *FORMER]
CROWD = [f"reader{number}@example.com" for number in range(21)]
"""So many at once wait for an editor's answer."""


class Did(Enum):
    """What somebody did, or what is said of them."""

    LEAVE = "leave"
    JOIN = "join"
    MOVE = "move"
    TAKE_BACK = "take back"
    """Take back the address from which they were moved."""
    SET_LANGUAGE = "set language"
    COMPLAIN = "complain"
    DIE = "die"
    """Their address no longer exists."""
    SAID_TO_COMPLAIN = "said to complain"
    SAID_TO_DIE = "said to die"
    REMOVED = "removed"
    """By an editor, whom they asked."""


SUBJECT_OF = {
    Did.LEAVE: Subject.DEPARTURES,
    Did.JOIN: Subject.JOINS,
    Did.MOVE: Subject.CHANGES,
    Did.SET_LANGUAGE: Subject.CHANGES,
    Did.COMPLAIN: Subject.COMPLAINTS,
    Did.SAID_TO_COMPLAIN: Subject.UNVERIFIED,
    Did.SAID_TO_DIE: Subject.UNVERIFIED,
}
"""What an editor is asked about."""
CHANGES_OF_LIST = {Did.JOIN, Did.MOVE, Did.TAKE_BACK, Did.SET_LANGUAGE}


class Fate(Enum):
    """What became of it."""

    OPEN = "open"
    HALF = "half"
    """An address is taken back, but the list couldn't be changed yet."""
    DONE = "done"
    DROPPED = "dropped"
    """An editor didn't believe it, or discarded it."""


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
    """Whose link they used, or which address joined."""
    is_sealed: bool = False
    """Only another editor's key opens it."""
    language: str = ""
    fate: Fate = Fate.OPEN

    @property
    def order(self) -> tuple[dt.date, int, int]:
        return self.day, self.source.value, self.number


class Truth:
    """Who is subscribed after all events that were carried out, in their order."""

    def __init__(self, events: Iterable[Event]) -> None:
        self.listed = {*READERS, *CROWD}
        self._why_gone: dict[str, Did] = {}
        """By address, for those who get no emails."""
        self._now: dict[str, str] = {}
        """Where readers are who moved away from an address."""
        self.unsure: set[str] = set()
        """Addresses whose readers left, after they were moved, before they took that back, or moved away
        from one that no longer exists. Whether they get emails depends on what a sync knew when.
        """
        self._left_since: set[str] = set()
        """Addresses whose readers left after they were moved."""
        self._shared: dict[str, str] = {}
        """Where readers are whose earlier address joined again: links in old emails are those of both."""
        for event in sorted(events, key=lambda event: event.order):
            if event.fate is Fate.HALF:
                self._why_gone.setdefault(MOVES[event.address], event.did)
            if event.fate is Fate.DONE:
                self._take(event.did, event.address)

    @property
    def mailed(self) -> set[str]:
        return self.listed - self._why_gone.keys()

    def _take(self, did: Did, address: str) -> None:
        reader = self._now.get(address, address)
        match did:
            case Did.LEAVE | Did.REMOVED:
                self._why_gone.setdefault(reader, did)
                if reader != address:
                    self._left_since.add(address)
                if address in self._shared:
                    self.unsure |= {address, self._shared[address]}
            case Did.DIE | Did.SAID_TO_DIE:
                self._die(did, address)
            case Did.COMPLAIN | Did.SAID_TO_COMPLAIN:
                self._why_gone[reader] = Did.COMPLAIN
            case Did.JOIN:
                self._join(address)
            case Did.MOVE:
                self._move(address, MOVES[address])
            case Did.TAKE_BACK:
                self._take_back(address, MOVES[address])

    def _die(self, did: Did, address: str) -> None:
        reader = self._now.get(address, address)
        if reader != address and reader not in self._why_gone:
            self.unsure.add(reader)
        elif reader in self.listed:
            self._why_gone.setdefault(reader, did)

    def _join(self, address: str) -> None:
        if self._why_gone.get(address) is not Did.COMPLAIN:
            self._why_gone.pop(address, None)
            self.unsure.discard(address)
            self._left_since.discard(address)
            if address in self._now:
                self._shared[address] = self._now.pop(address)
            self.listed.add(address)

    def _move(self, old: str, new: str) -> None:
        self.listed.remove(old)
        self.listed.add(new)
        self._now[old] = new
        if old in self._why_gone:
            self._why_gone.setdefault(new, self._why_gone[old])
        if self._why_gone.get(new) in {Did.DIE, Did.SAID_TO_DIE}:
            self.unsure.add(new)

    def _take_back(self, old: str, new: str) -> None:
        self._now.pop(old, None)
        self.listed.add(old)
        self._why_gone.setdefault(new, Did.TAKE_BACK)
        self.unsure |= {old} & self._left_since
