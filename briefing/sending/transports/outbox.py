"""The outbox: a Maildir on this computer, where each mail is a file to look at. Nothing is sent.

Mail programs can open the folder (mutt -f, or Thunderbird's import). The name of a reader's file is
a keyed digest: it contains neither host name nor address, and writing the mail again after a crash
replaces the file.
"""

import os
import shutil
from pathlib import Path

from briefing import files
from briefing.errors import BriefingError, display_path
from briefing.sending.schema import State
from briefing.sending.transports.base import Outcome, Queue


class Outbox:
    """A Maildir (cr.yp.to/proto/maildir.html) at `folder`."""

    name = "outbox"
    batch = 100
    connections = 1
    per_second = 0
    repeatable = True

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def open(self) -> None:
        for name in ("tmp", "new", "cur"):
            files.make_private_folder(self.folder / name)
        self._opened = {
            path.name.partition(":")[0] for path in (self.folder / "cur").iterdir()
        }

    def deliver(self, queue: Queue) -> None:
        while batch := queue.next():
            claimed = queue.claim(batch).wait()
            for mail in claimed.mails:
                message_id = claimed.message.message_id(mail.envelope.identity)
                name = message_id.partition("@")[0]
                # A mail program moves mails that it has shown to cur/.
                if name not in self._opened:
                    self._write(name, claimed.message.fill(mail.envelope))
            queue.settle([Outcome(mail, State.ACCEPTED) for mail in claimed.mails])

    def close(self) -> None:
        """Nothing is held open."""

    def clear(self) -> None:
        """Remove all mails, for a rehearsal that starts over."""
        old = self.folder.with_name(f".{self.folder.name}.old")
        shutil.rmtree(old, ignore_errors=True)
        if self.folder.is_dir():
            self.folder.rename(old)  # first: a crash leaves all mails in place, or none
            shutil.rmtree(old, ignore_errors=True)

    def _write(self, name: str, mail: bytes) -> None:
        temporary = self.folder / "tmp" / name
        try:
            temporary.unlink(missing_ok=True)
            descriptor = os.open(
                temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, files.PRIVATE_FILE
            )
            with os.fdopen(descriptor, "wb") as file:
                file.write(mail)
            temporary.rename(self.folder / "new" / name)
        except OSError as error:
            reason = (
                f"{display_path(self.folder)}: can't be written: {error.strerror}; "
                "run the same command again to continue"
            )
            raise BriefingError(reason) from error
