"""The decision on a send: every gate, and all obstacles together. Plain values; nothing is read or
sent.
"""

import datetime as dt
from dataclasses import FrozenInstanceError, fields, replace
from pathlib import Path
from typing import Any

import pytest

from briefing.errors import RefusedError
from briefing.issue import receipt
from briefing.issue.receipt import Receipt
from briefing.sending.ledger.schema import (
    Frozen,
    PreviousIssue,
    Schedule,
    State,
)
from briefing.sending.plan import Survey
from briefing.sending.preflight import preflight
from briefing.sending.preflight.facts import (
    Audience,
    Facts,
    IssueRecord,
    Places,
    SendRequest,
)
from briefing.sending.preflight.obstacle import Obstacle
from briefing.sending.preflight.preflight import Preflight
from briefing.subscribers.subscriber_list import BadRow

NOW = dt.datetime(2020, 10, 9, 8, tzinfo=dt.UTC)
DIGESTS = {"en": "digest-en", "de": "digest-de"}
NO_COUNTS = dict.fromkeys(State, 0)
PLACES = Places(
    root="/news",
    state=".briefing",
    list="subscribers.csv",
    ledger=".briefing/ledger.sqlite",
    receipt="issues/2020-10-09/sent.json",
    claim_count=".briefing/claims/2020-10-09",
)
SURVEY = Survey(size=10, by_language={"en": 7, "de": 3})
RECORD = IssueRecord(
    ledger="our ledger",
    counts=NO_COUNTS,
    pending={None: 10},
    tests=DIGESTS,
)
"""Ten readers, nothing sent yet, tested."""
FACTS = Facts(
    issue="2020-10-09",
    digests=DIGESTS,
    errors=(),
    warnings=0,
    now=NOW,
    provider="a mail server",
    audience=Audience(SURVEY, RECORD),
    places=PLACES,
)
FROZEN = Frozen(NOW, [DIGESTS], claimed=4, list_size=10)
CHANGED = Frozen(
    NOW, [{"en": "other", "de": "digest-de"}], claimed=4, list_size=10
)
RECEIPT = Receipt(
    issue="2020-10-09",
    frozen_at=NOW.isoformat(),
    via="smtp",
    ledger="our ledger",
    editions=DIGESTS,
    readers=10,
    claimed=4,
    accepted=4,
    left=6,
)
SMTP = SendRequest(via="smtp")
OUTBOX = SendRequest(via="outbox")
CLEAR = preflight.decide(SMTP, FACTS)


def facts(
    survey: Survey = SURVEY, record: IssueRecord = RECORD, **changes: Any
) -> Facts:
    return replace(FACTS, audience=Audience(survey, record), **changes)


def survey_with(**changes: Any) -> Facts:
    return facts(survey=replace(SURVEY, **changes))


def record_with(**changes: Any) -> Facts:
    return facts(record=replace(RECORD, **changes))


def codes(decided: Preflight) -> list[str]:
    return [obstacle.code for obstacle in decided.obstacles]


def only(request: SendRequest, given: Facts) -> Obstacle:
    """The one obstacle of a case."""
    (obstacle,) = preflight.decide(request, given).obstacles
    return obstacle


def assert_clear(request: SendRequest, given: Facts) -> None:
    decided = preflight.decide(request, given)
    assert codes(decided) == []
    decided.refuse_if_blocked()


