"""Addresses on the list that resemble one that an editor typed."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from briefing.cli import output, prompts

if TYPE_CHECKING:
    from briefing.subscribers.named_reader import NamedReader
    from briefing.subscribers.subscriber import Subscriber
    from briefing.subscribers.subscriber_list import SubscriberList

MOST_NAMED = 10
"""The most addresses for which similar ones are looked up."""


def find(
    identities: Iterable[str], subscribers: "SubscriberList"
) -> "dict[str, list[Subscriber]]":
    """Return the readers with similar addresses, by identity, for the first MOST_NAMED of them."""
    from briefing.subscribers.similar import find_similar

    return find_similar(list(identities)[:MOST_NAMED], subscribers)


def choose(similar: "Sequence[Subscriber]") -> "Subscriber | None":
    """Show readers with similar addresses and ask which one is meant; None: none of them."""
    output.echo("Similar addresses there:")
    show(similar)
    numbers = "1" if len(similar) == 1 else f"1 to {len(similar)}"
    question = f"Which one do you mean ({numbers}; 0: none of them)"
    number = prompts.choose_one(question, len(similar))
    return similar[number - 1] if number else None


def show(similar: "Sequence[Subscriber]") -> None:
    """Print similar addresses with their lines."""
    for number, other in enumerate(similar, 1):
        output.echo(f"{number:>4}  {other.address} (line {other.line})")


def report_unlisted(
    unlisted: "Iterable[NamedReader]", subscribers: "SubscriberList"
) -> None:
    """Print an error for each reader who isn't on the list, by the place where an editor named them:
    what is printed here may be logged.
    """
    readers = list(unlisted)
    similar = find([reader.identity for reader in readers], subscribers)
    for reader in readers:
        hint = lines_to_compare(similar.get(reader.identity, []))
        output.error(
            f"the reader in {reader.place} isn't on {subscribers.name}{hint}"
        )


def lines_to_compare(similar: "Sequence[Subscriber]") -> str:
    """Return a hint that names their lines, to follow a message; empty if there are none."""
    rows = [str(other.line) for other in similar]
    if not rows:
        return ""
    lines = "line" if len(rows) == 1 else "lines"
    return f"; compare it with {lines} {', '.join(rows)} there"
