"""The mail by which somebody confirms that they want the newsletter at an address.

Nothing that a stranger typed is in it: otherwise the form could send anybody's words to anybody. It
has no pictures and no links but one.
"""

import base64
import datetime as dt
import secrets
from email.utils import format_datetime

from briefing.languages import Language
from briefing.mail import headers
from briefing.settings import Settings
from briefing.values import Mailbox

LINE = 76
"""Characters of a line of Base64 (RFC 2045 6.8)."""


def build(
    settings: Settings,
    language: Language,
    *,
    address: str,
    link: str,
    asked: dt.date,
    now: dt.datetime,
    is_change: bool = False,
) -> bytes:
    """Return the mail, with all lines ending in CRLF.

    `asked` is the day on which the form was filled in; `is_change`: a reader wants the newsletter at
    this address instead of another. [joining] from must be set.
    """
    sender = settings.joining.sender
    assert sender is not None
    newsletter = settings.newsletter.in_language(language.code)
    _ = language.phrase
    if is_change:
        subject = _(
            "Please confirm your new address: %(newsletter)s",
            newsletter=newsletter.name,
        )
    else:
        subject = _(
            "Please confirm: %(newsletter)s", newsletter=newsletter.name
        )
    body = _body(settings, language, link, asked, is_change=is_change)
    fields = [
        headers.mailbox("From", sender),
        headers.mailbox("To", Mailbox("", address)),
        headers.field("Subject", subject),
        f"Date: {format_datetime(now)}\r\n".encode(),
        f"Message-ID: <{secrets.token_hex(15)}@{sender.domain}>\r\n".encode(),
        # RFC 3834: no notice of absence should come back.
        b"Auto-Submitted: auto-generated\r\n",
        headers.field(*headers.NO_AUTOMATIC_REPLIES),
        f"Content-Language: {language.code}\r\n".encode(),
        b"MIME-Version: 1.0\r\n",
        b"Content-Type: text/plain; charset=utf-8\r\n",
        b"Content-Transfer-Encoding: base64\r\n",
    ]
    return b"".join(fields) + b"\r\n" + _in_base64(body)


def _body(
    settings: Settings,
    language: Language,
    link: str,
    asked: dt.date,
    *,
    is_change: bool,
) -> str:
    newsletter = settings.newsletter.in_language(language.code)
    _ = language.phrase
    values = {
        "newsletter": language.whole(newsletter.name),
        "date": language.date(asked),
    }
    if is_change:
        asks = _(
            "On %(date)s, a reader of %(newsletter)s asked for it to be sent to this address from now on.",
            **values,
        )
    else:
        asks = _(
            "On %(date)s, somebody asked for %(newsletter)s to be sent to this address.",
            **values,
        )
    paragraphs = [
        asks,
        _("If that was you, open this link and press the button there:"),
        link,
        _(
            "If it wasn't you, do nothing: no more mail will come, and your address won't be kept."
        ),
        "\n".join(filter(None, (newsletter.organisation, newsletter.address))),
    ]
    return "\n\n".join(filter(None, paragraphs)) + "\n"


def _in_base64(body: str) -> bytes:
    encoded = base64.b64encode(body.replace("\n", "\r\n").encode())
    lines = [
        encoded[start : start + LINE] for start in range(0, len(encoded), LINE)
    ]
    return b"\r\n".join(lines) + b"\r\n"
