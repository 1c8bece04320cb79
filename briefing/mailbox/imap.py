"""A folder on an IMAP server, opened with EXAMINE, which can't change anything (RFC 9051 6.3.3).

The connection uses TLS, and the certificate is always verified. imap-tools logs in, opens the folder and
searches; this module bounds what the server may answer, and connects through the proxy.
"""

import contextlib
import imaplib
import re
import socket
import ssl
from collections.abc import Iterator, Sequence
from typing import Any

import imap_tools

from briefing.configuration.mailbox_addresses import ImapFolder
from briefing.errors import MailboxError
from briefing.network.proxy import Proxy, ProxyError
from briefing.network.public_hosts import is_private_host

from .base import LARGEST, Mark, Position, StoredMail, digest_of

SECONDS = 60
"""Without a byte from the server."""
MOST_BYTES = 64 * 1024 * 1024
"""Of the answer to one command."""
AT_ONCE = 10
"""Emails that one command asks for."""
_MOST_NAMED = 10
"""Folders that a message names."""
_UID = re.compile(rb"\bUID (\d{1,10})\b")


class TooMuchError(OSError):
    """The server answers more than it was asked for."""


_FAILURES: Sequence[tuple[type[BaseException], str]] = (
    (
        ssl.SSLCertVerificationError,
        "the server's certificate isn't valid ({error.verify_message}); check the host name, or ask whoever runs the "
        "server",
    ),
    (
        socket.gaierror,
        "there is no such server, or no connection to the internet; check the host name",
    ),
    (ProxyError, "{error}"),
    (
        TooMuchError,
        "the server sent more than it was asked for, so nothing was read; try again, or ask whoever runs the server",
    ),
    (OSError, "can't be reached ({reason}); try again later"),
)
"""What errors of the network mean; specific ones come first."""
_NOT_UNDERSTOOD = "the connection was lost, or the server's answer can't be understood; try again later"


class BoundedClient(imaplib.IMAP4_SSL):
    """Counts what the server sends: imaplib reads as much as the server announces."""

    received = 0
    """Bytes since a command was sent."""

    def __init__(self, host: str, port: int, proxy: str) -> None:
        """Connect; servers on this computer or in a private network are reached without the proxy. Raises
        OSError, and ProxyError if the proxy can't.
        """
        is_near = is_private_host(host.lower())
        self._proxy = Proxy(proxy) if proxy and not is_near else None
        context = ssl.create_default_context()
        super().__init__(host, port, ssl_context=context, timeout=SECONDS)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        if self._proxy is None:
            direct: socket.socket = super()._create_socket(timeout)  # type: ignore[misc]  # typeshed leaves it out
            return direct
        try:
            place = self._proxy.host_and_port
            connection = socket.create_connection(place, timeout)
        except OSError:
            raise ProxyError(
                f"can't be reached: there is no proxy at {self._proxy.address}; "
                "start it, or correct 'proxy' under [collect] in briefing.toml"
            ) from None
        try:
            ascii_host = self.host.encode("idna").decode()
            self._proxy.connect(ascii_host, self.port, connection)
            context: ssl.SSLContext = self.ssl_context
            return context.wrap_socket(connection, server_hostname=self.host)
        except BaseException:
            connection.close()
            raise

    def send(self, data: Any) -> None:
        """Send a command, and begin to count again."""
        self.received = 0
        super().send(data)

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


class _Connection(imap_tools.BaseMailBox):
    """A connection of imap-tools that uses `BoundedClient`."""

    client: BoundedClient

    def __init__(self, host: str, port: int, proxy: str) -> None:
        self._place = host, port, proxy
        super().__init__()

    def _get_mailbox_client(self) -> BoundedClient:
        return BoundedClient(*self._place)


