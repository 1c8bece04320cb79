"""What was sent stays as its readers got it, and what waits to be sent as it is; all else can be edited."""

import datetime as dt
from pathlib import Path

from briefing.issue import receipt
from briefing.newsletter import Newsletter
from briefing.preview.desk import read_only
from briefing.preview.desk.read_only import Why
from briefing.sending import waiting
from briefing.sending.ledger import records
from briefing.sending.waiting import Wait
from tests.preview.at_the_desk import RECEIPT

ISSUE = "2020-10-09"
NOW = dt.datetime(2020, 10, 9, 8, 0, tzinfo=dt.UTC)


def test_a_draft_can_be_edited(newsletter: Newsletter, folder: Path) -> None:
    assert read_only.reason(newsletter, folder) is None
    assert not newsletter.state.exists()


def test_a_sent_issue_is_corrected_by_another_one(
    newsletter: Newsletter, folder: Path
) -> None:
    receipt.write(folder, RECEIPT)
    found = read_only.reason(newsletter, folder)
    assert found
    assert found.why is Why.SENT
    assert "a new issue with ‘corrects: 2020-10-09’" in found.message


def test_so_is_one_whose_ledger_cannot_be_read(
    newsletter: Newsletter, folder: Path
) -> None:
    ledger = records.ledger_path(newsletter)
    ledger.parent.mkdir(mode=0o700)
    ledger.write_bytes(b"no ledger")
    assert read_only.reason(newsletter, folder) is None
    receipt.write(folder, RECEIPT)
    found = read_only.reason(newsletter, folder)
    assert found
    assert found.why is Why.SENT


def test_an_issue_that_waits_to_be_sent_cannot_be_edited_until_that_is_stopped(
    newsletter: Newsletter, folder: Path
) -> None:
    wait = Wait(issue=ISSUE, at=NOW, via="smtp", count=3)
    with waiting.announce(newsletter, wait):
        found = read_only.reason(newsletter, folder)
        assert found
        assert found.why is Why.WAITS
        assert "waits to be sent at 2020-10-09" in found.message
    assert read_only.reason(newsletter, folder) is None
