"""Changes of many readers' rows at once: the same as one after the other."""

import random
import sqlite3
from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefing.sending.ledger.row_changes import MANY, RowChange
from briefing.sending.ledger.schema import DELIVERY, State

ISSUE = "2020-10-09"
CLAIM = RowChange(
    State.QUEUED,
    "state = 'sending', tried = tried + 1, reason = ?",
    (7,),
)
READERS = 2 * MANY

Rows = list[tuple[str, State]]
"""Language and state of each reader."""


def recipient(number: int) -> bytes:
    return number.to_bytes(16, "big")


def ledger(rows: Rows) -> sqlite3.Connection:
    db = sqlite3.connect(":memory:")
    db.execute(DELIVERY)
    for issue in (ISSUE, "2020-10-16"):
        db.executemany(
            "INSERT INTO delivery (issue, recipient, lang, state) VALUES (?, ?, ?, ?)",
            (
                (issue, recipient(number), lang, state.value)
                for number, (lang, state) in enumerate(rows)
            ),
        )
    return db


def contents(db: sqlite3.Connection) -> list[object]:
    return db.execute("SELECT * FROM delivery").fetchall()


@given(chance=st.randoms(use_true_random=False), queued=st.floats(0, 1))
@settings(max_examples=30)
def test_it_changes_the_same_rows_as_one_change_for_each_reader(
    chance: random.Random, queued: float
) -> None:
    rows = [
        (
            chance.choice(["en", "de"]),
            State.QUEUED if chance.random() < queued else State.ACCEPTED,
        )
        for _ in range(READERS)
    ]
    chosen = chance.sample(range(READERS + 10), chance.randint(MANY, READERS))
    recipients = [recipient(number) for number in chosen]
    with closing(ledger(rows)) as together, closing(ledger(rows)) as singly:
        changed = CLAIM.apply(together, ISSUE, recipients)
        one_by_one = [
            CLAIM.apply(singly, ISSUE, [reader]) for reader in recipients
        ]
        assert changed == set().union(*one_by_one)
        assert contents(together) == contents(singly)


@pytest.mark.parametrize("languages", [["en"], ["en", "de", "ug"]])
def test_neighbours_of_one_language_take_one_statement(
    languages: list[str],
) -> None:
    rows = [
        (languages[n % len(languages)], State.QUEUED) for n in range(READERS)
    ]
    statements: list[str] = []
    english = [recipient(n) for n, (lang, _) in enumerate(rows) if lang == "en"]
    while len(english) < MANY:
        english.append(recipient(READERS + len(english)))  # not in the ledger
    with closing(ledger(rows)) as db:
        db.set_trace_callback(statements.append)
        CLAIM.apply(db, ISSUE, english)
    assert sum(text.startswith("UPDATE") for text in statements) == 1


def test_nobody_is_changed_for_nobody() -> None:
    with closing(ledger([("en", State.QUEUED)])) as db:
        assert CLAIM.apply(db, ISSUE, []) == set()
