"""briefing subscribers sync mailbox: emails to the leaving mailbox, and mail that came back."""

from pathlib import Path

import pytest

from briefing.keys import Key
from briefing.newsletter import Newsletter
from briefing.subscribers.suppression import Suppression, token_of
from tests.cli.conftest import Run
from tests.mailbox.conftest import MaildirBox, mail, returned
from tests.syncing.test_mailbox import PASSED, set_up

ANN = "ann@example.org"


@pytest.fixture
def mailbox(weekly: Path) -> MaildirBox:
    """A newsletter with readers and a mailbox; commands run in its folder."""
    rows = f"email\n{ANN}\nbob@example.org\ncid@example.org\nada@example.org\n"
    (weekly / "subscribers.csv").write_text(rows, "utf-8")
    set_up(weekly, "leaving")
    return MaildirBox(weekly / "leaving")


def token(folder: Path, address: str) -> str:
    return token_of(Key.of(Newsletter(folder)), address)


def unsubscribed(folder: Path) -> list[str]:
    """The names of the readers who are unsubscribed."""
    suppressed = Suppression.of(Newsletter(folder))
    return [
        name
        for name in ("ann", "bob", "cid", "ada")
        if token(folder, f"{name}@example.org") in suppressed
    ]


def test_the_editor_sees_numbers_and_no_address(
    weekly: Path, mailbox: MaildirBox, run: Run
) -> None:
    mailbox.deliver(mail(token(weekly, ANN)))
    mailbox.deliver(mail("Unsubscribe", "", PASSED))
    mailbox.deliver(mail("Unsubscribe"))
    mailbox.deliver(returned(token(weekly, "bob@example.org")))
    mailbox.deliver(mail("Away", "", "Auto-Submitted: auto-replied"))
    result = run("subscribers", "sync", "--yes")
    assert result.exit_code == 0
    output = " ".join(result.output.split())
    assert "according to the mailbox" in output
    assert "2 unsubscribed (lines 2, 5)" in output
    assert "“Unsubscribe” (the reader in line 5)" not in output
    assert "1 sent automatically" in output
    assert "@example.org" not in output
    assert unsubscribed(weekly) == ["ann", "ada"]


def test_a_second_sync_finds_nothing(
    weekly: Path, mailbox: MaildirBox, run: Run
) -> None:
    mailbox.deliver(mail(token(weekly, ANN)))
    run("subscribers", "sync", "--yes")
    result = run("subscribers", "sync", "--yes")
    assert "nothing new" in result.output
    assert "Nothing to do for" not in result.output


def test_strangers_cant_unsubscribe_anybody(
    weekly: Path, mailbox: MaildirBox, run: Run
) -> None:
    forged = PASSED.replace("mx.", "mx2.")
    mailbox.deliver(mail("Unsubscribe", "", forged))
    mailbox.deliver(mail("unsubscribe cid@example.org", "", PASSED))
    result = run("subscribers", "sync", "--yes", "--json")
    assert result.exit_code == 0
    assert unsubscribed(weekly) == []


def test_emails_are_listed_until_an_editor_has_seen_them(
    weekly: Path, mailbox: MaildirBox, run: Run
) -> None:
    mailbox.deliver(mail("Please take me off"))
    for _ in range(2):
        output = run("subscribers", "sync").output
        assert "“Please take me off” (the reader in line 5)" in output
    assert "take me off" not in run("subscribers", "sync", "--seen").output
    assert "take me off" not in run("subscribers", "sync").output
