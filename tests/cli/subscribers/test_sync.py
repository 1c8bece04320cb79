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
from tests.joining.conftest import MailServer
from tests.syncing.conftest import Home, home, mail_server
from tests.syncing.sendgrid_lists import SECRET, SendGridAccount

__all__ = ["home", "mail_server"]

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
            "  1  unsubscribed (line 3)\n"
            "  1  reported an email as spam (line 4)\n"
            "  1  unsubscribed: the address no longer exists (line 2)\n"
            "\n"
            "Nothing to do for: 1 about someone who isn't on the list.\n"
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
        after = (weekly / ".briefing" / "suppressions.csv").read_bytes()
        assert after == record

    def test_a_dry_run_changes_nothing(
        self, weekly: Path, account: SendGridAccount, run: Run
    ) -> None:
        account.lists = {"unsubscribes": [entry(CANARY)]}
        before = {*(weekly / ".briefing").glob("*")}
        for arguments in (["--dry-run"], ["--json", "--dry-run"]):
            result = run("subscribers", "sync", *arguments)
            assert result.exit_code == 0
            assert suppressed(weekly) == {}
        created = {*(weekly / ".briefing").glob("*")} - before
        assert {path.name for path in created} <= {"key", "sync.lock"}
        # Leaving needs no answer.
        run("subscribers", "sync")
        assert suppressed(weekly) == {CANARY: "left"}

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


class TestProblems:
    def test_without_a_source_it_says_what_to_set_up(
        self, weekly: Path, run: Run
    ) -> None:
        result = run("subscribers", "sync")
        assert result.exit_code == 1
        assert "there is nothing to sync with" in result.stderr

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
        result = json.loads(run("subscribers", "sync", "--json").stdout)
        assert result["unsubscribed"] == {"left": 1, "bounced": 21}
        assert result["carried_out"] is True
        assert len(suppressed(weekly)) == 22


@pytest.mark.parametrize(
    ("answer", "expected", "exit_code"),
    [("n\n", "asks again", 1), ("y\n", "1 change made", 0)],
)
def test_an_editor_is_asked_about_changes_of_the_list(
    home: Home,
    mail_server: MailServer,
    answer: str,
    expected: str,
    exit_code: int,
) -> None:
    home.write_list("ann@example.org")
    home.server.join("new@example.net")
    home.server.post(mail_server.link())
    root = home.newsletter.root
    output, code = in_terminal(root, ["subscribers", "sync"], answer)
    assert code == exit_code, output
    assert "1  joined" in output
    assert expected in " ".join(output.split())
    is_listed = "new@example.net" in home.list_path.read_text("utf-8")
    assert is_listed is (answer == "y\n")
