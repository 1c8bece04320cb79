"""Look up the readers that reports are about. No I/O but reading the list."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from briefing.joining.protocol import token_digest
from briefing.keys import Key
from briefing.subscribers.lookup import with_tokens
from briefing.subscribers.subscriber import Subscriber, parse_address
from briefing.subscribers.subscriber_list import SubscriberList
from briefing.subscribers.suppression import token_of
from briefing.syncing.reports import (
    AskedForLink,
    AskedToJoin,
    CarriedOut,
    Changed,
    Expired,
    Joined,
    MoveUndone,
    Person,
    Report,
    Unconcerned,
    Unproved,
    Unreadable,
)


@dataclass(frozen=True, slots=True)
class Listed:
    """The readers on the list that reports are about."""

    readers: Mapping[str, Subscriber]
    """By token."""
    by_digest: Mapping[str, str] = field(default_factory=dict)
    """Tokens by their SHA-256, hexadecimal."""
    at_domain: Mapping[str, int] = field(default_factory=dict)
    """How many readers of the whole list have an address at each domain."""
    total: int = 0
    """How many readers are on the list."""
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

    def with_newcomers(self, joins: Mapping[str, Joined]) -> "Listed":
        """Return the same with people who join, by the tokens that they will have."""
        newcomers = {
            token: Subscriber(parse_address(join.address))
            for token, join in joins.items()
        }
        at_domain = Counter(
            domain_of(reader.address)
            for token, reader in newcomers.items()
            if token not in self.readers
        )
        return replace(
            self,
            readers={**newcomers, **self.readers},
            at_domain=at_domain + Counter(self.at_domain),
        )

    def domain(self, token: str) -> str:
        """Return the domain of a reader's address; empty if they aren't on the list."""
        reader = self.readers.get(token)
        return domain_of(reader.address) if reader else ""


def domain_of(address: str) -> str:
    return address.rpartition("@")[2].lower()


def token_of_address(address: str, key: Key) -> str:
    """Return the token of an address's reader; empty for text that isn't an address."""
    try:
        return token_of(key, Subscriber(parse_address(address)).identity)
    except ValueError:
        return ""


def look_up(
    reports: Iterable[Report],
    others: Iterable[str],
    subscribers: SubscriberList,
    key: Key,
    *,
    moved: Mapping[str, str],
    known: Iterable[str] = (),
) -> Listed:
    """Go through the list once, and return the readers that reports are about, and those with the
    tokens `others`.

    `moved`: current tokens of readers whose address has changed, by their earlier ones. `known`: the
    tokens of people who may have left the list since.
    """
    tokens, digests = _wanted(reports, key)
    by_digest = _by_digest(moved, digests)
    tokens.update(others, by_digest.values())
    tokens.update([moved[token] for token in tokens & moved.keys()])
    readers: dict[str, Subscriber] = {}
    at_domain: Counter[str] = Counter()
    for token, row in with_tokens(subscribers, key):
        at_domain[domain_of(row.address)] += 1
        named = _by_digest([token], digests)
        by_digest |= named
        if named or token in tokens:
            readers.setdefault(token, row)
    # Someone who isn't on the list may be a former reader.
    by_digest |= _by_digest(known, digests - by_digest.keys())
    return Listed(readers, by_digest, at_domain, at_domain.total(), moved)


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


def _wanted(reports: Iterable[Report], key: Key) -> tuple[set[str], set[str]]:
    """Return the tokens, and the digests of tokens, of all who are named in reports."""
    tokens: set[str] = set()
    digests: set[str] = set()
    for report in reports:
        for person in _persons(report):
            if person.token:
                tokens.add(person.token)
            elif person.token_digest:
                digests.add(person.token_digest)
            else:
                tokens.add(token_of_address(person.address, key))
    return tokens, digests


def _persons(report: Report) -> Iterator[Person]:
    """Yield everyone a report names."""
    match report:
        case CarriedOut(earlier):
            yield from _persons(earlier)
        case Joined(address) | AskedForLink(address) | AskedToJoin(address):
            yield Person(address=address)
        case Changed(person, _, "email", address):
            yield from (person, Person(address=address))
        case MoveUndone(person, _, address):
            yield from (person, Person(address=address))
        case Unconcerned() | Unreadable() | Unproved() | Expired():
            pass
        case _:
            yield report.person
