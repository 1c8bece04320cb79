"""The record of returned mail: when it has lasted long enough, and that no damage goes unnoticed."""

import datetime as dt
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.bounces.kinds import BounceKind
from briefing.errors import FileError
from briefing.syncing.records.returned_mail import (
    Patience,
    ReturnedEntry,
    ReturnedMail,
    has_lasted,
    issue_before,
    merge,
)

TODAY = dt.date(2020, 10, 9)
TOKEN = "0a" * 15
PATIENCE = Patience(issues=3, days=21)


def day(number: int) -> dt.date:
    """So many days after the first of January."""
    return dt.date(2020, 1, 1) + dt.timedelta(days=number)


def entry(
    number: int, kind: BounceKind = BounceKind.FULL, issue: str | None = None
) -> ReturnedEntry:
    named = f"issue {number}" if issue is None else issue
    return ReturnedEntry(TOKEN, kind, named, day(number))


class TestPatience:
    @pytest.mark.parametrize(
        ("days", "expected"),
        [
            ([], False),
            ([0, 21], False),
            ([0, 7, 14], False),
            ([0, 7, 21], True),
            ([0, 7, 14, 21], True),
            # It was well in between.
            ([0, 7, 90, 97], False),
            ([0, 7, 90, 97, 111], True),
            # A monthly newsletter.
            ([0, 31, 62], True),
        ],
    )
    def test_it_takes_enough_issues_over_enough_days(
        self, days: list[int], expected: bool
    ) -> None:
        assert has_lasted([*map(entry, days)], PATIENCE) is expected

    def test_an_issue_is_the_last_one_sent_before(self) -> None:
        sent = [(day(0), "a"), (day(7), "b")]
        found = [issue_before(day(number), sent) for number in (-1, 0, 6, 7)]
        assert found == ["", "a", "a", "b"]


class TestMerging:
    def test_the_most_serious_report_on_an_email_counts(self) -> None:
        kinds = [BounceKind.FULL, BounceKind.DEAD, BounceKind.TEMPORARY]
        entries = [entry(280, kind, issue="a") for kind in kinds]
        assert merge(entries, TODAY) == [entry(280, BounceKind.DEAD, issue="a")]

    def test_old_entries_are_forgotten_unless_the_reader_is_dead(self) -> None:
        old = [entry(-100), entry(-90, BounceKind.DEAD), entry(200)]
        assert merge(old, TODAY) == [entry(-90, BounceKind.DEAD), entry(200)]

    @given(
        st.lists(
            st.builds(
                entry,
                st.integers(200, 280),
                st.sampled_from(
                    [BounceKind.FULL, BounceKind.TEMPORARY, BounceKind.DEAD]
                ),
                st.sampled_from(["", "a", "b"]),
            )
        )
    )
    def test_the_order_and_repetition_make_no_difference(
        self, entries: list[ReturnedEntry]
    ) -> None:
        merged = merge(entries, TODAY)
        assert merge([*merged, *merged], TODAY) == merged
        assert len({entry.mail for entry in merged}) == len(merged)


class TestFile:
    def test_what_is_written_is_read_again(self, tmp_path: Path) -> None:
        path = tmp_path / "private" / "returned.csv"
        entries = [entry(1), entry(8, BounceKind.TEMPORARY), entry(9, issue="")]
        ReturnedMail(path).replace(entries)
        assert ReturnedMail(path).entries == entries
        assert stat.S_IMODE(path.stat().st_mode) == 0o600

    def test_nothing_is_written_without_a_change(self, tmp_path: Path) -> None:
        path = tmp_path / "returned.csv"
        ReturnedMail(path).replace([])
        assert not path.exists()

    @pytest.mark.parametrize(
        ("text", "line"),
        [
            ("", 1),
            ("token,day\n", 1),
            ("token,kind,issue,day\nx,full,a,2020-01-01\n", 2),
            (f"token,kind,issue,day\n{TOKEN},refused,a,2020-01-01\n", 2),
            (f"token,kind,issue,day\n{TOKEN},full,a,2020-02-30\n", 2),
            (f"token,kind,issue,day\n{TOKEN},full,2020-01-01\n", 2),
        ],
    )
    def test_damage_is_reported_with_its_line(
        self, tmp_path: Path, text: str, line: int
    ) -> None:
        path = tmp_path / "returned.csv"
        path.write_text(text, "utf-8")
        with pytest.raises(FileError) as caught:
            ReturnedMail(path)
        assert caught.value.line == line

    def test_bytes_that_are_not_text_are_reported(self, tmp_path: Path) -> None:
        path = tmp_path / "returned.csv"
        path.write_bytes(b"\xff\xfe\0")
        with pytest.raises(FileError, match="can't be read as text"):
            ReturnedMail(path)
