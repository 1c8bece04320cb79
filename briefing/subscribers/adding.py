"""Add readers: who can be, who is on the list already, and who unsubscribed. No I/O."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from briefing.errors import RefusedError
from briefing.keys import Key
from briefing.text.counts import counted

from .lookup import by_identity
from .named_reader import NewReader
from .reader_changes import Add, typed_value
from .subscriber import Subscriber
from .subscriber_list import SubscriberList
from .suppression import Removal, Suppression, token_of

JOINED, CONSENT, TAGS = "joined", "consent", "tags"
"""Columns: the day on which a reader joined, what they agreed to, and their tags."""


@dataclass(frozen=True, slots=True)
class AddPlan:
    """What adding readers would do."""

    new: tuple[NewReader, ...]
    listed: tuple[tuple[NewReader, int], ...]
    """Readers who are on the list and get emails, each with the line of their row."""
    suppressed: tuple[tuple[NewReader, Removal], ...]
    """Readers who unsubscribed or complained, who aren't added. They may be on the list, and get no
    emails.
    """


def plan_adding(
    named: Sequence[NewReader],
    key: Key,
    suppression: Suppression,
    subscribers: SubscriberList,
) -> AddPlan:
    """Return what adding these readers would do, each of them once."""
    wanted: dict[str, NewReader] = {}
    for reader in named:
        wanted.setdefault(reader.identity, reader)
    rows = by_identity(wanted, subscribers)
    new: list[NewReader] = []
    listed: list[tuple[NewReader, int]] = []
    suppressed: list[tuple[NewReader, Removal]] = []
    for identity, reader in wanted.items():
        removal = suppression.find(token_of(key, identity))
        if removal:
            suppressed.append((reader, removal))
        elif identity in rows:
            listed.append((reader, rows[identity].line))
        else:
            new.append(reader)
    return AddPlan(tuple(new), tuple(listed), tuple(suppressed))


@dataclass(frozen=True, slots=True)
class Details:
    """What the rows of all readers who are added together contain, besides the address."""

    name: str
    lang: str
    columns: Mapping[str, str]


def details_of(
    *,
    name: str = "",
    lang: str = "",
    tags: Sequence[str] = (),
    consent: str = "",
    joined: dt.date | None = None,
    today: dt.date,
) -> Details:
    """Return what is to be written. A consent has a day as well: today, unless another one is given.

    Raises RefusedError for a text that its column can't contain, and for a day that hasn't come yet.
    """
    if any("," in tag for tag in tags):
        raise RefusedError(
            "a tag can't contain a comma; give --tag once for each tag; nothing was changed"
        )
    if consent and joined is None:
        joined = today
    _refuse_future(joined, today)
    texts = {
        "name": name,
        "lang": lang,
        TAGS: ", ".join(dict.fromkeys(tags)),
        JOINED: joined.isoformat() if joined else "",
        CONSENT: consent,
    }
    values = {
        column: typed_value(column, text) for column, text in texts.items()
    }
    own = values.pop("name"), values.pop("lang")
    columns = {column: value for column, value in values.items() if value}
    return Details(*own, columns)


def _refuse_future(joined: dt.date | None, today: dt.date) -> None:
    if joined and joined > today:
        raise RefusedError(
            f"--joined {joined} is in the future; give the day on which they agreed; nothing was changed"
        )


def changes(plan: AddPlan, details: Details) -> list[Add]:
    """Return the changes of the list that carry out a plan."""
    return [
        Add(
            Subscriber(
                reader.address, details.name, details.lang, details.columns
            )
        )
        for reader in plan.new
    ]


def describe(plan: AddPlan, list_name: str) -> list[str]:
    """Return sentences for the editor about a plan that was carried out."""
    sentences: list[str] = []
    if plan.new:
        are = "is" if len(plan.new) == 1 else "are"
        sentences.append(
            f"{counted(len(plan.new), 'reader')} {are} now on {list_name}."
        )
    for reader, row in plan.listed:
        sentences.append(
            f"The reader in {reader.place} is on {list_name} already, on line {row}."
        )
    return sentences
