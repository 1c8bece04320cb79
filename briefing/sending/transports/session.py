"""A connection to a mail server: smtplib makes it (encryption, login), smtp.py runs the
transactions on it.

smtplib's own `sendmail` has no pipelining, and doesn't say how much of an email was written when the
connection breaks.
"""

import smtplib
import socket
import ssl
from collections.abc import Sequence
from typing import BinaryIO, cast

from briefing.configuration.settings import SmtpSettings
from briefing.errors import RefusedError, TransportError

from .replies import Reply

ANSWER_TIMEOUT = 60.0
"""Seconds to connect, and for each answer but that to the final dot. RFC 5321 4.5.3.2 allows a server
five minutes; one reader would hold up the others for as long.
"""
DOT_TIMEOUT = 600.0
"""Seconds for the answer to the final dot (RFC 5321 4.5.3.2.6): a client that gives up earlier doesn't
know whether the email was accepted.
"""
QUIT_TIMEOUT = 0.5
"""Seconds for the answer to QUIT, which says nothing about any email: the end of a send shouldn't wait
for it.
"""
LONGEST_LINE = 2048
MOST_LINES = 100
"""In one answer; RFC 5321 4.5.3.1.5 limits the length of lines, but not their number."""
TLS_RECORD = 1 << 14
"""Bytes that go out together over TLS, or not at all (RFC 8446 5.1)."""
OUR_NAME = "[127.0.0.1]"
"""In our greeting: smtplib would send the name of this computer, which servers needn't know."""
_NO_HOST = "there is no such host; check 'host' under [smtp], and the network"
_NOT_SMTP = (
    "the server's answer isn't SMTP; check 'host' and 'port' under [smtp]"
)
_ENDLESS = (
    "the server's answer has no end; check 'host' and 'port' under [smtp]"
)
_ENDED = "ended the connection"
_MEANINGS: Sequence[tuple[type[Exception], str]] = (
    (
        smtplib.SMTPNotSupportedError,
        "offers no login; many servers offer one only with encryption: check 'security' under [smtp]",
    ),
    (smtplib.SMTPServerDisconnected, _ENDED),
    (smtplib.SMTPException, "offers no way to log in that briefing supports"),
    (ssl.SSLEOFError, _ENDED),
    (ssl.SSLZeroReturnError, _ENDED),
    (
        ssl.SSLError,
        "doesn't speak TLS as expected; check 'port' and 'security' under [smtp]",
    ),
    (TimeoutError, "didn't answer in time"),
    (ConnectionResetError, _ENDED),
    (BrokenPipeError, _ENDED),
    (
        ConnectionRefusedError,
        "no server answers there; check 'host' and 'port' under [smtp], or ask your provider",
    ),
    (socket.gaierror, _NO_HOST),
    (OSError, "can't be reached; check the network"),
    (UnicodeError, _NO_HOST),  # with two dots in a row
    (ValueError, _NOT_SMTP),
)
"""What errors mean; specific ones come first."""


class BrokenError(Exception):
    """The connection is gone, or what came over it isn't SMTP."""

    def __init__(
        self,
        reason: str,
        *,
        written: int = 0,
        timed_out: bool = False,
        by_server: bool = False,
    ) -> None:
        """`written`: how many bytes of the data being written the system had accepted.
        `by_server`: the server said that it ends the connection (421).
        """
        super().__init__(reason)
        self.by_server = by_server
        self.written = written
        self.timed_out = timed_out


class _Client(smtplib.SMTP):
    """smtplib's client with a limit on the length of answers."""

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None:
            assert self.sock is not None
            self.file = self.sock.makefile("rb")
        try:
            code, lines = _read(self.file)
        except BrokenError:
            self.close()
            raise
        return code, b"\n".join(lines)


class _TlsClient(_Client, smtplib.SMTP_SSL):
    """The same, encrypted from the first byte."""


