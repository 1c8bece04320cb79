"""An email to the address for returned mail, from the same address: through a real mail server into a
real mailbox.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from briefing.checks.online.answers import (
    NetworkAnswers,
    ReturnOutcome,
    ReturnTest,
)
from briefing.checks.online.rules import returned_mail
from briefing.cli import check, cli
from briefing.newsletter import Newsletter
from briefing.syncing.mailbox import return_test
from tests.checks.online.test_unsubscribe_page import RECORDS
from tests.joining.conftest import MailServer, mail_server
from tests.mailbox.conftest import MaildirBox

__all__ = ["mail_server"]

BOUNCES = "bounces+{token}@example.org"


@dataclass
class Relay:
    """A mail server that delivers into a Maildir, and may change the sender of the envelope."""

    box: MaildirBox
    sender: str = "{own}"
    """What it takes for the sender; {own}: the one that it was given."""
    sent: list[str] = field(default_factory=list)

    async def handle_DATA(  # noqa: N802  # aiosmtpd's name
        self, _server: object, _session: object, envelope: Any
    ) -> str:
        self.sent.append(envelope.mail_from)
        path = self.sender.replace("{own}", envelope.mail_from)
        field = f"Return-Path: <{path}>\r\n" if path else ""
        self.box.deliver(field.encode() + envelope.content)
        return "250 ok"


@dataclass
class World:
    newsletter: Newsletter
    server: MailServer
    relay: Relay

    def test(self) -> ReturnTest:
        return return_test.carry_out(self.newsletter, lambda _seconds: None)


@pytest.fixture
def world(
    tmp_path: Path, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> World:
    relay = Relay(MaildirBox(tmp_path / "mail"))
    monkeypatch.setattr(mail_server, "handle_DATA", relay.handle_DATA)
    root = tmp_path / "home"
    root.mkdir()
    (root / "briefing.toml").write_text(
        f"""[newsletter]
name = "Weekly Brief"
from = "brief@example.org"
bounces = "{BOUNCES}"
[send]
via = "smtp"
[smtp]
host = "127.0.0.1"
port = {mail_server.port}
security = "none"
[mailbox]
leaving = "{relay.box.path}"
""",
        "utf-8",
    )
    return World(Newsletter(root), mail_server, relay)


def known(world: World) -> ReturnOutcome:
    found = return_test.known(Newsletter(world.newsletter.root))
    return found.outcome


def message(test: ReturnTest) -> str:
    answers = NetworkAnswers(
        {}, {}, RECORDS, Path("briefing.toml"), return_test=test
    )
    (problem,) = returned_mail.judge(answers)
    return problem.message


def test_an_email_that_arrives_from_its_own_address_proves_it(
    world: World,
) -> None:
    assert known(world) is ReturnOutcome.UNTESTED
    test = world.test()
    assert test == ReturnTest(BOUNCES, ReturnOutcome.PROVED)
    (sender,) = world.relay.sent
    assert sender.startswith("bounces+")
    # It is remembered, until something else must be proved.
    assert known(world) is ReturnOutcome.PROVED
    settings = world.newsletter.root / "briefing.toml"
    text = settings.read_text("utf-8")
    settings.write_text(text.replace("bounces+", "back+"), "utf-8")
    assert known(world) is ReturnOutcome.UNTESTED


def test_a_relay_that_replaces_the_sender_is_named(world: World) -> None:
    world.relay.sender = "prvs=17=bounces@relay.example.net"
    test = world.test()
    assert (test.outcome, test.detail) == (
        ReturnOutcome.REPLACED,
        "relay.example.net",
    )
    assert known(world) is ReturnOutcome.UNTESTED
    assert "arrived with another envelope sender, at relay" in message(test)


def test_a_mailbox_without_addresses_with_a_plus_is_named(
    world: World,
) -> None:
    world.server.refuse = lambda _to: "550 5.1.1 no such user"
    test = world.test()
    assert test.outcome is ReturnOutcome.REFUSED
    assert "rejects emails to bounces+{token}@example.org" in message(test)


def test_an_email_that_does_not_come_is_looked_for_and_then_said_so(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[float] = []
    monkeypatch.setattr(world.relay.box, "deliver", lambda _data: None)
    test = return_test.carry_out(world.newsletter, looked.append)
    assert test.outcome is ReturnOutcome.LATE
    assert sum(looked) == 60
    assert "check that this is the right mailbox" in message(test)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('via = "smtp"', 'via = "sendgrid"', "sendgrid uses an address"),
        ("leaving = ", "# ", "'leaving' under [mailbox]"),
        ('host = "127.0.0.1"', 'host = ""', "'host' under [smtp]"),
        ("/mail", "/elsewhere", "there is no such mailbox"),
    ],
)
def test_what_is_missing_is_said(
    world: World, old: str, new: str, words: str
) -> None:
    settings = world.newsletter.root / "briefing.toml"
    text = settings.read_text("utf-8")
    settings.write_text(text.replace(old, new), "utf-8")
    newsletter = Newsletter(world.newsletter.root)
    found = return_test.known(newsletter)
    if found.outcome is ReturnOutcome.UNTESTED:
        found = return_test.carry_out(newsletter)
    assert words in message(found)
    assert world.relay.sent == []


def test_a_newsletter_that_rehearses_unless_asked_can_be_tested(
    world: World,
) -> None:
    settings = world.newsletter.root / "briefing.toml"
    text = settings.read_text("utf-8")
    settings.write_text(text.replace('via = "smtp"', 'via = "outbox"'), "utf-8")
    newsletter = Newsletter(world.newsletter.root)
    assert return_test.known(newsletter).outcome is ReturnOutcome.UNTESTED


def test_the_command_sends_it_only_if_that_is_wished(world: World) -> None:
    found = check._run_return_test(
        world.newsletter, may_ask=False, is_wanted=False
    )
    assert found
    assert found.outcome is ReturnOutcome.UNTESTED
    assert world.relay.sent == []
    found = check._run_return_test(
        world.newsletter, may_ask=False, is_wanted=True
    )
    assert found
    assert found.outcome is ReturnOutcome.PROVED
    assert len(world.relay.sent) == 1
    result = CliRunner().invoke(cli, ["check", "--test-mail"])
    assert "--test-mail needs --online" in result.output


def test_without_a_token_there_is_nothing_to_prove(world: World) -> None:
    settings = world.newsletter.root / "briefing.toml"
    text = settings.read_text("utf-8").replace("+{token}", "")
    settings.write_text(text, "utf-8")
    newsletter = Newsletter(world.newsletter.root)
    assert (
        check._run_return_test(newsletter, may_ask=False, is_wanted=True)
        is None
    )
    assert world.relay.sent == []


def test_every_outcome_but_success_has_its_words() -> None:
    for outcome in ReturnOutcome:
        if outcome is not ReturnOutcome.PROVED:
            assert BOUNCES in message(ReturnTest(BOUNCES, outcome))
