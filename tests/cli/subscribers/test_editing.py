"""briefing subscribers, add, move, find, export, undo: what they do and say."""

import datetime as dt
import fcntl
import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import Result

from briefing.keys import Key
from briefing.newsletter import Newsletter
from briefing.subscribers.suppression import Suppression, token_of
from tests.cli.conftest import Run

ANN, BOB, NEW = "ann@example.org", "bob@example.org", "new@example.net"
LIST = f"E-Mail,Name,lang,tags,note\r\n{ANN},Ann,en,press,=x\r\n{BOB},Bob\r\n"
UNDO = "'briefing subscribers undo' undoes this.\n"


@pytest.fixture
def path(weekly: Path) -> Path:
    """The list of a newsletter, with Ann and Bob."""
    path = weekly / "subscribers.csv"
    path.write_bytes(LIST.encode())
    return path


def token(identity: str) -> str:
    return token_of(Key.of(Newsletter(Path.cwd())), identity)


def assert_shows_no_address(result: Result) -> None:
    for address in (ANN, BOB, NEW):
        assert address not in result.output


class TestAdding:
    def test_a_row_is_added_and_all_others_stay(
        self, path: Path, run: Run
    ) -> None:
        result = run(
            "subscribers",
            "add",
            "--file",
            "-",
            "--lang=de",
            "--tag=press",
            "--tag=board",
            stdin=f"{NEW}\n",
        )
        assert result.stdout == f"1 reader added to subscribers.csv.\n{UNDO}"
        assert path.read_bytes().decode() == (
            f'{LIST}{NEW},,de,"press, board",\r\n'
        )
        assert path.stat().st_mode & 0o777 == 0o600

    def test_a_consent_is_kept_with_its_day(self, path: Path, run: Run) -> None:
        days = {dt.datetime.now().astimezone().date()}
        run("subscribers", "add", NEW, "--name=Eve", "--consent=by phone")
        days.add(dt.datetime.now().astimezone().date())
        heading, *_, row = path.read_text("utf-8").splitlines()
        assert heading == "E-Mail,Name,lang,tags,note,joined,consent"
        assert row in {f"{NEW},Eve,,,,{day},by phone" for day in days}

    @pytest.mark.parametrize(
        ("option", "reason"),
        [
            ("--lang=German", "lang: the language isn't a code such as de"),
            (f"--consent={'x' * 2_001}", "consent: is longer than"),
        ],
    )
    def test_what_cannot_stand_in_a_column_is_refused(
        self, path: Path, run: Run, option: str, reason: str
    ) -> None:
        result = run("subscribers", "add", NEW, option)
        assert result.exit_code == 1
        assert reason in result.stderr
        assert path.read_bytes() == LIST.encode()

    def test_who_unsubscribed_is_named_by_place(
        self, path: Path, run: Run
    ) -> None:
        run("subscribers", "remove", NEW, "--force", "--reason=complaint")
        result = run("subscribers", "add", NEW, BOB)
        assert result.exit_code == 1
        assert result.stdout == (
            "The reader in entry 2 is on subscribers.csv already, on line 3.\n"
        )
        assert "entry 1 reported an email as spam" in result.stderr
        assert "briefing subscribers restore" in result.stderr
        assert_shows_no_address(result)
        assert path.read_bytes() == LIST.encode()

    def test_without_a_list_one_is_created(self, path: Path, run: Run) -> None:
        path.unlink()
        assert run("subscribers", "add", NEW).exit_code == 0
        assert path.read_text("utf-8") == f"email,name,lang\n{NEW},,\n"
        assert path.stat().st_mode & 0o777 == 0o600

    def test_a_name_is_for_one_reader(self, path: Path, run: Run) -> None:
        result = run("subscribers", "add", NEW, "c@example.org", "--name=C")
        assert result.exit_code == 1
        assert "--name is the name of one reader" in result.stderr


