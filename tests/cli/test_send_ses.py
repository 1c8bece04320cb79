"""briefing send through Amazon SES: a test, a first part, the rest, and what is refused."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.cli.test_send_real import EVERYONE, configure
from tests.sending.servers.http_rules import NoAnswer
from tests.sending.servers.ses import SesRule, SesServer, error

KEY_ID = "AKIDCANARY"
SECRET = "canary-secret"  # noqa: S105  # of our own server
SEND = ("send", "--via", "ses", "--untested", "--yes")


@pytest.fixture
def ses(issue: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SesServer]:
    """SES, and the newsletter set up for it."""
    monkeypatch.setenv("BRIEFING_SES_ACCESS_KEY_ID", KEY_ID)
    monkeypatch.setenv("BRIEFING_SES_SECRET_ACCESS_KEY", SECRET)
    with SesServer(key_id=KEY_ID, secret=SECRET) as server:
        configure(
            issue, f'[ses]\nregion = "{server.region}"\nhost = "{server.url}"\n'
        )
        yield server
        assert server.violations == []


def sent_to(server: SesServer) -> Counter[str]:
    return Counter(accepted.address for accepted in server.accepted)


def test_a_test_then_the_send(run: Run, ses: SesServer) -> None:
    tested = run("send", "--via", "ses", "--test")
    assert "a test with ses: en" in tested.stdout, tested.stderr
    sent = run("send", "--via", "ses", "--yes", "--expect", "3")
    assert sent.exit_code == 0, sent.stderr
    assert (
        "Through    Amazon SES (eu-west-1), from weekly@example.org"
        in sent.stdout
    )
    assert "3 emails accepted by the server." in sent.stdout
    assert sent_to(ses) == EVERYONE + Counter(["me@example.org"])


def test_a_first_part_then_the_rest(run: Run, ses: SesServer) -> None:
    assert (
        "1 email accepted" in run(*SEND, "--expect", "1", "--limit", "1").stdout
    )
    assert "2 emails accepted" in run(*SEND, "--expect", "2").stdout
    assert sent_to(ses) == EVERYONE


def test_a_send_that_was_stopped_goes_on_with_the_same_command(
    run: Run, ses: SesServer
) -> None:
    ses.rules.append(
        SesRule(error(400, "SendingPausedException", "paused"), nth=2)
    )
    ses.rules.append(
        SesRule(error(400, "SendingPausedException", "paused"), nth=3)
    )
    stopped = run(*SEND, "--expect", "3")
    assert (
        stopped.exit_code,
        "Amazon SES has paused this account" in stopped.stderr,
    ) == (1, True)
    left = 3 - len(ses.accepted)
    ses.rules.clear()
    assert run(*SEND, "--expect", str(left)).exit_code == 0
    assert sent_to(ses) == EVERYONE


def test_an_email_that_may_have_been_sent_is_not_sent_again(
    run: Run, ses: SesServer, issue: Path
) -> None:
    settings = issue / "briefing.toml"
    settings.write_text(
        settings.read_text("utf-8").replace(
            "[ses]\n", "[ses]\nconnections = 1\n"
        ),
        "utf-8",
    )
    ses.rules.append(SesRule(NoAnswer(0, accepted=True), times=1))
    first = run(*SEND, "--expect", "3")
    assert (first.exit_code, "1 email" in first.stdout) == (1, True), (
        first.output
    )
    assert "--resend-uncertain" in first.stdout
    run(*SEND, "--expect", "0")
    assert sent_to(ses) == EVERYONE


def test_it_cannot_send_later(run: Run, ses: SesServer) -> None:
    refused = run(*SEND, "--expect", "3", "--at", "2099-11-27 08:00")
    assert refused.exit_code == 1
    assert "Amazon SES" in refused.stderr
    assert "--via ses" in refused.stderr
    assert ses.received == 0


def test_a_wrong_key_is_one_line(
    run: Run, ses: SesServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BRIEFING_SES_SECRET_ACCESS_KEY", "canary-another")
    refused = run(*SEND, "--expect", "3")
    assert refused.exit_code == 1
    assert refused.stderr.count("\n") == 1
    assert "Amazon SES doesn't accept the access key" in refused.stderr
    assert "canary" not in refused.output
    assert ses.accepted == []


@pytest.mark.parametrize(
    "missing", ["BRIEFING_SES_ACCESS_KEY_ID", "BRIEFING_SES_SECRET_ACCESS_KEY"]
)
def test_without_a_key_it_says_where_to_put_it(
    run: Run, ses: SesServer, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    monkeypatch.delenv(missing)
    refused = run(*SEND, "--expect", "3")
    assert (refused.exit_code, missing in refused.stderr) == (1, True)
    assert ses.received == 0


def test_the_keys_can_be_in_files(
    run: Run, ses: SesServer, issue: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable, name, secret in (
        ("BRIEFING_SES_ACCESS_KEY_ID", "ses-access-key-id", KEY_ID),
        ("BRIEFING_SES_SECRET_ACCESS_KEY", "ses-secret-access-key", SECRET),
    ):
        monkeypatch.delenv(variable)
        path = issue / ".briefing" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"{secret}\n", "utf-8")
        path.chmod(0o600)
    assert run(*SEND, "--expect", "3").exit_code == 0
    assert sent_to(ses) == EVERYONE
