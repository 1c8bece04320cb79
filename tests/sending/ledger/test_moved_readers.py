"""Whose address changed keeps their row in the ledger."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from briefing.keys import Key
from briefing.sending.ledger.ledger import Ledger
from briefing.sending.ledger.recipients import reader_digest
from briefing.sending.ledger.schema import LoadedReader, State

KEY = Key(b"k" * 32)
NOW = dt.datetime(2020, 10, 9, 8, tzinfo=dt.UTC)
ISSUES = ("2020-10-02", "2020-10-09")


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / ".briefing" / "ledger.sqlite", KEY) as opened:
        yield opened


def freeze(ledger: Ledger, *names: str) -> None:
    """Freeze both issues for these readers."""
    for issue in ISSUES:
        recipients = ledger.recipients(issue)
        ledger.load_audience(
            LoadedReader(line, recipients.digest(name), "en", True, b"")
            for line, name in enumerate(names, 2)
        )
        ledger.freeze(issue, NOW, [("en", "digest", b"English")])


def record(ledger: Ledger, issue: str, name: str, state: State) -> None:
    digest = ledger.recipients(issue).digest(name)
    ledger.commit(issue, [], [digest], day="2020-10-09")
    ledger.commit(issue, [(digest, state, "")], [])


def state(ledger: Ledger, issue: str, name: str) -> State | None:
    row = ledger.find(issue, ledger.recipients(issue).digest(name))
    return row.state if row else None


def moved(ledger: Ledger, old: str, new: str) -> list[str]:
    pair = (reader_digest(KEY, old), reader_digest(KEY, new))
    return ledger.move_readers([pair])


def test_the_rows_of_all_issues_get_the_new_digest(ledger: Ledger) -> None:
    freeze(ledger, "ann", "bob")
    record(ledger, ISSUES[0], "ann", State.ACCEPTED)
    assert moved(ledger, "ann", "cid") == []
    assert state(ledger, ISSUES[0], "cid") is State.ACCEPTED
    assert state(ledger, ISSUES[1], "cid") is State.QUEUED
    assert state(ledger, ISSUES[0], "ann") is None
    assert state(ledger, ISSUES[0], "bob") is State.QUEUED


def test_repeating_it_changes_nothing(ledger: Ledger) -> None:
    freeze(ledger, "ann")
    moved(ledger, "ann", "cid")
    assert moved(ledger, "ann", "cid") == []
    assert ledger.counts(ISSUES[0])[State.QUEUED] == 1


@pytest.mark.parametrize(
    ("old", "new", "kept"),
    [
        (State.ACCEPTED, State.DEFERRED, State.ACCEPTED),
        (State.REJECTED, State.ACCEPTED, State.ACCEPTED),
        (State.UNCERTAIN, State.REJECTED, State.UNCERTAIN),
    ],
)
def test_of_two_rows_the_one_whose_email_came_further_stays(
    ledger: Ledger, old: State, new: State, kept: State
) -> None:
    freeze(ledger, "ann", "cid")
    record(ledger, ISSUES[1], "ann", old)
    record(ledger, ISSUES[1], "cid", new)
    assert moved(ledger, "ann", "cid") == list(ISSUES)
    assert state(ledger, ISSUES[1], "cid") is kept
    assert sum(ledger.counts(ISSUES[1]).values()) == 1
