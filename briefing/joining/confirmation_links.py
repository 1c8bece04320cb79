"""What the link in a confirmation email carries, sealed with the server's key. No I/O."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from typing import ClassVar

from .seals import Seals


@dataclass(frozen=True, slots=True, repr=False)
class JoinLink:
    """Someone wants to get the newsletter."""

    kind: ClassVar = "join"

    address: str
    lang: str
    name: str
    form: str
    """As in `wishes.Join`."""
    asked: str


@dataclass(frozen=True, slots=True, repr=False)
class ChangeLink:
    """A reader wants to get the newsletter at another address."""

    kind: ClassVar = "change"

    address: str
    lang: str
    """The language of the email."""
    token: str
    new_lang: str
    """Empty: as before."""
    name: str
    """Empty: as before."""


ConfirmationLink = JoinLink | ChangeLink

_BY_KIND: Mapping[str, type[ConfirmationLink]] = {
    link.kind: link for link in (JoinLink, ChangeLink)
}


def seal(seals: Seals, link: ConfirmationLink, until: dt.date) -> str:
    """Return the link in a form that only this server can open, up to a day."""
    return seals.seal([link.kind, *astuple(link)], until)


def unseal(
    seals: Seals, sealed: str, today: dt.date
) -> ConfirmationLink | None:
    """Return what was sealed; None if it was changed, isn't ours, or is too old."""
    values = seals.unseal(sealed, today)
    if values is None:
        return None
    kind, *typed = values
    return _BY_KIND[kind](*typed)