class TestCompleteDecision:
    def test_a_tested_issue_for_ten_readers_can_be_sent(self) -> None:
        decided = preflight.decide(SMTP, FACTS)
        assert decided.obstacles == []
        assert (decided.count, decided.at) == (10, None)
        decided.refuse_if_blocked()

    def test_all_obstacles_are_shown_together(self) -> None:
        given = facts(
            survey=replace(
                SURVEY,
                size=5,
                bad_rows=1,
                named_bad_rows=[BadRow(3, "the address has no @")],
            ),
            record=replace(
                RECORD, tests={}, previous_issue=PreviousIssue("2020-10-02", 10)
            ),
            errors=["issue.md, line 3: no link"],
            can_unsubscribe=False,
            folder_risk="the folder is on a network drive",
            synchronised_by="Dropbox",
        )
        request = replace(SMTP, at="08:00", unattended=True)
        assert codes(preflight.decide(request, given)) == [
            "error-findings",
            "provider-not-later",
            "no-unsubscribe",
            "unsafe-folder",
            "synchronised-folder",
            "expect-missing",
            "bad-rows",
            "list-changed",
            "untested",
        ]

    def test_a_refusal_names_everything_that_blocks_and_nothing_else(
        self,
    ) -> None:
        given = facts(
            can_unsubscribe=False,
            folder_risk="the folder is on a network drive",
            synchronised_by="Dropbox",
        )
        with pytest.raises(RefusedError) as refused:
            preflight.decide(SMTP, given).refuse_if_blocked()
        message = str(refused.value)
        assert "readers couldn't unsubscribe" in message
        assert "; the folder is on a network drive" in message
        assert "Dropbox" not in message

    def test_an_obstacle_can_be_asked_for_by_its_code(self) -> None:
        decided = preflight.decide(SMTP, facts(synchronised_by="Dropbox"))
        assert decided.has("synchronised-folder")
        assert not decided.has("unsafe-folder")
        assert decided.blocking == []


class TestValues:
    @pytest.mark.parametrize(
        "value",
        [
            SMTP,
            FACTS,
            FACTS.audience,
            SURVEY,
            RECORD,
            PLACES,
            FROZEN,
            Obstacle("code", "message"),
            CLEAR,
            CLEAR.amounts,
        ],
    )
    def test_nothing_changes_once_it_was_decided(self, value: Any) -> None:
        name = fields(value)[0].name
        with pytest.raises(FrozenInstanceError):
            setattr(value, name, None)

    def test_only_the_outbox_is_a_rehearsal(self) -> None:
        assert OUTBOX.rehearsal
        assert not any(
            SendRequest(via=via).rehearsal for via in ("another", "smtp")
        )


class TestContent:
    def test_errors_of_the_checks_block_even_a_rehearsal(self) -> None:
        for request in (
            SMTP,
            OUTBOX,
            replace(SMTP, dry_run=True),
            replace(SMTP, test=True),
        ):
            decided = preflight.decide(
                request,
                replace(FACTS, errors=["issue.md: no title"], audience=None),
            )
            assert codes(decided) == ["error-findings"]
            assert decided.blocking[0].details == ["issue.md: no title"]
            assert decided.blocking[0].message.startswith(
                "1 error stops issue 2020-10-09 from being sent; correct it."
            )

    def test_several_errors_are_counted(self) -> None:
        many = only(SMTP, facts(errors=[*"abcdefg"]))
        assert many.details == [*"abcde", "and 2 more errors"]
        assert only(SMTP, facts(errors=[*"abcde"])).details == [*"abcde"]
        assert only(SMTP, facts(errors=["a", "b"])).message.startswith(
            "2 errors stop issue 2020-10-09"
        )

    def test_without_a_way_to_unsubscribe_only_the_outbox_sends(self) -> None:
        obstacle = only(SMTP, facts(can_unsubscribe=False))
        assert (obstacle.code, obstacle.blocks) == ("no-unsubscribe", True)
        assert "set 'url' or 'mailto' under [unsubscribe]" in obstacle.message
        assert_clear(OUTBOX, facts(can_unsubscribe=False))


