"""A ledger lies on a disk of this computer, or nothing is sent."""

from pathlib import Path

import pytest

from briefing.errors import RefusedError
from briefing.sending import place

MOUNTS = """\
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 22 0:40 / /mnt/our\\040share rw - {kind} server:/share rw
31 30 8:2 / /mnt/our\\040share/local rw - ext4 /dev/sdb1 rw
"""


@pytest.fixture
def mounts(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    path = tmp_path / "mountinfo"
    path.write_text(MOUNTS.format(kind=request.param))
    return path


@pytest.mark.parametrize("mounts", ["nfs4", "nfs", "cifs", "smb3", "fuse.sshfs", "9p"], indirect=True)
def test_a_folder_on_another_computer_is_refused(mounts: Path) -> None:
    with pytest.raises(RefusedError, match=r"lies on another computer .* share it with git"):
        place.refuse_unsafe(Path("/mnt/our share/brief/.briefing"), mounts)


@pytest.mark.parametrize("mounts", ["vfat", "exfat"], indirect=True)
def test_a_disk_without_access_rights_is_refused(mounts: Path) -> None:
    with pytest.raises(RefusedError, match="without access rights"):
        place.refuse_unsafe(Path("/mnt/our share/brief/.briefing"), mounts)


@pytest.mark.parametrize("mounts", ["nfs4"], indirect=True)
def test_what_is_mounted_within_it_counts_for_itself(mounts: Path) -> None:
    place.refuse_unsafe(Path("/mnt/our share/local/brief"), mounts)
    place.refuse_unsafe(Path("/home/editor/brief"), mounts)


def test_where_the_system_does_not_tell_nothing_is_refused(tmp_path: Path) -> None:
    place.refuse_unsafe(tmp_path, tmp_path / "nothing")


@pytest.mark.parametrize("name", ["Dropbox", "Nextcloud", "OneDrive - Example Watch", "Google Drive", "iCloud Drive"])
def test_a_folder_that_another_program_copies_about_is_known_by_its_name(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name / "work" / "brief"
    folder.mkdir(parents=True)
    assert place.synchronised(folder) == name
    assert place.synchronised(tmp_path) == ""


def test_or_by_what_the_program_keeps_in_it(tmp_path: Path) -> None:
    folder = tmp_path / "shared" / "brief"
    folder.mkdir(parents=True)
    (tmp_path / "shared" / ".stfolder").mkdir()
    assert place.synchronised(folder) == "shared"
