"""What a returned email says about the readers it couldn't reach."""

from dataclasses import dataclass
from enum import StrEnum


class BounceKind(StrEnum):
    """What an email means for the list, and so what has to be done about the reader."""

    DEAD = "dead"
    """The address, or its domain, doesn't exist any more, or takes no mail at all."""
    FULL = "full"
    """The mailbox is over its quota; it may be emptied."""
    REFUSED = "refused"
    """The fault is the sender's or the email's: listed, spam, policy, authentication, too large."""
    TEMPORARY = "temporary"
    """Time ran out, the network failed, a server or an account is out of order."""
    COMPLAINT = "complaint"
    """A reader reported an email as spam."""
    AUTOMATIC = "automatic"
    """The reader is away, or a ticket was opened: the mailbox works."""
    NONE = "none"
    """A person's email, a newsletter or spam: nothing came back."""
    OTHER = "other"
    """Delivered, read, held until the sender proves something, a report about mail; or a bounce that
    gives no reason.
    """


FAILURES = frozenset(
    {BounceKind.DEAD, BounceKind.FULL, BounceKind.REFUSED, BounceKind.TEMPORARY}
)


@dataclass(frozen=True, slots=True)
class Recipient:
    """A reader that an email couldn't reach, as the returned email names them.

    The address is as the other server wrote it: untrusted, and perhaps one to which the reader's
    email is forwarded. It is empty if no address is named.
    """

    address: str
    kind: BounceKind
    status: str = ""
    """The enhanced status code (RFC 3463), such as `5.1.1`; empty if none was given."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """What an email is, and which recipients it names."""

    kind: BounceKind
    recipients: tuple[Recipient, ...] = ()
    tokens: tuple[str, ...] = ()
    """Readers' tokens (30 hexadecimal digits) in the addresses and links of the returned email."""
