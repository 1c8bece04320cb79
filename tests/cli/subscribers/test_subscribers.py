"""briefing subscribers: who is unsubscribed, what the editor reads about it, and that no address
shows.
"""

import datetime as dt
import re
from pathlib import Path

import pytest

from briefing.keys import Key
from briefing.newsletter import Newsletter
from briefing.subscribers.suppression import Suppression, token_of
from tests.cli.conftest import Run
from tests.cli.terminal import in_terminal

CANARY = "canary.reader@example.org"
STRANGER = "0123456789abcdef0123456789abcd"
LATER = "They get no emails, even if a later list contains them.\n"
UNDO = "'briefing subscribers undo' undoes this.\n"
ONE = f"1 reader unsubscribed. {LATER}"
TWO = f"2 readers unsubscribed. {LATER}"


@pytest.fixture
def listed(weekly: Path) -> Path:
    """A newsletter with three readers on its list."""
    rows = f"{CANARY},Ann\nbob@example.org,Bob\nnot an address,\ncid@example.org,Cid\nBOB@example.org,\n"
    (weekly / "subscribers.csv").write_text(f"email,name\n{rows}", "utf-8")
    return weekly


def token(newsletter: Path, identity: str) -> str:
    return token_of(Key.of(Newsletter(newsletter)), identity)


def suppressed(newsletter: Path, *readers: str) -> bool:
    """Tell whether exactly these readers are unsubscribed."""
    record = Suppression.of(Newsletter(newsletter))
    tokens = {
        token(newsletter, reader) if "@" in reader else reader
        for reader in readers
    }
    return len(record) == len(tokens) and all(
        token in record for token in tokens
    )


class TestRemoving:
    def test_it_reports_how_many_readers_were_unsubscribed(
        self, listed: Path, run: Run
    ) -> None:
        result = run("subscribers", "remove", CANARY, "bob@example.org")
        assert result.exit_code == 0
        assert result.stdout == f"{TWO}{UNDO}"
        assert suppressed(listed, CANARY, "bob@example.org")

    def test_the_list_is_not_changed(self, listed: Path, run: Run) -> None:
        before = (listed / "subscribers.csv").read_bytes()
        run("subscribers", "remove", CANARY)
        assert (listed / "subscribers.csv").read_bytes() == before

    def test_a_reader_who_unsubscribed_before_stays_unsubscribed(
        self, listed: Path, run: Run
    ) -> None:
        run("subscribers", "remove", CANARY)
        record = (listed / ".briefing" / "suppressions.csv").read_bytes()
        again = run("subscribers", "remove", CANARY)
        assert (again.exit_code, again.stdout) == (
            0,
            "The reader in entry 1 was unsubscribed already.\n",
        )
        assert (
            listed / ".briefing" / "suppressions.csv"
        ).read_bytes() == record

    def test_an_unknown_token_is_recorded_too(
        self, listed: Path, run: Run
    ) -> None:
        result = run("subscribers", "remove", STRANGER)
        assert result.stdout == (
            f"{ONE}The token in entry 1 belongs to no one on the list. It may be from an older\n"
            f"list.\n{UNDO}"
        )
        assert suppressed(listed, STRANGER)

    def test_a_reader_is_counted_once_however_they_are_named(
        self, listed: Path, run: Run
    ) -> None:
        result = run(
            "subscribers",
            "remove",
            "bob@example.org",
            "Bob@EXAMPLE.org",
            token(listed, "bob@example.org"),
        )
        assert result.stdout == f"{ONE}{UNDO}"

    def test_readers_can_be_looked_up_in_another_list(
        self, listed: Path, run: Run
    ) -> None:
        (listed / "press.csv").write_text("email\nold@example.org\n", "utf-8")
        result = run(
            "subscribers", "remove", "old@example.org", "--list", "press.csv"
        )
        assert result.stdout == f"{ONE}{UNDO}"

    @pytest.mark.parametrize(
        "text", [None, "name\nAnn\n", f'email,name\n{CANARY},"Ann\n']
    )
    def test_without_a_readable_list_they_are_unsubscribed_too(
        self, listed: Path, run: Run, text: str | None
    ) -> None:
        path = listed / "subscribers.csv"
        path.unlink()
        if text:
            path.write_text(text, "utf-8")
        result = run("subscribers", "remove", CANARY, STRANGER)
        assert (result.exit_code, result.stdout) == (0, f"{TWO}{UNDO}")
        assert result.stderr.startswith(
            "note: couldn't find out which of them are on the list: subscribers.csv"
        )
        assert result.stderr.count("\n") == 1
        assert suppressed(listed, CANARY, STRANGER)

    def test_a_list_that_was_named_must_exist(
        self, listed: Path, run: Run
    ) -> None:
        result = run("subscribers", "remove", CANARY, "--list", "press.csv")
        assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
        assert suppressed(listed)


