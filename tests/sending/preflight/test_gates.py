"""The decision on a send: every gate, the numbers, and all obstacles together. Plain values; nothing is
read or sent.
"""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.errors import RefusedError
from briefing.issue.receipt import Receipt
from briefing.sending.ledger.schema import (
    GONE,
    Frozen,
    PreviousIssue,
    State,
)
from briefing.sending.plan import Survey
from briefing.sending.preflight.facts import (
    Facts,
    IssueRecord,
    SendRequest,
)
from briefing.sending.preflight.gates import Obstacle, Preflight
from briefing.subscribers.subscriber_list import BadRow

NOW = dt.datetime(2020, 10, 9, 8, tzinfo=dt.UTC)
DIGESTS = {"en": "digest-en", "de": "digest-de"}
NO_COUNTS = dict.fromkeys(State, 0)
SURVEY = Survey(size=10, by_language={"en": 7, "de": 3})
RECORD = IssueRecord(
    ledger="our ledger",
    receipt_path="issues/2020-10-09/sent.json",
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
    list_name="subscribers.csv",
    survey=SURVEY,
    record=RECORD,
)
WITHOUT_LIST = replace(FACTS, survey=None, record=None)
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
TEST = SendRequest(via="smtp", test=True)
DRY = SendRequest(via="smtp", dry_run=True)
UNATTENDED = SendRequest(via="smtp", unattended=True)


def survey_with(**changes: Any) -> Facts:
    return replace(FACTS, survey=replace(SURVEY, **changes))


def record_with(**changes: Any) -> Facts:
    return replace(FACTS, record=replace(RECORD, **changes))


def facts_with(**changes: Any) -> Facts:
    return replace(FACTS, **changes)


def sent(frozen: Frozen = FROZEN, **states: int) -> Facts:
    """An issue of which so many readers are in each state."""
    counts = {State(state): count for state, count in states.items()}
    return record_with(
        frozen=frozen, counts={**NO_COUNTS, **counts}, pending=counts
    )


def codes(decided: Preflight) -> list[str]:
    return [obstacle.code for obstacle in decided.obstacles]


def only(request: SendRequest, found: Facts) -> Obstacle:
    """The one obstacle of a send."""
    (obstacle,) = Preflight(request, found).obstacles
    return obstacle


BAD_ROWS = survey_with(
    bad_rows=12,
    named_bad_rows=[BadRow(3, "the address has no @"), BadRow(5, "no address")],
)
LARGER_LIST = replace(
    record_with(previous_issue=PreviousIssue("2020-10-02", 1200)),
    survey=replace(SURVEY, size=1),
)

