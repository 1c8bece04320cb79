"""What is known about the readers that an editor named. No I/O."""

from collections.abc import Mapping
from dataclasses import dataclass

from briefing.keys import Key

from .lookup import find_listed
from .moves import Moves
from .named_reader import NamedReader
from .subscriber import Subscriber
from .subscriber_list import SubscriberList
from .suppression import Removal, Suppression


@dataclass(frozen=True, slots=True)
class ReaderStatus:
    """What is known about one reader."""

    subscriber: Subscriber | None
    """Their row; None if they aren't on the list."""
    moved: bool
    """Whether they were named by an earlier address or token."""
    removal: Removal | None
    """When and why they unsubscribed."""


def find(
    named: Mapping[str, NamedReader],
    key: Key,
    suppression: Suppression,
    moves: Moves,
    subscribers: SubscriberList,
) -> dict[str, ReaderStatus]:
    """Return what is known about each of these readers, by the place where they were named."""
    listed = find_listed(named.values(), key, moves, subscribers)
    statuses: dict[str, ReaderStatus] = {}
    for place, reader in named.items():
        token = reader.token_by(key)
        current = moves.current(token)
        statuses[place] = ReaderStatus(
            listed.get(reader),
            moved=current != token,
            removal=suppression.find(current) or suppression.find(token),
        )
    return statuses


def describe(
    reader: NamedReader, status: ReaderStatus, list_name: str
) -> list[str]:
    """Return lines about a reader; these contain the address."""
    name = reader.identity or "The reader with this token"
    listed = status.subscriber
    if listed is None:
        lines = [f"{name} isn't on {list_name}."]
    else:
        lines = [f"{listed.address}, line {listed.line} of {list_name}"]
        values = listed.values()
        width = max(map(len, values), default=0)
        lines += [
            f"  {column.ljust(width)}  {text}"
            for column, text in values.items()
        ]
    if status.moved:
        lines.append("  found by an earlier address or token")
    lines.append(f"  {_describe_mail(status)}")
    return lines


def _describe_mail(status: ReaderStatus) -> str:
    if status.removal:
        return f"gets no emails: unsubscribed on {status.removal.date} ({status.removal.reason})"
    if status.subscriber is None:
        return "isn't recorded as unsubscribed either"
    return "gets emails"