class ImapMailbox:
    """A folder on an IMAP server."""

    def __init__(self, address: ImapFolder, password: str, proxy: str) -> None:
        """Log in and open the folder; `proxy` is [collect] proxy. Raises MailboxError, with one line that
        says what to do.
        """
        self.name = f"folder {address.folder} at {address.host}"
        self._host = address.host
        with self._errors_reported():
            self._connection = _Connection(address.host, address.port, proxy)
        try:
            with self._errors_reported():
                self._log_in(address.user, password)
                self.validity = self._open(address.folder)
        except BaseException:
            self.close()
            raise

    def count(self, position: Position) -> int:
        """Return how many emails have a new uid."""
        return len(self._uids(position))

    def after(self, position: Position) -> Iterator[StoredMail]:
        """Yield the emails after a position, by uid. Raises MailboxError."""
        uids = self._uids(position)
        for start in range(0, len(uids), AT_ONCE):
            found = self._fetch(uids[start : start + AT_ONCE])
            for uid, data in sorted(found.items()):
                digest = digest_of(data)
                if data and digest not in position.digests:
                    yield StoredMail(Mark(digest, uid), data)

    def close(self) -> None:
        """Log out, and close the connection whatever the server answers."""
        with contextlib.suppress(MailboxError), self._errors_reported():
            self._connection.logout()
        with contextlib.suppress(OSError):
            self._connection.client.shutdown()

    def _uids(self, position: Position) -> list[int]:
        first = position.first_uid(self.validity)
        with self._errors_reported():
            found = self._connection.uids(f"UID {first}:*", charset=None)
            # If no email is new, servers name the last one (RFC 9051 9, seq-range).
            return sorted({uid for uid in map(int, found) if uid >= first})

    def _fetch(self, uids: list[int]) -> dict[int, bytes]:
        """Return the first bytes of emails by uid. Those that the server doesn't have any more are
        missing.
        """
        with self._errors_reported():
            status, answer = self._connection.client.uid(
                "FETCH",
                ",".join(map(str, uids)),
                f"(UID BODY.PEEK[]<0.{LARGEST}>)",
            )
            if status != "OK":
                raise imaplib.IMAP4.error(status)
        found: dict[int, bytes] = {}
        for part, after in zip(answer, [*answer[1:], b""], strict=True):
            # imaplib gives content in a tuple, behind the line that announced it.
            if isinstance(part, tuple):
                # Servers may name the uid before the content or after it.
                rest = after if isinstance(after, bytes) else b""
                if uid := _UID.search(part[0] + rest):
                    found[int(uid[1])] = part[1][:LARGEST]
        return found

    def _log_in(self, user: str, password: str) -> None:
        try:
            # LOGIN takes ASCII only.
            if (user + password).isascii():
                self._connection.login(user, password, None)
            else:
                self._connection.login_utf8(user, password, None)
        except imaplib.IMAP4.abort:
            raise
        except (imap_tools.MailboxLoginError, imaplib.IMAP4.error):
            # Without the server's words: they can name the user.
            raise MailboxError(
                f"{self._host}: the server rejects the user name or the password; check both, "
                "and whether the account needs an app password"
            ) from None

    def _open(self, folder: str) -> int:
        """Open a folder for reading; return its UIDVALIDITY."""
        try:
            self._connection.folder.set(folder, readonly=True)
        except imap_tools.MailboxFolderSelectError:
            found = self._connection.folder.list()
            names = [info.name for info in found if info.name.isprintable()]
            raise MailboxError(
                f"{self._host}: there is no folder '{folder}'; correct the end of its address under [mailbox]. "
                f"The folders are: {', '.join(names[:_MOST_NAMED])}"
            ) from None
        _, values = self._connection.client.response("UIDVALIDITY")
        return int(values[0] or b"0")

    @contextlib.contextmanager
    def _errors_reported(self) -> Iterator[None]:
        """Raise MailboxError, in one line and without the server's words, for whatever goes wrong."""
        try:
            yield
        except (
            ProxyError,
            OSError,
            imap_tools.ImapToolsError,
            imaplib.IMAP4.error,
            ValueError,
            LookupError,
        ) as error:
            reason = getattr(error, "strerror", None) or "no answer"
            meanings = (
                words.format(error=error, reason=reason)
                for kind, words in _FAILURES
                if isinstance(error, kind)
            )
            words = next(meanings, _NOT_UNDERSTOOD)
            raise MailboxError(f"{self._host}: {words}") from None