STOPPED = [
    (SMTP, facts_with(errors=["a", "b"]), "error-findings", "2 errors stop"),
    (OUTBOX, facts_with(errors=["a"]), "error-findings", "1 error stops"),
    (DRY, facts_with(errors=["a"]), "error-findings", "correct it"),
    (TEST, replace(WITHOUT_LIST, errors=["a"]), "error-findings", "'briefing"),
    (
        SMTP,
        facts_with(can_unsubscribe=False),
        "no-unsubscribe",
        "set 'url' or 'mailto' under [unsubscribe]",
    ),
    (TEST, replace(WITHOUT_LIST, can_unsubscribe=False), "no-unsubscribe", ""),
    (SMTP, facts_with(folder_risk="on NFS"), "unsafe-folder", "on NFS"),
    (OUTBOX, facts_with(folder_risk="on NFS"), "unsafe-folder", "on NFS"),
    (
        OUTBOX,
        facts_with(synchronised_by="Dropbox"),
        "synchronised-rehearsal",
        "Dropbox copies this folder",
    ),
    (
        replace(OUTBOX, test=True),
        WITHOUT_LIST,
        "outbox-no-test",
        "run 'briefing setup'",
    ),
    (
        SMTP,
        record_with(tests={}),
        "untested",
        "'briefing send 2020-10-09 --via smtp --test'",
    ),
    (
        SMTP,
        record_with(tests={"en": "older", "de": "digest-de"}),
        "changed-since-test",
        "has changed since its test",
    ),
    (SMTP, record_with(tests={"en": "digest-en"}), "changed-since-test", ""),
    (
        SMTP,
        BAD_ROWS,
        "bad-rows",
        "12 rows have no usable address or language; correct them, or skip",
    ),
    (OUTBOX, survey_with(bad_rows=1), "bad-rows", "1 row has no usable"),
    (OUTBOX, record_with(pending={}), "nobody-on-list", "no readers"),
    (
        replace(SMTP, expect=3),
        replace(record_with(pending={}), tag="board"),
        "nobody-with-tag",
        "'board'",
    ),
    (
        replace(SMTP, expect=3),
        record_with(receipt=RECEIPT),
        "sent-elsewhere",
        "issues/2020-10-09/sent.json, 4 readers of 10 got it; copy .briefing/ from there",
    ),
    (
        SMTP,
        record_with(receipt=RECEIPT, frozen=FROZEN, ledger="another"),
        "sent-elsewhere",
        "",
    ),
    (
        SMTP,
        record_with(receipt=RECEIPT, frozen=replace(FROZEN, claimed=3)),
        "ledger-outdated",
        "is older than issues/2020-10-09/sent.json",
    ),
    (
        SMTP,
        record_with(frozen=replace(FROZEN, claimed=8), counted_claims=9),
        "ledger-lost-claims",
        "it doesn't know who got 1 email of issue 2020-10-09",
    ),
    (
        SMTP,
        record_with(receipt=RECEIPT, counted_claims=9),
        "ledger-lost-claims",
        "delete .briefing/claims/2020-10-09 and issues/2020-10-09/sent.json",
    ),
    (
        SMTP,
        record_with(
            frozen=CHANGED,
            counts={**NO_COUNTS, State.ACCEPTED: 2},
            pending={State.QUEUED: 8},
            same_sender=False,
        ),
        "sender-changed",
        "after 2 readers got issue 2020-10-09; undo this change",
    ),
    (
        replace(SMTP, expect=10),
        sent(accepted=9, rejected=1),
        "nothing-left",
        "issue 2020-10-09 was already sent to every reader; 'briefing status 2020-10-09'",
    ),
    (SMTP, sent(accepted=9, cancelled=1), "nothing-left", "ended with --end"),
    (UNATTENDED, FACTS, "expect-missing", "--yes needs --expect N"),
    (
        replace(SMTP, expect=5),
        sent(accepted=4, queued=6),
        "unexpected-number",
        "this would send 6 emails, but --expect says 5",
    ),
    (
        replace(DRY, expect=7),
        sent(accepted=4, queued=6),
        "unexpected-number",
        "",
    ),
    (
        replace(SMTP, limit=1, expect=2),
        sent(queued=6),
        "unexpected-number",
        "this would send 1 email, but",
    ),
    (
        replace(OUTBOX, expect=3),
        FACTS,
        "unexpected-number",
        "this would send 10 emails",
    ),
]
"""A request, the facts, the gate that stops it, and words of its message."""

NOTED = [
    (
        SMTP,
        facts_with(synchronised_by="Dropbox"),
        "synchronised-folder",
        "Dropbox copies this folder",
    ),
    (
        replace(OUTBOX, dry_run=True),
        facts_with(synchronised_by="Dropbox"),
        "synchronised-rehearsal",
        "",
    ),
    (DRY, record_with(tests={}), "untested", ""),
    (DRY, sent(accepted=10), "nothing-left", ""),
    (replace(SMTP, skip_bad_rows=True), BAD_ROWS, "bad-rows", "; skipped"),
    (
        SMTP,
        survey_with(size=3, examples=3),
        "example-addresses",
        "has only example addresses",
    ),
    (
        SMTP,
        survey_with(examples=2),
        "example-addresses",
        "2 example addresses, where nobody gets mail; delete their rows",
    ),
    (SMTP, survey_with(examples=1), "example-addresses", "delete its row"),
    (
        TEST,
        replace(WITHOUT_LIST, example_sender="brief@example.org"),
        "example-sender",
        "set 'from' under [newsletter]",
    ),
    (
        SMTP,
        LARGER_LIST,
        "list-changed",
        "the list has 1 reader; it had 1,200 for issue 2020-10-02",
    ),
    (
        SMTP,
        sent(CHANGED, accepted=2, queued=8),
        "changed-after-sent",
        "The rest get it as it was then; if they shouldn't, 'briefing send 2020-10-09 --end'",
    ),
]
"""The same for what an editor should know, and what doesn't stop the send."""

