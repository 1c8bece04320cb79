"""The record of readers whose emails fail, and when that has lasted long enough to unsubscribe them.

`.briefing/returned.csv` begins with `token,kind,issue,day` and has a line for each email that came back,
without addresses; those that a server refused during a send are in the ledger. A full mailbox or an unreachable server
has often recovered a week later, and a faulty server may say that no address exists.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import (
    Collection,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from briefing.bounces.kinds import BounceKind
from briefing.errors import FileError
from briefing.keys import Key
from briefing.newsletter import Newsletter
from briefing.sending.ledger.records import ledger_path, open_ledger
from briefing.sending.ledger.schema import State
from briefing.storage import files
from briefing.subscribers import unsubscribing
from briefing.subscribers.lookup import with_tokens
from briefing.subscribers.subscriber import Subscriber
from briefing.subscribers.subscriber_list import SubscriberList, open_list
from briefing.subscribers.suppression import TOKEN, Removal, Suppression

if TYPE_CHECKING:
    from briefing.sending.ledger.ledger import Ledger

FILE = "returned.csv"
HEADING = "token,kind,issue,day"
DAMAGED = "isn't lines of a token, a kind, an issue and a day; restore it from a backup, or delete it"
BOUNCED, FULL, UNREACHABLE = "bounced", "mailbox full", "unreachable"
"""Why readers are unsubscribed."""
UNKNOWN_ISSUES = 2
"""In so many issues in a row an address must be unknown, …"""
ISSUES = 3
DAYS = 21
"""… or in so many, over so many days, full or unreachable."""
MOST_UNKNOWN = 20
FEW_UNKNOWN = 3
UNKNOWN_SHARE = 0.1
"""If a provider calls more than MOST_UNKNOWN addresses unknown in an issue, or at least FEW_UNKNOWN and this
share of its addresses, its server is faulty.
"""
LOOKED_AT = 24
"""The newest issues that are looked at: also of a daily newsletter, more than DAYS."""
_SEVERITY = (BounceKind.TEMPORARY, BounceKind.FULL, BounceKind.DEAD)


@dataclass(frozen=True, slots=True)
class FailedDelivery:
    """A reader's email of an issue came back, or was refused."""

    token: str
    kind: BounceKind
    """DEAD, FULL or TEMPORARY."""
    issue: str
    """Empty if it isn't known yet."""
    day: dt.date


class Sent(NamedTuple):
    """An issue that was sent."""

    day: dt.date
    issue: str


class Assessment(NamedTuple):
    """What the failures mean."""

    removals: Mapping[str, Removal]
    """Readers to unsubscribe, by token."""
    kept: Sequence[FailedDelivery]
    """The record, as it will be."""


def assess(
    newsletter: Newsletter,
    key: Key,
    list_path: Path,
    suppression: Suppression,
    new: Iterable[FailedDelivery] = (),
) -> Assessment:
    """Return who can't be reached any more, given the emails that came back since the last time.

    Raises FileError if the record can't be read, LedgerError.
    """
    # A sync that was interrupted reads the same again.
    recorded = [*dict.fromkeys([*read(newsletter), *new])]
    if not ledger_path(newsletter).exists():
        return Assessment({}, recorded)
    with open_ledger(newsletter, key) as ledger:
        sent = _sent_issues(ledger)
        refused = {
            each: said
            for each in sent
            if (said := dict(ledger.refused(each.issue)))
        }
        if not (recorded or refused):
            return Assessment({}, ())
        tokens = {each.token for each in recorded}
        readers = _look_up(tokens, refused, open_list(list_path), key, ledger)

        def counting(
            failures: Iterable[FailedDelivery],
        ) -> list[FailedDelivery]:
            """Return those of readers who get emails, and haven't come back since."""
            return [
                each
                for each in _merge(failures, sent)
                if each.token in readers.rows
                and suppression.find(each.token) is None
                and str(each.day) >= suppression.restored_on(each.token)
            ]

        kept = counting(recorded)
        failures = counting([*kept, *readers.refusals])
        removals = {
            token: Removal(str(streak[0].day), reason)
            for token, own in _by_reader(failures, readers).items()
            if (streak := [*_streak(own, sent, ledger, readers.rows[token])])
            and (reason := reason_to_end(streak))
        }
    return Assessment(
        removals, [each for each in kept if each.token not in removals]
    )


def unsubscribe(newsletter: Newsletter, key: Key, list_path: Path) -> int:
    """Unsubscribe readers whose emails have failed for too long; return how many."""
    suppression = Suppression.of(newsletter)
    assessed = assess(newsletter, key, list_path, suppression)
    gone = unsubscribing.record(assessed.removals, suppression)
    write(newsletter, assessed.kept)
    return gone


def reason_to_end(streak: Sequence[FailedDelivery]) -> str:
    """Return why a reader is unsubscribed whose last emails failed, the newest first; empty if they aren't."""
    last = [failure.kind for failure in streak[:UNKNOWN_ISSUES]]
    if last == [BounceKind.DEAD] * UNKNOWN_ISSUES:
        return BOUNCED
    if len(streak) < ISSUES or (streak[0].day - streak[-1].day).days < DAYS:
        return ""
    return FULL if last[0] is BounceKind.FULL else UNREACHABLE