class TestFolder:
    @pytest.mark.parametrize("request_", [SMTP, OUTBOX])
    def test_an_unsafe_folder_blocks_every_send(
        self, request_: SendRequest
    ) -> None:
        obstacle = only(
            request_, facts(folder_risk="on a network drive; move it")
        )
        assert (obstacle.code, obstacle.message, obstacle.blocks) == (
            "unsafe-folder",
            "on a network drive; move it",
            True,
        )

    def test_a_synchronised_folder_is_pointed_out(self) -> None:
        obstacle = only(SMTP, facts(synchronised_by="Dropbox"))
        assert (obstacle.code, obstacle.blocks) == (
            "synchronised-folder",
            False,
        )
        assert obstacle.message.startswith("Dropbox copies this folder")

    def test_no_rehearsal_is_written_into_a_synchronised_folder(self) -> None:
        obstacle = only(OUTBOX, facts(synchronised_by="Dropbox"))
        assert (obstacle.code, obstacle.blocks) == (
            "synchronised-rehearsal",
            True,
        )
        assert obstacle.message.startswith("Dropbox copies this folder")
        assert "move the newsletter to another folder" in obstacle.message
        dry = only(
            replace(OUTBOX, dry_run=True), facts(synchronised_by="Dropbox")
        )
        assert not dry.blocks


class TestTests:
    def test_an_untested_issue_isnt_sent(self) -> None:
        obstacle = only(SMTP, record_with(tests={}))
        assert (obstacle.code, obstacle.blocks) == ("untested", True)
        assert (
            "'briefing send 2020-10-09 --via smtp --test'" in obstacle.message
        )

    @pytest.mark.parametrize(
        "tests", [{"en": "digest-en"}, {"en": "older", "de": "digest-de"}]
    )
    def test_each_edition_must_have_been_tested_unchanged(
        self, tests: dict[str, str]
    ) -> None:
        assert only(SMTP, record_with(tests=tests)).code == "changed-since-test"

    def test_the_editor_can_skip_the_test(self) -> None:
        assert_clear(replace(SMTP, untested=True), record_with(tests={}))

    def test_a_rehearsal_needs_no_test(self) -> None:
        assert_clear(OUTBOX, record_with(tests={}))

    def test_a_dry_run_mentions_it(self) -> None:
        assert (
            only(replace(SMTP, dry_run=True), record_with(tests={})).blocks
            is False
        )

    def test_a_send_of_nothing_needs_no_test(self) -> None:
        given = record_with(tests={}, frozen=FROZEN, pending={State.SENDING: 1})
        assert_clear(SMTP, given)

    def test_the_outbox_cant_send_a_test(self) -> None:
        obstacle = only(
            replace(OUTBOX, test=True), replace(FACTS, audience=None)
        )
        assert (obstacle.code, obstacle.blocks) == ("outbox-no-test", True)

    def test_a_test_send_passes_the_gates_of_a_real_one_without_list_and_ledger(
        self,
    ) -> None:
        test = replace(SMTP, test=True)
        given = replace(FACTS, audience=None)
        decided = preflight.decide(test, given)
        assert (decided.obstacles, decided.amounts, decided.count) == (
            [],
            None,
            0,
        )
        assert codes(
            preflight.decide(test, replace(given, can_unsubscribe=False))
        ) == ["no-unsubscribe"]