PASSED = [
    (SMTP, FACTS),
    (TEST, WITHOUT_LIST),
    (OUTBOX, facts_with(can_unsubscribe=False)),
    (OUTBOX, record_with(tests={}, receipt=RECEIPT)),
    (OUTBOX, survey_with(examples=1)),
    (OUTBOX, LARGER_LIST),
    (replace(OUTBOX, unattended=True), FACTS),
    (replace(SMTP, untested=True), record_with(tests={})),
    (replace(UNATTENDED, expect=6), sent(accepted=4, queued=6)),
    (replace(UNATTENDED, dry_run=True), FACTS),
    # The receipt is as old as the ledger, or older.
    (
        SMTP,
        record_with(receipt=RECEIPT, frozen=FROZEN, pending={State.QUEUED: 5}),
    ),
    (
        SMTP,
        record_with(
            receipt=RECEIPT,
            frozen=replace(FROZEN, claimed=5),
            counted_claims=5,
            pending={State.QUEUED: 5},
        ),
    ),
    # A send that was stopped in its last emails may settle them.
    (SMTP, sent(accepted=9, sending=1)),
]


@pytest.mark.parametrize(("request_", "found", "code", "words"), STOPPED)
def test_a_gate_stops_a_send(
    request_: SendRequest, found: Facts, code: str, words: str
) -> None:
    obstacle = only(request_, found)
    assert (obstacle.code, obstacle.blocks) == (code, True)
    assert words in obstacle.message
    with pytest.raises(RefusedError):
        Preflight(request_, found).refuse_if_blocked()


@pytest.mark.parametrize(("request_", "found", "code", "words"), NOTED)
def test_a_gate_only_notes_what_the_editor_should_know(
    request_: SendRequest, found: Facts, code: str, words: str
) -> None:
    obstacle = only(request_, found)
    assert (obstacle.code, obstacle.blocks) == (code, False)
    assert words in obstacle.message
    Preflight(request_, found).refuse_if_blocked()


@pytest.mark.parametrize(("request_", "found"), PASSED)
def test_all_gates_let_a_send_through(
    request_: SendRequest, found: Facts
) -> None:
    assert Preflight(request_, found).obstacles == []


def test_all_obstacles_are_shown_together() -> None:
    found = replace(
        BAD_ROWS,
        record=replace(
            RECORD, tests={}, previous_issue=PreviousIssue("2020-10-02", 100)
        ),
        errors=["issue.md, line 3: no link"],
        can_unsubscribe=False,
        folder_risk="the folder is on a network drive",
        synchronised_by="Dropbox",
    )
    decided = Preflight(UNATTENDED, found)
    assert codes(decided) == [
        "error-findings",
        "no-unsubscribe",
        "unsafe-folder",
        "synchronised-folder",
        "expect-missing",
        "bad-rows",
        "list-changed",
        "untested",
    ]
    with pytest.raises(RefusedError) as refused:
        decided.refuse_if_blocked()
    assert "; the folder is on a network drive" in str(refused.value)
    assert "Dropbox" not in str(refused.value)
    assert decided.has("untested")
    assert not decided.has("nothing-left")


class TestDetails:
    def test_a_few_errors_are_named_and_the_others_counted(self) -> None:
        many = only(SMTP, facts_with(errors=[*"abcdefg"]))
        assert many.details == [*"abcde", "and 2 more errors"]
        assert only(SMTP, facts_with(errors=[*"abcde"])).details == [*"abcde"]

    def test_bad_rows_are_named_by_line(self) -> None:
        assert only(SMTP, BAD_ROWS).details == [
            "subscribers.csv, line 3: the address has no @",
            "subscribers.csv, line 5: no address",
            "… and 10 more rows",
        ]

    @pytest.mark.parametrize(
        ("size", "pointed_out"),
        [(79, True), (80, False), (120, False), (121, True)],
    )
    def test_a_list_may_change_by_a_fifth(
        self, size: int, pointed_out: bool
    ) -> None:
        found = replace(
            record_with(previous_issue=PreviousIssue("2020-10-02", 100)),
            survey=replace(SURVEY, size=size),
        )
        assert bool(Preflight(SMTP, found).obstacles) is pointed_out


