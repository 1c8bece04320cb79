"""The desk's journal keeps what it is given, through restarts, and never throws words away."""

import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from briefing.errors import RefusedError
from briefing.issue import markdown
from briefing.issue.edits import AddItem, MoveItem, SetField
from briefing.issue.parts import START, ItemPlace, Parts
from briefing.preview.desk import journal
from briefing.preview.desk.journal import EditionJournal
from briefing.preview.desk.journal_file import FILE, Journal, JournalError
from briefing.preview.desk.records import (
    KeptReason,
    KeptWords,
    KnownFile,
    Step,
    StepState,
)

TEXT = "# Brief\n\n### A\n\n## News\n\n### B\n"


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / ".briefing"


@pytest.fixture
def opened(state: Path) -> Iterator[Journal]:
    with closing(Journal(state)) as opened:
        yield opened


@pytest.fixture
def edition(opened: Journal) -> EditionJournal:
    return EditionJournal(opened, "2020-10-09", "en")


def step(number: int) -> Step:
    typed = SetField("i1", "text", str(number), str(number + 1))
    back = SetField("i1", "text", str(number + 1), str(number))
    return Step((typed,), (back,), f"step {number}")


def steps_for_others(state: Path) -> str:
    """Return how many steps another program finds in the journal."""
    look = (
        "import sqlite3, sys; db = sqlite3.connect(sys.argv[1]); "
        "print(*db.execute('SELECT count(*) FROM step').fetchone()); db.close()"
    )
    command = [sys.executable, "-c", look, str(state / FILE)]
    return subprocess.check_output(command, text=True).strip()


class TestFile:
    def test_only_the_owner_can_read_it(
        self, opened: Journal, state: Path
    ) -> None:
        for path in state.iterdir():
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(state.stat().st_mode) == 0o700

    def test_a_link_is_refused(self, state: Path, tmp_path: Path) -> None:
        (tmp_path / "briefing.toml").touch()
        state.mkdir()
        (state / FILE).symlink_to(tmp_path / "elsewhere")
        with pytest.raises(JournalError, match="is a link to another place"):
            Journal(state)
        assert not (tmp_path / "elsewhere").exists()

    def test_a_damaged_one_is_put_aside_whole(self, state: Path) -> None:
        state.mkdir()
        damaged = b"so much for SQLite" * 99
        (state / FILE).write_bytes(damaged)
        with closing(Journal(state)) as opened:
            assert EditionJournal(opened, "2020-10-09", "en").known() is None
        (aside,) = state.glob("desk-damaged-*.sqlite3")
        assert aside.read_bytes() == damaged

    def test_one_of_a_newer_version_is_left_alone(self, state: Path) -> None:
        Journal(state).close()
        with closing(sqlite3.connect(state / FILE)) as db:
            db.execute("PRAGMA user_version = 99")
        before = (state / FILE).read_bytes()
        with pytest.raises(JournalError, match="newer version of briefing"):
            Journal(state)
        assert (state / FILE).read_bytes() == before

    def test_one_that_is_removed_while_it_is_open_is_written_again(
        self, opened: Journal, edition: EditionJournal, state: Path
    ) -> None:
        edition.add_step(step(1))
        shutil.rmtree(state)
        opened.restore()
        edition.add_step(step(2))
        opened.close()
        with closing(Journal(state)) as again:
            steps = EditionJournal(again, "2020-10-09", "en").steps()
        assert [known.label for known in steps] == ["step 1", "step 2"]

    def test_other_programs_may_open_it_while_several_issues_use_it(
        self, opened: Journal, state: Path
    ) -> None:
        with closing(Journal(state)) as other:
            assert steps_for_others(state) == "0"
            for journal_of_issue in (opened, other):
                edition = EditionJournal(journal_of_issue, "2020-10-09", "en")
                with journal_of_issue.transaction():
                    edition.add_step(step(1))
            assert steps_for_others(state) == "2"

    def test_an_error_of_sqlite_says_what_to_do(self, opened: Journal) -> None:
        with pytest.raises(JournalError, match="can't be written"):
            opened.write("INSERT INTO nothing VALUES (1)")
        with pytest.raises(JournalError), opened.transaction():
            opened.read("SELECT * FROM nothing")

    def test_what_fails_in_a_transaction_is_not_written(
        self, opened: Journal, edition: EditionJournal
    ) -> None:
        def fail() -> None:
            with opened.transaction():
                edition.add_step(step(1))
                raise RefusedError("so")

        with pytest.raises(RefusedError):
            fail()
        assert edition.steps() == []


