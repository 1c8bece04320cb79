"""The outbox, for rehearsals: each email is a file on this computer, to be opened in a mail app.
Nothing is sent.
"""

import os
from pathlib import Path

from briefing.errors import BriefingError, display_path
from briefing.newsletter import Newsletter
from briefing.sending import rehearsals
from briefing.sending.ledger.schema import State
from briefing.storage import files

from .base import Outcome, Queue


class Outbox:
    """Writes the emails of an issue into its rehearsal's folder, numbered in their order."""

    name = "outbox"
    batch = 100
    connections = 1
    per_second = 0

    def __init__(self, newsletter: Newsletter, issue: str, total: int) -> None:
        """`total`: how many emails there will be, which decides how many digits a number has."""
        self._newsletter = newsletter
        self._issue = issue
        self._total = total

    def open(self) -> None:
        self._folder = rehearsals.make_folder(self._newsletter, self._issue)
        self._written = 0

    def deliver(self, queue: Queue) -> None:
        while batch := queue.next():
            claimed = queue.claim(batch).wait()
            for mail in claimed.mails:
                self._written += 1
                lang = claimed.message.rendered.lang
                name = rehearsals.file_name(self._written, self._total, lang)
                self._write(
                    self._folder / name, claimed.message.fill(mail.envelope)
                )
            queue.settle(
                [Outcome(mail, State.ACCEPTED) for mail in claimed.mails]
            )

    def close(self) -> None:
        """Nothing is held open."""

    def _write(self, path: Path, mail: bytes) -> None:
        try:
            # Exclusively: a link that someone put there isn't followed.
            descriptor = os.open(
                path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, files.PRIVATE_FILE
            )
            with os.fdopen(descriptor, "wb") as file:
                file.write(mail)
        except OSError as error:
            reason = (
                f"{display_path(self._folder)}: can't be written: {files.reason(error)}; "
                "run the same command again"
            )
            raise BriefingError(reason) from error
