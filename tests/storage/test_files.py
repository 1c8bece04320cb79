"""A file is written completely or not at all, with exactly the requested mode, and nothing is left
behind.
"""

import errno
import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from briefing.errors import BriefingError, ChangedError, RefusedError
from briefing.storage import files
from briefing.storage.exchange import exchange

WRITERS = pytest.mark.parametrize(
    "write", [files.write_atomically, files.create]
)


@pytest.fixture(
    params=[0o000, 0o022, 0o077], ids=lambda mask: f"umask {mask:03o}"
)
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 64 KB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)]
    try:
        done = subprocess.run(mount, capture_output=True, check=False)
    except FileNotFoundError:
        pytest.skip("needs the program mount")
    if done.returncode:
        pytest.skip("needs to mount a small disk, which root alone can do")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


class TestWriting:
    @pytest.mark.parametrize("wanted", [0o600, 0o644])
    def test_the_mode_of_a_new_file_is_exact_whatever_the_umask(
        self, tmp_path: Path, umask: int, wanted: int
    ) -> None:
        files.create(tmp_path / "list.csv", b"data", mode=wanted)
        assert mode(tmp_path / "list.csv") == wanted, f"umask {umask:o}"

    @pytest.mark.parametrize("own", [0o600, 0o644, 0o640])
    def test_a_file_keeps_its_own_mode(
        self, tmp_path: Path, umask: int, own: int
    ) -> None:
        (tmp_path / "issue.md").write_bytes(b"old")
        (tmp_path / "issue.md").chmod(own)
        files.write_atomically(tmp_path / "issue.md", b"new")
        assert mode(tmp_path / "issue.md") == own, f"umask {umask:o}"

    def test_a_mode_can_be_set(self, tmp_path: Path, umask: int) -> None:
        (tmp_path / "feeds.json").touch(0o644)
        files.write_atomically(tmp_path / "feeds.json", b"new", mode=0o600)
        assert mode(tmp_path / "feeds.json") == 0o600, f"umask {umask:o}"

    @WRITERS
    def test_no_other_file_is_left_behind(
        self, tmp_path: Path, write: Callable[..., None]
    ) -> None:
        write(tmp_path / "a", b"\0\r\n" * 1000)
        assert [path.name for path in tmp_path.iterdir()] == ["a"]
        assert (tmp_path / "a").read_bytes() == b"\0\r\n" * 1000

    def test_create_refuses_to_replace_a_file(self, tmp_path: Path) -> None:
        (tmp_path / "a").write_bytes(b"old")
        with pytest.raises(FileExistsError):
            files.create(tmp_path / "a", b"new")
        assert [
            (path.name, path.read_bytes()) for path in tmp_path.iterdir()
        ] == [("a", b"old")]

    def test_create_refuses_to_replace_a_broken_link(
        self, tmp_path: Path
    ) -> None:
        (tmp_path / "a").symlink_to(tmp_path / "elsewhere")
        with pytest.raises(FileExistsError):
            files.create(tmp_path / "a", b"new")
        assert [path.name for path in tmp_path.iterdir()] == ["a"]


@pytest.fixture
def linked(tmp_path: Path) -> Path:
    """A newsletter's folder, reached by a link. Next to it is a folder with a file."""
    real, outside = tmp_path / "real", tmp_path / "outside"
    for folder in (real, outside):
        folder.mkdir()
    (outside / "profile").write_bytes(b"old")
    (real / "briefing.toml").touch()
    (tmp_path / "newsletter").symlink_to(real)
    return tmp_path / "newsletter"


