"""The sources of a sync that a newsletter has set up."""

from collections.abc import Callable, Mapping, Sequence

from briefing.errors import RefusedError
from briefing.keys import Key
from briefing.newsletter import Newsletter
from briefing.settings import Settings
from briefing.syncing.reports import Source

IS_SET_UP: Mapping[str, Callable[[Settings], bool]] = {
    "sendgrid": lambda settings: (
        "sendgrid" in {settings.send.via, settings.unsubscribe.via}
    ),
}
"""Whether a source can be asked, by its name; in the order in which they are read."""
NAMES = tuple(IS_SET_UP)
HOW_TO_SET_UP = {
    "sendgrid": '[send] via in briefing.toml isn\'t "sendgrid"',
}
NOTHING_SET_UP = (
    "there is nothing to sync with; set up [joining], [mailbox], or sending through SendGrid in "
    "briefing.toml"
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


def connect(newsletter: Newsletter, names: Sequence[str]) -> list[Source]:
    """Return the sources of these names. Raises RefusedError where a secret is missing, FileError."""
    key = Key.of(newsletter)
    return [_MAKERS[name](newsletter, key) for name in names]


# The libraries of the sources would slow down the start of every command.


def _sendgrid(newsletter: Newsletter, key: Key) -> Source:
    from briefing.syncing.sendgrid import SendGridLists  # noqa: PLC0415

    return SendGridLists(newsletter, key)


_MAKERS: Mapping[str, Callable[[Newsletter, Key], Source]] = {
    "sendgrid": _sendgrid,
}
