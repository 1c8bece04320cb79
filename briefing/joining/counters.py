"""What the server counts. Besides requests, it keeps nothing but these numbers."""

from enum import StrEnum


class Counter(StrEnum):
    """Each counts since the database was made; home shows how much was added since last time."""

    LEFT = "left"
    LEFT_UNKNOWN = "left-unknown"
    """With a token that the server doesn't know."""
    ASKED = "asked"
    """Forms to join that were filled in properly."""
    MAILED = "mailed"
    """Confirmation emails that were handed to the mail server."""
    NOT_MAILED = "not-mailed"
    """Confirmation emails that it refused, or didn't take in time."""
    QUEUED = "queued"
    """Joins that wait for an editor's agreement."""
    REPEATED = "repeated"
    """Forms with an address that already got an email on that day."""
    JOINED = "joined"
    CHANGED = "changed"
    CHANGED_UNKNOWN = "changed-unknown"
    UNDONE = "undone"
    """Changes of address that were undone."""
    UNDONE_UNKNOWN = "undone-unknown"
    FIND = "find"
    ROBOT = "robot"
    """Forms in which a field was filled in that people don't see."""
    AGAIN = "again"
    """Forms that were shown again: sent off too fast, too late or too often, without our token, or with
    a mistake.
    """
    NOT_INVITED = "not-invited"
    FULL = "full"
    """Requests that were turned away because too many wait already."""