class Session:
    """One connection, logged in and ready for emails."""

    def __init__(
        self,
        settings: SmtpSettings,
        password: str,
        timeout: float = ANSWER_TIMEOUT,
        dot_timeout: float = DOT_TIMEOUT,
    ) -> None:
        """Connect. `timeout` in seconds, for each step but the final dot. Raises TransportError,
        saying why that failed, and RefusedError if the connection wouldn't be encrypted.
        """
        self._timeout, self._dot_timeout = timeout, dot_timeout
        if settings.exposure:
            raise RefusedError(settings.exposure)
        self._address = f"{settings.host}, port {settings.port}"
        self._client: smtplib.SMTP | None = None
        try:
            if settings.security == "tls":
                context = ssl.create_default_context()
                self._client = _TlsClient(
                    settings.host,
                    settings.port,
                    OUR_NAME,
                    timeout=timeout,
                    context=context,
                )
            else:
                self._client = _Client(
                    settings.host, settings.port, OUR_NAME, timeout=timeout
                )
            self._prepare(self._client, settings, password)
        except (
            OSError,
            smtplib.SMTPException,
            ValueError,
            BrokenError,
        ) as error:
            self.close()
            raise self._failure(error, password) from None
        except TransportError:
            self.close()
            raise
        assert self._client.sock is not None
        self._socket = self._client.sock
        self._file = cast(BinaryIO, self._client.file)
        self.pipelining = self._client.has_extn("pipelining")
        self.size = self._client.has_extn("size")
        self.smtputf8 = self._client.has_extn("smtputf8")
        self.unfinished = False
        """Whether a transaction was begun and refused: the next one needs a RSET before it."""

    def _prepare(
        self,
        client: smtplib.SMTP,
        settings: SmtpSettings,
        password: str,
    ) -> None:
        _greet(client)
        if settings.security == "starttls":
            if not client.has_extn("starttls"):
                raise TransportError(
                    f"{self._address}: offers no encryption (STARTTLS); ask your provider for the right port, or for "
                    'one with security = "tls"'
                )
            client.starttls(context=ssl.create_default_context())
            _greet(client)
        if settings.username:
            client.login(settings.username, password)

    def _failure(self, error: Exception, password: str) -> TransportError:
        """Return what the editor is shown, without the password: a server may repeat it."""
        why = _explain(error)
        # Replacing a shorter one would garble our own words.
        if len(password) > 3:
            why = why.replace(password, "…")
        return TransportError(f"{self._address}: {why}")

    def write_body(self, body: bytes, rest: bytes) -> None:
        """Write an email's body and what follows it, without copying them. Raises BrokenError as
        `write` does.
        """
        # A TLS socket has no sendmsg.
        if isinstance(self._socket, ssl.SSLSocket):
            self.write(body + rest)
            return
        try:
            written = self._socket.sendmsg((body, rest))
        except OSError as error:
            raise BrokenError(_explain(error)) from None
        if written < len(body) + len(rest):
            try:
                self.write((body + rest)[written:])
            except BrokenError as error:
                error.written += written
                raise

    def write(self, data: bytes) -> None:
        """Write data. Raises BrokenError, with the number of bytes that the system had accepted."""
        view = memoryview(data)
        written = 0
        # A long write over TLS that fails doesn't say how much of it went out.
        most = (
            TLS_RECORD if isinstance(self._socket, ssl.SSLSocket) else len(data)
        )
        try:
            while written < len(data):
                written += self._socket.send(view[written : written + most])
        except OSError as error:
            raise BrokenError(_explain(error), written=written) from None

    def reply(self, *, to_the_dot: bool = False) -> Reply:
        """Return the next answer; that to the final dot is awaited longer. Raises BrokenError if
        there is none, or it isn't SMTP.
        """
        if to_the_dot:
            self._socket.settimeout(self._dot_timeout)
        code, lines = _read(self._file)
        if to_the_dot:
            self._socket.settimeout(self._timeout)
        return _reply(code, b" ".join(lines))

    def close(self, *, politely: bool = False) -> None:
        """End the connection; `politely` with QUIT, unless an email is under way."""
        if self._client is None:
            return
        try:
            if politely and not self.unfinished:
                self._socket.settimeout(QUIT_TIMEOUT)
                self._client.quit()
        except (OSError, smtplib.SMTPException, BrokenError):
            pass  # all emails are answered, so it doesn't matter how the connection ends
        finally:
            self._client.close()


def _greet(client: smtplib.SMTP) -> None:
    """Send EHLO, which every server knows (RFC 5321 2.2.1)."""
    code, words = client.ehlo()
    if code // 100 != 2:
        raise smtplib.SMTPHeloError(code, words)


def _read(file: BinaryIO) -> tuple[int, list[bytes]]:
    """Return an answer's code and lines. Raises BrokenError if there is none, or it isn't SMTP."""
    lines: list[bytes] = []
    while True:
        try:
            line = file.readline(LONGEST_LINE + 1)
        except OSError as error:
            timed_out = isinstance(error, TimeoutError)
            raise BrokenError(_explain(error), timed_out=timed_out) from None
        if not line.endswith(b"\n"):
            raise BrokenError(_ENDLESS if line else _ENDED)
        if not (line[:3].isdigit() and b"200" <= line[:3] < b"600"):
            raise BrokenError(_NOT_SMTP)
        lines.append(line[4:].strip())
        if line[3:4] != b"-":
            break
        if len(lines) > MOST_LINES:
            raise BrokenError(_ENDLESS)
    return int(line[:3]), lines


def _reply(code: int, words: bytes) -> Reply:
    return Reply(code, words.decode("utf-8", "replace"))


def _explain(error: Exception) -> str:
    """Return what an error of the network means, in a few words."""
    if isinstance(error, BrokenError):
        return str(error)
    if isinstance(error, smtplib.SMTPResponseException):
        action = (
            "rejects the user name or password"
            if isinstance(error, smtplib.SMTPAuthenticationError)
            else "refuses"
        )
        return f"{action}: {_reply(error.smtp_code, _bytes(error.smtp_error)).words}"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate can't be trusted ({error.verify_message}); check 'host' under [smtp]"
    if isinstance(error, UnicodeEncodeError) and error.encoding == "ascii":
        return "this server's ways to log in need a user name and password without accented letters"
    return next(words for kinds, words in _MEANINGS if isinstance(error, kinds))


def _bytes(words: bytes | str) -> bytes:
    return words if isinstance(words, bytes) else words.encode()
