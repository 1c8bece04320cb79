"""briefing setup: everything that a real send needs, asked for in one go."""

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from briefing.newsletter import Newsletter
from tests.cli.conftest import Run, sendable
from tests.cli.terminal import converse
from tests.sending.servers.sendgrid import SendGridServer
from tests.sending.servers.smtp import SmtpServer

PASSWORD = "correct horse"  # noqa: S105  # of the server in these tests
NO_KEYRING = {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}


@pytest.fixture(autouse=True)
def no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("BRIEFING_SMTP_PASSWORD", "SENDGRID_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("keyring.get_password", lambda _service, _user: None)


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    with SmtpServer(login=("me", PASSWORD)) as server:
        yield server
        assert server.violations == []
        assert server.mails == []


def provider_answers(
    server: SmtpServer, password: str = PASSWORD
) -> tuple[str, ...]:
    return ("127.0.0.1", str(server.port), "none", "me", password)


NEWSLETTER = (
    "Weekly Brief <weekly@rights.example.net>",
    "14 Quay Street",
    "",
    "leave@example.org",
    "me@example.org, you@example.net",
)


def test_it_asks_for_everything_tries_the_server_and_keeps_the_rest_of_the_file(
    weekly: Path, server: SmtpServer
) -> None:
    before = (weekly / "briefing.toml").read_text("utf-8")
    said, code = converse(
        weekly,
        ["setup"],
        answers=["smtp", *provider_answers(server), *NEWSLETTER],
        **NO_KEYRING,
    )
    assert code == 0, said
    assert "It can be reached, and accepts mail from you." in said
    assert "Everything is set up for a real send." in said
    settings = Newsletter(weekly).settings
    assert (settings.smtp.port, settings.smtp.username) == (server.port, "me")
    assert settings.send.test == ("me@example.org", "you@example.net")
    # 'briefing send' alone goes on to rehearse.
    assert settings.send.via == "outbox"
    comments = [line.partition("  # ")[2] for line in before.splitlines()]
    after = (weekly / "briefing.toml").read_text("utf-8")
    assert [
        line.partition("  # ")[2] for line in after.splitlines()
    ] == comments


def test_the_password_is_kept_in_a_private_file_and_nowhere_else(
    weekly: Path, server: SmtpServer
) -> None:
    converse(
        weekly,
        ["setup", "--via", "smtp"],
        answers=[*provider_answers(server), *NEWSLETTER],
        **NO_KEYRING,
    )
    kept = weekly / ".briefing" / "smtp-password"
    assert kept.read_text("utf-8") == f"{PASSWORD}\n"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert PASSWORD not in (weekly / "briefing.toml").read_text("utf-8")


def test_run_again_it_shows_what_is_set_and_asks_nothing(
    weekly: Path, server: SmtpServer
) -> None:
    typed = ["smtp", *provider_answers(server), *NEWSLETTER]
    converse(weekly, ["setup"], answers=typed, **NO_KEYRING)
    said, code = converse(weekly, ["setup"], [], **NO_KEYRING)
    assert code == 0
    assert "[smtp] host            127.0.0.1" in said
    assert "Everything is set up" in said
    assert PASSWORD not in said


def test_what_cannot_be_used_is_asked_for_again(
    weekly: Path, server: SmtpServer
) -> None:
    wrong = (
        "two words",
        "127.0.0.1",
        "many",
        str(server.port),
        "none",
        "",
        *NEWSLETTER,
    )
    said, code = converse(
        weekly, ["setup", "--via", "smtp"], answers=[*wrong], **NO_KEYRING
    )
    assert "'host' must be a host name, such as 'smtp.example.org'" in said
    assert "'port' must be a whole number" in said
    assert code == 0


def test_where_readers_unsubscribe_must_be_reachable_for_them(
    weekly: Path, server: SmtpServer
) -> None:
    """By the rule of the check, which would stop the first test."""
    name, postal, _, mailto, test = NEWSLETTER
    page = ("https://brief/u/{token}", "https://10.0.0.1/u/{token}", "")
    said, code = converse(
        weekly,
        ["setup", "--via", "smtp"],
        answers=[
            *provider_answers(server),
            *(name, postal, *page, "leave@mail.local", mailto, test),
        ],
        **NO_KEYRING,
    )
    said = " ".join(said.split())
    assert "'brief' has no dot, so it exists only in one private" in said
    assert "'10.0.0.1' is an IP address" in said
    assert "'mail.local' ends in 'local', which doesn't exist" in said
    assert code == 0
    assert Newsletter(weekly).settings.unsubscribe.mailto == mailto


def test_an_unreachable_page_in_the_file_is_missing(
    weekly: Path, run: Run
) -> None:
    settings = weekly / "briefing.toml"
    text = settings.read_text("utf-8")
    settings.write_text(
        text.replace('# url = "https://example.org', 'url = "https://brief'),
        "utf-8",
    )
    said = " ".join(run("setup", "--check").stdout.split())
    assert (
        "readers couldn't unsubscribe: in 'url' under [unsubscribe], 'brief' has no dot"
        in said
    )


def test_a_password_that_the_server_refuses_can_be_entered_again(
    weekly: Path, server: SmtpServer
) -> None:
    wrong = provider_answers(server, "wrong one")
    again = ("y", "", "", "", "", PASSWORD)  # Enter: as it is
    said, code = converse(
        weekly,
        ["setup", "--via", "smtp"],
        answers=[*wrong, *NEWSLETTER, *again],
        **NO_KEYRING,
    )
    assert "rejects the user name or password" in said
    assert code == 0
    assert "It can be reached" in said


def test_a_server_that_refuses_is_the_end_if_nothing_is_changed(
    weekly: Path, server: SmtpServer
) -> None:
    wrong = provider_answers(server, "wrong one")
    said, code = converse(
        weekly,
        ["setup", "--via", "smtp"],
        answers=[*wrong, *NEWSLETTER, "n"],
        **NO_KEYRING,
    )
    assert code == 1
    assert "Everything is set up" not in said


def test_a_password_that_others_can_read_is_asked_for_again_and_kept_privately(
    weekly: Path, server: SmtpServer
) -> None:
    kept = weekly / ".briefing" / "smtp-password"
    kept.parent.mkdir(mode=0o700)
    kept.write_text(PASSWORD, "utf-8")
    kept.chmod(0o644)
    said, code = converse(
        weekly,
        ["setup", "--via", "smtp"],
        answers=[*provider_answers(server), *NEWSLETTER],
        **NO_KEYRING,
    )
    assert code == 0
    assert "must be a plain file that only you can read" in said
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_a_password_in_the_environment_is_used_first_and_it_says_so(
    weekly: Path, server: SmtpServer
) -> None:
    typed = [*provider_answers(server, "another"), *NEWSLETTER]
    said, code = converse(
        weekly,
        ["setup", "--via", "smtp", "--again"],
        answers=typed,
        BRIEFING_SMTP_PASSWORD=PASSWORD,
        **NO_KEYRING,
    )
    assert code == 0
    assert "BRIEFING_SMTP_PASSWORD in the environment is used instead" in said


def test_an_api_is_tried_by_a_request_that_sends_nothing(
    weekly: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SENDGRID_API_KEY", "SG.good-key")
    with SendGridServer(key="SG.good-key") as server:
        settings = weekly / "briefing.toml"
        text = settings.read_text("utf-8")
        example = '# host = "http://127.0.0.1:8080"'
        settings.write_text(
            text.replace(example, f'host = "{server.url}"', 1), "utf-8"
        )
        said, code = converse(
            weekly, ["setup"], answers=["global", *NEWSLETTER], **NO_KEYRING
        )
        assert code == 0, said
        assert "It can be reached" in said
        assert server.violations == []


def test_a_server_elsewhere_after_one_on_this_computer_needs_encryption(
    weekly: Path, server: SmtpServer
) -> None:
    """It is asked for although it is set, and nothing else is; "none" again is refused."""
    settings = weekly / "briefing.toml"
    local = '[smtp]\nhost = "127.0.0.1"\nport = 25\nsecurity = "none"\nusername = ""\n'
    text = sendable(settings.read_text("utf-8")).replace("[smtp]\n", local)
    settings.write_text(text, "utf-8")
    typed = ["smtp", "smtp.example.invalid", "", "none", "starttls"]
    said, _ = converse(weekly, ["setup", "--again"], typed, **NO_KEYRING)
    assert 'can be "none" only for a server on this computer' in " ".join(
        said.split()
    )
    assert Newsletter(weekly).settings.smtp.security == "starttls"
    settings.write_text(
        text.replace("127.0.0.1", "smtp.example.invalid"), "utf-8"
    )
    said, _ = converse(weekly, ["setup"], ["tls"], **NO_KEYRING)
    assert "[smtp] host            smtp.example.invalid" in said
    assert Newsletter(weekly).settings.smtp.security == "tls"


def test_without_a_terminal_it_says_how_to_list_what_is_missing(
    weekly: Path, run: Run
) -> None:
    result = run("setup")
    assert (result.exit_code, "'briefing setup --check'" in result.stderr) == (
        1,
        True,
    )


def test_check_lists_what_is_missing_and_changes_nothing(
    weekly: Path, run: Run
) -> None:
    before = sorted(weekly.rglob("*"))
    result = run("setup", "--via", "smtp", "--check")
    assert result.exit_code == 1
    assert result.stdout == (
        "3 settings are missing for a real send:\n"
        "  'host' under [smtp] in briefing.toml is empty; set it to your provider's\n"
        "    server for sending mail\n"
        "  readers couldn't unsubscribe; set 'url' or 'mailto' under [unsubscribe] in\n"
        "    briefing.toml\n"
        "  no test address is set; add some to 'test' under [send] in briefing.toml, or\n"
        "    give one with --test-to\n"
        "'briefing setup' asks for everything that is missing.\n"
    )
    assert sorted(weekly.rglob("*")) == before


def test_a_send_lists_all_that_is_missing_before_it_looks_at_the_issue(
    issue: Path, run: Run
) -> None:
    (issue / "issues" / "2020-10-09" / "issue.md").write_text(
        "not an issue", "utf-8"
    )
    result = run("send", "--via", "smtp", "--yes", "--expect", "3")
    assert result.exit_code == 1
    for reason in (
        "'host' under [smtp] in briefing.toml is empty",
        "couldn't unsubscribe",
        "no test address",
    ):
        assert reason in result.stderr
    assert "not an issue" not in result.output


def test_a_check_says_what_is_missing_if_real_mail_is_the_default(
    issue: Path, run: Run
) -> None:
    assert "[smtp] host" not in run("check").stderr
    settings = issue / "briefing.toml"
    text = settings.read_text("utf-8").replace('via = "outbox"', 'via = "smtp"')
    settings.write_text(text, "utf-8")
    assert (
        "'host' under [smtp] in briefing.toml is empty" in run("check").stderr
    )


def test_the_end_of_the_input_stops_on_a_line_of_its_own(weekly: Path) -> None:
    said, code = converse(weekly, ["setup"], [], **NO_KEYRING)
    assert code == 130
    assert "\nbriefing: stopped\n" in said