class TestNaming:
    """A reader is named by an address or a token, in any spelling."""

    @pytest.mark.parametrize(
        "text",
        [
            "{token}",
            "{TOKEN}",
            "  {token}\t",
            "https://example.org/u/{token}",
            "https://example.org/u/{token}?from=mail",
            "https://example.org/u?t={token}&e=reader@example.org",
            "<mailto:leave@example.org?subject={token}>",
            "mailto:leave@example.org?subject={token}",
            "Subject: {token}",
            "Re: {token}, please",
        ],
    )
    def test_a_token_is_found_in_pasted_text(
        self, listed: Path, run: Run, text: str
    ) -> None:
        bob = token(listed, "bob@example.org")
        result = run(
            "subscribers", "remove", text.format(token=bob, TOKEN=bob.upper())
        )
        assert result.stdout == f"{ONE}{UNDO}"
        assert suppressed(listed, "bob@example.org")

    @pytest.mark.parametrize(
        ("text", "identity"),
        [
            (" Bob@EXAMPLE.org ", "bob@example.org"),
            ("mailto:bob@example.org", "bob@example.org"),
            ("mailto:bob@example.org?subject=hello", "bob@example.org"),
            ("zoë@bücher.example.org", "zoë@xn--bcher-kva.example.org"),
            (f"{STRANGER}@example.org", f"{STRANGER}@example.org"),
            (
                f"mailto:{STRANGER}@example.org?subject=hello",
                f"{STRANGER}@example.org",
            ),
            (
                f"bounce.{STRANGER}.x@example.org",
                f"bounce.{STRANGER}.x@example.org",
            ),
            (f"bob@{STRANGER}.org", f"bob@{STRANGER}.org"),
        ],
    )
    def test_an_address_is_read_in_any_spelling(
        self, listed: Path, run: Run, text: str, identity: str
    ) -> None:
        assert run("subscribers", "remove", "--force", text).exit_code == 0
        assert suppressed(listed, identity)

    def test_a_file_has_one_reader_per_line_with_empty_lines_and_comments(
        self, listed: Path, run: Run
    ) -> None:
        text = f"# asked on Monday, {CANARY} too\r\n\r\n{CANARY}\r\n  # and\n   \nhttps://example.org/u/{STRANGER}"
        (listed / "left.txt").write_bytes(b"\xef\xbb\xbf" + text.encode())
        assert (
            run(
                "subscribers", "remove", "bob@example.org", "--file", "left.txt"
            ).exit_code
            == 0
        )
        assert suppressed(listed, CANARY, STRANGER, "bob@example.org")

    def test_standard_input_is_a_file_too(self, listed: Path, run: Run) -> None:
        result = run(
            "subscribers",
            "remove",
            "--file",
            "-",
            stdin=f"{CANARY}\nbob@example.org\n",
        )
        assert TWO in result.stdout
        assert suppressed(listed, CANARY, "bob@example.org")

    def test_in_a_terminal_it_says_how_to_end(self, listed: Path) -> None:
        said, code = in_terminal(
            listed,
            ["subscribers", "remove", "--file", "-"],
            answer="bob@example.org\n\x04",
        )
        assert (
            code,
            "press Ctrl-D on an empty line" in said,
            "1 reader unsubscribed" in said,
        ) == (0, True, True)


