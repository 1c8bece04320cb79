"""What holds for a mailbox of every kind: on an IMAP server, and a Maildir."""

import tracemalloc
from pathlib import Path

import pytest

from briefing.configuration import mailbox_addresses
from briefing.errors import MailboxError
from briefing.mailbox.base import LARGEST, Position
from briefing.mailbox.headers import Header
from briefing.mailbox.maildir import open_mailbox
from tests.mailbox import dovecot
from tests.mailbox.conftest import (
    Box,
    ImapBox,
    MaildirBox,
    accept,
    mail,
    read,
)


def subjects(box: Box, position: Position | None = None) -> list[str]:
    mails = read(box, position or Position())
    return [Header.of(each.data).subject for each in mails]


def test_all_emails_come_once_the_oldest_first(box: Box) -> None:
    assert read(box) == []
    for subject in ("one", "two", "three"):
        box.deliver(mail(subject))
    assert subjects(box) == ["one", "two", "three"]


def test_whole_emails_come(box: Box) -> None:
    data = mail("one", "Hello.\r\n\r\n.\r\n\r\n(A001 OK)\r\nThe end.")
    box.deliver(data)
    (found,) = read(box)
    assert found.data.split() == data.split()


def test_after_they_were_accepted_only_new_ones_come(box: Box) -> None:
    box.deliver(mail("one"))
    before = box.state()
    position = accept(box)
    assert box.state() == before  # nothing in it is changed
    assert subjects(box, position) == []
    box.deliver(mail("two"))
    with open_mailbox(
        box.address, dovecot.PASSWORD, Path(), proxy=""
    ) as mailbox:
        assert "@" not in mailbox.name
        assert mailbox.count(position) == 1
    assert subjects(box, position) == ["two"]
    assert subjects(box, accept(box, position)) == []


def test_an_email_that_was_copied_comes_once(box: Box) -> None:
    copied = mail("one")
    box.deliver(copied)
    position = accept(box)
    box.deliver(copied)
    assert subjects(box, position) == []


def test_other_emails_with_the_same_message_id_or_none_come(box: Box) -> None:
    first = mail("one")
    box.deliver(first)
    box.deliver(first.replace(b"Subject: one", b"Subject: two"))
    box.deliver(b"Subject: three\r\n\r\nHello.\r\n")
    box.deliver(b"Subject: three\r\n\r\nHello again.\r\n")
    assert subjects(box) == ["one", "two", "three", "three"]
    assert subjects(box, accept(box)) == []


@pytest.mark.parametrize(
    "data",
    [
        b"no header at all",
        b"\r\n\r\n",
        b"Subject: \xff\xfe\r\n\r\n\x00\xff",
        b": no name\r\n folded: nothing\r\n\r\n",
    ],
)
def test_broken_emails_stop_nothing(box: Box, data: bytes) -> None:
    box.deliver(data)
    box.deliver(mail("after it"))
    assert subjects(box)[-1] == "after it"
    assert subjects(box, accept(box)) == []


def test_a_large_email_is_cut(box: Box) -> None:
    box.deliver(mail("large", "word " * (LARGEST // 5 + 1)))
    box.deliver(mail("small", "word " * 60))
    large, small = read(box)
    assert len(large.data) == LARGEST
    assert Header.of(small.data).subject == "small"


def deliver_many(box: Box, number: int) -> None:
    """Put emails into a mailbox faster than one by one."""
    mails = [mail(str(count), "word " * 1_000) for count in range(number)]
    if isinstance(box, ImapBox):
        # As a mail server that delivers to the same disk.
        new = box.server.maildir / f".{box.folder}" / "new"
        for count, data in enumerate(mails):
            (new / f"{1_764_000_000 + count}.M1P1.mx").write_bytes(data)
        return
    for data in mails:
        box.deliver(data)


@pytest.mark.parametrize(
    "number", [500, pytest.param(100_000, marks=pytest.mark.long)]
)
def test_many_emails_take_little_memory(box: Box, number: int) -> None:
    deliver_many(box, number)
    tracemalloc.start()
    position = accept(box)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(position.digests) == number
    # Some MB for what is read at once, and some hundred bytes for each email's name and digest.
    assert peak < 30_000_000 + 600 * number


# --- A Maildir, beside the programs that use it


@pytest.fixture
def maildir(tmp_path: Path) -> MaildirBox:
    return MaildirBox(tmp_path / "mail")


def see(box: MaildirBox) -> None:
    """Do what a mail app does when someone looks at the emails."""
    for path in list((box.path / "new").iterdir()):
        path.rename(box.path / "cur" / f"{path.name}:2,S")


def test_emails_that_were_seen_are_known(maildir: MaildirBox) -> None:
    maildir.deliver(mail("one"))
    position = accept(maildir)
    see(maildir)
    assert read(maildir, position) == []


def test_emails_that_are_seen_or_deleted_meanwhile(maildir: MaildirBox) -> None:
    for subject in ("one", "two", "three"):
        maildir.deliver(mail(subject))
    with open_mailbox(maildir.address, "", Path(), proxy="") as mailbox:
        mails = mailbox.after(Position())
        next(mails)
        see(maildir)
        sorted((maildir.path / "cur").iterdir())[1].unlink()
        assert Header.of(next(mails).data).subject == "three"


def test_only_finished_and_visible_files_are_read(
    maildir: MaildirBox, tmp_path: Path
) -> None:
    (maildir.path / "tmp" / "1.M1P1.mx").write_bytes(mail("half"))
    (maildir.path / "new" / ".hidden").write_bytes(mail("hidden"))
    assert read(maildir) == []
    (tmp_path / "other").write_bytes(mail("other"))
    (maildir.path / "new" / "1.mx").symlink_to(tmp_path / "other")
    with pytest.raises(MailboxError, match="can't be read"):
        read(maildir)


@pytest.mark.parametrize("kind", ["missing", "a folder", "an mbox"])
def test_what_isnt_a_maildir_is_refused(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "mail"
    if kind == "a folder":
        path.mkdir()
    elif kind == "an mbox":
        path.write_bytes(b"From ada@example.org Fri Nov 20 10:00:00 2026\n")
    with (
        pytest.raises(MailboxError, match=r"mail: there is no Maildir, .*"),
        open_mailbox(mailbox_addresses.parse(str(path)), "", Path(), proxy=""),
    ):
        pass


def test_a_path_begins_at_the_newsletters_folder(tmp_path: Path) -> None:
    box = MaildirBox(tmp_path / "mail")
    box.deliver(mail("one"))
    address = mailbox_addresses.parse("mail")
    with open_mailbox(address, "", tmp_path, proxy="") as mailbox:
        assert len(list(mailbox.after(Position()))) == 1
