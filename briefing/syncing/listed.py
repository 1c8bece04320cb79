"""Look up the readers that reports are about. No I/O but reading the list."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from briefing.joining.protocol import token_digest
from briefing.keys import Key
from briefing.subscribers.lookup import with_tokens
from briefing.subscribers.subscriber import Subscriber, parse_address
from briefing.subscribers.subscriber_list import SubscriberList
from briefing.subscribers.suppression import token_of

from .reports import (
    Automatic,
    CarriedOut,
    Joined,
    Person,
    Report,
    Unreadable,
)


@dataclass(frozen=True, slots=True)
class Listed:
    """The readers on the list that reports are about."""

    readers: Mapping[str, Subscriber]
    """By token."""
    by_digest: Mapping[str, str] = field(default_factory=dict)
    """Tokens by their SHA-256, hexadecimal."""
    moved: Mapping[str, str] = field(default_factory=dict)
    """Current tokens of readers whose address has changed, by earlier ones."""

    def named(self, person: Person, key: Key) -> str:
        """Return the token that a report names, which may be an earlier one of its reader, or of no one on
        the list; empty if it isn't known.
        """
        if person.token:
            return person.token
        if person.token_digest:
            return self.by_digest.get(person.token_digest, "")
        return token_of_address(person.address, key)

    def line(self, person: Person, key: Key) -> int:
        """Return a reader's line in the list; 0 if they aren't on it."""
        named = self.named(person, key)
        reader = self.readers.get(self.moved.get(named, named))
        return reader.line if reader else 0


def domain_of(address: str) -> str:
    return address.rpartition("@")[2].lower()


def token_of_address(address: str, key: Key) -> str:
    """Return the token of an address's reader; empty for text that isn't an address."""
    try:
        return token_of(key, Subscriber(parse_address(address)).identity)
    except ValueError:
        return ""


def look_up(
    reports: Iterable[Report | CarriedOut],
    subscribers: SubscriberList,
    key: Key,
    *,
    moved: Mapping[str, str],
    known: Iterable[str] = (),
) -> Listed:
    """Go through the list once, and return the readers that reports are about.

    `moved`: current tokens of readers whose address has changed, by their earlier ones. `known`: the
    tokens of people who may have left the list since.
    """
    persons = [*_persons(reports)]
    digests = {person.token_digest for person in persons} - {""}
    tokens = {
        person.token or token_of_address(person.address, key)
        for person in persons
    }
    by_digest = _by_digest(moved, digests)
    tokens.update(by_digest.values())
    tokens.update([moved[token] for token in tokens & moved.keys()])
    readers: dict[str, Subscriber] = {}
    for token, row in with_tokens(subscribers, key):
        named = _by_digest([token], digests)
        by_digest |= named
        if named or token in tokens:
            readers.setdefault(token, row)
    # Someone who isn't on the list may be a former reader.
    by_digest |= _by_digest(known, digests - by_digest.keys())
    return Listed(readers, by_digest, moved)


def _by_digest(
    tokens: Iterable[str], digests: Collection[str]
) -> dict[str, str]:
    """Return those of the tokens that have one of the digests, by digest."""
    if not digests:
        return {}
    return {
        digest: token
        for token in tokens
        if (digest := token_digest(token).hex()) in digests
    }


def _persons(reports: Iterable[Report | CarriedOut]) -> Iterator[Person]:
    for report in reports:
        match report:
            case CarriedOut(earlier):
                yield from _persons([earlier])
            case Joined(address):
                yield Person(address=address)
            case Unreadable() | Automatic():
                pass
            case _:
                yield report.person
