"""Unsubscribed readers stay unsubscribed: no record is lost, and a damaged file is never ignored."""

import datetime as dt
import os
import resource
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefing.errors import BriefingError, FileError, RefusedError
from briefing.keys import Key
from briefing.newsletter import Newsletter
from briefing.subscribers import suppression
from briefing.subscribers.subscriber import clean
from briefing.subscribers.suppression import (
    HEADING,
    TOKEN,
    Removal,
    Suppression,
    token_of,
)

DAY = dt.date(2020, 10, 9)
ANN, BOB, CID = "a" * 30, "b" * 30, "0123456789" * 3
LINE = f"{ANN},2020-10-09,left\n"

ANYTHING = st.text(st.characters(exclude_characters="@"), max_size=120)
REASONS = ANYTHING.filter(
    lambda text: not clean(text).startswith(suppression.RESTORED)
)
TOKENS = st.text("0123456789abcdef", min_size=30, max_size=30)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / ".briefing" / "suppressions.csv"


@pytest.fixture
def recorded(path: Path) -> Callable[[str | bytes], Path]:
    """Write what stands below the heading, and return where it is."""

    def write(lines: str | bytes) -> Path:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(
            HEADING + (lines.encode() if isinstance(lines, str) else lines)
        )
        return path

    return write


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


