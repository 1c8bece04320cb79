"""Emails go out in turn; a mail server that is away holds up no page and loses no email."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from briefing.errors import TransportError
from briefing.joining import mailer as module
from briefing.joining.mailer import (
    Mailer,
    SmtpConnection,
)
from briefing.newsletter import Newsletter
from tests.joining.conftest import MailServer, make_folder
from tests.listening import listening

SAFETY_NET = 60


class Mailbox(SmtpConnection):
    """A connection that notes what it gets."""

    def __init__(self, answer: Callable[[str, int], bool]) -> None:
        self.answer = answer
        self.tried: list[str] = []
        self.opened = self.closed = 0
        self.reported: list[str] = []
        self.changed = threading.Condition()

    def connect(self) -> "Mailbox":
        self.opened += 1
        return self

    def deliver(self, address: str, _data: bytes) -> bool:
        with self.changed:
            self.tried.append(address)
            self.changed.notify_all()
        return self.answer(address, self.tried.count(address))

    def close(self) -> None:
        self.closed += 1

    def wait(self, *tried: str) -> None:
        """Wait until these were tried, in this order."""
        with self.changed:
            assert self.changed.wait_for(
                lambda: len(self.tried) >= len(tried), SAFETY_NET
            )
        assert self.tried == [*tried]


@contextmanager
def mailing(mailbox: Mailbox) -> Iterator[Mailer]:
    mailer = Mailer(mailbox.connect, mailbox.reported.append)
    try:
        yield mailer
    finally:
        mailer.close()


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PAUSE", "RETRY_AFTER", "MOMENT"):
        monkeypatch.setattr(module, name, 0.01)


def test_they_share_a_connection() -> None:
    mailbox = Mailbox(lambda _address, _attempt: True)
    with mailing(mailbox) as mailer:
        for name in "abc":
            mailer.put(name, b"mail")
        mailbox.wait("a", "b", "c")
    assert mailbox.closed == mailbox.opened


def test_one_that_is_refused_for_now_is_tried_again_after_others() -> None:
    both_wait = threading.Event()

    def answer(address: str, attempt: int) -> bool:
        both_wait.wait()
        return address == "b" or attempt == 3

    mailbox = Mailbox(answer)
    with mailing(mailbox) as mailer:
        mailer.put("a", b"mail")
        mailer.put("b", b"mail")
        both_wait.set()
        mailbox.wait("a", "b", "a", "a")


def test_while_the_server_is_away_they_wait_and_that_is_said_once() -> None:
    def answer(_address: str, attempt: int) -> bool:
        if attempt < 4:
            raise TransportError("mail.example.org: can't be reached")
        return True

    mailbox = Mailbox(answer)
    with mailing(mailbox) as mailer:
        mailer.put("a", b"mail")
        mailbox.wait("a", "a", "a", "a")
    assert mailbox.reported == ["mail.example.org: can't be reached"]
    assert mailbox.opened == 4


def test_in_the_end_they_are_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "GIVE_UP_AFTER", 0)
    mailbox = Mailbox(lambda _address, _attempt: False)
    with mailing(mailbox) as mailer:
        for name in "abc":
            mailer.put(name, b"mail")
        mailbox.wait("a", "b", "c")


@pytest.fixture
def connection(
    tmp_path: Path, mail_server: MailServer
) -> Iterator[SmtpConnection]:
    newsletter = Newsletter(make_folder(tmp_path, mail_server.port))
    connection = SmtpConnection(newsletter.settings, "")
    yield connection
    connection.close()


DATA = b"Subject: x\r\n\r\ntext\r\n"


def test_emails_go_out_one_after_the_other(
    connection: SmtpConnection, mail_server: MailServer
) -> None:
    for name in ("a@example.org", "b@example.org"):
        assert connection.deliver(name, DATA)
    assert mail_server.wait(2) == [
        ("a@example.org", DATA),
        ("b@example.org", DATA),
    ]


@pytest.mark.parametrize(
    ("answer", "is_done"),
    [
        ("550 5.1.1 unknown", True),
        ("450 4.7.1 greylisted", False),
    ],
)
def test_a_refusal_is_about_one_address(
    connection: SmtpConnection,
    mail_server: MailServer,
    answer: str,
    is_done: bool,
) -> None:
    mail_server.refuse = lambda address: answer if address[0] == "a" else ""
    assert connection.deliver("a@example.org", DATA) is is_done
    assert connection.deliver("b@example.org", DATA)


def test_an_address_beyond_ascii_needs_a_server_that_knows_them(
    connection: SmtpConnection, mail_server: MailServer
) -> None:
    assert connection.deliver("søren@example.org", DATA)
    assert mail_server.mails[0][0] == "søren@example.org"


def test_a_server_that_ends_the_connection_is_tried_again(
    connection: SmtpConnection, mail_server: MailServer
) -> None:
    mail_server.refuse = lambda _address: "421 4.3.2 going down"
    with pytest.raises(TransportError, match="accepting email at the moment"):
        connection.deliver("a@example.org", DATA)


def test_a_server_that_isnt_there_is_named(tmp_path: Path) -> None:
    with listening(lambda _connection: None) as port:
        newsletter = Newsletter(make_folder(tmp_path, port))
    with pytest.raises(TransportError, match=r"127\.0\.0\.1"):
        SmtpConnection(newsletter.settings, "")
