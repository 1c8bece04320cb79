"""The short email of plain text that asks someone to confirm that they want the newsletter.

Nothing that a stranger typed is in it: otherwise the form could send anyone's words to anyone. It has no
pictures, and a single link.
"""

import base64
import datetime as dt
import secrets
from email.utils import format_datetime

from briefing.configuration.settings import Settings
from briefing.configuration.values import NamedAddress
from briefing.languages import Language
from briefing.mail import headers


def confirmation(
    settings: Settings,
    language: Language,
    *,
    address: str,
    link: str,
    now: dt.datetime,
) -> bytes:
    """Return the email with the link to confirm; all lines end in CRLF. [joining] from must be set."""
    newsletter = settings.newsletter.in_language(language.code)
    name = newsletter.name
    _ = language.phrase
    paragraphs = [
        _(
            "On %(date)s, someone asked for %(newsletter)s to be sent to this address.",
            newsletter=language.whole(name),
            date=language.date(now.date()),
        ),
        _("If that was you, open this link and press the button there:"),
        link,
        _(
            "If it wasn’t you, ignore this email: you won’t get any more, and your address won’t be saved."
        ),
        "\n".join(filter(None, (newsletter.organisation, newsletter.address))),
    ]
    sender = settings.joining.sender
    assert sender is not None
    fields = [
        headers.named_address("From", sender),
        headers.named_address("To", NamedAddress("", address)),
        headers.field(
            "Subject", _("Please confirm: %(newsletter)s", newsletter=name)
        ),
        # In UTC, which doesn't reveal the sender's time zone.
        f"Date: {format_datetime(now.astimezone(dt.UTC))}\r\n".encode(),
        f"Message-ID: <{secrets.token_hex(15)}@{sender.domain}>\r\n".encode(),
        # RFC 3834: no out-of-office notice should come back.
        b"Auto-Submitted: auto-generated\r\n",
        headers.field(*headers.NO_AUTOMATIC_REPLIES),
        f"Content-Language: {language.code}\r\n".encode(),
        b"MIME-Version: 1.0\r\n",
        b"Content-Type: text/plain; charset=utf-8\r\n",
        b"Content-Transfer-Encoding: base64\r\n",
    ]
    text = "\n\n".join(filter(None, paragraphs)).replace("\n", "\r\n")
    encoded = base64.encodebytes(f"{text}\r\n".encode())
    return b"".join([*fields, b"\r\n", encoded.replace(b"\n", b"\r\n")])