class TestRecord:
    def test_unsubscribed_readers_are_recorded_with_day_and_reason(
        self, path: Path
    ) -> None:
        record = Suppression(path)
        assert record.add([ANN, BOB], "left", DAY) == 2
        assert ANN in record
        assert CID not in record
        assert len(record) == 2
        assert (
            path.read_text()
            == f"token,date,reason\n{ANN},2020-10-09,left\n{BOB},2020-10-09,left\n"
        )

    def test_a_known_reader_is_not_recorded_again(self, path: Path) -> None:
        Suppression(path).add([ANN], "left", DAY)
        record = Suppression(path)
        assert (
            record.add([BOB, ANN, BOB], "bounced", DAY + dt.timedelta(1)) == 1
        )
        assert record.add([BOB], "asked", DAY) == 0
        assert path.read_text().split("\n")[1:] == [
            f"{ANN},2020-10-09,left",
            f"{BOB},2020-10-10,bounced",
            "",
        ]

    def test_each_newsletter_has_its_own_record(
        self, newsletter: Newsletter
    ) -> None:
        Suppression.of(newsletter).add([ANN], "left", DAY)
        assert (newsletter.root / ".briefing" / "suppressions.csv").is_file()
        assert ANN in Suppression.of(newsletter)

    def test_a_line_is_on_the_disk_before_add_returns(
        self, recorded: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = recorded(LINE)
        flushed: list[bytes] = []
        monkeypatch.setattr(
            os, "fsync", lambda _file: flushed.append(path.read_bytes())
        )
        Suppression(path).add([BOB], "left", DAY)
        assert flushed == [path.read_bytes()]

    def test_reading_creates_nothing(self, path: Path) -> None:
        assert len(Suppression(path)) == 0
        assert not path.parent.exists()

    @pytest.mark.parametrize(
        "no_token",
        ["", ANN[:-1], ANN + "a", ANN.upper(), "ann@example.org", ANN + "\n"],
    )
    def test_only_tokens_are_recorded(self, path: Path, no_token: str) -> None:
        with pytest.raises(ValueError, match="30 hexadecimal digits"):
            Suppression(path).add([BOB, no_token], "left", DAY)
        assert not path.exists()

    def test_a_reason_with_an_address_is_not_recorded(self, path: Path) -> None:
        with pytest.raises(RefusedError, match="contains an @") as caught:
            Suppression(path).add([ANN], "as ann@example.org asked", DAY)
        assert "ann" not in str(caught.value)
        assert not path.exists()

    @pytest.mark.parametrize(
        ("reason", "written"),
        [
            ("asked, twice", '"asked, twice"'),
            ('said "stop"', '"said ""stop"""'),
            ("by\r\nphone\0", "by phone"),
            ("", ""),
            ("x" * 1_000, "x" * 100),
        ],
    )
    def test_a_reason_is_one_short_cell(
        self, path: Path, reason: str, written: str
    ) -> None:
        Suppression(path).add([ANN], reason, DAY)
        assert (
            path.read_text()
            == f"token,date,reason\n{ANN},2020-10-09,{written}\n"
        )
        assert ANN in Suppression(path)

    @pytest.mark.parametrize(
        "reason", ["left", "asked, twice", 'said "stop"', ""]
    )
    def test_a_reason_is_read_as_it_was_given(
        self, path: Path, reason: str
    ) -> None:
        Suppression(path).add([ANN], reason, DAY)
        assert Suppression(path).find(ANN) == Removal("2020-10-09", reason)

    @settings(deadline=None)
    @given(
        st.lists(
            st.tuples(st.lists(TOKENS, max_size=4), REASONS, st.dates()),
            max_size=4,
        )
    )
    def test_what_is_added_is_read_by_everyone_else(
        self, additions: list[tuple[list[str], str, dt.date]]
    ) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "suppressions.csv"
            record, known = Suppression(path), set[str]()
            for tokens, reason, day in additions:
                assert record.add(tokens, reason, day) == len(
                    set(tokens) - known
                )
                known |= set(tokens)
                fresh = Suppression(path)
                assert all(
                    token in fresh and token in record for token in known
                )
                assert len(fresh) == len(record) == len(known)

    def test_the_token_is_the_one_in_the_unsubscribe_link(
        self, newsletter: Newsletter
    ) -> None:
        key = Key.of(newsletter)
        token = token_of(key, "ann@example.org")
        assert TOKEN.fullmatch(token)
        # As tests/mail/test_message.py finds it in an email.
        assert token == key.name("unsubscribe", "ann@example.org")
        assert token != token_of(key, "bob@example.org")


class TestPrivacy:
    @pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
    def test_only_the_owner_can_read_the_file_and_its_folder(
        self, path: Path, umask: int
    ) -> None:
        before = os.umask(umask)
        try:
            Suppression(path).add([ANN], "left", DAY)
        finally:
            os.umask(before)
        assert (mode(path), mode(path.parent)) == (0o600, 0o700)

    def test_a_file_open_to_all_is_closed_when_a_line_is_added(
        self, recorded: Callable[[str], Path]
    ) -> None:
        path = recorded(LINE)
        path.chmod(0o644)
        Suppression(path).add([BOB], "left", DAY)
        assert mode(path) == 0o600

    @pytest.mark.parametrize("there", [True, False])
    def test_a_link_in_its_place_is_refused_and_not_followed(
        self, path: Path, there: bool
    ) -> None:
        record = Suppression(path)
        path.parent.mkdir()
        elsewhere = path.parent / "elsewhere"
        if there:
            elsewhere.write_bytes(HEADING)
        path.symlink_to(elsewhere)
        with pytest.raises(
            FileError,
            match=r"suppressions\.csv: is a link or a folder; put",
        ):
            Suppression(path)
        with pytest.raises(FileError):
            record.add([ANN], "left", DAY)
        assert elsewhere.exists() == there
        assert not there or elsewhere.read_bytes() == HEADING

    @pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo])
    def test_anything_but_a_file_is_refused(
        self, path: Path, make: Callable[[Path], None]
    ) -> None:
        path.parent.mkdir()
        make(path)
        with pytest.raises(FileError, match="is a link or a folder"):
            Suppression(path)

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
    def test_an_unreadable_file_is_reported(
        self, recorded: Callable[[str], Path]
    ) -> None:
        path = recorded(LINE)
        path.chmod(0)
        with pytest.raises(
            FileError, match=r"can't be read \(Permission denied\)"
        ):
            Suppression(path)


class TestOpening:
    """Between the look at the folder and the opening, anything can happen."""

    def test_a_file_in_place_of_the_folder_is_reported(
        self, tmp_path: Path
    ) -> None:
        (tmp_path / "private").write_text("not a folder")
        with pytest.raises(
            FileError,
            match=r"can't be read \(Not a directory\); check its permissions",
        ):
            Suppression(tmp_path / "private" / "suppressions.csv")

    def test_a_file_that_cannot_be_opened_is_reported(
        self, recorded: Callable[[str], Path]
    ) -> None:
        path = recorded(LINE)
        limits = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, limits[1]))
        try:
            with pytest.raises(
                FileError, match=r"can't be read \(Too many open files\); check"
            ):
                Suppression(path)
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, limits)

    def test_a_link_put_in_its_place_meanwhile_is_not_followed(
        self, recorded: Callable[[str], Path]
    ) -> None:
        class Overtaken(Suppression):
            def _current_stamp(self) -> tuple[int, int, int, int] | None:
                stamp = super()._current_stamp()
                self.path.rename(self.path.with_name("elsewhere"))
                self.path.symlink_to("elsewhere")
                return stamp

        with pytest.raises(FileError, match="can't be read"):
            Overtaken(recorded(LINE))


