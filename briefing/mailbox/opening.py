"""Open a mailbox of any kind."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from briefing.configuration.mailbox_addresses import ImapFolder, MailboxAddress
from briefing.errors import MailboxError, display_path

from .base import Mailbox
from .maildir import Maildir
from .mbox import Mbox


@contextmanager
def open_mailbox(
    address: MailboxAddress, password: str, folder: Path, *, proxy: str
) -> Iterator[Mailbox]:
    """Open a mailbox for reading, and close it at the end.

    `password` and `proxy`, [collect] proxy, are for an IMAP server; relative paths begin at `folder`, the
    newsletter's. Raises MailboxError, with one line that says what to do.
    """
    mailbox = _open(address, password, folder, proxy)
    try:
        yield mailbox
    finally:
        mailbox.close()


def _open(
    address: MailboxAddress, password: str, folder: Path, proxy: str
) -> Mailbox:
    if isinstance(address, ImapFolder):
        from .imap import ImapMailbox  # noqa: PLC0415  # slow to import, and few need it

        return ImapMailbox(address, password, proxy)
    path = folder / Path(address.path).expanduser()
    name = display_path(path)
    if Maildir.is_at(path):
        return Maildir(path, name)
    if path.is_dir():
        raise MailboxError(
            f"{name}: isn't a Maildir, which has the folders 'new' and 'cur'; give the path of the Maildir itself"
        )
    if not path.exists():
        raise MailboxError(
            f"{name}: there is no such mailbox; check its path in briefing.toml"
        )
    return Mbox(path, name)