class TestTime:
    LATER = replace(FACTS, provider="SendGrid", furthest=dt.timedelta(hours=72))

    def test_a_provider_that_schedules_sends_later(self) -> None:
        decided = preflight.decide(
            SendRequest(via="sendgrid", at="2020-10-10 08:00+00:00"), self.LATER
        )
        assert decided.obstacles == []
        assert decided.at == NOW + dt.timedelta(days=1)

    @pytest.mark.parametrize(
        ("at", "reason"),
        [
            ("soon", "'soon' isn't a time"),
            ("2020-10-09 07:59+00:00", "has passed"),
            ("2020-10-12 08:01+00:00", "more than 72 hours ahead"),
        ],
    )
    def test_a_time_that_cant_be_blocks(self, at: str, reason: str) -> None:
        decided = preflight.decide(
            SendRequest(via="sendgrid", at=at), self.LATER
        )
        assert codes(decided) == ["impossible-time"]
        assert reason in decided.blocking[0].message
        assert decided.at is None

    def test_a_mail_server_cant_send_later_but_the_computer_can_wait(
        self,
    ) -> None:
        obstacle = only(replace(SMTP, at="18:30"), FACTS)
        assert (obstacle.code, obstacle.blocks) == ("provider-not-later", True)
        assert obstacle.message.startswith("a mail server can't send later")
        assert (
            "briefing -C /news send 2020-10-09 --via smtp --yes --expect N"
            in obstacle.message
        )

    def test_the_command_for_later_quotes_a_folder_with_a_space(self) -> None:
        places = replace(FACTS.places, root="/my news")
        given = replace(FACTS, places=places)
        obstacle = only(replace(SMTP, at="18:30"), given)
        assert "briefing -C '/my news' send 2020-10-09" in obstacle.message

    def test_the_outbox_cant_write_later(self) -> None:
        assert (
            only(replace(OUTBOX, at="18:30"), FACTS).code == "outbox-not-later"
        )

    def test_a_test_send_ignores_the_time_if_the_provider_can_schedule(
        self,
    ) -> None:
        request = SendRequest(via="sendgrid", at="soon", test=True)
        assert_clear(request, replace(self.LATER, audience=None))


class TestPendingSchedule:
    AT = NOW + dt.timedelta(hours=3)
    PLANNED = Schedule(1, "batch", int(AT.timestamp()))
    GIVEN = replace(
        record_with(
            schedules=[PLANNED], frozen=FROZEN, pending={State.QUEUED: 5}
        ),
        furthest=dt.timedelta(hours=72),
    )

    def test_the_rest_of_a_schedule_goes_out_at_the_same_time(self) -> None:
        request = SendRequest(via="sendgrid", at=self.AT.isoformat())
        assert_clear(request, self.GIVEN)

    @pytest.mark.parametrize("at", [None, "2020-10-09 12:00+00:00"])
    def test_any_other_time_blocks(self, at: str | None) -> None:
        obstacle = only(SendRequest(via="sendgrid", at=at), self.GIVEN)
        assert (obstacle.code, obstacle.blocks) == ("scheduled-otherwise", True)
        assert "cancel it with 'briefing recall'" in obstacle.message

    @pytest.mark.parametrize("at", [None, AT.isoformat(), "2020-10-09 12:00Z"])
    def test_once_every_email_is_scheduled_no_time_is_right(
        self, at: str | None
    ) -> None:
        given = replace(
            record_with(
                schedules=[self.PLANNED],
                frozen=FROZEN,
                pending={State.ACCEPTED: 10},
            ),
            furthest=dt.timedelta(hours=72),
        )
        obstacle = only(SendRequest(via="sendgrid", at=at), given)
        assert (obstacle.code, obstacle.blocks) == ("nothing-left", True)
        assert "is already scheduled for 2020-10-09" in obstacle.message
        assert "'briefing recall' cancels it" in obstacle.message

    def test_a_time_that_cant_be_is_the_only_obstacle(self) -> None:
        assert (
            only(SendRequest(via="sendgrid", at="soon"), self.GIVEN).code
            == "impossible-time"
        )

    def test_a_schedule_that_went_out_or_was_recalled_is_none(self) -> None:
        past = replace(self.PLANNED, send_at=int(NOW.timestamp()))
        recalled = replace(self.PLANNED, recalled=True, settled=True)
        assert_clear(
            SMTP,
            record_with(
                schedules=[past, recalled],
                frozen=FROZEN,
                pending={State.QUEUED: 5},
            ),
        )


