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
    """A reader unsubscribed."""

    person: Person
    day: dt.date


@dataclass(frozen=True, slots=True, repr=False)
class Complained:
    """A reader reported an email as spam."""

    person: Person
    day: dt.date


@dataclass(frozen=True, slots=True, repr=False)
class Returned:
    """An email to a reader came back: DEAD, FULL, REFUSED or TEMPORARY."""

    person: Person
    kind: BounceKind
    day: dt.date
    words: str = ""
    """The server's usual words, which name no reader."""


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
class Changed:
    """A reader changed what the list says about them."""

    person: Person
    day: dt.date
    column: str
    """`email`, `lang` or `name`."""
    value: str
    """A new address was confirmed from its mailbox."""


@dataclass(frozen=True, slots=True, repr=False)
class AskedForLink:
    """Someone typed an address, to get the link by which its reader leaves."""

    address: str
    day: dt.date


@dataclass(frozen=True, slots=True, repr=False)
class AskedToJoin:
    """Someone filled in the form while it was closed: they get their confirmation email only if an
    editor agrees.
    """

    address: str
    day: dt.date
    lang: str
    link: str
    """The page on which they would confirm."""


@dataclass(frozen=True, slots=True, repr=False)
class MoveUndone:
    """A reader undid a change of their address, by the link that was emailed to the earlier one."""

    person: Person
    """The reader at the other address, which has got the newsletter since."""
    day: dt.date
    address: str
    """The earlier one; name and language are as they were then."""
    name: str
    lang: str


@dataclass(frozen=True, slots=True)
class Expired:
    """A link was used that is too old, or that home didn't make."""

    day: dt.date


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Someone asked for something, but it can't be opened here."""

    day: dt.date
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Unconcerned:
    """An email that changes nothing: AUTOMATIC, NONE or OTHER."""

    kind: BounceKind
    day: dt.date


@dataclass(frozen=True, slots=True)
class Unproved:
    """An email that asks to leave, without a token and from a sender that our mail server didn't prove: an
    editor should look at it.
    """

    day: dt.date


@dataclass(frozen=True, slots=True, repr=False)
class Unverified:
    """An email that anyone could have written says that a reader complained or is dead: it names them only
    by their address.
    """

    person: Person
    day: dt.date
    kind: BounceKind
    """COMPLAINT or DEAD."""

    @property
    def verified(self) -> Complained | Returned:
        """The report that it is once an editor believes it."""
        if self.kind is BounceKind.COMPLAINT:
            return Complained(self.person, self.day)
        return Returned(self.person, self.kind, self.day)


@dataclass(frozen=True, slots=True, repr=False)
class CarriedOut:
    """A report that an earlier sync carried out, although one before it had to wait: that one may no longer
    count.
    """

    report: Left | Joined | Changed | MoveUndone
    day: dt.date


Report = (
    Left
    | Complained
    | Returned
    | Joined
    | Changed
    | AskedForLink
    | AskedToJoin
    | MoveUndone
    | Expired
    | Unreadable
    | Unconcerned
    | Unproved
    | Unverified
    | CarriedOut
)


@dataclass(frozen=True, slots=True)
class Reported:
    """A report, and the name of the source that it comes from."""

    source: str
    report: Report


class Source(Protocol):
    """Where reports come from. Reading changes nothing there, and can be repeated."""

    name: str
    """As [subscribers] sources names it."""
    title: str
    """As messages name it; no address."""

    def read(self, show: ShowSteps) -> Iterator[Report]:
        """Yield what is new since `finish`, in its order. Raises TransportError."""

    def finish(self, waiting: Set[Report]) -> None:
        """Remember, durably, that all that was read has been carried out, but for what must wait: that is
        reported again. Raises BriefingError.
        """


@runtime_checkable
class JoiningServer(Protocol):
    """The source through which readers change the list. It must know which tokens are valid."""

    def send_tokens(self, tokens: Iterable[str], show: ShowSteps) -> None:
        """Replace the tokens that it knows. Raises TransportError."""
