"""Emails go out in turn; a mail server that is away holds up no page and loses no email."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from briefing.errors import TransportError
from briefing.joining import mailer as module
from briefing.joining.mailer import HandOver, Mailer, OutgoingMail

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
