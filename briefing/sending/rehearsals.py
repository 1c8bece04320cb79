"""The emails of rehearsals: where they are, and when they are deleted.

`rehearsal/2020-10-09/001-en.eml` contains a reader's name and address, unlike everything else that a
send leaves behind. So rehearsals are kept out of git, and deleted by the real send of their issue and by
the first command after a week. Files of other names aren't ours, and stay.
"""

import contextlib
import datetime as dt
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from briefing.errors import BriefingError, display_path
from briefing.issue import store
from briefing.newsletter import Newsletter
from briefing.storage import files

KEPT = dt.timedelta(days=7)
"""How long a rehearsal is kept."""

_NAME = re.compile(r"\d{3,}-[A-Za-z0-9-]+\.eml")
_IGNORED = {b"/rehearsal/", b"/rehearsal", b"rehearsal/", b"rehearsal"}


def folder_of(newsletter: Newsletter, issue: str) -> Path:
    """Return the folder of an issue's rehearsal, whether or not it exists."""
    return newsletter.rehearsals / issue


def file_name(number: int, total: int, lang: str) -> str:
    """Return the name of the file with the email of this number, such as `001-en.eml`."""
    digits = max(len(str(total)), 3)
    return f"{number:0{digits}}-{lang}.eml"


def make_folder(newsletter: Newsletter, issue: str) -> Path:
    """Return the folder for a new rehearsal of an issue: empty, private, and ignored by git.

    Raises RefusedError if there is a link in its way, and BriefingError if it can't be written.
    """
    files.refuse_links(newsletter.rehearsals)
    _add_to_gitignore(newsletter.root / ".gitignore")
    clear(newsletter, issue)
    files.make_private_folder(newsletter.rehearsals)
    return files.make_private_folder(folder_of(newsletter, issue))


def folders(newsletter: Newsletter) -> list[Path]:
    """Return the folders of all rehearsals that have emails, the newest issue first."""
    found = [
        folder
        for folder in _entries(newsletter.rehearsals)
        if store.ID.fullmatch(folder.name) and any(_mails(folder))
    ]
    return sorted(found, reverse=True)


def mails(folder: Path) -> list[Path]:
    """Return the emails of a rehearsal in their order."""
    return sorted(_mails(folder))


def clear(newsletter: Newsletter, issue: str) -> None:
    """Delete the emails of an issue's rehearsal. Raises BriefingError if one can't be deleted."""
    folder = folder_of(newsletter, issue)
    for mail in _mails(folder):
        try:
            mail.unlink(missing_ok=True)
        except OSError as error:
            raise BriefingError(
                f"{display_path(mail)}: can't be deleted ({error.strerror}); delete it yourself, because it contains "
                "a reader's address"
            ) from error
    _remove_if_empty(folder)


def clear_old(newsletter: Newsletter, now: dt.datetime) -> list[str]:
    """Delete the rehearsals whose emails were written more than a week before `now`; return their
    issues.

    What older versions kept of rehearsals goes at once. Raises BriefingError.
    """
    _clear_older_versions(newsletter)
    latest = (now - KEPT).timestamp()
    old = [
        folder for folder in folders(newsletter) if _is_older(folder, latest)
    ]
    for folder in old:
        clear(newsletter, folder.name)
    return [folder.name for folder in old]


def _mails(folder: Path) -> Iterator[Path]:
    """Yield our files in a folder; none if it is missing, or if a link leads there."""
    if folder.is_symlink() or folder.parent.is_symlink():
        return
    for path in _entries(folder):
        if _NAME.fullmatch(path.name):
            yield path


def _entries(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        # It is missing or isn't a folder, or another command is deleting it.
        return []


def _is_older(folder: Path, latest: float) -> bool:
    """Whether the emails in a folder, all written by one command, are older than a time."""
    for mail in _mails(folder):
        with contextlib.suppress(FileNotFoundError):
            return mail.lstat().st_mtime < latest
    return False


def _clear_older_versions(newsletter: Newsletter) -> None:
    """Delete their outbox, and the ledger that rehearsals had."""
    shutil.rmtree(newsletter.state / "outbox", ignore_errors=True)
    for ending in ("", "-wal", "-shm"):
        ledger = newsletter.state / f"rehearsal.sqlite{ending}"
        ledger.unlink(missing_ok=True)


def _remove_if_empty(folder: Path) -> None:
    for path in (folder, folder.parent):
        try:
            path.rmdir()
        except OSError:  # it is missing, or someone keeps a file there
            return


def _add_to_gitignore(path: Path) -> None:
    """Have git ignore rehearsals, also in a folder that an older version made."""
    files.refuse_links(path)
    try:
        data = files.read(path) if path.exists() else b""
    except OSError as error:
        raise BriefingError(
            f"{display_path(path)}: can't be read ({error.strerror}); check its permissions"
        ) from error
    if _IGNORED.isdisjoint(map(bytes.strip, data.splitlines())):
        joint = b"" if not data or data.endswith(b"\n") else b"\n"
        files.write_atomically(path, data + joint + b"/rehearsal/\n")
