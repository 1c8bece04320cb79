"""What a sync's sources report about readers: the same values from each source. No I/O."""

import datetime as dt
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from briefing.bounces.kinds import BounceKind
from briefing.network.parallel import ShowSteps


@dataclass(frozen=True, slots=True, repr=False)
class Person:
    """The reader that a report is about. The first field that is set counts: our own token names a reader
    reliably, an address only if it is on the list.
    """

    token: str = ""
    """As in the reader's unsubscribe link."""
    token_digest: str = ""
    """SHA-256 of the token, hexadecimal: all that the server knows."""
    address: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Left:
    """A reader gets no more emails: they unsubscribed, or SendGrid no longer delivers to them."""

    person: Person
    day: dt.date
    reason: str = "left"
    """As in the record of those who left."""


@dataclass(frozen=True, slots=True, repr=False)
class Returned:
    """An email to a reader came back: DEAD, FULL, REFUSED or TEMPORARY."""

    person: Person
    kind: BounceKind
    day: dt.date


@dataclass(frozen=True, slots=True, repr=False)
class Joined:
    """Someone asked for the newsletter, and confirmed it from their mailbox."""

    address: str
    day: dt.date
    """Of the confirmation."""
    lang: str = ""
    name: str = ""
    form: str = ""
    """Which form they filled in."""
    wording: str = ""
    """What they agreed to, in the words that they saw."""


@dataclass(frozen=True, slots=True, repr=False)
class ChoseLanguage:
    """A reader chose another language."""

    person: Person
    day: dt.date
    lang: str


@dataclass(frozen=True, slots=True, repr=False)
class Obsolete:
    """A request that earlier versions carried out, such as for another address: an editor reads of it."""

    person: Person
    day: dt.date
    wish: str
    """In words, after “asked”: `for another address`."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A request that none of the keys on this computer opens."""

    day: dt.date
    reason: str


@dataclass(frozen=True, slots=True, repr=False)
class OpenMail:
    """An email that an editor must read, since nothing proves whom it is from or about."""

    person: Person
    """Whom it seems to be about."""
    day: dt.date
    subject: str
    digest: bytes
    """Identifies it in the mailbox."""


@dataclass(frozen=True, slots=True)
class Automatic:
    """An automatic reply, which changes nothing."""

    day: dt.date


Report = (
    Left
    | Returned
    | Joined
    | ChoseLanguage
    | Obsolete
    | Unreadable
    | OpenMail
    | Automatic
)


@dataclass(frozen=True, slots=True, repr=False)
class CarriedOut:
    """What an earlier sync carried out, and is read again because a request before it had to wait."""

    report: Report

    @property
    def day(self) -> dt.date:
        return self.report.day


class Source(Protocol):
    """Where reports come from. Reading changes nothing there, and can be repeated."""

    name: str
    """As [subscribers] sources names it."""
    title: str
    """As messages name it; no address."""

    def read(self, show: ShowSteps) -> Iterator[Report | CarriedOut]:
        """Yield what is new since `finish`, in its order. Raises TransportError."""

    def finish(self, waiting: Set[Report]) -> None:
        """Remember, durably, that all that was read has been carried out, except what waits: that is
        reported again. Raises BriefingError.
        """


@runtime_checkable
class JoiningServer(Protocol):
    """The source that must know who can leave."""

    def send_tokens(self, tokens: Iterable[str], show: ShowSteps) -> None:
        """Replace the tokens that it knows. Raises TransportError."""
