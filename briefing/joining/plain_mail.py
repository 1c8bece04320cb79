"""A short mail of plain text to one person, written by a program."""

import base64
import datetime as dt
import secrets
from email.utils import format_datetime

from briefing.languages import Language
from briefing.mail import headers
from briefing.values import Mailbox

LINE = 76
"""Characters of a line of Base64 (RFC 2045 6.8)."""


def build(
    sender: Mailbox,
    language: Language,
    *,
    address: str,
    subject: str,
    body: str,
    now: dt.datetime,
) -> bytes:
    """Return the mail, with all lines ending in CRLF."""
    fields = [
        headers.mailbox("From", sender),
        headers.mailbox("To", Mailbox("", address)),
        headers.field("Subject", subject),
        f"Date: {format_datetime(now)}\r\n".encode(),
        f"Message-ID: <{secrets.token_hex(15)}@{sender.domain}>\r\n".encode(),
        # RFC 3834: no out-of-office notice should come back.
        b"Auto-Submitted: auto-generated\r\n",
        headers.field(*headers.NO_AUTOMATIC_REPLIES),
        f"Content-Language: {language.code}\r\n".encode(),
        b"MIME-Version: 1.0\r\n",
        b"Content-Type: text/plain; charset=utf-8\r\n",
        b"Content-Transfer-Encoding: base64\r\n",
    ]
    return b"".join(fields) + b"\r\n" + _in_base64(body)


def _in_base64(body: str) -> bytes:
    encoded = base64.b64encode(body.replace("\n", "\r\n").encode())
    lines = [
        encoded[start : start + LINE] for start in range(0, len(encoded), LINE)
    ]
    return b"\r\n".join(lines) + b"\r\n"
