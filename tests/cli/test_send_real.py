"""briefing send through smtp and sendgrid, with status: what they refuse, ask and show."""

import datetime as dt
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from briefing.cli import prompts
from briefing.keys import Key
from briefing.newsletter import Newsletter
from briefing.sending import waiting
from briefing.sending.ledger import send_lock
from briefing.sending.waiting import Wait, WatchedFiles
from briefing.subscribers.suppression import token_of
from tests import wire
from tests.cli.conftest import SIZE, Run, without_sizes
from tests.cli.terminal import in_terminal
from tests.sending.servers.sendgrid import (
    SendGridServer,
)
from tests.sending.servers.smtp import Drop, Reply, Rule, SmtpServer

EVERYONE = Counter(
    ["asel@example.org", "joren@example.com", "mira@example.net"]
)
LIST = """\
email,name,lang,tags
asel@example.org,Asel Yusuf,en,
joren@example.com,Joren Lindqvist,en,board
mira@example.net,,en,press
"""
CANARY = "canary.reader"
KEY = "SG.canary-key"


def unattended(via: str, mails: int) -> tuple[str, ...]:
    """The arguments of a real send that asks nothing."""
    sending = ("send", "--via", via, "--untested")
    return (*sending, "--yes", "--expect", str(mails))


def configure(newsletter: Path, more: str) -> None:
    """Write settings that send for real, and a list of readers."""
    (newsletter / "subscribers.csv").write_text(LIST, "utf-8")
    settings = newsletter / "briefing.toml"
    text = settings.read_text("utf-8").replace(
        "test = []", 'test = ["me@example.org"]'
    )
    text = text.replace("<brief@example.org>", "<weekly@example.org>")
    text = text.replace(
        '# url = "https://example.org/u/{token}"',
        'url = "https://example.org/u/{token}"',
    )
    settings.write_text(
        re.sub(
            r"\[smtp\].*?(?=\n\[unsubscribe\])",
            lambda _: more,
            text,
            flags=re.DOTALL,
        ),
        "utf-8",
    )


@pytest.fixture
def smtp(issue: Path) -> Iterator[SmtpServer]:
    """A mail server, and the newsletter set up for it."""
    with SmtpServer() as server:
        configure(
            issue,
            f'[smtp]\nhost = "127.0.0.1"\nport = {server.port}\nsecurity = "none"\n',
        )
        yield server
        assert server.violations == []


