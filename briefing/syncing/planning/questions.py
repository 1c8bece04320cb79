"""What a sync doesn't do unless an editor agrees, because it could be a mistake or an attack. No I/O."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

MOST_DEAD = 20
LARGEST_DEAD_SHARE = 0.02
"""Of a domain's readers on the list."""
FEW_DEAD = 2
"""So many at one domain are never suspicious, however few readers it has."""


class Subject(StrEnum):
    """What a question is about."""

    DEAD = "dead"
    """Many addresses at one domain are said not to exist."""
    DEPARTURES = "departures"
    COMPLAINTS = "complaints"
    JOINS = "joins"
    CHANGES = "changes"
    LINKS = "links"
    """People who typed an address to get its reader's links."""
    UNVERIFIED = "unverified"
    """Emails that anyone could have written say that readers complained or are dead."""
    QUEUED = "queued"
    """People who filled in the form while it was closed."""
    UNREADABLE = "unreadable"
    """What can't be opened here. Accepting discards it, rejecting keeps it for the next sync."""


@dataclass(frozen=True, slots=True)
class Question:
    """Something that isn't done without an answer."""

    subject: Subject
    number: int
    domain: str = ""
    """For DEAD, where the addresses are."""
    readers: int = 0
    """For DEAD, how many readers have an address there."""
    reason: str = ""
    """For UNREADABLE, why; several reasons with semicolons between them."""

    @property
    def key(self) -> str:
        """What --accept and --reject name it by."""
        return self.domain or self.subject


@dataclass(frozen=True, slots=True)
class Answers:
    """What an editor has decided, by the keys of questions."""

    accepted: Collection[str] = ()
    rejected: Collection[str] = ()

    def decide(self, key: str) -> bool | None:
        """Return whether to do it; None: not decided yet."""
        if key in self.rejected:
            return False
        return True if key in self.accepted else None


def is_suspicious(dead: int, readers: int) -> bool:
    """Whether it is unlikely that so many addresses at one domain, of so many readers there, died at once.

    A faulty server often says that no one exists.
    """
    many = dead > MOST_DEAD or dead > readers * LARGEST_DEAD_SHARE
    return many and dead > FEW_DEAD


def about_dead(
    dead: Mapping[str, int], at_domain: Mapping[str, int]
) -> list[Question]:
    """Return a question for each domain with too many dead addresses; `dead` has their numbers."""
    return [
        Question(
            Subject.DEAD,
            number,
            domain=domain,
            readers=at_domain.get(domain, 0),
        )
        for domain, number in sorted(dead.items())
        if is_suspicious(number, at_domain.get(domain, 0))
    ]
