"""A ledger of version 2 is brought up to date when it is opened, and an issue half sent goes on."""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from briefing.errors import BusyError, LedgerError
from briefing.keys import Key
from briefing.newsletter import Newsletter
from briefing.sending.ledger import records, send_lock
from briefing.sending.ledger.ledger import Ledger
from briefing.sending.ledger.recipients import Recipients
from briefing.sending.ledger.schema import VERSION, State
from tests.sending.conftest import (
    ISSUE_ID,
    NOW,
    all_readers,
    counts,
    plan_of,
    received,
    send_issue,
    smtp_to,
)
from tests.sending.servers.smtp import SmtpServer

OLD_TABLES = Path(__file__).parent / "data" / "ledger-version-2.sql"
READERS = [f"reader{number}@example.org" for number in range(30)]
ACCEPTED, INTERRUPTED = 12, 2


def old_digest(key: Key, reader: str) -> bytes:
    return key.digest("recipient", reader)[:16]


def old_state(number: int) -> str:
    if number < ACCEPTED:
        return "accepted"
    return "sending" if number < ACCEPTED + INTERRUPTED else "queued"


def old_rows(key: Key) -> Iterator[tuple[str, bytes, str, str, int, str]]:
    for number, reader in enumerate(READERS):
        lang = "de" if number % 3 == 0 else "en"
        state = old_state(number)
        tried = int(state != "queued")
        yield ISSUE_ID, old_digest(key, reader), lang, state, tried, ""


@pytest.fixture
def path(sendable: Newsletter) -> Path:
    return records.ledger_path(sendable, rehearsal=False)


@pytest.fixture
def half_sent(
    sendable: Newsletter, key: Key, path: Path
) -> Iterator[sqlite3.Connection]:
    """A ledger as version 2 left it when it was killed in the middle: its last commits are in -wal
    alone.
    """
    mailing = plan_of(sendable).mailing
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        path.chmod(0o600)
        db.executescript(OLD_TABLES.read_text("utf-8"))
        db.execute("PRAGMA journal_mode = WAL")
        db.execute(
            "INSERT INTO ledger VALUES (?, 'its name', 1)", (key.fingerprint,)
        )
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        db.execute(
            "INSERT INTO issue VALUES (?, ?, 30, 14)",
            (ISSUE_ID, NOW.isoformat()),
        )
        db.executemany(
            "INSERT INTO edition VALUES (?, ?, ?, ?)",
            [
                (ISSUE_ID, lang, mailing.digests[lang], edition.to_bytes())
                for lang, edition in mailing.editions.items()
            ],
        )
        db.executemany(
            "INSERT INTO delivery (issue, recipient, lang, state, tried, reason) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            old_rows(key),
        )
        yield db


def version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as db:
        (number,) = db.execute("PRAGMA user_version").fetchone()
    return int(number)


@pytest.mark.usefixtures("half_sent")
def test_an_issue_that_version_2_sent_in_part_goes_on(
    sendable: Newsletter, server: SmtpServer
) -> None:
    result = send_issue(sendable, smtp_to(sendable, server))
    assert counts(result) == {
        State.ACCEPTED: len(READERS) - INTERRUPTED,
        State.UNCERTAIN: INTERRUPTED,
    }
    assert received(server) == Counter(READERS[ACCEPTED + INTERRUPTED :])


@pytest.mark.usefixtures("half_sent")
def test_each_reader_keeps_their_state_attempts_and_edition(
    key: Key, path: Path
) -> None:
    recipients = Recipients(key, ISSUE_ID)
    with Ledger(path, key) as ledger:
        assert ledger.name == "its name"
        for number, reader in enumerate(READERS):
            record = ledger.find(ISSUE_ID, recipients.digest(reader))
            assert record
            assert record.state == old_state(number)
            assert record.tried == int(number < ACCEPTED + INTERRUPTED)
            assert record.lang == ("de" if number % 3 == 0 else "en")
            assert record.version == 1


@pytest.mark.usefixtures("half_sent")
def test_nothing_of_the_old_digests_stays_in_the_files(
    key: Key, path: Path
) -> None:
    def kept() -> list[str]:
        files = path.parent.glob(f"{path.name}*")
        data = b"".join(file.read_bytes() for file in files)
        return [reader for reader in READERS if old_digest(key, reader) in data]

    assert kept() == READERS
    with Ledger(path, key):
        assert kept() == []
    assert kept() == []


@pytest.mark.usefixtures("half_sent")
def test_it_is_left_alone_as_long_as_another_process_is_sending(
    sendable: Newsletter, key: Key, path: Path
) -> None:
    with (
        send_lock.hold(sendable),
        pytest.raises(BusyError, match="another briefing command is sending"),
    ):
        Ledger(path, key)
    assert version(path) == 2
    with Ledger(path, key):
        pass
    assert version(path) == VERSION


@pytest.mark.usefixtures("half_sent")
def test_a_copy_without_its_log_is_refused_as_before(
    key: Key, path: Path
) -> None:
    copy = path.with_name("copy.sqlite")
    copy.write_bytes(path.read_bytes())
    with pytest.raises(LedgerError, match="was copied without"):
        Ledger(copy, key)


def test_a_finished_issue_of_version_2_isnt_sent_again(
    half_sent: sqlite3.Connection, sendable: Newsletter, server: SmtpServer
) -> None:
    half_sent.execute(
        "UPDATE delivery SET state = 'accepted' WHERE state = 'queued'"
    )
    half_sent.execute(
        "UPDATE delivery SET state = 'queued' WHERE state = 'sending'"
    )
    send_issue(sendable, smtp_to(sendable, server))
    assert received(server) == all_readers(14) - all_readers(12)


def test_one_that_cant_be_rewritten_stays_as_it_was(
    half_sent: sqlite3.Connection, key: Key, path: Path
) -> None:
    half_sent.execute(
        "UPDATE delivery SET recipient = 'no digest' WHERE position = 7"
    )
    before = list(half_sent.iterdump())
    with pytest.raises(LedgerError):
        Ledger(path, key)
    assert version(path) == 2
    assert [line for line in half_sent.iterdump() if line not in before] == [
        f"INSERT INTO \"ledger\" VALUES('{key.fingerprint}','its name',0);"
    ]
