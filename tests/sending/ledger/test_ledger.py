"""The ledger: what it records, and what it guarantees after any interruption."""

import datetime as dt
import sqlite3
from collections.abc import Collection, Iterator
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefing.errors import LedgerError
from briefing.keys import Key
from briefing.sending.ledger.ledger import Ledger
from briefing.sending.ledger.schema import (
    Frozen,
    LoadedReader,
    ReaderRecord,
    State,
)

KEY = Key(b"k" * 32)
NOW = dt.datetime(2020, 10, 9, 8, tzinfo=dt.UTC)
EDITIONS = [("en", "digest-en", b"English"), ("de", "digest-de", b"Deutsch")]
ISSUE = "2020-10-09"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / ".briefing" / "ledger.sqlite"


@pytest.fixture
def ledger(path: Path) -> Iterator[Ledger]:
    with Ledger(path, KEY) as opened:
        yield opened


def listed(
    ledger: Ledger, *names: str, wanted: Collection[str] = ()
) -> list[LoadedReader]:
    recipients = ledger.recipients(ISSUE)
    return [
        LoadedReader(
            line,
            recipients.digest(name),
            "en",
            not wanted or name in wanted,
            name.encode(),
        )
        for line, name in enumerate(names, start=2)
    ]


def survey(
    ledger: Ledger, *names: str, wanted: Collection[str] = ()
) -> list[bytes]:
    readers = listed(ledger, *names, wanted=wanted)
    ledger.load_audience(readers)
    return [reader.recipient for reader in readers]


def freeze(ledger: Ledger, *names: str) -> list[bytes]:
    recipients = survey(ledger, *names)
    ledger.freeze(ISSUE, NOW, EDITIONS)
    return recipients


def claim(
    ledger: Ledger, *recipients: bytes, unsubscribed: tuple[bytes, ...] = ()
) -> set[bytes]:
    return ledger.commit(
        ISSUE, [], recipients, unsubscribed=unsubscribed, day="2020-10-09"
    )


def record(ledger: Ledger, state: State, *recipients: bytes) -> None:
    ledger.commit(
        ISSUE, [(recipient, state, "") for recipient in recipients], []
    )


def states(ledger: Ledger, recipients: list[bytes]) -> list[State | None]:
    rows = [ledger.find(ISSUE, recipient) for recipient in recipients]
    return [row.state if row else None for row in rows]


def queue(ledger: Ledger, *, tried: int | None) -> list[bytes]:
    queued = ledger.queued(ISSUE, b"", tried=tried)
    return [recipient for recipient, *_ in queued]


class TestSurvey:
    def test_each_reader_counts_once_by_their_first_line(
        self, ledger: Ledger
    ) -> None:
        survey(ledger, "a", "b", "a", "b", "b")
        assert ledger.audience_size() == ledger.count_readers("en") == 2
        assert ledger.duplicates(10) == [(4, 2), (6, 3)]
        assert ledger.duplicates(1) == [(4, 2)]

    def test_pending_counts_cover_the_readers_the_send_is_for(
        self, ledger: Ledger
    ) -> None:
        a, _b, _c = freeze(ledger, "a", "b", "c")
        claim(ledger, a)
        survey(ledger, "a", "b", "new", wanted=("a", "new"))
        assert ledger.pending_counts(ISSUE) == {State.SENDING: 1, None: 1}
        assert ledger.count_off_list(ISSUE) == 1

    def test_a_send_of_another_process_doesnt_wait_for_the_list(
        self, ledger: Ledger, path: Path
    ) -> None:
        (a,) = freeze(ledger, "a")

        def slowly() -> Iterator[LoadedReader]:
            yield from listed(ledger, "a")
            with Ledger(path, KEY) as another:
                assert claim(another, a) == {a}

        ledger.load_audience(slowly())
        assert ledger.pending_counts(ISSUE) == {State.SENDING: 1}

    def test_the_list_is_never_written_to_disk(
        self, ledger: Ledger, path: Path
    ) -> None:
        survey(ledger, "a")
        # In memory.
        assert ledger._db.execute("PRAGMA temp_store").fetchone() == (2,)
        with Ledger(path, KEY) as another, pytest.raises(LedgerError):
            another.audience_size()


