"""The claims counted beside the ledger: a ledger that lost some of them mails nobody twice."""

import random
import resource
import shutil
import stat
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from briefing.errors import BriefingError, FileError, LedgerError, RefusedError
from briefing.newsletter import Newsletter
from briefing.sending.ledger import records
from briefing.sending.ledger.claim_count import DIGITS, ClaimCount
from briefing.sending.ledger.schema import State
from briefing.sending.progress import Progress
from briefing.sending.transports.base import Batch, Mail, Outcome, Queue
from tests.sending.conftest import ISSUE_ID, edit_issue, ledger_of, send_issue

MOMENTS = 30
SEED = 20201009


@pytest.fixture
def count(sendable: Newsletter) -> ClaimCount:
    return ClaimCount.of(sendable.state, ISSUE_ID)


class Recorder:
    """A transport that takes every email, one in each commit."""

    name = "smtp"
    batch = 1
    connections = 1
    per_second = 0

    def __init__(self) -> None:
        self.handed_over: list[str] = []

    def open(self) -> None: ...

    def close(self) -> None: ...

    def deliver(self, queue: Queue) -> None:
        owed: Sequence[Outcome] = ()
        while batch := queue.next(wait=False) or self._settled(queue, owed):
            mails: Sequence[Mail] = queue.claim(batch, owed).wait().mails
            self.handed_over += [mail.envelope.address for mail in mails]
            owed = [Outcome(mail, State.ACCEPTED) for mail in mails]
        queue.settle(owed)

    def _settled(self, queue: Queue, owed: Sequence[Outcome]) -> Batch | None:
        queue.settle(owed)
        return queue.next()


class TestFile:
    def test_it_keeps_the_latest_count(self, count: ClaimCount) -> None:
        assert count.read() == 0
        for claimed in (7, 1_000_000, 3):
            count.write(claimed)
            assert count.read() == claimed

    def test_it_is_0_once_it_is_cleared(self, count: ClaimCount) -> None:
        count.write(7)
        for _ in range(2):  # a send that was stopped early has none to clear
            count.clear()
            assert count.read() == 0

    def test_only_its_owner_can_read_it(self, count: ClaimCount) -> None:
        count.write(1)
        assert stat.S_IMODE(count.path.stat().st_mode) == 0o600
        assert stat.S_IMODE(count.path.parent.stat().st_mode) == 0o700

    def test_it_is_written_in_place(self, count: ClaimCount) -> None:
        count.write(1)
        before = count.path.stat().st_ino
        count.write(2)
        assert count.path.stat().st_ino == before

    @pytest.mark.parametrize(
        "content", [b"", bytes(13), b"9" * 5000, b"123456789012"]
    )
    def test_one_that_is_empty_or_damaged_says_nothing(
        self, count: ClaimCount, content: bytes
    ) -> None:
        count.write(1)
        count.path.write_bytes(content)
        assert count.read() == 0

    def test_one_that_was_damaged_counts_again_from_the_next_send(
        self, count: ClaimCount
    ) -> None:
        count.write(1)
        count.path.write_bytes(b"9" * 20)
        count.write(2)
        assert count.read() == 2

    def test_one_that_cant_be_read_or_written_is_reported(
        self, count: ClaimCount
    ) -> None:
        count.path.mkdir(parents=True)
        with pytest.raises(FileError, match="can't be read"):
            count.read()
        with pytest.raises(BriefingError, match="can't be written"):
            count.write(1)

    def test_it_is_never_written_through_a_link(
        self, count: ClaimCount, tmp_path: Path
    ) -> None:
        count.write(1)
        target = tmp_path / "elsewhere"
        count.path.rename(target)
        count.path.symlink_to(target)
        with pytest.raises(BriefingError, match="can't be written"):
            count.write(2)
        assert target.read_bytes() == b"000000000001\n"