class TestList:
    BAD = survey_with(
        bad_rows=12,
        named_bad_rows=[
            BadRow(3, "the address has no @"),
            BadRow(5, "no address"),
        ],
    )

    def test_bad_rows_block_and_are_named_by_line(self) -> None:
        obstacle = only(SMTP, self.BAD)
        assert (obstacle.code, obstacle.blocks) == ("bad-rows", True)
        assert obstacle.message == (
            "subscribers.csv: 12 rows have no usable address or language; correct them, or skip them with "
            "--skip-bad-rows"
        )
        assert obstacle.details == [
            "subscribers.csv, line 3: the address has no @",
            "subscribers.csv, line 5: no address",
            "… and 10 more rows",
        ]

    def test_a_single_bad_row_is_in_the_singular(self) -> None:
        obstacle = only(
            OUTBOX,
            survey_with(bad_rows=1, named_bad_rows=[BadRow(3, "no address")]),
        )
        assert obstacle.message == (
            "subscribers.csv: 1 row has no usable address or language; correct it, or skip it with --skip-bad-rows"
        )
        assert obstacle.details == ["subscribers.csv, line 3: no address"]

    def test_the_editor_can_skip_bad_rows(self) -> None:
        obstacle = only(replace(SMTP, skip_bad_rows=True), self.BAD)
        assert (obstacle.blocks, len(obstacle.details)) == (False, 3)

    def test_a_list_without_readers_blocks(self) -> None:
        obstacle = only(OUTBOX, record_with(pending={}))
        assert (obstacle.code, obstacle.blocks) == ("nobody-on-list", True)

    def test_a_tag_that_no_reader_has_blocks_whatever_number_is_expected(
        self,
    ) -> None:
        obstacle = only(
            replace(SMTP, expect=3),
            replace(record_with(pending={}), tag="board"),
        )
        assert (obstacle.code, "'board'" in obstacle.message) == (
            "nobody-with-tag",
            True,
        )

    @pytest.mark.parametrize(
        ("examples", "message"),
        [
            (
                3,
                "subscribers.csv has only example addresses; replace them with your readers",
            ),
            (
                2,
                "subscribers.csv still has 2 example addresses, where nobody gets mail; delete their rows",
            ),
            (
                1,
                "subscribers.csv still has 1 example address, where nobody gets mail; delete its row",
            ),
        ],
    )
    def test_examples_that_were_left_on_the_list_are_pointed_out(
        self, examples: int, message: str
    ) -> None:
        given = survey_with(size=3, examples=examples)
        obstacle = only(SMTP, given)
        assert (obstacle.message, obstacle.blocks) == (message, False)
        assert_clear(OUTBOX, given)

    @pytest.mark.parametrize("test", [False, True])
    def test_an_example_that_was_left_as_the_sender_is_pointed_out(
        self, test: bool
    ) -> None:
        given = facts(example_sender="brief@example.org")
        obstacle = only(replace(SMTP, test=test), given)
        assert obstacle == Obstacle(
            "example-sender",
            "the sender is still the example address brief@example.org, and servers reject email from it; "
            "set 'from' under [newsletter] in briefing.toml to your own address",
            blocks=False,
        )
        assert_clear(OUTBOX, given)

    @pytest.mark.parametrize(
        ("size", "pointed_out"),
        [(79, True), (80, False), (100, False), (120, False), (121, True)],
    )
    def test_a_list_that_changed_by_more_than_a_fifth_is_pointed_out(
        self, size: int, pointed_out: bool
    ) -> None:
        given = facts(
            replace(SURVEY, size=size),
            replace(RECORD, previous_issue=PreviousIssue("2020-10-02", 100)),
        )
        decided = preflight.decide(SMTP, given)
        assert codes(decided) == (["list-changed"] if pointed_out else [])
        assert decided.blocking == []

    @pytest.mark.parametrize(
        ("size", "readers"), [(0, "0 readers"), (1, "1 reader")]
    )
    def test_it_says_how_the_list_changed(
        self, size: int, readers: str
    ) -> None:
        given = facts(
            replace(SURVEY, size=size),
            replace(RECORD, previous_issue=PreviousIssue("2020-10-02", 1200)),
        )
        assert only(SMTP, given).message == (
            f"the list has {readers}; it had 1,200 for issue 2020-10-02. Make sure it is the right list"
        )

    def test_a_rehearsal_may_use_any_list(self) -> None:
        assert_clear(
            OUTBOX,
            facts(
                replace(SURVEY, size=1),
                replace(
                    RECORD, previous_issue=PreviousIssue("2020-10-02", 1200)
                ),
            ),
        )


