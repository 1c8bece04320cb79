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
    leaving = settings.leaving
    address = settings.inbox if purpose is Purpose.INBOX else leaving
    if not isinstance(address, ImapFolder):
        return ""
    is_another_account = (
        isinstance(leaving, ImapFolder) and leaving.account != address.account
    )
    return credentials.require(
        newsletter, INBOX if is_another_account else MAILBOX
    )