@pytest.fixture
def sendgrid(
    issue: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[SendGridServer]:
    """SendGrid, and the newsletter set up for it."""
    monkeypatch.setenv("SENDGRID_API_KEY", KEY)
    with SendGridServer(key=KEY) as server:
        configure(issue, f'[sendgrid]\nhost = "{server.url}"\n')
        yield server
        assert server.violations == []


def received(server: SmtpServer) -> Counter[str]:
    return Counter(mail.recipient for mail in server.mails)


FIRST = [
    "send",
    "--via",
    "smtp",
    "--untested",
    "--limit",
    "1",
    "--yes",
    "--expect",
    "1",
]
"""The first email of three."""


class TestSmtp:
    def test_each_email_can_come_back_to_an_address_of_its_own(
        self, issue: Path, run: Run, smtp: SmtpServer
    ) -> None:
        path = issue / "briefing.toml"
        text = path.read_text("utf-8").replace(
            "languages =", 'bounces = "b+{token}@example.org"\nlanguages ='
        )
        path.write_text(text, "utf-8")
        run(*unattended("smtp", 3))
        key = Key.of(Newsletter(issue))
        assert {mail.recipient: mail.sender for mail in smtp.mails} == {
            reader: f"b+{token_of(key, reader)}@example.org"
            for reader in EVERYONE
        }

    def test_a_test_then_the_send(
        self, issue: Path, run: Run, smtp: SmtpServer
    ) -> None:
        tested = run("send", "--via", "smtp", "--test")
        assert tested.stdout == (
            "Issue      2020-10-09, a test with smtp: en\n"
            "1 email accepted by the server: each edition, to each test address.\n"
            "Look at them in several mail apps.\n"
            "'briefing check --received FILE' checks one as it arrived.\n"
            "Next: 'briefing send --via smtp --limit 50' sends it to at most 50 readers.\n"
        )
        sent = run("send", "--via", "smtp", "--yes", "--expect", "3")
        assert sent.exit_code == 0, sent.stderr
        assert without_sizes(sent.stdout) == (
            "Issue      2020-10-09: Weekly Brief, 9 October 2020\n"
            f"Size       {SIZE}\n"
            "Checked    4 warnings; 'briefing check' shows them\n"
            "           no postal address\n"
            "           a preheader that is too long or too short\n"
            "           1 item: a credit without a photo\n"
            "           1 item: no link\n"
            "List       subscribers.csv: 3 readers\n"
            "Through    127.0.0.1, from weekly@example.org\n"
            "To send    3 emails\n"
            "3 emails accepted by the server.\n"
        )
        assert received(smtp) == EVERYONE + Counter(["me@example.org"])
        assert run("status").stdout == (
            "Issue 2020-10-09\n        3  accepted by the server\nEvery reader has been sent this issue.\n"
        )

    def test_the_test_is_the_email_that_readers_get(
        self, run: Run, smtp: SmtpServer
    ) -> None:
        run("send", "--via", "smtp", "--test-to", "look@example.org")
        run("send", "--via", "smtp", "--yes", "--expect", "3")
        (test,) = [
            mail.data
            for mail in smtp.mails
            if mail.recipient == "look@example.org"
        ]
        (real,) = [
            mail.data
            for mail in smtp.mails
            if mail.recipient == "joren@example.com"
        ]
        of_the_reader = r"Amina Example|Joren Lindqvist|look@example\.org|joren@example\.com|[0-9a-f]{30}|Date: [^\r]*"
        marked = real.decode().replace("Subject: ", "Subject: [Test] ")
        assert re.sub(of_the_reader, "", test.decode()) == re.sub(
            of_the_reader, "", marked
        )

    def test_an_untested_issue_and_one_edited_after_its_test_are_refused(
        self, issue: Path, run: Run, smtp: SmtpServer
    ) -> None:
        refused = run("send", "--via", "smtp", "--yes", "--expect", "3")
        assert refused.exit_code == 1
        assert (
            "hasn't been tested; send it to your test addresses with 'briefing send 2020-10-09"
            in refused.stderr
        )
        run("send", "--via", "smtp", "--test")
        path = issue / "issues" / "2020-10-09" / "issue.md"
        path.write_text(
            path.read_text("utf-8").replace(
                "The court has ruled.", "The court ruled."
            ),
            "utf-8",
        )
        changed = run("send", "--via", "smtp", "--yes", "--expect", "3")
        assert (
            changed.exit_code,
            "has changed since its test" in changed.stderr,
        ) == (
            1,
            True,
        )
        assert received(smtp) == Counter(["me@example.org"])
        assert (
            run(
                "send", "--via", "smtp", "--yes", "--expect", "3", "--untested"
            ).exit_code
            == 0
        )

    def test_yes_alone_is_not_enough(self, run: Run, smtp: SmtpServer) -> None:
        refused = run("send", "--via", "smtp", "--untested", "--yes")
        assert (
            refused.exit_code,
            "--yes needs --expect N" in refused.stderr,
        ) == (
            1,
            True,
        )
        wrong = run(*unattended("smtp", 4))
        assert (
            wrong.exit_code,
            "this would send 3 emails, but --expect says 4" in wrong.stderr,
        ) == (1, True)
        assert received(smtp) == Counter()

    def test_in_a_terminal_the_number_is_typed_and_anything_else_asks_again(
        self, issue: Path, smtp: SmtpServer
    ) -> None:
        said, code = in_terminal(
            issue, ["send", "--via", "smtp", "--untested"], answer="4\n\x04"
        )
        assert "To send them, type the number of emails" in said
        assert (
            "that isn't 3, so nothing was sent; type 3, or press Ctrl-C" in said
        )
        assert (code, received(smtp)) == (130, Counter())
        said, code = in_terminal(
            issue, ["send", "--via", "smtp", "--untested"], answer="yes\n3\n"
        )
        assert "3 emails accepted by the server." in said
        assert (code, received(smtp)) == (0, EVERYONE)

    def test_a_limited_send_is_continued_by_the_next(
        self, run: Run, smtp: SmtpServer
    ) -> None:
        first = run(
            "send",
            "--via",
            "smtp",
            "--untested",
            "--limit",
            "1",
            "--yes",
            "--expect",
            "1",
        )
        assert (
            "2 emails left for the next send (--limit, or 'per_day')"
            in first.stdout
        )
        assert (
            "'briefing send 2020-10-09 --via smtp' sends 2 more emails."
            in first.stdout
        )
        second = run(*unattended("smtp", 2))
        assert (
            "To send    2 emails; 1 reader left out, who have it or were tried before"
            in second.stdout
        )
        assert received(smtp) == EVERYONE

    def test_while_another_sends_nothing_else_is_reported(
        self, issue: Path, run: Run, smtp: SmtpServer
    ) -> None:
        """Neither a broken issue nor a missing list."""
        (issue / "issues" / "2020-10-09" / "issue.md").write_text(
            "nothing", "utf-8"
        )
        (issue / "subscribers.csv").unlink()
        with send_lock.hold(Newsletter(issue)):
            busy = run(
                "send", "2020-10-09", "--via", "smtp", "--yes", "--expect", "3"
            )
        assert (busy.exit_code, busy.stderr.count("\n")) == (75, 1)

    def test_an_issue_already_sent_is_a_one_line_error(
        self, issue: Path, run: Run, smtp: SmtpServer
    ) -> None:
        run(*unattended("smtp", 3))
        again = run(
            "send", "2020-10-09", "--via", "smtp", "--yes", "--expect", "0"
        )
        assert again.exit_code == 1
        assert again.stderr == (
            "briefing: issue 2020-10-09 was already sent to every reader; "
            "'briefing status 2020-10-09' shows the outcome\n"
        )
        assert received(smtp) == EVERYONE

    def test_what_was_sent_is_not_composed_again(
        self, issue: Path, run: Run, smtp: SmtpServer
    ) -> None:
        run(*unattended("smtp", 3))
        again = run("compose", "--from", "brief.txt", "--date", "2020-10-09")
        assert (
            again.exit_code,
            "issue 2020-10-09 was already sent; use another --date"
            in again.stderr,
        ) == (1, True)

    def test_uncertain_readers_are_shown_with_what_to_do(
        self, run: Run, smtp: SmtpServer
    ) -> None:
        smtp.rules.append(
            Rule(
                "dot",
                Drop(accepted=True),
                when="joren@example.com".__eq__,
                times=1,
            )
        )
        sent = run(*unattended("smtp", 3))
        assert sent.exit_code == 1
        assert (
            "1 email uncertain: handed over, but no answer came." in sent.stdout
        )
        status = run("status", "--names").stdout
        assert (
            "        1  uncertain: handed over, but no answer came\n" in status
        )
        assert "           joren@example.com\n" in status
        assert (
            "'briefing send 2020-10-09 --via smtp --resend-uncertain'" in status
        )
        assert "--names" not in status  # they have just been named
        assert "--names' lists them." in run("status").stdout
        marked = run("send", "--mark-delivered")
        assert (
            marked.stdout
            == "1 email of issue 2020-10-09 marked as delivered; nothing was sent.\n"
        )
        again = run("send", "--mark-delivered")
        assert (
            again.stdout
            == "No delivery of issue 2020-10-09 is uncertain; nothing was sent.\n"
        )
        assert received(smtp) == EVERYONE

    def test_a_test_in_the_middle_of_a_send_leads_to_who_has_the_issue(
        self, issue: Path, run: Run, smtp: SmtpServer
    ) -> None:
        run(*FIRST)
        tested = run("send", "--via", "smtp", "--test")
        assert tested.stdout.endswith(
            "Next: 'briefing status 2020-10-09' shows how far the issue has been sent.\n"
        )

    def test_status_without_the_ledger_says_what_is_missing(
        self, issue: Path, run: Run, smtp: SmtpServer
    ) -> None:
        run(*FIRST)
        ledger = issue / ".briefing" / "ledger.sqlite"
        ledger.unlink()
        status = " ".join(run("status").stdout.split())
        assert not ledger.exists()
        reason = "issue 2020-10-09 was sent from another copy of this folder, or this"
        assert f"Before more can be sent: {reason}" in status
        assert "1 accepted by the server, according to sent.json" in status
        assert "Every reader" not in status
        assert reason in run("send", "--via", "smtp", "--dry-run").stderr
        found = json.loads(run("status", "--json").stdout)
        assert found["receipt"]["left"] == 2

    def test_status_with_an_older_ledger_says_so(
        self,
        issue: Path,
        run: Run,
        smtp: SmtpServer,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        run(*FIRST)
        ledger = issue / ".briefing" / "ledger.sqlite"
        older = ledger.read_bytes()
        run(*unattended("smtp", 2))
        ledger.write_bytes(older)
        status = run("status").stdout
        assert "Before more can be sent: .briefing/ledger.sqlite" in status
        assert "more mail" not in status
        # Files are named as they can be found from where the command runs.
        monkeypatch.chdir(issue.parent)
        elsewhere = " ".join(run("-C", issue.name, "status").stdout.split())
        assert f"sent: {issue.name}/.briefing/ledger.sqlite" in elsewhere
        assert f"and {issue.name}/issues/2020-10-09/sent.json" in elsewhere

    def test_a_rejected_reader_is_shown_with_the_servers_reply_and_without_the_address(
        self, run: Run, smtp: SmtpServer
    ) -> None:
        refusal = Reply(550, "5.1.1 <joren@example.com> unknown")
        smtp.rules.append(
            Rule("rcpt", refusal, when="joren@example.com".__eq__)
        )
        sent = run(*unattended("smtp", 3))
        assert sent.exit_code == 0
        assert "1 email rejected by the server." in sent.stdout
        assert "1 × 550 5.1.1 … unknown" in run("status").stdout
        assert (
            "Correct a rejected address with 'briefing subscribers move --file -', or\n"
            "unsubscribe its reader with 'briefing subscribers remove --file -'.\n"
            "To try them again:\n"
        ) in run("status", "--names").stdout
        assert "joren" not in run("status").stdout

    def test_a_server_that_rejects_the_sender_is_a_one_line_error(
        self, run: Run, smtp: SmtpServer
    ) -> None:
        smtp.rules.append(Rule("mail", Reply(550, "5.7.1 sender not allowed.")))
        sent = run(*unattended("smtp", 3))
        assert sent.exit_code == 1
        assert sent.stderr == (
            "briefing: the server doesn't let you send from this address (550 5.7.1 sender not allowed.); check 'from' "
            "and 'bounces' under [newsletter] in briefing.toml, and ask your provider which addresses your account may "
            "send from. 3 emails still to be sent; run the same command again to continue\n"
        )

    def test_a_server_that_is_down_is_a_one_line_error(
        self, issue: Path, run: Run, smtp: SmtpServer
    ) -> None:
        with SmtpServer() as gone:
            settings = issue / "briefing.toml"
            settings.write_text(
                settings.read_text().replace(
                    f"port = {smtp.port}", f"port = {gone.port}"
                )
            )
        sent = run(*unattended("smtp", 3))
        assert sent.exit_code == 1
        assert re.fullmatch(
            r"briefing: 127\.0\.0\.1, port \d+: no server answers there; [^\n]+\n",
            sent.stderr,
        )

    def test_without_a_way_to_unsubscribe_only_the_outbox_sends(
        self, issue: Path, run: Run, smtp: SmtpServer
    ) -> None:
        settings = issue / "briefing.toml"
        settings.write_text(
            settings.read_text().replace('url = "https', '# url = "https')
        )
        refused = run(*unattended("smtp", 3))
        assert refused.exit_code == 1
        assert (
            "readers couldn't unsubscribe; set 'url' or 'mailto' under [unsubscribe]"
            in refused.stderr
        )
        assert run("send", "--yes").exit_code == 0

    def test_a_removed_reader_gets_nothing(
        self, run: Run, smtp: SmtpServer
    ) -> None:
        assert run("subscribers", "remove", "joren@example.com").exit_code == 0
        sent = run(*unattended("smtp", 2))
        assert "without 1 more who unsubscribed" in sent.stdout
        assert received(smtp) == EVERYONE - Counter(["joren@example.com"])

    def test_who_left_before_their_email_went_out_is_counted(
        self, run: Run, smtp: SmtpServer
    ) -> None:
        run(*unattended("smtp", 1), "--limit", "1")
        (has_it,) = received(smtp)
        left = next(address for address in EVERYONE if address != has_it)
        run("subscribers", "remove", left)
        assert (
            "1 reader unsubscribed or is no longer on the list, and gets nothing"
            in run("send", "--via", "smtp", "--dry-run").stdout
        )

    def test_a_missing_password_is_explained_and_a_password_never_shown(
        self,
        issue: Path,
        run: Run,
        smtp: SmtpServer,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        settings = issue / "briefing.toml"
        settings.write_text(
            settings.read_text().replace("[smtp]", '[smtp]\nusername = "brief"')
        )
        asked = run("send", "--via", "smtp", "--test")
        assert (asked.exit_code, "BRIEFING_SMTP_PASSWORD" in asked.stderr) == (
            1,
            True,
        )
        monkeypatch.setenv("BRIEFING_SMTP_PASSWORD", "canary-password")
        refused = run("send", "--via", "smtp", "--test")
        assert refused.exit_code == 1
        assert "canary" not in refused.output


class TestSendGrid:
    def test_a_test_then_the_send(
        self, run: Run, sendgrid: SendGridServer
    ) -> None:
        assert run("send", "--via", "sendgrid", "--test").exit_code == 0
        sent = run("send", "--via", "sendgrid", "--yes", "--expect", "3")
        assert sent.exit_code == 0, sent.stderr
        assert (
            "Through    SendGrid (global), from weekly@example.org"
            in sent.stdout
        )
        assert Counter(
            mail.address for mail in sendgrid.accepted
        ) == EVERYONE + Counter(["me@example.org"])

    def test_a_test_goes_to_every_address(
        self, run: Run, sendgrid: SendGridServer
    ) -> None:
        tested = run(
            "send",
            "--via",
            "sendgrid",
            "--test-to",
            "a@example.org",
            "--test-to",
            "b@example.org",
        )
        assert (
            "2 emails accepted by the server: each edition, to each test address."
            in tested.stdout
        ), tested.stderr
        assert [mail.address for mail in sendgrid.accepted] == [
            "a@example.org",
            "b@example.org",
        ]

    def test_a_key_that_may_not_send_is_refused(
        self, run: Run, issue: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SENDGRID_API_KEY", KEY)
        with SendGridServer(key=KEY, scopes=("suppression.read",)) as server:
            configure(issue, f'[sendgrid]\nhost = "{server.url}"\n')
            refused = run(*unattended("sendgrid", 3))
        assert (
            refused.exit_code,
            refused.stderr.count("\n"),
            "mail.send" in refused.stderr,
        ) == (1, 1, True)
        assert "canary" not in refused.output


def test_no_address_is_shown_or_stored_unless_requested(
    issue: Path, run: Run, smtp: SmtpServer
) -> None:
    (issue / "subscribers.csv").write_text(
        f"email\n{CANARY}@example.org\n", "utf-8"
    )
    said = run(*unattended("smtp", 1)).output + run("status").output
    assert CANARY not in said
    assert (
        CANARY
        not in (issue / "issues" / "2020-10-09" / "sent.json").read_text()
    )
    for file in filter(Path.is_file, (issue / ".briefing").rglob("*")):
        assert CANARY.encode() not in file.read_bytes()
    assert wire.parsed(smtp.mails[0].data)["To"].addresses[0].username == CANARY


@pytest.fixture
def waited(monkeypatch: pytest.MonkeyPatch) -> list[dt.datetime]:
    """The times until which a send would have waited: no test waits."""
    times: list[dt.datetime] = []

    def until(at: dt.datetime, *_: object) -> bool:
        times.append(at)
        return True

    monkeypatch.setattr("briefing.sending.waiting.until", until)
    return times


class TestLater:
    AT = "2099-11-27 08:00"

    def test_it_waits_with_what_was_agreed_to_and_then_sends(
        self, run: Run, smtp: SmtpServer, waited: list[dt.datetime]
    ) -> None:
        sent = run(*unattended("smtp", 3), "--at", self.AT)
        assert sent.exit_code == 0, sent.stderr
        assert f"At         {self.AT}" in sent.stdout
        assert f"Waiting until {self.AT}" in sent.stdout
        assert "Press Ctrl-C before then, and nothing is sent." in sent.stdout
        assert "3 emails accepted by the server." in sent.stdout
        (at,) = waited
        assert at == dt.datetime.fromisoformat(self.AT).astimezone()
        assert received(smtp) == EVERYONE
        assert json.loads(run("status", "--json").stdout)["wait"] is None

    def test_who_leaves_meanwhile_gets_nothing_and_the_others_do(
        self,
        issue: Path,
        run: Run,
        smtp: SmtpServer,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        def until(*_: object) -> bool:
            run("subscribers", "remove", "joren@example.com")
            return True

        monkeypatch.setattr("briefing.sending.waiting.until", until)
        monkeypatch.setattr(prompts, "is_interactive", lambda: True)
        monkeypatch.setattr("click.prompt", lambda *_, **__: "3")
        command = ("send", "--via", "smtp", "--untested", "--at", self.AT)
        sent = run(*command)
        assert sent.exit_code == 0, sent.stderr
        assert received(smtp) == EVERYONE - Counter(["joren@example.com"])

    def test_an_expected_number_stays_strict(
        self, run: Run, smtp: SmtpServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def until(*_: object) -> bool:
            run("subscribers", "remove", "joren@example.com")
            return True

        monkeypatch.setattr("briefing.sending.waiting.until", until)
        refused = run(*unattended("smtp", 3), "--at", self.AT)
        assert refused.exit_code == 1
        assert "this would send 2 emails, but --expect says 3" in refused.stderr
        assert received(smtp) == Counter()
        status = " ".join(run("status").stdout.split())
        assert "was refused: this would send 2 emails" in status

    def test_a_file_that_changes_stops_it(
        self, issue: Path, run: Run, smtp: SmtpServer
    ) -> None:
        """The real wait, which looks every second: the list changes before its first look."""
        path = issue / "subscribers.csv"
        real = WatchedFiles.require_unchanged

        def change(self: WatchedFiles) -> None:
            path.write_text(LIST + "late@example.net,,en,\n", "utf-8")
            real(self)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(WatchedFiles, "require_unchanged", change)
            refused = run(*unattended("smtp", 3), "--at", self.AT)
        assert refused.exit_code == 1
        assert (
            "subscribers.csv was changed while the send was waiting; nothing was sent"
            in refused.stderr
        )
        assert received(smtp) == Counter()

    def test_ctrl_c_before_its_time_sends_nothing_and_status_says_so(
        self, run: Run, smtp: SmtpServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def until(*_: object) -> bool:
            raise KeyboardInterrupt

        monkeypatch.setattr("briefing.sending.waiting.until", until)
        stopped = run(*unattended("smtp", 3), "--at", self.AT)
        assert (stopped.exit_code, stopped.stderr) == (
            130,
            "briefing: stopped before its time; nothing was sent\n",
        )
        assert received(smtp) == Counter()
        status = run("status").stdout
        assert f"A send that was to wait until {self.AT}" in status
        assert "was stopped." in status

    def test_a_second_wait_for_the_same_issue_is_refused(
        self, issue: Path, run: Run, smtp: SmtpServer
    ) -> None:
        at = dt.datetime.fromisoformat(self.AT).astimezone()
        wait = Wait(issue="2020-10-09", at=at, via="smtp", count=3)
        with waiting.announce(Newsletter(issue), wait):
            busy = run(*unattended("smtp", 3), "--at", self.AT)
            status = " ".join(run("status").stdout.split())
        assert (busy.exit_code, busy.stderr.count("\n")) == (75, 1)
        assert "waits to send issue 2020-10-09" in busy.stderr
        assert f"3 emails wait to be sent at {self.AT}" in status

    def test_a_computer_that_slept_for_too_long_sends_nothing_unasked(
        self, run: Run, smtp: SmtpServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("briefing.sending.waiting.until", lambda *_: False)
        late = run(*unattended("smtp", 3), "--at", self.AT)
        assert late.exit_code == 1
        assert "has passed, and this computer was asleep then" in late.stderr
        assert received(smtp) == Counter()

    @pytest.mark.parametrize(
        ("options", "words"),
        [
            (("--via", "smtp", "--at", "2020-10-09 08:00"), "has passed"),
            (("--via", "smtp", "--at", "tomorrow"), "isn't a time; write"),
            (("--at", "2099-11-27 08:00"), "a rehearsal is written at once"),
        ],
    )
    def test_a_time_that_cannot_be_is_refused(
        self, run: Run, smtp: SmtpServer, options: tuple[str, ...], words: str
    ) -> None:
        refused = run("send", *options)
        assert (refused.exit_code, refused.stderr.count("\n")) == (1, 1)
        assert words in refused.stderr
        assert smtp.connected == 0


class TestEnd:
    def test_after_a_change_the_rest_get_it_as_it_was_or_are_given_up(
        self, issue: Path, run: Run, smtp: SmtpServer
    ) -> None:
        run(*FIRST)
        path = issue / "issues" / "2020-10-09" / "issue.md"
        text = path.read_text("utf-8")
        path.write_text(
            text.replace("The court has ruled.", "The court ruled."), "utf-8"
        )
        planned = run("send", "--via", "smtp", "--dry-run")
        assert "To send    2 emails" in planned.stdout
        assert "The rest get it as it was then" in planned.stderr
        asked = run("send", "--end")
        assert "answer with --yes" in asked.stderr
        ended = run("send", "--end", "--yes")
        assert ended.stdout.startswith(
            "2 readers won't get issue 2020-10-09.\n"
        )
        assert "'corrects: 2020-10-09'" in ended.stdout
        status = run("status").stdout
        assert "        2  given up with 'briefing send --end'\n" in status
        refused = run(*unattended("smtp", 0))
        assert "issue 2020-10-09 was ended with --end" in refused.stderr
        assert received(smtp).total() == 1
