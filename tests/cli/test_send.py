"""briefing send and status: what they show and ask."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from briefing.sending.ledger.schema import State
from tests.cli.conftest import SIZE, Run, sendable, without_sizes
from tests.cli.processes import begin
from tests.cli.terminal import in_terminal

CANARY = "canary.reader@example.org"


def mails(newsletter: Path) -> list[Path]:
    return sorted((newsletter / "rehearsal" / "2020-10-09").glob("*.eml"))


class TestSending:
    def test_it_shows_what_will_happen_and_then_the_outcome(
        self, issue: Path, run: Run
    ) -> None:
        result = run("send", "--yes")
        assert result.exit_code == 0
        assert without_sizes(result.stdout) == (
            "Issue      2020-10-09: Weekly Brief, 9 October 2020\n"
            f"Size       {SIZE}\n"
            "Checked    5 warnings; 'briefing check' shows them\n"
            "           no postal address\n"
            "           no way to unsubscribe\n"
            "           a preheader that is too long or too short\n"
            "           1 item: a credit without a photo\n"
            "           1 item: no link\n"
            "List       subscribers.csv: 3 readers\n"
            "Into       rehearsal/2020-10-09, a rehearsal\n"
            "To write   3 emails\n"
            "3 emails written, one for each reader.\n"
            "Open the files in rehearsal/2020-10-09 with your mail app.\n"
            "They contain addresses: they are deleted by the real send, or after a week.\n"
            "Nothing has left this computer.\n"
            "Next: 'briefing setup' asks for the settings that a real send needs.\n"
        )
        assert len(mails(issue)) == 3

    def test_it_ends_with_the_next_step_once_a_provider_is_set(
        self, issue: Path, run: Run
    ) -> None:
        settings = issue / "briefing.toml"
        text = sendable(settings.read_text("utf-8"))
        host = '[smtp]\nhost = "mail.example.org"'
        text = text.replace("[smtp]", host)
        settings.write_text(text, "utf-8")
        assert "Next: 'briefing setup'" in run("send", "--yes").stdout
        text = text.replace("test = []", 'test = ["me@example.org"]')
        settings.write_text(text, "utf-8")
        assert (
            "Next: 'briefing send --via smtp --test'"
            in run("send", "--yes").stdout
        )

    def test_readers_of_a_language_without_an_edition_are_counted(
        self, issue: Path, run: Run
    ) -> None:
        (issue / "subscribers.csv").write_text(
            "email,lang\na@example.org,tr\nb@example.org,ug\nc@example.org,tr\nd@example.org,\n",
            "utf-8",
        )
        assert (
            "List       subscribers.csv: 4 readers\n"
            "           2 readers get the edition in 'en', because there is none in 'tr'\n"
            "           1 reader gets the edition in 'en', because there is none in 'ug'\n"
        ) in run("send", "--dry-run").stdout

    def test_without_a_terminal_it_names_the_option_that_answers(
        self, issue: Path, run: Run
    ) -> None:
        result = run("send")
        assert result.exit_code == 1
        assert "answer with --yes" in result.stderr
        assert mails(issue) == []

    def test_a_dry_run_writes_nothing(self, issue: Path, run: Run) -> None:
        result = run("send", "--dry-run")
        assert result.exit_code == 0
        assert "To write   3 emails" in result.stdout
        assert mails(issue) == []

    def test_another_number_than_expected_sends_nothing(
        self, issue: Path, run: Run
    ) -> None:
        result = run("send", "--yes", "--expect", "4")
        assert result.exit_code == 1
        assert (
            "this would send 3 emails, but --expect says 4; nothing was sent"
            in result.stderr
        )
        assert mails(issue) == []
        assert run("send", "--yes", "--expect", "3").exit_code == 0

    def test_only_readers_with_the_tag(self, issue: Path, run: Run) -> None:
        assert (
            "1 reader with the tag 'board'"
            in run("send", "--tag", "board", "--yes").stdout
        )
        assert len(mails(issue)) == 1
        nobody = run("send", "--tag", "nobody", "--yes")
        assert (
            nobody.exit_code,
            "no reader has the tag 'nobody'" in nobody.stderr,
        ) == (1, True)

    def test_another_list_can_be_named(self, issue: Path, run: Run) -> None:
        (issue / "press.csv").write_text("email\npress@example.org\n", "utf-8")
        assert (
            "press.csv: 1 reader"
            in run("send", "--list", "press.csv", "--yes").stdout
        )

    def test_the_same_reader_twice_is_reported_by_lines(
        self, issue: Path, run: Run
    ) -> None:
        (issue / "subscribers.csv").write_text(
            "email\nann@example.org\nbo@example.org\nAnn@EXAMPLE.org\n", "utf-8"
        )
        assert (
            "duplicate lines: 4 (same as 2); each reader gets only one email"
            in run("send", "--yes").stdout
        )


class TestRehearsals:
    NAMED = "note: no program on this computer opens emails; the first is in rehearsal/2020-10-09/001-en.eml\n"

    def test_any_command_deletes_it_after_a_week(
        self, issue: Path, run: Run
    ) -> None:
        run("send", "--yes")
        assert run("check").stderr.count("rehearsal") == 0
        assert len(mails(issue)) == 3
        for path in mails(issue):
            os.utime(path, (0, 0))
        result = run("check")
        assert (
            "deleted rehearsals that were more than a week old: 2020-10-09"
            in result.stderr
        )
        assert mails(issue) == []


class TestBadLists:
    def test_a_bad_row_stops_the_send_and_is_named_by_its_line_only(
        self, issue: Path, run: Run
    ) -> None:
        (issue / "subscribers.csv").write_text(
            f"email\n{CANARY}\n{CANARY} and more\n", "utf-8"
        )
        result = run("send", "--yes")
        assert result.exit_code == 1
        assert "subscribers.csv, line 3: " in result.stderr
        assert "--skip-bad-rows" in result.stderr
        assert "canary" not in result.output
        assert mails(issue) == []

    def test_bad_rows_can_be_skipped(self, issue: Path, run: Run) -> None:
        (issue / "subscribers.csv").write_text(
            f"email\n{CANARY}\nnot an address\n", "utf-8"
        )
        result = run("send", "--yes", "--skip-bad-rows")
        assert result.exit_code == 0
        assert len(mails(issue)) == 1

    @pytest.mark.parametrize(
        "text",
        [
            'email,name\na@example.org,"Ann\nb@example.org,Bo\n',
            "name\nAnn\n",
            "",
        ],
    )
    def test_a_broken_list_is_refused_whole(
        self, issue: Path, run: Run, text: str
    ) -> None:
        (issue / "subscribers.csv").write_text(text, "utf-8")
        result = run("send", "--yes")
        assert result.exit_code == 1
        assert result.stderr.startswith("briefing: subscribers.csv")
        assert result.stderr.count("\n") == 1
        assert mails(issue) == []

    def test_a_missing_list_is_an_error(self, issue: Path, run: Run) -> None:
        (issue / "subscribers.csv").unlink()
        assert run("send", "--yes").exit_code == 1


class TestStatus:
    def test_before_any_send_it_says_what_to_do(
        self, issue: Path, run: Run
    ) -> None:
        result = run("status")
        assert (
            result.exit_code,
            "issue 2020-10-09 hasn't been sent yet; run 'briefing send' to rehearse or send it"
            in result.stderr,
        ) == (
            1,
            True,
        )

    def test_without_an_issue_it_says_how_to_make_one(
        self, issue: Path, run: Run
    ) -> None:
        shutil.rmtree(issue / "issues" / "2020-10-09")
        assert run("status").stderr == (
            "briefing: there is no issue yet; make one with 'briefing compose'\n"
        )

    def test_it_says_where_the_emails_of_a_rehearsal_are(
        self, issue: Path, run: Run
    ) -> None:
        run("send", "--yes")
        assert run("status").stdout == (
            "Issue 2020-10-09\n"
            "Nothing of it has left this computer.\n"
            "rehearsal/2020-10-09: 3 emails with names and addresses.\n"
            "They are deleted by the real send, or after a week.\n"
            "Next: 'briefing setup' asks for the settings that a real send needs.\n"
        )

    def test_json_for_scripts(self, issue: Path, run: Run) -> None:
        run("send", "--yes")
        assert json.loads(run("status", "--json").stdout) == {
            "issue": "2020-10-09",
            "being_sent": False,
            "counts": dict.fromkeys(State, 0),
            "mismatch": "",
            "reasons": {},
            "receipt": None,
            "rehearsals": ["2020-10-09"],
            "wait": None,
        }


class TestStopped:
    @pytest.mark.parametrize(
        "name",
        [
            "SIGINT",
            *(
                pytest.param(name, marks=pytest.mark.long)
                for name in ("SIGTERM", "SIGHUP")
            ),
        ],
    )
    def test_a_signal_stops_it_and_the_message_says_how_to_continue(
        self, issue: Path, name: str
    ) -> None:
        rows = "".join(f"reader{n}@example.org\n" for n in range(20_000))
        (issue / "subscribers.csv").write_text(f"email\n{rows}", "utf-8")
        child = begin(issue, "send", "--yes")
        deadline = time.monotonic() + 300
        while not mails(issue) and time.monotonic() < deadline:
            time.sleep(0.01)
        child.send_signal(getattr(signal, name))
        _, said = child.communicate(timeout=300)
        assert child.returncode == 130
        expected = (
            r"briefing: stopped; [\d,]+ of 20,000 emails written; "
            r"run the same command again to write all of them\n"
        )
        assert re.fullmatch(expected, said)

    def test_it_works_without_standard_error(self, issue: Path) -> None:
        done = subprocess.run(
            ["bash", "-c", f"{sys.executable} -m briefing send --yes 2>&-"],
            cwd=issue,
            check=False,
        )
        assert done.returncode == 0
        assert len(mails(issue)) == 3


class TestInATerminal:
    def test_it_asks_and_accepts_no(self, issue: Path) -> None:
        said, code = in_terminal(issue, ["send"], answer="n\n")
        assert "Write 3 emails to files on this computer? [y/N]" in said
        assert code == 130
        assert mails(issue) == []

    def test_yes_writes_the_emails(self, issue: Path) -> None:
        said, code = in_terminal(issue, ["send"], answer="y\n")
        assert code == 0
        assert "Nothing has left this computer." in said
        assert len(mails(issue)) == 3

    def test_no_color_is_respected(self, issue: Path) -> None:
        coloured, _ = in_terminal(issue, ["send", "--yes"])
        plain, _ = in_terminal(issue, ["send", "--yes"], NO_COLOR="1")
        assert "\x1b[32m" in coloured
        assert "\x1b[3" not in plain
