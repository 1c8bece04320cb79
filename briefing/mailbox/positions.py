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

from .identity import LENGTH
from .position import Position, Purpose

FILE = "mailboxes.json"
DAMAGED = "can't be read; delete it, and the mailboxes will be read again from the beginning"
_LENGTH_OF_NAME = 16
"""Bytes of the digest that names a mailbox."""


@dataclass(frozen=True, slots=True)
class Positions:
    """The positions of a newsletter's mailboxes."""

    newsletter: Newsletter

    def of(self, purpose: Purpose, address: MailboxAddress) -> Position:
        """Return up to where a mailbox was read. Raises BriefingError if the file is damaged."""
        positions = self._read()
        if not positions:
            # Without this, looking at a mailbox for the first time would create the newsletter's key.
            return Position()
        kept = positions.get(self._name(purpose, address))
        if kept is None:
            return Position()
        try:
            return _from_json(kept)
        except (TypeError, LookupError, ValueError):
            raise FileError(self._path, DAMAGED) from None

    def keep(
        self, purpose: Purpose, address: MailboxAddress, position: Position
    ) -> None:
        """Write down a position. To be called after what was read is accepted and saved."""
        kept = self._read()
        kept[self._name(purpose, address)] = _as_json(position)
        json_file.write_private(self._path, kept)

    @property
    def _path(self) -> Path:
        return self.newsletter.state / FILE

    def _name(self, purpose: Purpose, address: MailboxAddress) -> str:
        key = Key.of(self.newsletter)
        return key.digest("mailbox", purpose, _text(address))[
            :_LENGTH_OF_NAME
        ].hex()

    def _read(self) -> dict[str, Any]:
        return json_file.read(self._path, _require_object, DAMAGED) or {}


def _require_object(kept: Any) -> dict[str, Any]:
    if not isinstance(kept, dict):
        raise TypeError("it isn't an object")
    return kept


def _text(address: MailboxAddress) -> str:
    """Return everything that tells a mailbox from others, including the user, which its `repr` leaves out."""
    return repr([getattr(address, name) for name in address.__slots__])


def _as_json(position: Position) -> dict[str, Any]:
    return {
        "validity": position.validity,
        "uid": position.uid,
        "digests": b"".join(sorted(position.digests)).hex(),
    }


def _from_json(kept: dict[str, Any]) -> Position:
    joined = bytes.fromhex(kept["digests"])
    digests = frozenset(
        joined[start : start + LENGTH]
        for start in range(0, len(joined), LENGTH)
    )
    return Position(int(kept["validity"]), int(kept["uid"]), digests)
