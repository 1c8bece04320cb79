"""Keep how far each mailbox has been read, in `.briefing/mailboxes.json`.

The file contains no address: a mailbox is named by a keyed digest.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from briefing.configuration.mailbox_addresses import MailboxAddress
from briefing.errors import FileError
from briefing.keys import Key
from briefing.newsletter import Newsletter
from briefing.storage import json_file

from .base import LENGTH, Position

FILE = "mailboxes.json"
DAMAGED = "can't be read; delete it, and the mailboxes will be read again from the beginning"
_LENGTH_OF_NAME = 16
"""Bytes of the digest that names a mailbox."""


@dataclass(frozen=True, slots=True)
class Positions:
    """The positions of a newsletter's mailboxes."""

    newsletter: Newsletter

    def of(self, address: MailboxAddress) -> Position:
        """Return up to where a mailbox was read. Raises BriefingError if the file is damaged."""
        positions = self._read()
        # Without this, looking at a mailbox for the first time would create the newsletter's key.
        if not positions or self._name(address) not in positions:
            return Position()
        try:
            kept = positions[self._name(address)]
            joined = bytes.fromhex(kept["digests"])
            starts = range(0, len(joined), LENGTH)
            digests = [joined[start : start + LENGTH] for start in starts]
            return Position(
                int(kept["validity"]), int(kept["uid"]), frozenset(digests)
            )
        except (TypeError, LookupError, ValueError):
            raise FileError(self._path, DAMAGED) from None

    def keep(self, address: MailboxAddress, position: Position) -> None:
        """Write down a position. To be called after what was read is accepted and saved."""
        kept = self._read()
        kept[self._name(address)] = {
            "validity": position.validity,
            "uid": position.uid,
            "digests": b"".join(sorted(position.digests)).hex(),
        }
        json_file.write_private(self._path, kept)

    @property
    def _path(self) -> Path:
        return self.newsletter.state / FILE

    def _name(self, address: MailboxAddress) -> str:
        # All of its fields: its `repr` leaves out the user.
        fields = repr([getattr(address, name) for name in address.__slots__])
        # Earlier versions also read a mailbox for collecting, which had another name.
        digest = Key.of(self.newsletter).digest("mailbox", "leaving", fields)
        return digest[:_LENGTH_OF_NAME].hex()

    def _read(self) -> dict[str, Any]:
        return json_file.read(self._path, dict, DAMAGED) or {}
