"""Unsubscribe readers: identify them, look them up on the list, and record it.

Readers are named by their address, or by the token in their unsubscribe link or email. No message
shows either. A reader whose address changed can be named by the earlier one, and by its token: both
are suppressed.

An address that isn't on the list is probably mistyped. It is recorded only if the editor is sure: a
reader who asked to leave would otherwise keep getting emails unnoticed. A token can't be mistyped.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

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
    by_token = lookup.by_current_token(readers, key, moves)
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
