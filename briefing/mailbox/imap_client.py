"""A connection to an IMAP server, over TLS whose certificate is always verified.

imap-tools logs in, opens the folder and searches; this module bounds what the server may answer.
"""

import contextlib
import imaplib
import ssl

import imap_tools

SECONDS = 60
"""Without a byte from the server."""
MOST_BYTES = 64 * 1024 * 1024
"""Of the answer to one command."""


class TooMuchError(Exception):
    """The server answers more than it was asked for."""


class BoundedClient(imaplib.IMAP4_SSL):
    """Counts what the server sends: imaplib reads as much as the server announces."""

    received = 0
    """Bytes since `begin_answer`."""

    def begin_answer(self) -> None:
        """Begin to count again, before a command."""
        self.received = 0

    def read(self, size: int) -> bytes:
        """Read the content that the server announced. Raises TooMuchError."""
        self._count(size)
        return super().read(size)

    def readline(self) -> bytes:
        """Read a line of an answer. Raises TooMuchError."""
        line = super().readline()
        self._count(len(line))
        return line

    def _count(self, size: int) -> None:
        self.received += size
        if self.received > MOST_BYTES:
            raise TooMuchError


class Connection(imap_tools.BaseMailBox):
    """A connection of imap-tools that uses `BoundedClient`."""

    client: BoundedClient

    def __init__(self, host: str, port: int) -> None:
        """Connect. Raises OSError, also if the certificate can't be verified."""
        self._server = host, port
        super().__init__()

    def close(self) -> None:
        """Log out, and close the connection whatever the server answers."""
        with contextlib.suppress(
            imap_tools.ImapToolsError,
            imaplib.IMAP4.error,
            OSError,
            ValueError,
            TooMuchError,
        ):
            self.client.begin_answer()
            self.logout()
        with contextlib.suppress(OSError):
            self.client.shutdown()

    def _get_mailbox_client(self) -> BoundedClient:
        host, port = self._server
        return BoundedClient(
            host,
            port,
            ssl_context=ssl.create_default_context(),
            timeout=SECONDS,
        )