class TestLinks:
    """Links in a newsletter's folder come from elsewhere; those above it are the editor's."""

    @pytest.mark.parametrize("target", ["../outside/profile", "../outside/new"])
    def test_a_file_is_never_written_through_a_link(
        self, linked: Path, target: str
    ) -> None:
        (linked / "sent.json").symlink_to(target)
        with pytest.raises(
            RefusedError,
            match=r"sent\.json is a link to another place; remove the link",
        ):
            files.write_atomically(linked / "sent.json", b"new")
        assert [
            path.name for path in (linked.parent / "outside").iterdir()
        ] == ["profile"]
        assert (linked.parent / "outside" / "profile").read_bytes() == b"old"

    @WRITERS
    def test_nor_through_a_linked_folder(
        self, linked: Path, write: Callable[..., None]
    ) -> None:
        (linked / "rendered").symlink_to("../outside")
        (linked.parent / "outside" / "2020-10-09").mkdir()
        with pytest.raises(
            RefusedError, match=r"rendered is a link to another place"
        ):
            write(linked / "rendered" / "2020-10-09" / "new", b"new")
        assert not any((linked.parent / "outside" / "2020-10-09").iterdir())

    @pytest.mark.parametrize(
        "make", [files.make_folder, files.make_private_folder]
    )
    def test_no_folder_is_created_through_a_link(
        self, linked: Path, make: Callable[[Path], Path]
    ) -> None:
        (linked / ".briefing").symlink_to("../outside")
        with pytest.raises(RefusedError, match=r"\.briefing is a link"):
            make(linked / ".briefing" / "a")
        assert not (linked.parent / "outside" / "a").exists()

    def test_a_link_to_the_newsletter_itself_is_followed(
        self, linked: Path
    ) -> None:
        files.write_atomically(linked / "issue.md", b"new")
        assert (linked.parent / "real" / "issue.md").read_bytes() == b"new"

    def test_outside_of_a_newsletter_folders_may_be_links(
        self, linked: Path
    ) -> None:
        (linked.parent / "output").symlink_to("outside")
        files.write_atomically(linked.parent / "output" / "profile", b"new")
        assert (linked.parent / "outside" / "profile").read_bytes() == b"new"


class TestReading:
    def test_a_pipe_is_refused_instead_of_waited_for(
        self, tmp_path: Path
    ) -> None:
        os.mkfifo(tmp_path / "pipe")
        with pytest.raises(
            OSError, match="it is a pipe or a device, not a file"
        ):
            files.read(tmp_path / "pipe")

    def test_a_device_is_refused(self) -> None:
        with pytest.raises(
            OSError, match="it is a pipe or a device, not a file"
        ):
            files.read(Path("/dev/zero"))

    def test_a_folder_is_an_error_of_its_own(self, tmp_path: Path) -> None:
        with pytest.raises(IsADirectoryError):
            files.read(tmp_path)


class TestFolder:
    def test_others_never_get_to_write_to_new_folders(
        self, tmp_path: Path, umask: int
    ) -> None:
        made = files.make_folder(tmp_path / "a" / "b")
        assert [mode(folder) for folder in (made, made.parent)] == [
            0o755 & ~umask
        ] * 2

    def test_an_existing_folder_stays_as_it_is(self, tmp_path: Path) -> None:
        (tmp_path / "a").mkdir()
        (tmp_path / "a").chmod(0o700)
        assert files.make_folder(tmp_path / "a") == tmp_path / "a"
        assert mode(tmp_path / "a") == 0o700

    def test_a_file_in_its_place_is_reported(self, tmp_path: Path) -> None:
        (tmp_path / "a").touch()
        for path in (tmp_path / "a", tmp_path / "a" / "b"):
            with pytest.raises(BriefingError, match=r"a.*: can't be created"):
                files.make_folder(path)


