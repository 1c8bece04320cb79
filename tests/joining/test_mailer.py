"""Emails go out in turn; a mail server that is away holds up no page and loses no email."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from briefing.errors import TransportError
from briefing.joining import mailer as module
from briefing.joining.mailer import (
    HandOver,
    Mailer,
    OutgoingMail,
    SmtpConnection,
)
from briefing.newsletter import Newsletter
from tests.joining.conftest import MailServer, make_folder
from tests.listening import listening

SAFETY_NET = 60


class Mailbox:
    """A connection that notes what it gets."""

    def __init__(self, answer: Callable[[str, int], HandOver]) -> None:
        self.answer = answer
        self.tried: list[str] = []
        self.opened = self.closed = 0
        self.counted: list[HandOver] = []
        self.reported: list[str] = []
        self.changed = threading.Condition()

    def connect(self) -> "Mailbox":
        self.opened += 1
        return self

    def deliver(self, address: str, data: bytes) -> HandOver:
        self.tried.append(address)
        return self.answer(address, self.tried.count(address))

    def close(self) -> None:
        self.closed += 1

    def count(self, outcome: HandOver) -> None:
        with self.changed:
            self.counted.append(outcome)
            self.changed.notify_all()

    def wait(self, count: int) -> list[HandOver]:
        with self.changed:
            assert self.changed.wait_for(
                lambda: len(self.counted) >= count, SAFETY_NET
            )
        return self.counted


@contextmanager
def mailing(mailbox: Mailbox) -> Iterator[Mailer]:
    mailer = Mailer(mailbox.connect, mailbox.reported.append, mailbox.count)
    try:
        yield mailer
    finally:
        mailer.close()


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PAUSE", "RETRY_AFTER", "MOMENT"):
        monkeypatch.setattr(module, name, 0.01)


def mail(address: str) -> OutgoingMail:
    return OutgoingMail(address, b"mail")


def test_they_share_a_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    mailbox = Mailbox(lambda _address, _attempt: HandOver.MAILED)
    with mailing(mailbox) as mailer:
        for name in "abc":
            assert mailer.put(mail(name))
        assert mailbox.wait(3) == [HandOver.MAILED] * 3
    assert sorted(mailbox.tried) == ["a", "b", "c"]
    assert (mailbox.opened, mailbox.closed) == (1, 1)


def test_one_that_is_refused_for_now_is_tried_again_after_others() -> None:
    def answer(address: str, attempt: int) -> HandOver:
        grey = address == "grey" and attempt < 3
        return HandOver.LATER if grey else HandOver.MAILED

    mailbox = Mailbox(answer)
    with mailing(mailbox) as mailer:
        mailer.put(mail("grey"))
        mailer.put(mail("other"))
        mailbox.wait(2)
    assert mailbox.tried.count("grey") == 3
    assert mailbox.tried.index("other") < len(mailbox.tried) - 1


def test_while_the_server_is_away_they_wait_and_that_is_said_once() -> None:
    def answer(_address: str, attempt: int) -> HandOver:
        if attempt < 4:
            raise TransportError("mail.example.org: can't be reached")
        return HandOver.MAILED

    mailbox = Mailbox(answer)
    with mailing(mailbox) as mailer:
        mailer.put(mail("a"))
        assert mailbox.wait(1) == [HandOver.MAILED]
    assert mailbox.reported == ["mail.example.org: can't be reached"]
    assert mailbox.opened == 4


def test_in_the_end_they_are_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "GIVE_UP_AFTER", 0)
    mailbox = Mailbox(lambda _address, _attempt: HandOver.LATER)
    with mailing(mailbox) as mailer:
        mailer.put(mail("a"))
        assert mailbox.wait(1) == [HandOver.REFUSED]


def test_only_so_many_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_WAITING", 3)
    go_on = threading.Event()
    mailbox = Mailbox(lambda _address, _attempt: _after(go_on))
    with mailing(mailbox) as mailer:
        taken = [mailer.put(mail(str(number))) for number in range(6)]
        go_on.set()
        # An email may already be on its way.
        assert taken.count(True) in {3, 4}


def _after(event: threading.Event) -> HandOver:
    event.wait()
    return HandOver.MAILED


def test_nothing_that_is_shown_names_an_address() -> None:
    assert "example" not in repr(mail("a@example.org"))


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
        assert connection.deliver(name, DATA) is HandOver.MAILED
    assert mail_server.wait(2) == [
        ("a@example.org", DATA),
        ("b@example.org", DATA),
    ]


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ("550 5.1.1 unknown", HandOver.REFUSED),
        ("450 4.7.1 greylisted", HandOver.LATER),
    ],
)
def test_a_refusal_is_about_one_address(
    connection: SmtpConnection,
    mail_server: MailServer,
    answer: str,
    outcome: HandOver,
) -> None:
    mail_server.refuse = lambda address: answer if address[0] == "a" else ""
    assert connection.deliver("a@example.org", DATA) is outcome
    assert connection.deliver("b@example.org", DATA) is HandOver.MAILED


def test_an_address_beyond_ascii_needs_a_server_that_knows_them(
    connection: SmtpConnection, mail_server: MailServer
) -> None:
    assert connection.deliver("søren@example.org", DATA) is HandOver.MAILED
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
