"""Where the emails of rehearsals are, and when they are deleted."""

import datetime as dt
import os
from pathlib import Path

import pytest

from briefing.errors import BriefingError, RefusedError
from briefing.keys import Key
from briefing.newsletter import Newsletter
from briefing.sending import rehearsals
from briefing.subscribers.suppression import token_of
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
        self, sendable: Newsletter, key: Key, place: str
    ) -> None:
        path = sendable.root / place
        path.parent.mkdir(exist_ok=True)
        path.write_text("theirs", "utf-8")
        assert rehearsals.clear_old(sendable, NOW + 9_999 * DAY) == []
        assert rehearsals.remove_readers(sendable, key, []) == 0
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


class TestAReaderWhoLeaves:
    def test_their_emails_are_deleted(
        self, written: Newsletter, key: Key
    ) -> None:
        token = token_of(key, "reader1@example.org")
        assert rehearsals.remove_readers(written, key, [token]) == 1
        texts = [path.read_text("ascii") for path in rehearsed(written)]
        assert len(texts) == 2
        assert not any("reader1@example.org" in text for text in texts)
        assert rehearsals.remove_readers(written, key, [token]) == 0

    @pytest.mark.parametrize(
        ("row", "identity"),
        [
            ("ann@example.org,", "ann@example.org"),
            ("Ann@example.org,Ann", "ann@example.org"),
            ('ann@example.org,"Ann, née ""Bo"""', "ann@example.org"),
            (f"ann@example.org,{'Ann ' * 40}", "ann@example.org"),
            ("ann@example.org,ئايگۈل", "ann@example.org"),
            ("änn@example.org,Änn", "änn@example.org"),
        ],
    )
    def test_whatever_their_name_and_address_look_like(
        self, sendable: Newsletter, key: Key, row: str, identity: str
    ) -> None:
        sendable.subscribers.write_text(
            f"email,name\n{row}\nother@example.org,\n", "utf-8"
        )
        send_issue(sendable)
        token = token_of(key, identity)
        assert rehearsals.remove_readers(sendable, key, [token]) == 1
        (mail,) = rehearsed(sendable)
        assert b"To: other@example.org" in mail.read_bytes()

    def test_a_torn_email_that_may_be_theirs_is_deleted(
        self, written: Newsletter, key: Key
    ) -> None:
        mail = rehearsed(written)[2]
        mail.write_bytes(mail.read_bytes()[:30])
        assert rehearsals.remove_readers(written, key, ["0" * 30]) == 1
        assert not mail.exists()

    def test_a_pipe_or_a_link_in_place_of_an_email_is_not_read(
        self, written: Newsletter, key: Key, tmp_path: Path
    ) -> None:
        """Reading a pipe would wait for ever."""
        outside = tmp_path / "outside.eml"
        pipe, link, *_ = mails = rehearsed(written)
        pipe.unlink()
        os.mkfifo(pipe)
        link.rename(outside)
        link.symlink_to(outside)
        assert rehearsals.remove_readers(written, key, ["0" * 30]) == 2
        assert rehearsed(written) == mails[2:]
        assert outside.exists()

    def test_the_last_email_takes_the_folder_with_it(
        self, sendable: Newsletter, key: Key
    ) -> None:
        write_list(sendable, 1)
        send_issue(sendable)
        token = token_of(key, "reader0@example.org")
        assert rehearsals.remove_readers(sendable, key, [token]) == 1
        assert not sendable.rehearsals.exists()
