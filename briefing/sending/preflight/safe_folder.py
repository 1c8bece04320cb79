"""Whether a folder is safe for a ledger: on a local disk, where locks hold and no other program
replaces files.
"""

import re
from pathlib import Path

from briefing.errors import display_path

MOUNTS = Path("/proc/self/mountinfo")
"""Linux's table of mounted file systems (proc(5)). Other systems have none, and nothing is refused
there.
"""

_REMOTE = re.compile(
    r"nfs\d?|cifs|smb\d?|smbfs|afs|ceph|glusterfs|9p|davfs|fuse\.(?:sshfs|rclone|davfs\d?|s3fs|gvfsd.*)"
)
_WITHOUT_PERMISSIONS = {"vfat", "msdos", "exfat"}
_OCTAL = re.compile(r"\\([0-7]{3})")


def find_risk(folder: Path, mounts: Path = MOUNTS) -> str:
    """Return why nothing may be sent from a folder, and what to do; empty if no risk is known."""
    kind = _find_file_system(folder, mounts)
    if _REMOTE.fullmatch(kind):
        return (
            f"{display_path(folder)} is on a network drive ({kind}), where two people could "
            "send at the same time; move the newsletter to a local disk, and share it with git"
        )
    if kind in _WITHOUT_PERMISSIONS:
        return (
            f"{display_path(folder)} is on a disk without file permissions ({kind}), where anyone could read the list; "
            "move the newsletter to another disk"
        )
    return ""


def _find_file_system(folder: Path, mounts: Path) -> str:
    """Return the type of the file system that holds a folder; empty if it is unknown."""
    try:
        lines = mounts.read_text("utf-8", "replace").splitlines()
    except OSError:
        return ""
    real = folder.resolve()
    around = {real, *real.parents}
    best = Path()
    kind = ""
    for line in lines:
        point, point_kind = _parse_mount(line)
        # The deepest mount point counts, and the last of several at the same path.
        if point in around and len(point.parts) >= len(best.parts):
            best = point
            kind = point_kind
    return kind


def _parse_mount(line: str) -> tuple[Path | None, str]:
    """Return the mount point and the file system's type from a line of mountinfo; (None, "") for
    any other line.
    """
    before, _, after = line.partition(" - ")
    fields = before.split(" ")
    if len(fields) < 5:
        return None, ""
    # Spaces are written as \040.
    point = _OCTAL.sub(lambda octal: chr(int(octal[1], 8)), fields[4])
    return Path(point), after.split(" ")[0]
