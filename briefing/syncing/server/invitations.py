"""Invitations: links by which people can join while [joining] mode is "invited".

The server knows only their digests, so someone who seizes it can't invite anyone. The link of an
invitation is shown once, and kept nowhere.
"""

import datetime as dt
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from briefing.errors import RefusedError
from briefing.joining import protocol
from briefing.newsletter import Newsletter
from briefing.storage import json_file
from briefing.subscribers.subscriber import clean

from .api import ServerApi

FILE = "invitations.json"
DAMAGED = "can't be read; delete it, and make new invitations: the next one withdraws all earlier ones"
CODE_BYTES = 16
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Invitation:
    """A valid invitation."""

    name: str
    """What the editor calls it; the server doesn't know it."""
    day: str
    """When it was made, in ISO 8601."""
    digest: str
    """Of the code in its link, hexadecimal."""


class Invitations:
    """A newsletter's invitations. Each change goes to the server first: what is recorded here is
    valid there.
    """

    def __init__(self, newsletter: Newsletter) -> None:
        """Raises FileError if the record can't be read."""
        self._path = newsletter.state / FILE
        self._url = newsletter.settings.joining.url
        self.all: Sequence[Invitation] = (
            json_file.read(self._path, _build, DAMAGED) or []
        )

    def add(self, api: ServerApi, name: str, day: dt.date) -> str:
        """Make an invitation, and return its link. Raises RefusedError if there is one of this name
        already or if there are too many, TransportError, BriefingError.
        """
        name = clean(name)[:LONGEST_NAME]
        if self.find(name):
            raise RefusedError(
                f"there is an invitation '{name}' already; choose another name, or withdraw it first"
            )
        if len(self.all) >= protocol.MOST_INVITATIONS:
            raise RefusedError(
                f"there are {len(self.all):,} invitations, and the server accepts no more; withdraw some first"
            )
        code = secrets.token_urlsafe(CODE_BYTES)
        digest = protocol.token_digest(code).hex()
        self._change(
            api, [*self.all, Invitation(name, day.isoformat(), digest)]
        )
        return f"{self._url}/join/{code}"

    def withdraw(self, api: ServerApi, name: str) -> None:
        """End an invitation: its link no longer works. Raises RefusedError if there is none of this
        name, TransportError, BriefingError.
        """
        found = self.find(clean(name)[:LONGEST_NAME])
        if found is None:
            raise RefusedError(
                f"there is no invitation '{clean(name)}'; 'briefing subscribers invite' lists them"
            )
        self._change(api, [each for each in self.all if each != found])

    def find(self, name: str) -> Invitation | None:
        return next((each for each in self.all if each.name == name), None)

    def _change(self, api: ServerApi, changed: Sequence[Invitation]) -> None:
        api.replace_invitations(_digests(changed))
        json_file.write_private(self._path, list(map(asdict, changed)))
        self.all = changed


def _digests(invitations: Iterable[Invitation]) -> bytes:
    return b"".join(bytes.fromhex(each.digest) for each in invitations)


def _build(given: Any) -> list[Invitation]:
    found = [Invitation(**each) for each in given]
    _digests(found)
    return found
