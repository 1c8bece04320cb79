"""briefing send with [subscribers] sync: who has left since doesn't get the issue."""

from collections.abc import Iterator
from pathlib import Path

import pyrage
import pytest

from briefing.cli import sync_dialog
from briefing.sending.secrets.editor_keys import PROTECTED_FILE
from briefing.storage import files
from tests.cli.conftest import Run
from tests.cli.terminal import in_terminal
from tests.cli.test_send_real import configure, received, unattended
from tests.joining.conftest import EDITOR, MailServer, mail_server
from tests.sending.servers.smtp import SmtpServer
from tests.syncing.conftest import Home, home
from tests.syncing.sendgrid_lists import SECRET, SendGridAccount

__all__ = ["home", "mail_server"]

ASEL = {"created": 1_602_000_000, "email": "asel@example.org"}


@pytest.fixture
def account(
    issue: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[SendGridAccount]:
    """A newsletter whose readers can unsubscribe at SendGrid, where one of them has."""
    monkeypatch.setenv("SENDGRID_API_KEY", SECRET)
    with SendGridAccount(unsubscribes=[ASEL]) as server:
        yield server


@pytest.fixture
def smtp(issue: Path, account: SendGridAccount) -> Iterator[SmtpServer]:
    """A mail server, which takes this issue."""
    with SmtpServer() as server:
        configure(
            issue,
            f'[smtp]\nhost = "127.0.0.1"\nport = {server.port}\nsecurity = "none"\n'
            f'[sendgrid]\nhost = "{account.url}"\n',
        )
        replace_in_settings(issue, 'via = "outbox"', 'via = "sendgrid"')
        yield server


def replace_in_settings(folder: Path, old: str, new: str) -> None:
    path = folder / "briefing.toml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def set_sync(folder: Path, when: str) -> None:
    replace_in_settings(
        folder, "[subscribers]\n", f'[subscribers]\nsync = "{when}"\n'
    )


def test_before_send_makes_it_part_of_the_send(
    issue: Path, run: Run, smtp: SmtpServer
) -> None:
    set_sync(issue, "before-send")
    result = run(*unattended("smtp", 2))
    assert result.exit_code == 0
    assert "1  unsubscribed" in result.stdout
    assert received(smtp)["asel@example.org"] == 0
    assert "Last synced: " in run("status").stdout
    assert sum(received(smtp).values()) == 2


def test_a_source_that_does_not_answer_stops_the_send(
    issue: Path, run: Run, smtp: SmtpServer, account: SendGridAccount
) -> None:
    set_sync(issue, "before-send")
    account.close()
    result = run(*unattended("smtp", 3))
    assert result.exit_code == 1
    assert "nothing was sent; try again later" in result.stderr
    assert sum(received(smtp).values()) == 0
    assert run(*unattended("smtp", 3), "--no-sync").exit_code == 0


@pytest.mark.parametrize(("answers", "mails"), [("n\n", 3), ("y\ny\n", 2)])
def test_a_terminal_offers_it(
    issue: Path, smtp: SmtpServer, answers: str, mails: int
) -> None:
    output, code = in_terminal(
        issue,
        ["send", "--via", "smtp", "--untested"],
        f"{answers}{mails}\n",
    )
    assert "First find out who has left or joined?" in output
    assert code == 0
    assert sum(received(smtp).values()) == mails


def test_rehearsals_and_sends_without_a_terminal_are_as_before(
    issue: Path, run: Run, smtp: SmtpServer
) -> None:
    assert run("send", "--via", "outbox", "--yes").exit_code == 0
    result = run(*unattended("smtp", 3))
    assert result.exit_code == 0
    assert "1  unsubscribed" not in result.stdout


AT = ("--at", "2099-11-27 08:00")


def test_who_leaves_while_a_send_waits_gets_nothing(
    issue: Path,
    run: Run,
    smtp: SmtpServer,
    account: SendGridAccount,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    account.lists = {}
    set_sync(issue, "before-send")

    def until(*_: object) -> bool:
        account.lists = {"unsubscribes": [ASEL]}
        return True

    monkeypatch.setattr("briefing.sending.waiting.until", until)
    strict = run(*unattended("smtp", 3), *AT)
    assert "this would send 2 emails, but --expect says 3" in strict.stderr
    result = run(*unattended("smtp", 2))
    assert result.exit_code == 0
    assert received(smtp)["asel@example.org"] == 0


def test_a_source_that_no_longer_answers_then_stops_the_send(
    issue: Path,
    run: Run,
    smtp: SmtpServer,
    account: SendGridAccount,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    set_sync(issue, "before-send")

    def until(*_: object) -> bool:
        account.close()
        return True

    monkeypatch.setattr("briefing.sending.waiting.until", until)
    result = run(*unattended("smtp", 2), *AT)
    assert result.exit_code == 1
    assert "nothing was sent; try again later" in result.stderr
    assert sum(received(smtp).values()) == 0


def test_who_agreed_to_three_emails_sends_the_two_that_are_left(
    issue: Path,
    run: Run,
    smtp: SmtpServer,
    account: SendGridAccount,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    account.lists = {}
    set_sync(issue, "before-send")

    def until(*_: object) -> bool:
        account.lists = {"unsubscribes": [ASEL]}
        return True

    monkeypatch.setattr("briefing.sending.waiting.until", until)
    monkeypatch.setattr("briefing.cli.prompts.is_interactive", lambda: True)
    result = run("send", "--via", "smtp", "--untested", *AT, stdin="3\n")
    assert result.exit_code == 0
    assert received(smtp)["asel@example.org"] == 0
    assert sum(received(smtp).values()) == 2


def test_a_second_sync_asks_nothing_and_leaves_the_list_as_it_was(
    home: Home,
    mail_server: MailServer,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    home.write_list("asel@example.org")
    home.server.join("new@example.net")
    home.server.post(mail_server.link())
    monkeypatch.setattr("briefing.cli.prompts.is_interactive", lambda: True)
    # A question would fail here.
    monkeypatch.setattr("click.prompt", None)
    monkeypatch.setattr("click.confirm", None)

    sync_dialog.sync_again(home.newsletter, None)
    assert "the next sync asks about them" in capsys.readouterr().err

    monkeypatch.delenv("BRIEFING_PRIVATE_KEY")
    protect_key(home)
    sync_dialog.sync_again(home.newsletter, None)
    assert "asked for at the next sync" in capsys.readouterr().out
    assert "new@example.net" not in home.list_path.read_text("utf-8")


def protect_key(home: Home) -> None:
    """Store the editor's key in a file that only a passphrase opens."""
    sealed = pyrage.passphrase.encrypt(str(EDITOR).encode(), "a passphrase")
    files.write_private(home.newsletter.state / PROTECTED_FILE, sealed)
