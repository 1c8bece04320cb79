"""A folder on an IMAP server, opened with EXAMINE, which can't change anything (RFC 9051 6.3.3)."""

import contextlib
import imaplib
import socket
import ssl
from collections.abc import Iterator
from typing import Any

import imap_tools

from briefing.configuration.mailbox_addresses import ImapFolder
from briefing.errors import MailboxError
from briefing.network.proxy import ProxyError

from .base import LARGEST, StoredMail
from .identity import digest_of
from .imap_answers import as_set, bodies, in_batches, sizes
from .imap_client import ImapConnection, TooMuchError
from .position import Mark, Position

PAGE = 200
"""The emails whose sizes one command asks for."""
_MOST_NAMED = 10
"""Folders that a message names."""


class ImapMailbox:
    """A folder on an IMAP server."""

    def __init__(self, address: ImapFolder, password: str, proxy: str) -> None:
        """Log in and open the folder; `proxy` is [collect] proxy. Raises MailboxError, with one line that
        says what to do.
        """
        self.name = f"folder {address.folder} at {address.host}"
        self._host = address.host
        with self._errors_reported():
            self._connection = ImapConnection(address.host, address.port, proxy)
        try:
            self._log_in(address.user, password)
            self.validity = self._open(address.folder)
        except BaseException:
            self.close()
            raise

    def count(self, position: Position) -> int:
        """Return how many emails have a new uid."""
        return len(self._uids(position))

    def after(
        self, position: Position, largest: int = LARGEST
    ) -> Iterator[StoredMail]:
        """Yield the emails after a position, by uid. Raises MailboxError."""
        uids = self._uids(position)
        for start in range(0, len(uids), PAGE):
            page = uids[start : start + PAGE]
            by_uid = sizes(self._fetch(page, "RFC822.SIZE"))
            for batch in in_batches(page, by_uid, largest):
                yield from self._mails(batch, position, largest)

    def close(self) -> None:
        """Log out, unless the connection is broken."""
        self._connection.close()

    def _mails(
        self, batch: list[int], position: Position, largest: int
    ) -> Iterator[StoredMail]:
        found = bodies(self._fetch(batch, f"BODY.PEEK[]<0.{largest}>"))
        for uid in batch:
            # It may have been deleted in the meantime; then there is nothing to read.
            data = found.get(uid, b"")[:largest]
            digest = digest_of(data)
            if data and digest not in position.digests:
                yield StoredMail(Mark(digest, uid), data)

    def _uids(self, position: Position) -> list[int]:
        first = position.first_uid(self.validity)
        with self._errors_reported():
            self._connection.client.begin_answer()
            found = self._connection.uids(f"UID {first}:*", charset=None)
            uids = sorted({int(uid) for uid in found})
        # If no email is new, servers name the last one (RFC 9051 9, seq-range).
        return [uid for uid in uids if uid >= first]

    def _fetch(self, uids: list[int], items: str) -> Any:
        with self._errors_reported():
            client = self._connection.client
            client.begin_answer()
            status, answer = client.uid("FETCH", as_set(uids), f"(UID {items})")
            if status != "OK":
                raise imaplib.IMAP4.error(status)
            return answer

    def _log_in(self, user: str, password: str) -> None:
        with self._errors_reported():
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
        with self._errors_reported():
            try:
                self._connection.folder.set(folder, readonly=True)
            except imap_tools.MailboxFolderSelectError:
                raise MailboxError(self._no_folder(folder)) from None
            _, values = self._connection.client.response("UIDVALIDITY")
            return int(values[0] or b"0")

    def _no_folder(self, folder: str) -> str:
        found = self._connection.folder.list()
        names = [info.name for info in found if info.name.isprintable()]
        known = ", ".join(names[:_MOST_NAMED])
        return (
            f"{self._host}: there is no folder '{folder}'; correct the end of its address under [mailbox]. "
            f"The folders are: {known}"
        )

    @contextlib.contextmanager
    def _errors_reported(self) -> Iterator[None]:
        """Raise MailboxError, in one line and without the server's words, for whatever goes wrong."""
        try:
            yield
        except ssl.SSLCertVerificationError as error:
            raise MailboxError(
                f"{self._host}: the server's certificate isn't valid ({error.verify_message}); check the host name, or "
                "ask whoever runs the server"
            ) from None
        except socket.gaierror:
            raise MailboxError(
                f"{self._host}: there is no such server, or no connection to the internet; check the host name"
            ) from None
        except TooMuchError:
            raise MailboxError(
                f"{self._host}: the server sent more than it was asked for, so nothing was read; "
                "try again, or ask whoever runs the server"
            ) from None
        except ProxyError as error:
            raise MailboxError(f"{self._host}: {error}") from None
        except OSError as error:
            reason = error.strerror or "no answer"
            raise MailboxError(
                f"{self._host}: can't be reached ({reason}); try again later"
            ) from None
        except (
            imap_tools.ImapToolsError,
            imaplib.IMAP4.error,
            ValueError,
            LookupError,
        ):
            raise MailboxError(
                f"{self._host}: the connection was lost, or the server's answer can't be understood; try again later"
            ) from None
