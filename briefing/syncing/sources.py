"""The sources of a sync that a newsletter has set up."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from briefing.configuration.settings import Settings
from briefing.errors import RefusedError
from briefing.keys import Key
from briefing.newsletter import Newsletter

if TYPE_CHECKING:
    from .reports import Source
    from .server import Identities

IS_SET_UP: Mapping[str, Callable[[Settings], bool]] = {
    "server": lambda settings: bool(settings.joining.url),
    "mailbox": lambda settings: settings.mailbox.leaving is not None,
    "sendgrid": lambda settings: (
        "sendgrid" in {settings.send.via, settings.unsubscribe.via}
    ),
}
"""Whether a source can be asked, by its name; in the order in which they are read."""
NAMES = tuple(IS_SET_UP)
HOW_TO_SET_UP = {
    "server": "'url' under [joining] in briefing.toml is empty",
    "mailbox": "'leaving' under [mailbox] in briefing.toml is empty",
    "sendgrid": "'via' under [send] in briefing.toml isn't 'sendgrid'",
}
NOTHING_SET_UP = (
    "there is nothing to sync with; 'briefing docs subscribers' says how to set up [joining], [mailbox] or "
    "sending through SendGrid"
)


def names_for(settings: Settings, wanted: Sequence[str] = ()) -> list[str]:
    """Return the names of the sources to read: those wanted, or those of [subscribers] sources, or
    all that are set up.

    Raises RefusedError for one that isn't set up.
    """
    chosen = wanted or settings.subscribers.sources
    for name in chosen:
        if not IS_SET_UP[name](settings):
            raise RefusedError(f"can't sync with {name}: {HOW_TO_SET_UP[name]}")
    return [
        name
        for name, is_set_up in IS_SET_UP.items()
        if (name in chosen if chosen else is_set_up(settings))
    ]


def connect(
    names: Sequence[str],
    newsletter: Newsletter,
    identities: "Identities",
    today: dt.date,
    *,
    seen: bool = False,
) -> "list[Source]":
    """Return the sources of these names. `seen`: see `mailbox.LeavingMailbox`.

    Raises RefusedError where a secret is missing, FileError.
    """
    found: list[Source] = []
    # The libraries of the sources would slow down the start of every command.
    if "server" in names:
        from .server import Server  # noqa: PLC0415

        found.append(Server(newsletter, identities, today))
    if "mailbox" in names:
        from .mailbox import LeavingMailbox  # noqa: PLC0415

        found.append(LeavingMailbox(newsletter, today, seen=seen))
    if "sendgrid" in names:
        from .sendgrid import SendGridLists  # noqa: PLC0415

        found.append(SendGridLists(newsletter, Key.of(newsletter)))
    return found
