"""Mailboxes and emails of any size are read in a memory that doesn't grow with them."""

import tracemalloc
from pathlib import Path

import pytest

from briefing.mailbox import opening
from briefing.mailbox.base import LARGEST
from briefing.mailbox.position import Position
from tests.mailbox import dovecot
from tests.mailbox.conftest import Box, ImapBox, MaildirBox, MboxBox, mail

TEXT = "word " * 1_000


def deliver_many(box: Box, number: int) -> None:
    """Put emails into a mailbox faster than one by one."""
    mails = [mail(str(count), TEXT) for count in range(number)]
    if isinstance(box, ImapBox):
        # As a mail server that delivers to the same disk.
        new = box.server.maildir / f".{box.folder}" / "new"
        for count, data in enumerate(mails):
            (new / f"{1_764_000_000 + count}.M1P1.mx").write_bytes(data)
        return
    for data in mails:
        box.deliver(data)


def read_all(box: Box) -> tuple[int, Position, int]:
    """Return how many emails there are, the position after them, and the memory that it took."""
    tracemalloc.start()
    marks = []
    with opening.open_mailbox(
        box.address, dovecot.PASSWORD, Path(), proxy=""
    ) as mailbox:
        for each in mailbox.after(Position()):
            marks.append(each.mark)
        position = Position().advanced(mailbox.validity, marks)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return len(marks), position, peak


def check(box: Box, number: int) -> None:
    deliver_many(box, number)
    count, position, peak = read_all(box)
    assert count == number
    assert len(position.digests) == number
    # Some MB for what is read at once, and some hundred bytes for each email's name and digest.
    assert peak < 30_000_000 + 600 * number


def test_many_emails(box: Box) -> None:
    check(box, 500)


@pytest.mark.long
def test_a_hundred_thousand_emails(box: Box) -> None:
    check(box, 100_000)


@pytest.mark.long
def test_an_email_of_a_hundred_megabytes(box: Box) -> None:
    box.deliver(mail("large", "word " * 20_000_000))
    count, _, peak = read_all(box)
    assert count == 1
    assert peak < 5 * LARGEST


def test_a_file_without_lines(tmp_path: Path) -> None:
    for box in (MaildirBox(tmp_path / "a"), MboxBox(tmp_path / "b")):
        box.deliver(b"x" * 20_000_000)
        count, _, peak = read_all(box)
        assert count == 1
        assert peak < 5 * LARGEST
