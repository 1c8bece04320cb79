"""A connection to a mail server: smtplib makes it (encryption, login), mails go over it in our own transactions."""

import smtplib
import socket
import ssl
from collections.abc import Sequence
from typing import BinaryIO, cast

from briefing.errors import TransportError
from briefing.sending.transports.replies import Reply
from briefing.settings import SmtpSettings

LONGEST_LINE = 2048
MOST_LINES = 100
"""Of one answer; RFC 5321 4.5.3.1.5 has 512 octets a line, and knows no such number."""

RECORD = 1 << 14
"""Bytes of a record of TLS: so many go out together or not at all."""
OURSELVES = "[127.0.0.1]"
"""How we greet: the name of this computer is nobody's business, and servers don't ask it of who logs in."""
_NO_HOST = "there is no such host; check host in briefing.toml, and the network"
_ENDED = "ended the connection"
_MEANINGS: Sequence[tuple[type[Exception], str]] = (
    (
        smtplib.SMTPNotSupportedError,
        "offers no login; without encryption many servers don't, see security in briefing.toml",
    ),
    (smtplib.SMTPServerDisconnected, _ENDED),
    (smtplib.SMTPException, "offers no way to log in that is known here"),
    (ssl.SSLEOFError, _ENDED),
    (ssl.SSLZeroReturnError, _ENDED),
    (ssl.SSLError, "doesn't speak TLS as expected; check port and security in briefing.toml"),
    (TimeoutError, "didn't answer in time"),
    (ConnectionResetError, _ENDED),
    (BrokenPipeError, _ENDED),
    (ConnectionRefusedError, "nobody answers there; check host and port in briefing.toml, or ask your provider"),
    (socket.gaierror, _NO_HOST),
    (OSError, "can't be reached; check the network"),
    (UnicodeError, _NO_HOST),  # with two dots running
    (ValueError, "the server's answer is no SMTP"),
)
"""What went wrong, the special before the general."""


class BrokenError(Exception):
    """The connection is gone, or what came over it is no SMTP."""

    def __init__(self, reason: str, *, written: int = 0) -> None:
        """`written`: how many bytes of what was being written the system had taken."""
        super().__init__(reason)
        self.written = written


class _Client(smtplib.SMTP):
    """smtplib's, which would read an answer without end for ever."""

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
    """One connection, logged in and ready for mails."""

    def __init__(self, settings: SmtpSettings, password: str, timeout: float) -> None:
        """Connect. `timeout` in seconds, for each step. Raises TransportError with one line of why not."""
        self._place = f"{settings.host}, port {settings.port}"
        self._client: smtplib.SMTP | None = None
        try:
            if settings.security == "tls":
                context = ssl.create_default_context()
                self._client = _TlsClient(settings.host, settings.port, OURSELVES, timeout=timeout, context=context)
            else:
                self._client = _Client(settings.host, settings.port, OURSELVES, timeout=timeout)
            self._prepare(self._client, settings, password)
        except (OSError, smtplib.SMTPException, ValueError, BrokenError) as error:
            self.close()
            why = _why_not(error)
            if len(password) > 3:
                why = why.replace(password, "…")  # nobody knows what a server says
            raise TransportError(f"{self._place}: {why}") from None
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
        """Whether a transaction was begun and refused, so that the next one needs a RSET before it."""

    def _prepare(self, client: smtplib.SMTP, settings: SmtpSettings, password: str) -> None:
        _greet(client)
        if settings.security == "starttls":
            if not client.has_extn("starttls"):
                raise TransportError(
                    f"{self._place}: offers no encryption (STARTTLS); ask your provider for the right port, or for one "
                    'with security = "tls"'
                )
            client.starttls(context=ssl.create_default_context())
            _greet(client)
        if settings.username:
            client.login(settings.username, password)

    def write(self, data: bytes) -> None:
        """Hand bytes to the system. Raises BrokenError that says how many it had taken."""
        view, written = memoryview(data), 0
        # A long write over TLS that fails doesn't say how much of it went out.
        most = RECORD if isinstance(self._socket, ssl.SSLSocket) else len(data)
        try:
            while written < len(data):
                written += self._socket.send(view[written : written + most])
        except OSError as error:
            raise BrokenError(_why_not(error), written=written) from None

    def reply(self) -> Reply:
        """The next answer. Raises BrokenError if none comes, or something that is none."""
        code, lines = _read(self._file)
        return _reply(code, b" ".join(lines))

    def close(self, *, politely: bool = False) -> None:
        """End the connection; `politely` with QUIT, where no mail is under way."""
        if self._client is None:
            return
        try:
            if politely and not self.unfinished:
                self._client.quit()
        except (OSError, smtplib.SMTPException, BrokenError):
            pass  # all mails are answered: how the connection ends matters no more
        finally:
            self._client.close()


def _greet(client: smtplib.SMTP) -> None:
    """With EHLO, which every server knows (RFC 5321 2.2.1)."""
    code, words = client.ehlo()
    if code // 100 != 2:
        raise smtplib.SMTPHeloError(code, words)


def _read(file: BinaryIO) -> tuple[int, list[bytes]]:
    """An answer's code and lines. Raises BrokenError if none comes, or something that is none."""
    lines: list[bytes] = []
    while True:
        try:
            line = file.readline(LONGEST_LINE + 1)
        except OSError as error:
            raise BrokenError(_why_not(error)) from None
        if not line.endswith(b"\n"):
            raise BrokenError("the server's answer has no end" if line else _ENDED)
        if not (line[:3].isdigit() and b"200" <= line[:3] < b"600"):
            raise BrokenError("the server's answer is no SMTP")
        lines.append(line[4:].strip())
        if line[3:4] != b"-":
            break
        if len(lines) > MOST_LINES:
            raise BrokenError("the server's answer has no end")
    return int(line[:3]), lines


def _reply(code: int, words: bytes) -> Reply:
    return Reply(code, words.decode("utf-8", "replace"))


def _why_not(error: Exception) -> str:
    """What an error of the network means, in a few words."""
    if isinstance(error, BrokenError):
        return str(error)
    if isinstance(error, smtplib.SMTPResponseException):
        what = "refuses user name or password" if isinstance(error, smtplib.SMTPAuthenticationError) else "refuses"
        return f"{what}: {_reply(error.smtp_code, _bytes(error.smtp_error)).words()}"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate can't be trusted ({error.verify_message}); check host in briefing.toml"
    if isinstance(error, UnicodeEncodeError) and error.encoding == "ascii":
        return "user name and password must be ASCII for this server's ways of logging in"
    return next(words for kinds, words in _MEANINGS if isinstance(error, kinds))


def _bytes(words: bytes | str) -> bytes:
    return words if isinstance(words, bytes) else words.encode()
