"""An mbox, beside the programs that add to it."""

import errno
import fcntl
import subprocess
import sys
from pathlib import Path

import pytest

from briefing.errors import MailboxError
from briefing.mailbox.headers import Header
from briefing.mailbox.mbox import Mbox
from briefing.mailbox.position import Position
from tests.mailbox.conftest import MboxBox, mail, read


@pytest.fixture
def box(tmp_path: Path) -> MboxBox:
    return MboxBox(tmp_path / "mail")


def test_only_a_line_below_an_empty_one_begins_an_email(box: MboxBox) -> None:
    box.deliver(mail("one", "Words\r\n\r\nFrom the harbour"))
    data = box.path.read_bytes()
    box.path.write_bytes(data.replace(b"Words", b"Words\nFrom here"))
    (found,) = read(box)
    assert b"Words\nFrom here\n\n>From the harbour" in found.data


def test_a_long_line_isnt_taken_for_the_beginning_of_an_email(
    box: MboxBox,
) -> None:
    box.deliver(mail("one", " " * 65_536 + "From here"))
    assert len(read(box)) == 1


def test_emails_that_arrive_meanwhile_wait(box: MboxBox) -> None:
    box.deliver(mail("one"))
    mailbox = Mbox(box.path, "mail")
    box.deliver(mail("two"))
    subjects = [
        Header.of(each.data).subject for each in mailbox.after(Position())
    ]
    mailbox.close()
    assert subjects == ["one"]


def test_a_file_that_gets_shorter_meanwhile(box: MboxBox) -> None:
    box.deliver(mail("one"))
    mailbox = Mbox(box.path, "mail")
    box.path.write_bytes(b"")
    with pytest.raises(MailboxError, match="changed by another program"):
        list(mailbox.after(Position()))
    mailbox.close()


def test_while_a_program_writes_the_file_isnt_read(box: MboxBox) -> None:
    box.deliver(mail("one"))
    lock = (
        "import fcntl, sys; file = open(sys.argv[1], 'ab'); fcntl.lockf(file, fcntl.LOCK_EX); "
        "print('locked', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", lock, box.path],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as writer:
        assert writer.stdout
        writer.stdout.readline()
        with pytest.raises(MailboxError, match="is writing to it; try again"):
            Mbox(box.path, "mail")
        writer.communicate()
    assert len(read(box)) == 1


def test_a_file_that_cant_be_locked_isnt_read(
    box: MboxBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "lockf", refuse)
    with pytest.raises(MailboxError, match=r"can't be locked \(No locks"):
        Mbox(box.path, "mail")


def test_after_reading_programs_can_write(box: MboxBox) -> None:
    mailbox = Mbox(box.path, "mail")
    with box.path.open("ab") as file:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    mailbox.close()