class TestFailing:
    def test_why_is_in_plain_words_for_a_full_disk_and_else_the_systems(
        self,
    ) -> None:
        for number in (errno.ENOSPC, errno.EDQUOT):
            error = OSError(number, os.strerror(number))
            assert files.reason(error) == "the disk is full"
        assert files.reason(OSError(errno.EROFS, "Read-only")) == "Read-only"
        assert files.reason(OSError("lost")) == "lost"

    def test_a_full_disk_leaves_the_old_file_and_nothing_else(
        self, small_disk: Path
    ) -> None:
        path = small_disk / "issue.md"
        files.write_atomically(path, b"old")
        with pytest.raises(
            BriefingError,
            match=r"issue\.md: can't be written: the disk is full; nothing was changed$",
        ):
            files.write_atomically(path, os.urandom(200_000))
        assert [
            (path.name, path.read_bytes()) for path in small_disk.iterdir()
        ] == [("issue.md", b"old")]

    def test_a_disk_is_full_when_sqlite_can_write_nothing_more(
        self, small_disk: Path, tmp_path: Path
    ) -> None:
        (small_disk / "ballast").write_bytes(bytes(4096))
        assert files.is_disk_full(small_disk)
        assert not files.is_disk_full(tmp_path)
        assert not files.is_disk_full(tmp_path / "missing")

    def test_a_read_only_folder_leaves_the_old_file(
        self, small_disk: Path
    ) -> None:
        path = small_disk / "issue.md"
        path.write_bytes(b"old")
        subprocess.run(
            ["mount", "-o", "remount,ro", str(small_disk)], check=True
        )
        with pytest.raises(
            BriefingError, match=r"issue\.md: can't be written: Read-only"
        ):
            files.write_atomically(path, b"new")
        assert path.read_bytes() == b"old"

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
    def test_a_folder_of_another_user_is_reported(self, tmp_path: Path) -> None:
        tmp_path.chmod(0o500)
        try:
            with pytest.raises(
                BriefingError, match=r"a: can't be written: Permission denied"
            ):
                files.write_atomically(tmp_path / "a", b"new")
        finally:
            tmp_path.chmod(0o700)

    @WRITERS
    def test_a_missing_folder_is_reported(
        self, tmp_path: Path, write: Callable[..., None]
    ) -> None:
        with pytest.raises(
            BriefingError, match=r"missing/a: can't be written: No such file"
        ):
            write(tmp_path / "missing" / "a", b"new")

    def test_a_folder_in_place_of_the_file_is_kept(
        self, tmp_path: Path
    ) -> None:
        (tmp_path / "a").mkdir()
        with pytest.raises(BriefingError, match=r"a: can't be written"):
            files.write_atomically(tmp_path / "a", b"new")
        assert [path.name for path in tmp_path.iterdir()] == ["a"]

    def test_a_kill_at_any_moment_leaves_the_old_or_the_new_file_complete(
        self, tmp_path: Path
    ) -> None:
        path = tmp_path / "a"
        program = (
            "import itertools, sys; from pathlib import Path; from briefing.storage import files\n"
            "for number in itertools.count():\n"
            "    files.write_atomically(Path(sys.argv[1]), bytes([65 + number % 2]) * 300_000)\n"
            "    print(number, flush=True)"
        )
        for writes in (1, 4, 11):
            process = subprocess.Popen(
                [sys.executable, "-c", program, str(path)],
                stdout=subprocess.PIPE,
            )
            assert process.stdout
            for _ in range(writes):
                process.stdout.readline()
            process.kill()
            process.communicate()
            assert path.read_bytes() in {b"A" * 300_000, b"B" * 300_000}


class TestPrivateFolder:
    def test_only_the_owner_can_enter_it_and_new_folders_above_it(
        self, tmp_path: Path, umask: int
    ) -> None:
        made = files.make_private_folder(tmp_path / "a" / "b" / "c")
        assert made == tmp_path / "a" / "b" / "c"
        assert [mode(folder) for folder in (made, *made.parents[:2])] == [
            0o700
        ] * 3, f"umask {umask:o}"

    def test_existing_folders_above_it_keep_their_mode(
        self, tmp_path: Path
    ) -> None:
        (tmp_path / "a").mkdir()
        (tmp_path / "a").chmod(0o755)
        files.make_private_folder(tmp_path / "a" / "b")
        assert mode(tmp_path / "a") == 0o755

    def test_a_folder_open_to_all_is_closed(self, tmp_path: Path) -> None:
        (tmp_path / "a").mkdir()
        (tmp_path / "a").chmod(0o755)
        files.make_private_folder(tmp_path / "a")
        assert mode(tmp_path / "a") == 0o700

    def test_a_private_one_isnt_touched(self, tmp_path: Path) -> None:
        folder = files.make_private_folder(tmp_path / "a")
        before = folder.stat().st_ctime_ns
        files.make_private_folder(folder)
        assert folder.stat().st_ctime_ns == before

    def test_a_link_in_its_place_is_refused_and_not_followed(
        self, tmp_path: Path
    ) -> None:
        elsewhere = tmp_path / "elsewhere"
        elsewhere.mkdir()
        elsewhere.chmod(0o755)
        (tmp_path / "link").symlink_to(elsewhere)
        with pytest.raises(
            RefusedError,
            match=r"link is a link to another place; remove the link",
        ):
            files.make_private_folder(tmp_path / "link")
        assert mode(elsewhere) == 0o755

    def test_a_private_file_makes_its_folder_and_keeps_others_out(
        self, tmp_path: Path
    ) -> None:
        path = tmp_path / ".briefing" / "feeds.json"
        for data in (b"old", b"new"):
            files.write_private(path, data)
            assert path.read_bytes() == data
            assert (mode(path.parent), mode(path)) == (0o700, 0o600)

    def test_a_file_in_its_place_is_reported(self, tmp_path: Path) -> None:
        (tmp_path / "a").write_bytes(b"file")
        with pytest.raises(BriefingError, match=r"a: can't be created"):
            files.make_private_folder(tmp_path / "a")
        with pytest.raises(BriefingError, match=r"a: can't be created"):
            files.make_private_folder(tmp_path / "a" / "b")


