"""Unsubscribe readers, or restore them: identify them, look them up on the list, and record it.

Readers are named by their address, or by the token in their unsubscribe link or email. No message
shows either. A reader whose address changed can be named by the earlier one, and by its token: both
are suppressed.

An address that isn't on the list is probably mistyped. It is recorded only if the editor is sure: a
reader who asked to leave would otherwise keep getting emails unnoticed. A token can't be mistyped.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain

from briefing.keys import Key
from briefing.text.counts import counted

from . import lookup
from .moves import Moves
from .named_reader import NamedReader
from .subscriber_list import SubscriberList
from .suppression import Removal, Suppression


@dataclass(frozen=True, slots=True)
class UnsubscribePlan:
    """Which readers to unsubscribe."""

    tokens: tuple[str, ...]
    """The tokens of all these readers, each once."""
    new: int
    """How many weren't unsubscribed yet."""
    on_list: int | None
    """How many are on the list; None if no list could be read."""
    unknown_tokens: int | None
    """How many of the named tokens belong to no one on the list; None if no list could be read."""
    unlisted: tuple[NamedReader, ...] = ()
    """Readers named by an address that isn't on the list, who won't be unsubscribed."""

    @property
    def already(self) -> int:
        return len(self.tokens) - self.new

    def removals(self, reason: str, on: dt.date) -> dict[str, Removal]:
        """Return when and why they leave, by token, for `record`."""
        return dict.fromkeys(self.tokens, Removal(on.isoformat(), reason))


def plan_unsubscribing(
    readers: Iterable[NamedReader],
    key: Key,
    suppression: Suppression,
    subscribers: SubscriberList | None,
    moves: Moves,
) -> UnsubscribePlan:
    """Return what unsubscribing these readers would change, without writing anything."""
    by_token = _by_token(readers, key, moves)
    on_list = unknown_tokens = None
    unlisted: dict[str, NamedReader] = {}
    if subscribers:
        listed = lookup.by_token(subscribers, key, by_token)
        elsewhere = {
            token: by_token[token] for token in by_token if token not in listed
        }
        on_list = len(listed)
        unknown_tokens = sum(bool(each.token) for each in elsewhere.values())
        unlisted = _unlisted(elsewhere, suppression)
    tokens = tuple(token for token in by_token if token not in unlisted)
    return UnsubscribePlan(
        tokens,
        new=sum(token not in suppression for token in tokens),
        on_list=on_list,
        unknown_tokens=unknown_tokens,
        unlisted=tuple(unlisted.values()),
    )


def _unlisted(
    elsewhere: Mapping[str, NamedReader], suppression: Suppression
) -> dict[str, NamedReader]:
    """Return those of the readers, none of them on the list, whose addresses may be mistyped."""
    return {
        token: reader
        for token, reader in elsewhere.items()
        if not (reader.token or reader.sure or token in suppression)
    }


def _by_token(
    readers: Iterable[NamedReader], key: Key, moves: Moves
) -> dict[str, NamedReader]:
    """Return readers by the token that they have now."""
    return {moves.current(reader.token_by(key)): reader for reader in readers}


def record(
    removals: Mapping[str, Removal],
    suppression: Suppression,
    moves: Moves | None = None,
) -> int:
    """Record the readers with these tokens as unsubscribed; return how many weren't yet.

    With `moves`, also by the tokens of all other addresses that they ever had. Raises what
    `Suppression.add` does; it can then be repeated.
    """
    new = _add(removals, suppression)
    if moves is not None:
        # A reader may move at this moment: `list_update` records that before it looks who is suppressed.
        moves.refresh()
        others: dict[str, Removal] = {}
        for token, removal in removals.items():
            others.update(dict.fromkeys(moves.tokens_of(token), removal))
        _add(others, suppression)
    return new


def _add(removals: Mapping[str, Removal], suppression: Suppression) -> int:
    groups: dict[Removal, list[str]] = {}
    for token, removal in removals.items():
        groups.setdefault(removal, []).append(token)
    new = 0
    for removal, tokens in groups.items():
        day = dt.date.fromisoformat(removal.date)
        new += suppression.add(tokens, removal.reason, day)
    return new


@dataclass(frozen=True, slots=True)
class RestorePlan:
    """Which readers to restore. `restore` carries it out."""

    tokens: tuple[str, ...]
    on_list: int | None
    """How many of them are on the list; None if no list could be read."""
    complaints: tuple[tuple[NamedReader, Removal], ...]
    """Readers who reported an email as spam, and won't be restored unless the editor is sure."""
    subscribed: tuple[NamedReader, ...]
    """Readers on the list who aren't unsubscribed."""
    unknown: tuple[NamedReader, ...]
    """Readers who aren't unsubscribed and aren't on the list either, or no list could be read."""


