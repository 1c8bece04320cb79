"""No caller of `delivery.send` gets past a gate: it decides again once it holds the lock."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from briefing.checks.rule import Finding, Severity
from briefing.errors import RefusedError
from briefing.issue import receipt
from briefing.newsletter import Newsletter
from briefing.sending.ledger import records
from briefing.sending.preflight import gathering, safe_folder
from briefing.sending.preflight.facts import SendRequest
from briefing.sending.preflight.preflight import Preflight
from tests.sending.conftest import (
    ISSUE_ID,
    NOW,
    TIMING,
    edit_issue,
    ledger_of,
    outbox_of,
    plan_of,
    received,
    send_approved,
    send_issue,
    smtp_to,
)
from tests.sending.servers.smtp import SmtpServer

UNTESTED = SendRequest(via="smtp", untested=True)
Prepare = Callable[[Newsletter], object]


def configure(newsletter: Newsletter, before: str, after: str) -> None:
    path = newsletter.root / "briefing.toml"
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after), "utf-8")


def without_unsubscribing(newsletter: Newsletter) -> None:
    configure(
        newsletter,
        'url = "https://example.org/u/{token}"\nmailto = "leave@example.org"',
        "",
    )


def with_bad_row(newsletter: Newsletter) -> None:
    newsletter.subscribers.write_text("email\na@example.org\nnobody\n", "utf-8")


def without_readers(newsletter: Newsletter) -> None:
    newsletter.subscribers.write_text("email\n", "utf-8")


def sent_elsewhere(newsletter: Newsletter) -> None:
    send_issue(newsletter, outbox_of(newsletter))
    written = receipt.Receipt(
        issue=ISSUE_ID,
        frozen_at=NOW.isoformat(),
        via="smtp",
        ledger="another",
        editions={},
        readers=30,
        claimed=5,
        accepted=5,
        left=25,
    )
    receipt.write(newsletter.issues / ISSUE_ID, written)


def recall_begun(newsletter: Newsletter) -> None:
    with ledger_of(newsletter) as ledger:
        ledger.stop_claims(
            ledger.add_schedule(ISSUE_ID, "batch", int(NOW.timestamp()) + 3600)
        )


def scheduled(newsletter: Newsletter) -> None:
    with ledger_of(newsletter) as ledger:
        ledger.add_schedule(ISSUE_ID, "batch", int(NOW.timestamp()) + 3600)


def per_day_used_up(newsletter: Newsletter) -> None:
    configure(newsletter, "[send]", "[send]\nper_day = 5")
    with ledger_of(newsletter) as ledger:
        plan_of(newsletter).survey(ledger)
        ledger.freeze("2020-10-02", NOW, [])
        queued = ledger.queued("2020-10-02", b"", tried=False, limit=5)
        recipients = [recipient for recipient, *_ in queued]
        ledger.commit("2020-10-02", [], recipients, day=gathering.day_of(NOW))


def nothing(_newsletter: Newsletter) -> None:
    pass


@pytest.mark.parametrize(
    ("code", "prepare", "asked"),
    [
        ("no-unsubscribe", without_unsubscribing, {}),
        ("untested", nothing, {"untested": False}),
        ("bad-rows", with_bad_row, {}),
        ("nobody-on-list", without_readers, {}),
        ("sent-elsewhere", sent_elsewhere, {}),
        ("recall-unfinished", recall_begun, {}),
        ("scheduled-otherwise", scheduled, {}),
        ("per-day-used-up", per_day_used_up, {}),
        ("unexpected-number", nothing, {"expect": 29}),
        ("expect-missing", nothing, {"unattended": True}),
        ("provider-not-later", nothing, {"at": "18:30"}),
    ],
)
class TestEachGate:
    def test_each_obstacle_refuses_the_send(
        self,
        sendable: Newsletter,
        server: SmtpServer,
        code: str,
        prepare: Prepare,
        asked: dict[str, Any],
    ) -> None:
        prepare(sendable)
        with ledger_of(sendable) as ledger:
            plan = plan_of(sendable)
            approved = gathering.examine(
                plan, ledger, replace(UNTESTED, **asked), NOW
            )
            assert [obstacle.code for obstacle in approved.blocking] == [code]
            with pytest.raises(RefusedError, match=re_of(approved)):
                send_approved(plan, ledger, smtp_to(sendable, server), approved)
            assert ledger.frozen(ISSUE_ID) is None
        assert not received(server)

    def test_an_approval_stripped_of_its_obstacles_is_refused(
        self,
        sendable: Newsletter,
        server: SmtpServer,
        code: str,
        prepare: Prepare,
        asked: dict[str, Any],
    ) -> None:
        """Such as one that was made before, or forged."""
        prepare(sendable)
        with ledger_of(sendable) as ledger:
            plan = plan_of(sendable)
            approved = gathering.examine(
                plan, ledger, replace(UNTESTED, **asked), NOW
            )
            assert approved.has(code)
            with pytest.raises(RefusedError, match=re_of(approved)):
                send_approved(
                    plan,
                    ledger,
                    smtp_to(sendable, server),
                    replace(approved, obstacles=()),
                )
        assert not received(server)


def re_of(preflight: Preflight) -> str:
    """The beginning of what it says, as a regular expression."""
    return "".join(
        letter if letter.isalnum() else "."
        for letter in preflight.blocking[0].message[:40]
    )


class TestContent:
    ERROR = Finding(
        "no-link", Severity.ERROR, Path("issue.md"), 3, "this item has no link"
    )
    WARNING = replace(ERROR, severity=Severity.WARNING)

    def test_an_issue_with_errors_isnt_sent_anywhere(
        self, sendable: Newsletter, server: SmtpServer
    ) -> None:
        plan = plan_of(sendable, findings=[self.ERROR, self.WARNING])
        for transport in (smtp_to(sendable, server), outbox_of(sendable)):
            request = SendRequest(via=transport.name, untested=True)
            with ledger_of(sendable, rehearsal=request.rehearsal) as ledger:
                approved = gathering.examine(plan, ledger, request, NOW)
                assert [obstacle.code for obstacle in approved.blocking] == [
                    "error-findings"
                ]
                assert (
                    len(approved.facts.errors),
                    approved.facts.warnings,
                ) == (1, 1)
                for given in (approved, replace(approved, obstacles=())):
                    with pytest.raises(
                        RefusedError, match="1 error stops issue 2020-10-09"
                    ):
                        send_approved(plan, ledger, transport, given)
        assert not received(server)
        assert not sendable.rehearsals.exists()

    def test_an_issue_without_an_edition_that_can_be_rendered_isnt_sent(
        self, sendable: Newsletter, server: SmtpServer
    ) -> None:
        plan = plan_of(sendable, findings=[self.ERROR])
        plan = replace(plan, mailing=replace(plan.mailing, editions={}))
        with ledger_of(sendable) as ledger:
            approved = gathering.examine(plan, ledger, UNTESTED, NOW)
            assert approved.facts.audience is None
            with pytest.raises(RefusedError):
                send_approved(plan, ledger, smtp_to(sendable, server), approved)
            with pytest.raises(RefusedError):
                send_approved(
                    plan,
                    ledger,
                    smtp_to(sendable, server),
                    replace(approved, obstacles=()),
                )

    def test_warnings_dont_stop_the_send(
        self, sendable: Newsletter, server: SmtpServer
    ) -> None:
        plan = plan_of(sendable, findings=[self.WARNING])
        with ledger_of(sendable) as ledger:
            send_approved(
                plan,
                ledger,
                smtp_to(sendable, server),
                gathering.examine(plan, ledger, UNTESTED, NOW),
            )
        assert received(server).total() == 30


class TestRecordGates:
    def test_an_issue_that_everyone_has(
        self, sendable: Newsletter, server: SmtpServer
    ) -> None:
        send_issue(sendable, smtp_to(sendable, server))
        with ledger_of(sendable) as ledger:
            plan = plan_of(sendable)
            approved = gathering.examine(plan, ledger, UNTESTED, NOW)
            for given in (approved, replace(approved, obstacles=())):
                with pytest.raises(
                    RefusedError, match="already sent to every reader"
                ):
                    send_approved(
                        plan, ledger, smtp_to(sendable, server), given
                    )
        assert received(server).total() == 30

    def test_a_change_between_approval_and_send(
        self, sendable: Newsletter, server: SmtpServer
    ) -> None:
        send_issue(sendable, smtp_to(sendable, server), limit=5)
        edit_issue(sendable, "Its text.", "Its other text.")
        plan = plan_of(sendable)
        with ledger_of(sendable) as ledger:
            approved = gathering.examine(plan, ledger, UNTESTED, NOW)
            assert approved.amounts is None
            for given in (approved, replace(approved, obstacles=())):
                with pytest.raises(
                    RefusedError, match="was changed after 5 readers got it"
                ):
                    send_approved(
                        plan, ledger, smtp_to(sendable, server), given
                    )

    def test_an_unsafe_folder(
        self,
        sendable: Newsletter,
        server: SmtpServer,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(
            safe_folder,
            "find_risk",
            lambda _folder: "the folder is on a network drive",
        )
        with ledger_of(sendable) as ledger:
            plan = plan_of(sendable)
            approved = gathering.examine(plan, ledger, UNTESTED, NOW)
            assert approved.has("unsafe-folder")
            for given in (approved, replace(approved, obstacles=())):
                with pytest.raises(RefusedError, match="is on a network drive"):
                    send_approved(
                        plan, ledger, smtp_to(sendable, server), given
                    )


class TestApproval:
    def test_an_approval_for_the_outbox_isnt_valid_for_a_server(
        self, sendable: Newsletter, server: SmtpServer
    ) -> None:
        with ledger_of(sendable) as ledger:
            plan = plan_of(sendable)
            approved = gathering.examine(
                plan, ledger, SendRequest(via="outbox"), NOW
            )
            with pytest.raises(
                RefusedError, match="approved for outbox, not for smtp"
            ):
                send_approved(plan, ledger, smtp_to(sendable, server), approved)
        assert not received(server)

    def test_a_dry_run_sends_nothing(
        self, sendable: Newsletter, server: SmtpServer
    ) -> None:
        with ledger_of(sendable) as ledger:
            plan = plan_of(sendable)
            approved = gathering.examine(
                plan, ledger, SendRequest(via="smtp", dry_run=True), NOW
            )
            assert approved.blocking == []
            with pytest.raises(RefusedError, match="dry run"):
                send_approved(plan, ledger, smtp_to(sendable, server), approved)
        assert not received(server)

    def test_an_approved_test_isnt_a_send_to_the_list(
        self, sendable: Newsletter, server: SmtpServer
    ) -> None:
        with ledger_of(sendable) as ledger:
            plan = plan_of(sendable)
            approved = gathering.examine_mailing(
                plan.mailing, SendRequest(via="smtp", test=True), NOW
            )
            with pytest.raises(RefusedError, match="not a send to the list"):
                send_approved(plan, ledger, smtp_to(sendable, server), approved)
        assert not received(server)

    def test_more_emails_than_were_approved_arent_sent(
        self, sendable: Newsletter, server: SmtpServer
    ) -> None:
        """Such as after midnight, when [send] per_day allows more."""
        configure(sendable, "[send]", "[send]\nper_day = 5")
        send_issue(sendable, smtp_to(sendable, server), limit=3)
        after_midnight = replace(TIMING, now=lambda: NOW + dt.timedelta(days=1))
        with ledger_of(sendable) as ledger:
            plan = plan_of(sendable)
            approved = gathering.examine(plan, ledger, UNTESTED, NOW)
            with pytest.raises(
                RefusedError, match="there are 5 emails to send now, not 2"
            ):
                send_approved(
                    plan,
                    ledger,
                    smtp_to(sendable, server),
                    approved,
                    after_midnight,
                )
        assert received(server).total() == 3

    def test_a_refusal_keeps_what_was_recorded_before(
        self, sendable: Newsletter, server: SmtpServer
    ) -> None:
        send_issue(sendable, smtp_to(sendable, server), limit=5)
        before = receipt.read(sendable.issues / ISSUE_ID)
        with ledger_of(sendable) as ledger:
            plan = plan_of(sendable)
            approved = gathering.examine(
                plan, ledger, replace(UNTESTED, expect=3), NOW
            )
            with pytest.raises(RefusedError):
                send_approved(plan, ledger, smtp_to(sendable, server), approved)
        assert receipt.read(sendable.issues / ISSUE_ID) == before
        assert records.ledger_path(sendable, rehearsal=False).exists()