class TestLedger:
    def test_a_recall_must_be_finished_first(self) -> None:
        begun = Schedule(1, "batch", int(NOW.timestamp()), recalled=True)
        decided = preflight.decide(
            replace(SMTP, expect=0),
            record_with(schedules=[begun], frozen=FROZEN),
        )
        assert codes(decided) == ["recall-unfinished"]
        assert decided.amounts is None
        assert_clear(
            SMTP, record_with(schedules=[replace(begun, settled=True)])
        )

    @pytest.mark.parametrize(
        "record",
        [
            {"frozen": None},
            {"frozen": FROZEN, "ledger": "another ledger"},
            {"frozen": FROZEN, "ledger": "your ledger"},
        ],
        ids=["unknown", "another ledger", "your ledger"],
    )
    def test_an_issue_sent_from_another_copy_isnt_sent_here(
        self, record: dict[str, Any]
    ) -> None:
        obstacle = only(
            replace(SMTP, expect=3), record_with(receipt=RECEIPT, **record)
        )
        assert (obstacle.code, obstacle.blocks) == ("sent-elsewhere", True)
        assert (
            "issues/2020-10-09/sent.json, 4 readers of 10 got it; copy .briefing/ from there"
            in obstacle.message
        )

    def test_a_receipt_read_from_its_file_names_the_same_ledger(
        self, tmp_path: Path
    ) -> None:
        receipt.write(tmp_path, RECEIPT)
        assert_clear(
            SMTP,
            record_with(
                receipt=receipt.read(tmp_path),
                frozen=FROZEN,
                pending={State.QUEUED: 6},
            ),
        )

    def test_a_ledger_older_than_the_receipt_isnt_trusted(self) -> None:
        older = replace(FROZEN, claimed=3)
        obstacle = only(
            replace(SMTP, expect=3), record_with(receipt=RECEIPT, frozen=older)
        )
        assert (obstacle.code, obstacle.blocks) == ("ledger-outdated", True)

    @pytest.mark.parametrize(
        "receipt_", [None, RECEIPT], ids=["no receipt", "receipt"]
    )
    @pytest.mark.parametrize("frozen", [None, replace(FROZEN, claimed=8)])
    def test_a_ledger_that_lost_claims_isnt_trusted(
        self, receipt_: receipt.Receipt | None, frozen: Frozen | None
    ) -> None:
        obstacle = only(
            replace(SMTP, expect=3),
            record_with(receipt=receipt_, frozen=frozen, counted_claims=9),
        )
        assert (obstacle.code, obstacle.blocks) == ("ledger-lost-claims", True)
        lost = "9 emails" if frozen is None else "1 email"
        assert (
            f"it doesn't know who got {lost} of issue 2020-10-09"
            in obstacle.message
        )
        assert (
            "delete .briefing/claims/2020-10-09 and issues/2020-10-09/sent.json"
            in obstacle.message
        )

    @pytest.mark.parametrize("claimed", [RECEIPT.claimed, RECEIPT.claimed + 1])
    def test_a_ledger_that_knows_at_least_as_much_as_the_receipt_is(
        self, claimed: int
    ) -> None:
        frozen = replace(FROZEN, claimed=claimed)
        assert_clear(
            SMTP,
            record_with(
                receipt=RECEIPT, frozen=frozen, pending={State.QUEUED: 5}
            ),
        )

    @pytest.mark.parametrize(
        "state", [State.ACCEPTED, State.UNCERTAIN, State.SENDING]
    )
    def test_an_issue_that_readers_have_mustnt_change(
        self, state: State
    ) -> None:
        counts = {**NO_COUNTS, state: 2, State.QUEUED: 8}
        obstacle = only(
            replace(SMTP, expect=3),
            record_with(
                frozen=CHANGED, counts=counts, pending={State.QUEUED: 8}
            ),
        )
        assert (obstacle.code, obstacle.blocks) == ("changed-after-sent", True)
        assert (
            "was changed after 2 readers got it; undo the change"
            in obstacle.message
        )

    def test_an_issue_changed_after_everyone_has_it_cant_be_corrected(
        self,
    ) -> None:
        given = record_with(
            frozen=CHANGED,
            tests={},
            counts={**NO_COUNTS, State.ACCEPTED: 10},
            pending={State.ACCEPTED: 10},
        )
        for request in (SMTP, replace(SMTP, corrected=True)):
            assert only(request, given).code == "changed-after-all"

    def test_unless_readers_have_joined_since_who_are_to_get_it(self) -> None:
        given = record_with(
            frozen=CHANGED,
            counts={**NO_COUNTS, State.ACCEPTED: 10},
            pending={State.ACCEPTED: 10, None: 2},
        )
        assert only(SMTP, given).code == "changed-after-sent"
        assert_clear(replace(SMTP, corrected=True, late=True), given)

    def test_it_cant_if_only_uncertain_readers_are_left_unless_they_are_to_get_it_again(
        self,
    ) -> None:
        given = record_with(
            frozen=CHANGED,
            counts={**NO_COUNTS, State.ACCEPTED: 8, State.UNCERTAIN: 2},
            pending={State.ACCEPTED: 8, State.UNCERTAIN: 2},
        )
        assert only(SMTP, given).code == "changed-after-all"
        again = replace(SMTP, resend_uncertain=True)
        assert only(again, given).code == "changed-after-sent"

    def test_a_ledger_that_isnt_trusted_isnt_asked_for_tests(self) -> None:
        given = record_with(receipt=RECEIPT, frozen=None, tests={})
        assert only(SMTP, given).code == "sent-elsewhere"

    def test_a_changed_issue_is_asked_for_its_test_once_it_is_to_be_corrected(
        self,
    ) -> None:
        given = record_with(
            frozen=CHANGED,
            tests={},
            counts={**NO_COUNTS, State.ACCEPTED: 8, State.QUEUED: 2},
            pending={State.ACCEPTED: 8, State.QUEUED: 2},
        )
        assert only(SMTP, given).code == "changed-after-sent"
        assert only(replace(SMTP, corrected=True), given).code == "untested"

    @pytest.mark.parametrize(
        "state",
        [
            State.QUEUED,
            State.REJECTED,
            State.DEFERRED,
            State.RECALLED,
            State.SKIPPED,
        ],
    )
    def test_an_issue_that_no_reader_has_may_change_and_is_frozen_again(
        self, state: State
    ) -> None:
        given = record_with(
            frozen=CHANGED,
            counts={**NO_COUNTS, state: 10},
            pending={state: 9, None: 1},
        )
        decided = preflight.decide(SMTP, given)
        assert decided.obstacles == []
        assert decided.amounts
        assert (
            decided.amounts.restart,
            decided.amounts.late,
            decided.count,
        ) == (
            True,
            True,
            10,
        )

    def test_a_rehearsal_doesnt_look_at_the_receipt(self) -> None:
        assert_clear(OUTBOX, record_with(receipt=RECEIPT, frozen=None))


