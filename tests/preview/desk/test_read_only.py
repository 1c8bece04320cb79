"""What was sent or scheduled stays as its readers get it; everything else can be edited."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from briefing.issue import receipt
from briefing.keys import Key
from briefing.newsletter import Newsletter
from briefing.preview.desk import read_only
from briefing.preview.desk.read_only import ReadOnly, Why
from briefing.sending.ledger import records
from briefing.sending.ledger.ledger import Ledger
from tests.preview.at_the_desk import RECEIPT

ISSUE = "2020-10-09"
NOW = dt.datetime(2020, 10, 9, 8, 0, tzinfo=dt.UTC)
HOUR = 3600


@pytest.fixture
def ledger(newsletter: Newsletter) -> Iterator[Ledger]:
    key = Key.of(newsletter)
    with records.open_ledger(newsletter, key, rehearsal=False) as ledger:
        yield ledger


def reason(newsletter: Newsletter, folder: Path) -> ReadOnly | None:
    return read_only.reason(newsletter, folder, NOW)


def test_a_draft_can_be_edited(newsletter: Newsletter, folder: Path) -> None:
    assert reason(newsletter, folder) is None
    assert not newsletter.state.exists()


def test_a_rehearsal_changes_nothing(
    newsletter: Newsletter, folder: Path
) -> None:
    key = Key.of(newsletter)
    with records.open_ledger(newsletter, key, rehearsal=True) as ledger:
        ledger.add_schedule(ISSUE, "batch", int(NOW.timestamp()) + HOUR)
    assert reason(newsletter, folder) is None


def test_a_sent_issue_is_corrected_by_another_one(
    newsletter: Newsletter, folder: Path
) -> None:
    receipt.write(folder, RECEIPT)
    found = reason(newsletter, folder)
    assert found
    assert found.why is Why.SENT
    assert "a new issue with ‘corrects: 2020-10-09’" in found.message


def test_so_is_one_whose_ledger_cannot_be_read(
    newsletter: Newsletter, folder: Path
) -> None:
    ledger = records.ledger_path(newsletter, rehearsal=False)
    ledger.parent.mkdir(mode=0o700)
    ledger.write_bytes(b"no ledger")
    assert reason(newsletter, folder) is None
    receipt.write(folder, RECEIPT)
    found = reason(newsletter, folder)
    assert found
    assert found.why is Why.SENT


def test_a_scheduled_issue_can_be_edited_once_it_is_recalled(
    newsletter: Newsletter, folder: Path, ledger: Ledger
) -> None:
    schedule = ledger.add_schedule(ISSUE, "batch", int(NOW.timestamp()) + HOUR)
    receipt.write(folder, RECEIPT)
    found = reason(newsletter, folder)
    assert found
    assert found.why is Why.SCHEDULED
    assert "is scheduled for 2020-10-09" in found.message
    assert found.command == "briefing recall 2020-10-09"
    ledger.stop_claims(schedule)
    (folder / receipt.FILE).unlink()
    assert reason(newsletter, folder) is None


def test_another_issue_is_not_held_back(
    newsletter: Newsletter, folder: Path, ledger: Ledger
) -> None:
    at = int(NOW.timestamp()) + HOUR
    ledger.add_schedule("2020-10-16", "batch", at)
    assert reason(newsletter, folder) is None
