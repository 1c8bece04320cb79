"""A ledger is stored on a local disk, or nothing is sent."""

from pathlib import Path

import pytest

from briefing.sending.preflight import safe_folder

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


@pytest.mark.parametrize(
    "mounts", ["nfs4", "nfs", "cifs", "smb3", "fuse.sshfs", "9p"], indirect=True
)
def test_a_folder_on_a_network_drive_is_a_risk(mounts: Path) -> None:
    risk = safe_folder.find_risk(Path("/mnt/our share/brief/.briefing"), mounts)
    assert "is on a network drive" in risk
    assert risk.endswith(
        "move the newsletter to a local disk, and share it with git"
    )


@pytest.mark.parametrize("mounts", ["vfat", "exfat"], indirect=True)
def test_a_disk_without_file_permissions_is_a_risk(mounts: Path) -> None:
    assert "is on a disk without file permissions" in safe_folder.find_risk(
        Path("/mnt/our share/brief/.briefing"), mounts
    )


@pytest.mark.parametrize("mounts", ["nfs4"], indirect=True)
def test_a_local_disk_mounted_inside_a_network_drive_is_safe(
    mounts: Path,
) -> None:
    assert (
        safe_folder.find_risk(Path("/mnt/our share/local/brief"), mounts) == ""
    )
    assert safe_folder.find_risk(Path("/home/editor/brief"), mounts) == ""


def test_without_a_table_of_mounts_every_folder_is_safe(tmp_path: Path) -> None:
    assert safe_folder.find_risk(tmp_path, tmp_path / "nothing") == ""
