"""Bring joins and changes into the list."""

import datetime as dt
from collections.abc import Iterator, Mapping

from briefing.errors import RefusedError
from briefing.keys import Key
from briefing.sending import list_update
from briefing.subscribers import list_file
from briefing.subscribers.adding import CONSENT, JOINED
from briefing.subscribers.lookup import by_token
from briefing.subscribers.reader_changes import (
    Add,
    Move,
    ReaderChange,
    Set,
    clean_value,
)
from briefing.subscribers.subscriber import Subscriber, parse_address
from briefing.subscribers.subscriber_list import SubscriberList
from briefing.subscribers.suppression import token_of
from briefing.text.counts import counted

from .home import Home
from .planning.plan import SyncPlan
from .reports import Changed, Joined

FORM = "form"
"""The column that keeps where someone joined, beside when and what they agreed to."""


def change_list(plan: SyncPlan, home: Home, now: dt.datetime) -> int:
    """Carry out what a plan changes in the list; return how many changes were left to make.

    Raises BusyError while a send is running, and what `list_update.Editing.apply` raises; then
    nothing was changed.
    """
    if not plan.changes_list:
        return 0
    with list_update.editing(
        home.newsletter,
        home.key,
        now,
        home.list_path,
        create=home.may_create and bool(plan.joins),
    ) as editing:
        changes = _all_changes(plan, editing.subscribers, home.key)
        if changes:
            what = f"sync: {counted(len(changes), 'change')}"
            editing.apply(changes, what, is_sync=True)
    return len(changes)


def find_obstacle(plan: SyncPlan, home: Home) -> str:
    """Return why the list can't take what a plan changes, and what to do: a program has it open, or its
    encoding lacks a letter. Empty if it can.
    """
    if not plan.changes_list:
        return ""
    try:
        list_file.refuse_open(home.list_path)
        subscribers = home.open_list()
        subscribers.changed(_all_changes(plan, subscribers, home.key))
    except RefusedError as error:
        return str(error)
    return ""


def _all_changes(
    plan: SyncPlan, subscribers: SubscriberList, key: Key
) -> list[ReaderChange]:
    readers = by_token(subscribers, key)
    joins = {token: _newcomer(join) for token, join in plan.joins.items()}
    newcomers = {**joins, **plan.moved_back}
    return [
        *(Add(newcomers[token]) for token in newcomers if token not in readers),
        *_consents(plan.restored, readers),
        *_changes(plan.changes, readers, {*newcomers, *readers}, key),
    ]


def _newcomer(join: Joined) -> Subscriber:
    address = parse_address(join.address)
    return Subscriber(address, join.name, join.lang, _consent(join))


def _consents(
    restored: Mapping[str, Joined], readers: Mapping[str, Subscriber]
) -> Iterator[ReaderChange]:
    """Yield the new consent of readers who come back."""
    for token, join in restored.items():
        reader = readers.get(token)
        if reader is None:
            continue
        values = {"lang": join.lang} | _consent(join)
        for column, value in values.items():
            if value and value != reader.value(column):
                yield Set(reader.identity, column, value)


def _consent(join: Joined) -> dict[str, str]:
    columns = {
        JOINED: join.day.isoformat(),
        FORM: join.form,
        CONSENT: join.wording,
    }
    return {name: clean_value(name, value) for name, value in columns.items()}


def _changes(
    changes: Mapping[tuple[str, str], Changed],
    readers: Mapping[str, Subscriber],
    taken: set[str],
    key: Key,
) -> Iterator[ReaderChange]:
    """Yield the changes that are left to make. `taken`: tokens that others have by now."""
    for (token, column), change in changes.items():
        reader = readers.get(token)
        if reader is None:
            continue
        if column == "email":
            move = Move(reader.identity, parse_address(change.value))
            new = token_of(key, move.new_identity)
            # Two readers may have asked for the same address.
            if new not in taken:
                taken.add(new)
                yield move
            continue
        value = clean_value(column, change.value)
        if value != reader.value(column):
            yield Set(reader.identity, column, value)
