"""Find the password of the mailbox where readers write to leave."""

from briefing.configuration.mailbox_addresses import ImapFolder
from briefing.newsletter import Newsletter

from . import credentials
from .editor_secrets import MAILBOX


def mailbox_password(newsletter: Newsletter) -> str:
    """Return the password of the mailbox; "" for a Maildir, which has none. Raises RefusedError if it is
    missing, saying where to put it.
    """
    if not isinstance(newsletter.settings.mailbox.leaving, ImapFolder):
        return ""
    return credentials.require(newsletter, MAILBOX)
