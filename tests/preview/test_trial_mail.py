"""A test email from the page: by the transport of a real send, to editors only."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from briefing.errors import RefusedError
from briefing.newsletter import Newsletter
from briefing.preview import trial_mail
from briefing.preview.trial_mail import NO_ADDRESS
from tests import wire
from tests.sending.servers.smtp import Reply, Rule, SmtpServer

MISSING_PROVIDER = "no provider is chosen; set 'via' under [send] in briefing.toml, for example to \"smtp\""


@pytest.fixture
def server(newsletter: Newsletter) -> Iterator[SmtpServer]:
    """A mail server, and the newsletter set up for it."""
    with SmtpServer() as server:
        add_settings(newsletter, server_of(server))
        yield server
        assert server.violations == []


def server_of(server: SmtpServer) -> str:
    """Return the settings for a mail server."""
    return (
        f'[smtp]\nhost = "127.0.0.1"\nport = {server.port}\nsecurity = "none"\n'
        '[send]\nvia = "smtp"\ntest = ["editor@example.org"]\n'
    )


def add_settings(newsletter: Newsletter, text: str) -> None:
    path = newsletter.root / "briefing.toml"
    path.write_text(f"{path.read_text('utf-8')}\n{text}", "utf-8")


def recipients(server: SmtpServer) -> list[str]:
    return sorted(mail.recipient for mail in server.mails)


def test_each_edition_goes_to_the_addresses_in_the_settings(
    newsletter: Newsletter, folder: Path, server: SmtpServer
) -> None:
    result = trial_mail.send(Newsletter(newsletter.root), folder)
    assert result == trial_mail.TrialMail(accepted=2)
    assert result.summary == "2 emails accepted by the server"
    assert recipients(server) == ["editor@example.org"] * 2
    for mail in server.mails:
        assert wire.parsed(mail.data)["Subject"].startswith("[Test]")


def test_a_typed_address_goes_before_them_and_is_not_kept(
    newsletter: Newsletter, folder: Path, server: SmtpServer
) -> None:
    trial_mail.send(
        Newsletter(newsletter.root), folder, ["colleague@example.org"]
    )
    assert recipients(server) == ["colleague@example.org"] * 2
    for path in newsletter.root.rglob("*"):
        if path.is_file():
            assert b"colleague@" not in path.read_bytes(), path


def test_everything_that_is_missing_is_one_list(
    newsletter: Newsletter, folder: Path
) -> None:
    expected = (MISSING_PROVIDER, NO_ADDRESS)
    assert tuple(trial_mail.missing(newsletter)) == expected
    assert trial_mail.send(newsletter, folder).problems == expected


def test_errors_in_the_issue_come_before_any_email(
    newsletter: Newsletter, folder: Path, server: SmtpServer
) -> None:
    path = folder / "issue.md"
    path.write_text(
        path.read_text("utf-8").replace("https://", "javascript:"), "utf-8"
    )
    result = trial_mail.send(Newsletter(newsletter.root), folder)
    assert result.problems
    assert server.mails == []


def test_what_the_server_says_about_a_refused_email_is_shown(
    newsletter: Newsletter, folder: Path, server: SmtpServer
) -> None:
    server.rules.append(Rule("rcpt", Reply(550, "5.1.1 no such user"), times=1))
    result = trial_mail.send(Newsletter(newsletter.root), folder)
    assert result.accepted == 1
    assert result.problems[0].startswith("editor@example.org: ")


def test_something_typed_that_is_not_an_address_is_refused(
    newsletter: Newsletter, folder: Path, server: SmtpServer
) -> None:
    with pytest.raises(RefusedError, match="test address 1"):
        trial_mail.send(Newsletter(newsletter.root), folder, ["colleague"])
    assert server.mails == []


def test_the_list_of_subscribers_is_never_read(
    newsletter: Newsletter, folder: Path, server: SmtpServer
) -> None:
    # Reading a folder as a list would fail.
    newsletter.subscribers.mkdir()
    assert trial_mail.send(Newsletter(newsletter.root), folder).accepted == 2
