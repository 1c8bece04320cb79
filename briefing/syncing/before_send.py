"""What a real send does about readers who have left or joined since the last sync."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from briefing import clock
from briefing.configuration.settings import Settings
from briefing.errors import RefusedError, TransportError
from briefing.keys import Key
from briefing.newsletter import Newsletter
from briefing.subscribers.formats import open_list
from briefing.subscribers.suppression import Suppression

from . import sources
from .planning.questions import Subject

if TYPE_CHECKING:
    from briefing.network.parallel import ShowSteps

    from .planning.plan import SyncPlan

_LEAVING = {Subject.DEPARTURES, Subject.COMPLAINTS}


class BeforeSend(StrEnum):
    """What comes before a real send."""

    NOTHING = "nothing"
    OFFER = "offer"
    SYNC = "sync"


def decide(settings: Settings, *, may_ask: bool) -> BeforeSend:
    """Return what comes before a real send; `may_ask`: someone is there to answer."""
    when = settings.subscribers.sync
    if when == "never" or not sources.names_for(settings):
        return BeforeSend.NOTHING
    if when == "before-send":
        return BeforeSend.SYNC
    return BeforeSend.OFFER if may_ask else BeforeSend.NOTHING


def refuse_incomplete(failures: dict[str, str], plan: "SyncPlan") -> None:
    """Raise RefusedError if readers who left could get the issue."""
    if failures:
        raise RefusedError(
            "readers may have unsubscribed without this computer knowing, so nothing was sent; try again later, or use "
            "--no-sync to send anyway"
        )
    held = _LEAVING & {question.subject for question in plan.questions}
    if held:
        raise RefusedError(
            "unusually many readers seem to have unsubscribed, so nothing was sent; look at them with "
            "'briefing subscribers sync'"
        )


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
    from .server.source import Server  # noqa: PLC0415
    from .server.tokens import valid_tokens  # noqa: PLC0415

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