class TestNumber:
    HALF = record_with(
        frozen=FROZEN, pending={State.ACCEPTED: 4, State.QUEUED: 6}
    )

    def test_the_expected_number_is_sent(self) -> None:
        assert_clear(replace(SMTP, expect=6, unattended=True), self.HALF)

    def test_a_large_number_is_recognised(self) -> None:
        many = record_with(frozen=FROZEN, pending={State.QUEUED: int("1000")})
        assert_clear(replace(SMTP, expect=1000, unattended=True), many)

    @pytest.mark.parametrize("expect", [5, 7])
    def test_another_number_isnt(self, expect: int) -> None:
        for request in (SMTP, replace(SMTP, dry_run=True)):
            obstacle = only(replace(request, expect=expect), self.HALF)
            assert (obstacle.code, obstacle.blocks) == (
                "unexpected-number",
                True,
            )
            assert (
                f"this would send 6 emails, but --expect says {expect}"
                in obstacle.message
            )

    def test_a_single_email_is_in_the_singular(self) -> None:
        assert (
            "this would send 1 email, but --expect says"
            in only(replace(SMTP, limit=1, expect=2), self.HALF).message
        )

    def test_unattended_a_real_send_states_its_number(self) -> None:
        obstacle = only(replace(SMTP, unattended=True), FACTS)
        assert (obstacle.code, obstacle.blocks) == ("expect-missing", True)
        assert_clear(replace(SMTP, unattended=True, dry_run=True), FACTS)
        assert_clear(replace(OUTBOX, unattended=True), FACTS)