class TestCounting:
    def test_each_claim_is_counted_before_its_email_goes_out(
        self, sendable: Newsletter, count: ClaimCount
    ) -> None:
        transport = Recorder()
        counted: list[int] = []

        def look(_progress: Progress) -> None:
            assert count.read() >= len(transport.handed_over)
            counted.append(count.read())

        send_issue(sendable, transport, show_progress=look)
        assert counted[-1] == 30
        with ledger_of(sendable) as ledger:
            assert ledger.claimed(ISSUE_ID) == 30

    def test_it_is_counted_although_no_outcome_follows(
        self, sendable: Newsletter, count: ClaimCount
    ) -> None:
        class Dying(Recorder):
            def deliver(self, queue: Queue) -> None:
                batch = queue.next()
                assert batch
                queue.claim(batch).wait()

        send_issue(sendable, Dying())
        with ledger_of(sendable) as ledger:
            assert count.read() == ledger.claimed(ISSUE_ID) > 0

    def test_it_goes_on_in_the_next_send(
        self, sendable: Newsletter, count: ClaimCount
    ) -> None:
        send_issue(sendable, Recorder(), limit=5)
        send_issue(sendable, Recorder(), limit=5)
        assert count.read() == 10

    def test_a_rehearsal_counts_nothing(
        self, sendable: Newsletter, count: ClaimCount
    ) -> None:
        send_issue(sendable)
        assert not count.path.exists()

    def test_an_issue_that_is_frozen_again_is_counted_again(
        self, sendable: Newsletter, count: ClaimCount
    ) -> None:
        class NotNow(Recorder):
            def deliver(self, queue: Queue) -> None:
                batch = queue.next()
                assert batch
                mails = queue.claim(batch).wait().mails
                queue.settle([Outcome(mail, State.QUEUED) for mail in mails])

        send_issue(sendable, NotNow())
        assert count.read() > 0
        edit_issue(sendable, "Its text.", "Its other text.")
        send_issue(sendable, Recorder())
        assert count.read() == 30

    def test_a_count_that_cant_be_written_ends_the_send_and_loses_no_outcome(
        self, sendable: Newsletter, count: ClaimCount
    ) -> None:
        def put_a_folder_in_its_place(progress: Progress) -> None:
            if progress.done == 3 and count.path.is_file():
                count.path.unlink()
                count.path.mkdir()

        transport = Recorder()
        with pytest.raises(BriefingError, match="can't be written"):
            send_issue(
                sendable, transport, show_progress=put_a_folder_in_its_place
            )
        with ledger_of(sendable) as ledger:
            counts = ledger.counts(ISSUE_ID)
        assert counts[State.ACCEPTED] == len(transport.handed_over) < 30
        assert counts[State.UNCERTAIN] == counts[State.SENDING] == 0


@dataclass
class Killed:
    """A send that was killed, and copies of its folder after each of its commits."""

    newsletter: Newsletter
    copies: Sequence[Path]
    handed_over: Sequence[Sequence[str]]
    """By copy."""

    def restore(self) -> None:
        """Leave the folder as the kill did, after the last of the commits."""
        for name in (".briefing", "issues"):
            shutil.rmtree(self.newsletter.root / name)
            shutil.copytree(self.copies[-1] / name, self.newsletter.root / name)

    def resume(self) -> Counter[str]:
        """Send again, and return how many emails each reader has then."""
        transport = Recorder()
        with suppress(RefusedError, LedgerError):
            send_issue(self.newsletter, transport)
        return Counter(self.handed_over[-1]) + Counter(transport.handed_over)

    def files(self, copy: Path) -> Iterator[tuple[Path, Path]]:
        """The ledger and its log: in a copy, and in their place."""
        for end in ("", "-wal"):
            path = records.ledger_path(self.newsletter)
            place = path.with_name(path.name + end)
            yield copy / ".briefing" / place.name, place


@pytest.fixture
def killed(
    sendable: Newsletter, tmp_path_factory: pytest.TempPathFactory
) -> Killed:
    """A send that was killed after about two thirds of its emails."""
    transport, copies = Recorder(), list[Path]()
    handed_over: list[list[str]] = []

    def copy(_progress: Progress) -> None:
        if len(transport.handed_over) > 20:
            return
        folder = tmp_path_factory.mktemp("copy")
        for name in (".briefing", "issues"):
            shutil.copytree(sendable.root / name, folder / name)
        copies.append(folder)
        handed_over.append(list(transport.handed_over))

    send_issue(sendable, transport, show_progress=copy)
    return Killed(sendable, copies, handed_over)


def test_a_killed_send_goes_on(killed: Killed) -> None:
    killed.restore()
    assert 20 <= len(killed.handed_over[-1]) < 30
    mails = killed.resume()
    assert max(mails.values()) == 1
    assert mails.total() >= 28  # the others were in transit, and are uncertain


def test_a_log_that_is_damaged_by_one_bit_emails_nobody_twice(
    killed: Killed,
) -> None:
    chance = random.Random(SEED)  # noqa: S311  # the same in every run
    for _ in range(MOMENTS):
        killed.restore()
        (_, _), (_, log) = killed.files(killed.copies[-1])
        data = bytearray(log.read_bytes())
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        log.write_bytes(data)
        assert max(killed.resume().values()) == 1


def test_a_ledger_that_was_copied_during_the_send_emails_nobody_twice(
    killed: Killed,
) -> None:
    chance = random.Random(SEED)  # noqa: S311  # the same in every run
    for _ in range(MOMENTS):
        killed.restore()
        moment = chance.randrange(len(killed.copies))
        later = chance.randrange(moment, len(killed.copies))
        (ledger, place), _ = killed.files(killed.copies[moment])
        _, (log, place_of_log) = killed.files(killed.copies[later])
        shutil.copy(ledger, place)
        shutil.copy(log, place_of_log)
        assert max(killed.resume().values()) == 1


def test_it_is_written_in_place_as_a_whole(count: ClaimCount) -> None:
    for claimed in (7, 1234):
        count.write(claimed)
        assert count.path.read_bytes() == f"{claimed:0{DIGITS}}\n".encode()


def test_a_disk_that_takes_nothing_ends_the_send_with_a_line(
    count: ClaimCount,
) -> None:
    count.write(7)
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, limit[1]))
    try:
        with pytest.raises(
            BriefingError,
            match=r"can't be written: .*stopped. Once it can be written, run the same command again$",
        ):
            count.write(8)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    assert count.read() == 7