class TestDamage:
    """A line that can't be read could be a reader who unsubscribed, so nothing may be sent."""

    @pytest.mark.parametrize(
        "line",
        [
            "",
            ANN,
            f"{ANN},2020-10-09",
            f"{ANN[:-1]},2020-10-09,left",
            f"{ANN}a,2020-10-09,left",
            f"{ANN.upper()},2020-10-09,left",
            f" {ANN},2020-10-09,left",
            f"{ANN},2020-13-09,left",
            f"{ANN},2020-02-30,left",
            f"{ANN},9 October 2020,left",
            f"{ANN},2020-10-09,left,",
            f"{ANN},2020-10-09,asked, twice",
            f'{ANN},2020-10-09,"left',
            f'{ANN},2020-10-09,"left" ""',
            f"{ANN},2020-10-09,left\r",
            f"{ANN};2020-10-09;left",
            f"{ANN},2020-10-09,\0\0\0\0",
            f"{ANN},٢٠٢٠-١٠-٠٩,left",
            "ann@example.org,2020-10-09,left",
            f"{ANN},2020-10-09,\udcff",
        ],
    )
    def test_a_malformed_line_is_reported_with_what_to_do(
        self, recorded: Callable[[bytes], Path], line: str
    ) -> None:
        whole = f"{BOB},2020-10-09,left\n{line}\n{CID},2020-10-09,left\n"
        path = recorded(whole.encode(errors="surrogateescape"))
        with pytest.raises(
            FileError, match=r"line 3: isn't a token, a date .* from a backup"
        ) as caught:
            Suppression(path)
        assert "ann" not in str(caught.value)

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"token",
            b"token,date,reason",
            LINE.encode(),
            b"\xef\xbb\xbf" + HEADING,
        ],
    )
    def test_a_file_without_the_heading_is_reported(
        self, path: Path, content: bytes
    ) -> None:
        path.parent.mkdir()
        path.write_bytes(content)
        with pytest.raises(
            FileError,
            match=r"line 1: must begin with token,date,reason; restore",
        ):
            Suppression(path)

    def test_nothing_is_added_to_a_damaged_file(
        self, recorded: Callable[[str], Path]
    ) -> None:
        path = recorded(LINE)
        record = Suppression(path)
        recorded(f"{LINE}?\n")
        with pytest.raises(FileError):
            record.add([BOB], "left", DAY)
        assert path.read_bytes() == HEADING + LINE.encode() + b"?\n"
        assert ANN in record

    @settings(deadline=None)
    @given(
        st.lists(
            st.tuples(TOKENS, REASONS),
            min_size=1,
            max_size=4,
            unique_by=lambda reader: reader[0],
        ),
        st.data(),
    )
    def test_a_file_cut_at_any_byte_loses_its_torn_line_at_most(
        self, readers: list[tuple[str, str]], data: st.DataObject
    ) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "suppressions.csv"
            for token, reason in readers:
                Suppression(path).add([token], reason, DAY)
            content = path.read_bytes()
            cut = content[: data.draw(st.integers(len(HEADING), len(content)))]
            path.write_bytes(cut)
            left = {token for token, _ in readers[: cut.count(b"\n") - 1]}
            torn = readers[len(left)][0] if len(left) < len(readers) else ""
            record = Suppression(path)
            kept = left | {torn} if torn in record else left
            assert all(token in record for token in kept)
            assert len(record) == len(kept)
            new = not {CID} & kept
            assert record.add([CID], "left", DAY) == new
            fresh = Suppression(path)
            assert all(token in fresh for token in kept | {CID})
            assert len(fresh) == len(kept | {CID})

    @pytest.mark.parametrize(
        "torn",
        [
            BOB[:7],
            BOB,
            f"{BOB},2020-10-0",
            f'{BOB},2020-10-09,"asked, ',
            "\0" * 50,
        ],
    )
    def test_the_torn_line_is_cut_off_at_the_next_one(
        self, recorded: Callable[[str], Path], torn: str
    ) -> None:
        path = recorded(LINE + torn)
        record = Suppression(path)
        assert (len(record), BOB in record) == (1, False)
        record.add([CID], "left", DAY)
        assert (
            path.read_text()
            == f"token,date,reason\n{LINE}{CID},2020-10-09,left\n"
        )

    def test_a_last_line_without_a_line_end_counts(
        self, recorded: Callable[[str], Path]
    ) -> None:
        """It may have been written with an editor."""
        path = recorded(LINE + f"{BOB},2020-10-09,by phone")
        record = Suppression(path)
        assert BOB in record
        record.add([CID], "left", DAY)
        assert (
            path.read_text()
            == f"token,date,reason\n{LINE}{BOB},2020-10-09,by phone\n{CID},2020-10-09,left\n"
        )

    def test_a_disk_that_fills_up_leaves_it_as_it_was(
        self, recorded: Callable[[str], Path]
    ) -> None:
        path = recorded(LINE)
        record = Suppression(path)
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (200, hard))
        try:
            with pytest.raises(
                BriefingError,
                match=r"suppressions\.csv: can't be written: .*; nothing was changed",
            ):
                record.add([f"{n:030x}" for n in range(100)], "left", DAY)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert path.read_bytes() == HEADING + LINE.encode()
        assert len(record) == 1
        assert record.add([BOB], "left", DAY) == 1


