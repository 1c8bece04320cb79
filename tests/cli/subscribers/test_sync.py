"""briefing subscribers sync: what the editor reads and answers, and that no address shows."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from briefing.keys import Key
from briefing.newsletter import Newsletter
from briefing.subscribers.suppression import Suppression, token_of
from tests.cli.conftest import Run
from tests.cli.terminal import in_terminal
from tests.syncing.sendgrid_lists import SECRET, SendGridAccount

MONDAY = 1_602_000_000
CANARY = "canary.reader@example.org"
HARD = {"reason": "550 5.1.1 no such user", "status": "5.1.1"}
READERS = [CANARY, "bob@example.org", "cid@example.org"]
CROWD = [f"reader{number}@example.net" for number in range(40)]


def entry(address: str, **more: Any) -> dict[str, Any]:
    return {"created": MONDAY, "email": address, **more}


@pytest.fixture
def account(
    weekly: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[SendGridAccount]:
    """A newsletter that is mailed through a SendGrid account, whose lists a test fills."""
    monkeypatch.setenv("SENDGRID_API_KEY", SECRET)
    rows = "".join(f"{address}\n" for address in [*READERS, *CROWD])
    (weekly / "subscribers.csv").write_text(f"email\n{rows}", "utf-8")
    with SendGridAccount() as server:
        path = weekly / "briefing.toml"
        text = path.read_text("utf-8")
        text = text.replace('via = "outbox"', 'via = "sendgrid"')
        text = text.replace(
            "[sendgrid]\n", f'[sendgrid]\nhost = "{server.url}"\n'
        )
        path.write_text(text, "utf-8")
        yield server


def suppressed(folder: Path) -> dict[str, str]:
    """The readers who are unsubscribed, and why."""
    newsletter = Newsletter(folder)
    record = Suppression.of(newsletter)
    key = Key.of(newsletter)
    found = {}
    for address in [*READERS, *CROWD]:
        removal = record.find(token_of(key, address))
        if removal:
            found[address] = removal.reason
    return found


class TestASync:
    def test_it_shows_what_changes_and_changes_it(
        self, weekly: Path, account: SendGridAccount, run: Run
    ) -> None:
        account.lists = {
            "bounces": [entry(CANARY, **HARD)],
            "unsubscribes": [entry("bob@example.org"), entry("x@example.com")],
            "spam_reports": [entry("cid@example.org")],
        }
        result = run("subscribers", "sync", "--yes")
        assert result.exit_code == 0
        assert result.stdout == (
            "What readers did, according to SendGrid:\n"
            "\n"
            "  1  reader unsubscribed (line 3)\n"
            "  1  reader reported an email as spam (line 4)\n"
            "  1  reader has an address that no longer exists (line 2)\n"
            "\n"
            "Nothing to do for: 1 about someone who isn't on the list.\n"
            "3 readers unsubscribed; 'briefing send' skips them, even if a later list\n"
            "contains them.\n"
        )
        assert suppressed(weekly) == {
            CANARY: "bounced",
            "bob@example.org": "left",
            "cid@example.org": "complaint",
        }

    def test_the_second_time_nothing_is_new(
        self, weekly: Path, account: SendGridAccount, run: Run
    ) -> None:
        account.lists = {"unsubscribes": [entry(CANARY)]}
        run("subscribers", "sync", "--yes")
        record = (weekly / ".briefing" / "suppressions.csv").read_bytes()
        # There is nothing to ask, so no terminal is needed.
        result = run("subscribers", "sync")
        assert result.exit_code == 0
        assert "nothing new" in result.stdout
        assert result.stdout.endswith("There was nothing to change.\n")
        after = (weekly / ".briefing" / "suppressions.csv").read_bytes()
        assert after == record

    def test_without_a_yes_nothing_changes(
        self, weekly: Path, account: SendGridAccount, run: Run
    ) -> None:
        account.lists = {"unsubscribes": [entry(CANARY)]}
        before = {*(weekly / ".briefing").glob("*")}
        for arguments in (["--dry-run"], ["--json"], []):
            result = run("subscribers", "sync", *arguments)
            assert result.exit_code == (0 if arguments else 1)
            assert suppressed(weekly) == {}
        created = {*(weekly / ".briefing").glob("*")} - before
        assert {path.name for path in created} <= {"key", "sync.lock"}
        run("subscribers", "sync", "--yes")
        assert suppressed(weekly) == {CANARY: "left"}

    def test_an_editor_who_says_no_is_asked_again(
        self, weekly: Path, account: SendGridAccount
    ) -> None:
        account.lists = {"unsubscribes": [entry(CANARY)]}
        for answer, expected in (("n\n", {}), ("y\n", {CANARY: "left"})):
            output, _ = in_terminal(weekly, ["subscribers", "sync"], answer)
            assert "Make these changes?" in output
            assert suppressed(weekly) == expected

    def test_no_address_shows(
        self, weekly: Path, account: SendGridAccount, run: Run
    ) -> None:
        said = {
            "reason": f"550 <{CANARY}>: {CANARY} is blocked",
            "status": "5.7.1",
        }
        account.lists = {
            "bounces": [entry(CANARY, **HARD)],
            "blocks": [entry("bob@example.org", **said)],
            "invalid_emails": [entry("nobody.canary@example.com")],
        }
        outputs = [
            run("subscribers", "sync", *arguments).output
            for arguments in (["--dry-run"], ["--json"], ["--yes"])
        ]
        assert "canary" not in "".join(outputs).lower()
        written = [
            path.read_bytes()
            for path in (weekly / ".briefing").rglob("*")
            if path.is_file()
        ]
        assert not any(b"canary" in data.lower() for data in written)

    def test_a_provider_that_refuses_us_is_named_with_what_to_do(
        self, account: SendGridAccount, run: Run
    ) -> None:
        said = {"reason": "550 5.7.1 blocked using Spamhaus", "status": "5.7.1"}
        account.lists = {
            "blocks": [entry(reader, **said) for reader in READERS]
        }
        result = run("subscribers", "sync", "--dry-run")
        assert (
            "example.org rejects your email to 3 readers; they stay on the list."
            in result.stdout.replace("\n", " ")
        )
        assert "blocklist" in result.stdout


class TestWhatIsHeldBack:
    def test_many_dead_addresses_at_one_provider_need_an_answer(
        self, weekly: Path, account: SendGridAccount, run: Run
    ) -> None:
        account.lists = {
            "bounces": [
                entry(reader, **HARD) for reader in [*CROWD[:21], CANARY]
            ]
        }
        result = run("subscribers", "sync", "--yes")
        assert result.exit_code == 0
        assert (
            "21 of 40 addresses at example.net are said to no longer exist"
            in (result.stderr)
        )
        assert suppressed(weekly) == {CANARY: "bounced"}
        # SendGrid doesn't report them again, but they aren't forgotten.
        result = run("subscribers", "sync", "--accept", "example.net", "--yes")
        assert len(suppressed(weekly)) == 22

    def test_they_can_be_forgotten(
        self, weekly: Path, account: SendGridAccount, run: Run
    ) -> None:
        account.lists = {
            "bounces": [entry(reader, **HARD) for reader in CROWD[:21]]
        }
        run("subscribers", "sync", "--yes")
        run("subscribers", "sync", "--yes", "--reject", "example.net")
        result = run("subscribers", "sync", "--yes")
        assert "example.net" not in result.output
        assert suppressed(weekly) == {}

    def test_an_answer_to_no_question_may_be_mistyped(
        self, weekly: Path, account: SendGridAccount, run: Run
    ) -> None:
        account.lists = {
            "bounces": [entry(reader, **HARD) for reader in CROWD[:21]]
        }
        sync = ("subscribers", "sync", "--yes")
        result = run(*sync, "--accept", "exampel.net", "--reject", "joins")
        assert "nothing is held back as 'exampel.net'" in result.stderr
        assert "'joins'" not in result.stderr
        result = run(*sync, "--accept", "example.net")
        assert "nothing is held back" not in result.stderr

    @pytest.mark.parametrize(
        ("answer", "count"), [("yes", 21), ("no", 0), ("later", 0), ("", 0)]
    )
    def test_a_terminal_asks(
        self, weekly: Path, account: SendGridAccount, answer: str, count: int
    ) -> None:
        account.lists = {
            "bounces": [entry(reader, **HARD) for reader in CROWD[:21]]
        }
        output, _ = in_terminal(
            weekly, ["subscribers", "sync"], f"{answer}\ny\n"
        )
        assert "Unsubscribe these readers?" in output
        assert len(suppressed(weekly)) == count

    def test_unusually_many_departures_are_read_again(
        self, weekly: Path, account: SendGridAccount, run: Run
    ) -> None:
        account.lists = {"unsubscribes": [entry(reader) for reader in CROWD]}
        result = run("subscribers", "sync", "--yes")
        assert (
            "40 readers unsubscribed at the same time, which is unusual"
            in result.stderr
        )
        assert suppressed(weekly) == {}
        run("subscribers", "sync", "--yes", "--accept", "departures")
        assert len(suppressed(weekly)) == 40


class TestProblems:
    def test_without_a_source_it_says_what_to_set_up(
        self, weekly: Path, run: Run
    ) -> None:
        result = run("subscribers", "sync")
        assert result.exit_code == 1
        assert "there is nothing to sync with" in result.stderr

    def test_a_source_that_is_not_set_up_is_refused(
        self, weekly: Path, run: Run
    ) -> None:
        result = run("subscribers", "sync", "sendgrid")
        assert result.exit_code == 1
        assert "can't sync with sendgrid" in result.stderr

    def test_a_server_that_does_not_answer_is_named(
        self, weekly: Path, account: SendGridAccount, run: Run
    ) -> None:
        account.close()
        result = run("subscribers", "sync", "--yes")
        assert result.exit_code == 1
        assert "SendGrid couldn't be read" in result.stderr
        assert result.stdout == ""
        assert suppressed(weekly) == {}

    def test_scripts_get_numbers(
        self, weekly: Path, account: SendGridAccount, run: Run
    ) -> None:
        account.lists = {
            "unsubscribes": [entry(CANARY)],
            "bounces": [entry(reader, **HARD) for reader in CROWD[:21]],
        }
        result = json.loads(
            run("subscribers", "sync", "--json", "--yes").stdout
        )
        assert result["unsubscribed"] == {"left": 1}
        assert result["carried_out"] is True
        assert result["questions"] == [
            {
                "key": "example.net",
                "subject": "dead",
                "number": 21,
                "readers": 40,
            }
        ]
        assert suppressed(weekly) == {CANARY: "left"}