class TestFreezing:
    def test_frozen_editions_are_kept_with_their_time(
        self, ledger: Ledger
    ) -> None:
        freeze(ledger, "a")
        frozen = ledger.frozen(ISSUE)
        assert frozen == Frozen(
            NOW,
            [{"en": "digest-en", "de": "digest-de"}],
            claimed=0,
            list_size=1,
        )
        assert frozen.digests == {"en": "digest-en", "de": "digest-de"}
        assert ledger.rendered(ISSUE) == [{"en": b"English", "de": b"Deutsch"}]

    def test_an_issue_that_was_never_sent_isnt_frozen(
        self, ledger: Ledger
    ) -> None:
        assert ledger.frozen(ISSUE) is None

    def test_freezing_again_changes_neither_bytes_nor_states(
        self, ledger: Ledger
    ) -> None:
        (a,) = freeze(ledger, "a")
        claim(ledger, a)
        record(ledger, State.ACCEPTED, a)
        ledger.freeze(
            ISSUE, NOW + dt.timedelta(days=1), [("en", "other", b"other")]
        )
        assert ledger.rendered(ISSUE)[0]["en"] == b"English"
        assert states(ledger, [a]) == [State.ACCEPTED]
        frozen = ledger.frozen(ISSUE)
        assert frozen
        assert frozen.at == NOW

    def test_the_first_freeze_covers_the_complete_list_even_for_a_tag(
        self, ledger: Ledger
    ) -> None:
        recipients = survey(ledger, "a", "b", wanted=("a",))
        ledger.freeze(ISSUE, NOW, EDITIONS)
        assert states(ledger, recipients) == [State.QUEUED, State.QUEUED]

    def test_readers_who_join_later_are_never_added(
        self, ledger: Ledger
    ) -> None:
        freeze(ledger, "a")
        _, b = freeze(ledger, "a", "b")
        assert states(ledger, [b]) == [None]

    def test_readers_off_the_list_are_skipped_and_queued_again_once_they_are_back(
        self, ledger: Ledger
    ) -> None:
        a, b = freeze(ledger, "a", "b")
        freeze(ledger, "a")
        assert states(ledger, [a, b]) == [State.QUEUED, State.SKIPPED]
        freeze(ledger, "a", "b")
        assert states(ledger, [a, b]) == [State.QUEUED, State.QUEUED]

    def test_a_deferred_reader_who_is_off_the_list_is_skipped(
        self, ledger: Ledger
    ) -> None:
        a, b = freeze(ledger, "a", "b")
        claim(ledger, a, b)
        record(ledger, State.DEFERRED, a)
        record(ledger, State.ACCEPTED, b)
        survey(ledger, "c")
        assert ledger.count_off_list(ISSUE) == 1
        ledger.freeze(ISSUE, NOW, EDITIONS)
        assert states(ledger, [a, b]) == [State.SKIPPED, State.ACCEPTED]
        assert ledger.count_off_list(ISSUE) == 0

    def test_only_readers_the_send_is_for_are_queued_again(
        self, ledger: Ledger
    ) -> None:
        a, b = freeze(ledger, "a", "b")
        claim(ledger, a, b)
        record(ledger, State.DEFERRED, a, b)
        survey(ledger, "a", "b", wanted=("a",))
        ledger.freeze(ISSUE, NOW, EDITIONS)
        assert states(ledger, [a, b]) == [State.QUEUED, State.DEFERRED]

    def test_deferred_readers_are_queued_again(self, ledger: Ledger) -> None:
        a, b = freeze(ledger, "a", "b")
        claim(ledger, a, b)
        record(ledger, State.DEFERRED, a)
        record(ledger, State.ACCEPTED, b)
        freeze(ledger, "a", "b")
        assert states(ledger, [a, b]) == [State.QUEUED, State.ACCEPTED]

    def test_whoever_was_given_up_stays_so(self, ledger: Ledger) -> None:
        a, b, c, d = freeze(ledger, "a", "b", "c", "d")
        claim(ledger, a, b, c)
        record(ledger, State.DEFERRED, a)
        record(ledger, State.ACCEPTED, b)
        record(ledger, State.REJECTED, c)
        assert ledger.cancel_unsent(ISSUE) == 2
        freeze(ledger, "a", "b", "c", "d")
        assert claim(ledger, a, d) == set()
        assert states(ledger, [a, b, c, d]) == [
            State.CANCELLED,
            State.ACCEPTED,
            State.REJECTED,
            State.CANCELLED,
        ]

    def test_freezing_is_all_or_nothing(self, ledger: Ledger) -> None:
        def broken() -> Iterator[tuple[str, str, bytes]]:
            yield EDITIONS[0]
            raise OSError("the edition could not be read to its end")

        (a,) = survey(ledger, "a")
        with pytest.raises(OSError, match="to its end"):
            ledger.freeze(ISSUE, NOW, broken())
        assert ledger.frozen(ISSUE) is None
        assert states(ledger, [a]) == [None]