class TestRefresh:
    """What another process writes is noticed at the next refresh."""

    @pytest.fixture
    def opened(self, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        """The files that were opened since."""
        opened: list[str] = []
        really = os.open

        def open_(path: str, *arguments: int) -> int:
            opened.append(str(path))
            return really(path, *arguments)

        monkeypatch.setattr(os, "open", open_)
        return opened

    def test_what_was_added_since(self, path: Path) -> None:
        record = Suppression(path)
        other = Suppression(path)
        for token in (ANN, BOB, CID):
            other.add([token], "left", DAY)
            assert token not in record
            record.refresh()
            assert token in record

    def test_without_a_change_nothing_is_opened(
        self, recorded: Callable[[str], Path], opened: list[str]
    ) -> None:
        record = Suppression(recorded(LINE))
        record.add([BOB], "left", DAY)
        assert opened
        opened.clear()
        record.refresh()
        assert opened == []

    def test_a_replaced_file_is_read_again(
        self, recorded: Callable[[str], Path]
    ) -> None:
        path = recorded(LINE)
        record = Suppression(path)
        new = path.with_name("new")
        new.write_bytes(HEADING + LINE.replace(ANN, BOB).encode())
        new.replace(path)
        record.refresh()
        assert (ANN in record, BOB in record) == (False, True)

    @pytest.mark.parametrize(
        "lines",
        [
            "",
            LINE.replace(ANN, BOB),
            LINE.replace(ANN, BOB) + LINE.replace(ANN, CID),
        ],
    )
    def test_an_edited_file_is_read_again(
        self, recorded: Callable[[str], Path], lines: str
    ) -> None:
        path = recorded(LINE)
        record = Suppression(path)
        recorded(lines)
        os.utime(path, ns=(1, 1))
        record.refresh()
        assert (len(record), ANN in record) == (lines.count("\n"), False)

    def test_a_reader_removed_from_it_can_be_added_again(
        self, recorded: Callable[[str], Path]
    ) -> None:
        record = Suppression(recorded(LINE))
        path = recorded("")
        assert record.add([ANN], "left", DAY) == 1
        assert ANN in Suppression(path)

    def test_a_missing_file_is_not_an_empty_one(
        self, recorded: Callable[[str], Path]
    ) -> None:
        path = recorded(LINE)
        record = Suppression(path)
        path.unlink()
        for go_on in (record.refresh, lambda: record.add([BOB], "left", DAY)):
            with pytest.raises(FileError, match="is missing; restore it"):
                go_on()
        assert ANN in record
        assert not path.exists()


class TestRestoring:
    def test_it_is_recorded_as_a_further_line(self, path: Path) -> None:
        record = Suppression(path)
        record.add([ANN, BOB], "left", DAY)
        before = path.read_bytes()
        assert record.restore([ANN, CID], DAY) == 1
        assert (
            path.read_bytes()
            == before + f"{ANN},2020-10-09,restored\n".encode()
        )
        for read in (record, Suppression(path)):
            assert (ANN in read, BOB in read, len(read)) == (False, True, 1)

    def test_a_sender_that_runs_notices_it(self, path: Path) -> None:
        record = Suppression(path)
        record.add([ANN], "left", DAY)
        Suppression(path).restore([ANN], DAY)
        record.refresh()
        assert ANN not in record

    def test_who_leaves_again_is_unsubscribed_again(self, path: Path) -> None:
        record = Suppression(path)
        for _ in range(2):
            assert record.add([ANN], "left", DAY) == 1
            assert record.restore([ANN], DAY) == 1
        assert record.add([ANN], "left", DAY) == 1
        assert ANN in Suppression(path)

    def test_the_last_removal_is_remembered(self, path: Path) -> None:
        record = Suppression(path)
        record.add([ANN], 'she said "stop, spam"', DAY)
        record.add([BOB], "asked", DAY)
        for read in (record, Suppression(path)):
            assert read.find(ANN) == Removal(
                "2020-10-09", 'she said "stop, spam"'
            )
            assert read.find(CID) is None
        ann, bob = record.find(ANN), record.find(BOB)
        assert ann
        assert bob
        assert (ann.is_complaint, bob.is_complaint) == (True, False)

    def test_a_complaint_of_a_reader_who_had_left_is_remembered(
        self, path: Path
    ) -> None:
        record = Suppression(path)
        record.add([ANN], "asked", DAY)
        assert record.add([ANN], "complaint", DAY) == 0
        assert record.add([ANN], "asked", DAY) == 0
        assert Suppression(path).find(ANN) == Removal("2020-10-09", "complaint")
        assert path.read_bytes().count(ANN.encode()) == 2

    @pytest.mark.parametrize("reason", ["restored", " restored by phone"])
    def test_no_removal_can_be_mistaken_for_it(
        self, path: Path, reason: str
    ) -> None:
        with pytest.raises(RefusedError, match="use other words"):
            Suppression(path).add([ANN], reason, DAY)
        assert not path.exists()

    def test_cut_at_any_byte_it_never_restores_anyone_else(
        self, path: Path
    ) -> None:
        record = Suppression(path)
        record.add([ANN, BOB], "left", DAY)
        removed = len(path.read_bytes())
        record.restore([ANN], DAY)
        data = path.read_bytes()
        for end in range(removed, len(data) + 1):
            path.write_bytes(data[:end])
            read = Suppression(path)
            assert BOB in read
            assert (ANN in read) is (end < len(data) - 1)


class TestQuickly:
    """A send looks at the record before each commit, so only what is new may be parsed."""

    @pytest.fixture
    def parsed(self, monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
        """The lines of the record, as they are parsed."""
        lines: list[bytes] = []
        parse = suppression._entry

        def note(line: bytes) -> tuple[str, Removal] | None:
            lines.append(line)
            return parse(line)

        monkeypatch.setattr(suppression, "_entry", note)
        return lines

    def test_a_line_is_parsed_once(
        self, recorded: Callable[[str], Path], parsed: list[bytes]
    ) -> None:
        path = recorded(
            "".join(
                f"{number:030x},2020-10-09,left\n" for number in range(1_000)
            )
        )
        record = Suppression(path)
        assert len(parsed) == 1_001  # with the empty rest after the last line
        Suppression(path).add([ANN], "left", DAY)
        parsed.clear()
        record.refresh()
        assert len(record) == 1_001
        assert len(parsed) == 2


class TestTogether:
    """Any number of processes may add at the same time."""

    ADD = (
        "import sys, datetime as dt; from pathlib import Path\n"
        "from briefing.subscribers.suppression import Removal, Suppression\n"
        "path, begin, end = Path(sys.argv[1]), *map(int, sys.argv[2:])\n"
        "for n in range(begin, end):\n"
        "    Suppression(path).add([f'{n:030x}'], 'left', dt.date(2020, 10, 9))\n"
        "    print(n, flush=True)\n"
    )

    def start(
        self, path: Path, begin: int, end: int
    ) -> "subprocess.Popen[bytes]":
        command = [
            sys.executable,
            "-c",
            self.ADD,
            str(path),
            str(begin),
            str(end),
        ]
        return subprocess.Popen(command, stdout=subprocess.PIPE)

    def test_two_processes_that_add_at_once_lose_nothing(
        self, path: Path
    ) -> None:
        adding = [self.start(path, begin, begin + 100) for begin in (0, 50)]
        for process in adding:
            process.communicate(timeout=600)
            assert process.returncode == 0
        lines = path.read_text().splitlines()[1:]
        assert sorted(int(line[:30], 16) for line in lines) == list(range(150))

    def test_whoever_was_reported_as_added_is_there_after_a_kill(
        self, path: Path
    ) -> None:
        for begin, count in ((0, 1), (100_000, 4), (200_000, 11)):
            process = self.start(path, begin, begin + 100_000)
            assert process.stdout
            reported = b"".join(process.stdout.readline() for _ in range(count))
            process.kill()
            reported += process.communicate()[0]
            numbers = list(map(int, reported.split(b"\n")[:-1]))
            record = Suppression(path)
            assert len(numbers) >= count
            assert all(f"{number:030x}" in record for number in numbers)