class TestKnown:
    def test_parts_have_the_same_ids_after_a_restart(
        self, opened: Journal, edition: EditionJournal, state: Path
    ) -> None:
        issue = markdown.read(TEXT, Path())
        parts = Parts.number(issue)
        item = parts.item("i1")
        assert item is not None
        parts = parts.without_item("i1").without_section("s3")
        text = markdown.write(parts.issue)
        edition.set_known(KnownFile("digest", text, parts))
        opened.close()
        with closing(Journal(state)) as again:
            known = EditionJournal(again, "2020-10-09", "en").known()
        assert known == KnownFile("digest", text, parts)

    def test_editions_are_apart(
        self, opened: Journal, edition: EditionJournal
    ) -> None:
        parts = Parts.number(markdown.read(TEXT, Path()))
        edition.set_known(KnownFile("digest", TEXT, parts))
        for other in (("2020-10-09", "ug"), ("2020-10-16", "en")):
            assert EditionJournal(opened, *other).known() is None

    def test_ids_that_do_not_fit_the_file_are_replaced(
        self, edition: EditionJournal
    ) -> None:
        parts = Parts.number(markdown.read(TEXT, Path()))
        edition.set_known(KnownFile("digest", "# Brief\n\n### C\n", parts))
        known = edition.known()
        assert known
        assert known.parts.ids == [(START, [f"i{parts.given + 1}"])]


class TestSteps:
    def test_the_newest_is_undone_first_and_redone_last(
        self, edition: EditionJournal
    ) -> None:
        for number in range(3):
            edition.add_step(step(number))
        for _ in range(2):
            last = edition.last_step(StepState.DONE)
            assert last
            edition.replace_step(
                Step(
                    last.edits,
                    last.inverses,
                    last.label,
                    StepState.UNDONE,
                    last.id,
                )
            )
        done = edition.last_step(StepState.DONE)
        undone = edition.last_step(StepState.UNDONE)
        assert done
        assert undone
        assert (done.label, undone.label) == ("step 0", "step 1")

    def test_a_new_step_forgets_what_was_undone(
        self, edition: EditionJournal
    ) -> None:
        edition.add_step(step(0))
        (first,) = edition.steps()
        edition.replace_step(
            Step(first.edits, first.inverses, "", StepState.UNDONE, first.id)
        )
        edition.add_step(step(1))
        assert [known.label for known in edition.steps()] == ["step 1"]

    def test_the_oldest_are_forgotten(
        self, edition: EditionJournal, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(journal, "MOST_STEPS", 3)
        other = EditionJournal(edition.journal, "2020-10-09", "ug")
        other.add_step(step(99))
        for number in range(5):
            edition.add_step(step(number))
        labels = [known.label for known in edition.steps()]
        assert labels == ["step 2", "step 3", "step 4"]
        assert len(other.steps()) == 1

    def test_every_kind_of_edit_is_kept(self, edition: EditionJournal) -> None:
        edits = (
            AddItem({"heading": "ئۇيغۇر"}, START, id="i9"),
            MoveItem("i1", START, "", ItemPlace("s2", "i3")),
        )
        edition.add_step(Step(edits, edits, "new item"))
        (known,) = edition.steps()
        assert known.edits == known.inverses == edits


class TestWords:
    def test_kept_words_are_replaced_and_dropped_by_their_id(
        self, edition: EditionJournal
    ) -> None:
        edition.keep(KeptWords("i1", "text", "a", "b", KeptReason.CHANGED))
        item = {"heading": "A"}
        edition.keep(KeptWords("i2", "", "", "A", KeptReason.GONE, item))
        first, second = edition.kept()
        assert second.item == item
        longer = KeptWords(
            "i1", "text", "a", "b c", KeptReason.CHANGED, {}, first.id
        )
        edition.keep(longer)
        assert edition.kept() == [longer, second]
        edition.drop_kept(first.id)
        assert edition.kept() == [second]

    def test_parts_that_are_gone_are_remembered_for_a_while(
        self, edition: EditionJournal, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(journal, "MOST_REMOVED", 2)
        for part in ("i1", "i2", "i1", "i3"):
            edition.remember_removed(part, {"heading": part})
        assert set(edition.removed()) == {"i1", "i3"}

    def test_a_request_is_answered_once(self, edition: EditionJournal) -> None:
        assert edition.answer_to("key") is None
        edition.record_answer("key", ["i1"])
        edition.record_answer("", ["i2"])
        assert edition.answer_to("key") == ("i1",)
        assert edition.answer_to("") is None
