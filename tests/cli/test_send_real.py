"""briefing send through smtp and sendgrid, with status and recall: what they refuse, ask and show."""

import datetime as dt
import json
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from briefing.keys import Key
from briefing.newsletter import Newsletter
from briefing.sending.ledger import send_lock
from briefing.sending.ledger.schema import State
from briefing.subscribers.suppression import token_of
from tests import wire
from tests.cli.conftest import SIZE, Run, without_sizes
from tests.cli.terminal import in_terminal
from tests.sending.servers.sendgrid import (
    Answer,
    SendGridServer,
    SgRule,
    TooMany,
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
IN_73_HOURS = (
    f"{dt.datetime.now().astimezone() + dt.timedelta(hours=73):%Y-%m-%d %H:%M}"
)
"""As people write it, in local time."""


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


class TestTheServersAnswer:
    WHOLE = "5.7.1 Asel Example <asel@example.org> isn't wanted"

    @pytest.mark.parametrize(
        "command",
        [
            ("send", "--via", "smtp", "--yes", "--expect", "3", "--untested"),
            ("send", "--via", "smtp", "--test"),
        ],
    )
    @pytest.mark.parametrize("wanted", [True, False])
    def test_is_shown_as_a_whole_only_on_request(
        self, run: Run, smtp: SmtpServer, command: tuple[str, ...], wanted: bool
    ) -> None:
        smtp.rules.append(Rule("dot", Reply(554, self.WHOLE)))
        result = run(*command, *(["--show-answer"] if wanted else []))
        assert result.exit_code == 1
        note = f"note: the server's whole answer, which isn't saved: {self.WHOLE}\n"
        assert (note in result.stderr) == wanted
        assert "(554 5.7.1 … isn't wanted); change the issue" in result.stderr
        assert ("asel" in result.stderr.casefold()) == wanted
        assert "asel" not in run("status", "--json").stdout.casefold()


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

    def test_without_a_terminal_it_names_the_options_that_answer(
        self, run: Run, smtp: SmtpServer
    ) -> None:
        refused = run("send", "--via", "smtp", "--untested")
        assert (
            refused.exit_code,
            "answer with --yes --expect N" in refused.stderr,
        ) == (1, True)

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

    def test_a_dry_run_opens_no_connection(
        self, run: Run, smtp: SmtpServer
    ) -> None:
        result = run("send", "--via", "smtp", "--dry-run")
        assert (result.exit_code, "To send    3 emails" in result.stdout) == (
            0,
            True,
        )
        assert smtp.connected == 0

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

    def test_the_limit_per_day_is_explained(
        self, issue: Path, run: Run, smtp: SmtpServer
    ) -> None:
        settings = issue / "briefing.toml"
        settings.write_text(
            settings.read_text().replace("per_day = 0", "per_day = 2")
        )
        first = run(*unattended("smtp", 2))
        assert (
            "1 email left for the next send (--limit, or 'per_day')"
            in first.stdout
        )
        second = run(*unattended("smtp", 0))
        assert (
            second.exit_code,
            "today's limit of 2 emails ('per_day' under [send]) has been reached"
            in second.stderr,
        ) == (
            1,
            True,
        )

    def test_a_list_that_changed_a_lot_is_pointed_out(
        self, issue: Path, run: Run, smtp: SmtpServer
    ) -> None:
        run(*unattended("smtp", 3))
        (issue / "brief.txt").write_text(
            "A second thing\n\nHarbour Post, 12 October 2020\n\nIt happened.\n",
            "utf-8",
        )
        run("compose", "--from", "brief.txt", "--date", "2020-10-16")
        (issue / "subscribers.csv").write_text(
            "email\nasel@example.org\njoren@example.com\n", "utf-8"
        )
        result = run("send", "--via", "smtp", "--dry-run")
        note = "note: the list has 2 readers; it had 3 for issue 2020-10-09. Make sure it is the right list"
        assert note in result.stderr

    def test_what_was_sent_is_not_composed_again(
        self, issue: Path, run: Run, smtp: SmtpServer
    ) -> None:
        run(*unattended("smtp", 3))
        again = run("compose", "--from", "brief.txt", "--date", "2020-10-09")
        assert (
            again.exit_code,
            "issue 2020-10-09 was already sent or scheduled; use another --date"
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

    def test_status_says_what_the_next_send_would_refuse(
        self, issue: Path, run: Run, smtp: SmtpServer
    ) -> None:
        """Each of its reasons, word for word."""
        run(*FIRST)
        path = issue / "issues" / "2020-10-09" / "issue.md"
        path.write_text(
            path.read_text("utf-8").replace(
                "The court has ruled.", "The court ruled."
            ),
            "utf-8",
        )
        refused = run("send", "--via", "smtp", "--dry-run").stderr.splitlines()
        status = run("status")
        assert status.exit_code == 0
        assert "more mail" not in status.stdout
        (reason,) = [line for line in refused if line.startswith("briefing: ")]
        assert "was changed after 1 reader" in reason
        said = " ".join(status.stdout.split())
        assert (
            f"'briefing send' refuses: {reason.removeprefix('briefing: ')}"
            in said
        )

    def test_a_test_in_the_middle_of_a_send_leads_to_who_has_the_issue(
        self, issue: Path, run: Run, smtp: SmtpServer
    ) -> None:
        run(*FIRST)
        tested = run("send", "--via", "smtp", "--test")
        assert tested.stdout.endswith(
            "Next: 'briefing status 2020-10-09' shows who doesn't have it yet.\n"
        )

    def test_a_typo_found_after_the_first_emails_is_corrected_for_the_rest(
        self, issue: Path, run: Run, smtp: SmtpServer
    ) -> None:
        """The difference is shown, coloured in a terminal, and a question tells a slip from an error."""
        run(*FIRST)
        path = issue / "issues" / "2020-10-09" / "issue.md"
        path.write_text(
            path.read_text("utf-8").replace(
                "The court has ruled.", "The court ruled."
            ),
            "utf-8",
        )
        refused = run("send", "--via", "smtp", "--yes", "--expect", "2")
        assert refused.exit_code == 1
        assert "           - The court has ruled.\n" in refused.stdout
        assert "           + The court ruled.\n" in refused.stdout
        tested = run("send", "--via", "smtp", "--test")
        assert tested.stdout.endswith(
            "Next: 'briefing send --via smtp --corrected' sends it to readers who don't have\n"
            "the issue yet.\n"
        )
        command = ["send", "--via", "smtp", "--corrected"]
        said, code = in_terminal(issue, command, answer="n\n")
        assert (
            "answer no, and compose another\nissue with 'corrects: 2020-10-09'"
            in (said)
        )
        assert (code, received(smtp).total()) == (130, 2)
        said, code = in_terminal(issue, command, answer="y\n2\n")
        assert "\x1b[32m           + The court ruled." in said
        assert (code, received(smtp)) == (
            0,
            EVERYONE + Counter(["me@example.org"]),
        )
        assert (
            "Edited during the send: version 1 for 1 reader, version 2 for 2 readers."
            in run("status").stdout
        )

    def test_the_summary_of_a_corrected_send_names_those_who_keep_their_version(
        self, issue: Path, run: Run, smtp: SmtpServer
    ) -> None:
        smtp.rules.append(Rule("dot", Drop(accepted=True), times=1))
        run(*FIRST)
        path = issue / "issues" / "2020-10-09" / "issue.md"
        path.write_text(
            path.read_text("utf-8").replace(
                "The court has ruled.", "The court ruled."
            ),
            "utf-8",
        )
        planned = run(
            "send",
            "--via",
            "smtp",
            "--corrected",
            "--resend-uncertain",
            "--dry-run",
        ).stdout
        assert "To send    3 emails" in planned
        assert (
            "the earlier version for 1 reader, since it may be on its way"
            in planned
        )

    def test_status_names_settings_that_the_next_send_misses(
        self, issue: Path, run: Run, smtp: SmtpServer
    ) -> None:
        run(*FIRST)
        settings = issue / "briefing.toml"
        settings.write_text(
            settings.read_text()
            .replace('url = "https', '# url = "https')
            .replace("[smtp]", '[smtp]\nusername = "brief"')
        )
        status = run("status").stdout
        refused = run("send", "--via", "smtp", "--dry-run").stderr
        for words in ("readers couldn't unsubscribe", "BRIEFING_SMTP_PASSWORD"):
            assert status.count(words) == 1
            assert words in refused

    def test_status_without_the_ledger_refuses_as_send_does(
        self, issue: Path, run: Run, smtp: SmtpServer
    ) -> None:
        run(*FIRST)
        ledger = issue / ".briefing" / "ledger.sqlite"
        ledger.unlink()
        status = " ".join(run("status").stdout.split())
        assert not ledger.exists()
        reason = "issue 2020-10-09 was sent from another copy of this folder, or this"
        assert f"'briefing send' refuses: {reason}" in status
        assert "1 accepted by the server, according to sent.json" in status
        assert "Every reader" not in status
        assert reason in run("send", "--via", "smtp", "--dry-run").stderr
        found = json.loads(run("status", "--json").stdout)
        assert found["receipt"]["left"] == 2

    def test_status_with_an_older_ledger_refuses_as_send_does(
        self, issue: Path, run: Run, smtp: SmtpServer
    ) -> None:
        run(*FIRST)
        ledger = issue / ".briefing" / "ledger.sqlite"
        older = ledger.read_bytes()
        run(*unattended("smtp", 2))
        ledger.write_bytes(older)
        status = run("status").stdout
        assert "'briefing send' refuses: .briefing/ledger.sqlite" in status
        assert "more mail" not in status

    def test_status_says_how_many_mails_the_next_send_hands_over(
        self, issue: Path, run: Run, smtp: SmtpServer
    ) -> None:
        run("send", "--via", "smtp", "--test")
        run("send", "--via", "smtp", "--limit", "1", "--yes", "--expect", "1")
        settings = issue / "briefing.toml"
        settings.write_text(
            settings.read_text().replace("per_day = 0", "per_day = 2")
        )
        (issue / "subscribers.csv").write_text(
            (issue / "subscribers.csv").read_text("utf-8")
            + "new@example.org,,\n"
        )
        status = run("status").stdout
        assert "--via smtp' sends 1 more email.\n" in status
        assert (
            "'per_day' under [send] leaves 1 email for another day.\n" in status
        )
        assert "1 reader joined since the first emails were sent" in status

    def test_status_of_an_issue_whose_folder_is_gone_names_no_way_of_sending(
        self, issue: Path, run: Run, smtp: SmtpServer
    ) -> None:
        """Only its receipt knew how it was sent."""
        smtp.rules.append(
            Rule("rcpt", Reply(550, "unknown"), when="joren@example.com".__eq__)
        )
        run(*unattended("smtp", 3))
        shutil.rmtree(issue / "issues" / "2020-10-09")
        status = run("status").stdout
        assert "'briefing send' refuses:" in status
        assert "  'briefing send 2020-10-09 --retry-rejected'\n" in status

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

    def test_a_mail_server_cant_send_later_but_the_computer_can(
        self, run: Run, smtp: SmtpServer
    ) -> None:
        refused = run("send", "--via", "smtp", "--at", "23:59")
        assert (
            refused.exit_code,
            "systemd-run" in refused.stderr,
            "crontab" in refused.stderr,
        ) == (1, True, True)

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

    def test_only_removed_readers_with_the_tag_are_counted_each_once(
        self, issue: Path, run: Run, smtp: SmtpServer
    ) -> None:
        rows = "email,tags\na@example.net,board\nb@example.net,\n"
        rows += "c@example.net,board\nC@example.net,board\n"
        (issue / "subscribers.csv").write_text(rows, "utf-8")
        for left in ("b", "c"):
            run("subscribers", "remove", f"{left}@example.net")
        said = run("send", "--via", "smtp", "--tag", "board", "--dry-run")
        assert "1 reader with the tag 'board'" in said.stdout
        assert "without 1 more who unsubscribed" in said.stdout

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

    def test_without_a_key_the_message_says_where_to_put_it(
        self,
        run: Run,
        sendgrid: SendGridServer,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.delenv("SENDGRID_API_KEY")
        refused = run("send", "--via", "sendgrid", "--test")
        assert (refused.exit_code, "SENDGRID_API_KEY" in refused.stderr) == (
            1,
            True,
        )

    def test_too_many_requests_are_waited_for(
        self, run: Run, sendgrid: SendGridServer
    ) -> None:
        sendgrid.rules.append(SgRule(TooMany(reset_in=1), times=1))
        assert run(*unattended("sendgrid", 3)).exit_code == 0
        assert Counter(mail.address for mail in sendgrid.accepted) == EVERYONE


class TestLater:
    @pytest.fixture
    def at(self) -> str:
        return f"{dt.datetime.now().astimezone() + dt.timedelta(hours=5):%Y-%m-%d %H:%M}"

    def later(self, run: Run, at: str, *more: str) -> str:
        result = run(
            *unattended("sendgrid", 3),
            "--at",
            at,
            *more,
        )
        assert result.exit_code == 0, result.stderr
        return result.stdout

    def test_the_scheduled_time_is_shown_with_utc(
        self, run: Run, sendgrid: SendGridServer, at: str
    ) -> None:
        said = self.later(run, at)
        assert re.search(
            rf"At         {at} (?:UTC|\S+ \([\d: -]+UTC\))\n +'briefing recall' cancels it until 10 minutes",
            said,
        )
        assert (
            "3 emails accepted by the server; they go out at the scheduled time."
            in said
        )
        request, *_ = [
            request.json
            for request in sendgrid.requests
            if request.path == "/v3/mail/send"
        ]
        assert request["send_at"] == int(
            dt.datetime.fromisoformat(at).astimezone().timestamp()
        )
        assert request["batch_id"] in sendgrid.batches
        status = run("status").stdout
        assert f"Goes out at {at}" in status
        assert status.endswith(
            "Every reader's email is scheduled; there is nothing to do until then.\n"
        )
        assert "refuses" not in status

    def test_it_can_be_recalled_and_the_recall_repeated(
        self, issue: Path, run: Run, sendgrid: SendGridServer, at: str
    ) -> None:
        self.later(run, at)
        assert (issue / "issues" / "2020-10-09" / "sent.json").exists()
        first = run("recall")
        assert (
            first.stdout
            == "3 emails of issue 2020-10-09 recalled; no reader will get them.\n"
        ), first.stderr
        assert set(sendgrid.batches.values()) == {"cancel"}
        second = run("recall")
        assert (
            second.exit_code,
            "has already been recalled" in second.stdout,
        ) == (
            0,
            True,
        )
        assert (
            json.loads(run("status", "--json").stdout)["counts"][State.RECALLED]
            == 3
        )
        assert not (issue / "issues" / "2020-10-09" / "sent.json").exists()

    def test_a_recalled_issue_can_be_edited_and_sent(
        self, issue: Path, run: Run, sendgrid: SendGridServer, at: str
    ) -> None:
        self.later(run, at)
        run("recall")
        path = issue / "issues" / "2020-10-09" / "issue.md"
        path.write_text(
            path.read_text("utf-8").replace(
                "The court has ruled.", "The court ruled."
            ),
            "utf-8",
        )
        sent = run(*unattended("sendgrid", 3))
        assert sent.exit_code == 0, sent.stderr
        assert (
            json.loads(run("status", "--json").stdout)["counts"][State.ACCEPTED]
            == 3
        )

    def test_a_recalled_issue_can_be_edited_and_scheduled_again(
        self, issue: Path, run: Run, sendgrid: SendGridServer, at: str
    ) -> None:
        self.later(run, at)
        run("recall")
        path = issue / "issues" / "2020-10-09" / "issue.md"
        path.write_text(
            path.read_text("utf-8").replace(
                "The court has ruled.", "The court ruled."
            ),
            "utf-8",
        )
        self.later(run, at)
        assert list(sendgrid.batches.values()).count("cancel") == 1
        assert len(sendgrid.batches) == 2
        assert "3 emails of issue 2020-10-09 recalled" in run("recall").stdout

    def test_a_refused_send_schedules_nothing(
        self, issue: Path, run: Run, sendgrid: SendGridServer, at: str
    ) -> None:
        with send_lock.hold(Newsletter(issue)):
            busy = run(
                *unattended("sendgrid", 3),
                "--at",
                at,
            )
        assert (busy.exit_code, dict(sendgrid.batches)) == (75, {})
        assert run(*unattended("sendgrid", 3)).exit_code == 0

    def test_the_rest_of_a_schedule_needs_the_same_time(
        self, run: Run, sendgrid: SendGridServer, at: str
    ) -> None:
        run("send", "--via", "sendgrid", "--test")
        first = run(
            *unattended("sendgrid", 1),
            "--limit",
            "1",
            "--at",
            at,
        )
        assert first.exit_code == 0, first.stderr
        advice = f"'briefing send 2020-10-09 --via sendgrid --at \"{at}\"' sends 2 more emails."
        assert advice in first.stdout
        status = run("status").stdout
        assert advice in status
        assert "refuses" not in status
        now = run(*unattended("sendgrid", 2))
        assert (now.exit_code, f"is scheduled for {at}" in now.stderr) == (
            1,
            True,
        )
        rest = run(
            *unattended("sendgrid", 2),
            "--at",
            at,
        )
        assert rest.exit_code == 0, rest.stderr
        assert len(sendgrid.batches) == 1

    @pytest.mark.parametrize(
        ("at", "words"),
        [
            ("2020-10-09 08:00", "has passed"),
            ("tomorrow", "isn't a time; write '18:30' for today"),
            ("2020-10-09", "isn't a time"),
            pytest.param(
                IN_73_HOURS, "more than 72 hours ahead", id="in-73-hours"
            ),
        ],
    )
    def test_a_time_that_cannot_be_is_refused(
        self, run: Run, sendgrid: SendGridServer, at: str, words: str
    ) -> None:
        refused = run(
            *unattended("sendgrid", 3),
            "--at",
            at,
        )
        assert (
            refused.exit_code,
            words in refused.stderr,
            sendgrid.requests,
        ) == (
            1,
            True,
            [],
        )

    def test_an_unconfirmed_recall_fails_and_can_be_repeated(
        self, run: Run, sendgrid: SendGridServer, at: str
    ) -> None:
        self.later(run, at)
        sendgrid.rules.append(
            SgRule(Answer(500), path="/v3/user/scheduled_sends", times=2)
        )
        failed = run("recall")
        assert (failed.exit_code, failed.stderr.count("\n")) == (1, 1)
        assert (
            json.loads(run("status", "--json").stdout)["counts"][State.ACCEPTED]
            == 3
        )
        assert "3 emails of issue 2020-10-09 recalled" in run("recall").stdout

    def test_emails_sent_at_once_cannot_be_recalled(
        self, run: Run, sendgrid: SendGridServer
    ) -> None:
        assert "nothing has been sent yet" in run("recall").stderr
        run(*unattended("sendgrid", 3))
        assert (
            "emails that were sent immediately can't be recalled"
            in run("recall").stderr
        )


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
