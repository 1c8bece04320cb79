"""Where a ledger may lie: on a disk of this computer, whose locks hold and whose files nobody else replaces."""

import re
from pathlib import Path

from briefing.errors import RefusedError, shown

MOUNTS = Path("/proc/self/mountinfo")
"""Linux's list of what is mounted where (proc(5)); other systems aren't asked."""

_REMOTE = re.compile(
    r"nfs\d?|cifs|smb\d?|smbfs|afs|ceph|glusterfs|9p|davfs|fuse\.(?:sshfs|rclone|davfs\d?|s3fs|gvfsd.*)"
)
_WITHOUT_RIGHTS = re.compile(r"vfat|msdos|exfat")
_SYNCHRONISED = re.compile(
    r"dropbox|nextcloud|owncloud|onedrive.*|google ?drive|googledrive|icloud ?drive|mobile documents|seafile|syncthing|"
    r"pcloud ?drive|mega|tresorit",
    re.IGNORECASE,
)


def refuse_unsafe(folder: Path, mounts: Path = MOUNTS) -> None:
    """Raises RefusedError for a folder on another computer's disk, or on one whose files can't be kept private."""
    kind = _kind(folder, mounts)
    if _REMOTE.fullmatch(kind):
        raise RefusedError(
            f"{shown(folder)} lies on another computer ({kind}), where a lock may not hold and two could send at once; "
            "move the newsletter to a disk of this computer, and share it with git"
        )
    if _WITHOUT_RIGHTS.fullmatch(kind):
        raise RefusedError(
            f"{shown(folder)} lies on a disk without access rights ({kind}), where everybody could read the list; move "
            "the newsletter to another one"
        )


def synchronised(folder: Path) -> str:
    """The name of the folder around it that another program copies between computers; empty if none is known."""
    for part in folder.resolve().parents:
        if _SYNCHRONISED.fullmatch(part.name) or (part / ".stfolder").exists() or (part / ".dropbox").exists():
            return part.name
    return ""


def _kind(folder: Path, mounts: Path) -> str:
    """The kind of file system that a folder lies on; empty if it can't be known."""
    try:
        lines = mounts.read_text("utf-8", "replace").splitlines()
    except OSError:
        return ""
    real, best, kind = folder.resolve(), Path(), ""
    for line in lines:
        before, _, after = line.partition(" - ")
        fields = before.split(" ")
        point = (
            Path(re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), fields[4])) if len(fields) > 4 else None
        )
        # Of several on one place the last one counts.
        if point and real.is_relative_to(point) and len(point.parts) >= len(best.parts):
            best, kind = point, after.split(" ")[0]
    return kind
