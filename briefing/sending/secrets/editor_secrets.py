"""The secrets of an editor, besides those of the providers. They are listed here for commands that only
keep them from other programs, and need neither keys nor mailboxes.
"""

from .credentials import Secret

PRIVATE_KEY = Secret(
    "private key that decrypts readers' requests",
    "BRIEFING_PRIVATE_KEY",
    "private-key",
    "briefing-private-key",
)
SYNC_KEY = Secret(
    "sync key for your server",
    "BRIEFING_SYNC_KEY",
    "sync-key",
    "briefing-sync-key",
)
PASSPHRASE = Secret(
    "passphrase of your private key",
    "BRIEFING_KEY_PASSPHRASE",
    "key-passphrase",
    "briefing-key-passphrase",
)
"""Only its variable is used: a passphrase beside what it protects wouldn't protect it."""
MAILBOX = Secret(
    "password of the mailbox",
    "BRIEFING_MAILBOX_PASSWORD",
    "mailbox-password",
    "briefing-mailbox",
)
SECRETS = (PRIVATE_KEY, SYNC_KEY, PASSPHRASE, MAILBOX)
