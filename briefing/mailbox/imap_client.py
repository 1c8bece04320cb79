"""A connection to an IMAP server, over TLS whose certificate is always verified.

imap-tools logs in, opens the folder and searches; this module bounds what the server may answer, and
connects through the proxy.
"""

import contextlib
import imaplib
import socket
import ssl

import imap_tools

from briefing.network.proxy import Proxy, ProxyError
from briefing.network.public_hosts import is_private_host

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

    def __init__(self, host: str, port: int, proxy: Proxy | None) -> None:
        """Connect. Raises OSError, and ProxyError if the proxy can't."""
        self._proxy = proxy
        context = ssl.create_default_context()
        super().__init__(host, port, ssl_context=context, timeout=SECONDS)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        if self._proxy is None:
            direct: socket.socket = super()._create_socket(timeout)  # type: ignore[misc]  # typeshed leaves it out
            return direct
        connection = _connected_to(self._proxy)
        try:
            connection.settimeout(timeout)
            ascii_host = self.host.encode("idna").decode()
            self._proxy.connect(ascii_host, self.port, connection)
            context: ssl.SSLContext = self.ssl_context
            return context.wrap_socket(connection, server_hostname=self.host)
        except BaseException:
            connection.close()
            raise

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


class ImapConnection(imap_tools.BaseMailBox):
    """A connection of imap-tools that uses `BoundedClient`."""

    client: BoundedClient

    def __init__(self, host: str, port: int, proxy: str) -> None:
        """Connect; `proxy` is [collect] proxy. Servers on this computer or in a private network are
        reached without it.

        Raises OSError, also if the certificate can't be verified, and ProxyError.
        """
        self._server = host, port
        is_near = is_private_host(host.lower())
        self._proxy = Proxy(proxy) if proxy and not is_near else None
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
        return BoundedClient(*self._server, self._proxy)


def _connected_to(proxy: Proxy) -> socket.socket:
    try:
        return socket.create_connection(proxy.host_and_port, SECONDS)
    except OSError:
        raise ProxyError(
            f"can't be reached: there is no proxy at {proxy.address}; "
            "start it, or correct 'proxy' under [collect] in briefing.toml"
        ) from None