class TestStates:
    def test_queued_readers_come_in_the_order_of_their_digests_some_at_a_time(
        self, ledger: Ledger
    ) -> None:
        freeze(ledger, "d", "c", "b", "a")
        readers = sorted(
            listed(ledger, "d", "c", "b", "a"),
            key=lambda reader: reader.recipient,
        )
        queued = [
            (reader.recipient, reader.lang, 1, reader.row) for reader in readers
        ]
        assert ledger.queued(ISSUE, b"", tried=0, limit=3) == queued[:3]
        third, fourth = (reader.recipient for reader in readers[2:])
        assert ledger.queued(ISSUE, third, tried=0) == queued[3:]
        assert ledger.queued(ISSUE, fourth, tried=0) == []

    def test_readers_with_an_attempt_are_separate(self, ledger: Ledger) -> None:
        a, b = freeze(ledger, "a", "b")
        for tried in (1, 2):
            claim(ledger, a)
            record(ledger, State.QUEUED, a)
            assert queue(ledger, tried=tried) == [a]
            assert queue(ledger, tried=0) == [b]
            assert sorted(queue(ledger, tried=None)) == sorted([a, b])
            assert ledger.attempts(ISSUE) == [tried]

    def test_only_readers_the_send_is_for_are_queued(
        self, ledger: Ledger
    ) -> None:
        freeze(ledger, "a", "b")
        _, b = survey(ledger, "a", "b", wanted=("b",))
        assert queue(ledger, tried=0) == [b]

    def test_a_reader_is_claimed_once(self, ledger: Ledger) -> None:
        recipients = freeze(ledger, "a", "b")
        assert claim(ledger, *recipients) == set(recipients)
        assert claim(ledger, *recipients) == set()

    def test_a_reader_who_wasnt_frozen_isnt_claimed(
        self, ledger: Ledger
    ) -> None:
        freeze(ledger, "a")
        (stranger,) = listed(ledger, "stranger")
        assert claim(ledger, stranger.recipient) == set()

    def test_an_unsubscribed_reader_is_skipped_instead_of_claimed(
        self, ledger: Ledger
    ) -> None:
        a, b = freeze(ledger, "a", "b")
        assert claim(ledger, a, b, unsubscribed=(a,)) == {b}
        assert states(ledger, [a, b]) == [State.SKIPPED, State.SENDING]

    def test_only_claimed_emails_can_get_an_outcome(
        self, ledger: Ledger
    ) -> None:
        a, b = freeze(ledger, "a", "b")
        claim(ledger, a)
        record(ledger, State.ACCEPTED, a, b)
        assert states(ledger, [a, b]) == [State.ACCEPTED, State.QUEUED]

    def test_a_refusal_can_be_taken_back_and_nothing_else(
        self, ledger: Ledger
    ) -> None:
        a, b = freeze(ledger, "a", "b")
        claim(ledger, a, b)
        record(ledger, State.REJECTED, a)
        record(ledger, State.ACCEPTED, b)
        record(ledger, State.QUEUED, a, b)
        assert states(ledger, [a, b]) == [State.QUEUED, State.ACCEPTED]

    def test_outcomes_and_claims_share_one_commit(
        self, ledger: Ledger, path: Path
    ) -> None:
        a, b = freeze(ledger, "a", "b")
        claim(ledger, a)
        assert ledger.commit(
            ISSUE, [(a, State.ACCEPTED, "")], [b], day="2020-10-09"
        ) == {b}
        with Ledger(path, KEY) as another:
            assert states(another, [a, b]) == [State.ACCEPTED, State.SENDING]

    def test_a_row_has_only_states_that_there_are(self, ledger: Ledger) -> None:
        (reader,) = freeze(ledger, "a")
        for state in State:
            ledger._db.execute("UPDATE delivery SET state = ?", (state.value,))
            assert states(ledger, [reader]) == [state]
        with pytest.raises(sqlite3.IntegrityError):
            ledger._db.execute("UPDATE delivery SET state = 'sent'")

    def test_a_claim_and_its_outcome_take_few_steps_of_the_database(
        self, ledger: Ledger
    ) -> None:
        """Some constraints take more steps than the changes that they check."""
        readers = freeze(ledger, *map(str, range(1_000)))
        hundreds = count()
        ledger._db.set_progress_handler(lambda: next(hundreds) < 0, 100)
        assert claim(ledger, *readers) == set(readers)
        record(ledger, State.ACCEPTED, *readers)
        assert next(hundreds) * 100 < 130 * len(readers)

    def test_emails_of_a_dead_process_are_uncertain(
        self, ledger: Ledger
    ) -> None:
        a, b = freeze(ledger, "a", "b")
        claim(ledger, a)
        assert ledger.settle_interrupted(ISSUE) == 1
        assert states(ledger, [a, b]) == [State.UNCERTAIN, State.QUEUED]

    def test_the_editor_decides_only_on_readers_that_the_send_is_for(
        self, ledger: Ledger
    ) -> None:
        a, b = freeze(ledger, "a", "b")
        claim(ledger, a, b)
        record(ledger, State.UNCERTAIN, a, b)
        survey(ledger, "a", "b", wanted=("a",))
        assert ledger.change_state(ISSUE, State.UNCERTAIN, State.QUEUED) == 1
        assert states(ledger, [a, b]) == [State.QUEUED, State.UNCERTAIN]
        assert ledger.mark_uncertain_delivered(ISSUE) == 1
        assert states(ledger, [a, b]) == [State.QUEUED, State.ACCEPTED]

    def test_claims_are_counted_by_issue_and_by_day(
        self, ledger: Ledger
    ) -> None:
        a, b = freeze(ledger, "a", "b")
        claim(ledger, a)
        ledger.commit(ISSUE, [(a, State.QUEUED, "")], [a, b], day="2020-10-10")
        frozen = ledger.frozen(ISSUE)
        assert frozen
        assert frozen.claimed == 3
        assert [
            ledger.claimed_on(day)
            for day in ("2020-10-09", "2020-10-10", "2020-10-11")
        ] == [1, 2, 0]

    def test_the_claims_of_a_day_add_up_over_commits_and_issues(
        self, ledger: Ledger
    ) -> None:
        a, b, c = freeze(ledger, "a", "b", "c")
        claim(ledger, a, b)
        claim(ledger, c)
        ledger.freeze("2020-10-16", NOW, EDITIONS)
        ledger.commit("2020-10-16", [], [a], day="2020-10-09")
        assert ledger.claimed_on("2020-10-09") == 4

    def test_an_attempt_is_counted_and_an_outcome_keeps_the_reply(
        self, ledger: Ledger
    ) -> None:
        (a,) = freeze(ledger, "a")
        claim(ledger, a)
        ledger.commit(ISSUE, [(a, State.DEFERRED, "451 later")], [])
        assert ledger.find(ISSUE, a) == ReaderRecord(
            State.DEFERRED, "en", version=1, tried=1, reason="451 later"
        )
        freeze(ledger, "a")
        claim(ledger, a)
        assert ledger.find(ISSUE, a) == ReaderRecord(
            State.SENDING, "en", version=1, tried=2, reason=""
        )

    def test_an_issue_keeps_no_claims_that_were_refused(
        self, ledger: Ledger
    ) -> None:
        a, b = freeze(ledger, "a", "b")
        claim(ledger, a, b, unsubscribed=(a, b))
        frozen = ledger.frozen(ISSUE)
        assert frozen
        assert (frozen.claimed, ledger.claimed_on("2020-10-09")) == (0, 0)

    def test_reasons_say_why_an_email_wasnt_sent(self, ledger: Ledger) -> None:
        a, _b, c = freeze(ledger, "a", "b", "c")
        claim(ledger, a, unsubscribed=(a,))
        claim(ledger, c)
        ledger.settle_interrupted(ISSUE)
        freeze(ledger, "a", "c")
        assert ledger.reasons(ISSUE) == {
            State.SKIPPED: {"no longer on the list": 1},
            State.UNCERTAIN: {"interrupted while it was being sent": 1},
        }
        ledger.mark_uncertain_delivered(ISSUE)
        assert ledger.reasons(ISSUE)[State.ACCEPTED] == {
            "marked as delivered": 1
        }

    def test_counts_name_every_state(self, ledger: Ledger) -> None:
        a, _b, _c = freeze(ledger, "a", "b", "c")
        claim(ledger, a)
        assert ledger.counts(ISSUE) == {
            **dict.fromkeys(State, 0),
            State.QUEUED: 2,
            State.SENDING: 1,
        }

    def test_readers_are_counted_without_sorting_them(
        self, ledger: Ledger
    ) -> None:
        """A send counts them every few seconds."""
        freeze(ledger, "a", "b")
        statements: list[str] = []
        ledger._db.set_trace_callback(statements.append)
        ledger.counts(ISSUE)
        ledger.pending_counts(ISSUE)
        ledger._db.set_trace_callback(None)
        assert len(statements) == 2
        for statement in statements:
            plan = ledger._db.execute(f"EXPLAIN QUERY PLAN {statement}")
            assert "TEMP B-TREE" not in str(plan.fetchall())

    def test_reasons_are_counted(self, ledger: Ledger) -> None:
        a, b, c = freeze(ledger, "a", "b", "c")
        claim(ledger, a, b, c)
        ledger.commit(
            ISSUE,
            [(a, State.REJECTED, "550 no"), (b, State.REJECTED, "550 no")],
            [],
        )
        record(ledger, State.ACCEPTED, c)
        assert ledger.reasons(ISSUE) == {State.REJECTED: {"550 no": 2}}

    def test_issues_are_independent(self, ledger: Ledger) -> None:
        freeze(ledger, "a")
        ledger.freeze("2020-10-16", NOW, EDITIONS)
        assert ledger.previous_issue("2020-10-16") == (ISSUE, 1)
        ledger.forget(ISSUE)
        assert ledger.frozen(ISSUE) is None
        assert ledger.issues() == ["2020-10-16"]
        assert ledger.counts("2020-10-16")[State.QUEUED] == 1
        assert ledger.previous_issue("2020-10-16") is None

    @given(
        st.lists(
            st.sampled_from([*State, "claim", "dead", "end", "freeze"]),
            max_size=30,
        )
    )
    @settings(max_examples=25)
    def test_once_accepted_nothing_makes_an_email_go_out_again(
        self, tmp_path_factory: pytest.TempPathFactory, steps: list[str]
    ) -> None:
        with Ledger(
            tmp_path_factory.mktemp("ledger") / ".briefing" / "ledger.sqlite",
            KEY,
        ) as ledger:
            (a,) = freeze(ledger, "a")
            claim(ledger, a)
            record(ledger, State.ACCEPTED, a)
            for step in steps:
                if step == "claim":
                    assert claim(ledger, a) == set()
                elif step == "dead":
                    ledger.settle_interrupted(ISSUE)
                elif step == "end":
                    ledger.cancel_unsent(ISSUE)
                elif step == "freeze":
                    freeze(ledger, "a")
                else:
                    record(ledger, State(step), a)
            assert states(ledger, [a]) == [State.ACCEPTED]


class TestTests:
    def test_a_test_is_remembered_by_its_transport_and_the_last_one_counts(
        self, ledger: Ledger
    ) -> None:
        ledger.record_test(ISSUE, "smtp", {"en": "one", "de": "two"})
        ledger.record_test(ISSUE, "smtp", {"en": "three"})
        assert ledger.tests(ISSUE, "smtp") == {"en": "three", "de": "two"}
        assert ledger.tests(ISSUE, "sendgrid") == {}
        assert ledger.tests("2020-10-16", "smtp") == {}