class TestMistakes:
    """A mistake is one line that says where it is, and nothing is changed."""

    @pytest.mark.parametrize(
        "wrong",
        [
            "canary",
            "",
            "canary@x@example.org",
            f"Ann <{CANARY}>",
            f"{CANARY}, bob@example.org",
            f"{CANARY} {STRANGER} {STRANGER[::-1]}",
            f"https://example.org/u/{STRANGER}f",
            STRANGER[:-1],
            "--",
        ],
    )
    def test_an_unusable_entry_is_reported_by_its_number(
        self, listed: Path, run: Run, wrong: str
    ) -> None:
        result = run("subscribers", "remove", "--", "bob@example.org", wrong)
        assert result.exit_code == 1
        assert re.fullmatch(
            r"briefing: entry 2: (this is neither .*|there are several .*); nothing was changed\n",
            result.stderr,
        )
        assert "canary" not in result.output
        assert not (listed / ".briefing").exists()

    @pytest.mark.parametrize(
        "wrong",
        [b"canary", b"canary@example.org\xff", f"{CANARY} {CANARY}".encode()],
    )
    def test_an_unusable_line_is_reported_by_its_number(
        self, listed: Path, run: Run, wrong: bytes
    ) -> None:
        data = b"# left\nbob@example.org\n" + wrong + b"\n" + CANARY.encode()
        (listed / "left.txt").write_bytes(data)
        for file, place in (
            ("left.txt", "left.txt, line 3"),
            ("-", "standard input, line 3"),
        ):
            result = run("subscribers", "remove", "--file", file, stdin=data)
            assert result.exit_code == 1
            assert result.stderr.startswith(f"briefing: {place}: ")
            assert result.stderr.count("\n") == 1
            assert "canary" not in result.output
        assert not (listed / ".briefing").exists()

    @pytest.mark.parametrize("file", [CANARY, "issues", "empty.txt"])
    def test_a_file_that_names_no_one_is_refused(
        self, listed: Path, run: Run, file: str
    ) -> None:
        (listed / "empty.txt").write_text("# nobody\n\n", "utf-8")
        result = run("subscribers", "remove", "--file", file)
        assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
        assert "canary" not in result.output

    def test_without_any_reader_the_command_line_is_wrong(
        self, listed: Path, run: Run
    ) -> None:
        result = run("subscribers", "remove")
        assert result.exit_code == 2
        assert (
            "give addresses or tokens, or list them line by line with --file FILE (- reads standard input)"
            in result.stderr
        )

    def test_an_address_in_place_of_the_command_is_not_repeated(
        self, listed: Path, run: Run
    ) -> None:
        result = run("subscribers", CANARY)
        assert result.exit_code == 2
        assert (
            "did you mean 'briefing subscribers remove'? 'briefing subscribers --help' lists all commands"
            in result.stderr
        )
        assert "canary" not in result.output

    def test_a_damaged_record_is_one_line_of_error(
        self, listed: Path, run: Run
    ) -> None:
        run("subscribers", "remove", "bob@example.org")
        (listed / ".briefing" / "suppressions.csv").write_text(
            "nothing\n", "utf-8"
        )
        result = run("subscribers", "remove", CANARY)
        assert result.exit_code == 1
        assert result.stderr.startswith(
            "briefing: .briefing/suppressions.csv, line 1: must begin with"
        )
        assert result.stderr.count("\n") == 1

    def test_a_reason_with_an_address_is_refused(
        self, listed: Path, run: Run
    ) -> None:
        result = run(
            "subscribers", "remove", STRANGER, "--reason", f"{CANARY} asked"
        )
        assert (
            result.exit_code,
            "the reason contains an @" in result.stderr,
        ) == (
            1,
            True,
        )
        assert "canary" not in result.output
        assert suppressed(listed)


