"""The facts for the decision on a send, as gathered from settings, checks, the list, the ledger and
the disk.
"""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from briefing.checks import cloud_folders
from briefing.checks.rule import Finding, Severity
from briefing.issue import receipt
from briefing.newsletter import Newsletter
from briefing.sending.preflight import gathering, safe_folder
from briefing.sending.preflight.facts import Facts, SendRequest
from tests.sending.conftest import (
    ISSUE_ID,
    NOW,
    ledger_of,
    plan_of,
    send_issue,
    smtp_to,
    write_list,
)
from tests.sending.servers.smtp import SmtpServer

ERROR = Finding(
    "no-link", Severity.ERROR, Path("issue.md"), 3, "this item has no link"
)
WARNING = replace(ERROR, severity=Severity.WARNING)


def gather(
    newsletter: Newsletter,
    via: str = "smtp",
    tag: str = "",
    findings: tuple[Finding, ...] = (),
) -> Facts:
    request = SendRequest(via=via)
    with ledger_of(newsletter, rehearsal=request.rehearsal) as ledger:
        return gathering.examine(
            plan_of(newsletter, tag, findings=findings), ledger, request, NOW
        ).facts


def test_the_issue_and_its_findings(sendable: Newsletter) -> None:
    facts = gather(sendable, findings=(ERROR, WARNING, WARNING))
    assert (facts.issue, list(facts.digests)) == (ISSUE_ID, ["en", "de"])
    assert facts.errors == [str(ERROR)]
    assert facts.warnings == 2
    assert facts.now == NOW


@pytest.mark.parametrize(
    ("address", "example"),
    [("brief@example.org", "brief@example.org"), ("news@example.org", "")],
)
def test_whether_the_sender_is_the_one_that_a_new_newsletter_has(
    sendable: Newsletter, address: str, example: str
) -> None:
    settings = (sendable.root / "briefing.toml").read_text("utf-8")
    settings = settings.replace("brief@example.org", address)
    (sendable.root / "briefing.toml").write_text(settings, "utf-8")
    facts = gather(Newsletter.find(sendable.root))
    assert facts.example_sender == example


@pytest.mark.parametrize(
    ("settings", "can"),
    [
        ('url = "https://example.org/u/{token}"', True),
        ('mailto = "leave@example.org"', True),
        ("", False),
    ],
)
def test_whether_readers_can_unsubscribe(
    sendable: Newsletter, settings: str, can: bool
) -> None:
    path = sendable.root / "briefing.toml"
    path.write_text(
        path.read_text("utf-8").partition("[unsubscribe]")[0]
        + f"[unsubscribe]\n{settings}\n",
        "utf-8",
    )
    assert gather(sendable).can_unsubscribe is can


def test_the_folder(
    sendable: Newsletter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(sendable.root)
    monkeypatch.setattr(
        safe_folder, "find_risk", lambda folder: f"{folder.name} isn't safe"
    )
    monkeypatch.setattr(
        cloud_folders,
        "synchronised_by",
        lambda folder, _home: f"above {folder.name}",
    )
    facts = gather(sendable)
    name = sendable.root.name
    assert (facts.folder_risk, facts.synchronised_by) == (
        f"{name} isn't safe",
        f"above {name}",
    )
    assert facts.list_name == "subscribers.csv"


def test_the_limit_per_day_and_the_emails_sent_today(
    sendable: Newsletter, server: SmtpServer
) -> None:
    path = sendable.root / "briefing.toml"
    path.write_text(
        path.read_text("utf-8").replace("[send]", "[send]\nper_day = 12"),
        "utf-8",
    )
    send_issue(sendable, smtp_to(sendable, server), limit=5)
    facts = gather(sendable)
    record = facts.record
    assert record
    assert (facts.per_day, record.claimed_today) == (12, 5)
    assert record.receipt == receipt.read(sendable.issues / ISSUE_ID)
    assert record.frozen
    assert (record.frozen.claimed, record.previous_issue) == (5, None)
    with ledger_of(sendable) as ledger:
        tomorrow = NOW + dt.timedelta(days=1)
        later = gathering.examine(
            plan_of(sendable), ledger, SendRequest(via="smtp"), tomorrow
        )
    assert later.facts.record
    assert later.facts.record.claimed_today == 0


def test_the_list_and_its_tag(sendable: Newsletter) -> None:
    sendable.subscribers.write_text(
        "email,tags\na@example.org,board\nb@example.org,\n", "utf-8"
    )
    facts = gather(sendable, tag="board")
    assert facts.survey
    assert facts.record
    assert (facts.tag, facts.survey.size) == ("board", 2)
    assert facts.record.pending == {None: 1}


def test_the_tests_of_the_transport(sendable: Newsletter) -> None:
    with ledger_of(sendable) as ledger:
        ledger.record_test(ISSUE_ID, "smtp", {"en": "digest"})
    for via, tests in (("smtp", {"en": "digest"}), ("sendgrid", {})):
        facts = gather(sendable, via)
        assert facts.record
        assert facts.record.tests == tests


def test_the_list_of_the_issue_before(sendable: Newsletter) -> None:
    with ledger_of(sendable) as ledger:
        plan_of(sendable).survey(ledger)
        ledger.freeze("2020-10-02", NOW, [])
    write_list(sendable, 10)
    facts = gather(sendable)
    assert facts.record
    assert facts.record.previous_issue == ("2020-10-02", 30)


def test_the_day_is_this_computers() -> None:
    local_midnight = NOW.astimezone().replace(hour=0, minute=0)
    assert (
        gathering.day_of(local_midnight.astimezone(dt.UTC))
        == local_midnight.date().isoformat()
    )
