"""A Maildir, beside the programs that use it."""

from pathlib import Path

import pytest

from briefing.errors import MailboxError
from briefing.mailbox.headers import Header
from briefing.mailbox.maildir import Maildir
from briefing.mailbox.position import Position
from tests.mailbox.conftest import MaildirBox, accept, mail, read


@pytest.fixture
def box(tmp_path: Path) -> MaildirBox:
    return MaildirBox(tmp_path / "mail")


def see(box: MaildirBox) -> None:
    """Do what a mail app does when someone looks at the emails."""
    for path in list((box.path / "new").iterdir()):
        path.rename(box.path / "cur" / f"{path.name}:2,S")


def test_emails_that_were_seen_are_known(box: MaildirBox) -> None:
    box.deliver(mail("one"))
    position = accept(box)
    see(box)
    assert read(box, position) == []


def test_emails_that_are_seen_meanwhile_are_read(box: MaildirBox) -> None:
    for subject in ("one", "two"):
        box.deliver(mail(subject))
    mails = Maildir(box.path, "mail").after(Position())
    next(mails)
    see(box)
    assert Header.of(next(mails).data).subject == "two"


def test_emails_that_are_deleted_meanwhile_are_left_out(
    box: MaildirBox,
) -> None:
    for subject in ("one", "two", "three"):
        box.deliver(mail(subject))
    mails = Maildir(box.path, "mail").after(Position())
    next(mails)
    sorted((box.path / "new").iterdir())[1].unlink()
    assert Header.of(next(mails).data).subject == "three"


def test_unfinished_and_hidden_files_arent_read(box: MaildirBox) -> None:
    (box.path / "tmp" / "1.M1P1.mx").write_bytes(mail("half"))
    (box.path / "new" / ".hidden").write_bytes(mail("hidden"))
    assert read(box) == []


def test_links_arent_followed(box: MaildirBox, tmp_path: Path) -> None:
    (tmp_path / "other").write_bytes(mail("other"))
    (box.path / "new" / "1.mx").symlink_to(tmp_path / "other")
    with pytest.raises(MailboxError, match="can't be read"):
        read(box)
