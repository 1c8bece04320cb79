"""The contract of every transport, and what is special to the outbox."""

import stat
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from briefing.configuration.settings import (
    SendGridSettings,
    SmtpSettings,
)
from briefing.errors import BriefingError
from briefing.keys import Key
from briefing.mail.message import Envelope, Message
from briefing.mail.unsubscribe import make_unsubscribe_links
from briefing.newsletter import Newsletter
from briefing.sending.ledger.schema import State
from briefing.sending.transports import registry
from briefing.sending.transports.base import Batch, Mail, Outcome, Transport
from briefing.sending.transports.outbox import Outbox
from briefing.sending.transports.sendgrid import SendGrid
from briefing.sending.transports.smtp import Smtp
from briefing.sending.trial import SingleRun
from briefing.subscribers.suppression import token_of
from tests import wire
from tests.sending.conftest import ISSUE_ID, NOW, plan_of, rehearsed
from tests.sending.servers import sendgrid
from tests.sending.servers.sendgrid import SendGridServer
from tests.sending.servers.smtp import SmtpServer

READERS = [
    Envelope(
        f"r{n}@example.org",
        f"r{n}@example.org",
        {"name": name},
        sender="brief@example.org",
    )
    for n, name in enumerate(
        [
            "Reader One",
            "",
            "<b>Ann & Bo</b>",
            "ئايگۈل",
            '.dot "quote"',
            "-name- {{name}} =slot-0=",
        ]
    )
]


@dataclass(frozen=True)
class Arrived:
    """An email as its reader's server got it, however it was carried there."""

    address: str
    text: str
    html: str
    headers: dict[str, str]


@pytest.fixture
def message(sendable: Newsletter, key: Key) -> Message:
    return Message(
        plan_of(sendable).mailing.editions["en"],
        sendable.settings,
        key,
        NOW.timestamp,
    )


def hand_over(
    transport: Transport, message: Message, envelopes: list[Envelope]
) -> list[Outcome]:
    """Send emails through a transport without a ledger; what became of them."""
    mails = [
        Mail(envelope.address.encode(), envelope) for envelope in envelopes
    ]
    size = transport.batch
    queue = SingleRun(
        [
            Batch(message, mails[start : start + size])
            for start in range(0, len(mails), size)
        ]
    )
    transport.open()
    try:
        transport.deliver(queue)
    finally:
        transport.close()
    return queue.outcomes


def from_bytes(address: str, mail: bytes) -> Arrived:
    wire.check(mail, to=address, headers=wire.HEADERS - {"Reply-To"})
    headers = {name: str(value) for name, value in wire.parsed(mail).items()}
    return Arrived(
        address, wire.part(mail, "plain"), wire.part(mail, "html"), headers
    )


class TransportContract:
    """What each transport keeps; a subclass says how one is made and where its emails arrive."""

    transport: Transport

    def arrived(self) -> list[Arrived]:
        raise NotImplementedError

    def test_each_reader_gets_one_whole_email_of_their_own(
        self, message: Message
    ) -> None:
        outcomes = hand_over(self.transport, message, READERS)
        addresses = Counter(reader.address for reader in READERS)
        assert (
            Counter(outcome.mail.envelope.address for outcome in outcomes)
            == addresses
        )
        assert {outcome.state for outcome in outcomes} == {State.ACCEPTED}
        assert Counter(mail.address for mail in self.arrived()) == addresses

    def test_a_readers_name_arrives_unchanged(self, message: Message) -> None:
        hand_over(self.transport, message, READERS)
        mails = {mail.address: mail for mail in self.arrived()}
        for reader in READERS:
            name = reader.columns["name"] or "reader"
            assert f"Dear {name}," in mails[reader.address].text
            escaped = (
                name.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace('"', "&quot;")
            )
            assert f"Dear {escaped}," in mails[reader.address].html

    def test_no_readers_address_or_token_is_in_anothers_email(
        self, message: Message, sendable: Newsletter, key: Key
    ) -> None:
        hand_over(self.transport, message, READERS)
        for mail in self.arrived():
            contents = f"{mail.text}{mail.html}{mail.headers}"
            for reader in READERS:
                token = make_unsubscribe_links(
                    sendable.settings.unsubscribe,
                    token_of(key, reader.identity),
                ).url
                assert (token in contents) == (reader.address == mail.address)
                assert (
                    reader.address == mail.address
                    or reader.address not in contents
                )

    def test_each_email_can_be_unsubscribed_with_one_click(
        self, message: Message, sendable: Newsletter, key: Key
    ) -> None:
        hand_over(self.transport, message, READERS)
        for mail in self.arrived():
            leave = make_unsubscribe_links(
                sendable.settings.unsubscribe, token_of(key, mail.address)
            )
            assert mail.headers["List-Unsubscribe"].split() == [
                f"<{leave.url}>,",
                f"<{leave.mailto}>",
            ]
            assert (
                mail.headers["List-Unsubscribe-Post"]
                == "List-Unsubscribe=One-Click"
            )
            assert (
                mail.headers["Message-ID"]
                == f"<{message.message_id(mail.address)}>"
            )

    def test_an_email_sent_again_is_the_same(self, message: Message) -> None:
        hand_over(self.transport, message, READERS)
        first = {mail.address: mail for mail in self.arrived()}
        hand_over(self.transport, message, READERS)
        for mail in self.arrived():
            assert mail == first[mail.address]

    def test_without_readers_there_are_no_emails(
        self, message: Message
    ) -> None:
        assert hand_over(self.transport, message, []) == []
        assert self.arrived() == []


