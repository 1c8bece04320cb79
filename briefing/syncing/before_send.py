"""What a real send tells its server, and what it tells the editor about readers who have left."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from briefing import clock
from briefing.errors import RefusedError, TransportError
from briefing.keys import Key
from briefing.newsletter import Newsletter
from briefing.sending.ledger.records import ledger_path, open_ledger
from briefing.subscribers.formats import open_list
from briefing.subscribers.suppression import Removal, Suppression
from briefing.text.counts import counted

from .known_tokens import valid_tokens

if TYPE_CHECKING:
    from briefing.network.parallel import ShowSteps

MOST_LEFT = 20
MOST_LEFT_SHARE = 0.25
"""Of the list: if more readers have left since the last issue, the editor is told first."""
_OWN_WISH = {"left", "complaint"}


def renew_tokens(
    newsletter: Newsletter, key: Key, list_path: Path, show: "ShowSteps"
) -> None:
    """Tell the newsletter's server who gets the issue: if a reader that it doesn't know left, it would take
    that for a guess.

    Raises RefusedError if that can't be done.
    """
    if not newsletter.settings.joining.url:
        return
    # Their libraries, which take 20 ms, aren't needed by sends without a server.
    from .server import Server  # noqa: PLC0415

    tokens = valid_tokens(
        newsletter, open_list(list_path), key, Suppression.of(newsletter)
    )
    try:
        Server(newsletter, list, clock.today()).renew_tokens(tokens, show)
    except (TransportError, RefusedError) as error:
        raise RefusedError(
            f"{error}; nothing was sent, since new readers couldn't unsubscribe with their links; "
            "--no-sync sends anyway"
        ) from error


def describe_many_left(
    newsletter: Newsletter,
    key: Key,
    suppression: Suppression,
    leaving: Mapping[str, Removal] = MappingProxyType({}),
) -> str:
    """Return a sentence if unusually many readers have left since the last issue, those who are `leaving`
    now included; else nothing. Someone who has broken into the server could have faked it.
    """
    if not ledger_path(newsletter, rehearsal=False).exists():
        return ""
    with open_ledger(newsletter, key, rehearsal=False) as ledger:
        issue = next(iter(ledger.issues()), "")
        frozen = ledger.frozen(issue)
    if frozen is None:
        return ""
    day = frozen.at.astimezone().date().isoformat()
    gone = {**suppression.since(day), **leaving}
    left = sum(removal.reason in _OWN_WISH for removal in gone.values())
    if left <= min(MOST_LEFT, frozen.list_size * MOST_LEFT_SHARE):
        return ""
    return (
        f"{counted(left, 'reader')} of {frozen.list_size:,} left since issue {issue}. If you didn't expect that, check "
        "your server before you send: someone may have broken into it."
    )
