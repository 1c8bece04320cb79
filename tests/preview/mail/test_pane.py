"""What the page says about the email."""

from pathlib import Path

import pytest

from briefing.preview.mail.pane import MailPane, Weight
from briefing.preview.mail.snapshots import Snapshots
from briefing.rendering.size import CLIPPED


@pytest.fixture
def pane(snapshots: Snapshots) -> MailPane:
    snapshot = snapshots.take("en").snapshot
    assert snapshot
    return MailPane(snapshot, {})


def test_the_headers_are_those_of_an_email_to_nobody(pane: MailPane) -> None:
    fields = dict(pane.headers)
    assert fields["To"] == "Amina Example <reader@example.org>"
    assert fields["From"] == "Brief <weekly@example.org>"
    assert ("Subject", "Weekly Brief, 9 October 2020") in pane.headers
    assert fields["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "Subject: Weekly Brief, 9 October 2020\n" in pane.head


def test_without_a_name_the_email_is_addressed_to_the_address(
    snapshots: Snapshots,
) -> None:
    snapshot = snapshots.take("en").snapshot
    assert snapshot
    pane = MailPane(snapshot, {"reader": "nameless"})
    fields = dict(pane.headers)
    assert fields["To"] == "reader@example.org"
    assert "Dear reader," in pane.text


def test_the_heaviest_parts_are_named_first(
    snapshots: Snapshots, issue: Path
) -> None:
    long = "It is long. " * 2000
    issue.write_text(
        issue.read_text("utf-8").replace("Nothing new.", long), "utf-8"
    )
    snapshot = snapshots.take("en").snapshot
    assert snapshot
    size = MailPane(snapshot, {}).size
    first = size.parts[0]
    assert (first.part, first.name) == ("i2", "A second thing")
    assert first.size > len(long)
    sizes = [weight.size for weight in size.parts]
    assert sizes == sorted(sizes, reverse=True)
    assert size.room == CLIPPED - size.html
    assert size.pictures == ()


def test_a_part_that_is_none_of_the_issue_leads_nowhere(pane: MailPane) -> None:
    others = [weight for weight in pane.size.parts if not weight.part]
    names = sorted(weight.name for weight in others)
    assert names == [
        "Footer",
        "Masthead, introduction and list of headlines",
        "Style sheet: dark colours, phones, print",
    ]
    assert all(isinstance(weight, Weight) for weight in others)
