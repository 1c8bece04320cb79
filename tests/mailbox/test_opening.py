"""What holds for a mailbox of every kind: on an IMAP server, a Maildir and an mbox."""

from pathlib import Path

import pytest

from briefing.configuration import mailbox_addresses
from briefing.errors import MailboxError
from briefing.mailbox.base import LARGEST
from briefing.mailbox.headers import Header
from briefing.mailbox.opening import open_mailbox
from briefing.mailbox.position import Position
from tests.mailbox import dovecot
from tests.mailbox.conftest import Box, MaildirBox, accept, mail, read


def subjects(box: Box, position: Position | None = None) -> list[str]:
    mails = read(box, position or Position())
    return [Header.of(each.data).subject for each in mails]


class TestMailbox:
    def test_an_empty_one_gives_nothing(self, box: Box) -> None:
        assert read(box) == []
        assert accept(box).digests == frozenset()

    def test_all_emails_come_once_the_oldest_first(self, box: Box) -> None:
        for subject in ("one", "two", "three"):
            box.deliver(mail(subject))
        assert subjects(box) == ["one", "two", "three"]

    def test_whole_emails_come(self, box: Box) -> None:
        data = mail("one", "Hello.\r\n\r\n.\r\n\r\n(A001 OK)\r\nThe end.")
        box.deliver(data)
        (found,) = read(box)
        assert found.data.split() == data.split()

    def test_after_they_were_accepted_only_new_ones_come(
        self, box: Box
    ) -> None:
        box.deliver(mail("one"))
        position = accept(box)
        assert subjects(box, position) == []
        box.deliver(mail("two"))
        assert subjects(box, position) == ["two"]
        assert subjects(box, accept(box, position)) == []

    def test_nothing_in_it_is_changed(self, box: Box) -> None:
        box.deliver(mail("one"))
        box.deliver(mail("two"))
        before = box.state()
        accept(box)
        assert box.state() == before

    def test_it_says_how_many_are_new(self, box: Box) -> None:
        box.deliver(mail("one"))
        position = accept(box)
        box.deliver(mail("two"))
        box.deliver(mail("three"))
        with open_mailbox(
            box.address, dovecot.PASSWORD, Path(), proxy=""
        ) as mailbox:
            assert mailbox.count(position) == 2

    def test_its_name_has_no_address(self, box: Box) -> None:
        with open_mailbox(
            box.address, dovecot.PASSWORD, Path(), proxy=""
        ) as mailbox:
            assert "@" not in mailbox.name

    def test_an_email_that_was_copied_comes_once(self, box: Box) -> None:
        copied = mail("one")
        box.deliver(copied)
        position = accept(box)
        box.deliver(copied)
        assert subjects(box, position) == []

    def test_emails_with_the_same_message_id_both_come(self, box: Box) -> None:
        first = mail("one")
        box.deliver(first)
        box.deliver(first.replace(b"Subject: one", b"Subject: two"))
        assert subjects(box, Position()) == ["one", "two"]

    def test_emails_without_a_message_id_come_once(self, box: Box) -> None:
        box.deliver(b"Subject: one\r\n\r\nHello.\r\n")
        box.deliver(b"Subject: one\r\n\r\nHello again.\r\n")
        assert subjects(box) == ["one", "one"]
        assert subjects(box, accept(box)) == []

    @pytest.mark.parametrize(
        "data",
        [
            b"no header at all",
            b"\r\n\r\n",
            b"Subject: \xff\xfe\r\n\r\n\x00\xff",
            b"Content-Type: multipart/mixed; boundary=x\r\n\r\n"
            + b"--x\r\n" * 999,
            b": no name\r\n folded: nothing\r\n\r\n",
        ],
    )
    def test_broken_emails_stop_nothing(self, box: Box, data: bytes) -> None:
        box.deliver(data)
        box.deliver(mail("after it"))
        assert subjects(box)[-1] == "after it"
        assert subjects(box, accept(box)) == []

    def test_a_large_email_is_cut(self, box: Box) -> None:
        box.deliver(mail("large", "word " * (LARGEST // 5 + 1)))
        box.deliver(mail("small", "word " * 60))
        large, small = read(box)
        assert len(large.data) == LARGEST
        with open_mailbox(
            box.address, dovecot.PASSWORD, Path(), proxy=""
        ) as mailbox:
            tiny = list(mailbox.after(Position(), 250))
        assert [len(each.data) for each in tiny] == [250, 250]
        assert Header.of(large.data).subject == "large"
        assert Header.of(small.data).subject == "small"


class TestWrongAddress:
    def refusal(self, path: Path) -> str:
        address = mailbox_addresses.parse(str(path))
        with (
            pytest.raises(MailboxError) as error,
            open_mailbox(address, "", Path(), proxy=""),
        ):
            pass
        assert "\n" not in str(error.value)
        return str(error.value)

    def test_a_missing_mailbox(self, tmp_path: Path) -> None:
        assert "there is no such mailbox; check its path" in self.refusal(
            tmp_path / "missing"
        )

    def test_a_folder_that_is_not_a_maildir(self, tmp_path: Path) -> None:
        assert "isn't a Maildir" in self.refusal(tmp_path)

    def test_a_path_begins_at_the_newsletters_folder(
        self, tmp_path: Path
    ) -> None:
        box = MaildirBox(tmp_path / "mail")
        box.deliver(mail("one"))
        address = mailbox_addresses.parse("mail")
        with open_mailbox(address, "", tmp_path, proxy="") as mailbox:
            assert len(list(mailbox.after(Position()))) == 1