def plan_restoring(
    readers: Iterable[NamedReader],
    key: Key,
    suppression: Suppression,
    subscribers: SubscriberList | None,
    moves: Moves,
) -> RestorePlan:
    """Return what restoring these readers would change, without writing anything."""
    by_token = _by_token(readers, key, moves)
    listed = lookup.by_token(subscribers, key, by_token) if subscribers else {}
    tokens: list[str] = []
    complaints: list[tuple[NamedReader, Removal]] = []
    subscribed: list[NamedReader] = []
    unknown: list[NamedReader] = []
    for token, reader in by_token.items():
        removal = _removal(token, suppression, moves)
        if removal is None:
            (subscribed if token in listed else unknown).append(reader)
        elif removal.is_complaint and not reader.sure:
            complaints.append((reader, removal))
        else:
            tokens.append(token)
    return RestorePlan(
        tuple(tokens),
        on_list=len(listed.keys() & tokens) if subscribers else None,
        complaints=tuple(complaints),
        subscribed=tuple(subscribed),
        unknown=tuple(unknown),
    )


def _removal(
    token: str, suppression: Suppression, moves: Moves
) -> Removal | None:
    """Return when and why a reader was unsubscribed, by any of their tokens; a complaint, if there was
    one.
    """
    found: Removal | None = None
    for any_token in moves.tokens_of(token):
        removal = suppression.find(any_token)
        if removal and (found is None or removal.is_complaint):
            found = removal
    return found


def restore(
    plan: RestorePlan, suppression: Suppression, moves: Moves, on: dt.date
) -> int:
    """Carry out a plan; return how many readers are subscribed again. Raises what
    `Suppression.restore` does.
    """
    tokens = chain.from_iterable(map(moves.tokens_of, plan.tokens))
    return len(plan.tokens) if suppression.restore(tokens, on) else 0


def describe_restored(
    count: int, plan: RestorePlan, list_name: str
) -> list[str]:
    """Return sentences for the editor about a plan that restored `count` readers."""
    sentences = [
        f"The reader in {reader.place} isn't unsubscribed, and gets emails as before. "
        "If you meant another one, correct the address or token."
        for reader in plan.subscribed
    ]
    if not count:
        return sentences
    are = "is" if count == 1 else "are"
    sentences.append(f"{counted(count, 'reader')} {are} subscribed again.")
    if plan.on_list is not None and plan.on_list < count:
        missing = count - plan.on_list
        who = f"{missing:,} of them {'is' if missing == 1 else 'are'}n't"
        if count == 1:
            who = "The reader isn't"
        sentences.append(f"{who} on {list_name}; add them to send them emails.")
    return sentences


def describe(plan: UnsubscribePlan, list_name: str) -> list[str]:
    """Return sentences for the editor about a recorded plan."""
    if not plan.tokens:
        return []
    sentences = [_describe_record(plan.new, plan.already)]
    if plan.on_list is not None and plan.unknown_tokens is not None:
        if plan.unknown_tokens < len(plan.tokens):
            sentences.append(
                _describe_listed(plan.on_list, len(plan.tokens), list_name)
            )
        if plan.unknown_tokens:
            sentences.append(_describe_unknown(plan.unknown_tokens, list_name))
    return sentences


def _describe_record(new: int, already: int) -> str:
    were = "was" if already == 1 else "were"
    if not new:
        return f"{counted(already, 'reader')} {were} unsubscribed already; nothing was changed."
    are = "is" if new == 1 else "are"
    rest = f"; {already:,} {were} unsubscribed already" if already else ""
    return f"{counted(new, 'reader')} {are} unsubscribed, even if a later list contains them{rest}."


def _describe_listed(on_list: int, count: int, list_name: str) -> str:
    if not on_list:
        who = "The reader is not" if count == 1 else "None of them is"
        return f"{who} on {list_name}."
    if on_list == 1:
        who = "The reader" if count == 1 else "1 of them"
        return (
            f"{who} is on {list_name}; their row stays, but they get no emails."
        )
    return f"{on_list:,} of them are on {list_name}; their rows stay, but they get no emails."


def _describe_unknown(unknown: int, list_name: str) -> str:
    if unknown == 1:
        return f"1 token belongs to no one on {list_name}. It may be from an older list; it is recorded anyway."
    return (
        f"{unknown:,} tokens belong to no one on {list_name}. "
        "They may be from an older list; they are recorded anyway."
    )
