"""briefing subscribers sync mailbox: emails to the leaving mailbox, and mail that came back."""

from pathlib import Path

import pytest

from briefing.keys import Key
from briefing.newsletter import Newsletter
from briefing.subscribers.suppression import Suppression, token_of
from tests.cli.conftest import Run
from tests.cli.terminal import in_terminal
from tests.mailbox.conftest import MaildirBox, mail, returned
from tests.syncing.mailbox.test_source import PASSED, set_up

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
    mailbox.deliver(mail("Please take me off that list of yours"))
    result = run("subscribers", "sync", "mailbox", "--yes")
    assert result.exit_code == 0
    output = " ".join(result.output.split())
    assert "according to the mailbox" in output
    assert "2 readers unsubscribed (lines 2, 5)" in output
    assert "1 reader has an address that no longer exists (line 3)" in output
    assert (
        "Read these in the mailbox yourself: 1 request to be unsubscribed, without proof of who sent it; "
        "1 email that couldn't be understood."
    ) in output
    assert "1 sent automatically" in output
    assert "@example.org" not in output
    assert unsubscribed(weekly) == ["ann", "bob", "ada"]


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


class TestQuestions:
    """Three of four readers at one domain are said to be dead, in emails that anybody could have written;
    the fourth unsubscribed.
    """

    @pytest.fixture(autouse=True)
    def claims(self, weekly: Path, mailbox: MaildirBox) -> None:
        for name in (b"bob", b"cid", b"ada"):
            claim = returned("nobody").replace(
                b"x@example.com", name + b"@example.org"
            )
            mailbox.deliver(claim)
        mailbox.deliver(mail(token(weekly, ANN)))

    @pytest.mark.parametrize(
        ("answers", "expected"),
        [
            ("yes\nyes\n", ["ann", "bob", "cid", "ada"]),
            ("yes\nlater\n", ["ann"]),
            ("yes\nno\n", ["ann"]),
            ("no\n", ["ann"]),
            ("later\n", ["ann"]),
        ],
    )
    def test_what_an_answer_holds_back_is_asked_at_once(
        self, weekly: Path, answers: str, expected: list[str]
    ) -> None:
        output, _ = in_terminal(
            weekly, ["subscribers", "sync"], f"{answers}y\n"
        )
        asked = output.count("Unsubscribe these readers?")
        assert asked == answers.count("\n")
        assert unsubscribed(weekly) == expected

    def test_who_breaks_off_at_a_question_loses_nothing(
        self, weekly: Path, run: Run
    ) -> None:
        in_terminal(weekly, ["subscribers", "sync"], "yes\n\x04")
        assert unsubscribed(weekly) == []
        run("subscribers", "sync", "--yes")
        assert unsubscribed(weekly) == ["ann"]

    def test_an_answer_in_advance_is_not_asked_for_nor_taken_for_a_slip(
        self, weekly: Path, run: Run
    ) -> None:
        accepted = ("--accept", "unverified", "--accept", "example.org")
        result = run("subscribers", "sync", "--yes", *accepted)
        assert "held back" not in result.stderr
        assert unsubscribed(weekly) == ["ann", "bob", "cid", "ada"]