class TestMoving:
    def test_only_the_address_changes(self, path: Path, run: Run) -> None:
        result = run(
            "subscribers", "move", "--file", "-", stdin=f"{ANN} {NEW}\n"
        )
        assert result.stdout == (
            f"1 address changed. Links in old emails still work.\n{UNDO}"
        )
        assert path.read_bytes() == LIST.replace(ANN, NEW).encode()

    def test_who_leaves_by_an_old_link_gets_no_email_at_the_new_address(
        self, path: Path, run: Run
    ) -> None:
        old = token(ANN)
        run("subscribers", "move", ANN, NEW)
        assert run("subscribers", "remove", old).exit_code == 0
        record = Suppression.of(Newsletter(path.parent))
        assert token(NEW) in record
        assert token(ANN) in record
        assert run("subscribers", "restore", old).exit_code == 0
        record.refresh()
        assert not len(record)

    def test_what_cannot_be_done_is_named_by_place(
        self, path: Path, run: Run
    ) -> None:
        lines = f"{ANN} {BOB}\nbobb@example.org {NEW}\n"
        result = run("subscribers", "move", "--file", "-", stdin=lines)
        assert result.exit_code == 1
        assert (
            "standard input, line 1 is already on subscribers.csv"
            in result.stderr
        )
        assert "line 2 isn't on subscribers.csv" in result.stderr
        assert "2 readers not moved" in result.stderr
        assert_shows_no_address(result)
        assert path.read_bytes() == LIST.encode()

    @pytest.mark.parametrize(
        ("arguments", "code"), [([], 2), ([ANN], 1), ([ANN, NEW, BOB], 1)]
    )
    def test_one_reader_has_two_addresses(
        self, path: Path, run: Run, arguments: list[str], code: int
    ) -> None:
        result = run("subscribers", "move", *arguments)
        assert result.exit_code == code
        assert "an old and a new address" in result.stderr
        assert_shows_no_address(result)

    def test_while_a_send_runs_nothing_is_changed(
        self, path: Path, run: Run
    ) -> None:
        state = path.parent / ".briefing"
        state.mkdir(exist_ok=True)
        with (state / "send.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            result = run("subscribers", "move", ANN, NEW)
        assert result.exit_code == 75
        assert path.read_bytes() == LIST.encode()


class TestFinding:
    def test_a_reader_is_shown(self, path: Path, run: Run) -> None:
        result = run("subscribers", "find", "--file", "-", stdin=f"{ANN}\n")
        assert result.stdout == (
            f"{ANN}, line 2 of subscribers.csv\n"
            "  name  Ann\n  lang  en\n  tags  press\n  note  =x\n  gets emails\n\n"
        )

    def test_json_for_scripts(self, path: Path, run: Run) -> None:
        run("subscribers", "remove", BOB)
        found = json.loads(run("subscribers", "find", BOB, "--json").stdout)
        assert found[0]["row"]["email"] == BOB
        assert found[0]["suppressed"]["reason"] == "asked"


def test_readers_are_counted(path: Path, run: Run) -> None:
    run("subscribers", "remove", BOB)
    result = run("subscribers")
    assert result.stdout.startswith(
        "subscribers.csv: 1 reader\nand 1 more who unsubscribed\n\nLanguages\n  en "
    )
    counts = json.loads(run("subscribers", "--json").stdout)
    assert (counts["readers"], counts["tags"]) == (1, {"press": 1})


class TestExporting:
    def test_readers_who_get_mail_are_written_for_the_owner_only(
        self, path: Path, run: Run, tmp_path: Path
    ) -> None:
        run("subscribers", "remove", BOB)
        file = tmp_path / "readers.csv"
        result = run("subscribers", "export", str(file))
        assert result.exit_code == 0
        assert "1 reader written" in result.stdout
        assert file.read_text("utf-8-sig").splitlines() == [
            "email,name,lang,tags,note",
            f"{ANN},Ann,en,press,'=x",
        ]
        assert file.stat().st_mode & 0o777 == 0o600

    def test_an_existing_file_or_link_is_kept(
        self, path: Path, run: Run, tmp_path: Path
    ) -> None:
        file = tmp_path / "readers.csv"
        file.write_text("mine")
        link = tmp_path / "link.csv"
        link.symlink_to(tmp_path / "elsewhere.csv")
        for existing in (file, link, path):
            refused = run("subscribers", "export", str(existing))
            assert refused.exit_code == 1
            assert "exists; choose another file" in refused.stderr
        assert file.read_text() == "mine"
        assert not (tmp_path / "elsewhere.csv").exists()


class TestUndoing:
    def test_the_last_change_is_taken_back(self, path: Path, run: Run) -> None:
        run("subscribers", "add", "eve@example.org")
        before = path.read_bytes()
        run("subscribers", "add", NEW)
        refused = run("subscribers", "undo")
        assert refused.exit_code == 1
        assert "--yes" in refused.stderr
        result = run("subscribers", "undo", "--yes")
        assert result.stdout.endswith(
            ": 1 reader added.\nEverything is as it was before.\n"
        )
        assert path.read_bytes() == before
        again = run("subscribers", "undo", "--yes")
        assert "nothing to undo" in again.stderr

    def test_departures_and_returns_too(self, path: Path, run: Run) -> None:
        for command in ("remove", "restore"):
            run("subscribers", command, ANN)
            before = len(Suppression.of(Newsletter(path.parent)))
            undone = run("subscribers", "undo", "--yes")
            assert undone.exit_code == 0, undone.output
            assert len(Suppression.of(Newsletter(path.parent))) != before
            run("subscribers", "remove", ANN)


class TestMistakes:
    @pytest.mark.parametrize(
        "arguments",
        [["add", NEW], ["move", ANN, NEW]],
    )
    def test_a_list_that_cannot_be_trusted_is_left_alone(
        self, path: Path, run: Run, arguments: list[str]
    ) -> None:
        content = f'email,name\n{ANN},"Ann\n'.encode()
        path.write_bytes(content)
        result = run("subscribers", *arguments)
        assert result.exit_code == 1
        assert "subscribers.csv, line 2: a quote opens here" in result.stderr
        assert_shows_no_address(result)
        assert path.read_bytes() == content

    def test_a_list_that_is_open_in_a_spreadsheet_is_left_alone(
        self, path: Path, run: Run
    ) -> None:
        path.with_name(".~lock.subscribers.csv#").touch()
        result = run("subscribers", "add", NEW)
        assert "is open in LibreOffice" in result.stderr
        assert path.read_bytes() == LIST.encode()

    def test_two_commands_at_once_both_count(self, path: Path) -> None:
        added = [f"reader{number}@example.com" for number in range(3)]
        command = [sys.executable, "-m", "briefing", "subscribers", "add"]
        running = [
            subprocess.Popen([*command, address], cwd=path.parent)
            for address in added
        ]
        assert [child.wait() for child in running] == [0, 0, 0]
        lines = path.read_text("utf-8").splitlines()
        assert sorted(line.split(",")[0] for line in lines[3:]) == added