class TestTheLastCheck:
    """A file is replaced only if it is as expected, even in the last moment."""

    @pytest.fixture
    def path(self, tmp_path: Path) -> Path:
        path = tmp_path / "issue.md"
        path.write_bytes(b"before")
        return path

    @pytest.fixture
    def theirs(self, path: Path) -> Path:
        """A file that somebody else is about to put there, where files can be exchanged."""
        theirs = path.with_name("theirs")
        theirs.write_bytes(b"theirs")
        if not exchange(path, theirs):
            pytest.skip("this file system can't exchange files")
        exchange(path, theirs)
        return theirs

    def write(self, path: Path, just_after_a_look: Callable[[], None]) -> None:
        def check(place: Path) -> None:
            found = place.read_bytes()
            just_after_a_look()
            if found != b"before":
                raise RefusedError("somebody else wrote")

        files.write_atomically(path, b"after", last_check=check)

    def test_it_is_replaced_if_nobody_else_writes(self, path: Path) -> None:
        self.write(path, lambda: None)
        assert path.read_bytes() == b"after"
        assert list(path.parent.iterdir()) == [path]

    def test_it_stays_if_somebody_wrote_before(self, path: Path) -> None:
        path.write_bytes(b"theirs")
        with pytest.raises(RefusedError):
            self.write(path, lambda: None)
        assert path.read_bytes() == b"theirs"
        assert list(path.parent.iterdir()) == [path]

    def test_what_somebody_saves_right_after_the_check_is_kept(
        self, path: Path, theirs: Path
    ) -> None:
        def save() -> None:
            if theirs.exists():
                theirs.replace(path)

        with pytest.raises(RefusedError):
            self.write(path, save)
        assert path.read_bytes() == b"theirs"
        assert list(path.parent.iterdir()) == [path]

    def test_what_somebody_saves_while_it_is_put_back_is_kept(
        self, path: Path, theirs: Path
    ) -> None:
        def save() -> None:
            if theirs.exists():
                theirs.replace(path)
            else:
                path.write_bytes(b"their newest")

        with pytest.raises(RefusedError):
            self.write(path, save)
        assert path.read_bytes() == b"their newest"
        assert list(path.parent.iterdir()) == [path]

    @pytest.mark.usefixtures("theirs")
    @pytest.mark.skipif(sys.platform != "linux", reason="only Linux can say so")
    def test_a_file_that_somebody_is_writing_is_left_to_them(
        self, path: Path
    ) -> None:
        with path.open("r+b") as file:
            with pytest.raises(ChangedError):
                self.write(path, lambda: None)
            file.write(b"theirs")
        assert path.read_bytes() == b"theirs"
        assert list(path.parent.glob("issue.md*")) == [path]

    @pytest.mark.usefixtures("theirs")
    def test_what_somebody_has_just_written_into_it_is_kept(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def close_it(place: Path) -> bool:
            place.write_bytes(b"theirs")
            return False

        monkeypatch.setattr(
            "briefing.storage.open_files.is_open_for_writing", close_it
        )
        with pytest.raises(RefusedError):
            self.write(path, lambda: None)
        assert path.read_bytes() == b"theirs"

    def test_a_file_that_somebody_is_replacing_is_left_to_them(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def let_it_appear(_first: Path, _second: Path) -> bool:
            path.write_bytes(b"theirs")
            raise FileNotFoundError

        monkeypatch.setattr("briefing.storage.exchange.exchange", let_it_appear)
        with pytest.raises(RefusedError):
            self.write(path, lambda: None)
        assert path.read_bytes() == b"theirs"
        assert list(path.parent.iterdir()) == [path]

    def test_without_an_exchange_it_is_still_checked_once(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # As on a file system that can't.
        monkeypatch.setattr(
            "briefing.storage.exchange._system_function", lambda: None
        )
        self.write(path, lambda: None)
        assert path.read_bytes() == b"after"
        with pytest.raises(RefusedError):
            self.write(path, lambda: None)
