"""Why readers are unsubscribed, and why a report about one changes nothing. No I/O."""

import datetime as dt
from enum import StrEnum

from briefing.subscribers.suppression import Removal

LEFT = "left"
COMPLAINT = "complaint"
MOVE_UNDONE = "address taken back"
BOUNCED = "bounced"
FULL = "mailbox full"
UNREACHABLE = "unreachable"
LIFTED_BY_JOINING = frozenset(
    {LEFT, MOVE_UNDONE, "asked", BOUNCED, FULL, UNREACHABLE}
)
"""Reasons that no longer count once the reader joins again."""


class Ignored(StrEnum):
    """Why a report changes nothing."""

    KNOWN = "known"
    """It was carried out before."""
    UNKNOWN = "unknown"
    """No one on the list is meant."""
    OUTDATED = "outdated"
    """It is older than the reader's return, or than their leaving, or about an address from which they have moved."""
    COMPLAINED = "complained"
    """Someone who reported an email as spam wants to join or asks for a link."""
    KEPT_OUT = "kept out"
    """Someone the editors have unsubscribed for a reason of their own wants to join."""
    UNUSABLE = "unusable"
    """The address isn't one, or another reader has it."""
    FIXED = "fixed"
    """Something is to be changed by the link of a reader who undid a change of their address."""
    UNPROVED = "unproved"
    """An email that asks to leave doesn't prove who sent it."""


def why_kept_out(removal: Removal | None, day: dt.date) -> Ignored | None:
    """Return why someone who asks to join stays unsubscribed, given how they left, if they did; None
    if nothing keeps them out.
    """
    if removal is None:
        return None
    if removal.is_complaint:
        return Ignored.COMPLAINED
    if removal.reason not in LIFTED_BY_JOINING:
        return Ignored.KEPT_OUT
    if removal.date > day.isoformat():
        return Ignored.OUTDATED
    return None
