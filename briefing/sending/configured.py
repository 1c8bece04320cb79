"""The transports as a newsletter's settings and secrets have them."""

from typing import TYPE_CHECKING

from briefing.errors import RefusedError
from briefing.keys import Key
from briefing.newsletter import Newsletter
from briefing.sending import credentials

if TYPE_CHECKING:
    from briefing.sending.transports.base import Transport
    from briefing.sending.transports.sendgrid import SendGrid
    from briefing.sending.transports.smtp import Smtp


def smtp(newsletter: Newsletter) -> "Smtp":
    """The server of [smtp]. Raises RefusedError where its settings or its password are missing."""
    from briefing.sending.transports.smtp import Smtp  # noqa: PLC0415  # imports what only it needs

    settings = newsletter.settings
    if not settings.smtp.host:
        raise RefusedError("[smtp] host is empty; write your provider's server for sending mail into briefing.toml")
    password = credentials.find(newsletter, credentials.SMTP_PASSWORD) if settings.smtp.username else ""
    return Smtp(settings, password)


def sendgrid(newsletter: Newsletter, key: Key, *, scheduling: bool = False) -> "SendGrid":
    """SendGrid; `scheduling` if mails are to go out later. Raises RefusedError where its key is missing."""
    from briefing.sending.transports.sendgrid import SendGrid  # noqa: PLC0415  # its library takes a while to import

    secret = credentials.find(newsletter, credentials.SENDGRID_KEY)
    return SendGrid(newsletter.settings, key, secret, scheduling=scheduling)


def transport(newsletter: Newsletter, key: Key, via: str) -> "Transport":
    """The transport of a name, `smtp` or `sendgrid`. Raises RefusedError."""
    return smtp(newsletter) if via == "smtp" else sendgrid(newsletter, key)
