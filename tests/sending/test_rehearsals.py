"""Where the emails of rehearsals are, and when they are deleted."""

import datetime as dt
import os
from pathlib import Path

import pytest

from briefing.errors import BriefingError, RefusedError
from briefing.newsletter import Newsletter
from briefing.sending import rehearsals
from tests.sending.conftest import (
    ISSUE_ID,
    NOW,
    rehearsed,
    send_issue,
    write_list,
)

DAY = dt.timedelta(days=1)


def date(newsletter: Newsletter, when: dt.datetime) -> None:
    """Give the emails of the rehearsal this date."""
    for path in rehearsed(newsletter):
        os.utime(path, (when.timestamp(), when.timestamp()))


@pytest.fixture
def written(sendable: Newsletter) -> Newsletter:
    """A newsletter with a rehearsal of three emails, written at NOW."""
    write_list(sendable, 3)
    send_issue(sendable)
    date(sendable, NOW)
    return sendable


class TestTheFolder:
    def test_git_ignores_it_in_a_folder_made_by_an_older_version(
        self, sendable: Newsletter
    ) -> None:
        ignored = sendable.root / ".gitignore"
        ignored.write_bytes(b"/.briefing/\n/site/")
        for _ in range(2):
            send_issue(sendable)
        assert ignored.read_bytes() == b"/.briefing/\n/site/\n/rehearsal/\n"

    def test_git_ignores_it_where_nothing_was_ignored(
        self, written: Newsletter
    ) -> None:
        assert (written.root / ".gitignore").read_bytes() == b"/rehearsal/\n"

    @pytest.mark.parametrize(
        "place", ["rehearsal", f"rehearsal/{ISSUE_ID}", ".gitignore"]
    )
    def test_nothing_is_written_through_a_link(
        self, sendable: Newsletter, tmp_path: Path, place: str
    ) -> None:
        away = tmp_path / "away"
        away.mkdir()
        (away / "001-en.eml").write_text("theirs", "utf-8")
        link = sendable.root / place
        link.parent.mkdir(exist_ok=True)
        link.symlink_to(away)
        with pytest.raises(RefusedError, match="is a link to another place"):
            send_issue(sendable)
        assert [path.name for path in away.iterdir()] == ["001-en.eml"]
        assert (away / "001-en.eml").read_text("utf-8") == "theirs"

    def test_nothing_is_deleted_through_a_link(
        self, sendable: Newsletter, tmp_path: Path
    ) -> None:
        theirs = tmp_path / "away" / ISSUE_ID / "001-en.eml"
        theirs.parent.mkdir(parents=True)
        theirs.write_text("theirs", "utf-8")
        sendable.rehearsals.symlink_to(tmp_path / "away")
        rehearsals.clear(sendable, ISSUE_ID)
        assert rehearsals.clear_old(sendable, NOW + 9_999 * DAY) == []
        assert theirs.read_text("utf-8") == "theirs"


class TestDeleting:
    def test_after_a_week_it_is_deleted(self, written: Newsletter) -> None:
        assert rehearsals.clear_old(written, NOW + 7 * DAY) == []
        assert len(rehearsed(written)) == 3
        later = NOW + 7 * DAY + dt.timedelta(seconds=1)
        assert rehearsals.clear_old(written, later) == [ISSUE_ID]
        assert not written.rehearsals.exists()

    def test_of_several_only_the_old_ones_are(
        self, written: Newsletter
    ) -> None:
        other = written.rehearsals / "2020-10-16-appeal" / "001-en.eml"
        other.parent.mkdir()
        other.touch()
        assert rehearsals.clear_old(written, NOW + 8 * DAY) == [ISSUE_ID]
        assert other.exists()

    def test_a_clock_that_is_behind_deletes_nothing(
        self, written: Newsletter
    ) -> None:
        assert rehearsals.clear_old(written, NOW - 700 * DAY) == []
        assert len(rehearsed(written)) == 3

    @pytest.mark.parametrize(
        "name", ["notes.txt", "letter.eml", "1-en.eml", "001-en.eml.txt"]
    )
    def test_files_of_other_names_stay(
        self, written: Newsletter, name: str
    ) -> None:
        theirs = [
            written.rehearsals / ISSUE_ID / name,
            written.rehearsals / "2019" / "001-en.eml",
        ]
        for path in theirs:
            path.parent.mkdir(exist_ok=True)
            path.write_text("theirs", "utf-8")
        rehearsals.clear(written, ISSUE_ID)
        assert rehearsed(written) == []
        assert all(path.exists() for path in theirs)

    def test_the_ledger_of_an_older_versions_rehearsals_goes_at_once(
        self, sendable: Newsletter
    ) -> None:
        sendable.state.mkdir(mode=0o700)
        for ending in ("", "-wal", "-shm"):
            (sendable.state / f"rehearsal.sqlite{ending}").touch()
        rehearsals.clear_old(sendable, NOW)
        assert list(sendable.state.iterdir()) == []

    def test_the_outbox_of_an_older_version_goes_at_once(
        self, sendable: Newsletter
    ) -> None:
        old = sendable.state / "outbox" / ISSUE_ID / "new" / "4f2c"
        old.parent.mkdir(parents=True)
        old.write_text("To: ann@example.org", "utf-8")
        assert rehearsals.clear_old(sendable, NOW) == []
        assert not (sendable.state / "outbox").exists()

    @pytest.mark.parametrize("place", ["rehearsal", f"rehearsal/{ISSUE_ID}"])
    def test_a_file_in_the_place_of_a_folder_is_not_ours(
        self, sendable: Newsletter, place: str
    ) -> None:
        path = sendable.root / place
        path.parent.mkdir(exist_ok=True)
        path.write_text("theirs", "utf-8")
        assert rehearsals.clear_old(sendable, NOW + 9_999 * DAY) == []
        rehearsals.clear(sendable, ISSUE_ID)
        assert path.read_text("utf-8") == "theirs"

    def test_an_email_that_cannot_be_deleted_is_named(
        self, written: Newsletter
    ) -> None:
        mail = rehearsed(written)[0]
        mail.unlink()
        mail.mkdir()
        (mail / "kept").touch()
        with pytest.raises(
            BriefingError,
            match=rf"{mail.name}: can't be deleted .* delete it yourself",
        ):
            rehearsals.clear(written, ISSUE_ID)