class TestChangedIssue:
    @pytest.mark.parametrize("state", GONE)
    def test_the_rest_get_it_as_it_was_without_another_test(
        self, state: State
    ) -> None:
        counts = {**NO_COUNTS, state: 2, State.QUEUED: 8}
        found = record_with(
            frozen=CHANGED, counts=counts, pending=counts, tests={}
        )
        decided = Preflight(SMTP, found)
        assert codes(decided) == ["changed-after-sent"]
        assert decided.amounts
        assert (decided.count, decided.amounts.restart) == (8, False)

    def test_after_everyone_has_it_only_another_issue_can_correct_it(
        self,
    ) -> None:
        noted, stopped = Preflight(SMTP, sent(CHANGED, accepted=10)).obstacles
        assert "an issue with 'corrects: 2020-10-09'" in noted.message
        assert "--end" not in noted.message
        assert stopped.code == "nothing-left"

    @pytest.mark.parametrize(
        "state", [State.QUEUED, State.REJECTED, State.DEFERRED, State.SKIPPED]
    )
    def test_what_no_reader_has_is_frozen_again_for_the_whole_list(
        self, state: State
    ) -> None:
        found = record_with(
            frozen=CHANGED,
            counts={**NO_COUNTS, state: 9},
            pending={state: 9, None: 1},
        )
        decided = Preflight(SMTP, found)
        assert decided.obstacles == []
        assert decided.amounts
        assert (decided.count, decided.amounts.restart) == (10, True)


class TestNumbers:
    def test_a_ledger_that_isnt_trusted_has_none(self) -> None:
        found = record_with(receipt=RECEIPT, frozen=None, tests={})
        assert Preflight(SMTP, found).amounts is None
        assert Preflight(SMTP, found).count == 0

    def test_the_limit_of_a_day_isnt_an_end(self) -> None:
        record = sent(accepted=4, queued=6).record
        assert record
        used_up = replace(
            FACTS, per_day=100, record=replace(record, claimed_today=100)
        )
        obstacle = only(replace(SMTP, expect=6), used_up)
        assert (obstacle.code, obstacle.blocks) == ("per-day-used-up", True)
        partly = replace(used_up, record=replace(record, claimed_today=98))
        assert Preflight(SMTP, partly).count == 2
        rehearsed = Preflight(OUTBOX, replace(partly, record=RECORD))
        assert rehearsed.count == 10

    def test_who_joined_after_the_freeze_gets_the_next_issue(self) -> None:
        found = record_with(frozen=FROZEN, pending={State.QUEUED: 5, None: 2})
        amounts = Preflight(SMTP, found).amounts
        assert amounts
        assert (amounts.wanted, amounts.count, amounts.joined) == (7, 5, 2)

    @given(
        st.dictionaries(st.sampled_from(State), st.integers(0, 50)),
        st.booleans(),
        st.booleans(),
        st.one_of(st.none(), st.integers(1, 60)),
    )
    def test_nobody_who_has_the_issue_is_counted_unless_it_was_asked_for(
        self,
        pending: dict[State, int],
        uncertain: bool,
        rejected: bool,
        limit: int | None,
    ) -> None:
        request = replace(
            SMTP,
            resend_uncertain=uncertain,
            retry_rejected=rejected,
            limit=limit,
        )
        found = record_with(frozen=FROZEN, counts=pending, pending=pending)
        amounts = Preflight(request, found).amounts
        assert amounts
        kept = [State.ACCEPTED, State.CANCELLED]
        if not uncertain:
            kept += [State.UNCERTAIN, State.SENDING]
        if not rejected:
            kept.append(State.REJECTED)
        settled = sum(pending.get(state, 0) for state in kept)
        assert amounts.open == amounts.wanted - settled
        assert amounts.count == min(
            amounts.open, amounts.open if limit is None else limit
        )
