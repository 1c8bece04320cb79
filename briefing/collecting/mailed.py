"""Decide which emails to the inbox count. No I/O.

Anyone can write to a mailbox. An email counts if it comes from a colleague named in the settings, and
the mail server proved that.
"""

from collections.abc import Collection
from enum import StrEnum

from briefing.mailbox.authentication import passed_dmarc
from briefing.mailbox.headers import Header

LARGEST = 25 * 1024 * 1024
"""Bytes of an email. Most mail servers take no larger ones."""


class MailRefusal(StrEnum):
    """Why an email was left out; the value is stable, for programs."""

    SENDER = "sender"
    PROOF = "proof"
    AUTOMATIC = "automatic"
    SIZE = "size"
    EMPTY = "empty"
    OLDER = "older"


REASONS = {
    MailRefusal.SENDER: "not from an address in 'senders' under [mailbox] in briefing.toml",
    MailRefusal.PROOF: (
        "sender not verified by the mail server (DMARC); if it is a colleague, "
        "compare 'checked_by' in briefing.toml with Authentication-Results in the email"
    ),
    MailRefusal.AUTOMATIC: "written by a program, such as an out-of-office notice",
    MailRefusal.SIZE: f"larger than {LARGEST // 1024 // 1024} MB; ask for the link, or for a smaller file",
    MailRefusal.EMPTY: "with neither a link nor an article",
    MailRefusal.OLDER: "sent before the day in --since; an earlier day includes them",
}
"""In words for the editor, worded to follow a number of emails."""


def refusal(
    header: Header, size: int, senders: Collection[str], checked_by: str
) -> MailRefusal | None:
    """Return why an email doesn't count; None if it does, as far as its header and size say."""
    allowed = {sender.lower() for sender in senders}
    if header.sender not in allowed:
        return MailRefusal.SENDER
    if not passed_dmarc(header, checked_by):
        return MailRefusal.PROOF
    # RFC 3834 5: only "no" says that a person wrote it.
    if header.first("Auto-Submitted").lower() not in {"", "no"}:
        return MailRefusal.AUTOMATIC
    if size >= LARGEST:
        return MailRefusal.SIZE
    return None
