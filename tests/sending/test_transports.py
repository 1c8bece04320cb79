"""The contract of every transport, and what is the outbox's own."""

import datetime as dt
import stat
from collections import Counter
from pathlib import Path

import pytest

from briefing.errors import BriefingError, RefusedError
from briefing.keys import Key
from briefing.mail.message import Envelope, Message
from briefing.newsletter import Newsletter
from briefing.sending.transports.base import Transport
from briefing.sending.transports.outbox import Outbox
from tests import wire
from tests.sending.conftest import plan_of

NOW = dt.datetime(2020, 10, 9, 8, tzinfo=dt.UTC)
READERS = [Envelope(f"r{n}@example.org", f"r{n}@example.org", {"name": f"Reader {n}"}) for n in range(5)]


@pytest.fixture
def message(sendable: Newsletter, key: Key) -> Message:
    return Message(plan_of(sendable).editions["en"], sendable.settings, key, NOW)


class TransportContract:
    """What each transport keeps; a subclass says how one is made and where its mails arrive."""

    transport: Transport

    def arrived(self) -> list[bytes]:
        raise NotImplementedError

    def test_each_reader_gets_one_whole_mail_of_their_own(self, message: Message) -> None:
        self.transport.open()
        self.transport.hand_over(message, READERS)
        self.transport.close()
        mails = self.arrived()
        assert Counter(str(wire.parsed(mail)["To"].addresses[0].addr_spec) for mail in mails) == Counter(
            one.address for one in READERS
        )
        for reader in READERS:
            (mail,) = [one for one in mails if reader.address.encode() in one]
            wire.check(mail, to=reader.address, headers=wire.HEADERS - {"Reply-To"})
            assert f"Dear {reader.columns['name']}," in wire.part(mail, "plain")

    def test_nobodys_address_stands_in_anothers_mail(self, message: Message) -> None:
        self.transport.open()
        self.transport.hand_over(message, READERS)
        self.transport.close()
        for mail in self.arrived():
            assert sum(mail.count(one.address.encode()) for one in READERS) == 1

    def test_no_readers_are_no_mails(self, message: Message) -> None:
        self.transport.open()
        self.transport.hand_over(message, [])
        self.transport.close()
        assert self.arrived() == []


class TestOutbox(TransportContract):
    @pytest.fixture(autouse=True)
    def _outbox(self, tmp_path: Path) -> None:
        self.folder = tmp_path / "outbox"
        self.transport = Outbox(self.folder)

    def arrived(self) -> list[bytes]:
        return [path.read_bytes() for name in ("new", "cur") for path in (self.folder / name).iterdir()]

    def test_a_mail_that_is_written_twice_is_one_file_with_the_same_bytes(self, message: Message) -> None:
        self.transport.open()
        self.transport.hand_over(message, READERS)
        first = sorted(self.arrived())
        self.transport.hand_over(message, READERS)
        assert sorted(self.arrived()) == first

    def test_a_mail_that_a_mail_program_has_opened_is_not_written_again(self, message: Message) -> None:
        self.transport.open()
        self.transport.hand_over(message, READERS)
        for path in (self.folder / "new").iterdir():
            path.rename(self.folder / "cur" / f"{path.name}:2,S")
        again = Outbox(self.folder)
        again.open()
        again.hand_over(message, READERS)
        assert len(self.arrived()) == len(READERS)

    def test_files_are_private_and_their_names_tell_nothing(self, message: Message) -> None:
        self.transport.open()
        self.transport.hand_over(message, READERS)
        for path in (self.folder / "new").iterdir():
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
            assert len(path.name) == 30
            assert path.name.isalnum()
        for path in (self.folder, *(self.folder / name for name in ("tmp", "new", "cur"))):
            assert stat.S_IMODE(path.stat().st_mode) == 0o700

    def test_a_link_in_its_way_is_not_followed(self, message: Message, tmp_path: Path) -> None:
        private = tmp_path / ".briefing"
        private.mkdir(exist_ok=True)
        (tmp_path / "elsewhere").mkdir()
        (private / "outbox").symlink_to(tmp_path / "elsewhere")
        with pytest.raises(RefusedError, match="is a link to somewhere else"):
            Outbox(private / "outbox" / "2020-10-09").open()
        self.transport.open()
        name = message.message_id(READERS[0].identity).partition("@")[0]
        (self.folder / "tmp" / name).symlink_to(tmp_path / "victim")
        self.transport.hand_over(message, READERS[:1])
        assert not (tmp_path / "victim").exists()

    def test_pythons_own_maildir_reads_it(self, message: Message) -> None:
        import mailbox  # noqa: PLC0415  # only here

        self.transport.open()
        self.transport.hand_over(message, READERS)
        assert len(mailbox.Maildir(self.folder, create=False)) == len(READERS)

    def test_an_outbox_that_cannot_be_written_is_one_clear_line(self, message: Message) -> None:
        self.transport.open()
        (self.folder / "tmp").rmdir()
        with pytest.raises(BriefingError, match="can't be written: No such file or directory; give the same command"):
            self.transport.hand_over(message, READERS)