class TestNothingLeft:
    SENT = record_with(
        frozen=FROZEN, pending={State.ACCEPTED: 9, State.REJECTED: 1}
    )

    @pytest.mark.parametrize("expect", [None, 0, 10])
    def test_an_issue_that_everyone_has_isnt_sent_again(
        self, expect: int | None
    ) -> None:
        obstacle = only(replace(SMTP, expect=expect), self.SENT)
        assert (obstacle.code, obstacle.blocks) == ("nothing-left", True)
        assert obstacle.message == (
            "issue 2020-10-09 was already sent to every reader; 'briefing status 2020-10-09' shows the outcome"
        )

    def test_a_dry_run_mentions_it_and_still_compares_the_number(self) -> None:
        dry = replace(SMTP, dry_run=True)
        assert only(dry, self.SENT).blocks is False
        assert codes(preflight.decide(replace(dry, expect=3), self.SENT)) == [
            "unexpected-number",
            "nothing-left",
        ]

    def test_readers_who_joined_since_are_mentioned(self) -> None:
        given = record_with(frozen=FROZEN, pending={State.ACCEPTED: 9, None: 1})
        assert only(SMTP, given).message.endswith(
            "; with --late, it goes to readers who have joined since"
        )
        assert_clear(replace(SMTP, late=True), given)

    def test_a_send_stopped_in_its_last_emails_may_settle_them(self) -> None:
        assert_clear(
            SMTP,
            record_with(
                frozen=FROZEN, pending={State.ACCEPTED: 9, State.SENDING: 1}
            ),
        )

    def test_the_limit_of_a_day_is_not_an_end(self) -> None:
        given = replace(TestNumber.HALF, per_day=100)
        assert given.audience
        given = replace(
            given,
            audience=Audience(
                SURVEY, replace(given.audience.record, claimed_today=100)
            ),
        )
        obstacle = only(replace(SMTP, expect=6), given)
        assert (obstacle.code, obstacle.blocks) == ("per-day-used-up", True)
        assert "run the command again tomorrow" in obstacle.message

    def test_a_rehearsal_may_be_repeated(self) -> None:
        given = record_with(frozen=FROZEN, pending={State.ACCEPTED: 10})
        assert_clear(OUTBOX, given)
        assert (
            only(replace(OUTBOX, expect=3), given).code == "unexpected-number"
        )


def test_an_issue_that_was_never_frozen_has_no_claims() -> None:
    assert preflight.decide(SMTP, replace(FACTS, audience=None)).claimed == 0
    assert CLEAR.claimed == 0