def is_faulty(unknown: int, addresses: int) -> bool:
    """Whether a server that calls so many of a provider's addresses unknown at once is probably wrong."""
    share = unknown >= FEW_UNKNOWN and unknown >= addresses * UNKNOWN_SHARE
    return unknown > MOST_UNKNOWN or share


def _sent_issues(ledger: "Ledger") -> list[Sent]:
    """Return the newest issues that were sent, the last one first."""
    sent = []
    for issue in ledger.issues()[:LOOKED_AT]:
        if frozen := ledger.frozen(issue):
            sent.append(Sent(frozen.at.astimezone().date(), issue))
    return sorted(sent, reverse=True)


def _streak(
    failures: Mapping[str, FailedDelivery],
    sent: Sequence[Sent],
    ledger: "Ledger",
    reader: Subscriber,
) -> Iterator[FailedDelivery]:
    """Yield a reader's failures, by issue, from the newest back to the last email that reached them. That
    of the newest issue may still come back.
    """
    for each in sent:
        if each.issue in failures:
            yield replace(failures[each.issue], day=each.day)
        elif each != sent[0]:
            digest = ledger.recipients(each.issue).digest(reader.identity)
            record = ledger.find(each.issue, digest)
            if record and record.state is State.ACCEPTED:
                return


class _Readers(NamedTuple):
    """Whose emails failed, as far as they are on the list."""

    rows: dict[str, Subscriber]
    """By token."""
    sizes: Counter[str]
    """How many readers of the list have an address at each domain."""
    refusals: list[FailedDelivery]
    """Emails that servers refused or put off during a send."""


def _look_up(
    tokens: Collection[str],
    refused: Mapping[Sent, Mapping[bytes, str]],
    subscribers: SubscriberList,
    key: Key,
    ledger: "Ledger",
) -> _Readers:
    """Go through the list once, given what servers said, by the readers' digests in each issue."""
    # Its patterns take a while to compile, and most sends have no refusals.
    from briefing.bounces.reasons import kind_of_words  # noqa: PLC0415

    digests = {each: ledger.recipients(each.issue).digest for each in refused}
    found = _Readers({}, Counter(), [])
    for token, row in with_tokens(subscribers, key):
        found.sizes[_domain(row)] += 1
        if token in tokens:
            found.rows.setdefault(token, row)
        for sent, said in refused.items():
            reply = said.get(digests[sent](row.identity))
            if reply and (kind := kind_of_words(reply)) in _SEVERITY:
                found.rows.setdefault(token, row)
                found.refusals.append(
                    FailedDelivery(token, kind, sent.issue, sent.day)
                )
    return found


def _by_reader(
    failures: Sequence[FailedDelivery], readers: _Readers
) -> Mapping[str, Mapping[str, FailedDelivery]]:
    """Return each reader's failures, by issue. What a faulty server says of many addresses in an issue
    means only that they couldn't be reached.
    """

    def server(failure: FailedDelivery) -> tuple[str, str, BounceKind]:
        domain = _domain(readers.rows[failure.token])
        return domain, failure.issue, failure.kind

    numbers = Counter(map(server, failures))
    found: defaultdict[str, dict[str, FailedDelivery]] = defaultdict(dict)
    for each in failures:
        domain, _issue, kind = server(each)
        if kind is BounceKind.DEAD and is_faulty(
            numbers[server(each)], readers.sizes[domain]
        ):
            kind = BounceKind.TEMPORARY
        found[each.token][each.issue] = replace(each, kind=kind)
    return found


def _domain(reader: Subscriber) -> str:
    return reader.address.rpartition("@")[2].lower()


def _merge(
    failures: Iterable[FailedDelivery], sent: Sequence[Sent]
) -> list[FailedDelivery]:
    """Return one failure for each email, the most serious; without those of issues that are too old to
    count. What came back on a day belongs to the last issue before.
    """
    merged: dict[tuple[str, str], FailedDelivery] = {}
    issues = {each.issue for each in sent}
    for failure in failures:
        before = (each.issue for each in sent if each.day <= failure.day)
        issue = failure.issue or next(before, "")
        known = merged.get((failure.token, issue), failure)
        if issue in issues:
            worse = max(known, failure, key=_severity)
            merged[failure.token, issue] = replace(worse, issue=issue)
    return sorted(merged.values(), key=lambda each: (each.day, each.token))


def _severity(failure: FailedDelivery) -> int:
    return _SEVERITY.index(failure.kind)


def read(newsletter: Newsletter) -> list[FailedDelivery]:
    """Return the record; empty if there is no file. Raises FileError."""
    path = newsletter.state / FILE
    try:
        _heading, *lines = files.read(path).decode().splitlines()
        return [_parse(*line.split(",")) for line in lines]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, TypeError) as error:
        raise FileError(path, DAMAGED) from error


def write(newsletter: Newsletter, failures: Iterable[FailedDelivery]) -> None:
    """Replace the record, in one step. Raises BriefingError."""
    path = newsletter.state / FILE
    lines = [",".join(map(str, astuple(failure))) for failure in failures]
    if lines or path.exists():
        text = "".join(f"{line}\n" for line in (HEADING, *lines))
        files.write_private(path, text.encode())


def _parse(token: str, kind: str, issue: str, day: str) -> FailedDelivery:
    if not TOKEN.fullmatch(token) or kind not in _SEVERITY:
        raise ValueError(kind)
    return FailedDelivery(
        token, BounceKind(kind), issue, dt.date.fromisoformat(day)
    )
