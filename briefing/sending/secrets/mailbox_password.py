"""Find the password of a mailbox."""

from briefing.configuration.mailbox_addresses import ImapFolder
from briefing.mailbox.position import Purpose
from briefing.newsletter import Newsletter

from . import credentials
from .editor_secrets import INBOX, MAILBOX


def password_for(newsletter: Newsletter, purpose: Purpose) -> str:
    """Return the password of a mailbox; "" for one on this computer, which has none. Raises
    RefusedError if it is missing, saying where to put it.
    """
    settings = newsletter.settings.mailbox
    address = settings.inbox if purpose is Purpose.INBOX else settings.leaving
    if not isinstance(address, ImapFolder):
        return ""
    leaving = settings.leaving
    has_own = (
        isinstance(leaving, ImapFolder) and leaving.account != address.account
    )
    is_inbox = purpose is Purpose.INBOX
    return credentials.find(
        newsletter, INBOX if is_inbox and has_own else MAILBOX
    )