class TestPrivacy:
    def test_the_record_has_token_day_and_reason_and_no_address(
        self, listed: Path, run: Run
    ) -> None:
        first = dt.datetime.now().astimezone().date()
        result = run("subscribers", "remove", CANARY, "--reason", "by phone")
        days = {first, dt.datetime.now().astimezone().date()}
        record = (listed / ".briefing" / "suppressions.csv").read_text("utf-8")
        ann = token(listed, CANARY)
        assert record in {
            f"token,date,reason\n{ann},{day},by phone\n" for day in days
        }
        assert "canary" not in result.output
        assert all(
            b"canary" not in file.read_bytes()
            for file in (listed / ".briefing").iterdir()
        )

    def test_no_output_shows_an_address(self, listed: Path, run: Run) -> None:
        for arguments in (
            [CANARY],
            [CANARY],
            [CANARY, STRANGER, "canary.raeder@example.org"],
        ):
            for command in ("remove", "restore"):
                result = run("subscribers", command, *arguments)
                assert "@" not in result.output

    def test_the_help_says_where_typed_addresses_stay(self, run: Run) -> None:
        said = " ".join(run("subscribers", "remove", "--help").stdout.split())
        assert (
            "Addresses that you type here stay in the shell's history: use --file - for them."
            in said
        )


class TestNotOnTheList:
    def test_an_address_is_named_by_its_place_and_not_recorded(
        self, listed: Path, run: Run
    ) -> None:
        result = run("subscribers", "remove", CANARY, "old@example.org")
        assert result.exit_code == 1
        assert result.stdout == f"{ONE}{UNDO}"
        assert result.stderr == (
            "error: the reader in entry 2 isn't on the list; correct the address, or use --force in case a later list "
            "contains it\nbriefing: 1 reader not unsubscribed\n"
        )
        assert suppressed(listed, CANARY)

    def test_it_can_be_recorded_for_a_later_list(
        self, listed: Path, run: Run
    ) -> None:
        result = run("subscribers", "remove", "old@example.org", "--force")
        assert result.exit_code == 0
        assert result.stdout == f"{ONE}{UNDO}"
        assert suppressed(listed, "old@example.org")
        assert run("subscribers", "remove", "old@example.org").exit_code == 0


class TestRestoring:
    def test_a_reader_gets_mail_again(self, listed: Path, run: Run) -> None:
        run("subscribers", "remove", CANARY, "bob@example.org")
        result = run("subscribers", "restore", CANARY)
        assert (result.exit_code, result.stdout) == (
            0,
            f"1 reader restored. Those who are on the list get emails again.\n{UNDO}",
        )
        assert suppressed(listed, "bob@example.org")
        run("subscribers", "remove", CANARY)
        assert suppressed(listed, "bob@example.org", CANARY)

    def test_who_was_not_unsubscribed_is_named_by_place(
        self, listed: Path, run: Run
    ) -> None:
        run("subscribers", "remove", CANARY)
        result = run("subscribers", "restore", "bob@example.org", CANARY)
        assert result.exit_code == 1
        assert result.stderr == (
            "error: the reader in entry 1 isn't unsubscribed; compare it with the address or token you meant\n"
            "briefing: 1 reader not restored\n"
        )
        assert suppressed(listed)

    @pytest.mark.parametrize(
        "reason", ["complaint", "reported as spam", "Abuse"]
    )
    def test_who_complained_is_never_restored_silently(
        self, listed: Path, run: Run, reason: str
    ) -> None:
        run("subscribers", "remove", CANARY, "--reason", reason)
        result = run("subscribers", "restore", CANARY)
        assert result.exit_code == 1
        assert "entry 1 reported an email as spam" in result.stderr
        assert suppressed(listed, CANARY)
        assert run("subscribers", "restore", CANARY, "--force").exit_code == 0
        assert suppressed(listed)


@pytest.mark.parametrize(
    "arguments", [["subscribers"], ["subscribers", "remove"]]
)
def test_group_and_command_have_help_with_examples_in_80_columns(
    run: Run, arguments: list[str]
) -> None:
    result = run(*arguments, "--help")
    assert result.exit_code == 0
    examples = result.stdout.partition("\n  Examples:\n")[2]
    assert "    briefing subscribers remove" in examples
    assert max(map(len, result.stdout.splitlines())) <= 80
    assert "..." not in result.stdout.replace("[ARGS]...", "").replace(
        "[ADDRESS|TOKEN]...", ""
    )