def test_every_transport_keeps_the_contract() -> None:
    tested = {kind.__name__ for kind in TransportContract.__subclasses__()}
    for name in registry.NAMES:
        classes = [kind for kind in tested if kind.lower() == f"test{name}"]
        assert classes, (
            f"no Test{name.capitalize()}(TransportContract) in this file"
        )


class TestSmtp(TransportContract):
    @pytest.fixture(
        autouse=True, params=[True, False], ids=["pipelined", "lock-step"]
    )
    def _server(
        self, sendable: Newsletter, request: pytest.FixtureRequest
    ) -> Iterator[None]:
        with SmtpServer(pipelining=request.param) as self.server:
            smtp = SmtpSettings(
                host="127.0.0.1", port=self.server.port, security="none"
            )
            self.transport = Smtp(
                replace(sendable.settings, smtp=smtp), "", timeout=60
            )
            yield
            assert self.server.violations == []

    def arrived(self) -> list[Arrived]:
        return [
            from_bytes(mail.recipient, mail.data) for mail in self.server.mails
        ]


class TestSendGrid(TransportContract):
    @pytest.fixture(autouse=True)
    def _server(self, sendable: Newsletter, key: Key) -> Iterator[None]:
        with SendGridServer() as self.server:
            settings = replace(
                sendable.settings,
                sendgrid=SendGridSettings(host=self.server.url),
            )
            self.transport = SendGrid(settings, key, "SG.key", timeout=60)
            yield
            assert self.server.violations == []

    def arrived(self) -> list[Arrived]:
        mails: list[Any] = [
            (accepted.address, sendgrid.rendered(accepted))
            for accepted in self.server.accepted
        ]
        return [
            Arrived(address, mail["text"], mail["html"], mail["headers"])
            for address, mail in mails
        ]


class TestOutbox(TransportContract):
    @pytest.fixture(autouse=True)
    def _outbox(self, sendable: Newsletter) -> None:
        self.newsletter = sendable
        self.transport = Outbox(sendable, ISSUE_ID, len(READERS))

    def arrived(self) -> list[Arrived]:
        mails = [path.read_bytes() for path in rehearsed(self.newsletter)]
        return [
            from_bytes(wire.parsed(mail)["To"].addresses[0].addr_spec, mail)
            for mail in mails
        ]

    def test_each_email_is_a_private_file_named_by_its_number_and_language(
        self, message: Message
    ) -> None:
        hand_over(self.transport, message, READERS)
        files = rehearsed(self.newsletter)
        names = [path.name for path in files]
        assert names == [f"{n:03}-en.eml" for n in range(1, len(READERS) + 1)]
        assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
        for folder in (files[0].parent, self.newsletter.rehearsals):
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700

    def test_the_longest_number_decides_how_many_digits_there_are(
        self, message: Message
    ) -> None:
        hand_over(Outbox(self.newsletter, ISSUE_ID, 12_000), message, READERS)
        assert rehearsed(self.newsletter)[0].name == "00001-en.eml"

    def test_a_rehearsal_that_cannot_be_written_is_one_clear_line(
        self, message: Message
    ) -> None:
        self.transport.open()
        (self.newsletter.rehearsals / ISSUE_ID).rmdir()
        mails = [Mail(b"", READERS[0])]
        with pytest.raises(
            BriefingError,
            match="can't be written: No such file or directory; run the same command",
        ):
            self.transport.deliver(SingleRun([Batch(message, mails)]))

    def test_a_link_in_the_place_of_an_email_is_not_followed(
        self, message: Message, tmp_path: Path
    ) -> None:
        self.transport.open()
        link = self.newsletter.rehearsals / ISSUE_ID / "001-en.eml"
        link.symlink_to(tmp_path / "victim")
        mails = [Mail(b"", READERS[0])]
        with pytest.raises(BriefingError, match="File exists"):
            self.transport.deliver(SingleRun([Batch(message, mails)]))
        assert not (tmp_path / "victim").exists()
